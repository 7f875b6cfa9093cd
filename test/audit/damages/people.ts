import { damages } from './damage';
import type { Demo, Untyped } from './demo';

const ROLE = 'GuardrailsAgentcodingRole';
const APPROVER = 'arn:aws:iam::111122223333:role/DatabaseAdministrator';
const approvers = (demo: Demo): string[] => demo.declared('production-writes-need-a-human').approvers as string[];
const statement = (principal: Untyped, action: Untyped = 'sts:AssumeRole') => ({ Effect: 'Allow', Action: action, Principal: principal });
const policy = (action: Untyped, resource: Untyped = '*') => ({ PolicyName: 'all', PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: resource }] } });

/** An approver that is a role of the template. */
function inTemplate(demo: Demo, principal: Untyped, condition?: Untyped, action = 'sts:AssumeRole') {
  demo.add('Approver', 'AWS::IAM::Role', { AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [{ ...statement(principal, action), ...(condition === undefined ? {} : { Condition: condition }) }] } });
  approvers(demo)[0] = '${Approver.Arn}';
}
const GITHUB = { Federated: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:oidc-provider/token.actions.githubusercontent.com' } };
const subject = (sub: string) => ({ StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com', 'token.actions.githubusercontent.com:sub': sub } });

export const APPROVERS = damages('approvers-are-not-agents', [
  ['an agent is an approver', /is an agent and an approver/, (demo) => { approvers(demo).push(`\${${demo.id(ROLE)}.Arn}`); }],
  ['the ECS agent is an approver', /support.* is an agent and an approver/i, (demo) => { approvers(demo).push(`\${${demo.id('GuardrailsAgentsupportRole')}.Arn}`); }],
  ['the approver may take on an agent', /DatabaseAdministrator may take on .*coding/i, (demo) => demo.statements(ROLE).push(statement({ AWS: APPROVER }))],
  ['a session of the approver may take on an agent', /DatabaseAdministrator\/jane may take on|DatabaseAdministrator may take on/, (demo) => demo.statements(ROLE).push(statement({ AWS: 'arn:aws:sts::111122223333:assumed-role/DatabaseAdministrator/jane' }))],
  ['an agent may take on the approver', /can become the approver Approver: may sts:AssumeRole/, (demo) => { inTemplate(demo, { AWS: demo.arn(ROLE) }); demo.unset(ROLE, 'PermissionsBoundary'); }],
  ['an agent may take on somebody who may take on the approver', /can become the approver Approver: may sts:AssumeRole on Middle, may sts:AssumeRole on Approver|can become the approver Approver/, (demo) => {
    inTemplate(demo, { AWS: { 'Fn::GetAtt': ['Middle', 'Arn'] } });
    demo.add('Middle', 'AWS::IAM::Role', { AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [statement({ AWS: demo.arn(ROLE) })] } });
    demo.unset(ROLE, 'PermissionsBoundary');
  }],
  ['an agent may change who the approver is', /can become the approver Approver: may iam:UpdateAssumeRolePolicy/, (demo) => {
    inTemplate(demo, { AWS: 'arn:aws:iam::111122223333:user/jane' });
    demo.unset(ROLE, 'PermissionsBoundary');
    demo.set(ROLE, { Policies: [policy(['iam:UpdateAssumeRolePolicy', 'sts:AssumeRole'])] });
  }],
  ['an agent may pass the approver to a function', /can become the approver Approver: may pass Approver to lambda:CreateFunction/, (demo) => {
    inTemplate(demo, { Service: 'lambda.amazonaws.com' });
    demo.unset(ROLE, 'PermissionsBoundary');
    demo.set(ROLE, { Policies: [policy(['iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction'])] });
  }],
  ['one run on GitHub takes on both', /token\.actions\.githubusercontent\.com may take on both/, (demo) => inTemplate(demo, GITHUB, subject('repo:acme/shop:environment:agents'), 'sts:AssumeRoleWithWebIdentity')],
  ['every run of the repository takes on both', /token\.actions\.githubusercontent\.com may take on both/, (demo) => inTemplate(demo, GITHUB, {
    StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:acme/shop:*' },
  }, 'sts:AssumeRoleWithWebIdentity')],
  ['one person takes on both', /user\/jane may take on both/, (demo) => {
    inTemplate(demo, { AWS: 'arn:aws:iam::111122223333:user/jane' });
    demo.statements(ROLE).push(statement({ AWS: 'arn:aws:iam::111122223333:user/jane' }));
  }],
  ['everybody takes on the approver', /\* may take on both|takes? on/, (demo) => {
    inTemplate(demo, { AWS: '*' });
    demo.statements(ROLE).push(statement({ AWS: 'arn:aws:iam::111122223333:user/jane' }));
  }],
]);

export const DELETERS = damages('backups-have-their-own-deleters', [
  ['an administrator, where the vault denies nothing', /Administrator may rds:DeleteDBInstance on shop and backup:DeleteRecoveryPoint in GuardrailsBackupsVault/, (demo) => {
    demo.add('Administrator', 'AWS::IAM::Role', { AssumeRolePolicyDocument: { Statement: [statement({ AWS: 'arn:aws:iam::111122223333:user/jane' })] }, Policies: [policy('*')] });
    demo.unset('GuardrailsBackupsVault', 'AccessPolicy');
  }],
  ['AWS-managed administrator access', /Administrator may rds:DeleteDBInstance on shop and backup:DeleteRecoveryPoint in GuardrailsBackupsAirGappedVault/, (demo) => {
    demo.add('Administrator', 'AWS::IAM::Role', { AssumeRolePolicyDocument: { Statement: [statement({ AWS: 'arn:aws:iam::111122223333:user/jane' })] }, ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] });
    demo.unset('GuardrailsBackupsVault', 'AccessPolicy');
  }],
  ['a user in a group of administrators', /Ops may rds:DeleteDBInstance on shop and backup:DeleteRecoveryPoint in/, (demo) => {
    demo.add('Administrators', 'AWS::IAM::Group', { Policies: [policy(['rds:*', 'backup:*'])] });
    demo.add('Ops', 'AWS::IAM::User', { Groups: [{ Ref: 'Administrators' }] });
    demo.unset('GuardrailsBackupsVault', 'AccessPolicy');
  }],
  ['a second vault without a policy', /Cleaner may rds:DeleteDBInstance on shop and backup:DeleteRecoveryPoint in Loose/, (demo) => {
    demo.add('Loose', 'AWS::Backup::BackupVault', { BackupVaultName: 'loose' });
    demo.add('Cleaner', 'AWS::IAM::Role', { AssumeRolePolicyDocument: { Statement: [statement({ Service: 'lambda.amazonaws.com' })] }, Policies: [policy(['rds:DeleteDBInstance', 'backup:DeleteRecoveryPoint'])] });
  }],
  ['a role whose policies nobody knows', /Mystery may rds:DeleteDBInstance on shop and backup:DeleteRecoveryPoint in/, (demo) => {
    demo.add('Mystery', 'AWS::IAM::Role', { AssumeRolePolicyDocument: { Statement: [statement({ Service: 'lambda.amazonaws.com' })] }, ManagedPolicyArns: ['arn:aws:iam::111122223333:policy/mystery'] });
    demo.unset('GuardrailsBackupsVault', 'AccessPolicy');
  }, 'unknown'],
]);
