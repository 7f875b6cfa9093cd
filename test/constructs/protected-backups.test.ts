import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { ProductionDatabase, type ProductionInstanceAttributes } from '../../lib/constructs/production-database';
import { ProtectedBackups, type ProtectedBackupsProps } from '../../lib/constructs/protected-backups';
import { StatementLog } from '../../lib/constructs/statement-log';
import { VaultLock } from '../../lib/constructs/vault-lock';
import { VAULT_POLICY_VERSION } from '../../lib/core/vault-policy';

const DR = 'arn:aws:backup:eu-west-1:111122223333:backup-vault:dr';
const ORDERS_ARN = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':rds:eu-central-1:111122223333:db:orders']] };
const snapshots = (region: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:rds:${region}:111122223333:snapshot:awsbackup:*`]] });

function build(props: Omit<ProtectedBackupsProps, 'production' | 'statementLog'> = {}, attributes: (stack: Stack) => Partial<ProductionInstanceAttributes> = () => ({})) {
  const stack = new Stack(new App(), 'Shop', { env: { account: '111122223333', region: 'eu-central-1' } });
  const statementLog = new StatementLog(stack, 'StatementLog');
  const production = ProductionDatabase.fromInstance(stack, 'Production', {
    instanceIdentifier: 'orders',
    resourceId: 'db-ABCDEFGHIJKLMNOPQRSTUVWXY2',
    endpoint: 'orders.abc123.eu-central-1.rds.amazonaws.com',
    engineVersion: '16.10',
    instanceClass: 'db.m7g.large',
    databases: ['orders'],
    ...attributes(stack),
  });
  const backups = new ProtectedBackups(stack, 'Backups', { ...props, production, statementLog });
  return { stack, statementLog, backups };
}

const synthesize = (...args: Parameters<typeof build>) => Template.fromStack(build(...args).stack);
const vaultOf = (template: Template) => Object.values(template.findResources('AWS::Backup::BackupVault'))[0]!;
const rulesOf = (template: Template) => Object.values(template.findResources('AWS::Backup::BackupPlan'))[0]!.Properties.BackupPlan.BackupPlanRule;
const nameParts = (name: { 'Fn::Join': [string, [string, object]] }) => name['Fn::Join'][1];

/** Statements of the role that AWS Backup takes on. */
function roleStatements(template: Template): { Action: string | string[]; Resource: unknown; Condition?: object }[] {
  const [policy] = Object.values(template.findResources('AWS::IAM::ManagedPolicy', { Properties: { Description: Match.stringLikeRegexp('AWS Backup makes') } }));
  return policy!.Properties.PolicyDocument.Statement;
}

describe('the vault', () => {
  test('refuses everyone to delete, shorten or move a recovery point, to lift the lock, and to change this policy', () => {
    expect(vaultOf(synthesize()).Properties.AccessPolicy.Statement[0]).toEqual({
      Sid: 'NobodyRemovesRecoveryPoints',
      Effect: 'Deny',
      Principal: '*',
      Resource: '*',
      Action: [
        'backup:DeleteRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle',
        'backup:DisassociateRecoveryPoint', 'backup:DisassociateRecoveryPointFromParent',
        'backup:PutBackupVaultAccessPolicy', 'backup:DeleteBackupVaultAccessPolicy',
        'backup:DeleteBackupVaultLockConfiguration', 'backup:DeleteBackupVault',
      ],
    });
  });

  test('is locked: governance unless asked otherwise', () => {
    expect(vaultOf(synthesize()).Properties.LockConfiguration).toEqual({ MinRetentionDays: 35, MaxRetentionDays: 35 });
  });

  test('can be locked for good, by an explicit choice with a period of grace', () => {
    const vault = vaultOf(synthesize({ lock: VaultLock.compliance({ graceDays: 7 }), retentionDays: 90 }));

    expect(vault.Properties.LockConfiguration).toEqual({ MinRetentionDays: 90, MaxRetentionDays: 90, ChangeableForDays: 7 });
  });

  test('is encrypted with a key of its own that nobody can delete', () => {
    const { stack, statementLog } = build();
    const template = Template.fromStack(stack);
    const key = vaultOf(template).Properties.EncryptionKeyArn;

    expect(key).not.toEqual(stack.resolve(statementLog.encryptionKey.keyArn));
    const statements = template.findResources('AWS::KMS::Key')[key['Fn::GetAtt'][0]]!.Properties.KeyPolicy.Statement;
    expect(statements).toContainEqual(expect.objectContaining({ Effect: 'Deny', Principal: { AWS: '*' }, Action: expect.arrayContaining(['kms:ScheduleKeyDeletion', 'kms:DisableKey']) }));
  });

  test('stays when the stack goes, and carries no tags: a changed tag would be an update that its policy denies', () => {
    const vault = vaultOf(synthesize());

    expect(vault).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(vault.Properties).not.toHaveProperty('BackupVaultTags');
  });

  test('has a name that is new for every stack, so that what an earlier one left is not in the way', () => {
    const [, suffix] = nameParts(vaultOf(synthesize()).Properties.BackupVaultName);

    expect(suffix).toEqual({
      'Fn::Select': [4, { 'Fn::Split': ['-', { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }] }],
    });
  });

  test('is another vault, with another name, under other settings: those of a vault cannot be changed', () => {
    const start = (props?: Parameters<typeof build>[0]) => nameParts(vaultOf(synthesize(props)).Properties.BackupVaultName)[0];

    expect(start()).toMatch(new RegExp(`^backups-35d-governance-v${VAULT_POLICY_VERSION}-[0-9a-f]{6}$`));
    expect(start({ retentionDays: 60 })).toMatch(/^backups-60d-governance-/);
    expect(start({ lock: VaultLock.compliance({ graceDays: 3 }) })).toMatch(/^backups-35d-grace3-/);
    expect(start()).toBe(start());
  });

  test('never has a name that is too long', () => {
    const [start] = nameParts(vaultOf(synthesize({ retentionDays: 35_500, lock: VaultLock.compliance({ graceDays: 36_500 }) })).Properties.BackupVaultName);

    expect(start.length + '-'.length + 'a1b2c3d4e5f6'.length).toBeLessThanOrEqual(50);
  });
});

describe('the plan', () => {
  test('makes a recovery point of production every day and keeps it as long as the vault asks', () => {
    const { stack, backups } = build();
    const template = Template.fromStack(stack);

    expect(rulesOf(template)).toEqual([
      {
        RuleName: 'Daily',
        TargetBackupVault: stack.resolve(backups.vaultName),
        ScheduleExpression: 'cron(0 5 * * ? *)',
        ScheduleExpressionTimezone: 'Etc/UTC',
        StartWindowMinutes: 120,
        CompletionWindowMinutes: 720,
        Lifecycle: { DeleteAfterDays: 35 },
      },
    ]);
    template.hasResourceProperties('AWS::Backup::BackupSelection', { BackupSelection: { Resources: [ORDERS_ARN] } });
  });

  test('does so at the asked time', () => {
    expect(rulesOf(synthesize({ dailyAt: '23:45' }))[0].ScheduleExpression).toBe('cron(45 23 * * ? *)');
  });

  test('leaves the automated backups of production to RDS unless asked otherwise', () => {
    const template = synthesize();

    expect(JSON.stringify(rulesOf(template))).not.toContain('EnableContinuousBackup');
    expect(JSON.stringify(roleStatements(template))).not.toContain('rds:ModifyDBInstance');
  });

  test('takes them over when asked', () => {
    const template = synthesize({ continuous: true });

    expect(rulesOf(template)).toEqual([
      expect.objectContaining({ RuleName: 'Daily' }),
      expect.objectContaining({ RuleName: 'Continuous', EnableContinuousBackup: true, Lifecycle: { DeleteAfterDays: 35 } }),
    ]);
    expect(roleStatements(template)).toContainEqual({ Effect: 'Allow', Action: 'rds:ModifyDBInstance', Resource: ORDERS_ARN });
  });

  test('copies every recovery point to where it is asked to', () => {
    const template = synthesize({ copyTo: [DR], airGapped: { retentionDays: 14 } });
    const [airGapped] = Object.keys(template.findResources('AWS::Backup::LogicallyAirGappedBackupVault'));

    expect(rulesOf(template)[0].CopyActions).toEqual([
      { DestinationBackupVaultArn: DR, Lifecycle: { DeleteAfterDays: 35 } },
      { DestinationBackupVaultArn: { 'Fn::GetAtt': [airGapped, 'BackupVaultArn'] }, Lifecycle: { DeleteAfterDays: 14 } },
    ]);
  });

  test('outlives the stack, with its selection and its role, but is not left behind by a first deployment that failed', () => {
    const template = synthesize();
    for (const type of ['AWS::Backup::BackupPlan', 'AWS::Backup::BackupSelection']) {
      expect(Object.values(template.findResources(type))[0]).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Delete' });
    }
    template.hasResource('AWS::IAM::Role', {
      Properties: { Description: Match.stringLikeRegexp('AWS Backup makes') }, DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain',
    });
  });
});

test('the air-gapped vault keeps each copy for exactly the asked time, and stays', () => {
  synthesize({ airGapped: { retentionDays: 14 } }).hasResource('AWS::Backup::LogicallyAirGappedBackupVault', {
    Properties: { MinRetentionDays: 14, MaxRetentionDays: 14 },
    DeletionPolicy: 'Retain',
  });
});

describe('the role of AWS Backup', () => {
  test('can be taken on by AWS Backup for this account only', () => {
    synthesize().hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [{
          Effect: 'Allow', Action: 'sts:AssumeRole',
          Principal: { Service: 'backup.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
        }],
      },
    });
  });

  test('reaches this database and the snapshots that AWS Backup made, nothing else of RDS', () => {
    const rds = roleStatements(synthesize()).filter(({ Action }) => [Action].flat().some((action) => action.startsWith('rds:')));

    expect(rds.map(({ Resource }) => Resource)).toEqual([ORDERS_ARN, snapshots('eu-central-1')]);
    expect(JSON.stringify(rds[0])).not.toMatch(/Delete|Modify/);
  });

  test('names no wildcard resource where AWS knows a narrower one', () => {
    for (const { Resource } of roleStatements(synthesize({ copyTo: [DR], continuous: true }))) expect([Resource].flat()).not.toContain('*');
  });

  test('reaches snapshots in the Regions that it copies to', () => {
    expect(roleStatements(synthesize({ copyTo: [DR] }))).toContainEqual(expect.objectContaining({ Resource: [snapshots('eu-central-1'), snapshots('eu-west-1')] }));
  });

  test('lets RDS use the keys of the vault and of production, through grants for AWS services only', () => {
    const { stack } = build({}, (scope) => ({ encryptionKey: Key.fromKeyArn(scope, 'ProductionKey', 'arn:aws:kms:eu-central-1:111122223333:key/1') }));
    const template = Template.fromStack(stack);

    expect(roleStatements(template)).toContainEqual({
      Effect: 'Allow',
      Action: 'kms:CreateGrant',
      Resource: [vaultOf(template).Properties.EncryptionKeyArn, 'arn:aws:kms:eu-central-1:111122223333:key/1'],
      Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    });
  });

  test("where production's key is not known, copies may use keys of this account through RDS; without copies none", () => {
    const anyKey = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':kms:eu-central-1:111122223333:key/*']] };

    expect(roleStatements(synthesize({ copyTo: [DR] }))).toContainEqual({
      Effect: 'Allow',
      Action: 'kms:CreateGrant',
      Resource: anyKey,
      Condition: { StringEquals: { 'kms:ViaService': 'rds.eu-central-1.amazonaws.com' }, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    });
    expect(JSON.stringify(roleStatements(synthesize()))).not.toContain('key/*');
  });
});

describe('when a backup is missing', () => {
  test('a failed backup, a failed copy and a change of the vault are told', () => {
    const { stack, backups, statementLog } = build();
    const template = Template.fromStack(stack);

    template.hasResourceProperties('AWS::Events::Rule', {
      State: 'ENABLED',
      EventPattern: {
        'source': ['aws.backup'],
        'detail-type': ['Backup Job State Change', 'Copy Job State Change', 'Backup Vault State Change'],
        'detail': {
          state: ['FAILED', 'ABORTED', 'EXPIRED', 'PARTIAL', 'MODIFIED', 'DELETED'],
          $or: [{ backupVaultName: [stack.resolve(backups.vaultName)] }, { sourceBackupVaultArn: [stack.resolve(backups.vaultArn)] }],
        },
      },
      Targets: [Match.objectLike({ Arn: stack.resolve(statementLog.alarmTopic.topicArn), RoleArn: Match.anyValue() })],
    });
  });

  test('EventBridge tells it with a role that can publish to this topic and nothing else', () => {
    const { stack, statementLog } = build();

    Template.fromStack(stack).hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: {
        Statement: [
          { Effect: 'Allow', Action: 'sns:Publish', Resource: stack.resolve(statementLog.alarmTopic.topicArn) },
          { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: stack.resolve(statementLog.encryptionKey.keyArn) },
        ],
      },
    });
  });

  test('thirty hours without a completed backup alarm, also when there is no data at all', () => {
    const { stack, backups, statementLog } = build();

    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/Backup',
      MetricName: 'NumberOfBackupJobsCompleted',
      Dimensions: [{ Name: 'BackupVaultName', Value: stack.resolve(backups.vaultName) }],
      Period: 3600,
      EvaluationPeriods: 30,
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
      AlarmActions: [stack.resolve(statementLog.alarmTopic.topicArn)],
    });
  });
});

describe('the template states what is promised', () => {
  const declared = (template: Template) => template.toJSON().Metadata['cdk-agent-db-guardrails'][0];

  test('with the numbers of this deployment', () => {
    const template = synthesize();

    expect(declared(template)).toMatchObject({
      guarantee: 'backups-outlive-the-agent',
      construct: 'ProtectedBackups',
      inForce: true,
      detail: 'a recovery point of orders every day at 05:00 UTC, kept 35 days under a governance lock; no copies elsewhere',
    });
    for (const id of Object.values<string>(declared(template).resources)) expect(template.toJSON().Resources).toHaveProperty(id);
  });

  test('and says when it is for good', () => {
    expect(declared(synthesize({ lock: VaultLock.compliance({ graceDays: 7 }), copyTo: [DR], dailyAt: '02:30' })).detail).toBe(
      'a recovery point of orders every day at 02:30 UTC, kept 35 days under a compliance lock, permanent after 7 days; copied to 1 other vault',
    );
  });
});

test('no permission is attached to a role anywhere but in its own managed policy', () => {
  synthesize({ copyTo: [DR], continuous: true }).resourceCountIs('AWS::IAM::Policy', 0);
});

describe('fails', () => {
  test.each([6, 35_501, 7.5])('when retentionDays is %d', (retentionDays) => {
    expect(() => build({ retentionDays })).toThrow(`Shop/Backups: retentionDays is ${retentionDays}; write a whole number of days from 7 to 35500`);
  });

  test('when the air-gapped vault keeps copies for less than 7 days', () => {
    expect(() => build({ airGapped: { retentionDays: 6 } })).toThrow('Shop/Backups: airGapped.retentionDays is 6; write a whole number of days from 7 to 35500');
  });

  test.each([2, 36_501])('when a compliance lock has %d days of grace', (graceDays) => {
    expect(() => build({ lock: VaultLock.compliance({ graceDays }) })).toThrow(
      `Shop/Backups: lock.graceDays is ${graceDays}; write a whole number of days from 3 to 36500`,
    );
  });

  test('when continuous backups are to reach back further than AWS Backup can', () => {
    expect(() => build({ continuous: true, retentionDays: 36 })).toThrow(
      'Shop/Backups: continuous backups reach back 35 days at most, but retentionDays is 36; lower it or leave out continuous',
    );
  });

  test.each(['5:00', '24:00', 'noon', 'cron(0 5 * * ? *)'])("when dailyAt is '%s'", (dailyAt) => {
    expect(() => build({ dailyAt })).toThrow(`Shop/Backups: dailyAt is '${dailyAt}'; write a time of day in UTC such as '05:00'`);
  });

  test('when copyTo is not the ARN of a vault', () => {
    expect(() => build({ copyTo: ['dr', DR] })).toThrow(
      "Shop/Backups: copyTo contains 'dr'; write the ARN of a backup vault: arn:aws:backup:<region>:<account>:backup-vault:<name>",
    );
  });

  test('when a vault is named twice', () => {
    expect(() => build({ copyTo: [DR, DR] })).toThrow(`Shop/Backups: copyTo contains '${DR}' twice; name each vault once`);
  });

  test('with all mistakes at once', () => {
    expect(() => build({ retentionDays: 1, dailyAt: 'x', copyTo: ['y'] })).toThrow(/retentionDays.*\n.*dailyAt.*\n.*copyTo/);
  });
});
