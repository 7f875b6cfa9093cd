import { damages, type WrittenDamage } from './damage';

const VAULT = 'GuardrailsBackupsVault';
const AIR_GAPPED = 'GuardrailsBackupsAirGappedVault';
const KEY = 'GuardrailsBackupsKey';
const PLAN = 'GuardrailsBackupsPlan';
const SELECTION = 'GuardrailsBackupsSelection';
const SID = 'NobodyRemovesRecoveryPoints';

const DENIED = [
  'backup:DeleteRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle', 'backup:DisassociateRecoveryPoint', 'backup:DisassociateRecoveryPointFromParent',
  'backup:PutBackupVaultAccessPolicy', 'backup:DeleteBackupVaultAccessPolicy', 'backup:DeleteBackupVaultLockConfiguration', 'backup:DeleteBackupVault',
];

export const BACKUPS = damages('backups-outlive-the-agent', [
  ['the vault has no lock', /GuardrailsBackupsVault\w+ has no lock/, (demo) => demo.unset(VAULT, 'LockConfiguration')],
  ['the lock is shorter', /lock of GuardrailsBackupsVault\w+ lets recovery points go after 1 days/, (demo) => { demo.properties(VAULT).LockConfiguration.MinRetentionDays = 1; }],
  ['the lock has no minimum', /lock of GuardrailsBackupsVault\w+ lets recovery points go after nothing days/, (demo) => { delete demo.properties(VAULT).LockConfiguration.MinRetentionDays; }],
  ['the lock takes less than the plan asks for', /keeps recovery points for 35 days and the lock of GuardrailsBackupsVault\w+ takes 7 to 14/, (demo) => demo.set(VAULT, { LockConfiguration: { MinRetentionDays: 7, MaxRetentionDays: 14 } })],
  ['the lock takes more than the plan asks for', /keeps recovery points for 35 days and the lock of GuardrailsBackupsVault\w+ takes 60 to 90/, (demo) => demo.set(VAULT, { LockConfiguration: { MinRetentionDays: 60, MaxRetentionDays: 90 } })],
  ['a grace that AWS Backup refuses', /GuardrailsBackupsVault\w+ has a ChangeableForDays/, (demo) => { demo.properties(VAULT).LockConfiguration.ChangeableForDays = 1; }],
  ['the lock is a parameter', /lock of GuardrailsBackupsVault\w+ lets recovery points go after .*Days/, (demo) => {
    demo.template.Parameters!.Days = { Type: 'Number' };
    demo.properties(VAULT).LockConfiguration.MinRetentionDays = { Ref: 'Days' };
  }, 'unknown'],
  ['the air-gapped vault is shorter', /GuardrailsBackupsAirGappedVault\w+ lets recovery points go after 1 days/, (demo) => demo.set(AIR_GAPPED, { MinRetentionDays: 1 })],
  ['the vault has no policy', /access policy of GuardrailsBackupsVault\w+ denies backup:DeleteRecoveryPoint not to everybody/, (demo) => demo.unset(VAULT, 'AccessPolicy')],
  ['nothing in the policy denies', /access policy of GuardrailsBackupsVault\w+ denies backup:DeleteBackupVault not/, (demo) => { demo.statement(VAULT, SID).Effect = 'Allow'; }],
  ...DENIED.map((action): WrittenDamage => [`the policy does not deny ${action}`, new RegExp(`GuardrailsBackupsVault\\w+ denies ${action} not to everybody`), (demo) => {
    const statement = demo.statement(VAULT, SID);
    statement.Action = (statement.Action as string[]).filter((each) => each !== action);
  }]),
  ...['NoOtherMinimum', 'NoOtherMaximum'].map((sid): WrittenDamage => [`the policy has no ${sid}`, /GuardrailsBackupsVault\w+ denies backup:PutBackupVaultLockConfiguration not to everybody/, (demo) => demo.drop(VAULT, sid)]),
  ['the policy has no NoOtherMode', /GuardrailsBackupsVault\w+ denies backup:PutBackupVaultLockConfiguration not to everybody/, (demo) => demo.drop(VAULT, 'NoOtherMode')],
  ['the denial holds under a condition', /GuardrailsBackupsVault\w+ denies backup:DeleteRecoveryPoint not to everybody/, (demo) => { demo.statement(VAULT, SID).Condition = { StringNotEquals: { 'aws:PrincipalTag/team': 'dba' } }; }],
  ['the denial leaves out an administrator', /GuardrailsBackupsVault\w+ denies backup:DeleteRecoveryPoint not to everybody/, (demo) => {
    const statement = demo.statement(VAULT, SID);
    delete statement.Principal;
    statement.NotPrincipal = { AWS: 'arn:aws:iam::111122223333:role/Administrator' };
  }],
  ['the denial is for one role only', /GuardrailsBackupsVault\w+ denies backup:DeleteRecoveryPoint not to everybody/, (demo) => { demo.statement(VAULT, SID).Principal = { AWS: demo.arn('GuardrailsAgentcodingRole') }; }],
  ['the denial is for other vaults', /GuardrailsBackupsVault\w+ denies backup:DeleteBackupVault not to everybody/, (demo) => { demo.statement(VAULT, SID).Resource = 'arn:aws:backup:eu-central-1:111122223333:backup-vault:other'; }],
  ['a lower minimum is permitted', /GuardrailsBackupsVault\w+ denies backup:PutBackupVaultLockConfiguration not to everybody/, (demo) => {
    demo.statement(VAULT, 'NoOtherMinimum').Condition = { NumericNotEquals: { 'backup:MinRetentionDays': '1' } };
    demo.statement(VAULT, 'NoOtherMaximum').Condition = { NumericNotEquals: { 'backup:MaxRetentionDays': '1' } };
  }],
  ['the key of all vaults', /GuardrailsBackupsVault\w+ is encrypted with the key that all vaults of the account share/, (demo) => demo.unset(VAULT, 'EncryptionKeyArn')],
  ['a key from elsewhere', /key of GuardrailsBackupsVault\w+, which is not in the template/, (demo) => demo.set(VAULT, { EncryptionKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab' }), 'unknown'],
  ['anybody with the permission destroys the key', /key GuardrailsBackupsKey\w+ of .* denies kms:ScheduleKeyDeletion not to everybody/, (demo) => demo.drop(KEY, 'NobodyDestroysTheKey')],
  ...['kms:ScheduleKeyDeletion', 'kms:DisableKey', 'kms:DeleteImportedKeyMaterial'].map((action): WrittenDamage => [`the key does not deny ${action}`, new RegExp(`GuardrailsBackupsKey\\w+ of .* denies ${action} not to everybody`), (demo) => {
    const statement = demo.statement(KEY, 'NobodyDestroysTheKey');
    statement.Action = (statement.Action as string[]).filter((each) => each !== action);
  }]),
  ['the key is disabled', /GuardrailsBackupsKey\w+ of .* is disabled/, (demo) => demo.set(KEY, { Enabled: false })],
  ['the plan backs up weekly', /GuardrailsBackupsPlan\w+ does not back shop up every day/, (demo) => { demo.properties(PLAN).BackupPlan.BackupPlanRule[0].ScheduleExpression = 'cron(0 5 ? * SUN *)'; }],
  ['the plan backs up every other day', /GuardrailsBackupsPlan\w+ does not back shop up every day/, (demo) => { demo.properties(PLAN).BackupPlan.BackupPlanRule[0].ScheduleExpression = 'rate(2 days)'; }],
  ['the plan backs up in one year', /GuardrailsBackupsPlan\w+ does not back shop up every day/, (demo) => { demo.properties(PLAN).BackupPlan.BackupPlanRule[0].ScheduleExpression = 'cron(0 5 * * ? 2026)'; }],
  ['the plan has no schedule', /GuardrailsBackupsPlan\w+ does not back shop up every day/, (demo) => { delete demo.properties(PLAN).BackupPlan.BackupPlanRule[0].ScheduleExpression; }],
  ['the plan keeps them three days', /GuardrailsBackupsPlan\w+ keeps recovery points for 3 days/, (demo) => { demo.properties(PLAN).BackupPlan.BackupPlanRule[0].Lifecycle.DeleteAfterDays = 3; }],
  ['the plan has no rule', /GuardrailsBackupsPlan\w+|no backup plan/, (demo) => { demo.properties(PLAN).BackupPlan.BackupPlanRule = []; }],
  ['the plan puts them into another vault', /whether .*GuardrailsBackupsPlan\w+ puts recovery points into a vault of the template/, (demo) => { demo.properties(PLAN).BackupPlan.BackupPlanRule[0].TargetBackupVault = 'Default'; }, 'unknown'],
  ['the plan puts them into a vault without a lock', /the vault Loose has no lock/, (demo) => {
    demo.add('Loose', 'AWS::Backup::BackupVault', { BackupVaultName: 'loose' });
    demo.properties(PLAN).BackupPlan.BackupPlanRule[0].TargetBackupVault = { Ref: 'Loose' };
  }],
  ['the selection is empty', /no backup plan of the template selects shop/, (demo) => { demo.properties(SELECTION).BackupSelection.Resources = []; }],
  ['the selection is of another database', /no backup plan of the template selects shop/, (demo) => { demo.properties(SELECTION).BackupSelection.Resources = ['arn:aws:rds:eu-central-1:111122223333:db:orders']; }],
  ['the selection is of the replica', /no backup plan of the template selects shop/, (demo) => { demo.properties(SELECTION).BackupSelection.Resources = [demo.get('GuardrailsReplicaLiveInstance', 'DBInstanceArn')]; }],
  ['the selection has a condition', /whether .*GuardrailsBackupsSelection\w+ selects shop/, (demo) => {
    demo.properties(SELECTION).BackupSelection.Conditions = { StringEquals: [{ ConditionKey: 'aws:ResourceTag/backup', ConditionValue: 'yes' }] };
  }, 'unknown'],
  ['the selection leaves it out', /GuardrailsBackupsSelection\w+ selects shop|no backup plan of the template selects shop/, (demo) => {
    demo.properties(SELECTION).BackupSelection.NotResources = [demo.get('ProductionEvaluationInstance', 'DBInstanceArn')];
  }, 'unknown'],
  ['the selection goes by tags', /whether .*GuardrailsBackupsSelection\w+ selects shop/, (demo) => {
    const { BackupSelection } = demo.properties(SELECTION);
    delete BackupSelection.Resources;
    BackupSelection.ListOfTags = [{ ConditionType: 'STRINGEQUALS', ConditionKey: 'backup', ConditionValue: 'yes' }];
  }, 'unknown'],
  ['the selection is of another plan', /no backup plan of the template selects shop|GuardrailsBackups/, (demo) => demo.set(SELECTION, { BackupPlanId: 'other' })],
  ['the selection is gone', /no backup plan of the template selects shop/, (demo) => demo.remove(SELECTION)],
  ['AWS Backup may not take the role', /AWS Backup may not take on GuardrailsBackupsRole\w+/, (demo) => { demo.statements('GuardrailsBackupsRole')[0].Principal = { Service: 'lambda.amazonaws.com' }; }],
  ['AWS Backup is denied the role', /AWS Backup may not take on GuardrailsBackupsRole\w+/, (demo) => { demo.statements('GuardrailsBackupsRole')[0].Effect = 'Deny'; }],
  ['the role may not make snapshots', /GuardrailsBackupsRole\w+ .*rds:CreateDBSnapshot/, (demo) => { demo.statements('GuardrailsBackupsRolePolicy')[0].Action = ['rds:DescribeDBInstances']; }],
  ['the role has no permissions', /GuardrailsBackupsRole\w+ .*rds:CreateDBSnapshot/, (demo) => demo.unset('GuardrailsBackupsRole', 'ManagedPolicyArns')],
  ['the role is another one', /role of GuardrailsBackupsSelection\w+, which is not in the template/, (demo) => { demo.properties(SELECTION).BackupSelection.IamRoleArn = 'arn:aws:iam::111122223333:role/Backup'; }, 'unknown'],
  ...([['vault', VAULT], ['key', KEY], ['plan', PLAN]] as const).map(([name, id]): WrittenDamage => [`the ${name} is not in the template any more`, new RegExp(`declares its ${name} ${id}\\w+, and the template has none`), (demo) => demo.remove(id)]),
  ['the air-gapped vault is not in the template any more', /declares its airGappedVault GuardrailsBackupsAirGappedVault\w+, and the template has none/, (demo) => demo.remove(AIR_GAPPED)],
]);
