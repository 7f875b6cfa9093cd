import { createHash } from 'node:crypto';
import { mentioned, type Routine } from '../../core/change/mentions';
import type { Sql } from '../sql';

/** What is described: a table, view or sequence, by name. */
export interface Named {
  readonly schema: string;
  readonly name: string;
}

/** Relations, and the routines that they or the SQL may call, as lines of text: equal lines behave equally. */
export async function describe(sql: Sql, relations: readonly Named[], text: string): Promise<readonly string[]> {
  const { rows } = await sql.query<{ line: string }>(RELATIONS, [relations.map(({ schema }) => schema), relations.map(({ name }) => name)]);
  const lines = rows.map(({ line }) => line);
  const { rows: routines } = await sql.query<Routine>(ROUTINES);
  return [...lines, ...mentioned([text, ...lines], routines).map((routine) => `routine ${routine.name} ${sha256(Buffer.from(routine.text))}`)];
}

export function fingerprintOf(lines: readonly string[]): string {
  return sha256(Buffer.from(JSON.stringify(lines)));
}

/** SHA-256 as hexadecimal digits. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Names, not numbers: those differ between a database and its copy. Grants are not described: a clone has others. */
const RELATIONS = `
WITH wanted AS (
  SELECT w.schema, w.name, c.oid FROM unnest($1::text[], $2::text[]) AS w(schema, name)
    LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.name),
lines AS (
  SELECT schema, name, 0 AS part, CASE WHEN oid IS NULL THEN 'absent' ELSE (
    SELECT concat_ws(' ', c.relkind, pg_get_userbyid(c.relowner), c.relpersistence, c.relrowsecurity, c.relforcerowsecurity, c.reloptions::text,
      pg_get_partkeydef(c.oid), pg_get_expr(c.relpartbound, c.oid), CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END)
    FROM pg_class c WHERE c.oid = wanted.oid) END AS what FROM wanted
  UNION ALL SELECT schema, name, 1, concat_ws(' ', 'column', row_number() OVER (PARTITION BY a.attrelid ORDER BY a.attnum), quote_ident(a.attname),
      format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated, a.attcollation::regcollation, pg_get_expr(d.adbin, d.adrelid))
    FROM wanted JOIN pg_attribute a ON a.attrelid = wanted.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  UNION ALL SELECT schema, name, 2, concat_ws(' ', 'constraint', o.conrelid::regclass, o.conname, o.convalidated, pg_get_constraintdef(o.oid))
    FROM wanted JOIN pg_constraint o ON wanted.oid IN (o.conrelid, o.confrelid) AND wanted.oid <> 0
  UNION ALL SELECT schema, name, 3, concat_ws(' ', 'index', i.indisvalid, pg_get_indexdef(i.indexrelid)) FROM wanted JOIN pg_index i ON i.indrelid = wanted.oid
  UNION ALL SELECT schema, name, 4, concat_ws(' ', 'trigger', t.tgenabled, pg_get_triggerdef(t.oid)) FROM wanted JOIN pg_trigger t ON t.tgrelid = wanted.oid AND NOT t.tgisinternal
  UNION ALL SELECT schema, name, 5, concat_ws(' ', 'rule', r.ev_enabled, pg_get_ruledef(r.oid)) FROM wanted JOIN pg_rewrite r ON r.ev_class = wanted.oid AND r.rulename <> '_RETURN'
  UNION ALL SELECT schema, name, 6, concat_ws(' ', 'policy', p.polname, p.polcmd, p.polpermissive, pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
    FROM wanted JOIN pg_policy p ON p.polrelid = wanted.oid
  UNION ALL SELECT schema, name, 7, concat_ws(' ', 'inherits', i.inhrelid::regclass, i.inhparent::regclass) FROM wanted JOIN pg_inherits i ON wanted.oid IN (i.inhrelid, i.inhparent))
SELECT concat_ws(' ', quote_ident(schema) || '.' || quote_ident(name), what) AS line FROM lines ORDER BY schema, name, part, what COLLATE "C"`;

const ROUTINES = `
SELECT p.proname::text AS name, concat_ws(' ', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid), pg_get_function_result(p.oid), l.lanname,
    pg_get_userbyid(p.proowner), p.prosecdef, p.provolatile, p.proisstrict, p.proconfig::text, p.prosrc, pg_get_function_sqlbody(p.oid)) AS text
FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace JOIN pg_catalog.pg_language l ON l.oid = p.prolang
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)`;
