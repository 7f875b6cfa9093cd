import { decide } from '../../lib/audit/decide';
import { instanceProfilesOf, principalsOf } from '../../lib/audit/identity';
import type { Assembly, Value } from '../../lib/audit/model';
import { resourcePolicyOf } from '../../lib/audit/resource-policies';
import { generated, pseudo, unknown } from '../../lib/audit/text';

const ACCOUNT = '111122223333';
const POLICY_ARN = `arn:aws:iam::${ACCOUNT}:policy/Own`;
const document = (action: string, more: Record<string, Value> = {}): Value => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: '*', ...more }] });

function assembly(resources: Record<string, readonly [type: string, properties: Record<string, Value>]>): Assembly {
  return {
    stacks: [{ id: 'Shop', file: 'shop.json', account: ACCOUNT, region: 'eu-central-1', partition: 'aws' }],
    resources: Object.entries(resources).map(([logicalId, [type, properties]]) => ({
      id: `Shop.${logicalId}`, stack: 'Shop', logicalId, type, path: `Shop/${logicalId}`, properties, deletionPolicy: undefined, updateReplacePolicy: undefined, source: undefined,
    })),
    declarations: [], acknowledgements: [], assumptions: [],
  };
}

function may(model: Assembly, logicalId: string, action: string): string {
  const { arn, account, policies } = principalsOf(model).find(({ id }) => id === `Shop.${logicalId}`)!;
  const decision = decide({ principal: { arn, account }, action, resource: '*', context: {} }, { ...policies, resource: [] });
  return decision.do === 'deny' ? 'no' : decision.assuming.length > 0 ? 'perhaps' : 'yes';
}

const trust = { AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } }] } };
const role = generated('Shop.Agent', 'RoleName');

describe('a role may what is attached to it', () => {
  test.each<[string, Parameters<typeof assembly>[0]]>([
    ['inline', { Agent: ['AWS::IAM::Role', { ...trust, Policies: [{ PolicyName: 'p', PolicyDocument: document('rds:*') }] }] }],
    ['by a policy that names it', { Agent: ['AWS::IAM::Role', trust], P: ['AWS::IAM::Policy', { Roles: [role], PolicyDocument: document('rds:*') }] }],
    ['by a managed policy that names it', { Agent: ['AWS::IAM::Role', trust], P: ['AWS::IAM::ManagedPolicy', { Roles: [role], PolicyDocument: document('rds:*') }] }],
    ['by a role policy', { Agent: ['AWS::IAM::Role', trust], P: ['AWS::IAM::RolePolicy', { RoleName: role, PolicyDocument: document('rds:*') }] }],
    ['by name', { Agent: ['AWS::IAM::Role', { ...trust, RoleName: 'agent' }], P: ['AWS::IAM::Policy', { Roles: ['agent'], PolicyDocument: document('rds:*') }] }],
    ['by a managed policy that it names', { Agent: ['AWS::IAM::Role', { ...trust, ManagedPolicyArns: [POLICY_ARN] }], P: ['AWS::IAM::ManagedPolicy', { ManagedPolicyName: 'Own', PolicyDocument: document('rds:*') }] }],
    ['by AWS', { Agent: ['AWS::IAM::Role', { ...trust, ManagedPolicyArns: [`arn:${pseudo('AWS::Partition')}:iam::aws:policy/AmazonRDSFullAccess`] }] }],
  ])('%s', (_, resources) => {
    const model = assembly(resources);
    expect([may(model, 'Agent', 'rds:DeleteDBInstance'), may(model, 'Agent', 'iam:PassRole')]).toEqual(['yes', 'no']);
    expect(principalsOf(model)[0]!.unknown).toEqual([]);
  });

  test.each<[string, Parameters<typeof assembly>[0]]>([
    ['a managed policy that is not listed', { Agent: ['AWS::IAM::Role', { ...trust, ManagedPolicyArns: ['arn:aws:iam::aws:policy/Unheard'] }] }],
    ['an imported managed policy', { Agent: ['AWS::IAM::Role', { ...trust, ManagedPolicyArns: [unknown('parameter Policy')] }] }],
    ['a policy for a role that it may be', { Agent: ['AWS::IAM::Role', trust], P: ['AWS::IAM::Policy', { Roles: [unknown('parameter Role')], PolicyDocument: document('rds:*') }] }],
  ])('or perhaps, by %s', (_, resources) => {
    const model = assembly(resources);
    expect(may(model, 'Agent', 'rds:DeleteDBInstance')).toBe('perhaps');
    expect(principalsOf(model)[0]!.unknown).toHaveLength(1);
  });
});

test('a boundary limits it, and one that is not known may limit nothing', () => {
  const admin = { ...trust, ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] };
  const model = assembly({
    Bounded: ['AWS::IAM::Role', { ...admin, PermissionsBoundary: POLICY_ARN }], P: ['AWS::IAM::ManagedPolicy', { ManagedPolicyName: 'Own', PolicyDocument: document('s3:*') }],
    Vague: ['AWS::IAM::Role', { ...admin, PermissionsBoundary: unknown('parameter Boundary') }],
  });
  expect([may(model, 'Bounded', 'rds:DeleteDBInstance'), may(model, 'Bounded', 's3:PutObject'), may(model, 'Vague', 'rds:DeleteDBInstance')]).toEqual(['no', 'yes', 'perhaps']);
});

test('a user may what its groups may', () => {
  const model = assembly({
    Ann: ['AWS::IAM::User', { Groups: ['readers'] }], Readers: ['AWS::IAM::Group', { GroupName: 'readers', Policies: [{ PolicyName: 'p', PolicyDocument: document('rds:Describe*') }] }],
    Writers: ['AWS::IAM::Group', {}], More: ['AWS::IAM::GroupPolicy', { GroupName: generated('Shop.Writers', 'GroupName'), PolicyDocument: document('s3:*') }],
    Added: ['AWS::IAM::UserToGroupAddition', { GroupName: generated('Shop.Writers', 'GroupName'), Users: [generated('Shop.Ann', 'UserName')] }],
  });
  expect(['rds:DescribeDBInstances', 's3:PutObject', 'rds:DeleteDBInstance'].map((action) => may(model, 'Ann', action))).toEqual(['yes', 'yes', 'no']);
});

test('readers may read, and not read secrets', () => {
  const model = assembly({ Reader: ['AWS::IAM::Role', { ...trust, ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] }] });
  expect(['rds:DescribeDBInstances', 's3:GetObject', 'secretsmanager:GetSecretValue', 'rds:DeleteDBInstance'].map((action) => may(model, 'Reader', action))).toEqual(['yes', 'yes', 'no', 'no']);
});

test('an instance profile holds its role', () => {
  const model = assembly({ Agent: ['AWS::IAM::Role', trust], Profile: ['AWS::IAM::InstanceProfile', { Roles: [role] }] });
  expect([...instanceProfilesOf(model)]).toEqual([['Shop.Profile', ['Shop.Agent']]]);
});

test('resources have the policies that are in them, that name them, or that they have by default', () => {
  const everyone = { Principal: '*' };
  const policies = resourcePolicyOf(assembly({
    Key: ['AWS::KMS::Key', { KeyPolicy: document('kms:*', everyone) }], Plain: ['AWS::KMS::Key', {}],
    Bucket: ['AWS::S3::Bucket', {}], BucketPolicy: ['AWS::S3::BucketPolicy', { Bucket: generated('Shop.Bucket', 'BucketName'), PolicyDocument: document('s3:GetObject', everyone) }],
    Queue: ['AWS::SQS::Queue', { QueueName: 'requests' }], QueuePolicy: ['AWS::SQS::QueuePolicy', { Queues: [`https://sqs.eu-central-1.amazonaws.com/${ACCOUNT}/requests`], PolicyDocument: document('sqs:SendMessage', everyone) }],
    Gate: ['AWS::Lambda::Function', {}], Permission: ['AWS::Lambda::Permission', { FunctionName: generated('Shop.Gate', 'FunctionName'), Action: 'lambda:InvokeFunction', Principal: 'events.amazonaws.com', SourceAccount: ACCOUNT }],
    Agent: ['AWS::IAM::Role', trust],
  }));
  const said = Object.fromEntries([...policies].map(([id, [statement]]) => [id, [statement!.source, statement!.actions.list, statement!.principals!.list[0]!.value]]));
  expect(said).toEqual({
    'Shop.Key': ['Shop.Key', ['kms:*'], '*'],
    'Shop.Plain': ['Shop.Plain', ['kms:*'], `arn:aws:iam::${ACCOUNT}:root`],
    'Shop.Bucket': ['Shop.BucketPolicy', ['s3:GetObject'], '*'],
    'Shop.Queue': ['Shop.QueuePolicy', ['sqs:SendMessage'], '*'],
    'Shop.Gate': ['Shop.Permission', ['lambda:InvokeFunction'], 'events.amazonaws.com'],
    'Shop.Agent': ['Shop.Agent', ['sts:AssumeRole'], 'ec2.amazonaws.com'],
  });
  expect(policies.get('Shop.Gate')![0]!.conditions).toEqual([{ operator: 'StringEquals', key: 'aws:SourceAccount', values: [ACCOUNT] }]);
});
