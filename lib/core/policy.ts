/**
 * Every number and name that the kit promises, once. test/core/policy.test.ts pins each value again as a literal,
 * so that weakening one is a visible edit in two places.
 */

/** Days that automated backups of production reach back, at least. RDS allows 1-35; Security Hub RDS.11 asks for 7. */
export const MINIMUM_BACKUP_RETENTION_DAYS = 7;

/** The most days that RDS can keep automated backups. */
export const MAXIMUM_BACKUP_RETENTION_DAYS = 35;

/** PostgreSQL major versions that the kit's roles, parameters and tests cover. */
export const SUPPORTED_POSTGRES_MAJORS = [15, 16, 17, 18] as const;

/**
 * First minor version, by major, in which RDS applies `recovery_min_apply_delay` to a replica.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rpg-delayed-replication.html
 */
export const DELAYED_REPLICA_SINCE: Readonly<Record<number, number>> = { 14: 19, 15: 14, 16: 10, 17: 6, 18: 0 };

/** The longest delay of a delayed replica, in hours. */
export const MAXIMUM_REPLICA_DELAY_HOURS = 24;

/** The longest that an agent's IAM session lives, in hours. */
export const AGENT_SESSION_HOURS = 1;

/**
 * The port of the replica and of the staging clone. Not PostgreSQL's own, so that the one port the agents' security
 * group opens is a port on which production does not listen; it must differ from production's.
 */
export const AGENT_DATABASE_PORT = 6432;

/** Start of the names of the databases that the kit creates. Clean-up code may delete nothing without it. */
export const DATABASE_PREFIX = { replica: 'agentread-', staging: 'agentstage-', delayed: 'agentundo-' } as const;

/** RDS instance identifiers are at most this long. */
export const MAXIMUM_IDENTIFIER_LENGTH = 63;

/** Start of every database role that belongs to an agent, and of no other role. */
export const AGENT_ROLE_PREFIX = 'agent_';

/** The tag that marks a resource as the kit's own; its value is the name of the deployment. */
export const KIT_TAG = 'cdk-agent-db-guardrails';

/** Days that statement logs stay searchable in CloudWatch Logs, unless asked otherwise. */
export const LOG_RETENTION_DAYS = 365;

/** Days that the archived copy of the statement log cannot be deleted or changed by anyone, unless asked otherwise. */
export const ARCHIVE_LOCK_DAYS = 365;

/** Minutes without a log line from a database after which `StatementLog` alarms, unless asked otherwise. */
export const LOG_SILENCE_MINUTES = 30;

/** Days that a recovery point in the vault is kept, unless asked otherwise. The vault's lock refuses fewer than the floor. */
export const RECOVERY_POINT_DAYS = 35;

/** Days of grace before a compliance lock becomes permanent. AWS Backup allows no fewer than 3. */
export const MINIMUM_COMPLIANCE_GRACE_DAYS = 3;

/** The shortest waiting period that AWS accepts for the deletion of a KMS key is 7 days; the kit's keys use the longest. */
export const KEY_DELETION_WINDOW_DAYS = 30;

/** Seconds after which CloudFormation gives up waiting for one of the kit's custom resources. */
export const CUSTOM_RESOURCE_TIMEOUT_SECONDS = 120;

/** The CIDR block of the agents' network, unless asked otherwise. */
export const AGENT_NETWORK_CIDR = '10.213.0.0/20';

/** The database role an agent reads the replica with: one role per agent, so that no agent can end another's sessions. */
export function readRoleName(agent: string): string {
  return `${AGENT_ROLE_PREFIX}${agent.replaceAll('-', '_')}_ro`;
}

/** The database role an agent writes to the staging clone with, once the clone is proven clean. */
export function stagingRoleName(agent: string): string {
  return `${AGENT_ROLE_PREFIX}${agent.replaceAll('-', '_')}_rw`;
}

/** The CIDR block of the network of a production database that the kit creates for evaluation, unless asked otherwise. */
export const EVALUATION_NETWORK_CIDR = '10.212.0.0/20';

/** Minutes that point-in-time recovery of production may lag behind before a deployment warns. RDS needs about five. */
export const RESTORABLE_LAG_WARNING_MINUTES = 60;

/** Days before the server certificate of production expires at which a deployment begins to warn. */
export const CERTIFICATE_WARNING_DAYS = 60;

/**
 * What an agent may be called: its name becomes part of role names in IAM and in PostgreSQL, and without its hyphens part of
 * the names of outputs.
 */
export const AGENT_NAME = /^(?=.{2,30}$)[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/**
 * The most characters, white space aside, of a managed policy.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const MAXIMUM_MANAGED_POLICY_CHARACTERS = 6144;

/**
 * The most characters of a service control policy, white space included.
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
 */
export const MAXIMUM_SERVICE_CONTROL_POLICY_CHARACTERS = 5120;

/** Sizes of the agents' network: /16 is the largest block that AWS accepts, /24 leaves each of four subnets 59 addresses. */
export const AGENT_NETWORK_PREFIXES = { largest: 16, smallest: 24 } as const;

/** The instance type of the host through which agents elsewhere reach the replica. It forwards bytes and runs nothing. */
export const ACCESS_HOST_INSTANCE_TYPE = 't4g.nano';

/** Hours without a completed backup after which `ProtectedBackups` alarms: a day, and time to start and to finish. */
export const BACKUP_OVERDUE_HOURS = 30;

/** Minutes without a log line after which `StatementLog` can alarm: the periods of a CloudWatch alarm, up to a day. */
export const LOG_SILENCE_RANGE = { least: 5, most: 1440 } as const;

/** The most days of a lock: AWS Backup and S3 Object Lock go up to 100 years. */
export const MAXIMUM_LOCK_DAYS = 36_500;

/** The most days that a recovery point is kept. */
export const MAXIMUM_RECOVERY_POINT_DAYS = 35_500;

/** The database role that carries out approved changes. No agent's: it does not begin with `AGENT_ROLE_PREFIX`. */
export const GATE_WRITER_ROLE = 'dbguard_gate_writer';

/** Key of the advisory lock that everything that changes the kit's database roles holds, so that one run waits for the other. */
export const ROLES_LOCK = 'cdk-agent-db-guardrails.roles';

/**
 * Limits of the kit's database roles, unless asked otherwise. A session can raise them for itself: they stop what is
 * forgotten, not what is malicious. The number of connections is the exception.
 */
export const ROLE_LIMITS = {
  read: {
    connections: 5, statementSeconds: 30, lockSeconds: 2, idleInTransactionSeconds: 10, idleSessionSeconds: 900,
    transactionSeconds: 60, temporaryFileMegabytes: 1024,
  },
  staging: {
    connections: 5, statementSeconds: 600, lockSeconds: 5, idleInTransactionSeconds: 60, idleSessionSeconds: 900,
    transactionSeconds: 1800, temporaryFileMegabytes: 5120,
  },
  writer: {
    connections: 2, statementSeconds: 300, lockSeconds: 5, idleInTransactionSeconds: 60, idleSessionSeconds: 900,
    transactionSeconds: 600, temporaryFileMegabytes: 5120,
  },
} as const;

/** Start of the name of the stack of an environment, which is also the name of the deployment. */
export const STACK_PREFIX = 'agent-db-guardrails-';

/** Bytes of UTF-8 beyond which a text is not classified: `unknown`, at once. */
export const MAXIMUM_SQL_BYTES = 1024 * 1024;

/** Levels of nesting beyond which a statement is not classified. The parser itself gives up at a few thousand. */
export const MAXIMUM_SQL_DEPTH = 2000;

/** Bodies of functions, views and rules that are looked into for one statement, where the catalog is asked. Beyond them: `unknown`. */
export const MAXIMUM_SQL_BODIES = 200;

/** Hours that a change request can be approved and executed, unless asked otherwise, and the most that can be asked for. */
export const CHANGE_EXPIRY_HOURS = { usual: 4, most: 168 } as const;

/** The most bytes of SQL in one change request. */
export const MAXIMUM_CHANGE_BYTES = 262_144;

/** The fewest characters of the digest that an approver types, to have looked at it. */
export const DIGEST_CHARACTERS = 6;

/**
 * Where names without a schema are looked for in a change, whatever the role or the database says. `pg_catalog` comes before
 * it by itself, and what is made without a schema is made in `public`.
 */
export const CHANGE_SEARCH_PATH = 'public, pg_temp';
