import { damages, type WrittenDamage } from './damage';
import type { Demo, Untyped } from './demo';

const PERMISSIONS = 'GuardrailsAgentcodingPermissions';
const BOUNDARY = 'GuardrailsAgentcodingBoundary';
const ROLE = 'GuardrailsAgentcodingRole';
const ECS_ROLE = 'GuardrailsAgentsupportRole';

/** Permits something in both policies of an agent. */
function permit(demo: Demo, statement: Record<string, Untyped>) {
  for (const name of [PERMISSIONS, BOUNDARY]) demo.statements(name).push({ Effect: 'Allow', Resource: '*', ...statement });
}
const more = (action: string, resource: Untyped = '*'): WrittenDamage => [
  `both policies permit ${action}`, new RegExp(`may be allowed ${action.replaceAll('*', '\\*')}`), (demo) => permit(demo, { Action: action, Resource: resource }),
];

/** Every denial of the boundary that names what no agent may ever do, by one of the actions in it. */
const DENIALS = {
  DenyDestroyingDatabases: 'rds:Add\\*', DenyBackups: 'backup:Associate\\*', DenyKeys: 'kms:Create\\*', DenyIdentity: 'iam:\\*', DenyNetwork: 'ec2:Accept\\*', DenyLogs: 'logs:Associate\\*',
  DenySecrets: 'secretsmanager:\\*', DenyDeployments: 'cloudformation:\\*', DenyCompute: 'lambda:Add\\*', DenyApproving: 'ssm:Send\\*', DenyStorage: 's3:Bypass\\*',
};

const connect = (resource: (demo: Demo) => string) => (demo: Demo) => permit(demo, { Action: 'rds-db:connect', Resource: { 'Fn::Sub': resource(demo) } });
const dbuser = 'arn:${AWS::Partition}:rds-db:${AWS::Region}:${AWS::AccountId}:dbuser:';
const live = (demo: Demo) => `\${${demo.id('GuardrailsReplicaLiveInstance')}.DbiResourceId}`;

const trusted = (principal: Untyped, condition?: Untyped) => (demo: Demo) =>
  demo.statements(ROLE).push({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: principal, ...(condition === undefined ? {} : { Condition: condition }) });
const SUB = 'token.actions.githubusercontent.com:sub';
const github = (change: (condition: Record<string, Record<string, Untyped>>) => void) => (demo: Demo) => change(demo.statements(ROLE)[0].Condition);

export const CONTROL_PLANE = damages('agent-cannot-use-the-control-plane', [
  // What an agent may do at most.
  more('rds:DeleteDBInstance'), more('rds:*'), more('*'), more('iam:PassRole'), more('lambda:InvokeFunction'), more('secretsmanager:GetSecretValue'), more('s3:GetObject'), more('kms:Decrypt'),
  more('ssm:SendCommand'), more('ssm:GetParameter'), more('ec2:AuthorizeSecurityGroupIngress'), more('cloudformation:*'), more('sts:AssumeRole', 'arn:aws:iam::111122223333:role/deploy'), more('rds:Describe*'), more('ecs:ExecuteCommand'),
  ['both policies permit all but something', /may be allowed all but rds:DeleteDBInstance/, (demo) => permit(demo, { NotAction: 'rds:DeleteDBInstance' })],
  ['the boundary permits more than the permissions', /may be allowed backup:DeleteRecoveryPoint/, (demo) => demo.statements(BOUNDARY).push({ Effect: 'Allow', Action: 'backup:DeleteRecoveryPoint', Resource: '*' })],
  ['every database, as every user', /may be allowed rds-db:connect on \*/, (demo) => permit(demo, { Action: 'rds-db:connect' })],
  ['every database but one', /may be allowed rds-db:connect on all but some resources/, (demo) => {
    for (const name of [PERMISSIONS, BOUNDARY]) demo.statements(name).push({ Effect: 'Allow', Action: 'rds-db:connect', NotResource: 'arn:aws:rds-db:eu-central-1:111122223333:dbuser:db-PRODUCTION/*' });
  }],
  ['every user of the replica', /may be allowed rds-db:connect .*\*/, connect((demo) => `${dbuser}${live(demo)}/*`)],
  ['the master user of the replica', /rds-db:connect to .*GuardrailsReplicaLiveInstance.* as dbowner/, connect((demo) => `${dbuser}${live(demo)}/dbowner`)],
  ["another agent's user", /rds-db:connect to .* as agent_support_ro/, connect((demo) => `${dbuser}${live(demo)}/agent_support_ro`)],
  ['the same user on production', /rds-db:connect to .*ProductionEvaluationInstance.* as agent_coding_ro/, connect((demo) => `${dbuser}\${${demo.id('ProductionEvaluationInstance')}.DbiResourceId}/agent_coding_ro`)],
  ['the same user on any database', /rds-db:connect to \* as agent_coding_ro|rds-db:connect on/, connect(() => `${dbuser}*/agent_coding_ro`)],
  ['the same user on the clone', /rds-db:connect to .*GuardrailsStagingCopy.* as agent_coding_ro/, connect((demo) => `${dbuser}\${${demo.id('GuardrailsStagingCopy')}.DbiResourceId}/agent_coding_ro`)],
  ['users that begin like its own', /rds-db:connect to .* as agent_\*/, connect((demo) => `${dbuser}${live(demo)}/agent_*`)],
  ['sessions on every host', /may be allowed ssm:StartSession on .*instance\/\*/, (demo) => permit(demo, { Action: 'ssm:StartSession', Resource: { 'Fn::Sub': 'arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:instance/*' }, Condition: { BoolIfExists: { 'ssm:SessionDocumentAccessCheck': 'true' } } })],
  ['sessions that name no document', /ssm:StartSession without ssm:SessionDocumentAccessCheck/, (demo) => { for (const name of [PERMISSIONS, BOUNDARY]) delete demo.statement(name, 'ForwardPort').Condition; }],
  ['sessions that may name none', /ssm:StartSession without ssm:SessionDocumentAccessCheck/, (demo) => { for (const name of [PERMISSIONS, BOUNDARY]) demo.statement(name, 'ForwardPort').Condition = { BoolIfExists: { 'ssm:SessionDocumentAccessCheck': 'false' } }; }],
  ['writing to the log of a database', /logs:PutLogEvents on .*, where databases log/, (demo) => permit(demo, { Action: 'logs:PutLogEvents', Resource: { 'Fn::Sub': 'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/rds/*' } })],

  // The boundary.
  ['no boundary', /GuardrailsAgentcodingRole\w+ is nothing and not GuardrailsAgentcodingBoundary|has no permissions boundary/, (demo) => demo.unset(ROLE, 'PermissionsBoundary')],
  ["another agent's boundary", /boundary of GuardrailsAgentcodingRole\w+ is .*GuardrailsAgentsupportBoundary\w+.* and not GuardrailsAgentcodingBoundary/, (demo) => demo.set(ROLE, { PermissionsBoundary: demo.ref('GuardrailsAgentsupportBoundary') })],
  ['the permissions for a boundary', /boundary of GuardrailsAgentcodingRole\w+ is .*GuardrailsAgentcodingPermissions/, (demo) => demo.set(ROLE, { PermissionsBoundary: demo.ref(PERMISSIONS) })],
  ['an administrator policy for a boundary', /boundary of GuardrailsAgentcodingRole\w+ is arn:aws:iam::aws:policy\/AdministratorAccess/, (demo) => demo.set(ROLE, { PermissionsBoundary: 'arn:aws:iam::aws:policy/AdministratorAccess' })],
  ['a boundary from elsewhere', /boundary of GuardrailsAgentcodingRole\w+ is arn:aws:iam::111122223333:policy\/Agents/, (demo) => demo.set(ROLE, { PermissionsBoundary: 'arn:aws:iam::111122223333:policy/Agents' })],
  ['a boundary that a parameter names', /whether it is so that the permissions boundary of GuardrailsAgentcodingRole/, (demo) => {
    demo.template.Parameters!.Boundary = { Type: 'String' };
    demo.set(ROLE, { PermissionsBoundary: { Ref: 'Boundary' } });
  }, 'unknown'],
  ...Object.entries(DENIALS).flatMap(([sid, action]): WrittenDamage[] => [
    [`the boundary has no ${sid}`, new RegExp(`no longer denies ${action}.* \\(${sid}\\)`), (demo) => demo.drop(BOUNDARY, sid)],
  ]),
  ['a denial of the boundary holds under a condition', /no longer denies rds:Add\*.* \(DenyDestroyingDatabases\)/, (demo) => { demo.statement(BOUNDARY, 'DenyDestroyingDatabases').Condition = { Bool: { 'aws:MultiFactorAuthPresent': 'false' } }; }],
  ['a denial of the boundary is for some resources', /no longer denies backup:Associate\*.* \(DenyBackups\)/, (demo) => { demo.statement(BOUNDARY, 'DenyBackups').Resource = ['arn:aws:backup:*:*:backup-vault:other']; }],
  ['a denial of the boundary names one action less', /no longer denies secretsmanager:\* \(DenySecrets\)/, (demo) => { demo.statement(BOUNDARY, 'DenySecrets').Action.shift(); }],
  ['the boundary denies nothing else', /boundary of .* does not deny any:Call/, (demo) => {
    const last = demo.statements(BOUNDARY).findIndex(({ Effect, NotAction }) => Effect === 'Deny' && NotAction !== undefined);
    demo.statements(BOUNDARY).splice(last, 1);
  }],
  ['the boundary leaves a service out', /boundary of .* does not deny s3:GetObject/, (demo) => { demo.statements(BOUNDARY).find(({ Effect, NotAction }) => Effect === 'Deny' && NotAction !== undefined).NotAction.push('s3:Get*'); }],
  ['the boundary leaves a resource out', /boundary of .* does not deny/, (demo) => {
    const last = demo.statements(BOUNDARY).find(({ Effect, NotAction }) => Effect === 'Deny' && NotAction !== undefined);
    delete last.Resource;
    last.NotResource = 'arn:aws:s3:::public/*';
  }],
  ...['DenyOtherThanConnectToReplica', 'DenyOtherThanForwardPort'].map((sid): WrittenDamage => [`the boundary has no ${sid}`, /boundary of .* does not deny (rds-db:connect|ssm:StartSession)/, (demo) => demo.drop(BOUNDARY, sid)]),
  ['the policy that is the boundary is not in the template any more', /declares its boundary GuardrailsAgentcodingBoundary\w+, and the template has none/, (demo) => demo.remove(BOUNDARY)],
  ['the role is not in the template any more', /declares its role GuardrailsAgentcodingRole\w+, and the template has none/, (demo) => demo.remove(ROLE)],

  // Who may take the role on.
  ['everybody may take it on', /GuardrailsAgentcodingRole\w*|Agent-coding.* can be taken on by everybody/, trusted({ AWS: '*' })],
  ['everybody, written shorter', /can be taken on by everybody/, trusted('*')],
  ['everybody but one', /can be taken on by everybody but those it names/, (demo) => demo.statements(ROLE).push({ Effect: 'Allow', Action: 'sts:AssumeRole', NotPrincipal: { AWS: 'arn:aws:iam::111122223333:root' } })],
  ['everybody of the account', /can be taken on by every principal of .*:root/, trusted({ AWS: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' } })],
  ['everybody of another account', /can be taken on by every principal of 444455556666/, trusted({ AWS: '444455556666' })],
  ['every role of a kind', /can be taken on by/, trusted({ AWS: '*' }, { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/*' } })],
  ['every repository', /can be taken on by every repository on GitHub/, github((condition) => { delete condition.StringEquals![SUB]; })],
  ['every audience', /can be taken on by tokens that GitHub made for another audience/, github((condition) => { delete condition.StringEquals!['token.actions.githubusercontent.com:aud']; })],
  ['no condition', /can be taken on by every repository on GitHub/, (demo) => { delete demo.statements(ROLE)[0].Condition; }],
  ...['*', 'repo:*', 'repo:acme/*', 'repo:acme/shop:*', 'repo:acme/shop:ref:refs/heads/*'].map((subject): WrittenDamage => [`runs that match ${subject}`, /more than one kind of run on GitHub/, github((condition) => {
    delete condition.StringEquals![SUB];
    condition.StringLike = { [SUB]: subject };
  })],
  ),
  ['a run beside the own one', /more than one kind of run on GitHub: repo:evil\/\*/, github((condition) => {
    delete condition.StringEquals![SUB];
    condition.StringLike = { [SUB]: ['repo:acme/shop:environment:agents', 'repo:evil/*'] };
  })],
  ['tokens without a subject', /every repository on GitHub/, github((condition) => {
    condition.StringEqualsIfExists = { [SUB]: condition.StringEquals![SUB] };
    delete condition.StringEquals![SUB];
  })],
  ['runs that are not one', /every repository on GitHub/, github((condition) => {
    condition.StringNotEquals = { [SUB]: 'repo:evil/shop:ref:refs/heads/main' };
    delete condition.StringEquals![SUB];
  })],
  ['another provider', /everybody whom .*cognito/, (demo) => demo.statements(ROLE).push({ Effect: 'Allow', Action: 'sts:AssumeRoleWithWebIdentity', Principal: { Federated: 'cognito-identity.amazonaws.com' } })],
  ['ECS on behalf of any account', /ecs-tasks\.amazonaws\.com on behalf of any account/, (demo) => { delete demo.statements(ECS_ROLE)[0].Condition; }],
  ['ECS on behalf of an account that matches all', /ecs-tasks\.amazonaws\.com on behalf of any account/, (demo) => { demo.statements(ECS_ROLE)[0].Condition = { StringLike: { 'aws:SourceAccount': '*' } }; }],
  ['AgentCore on behalf of any account', /bedrock-agentcore\.amazonaws\.com on behalf of any account/, (demo) => { delete demo.statements('GuardrailsAgentanalystRole')[0].Condition; }],
  ['another service', /lambda\.amazonaws\.com on behalf of any account/, trusted({ Service: 'lambda.amazonaws.com' })],
  ['sessions of twelve hours', /sessions of GuardrailsAgentcodingRole\w+ live for 43200 seconds/, (demo) => demo.set(ROLE, { MaxSessionDuration: 43200 })],
  ['sessions of two hours, as text', /sessions of GuardrailsAgentcodingRole\w+ live for 7200 seconds/, (demo) => demo.set(ROLE, { MaxSessionDuration: '7200' })],
  ['sessions of a length that a parameter gives', /whether .*sessions of GuardrailsAgentcodingRole/, (demo) => {
    demo.template.Parameters!.Seconds = { Type: 'Number' };
    demo.set(ROLE, { MaxSessionDuration: { Ref: 'Seconds' } });
  }, 'unknown'],
]);
