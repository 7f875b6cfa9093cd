/** Templates of a wanted size, for benchmarks and for the test that keeps the audit quick. */
const ACCOUNT = '111122223333';
export const PLACE = { account: ACCOUNT, region: 'eu-west-1' };

export interface Template {
  readonly Resources: Readonly<Record<string, object>>;
}

/** A template with who is who in it. */
export interface Sized {
  readonly template: Template;
  readonly subjects: { readonly agents: readonly string[]; readonly production: readonly string[]; readonly approvers: readonly string[] };
}

const iam = (what: string): string => `arn:aws:iam::${ACCOUNT}:${what}`;
const range = (size: number): number[] => Array.from({ length: size }, (_, at) => at);
const policy = (...statements: object[]): object => ({ Version: '2012-10-17', Statement: statements });
const allow = (action: string | string[], resource: unknown = '*'): object => ({ Effect: 'Allow', Action: action, Resource: resource });
const trust = (principal: object): object => policy({ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' });
const role = (name: string, trusted: object, ...statements: object[]): object => ({
  Type: 'AWS::IAM::Role', Properties: { RoleName: name, AssumeRolePolicyDocument: trust(trusted), Policies: [{ PolicyName: 'own', PolicyDocument: policy(...statements) }] },
});
const groupId = (id: string): object => ({ 'Fn::GetAtt': [id, 'GroupId'] });
const fromGroup = (id: string): object => ({ IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, SourceSecurityGroupId: groupId(id) });
const group = (...ingress: object[]): object => ({ Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'one of many', VpcId: { Ref: 'Vpc' }, SecurityGroupIngress: ingress } });

const GITHUB = { Federated: iam('oidc-provider/token.actions.githubusercontent.com') };
const KEEP = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };
/** What every graph has: production in a network, and an agent's function beside it. */
const AROUND = {
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
  Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.0.0/20' } },
  Subnets: { Type: 'AWS::RDS::DBSubnetGroup', Properties: { DBSubnetGroupDescription: 'production', SubnetIds: [{ Ref: 'Subnet' }] } },
  DatabaseGroup: group(),
  Production: {
    Type: 'AWS::RDS::DBInstance', ...KEEP,
    Properties: { DBInstanceIdentifier: 'production', Engine: 'postgres', Port: '5432', DBSubnetGroupName: { Ref: 'Subnets' }, VPCSecurityGroups: [groupId('DatabaseGroup')] },
  },
  Agent: {
    Type: 'AWS::Lambda::Function',
    Properties: { FunctionName: 'agent', Role: iam('role/r0'), VpcConfig: { SubnetIds: [{ Ref: 'Subnet' }], SecurityGroupIds: [groupId('AgentGroup')] } },
  },
  AgentGroup: group(),
};

const principals = (size: number, trusted: (at: number) => object, ...may: ((at: number) => object)[]): Record<string, object> =>
  Object.fromEntries(range(size).map((at) => [`R${at}`, role(`r${at}`, at === 0 ? GITHUB : trusted(at), ...may.map((statement) => statement(at)))]));

const groups = (size: number, before: (at: number) => string): Record<string, object> => ({
  R0: role('r0', GITHUB, allow('logs:GetLogEvents')),
  ...Object.fromEntries(range(size).map((at) => [`S${at}`, group(fromGroup(at === 0 ? 'AgentGroup' : before(at)))])),
  Entry: { Type: 'AWS::EC2::SecurityGroupIngress', Properties: { GroupId: groupId('DatabaseGroup'), ...fromGroup(`S${size - 1}`) } },
});

/** Graphs of principals and of security groups, by what they look like. */
export const SHAPES: Readonly<Record<string, (size: number) => Record<string, object>>> = {
  'principals, one chain': (size) => principals(size, (at) => ({ AWS: iam(`role/r${at - 1}`) }), (at) => allow('sts:AssumeRole', iam(`role/r${at + 1}`))),
  'principals, a star': (size) => principals(size, () => ({ AWS: iam('role/r0') }), (at) => (at === 0 ? allow('sts:AssumeRole', iam('role/*')) : allow('logs:GetLogEvents'))),
  'principals, a tree of tens': (size) => principals(size, () => ({ AWS: iam('root') }), (at) => allow('sts:AssumeRole', range(10).map((child) => iam(`role/r${at * 10 + child + 1}`)))),
  'principals, each may take on every other': (size) => principals(size, () => ({ AWS: iam('root') }), () => allow('sts:AssumeRole', iam('role/*'))),
  'security groups, one chain': (size) => groups(size, (at) => `S${at - 1}`),
  'security groups, a star': (size) => groups(size, () => 'S0'),
  'security groups, a tree of tens': (size) => groups(size, (at) => `S${Math.floor((at - 1) / 10)}`),
};

/** A graph of a shape. The agent is its first principal, the approver its last. */
export function graph(shape: string, size: number): Sized {
  const own = SHAPES[shape]!(size);
  const last = Object.keys(own).filter((id) => id.startsWith('R')).at(-1)!;
  return { template: { Resources: { ...AROUND, ...own } }, subjects: { agents: ['R0'], production: ['Production'], approvers: [last === 'R0' ? iam('role/approver') : last] } };
}

/** So many resources, as applications have them: functions with role, policy, log group and alarm are added to a template. */
export function filledUp(template: Template, resources: number): Template {
  const own = Object.entries(template.Resources);
  const added = range(resources - own.length).map((at): [string, object] => [`Added${at}`, part(at)]);
  return { ...template, Resources: Object.fromEntries([...own, ...added]) };
}

function part(at: number): object {
  const first = at - (at % 5);
  switch (at % 5) {
    case 0: return { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust({ Service: 'lambda.amazonaws.com' }), ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'] } };
    case 1: return { Type: 'AWS::IAM::Policy', Properties: { PolicyName: `p${at}`, Roles: [{ Ref: `Added${first}` }], PolicyDocument: policy(allow(['s3:GetObject', 's3:PutObject'], `arn:aws:s3:::orders-${at}/*`), allow('sqs:SendMessage', `arn:aws:sqs:eu-west-1:${ACCOUNT}:orders-${at}`)) } };
    case 2: return { Type: 'AWS::Lambda::Function', Properties: { FunctionName: `orders-${at}`, Role: { 'Fn::GetAtt': [`Added${first}`, 'Arn'] }, Runtime: 'nodejs22.x', Handler: 'index.handler', Code: { ZipFile: 'exports.handler = () => 1' } } };
    case 3: return { Type: 'AWS::Logs::LogGroup', ...KEEP, Properties: { LogGroupName: `/aws/lambda/orders-${at - 1}`, RetentionInDays: 90 } };
    default: return { Type: 'AWS::CloudWatch::Alarm', Properties: { MetricName: 'Errors', Namespace: 'AWS/Lambda', ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 1, Threshold: 0, Period: 60, Statistic: 'Sum', Dimensions: [{ Name: 'FunctionName', Value: { Ref: `Added${at - 2}` } }] } };
  }
}
