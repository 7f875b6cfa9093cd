import type { Name } from './types';

/**
 * What a database says about whatever is not PostgreSQL's own, as far as it decides what statements do. What runs is given as
 * SQL, as PostgreSQL itself writes it with nothing but `pg_catalog` in the search path.
 */
export interface SqlCatalog {
  /** The search path, in which names without a schema are looked up. */
  readonly path: readonly string[];
  readonly relations: readonly SqlRelation[];
  readonly routines: readonly SqlRoutine[];
  readonly operators: readonly (Name & { readonly schema: string; readonly routine: number })[];
  /** Types whose values are checked: domains, and what is made of them; `checks` are expressions. */
  readonly types: readonly (Name & { readonly schema: string; readonly checks: readonly string[] })[];
  /** Casts by a routine. `implicit`: also where nobody writes them. */
  readonly casts: readonly { readonly to: Name; readonly routine: number; readonly implicit: boolean }[];
}

export interface SqlRelation extends Name {
  readonly schema: string;
  /** It, or a part of it, is on another server. */
  readonly foreign: boolean;
  /** The definition of a view; null of anything else. */
  readonly definition: string | null;
  /** Expressions that run when rows are read: of policies, and of columns that are computed then. */
  readonly reading: readonly string[];
  /** Expressions that run when rows are written: of defaults, and of checks. */
  readonly writing: readonly string[];
  /** CREATE RULE, for all but SELECT. */
  readonly rules: readonly string[];
  /** Routines of its triggers. */
  readonly triggers: readonly number[];
  /** Columns of each unique index that holds for all rows. */
  readonly keys: readonly (readonly string[])[];
}

export interface SqlRoutine extends Name {
  readonly oid: number;
  readonly schema: string;
  readonly language: string;
  /** Of one in SQL, its statements; of one in PL/pgSQL, its CREATE statement. */
  readonly source: string;
  /** It can be called with a row alone, and so like a column of the row. */
  readonly takesRow: boolean;
  /** It belongs to an extension. */
  readonly extension: boolean;
}

type Index<Entry> = ReadonlyMap<string, readonly Entry[]>;

/** A catalog in which names are found quickly. */
export interface CatalogIndex {
  readonly path: readonly string[];
  readonly relations: Index<SqlRelation>;
  readonly routines: Index<SqlRoutine>;
  readonly routine: ReadonlyMap<number, SqlRoutine>;
  readonly operators: Index<SqlCatalog['operators'][number]>;
  readonly types: Index<SqlCatalog['types'][number]>;
  readonly casts: SqlCatalog['casts'];
}

export function indexOf(catalog: SqlCatalog): CatalogIndex {
  return {
    path: catalog.path,
    relations: byName(catalog.relations),
    routines: byName(catalog.routines),
    routine: new Map(catalog.routines.map((routine) => [routine.oid, routine])),
    operators: byName(catalog.operators),
    types: byName(catalog.types),
    casts: catalog.casts,
  };
}

function byName<Entry extends { readonly name: string }>(entries: readonly Entry[]): Index<Entry> {
  const index = new Map<string, Entry[]>();
  for (const entry of entries) {
    const others = index.get(entry.name);
    if (others) others.push(entry);
    else index.set(entry.name, [entry]);
  }
  return index;
}

/** Everything that a name may mean: with a schema one, without it one in each schema of the search path. */
export function found<Entry extends { readonly schema: string }>(index: Index<Entry>, { schema, name }: Name, path: readonly string[]): readonly Entry[] {
  const entries = index.get(name);
  if (entries === undefined) return [];
  return entries.filter((entry) => (schema === undefined ? path.includes(entry.schema) : entry.schema === schema));
}
