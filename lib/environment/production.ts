import type { z } from 'zod';
import { EVALUATION_NETWORK_CIDR, MAXIMUM_BACKUP_RETENTION_DAYS, MINIMUM_BACKUP_RETENTION_DAYS } from '../core/policy';
import { fields, list, oneOf, text, whole } from './fields';
import {
  awsId,
  databaseName,
  endpoint,
  engineVersion,
  existingCidr,
  instanceClass,
  instanceIdentifier,
  KEY_ARN,
  networkCidr,
  resourceId,
  SECRET_ARN,
} from './kinds';

/** Class of the database that `create` makes, and the version it runs: the newest 17 that aws-cdk-lib knows. */
const EVALUATION = { instanceClass: 'db.t4g.micro', engineVersion: '17.9' } as const;

/** Limits of AWS and PostgreSQL: ports of RDS, GiB of gp3 storage, the most that the settings of a standby can be. */
const PORTS = { from: 1150, to: 65_535 } as const;
const STORAGE_GIB = { from: 20, to: 65_536 } as const;
const MOST_SLOTS = 262_143;

const standbyMinimum = () => whole(0, MOST_SLOTS).optional();

export const existing = fields({
  instanceIdentifier: instanceIdentifier().describe('`DBInstanceIdentifier` of the production database.'),
  resourceId: resourceId().describe('`DbiResourceId`: begins with `db-`, never changes, and is not the ARN.'),
  endpoint: endpoint().describe('`Endpoint.Address` of the primary.'),
  port: whole(PORTS.from, PORTS.to)
    .default(5432)
    .describe("`Endpoint.Port`. Must differ from the port of the agents' databases, 6432."),
  engineVersion: engineVersion('a PostgreSQL version with its minor, as RDS reports it, such as 16.10').describe(
    '`EngineVersion`, with its minor version.',
  ),
  databases: list(
    databaseName(/^[A-Za-z_][\w$-]{0,62}$/, 'the name of a database on the server, such as orders'),
    '["orders"]',
    1,
  )
    .meta({ kind: 'list of database names' })
    .describe('The databases on the server that agents are to read. Not enforced before database roles are provisioned.'),
  instanceClass: instanceClass().describe("`DBInstanceClass`: the agents' databases are of the same class unless told otherwise."),
  allocatedStorageGiB: whole(5, STORAGE_GIB.to, 'GiB')
    .optional()
    .describe('`AllocatedStorage`, for the cost table only: replica and clone are as large as production.'),
  vpcId: awsId('VPC id', 'vpc')
    .optional()
    .describe("`DBSubnetGroup.VpcId`. Needed when `network.reach` is `lattice`. Nothing in production's network is changed."),
  vpcCidrs: list(existingCidr(), '["10.0.0.0/16"]', 1)
    .optional()
    .meta({ kind: 'list of IPv4 CIDR blocks' })
    .describe(
      "All blocks of production's network, so that an overlap with the agents' network is found. " +
        'Needed when `network.reach` is `lattice`.',
    ),
  subnetIds: list(awsId('subnet id', 'subnet'), '["subnet-0123456789abcdef0"]', 1)
    .optional()
    .meta({ kind: 'list of subnet ids' })
    .describe("Subnets of production's subnet group. Needed when `network.reach` is `lattice`, and for `roles.admission`."),
  availabilityZones: list(
    text('Availability Zone', 'an Availability Zone such as eu-central-1a', (value) =>
      /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}([a-z]|(-[a-z]+)+-\d[a-z])$/.test(value),
    ),
    '["eu-central-1a", "eu-central-1b"]',
    1,
  )
    .optional()
    .meta({ kind: 'list of Availability Zones' })
    .describe('The zone of each of `subnetIds`, in the same order.'),
  securityGroupId: awsId('security group id', 'sg')
    .optional()
    .describe("Production's security group. Nothing in it is changed, unless `roles.admission.inboundRule` says so."),
  masterSecretArn: text(
    'secret ARN',
    'the ARN of the secret, such as arn:aws:secretsmanager:eu-central-1:111122223333:secret:orders-AbCdEf; never its value',
    (value) => SECRET_ARN.test(value),
  )
    .optional()
    .describe('`MasterUserSecret.SecretArn`. The ARN, never the secret. Needed for `roles.admission`; nothing else reads it.'),
  masterSecretKeyArn: text(
    'KMS key ARN',
    'the ARN of the KMS key of the secret, such as arn:aws:kms:eu-central-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef',
    (value) => KEY_ARN.test(value),
  )
    .optional()
    .describe('`MasterUserSecret.KmsKeyId` where it is a customer managed key. Left out: the key `aws/secretsmanager`.'),
  encryptionKeyArn: text(
    'KMS key ARN',
    'the ARN of a KMS key, such as arn:aws:kms:eu-central-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef; not an alias',
    (value) => KEY_ARN.test(value),
  )
    .optional()
    .describe('`KmsKeyId` of a customer managed key, which encrypts the copies too.'),
  standbyMinimums: fields({
    maxConnections: standbyMinimum().describe('`max_connections` of production.'),
    maxWorkerProcesses: standbyMinimum().describe('`max_worker_processes` of production.'),
    maxWalSenders: standbyMinimum().describe('`max_wal_senders` of production.'),
    maxPreparedTransactions: standbyMinimum().describe('`max_prepared_transactions` of production.'),
    maxLocksPerTransaction: standbyMinimum().describe('`max_locks_per_transaction` of production.'),
  })
    .optional()
    .describe(
      'Settings in which a replica may not be lower than production, or it does not start. Needed when the class of the ' +
        'replica is smaller: RDS derives `max_connections` from it.',
    ),
}).describe('An RDS for PostgreSQL instance that exists. The deployment changes nothing on it, but for what `roles.admission` allows.');

export const create = fields({
  instanceIdentifier: instanceIdentifier().default('evaluation').describe('Its identifier.'),
  engineVersion: engineVersion('a PostgreSQL version with its minor, such as 17.9')
    .default(EVALUATION.engineVersion)
    .describe('The version it runs.'),
  instanceClass: instanceClass().default(EVALUATION.instanceClass).describe('Its instance class.'),
  allocatedStorageGiB: whole(STORAGE_GIB.from, STORAGE_GIB.to, 'GiB').default(STORAGE_GIB.from).describe('gp3 storage.'),
  database: databaseName(/^[A-Za-z]\w{0,62}$/, 'letters, digits and underscores, the first a letter, such as app')
    .default('app')
    .describe('The one database that RDS makes on it.'),
  port: whole(PORTS.from, PORTS.to).default(5433).describe("Its port. Must differ from the port of the agents' databases, 6432."),
  backupRetentionDays: whole(MINIMUM_BACKUP_RETENTION_DAYS, MAXIMUM_BACKUP_RETENTION_DAYS, 'days')
    .default(MINIMUM_BACKUP_RETENTION_DAYS)
    .describe('How far back it can be restored to any second.'),
  cidr: networkCidr().default(EVALUATION_NETWORK_CIDR).describe('The network made for it.'),
}).describe('A production database to try the kit out with. It is kept when the stack is destroyed.');

export const production = oneOf({ existing: existing.optional(), create: create.optional() }).describe(
  'The database that is guarded: `existing` or `create`.',
);

export type Existing = z.output<typeof existing>;
export type Created = z.output<typeof create>;
