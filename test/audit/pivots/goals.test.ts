import type { Value } from '../../../lib/audit/model';
import { anywhereGoals, arrivals, databaseGoals, describedDatabase, guardedDatabase, protectionGoals } from '../../../lib/audit/pivots';
import { generated } from '../../../lib/audit/text';
import { allow, assemblyOf, at, iam, pivotModel, policy, PRODUCTION, role, TO_GITHUB, type Written } from './small-template';

const SECRET = at('secretsmanager', 'secret:master-AbCdEf');
const PROTECTION: Record<string, Written> = {
  Vault: { Type: 'AWS::Backup::BackupVault', Properties: { BackupVaultName: 'vault' } },
  Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: policy({ Effect: 'Allow', Principal: { AWS: iam('root') }, Action: 'kms:*', Resource: '*' }) } },
  Log: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'statements' } },
  Archive: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'archive' } },
};

/** What the agent arrives at with these permissions, as sentences. */
function reached(statements: readonly Value[], users: readonly string[] = [], more: Record<string, Written> = {}): string[] {
  const model = pivotModel(assemblyOf({ Production: PRODUCTION, ...PROTECTION, ...more, Agent: role('Agent', TO_GITHUB, statements) }));
  const production = { ...guardedDatabase(model.resource('Shop.Production')!, model, users), masterSecret: SECRET };
  const goals = [...databaseGoals(production, model), ...protectionGoals(model.assembly.resources, model), ...anywhereGoals(model.assembly.stacks[0]!)];
  return arrivals(model, ['Shop.Agent'], goals).map(({ verdict, because }) => `${verdict}: ${because}`);
}

const login = (user: string) => `${at('rds-db', 'dbuser:')}db-${generated('Shop.Production', 'DbiResourceId')}/${user}`;

test.each<readonly [string, string, string]>([
  ['rds:DeleteDBInstance', at('rds', 'db:production'), 'Production'],
  ['rds:CreateDBSnapshot', at('rds', 'db:*'), 'Production'],
  ['rds:DeleteDBSnapshot', at('rds', 'snapshot:nightly-*'), 'snapshot:nightly-any of Production'],
  ['rds:ModifyDBSnapshotAttribute', '*', 'snapshots of Production'],
  ['secretsmanager:GetSecretValue', SECRET, 'the master secret of Production'],
  ['backup:DeleteBackupVaultLockConfiguration', at('backup', 'backup-vault:vault'), 'Vault'],
  ['backup:DeleteRecoveryPoint', '*', 'recovery points'],
  ['kms:ScheduleKeyDeletion', '*', 'Key'],
  ['logs:DeleteLogGroup', at('logs', 'log-group:statements*'), 'Log'],
  ['s3:PutBucketPolicy', 'arn:aws:s3:::archive', 'Archive'],
  ['s3:DeleteObjectVersion', 'arn:aws:s3:::archive/*', 'Archive'],
])('%s on %s', (action, resource, name) => {
  expect(reached([allow(action, resource)])).toEqual([`fail: Agent may ${action} on ${name}`]);
  expect(reached([allow(action.replace(/:.*/, ':Describe*'), resource)])).toEqual([]);
});

test('a login as the declared user is none, as any other it is one', () => {
  expect(reached([allow('rds-db:connect', login('agent_ro'))], ['agent_ro'])).toEqual([]);
  expect(reached([allow('rds-db:connect', login('postgres'))], ['agent_ro'])).toEqual(['fail: Agent may rds-db:connect on Production as postgres']);
  expect(reached([allow('rds-db:connect', login('*'))], ['agent_ro'])).toEqual(['fail: Agent may rds-db:connect on Production as any user']);
  expect(reached([allow('rds-db:connect', login('agent_ro'))])).toEqual(['fail: Agent may rds-db:connect on Production as agent_ro']);
  expect(reached([allow('rds-db:connect', at('rds-db', 'dbuser:db-OTHER/agent_ro'))])).toEqual([]);
});

test('a key whose own policy lets the agent in needs nothing else', () => {
  const open = { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: policy({ Effect: 'Allow', Principal: { AWS: iam('role/Agent') }, Action: 'kms:DisableKey', Resource: '*' }) } };
  expect(reached([], [], { Key: open })).toEqual(['fail: Agent may kms:DisableKey on Key']);
});

test('production outside of the template is guarded by what was declared of it', () => {
  const model = pivotModel(assemblyOf({ Agent: role('Agent', TO_GITHUB, [allow('rds:DeleteDBInstance'), allow('rds-db:connect', at('rds-db', 'dbuser:db-ABC/postgres'))]) }));
  const goals = databaseGoals(describedDatabase({ id: 'orders', name: 'orders', identifier: 'orders', resourceId: 'db-ABC' }, model), model);
  expect(arrivals(model, ['Shop.Agent'], goals).map(({ because }) => because)).toEqual(['Agent may rds:DeleteDBInstance on orders', 'Agent may rds-db:connect on orders as postgres']);
  const vague = databaseGoals(describedDatabase({ id: 'orders', name: 'orders', identifier: 'orders' }, model), model);
  expect(arrivals(model, ['Shop.Agent'], vague).map(({ verdict, because }) => [verdict, because.split('; ')[0]])).toEqual([
    ['fail', 'Agent may rds:DeleteDBInstance on orders'], ['unknown', 'Agent may rds-db:connect on orders as postgres'],
  ]);
});
