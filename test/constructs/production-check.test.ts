import { App, Stack, type CfnElement } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnDBInstance } from 'aws-cdk-lib/aws-rds';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { ReplicaPlacement } from '../../lib/constructs/agent-replica';
import { ProductionCheck, type ProductionCheckProps } from '../../lib/constructs/production-check';
import { ProductionDatabase, type ProductionInstanceAttributes } from '../../lib/constructs/production-database';
import { METADATA_KEY } from '../../lib/core/guarantees';
import { readExpected } from '../../lib/core/production-check/properties';

const attributes: ProductionInstanceAttributes = {
  instanceIdentifier: 'orders', resourceId: 'db-ABCDEFGHIJKLMNOPQRSTUVWXY2', endpoint: 'orders.abc123.eu-central-1.rds.amazonaws.com',
  engineVersion: '16.10', instanceClass: 'db.m7g.large', databases: ['orders'],
};

function synthesize(props: Partial<ProductionCheckProps> = {}, described: (stack: Stack) => Partial<ProductionInstanceAttributes> = () => ({})) {
  const stack = new Stack(new App(), 'Test', { env: { account: '123456789012', region: 'eu-central-1' } });
  const encryptionKey = new Key(stack, 'Key');
  const alarmTopic = new Topic(stack, 'Topic', { masterKey: encryptionKey });
  const production = ProductionDatabase.fromInstance(stack, 'Production', { ...attributes, ...described(stack) });
  const check = new ProductionCheck(stack, 'Check', {
    production, statementLog: { encryptionKey, alarmTopic }, ownReplicas: ['agentread-orders'], deploymentId: 'commit-1', ...props,
  });
  return { stack, check, template: Template.fromStack(stack) };
}

function properties(template: Template): Record<string, unknown> {
  return Object.values(template.findResources('Custom::ProductionCheck'))[0]!.Properties;
}

describe('every deployment', () => {
  test('calls the check with what was described', () => {
    const { stack, check, template } = synthesize();
    const serviceToken = stack.resolve((check.node.findChild('Function') as unknown as { function: { functionArn: string } }).function.functionArn);
    expect(properties(template)).toEqual({
      ServiceToken: serviceToken,
      ServiceTimeout: '120',
      InstanceIdentifier: 'orders',
      InstanceArn: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':rds:eu-central-1:123456789012:db:orders']] },
      ResourceId: 'db-ABCDEFGHIJKLMNOPQRSTUVWXY2',
      Endpoint: 'orders.abc123.eu-central-1.rds.amazonaws.com',
      Port: '5432',
      EngineVersion: '16.10',
      BackupRetentionDays: '7',
      IamAuthentication: 'not-required',
      ReplicaPlacement: 'agent-network',
      OwnReplicas: 'agentread-orders',
      DeploymentId: 'commit-1',
    });
  });

  test('calls it with properties that the function understands', () => {
    const { template } = synthesize();
    expect(readExpected({ ...properties(template), InstanceArn: 'arn:aws:rds:eu-central-1:123456789012:db:orders' })).toMatchObject({
      expected: { identifier: 'orders', port: 5432, backupRetentionDays: 7, ownReplicas: ['agentread-orders'] },
    });
  });

  test('differs from the last one, so that CloudFormation calls the check again', () => {
    jest.useFakeTimers({ now: new Date('2026-11-20T12:00:00Z') });
    try {
      expect(properties(synthesize({ deploymentId: undefined }).template).DeploymentId).toBe('2026-11-20T12:00:00.000Z');
      jest.advanceTimersByTime(1000);
      expect(properties(synthesize({ deploymentId: undefined }).template).DeploymentId).toBe('2026-11-20T12:00:01.000Z');
    } finally {
      jest.useRealTimers();
    }
  });

  test('can be told to ask for more', () => {
    const { template } = synthesize({
      minimumBackupRetentionDays: 14, requireIamAuthentication: true, replicaPlacement: ReplicaPlacement.productionVpc(),
      ownReplicas: ['agentread-orders', 'agentundo-orders'],
    });
    expect(properties(template)).toMatchObject({
      BackupRetentionDays: '14', IamAuthentication: 'required', ReplicaPlacement: 'production-vpc', OwnReplicas: 'agentread-orders,agentundo-orders',
    });
  });

  test('waits for a database of the same stack, by its real resource id and not its ARN', () => {
    const { stack, template } = synthesize({}, (scope) => {
      const instance = new CfnDBInstance(scope, 'Instance', { engine: 'postgres' });
      return { resourceId: instance.attrDbiResourceId, endpoint: instance.attrEndpointAddress, instanceIdentifier: instance.ref };
    });
    const id = stack.getLogicalId(stack.node.findChild('Instance') as CfnElement);
    expect(properties(template)).toMatchObject({
      InstanceIdentifier: { Ref: id }, ResourceId: { 'Fn::GetAtt': [id, 'DbiResourceId'] }, Endpoint: { 'Fn::GetAtt': [id, 'Endpoint.Address'] },
    });
  });

  test('has its warnings to show', () => {
    const { stack, check } = synthesize();
    expect(stack.resolve(check.warnings)).toEqual({ 'Fn::GetAtt': [stack.getLogicalId(check.resource.node.defaultChild as CfnElement), 'Warnings'] });
  });
});

describe('the function', () => {
  test('may read that one instance and the status of its own stack, and change nothing', () => {
    const { template } = synthesize();
    const [policy] = Object.values(template.findResources('AWS::IAM::ManagedPolicy'));
    const statements = policy!.Properties.PolicyDocument.Statement as { Action: string | string[]; Resource: unknown }[];
    expect(statements.slice(-2)).toEqual([
      { Effect: 'Allow', Action: 'rds:DescribeDBInstances', Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':rds:eu-central-1:123456789012:db:orders']] } },
      { Effect: 'Allow', Action: 'cloudformation:DescribeStacks', Resource: { Ref: 'AWS::StackId' } },
    ]);
    expect(statements.flatMap(({ Action }) => Action)).toEqual([
      'logs:CreateLogStream', 'logs:PutLogEvents', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments', 'sns:Publish', 'kms:Decrypt', 'kms:GenerateDataKey',
      'rds:DescribeDBInstances', 'cloudformation:DescribeStacks',
    ]);
  });

  test('answers within half the time that CloudFormation waits', () => {
    const { template } = synthesize();
    template.hasResourceProperties('AWS::Lambda::Function', { Timeout: 60, VpcConfig: Match.absent(), Environment: Match.absent() });
    template.hasResourceProperties('Custom::ProductionCheck', { ServiceTimeout: '120' });
  });

  test('is the only one: no framework of the CDK comes with it', () => {
    const { template } = synthesize();
    template.resourceCountIs('AWS::Lambda::Function', 1);
    template.resourceCountIs('AWS::Lambda::Permission', 0);
    template.resourceCountIs('AWS::IAM::Policy', 0);
  });
});

test('the guarantee is stated with its numbers', () => {
  const { stack, check, template } = synthesize({ minimumBackupRetentionDays: 14 });
  const functions = Object.keys(template.findResources('AWS::Lambda::Function'));
  expect(template.toJSON().Metadata[METADATA_KEY]).toEqual([{
    guarantee: 'production-is-recoverable', construct: 'ProductionCheck', path: 'Test/Check', inForce: true,
    detail: 'every deployment reads the production database orders and stops unless it keeps at least 14 days of automated backups, is protected from '
      + 'deletion, encrypted, not public, copies its tags to snapshots, runs, and is the instance that was described',
    resources: { check: stack.getLogicalId(check.resource.node.defaultChild as CfnElement), function: functions[0] },
    production: {
      identifier: 'orders', arn: 'arn:{AWS::Partition}:rds:eu-central-1:123456789012:db:orders', resourceId: 'db-ABCDEFGHIJKLMNOPQRSTUVWXY2',
      endpoint: 'orders.abc123.eu-central-1.rds.amazonaws.com', port: 5432,
    },
  }]);
});

test.each<[string, Partial<ProductionCheckProps>, string]>([
  ['six days of backups would do', { minimumBackupRetentionDays: 6 }, 'Test/Check: minimumBackupRetentionDays is 6; write 7 to 35'],
  ['more days are asked for than RDS keeps', { minimumBackupRetentionDays: 36 }, 'Test/Check: minimumBackupRetentionDays is 36; write 7 to 35'],
  ['the deployment has no name', { deploymentId: '' }, 'Test/Check: deploymentId is empty; leave it out, or write what names this deployment'],
])('fails when %s', (_, props, message) => {
  expect(() => synthesize(props)).toThrow(new Error(message));
});
