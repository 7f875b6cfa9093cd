import { audit, type AuditOptions, type World } from '../../lib/audit/audit';
import type { Assumption, Report } from '../../lib/audit/model';
import { ACKNOWLEDGED_KEY } from '../../lib/core/guarantees';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAssembly } from '../../lib/assembly/read-assembly';
import { Demo, report, TODAY, worlds, type Untyped } from './damages/demo';

const problemsOf = (template: unknown, options: Partial<AuditOptions> = {}) => {
  const outcome = audit(worlds(template, 'Shop'), { today: TODAY, ...options });
  return outcome.do === 'refuse' ? outcome.problems : 'report';
};
const said = ({ findings }: Report) => findings.map(({ rule, verdict, because }) => `${rule}: ${verdict}: ${because}`);

const role = (statements: readonly Untyped[], more: Record<string, Untyped> = {}) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: 'arn:aws:iam::111122223333:role/runner' } }] },
    Policies: [{ PolicyName: 'own', PolicyDocument: { Version: '2012-10-17', Statement: statements } }], MaxSessionDuration: 3600, ...more,
  },
});
const connect = (resource: Untyped) => ({ Effect: 'Allow', Action: 'rds-db:connect', Resource: resource });
const PERMISSION = { 'Fn::Sub': 'arn:${AWS::Partition}:rds-db:${AWS::Region}:${AWS::AccountId}:dbuser:${Replica.DbiResourceId}/reader' };
const REST = { Effect: 'Deny', NotAction: 'rds-db:connect', Resource: '*' };
const OTHERS = { Effect: 'Deny', Action: 'rds-db:connect', NotResource: PERMISSION };
const database = (properties: Record<string, Untyped> = {}) => ({
  Type: 'AWS::RDS::DBInstance', DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain',
  Properties: {
    Engine: 'postgres', DBInstanceIdentifier: 'orders', BackupRetentionPeriod: 14, DeletionProtection: true, StorageEncrypted: true, PubliclyAccessible: false, CopyTagsToSnapshot: true, DeleteAutomatedBackups: false,
    DBSubnetGroupName: { Ref: 'Subnets' }, VPCSecurityGroups: [{ 'Fn::GetAtt': ['Group', 'GroupId'] }], ...properties,
  },
});

/** A template that nobody made with the kit, and in which its claims hold. */
const foreign = () => ({
  Resources: {
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
    One: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.0.0/24' } },
    Subnets: { Type: 'AWS::RDS::DBSubnetGroup', Properties: { SubnetIds: [{ Ref: 'One' }], DBSubnetGroupDescription: 'orders' } },
    Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { VpcId: { Ref: 'Vpc' }, GroupDescription: 'orders' } },
    Orders: database(),
    Replica: { Type: 'AWS::RDS::DBInstance', Properties: { SourceDBInstanceIdentifier: { 'Fn::GetAtt': ['Orders', 'DBInstanceArn'] }, DBSubnetGroupName: { Ref: 'Subnets' }, VPCSecurityGroups: [{ 'Fn::GetAtt': ['Group', 'GroupId'] }] } },
    Boundary: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: { Version: '2012-10-17', Statement: [connect(PERMISSION), REST, OTHERS] } } },
    Agent: role([connect(PERMISSION)], { PermissionsBoundary: { Ref: 'Boundary' } }),
  } as Record<string, Untyped>,
});
const WHO = { subjects: { agents: ['Agent'], production: ['Orders'] } };

describe('who is who', () => {
  test('nothing is judged where nothing says who is an agent and what is production: what is there is listed', () => {
    expect(problemsOf(foreign())).toEqual([
      "nothing in the template says which roles are agents'; name them with --agent: Agent",
      'nothing in the template says which database is production; name it with --production: Orders, Replica, or the ARN of one that is elsewhere',
    ]);
  });
  test('a template that has neither', () => {
    expect(problemsOf({ Resources: { Queue: { Type: 'AWS::SQS::Queue' } } })).toEqual([
      "nothing in the template says which roles are agents'; name them with --agent: (the template has none)",
      'nothing in the template says which database is production; name it with --production: (the template has none), or the ARN of one that is elsewhere',
    ]);
  });
  test('a name that no role has', () => {
    expect(problemsOf(foreign(), { subjects: { agents: ['Agnet'], production: ['Orders'] } })).toEqual([
      "--agent is 'Agnet', and no role or user of the template has that name; write one of Agent",
    ]);
  });
  test('of many only some are listed', () => {
    const template = foreign();
    for (let index = 0; index < 14; index += 1) template.Resources[`Role${index}`] = role([]);
    expect(problemsOf(template)[0]).toMatch(/: Agent, Role0, Role1, .*, Role10 and 3 more$/);
  });
  test.each(['Agent', 'Shop.Agent'])('an agent by %s', (name) => {
    expect(problemsOf(foreign(), { subjects: { agents: [name], production: ['Orders'] } })).toBe('report');
  });
  test.each(['Orders', 'Shop.Orders', 'orders', 'arn:aws:rds:eu-central-1:111122223333:db:elsewhere'])('production by %s', (name) => {
    expect(problemsOf(foreign(), { subjects: { agents: ['Agent'], production: [name] } })).toBe('report');
  });
});

describe('a template that nobody made with the kit', () => {
  const judged = (template: unknown, options: Partial<AuditOptions> = {}) => report(template, { ...WHO, ...options });

  test('passes where the claims hold, and what nobody claims is listed', () => {
    const { verdict, findings, rules, notClaimed } = judged(foreign());
    expect([verdict, said({ findings } as Report)]).toEqual(['pass', []]);
    expect(rules.map(({ id }) => id)).toEqual(['agent-has-no-route-to-production', 'agent-cannot-use-the-control-plane', 'production-is-recoverable', 'stateful-resources-are-retained']);
    expect(notClaimed).toEqual(expect.arrayContaining(['agent-reads-a-replica', 'backups-outlive-the-agent', 'statements-are-recorded']));
  });
  test.each<[string, (resources: Record<string, Untyped>) => void, RegExp]>([
    ['an administrator', (all) => { all.Agent = role([{ Effect: 'Allow', Action: '*', Resource: '*' }]); }, /^agent-cannot-use-the-control-plane: fail: Agent may rds:DeleteDBInstance on Orders$/],
    ['a login to production', (all) => {
      all.Boundary.Properties.PolicyDocument.Statement = [connect('*')];
      all.Agent.Properties.Policies[0].PolicyDocument.Statement = [connect({ 'Fn::Sub': PERMISSION['Fn::Sub'].replace('Replica', 'Orders') })];
    }, /^agent-cannot-use-the-control-plane: fail: Agent may rds-db:connect on Orders as reader$/],
    ['no boundary', (all) => { delete all.Agent.Properties.PermissionsBoundary; }, /Agent has no permissions boundary/],
    ['a role that deploys', (all) => {
      all.Agent = role([{ Effect: 'Allow', Action: ['iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction'], Resource: '*' }]);
      all.Deploy = role([{ Effect: 'Allow', Action: 'rds:ModifyDBInstance', Resource: '*' }], { AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }] } });
    }, /^agent-cannot-use-the-control-plane: fail: Agent may pass Deploy to lambda:CreateFunction.*, Deploy may rds:ModifyDBInstance on Orders$/],
    ['a user', (all) => { all.Agent = { Type: 'AWS::IAM::User', Properties: {} }; }, /Agent is an IAM user, whose access keys do not expire/],
    ['no deletion protection', (all) => { all.Orders.Properties.DeletionProtection = false; }, /^production-is-recoverable: fail: Orders is not protected from deletion$/],
    ['a public database that lets everybody in', (all) => {
      Object.assign(all.Orders.Properties as object, { PubliclyAccessible: true });
      all.Group.Properties.SecurityGroupIngress = [{ IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, CidrIp: '0.0.0.0/0' }];
      all.Gateway = { Type: 'AWS::EC2::InternetGateway' };
      all.Attached = { Type: 'AWS::EC2::VPCGatewayAttachment', Properties: { VpcId: { Ref: 'Vpc' }, InternetGatewayId: { Ref: 'Gateway' } } };
      all.Table = { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: { Ref: 'Vpc' } } };
      all.Tied = { Type: 'AWS::EC2::SubnetRouteTableAssociation', Properties: { SubnetId: { Ref: 'One' }, RouteTableId: { Ref: 'Table' } } };
      all.Online = { Type: 'AWS::EC2::Route', Properties: { RouteTableId: { Ref: 'Table' }, DestinationCidrBlock: '0.0.0.0/0', GatewayId: { Ref: 'Gateway' } } };
    }, /^agent-has-no-route-to-production: fail: from the internet there is a way to Orders: /],
    ['a database that goes with its stack', (all) => { delete all.Orders.DeletionPolicy; }, /^stateful-resources-are-retained: fail: Orders \(AWS::RDS::DBInstance\) has no DeletionPolicy/],
    ['a policy that nobody knows', (all) => { all.Agent = role([], { ManagedPolicyArns: ['arn:aws:iam::111122223333:policy/own'] }); }, /^agent-cannot-use-the-control-plane: unknown: /],
  ])('fails with %s', (_, damage, expected) => {
    const template = foreign();
    damage(template.Resources);
    expect(said(judged(template)).filter((text) => expected.test(text)).length).toBeGreaterThan(0);
  });
  test('is judged the same in YAML, from a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'foreign-'));
    try {
      writeFileSync(join(folder, 'shop.yaml'), `
Resources:
  Orders:
    Type: AWS::RDS::DBInstance
    Properties: { DBInstanceIdentifier: orders, DeletionProtection: false }
  Agent:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Action: sts:AssumeRole, Principal: { AWS: !Sub 'arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/runner' } }] }
      Policies:
        - PolicyName: own
          PolicyDocument: { Statement: [{ Effect: Allow, Action: rds:DeleteDBInstance, Resource: !GetAtt Orders.DBInstanceArn }] }
`);
      const read = readAssembly(join(folder, 'shop.yaml'));
      if (read.do === 'refuse') throw new Error(read.problems.join('\n'));
      const outcome = audit(read.worlds, { today: TODAY, ...WHO });
      if (outcome.do === 'refuse') throw new Error(outcome.problems.join('\n'));
      expect(said(outcome.report)).toEqual(expect.arrayContaining([
        'agent-cannot-use-the-control-plane: fail: Agent may rds:DeleteDBInstance on Orders', 'production-is-recoverable: fail: Orders is not protected from deletion',
      ]));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
  test('a service control policy takes away what a role is given', () => {
    const template = foreign();
    template.Resources.Agent = role([{ Effect: 'Allow', Action: 'rds:*', Resource: '*' }]);
    const denying = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }, { Effect: 'Deny', Action: 'rds:*', Resource: '*' }] };
    expect(said(judged(template)).join('\n')).toContain('Agent may rds:DeleteDBInstance on Orders');
    expect(said(judged(template, { serviceControl: [denying] })).join('\n')).not.toContain('Agent may rds:DeleteDBInstance');
  });
});

describe('exceptions', () => {
  const RULE = 'production-is-recoverable';
  const PATH = 'Guardrails-demo/Production';
  /** The demo without deletion protection, and with an exception. */
  const excepted = (exception: Record<string, string> = {}) => {
    const demo = new Demo();
    demo.set('ProductionEvaluationInstance', { DeletionProtection: false });
    demo.template.Metadata[ACKNOWLEDGED_KEY] = [{ rule: RULE, reason: 'it is made anew every week', expires: TODAY, path: PATH, ...exception }];
    return report(demo.template);
  };
  const FOUND = `${RULE}: fail: shop is not protected from deletion`;

  test('what is accepted is no finding, and is shown with its reason, on its last day too', () => {
    const { verdict, findings, accepted } = excepted();
    expect([verdict, findings]).toEqual(['pass', []]);
    expect(accepted.map(({ finding, acknowledgement }) => [finding.because, acknowledgement.reason, acknowledgement.expires])).toEqual([['shop is not protected from deletion', 'it is made anew every week', TODAY]]);
  });
  test.each<[string, Record<string, string>, readonly string[]]>([
    ['it has expired', { expires: '2026-11-19' }, [FOUND, `${RULE}: fail: the acknowledgement of ${RULE} (it is made anew every week) expired on 2026-11-19`]],
    ['it names a rule that there is not', { rule: 'production-is-recoverabel' }, [FOUND, "production-is-recoverabel: fail: an acknowledgement names the rule 'production-is-recoverabel', which there is not"]],
    ['it gives no reason', { reason: ' ' }, [FOUND, `${RULE}: fail: an acknowledgement of ${RULE} gives ' ' as its reason`]],
    ['its day does not exist', { expires: '2027-02-30' }, [FOUND, `${RULE}: fail: an acknowledgement of ${RULE} expires '2027-02-30', which is no day`]],
    ['its day is written otherwise', { expires: '31.12.2027' }, [FOUND, `${RULE}: fail: an acknowledgement of ${RULE} expires '31.12.2027', which is no day`]],
    ['it is of another rule', { rule: 'statements-are-recorded' }, [FOUND]],
    ['it is of another place', { path: 'Guardrails-demo/Guardrails' }, [FOUND]],
    ['it is of a place that begins alike', { path: 'Guardrails-demo/Prod' }, [FOUND]],
  ])('it does not count where %s', (_, exception, expected) => {
    const seen = excepted(exception);
    expect([seen.verdict, said(seen)]).toEqual(['fail', expected]);
  });
  test('the empty path is the whole assembly', () => {
    expect(excepted({ path: '' }).verdict).toBe('pass');
  });
});

describe('conditions that nobody knows', () => {
  const conditional = () => {
    const demo = new Demo();
    demo.template.Parameters!.Stage = { Type: 'String' };
    demo.template.Conditions = { ...demo.template.Conditions, IsTest: { 'Fn::Equals': [{ Ref: 'Stage' }, 'test'] } };
    return demo;
  };
  test('a damage under one of them is found, and when', () => {
    const demo = conditional();
    demo.set('ProductionEvaluationInstance', { DeletionProtection: { 'Fn::If': ['IsTest', false, true] } });
    expect(said(report(demo.template))).toEqual(['production-is-recoverable: fail: shop is not protected from deletion (when IsTest = true)']);
  });
  test('a resource that is there under one of them only', () => {
    const demo = conditional();
    demo.resource('GuardrailsCheck').Condition = 'IsTest';
    expect(said(report(demo.template)).join('\n')).toMatch(/^production-is-recoverable: fail: ProductionCheck .* declares its check .*, and the template has none of that name \(when IsTest = false\)$/);
  });
  test('one that changes nothing is not mentioned', () => {
    const demo = conditional();
    demo.add('Pictures', 'AWS::S3::Bucket', {});
    demo.resource('Pictures').Condition = 'IsTest';
    expect(report(demo.template)).toMatchObject({ verdict: 'pass', findings: [] });
  });
});

test('what could not be read may hide anything: no rule passes then', () => {
  const [world] = worlds(new Demo().template);
  const blind: Assumption = { what: 'what the transform Acme::Macro makes of the template', subject: 'Guardrails-demo', path: 'Guardrails-demo.template.json', affects: 'everything' };
  const outcome = audit([{ ...world!, assembly: { ...world!.assembly, assumptions: [blind] } } satisfies World], { today: TODAY });
  if (outcome.do === 'refuse') throw new Error('refused');
  expect(outcome.report.verdict).toBe('unknown');
  expect(outcome.report.rules.map(({ verdict }) => verdict)).toEqual(outcome.report.rules.map(() => 'unknown'));
  expect(new Set(outcome.report.findings.map(({ because }) => because))).toEqual(new Set(['a part of the template could not be read: what the transform Acme::Macro makes of the template']));
  expect(outcome.report.assumptions).toEqual([blind]);
});
