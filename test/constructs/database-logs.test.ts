import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { StatementLog } from '../../lib/constructs/statement-log';
import type { DatabasePurpose } from '../../lib/core/parameters';

function record(purpose: DatabasePurpose, identifier = 'agentread-orders') {
  const stack = new Stack(new App(), 'Shop', { env: { account: '111122223333', region: 'eu-central-1' } });
  const log = new StatementLog(stack, 'StatementLog');
  const logs = log.record(stack, 'Logs', { identifier, purpose });
  return { stack, log, logs, template: Template.fromStack(stack) };
}

const alarms = (template: Template) =>
  Object.values(template.findResources('AWS::CloudWatch::Alarm'))
    .flatMap(({ Properties }) => Properties.AlarmName ?? [])
    .sort();

describe('the log groups', () => {
  test.each(['postgresql', 'upgrade'])(
    '%s has the name that RDS uses, the key, its retention, and protection against deletion',
    (name) => {
      const { stack, log, template } = record('replica');

      template.hasResource('AWS::Logs::LogGroup', {
        Properties: {
          LogGroupName: `/aws/rds/instance/agentread-orders/${name}`,
          KmsKeyId: stack.resolve(log.encryptionKey.keyArn),
          RetentionInDays: 365,
          DeletionProtectionEnabled: true,
        },
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
      });
    },
  );

  test('are all that the database exports', () => {
    expect(record('replica').logs.exports).toEqual(['postgresql', 'upgrade']);
  });

  test('of statements goes to the archive, whole', () => {
    const { stack, logs, template } = record('replica');

    template.resourceCountIs('AWS::Logs::SubscriptionFilter', 1);
    template.allResourcesProperties('AWS::Logs::SubscriptionFilter', { FilterPattern: '' });
    template.hasResourceProperties('AWS::Logs::SubscriptionFilter', { LogGroupName: stack.resolve(logs.statements.ref) });
  });
});

describe('the alarms', () => {
  test.each<[DatabasePurpose, string[]]>([
    ['replica', ['destructive-statements', 'not-archived', 'refused-statements', 'silence', 'unexpected-logins']],
    ['staging', ['not-archived', 'refused-statements', 'silence', 'unexpected-logins']],
    ['delayed', ['not-archived', 'silence', 'unexpected-logins']],
    ['production', ['agent-logins', 'destructive-statements', 'not-archived', 'refused-statements', 'silence']],
  ])('of a %s database', (purpose, expected) => {
    expect(alarms(record(purpose).template)).toEqual(expected.map((name) => `agentread-orders-${name}`));
  });

  test('all go to the topic and say what happened and what to do', () => {
    const { stack, log, template } = record('replica');

    for (const { Properties } of Object.values(template.findResources('AWS::CloudWatch::Alarm'))) {
      expect(Properties.AlarmActions).toEqual([stack.resolve(log.alarmTopic.topicArn)]);
      expect(Properties.AlarmDescription.length).toBeGreaterThan(100);
      expect(Properties.AlarmDescription.length).toBeLessThanOrEqual(1024);
    }
  });

  test('one refused statement is enough', () => {
    const { stack, logs, template } = record('replica');

    template.hasResourceProperties('AWS::Logs::MetricFilter', {
      LogGroupName: stack.resolve(logs.statements.ref),
      FilterPattern: Match.stringLikeRegexp('permission'),
      MetricTransformations: [
        { MetricNamespace: 'cdk-agent-db-guardrails/agentread-orders', MetricName: 'RefusedStatements', MetricValue: '1', DefaultValue: 0 },
      ],
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'cdk-agent-db-guardrails/agentread-orders',
      MetricName: 'RefusedStatements',
      Statistic: 'Sum',
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
      TreatMissingData: 'notBreaching',
    });
  });

  test('logins are counted, the expected ones are counted, and the difference alarms', () => {
    const { template } = record('replica');

    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'agentread-orders-unexpected-logins',
      Metrics: Match.arrayWith([
        Match.objectLike({ Expression: 'seen - expected' }),
        Match.objectLike({ Id: 'seen', MetricStat: { Metric: Match.objectLike({ MetricName: 'Logins' }), Stat: 'Sum' }, ReturnData: false }),
        Match.objectLike({ Id: 'expected', MetricStat: { Metric: Match.objectLike({ MetricName: 'ExpectedLogins' }), Stat: 'Sum' }, ReturnData: false }),
      ]),
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
    });
    for (const MetricName of ['Logins', 'ExpectedLogins']) {
      template.hasResourceProperties('AWS::Logs::MetricFilter', { MetricTransformations: [Match.objectLike({ MetricName, DefaultValue: 0 })] });
    }
  });

  test('no line at all alarms, also when CloudWatch has no data to judge by', () => {
    const { stack, logs, template } = record('staging');

    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/Logs',
      MetricName: 'IncomingLogEvents',
      Dimensions: [{ Name: 'LogGroupName', Value: stack.resolve(logs.statements.ref) }],
      Period: 1800,
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
  });

  test('an hour in which nothing is sent to the archive alarms, also when the subscription is gone and there is no data', () => {
    const { stack, logs, template } = record('replica');
    const [subscription] = Object.values(template.findResources('AWS::Logs::SubscriptionFilter'));

    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'agentread-orders-not-archived',
      Metrics: [
        {
          Expression: {
            'Fn::Join': ['', [
              'SELECT SUM(ForwardedLogEvents) FROM "AWS/Logs" WHERE LogGroupName = \'', stack.resolve(logs.statements.ref),
              `' AND FilterName = '${subscription!.Properties.FilterName}'`,
            ]],
          },
          Period: 3600,
        },
      ],
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
  });

  test('CloudWatch allows five regular expressions per log group', () => {
    for (const purpose of ['replica', 'staging', 'delayed', 'production'] as const) {
      const filters = Object.values(record(purpose).template.findResources('AWS::Logs::MetricFilter'));
      expect(filters.filter(({ Properties }) => Properties.FilterPattern.startsWith('%')).length).toBeLessThanOrEqual(5);
    }
  });
});

test('the template states what is recorded, where, and how it is watched', () => {
  const { template } = record('replica');
  const [declaration] = template.toJSON().Metadata['cdk-agent-db-guardrails'];

  expect(declaration).toMatchObject({
    guarantee: 'statements-are-recorded',
    construct: 'StatementLog',
    path: 'Shop/Logs',
    inForce: true,
    detail: 'every statement and login of agentread-orders (replica) can be searched for 365 days; 5 alarms watch its log',
    resources: { database: 'agentread-orders' },
  });
  for (const id of [...declaration.resources.logGroups, declaration.resources.archive]) expect(template.toJSON().Resources).toHaveProperty(id);
});

test('of production it promises what is logged there, not every statement', () => {
  const [declaration] = record('production', 'orders').template.toJSON().Metadata['cdk-agent-db-guardrails'];

  expect(declaration.detail).toBe('changes, failed statements and logins of orders (production) can be searched for 365 days; 5 alarms watch its log');
});
