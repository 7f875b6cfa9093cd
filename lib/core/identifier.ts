/**
 * The only place where a name becomes part of SQL. Always quoted: then neither keywords nor case nor what the name
 * contains matter.
 */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A name in a schema. */
export function quoteQualified(schema: string, name: string): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}

/** A string constant; the same text whatever `standard_conforming_strings` says. */
export function quoteLiteral(text: string): string {
  const quoted = text.replaceAll("'", "''");
  return quoted.includes('\\') ? `E'${quoted.replaceAll('\\', '\\\\')}'` : `'${quoted}'`;
}

/** A dollar-quoted string constant. */
export function quoteDollar(body: string): string {
  let tag = 'dbguard';
  while (body.includes(`$${tag}`)) tag += '_';
  return `$${tag}$${body}$${tag}$`;
}

/**
 * The names in a list as PostgreSQL writes it into `pg_db_role_setting`: `pg_catalog, "Weird, name"`. Unquoted names are
 * in lower case there.
 */
export function parseIdentifierList(list: string): string[] {
  return [...list.matchAll(/"((?:[^"]|"")*)"|[^\s,]+/g)].map(([bare, quoted]) => quoted === undefined ? bare : quoted.replaceAll('""', '"'));
}
