import type { EngineVersion } from './engine-version';

/** What a database is there for; it decides what is logged and what alarms. */
export type DatabasePurpose = 'replica' | 'staging' | 'delayed' | 'production';

/**
 * Start of every line of the database logs: time, client, user, database, process. RDS writes exactly this unless it is
 * told otherwise, for every version and for production databases that the kit does not configure, so it is never set.
 * The only other value that RDS accepts ends in the application name, which the client chooses and can forge.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Concepts.PostgreSQL.overview.parameter-groups.html
 */
export const LOG_LINE_PREFIX = '%t:%r:%u@%d:[%p]:';

/**
 * Settings in which a standby may not be smaller than its primary: otherwise it stops replaying or does not start.
 * RDS derives `max_connections` from the instance class, so a replica smaller than production needs it stated.
 * @see https://www.postgresql.org/docs/current/hot-standby.html#HOT-STANDBY-ADMIN
 */
export interface StandbyMinimums {
  readonly maxConnections?: number;
  readonly maxWorkerProcesses?: number;
  readonly maxWalSenders?: number;
  readonly maxPreparedTransactions?: number;
  readonly maxLocksPerTransaction?: number;
}

export interface PostgresParameterOptions {
  /**
   * How far a delayed replica stays behind, in minutes. Other purposes ignore it.
   * @default 60
   */
  readonly delayMinutes?: number;
  /**
   * What production has set, where it is more than RDS would choose for the replica's instance class.
   * Only standbys (`replica`, `delayed`) use it.
   * @default - what RDS derives from the instance class
   */
  readonly standbyMinimums?: StandbyMinimums;
}

/** The family of a DB parameter group: `postgres16`. */
export function parameterFamily(version: EngineVersion): string {
  return `postgres${version.major}`;
}

/**
 * The DB parameter group of a database: TLS forced, statements and connections logged, no bind values in the log,
 * limits on what one session can hold up. Every parameter is one that RDS for PostgreSQL lets its users set.
 */
export function postgresParameters(
  purpose: DatabasePurpose, version: EngineVersion, options: PostgresParameterOptions = {},
): Record<string, string> {
  return { ...transport(), ...logging(purpose, version), ...limits(purpose, options) };
}

function transport(): Record<string, string> {
  return { 'rds.force_ssl': '1' };
}

function logging(purpose: DatabasePurpose, version: EngineVersion): Record<string, string> {
  const everything = purpose !== 'production';
  return {
    // pgAudit logs without its extension being created. It repeats what `log_statement` logs, and costs its room on the disk,
    // because it alone sees statements inside functions and DO blocks, and says which are writes whatever their text.
    'shared_preload_libraries': 'pg_stat_statements,pgaudit',
    'pgaudit.log': everything ? 'all' : 'ddl,role,write',
    // Each text once for each statement that pgAudit sees, not once for each entry about it.
    'pgaudit.log_statement_once': '1',
    'log_statement': everything ? 'all' : 'ddl',
    // The statement is the record; the values bound to it are the customers' data.
    'pgaudit.log_parameter': '0',
    'log_parameter_max_length': '0', // bytes
    'log_parameter_max_length_on_error': '0', // bytes
    // Would log a slow text once more while it is parsed and bound, and on production text that is otherwise not logged.
    'log_min_duration_statement': '-1',
    // Since PostgreSQL 18 a list of what to log about a connection instead of a switch.
    'log_connections': version.major >= 18 ? 'all' : '1',
    'log_disconnections': '1',
    'log_error_verbosity': 'default',
    // RDS writes a heartbeat every few minutes, which ends in a checkpoint: a log that stays empty is broken.
    'log_checkpoints': '1',
    'log_lock_waits': '1',
    // The copy on the instance, beside CloudWatch; where everything is logged it must not fill the disk. 1440 to 10080.
    'rds.log_retention_period': everything ? '1440' : '10080', // minutes
  };
}

function limits(purpose: DatabasePurpose, options: PostgresParameterOptions): Record<string, string> {
  switch (purpose) {
    case 'replica':
      return {
        ...sessionLimits({ statement: 300_000, lock: 10_000, idleInTransaction: 60_000, idle: 900_000 }),
        // A query of an agent never holds back the clean-up of dead rows on production; it is cancelled instead.
        'hot_standby_feedback': '0',
        'max_standby_streaming_delay': '60000', // milliseconds
        'max_standby_archive_delay': '60000', // milliseconds
        // Sorts that spill without end would fill the disk and stop replication, and production would keep its changes for a
        // replica that takes none, on its own disk. No session can lift it, but each has it anew: alarms watch the disk too.
        'temp_file_limit': '1048576', // kB, per process
        ...standbyMinimums(options),
      };
    case 'delayed':
      return {
        'hot_standby_feedback': '0',
        'recovery_min_apply_delay': String((options.delayMinutes ?? 60) * 60_000), // milliseconds
        ...standbyMinimums(options),
      };
    case 'staging':
      return {
        ...sessionLimits({ statement: 3_600_000, lock: 30_000, idleInTransaction: 300_000, idle: 3_600_000 }),
        ...passwords(),
      };
    case 'production':
      return passwords();
  }
}

/** Milliseconds. A session can set these for itself; they stop what is forgotten, not what is malicious. */
function sessionLimits(limit: { statement: number; lock: number; idleInTransaction: number; idle: number }): Record<string, string> {
  return {
    'statement_timeout': String(limit.statement),
    'lock_timeout': String(limit.lock),
    'idle_in_transaction_session_timeout': String(limit.idleInTransaction),
    'idle_session_timeout': String(limit.idle),
  };
}

/** Where roles can be changed: strong hashes, and no role changes its own password behind the administrator's back. */
function passwords(): Record<string, string> {
  return { 'password_encryption': 'scram-sha-256', 'rds.restrict_password_commands': '1' };
}

function standbyMinimums({ standbyMinimums: minimums = {} }: PostgresParameterOptions): Record<string, string> {
  const named = {
    max_connections: minimums.maxConnections,
    max_worker_processes: minimums.maxWorkerProcesses,
    max_wal_senders: minimums.maxWalSenders,
    max_prepared_transactions: minimums.maxPreparedTransactions,
    max_locks_per_transaction: minimums.maxLocksPerTransaction,
  };
  return Object.fromEntries(
    Object.entries(named).filter(([, value]) => value !== undefined).map(([name, value]) => [name, String(value)]),
  );
}
