import { audit } from '../../lib/audit/audit';
import { differencesOf } from '../../lib/audit/differences';
import { Asking } from '../../lib/live/asking';
import { readAccount } from '../../lib/live/read-account';
import { ACCOUNT, demoTemplate } from './fake-deployment';
import { awsError, encoded, FakeAccount, permission, STACK } from './fake-account';

const TEMPLATE = demoTemplate();

async function judged(change: (account: FakeAccount) => void = () => {}) {
  const account = new FakeAccount(structuredClone(TEMPLATE));
  change(account);
  const read = await readAccount(new Asking(account), STACK);
  if (read.do === 'refuse') throw new Error(read.problems.join('\n'));
  const outcome = audit([{ assembly: read.account, when: [] }], { today: '2026-11-20' });
  if (outcome.do === 'refuse') throw new Error(outcome.problems.join('\n'));
  const { report } = outcome;
  return {
    account, report, findings: report.findings.map(({ rule, verdict, because }) => `${rule} ${verdict}: ${because}`),
    verdictOf: (rule: string) => report.rules.find(({ id }) => id === rule)?.verdict,
    differences: differencesOf(read.template, read.account, read.literal).map(({ path, what, property }) => [path, what, property ?? ''].join(' ').trim()),
  };
}

const ADMINISTRATOR = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
const attach = (account: FakeAccount, part: string) => {
  account.role(part).AttachedManagedPolicies.push({ PolicyName: 'AdministratorAccess', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' });
  account.policies.push({ PolicyName: 'AdministratorAccess', Arn: 'arn:aws:iam::aws:policy/AdministratorAccess', Path: '/', DefaultVersionId: 'v1', PolicyVersionList: [{ VersionId: 'v1', IsDefaultVersion: true, Document: encoded(ADMINISTRATOR) }] });
};
const peering = (account: FakeAccount, one: string, other: string) => {
  const vpc = (part: string) => account.deployment.physical(account.id('AWS::EC2::VPC', part));
  account.peerings.push({ VpcPeeringConnectionId: 'pcx-0123456789abcdef0', Status: { Code: 'active' }, RequesterVpcInfo: { VpcId: vpc(one) }, AccepterVpcInfo: { VpcId: vpc(other) } });
};

test('an account that is what the demo deployed passes as its template does, and differs in nothing', async () => {
  const { report, findings, differences, account } = await judged();
  expect(findings).toEqual([]);
  expect(differences).toEqual([]);
  expect(report.verdict).toBe('pass');
  expect(report.assumptions.filter(({ affects }) => affects !== 'note')).toEqual([]);
  // Every list was read to its end.
  expect(account.asked.filter(({ call }) => call === 'iam:GetAccountAuthorizationDetails')).toHaveLength(4);
  expect(account.asked.filter(({ call }) => call === 'cloudformation:ListStackResources').length).toBeGreaterThan(3);
});

describe('what was changed by hand is found by the rule that claims it', () => {
  test.each<[string, (account: FakeAccount) => void, string, RegExp, RegExp]>([
    ['an administrator policy instead of the boundary of an agent', (account) => { delete account.role('Agentcoding').PermissionsBoundary; attach(account, 'Agentcoding'); },
      'agent-cannot-use-the-control-plane', /Agentcoding/, /Agentcoding.* changed PermissionsBoundary/],
    ['a boundary that was removed', (account) => { delete account.role('Agentcoding').PermissionsBoundary; }, 'agent-cannot-use-the-control-plane', /boundary/i, /Agentcoding.* changed PermissionsBoundary/],
    ['a new default version of the boundary', (account) => {
      const boundary = account.role('Agentcoding').PermissionsBoundary.PermissionsBoundaryArn;
      account.policies.find(({ Arn }) => Arn === boundary).PolicyVersionList[1].Document = encoded(ADMINISTRATOR);
    }, 'agent-cannot-use-the-control-plane', /Agentcoding/, /changed PolicyDocument/],
    ['anybody who may take on the role of an agent', (account) => { account.role('Agentcoding').AssumeRolePolicyDocument = encoded({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }] }); },
      'agent-cannot-use-the-control-plane', /Agentcoding/, /Agentcoding.* changed AssumeRolePolicyDocument/],
    ['a route to production by way of a peering', (account) => {
      peering(account, 'GuardrailsNetwork', 'ProductionEvaluation');
      for (const table of account.tables) table.Routes.push({ DestinationCidrBlock: '10.0.0.0/8', VpcPeeringConnectionId: 'pcx-0123456789abcdef0', State: 'active' });
    }, 'agent-has-no-route-to-production', /pcx-0123456789abcdef0/, /account.pcx|pcx-0123456789abcdef0 added/],
    ['a vault without its lock', (account) => { delete account.resource('AWS::Backup::BackupVault', 'Vault').LockConfiguration; }, 'backups-outlive-the-agent', /has no lock/, /Vault\w* changed LockConfiguration/],
    ['a vault whose policy was emptied', (account) => { delete account.resource('AWS::Backup::BackupVault', 'Vault').AccessPolicy; }, 'backups-outlive-the-agent', /denies backup:DeleteRecoveryPoint not to everybody/, /Vault\w* changed AccessPolicy/],
    ['backups that are kept for fewer days', (account) => { account.resource('AWS::Backup::BackupPlan', 'Plan').BackupPlan.BackupPlanRule[0].Lifecycle.DeleteAfterDays = 3; }, 'backups-outlive-the-agent', /keeps recovery points for 3 days/, /Plan\w* changed BackupPlan/],
    ['a log that is kept for fewer days', (account) => { account.resource('AWS::Logs::LogGroup', 'LiveLogsPostgresql').RetentionInDays = 1; }, 'statements-are-recorded', /is kept 1 days/, /LiveLogsPostgresql\w* changed RetentionInDays/],
    ['a subscription that was deleted', (account) => account.delete('AWS::Logs::SubscriptionFilter', 'GuardrailsReplicaLive'), 'statements-are-recorded', /archive/, /GuardrailsReplicaLive.* gone/],
    ['an archive whose policy was deleted', (account) => account.delete('AWS::S3::BucketPolicy', 'StatementLogArchive'), 'statements-are-recorded', /s3:DeleteObject/, /StatementLogArchive.*Policy\w* gone/],
    ['an alarm that was silenced', (account) => { account.resource('AWS::CloudWatch::Alarm', 'ReplicaLiveLogsSilence').ActionsEnabled = false; }, 'statements-are-recorded', /for Silence of agentread-shop does not go off/, /changed ActionsEnabled/],
    ['production without deletion protection', (account) => { account.databases.find(({ DBInstanceIdentifier }) => DBInstanceIdentifier === 'shop').DeletionProtection = false; }, 'production-is-recoverable', /not protected from deletion/, /changed DeletionProtection/],
    ['production with fewer backups', (account) => { account.databases.find(({ DBInstanceIdentifier }) => DBInstanceIdentifier === 'shop').BackupRetentionPeriod = 1; }, 'production-is-recoverable', /1/, /changed BackupRetentionPeriod/],
    ['a parameter that was changed', (account) => { [...account.parameters.values()].forEach((values) => { values['log_connections'] = '0'; }); }, 'statements-are-recorded', /log_connections/, /changed Parameters/],
    ['a key that can be destroyed', (account) => { for (const [name, properties] of account.resources) if (name.startsWith('AWS::KMS::Key')) properties.KeyPolicy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'kms:*', Resource: '*' }] }; },
      'backups-outlive-the-agent', /kms:ScheduleKeyDeletion/, /changed KeyPolicy/],
  ])('%s', async (_, change, rule, because, difference) => {
    const { findings, differences, report } = await judged(change);
    expect(differences.filter((one) => difference.test(one))).not.toEqual([]);
    expect(findings.filter((finding) => finding.startsWith(`${rule} fail`) && because.test(finding))).not.toEqual([]);
    expect(report.verdict).toBe('fail');
  });

  test('a foreign role that lets an agent take it on, once nothing holds the agent back', async () => {
    const { findings, differences } = await judged((account) => {
      const agent = account.role('Agentcoding');
      delete agent.PermissionsBoundary;
      agent.AttachedManagedPolicies = [];
      agent.RolePolicyList.push({ PolicyName: 'hop', PolicyDocument: encoded({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }] }) });
      account.roles.push({
        RoleName: 'Operator', Arn: `arn:aws:iam::${ACCOUNT}:role/Operator`, Path: '/', AttachedManagedPolicies: [], InstanceProfileList: [],
        AssumeRolePolicyDocument: encoded({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: agent.Arn }, Action: 'sts:AssumeRole' }] }),
        RolePolicyList: [{ PolicyName: 'all', PolicyDocument: encoded(ADMINISTRATOR) }],
      });
    });
    expect(findings.filter((one) => /fail: .*Agentcoding.*Operator.*rds:/.test(one))).not.toEqual([]);
    expect(differences.filter((one) => one.includes('Operator'))).toEqual([]);
  });

  // No agent gets there: other claims than the kit's would be broken by these.
  test.each<[string, (account: FakeAccount) => void, RegExp]>([
    ['a group of the agents that lets everything out', (account) => account.group('NetworkAgentSecurityGroup').IpPermissionsEgress.push(permission({ IpProtocol: '-1', CidrIp: '0.0.0.0/0' })),
      /GuardrailsNetworkAgentSecurityGroup\w* changed SecurityGroupEgress/],
    ['an inline policy on the role of a function', (account) => account.role('DatabaseRolesFunction').RolePolicyList.push({ PolicyName: 'x', PolicyDocument: encoded(ADMINISTRATOR) }), /DatabaseRolesFunctionRole\w* changed Policies/],
    ['a production group that lets everybody in', (account) => account.group('ProductionEvaluation').IpPermissions.push(permission({ IpProtocol: 'tcp', FromPort: 5433, ToPort: 5433, CidrIp: '0.0.0.0/0' })),
      /ProductionEvaluationSecurityGroup\w* changed SecurityGroupIngress/],
  ])('%s is at least a difference', async (_, change, difference) => {
    expect((await judged(change)).differences).toEqual([expect.stringMatching(difference)]);
  });
});

describe('what could not be read passes nothing that depends on it', () => {
  const denied = (test: (call: string, input: any) => boolean, message = 'not authorized') => (account: FakeAccount) => {
    account.trouble = (call, input) => test(call, input) ? awsError('AccessDeniedException', message) : undefined;
  };

  test.each<[string, (account: FakeAccount) => void, string, RegExp]>([
    ['identities', denied((call) => call === 'iam:GetAccountAuthorizationDetails'), 'agent-cannot-use-the-control-plane', /iam:GetAccountAuthorizationDetails/],
    ['security groups', denied((call) => call === 'ec2:DescribeSecurityGroups'), 'agent-has-no-route-to-production', /ec2:DescribeSecurityGroups/],
    ['peerings', denied((call) => call === 'ec2:DescribeVpcPeeringConnections'), 'agent-has-no-route-to-production', /ec2:DescribeVpcPeeringConnections/],
    ['databases', denied((call) => call === 'rds:DescribeDBInstances'), 'production-is-recoverable', /rds:DescribeDBInstances/],
    ['vaults', denied((_, { TypeName }) => TypeName === 'AWS::Backup::BackupVault', `User: arn:aws:iam::${ACCOUNT}:user/x is not authorized to perform: backup:DescribeBackupVault`), 'backups-outlive-the-agent', /you lack the permission backup:DescribeBackupVault/],
    ['logs', denied((_, { TypeName }) => TypeName === 'AWS::Logs::LogGroup'), 'statements-are-recorded', /cloudformation:GetResource/],
    ['keys', denied((_, { TypeName }) => TypeName === 'AWS::KMS::Key'), 'backups-outlive-the-agent', /cloudformation:GetResource/],
    ['policies of buckets', denied((_, { TypeName }) => TypeName === 'AWS::S3::BucketPolicy'), 'statements-are-recorded', /cloudformation:GetResource/],
  ])('%s', async (_, change, rule, permission) => {
    const { report, verdictOf } = await judged(change);
    expect(verdictOf(rule)).not.toBe('pass');
    expect(report.verdict).not.toBe('pass');
    expect(report.assumptions.filter(({ what, affects }) => affects !== 'note' && permission.test(what))).not.toEqual([]);
  });

  test('a resource that is deleted while it is read is gone', async () => {
    const { differences, verdictOf } = await judged((account) => {
      account.trouble = (_, { TypeName }) => TypeName === 'AWS::Backup::BackupPlan' ? awsError('ResourceNotFoundException') : undefined;
    });
    expect(differences).toEqual([expect.stringMatching(/Plan\w* gone/)]);
    expect(verdictOf('backups-outlive-the-agent')).toBe('fail');
  });
});

test('throttling is waited out, each time longer, and changes nothing', async () => {
  let refused = 0;
  const { report, account } = await judged((fake) => {
    fake.trouble = (call) => call === 'cloudformation:GetResource' && refused++ % 3 !== 2 ? awsError('ThrottlingException', 'Rate exceeded') : undefined;
  });
  expect(report.verdict).toBe('pass');
  expect(account.waits.length).toBeGreaterThan(100);
  expect(Math.max(...account.waits)).toBeLessThanOrEqual(20_000);
  expect(account.waits).toContain(200);
});

test('nothing is asked for that returns the value of a secret, and never more than eight things at once', async () => {
  let [now, most] = [0, 0];
  const account = new FakeAccount(structuredClone(TEMPLATE));
  const read = await readAccount(new Asking({
    wait: (time) => account.wait(time), random: () => account.random(),
    ask: async (call, input) => {
      most = Math.max(most, ++now);
      try { return await account.ask(call, input); } finally { now--; }
    },
  }), STACK);
  expect(read.do).toBe('read');
  expect(most).toBe(8);
  expect(account.asked.filter(({ input }) => /SecretsManager::Secret$|SSM::Parameter$|AccessKey/.test(String(input.TypeName)))).toEqual([]);
});
