import type { Catalog, CatalogLoginTrigger, CatalogMembership, CatalogRelation, CatalogRole, CatalogServer, CatalogStray } from './catalog';
import { parseAcl, PUBLIC, type AclItem } from './grants/acl';

/** The answers to the questions of `catalog-queries.ts`, as they come. */
export interface CatalogRows {
  readonly server: CatalogServer;
  readonly roles: readonly (CatalogRole & { readonly oid: string })[];
  readonly memberships: readonly CatalogMembership[];
  readonly databases: readonly { readonly name: string; readonly owner: string; readonly acl: string }[];
  readonly schemas: readonly { readonly oid: string; readonly name: string; readonly owner: string; readonly acl: string }[];
  readonly defaults: readonly { readonly owner: string; readonly schema: string | null; readonly kind: string; readonly acl: string }[];
  readonly relations: {
    readonly relations: string; readonly schemas: string; readonly names: string; readonly kinds: string; readonly owners: string;
    readonly acls: string; readonly extension: string;
  };
  readonly columns: { readonly relations: string; readonly numbers: string; readonly names: string; readonly acls: string; readonly generated: string };
  readonly uses: string;
  readonly inherits: string;
  readonly code: { readonly runs: string; readonly opaque: string };
  readonly rowTypes: string;
  readonly rowSecurity: { readonly tables: string; readonly bySetting: string; readonly invokerViews: string };
  readonly largeObjects: readonly { readonly number: string; readonly owner: string; readonly acl: string }[];
  readonly routines: readonly {
    readonly signature: string; readonly schema: string; readonly owner: string; readonly acl: string;
    readonly securityDefiner: boolean; readonly extension: boolean;
  }[];
  readonly strays: readonly CatalogStray[];
  readonly loginTrigger: CatalogLoginTrigger | undefined;
}

interface Columns {
  readonly names: string[];
  readonly generated: string[];
  readonly acl: Map<string, readonly AclItem[]>;
}

/** The catalog in the answers. `kit` are the names of the kit's roles: other roles' grants are nobody's business. */
export function catalogOf(rows: CatalogRows, kit: ReadonlySet<string>): Catalog {
  const relevant = aclFilter(kit);
  const withAcl = <Row extends { readonly acl: string }>(row: Row) => ({ ...row, acl: parseAcl(row.acl) });
  const columns = columnsByRelation(rows.columns, relevant);
  return {
    server: rows.server,
    roles: new Map(rows.roles.map((role) => [role.name, role])),
    memberships: rows.memberships,
    databases: rows.databases.map(withAcl),
    schemas: new Map(rows.schemas.map((schema) => [schema.name, withAcl(schema)])),
    relations: relationsOf(rows, columns, relevant),
    uses: JSON.parse(rows.uses) as [number, number][],
    inherits: JSON.parse(rows.inherits) as [number, number][],
    rowTypes: JSON.parse(rows.rowTypes) as [number, string, number][],
    rowSecurity: {
      tables: JSON.parse(rows.rowSecurity.tables) as number[], bySetting: JSON.parse(rows.rowSecurity.bySetting) as number[],
      invokerViews: JSON.parse(rows.rowSecurity.invokerViews) as number[],
    },
    largeObjects: rows.largeObjects.map(withAcl),
    routines: rows.routines.map(withAcl),
    defaults: rows.defaults.map((row) => ({ ...withAcl(row), schema: row.schema ?? undefined })),
    strays: rows.strays,
    loginTrigger: rows.loginTrigger,
  };
}

const NO_COLUMNS: Columns = { names: [], generated: [], acl: new Map() };

/** In the order of schemas and names, so that the same database gives the same statements. */
function relationsOf(
  { relations: rows, schemas, roles, code }: CatalogRows, columns: ReadonlyMap<number, Columns>, relevant: (acl: string | null) => readonly AclItem[],
): CatalogRelation[] {
  const schemaNames = new Map(schemas.map(({ oid, name }) => [Number(oid), name]));
  const roleNames = new Map(roles.map(({ oid, name }) => [Number(oid), name]));
  const extension = new Set(JSON.parse(rows.extension) as number[]);
  const [runs, opaque] = [code.runs, code.opaque].map((text) => new Set(JSON.parse(text) as number[]));
  const [schemaOf, names, owners, acls] = [rows.schemas, rows.names, rows.owners, rows.acls].map((text) => JSON.parse(text) as unknown[]);
  const relations = (JSON.parse(rows.relations) as number[]).map((oid, index): CatalogRelation => {
    const { names: all, generated, acl } = columns.get(oid) ?? NO_COLUMNS;
    return {
      oid, schema: schemaNames.get(schemaOf![index] as number)!, name: names![index] as string, kind: rows.kinds[index] as CatalogRelation['kind'],
      owner: roleNames.get(owners![index] as number)!, acl: relevant(acls![index] as string | null), columns: all, generated, columnAcl: acl,
      extension: extension.has(oid), runsCode: runs!.has(oid), opaque: opaque!.has(oid),
    };
  });
  return relations.sort((a, b) => a.schema === b.schema ? (a.name < b.name ? -1 : 1) : a.schema < b.schema ? -1 : 1);
}

function columnsByRelation(rows: CatalogRows['columns'], relevant: (acl: string | null) => readonly AclItem[]): Map<number, Columns> {
  const relations = JSON.parse(rows.relations) as number[];
  const numbers = JSON.parse(rows.numbers) as number[];
  const names = JSON.parse(rows.names) as string[];
  const acls = JSON.parse(rows.acls) as (string | null)[];
  const inOrder = relations.map((_, index) => index).sort((a, b) => numbers[a]! - numbers[b]!);
  const found = new Map<number, Columns>();
  for (const index of inOrder) {
    const columns = found.get(relations[index]!) ?? { names: [], generated: [], acl: new Map<string, readonly AclItem[]>() };
    found.set(relations[index]!, columns);
    columns.names.push(names[index]!);
    const items = relevant(acls[index]!);
    if (items.length > 0) columns.acl.set(names[index]!, items);
  }
  for (const [relation, name] of JSON.parse(rows.generated) as [number, string][]) found.get(relation)!.generated.push(name);
  return found;
}

/** Reads a list and keeps what is PUBLIC's or the kit's; each text once. */
function aclFilter(kit: ReadonlySet<string>): (acl: string | null) => readonly AclItem[] {
  const known = new Map<string, readonly AclItem[]>();
  return (acl) => {
    if (acl === null) return [];
    const seen = known.get(acl);
    if (seen) return seen;
    const items = parseAcl(acl).filter(({ grantee }) => grantee === PUBLIC || kit.has(grantee));
    known.set(acl, items);
    return items;
  };
}
