import { decide } from '../../../lib/audit/decide';
import { managedPolicy } from '../../../lib/audit/data/managed-policies';

const ACCOUNT = '111122223333';

/** Whether an identity with nothing but this policy may do it; `to` is the service that a role is passed to. */
function may(policy: string, action: string, resource: string, { to, partition = 'aws' }: { to?: string; partition?: string } = {}): boolean {
  const statements = managedPolicy(policy);
  if (statements === undefined) throw new Error(`${policy} is not listed`);
  const arn = (which: string): string => `arn:${partition}:${which}`;
  return decide({
    principal: { arn: arn(`iam::${ACCOUNT}:role/anyone`), account: ACCOUNT },
    action, resource: resource === '*' ? '*' : arn(resource),
    context: to === undefined ? {} : { 'iam:PassedToService': to },
  }, { identity: statements, boundary: undefined, serviceControl: [], resource: [] }).do === 'allow';
}

const DATABASE = `rds:eu-west-1:${ACCOUNT}:db:production`;
const SNAPSHOT = `rds:eu-west-1:${ACCOUNT}:snapshot:kept`;
const RECOVERY_POINT = `backup:eu-west-1:${ACCOUNT}:recovery-point:1`;
const SECRET = `secretsmanager:eu-west-1:${ACCOUNT}:secret:master-abc123`;
const ROLE = `iam::${ACCOUNT}:role/anything`;
const USER = `iam::${ACCOUNT}:user/new`;

test.each([
  ['AdministratorAccess', 'iam:CreateUser', USER],
  ['PowerUserAccess', 'rds:DeleteDBInstance', DATABASE],
  ['PowerUserAccess', 'service-of-tomorrow:Anything', '*'],
  ['PowerUserAccess', 'iam:CreateServiceLinkedRole', ROLE],
  ['IAMFullAccess', 'iam:PutRolePolicy', ROLE],
  ['AmazonRDSFullAccess', 'rds:DeleteDBInstance', DATABASE],
  ['AmazonRDSDataFullAccess', 'rds-data:ExecuteStatement', `rds:eu-west-1:${ACCOUNT}:cluster:production`],
  ['AmazonRDSDataFullAccess', 'secretsmanager:GetSecretValue', `secretsmanager:eu-west-1:${ACCOUNT}:secret:rds-db-credentials/cluster-1`],
  ['SecretsManagerReadWrite', 'secretsmanager:GetSecretValue', SECRET],
  ['SecretsManagerReadWrite', 'cloudformation:ExecuteChangeSet', `cloudformation:eu-west-1:${ACCOUNT}:stack/any/1`],
  ['AWSBackupFullAccess', 'backup:DeleteRecoveryPoint', RECOVERY_POINT],
  ['AWSBackupFullAccess', 'backup:PutBackupVaultAccessPolicy', `backup:eu-west-1:${ACCOUNT}:backup-vault:kept`],
  ['AWSBackupFullAccess', 'rds:DeleteDBSnapshot', SNAPSHOT],
  ['service-role/AWSBackupServiceRolePolicyForBackup', 'rds:DeleteDBSnapshot', `rds:eu-west-1:${ACCOUNT}:snapshot:awsbackup:1`],
  ['service-role/AWSBackupServiceRolePolicyForRestores', 'rds:DeleteDBInstance', DATABASE],
  ['AmazonSSMFullAccess', 'ssm:SendCommand', `ec2:eu-west-1:${ACCOUNT}:instance/i-1`],
  ['service-role/AmazonSSMAutomationRole', 'cloudformation:DeleteStack', `cloudformation:eu-west-1:${ACCOUNT}:stack/any/1`],
  ['AWSCodeBuildAdminAccess', 'codebuild:UpdateProject', `codebuild:eu-west-1:${ACCOUNT}:project/any`],
  ['AmazonVPCFullAccess', 'ec2:AuthorizeSecurityGroupIngress', `ec2:eu-west-1:${ACCOUNT}:security-group/sg-1`],
  ['job-function/SystemAdministrator', 'config:StopConfigurationRecorder', '*'],
  ['AmazonEKSWorkerNodePolicy', 'eks-auth:AssumeRoleForPodIdentity', `eks:eu-west-1:${ACCOUNT}:cluster/any`],
  ['ReadOnlyAccess', 's3:GetObject', 's3:::any/thing'],
  ['ReadOnlyAccess', 'cognito-identity:GetCredentialsForIdentity', '*'],
])('%s allows %s on %s', (policy, action, resource) => {
  expect(may(policy, action, resource)).toBe(true);
});

test.each([
  ['PowerUserAccess', 'iam:CreateUser', USER],
  ['PowerUserAccess', 'iam:PassRole', ROLE],
  ['AWSLambda_FullAccess', 'rds:DeleteDBInstance', DATABASE],
  ['AmazonRDSFullAccess', 'iam:PassRole', ROLE],
  ['AmazonRDSReadOnlyAccess', 'rds:DeleteDBInstance', DATABASE],
  ['AmazonRDSDataFullAccess', 'secretsmanager:GetSecretValue', SECRET],
  ['AWSBackupFullAccess', 'rds:DeleteDBInstance', DATABASE],
  ['AWSBackupFullAccess', 'ssm:SendCommand', `ssm:eu-west-1:${ACCOUNT}:document/AWS-RunShellScript`],
  ['AWSBackupOperatorAccess', 'backup:DeleteRecoveryPoint', RECOVERY_POINT],
  ['service-role/AWSBackupServiceRolePolicyForBackup', 'rds:DeleteDBSnapshot', SNAPSHOT],
  ['AWSKeyManagementServicePowerUser', 'kms:ScheduleKeyDeletion', `kms:eu-west-1:${ACCOUNT}:key/1`],
  ['SecurityAudit', 's3:GetObject', 's3:::any/thing'],
  ['ReadOnlyAccess', 'secretsmanager:GetSecretValue', SECRET],
  ['ReadOnlyAccess', 'rds:DeleteDBInstance', DATABASE],
  ['AWSDenyAll', 'rds:DescribeDBInstances', DATABASE],
])('%s does not allow %s on %s', (policy, action, resource) => {
  expect(may(policy, action, resource)).toBe(false);
});

test('roles may be passed to the services that AWS names, to no others, and to any while it is not known to which', () => {
  expect(may('AWSLambda_FullAccess', 'iam:PassRole', ROLE, { to: 'lambda.amazonaws.com' })).toBe(true);
  expect(may('AWSLambda_FullAccess', 'iam:PassRole', ROLE, { to: 'ec2.amazonaws.com' })).toBe(false);
  expect(may('AWSLambda_FullAccess', 'iam:PassRole', ROLE)).toBe(true);
  expect(may('AWSBackupFullAccess', 'iam:PassRole', `iam::${ACCOUNT}:role/MyAWSBackupRole`, { to: 'backup.amazonaws.com' })).toBe(true);
  expect(may('AWSBackupFullAccess', 'iam:PassRole', ROLE, { to: 'backup.amazonaws.com' })).toBe(false);
});

test('resources are the same in every partition', () => {
  const secret = `secretsmanager:us-gov-west-1:${ACCOUNT}:secret:rds-db-credentials/cluster-1`;
  expect(may('AmazonRDSDataFullAccess', 'secretsmanager:GetSecretValue', secret, { partition: 'aws-us-gov' })).toBe(true);
});

test('a policy that is not listed is not known', () => {
  expect([managedPolicy('AWSConfigRole'), managedPolicy('AWSBackupServiceRolePolicyForBackup'), managedPolicy('constructor')])
    .toEqual([undefined, undefined, undefined]);
});
