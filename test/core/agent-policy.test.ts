import { overlapping, type AgentCaller } from '../../lib/core/agent-caller';
import { AGENT_NEVER, neverAllowed } from '../../lib/core/agent-never';
import { agentBoundary, agentPermissions } from '../../lib/core/agent-policy';
import { agentServiceControlPolicy } from '../../lib/core/agent-service-control';
import type { Permission, PolicyJson, Statement } from '../../lib/core/agent-statement';
import { ownContainer, portForwarding } from '../../lib/core/agent-permissions';
import { resolvedCharacters } from '../../lib/core/policy-size';
import { selfApprovals } from '../../lib/core/self-approval';

const USER = 'arn:aws:rds-db:eu-central-1:111122223333:dbuser:db-AAAAAAAAAAAAAAAAAAAAAAAAA2/agent_coding_ro';
const CONNECT: Permission = { sid: 'ConnectToReplica', actions: ['rds-db:connect'], resources: [USER] };
const CODING = 'arn:aws:iam::111122223333:role/Orders-AgentCodingRole0A1B2C3D-AbCdEfGhIjKl';
const HOST = {
  instanceArn: 'arn:aws:ec2:eu-central-1:111122223333:instance/i-0123456789abcdef0',
  replicaDocumentArn: 'arn:aws:ssm:eu-central-1:111122223333:document/Shop-GuardrailsAccessHostReplicaSession0A1B2C3D-AbCdEfGhIjKl',
};
const CONTAINER = {
  imageRepositoryArn: 'arn:aws:ecr:eu-central-1:111122223333:repository/agents/coding',
  logGroupsArn: 'arn:aws:logs:eu-central-1:111122223333:log-group:/aws/bedrock-agentcore/runtimes/coding-*',
};
const LEAD = 'arn:aws:iam::111122223333:role/database-administrator';

const bySid = (policy: PolicyJson, sid: string): Statement => policy.Statement.find((statement) => statement.Sid === sid)!;

describe('what an agent is allowed', () => {
  test('is its permissions and nothing else', () => {
    expect(agentPermissions([CONNECT])).toEqual({
      Version: '2012-10-17',
      Statement: [{ Sid: 'ConnectToReplica', Effect: 'Allow', Action: ['rds-db:connect'], Resource: [USER] }],
    });
  });

  test('is what its boundary allows too, word for word', () => {
    // GIVEN
    const forward: Permission = {
      sid: 'ForwardPort', actions: ['ssm:StartSession'], resources: ['arn:x'], conditions: { BoolIfExists: { 'ssm:SessionDocumentAccessCheck': 'true' } },
    };
    // WHEN
    const allowed = agentBoundary([CONNECT, forward]).Statement.filter((statement) => statement.Effect === 'Allow');
    // THEN
    expect(allowed).toEqual(agentPermissions([CONNECT, forward]).Statement);
  });
});

describe('the boundary', () => {
  test('denies, on every resource, every call that is not allowed', () => {
    expect(bySid(agentBoundary([CONNECT]), 'DenyEverythingElse')).toEqual({
      Sid: 'DenyEverythingElse', Effect: 'Deny', NotAction: ['rds-db:connect'], Resource: ['*'],
    });
  });

  test('denies the allowed call everywhere but where it is allowed', () => {
    expect(bySid(agentBoundary([CONNECT]), 'DenyOtherThanConnectToReplica')).toEqual({
      Sid: 'DenyOtherThanConnectToReplica', Effect: 'Deny', Action: ['rds-db:connect'], NotResource: [USER],
    });
  });

  test('lets two permissions for the same call each have their resources', () => {
    // GIVEN
    const second: Permission = { sid: 'ConnectToStaging', actions: ['rds-db:connect'], resources: ['arn:staging'] };
    // WHEN
    const denied = agentBoundary([CONNECT, second]).Statement.filter((statement) => statement.NotResource);
    // THEN
    expect(denied).toEqual([
      { Sid: 'DenyOtherThanConnectToReplica', Effect: 'Deny', Action: ['rds-db:connect'], NotResource: [USER, 'arn:staging'] },
    ]);
  });

  test('does not limit a call that names no resource to nothing', () => {
    const signIn: Permission = { sid: 'SignIn', actions: ['ecr:GetAuthorizationToken'], resources: ['*'] };
    expect(agentBoundary([CONNECT, signIn]).Statement.map((statement) => statement.Sid)).not.toContain('DenyOtherThanSignIn');
  });

  test('names what is denied in groups that a reviewer can read', () => {
    expect(agentBoundary([CONNECT]).Statement.map((statement) => statement.Sid)).toEqual([
      'ConnectToReplica',
      'DenyDestroyingDatabases', 'DenyBackups', 'DenyKeys', 'DenyIdentity', 'DenyNetwork', 'DenyLogs', 'DenySecrets', 'DenyDeployments',
      'DenyCompute', 'DenyApproving', 'DenyStorage',
      'DenyOtherThanConnectToReplica', 'DenyEverythingElse',
    ]);
  });

  test('has statement ids that IAM accepts, each once', () => {
    const sids = agentBoundary([CONNECT]).Statement.map((statement) => statement.Sid);
    expect(sids.every((sid) => /^[A-Za-z0-9]+$/.test(sid))).toBe(true);
    expect(new Set(sids).size).toBe(sids.length);
  });
});

describe('what no agent may ever do', () => {
  test.each([
    ['rds:DeleteDBInstance', 'DenyDestroyingDatabases'],
    ['RDS:modifydbinstance', 'DenyDestroyingDatabases'],
    ['rds-data:ExecuteStatement', 'DenyDestroyingDatabases'],
    ['backup:DeleteRecoveryPoint', 'DenyBackups'],
    ['kms:ScheduleKeyDeletion', 'DenyKeys'],
    ['iam:DeleteRolePermissionsBoundary', 'DenyIdentity'],
    ['sts:AssumeRole', 'DenyIdentity'],
    ['ec2:CreateRoute', 'DenyNetwork'],
    ['logs:PutRetentionPolicy', 'DenyLogs'],
    ['secretsmanager:GetSecretValue', 'DenySecrets'],
    ['cloudformation:DeleteStack', 'DenyDeployments'],
    ['ssm:SendCommand', 'DenyApproving'],
    ['ecs:ExecuteCommand', 'DenyCompute'],
    ['states:SendTaskSuccess', 'DenyApproving'],
    ['s3:BypassGovernanceRetention', 'DenyStorage'],
  ])('%s is one of them', (action, sid) => {
    expect(neverAllowed(action)).toBe(sid);
  });

  test('nothing that the kit itself may allow is among them', () => {
    const allowed = [CONNECT, ...portForwarding(HOST, 'arn:sessions'), ...ownContainer('arn:image', 'arn:logs')].flatMap(({ actions }) => actions);
    expect(allowed).toHaveLength(11);
    expect(allowed.filter((action) => neverAllowed(action) !== undefined)).toEqual([]);
  });

  test('is written with wildcards at the end only, so that a reader sees what they cover', () => {
    expect(Object.values(AGENT_NEVER).flat().filter((pattern) => !/^[a-z0-9-]+:[A-Za-z]*\*?$/.test(pattern))).toEqual([]);
  });
});

describe('the service control policy', () => {
  const use = (result: ReturnType<typeof agentServiceControlPolicy>) => {
    if (result.do !== 'use') throw new Error(result.because.join());
    return result;
  };

  const onlyAgents = { ArnEquals: { 'aws:PrincipalArn': [CODING] } };

  test('holds exactly the named roles, and nobody else, to logging in as the named database users', () => {
    // WHEN
    const { document } = use(agentServiceControlPolicy([CODING], { databaseUsers: [USER] }));
    // THEN
    expect(document.Statement).toEqual([
      { Sid: 'AgentsDoNothingElse', Effect: 'Deny', NotAction: ['rds-db:connect'], Resource: ['*'], Condition: onlyAgents },
      { Sid: 'AgentsNowhereElse', Effect: 'Deny', Action: ['rds-db:connect'], NotResource: [USER], Condition: onlyAgents },
    ]);
  });

  test('denies the named roles everything when nothing is named that they may use', () => {
    const { document } = use(agentServiceControlPolicy([CODING]));
    expect(document.Statement).toEqual([
      { Sid: 'AgentsDoNothingElse', Effect: 'Deny', Action: ['*'], Resource: ['*'], Condition: onlyAgents },
    ]);
  });

  test('leaves a forwarded port to the named host and document, and no session that names no document or is another’s', () => {
    // WHEN
    const { document } = use(agentServiceControlPolicy([CODING], { portForwarding: [HOST] }));
    // THEN
    const SESSIONS = 'arn:aws:ssm:eu-central-1:111122223333:session/*';
    expect(bySid(document, 'AgentsNowhereElse')).toMatchObject({ NotResource: [HOST.instanceArn, HOST.replicaDocumentArn, SESSIONS] });
    expect(bySid(document, 'AgentsForwardPortOnly')).toMatchObject({
      Effect: 'Deny', Action: ['ssm:StartSession'], Condition: { ...onlyAgents, Bool: { 'ssm:SessionDocumentAccessCheck': 'false' } },
    });
    expect(bySid(document, 'AgentsEndOwnForwardingOnly')).toMatchObject({
      Effect: 'Deny', Action: ['ssm:ResumeSession', 'ssm:TerminateSession'],
      Condition: { ...onlyAgents, StringNotLike: { 'ssm:resourceTag/aws:ssmmessages:session-id': '${aws:userid}' } },
    });
  });

  test('leaves a container its image, its log and the sign-in that names no resource', () => {
    const { document } = use(agentServiceControlPolicy([CODING], { containers: [CONTAINER] }));
    const statement = bySid(document, 'AgentsNowhereElse');
    expect(statement.NotResource).toEqual([CONTAINER.imageRepositoryArn, CONTAINER.logGroupsArn]);
    expect(statement.Action).not.toContain('ecr:GetAuthorizationToken');
    expect(bySid(document, 'AgentsDoNothingElse').NotAction).toContain('ecr:GetAuthorizationToken');
  });

  test('lets only the named administrators change the roles and their boundaries', () => {
    // GIVEN
    const boundary = 'arn:aws:iam::111122223333:policy/Orders-AgentCodingBoundary-1';
    // WHEN
    const { document } = use(agentServiceControlPolicy([CODING], { administrators: [LEAD], boundaries: [boundary] }));
    // THEN
    const statement = bySid(document, 'OnlyAdministratorsChangeAgents');
    expect(statement).toMatchObject({ Effect: 'Deny', Resource: [CODING, boundary], Condition: { ArnNotEquals: { 'aws:PrincipalArn': [LEAD] } } });
    expect(statement.Action).toEqual(expect.arrayContaining(['iam:DeleteRole*', 'iam:PutRole*', 'iam:CreatePolicyVersion', 'iam:AttachRolePolicy']));
  });

  test('uses denials only, and no element that service control policies lack', () => {
    const { document } = use(agentServiceControlPolicy([CODING], { databaseUsers: [USER], administrators: [LEAD] }));
    const elements = new Set(document.Statement.flatMap((statement) => Object.keys(statement)));
    expect([...elements].sort()).toEqual(['Action', 'Condition', 'Effect', 'NotAction', 'NotResource', 'Resource', 'Sid']);
    expect(document.Statement.every((statement) => statement.Effect === 'Deny')).toBe(true);
  });

  test('fits into the 5,120 characters that AWS allows, with four agents, their logins, a host, a container and two administrators', () => {
    const roles = [1, 2, 3, 4].map((n) => `${CODING}${n}`);
    const databaseUsers = [1, 2, 3, 4].map((n) => USER.replace('coding', `${'a'.repeat(29)}${n}`));
    const { document, characters } = use(agentServiceControlPolicy(roles, {
      databaseUsers, portForwarding: [HOST], containers: [CONTAINER], administrators: [LEAD, `${LEAD}-2`],
    }));
    expect(characters).toBe(JSON.stringify(document).length);
    expect(characters).toBeLessThanOrEqual(5120);
  });

  test.each<[string, Parameters<typeof agentServiceControlPolicy>, string[]]>([
    ['no role is named', [[]], ['no agent role is given; name at least one']],
    [
      'something other than one role is named',
      [['*', 'arn:aws:iam::111122223333:root', 'arn:aws:iam::111122223333:role/*', 'arn:aws:iam::111122223333:user/eve']],
      [
        "'*' is not the ARN of one IAM role", "'arn:aws:iam::111122223333:root' is not the ARN of one IAM role",
        "'arn:aws:iam::111122223333:role/*' is not the ARN of one IAM role", "'arn:aws:iam::111122223333:user/eve' is not the ARN of one IAM role",
      ],
    ],
    [
      'an administrator is an agent',
      [[CODING], { administrators: ['arn:aws:iam::111122223333:role/team/ORDERS-agentcodingrole0a1b2c3d-abcdefghijkl'] }],
      ["administrator 'arn:aws:iam::111122223333:role/team/ORDERS-agentcodingrole0a1b2c3d-abcdefghijkl' is an agent"],
    ],
    [
      'a resource is more than one, or of the wrong kind',
      [[CODING], {
        databaseUsers: [USER.replace('agent_coding_ro', '*'), USER.replace('agent_coding_ro', 'postgres'), 'arn:aws:rds:eu-central-1:111122223333:db:orders'],
        portForwarding: [
          { instanceArn: HOST.instanceArn.replace('i-0123456789abcdef0', '*'), replicaDocumentArn: HOST.replicaDocumentArn.replace(/Shop.*/, 'SSM-SessionManagerRunShell') },
          { instanceArn: HOST.instanceArn, replicaDocumentArn: 'arn:aws:ssm:eu-central-1::document/AWS-StartPortForwardingSessionToRemoteHost' },
        ],
        containers: [{ imageRepositoryArn: CONTAINER.imageRepositoryArn.replace('coding', '*'), logGroupsArn: 'arn:aws:logs:eu-central-1:111122223333:log-group:/aws/rds/*' }],
      }],
      [
        ...[USER.replace('agent_coding_ro', '*'), USER.replace('agent_coding_ro', 'postgres'), 'arn:aws:rds:eu-central-1:111122223333:db:orders']
          .map((arn) => `database user '${arn}' is not the ARN of one database user of an agent, …:dbuser:db-…/agent_…`),
        "host 'arn:aws:ec2:eu-central-1:111122223333:instance/*' is not the ARN of one EC2 instance",
        "session document 'arn:aws:ssm:eu-central-1:111122223333:document/SSM-SessionManagerRunShell' is not the ARN of one document of your own that is not Session Manager's shell",
        "session document 'arn:aws:ssm:eu-central-1::document/AWS-StartPortForwardingSessionToRemoteHost' is not the ARN of one document of your own that is not Session Manager's shell",
        "image repository 'arn:aws:ecr:eu-central-1:111122223333:repository/agents/*' is not the ARN of one ECR repository",
        "log groups 'arn:aws:logs:eu-central-1:111122223333:log-group:/aws/rds/*' is not the ARN of the log groups of AgentCore runtimes, …:log-group:/aws/bedrock-agentcore/runtimes/NAME-*",
      ],
    ],
    ['an administrator is nobody in particular', [[CODING], { administrators: ['*'] }], ["administrator '*' is not the ARN of one IAM role or user"]],
    [
      'boundaries are given without anyone who may change them',
      [[CODING], { boundaries: ['arn:aws:iam::111122223333:policy/b'] }],
      ['boundaries are given without administrators; name who may change them'],
    ],
    [
      "a boundary is not the account's own policy",
      [[CODING], { administrators: [LEAD], boundaries: ['arn:aws:iam::aws:policy/AdministratorAccess'] }],
      ["boundary 'arn:aws:iam::aws:policy/AdministratorAccess' is not the ARN of one managed policy of your own"],
    ],
  ])('fails when %s', (_, [roles, options], because) => {
    expect(agentServiceControlPolicy(roles, options)).toEqual({ do: 'refuse', because });
  });

  test('fails when there are more roles than fit', () => {
    const result = agentServiceControlPolicy(Array.from({ length: 80 }, (_, n) => `${CODING}${n}`));
    expect(result).toEqual({
      do: 'refuse', because: [expect.stringMatching(/^the policy has \d+ characters and AWS allows 5120; write one policy for each few roles$/)],
    });
  });
});

describe('how long a policy of a template will be', () => {
  test('counts what CloudFormation fills in, at its longest, and no white space', () => {
    // aws-us-gov is 10 characters, ap-southeast-1 is 14, an account number is 12, any other reference counts as 64.
    const arn = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':']] };
    expect(resolvedCharacters(arn)).toBe(2 + 'arn:::'.length + 1 + 10 + 14 + 12);
    expect(resolvedCharacters({ 'Fn::GetAtt': ['Replica', 'DbiResourceId'] })).toBe(66);
    expect(resolvedCharacters({ Sid: 'A b' })).toBe('{"Sid":"Ab"}'.length);
  });
});

describe('who may not approve', () => {
  const agents = [{ name: 'coding', principals: ['arn:aws:iam::111122223333:role/team/Developer'] }];

  test.each([
    ['the role that takes on the agent', 'arn:aws:iam::111122223333:role/team/Developer'],
    ['the same role written without its path', 'arn:aws:iam::111122223333:role/Developer'],
    ['the same role written in other letters', 'arn:aws:iam::111122223333:role/team/developer'],
    ['a session of the same role', 'arn:aws:sts::111122223333:assumed-role/Developer/alice'],
  ])('%s', (_, approver) => {
    expect(selfApprovals(agents, [approver])).toEqual([
      `approver '${approver}' may take on agent coding; name an approver who cannot propose what they approve`,
    ]);
  });

  test.each([
    ['another role', 'arn:aws:iam::111122223333:role/DatabaseAdministrator'],
    ['a role of the same name in another account', 'arn:aws:iam::999900001111:role/team/Developer'],
    ['a user of the same name', 'arn:aws:iam::111122223333:user/Developer'],
  ])('%s may', (_, approver) => {
    expect(selfApprovals(agents, [approver])).toEqual([]);
  });

  test('a role that is not known before deployment, when it is the agent’s too', () => {
    const token = '${Token[TOKEN.42]}';
    expect(selfApprovals([{ name: 'coding', principals: [token] }], [token])).toHaveLength(1);
    expect(selfApprovals([{ name: 'coding', principals: [token] }], ['${Token[TOKEN.43]}'])).toEqual([]);
  });
});

describe('two agents', () => {
  const github = (repository: string, branch: string): AgentCaller => ({ kind: 'github', repository, branch });
  const inside = (repository: string, environment: string): AgentCaller => ({ kind: 'github', repository, environment });
  const principal = (arn: string, ...sourceIdentities: string[]): AgentCaller =>
    ({ kind: 'principal', arn, ...(sourceIdentities.length > 0 && { sourceIdentities }) });
  const DEVELOPER = 'arn:aws:iam::111122223333:role/team/Developer';

  test.each<[string, AgentCaller, AgentCaller]>([
    ['the same branch', github('acme/shop', 'main'), github('Acme/Shop', 'main')],
    ['the same branch, once with GitHub’s ids', github('acme/shop', 'main'), github('acme@1/shop@2', 'main')],
    ['the same environment', inside('acme/shop', 'agents'), inside('acme/shop', 'Agents')],
    ['the same role', principal(DEVELOPER), principal('arn:aws:iam::111122223333:role/developer')],
    ['the same role, one with a source identity', principal(DEVELOPER), principal(DEVELOPER, 'alice')],
    ['the same role with a common source identity', principal(DEVELOPER, 'alice', 'bob'), principal(DEVELOPER, 'bob')],
    ['a role that is not known before deployment', principal('${Token[TOKEN.42]}'), principal('${Token[TOKEN.42]}')],
  ])('are one with %s', (_, one, other) => {
    expect([overlapping(one, other), overlapping(other, one)]).toEqual([true, true]);
  });

  test.each<[string, AgentCaller, AgentCaller]>([
    ['another branch', github('acme/shop', 'main'), github('acme/shop', 'Main')],
    ['another repository', github('acme/shop', 'main'), github('acme/shop2', 'main')],
    ['a recycled repository name with another id', github('acme@1/shop@2', 'main'), github('acme@1/shop@3', 'main')],
    ['a branch and an environment', github('acme/shop', 'main'), inside('acme/shop', 'main')],
    ['another role', principal(DEVELOPER), principal('arn:aws:iam::111122223333:role/Lead')],
    ['the same role with other source identities', principal(DEVELOPER, 'alice'), principal(DEVELOPER, 'bob')],
    ['a service each, where PassRole decides', { kind: 'service' }, { kind: 'service' }],
    ['a role and a repository', principal(DEVELOPER), github('acme/shop', 'main')],
  ])('are two with %s', (_, one, other) => {
    expect([overlapping(one, other), overlapping(other, one)]).toEqual([false, false]);
  });
});
