import type { Catalog, CatalogRelation } from '../catalog';
import { quoteQualified } from '../identifier';
import type { RoleAccess } from './differences';
import { viewsAbove } from './personal-data';
import type { ReadAccess, RoleFinding } from './wanted';

/** What agents can read and somebody may have overlooked: nothing that the kit could decide. `read` are the roles that read. */
export function overlooked(read: readonly RoleAccess[], wanted: readonly ReadAccess[], catalog: Catalog): RoleFinding[] {
  const byOid = new Map(catalog.relations.map((relation) => [relation.oid, relation]));
  const readable = new Map<number, ReadonlySet<string>>();
  // Agents of equal access share one.
  for (const access of new Set(read.map(({ access: one }) => one))) {
    for (const [oid, { table, columns }] of access.relations) {
      const all = table.includes('r') ? byOid.get(oid)!.columns : columns;
      readable.set(oid, new Set([...readable.get(oid) ?? [], ...all]));
    }
  }
  const shown = catalog.relations.filter(({ oid }) => readable.has(oid));
  return [...pastRowSecurity(shown, byOid, catalog), ...namesakes(shown, readable, wanted)];
}

/** Rows that policies hide from others. */
function pastRowSecurity(
  shown: readonly CatalogRelation[], byOid: ReadonlyMap<number, CatalogRelation>, { rowSecurity, relations, uses }: Catalog,
): RoleFinding[] {
  const tables = shown.filter(({ oid }) => rowSecurity.bySetting.includes(oid)).map((table): RoleFinding => ({
    id: 'row-security', subject: full(table), sql: [],
    because: `agents can read every row of ${full(table)}: a policy of it trusts a setting, which they can set; write the policy for roles, or leave the table out`,
  }));
  const views = rowSecurity.tables.filter((oid) => byOid.has(oid)).flatMap((oid) => {
    const above = viewsAbove([oid], { relations, uses });
    return shown.filter((view) => above.has(view.oid) && !rowSecurity.invokerViews.includes(view.oid)).map((view): RoleFinding => ({
      id: 'row-security', subject: full(view),
      because: `agents can read rows of ${full(byOid.get(oid)!)} through ${full(view)} whatever its policies say: a view has the rights of its owner`,
      sql: view.kind === 'v' ? [`ALTER VIEW ${quoteQualified(view.schema, view.name)} SET (security_invoker = true)`] : [],
    }));
  });
  return [...tables, ...views];
}

/** Columns that are called like one with personal data: a detached partition, a backup, a copy for a report. */
function namesakes(shown: readonly CatalogRelation[], readable: ReadonlyMap<number, ReadonlySet<string>>, wanted: readonly ReadAccess[]): RoleFinding[] {
  const names = new Set(wanted.flatMap(({ personalData = [] }) => personalData.map(({ column }) => column)));
  return [...names].sort().flatMap((name): RoleFinding[] => {
    const places = shown.filter(({ oid }) => readable.get(oid)!.has(name)).map(full);
    if (places.length === 0) return [];
    const more = places.length > NAMED ? `, and ${places.length - NAMED} more` : '';
    return [{
      id: 'personal-data-namesake', subject: name, sql: [],
      because: `a column called ${name} is personal data in one table, and readable in ${places.slice(0, NAMED).join(', ')}${more}; ` +
        'if it is personal data there too, add it to personalData',
    }];
  });
}

const NAMED = 5;

function full({ schema, name }: CatalogRelation): string {
  return `${schema}.${name}`;
}
