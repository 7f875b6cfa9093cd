import { performance } from 'node:perf_hooks';
import type { ChangeRequest } from '../../core/change';
import type { Target, Touched } from '../../core/change/document';
import { blockedBy, strongest } from '../../core/change/locks';
import type { LockTaken, StatementRun } from '../../core/change/request';
import { quoteIdentifier, quoteQualified } from '../../core/identifier';
import { GATE_WRITER_ROLE } from '../../core/policy';
import { failureIn } from '../../database/change/failure';
import { describe } from '../../database/change/fingerprint';
import { runStatements } from '../../database/change/run';
import { actAs, begin, pin } from '../../database/change/session';
import type { Sql } from '../../database/sql';
import { ADMIN, DATABASE, REHEARSAL_BASE } from '../access';
import { connected } from '../connection';
import type { Sandbox } from '../places';
import { readSecrets } from '../state';
import { urlOf } from '../tokens';
import { connectAsWriter, runAlone, targetOf } from './writer';

/** What is rehearsed: the bytes, and how they will be run. */
export interface Rehearsed extends Pick<ChangeRequest, 'id' | 'sql' | 'classification'> {
  readonly transactional: boolean;
  readonly runAs: string;
}

export type RehearsalOutcome =
  | { readonly do: 'done'; readonly statements: readonly StatementRun[]; readonly locks: readonly LockTaken[]; readonly touched: readonly Touched[]; readonly target: Target; readonly lines: readonly string[] }
  | { readonly do: 'fail'; readonly because: string };

/**
 * Runs the exact bytes in a throwaway copy of the staging clone, as the role and in the way in which they would be run in
 * production, and compares what they touched there with production. What was carried out since the clone was made comes first.
 */
export async function rehearse(sandbox: Sandbox, change: Rehearsed, before: readonly ChangeRequest[]): Promise<RehearsalOutcome> {
  const copy = `rehearsal_${change.id.replaceAll('-', '_')}`;
  await makeCopy(sandbox, copy);
  try {
    const sql = await connectAsWriter(sandbox.folder, sandbox.staging, change.id, copy);
    try {
      await actAs(sql, change.runAs);
      for (const earlier of before) {
        const failed = await carryOver(sql, earlier);
        if (failed !== undefined) return { do: 'fail', because: `the staging copy cannot be brought to where production is: ${earlier.id} fails there, ${failed}` };
      }
      const ran = change.transactional ? await inTransaction(sql, change) : await outside(sql, change);
      if (ran.do === 'fail') return ran;
      return await compared(sandbox, change, ran, ran.lines);
    } finally {
      await sql.end();
    }
  } finally {
    await connected(sandbox.staging.superuserUrl('postgres'), (sql) => sql.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(copy)} WITH (FORCE)`));
  }
}

/** A copy of a database has none of the grants on the database itself. Nobody may connect before it has them. */
async function makeCopy({ staging }: Sandbox, copy: string): Promise<void> {
  await connected(staging.superuserUrl('postgres'), async (sql) => {
    const name = quoteIdentifier(copy);
    await sql.query(`CREATE DATABASE ${name} TEMPLATE ${REHEARSAL_BASE} ALLOW_CONNECTIONS false`);
    const { rows } = await sql.query<{ statement: string }>(`
      SELECT format('GRANT %s ON DATABASE %I TO %s', a.privilege_type, $2::text, CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(a.grantee::regrole::text) END) AS statement
      FROM pg_database d, aclexplode(d.datacl) a WHERE d.datname = $1 AND a.grantee NOT IN (SELECT oid FROM pg_roles WHERE rolname ~ '^agent_')`, [DATABASE, copy]);
    await sql.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
    for (const { statement } of rows) await sql.query(statement);
    await sql.query(`GRANT CONNECT ON DATABASE ${name} TO ${GATE_WRITER_ROLE}`);
    await sql.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
  });
}

async function carryOver(sql: Sql, { sql: bytes, signed }: ChangeRequest): Promise<string | undefined> {
  const { document } = signed!;
  try {
    if (!document.transactional) {
      await runAlone(sql, bytes);
      return undefined;
    }
    await begin(sql);
    await actAs(sql, document.runAs);
    await runStatements(sql, document, { plans: false, now: () => performance.now() });
    await sql.query('COMMIT');
    return undefined;
  } catch (error) {
    await sql.query('ROLLBACK');
    return failureIn(error);
  }
}

type Ran = { readonly do: 'ran'; readonly statements: readonly StatementRun[]; readonly locks: readonly LockTaken[]; readonly touched: readonly Touched[]; readonly lines: readonly string[] };
type Failed = { readonly do: 'fail'; readonly because: string };

async function inTransaction(sql: Sql, { sql: bytes, classification, runAs }: Rehearsed): Promise<Ran | Failed> {
  const known = await relations(sql);
  await begin(sql);
  await actAs(sql, runAs);
  try {
    const { rows: [began] } = await sql.query<{ id: string }>('SELECT pg_current_xact_id()::text AS id');
    const statements = await runStatements(sql, { sql: bytes, statements: classification }, { plans: true, now: () => performance.now() });
    const { rows: [ended] } = await sql.query<{ id: string | null }>('SELECT pg_current_xact_id_if_assigned()::text AS id');
    if (ended?.id !== began!.id) return { do: 'fail', because: 'it ends the transaction that it runs in; take COMMIT and its like out' };
    const taken = await locksTaken(sql, known);
    await sql.query('ROLLBACK');
    const touched = [...taken].map(([relation, lock]) => ({ ...relation, lock }));
    const locks = touched.map(({ schema, name, lock }) => ({ relation: `${schema}.${name}`, mode: lock, blocks: blockedBy(lock) }));
    return { do: 'ran', statements, locks, touched, lines: await described(sql, touched, bytes) };
  } catch (error) {
    await sql.query('ROLLBACK').catch(() => {});
    return { do: 'fail', because: `it fails on the staging copy: ${failureIn(error)}` };
  }
}

/** Its locks come and go, and its rows are not counted. What it touches is what it names. */
async function outside(sql: Sql, { sql: bytes, classification }: Rehearsed): Promise<Ran | Failed> {
  const known = [...(await relations(sql)).values()];
  const names = classification.flatMap(({ objects }) => objects);
  const touched = known.filter(({ schema, name }) => [name, `${schema}.${name}`].some((written) => names.includes(written))).map((relation) => ({ ...relation, lock: 'AccessShareLock' }));
  const lines = await described(sql, touched, bytes);
  const began = performance.now();
  try {
    await runAlone(sql, bytes);
    return { do: 'ran', statements: [{ rows: 0, milliseconds: Math.round(performance.now() - began) }], locks: [], touched, lines };
  } catch (error) {
    return { do: 'fail', because: `it fails on the staging copy: ${failureIn(error)}` };
  }
}

interface Relation {
  readonly schema: string;
  readonly name: string;
}

/** Tables, views and sequences, by number: what is dropped or renamed keeps its number and its locks. */
async function relations(sql: Sql): Promise<ReadonlyMap<number, Relation>> {
  const { rows } = await sql.query<Relation & { oid: number }>(`
    SELECT c.oid::int8::float8 AS oid, n.nspname::text AS schema, c.relname::text AS name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname !~ '^pg_|^information_schema$' ORDER BY 2, 3`);
  return new Map(rows.map(({ oid, ...relation }) => [oid, relation]));
}

async function locksTaken(sql: Sql, known: ReadonlyMap<number, Relation>): Promise<ReadonlyMap<Relation, string>> {
  const { rows } = await sql.query<{ oid: number; mode: string }>(`
    SELECT relation::int8::float8 AS oid, mode FROM pg_catalog.pg_locks
    WHERE pid = pg_backend_pid() AND locktype = 'relation' AND granted AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())`);
  const modes = new Map<Relation, string>();
  for (const [oid, relation] of known) {
    const taken = rows.filter((row) => row.oid === oid).map(({ mode }) => mode);
    if (taken.length > 0) modes.set(relation, strongest(taken));
  }
  return modes;
}

function described(sql: Sql, touched: readonly Relation[], bytes: Uint8Array): Promise<readonly string[]> {
  return describe(sql, touched, new TextDecoder().decode(bytes));
}

/** Production, read by its administrator: the role that carries out changes may be frozen. */
async function compared({ folder, primary }: Sandbox, { id, sql: bytes }: Rehearsed, { statements, locks, touched }: Ran, staging: readonly string[]): Promise<RehearsalOutcome> {
  return connected(urlOf(ADMIN, readSecrets(folder).admin, primary, DATABASE), async (sql) => {
    await pin(sql, id);
    const { target } = await targetOf(sql, primary);
    const lines = await described(sql, touched, bytes);
    const other = [...lines.filter((line) => !staging.includes(line)), ...staging.filter((line) => !lines.includes(line))];
    if (other.length > 0) {
      const where = [...new Set(touched.filter(({ schema, name }) => other.some((line) => line.includes(`${schema}.${name} `))).map(({ schema, name }) => quoteQualified(schema, name)))];
      return { do: 'fail', because: `production is not as the staging copy is${where.length === 0 ? '' : `, in ${where.join(', ')}`}; what was tried there says nothing: make the copy anew` };
    }
    return { do: 'done', statements, locks, touched, target, lines };
  });
}
