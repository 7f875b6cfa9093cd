import { Template } from 'aws-cdk-lib/assertions';
import { AgentReplica, type AgentReplicaOptions } from '../../lib/constructs/agent-replica';
import { fixture } from './fixture';

const GIB = 1024 ** 3;

function synthesize(options: AgentReplicaOptions = {}) {
  const given = fixture();
  new AgentReplica(given.stack, 'Replica', { ...given, ...options });
  return { ...given, template: Template.fromStack(given.stack) };
}

/** The alarms about what RDS measures, by name. */
function alarms(template: Template): Record<string, any> {
  return Object.fromEntries(
    Object.values(template.findResources('AWS::CloudWatch::Alarm', { Properties: { Namespace: 'AWS/RDS' } })).map(({ Properties }) => [Properties.AlarmName, Properties]),
  );
}

const of = (instance: string) => [{ Name: 'DBInstanceIdentifier', Value: instance }];

test('a replica that runs full alarms before it is', () => {
  expect(alarms(synthesize().template)['agentread-orders-low-storage']).toMatchObject({
    MetricName: 'FreeStorageSpace',
    Dimensions: of('agentread-orders'),
    Statistic: 'Minimum',
    Threshold: 2 * GIB,
    ComparisonOperator: 'LessThanThreshold',
    EvaluationPeriods: 1,
  });
});

test('a replica that falls behind production alarms', () => {
  expect(alarms(synthesize().template)['agentread-orders-behind-production']).toMatchObject({
    MetricName: 'ReplicaLag',
    Dimensions: of('agentread-orders'),
    Statistic: 'Maximum',
    Threshold: 900,
    ComparisonOperator: 'GreaterThanThreshold',
    EvaluationPeriods: 1,
  });
});

test('a replica for which production keeps its changes alarms long before the disk of production is full, and says how to let go', () => {
  const alarm = alarms(synthesize().template)['agentread-orders-fills-production'];
  expect(alarm).toMatchObject({
    MetricName: 'OldestReplicationSlotLag',
    Dimensions: of('orders'),
    Statistic: 'Maximum',
    Threshold: 5 * GIB,
    ComparisonOperator: 'GreaterThanThreshold',
    EvaluationPeriods: 1,
  });
  expect(alarm.AlarmDescription).toContain('production comes first');
  expect(alarm.AlarmDescription).toContain('aws rds modify-db-instance --db-instance-identifier agentread-orders --no-deletion-protection --apply-immediately');
  expect(alarm.AlarmDescription).toContain('aws rds delete-db-instance --db-instance-identifier agentread-orders --skip-final-snapshot');
});

test('a delayed replica lags on purpose and is watched for its storage only', () => {
  expect(Object.keys(alarms(synthesize({ undoWindowHours: 4 }).template)).sort()).toEqual([
    'agentread-orders-behind-production', 'agentread-orders-fills-production', 'agentread-orders-low-storage', 'agentundo-orders-low-storage',
  ]);
});

test('all go to the topic, fit into a description, and leave it to the alarm for silence when there are no metrics', () => {
  const { template, stack, statementLog } = synthesize({ undoWindowHours: 4 });
  for (const { AlarmActions, AlarmDescription, TreatMissingData } of Object.values(alarms(template))) {
    expect(AlarmActions).toEqual([stack.resolve(statementLog.alarmTopic.topicArn)]);
    expect(AlarmDescription.length).toBeLessThanOrEqual(1024);
    expect(TreatMissingData).toBe('notBreaching');
  }
});
