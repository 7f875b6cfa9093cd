import type { Assembly, AuditModel, Resource } from '../../../lib/audit/model';
import { updatesKeepStatefulResources as rule } from '../../../lib/audit/rules/updates-keep-stateful-resources';
import { generated, unknown } from '../../../lib/audit/text';
import { assembly, resource } from '../report-fixture';

const kept = { deletionPolicy: 'Retain', updateReplacePolicy: 'Retain' };
const ref = (logicalId: string, attribute = 'Ref', stack = 'Shop') => generated(`${stack}.${logicalId}`, attribute);

const deployed: readonly Resource[] = [
  resource('Production', 'AWS::RDS::DBInstance', {
    ...kept, path: 'Shop/Orders/Resource',
    properties: {
      DBInstanceIdentifier: 'orders', StorageEncrypted: true, KmsKeyId: ref('Key', 'Arn'), Port: '5432', DBSubnetGroupName: ref('Subnets'), Engine: 'postgres',
      BackupRetentionPeriod: 7, DBInstanceClass: 'db.m7g.large', MasterUsername: 'admin-of-orders', Tags: [{ Key: 'a', Value: 'b' }], AvailabilityZone: unknown('parameter Zone'),
    },
  }),
  resource('Subnets', 'AWS::RDS::DBSubnetGroup', { properties: { DBSubnetGroupDescription: 'x' } }),
  resource('Key', 'AWS::KMS::Key', kept),
  resource('Vault', 'AWS::Backup::BackupVault', { ...kept, properties: { BackupVaultName: 'orders' } }),
  resource('Log', 'AWS::Logs::LogGroup', { ...kept, properties: { LogGroupName: '/aws/rds/instance/orders/postgresql' } }),
  resource('Sessions', 'AWS::DynamoDB::Table', { properties: { KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] } }),
  resource('Replica', 'AWS::RDS::DBInstance', { properties: { SourceDBInstanceIdentifier: ref('Production'), Port: '6432' } }),
  resource('Topic', 'AWS::SNS::Topic'),
];

const without = (logicalId: string) => deployed.filter((each) => each.logicalId !== logicalId);
const changed = (logicalId: string, properties: Resource['properties'], more: Partial<Resource> = {}) =>
  deployed.map((each) => (each.logicalId === logicalId ? { ...each, properties: { ...each.properties, ...properties }, ...more } : each));
const model = (now: readonly Resource[], before: Assembly | undefined = assembly(deployed)): AuditModel => ({
  assembly: assembly(now), subjects: { agents: [], production: ['Shop.Production'], approvers: [], described: [], logins: [] }, deployed: before, today: '2026-11-20', serviceControl: [],
});
const said = (now: readonly Resource[]) => rule.check(model(now)).map(({ verdict, because }) => `${verdict}: ${because}`);

test('without what is deployed there is nothing to compare, and the claim is not made', () => {
  expect([rule.applies({ ...model(deployed), deployed: undefined }), rule.applies(model(deployed))]).toEqual([false, true]);
});

describe('nothing is said about', () => {
  test.each<[string, readonly Resource[]]>([
    ['the same templates', deployed],
    ['tags, sizes and windows', changed('Production', { Tags: [], DBInstanceClass: 'db.m7g.xlarge', AllocatedStorage: '500', PreferredMaintenanceWindow: 'sun:05:00-sun:06:00' })],
    ['what RDS always changes in place, though the specification says that it may not', changed('Production', { BackupRetentionPeriod: 35, MultiAZ: true, StorageType: 'gp3' })],
    ['a number written as text', changed('Production', { Port: 5432 })],
    ['a description', changed('Key', { Description: 'other' })],
    ['a resource that keeps nothing', without('Topic')],
    ['a replica that is made anew', changed('Replica', { Port: '7432' })],
    ['a replica that goes', without('Replica')],
    ['a log group that leaves the stack and stays', without('Log')],
    ['new resources', [...deployed, resource('More', 'AWS::S3::Bucket')]],
  ])('%s', (_, now) => expect(said(now)).toEqual([]));
});

describe('an update that', () => {
  test.each<[string, readonly Resource[], string[]]>([
    ['encrypts', changed('Production', { StorageEncrypted: false }), ['fail: Orders (AWS::RDS::DBInstance): StorageEncrypted changes from true to false; that replaces it by a new one without its data']],
    ['moves the port', changed('Production', { Port: '6432' }), ['fail: Orders (AWS::RDS::DBInstance): Port changes from 5432 to 6432; that replaces it by a new one without its data']],
    ['drops the name', changed('Production', { DBInstanceIdentifier: null }), ['fail: Orders (AWS::RDS::DBInstance): DBInstanceIdentifier changes from orders to nothing; that replaces it by a new one without its data']],
    ['takes another key', changed('Production', { KmsKeyId: ref('Other', 'Arn') }), ['fail: Orders (AWS::RDS::DBInstance): KmsKeyId changes from ${Shop.Key.Arn} to ${Shop.Other.Arn}; that replaces it by a new one without its data']],
    ['takes another master user', changed('Production', { MasterUsername: 'somebody' }), ['fail: Orders (AWS::RDS::DBInstance): MasterUsername changes from a value that is not shown to a value that is not shown; that replaces it by a new one without its data']],
    ['restores a snapshot', changed('Production', { DBSnapshotIdentifier: 'before' }), ['unknown: Orders (AWS::RDS::DBInstance): DBSnapshotIdentifier changes from nothing to before; that may replace it by a new one without its data']],
    ['depends on a parameter', changed('Production', { Port: unknown('parameter Port') }), ['unknown: Orders (AWS::RDS::DBInstance): Port may change from 5432 to <parameter Port>; that may replace it by a new one without its data']],
    ['renames a vault', changed('Vault', { BackupVaultName: 'other' }), ['fail: Vault (AWS::Backup::BackupVault): BackupVaultName changes from orders to other; that replaces it by a new one without its data']],
    ['changes a key schema', changed('Sessions', { KeySchema: [{ AttributeName: 'user', KeyType: 'HASH' }] }), ['fail: Sessions (AWS::DynamoDB::Table): KeySchema changes from a list of 1 to a list of 1; that replaces it by a new one without its data']],
    ['replaces the subnet group that the database is in', changed('Subnets', { DBSubnetGroupName: 'new' }), ['fail: Orders (AWS::RDS::DBInstance): DBSubnetGroupName names Subnets, which is replaced; that replaces it by a new one without its data']],
    ['removes the database', without('Production'), ['fail: Orders (AWS::RDS::DBInstance, Production) is deployed and not in the template any more: its data stays, and nothing in the template guards it any more']],
    ['removes a vault', without('Vault'), ['fail: Vault (AWS::Backup::BackupVault, Vault) is deployed and not in the template any more: its data stays, and nothing in the template guards it any more']],
    ['removes a table that has no policy', without('Sessions'), ['fail: Sessions (AWS::DynamoDB::Table, Sessions) is deployed and not in the template any more: it has no DeletionPolicy, so it is deleted']],
    ['renames the construct', [...without('Production'), { ...deployed[0]!, id: 'Shop.Renamed', logicalId: 'Renamed' }], ['fail: Orders (AWS::RDS::DBInstance) has the logical id Renamed now instead of Production: a new one, without its data, takes its place; its data stays, and nothing in the template guards it any more']],
    ['makes something else of it', changed('Production', {}, { type: 'AWS::RDS::DBCluster' }), ['fail: Orders (AWS::RDS::DBInstance, Production) is deployed and not in the template any more: its data stays, and nothing in the template guards it any more']],
    ['loses the deletion policy', changed('Production', {}, { deletionPolicy: undefined }), ['fail: Orders (AWS::RDS::DBInstance) has no DeletionPolicy; deployed is DeletionPolicy Retain']],
    ['loses the update policy', changed('Key', {}, { updateReplacePolicy: 'Delete' }), ['fail: Key (AWS::KMS::Key) has UpdateReplacePolicy Delete; deployed is UpdateReplacePolicy Retain']],
  ])('%s is found', (_, now, expected) => expect(said(now)).toEqual(expected));

  test('needs a fix, and has one', () => {
    const fixes = (now: readonly Resource[]) => rule.check(model(now)).map(({ fix }) => fix);
    expect(fixes(changed('Production', { Port: '1' }))).toEqual(['leave Port as it is deployed; to change it, make a second resource and move the data']);
    expect(fixes(changed('Subnets', { DBSubnetGroupName: 'new' }))).toEqual(['leave Subnets as it is deployed']);
    expect(fixes([...without('Production'), { ...deployed[0]!, id: 'Shop.Renamed', logicalId: 'Renamed' }])).toEqual(["give it its old logical id: overrideLogicalId('Production')"]);
    expect(fixes(without('Vault'))).toEqual(['put it back, or acknowledge that it goes']);
  });
});

test('a value that may be secret is not shown', () => {
  const now = changed('Production', { MasterUsername: 'swordfish' });
  expect(JSON.stringify(rule.check(model(now)))).not.toMatch(/swordfish|admin-of-orders/);
});

describe('stacks', () => {
  const named = (stack: string, resources: readonly Resource[]) => {
    const renamed = JSON.parse(JSON.stringify(resources).replaceAll('\uE000g:Shop.', `\uE000g:${stack}.`)) as Resource[];
    return assembly(renamed.map((each) => ({ ...each, stack, id: `${stack}.${each.logicalId}` })), { stacks: [{ ...assembly([]).stacks[0]!, id: stack }] });
  };

  test('that are alone are compared whatever their files are called', () => {
    const compare = (now: readonly Resource[]) => rule.check(model(now, named('Deployed', deployed)));
    expect(compare(deployed)).toEqual([]);
    expect(compare(without('Vault')).map(({ subject }) => subject.id)).toEqual(['Deployed.Vault']);
  });

  test('that have nothing to do with each other are not: that is unknown', () => {
    const two = { ...named('Other', deployed), stacks: [...named('Other', []).stacks, ...named('Third', []).stacks] };
    expect(rule.check(model(deployed, two)).map(({ verdict, because }) => `${verdict}: ${because}`)).toEqual([
      'unknown: no stack is in both assemblies: deployed is Other, Third, new is Shop',
    ]);
  });

  test('that this assembly does not have are left alone: deploying it does not touch them', () => {
    const both = { ...assembly([...deployed, ...named('Other', deployed).resources]), stacks: [...assembly([]).stacks, ...named('Other', []).stacks] };
    expect(rule.check(model(deployed, both))).toEqual([]);
  });
});
