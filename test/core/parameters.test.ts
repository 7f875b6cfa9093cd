import { parseEngineVersion } from '../../lib/core/engine-version';
import { LOG_LINE_PREFIX, parameterFamily, postgresParameters, type DatabasePurpose } from '../../lib/core/parameters';

const version = (text: string) => parseEngineVersion(text)!;
const PURPOSES: DatabasePurpose[] = ['replica', 'staging', 'delayed', 'production'];

test('a parameter group belongs to the family of the major version', () => {
  expect(parameterFamily(version('16.10'))).toBe('postgres16');
  expect(parameterFamily(version('18'))).toBe('postgres18');
});

describe.each(PURPOSES)('%s', (purpose) => {
  const parameters = postgresParameters(purpose, version('16.10'));

  test('refuses connections without TLS', () => {
    expect(parameters['rds.force_ssl']).toBe('1');
  });

  test('logs connections and audits statements, but no value bound to a statement', () => {
    expect(parameters).toMatchObject({
      'shared_preload_libraries': 'pg_stat_statements,pgaudit',
      'log_connections': '1',
      'log_disconnections': '1',
      'pgaudit.log_parameter': '0',
      'log_parameter_max_length': '0',
      'log_parameter_max_length_on_error': '0',
      'log_error_verbosity': 'default',
    });
  });

  test('always has something to log, so that silence means that logging is broken', () => {
    expect(parameters.log_checkpoints).toBe('1');
  });

  test('keeps the start of log lines that RDS writes for every version', () => {
    expect(parameters).not.toHaveProperty('log_line_prefix');
    expect(LOG_LINE_PREFIX).toBe('%t:%r:%u@%d:[%p]:');
  });

  test('names values as RDS does: 0 and 1 for switches, whole numbers, lists', () => {
    for (const value of Object.values(parameters)) expect(value).toMatch(/^(-?\d+|[a-z_,0-9-]+)$/);
  });
});

test('every statement on what is made for agents is logged', () => {
  for (const purpose of ['replica', 'staging', 'delayed'] as const) {
    expect(postgresParameters(purpose, version('16.10'))).toMatchObject({ 'log_statement': 'all', 'pgaudit.log': 'all' });
  }
});

test('the text of a statement is logged no more often than there is something new to say, and leaves the disk after a day', () => {
  for (const purpose of ['replica', 'staging', 'delayed'] as const) {
    expect(postgresParameters(purpose, version('16.10'))).toMatchObject({
      'pgaudit.log_statement_once': '1', 'log_min_duration_statement': '-1', 'rds.log_retention_period': '1440',
    });
  }
});

test('on production the text of ordinary reading, with the data in it, stays out of the log', () => {
  expect(postgresParameters('production', version('16.10'))).toMatchObject({
    'log_statement': 'ddl', 'pgaudit.log': 'ddl,role,write', 'log_min_duration_statement': '-1', 'rds.log_retention_period': '10080',
  });
});

test('PostgreSQL 18 lists what to log of a connection', () => {
  expect(postgresParameters('replica', version('17.6')).log_connections).toBe('1');
  expect(postgresParameters('replica', version('18.1')).log_connections).toBe('all');
});

test('a session on the replica cannot hold back production, fill the disk or stay for ever', () => {
  expect(postgresParameters('replica', version('16.10'))).toMatchObject({
    hot_standby_feedback: '0',
    max_standby_streaming_delay: '60000',
    max_standby_archive_delay: '60000',
    temp_file_limit: '1048576',
    statement_timeout: '300000',
    lock_timeout: '10000',
    idle_in_transaction_session_timeout: '60000',
    idle_session_timeout: '900000',
  });
});

test('the staging clone has limits too, wide enough for a migration', () => {
  expect(postgresParameters('staging', version('16.10'))).toMatchObject({
    statement_timeout: '3600000', lock_timeout: '30000', idle_in_transaction_session_timeout: '300000', idle_session_timeout: '3600000',
  });
});

test('where roles can be changed, they have strong password hashes and cannot change their own', () => {
  for (const purpose of ['staging', 'production'] as const) {
    expect(postgresParameters(purpose, version('16.10'))).toMatchObject({
      'password_encryption': 'scram-sha-256', 'rds.restrict_password_commands': '1',
    });
  }
});

test('production gets no timeouts: they would break applications', () => {
  expect(Object.keys(postgresParameters('production', version('16.10'))).filter((name) => name.endsWith('timeout'))).toEqual([]);
});

test('a delayed replica stays behind by the given time, one hour unless asked otherwise', () => {
  expect(postgresParameters('delayed', version('16.10')).recovery_min_apply_delay).toBe('3600000');
  expect(postgresParameters('delayed', version('16.10'), { delayMinutes: 24 * 60 }).recovery_min_apply_delay).toBe('86400000');
  expect(postgresParameters('replica', version('16.10'), { delayMinutes: 60 })).not.toHaveProperty('recovery_min_apply_delay');
});

test('a standby can be given what production has set, so that it starts on a smaller instance', () => {
  const standbyMinimums = { maxConnections: 1000, maxWorkerProcesses: 16, maxWalSenders: 20, maxPreparedTransactions: 0, maxLocksPerTransaction: 128 };
  const expected = {
    max_connections: '1000', max_worker_processes: '16', max_wal_senders: '20', max_prepared_transactions: '0', max_locks_per_transaction: '128',
  };

  expect(postgresParameters('replica', version('16.10'), { standbyMinimums })).toMatchObject(expected);
  expect(postgresParameters('delayed', version('16.10'), { standbyMinimums })).toMatchObject(expected);
  expect(postgresParameters('replica', version('16.10'), { standbyMinimums: { maxConnections: 5 } })).not.toHaveProperty('max_wal_senders');
  expect(postgresParameters('staging', version('16.10'), { standbyMinimums })).not.toHaveProperty('max_connections');
});
