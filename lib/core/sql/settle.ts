import { quoteDollar } from '../identifier';
import { MAXIMUM_SQL_BODIES } from '../policy';
import { bodyOf } from './body';
import type { CatalogIndex, SqlRoutine } from './catalog';
import { effectOf, READING } from './functions';
import { written } from './names';
import type { Parser, Tree } from './parser';
import { resolveCall, resolveOperator, resolveRest, type Judge } from './resolve';
import { Scan } from './scan';
import { scanText, unknownBecause } from './scan-text';
import { walkItem } from './walk';

/** Decides what a walk left open: which functions do what, what bodies hold, and what the catalog knows if there is one. */
export function settle(scan: Scan, parser: Parser, catalog: CatalogIndex | undefined): void {
  const open = scan.deeds.length + scan.foreignOperators.length + scan.bodies.length + scan.updates.length > 0;
  if (open || catalog) new Settling(parser, catalog).settle(scan);
}

/** For one statement: what it leads to is looked into once, and not without end. */
class Settling {
  private readonly judged = new Map<string, Scan>();
  private readonly judge: Judge | undefined;

  constructor(private readonly parser: Parser, catalog: CatalogIndex | undefined) {
    this.judge = catalog && {
      catalog,
      routine: (oid) => this.once(`routine ${oid}`, () => this.routine(catalog.routine.get(oid))),
      text: (sql) => this.once(`text ${sql}`, () => this.text(sql)),
      rule: (sql) => this.once(`rule ${sql}`, () => this.rule(sql)),
    };
  }

  settle(scan: Scan): void {
    for (const body of scan.bodies) this.runs(scan, body);
    for (const name of scan.deeds) {
      const effect = effectOf(name.schema, name.name);
      if (effect) scan.add(effect.kind, `calls ${written(name)}, which ${effect.because}`, effect.destructive);
      else if (this.judge) resolveCall(scan, name, this.judge);
      else scan.add('unknown', `calls ${written(name)}, which is not known to only read`);
    }
    for (const name of scan.foreignOperators) {
      if (this.judge) resolveOperator(scan, name, this.judge);
      else scan.add('unknown', `uses the operator ${name.schema === undefined ? '' : `${written({ ...name, name: name.schema, schema: undefined })}.`}${name.name}, which is not PostgreSQL's`);
    }
    if (this.judge) resolveRest(scan, this.judge);
    else if (scan.updates.length > 0) scan.add('write', 'perhaps all of them: only the catalog knows whether a key is named', true);
  }

  /** What is nested is at best unknown: a body that seems to only read is not taken for a read. */
  private runs(scan: Scan, body: string): void {
    const inner = this.body(`DO LANGUAGE plpgsql ${quoteDollar(body)}`);
    if (inner.kind === 'read') inner.add('unknown', 'runs a body in which no more than reading is seen');
    scan.take(inner);
  }

  private body(statement: string): Scan {
    const { texts, besides } = bodyOf(this.parser, statement);
    for (const text of texts) besides.take(this.text(text));
    // Settled above: nothing is left open.
    return effectsOf(besides);
  }

  private text(text: string): Scan {
    const all = new Scan();
    for (const one of scanText(this.parser, text)) {
      this.settle(one);
      all.take(one);
    }
    return effectsOf(all);
  }

  private routine(routine: SqlRoutine | undefined): Scan {
    if (routine === undefined) return unknownBecause('which the catalog does not describe');
    if (routine.schema === 'pg_catalog' && routine.language === 'internal') return builtIn(routine.name);
    if (routine.language === 'sql') return this.text(statementsOf(routine.source));
    if (routine.language === 'plpgsql') return this.body(routine.source);
    return unknownBecause(`which is code in ${routine.language}`);
  }

  private rule(sql: string): Scan {
    const answer = this.parser.parse(sql);
    const actions = 'parsed' in answer ? (answer.parsed[0]?.stmt.RuleStmt as Tree | undefined)?.actions as readonly Tree[] | undefined : undefined;
    const all = 'parsed' in answer ? new Scan() : unknownBecause('which PostgreSQL does not accept');
    for (const action of actions ?? []) walkItem(action, all);
    this.settle(all);
    return effectsOf(all);
  }

  private once(key: string, look: () => Scan): Scan {
    const known = this.judged.get(key);
    if (known) return known;
    if (this.judged.size >= MAXIMUM_SQL_BODIES) return unknownBecause(`which leads to more than ${MAXIMUM_SQL_BODIES} others`);
    // What leads back to itself does no more than what is seen of it anyway.
    this.judged.set(key, new Scan());
    const scan = look();
    this.judged.set(key, scan);
    return scan;
  }
}

/** A function of PostgreSQL that something of the database leads to, such as an operator. */
function builtIn(name: string): Scan {
  if (READING.has(name)) return new Scan();
  const effect = effectOf('pg_catalog', name);
  const scan = effect ? new Scan() : unknownBecause('which is not known to only read');
  if (effect) scan.add(effect.kind, `which ${effect.because}`, effect.destructive);
  return scan;
}

/** The statements of a body as PostgreSQL writes one that it keeps parsed: `RETURN …`, or `BEGIN ATOMIC … END`. */
function statementsOf(source: string): string {
  return source.replace(/^\s*RETURN\b/, 'SELECT').replace(/^\s*BEGIN ATOMIC\b([^]*)\bEND\s*$/, '$1');
}

/** What a walk found it to do, without the names in it: they have been looked up. */
function effectsOf({ kind, destructive, transactional, reasons, objects }: Scan): Scan {
  const scan = new Scan();
  scan.kind = kind;
  scan.destructive = destructive;
  scan.transactional = transactional;
  scan.reasons.push(...reasons);
  scan.objects.push(...objects);
  return scan;
}
