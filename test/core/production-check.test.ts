import { execFileSync } from 'node:child_process';
import { awsCli, shellWord } from '../../lib/core/aws-cli';
import { checkProduction, nextLook, type Sight } from '../../lib/core/production-check/check';
import { FAILURE_LIMIT, renderFailure, renderItems } from '../../lib/core/production-check/report';
import type { Expected, Item, SeenInstance } from '../../lib/core/production-check/types';
import { readExpected } from '../../lib/core/production-check/properties';
import { expected, now, sound } from './production-check-fixture';

const check = (seen: Partial<SeenInstance>, wanted: Partial<Expected> = {}) => checkProduction({ ...expected, ...wanted }, { ...sound, ...seen }, now);
const oneMissing = (seen: Partial<SeenInstance>, wanted: Partial<Expected> = {}): Item => {
  const report = check(seen, wanted);
  expect(report.verdict).toBe('fail');
  expect(report.missing).toHaveLength(1);
  return report.missing[0]!;
};
const MODIFY = 'aws rds modify-db-instance --db-instance-identifier orders';
const REGION = '--region eu-central-1';

describe('a production database', () => {
  test('passes without a warning when nothing is missing', () => {
    expect(check({})).toEqual({ verdict: 'pass', missing: [], warnings: [] });
  });

  test.each<[string, Partial<SeenInstance>, Item]>([
    ['nothing to restore to, and is not new', { LatestRestorableTime: undefined, InstanceCreateTime: new Date('2026-11-18T12:00:00Z') }, {
      what: 'point-in-time recovery must reach the last day', saw: 'there is nothing to restore to',
      fix: `see why in aws rds describe-events --source-type db-instance --source-identifier orders --duration 1440 ${REGION}`,
    }],
    ['backups that stopped two days ago', { LatestRestorableTime: new Date('2026-11-18T11:00:00Z') }, {
      what: 'point-in-time recovery must reach the last day', saw: 'it ends at 2026-11-18T11:00:00.000Z',
      fix: `see why in aws rds describe-events --source-type db-instance --source-identifier orders --duration 1440 ${REGION}`,
    }],
    ['keeps its backups for a day', { BackupRetentionPeriod: 1 }, {
      what: 'automated backups must reach back at least 7 days', saw: 'they reach back 1 day',
      fix: `${MODIFY} --backup-retention-period 7 --apply-immediately ${REGION}`,
    }],
    ['keeps its backups for six days', { BackupRetentionPeriod: 6 }, {
      what: 'automated backups must reach back at least 7 days', saw: 'they reach back 6 days',
      fix: `${MODIFY} --backup-retention-period 7 --apply-immediately ${REGION}`,
    }],
    ['makes no backups', { BackupRetentionPeriod: 0 }, {
      what: 'automated backups must reach back at least 7 days', saw: 'they are off',
      fix: `${MODIFY} --backup-retention-period 7 --apply-immediately ${REGION}`,
      warning: 'turning backups on interrupts the database for seconds to minutes',
    }],
    ['is about to lose its backups', { PendingModifiedValues: { BackupRetentionPeriod: 0 } }, {
      what: 'automated backups must reach back at least 7 days', saw: 'a change to 0 days waits for the maintenance window',
      fix: `${MODIFY} --backup-retention-period 7 --apply-immediately ${REGION}`,
      warning: 'it also applies what waits for the maintenance window (BackupRetentionPeriod)',
    }],
    ['leaves its backups to AWS Backup, for too short a time', { BackupRetentionPeriod: 3, AwsBackupRecoveryPointArn: 'arn:aws:backup:x' }, {
      what: 'automated backups must reach back at least 7 days', saw: 'they reach back 3 days',
      fix: `${MODIFY} --backup-retention-period 7 --apply-immediately ${REGION}`,
      warning: 'AWS Backup manages these backups, so raise the retention of the continuous rule in its plan instead',
    }],
    ['can be deleted', { DeletionProtection: false }, {
      what: 'deletion protection must be on', saw: 'it is off', fix: `${MODIFY} --deletion-protection ${REGION}`,
    }],
    ['loses its tags in snapshots', { CopyTagsToSnapshot: false }, {
      what: 'copying of tags to snapshots must be on', saw: 'it is off', fix: `${MODIFY} --copy-tags-to-snapshot ${REGION}`,
    }],
    ['is public', { PubliclyAccessible: true }, {
      what: 'public access must be off', saw: 'it is on', fix: `${MODIFY} --no-publicly-accessible ${REGION}`,
      warning: 'clients outside its network can no longer connect',
    }],
    ['is not encrypted', { StorageEncrypted: false }, {
      what: 'storage encryption must be on', saw: 'it is off',
      fix: [
        `aws rds create-db-snapshot --db-instance-identifier orders --db-snapshot-identifier orders-plain ${REGION}`,
        `aws rds wait db-snapshot-available --db-snapshot-identifier orders-plain ${REGION}`,
        `aws rds copy-db-snapshot --source-db-snapshot-identifier orders-plain --target-db-snapshot-identifier orders-encrypted --kms-key-id alias/YOUR-KEY ${REGION}`,
        `aws rds wait db-snapshot-available --db-snapshot-identifier orders-encrypted ${REGION}`,
        'aws rds restore-db-instance-from-db-snapshot --db-instance-identifier orders-encrypted --db-snapshot-identifier orders-encrypted '
          + `--db-subnet-group-name orders-subnets --vpc-security-group-ids sg-1 sg-2 --db-parameter-group-name orders-16 ${REGION}`,
      ].join(' && '),
      warning: 'this makes a NEW database, with another endpoint and resource id and without what is written after the snapshot: stop writes '
        + 'first, then describe the new one as production. A database cannot be encrypted in place, and its template must not try: '
        + 'CloudFormation would replace it with an empty one',
    }],
    ['runs an unsupported version', { EngineVersion: '13.12' }, {
      what: 'the major version must be one of 15, 16, 17, 18', saw: 'the instance runs 13.12',
      fix: `choose a target with aws rds describe-db-engine-versions --engine postgres --engine-version 13.12 --query 'DBEngineVersions[].ValidUpgradeTarget[].EngineVersion' ${REGION}`
        + ` and apply it with ${MODIFY} --engine-version TARGET --allow-major-version-upgrade --apply-immediately ${REGION}`,
      warning: 'a major version upgrade interrupts the database and cannot be undone: rehearse it on a restored copy',
    }],
    ['runs another major version than described', { EngineVersion: '17.4' }, {
      what: 'engineVersion must be that of the instance', saw: 'it is configured as 16.10, but the instance runs 17.4', fix: "set engineVersion to '17.4'",
      warning: 'replicas and clones with the parameters of another major version do not start',
    }],
    ['is Aurora', { Engine: 'aurora-postgresql' }, {
      what: 'the engine must be RDS for PostgreSQL', saw: 'it is aurora-postgresql', fix: 'describe an RDS for PostgreSQL instance as production',
    }],
    ['is a member of a cluster', { DBClusterIdentifier: 'orders-cluster' }, {
      what: 'production must be an instance of its own', saw: 'it is a member of the cluster orders-cluster',
      fix: 'describe an RDS for PostgreSQL instance as production; clusters are not supported yet',
    }],
    ['is itself a replica', { ReadReplicaSourceDBInstanceIdentifier: 'orders-primary' }, {
      what: 'production must be a primary', saw: 'it is a read replica of orders-primary',
      fix: `describe the primary as production: aws rds describe-db-instances --db-instance-identifier orders-primary ${REGION}`,
      warning: 'do not promote the replica instead: promotion cannot be undone',
    }],
    ['is another database than described', { DbiResourceId: 'db-ZZZZZZZZZZZZZZZZZZZZZZZZZZ' }, {
      what: 'resourceId must be that of the instance',
      saw: 'it is configured as db-ABCDEFGHIJKLMNOPQRSTUVWXY2, but orders has db-ZZZZZZZZZZZZZZZZZZZZZZZZZZ',
      fix: 'correct resourceId or the instance identifier; the instances are: aws rds describe-db-instances --output text '
        + `--query 'DBInstances[].[DBInstanceIdentifier,DbiResourceId,Endpoint.Address,Endpoint.Port]' ${REGION}`,
      warning: 'if the configuration was right until now, the database was recreated or restored under its old name',
    }],
    ['has a replica in its own network', { ReadReplicaDBInstanceIdentifiers: ['agentread-orders', 'reports', 'arn:aws:rds:us-east-1:123456789012:db:far-away'] }, {
      what: "production must have no replicas outside the agents' network",
      saw: 'it has reports, and RDS requires all replicas of one source in a Region to share a VPC',
      fix: "for a first deployment set network.reach to 'lattice' (in code: ReplicaPlacement.productionVpc()): the agents' replica then stands in production's network and is reached without a route",
    }],
    ['is stopped', { DBInstanceStatus: 'stopped' }, {
      what: 'the database must be running', saw: 'its status is stopped', fix: `aws rds start-db-instance --db-instance-identifier orders ${REGION}`,
      warning: 'no backups are made while it is stopped',
    }],
    ['is being deleted', { DBInstanceStatus: 'deleting' }, {
      what: 'the database must be running', saw: 'its status is deleting',
      fix: `find out who deletes it: aws rds describe-events --source-type db-instance --source-identifier orders --duration 1440 ${REGION}`,
      warning: 'it will be gone; restore it under another name if this was not meant',
    }],
    ['has no storage left', { DBInstanceStatus: 'storage-full' }, {
      what: 'the database must be running', saw: 'its status is storage-full',
      fix: `aws rds modify-db-instance --db-instance-identifier orders --allocated-storage GIB --apply-immediately ${REGION}`,
      warning: 'storage cannot be made smaller again',
    }],
    ['is just being made', { DBInstanceStatus: 'creating' }, {
      what: 'the database must be running', saw: 'its status is creating',
      fix: `wait and deploy again: aws rds wait db-instance-available --db-instance-identifier orders ${REGION}`,
    }],
    ['is broken', { DBInstanceStatus: 'incompatible-parameters' }, {
      what: 'the database must be running', saw: 'its status is incompatible-parameters',
      fix: `see why: aws rds describe-events --source-type db-instance --source-identifier orders --duration 1440 ${REGION}`,
    }],
    ['has lost its key', { DBInstanceStatus: 'inaccessible-encryption-credentials-recoverable' }, {
      what: 'the database must be running', saw: 'its status is inaccessible-encryption-credentials-recoverable',
      fix: `see why: aws rds describe-events --source-type db-instance --source-identifier orders --duration 1440 ${REGION}`,
    }],
    ['has a status that nobody knows', { DBInstanceStatus: 'meditating' }, {
      what: 'the database must be running', saw: 'its status is meditating',
      fix: `see why: aws rds describe-events --source-type db-instance --source-identifier orders --duration 1440 ${REGION}`,
    }],
  ])('fails when it %s', (_, seen, item) => {
    expect(oneMissing(seen)).toEqual(item);
  });

  test('fails when its host or port is another than described', () => {
    const { missing } = check({ Endpoint: { Address: 'other.abc123.eu-central-1.rds.amazonaws.com', Port: 5433 } });
    expect(missing.map(({ what, saw }) => [what, saw])).toEqual([
      ['endpoint must be that of the instance',
        'it is configured as orders.abc123.eu-central-1.rds.amazonaws.com, but orders has other.abc123.eu-central-1.rds.amazonaws.com'],
      ['port must be that of the instance', 'it is configured as 5432, but orders has 5433'],
    ]);
  });

  test('fails when IAM authentication is needed there and off', () => {
    expect(oneMissing({}, { iamAuthentication: 'required' })).toEqual({
      what: 'IAM database authentication must be on', saw: 'it is off',
      fix: `${MODIFY} --enable-iam-database-authentication --apply-immediately ${REGION}`,
    });
    expect(check({ IAMDatabaseAuthenticationEnabled: true }, { iamAuthentication: 'required' }).verdict).toBe('pass');
  });

  test('fails when it keeps fewer days than this deployment asks for', () => {
    expect(oneMissing({ BackupRetentionPeriod: 13 }, { backupRetentionDays: 14 })).toMatchObject({
      what: 'automated backups must reach back at least 14 days', fix: `${MODIFY} --backup-retention-period 14 --apply-immediately ${REGION}`,
    });
  });

  test.each<keyof SeenInstance>([
    'BackupRetentionPeriod', 'DeletionProtection', 'StorageEncrypted', 'CopyTagsToSnapshot', 'PubliclyAccessible', 'DBInstanceStatus',
    'DbiResourceId', 'Engine', 'EngineVersion',
  ])('fails when RDS does not say %s', (field) => {
    expect(oneMissing({ [field]: undefined }).saw).toMatch(/RDS does not say|none that RDS shows/);
  });

  test('fails in every respect when RDS says nothing at all', () => {
    expect(checkProduction(expected, {}, now).missing.map(({ what }) => what)).toEqual([
      'resourceId must be that of the instance', 'endpoint must be that of the instance', 'port must be that of the instance',
      'the engine must be RDS for PostgreSQL', 'the database must be running', 'automated backups must reach back at least 7 days',
      'point-in-time recovery must reach the last day',
      'deletion protection must be on', 'storage encryption must be on', 'copying of tags to snapshots must be on', 'public access must be off',
    ]);
  });

  test('may have replicas of its own where the agents use its network', () => {
    expect(check({ ReadReplicaDBInstanceIdentifiers: ['reports'] }, { replicaPlacement: 'production-vpc' }).verdict).toBe('pass');
  });

  test.each(['available', 'backing-up', 'modifying', 'configuring-log-exports', 'maintenance', 'storage-optimization'])('runs while its status is %s', (DBInstanceStatus) => {
    expect(check({ DBInstanceStatus }).verdict).toBe('pass');
  });

  test.each<[string, Partial<SeenInstance>, Item]>([
    ['one Availability Zone', { MultiAZ: false }, {
      what: 'a standby in another Availability Zone should be on', saw: 'it is off', fix: `${MODIFY} --multi-az --apply-immediately ${REGION}`,
      warning: 'it doubles the price of the instance',
    }],
    ['no minor upgrades', { AutoMinorVersionUpgrade: false }, {
      what: 'automatic minor version upgrades should be on', saw: 'it is off', fix: `${MODIFY} --auto-minor-version-upgrade ${REGION}`,
    }],
    ['a change that waits', { PendingModifiedValues: { EngineVersion: '16.11', MasterUserPassword: 'hunter2' } as SeenInstance['PendingModifiedValues'] }, {
      what: 'no change should wait for the maintenance window', saw: 'these do: EngineVersion, MasterUserPassword',
      fix: `see aws rds describe-db-instances --db-instance-identifier orders --query 'DBInstances[0].PendingModifiedValues' ${REGION}`,
    }],
    ['a certificate that ends', { CertificateDetails: { ValidTill: new Date('2027-01-18T00:00:00Z') } }, {
      what: 'the server certificate should be valid for 60 days more', saw: 'it ends on 2027-01-18',
      fix: `${MODIFY} --ca-certificate-identifier rds-ca-rsa2048-g1 --apply-immediately ${REGION}`,
      warning: 'clients must trust the new authority first, and the database may restart',
    }],
    ['recovery that lags', { LatestRestorableTime: new Date('2026-11-20T10:59:00Z') }, {
      what: 'point-in-time recovery should reach the last 60 minutes', saw: 'it ends at 2026-11-20T10:59:00.000Z',
      fix: `see aws rds describe-events --source-type db-instance --source-identifier orders --duration 1440 ${REGION}`,
    }],
    ['nothing to restore to on its first day', { LatestRestorableTime: undefined, InstanceCreateTime: new Date('2026-11-20T02:00:00Z') }, {
      what: 'point-in-time recovery should reach the last 60 minutes', saw: 'there is nothing to restore to yet',
      fix: `see aws rds describe-events --source-type db-instance --source-identifier orders --duration 1440 ${REGION}`,
    }],
    ['a newer minor version', { EngineVersion: '16.11' }, {
      what: 'engineVersion should be that of the instance', saw: 'it is configured as 16.10, but the instance runs 16.11', fix: "set engineVersion to '16.11'",
    }],
  ])('passes with a warning when it has %s', (_, seen, item) => {
    expect(check(seen)).toEqual({ verdict: 'pass', missing: [], warnings: [item] });
  });

  test('no warning about a certificate that RDS does not describe', () => {
    expect(check({ CertificateDetails: undefined }).warnings).toEqual([]);
  });
});

describe('looking at RDS', () => {
  const time = { now, waitedSeconds: 0, remainingSeconds: 40 };
  const found = (seen: Partial<SeenInstance>): Sight => ({ kind: 'instances', instances: [{ ...sound, ...seen }] });
  const failure = (name: string, message = '', role?: string): Sight => ({ kind: 'failure', failure: { name, message, role } });

  test('a sound instance is reported at once, even while it is being changed', () => {
    expect(nextLook(expected, found({ DBInstanceStatus: 'modifying' }), time)).toMatchObject({ do: 'report', report: { verdict: 'pass' } });
  });

  test('an instance that is being changed gets time to become sound', () => {
    const seen = found({ DBInstanceStatus: 'modifying', DeletionProtection: false });
    expect(nextLook(expected, seen, time)).toEqual({ do: 'look-again', afterSeconds: 5 });
    expect(nextLook(expected, seen, { ...time, remainingSeconds: 10 })).toMatchObject({ do: 'report', report: { verdict: 'fail' } });
  });

  test('an instance that nobody changes gets none', () => {
    expect(nextLook(expected, found({ DeletionProtection: false }), time)).toMatchObject({ do: 'report', report: { verdict: 'fail' } });
    expect(nextLook(expected, found({ DBInstanceStatus: 'stopped' }), time)).toMatchObject({ do: 'report', report: { verdict: 'fail' } });
  });

  test.each<Sight>([failure('DBInstanceNotFound'), failure('DBInstanceNotFoundFault'), { kind: 'instances', instances: [] },
    { kind: 'instances', instances: [{ ...sound, DBInstanceIdentifier: 'invoices' }] }])('fails when there is no such instance (%#)', (sight) => {
    expect(nextLook(expected, sight, time)).toEqual({ do: 'report', report: { verdict: 'fail', warnings: [], missing: [{
      what: 'the production database must exist', saw: 'RDS knows no instance orders in account 123456789012, Region eu-central-1',
      fix: 'correct the instance identifier, or deploy into the account and Region of the database; the instances here are: '
        + `aws rds describe-db-instances --query 'DBInstances[].DBInstanceIdentifier' ${REGION}`,
    }] } });
  });

  test('an identifier in another case is the same identifier', () => {
    expect(nextLook({ ...expected, identifier: 'Orders' }, found({}), time)).toMatchObject({ report: { verdict: 'pass' } });
  });

  const denial = 'User: arn:aws:sts::123456789012:assumed-role/check-role/check is not authorized to perform: rds:DescribeDBInstances '
    + 'on resource: arn:aws:rds:eu-central-1:123456789012:db:orders with an explicit deny in a service control policy';

  test('a permission that was just given gets time to spread', () => {
    expect(nextLook(expected, failure('AccessDenied', denial), time)).toEqual({ do: 'look-again', afterSeconds: 5 });
    expect(nextLook(expected, failure('AccessDenied', denial), { ...time, waitedSeconds: 20 }).do).toBe('report');
  });

  test('fails when the role may not read, and says which role, which permission and what AWS says', () => {
    expect(nextLook(expected, failure('AccessDenied', denial), { ...time, waitedSeconds: 20 })).toMatchObject({ report: { verdict: 'fail', missing: [{
      what: 'the check must be allowed to read the database',
      saw: `role check-role may not use rds:DescribeDBInstances on arn:aws:rds:eu-central-1:123456789012:db:orders (${denial})`,
      fix: 'the stack grants this, so a permissions boundary, a service control policy or a change by hand takes it away; begin with: '
        + `aws iam get-role --role-name check-role ${REGION}`,
    }] } });
  });

  test.each<[string, string, string]>([
    ['Throttling', 'Rate exceeded', 'it was still too busy after several attempts (Throttling)'],
    ['ECONNRESET', 'socket hang up', 'it failed with ECONNRESET: socket hang up'],
    ['InternalFailure', 'x'.repeat(1000), `it failed with InternalFailure: ${'x'.repeat(397)}...`],
  ])('fails when RDS answers %s', (name, message, saw) => {
    expect(nextLook(expected, failure(name, message), time)).toEqual({ do: 'report', report: { verdict: 'fail', warnings: [], missing: [{
      what: 'RDS must answer', saw, fix: 'deploy again in a few minutes',
    }] } });
  });
});

describe('the message of a failed deployment', () => {
  const place = { logGroup: 'check-log', isNewStack: false };

  test('lists everything that is missing, each with its command', () => {
    const report = check({ DeletionProtection: false, BackupRetentionPeriod: 0 });
    expect(renderFailure(expected, report, place)).toBe([
      'Production database orders (account 123456789012, eu-central-1) does not meet 2 requirements. Nothing in it was changed.',
      '(1) Automated backups must reach back at least 7 days: they are off. '
        + 'Fix: aws rds modify-db-instance --db-instance-identifier orders --backup-retention-period 7 --apply-immediately --region eu-central-1 '
        + '| Careful: turning backups on interrupts the database for seconds to minutes.',
      '(2) Deletion protection must be on: it is off. Fix: aws rds modify-db-instance --db-instance-identifier orders --deletion-protection --region eu-central-1',
      'Then deploy again.',
    ].join('\n'));
  });

  test('leaves settings spelled as they are written', () => {
    expect(renderFailure(expected, check({ DbiResourceId: 'db-Z' }), place)).toContain('(1) resourceId must be that of the instance: it is configured as');
  });

  test('fits whole for a database with the usual omissions', () => {
    const report = check({ BackupRetentionPeriod: 1, DeletionProtection: false, CopyTagsToSnapshot: false, PubliclyAccessible: true, StorageEncrypted: false });
    const text = renderFailure(expected, report, place);
    expect(text.length).toBeLessThanOrEqual(FAILURE_LIMIT);
    expect(text).toContain('Then deploy again.');
  });

  const identifier = 'p'.repeat(63);
  const everything = checkProduction(
    { ...expected, identifier, endpoint: `a.${'b'.repeat(253)}`, iamAuthentication: 'required' },
    {
      DBInstanceIdentifier: identifier, DBInstanceStatus: 'inaccessible-encryption-credentials-recoverable', DBClusterIdentifier: 'c'.repeat(63),
      ReadReplicaSourceDBInstanceIdentifier: 's'.repeat(63), ReadReplicaDBInstanceIdentifiers: Array.from({ length: 15 }, (_, i) => String(i).padStart(63, 'r')),
      Engine: 'postgres', EngineVersion: '11.22', Endpoint: { Address: `z.${'y'.repeat(253)}`, Port: 1 }, PubliclyAccessible: true,
    }, now);

  test('says the first sentence of every item and where the rest is when everything is wrong at once', () => {
    const text = renderFailure({ ...expected, identifier }, everything, place);
    expect(everything.missing).toHaveLength(15);
    expect(text.length).toBeLessThanOrEqual(FAILURE_LIMIT);
    expect(text.length).toBeLessThanOrEqual(3000);
    const replicas = everything.missing.at(-1)!;
    for (const [index, item] of everything.missing.entries()) {
      const saw = item === replicas ? item.saw.slice(0, 500) : `${item.saw}.`;
      expect(text.toLowerCase()).toContain(`(${index + 1}) ${item.what}: ${saw}`.toLowerCase());
    }
    expect(text).toMatch(/\nThe commands that mend this are in log group check-log\.$/);
    expect(text).not.toContain('Fix:');
  });

  test('says how to keep that log when the stack is new', () => {
    expect(renderFailure({ ...expected, identifier }, everything, { ...place, isNewStack: true })).toMatch(
      /\nThe commands that mend this are in log group check-log\. It goes away with the failed stack: cdk deploy --no-rollback keeps it\.$/);
  });

  test('is never longer than the limit, however long one item is', () => {
    const item: Item = { what: 'w', saw: 's'.repeat(5000), fix: 'f' };
    expect(renderFailure(expected, { verdict: 'fail', missing: [item], warnings: [] }, place).length).toBeLessThanOrEqual(FAILURE_LIMIT);
  });

  test('no items are none', () => {
    expect(renderItems([])).toBe('none');
  });
});

describe('commands', () => {
  test.each(['orders', "it's; rm -rf /", '$(id)', '`id`', 'a b', "'", '', 'DBInstances[].X'])('a shell reads %j as one word', (text) => {
    expect(execFileSync('/bin/sh', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' })).toBe(text);
  });

  test('name the Region', () => {
    expect(awsCli('eu-west-1', 'rds', 'describe-db-instances')).toBe('aws rds describe-db-instances --region eu-west-1');
  });

  test('an odd identifier stays one word in every command', () => {
    expect(oneMissing({ DBInstanceIdentifier: 'a b', DeletionProtection: false }, { identifier: 'a b', ownReplicas: ['agentread-orders'] }).fix)
      .toBe("aws rds modify-db-instance --db-instance-identifier 'a b' --deletion-protection --region eu-central-1");
  });
});

describe('the properties of the request', () => {
  const properties = {
    ServiceToken: 'arn:aws:lambda:x', InstanceIdentifier: 'orders', InstanceArn: expected.arn, ResourceId: expected.resourceId, Endpoint: expected.endpoint,
    Port: '5432', EngineVersion: '16.10', BackupRetentionDays: '7', IamAuthentication: 'not-required', ReplicaPlacement: 'agent-network',
    OwnReplicas: 'agentread-orders,agentundo-orders', DeploymentId: 'x',
  };

  test('are read as CloudFormation sends them, all texts', () => {
    expect(readExpected(properties)).toEqual({ expected: { ...expected, ownReplicas: ['agentread-orders', 'agentundo-orders'] } });
  });

  test('may name no replicas', () => {
    expect(readExpected({ ...properties, OwnReplicas: '' })).toMatchObject({ expected: { ownReplicas: [] } });
  });

  test('fails when they are missing', () => {
    expect(readExpected({})).toEqual({ wrong: [
      'InstanceIdentifier must be a text', 'InstanceArn must be a text', 'ResourceId must be a text', 'Endpoint must be a text',
      'Port must be a number from 1 to 65535', 'EngineVersion must be a text', 'BackupRetentionDays must be a number from 1 to 35',
      'IamAuthentication must be one of required, not-required', 'ReplicaPlacement must be one of agent-network, production-vpc',
      'BackupRetentionDays must be at least 7', 'OwnReplicas must be a text',
    ] });
  });

  test.each([['Port', '5432x', 'Port must be a number from 1 to 65535'], ['Port', '70000', 'Port must be a number from 1 to 65535'],
    ['BackupRetentionDays', '6', 'BackupRetentionDays must be at least 7'], ['IamAuthentication', 'off', 'IamAuthentication must be one of required, not-required'],
  ])('fails when %s is %s', (name, value, message) => {
    expect(readExpected({ ...properties, [name]: value })).toEqual({ wrong: [message] });
  });
});
