import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { AgentTrust, refuseSelfApproval, refuseSharedTrust } from '../../lib/constructs/agent-trust';
import { ApproverTrust } from '../../lib/constructs/approver-trust';

const newStack = () => new Stack(new App(), 'Shop', { env: { account: '111122223333', region: 'eu-central-1' } });

/** The statements of the trust policy of a role that trusts as given. */
function trusts(trust: AgentTrust, stack = newStack()) {
  new Role(stack, 'Role', { assumedBy: trust.bind(stack).principal });
  const [role] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'));
  return role!.Properties.AssumeRolePolicyDocument.Statement;
}

const PARTITION = { Ref: 'AWS::Partition' };
const arn = (...rest: string[]) => ({ 'Fn::Join': ['', ['arn:', PARTITION, `:${rest.join(':')}`]] });

describe('an agent in GitHub Actions', () => {
  const github = (subject: string, provider: unknown = arn('iam', '', '111122223333', 'oidc-provider/token.actions.githubusercontent.com')) => [
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRoleWithWebIdentity',
      Principal: { Federated: provider },
      Condition: {
        StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com', 'token.actions.githubusercontent.com:sub': subject },
      },
    },
  ];

  test('is, unless said otherwise, a run on the branch main of exactly one repository', () => {
    expect(trusts(AgentTrust.githubActions('acme/shop'))).toEqual(github('repo:acme/shop:ref:refs/heads/main'));
  });

  test('may be a run on another branch', () => {
    expect(trusts(AgentTrust.githubActions('acme/shop', { branch: 'release/2.0' }))).toEqual(github('repo:acme/shop:ref:refs/heads/release/2.0'));
  });

  test('may be a run in a GitHub environment, whatever its branch', () => {
    expect(trusts(AgentTrust.githubActions('acme/shop', { environment: 'agents' }))).toEqual(github('repo:acme/shop:environment:agents'));
  });

  test('may be named with the ids that GitHub puts into the subject since July 2026', () => {
    expect(trusts(AgentTrust.githubActions('acme@123456/shop@456789'))).toEqual(github('repo:acme@123456/shop@456789:ref:refs/heads/main'));
  });

  test('may come through a provider that is not the default one', () => {
    const provider = 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com/acme';
    // WHEN
    const [statement] = trusts(AgentTrust.githubActions('acme/shop', {}, provider));
    // THEN
    expect(statement.Principal).toEqual({ Federated: provider });
    expect(Object.keys(statement.Condition.StringEquals)).toEqual([
      'token.actions.githubusercontent.com/acme:aud', 'token.actions.githubusercontent.com/acme:sub',
    ]);
  });

  test('is described in words', () => {
    const stack = newStack();
    expect(AgentTrust.githubActions('acme/shop').bind(stack).identity).toBe('GitHub Actions of acme/shop on branch main');
    expect(AgentTrust.githubActions('acme/shop', { environment: 'agents' }).bind(stack).identity).toBe('GitHub Actions of acme/shop in environment agents');
  });

  test.each(['acme/*', '*', 'acme', 'acme/shop/x', 'acme@1/shop', 'acme/shop:*', 'https://github.com/acme/shop', ''])("fails when the repository is '%s'", (repository) => {
    expect(() => trusts(AgentTrust.githubActions(repository))).toThrow(
      `Shop: GitHub repository is '${repository}'; write owner/name, or owner@id/name@id, without wildcards`,
    );
  });

  test.each(['*', 'feature/*', 'refs/heads/main', '', 'a..b', 'a b', 'main:x', 'release/'])("fails when the branch is '%s'", (branch) => {
    expect(() => trusts(AgentTrust.githubActions('acme/shop', { branch }))).toThrow(
      `Shop: branch is '${branch}'; write one branch without 'refs/heads/' and wildcards`,
    );
  });

  test.each(['*', 'prod*', '', 'a:b'])("fails when the environment is '%s'", (environment) => {
    expect(() => trusts(AgentTrust.githubActions('acme/shop', { environment }))).toThrow(
      `Shop: GitHub environment is '${environment}'; write one name of letters, digits, spaces, _ . and -`,
    );
  });

  test('fails when the provider is not GitHub’s, and says everything else that is wrong too', () => {
    const provider = 'arn:aws:iam::111122223333:oidc-provider/accounts.google.com';
    const both = { branch: 'main', environment: 'agents' } as unknown as { environment: string };
    expect(() => trusts(AgentTrust.githubActions('acme/shop', both, provider))).toThrow(
      'Shop: both branch and environment are given; runs in an environment carry no branch, write one\n' +
        `Shop: providerArn is '${provider}'; write the ARN of GitHub's OIDC provider in this account, ` +
        'arn:aws:iam::ACCOUNT:oidc-provider/token.actions.githubusercontent.com',
    );
  });
});

describe('an agent that an IAM role or user takes on', () => {
  const DEVELOPER = 'arn:aws:iam::111122223333:role/Developer';

  test('has to say on whose behalf it acts', () => {
    expect(trusts(AgentTrust.principal(DEVELOPER))).toEqual([
      {
        Effect: 'Allow', Principal: { AWS: DEVELOPER }, Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
        Condition: { Null: { 'sts:SourceIdentity': 'false' } },
      },
    ]);
  });

  test('has to be one of the named people, when some are named', () => {
    const [statement] = trusts(AgentTrust.principal(DEVELOPER, { sourceIdentities: ['alice', 'bob@acme.example'] }));
    expect(statement.Condition).toEqual({
      Null: { 'sts:SourceIdentity': 'false' }, StringEquals: { 'sts:SourceIdentity': ['alice', 'bob@acme.example'] },
    });
  });

  test('is described in words', () => {
    const stack = newStack();
    expect(AgentTrust.principal(DEVELOPER).bind(stack).identity).toBe(`${DEVELOPER} with a source identity`);
    expect(AgentTrust.principal(DEVELOPER, { sourceIdentities: ['alice', 'bob'] }).bind(stack).identity).toBe(`${DEVELOPER} with source identity alice or bob`);
  });

  test('may be a role of the same app', () => {
    const stack = newStack();
    const runner = new Role(stack, 'Runner', { assumedBy: AgentTrust.ecsTasks().bind(stack).principal });
    const trust = AgentTrust.principal(runner.roleArn);
    expect(stack.resolve(trust.bind(stack).identity)).toBe('a role of this app with a source identity');
  });

  test.each([
    '*', '111122223333', 'arn:aws:iam::111122223333:root', 'arn:aws:iam::111122223333:role/*', 'arn:aws:iam::*:role/Developer',
    'arn:aws:sts::111122223333:assumed-role/Developer/alice', 'arn:aws:iam::111122223333:group/Developers', 'ec2.amazonaws.com',
  ])("fails when the principal is '%s'", (principal) => {
    expect(() => trusts(AgentTrust.principal(principal))).toThrow(
      `Shop: principal is '${principal}'; write the ARN of one IAM role or user (no account root, no session, no wildcards)`,
    );
  });

  test('fails when the list of source identities is empty', () => {
    expect(() => trusts(AgentTrust.principal(DEVELOPER, { sourceIdentities: [] }))).toThrow(
      'Shop: sourceIdentities is empty; name at least one, or leave it out to accept any',
    );
  });

  test('fails when a source identity is a wildcard', () => {
    expect(() => trusts(AgentTrust.principal(DEVELOPER, { sourceIdentities: ['alice', '*'] }))).toThrow(
      "Shop: source identity is '*'; write 2 to 64 letters, digits and _ + = , . @ - (no wildcards)",
    );
  });
});

describe('an agent inside AWS', () => {
  test('on ECS is a task of this account in this Region, not one that another account runs', () => {
    expect(trusts(AgentTrust.ecsTasks())).toEqual([
      {
        Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole',
        Condition: {
          StringEquals: { 'aws:SourceAccount': '111122223333' },
          ArnLike: { 'aws:SourceArn': arn('ecs', 'eu-central-1', '111122223333', '*') },
        },
      },
    ]);
  });

  test('on AgentCore is a runtime or tool of this account in this Region', () => {
    expect(trusts(AgentTrust.agentCore())).toEqual([
      {
        Effect: 'Allow', Principal: { Service: 'bedrock-agentcore.amazonaws.com' }, Action: 'sts:AssumeRole',
        Condition: {
          StringEquals: { 'aws:SourceAccount': '111122223333' },
          ArnLike: { 'aws:SourceArn': arn('bedrock-agentcore', 'eu-central-1', '111122223333', '*') },
        },
      },
    ]);
  });

  test('needs no permission of its own', () => {
    const stack = newStack();
    expect(AgentTrust.ecsTasks().bind(stack).permissions).toEqual([]);
    expect(AgentTrust.agentCore().bind(stack).permissions).toEqual([]);
  });

  test('on AgentCore, as a container, may pull its own image and write its own log', () => {
    // GIVEN
    const stack = newStack();
    const image = 'arn:aws:ecr:eu-central-1:111122223333:repository/agents/coding';
    // WHEN
    const { permissions } = AgentTrust.agentCore({ imageRepositoryArn: image }).bind(stack);
    // THEN
    expect(stack.resolve(permissions)).toEqual([
      { sid: 'PullOwnImage', actions: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], resources: [image] },
      { sid: 'SignInToEcr', actions: ['ecr:GetAuthorizationToken'], resources: ['*'], wildcards: ['*'] },
      {
        sid: 'WriteOwnLog', actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [arn('logs', 'eu-central-1', '111122223333', 'log-group:/aws/bedrock-agentcore/runtimes/*')],
        wildcards: [arn('logs', 'eu-central-1', '111122223333', 'log-group:/aws/bedrock-agentcore/runtimes/*')],
      },
    ]);
  });

  test('on AgentCore, with the name of its runtime, may write no other runtime’s log', () => {
    const stack = newStack();
    const { permissions } = AgentTrust.agentCore({ imageRepositoryArn: 'arn:aws:ecr:eu-central-1:111122223333:repository/a', runtimeName: 'coding_2' }).bind(stack);
    expect(stack.resolve(permissions.find(({ sid }) => sid === 'WriteOwnLog')!.resources)).toEqual([
      arn('logs', 'eu-central-1', '111122223333', 'log-group:/aws/bedrock-agentcore/runtimes/coding_2-*'),
    ]);
  });

  test.each(['*', 'coding-agent', '1coding', '', 'a'.repeat(49)])("fails when the runtime is called '%s'", (runtimeName) => {
    expect(() => AgentTrust.agentCore({ imageRepositoryArn: 'arn:aws:ecr:eu-central-1:111122223333:repository/a', runtimeName }).bind(newStack())).toThrow(
      `Shop: runtimeName is '${runtimeName}'; write the name of one runtime: 1 to 48 letters, digits and underscores, the first a letter`,
    );
  });

  test('fails when a runtime is named that may write no log', () => {
    expect(() => AgentTrust.agentCore({ runtimeName: 'coding' }).bind(newStack())).toThrow(
      'Shop: runtimeName is given without imageRepositoryArn; without an image the role may write no log, write both or neither',
    );
  });

  test('fails when the image repository is more than one', () => {
    const image = 'arn:aws:ecr:eu-central-1:111122223333:repository/*';
    expect(() => AgentTrust.agentCore({ imageRepositoryArn: image }).bind(newStack())).toThrow(
      `Shop: imageRepositoryArn is '${image}'; write the ARN of one ECR repository, without wildcards`,
    );
  });

  test('is known by where it runs', () => {
    expect(AgentTrust.ecsTasks().runtime).toBe('ecs');
    expect(AgentTrust.agentCore().runtime).toBe('agent-core');
    expect(AgentTrust.githubActions('acme/shop').runtime).toBeUndefined();
  });
});

describe('approving one’s own proposals', () => {
  const developer = AgentTrust.principal('arn:aws:iam::111122223333:role/team/Developer');

  test('fails when an approver may take on an agent, and names each', () => {
    const approvers = ['arn:aws:sts::111122223333:assumed-role/developer/alice', 'arn:aws:iam::111122223333:role/Developer', 'arn:aws:iam::111122223333:role/Lead']
      .map((approver) => ApproverTrust.principalArn(approver));
    expect(() => refuseSelfApproval(newStack(), [{ name: 'coding', trust: developer }], approvers)).toThrow(
      "Shop: approver 'arn:aws:sts::111122223333:assumed-role/developer/alice' may take on agent coding; name an approver who cannot propose what they approve\n" +
        "Shop: approver 'arn:aws:iam::111122223333:role/Developer' may take on agent coding; name an approver who cannot propose what they approve",
    );
  });

  test('is not possible for an agent that no approver can take on', () => {
    const agents = [{ name: 'coding', trust: developer }, { name: 'ci', trust: AgentTrust.githubActions('acme/shop') }];
    expect(() => refuseSelfApproval(newStack(), agents, [ApproverTrust.principalArn('arn:aws:iam::111122223333:role/Lead')])).not.toThrow();
  });

  describe('when a role belongs to the same app', () => {
    const agentOf = (arn: string) => [{ name: 'coding', trust: AgentTrust.principal(arn) }];
    const named = (stack: Stack, roleName?: string) => new Role(stack, 'Developer', { roleName, path: '/team/', assumedBy: new AccountPrincipal('111122223333') });

    test.each([
      ['its own ARN', (role: Role) => role.roleArn],
      ['its name, written out', () => 'arn:aws:iam::111122223333:role/developer'],
      ['one of its sessions', () => 'arn:aws:sts::111122223333:assumed-role/Developer/alice'],
    ])('fails when the approver is given by %s', (_, arnOf) => {
      const stack = newStack();
      const role = named(stack, 'Developer');
      expect(() => refuseSelfApproval(stack, agentOf(role.roleArn), [ApproverTrust.principalArn(arnOf(role))])).toThrow(
        'may take on agent coding; name an approver who cannot propose what they approve',
      );
    });

    test('fails when both are looked up by name, in an account that is not known yet', () => {
      const stack = new Stack(new App(), 'Shop');
      const role = Role.fromRoleName(stack, 'Developer', 'Developer');
      const approver = ApproverTrust.principalArn('arn:aws:iam::111122223333:role/Developer');
      expect(() => refuseSelfApproval(stack, agentOf(role.roleArn), [approver])).toThrow("Shop: approver 'arn:aws:iam::111122223333:role/Developer' may take on agent coding");
    });

    test('names the role by its path when its ARN is not known yet', () => {
      const stack = newStack();
      const role = named(stack);
      expect(() => refuseSelfApproval(stack, agentOf(role.roleArn), [ApproverTrust.role(role)])).toThrow("Shop: approver 'Shop/Developer/Resource' may take on agent coding");
    });

    test('is not assumed of another account or another name', () => {
      const stack = newStack();
      const role = named(stack, 'Developer');
      const approvers = ['arn:aws:iam::999900001111:role/Developer', 'arn:aws:iam::111122223333:role/Lead', 'arn:aws:iam::111122223333:user/Developer']
        .map((approver) => ApproverTrust.principalArn(approver));
      expect(() => refuseSelfApproval(stack, agentOf(role.roleArn), approvers)).not.toThrow();
    });
  });
});

describe('two agents', () => {
  const agents = (one: AgentTrust, other: AgentTrust) => [{ name: 'coding', trust: one }, { name: 'night', trust: other }];

  test('fail when the same caller takes on both', () => {
    const [one, other] = [AgentTrust.githubActions('acme/shop'), AgentTrust.githubActions('acme/shop', { branch: 'main' })];
    expect(one.overlaps(other)).toBe(true);
    expect(() => refuseSharedTrust(newStack(), agents(one, other))).toThrow(
      'Shop: agents coding and night are taken on by the same caller, so either can act as the other; ' +
        'give each a branch, an environment, a role or source identities of its own, or make them one agent',
    );
  });

  test.each([
    ['each has a branch of its own', AgentTrust.githubActions('acme/shop'), AgentTrust.githubActions('acme/shop', { branch: 'night' })],
    ['each has an environment of its own', AgentTrust.githubActions('acme/shop', { environment: 'a' }), AgentTrust.githubActions('acme/shop', { environment: 'b' })],
    [
      'each has a source identity of its own',
      AgentTrust.principal('arn:aws:iam::111122223333:role/Developer', { sourceIdentities: ['alice'] }),
      AgentTrust.principal('arn:aws:iam::111122223333:role/Developer', { sourceIdentities: ['bob'] }),
    ],
    ['a runtime inside AWS takes on each, which PassRole decides', AgentTrust.ecsTasks(), AgentTrust.ecsTasks()],
    ['two AgentCore runtimes take them on', AgentTrust.agentCore(), AgentTrust.agentCore()],
  ])('are accepted when %s', (_, one, other) => {
    expect(() => refuseSharedTrust(newStack(), agents(one, other))).not.toThrow();
  });
});
