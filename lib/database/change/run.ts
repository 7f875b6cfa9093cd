import type { ChangeDocument } from '../../core/change/document';
import type { StatementRun } from '../../core/change/request';
import type { Sql } from '../sql';
import { changedRows, countRows, replaced, tables, type Tables } from './rows';

export interface RunOptions {
  /** Whether each statement that PostgreSQL plans is explained first. */
  readonly plans: boolean;
  readonly now: () => number;
}

/** Runs the stored bytes, statement by statement, in the transaction that is open, and counts what they change. */
export async function runStatements(sql: Sql, { sql: bytes, statements }: Pick<ChangeDocument, 'sql' | 'statements'>, options: RunOptions): Promise<StatementRun[]> {
  const runs: StatementRun[] = [];
  let before = await tables(sql);
  for (const [index, { start, end }] of statements.entries()) {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(start, end));
    const plan = options.plans ? await explained(sql, text) : undefined;
    const began = options.now();
    const { rows, after } = await counted(sql, before, async () => {
      await sql.query(text);
      // What is checked at the end of the transaction is checked now, while it can still be told whose fault it is.
      if (index === statements.length - 1) await sql.query('SET CONSTRAINTS ALL IMMEDIATE');
    });
    runs.push({ rows, milliseconds: Math.round(options.now() - began), ...(plan ? { plan } : {}) });
    before = after;
  }
  return runs;
}

/** The rows that some work changes. What is emptied or dropped has to be counted before: the work is taken back, and done again. */
async function counted(sql: Sql, before: Tables, work: () => Promise<void>): Promise<{ rows: number; after: Tables }> {
  await sql.query('SAVEPOINT dbguard_statement');
  await work();
  const first = await tables(sql);
  const gone = replaced(before, first);
  if (gone.length === 0) {
    await sql.query('RELEASE SAVEPOINT dbguard_statement');
    return { rows: changedRows(before, first), after: first };
  }
  await sql.query('ROLLBACK TO SAVEPOINT dbguard_statement');
  const [there, again] = [await countRows(sql, before, gone), await tables(sql)];
  await work();
  await sql.query('RELEASE SAVEPOINT dbguard_statement');
  const after = await tables(sql);
  const left = await countRows(sql, after, gone);
  const lost = gone.reduce((sum, oid) => sum + Math.max(0, (there.get(oid) ?? 0) - (left.get(oid) ?? 0)), 0);
  return { rows: changedRows(again, after) + lost, after };
}

/** How PostgreSQL plans a statement, without running it. Only what begins like a query can be explained. */
async function explained(sql: Sql, text: string): Promise<string[] | undefined> {
  if (!/^(\s|--[^\n]*\n|\/\*([^*]|\*(?!\/))*\*\/)*(SELECT|INSERT|UPDATE|DELETE|MERGE|WITH)\b/i.test(text)) return undefined;
  await sql.query('SAVEPOINT dbguard_plan');
  const plan = await sql.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`).then(({ rows }) => rows.map((row) => row['QUERY PLAN']), () => undefined);
  await sql.query('ROLLBACK TO SAVEPOINT dbguard_plan');
  return plan;
}
