import { classify, loadParser, type Statement } from '../../lib/core/sql';
import { sqlState } from '../../lib/database/sql';
import { connect, type Connection } from '../../lib/sandbox/connection';
import { EFFECTS, HIDDEN_CALLS, ORDINARY_READS } from '../core/sql-corpus/families';
import { SCHEMA } from '../core/sql-corpus/schema';
import { TRAPS } from '../core/sql-corpus/traps';
import { testServer } from '../sandbox/fixture';

/** The oracle would be ended by the statement itself, or wait for it. */
const NOT_RUN = /pg_terminate_backend|pg_sleep_for|pg_promote/;

interface Outcome {
  readonly sql: string;
  readonly statement: Statement;
  /** What PostgreSQL refuses it with in a read-only transaction, and otherwise. */
  readonly readOnly: string;
  readonly readWrite: string;
  /** In a transaction that could write, it took a transaction number: it wrote something. */
  readonly wrote: boolean;
}

let pg: Awaited<ReturnType<typeof testServer>>;
let sql: Connection;
let outcomes: Outcome[];

async function attempt(begin: string, text: string): Promise<{ state: string; wrote: boolean }> {
  await sql.query(begin);
  let state = 'ok';
  let wrote = false;
  try {
    await sql.query("SET LOCAL statement_timeout = '500ms'");
    await sql.query("SET LOCAL lock_timeout = '500ms'");
    await sql.query(text);
    wrote = (await sql.query<{ wrote: boolean }>('SELECT pg_current_xact_id_if_assigned() IS NOT NULL AS wrote')).rows[0]!.wrote;
  } catch (error) {
    state = sqlState(error) ?? (error as Error).message;
  }
  await sql.query('ROLLBACK');
  return { state, wrote };
}

beforeAll(async () => {
  pg = await testServer(17);
  sql = await connect(pg.superuserUrl('postgres'));
  await sql.script(SCHEMA);
  const parser = await loadParser();
  outcomes = [];
  const all = [...TRAPS, ...EFFECTS, ...HIDDEN_CALLS].map(([text]) => text).concat(ORDINARY_READS);
  for (const text of all) {
    const statements = classify(parser, text);
    if (statements.length !== 1 || NOT_RUN.test(text)) continue;
    const readOnly = await attempt('BEGIN READ ONLY', text);
    const reads = statements[0]!.kind === 'read';
    // What is not called a read is not let loose on the server of the test, but to see whether it runs in a transaction at all.
    const readWrite = reads ? await attempt('BEGIN', text) : { state: 'not run', wrote: false };
    outcomes.push({ sql: text, statement: statements[0]!, readOnly: readOnly.state, readWrite: readWrite.state, wrote: readWrite.wrote });
  }
}, 120_000);
afterAll(async () => {
  await sql?.end();
  await pg?.remove();
});

const shown = (list: readonly Outcome[]) => list.map(({ sql: text, statement, readOnly, readWrite }) => `${statement.kind}, ${readOnly}, ${readWrite}: ${text}`);

describe('beside PostgreSQL itself', () => {
  test('nothing that it refuses in a read-only transaction is called a read', () => {
    const refused = outcomes.filter(({ readOnly }) => readOnly === '25006');
    const reads = outcomes.filter(({ statement }) => statement.kind === 'read');
    process.stdout.write(`oracle: ${outcomes.length} statements, ${refused.length} refused with 25006, ${reads.length} called read\n`);
    expect(outcomes.length).toBeGreaterThan(2_500);
    expect(refused.length).toBeGreaterThan(700);
    expect(shown(refused.filter(({ statement }) => statement.kind === 'read'))).toEqual([]);
  });

  test('nothing that is called a read writes where it could', () => {
    expect(shown(outcomes.filter(({ statement, wrote }) => statement.kind === 'read' && wrote))).toEqual([]);
  });

  test('ordinary reads, which it carries out, are called reads', () => {
    const ordinary = new Set(ORDINARY_READS);
    const carriedOut = outcomes.filter(({ sql: text, readOnly }) => ordinary.has(text) && readOnly === 'ok');
    expect(shown(outcomes.filter(({ sql: text, readOnly }) => ordinary.has(text) && readOnly !== 'ok'))).toEqual([]);
    const called = carriedOut.filter(({ statement }) => statement.kind === 'read');
    expect(called.length / carriedOut.length).toBeGreaterThanOrEqual(0.995);
  });

  test('what cannot run inside a transaction is marked so', () => {
    const alone = outcomes.filter(({ readOnly }) => readOnly === '25001');
    expect(alone.length).toBeGreaterThan(5);
    expect(shown(alone.filter(({ statement }) => statement.transactional && !/^SET TRANSACTION/.test(statement.because)))).toEqual([]);
  });
});

test('no function that changes something by its nature is on the lists of those that read', async () => {
  const { rows } = await sql.query<{ name: string }>(`SELECT DISTINCT proname AS name FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND provolatile = 'v' ORDER BY 1`);
  const parser = await loadParser();
  const read = rows.map(({ name }) => name).filter((name) => classify(parser, `SELECT "${name}"()`)[0]!.kind === 'read');
  // Each was reviewed: it looks, draws or measures. A new one here needs the same.
  expect(read).toEqual(REVIEWED);
});

const REVIEWED = `
  array_sample array_shuffle clock_timestamp current_query currval gen_random_uuid lastval lo_get pg_blocking_pids pg_collation_actual_version
  pg_control_checkpoint pg_control_init pg_control_recovery pg_control_system pg_current_logfile pg_current_wal_flush_lsn
  pg_current_wal_insert_lsn pg_current_wal_lsn pg_database_collation_actual_version pg_database_size pg_get_backend_memory_contexts
  pg_get_multixact_members pg_get_shmem_allocations pg_get_wait_events pg_get_wal_replay_pause_state pg_get_wal_resource_managers
  pg_get_wal_summarizer_state pg_indexes_size pg_is_in_recovery pg_is_wal_replay_paused pg_isolation_test_session_is_blocked pg_jit_available
  pg_last_committed_xact pg_last_wal_receive_lsn pg_last_wal_replay_lsn pg_last_xact_replay_timestamp pg_lock_status
  pg_notification_queue_usage pg_partition_ancestors pg_partition_tree pg_prepared_xact pg_relation_size pg_replication_origin_progress
  pg_replication_origin_session_is_setup pg_replication_origin_session_progress pg_safe_snapshot_blocking_pids pg_sequence_last_value
  pg_show_replication_origin_status pg_stat_get_io pg_stat_get_recovery_prefetch pg_stat_get_xact_blocks_fetched pg_stat_get_xact_blocks_hit
  pg_stat_get_xact_function_calls pg_stat_get_xact_function_self_time pg_stat_get_xact_function_total_time pg_stat_get_xact_numscans
  pg_stat_get_xact_tuples_deleted pg_stat_get_xact_tuples_fetched pg_stat_get_xact_tuples_hot_updated pg_stat_get_xact_tuples_inserted
  pg_stat_get_xact_tuples_newpage_updated pg_stat_get_xact_tuples_returned pg_stat_get_xact_tuples_updated pg_stat_have_stats pg_table_size
  pg_tablespace_size pg_total_relation_size pg_xact_commit_timestamp pg_xact_commit_timestamp_origin pg_xact_status random random_normal
  timeofday txid_status`.trim().split(/\s+/);
