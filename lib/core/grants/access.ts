import type { Catalog, CatalogRelation } from '../catalog';
import { quoteQualified } from '../identifier';
import { personalDataIn, type RelationsByName } from './personal-data';
import type { ReadAccess, SchemaChoice, StagingAccess, WriterAccess } from './wanted';

/** What a role shall have on one relation. */
export interface WantedOnRelation {
  /** PostgreSQL's letters, on the whole. */
  readonly table: string;
  /** Columns to read, where the whole may not be read. */
  readonly columns: readonly string[];
}

/** What a role shall have in this database. */
export interface WantedAccess {
  readonly schemas: readonly string[];
  readonly relations: ReadonlyMap<number, WantedOnRelation>;
  /** Letters on this database. */
  readonly database: string;
  /** Letters on what is added later to some of the schemas, by kind; empty: nothing. */
  readonly future: { readonly schemas: readonly string[]; readonly tables: string; readonly sequences: string };
  readonly problems: readonly string[];
}

const READ: WantedOnRelation = { table: 'r', columns: [] };
const CHANGE: WantedOnRelation = { table: 'rawd', columns: [] };
const DRAW: WantedOnRelation = { table: 'rU', columns: [] };

/** What a role of no agent any more shall have. */
export const NO_ACCESS: WantedAccess = {
  schemas: [], relations: new Map(), database: '', future: { schemas: [], tables: '', sequences: '' }, problems: [],
};

export function relationsByName(catalog: Catalog): RelationsByName {
  return new Map(catalog.relations.map((relation) => [quoteQualified(relation.schema, relation.name), relation]));
}

/** SELECT on what was chosen, less personal data. */
export function readAccess(access: ReadAccess, catalog: Catalog, byName: RelationsByName): WantedAccess {
  const chosen = chosenRelations(access.schemas, catalog, byName);
  const personal = personalDataIn(access, catalog, byName);
  const open = (access.future ?? (access.personalData?.length ? 'closed' : 'readable')) === 'readable';
  const relations = new Map<number, WantedOnRelation>();
  for (const relation of chosen.relations) {
    const wanted = readable(relation);
    if (wanted) relations.set(relation.oid, wanted);
  }
  return {
    schemas: access.schemas.map(({ schema }) => schema),
    relations,
    database: 'c',
    future: { schemas: chosen.whole, tables: open ? 'r' : '', sequences: '' },
    problems: [...chosen.problems, ...personal.problems],
  };

  function readable({ oid, kind, columns, generated }: CatalogRelation): WantedOnRelation | undefined {
    if (kind === 'S' || personal.views.has(oid)) return undefined;
    const closed = personal.columns.get(oid);
    if (!closed && open) return READ;
    const rest = closed ? columns.filter((column) => !closed.has(column) && !generated.includes(column)) : columns;
    return rest.length > 0 ? { table: '', columns: rest } : undefined;
  }
}

/** Rows may be changed and sequences drawn from; no structure. */
export function changeAccess(access: StagingAccess | WriterAccess, catalog: Catalog, byName: RelationsByName, database: 'c' | 'cT'): WantedAccess {
  const chosen = chosenRelations(access.schemas, catalog, byName);
  const wanted = ({ kind }: CatalogRelation) => kind === 'S' ? DRAW : kind === 'r' || kind === 'p' ? CHANGE : READ;
  return {
    schemas: access.schemas.map(({ schema }) => schema),
    relations: new Map(chosen.relations.map((relation) => [relation.oid, wanted(relation)])),
    database,
    future: { schemas: chosen.whole, tables: 'rawd', sequences: 'rU' },
    problems: chosen.problems,
  };
}

function chosenRelations(choices: readonly SchemaChoice[], catalog: Catalog, byName: RelationsByName) {
  const problems: string[] = [];
  const whole = new Set<string>();
  const relations: CatalogRelation[] = [];
  for (const { schema, tables } of choices) {
    if (!catalog.schemas.has(schema)) {
      const known = [...catalog.schemas.keys()].slice(0, 10).join(', ') || 'none';
      problems.push(`there is no schema ${schema} in database ${catalog.server.database}; write one of: ${known}`);
    } else if (tables === undefined) {
      whole.add(schema);
    } else {
      for (const table of tables) {
        const relation = byName.get(quoteQualified(schema, table));
        if (relation) relations.push(relation);
        else problems.push(`there is no table or view ${schema}.${table}; correct the name or take it out`);
      }
    }
  }
  const all = catalog.relations.filter(({ schema, kind, extension }) => whole.has(schema) && kind !== 'f' && !extension);
  return { whole: [...whole], relations: [...all, ...relations.filter(({ schema }) => !whole.has(schema))], problems };
}
