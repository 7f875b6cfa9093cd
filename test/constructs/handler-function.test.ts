import { App, Duration, Stack, type CfnElement } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { buildSync } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HandlerFunction, type HandlerFunctionProps } from '../../lib/constructs/handler-function';

const root = join(__dirname, '..', '..');

function synthesize(props: Partial<HandlerFunctionProps> = {}) {
  const stack = new Stack(new App(), 'Test', { env: { account: '123456789012', region: 'eu-central-1' } });
  const encryptionKey = new Key(stack, 'Key');
  const topic = new Topic(stack, 'Topic', { masterKey: encryptionKey });
  const subject = new HandlerFunction(stack, 'Check', {
    handler: 'production-check', description: 'Checks', statements: [], timeout: Duration.seconds(60), encryptionKey, alarmTopic: topic, ...props,
  });
  return { stack, subject, topic, encryptionKey, template: Template.fromStack(stack), id: (element: unknown) => stack.getLogicalId(element as CfnElement) };
}

/** The topic that counts failed requests, as templates refer to it. */
function failedRequests(template: Template): unknown {
  return { Ref: Object.keys(template.findResources('AWS::SNS::Topic')).find((id) => id.includes('FailedRequests')) };
}

/** What the function's role may do. */
function permissions(template: Template): { Action: string | string[]; Resource: unknown }[] {
  const policies = Object.values(template.findResources('AWS::IAM::ManagedPolicy'));
  expect(policies).toHaveLength(1);
  return policies[0]!.Properties.PolicyDocument.Statement;
}

describe('a function of the kit', () => {
  test('runs a Node.js that is bundled for, on the cheaper processor', () => {
    synthesize().template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x', Handler: 'index.handler', Architectures: ['arm64'], MemorySize: 256, Timeout: 60,
    });
  });

  test('logs into a group of its own that is encrypted, kept a year, and stays when the stack goes', () => {
    const { stack, template, subject, encryptionKey } = synthesize();
    template.hasResource('AWS::Logs::LogGroup', {
      Properties: { KmsKeyId: stack.resolve(encryptionKey.keyArn), RetentionInDays: 365, LogGroupName: Match.absent() },
      DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain',
    });
    template.hasResourceProperties('AWS::Lambda::Function', { LoggingConfig: { LogGroup: stack.resolve(subject.logGroup.logGroupName) } });
  });

  test('is traced', () => {
    synthesize().template.hasResourceProperties('AWS::Lambda::Function', { TracingConfig: { Mode: 'Active' } });
  });

  test('has no environment, no address in a network and no reserved concurrency unless it is told so', () => {
    const { template } = synthesize();
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: Match.absent(), VpcConfig: Match.absent(), ReservedConcurrentExecutions: Match.absent(),
    });
  });

  test('may write its own log, its traces and the count of what it failed at, and nothing else', () => {
    const { stack, template, subject, encryptionKey } = synthesize();
    expect(permissions(template)).toEqual([
      { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: stack.resolve(subject.logGroup.logGroupArn) },
      { Effect: 'Allow', Action: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], Resource: '*' },
      { Effect: 'Allow', Action: 'sns:Publish', Resource: failedRequests(template) },
      { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: stack.resolve(encryptionKey.keyArn) },
    ]);
  });

  test('may do what its caller lists', () => {
    const { template } = synthesize({ statements: [new PolicyStatement({ actions: ['rds:DescribeDBInstances'], resources: ['arn:aws:rds:eu-central-1:123456789012:db:orders'] })] });
    expect(permissions(template).at(-1)).toEqual({ Effect: 'Allow', Action: 'rds:DescribeDBInstances', Resource: 'arn:aws:rds:eu-central-1:123456789012:db:orders' });
  });

  test('what it failed at alarms', () => {
    const { stack, template, topic } = synthesize();
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmActions: [stack.resolve(topic.topicArn)], TreatMissingData: 'notBreaching', Threshold: 1 });
  });

  test('what it failed at can be read by nobody: whoever reads a request can answer it', () => {
    const { template } = synthesize();
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Effect: 'Deny', Action: 'sns:Subscribe', Principal: { AWS: '*' } })]) },
    });
    template.resourceCountIs('AWS::SNS::Subscription', 0);
    template.hasResourceProperties('AWS::Lambda::Function', { DeadLetterConfig: { TargetArn: { Ref: Match.stringLikeRegexp('FailedRequests') } },
    });
  });

  test('gains nothing from a grant by someone else, and no policy is inline', () => {
    const { stack, subject } = synthesize();
    subject.function.addToRolePolicy(new PolicyStatement({ actions: ['rds:DeleteDBInstance'], resources: ['*'] }));
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::IAM::Policy', 0);
    expect(JSON.stringify(template.toJSON())).not.toContain('rds:DeleteDBInstance');
  });

  test('may only be run by Lambda, and waits for its permissions and its log', () => {
    const { stack, template, subject, id } = synthesize();
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: { Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } }] },
    });
    const [role] = Object.keys(template.findResources('AWS::IAM::Role'));
    const [policy] = Object.keys(template.findResources('AWS::IAM::ManagedPolicy'));
    template.hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: [{ Ref: policy }] });
    template.hasResource('AWS::Lambda::Function', { DependsOn: Match.arrayWith([role]) });
    expect(stack.resolve(subject.logGroup.logGroupName)).toEqual({ Ref: id(subject.logGroup.node.defaultChild) });
  });

  test('takes names and addresses in its environment', () => {
    synthesize({ environment: { TABLE: 'requests' } }).template.hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { TABLE: 'requests' } } });
  });

  test('runs the code that came with the package', () => {
    const app = new App();
    const stack = new Stack(app, 'Test');
    const key = new Key(stack, 'Key');
    new HandlerFunction(stack, 'Check', { handler: 'production-check', description: 'x', statements: [], timeout: Duration.seconds(3), encryptionKey: key, alarmTopic: new Topic(stack, 'Topic', { masterKey: key }) });
    const assembly = app.synth();
    const code = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'))[0]!.Properties.Code.S3Key.replace('.zip', '');
    expect(readFileSync(join(assembly.directory, `asset.${code}`, 'index.js'), 'utf8')).toBe(readFileSync(join(root, 'dist', 'handlers', 'production-check', 'index.js'), 'utf8'));
  });

  test('fails when its handler is not bundled', () => {
    expect(() => synthesize({ handler: 'no-such-handler' })).toThrow(
      `${join(root, 'dist', 'handlers', 'no-such-handler')} has no index.js: the handler 'no-such-handler' is not bundled; run: npm run bundle`);
  });
});

test('the code is found from the published files as from the sources', () => {
  // GIVEN a package as npm lays it out: compiled files and bundles under dist/, installed beside the CDK
  const project = mkdtempSync(join(tmpdir(), 'published-'));
  try {
    const installed = join(project, 'node_modules', 'cdk-agent-db-guardrails');
    buildSync({ entryPoints: [join(root, 'lib', 'constructs', '*.ts'), join(root, 'lib', 'core', '*.ts')], outbase: root, outdir: join(installed, 'dist'), format: 'cjs', platform: 'node' });
    cpSync(join(root, 'package.json'), join(installed, 'package.json'));
    cpSync(join(root, 'dist', 'handlers'), join(installed, 'dist', 'handlers'), { recursive: true });
    // WHEN a project uses it
    const used = execFileSync(process.execPath, ['-e', `
      const { App, Stack, Duration } = require('aws-cdk-lib'); const { Key } = require('aws-cdk-lib/aws-kms'); const { Topic } = require('aws-cdk-lib/aws-sns');
      const { HandlerFunction } = require(${JSON.stringify(join(installed, 'dist', 'lib', 'constructs', 'handler-function.js'))});
      const stack = new Stack(new App({ outdir: ${JSON.stringify(join(project, 'cdk.out'))} }), 'Test'); const key = new Key(stack, 'Key');
      new HandlerFunction(stack, 'F', { handler: 'production-check', description: 'x', statements: [], timeout: Duration.seconds(3), encryptionKey: key, alarmTopic: new Topic(stack, 'T') });
      console.log('made');`], { cwd: project, encoding: 'utf8', env: { ...process.env, NODE_PATH: join(root, 'node_modules') } });
    // THEN
    expect(used).toBe('made\n');
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
});
