import type { Catalog } from '../core/catalog';
import type { KitRole } from '../core/grants/kit-role';
import type { Sql } from './sql';

/**
 * Tables and views that were not there when the catalog was read, and are readable: one took the name of another in between,
 * and got a grant that was meant for that. What everybody can read, or is to be readable as soon as it is there, is no surprise.
 */
export async function newcomers(sql: Sql, { name, access: { future } }: KitRole, { relations }: Catalog): Promise<string[]> {
  const { rows } = await sql.query<{ schema: string; relation: string }>(
    `SELECT n.nspname::text AS schema, c.relname::text AS relation
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
       JOIN pg_catalog.pg_roles r ON r.rolname = $1
      WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relowner <> r.oid AND c.oid <> ALL ($2::pg_catalog.oid[])
        AND pg_catalog.has_any_column_privilege(r.oid, c.oid, 'SELECT') AND NOT pg_catalog.has_any_column_privilege('public', c.oid, 'SELECT')`,
    [name, relations.map(({ oid }) => oid)],
  );
  const expected = (schema: string) => future.tables.includes('r') && future.schemas.includes(schema);
  return rows.filter(({ schema }) => !expected(schema)).map(({ schema, relation }) => `${name} can read ${schema}.${relation}, which took the name of another at this moment`);
}
