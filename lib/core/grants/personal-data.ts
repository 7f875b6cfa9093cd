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
 * parents show it, every view above any of them may, since a whole-row reference leaves no trace of its columns, and so may
 * a column of another table that holds whole rows. A view that runs the application's code could read anything.
 */
export function personalDataIn(access: ReadAccess, catalog: Catalog, byName: RelationsByName): PersonalData {
  const declared = declaredColumns(access, byName);
  if (declared.columns.size === 0) return { columns: new Map(), views: new Set(), problems: declared.problems };
  const { columns, views } = wherever(declared.columns, catalog);
  const problems = [...declared.problems];
  for (const { schema, view } of access.openViews ?? []) {
    const relation = byName.get(quoteQualified(schema, view));
    if (relation === undefined) problems.push(`openViews names ${schema}.${view}, which does not exist; correct it or take it out`);
    else views.delete(relation.oid);
  }
  return { columns, views, problems };
}

/** Rows are kept in columns of other tables, which have views of their own: until nothing more is found. */
function wherever(declared: ReadonlyMap<number, ReadonlySet<string>>, catalog: Catalog) {
  const code = keptByCode(catalog);
  let columns = throughInheritance(declared, catalog);
  for (;;) {
    const views = viewsAbove([...columns.keys(), ...code], catalog);
    for (const oid of code) views.add(oid);
    const found = catalog.rowTypes.filter(([holder, column, rowsOf]) => (columns.has(rowsOf) || views.has(rowsOf)) && !columns.get(holder)?.has(column));
    if (found.length === 0) return { columns, views };
    for (const [holder, column] of found) addTo(columns, holder, column);
    columns = throughInheritance(columns, catalog);
  }
}

/** Views that show what code has read; and materialized views above code, which was run by their owner. */
function keptByCode(catalog: Catalog): number[] {
  const numbers = (relations: readonly CatalogRelation[]) => relations.map(({ oid }) => oid);
  const aboveCode = viewsAbove(numbers(catalog.relations.filter(({ runsCode }) => runsCode)), catalog);
  return numbers(catalog.relations.filter(({ oid, kind, opaque }) => opaque || kind === 'm' && aboveCode.has(oid)));
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

/** Views of any kind that are made of some of these, whatever lies between. */
export function viewsAbove(relations: readonly number[], catalog: Pick<Catalog, 'relations' | 'uses'>): Set<number> {
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
