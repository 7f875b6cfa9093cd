import * as policy from '../../lib/core/policy';

/** Each promised value again, as a literal: weakening one has to be done in two places. */
const PROMISED: Record<keyof typeof policy, unknown> = {
  MINIMUM_BACKUP_RETENTION_DAYS: 7,
  MAXIMUM_BACKUP_RETENTION_DAYS: 35,
  SUPPORTED_POSTGRES_MAJORS: [15, 16, 17, 18],
  DELAYED_REPLICA_SINCE: { 14: 19, 15: 14, 16: 10, 17: 6, 18: 0 },
  MAXIMUM_REPLICA_DELAY_HOURS: 24,
  AGENT_SESSION_HOURS: 1,
  AGENT_DATABASE_PORT: 6432,
  DATABASE_PREFIX: { replica: 'agentread-', staging: 'agentstage-', delayed: 'agentundo-' },
  MAXIMUM_IDENTIFIER_LENGTH: 63,
  AGENT_ROLE_PREFIX: 'agent_',
  KIT_TAG: 'cdk-agent-db-guardrails',
  LOG_RETENTION_DAYS: 365,
  ARCHIVE_LOCK_DAYS: 365,
  LOG_SILENCE_MINUTES: 30,
  RECOVERY_POINT_DAYS: 35,
  MINIMUM_COMPLIANCE_GRACE_DAYS: 3,
  KEY_DELETION_WINDOW_DAYS: 30,
  CUSTOM_RESOURCE_TIMEOUT_SECONDS: 120,
  AGENT_NETWORK_CIDR: '10.213.0.0/20',
  EVALUATION_NETWORK_CIDR: '10.212.0.0/20',
  RESTORABLE_LAG_WARNING_MINUTES: 60,
  CERTIFICATE_WARNING_DAYS: 60,
  AGENT_NAME: /^(?=.{2,30}$)[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/,
  MAXIMUM_MANAGED_POLICY_CHARACTERS: 6144,
  MAXIMUM_SERVICE_CONTROL_POLICY_CHARACTERS: 5120,
  AGENT_NETWORK_PREFIXES: { largest: 16, smallest: 24 },
  ACCESS_HOST_INSTANCE_TYPE: 't4g.nano',
  BACKUP_OVERDUE_HOURS: 30,
  LOG_SILENCE_RANGE: { least: 5, most: 1440 },
  MAXIMUM_LOCK_DAYS: 36_500,
  MAXIMUM_RECOVERY_POINT_DAYS: 35_500,
  STACK_PREFIX: 'agent-db-guardrails-',
  MAXIMUM_SQL_BYTES: 1_048_576,
  MAXIMUM_SQL_DEPTH: 2000,
  MAXIMUM_SQL_BODIES: 200,
  GATE_WRITER_ROLE: 'dbguard_gate_writer',
  ROLES_LOCK: 'cdk-agent-db-guardrails.roles',
  ROLE_LIMITS: {
    read: { connections: 5, statementSeconds: 30, lockSeconds: 2, idleInTransactionSeconds: 10, idleSessionSeconds: 900, transactionSeconds: 60, temporaryFileMegabytes: 1024 },
    staging: { connections: 5, statementSeconds: 600, lockSeconds: 5, idleInTransactionSeconds: 60, idleSessionSeconds: 900, transactionSeconds: 1800, temporaryFileMegabytes: 5120 },
    writer: { connections: 2, statementSeconds: 300, lockSeconds: 5, idleInTransactionSeconds: 60, idleSessionSeconds: 900, transactionSeconds: 600, temporaryFileMegabytes: 5120 },
  },
  CHANGE_EXPIRY_HOURS: { usual: 4, most: 168 },
  MAXIMUM_CHANGE_BYTES: 262_144,
  DIGEST_CHARACTERS: 6,
  CHANGE_SEARCH_PATH: 'public, pg_temp',
  readRoleName: expect.any(Function),
  stagingRoleName: expect.any(Function),
};

test('every promised number and name is what it was promised to be', () => {
  expect({ ...policy }).toEqual(PROMISED);
});

test('an agent has one database role to read and another to write to staging, both recognizable as an agent\'s', () => {
  expect(policy.readRoleName('on-call')).toBe('agent_on_call_ro');
  expect(policy.stagingRoleName('on-call')).toBe('agent_on_call_rw');
});
