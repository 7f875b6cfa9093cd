import { found, type CatalogIndex, type SqlRelation } from './catalog';
import { written } from './names';
import { moreSerious, type Scan } from './scan';
import type { Name } from './types';

/** What the catalog is asked with: each answers what one thing does, when it runs. */
export interface Judge {
  readonly catalog: CatalogIndex;
  /** A routine, by its number. */
  routine(oid: number): Scan;
  /** SQL, and SQL without the statement around it. */
  text(sql: string): Scan;
  /** CREATE RULE: what it makes of a statement. */
  rule(sql: string): Scan;
}

/** A function that no list of the kit has. */
export function resolveCall(scan: Scan, name: Name, judge: Judge): void {
  const routines = found(judge.catalog.routines, name, judge.catalog.path);
  if (routines.length === 0) scan.add('unknown', `calls ${written(name)}, which is neither in the database nor known to only read`);
  for (const { oid } of routines) raise(scan, judge.routine(oid), `calls ${written(name)}`);
}

export function resolveOperator(scan: Scan, name: Name, judge: Judge): void {
  const operators = found(judge.catalog.operators, name, judge.catalog.path);
  if (operators.length === 0) scan.add('unknown', `uses the operator ${name.name}, which is neither PostgreSQL's nor in the database`);
  for (const { routine } of operators) raise(scan, ofOperator(routine, judge), `uses the operator ${name.name}`);
}

/** Everything that seems to be PostgreSQL's own, or a plain table. */
export function resolveRest(scan: Scan, judge: Judge): void {
  const { catalog } = judge;
  for (const name of distinct(scan.calls)) {
    for (const { oid, extension } of found(catalog.routines, name, catalog.path)) {
      if (!extension) raise(scan, judge.routine(oid), `may call ${written(name)} of the database`);
    }
  }
  for (const name of distinct(scan.operators)) {
    for (const { routine } of found(catalog.operators, name, catalog.path)) raise(scan, ofOperator(routine, judge), `may use the operator ${name.name} of the database`);
  }
  for (const name of new Set(scan.attributes)) {
    for (const { oid, takesRow } of found(catalog.routines, { schema: undefined, name }, catalog.path)) {
      if (takesRow) raise(scan, judge.routine(oid), `may call ${name}, written like a column`);
    }
  }
  for (const name of distinct(scan.types)) {
    for (const { checks } of found(catalog.types, name, catalog.path)) {
      for (const check of checks) raise(scan, judge.text(`SELECT ${check}`), `checks a value of ${written(name)}`);
    }
  }
  casts(scan, judge);
  for (const name of distinct(scan.read)) for (const relation of relations(name, scan, judge)) reads(scan, relation, judge);
  for (const name of distinct(scan.written)) for (const relation of relations(name, scan, judge)) writes(scan, relation, judge);
  for (const { relation: name, columns } of scan.updates) {
    const [relation, ...others] = found(catalog.relations, name, catalog.path);
    const byKey = others.length === 0 && relation?.keys.some((key) => key.length > 0 && key.every((column) => columns.has(column)));
    if (!byKey) scan.add('write', `without a key of ${written(name)}, so of any number of rows`, true);
  }
}

/** Operators and casts of extensions compare and convert in code that was installed as trusted. */
function ofOperator(routine: number, judge: Judge): Scan | undefined {
  return judge.catalog.routine.get(routine)?.extension === true ? undefined : judge.routine(routine);
}

function casts(scan: Scan, judge: Judge): void {
  const computes = scan.calls.length + scan.operators.length + scan.deeds.length + scan.foreignOperators.length + scan.written.length > 0;
  for (const { to, routine, implicit } of judge.catalog.casts) {
    const asked = scan.types.some(({ schema, name }) => name === to.name && (schema === undefined || schema === to.schema));
    if (asked || (implicit && computes)) raise(scan, ofOperator(routine, judge), `may convert a value to ${written(to)}`);
  }
}

function relations(name: Name, scan: Scan, { catalog }: Judge): readonly SqlRelation[] {
  const entries = found(catalog.relations, name, catalog.path);
  // What the statement itself makes is not there yet, and the relations of PostgreSQL are not in this catalog.
  if (entries.length === 0 && scan.kind === 'read' && !name.name.startsWith('pg_')) scan.add('unknown', `reads ${written(name)}, which is not in the database`);
  return entries;
}

function reads(scan: Scan, { foreign, definition, reading, ...name }: SqlRelation, judge: Judge): void {
  if (foreign) scan.add('external', `reaches another server through ${written(name)}`);
  if (definition !== null) raise(scan, judge.text(definition), `reads ${written(name)}`);
  for (const expression of reading) raise(scan, judge.text(`SELECT ${expression}`), `reads ${written(name)}`);
}

function writes(scan: Scan, { writing, rules, triggers, ...name }: SqlRelation, judge: Judge): void {
  for (const expression of writing) raise(scan, judge.text(`SELECT ${expression}`), `computes values of ${written(name)}`);
  for (const rule of rules) raise(scan, judge.rule(rule), `a rule of ${written(name)}`);
  for (const trigger of triggers) raise(scan, judge.routine(trigger), `may fire a trigger of ${written(name)}`);
}

/** Adds what something inside does, where that is more than is known already. */
function raise(scan: Scan, inner: Scan | undefined, how: string): void {
  if (inner === undefined) return;
  if (!inner.transactional) scan.alone();
  if (moreSerious(scan.kind, inner.kind) === scan.kind && (scan.destructive || !inner.destructive)) return;
  scan.add(inner.kind, `${how}: ${[...new Set(inner.reasons)].join(', ')}`, inner.destructive);
}

function distinct(names: readonly Name[]): Iterable<Name> {
  return new Map(names.map((name) => [written(name), name])).values();
}
