import type { Catalog, CatalogRelation, CatalogRole } from '../../lib/core/catalog';

/** A role as the catalog has it; an ordinary one that the reader can act for. */
export function role(name: string, changed: Partial<CatalogRole> = {}): CatalogRole {
  return {
    name, comment: null, superuser: false, createRole: false, createDatabase: false, login: true, replication: false, bypassRowSecurity: false,
    connectionLimit: -1, password: 'unknown', settings: [], settingsIn: [], reach: 'direct', administered: true, ...changed,
  };
}

export function relation(oid: number, schema: string, name: string, changed: Partial<CatalogRelation> = {}): CatalogRelation {
  return {
    oid, schema, name, kind: 'r', owner: 'owner', acl: [], columns: ['id', 'email'], generated: [], columnAcl: new Map(), extension: false, runsCode: false, opaque: false, ...changed,
  };
}

/** A database `shop` of PostgreSQL 17 with two schemas, as its master user reads it. */
export function catalog(changed: Partial<Catalog> & { readonly moreRoles?: readonly CatalogRole[] } = {}): Catalog {
  const { moreRoles = [], ...rest } = changed;
  const roles = [role('master', { createRole: true }), role('owner'), role('app'), ...moreRoles];
  return {
    server: { version: 170010, database: 'shop', user: 'master', inRecovery: false },
    roles: new Map(roles.map((one) => [one.name, one])),
    memberships: [],
    databases: [{ name: 'shop', owner: 'master', acl: [] }],
    schemas: new Map(['sales', 'stock'].map((name) => [name, { name, owner: 'owner', acl: [] }])),
    relations: [relation(1, 'sales', 'users'), relation(2, 'sales', 'orders'), relation(3, 'stock', 'items')],
    uses: [], inherits: [], rowTypes: [], rowSecurity: { tables: [], bySetting: [], invokerViews: [] }, largeObjects: [], routines: [], defaults: [], strays: [], loginTrigger: undefined,
    ...rest,
  };
}
