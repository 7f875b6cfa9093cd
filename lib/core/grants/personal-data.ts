import type { Catalog, CatalogRelation } from '../catalog';
import { quoteQualified } from '../identifier';
import type { ReadAccess } from './wanted';

/** Where the declared personal data is, or may be. */
export interface PersonalData {
  /** Columns that are left out, by relation; a relation that is here loses its generated columns too. */
  readonly columns: ReadonlyMap<number, ReadonlySet<string>>;
  /** Views that show some of it, or may, and are not reopened. */
  readonly views: ReadonlySet<number>;
  readonly problems: readonly string[];
}

/**
 * Follows the declared columns to wherever they can be read: partitions and inheriting tables carry the column, their
 * parents show it, and every view above any of them may: a whole-row reference leaves no trace of its columns. A view
 * that runs the application's code could read anything.
 */
export function personalDataIn(access: ReadAccess, catalog: Catalog, byName: RelationsByName): PersonalData {
  const declared = declaredColumns(access, byName);
  if (declared.columns.size === 0) return { columns: new Map(), views: new Set(), problems: declared.problems };
  const columns = throughInheritance(declared.columns, catalog);
  const views = viewsAbove([...columns.keys(), ...catalog.relations.filter(({ opaque }) => opaque).map(({ oid }) => oid)], catalog);
  for (const relation of catalog.relations) if (relation.opaque) views.add(relation.oid);
  const problems = [...declared.problems];
  for (const { schema, view } of access.openViews ?? []) {
    const relation = byName.get(quoteQualified(schema, view));
    if (relation === undefined) problems.push(`openViews names ${schema}.${view}, which does not exist; correct it or take it out`);
    else views.delete(relation.oid);
  }
  return { columns, views, problems };
}

export type RelationsByName = ReadonlyMap<string, CatalogRelation>;

function declaredColumns({ personalData = [] }: ReadAccess, byName: RelationsByName) {
  const columns = new Map<number, Set<string>>();
  const problems: string[] = [];
  for (const { schema, table, column } of personalData) {
    const relation = byName.get(quoteQualified(schema, table));
    if (relation === undefined) {
      problems.push(`personalData names ${schema}.${table}, which does not exist; correct it or take it out`);
    } else if (!relation.columns.includes(column)) {
      problems.push(`personalData names ${schema}.${table}.${column}; the table has no such column; correct it or take it out`);
    } else {
      addTo(columns, relation.oid, column);
    }
  }
  return { columns, problems };
}

/** Whatever is related by inheritance, upwards or downwards, shares the columns. */
function throughInheritance(declared: ReadonlyMap<number, ReadonlySet<string>>, catalog: Catalog): Map<number, Set<string>> {
  const related = neighbours([...catalog.inherits, ...catalog.inherits.map(([child, parent]) => [parent, child] as const)]);
  const columns = new Map<number, Set<string>>();
  for (const [oid, names] of declared) {
    for (const member of reachedFrom([oid], related)) for (const name of names) addTo(columns, member, name);
  }
  return columns;
}

function viewsAbove(relations: readonly number[], catalog: Catalog): Set<number> {
  const above = neighbours(catalog.uses.map(([view, relation]) => [relation, view] as const));
  const reached = reachedFrom(relations, above);
  const views = new Set(catalog.relations.filter(({ kind }) => kind === 'v' || kind === 'm').map(({ oid }) => oid));
  return new Set([...reached].filter((oid) => views.has(oid)));
}

function neighbours(edges: readonly (readonly [number, number])[]): Map<number, number[]> {
  const next = new Map<number, number[]>();
  for (const [from, to] of edges) {
    const known = next.get(from);
    if (known) known.push(to);
    else next.set(from, [to]);
  }
  return next;
}

function reachedFrom(start: readonly number[], next: ReadonlyMap<number, readonly number[]>): Set<number> {
  const reached = new Set(start);
  for (const one of reached) for (const other of next.get(one) ?? []) reached.add(other);
  return reached;
}

function addTo(map: Map<number, Set<string>>, key: number, value: string): void {
  const set = map.get(key);
  if (set) set.add(value);
  else map.set(key, new Set([value]));
}
