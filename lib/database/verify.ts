import type { Catalog, CatalogRelation } from '../core/catalog';
import type { RoleFinding } from '../core/grants';
import { PUBLIC } from '../core/grants/acl';
import { TOKEN_ROLE, type KitRole } from '../core/grants/kit-role';
import { privilegeWords } from '../core/grants/operations';
import { quoteIdentifier, quoteQualified } from '../core/identifier';
import { newcomers } from './newcomers';
import type { Sql } from './sql';

export interface Verification {
  /** What a role can do and should not, or cannot and should, in sentences. */
  readonly violations: readonly string[];
  /** What a role can do because everybody can. */
  readonly findings: readonly RoleFinding[];
}

interface Hit {
  readonly oid: string;
  readonly letters: string;
}

/**
 * Asks PostgreSQL what the roles can really do, whatever the way: their own grants, memberships, PUBLIC. A REVOKE that
 * only warned shows here. Sets of objects, not one question each. Where nothing was `granted`, the catalog has shown
 * already that every role has what it needs, and only what it must not have is asked for.
 */
export async function verifyRoles(sql: Sql, roles: readonly KitRole[], catalog: Catalog, granted: boolean): Promise<Verification> {
  const byOid = new Map(catalog.relations.map((relation) => [relation.oid, relation]));
  const violations: string[] = [];
  const findings: RoleFinding[] = [];
  for (const role of roles) {
    violations.push(...await memberships(sql, role), ...await places(sql, role, catalog));
    violations.push(...(await changes(sql, role, catalog)).flatMap((hit) => explained(hit, role, byOid)));
    if (granted) violations.push(...await unreadable(sql, role, byOid), ...await newcomers(sql, role, catalog));
    const read = await readable(sql, role, catalog);
    violations.push(...read.violations);
    findings.push(...read.findings);
  }
  return { violations, findings };
}

async function memberships(sql: Sql, { name, memberOf }: KitRole): Promise<string[]> {
  const { rows } = await sql.query<{ role: string }>(
    `SELECT r.rolname::text AS role FROM pg_catalog.pg_roles r
      WHERE r.rolname NOT IN ($1, '${TOKEN_ROLE}') AND pg_catalog.pg_has_role($1::pg_catalog.name, r.oid, 'MEMBER')
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_roles k WHERE k.rolname = ANY ($2::text[]) AND pg_catalog.pg_has_role(k.oid, r.oid, 'MEMBER'))`,
    // Whoever logs in with tokens is a member of that role, and of nothing through it.
    [name, memberOf.filter((role) => role !== TOKEN_ROLE)],
  );
  return rows.map(({ role }) => `${name} is a member of ${role}`);
}

/** Schemas and this database: what is needed is there, and nothing can be created but where everybody can. */
async function places(sql: Sql, { name, access, memberOf }: KitRole, { schemas, server }: Catalog): Promise<string[]> {
  const { rows } = await sql.query<{ name: string; usage: boolean; create: boolean }>(
    `SELECT n.nspname::text AS name, pg_catalog.has_schema_privilege($1::pg_catalog.name, n.oid, 'USAGE') AS usage,
            pg_catalog.has_schema_privilege($1::pg_catalog.name, n.oid, 'CREATE') AS create
       FROM pg_catalog.pg_namespace n WHERE n.nspname = ANY ($2::text[])`,
    [name, [...schemas.keys()]],
  );
  const { rows: [database] } = await sql.query<{ connect: boolean; create: boolean }>(
    `SELECT pg_catalog.has_database_privilege($1::pg_catalog.name, pg_catalog.current_database(), 'CONNECT') AS connect,
            pg_catalog.has_database_privilege($1::pg_catalog.name, pg_catalog.current_database(), 'CREATE') AS create`,
    [name],
  );
  const open = (schema: string) => schemas.get(schema)?.acl.some(({ grantee, privileges }) => grantee === PUBLIC && privileges.includes('C'));
  // Whoever is a member of owners can create what they can.
  const owning = memberOf.some((role) => role !== TOKEN_ROLE);
  return [
    ...rows.filter(({ name: schema, usage }) => access.schemas.includes(schema) && !usage).map(({ name: schema }) => `${name} cannot use schema ${schema}`),
    ...rows.filter(({ name: schema, create }) => create && !owning && !open(schema)).map(({ name: schema }) => `${name} can create objects in schema ${schema}`),
    ...(database!.connect ? [] : [`${name} cannot connect to database ${server.database}`]),
    ...(database!.create && !owning ? [`${name} can create schemas in database ${server.database}`] : []),
  ];
}

const USER_SCHEMA = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;

const CHANGES = [['a', 'INSERT'], ['w', 'UPDATE'], ['d', 'DELETE'], ['D', 'TRUNCATE'], ['x', 'REFERENCES'], ['t', 'TRIGGER']] as const;

/** Every relation that the role can change; for roles that may change rows, in more than its rows. */
async function changes(sql: Sql, { name, access, readOnly }: KitRole, { relations }: Catalog): Promise<Hit[]> {
  // Memberships aside, which are looked at apart, a column's own grant is the only other way to change it.
  const byColumn = relations.filter(({ columnAcl }) => changeable(columnAcl)).map(({ oid }) => oid);
  const letters = CHANGES.map(([letter, word]) =>
    `CASE WHEN pg_catalog.has_table_privilege(r.oid, c.oid, '${word}') ${'awx'.includes(letter) ? `OR pg_catalog.has_any_column_privilege(r.oid, c.oid, '${word}')` : ''} THEN '${letter}' ELSE '' END`,
  ).join(' || ');
  const some = readOnly
    ? `pg_catalog.has_table_privilege(r.oid, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')`
    : `pg_catalog.has_table_privilege(r.oid, c.oid, 'TRUNCATE, REFERENCES, TRIGGER') OR c.oid = ANY ($3::pg_catalog.oid[]) AND pg_catalog.has_table_privilege(r.oid, c.oid, 'INSERT, UPDATE, DELETE')`;
  const closed = readOnly ? [] : relations.filter(({ oid }) => access.relations.get(oid)?.table !== 'rawd').map(({ oid }) => oid);
  const { rows } = await sql.query<Hit>(
    `SELECT c.oid::pg_catalog.int8::text AS oid, ${letters} AS letters
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND ${USER_SCHEMA}
       JOIN pg_catalog.pg_roles r ON r.rolname = $1
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relowner <> r.oid AND (${some}
            OR c.oid = ANY ($2::pg_catalog.oid[]) AND pg_catalog.has_any_column_privilege(r.oid, c.oid, 'INSERT, UPDATE, REFERENCES'))`,
    readOnly ? [name, byColumn] : [name, byColumn, closed],
  );
  const { rows: sequences } = readOnly ? await sql.query<Hit>(
    `SELECT c.oid::pg_catalog.int8::text AS oid, 'U' AS letters
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND ${USER_SCHEMA}
       JOIN pg_catalog.pg_roles r ON r.rolname = $1
      WHERE c.relkind = 'S' AND c.relowner <> r.oid AND pg_catalog.has_sequence_privilege(r.oid, c.oid, 'USAGE, UPDATE')`,
    [name],
  ) : { rows: [] };
  return [...rows, ...sequences];
}

function changeable(columnAcl: CatalogRelation['columnAcl']): boolean {
  for (const items of columnAcl.values()) for (const { privileges } of items) if (/[awx]/.test(privileges)) return true;
  return false;
}

/** What everybody can, or an owner whose member the role is, is no surprise. */
function explained({ oid, letters }: Hit, { name, access, memberOf }: KitRole, byOid: ReadonlyMap<number, CatalogRelation>): string[] {
  const relation = byOid.get(Number(oid));
  if (!relation || memberOf.includes(relation.owner)) return [];
  const everybody = [...relation.acl, ...[...relation.columnAcl.values()].flat()]
    .filter(({ grantee }) => grantee === PUBLIC).map(({ privileges }) => privileges).join('') + (access.relations.get(relation.oid)?.table ?? '');
  const surplus = relation.kind === 'S' ? (/[Uw]/.test(everybody) ? '' : letters) : [...letters].filter((letter) => !everybody.includes(letter)).join('');
  return surplus === '' ? [] : [`${name} has ${privilegeWords(surplus)} on ${relation.schema}.${relation.name}`];
}

/** Relations of which the role should be able to read something, and cannot. */
async function unreadable(sql: Sql, { name, access }: KitRole, byOid: ReadonlyMap<number, CatalogRelation>): Promise<string[]> {
  const tables = [...access.relations].filter(([oid]) => byOid.get(oid)?.kind !== 'S').map(([oid]) => oid);
  const { rows } = await sql.query<{ oid: string }>(
    `SELECT w.oid::text AS oid FROM pg_catalog.unnest($2::pg_catalog.oid[]) w(oid), pg_catalog.pg_roles r
      WHERE r.rolname = $1 AND NOT pg_catalog.has_any_column_privilege(r.oid, w.oid, 'SELECT')`,
    [name, tables],
  );
  return rows.map(({ oid }) => byOid.get(Number(oid))!).map(({ schema, name: table }) => `${name} cannot read ${schema}.${table}`);
}

/** What a role that reads should not be able to read, asked for column by column. */
async function readable(sql: Sql, { name, access, readOnly, memberOf }: KitRole, catalog: Catalog): Promise<Verification> {
  const violations: string[] = [];
  const findings: RoleFinding[] = [];
  const candidates = catalog.relations.filter(({ kind, owner }) => kind !== 'S' && owner !== name && !memberOf.includes(owner));
  const whole = candidates.filter(({ oid }) => !access.relations.has(oid));
  const parts = readOnly ? candidates.flatMap((relation) => closedColumns(relation, access.relations.get(relation.oid)).map((column) => ({ relation, column }))) : [];
  const { rows: open } = await sql.query<{ at: number }>(
    `SELECT w.at::int AS at FROM pg_catalog.unnest($2::pg_catalog.oid[]) WITH ORDINALITY w(oid, at), pg_catalog.pg_roles r
      WHERE r.rolname = $1 AND pg_catalog.has_any_column_privilege(r.oid, w.oid, 'SELECT')`,
    [name, whole.map(({ oid }) => oid)],
  );
  for (const { at } of open) {
    const relation = whole[at - 1]!;
    const everybody = [...relation.acl, ...[...relation.columnAcl.values()].flat()].some(({ grantee, privileges }) => grantee === PUBLIC && privileges.includes('r'));
    if (!everybody) violations.push(`${name} can read ${relation.schema}.${relation.name}`);
  }
  const { rows: shown } = parts.length === 0 ? { rows: [] } : await sql.query<{ at: number }>(
    `SELECT w.at::int AS at FROM ROWS FROM (pg_catalog.unnest($2::pg_catalog.oid[]), pg_catalog.unnest($3::text[])) WITH ORDINALITY w(oid, name, at), pg_catalog.pg_roles r
      WHERE r.rolname = $1 AND pg_catalog.has_column_privilege(r.oid, w.oid, w.name, 'SELECT')`,
    [name, parts.map(({ relation }) => relation.oid), parts.map(({ column }) => column)],
  );
  for (const { at } of shown) {
    const { relation, column } = parts[at - 1]!;
    const place = `${relation.schema}.${relation.name}.${column}`;
    const onColumn = relation.columnAcl.get(column)?.some(({ grantee, privileges }) => grantee === PUBLIC && privileges.includes('r'));
    const onTable = relation.acl.some(({ grantee, privileges }) => grantee === PUBLIC && privileges.includes('r'));
    if (!onColumn && !onTable) violations.push(`${name} can read ${place}`);
    else {
      findings.push({
        id: 'public-tables', subject: place, because: `${name} can read ${place}, which was to be left out, because everybody can`,
        sql: [`REVOKE SELECT${onTable ? '' : ` (${quoteIdentifier(column)})`} ON TABLE ${quoteQualified(relation.schema, relation.name)} FROM PUBLIC`],
      });
    }
  }
  return { violations, findings };
}

function closedColumns({ columns }: CatalogRelation, wanted: { readonly table: string; readonly columns: readonly string[] } | undefined): string[] {
  if (!wanted || wanted.table.includes('r') || wanted.columns.length === columns.length) return [];
  return columns.filter((column) => !wanted.columns.includes(column));
}
