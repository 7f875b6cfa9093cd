import { App, Aspects, Fn, Lazy, Stack, type CfnResource } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, ManagedPolicy, PermissionsBoundary, Role, type CfnManagedPolicy, type CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnDBInstance } from 'aws-cdk-lib/aws-rds';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AgentAccess, type AgentAccessProps } from '../../lib/constructs/agent-access';
import { AgentTrust } from '../../lib/constructs/agent-trust';
import { ProductionDatabase } from '../../lib/constructs/production-database';
import { StagingClone } from '../../lib/constructs/staging-clone';
import { METADATA_KEY } from '../../lib/core/guarantees';
import { resolvedCharacters } from '../../lib/core/policy-size';
import { fixture, ORDERS } from './fixture';

const REPLICA = { identifier: 'agentread-orders', resourceId: 'db-ABCDEFGHIJKLMNOPQRSTUVWXY2' };
const HOST = {
  instanceArn: 'arn:aws:ec2:eu-central-1:111122223333:instance/i-0123456789abcdef0',
  replicaDocumentArn: 'arn:aws:ssm:eu-central-1:111122223333:document/Shop-Replica',
};

const newStack = () => new Stack(new App(), 'Shop');
const agentIn = (stack: Stack, props: Partial<AgentAccessProps> = {}) =>
  new AgentAccess(stack, 'Coding', { agent: 'coding', trust: AgentTrust.githubActions('acme/shop'), replica: REPLICA, ...props });

// Templates read back from synth output are untyped.
 
type Statements = Record<string, any>;

/** The statements of one of the agent's two policies, by statement id. */
function policyOf(stack: Stack, access: AgentAccess, id: 'Permissions' | 'Boundary'): Statements {
  const logicalId = stack.getLogicalId(access.node.findChild(id) as CfnResource);
  const policy = Template.fromStack(stack).toJSON().Resources[logicalId];
  expect(policy.Type).toBe('AWS::IAM::ManagedPolicy');
  return Object.fromEntries(policy.Properties.PolicyDocument.Statement.map((statement: { Sid: string }) => [statement.Sid, statement]));
}

const dbuser = (user: string) => [
  {
    'Fn::Join': ['', [
      'arn:', { Ref: 'AWS::Partition' }, ':rds-db:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' },
      `:dbuser:db-ABCDEFGHIJKLMNOPQRSTUVWXY2/${user}`,
    ]],
  },
];

describe('an agent', () => {
  test('may log in to the replica as its own database user, and has no other permission', () => {
    const stack = newStack();
    const access = agentIn(stack);
    expect(policyOf(stack, access, 'Permissions')).toEqual({
      ConnectToReplica: { Sid: 'ConnectToReplica', Effect: 'Allow', Action: ['rds-db:connect'], Resource: dbuser('agent_coding_ro') },
    });
  });

  test('is bounded by a policy that denies all other calls, and logins anywhere else or as anyone else', () => {
    // GIVEN
    const stack = newStack();
    const access = agentIn(stack);
    // WHEN
    const boundary = policyOf(stack, access, 'Boundary');
    // THEN
    expect(boundary.ConnectToReplica).toMatchObject({ Effect: 'Allow', Action: ['rds-db:connect'], Resource: dbuser('agent_coding_ro') });
    expect(boundary.DenyOtherThanConnectToReplica).toMatchObject({ Effect: 'Deny', Action: ['rds-db:connect'], NotResource: dbuser('agent_coding_ro') });
    expect(boundary.DenyEverythingElse).toMatchObject({ Effect: 'Deny', NotAction: ['rds-db:connect'], Resource: ['*'] });
    const allows = Object.values(boundary).filter((statement) => statement.Effect === 'Allow');
    expect(allows).toHaveLength(1);
  });

  test('holds its role under that boundary, for an hour at most', () => {
    const stack = newStack();
    const access = agentIn(stack);
    const ref = (id: string) => ({ Ref: stack.getLogicalId(access.node.findChild(id) as CfnResource) });
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      PermissionsBoundary: ref('Boundary'),
      ManagedPolicyArns: [ref('Permissions')],
      MaxSessionDuration: 3600,
      Policies: Match.absent(),
    });
  });

  test('has a role, two managed policies and nothing else: no inline policy', () => {
    const stack = newStack();
    agentIn(stack);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::IAM::Role', 1);
    template.resourceCountIs('AWS::IAM::ManagedPolicy', 2);
    template.resourceCountIs('AWS::IAM::Policy', 0);
    expect(Object.keys(template.toJSON().Resources)).toHaveLength(3);
  });

  test('is told which database users are its own, and has no permission to log in as the one for staging', () => {
    const stack = newStack();
    const access = agentIn(stack, { agent: 'night-shift' });
    expect([access.name, access.readRole, access.stagingRole]).toEqual(['night-shift', 'agent_night_shift_ro', 'agent_night_shift_rw']);
    expect(JSON.stringify(Template.fromStack(stack))).not.toContain('agent_night_shift_rw');
  });

  test('is known to IAM by the resource id of a replica of the same stack, never by its ARN', () => {
    // GIVEN
    const stack = newStack();
    const replica = new CfnDBInstance(stack, 'Replica', { sourceDbInstanceIdentifier: 'orders' });
    // WHEN
    const access = agentIn(stack, { replica: { identifier: 'agentread-orders', resourceId: replica.attrDbiResourceId } });
    // THEN
    const [resource] = policyOf(stack, access, 'Permissions').ConnectToReplica.Resource;
    expect(resource['Fn::Join'][1]).toContainEqual({ 'Fn::GetAtt': [stack.getLogicalId(replica), 'DbiResourceId'] });
    expect(resource['Fn::Join'][1].at(-1)).toBe('/agent_coding_ro');
  });

  test('gets nothing from grants of other constructs', () => {
    // GIVEN
    const stack = newStack();
    const access = agentIn(stack);
    // WHEN
    new Bucket(stack, 'Bucket').grantReadWrite(access.role);
    // THEN
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 0);
    expect(Object.keys(policyOf(stack, access, 'Permissions'))).toEqual(['ConnectToReplica']);
  });

  test('can be a role that exists already, through the same boundary', () => {
    const stack = newStack();
    const access = agentIn(stack);
    const existing = new Role(stack, 'Existing', { assumedBy: new AccountPrincipal('111122223333'), permissionsBoundary: access.boundary });
    Template.fromStack(stack).hasResource('AWS::IAM::Role', {
      Properties: { PermissionsBoundary: { Ref: stack.getLogicalId(access.node.findChild('Boundary') as CfnResource) } },
    });
    expect(stack.getLogicalId(existing.node.defaultChild as CfnResource)).toBeDefined();
  });

  test('says in the template what it can do and who it is', () => {
    const stack = newStack();
    const access = agentIn(stack);
    access.allowPortForwarding(HOST);
    expect(Template.fromStack(stack).toJSON().Metadata[METADATA_KEY]).toEqual([
      {
        guarantee: 'agent-cannot-use-the-control-plane', construct: 'AgentAccess', path: 'Shop/Coding', inForce: true,
        detail: 'agent coding, taken on by GitHub Actions of acme/shop on branch main for at most 1 hour at a time, can log in to agentread-orders ' +
          'as agent_coding_ro and call ssm:StartSession, ssm:ResumeSession, ssm:TerminateSession, ssmmessages:OpenDataChannel; everything else is denied',
        resources: {
          role: stack.getLogicalId(access.node.findChild('Role').node.defaultChild as CfnResource),
          boundary: stack.getLogicalId(access.node.findChild('Boundary') as CfnResource),
        },
        agent: { name: 'coding', logins: [{ resourceId: 'db-ABCDEFGHIJKLMNOPQRSTUVWXY2', user: 'agent_coding_ro' }] },
      },
    ]);
  });
});

describe('an agent that may forward a port', () => {
  const SESSIONS = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ssm:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':session/*']] };

  test.each(['Permissions', 'Boundary'] as const)('starts sessions on one host with one document, and only ends its own (%s)', (id) => {
    // GIVEN
    const stack = newStack();
    const access = agentIn(stack);
    // WHEN
    access.allowPortForwarding(HOST);
    // THEN
    const policy = policyOf(stack, access, id);
    expect(policy.ForwardPort).toEqual({
      Sid: 'ForwardPort', Effect: 'Allow', Action: ['ssm:StartSession'], Resource: [HOST.instanceArn, HOST.replicaDocumentArn],
      Condition: { BoolIfExists: { 'ssm:SessionDocumentAccessCheck': 'true' } },
    });
    expect(policy.EndOwnForwarding).toEqual({
      Sid: 'EndOwnForwarding', Effect: 'Allow', Action: ['ssm:ResumeSession', 'ssm:TerminateSession'], Resource: [SESSIONS],
      Condition: { StringLike: { 'ssm:resourceTag/aws:ssmmessages:session-id': '${aws:userid}' } },
    });
    expect(policy.CarryForwarding).toEqual({
      Sid: 'CarryForwarding', Effect: 'Allow', Action: ['ssmmessages:OpenDataChannel'], Resource: [SESSIONS],
    });
  });

  test('is denied sessions on every other host and with every other document, a shell among them', () => {
    const stack = newStack();
    const access = agentIn(stack);
    access.allowPortForwarding(HOST);
    const boundary = policyOf(stack, access, 'Boundary');
    expect(boundary.DenyOtherThanForwardPort).toEqual({
      Sid: 'DenyOtherThanForwardPort', Effect: 'Deny', Action: ['ssm:StartSession'], NotResource: [HOST.instanceArn, HOST.replicaDocumentArn],
    });
    expect(boundary.DenyEverythingElse.NotAction).toEqual([
      'rds-db:connect', 'ssm:StartSession', 'ssm:ResumeSession', 'ssm:TerminateSession', 'ssmmessages:OpenDataChannel',
    ]);
  });

  test('fails when it is allowed twice', () => {
    const access = agentIn(newStack());
    access.allowPortForwarding(HOST);
    expect(() => access.allowPortForwarding(HOST)).toThrow('Shop/Coding: ForwardPort is allowed already; allow it once');
  });

  test.each([
    ['every host', { ...HOST, instanceArn: 'arn:aws:ec2:eu-central-1:111122223333:instance/*' }, 'arn:aws:ec2:eu-central-1:111122223333:instance/*'],
    ['any of some hosts', { ...HOST, instanceArn: 'arn:aws:ec2:eu-central-1:111122223333:instance/i-?' }, 'arn:aws:ec2:eu-central-1:111122223333:instance/i-?'],
    ['every document', { ...HOST, replicaDocumentArn: '*' }, '*'],
  ])('fails when the host is %s', (_, host, resource) => {
    expect(() => agentIn(newStack()).allowPortForwarding(host)).toThrow(
      `Shop/Coding: ForwardPort names the resource '${resource}', which is a wildcard; name one resource`,
    );
  });

  test('fails when a wildcard hides in a value that is put together in deployment', () => {
    for (const hidden of [Fn.join('', ['arn:', 'document/*']), Lazy.string({ produce: () => 'arn:document/*' })]) {
      expect(() => agentIn(newStack()).allowPortForwarding({ ...HOST, replicaDocumentArn: hidden })).toThrow('which is a wildcard; name one resource');
    }
  });

  test.each([
    'arn:aws:ssm:eu-central-1:111122223333:document/SSM-SessionManagerRunShell',
    'arn:aws:ssm:eu-central-1::document/AWS-StartPortForwardingSessionToRemoteHost',
  ])("fails when the document is '%s'", (replicaDocumentArn) => {
    expect(() => agentIn(newStack()).allowPortForwarding({ ...HOST, replicaDocumentArn })).toThrow(
      `Shop/Coding: replicaDocumentArn is '${replicaDocumentArn}', a document of AWS, which opens a shell or forwards anywhere; pass an AccessHost`,
    );
  });
});

describe('an agent in AgentCore with an image', () => {
  test('may pull that image and write its log, in its permissions and in its boundary', () => {
    const stack = newStack();
    const image = 'arn:aws:ecr:eu-central-1:111122223333:repository/agents/coding';
    const access = agentIn(stack, { trust: AgentTrust.agentCore({ imageRepositoryArn: image }) });
    expect(Object.keys(policyOf(stack, access, 'Permissions'))).toEqual(['ConnectToReplica', 'PullOwnImage', 'SignInToEcr', 'WriteOwnLog']);
    expect(policyOf(stack, access, 'Boundary').DenyOtherThanPullOwnImage).toMatchObject({ NotResource: [image] });
  });
});

describe('the boundary', () => {
  test.each<[string, AgentTrust, boolean]>([
    ['forwards a port', AgentTrust.githubActions('acme/shop'), true],
    ['pulls its image', AgentTrust.agentCore({ imageRepositoryArn: `arn:aws-us-gov:ecr:us-gov-west-1:111122223333:repository/${'a'.repeat(256)}` }), false],
  ])('of an agent that %s has room to spare in the 6,144 characters of a managed policy, with the longest names', (_, trust, forwards) => {
    // GIVEN
    const stack = newStack();
    const access = agentIn(stack, { agent: 'a'.repeat(30), trust });
    if (forwards) access.allowPortForwarding(HOST);
    // WHEN
    const statements = Object.values(policyOf(stack, access, 'Boundary'));
    // THEN
    const characters = resolvedCharacters({ Version: '2012-10-17', Statement: statements });
    expect(characters).toBeGreaterThan(4000);
    expect(characters).toBeLessThanOrEqual(6144 - 300);
  });

  test('fails at synthesis when it has grown past what IAM accepts', () => {
    const app = new App();
    const access = agentIn(new Stack(app, 'Shop'));
    const resources = Array.from({ length: 60 }, (_, n) => `arn:aws:sqs:eu-central-1:111122223333:requests-${n}`);
    access.permit({ sid: 'File', actions: ['sqs:SendMessage'], resources });
    expect(() => app.synth()).toThrow(
      /\[Shop\/Coding\] the permissions boundary of agent coding has about \d+ characters and IAM allows 6144; allow the agent fewer things/,
    );
  });

  const REPLACED = /\[Shop\/Coding\] the permissions boundary of agent coding was replaced by .*PowerUserAccess.*, so nothing holds the agent any more; take its role out of what PermissionsBoundary\.of\(…\)\.apply\(…\), the context @aws-cdk\/core:permissionsBoundary or an Aspect covers/;

  test('fails at synthesis when the app gives every role another one', () => {
    const app = new App();
    agentIn(new Stack(app, 'Shop'));
    PermissionsBoundary.of(app).apply(ManagedPolicy.fromAwsManagedPolicyName('PowerUserAccess'));
    expect(() => app.synth()).toThrow(REPLACED);
  });

  test.each<[string, (role: CfnRole) => void]>([
    ['an Aspect that runs after all others deletes it', (role) => role.addPropertyDeletionOverride('PermissionsBoundary')],
    ['a property takes it away', (role) => { role.permissionsBoundary = undefined; }],
  ])('fails at synthesis when %s', (_, strip) => {
    // GIVEN
    const app = new App();
    const access = agentIn(new Stack(app, 'Shop'));
    // WHEN
    const role = access.node.findChild('Role').node.defaultChild as CfnRole;
    Aspects.of(app).add({ visit: (node) => { if (node === role) strip(role); } }, { priority: 10_000 });
    // THEN
    expect(() => app.synth()).toThrow('[Shop/Coding] the permissions boundary of agent coding was replaced by none, so nothing holds the agent any more');
  });

  test.each<[string, (boundary: CfnManagedPolicy) => void]>([
    ['allows everything', (boundary) => { boundary.policyDocument = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }; }],
    ['has one statement overridden', (boundary) => boundary.addPropertyOverride('PolicyDocument.Statement.0.Action', '*')],
    ['has one statement deleted', (boundary) => boundary.addPropertyDeletionOverride('PolicyDocument.Statement.1')],
  ])('fails at synthesis when its document %s', (_, change) => {
    const app = new App();
    const access = agentIn(new Stack(app, 'Shop'));
    change(access.node.findChild('Boundary') as CfnManagedPolicy);
    expect(() => app.synth()).toThrow(
      '[Shop/Coding] the document of the permissions boundary of agent coding was changed, so it may allow anything; ' +
        'remove the override or the Aspect that changes it',
    );
  });

  test('is taken for broken when CDK does not show what it will be', () => {
    const access = agentIn(newStack());
    Object.defineProperty(access.node.findChild('Boundary'), '_toCloudFormation', { value: undefined, configurable: true });
    expect(access.node.validate()).toEqual([
      'this version of aws-cdk-lib does not show what the permissions boundary of agent coding will be; use a version that does',
    ]);
  });

  test('stays when its role gets something else, a tag for instance', () => {
    const app = new App();
    const access = agentIn(new Stack(app, 'Shop'));
    (access.node.findChild('Role').node.defaultChild as CfnRole).addPropertyOverride('Tags', [{ Key: 'team', Value: 'shop' }]);
    expect(() => app.synth()).not.toThrow();
  });

  test('stays when the app applies one to something else', () => {
    const app = new App();
    const stack = new Stack(app, 'Shop');
    agentIn(stack);
    PermissionsBoundary.of(new Stack(app, 'Other')).apply(ManagedPolicy.fromAwsManagedPolicyName('PowerUserAccess'));
    expect(() => app.synth()).not.toThrow();
  });
});

describe('a construct of the kit that gives agents something to call', () => {
  const FILE = { sid: 'FileRequest', actions: ['sqs:SendMessage'], resources: ['arn:aws:sqs:eu-central-1:111122223333:requests'] };

  test('adds it to the permissions and to the boundary, however late', () => {
    const stack = newStack();
    const access = agentIn(stack);
    access.permit(FILE);
    const boundary = policyOf(stack, access, 'Boundary');
    expect(policyOf(stack, access, 'Permissions').FileRequest).toEqual(boundary.FileRequest);
    expect(boundary.DenyOtherThanFileRequest).toMatchObject({ Effect: 'Deny', Action: ['sqs:SendMessage'], NotResource: FILE.resources });
    expect(boundary.DenyEverythingElse.NotAction).toEqual(['rds-db:connect', 'sqs:SendMessage']);
  });

  test('fails when the call is one that no agent may ever make', () => {
    expect(() => agentIn(newStack()).permit({ ...FILE, actions: ['sqs:SendMessage', 'rds:DeleteDBInstance'] })).toThrow(
      'Shop/Coding: rds:DeleteDBInstance is denied to every agent (DenyDestroyingDatabases); allowing it would have no effect',
    );
  });
});

describe('a construct of the kit that is careless', () => {
  test('fails when it allows more than one call at once', () => {
    expect(() => agentIn(newStack()).permit({ sid: 'File', actions: ['sqs:*'], resources: ['arn:x'] })).toThrow(
      'Shop/Coding: sqs:* is not one call; name each call',
    );
  });

  test.each(['*', 'arn:aws:sqs:eu-central-1:111122223333:*', 'arn:aws:sqs:eu-central-1:111122223333:request?'])("fails when it allows a call on '%s'", (resource) => {
    expect(() => agentIn(newStack()).permit({ sid: 'File', actions: ['sqs:SendMessage'], resources: [resource] })).toThrow(
      `Shop/Coding: File names the resource '${resource}', which is a wildcard; name one resource`,
    );
  });
});

describe('an agent that is described wrongly', () => {
  test.each(['Coding', 'c', '1coding', 'coding_agent', 'coding agent', 'a'.repeat(31), ''])("fails when its name is '%s'", (agent) => {
    expect(() => agentIn(newStack(), { agent })).toThrow(
      `Shop/Coding: agent is '${agent}'; write 2 to 30 lower-case letters, digits and single hyphens, the first a letter, the last not a hyphen`,
    );
  });

  test.each(['arn:aws:rds:eu-central-1:111122223333:db:orders', 'agentread-orders', 'cluster-ABCDEFGHIJKLMNOPQRSTUVWXY2', '*'])("fails when the replica's resource id is '%s'", (resourceId) => {
    expect(() => agentIn(newStack(), { replica: { identifier: 'agentread-orders', resourceId } })).toThrow(
      `Shop/Coding: replica.resourceId is '${resourceId}'; write the resource id (db-…), which is neither the ARN nor the identifier`,
    );
  });
});

describe('an agent that is given a database that is not for agents', () => {
  const INSTEAD = 'pass the AgentReplica, or the resource id and identifier of another read replica';

  test('fails when it is production itself', () => {
    const { stack, production } = fixture();
    expect(() => agentIn(stack, { replica: production })).toThrow(`Shop/Coding: replica is production itself; ${INSTEAD}`);
  });

  test('fails when it is the unmasked staging clone', () => {
    const given = fixture();
    const replica = new StagingClone(given.stack, 'Staging', given);
    expect(() => agentIn(given.stack, { replica })).toThrow(`Shop/Coding: replica is the staging clone, which is not proven clean; ${INSTEAD}`);
  });

  test('fails at synthesis when it has the resource id of production, wherever and however late production is described', () => {
    // GIVEN
    const app = new App();
    agentIn(new Stack(app, 'Shop'), { replica: { identifier: 'looks-like-a-replica', resourceId: ORDERS.resourceId } });
    // WHEN
    ProductionDatabase.fromInstance(new Stack(app, 'Other'), 'Production', ORDERS);
    // THEN
    expect(() => app.synth()).toThrow(`[Shop/Coding] replica has the resource id of production itself (Other/Production); ${INSTEAD}`);
  });

  test('fails at synthesis when it has the resource id of the staging clone, which nobody knows before deployment', () => {
    // GIVEN
    const given = fixture();
    const clone = new StagingClone(given.stack, 'Staging', given);
    // WHEN: the attribute is read anew, so that its text may be another
    agentIn(given.stack, { replica: { identifier: 'x', resourceId: clone.copy.getAtt('DbiResourceId').toString() } });
    // THEN
    expect(() => (given.stack.node.root as App).synth()).toThrow(
      `[Shop/Coding] replica has the resource id of the staging clone, which is not proven clean (Shop/Staging); ${INSTEAD}`,
    );
  });
});
