import type { Catalog, CatalogLoginTrigger, CatalogRole, CatalogServer } from '../core/catalog';
import { CODE_QUERY, EDGES_QUERY, ROW_SECURITY_QUERY, ROW_TYPES_QUERY } from '../core/catalog-copies';
import {
  COLUMNS_QUERY, DATABASES_QUERY, DEFAULTS_QUERY, LARGE_OBJECTS_QUERY, LOGIN_TRIGGER_QUERY, MEMBERSHIPS_QUERY, RELATIONS_QUERY, rolesQuery,
  ROUTINES_QUERY, SCHEMAS_QUERY, SERVER_QUERY, STRAYS_QUERY,
} from '../core/catalog-queries';
import { catalogOf, type CatalogRows } from '../core/catalog-rows';
import { kitRoleNames, schemasConcerned, type WantedRoles } from '../core/grants';
import { LOGIN_TRIGGER } from '../core/grants/login-trigger';
import type { Sql } from './sql';

/** What every supported and unsupported version answers. */
export async function readServer(sql: Sql): Promise<CatalogServer> {
  const { rows: [server] } = await sql.query<CatalogServer>(SERVER_QUERY);
  return server!;
}

/** Reads everything that the roles depend on, in a handful of questions whatever the number of tables. */
export async function readCatalog(sql: Sql, wanted: WantedRoles, server: CatalogServer): Promise<Catalog> {
  const { rows: [{ superuser } = { superuser: false }] } = await sql.query<{ superuser: boolean }>(
    'SELECT rolsuper AS superuser FROM pg_catalog.pg_roles WHERE rolname = current_user',
  );
  const roles = await all<CatalogRole & { oid: string }>(sql, rolesQuery(server.version, superuser));
  const names = kitRoleNames(wanted, roles);
  const kit = roles.filter(({ name }) => names.has(name)).map(({ oid }) => oid);
  const [edges] = await all<Pick<CatalogRows, 'uses' | 'inherits'>>(sql, EDGES_QUERY);
  const rows: CatalogRows = {
    server, roles, ...edges!,
    memberships: await all(sql, MEMBERSHIPS_QUERY, [kit]),
    databases: await all(sql, DATABASES_QUERY),
    schemas: await all(sql, SCHEMAS_QUERY),
    defaults: await all(sql, DEFAULTS_QUERY),
    relations: (await all<CatalogRows['relations']>(sql, RELATIONS_QUERY))[0]!,
    columns: (await all<CatalogRows['columns']>(sql, COLUMNS_QUERY, [schemasConcerned(wanted)]))[0]!,
    code: (await all<CatalogRows['code']>(sql, CODE_QUERY))[0]!,
    rowTypes: (await all<Pick<CatalogRows, 'rowTypes'>>(sql, ROW_TYPES_QUERY))[0]!.rowTypes,
    rowSecurity: (await all<CatalogRows['rowSecurity']>(sql, ROW_SECURITY_QUERY))[0]!,
    largeObjects: await all(sql, LARGE_OBJECTS_QUERY, [kit]),
    routines: await all(sql, ROUTINES_QUERY, [kit]),
    strays: await all(sql, STRAYS_QUERY, [kit]),
    loginTrigger: (await all<CatalogLoginTrigger>(sql, LOGIN_TRIGGER_QUERY, [LOGIN_TRIGGER]))[0],
  };
  return catalogOf(rows, names);
}

async function all<Row>(sql: Sql, text: string, values?: readonly unknown[]): Promise<Row[]> {
  return (await sql.query<Row>(text, values)).rows;
}
