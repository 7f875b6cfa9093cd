import { damages, type WrittenDamage } from './damage';
import type { Demo, Untyped } from './demo';

const ROLE = 'GuardrailsAgentcodingRole';
const DATABASE = 'ProductionEvaluationInstance';

/** An agent whose boundary somebody took away, with one more permission. What follows from it has to be found, whatever is said of the boundary. */
function unbound(demo: Demo, ...allowed: readonly Record<string, Untyped>[]) {
  demo.unset(ROLE, 'PermissionsBoundary');
  demo.statements('GuardrailsAgentcodingPermissions').push(...allowed.map((statement) => ({ Effect: 'Allow', Resource: '*', ...statement })));
}

const trust = (principal: Untyped) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: principal }] });
const root = { AWS: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' } };
const inline = (action: Untyped, resource: Untyped = '*') => [{ PolicyName: 'all', PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: resource }] } }];

/** A role that deploys, and may delete databases. */
const deploy = (demo: Demo, principal: Untyped = root, id = 'Deploy', action: Untyped = 'rds:DeleteDBInstance') =>
  demo.add(id, 'AWS::IAM::Role', { AssumeRolePolicyDocument: trust(principal), Policies: inline(action) });
const on = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const END = '.*Deploy may rds:DeleteDBInstance on \\S*(Evaluation/Instance|ProductionEvaluationInstance)';

/** One call of an agent on its own. */
const call = (action: string, names: RegExp): WrittenDamage => [`an agent without a boundary may ${action}`, names, (demo) => unbound(demo, { Action: action })];
/** What becomes of an agent that may act as `Deploy` in one way. */
const chain = (what: string, by: RegExp, damage: (demo: Demo) => void): WrittenDamage =>
  [what, new RegExp(`${by.source}[^]*${END}`), (demo) => { damage(demo); }];

const machine = (demo: Demo) => {
  deploy(demo, { Service: 'ec2.amazonaws.com' });
  demo.add('Profile', 'AWS::IAM::InstanceProfile', { Roles: [{ Ref: 'Deploy' }] });
  demo.add('Bastion', 'AWS::EC2::Instance', { IamInstanceProfile: { Ref: 'Profile' } });
};
const worker = (demo: Demo) => {
  deploy(demo, { Service: 'lambda.amazonaws.com' });
  demo.add('Worker', 'AWS::Lambda::Function', { Role: on('Deploy'), Handler: 'index.handler' });
};

export const CHAINS = damages('agent-cannot-use-the-control-plane', [
  call('rds:DeleteDBInstance', /may rds:DeleteDBInstance on \S*Evaluation/), call('rds:ModifyDBInstance', /may rds:ModifyDBInstance on \S*Evaluation/), call('rds:RestoreDBInstanceToPointInTime', /may rds:RestoreDBInstanceToPointInTime on/),
  call('rds:ModifyDBParameterGroup', /may rds:ModifyDBParameterGroup on ProductionEvaluationParameters/), call('rds:CreateDBSnapshot', /may rds:CreateDBSnapshot on/), call('rds:ModifyDBSnapshotAttribute', /may rds:ModifyDBSnapshotAttribute on/),
  call('secretsmanager:GetSecretValue', /may secretsmanager:GetSecretValue on the master secret of \S*Evaluation/), call('secretsmanager:PutResourcePolicy', /may secretsmanager:PutResourcePolicy on the master secret/),
  call('ec2:AuthorizeSecurityGroupIngress', /may ec2:AuthorizeSecurityGroupIngress on ProductionEvaluationSecurityGroup/), call('ec2:CreateRoute', /may ec2:CreateRoute on/), call('ec2:CreateVpcPeeringConnection', /may ec2:CreateVpcPeeringConnection on/),
  call('ec2:CreateInstanceConnectEndpoint', /may ec2:CreateInstanceConnectEndpoint on/), call('vpc-lattice:CreateResourceConfiguration', /may vpc-lattice:CreateResourceConfiguration on/), call('cloudformation:DeleteStack', /may cloudformation:DeleteStack on/),
  call('rds-db:connect', /may rds-db:connect on \S*Evaluation\S* as any user/),
  ['an administrator policy and no boundary', /may rds:DeleteDBInstance on \S*Evaluation/, (demo) => {
    demo.unset(ROLE, 'PermissionsBoundary');
    demo.properties(ROLE).ManagedPolicyArns.push('arn:aws:iam::aws:policy/AdministratorAccess');
  }],
  ['an inline policy and no boundary', /may rds:DeleteDBInstance on \S*Evaluation/, (demo) => { demo.unset(ROLE, 'PermissionsBoundary'); demo.set(ROLE, { Policies: inline('rds:*') }); }],
  ['a policy that names the role, and no boundary', /may rds:DeleteDBInstance on \S*Evaluation/, (demo) => {
    demo.unset(ROLE, 'PermissionsBoundary');
    demo.add('More', 'AWS::IAM::Policy', { PolicyName: 'more', PolicyDocument: inline('rds:*')[0]!.PolicyDocument, Roles: [demo.ref(ROLE)] });
  }],
  ['a policy of somebody else, and no boundary', /may .*, if .*|not known: /, (demo) => {
    demo.unset(ROLE, 'PermissionsBoundary');
    demo.properties(ROLE).ManagedPolicyArns.push('arn:aws:iam::111122223333:policy/Agents');
  }, 'unknown'],

  // Through others.
  chain('a role that it may take on', /may sts:AssumeRole on Deploy/, (demo) => { deploy(demo); unbound(demo, { Action: 'sts:AssumeRole', Resource: on('Deploy') }); }),
  chain('a role that trusts it by name', /may sts:AssumeRole on Deploy/, (demo) => { deploy(demo, { AWS: demo.arn(ROLE) }); unbound(demo); }),
  chain('a chain of two roles', /may sts:AssumeRole on Middle, Middle may sts:AssumeRole on Deploy/, (demo) => {
    deploy(demo, { AWS: on('Middle') });
    deploy(demo, root, 'Middle', 'sts:AssumeRole');
    unbound(demo, { Action: 'sts:AssumeRole', Resource: on('Middle') });
  }),
  chain('a role passed to a function', /may pass Deploy to lambda:CreateFunction/, (demo) => { deploy(demo, { Service: 'lambda.amazonaws.com' }); unbound(demo, { Action: ['iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction'] }); }),
  chain('a role passed to a stack', /may pass Deploy to cloudformation:CreateStack/, (demo) => { deploy(demo, { Service: 'cloudformation.amazonaws.com' }); unbound(demo, { Action: ['iam:PassRole', 'cloudformation:CreateStack'] }); }),
  chain('a role passed to a task', /may pass Deploy to ecs:/, (demo) => { deploy(demo, { Service: 'ecs-tasks.amazonaws.com' }); unbound(demo, { Action: ['iam:PassRole', 'ecs:RegisterTaskDefinition', 'ecs:RunTask'] }); }),
  chain('a role passed to a state machine', /may pass Deploy to states:CreateStateMachine/, (demo) => { deploy(demo, { Service: 'states.amazonaws.com' }); unbound(demo, { Action: ['iam:PassRole', 'states:CreateStateMachine', 'states:StartExecution'] }); }),
  chain('a function whose code it may change', /may lambda:UpdateFunctionCode on Worker, which acts as Deploy/, (demo) => { worker(demo); unbound(demo, { Action: 'lambda:UpdateFunctionCode' }); }),
  chain('a machine on which it may run commands', /may ssm:SendCommand on Bastion, which acts as Deploy/, (demo) => { machine(demo); unbound(demo, { Action: 'ssm:SendCommand' }); }),
  chain('a machine on which it may open a shell', /may ssm:StartSession on Bastion, which acts as Deploy/, (demo) => { machine(demo); unbound(demo, { Action: 'ssm:StartSession' }); }),
  chain('a trust policy that it may change', /may iam:UpdateAssumeRolePolicy on Deploy/, (demo) => { deploy(demo, { Service: 'lambda.amazonaws.com' }); unbound(demo, { Action: ['iam:UpdateAssumeRolePolicy', 'sts:AssumeRole'] }); }),
  ['a policy that it may attach to itself', /may iam:AttachRolePolicy on .*may rds:DeleteDBInstance/s, (demo) => unbound(demo, { Action: 'iam:AttachRolePolicy' })],
  ['a policy that it may write on itself', /may iam:PutRolePolicy on .*may rds:DeleteDBInstance/s, (demo) => unbound(demo, { Action: 'iam:PutRolePolicy' })],
  ['a version of its own policy', /may iam:CreatePolicyVersion on .*may rds:DeleteDBInstance/s, (demo) => unbound(demo, { Action: 'iam:CreatePolicyVersion' })],
  ['access keys of an administrator', /may iam:CreateAccessKey on Administrator[^]*Administrator may rds:DeleteDBInstance/, (demo) => {
    demo.add('Administrator', 'AWS::IAM::User', { Policies: inline('*') });
    unbound(demo, { Action: 'iam:CreateAccessKey' });
  }],
  ['the function that holds the master secret', /may lambda:UpdateFunctionCode on .*Provisioner[^]*may secretsmanager:GetSecretValue on the master secret/, (demo) => unbound(demo, { Action: 'lambda:UpdateFunctionCode' })],
  ['a function lets an agent without a boundary change its code', /may lambda:UpdateFunctionCode on \S*Provisioner[^]*may secretsmanager:GetSecretValue on the master secret/, (demo) => {
    unbound(demo);
    demo.add('Door', 'AWS::Lambda::Permission', { FunctionName: demo.ref('GuardrailsDatabaseRolesProvisionerFunction'), Action: 'lambda:UpdateFunctionCode', Principal: demo.arn(ROLE) });
  }],
  ['the master secret lets an agent without a boundary read it', /may secretsmanager:GetSecretValue on the master secret/, (demo) => {
    unbound(demo);
    demo.add('Door', 'AWS::SecretsManager::ResourcePolicy', {
      SecretId: demo.get(DATABASE, 'MasterUserSecret.SecretArn'), ResourcePolicy: { Statement: [{ Effect: 'Allow', Principal: { AWS: demo.arn(ROLE) }, Action: 'secretsmanager:GetSecretValue', Resource: '*' }] },
    });
  }],
  ['a role that is not in the template', /may sts:AssumeRole on .*deploy.*not in the template/s, (demo) => unbound(demo, { Action: 'sts:AssumeRole', Resource: 'arn:aws:iam::111122223333:role/deploy' }), 'unknown'],
  ['a stack role that anybody may use', /may cloudformation:/, (demo) => unbound(demo, { Action: 'cloudformation:UpdateStack' })],
]);

/** An agent must not arrive at the backups. */
export const BACKUP_CHAINS = damages('backups-outlive-the-agent', [
  ...([['backup:DeleteRecoveryPoint', /may backup:DeleteRecoveryPoint/], ['backup:UpdateBackupPlan', /may backup:UpdateBackupPlan on GuardrailsBackupsPlan/], ['backup:DeleteBackupSelection', /may backup:DeleteBackupSelection on/],
    ['rds:DeleteDBSnapshot', /may rds:DeleteDBSnapshot/], ['rds:DeleteDBInstanceAutomatedBackup', /may rds:DeleteDBInstanceAutomatedBackup/], ['kms:PutKeyPolicy', /may kms:PutKeyPolicy on GuardrailsBackupsKey/]] as const)
    .map(([action, names]): WrittenDamage => [`an agent without a boundary may ${action}`, names, (demo) => unbound(demo, { Action: action })]),
  ['a key lets an agent without a boundary delete it', /may kms:PutKeyPolicy on ProductionEvaluationKey/, (demo) => {
    unbound(demo);
    demo.statements('ProductionEvaluationKey').push({ Effect: 'Allow', Principal: { AWS: demo.arn(ROLE) }, Action: 'kms:*', Resource: '*' });
  }],
  ['a vault lets an agent without a boundary remove it', /may backup:DeleteBackupVault on Loose/, (demo) => {
    unbound(demo);
    demo.add('Loose', 'AWS::Backup::BackupVault', { BackupVaultName: 'loose', AccessPolicy: { Statement: [{ Effect: 'Allow', Principal: { AWS: demo.arn(ROLE) }, Action: 'backup:*', Resource: '*' }] } });
  }],
  ['through a role that it may take on', /may sts:AssumeRole on Deploy, Deploy may kms:PutKeyPolicy/, (demo) => { deploy(demo, root, 'Deploy', 'kms:PutKeyPolicy'); unbound(demo, { Action: 'sts:AssumeRole', Resource: on('Deploy') }); }],
]);

/** Nor at the record of what it did. */
export const RECORD_CHAINS = damages('agents-cannot-alter-their-log', [
  ...([['logs:DeleteSubscriptionFilter', /may logs:DeleteSubscriptionFilter on/], ['logs:PutRetentionPolicy', /may logs:PutRetentionPolicy on/], ['logs:PutLogEvents', /may logs:PutLogEvents on/], ['firehose:UpdateDestination', /may firehose:UpdateDestination on StatementLogArchiveStream/],
    ['s3:PutBucketPolicy', /may s3:PutBucketPolicy on/], ['s3:DeleteBucketPolicy', /may s3:DeleteBucketPolicy on/], ['logs:DeleteLogGroup', /may logs:DeleteLogGroup on/], ['logs:PutMetricFilter', /may logs:PutMetricFilter on/]] as const)
    .map(([action, names]): WrittenDamage => [`an agent without a boundary may ${action}`, names, (demo) => unbound(demo, { Action: action })]),
  ['a bucket lets an agent without a boundary write into it', /may s3:PutObject on StatementLogArchiveLockedAccessLog/, (demo) => {
    unbound(demo);
    demo.statements('StatementLogArchiveLockedAccessLogPolicy').push({ Effect: 'Allow', Principal: { AWS: demo.arn(ROLE) }, Action: 's3:PutObject', Resource: { 'Fn::Sub': `\${${demo.id('StatementLogArchiveLockedAccessLog')}.Arn}/*` } });
  }],
  ['through a function whose code it may change', /may lambda:UpdateFunctionCode on Worker, which acts as Deploy, Deploy may logs:DeleteLogGroup/, (demo) => {
    deploy(demo, { Service: 'lambda.amazonaws.com' }, 'Deploy', 'logs:DeleteLogGroup');
    demo.add('Worker', 'AWS::Lambda::Function', { Role: on('Deploy'), Handler: 'index.handler' });
    unbound(demo, { Action: 'lambda:UpdateFunctionCode', Resource: on('Worker') });
  }],
  ['the role that writes to the archive', /may sts:AssumeRole on \S*Writer\S*[^]*may s3:PutObject on/, (demo) => {
    demo.statements('StatementLogArchiveWriterRole').push({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: demo.arn(ROLE) } });
    unbound(demo);
  }],
]);
