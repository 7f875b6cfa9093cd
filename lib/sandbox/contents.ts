import { provisionRoles } from '../database/provision';
import type { Sql } from '../database/sql';
import type { ColumnName, WantedRoles } from '../core/grants';
import { APPLICATION } from './access';
import type { Contents } from './make';
import { PERSONAL_COLUMNS, SEED, seedSql } from './seed';
import type { State } from './state';

/** The built-in shop, and the roles of the kit, made as on AWS: by the admin, who is no superuser. */
export const SHOP: Contents = {
  seed: (scale) => seedSql({ scale }),
  provision: async (sql, place, agents, seed) => void await provisionRoles(sql, await rolesFor(sql, place, agents, seed)),
};

/** Owns the tables, so that what a change makes belongs to whom the rest belongs to. */
export function ownerOf(seed: State['seed']): string {
  return seed === 'built-in' ? SEED.owner : APPLICATION;
}

/**
 * What roles a place has: on the primary, and so on the replica, those that read; on the staging copy those that change rows. In
 * both the one that carries out changes, which are rehearsed by the same role.
 */
export async function rolesFor(sql: Sql, place: 'primary' | 'staging', agents: readonly string[], seed: State['seed']): Promise<WantedRoles> {
  const schemas = (await schemasIn(sql)).map((schema) => ({ schema }));
  const personalData = await personalIn(sql, seed === 'built-in' ? PERSONAL_COLUMNS : []);
  return {
    agents: agents.map((name) => (place === 'primary' ? { name, read: { schemas, personalData } } : { name, staging: { schemas } })),
    writer: { schemas, ownersForSchemaChanges: [ownerOf(seed)] },
    // A database with nothing but the kit and its own application: what everybody may do can be taken back.
    closePublic: {
      close: ['tables', 'create', 'temporary', 'connect', 'routines'],
      keepFor: seed === 'built-in' ? [SEED.application, SEED.owner] : [APPLICATION],
    },
  };
}

/** What columns with personal data are called, here and in most shops. */
export const PERSONAL_NAMES: readonly string[] = [...new Set(PERSONAL_COLUMNS.map(({ column }) => column))];

/** The columns that are left out: whatever is called like one with personal data, in tables that came later too. */
async function personalIn(sql: Sql, listed: readonly ColumnName[]): Promise<ColumnName[]> {
  const { rows: columns } = await sql.query<ColumnName & { dropped: boolean }>(`
    SELECT n.nspname::text AS schema, c.relname::text AS table, a.attname::text AS column, a.attisdropped AS dropped
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE a.attnum > 0 AND c.relkind IN ('r', 'p', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`);
  const of = (table: ColumnName) => columns.filter((column) => column.schema === table.schema && column.table === table.table);
  const renamed = listed.filter((column) => {
    const there = of(column);
    return there.length > 0 && !there.some(({ column: name, dropped }) => dropped || name === column.column);
  });
  if (renamed.length > 0) {
    const names = renamed.map(({ schema, table, column }) => `${schema}.${table}.${column}`).join(', ');
    throw new Error(`personal data was in ${names}, and no column was dropped there, so it has a name now that nobody told; name it as before`);
  }
  const named = columns.filter(({ column, dropped }) => !dropped && PERSONAL_NAMES.includes(column));
  return named.map(({ schema, table, column }) => ({ schema, table, column }));
}

async function schemasIn(sql: Sql): Promise<string[]> {
  const { rows } = await sql.query<{ name: string }>(`
    SELECT nspname::text AS name FROM pg_catalog.pg_namespace n
    WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_namespace'::regclass AND d.objid = n.oid AND d.deptype = 'e')
    ORDER BY 1`);
  return rows.map(({ name }) => name);
}
