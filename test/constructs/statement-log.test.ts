import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { StatementLog, type StatementLogProps } from '../../lib/constructs/statement-log';

function build(props?: StatementLogProps) {
  const stack = new Stack(new App(), 'Shop', { env: { account: '111122223333', region: 'eu-central-1' } });
  const log = new StatementLog(stack, 'StatementLog', props);
  return { stack, log };
}

const synthesize = (props?: StatementLogProps) => Template.fromStack(build(props).stack);
const keyStatement = (sid: string, template: Template) =>
  Object.values(template.findResources('AWS::KMS::Key'))[0]!.Properties.KeyPolicy.Statement.find((one: { Sid?: string }) => one.Sid === sid);

describe('the key', () => {
  test('serves log groups of this account and Region only', () => {
    expect(keyStatement('LogGroupsOfThisAccount', synthesize())).toMatchObject({
      Principal: { Service: 'logs.eu-central-1.amazonaws.com' },
      Condition: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':logs:eu-central-1:111122223333:log-group:*']] },
        },
      },
    });
  });

  test('serves alarms of this account only', () => {
    expect(keyStatement('AlarmsOfThisAccount', synthesize())).toMatchObject({
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
    });
  });

  test('cannot be deleted or disabled', () => {
    expect(keyStatement('NobodyDestroysTheKey', synthesize())).toMatchObject({ Effect: 'Deny' });
  });
});

describe('the alarm topic', () => {
  test('is encrypted with the key and takes messages over TLS only', () => {
    const { stack, log } = build();
    const template = Template.fromStack(stack);

    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: stack.resolve(log.encryptionKey.keyArn) });
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Action: 'sns:Publish', Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });

  test('takes alarms of this account, and nothing else is allowed', () => {
    const { PolicyDocument } = Object.values(synthesize().findResources('AWS::SNS::TopicPolicy'))[0]!.Properties;

    expect(PolicyDocument.Statement.filter(({ Effect }: { Effect: string }) => Effect === 'Allow')).toEqual([
      expect.objectContaining({
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: 'sns:Publish',
        Condition: {
          StringEquals: { 'aws:SourceAccount': '111122223333' },
          ArnLike: { 'aws:SourceArn': { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':cloudwatch:eu-central-1:111122223333:alarm:*']] } },
        },
      }),
    ]);
  });

  test('tells whom it is asked to tell', () => {
    const template = synthesize({ alarmEmails: ['dba@example.com', 'security@example.com'] });

    template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'dba@example.com' });
    template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'security@example.com' });
    synthesize().resourceCountIs('AWS::SNS::Subscription', 0);
  });
});

test('an archive that falls behind alarms', () => {
  const { stack, log } = build();

  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
    Namespace: 'AWS/Firehose',
    MetricName: 'DeliveryToS3.DataFreshness',
    ComparisonOperator: 'GreaterThanThreshold',
    Threshold: 900,
    AlarmDescription: Match.stringLikeRegexp('have not reached the archive.*log group of failed deliveries'),
    AlarmActions: [stack.resolve(log.alarmTopic.topicArn)],
  });
});

test('without databases it costs one key and one alarm, and promises nothing', () => {
  const template = synthesize();

  template.resourceCountIs('AWS::KMS::Key', 1);
  template.resourceCountIs('AWS::CloudWatch::Alarm', 1);
  expect(template.toJSON().Metadata?.['cdk-agent-db-guardrails']).toBeUndefined();
});

test('no permission is attached to a role anywhere but in its own managed policy', () => {
  synthesize().resourceCountIs('AWS::IAM::Policy', 0);
});

test('every setting reaches what it is about', () => {
  const { stack, log } = build({ retentionDays: 731, silenceMinutes: 60, archive: { mode: 'compliance', lockDays: 90 } });
  log.record(stack, 'Logs', { identifier: 'agentread-orders', purpose: 'replica' });
  const template = Template.fromStack(stack);

  template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 731 });
  template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'IncomingLogEvents', Period: 3600 });
  template.hasResourceProperties('AWS::S3::Bucket', {
    ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 90 } } },
  });
});

describe('fails', () => {
  test('when retentionDays is not a number that CloudWatch Logs accepts', () => {
    expect(() => build({ retentionDays: 100 })).toThrow(
      'Shop/StatementLog: retentionDays is 100; write a number of days that CloudWatch Logs accepts: ' +
        '1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653',
    );
  });

  test.each([4, 1441, 7.5])('when silenceMinutes is %d', (silenceMinutes) => {
    expect(() => build({ silenceMinutes })).toThrow(
      `Shop/StatementLog: silenceMinutes is ${silenceMinutes}; write a whole number of minutes from 5 to 1440`,
    );
  });

  test('when the archive has an unknown mode', () => {
    expect(() => build({ archive: { mode: 'none' as 'governance', lockDays: 1 } })).toThrow(
      "Shop/StatementLog: archive.mode is 'none'; write 'governance' or 'compliance'",
    );
  });

  test.each([0, 36_501, 1.5])('when archive.lockDays is %d', (lockDays) => {
    expect(() => build({ archive: { mode: 'governance', lockDays } })).toThrow(
      `Shop/StatementLog: archive.lockDays is ${lockDays}; write a whole number of days from 1 to 36500`,
    );
  });

  test('when an e-mail address is none', () => {
    expect(() => build({ alarmEmails: ['dba@example.com', 'dba', ''] })).toThrow(
      "Shop/StatementLog: alarmEmails contains 'dba', ''; write e-mail addresses",
    );
  });

  test('with all mistakes at once', () => {
    expect(() => build({ retentionDays: 2, silenceMinutes: 1, alarmEmails: ['x'] })).toThrow(/retentionDays.*\n.*silenceMinutes.*\n.*alarmEmails/);
  });
});
