import type { Assembly, AuditModel, Resource, StackDeclaration } from '../../../lib/audit/model';
import { statefulResourcesAreRetained as rule } from '../../../lib/audit/rules/stateful-resources-are-retained';
import { generated, unknown } from '../../../lib/audit/text';
import { assembly, resource } from '../report-fixture';

const kept = { deletionPolicy: 'Retain', updateReplacePolicy: 'Retain' };
const ref = (logicalId: string, attribute = 'Arn') => generated(`Shop.${logicalId}`, attribute);
const log: StackDeclaration = {
  stack: 'Shop', guarantee: 'statements-are-recorded', construct: 'StatementLog', path: 'Shop/Logs', inForce: true, detail: '',
  resources: { database: 'orders', logGroups: ['Postgresql'], archive: 'Archive' },
};
const replica: StackDeclaration = { ...log, guarantee: 'agent-reads-a-replica', construct: 'AgentReplica', path: 'Shop/Replica', resources: { instance: 'Replica' } };

/** Everything that is to be kept, by logical id, and much that is not. */
const resources: readonly Resource[] = [
  resource('Production', 'AWS::RDS::DBInstance', { ...kept, path: 'Shop/Orders/Resource', properties: { KmsKeyId: ref('DatabaseKey') } }),
  resource('DatabaseKey', 'AWS::KMS::Key', kept),
  resource('MasterSecret', 'AWS::SecretsManager::Secret', { ...kept, path: 'Shop/Orders/Secret/Resource' }),
  resource('OtherSecret', 'AWS::SecretsManager::Secret', kept),
  resource('Attachment', 'AWS::SecretsManager::SecretTargetAttachment', { properties: { SecretId: ref('OtherSecret', 'Id'), TargetId: ref('Production', 'DBInstanceIdentifier') } }),
  resource('Vault', 'AWS::Backup::BackupVault', { ...kept, properties: { EncryptionKeyArn: ref('VaultKey') } }),
  resource('AirGapped', 'AWS::Backup::LogicallyAirGappedBackupVault', kept),
  resource('VaultKey', 'AWS::KMS::Key', kept),
  resource('Postgresql', 'AWS::Logs::LogGroup', { ...kept, deletionPolicy: 'RetainExceptOnCreate' }),
  resource('Archive', 'AWS::S3::Bucket', { ...kept, properties: { LoggingConfiguration: { DestinationBucketName: ref('AccessLog', 'Ref') } } }),
  resource('AccessLog', 'AWS::S3::Bucket', kept),
  resource('Function', 'AWS::Logs::LogGroup', { ...kept, path: 'Shop/Logs/Function/Resource' }),
  resource('Replica', 'AWS::RDS::DBInstance', { deletionPolicy: 'Delete', updateReplacePolicy: 'Delete' }),
  resource('ReadReplica', 'AWS::RDS::DBInstance', { properties: { SourceDBInstanceIdentifier: ref('Production') } }),
  resource('Scratch', 'AWS::S3::Bucket'), resource('Other', 'AWS::Logs::LogGroup'), resource('Queue', 'AWS::SQS::Queue'),
  resource('Development', 'AWS::RDS::DBInstance', { properties: { KmsKeyId: ref('DevelopmentKey') } }), resource('DevelopmentKey', 'AWS::KMS::Key'),
];

const model = (all = resources, more: Partial<Assembly> = {}, production = ['Shop.Production']): AuditModel => ({
  assembly: assembly(all, { declarations: [log, replica], ...more }), subjects: { agents: [], production, approvers: [], described: [], logins: [] }, deployed: undefined, today: '2026-11-20', serviceControl: [],
});
const changed = (logicalId: string, change: Partial<Resource>) => resources.map((each) => (each.logicalId === logicalId ? { ...each, ...change } : each));
const said = (checked: AuditModel) => rule.check(checked).map(({ verdict, because }) => `${verdict}: ${because}`);

test('a stack that keeps everything passes, whatever becomes of replicas and of what belongs to others', () => {
  expect(rule.applies(model())).toBe(true);
  expect(said(model())).toEqual([]);
});

describe('what is lost is found, one attribute at a time', () => {
  const precious = ['Production', 'DatabaseKey', 'MasterSecret', 'OtherSecret', 'Vault', 'AirGapped', 'VaultKey', 'Postgresql', 'Archive', 'AccessLog', 'Function'];

  test.each(precious.flatMap((logicalId) => (['deletionPolicy', 'updateReplacePolicy'] as const).flatMap((attribute) =>
    ([undefined, 'Delete'] as const).map((value) => [logicalId, attribute, value] as const))))('%s without its %s (%s)', (logicalId, attribute, value) => {
    const findings = rule.check(model(changed(logicalId, { [attribute]: value })));
    expect(findings.map(({ verdict, subject }) => [verdict, subject.id])).toEqual([['fail', `Shop.${logicalId}`]]);
    expect(findings[0]!.fix).toBe(`write ${attribute === 'deletionPolicy' ? 'DeletionPolicy' : 'UpdateReplacePolicy'}: Retain`);
  });

  test('in words', () => {
    expect(said(model(changed('Production', { deletionPolicy: undefined, updateReplacePolicy: 'Delete' })))).toEqual([
      'fail: Orders (AWS::RDS::DBInstance) has no DeletionPolicy: removing it from the template or deleting the stack deletes it',
      'fail: Orders (AWS::RDS::DBInstance) has UpdateReplacePolicy Delete: an update that replaces it deletes it',
    ]);
  });
});

describe('a snapshot', () => {
  const snapshot = { deletionPolicy: 'Snapshot', updateReplacePolicy: 'Snapshot' };
  test('of a database is enough', () => expect(said(model(changed('Production', snapshot)))).toEqual([]));

  test('that AWS does not take is not', () => {
    expect(said(model(changed('Vault', snapshot)))).toEqual([
      'fail: Vault (AWS::Backup::BackupVault) has DeletionPolicy Snapshot, and there is no snapshot of AWS::Backup::BackupVault: removing it from the template or deleting the stack deletes it',
      'fail: Vault (AWS::Backup::BackupVault) has UpdateReplacePolicy Snapshot, and there is no snapshot of AWS::Backup::BackupVault: an update that replaces it deletes it',
    ]);
    expect(said(model(changed('Production', { ...snapshot, updateReplacePolicy: 'Retain', properties: { DBClusterIdentifier: 'c' } })))).toEqual([
      'fail: Orders (AWS::RDS::DBInstance) has DeletionPolicy Snapshot, and there is no snapshot of a member of a cluster: removing it from the template or deleting the stack deletes it',
    ]);
    expect(said(model(changed('Production', { ...snapshot, deletionPolicy: 'Retain', properties: { SourceDBInstanceIdentifier: 'x' } })))).toEqual([
      'fail: Orders (AWS::RDS::DBInstance) has UpdateReplacePolicy Snapshot, which is ignored for a replica: an update that replaces it deletes it',
    ]);
  });
});

test('RetainExceptOnCreate is for deletion only', () => {
  expect(said(model(changed('Archive', { updateReplacePolicy: 'RetainExceptOnCreate' })))).toEqual([
    'fail: Archive (AWS::S3::Bucket) has UpdateReplacePolicy RetainExceptOnCreate: an update that replaces it deletes it',
  ]);
});

test('a policy that the template does not tell is unknown', () => {
  expect(said(model(changed('Archive', { deletionPolicy: unknown('parameter Keep') })))).toEqual([
    'unknown: Archive (AWS::S3::Bucket) has a DeletionPolicy that the template does not tell: removing it from the template or deleting the stack may delete it',
  ]);
});

test('where nobody said which database is production, every one that is no copy may be it', () => {
  expect(rule.check(model(resources, {}, [])).map(({ subject }) => subject.id)).toEqual(['Shop.Development', 'Shop.Development', 'Shop.DevelopmentKey', 'Shop.DevelopmentKey']);
});

test('a template with nothing of the kind is not judged', () => {
  expect(rule.applies(model([resource('Topic', 'AWS::SNS::Topic')], { declarations: [] }, []))).toBe(false);
});
