import type { Found } from '../../core/change/execution';
import type { ChangeDocument, Touched } from '../../core/change/document';
import { lockClause } from '../../core/change/locks';
import type { RestorePoint } from '../../core/change/request';
import { quoteIdentifier, quoteQualified } from '../../core/identifier';
import { CHANGE_SEARCH_PATH, ROLE_LIMITS } from '../../core/policy';
import type { Sql } from '../sql';
import { describe, fingerprintOf } from './fingerprint';

/**
 * What the gate decides about a session, whatever is set for the role, the database or the server: what the SQL means, and how
 * long it may take.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  standard_conforming_strings: 'on',
  backslash_quote: 'safe_encoding',
  transform_null_equals: 'off',
  client_encoding: 'UTF8',
  search_path: CHANGE_SEARCH_PATH,
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  bytea_output: 'hex',
  array_nulls: 'on',
  row_security: 'on',
  check_function_bodies: 'on',
  default_tablespace: '',
  default_transaction_read_only: 'off',
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
  synchronous_commit: 'on',
  statement_timeout: `${ROLE_LIMITS.writer.statementSeconds}s`,
  lock_timeout: `${ROLE_LIMITS.writer.lockSeconds}s`,
  idle_in_transaction_session_timeout: `${ROLE_LIMITS.writer.idleInTransactionSeconds}s`,
};

/** Makes a session of the gate's role the gate's own. Throws if the server keeps one of the settings from it. */
export async function pin(sql: Sql, id: string): Promise<void> {
  const wanted = { ...SETTINGS, application_name: `dbguard ${id}` };
  for (const [name, value] of Object.entries(wanted)) await sql.query('SELECT pg_catalog.set_config($1, $2, false)', [name, value]);
  const { rows } = await sql.query<{ strings: string; encoding: string; path: string }>(
    "SELECT current_setting('standard_conforming_strings') AS strings, current_setting('client_encoding') AS encoding, current_setting('search_path') AS path",
  );
  const { strings, encoding, path } = rows[0]!;
  if (strings !== 'on' || encoding !== 'UTF8' || path !== CHANGE_SEARCH_PATH) throw new Error('the server keeps settings from the gate without which SQL means something else');
}

/** Opens the transaction. The counters of what it changes start at nothing, whatever the session did before. */
export async function begin(sql: Sql): Promise<void> {
  await sql.query('SELECT pg_catalog.pg_stat_force_next_flush()');
  await sql.query('BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE');
}

export async function actAs(sql: Sql, runAs: string | undefined): Promise<void> {
  if (runAs !== undefined) await sql.query(`SET ROLE ${quoteIdentifier(runAs)}`);
}

/** Which database the session is in, by its own account. What it is called from outside is known by whoever connected. */
export async function whereAmI(sql: Sql): Promise<Omit<Found['target'], 'resourceId' | 'endpoint'> & { isReplica: boolean }> {
  const { rows: [row] } = await sql.query<{ database: string; port: number; system: string; timeline: number; replica: boolean }>(`
    SELECT current_database()::text AS database, inet_server_port() AS port, pg_is_in_recovery() AS replica,
      (SELECT system_identifier::text FROM pg_catalog.pg_control_system()) AS system, (SELECT timeline_id FROM pg_catalog.pg_control_checkpoint()) AS timeline`);
  return { database: row!.database, port: row!.port, systemIdentifier: row!.system, timeline: row!.timeline, isReplica: row!.replica };
}

/** The moment before, and by what the transaction is found again. */
export async function restorePoint(sql: Sql, transactional: boolean): Promise<{ restorable: RestorePoint; session: number }> {
  const { rows: [row] } = await sql.query<{ at: string; lsn: string; session: number; transaction: string | null }>(`
    SELECT clock_timestamp()::text AS at, pg_current_wal_insert_lsn()::text AS lsn, pg_backend_pid() AS session,
      ${transactional ? 'pg_current_xact_id()::text' : 'NULL'} AS transaction`);
  return { restorable: { at: row!.at, lsn: row!.lsn, transaction: row!.transaction ?? undefined }, session: row!.session };
}

/** Takes the locks that the change needs, before it is looked whether everything is as it was: from then on nobody alters it. */
export async function lockTouched(sql: Sql, touched: readonly Touched[]): Promise<void> {
  const { rows } = await sql.query<{ schema: string; name: string }>(`
    SELECT n.nspname::text AS schema, c.relname::text AS name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN unnest($1::text[], $2::text[]) AS w(schema, name) ON w.schema = n.nspname AND w.name = c.relname WHERE c.relkind IN ('r', 'p')`,
  [touched.map(({ schema }) => schema), touched.map(({ name }) => name)]);
  const there = new Set(rows.map(({ schema, name }) => quoteQualified(schema, name)));
  for (const { schema, name, lock } of touched) {
    const table = quoteQualified(schema, name);
    if (there.has(table)) await sql.query(`LOCK TABLE ONLY ${table} IN ${lockClause(lock)} MODE`);
  }
}

export async function fingerprint(sql: Sql, { sql: bytes, touched }: Pick<ChangeDocument, 'sql' | 'touched'>): Promise<string> {
  return fingerprintOf(await describe(sql, touched, new TextDecoder().decode(bytes)));
}

/** What became of a transaction, from PostgreSQL's commit log. */
export async function transactionStatus(sql: Sql, transaction: string): Promise<'committed' | 'not-committed' | 'running' | 'forgotten'> {
  const { rows: [row] } = await sql.query<{ status: string | null }>('SELECT pg_catalog.pg_xact_status($1::pg_catalog.xid8) AS status', [transaction]);
  switch (row!.status) {
    case 'committed': return 'committed';
    case 'aborted': return 'not-committed';
    case 'in progress': return 'running';
    default: return 'forgotten';
  }
}
