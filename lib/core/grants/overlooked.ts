import type { Catalog, CatalogRelation } from '../catalog';
import { quoteQualified } from '../identifier';
import type { WantedAccess } from './access';
import type { RoleAccess } from './differences';
import { viewsAbove } from './personal-data';
import type { ReadAccess, RoleFinding } from './wanted';

/** What agents can read and somebody may have overlooked: nothing that the kit could decide. `read` are the roles that read. */
export function overlooked(read: readonly RoleAccess[], wanted: readonly ReadAccess[], catalog: Catalog): RoleFinding[] {
  const byOid = new Map(catalog.relations.map((relation) => [relation.oid, relation]));
  // Agents of equal access share one.
  const accesses = [...new Set(read.map(({ access }) => access))];
  return [...pastRowSecurity(accesses, catalog), ...namesakes(accesses, byOid, wanted)];
}

/** Rows that policies hide from others. */
function pastRowSecurity(accesses: readonly WantedAccess[], { rowSecurity, relations, uses }: Catalog): RoleFinding[] {
  if (rowSecurity.tables.length === 0) return [];
  const shown = relations.filter(({ oid }) => accesses.some((access) => access.relations.has(oid)));
  const tables = shown.filter(({ oid }) => rowSecurity.bySetting.includes(oid)).map((table): RoleFinding => ({
    id: 'row-security', subject: full(table), sql: [],
    because: `agents can read every row of ${full(table)}: a policy of it trusts a setting, which they can set; write the policy for roles, or leave the table out`,
  }));
  const above = viewsAbove(rowSecurity.tables, { relations, uses });
  const views = shown.filter(({ oid }) => above.has(oid) && !rowSecurity.invokerViews.includes(oid)).map((view): RoleFinding => ({
    id: 'row-security', subject: full(view),
    because: `agents can read rows through ${full(view)} whatever the policies of the tables below it say: a view has the rights of its owner`,
    sql: view.kind === 'v' ? [`ALTER VIEW ${quoteQualified(view.schema, view.name)} SET (security_invoker = true)`] : [],
  }));
  return [...tables, ...views];
}

/** Columns that are called like one with personal data: a detached partition, a backup, a copy for a report. */
function namesakes(accesses: readonly WantedAccess[], byOid: ReadonlyMap<number, CatalogRelation>, wanted: readonly ReadAccess[]): RoleFinding[] {
  const names = [...new Set(wanted.flatMap(({ personalData = [] }) => personalData.map(({ column }) => column)))].sort();
  const found = new Map(names.map((name) => [name, new Set<CatalogRelation>()]));
  for (const { relations } of accesses) {
    for (const [oid, { table, columns }] of relations) {
      const relation = byOid.get(oid)!;
      const readable = table.includes('r') ? relation.columns : columns;
      for (const name of names) if (readable.includes(name)) found.get(name)!.add(relation);
    }
  }
  return names.flatMap((name): RoleFinding[] => {
    const places = [...found.get(name)!].map(full).sort();
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
