import type { Expected, SeenInstance } from '../../lib/core/production-check/types';

/** What the deployment says of production. */
export const expected: Expected = {
  identifier: 'orders',
  arn: 'arn:aws:rds:eu-central-1:123456789012:db:orders',
  resourceId: 'db-ABCDEFGHIJKLMNOPQRSTUVWXY2',
  endpoint: 'orders.abc123.eu-central-1.rds.amazonaws.com',
  port: 5432,
  engineVersion: '16.10',
  backupRetentionDays: 7,
  iamAuthentication: 'not-required',
  replicaPlacement: 'agent-network',
  ownReplicas: ['agentread-orders'],
};

/** An instance at which nothing is missing and nothing could be better. */
export const sound: SeenInstance = {
  DBInstanceIdentifier: 'orders',
  DBInstanceStatus: 'available',
  DbiResourceId: 'db-ABCDEFGHIJKLMNOPQRSTUVWXY2',
  Endpoint: { Address: 'orders.abc123.eu-central-1.rds.amazonaws.com', Port: 5432 },
  Engine: 'postgres',
  EngineVersion: '16.10',
  ReadReplicaDBInstanceIdentifiers: ['agentread-orders'],
  BackupRetentionPeriod: 7,
  LatestRestorableTime: new Date('2026-11-20T11:55:00Z'),
  DeletionProtection: true,
  StorageEncrypted: true,
  PubliclyAccessible: false,
  IAMDatabaseAuthenticationEnabled: false,
  CopyTagsToSnapshot: true,
  MultiAZ: true,
  AutoMinorVersionUpgrade: true,
  CertificateDetails: { ValidTill: new Date('2027-11-20T00:00:00Z') },
  DBSubnetGroup: { DBSubnetGroupName: 'orders-subnets' },
  VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-1' }, { VpcSecurityGroupId: 'sg-2' }],
  DBParameterGroups: [{ DBParameterGroupName: 'orders-16' }],
  PendingModifiedValues: {},
};

export const now = new Date('2026-11-20T12:00:00Z');
