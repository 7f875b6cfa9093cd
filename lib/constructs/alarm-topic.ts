import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption, RedrivePermission, type CfnQueue, type IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { accept, END_OF_THE_LINE } from './accepted-findings';

export interface AlarmTopicProps {
  readonly encryptionKey: IKey;
  readonly emails: readonly string[];
  /** Keeps what could not be delivered. */
  readonly undelivered: IQueue;
}

/**
 * A dead-letter queue for alarms and events that did not reach their topic or their reader, for as long as SQS keeps
 * anything. What is in it tells of alarms and holds no data, so SQS's own encryption is enough, and no service needs a key.
 */
export function undeliveredQueue(scope: Construct, id: string): Queue {
  const queue = new Queue(scope, id, {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
    redriveAllowPolicy: { redrivePermission: RedrivePermission.DENY_ALL },
  });
  accept(queue.node.defaultChild as CfnQueue, END_OF_THE_LINE);
  return queue;
}

/** An encrypted topic to which CloudWatch alarms of this account publish, over TLS only. */
export function alarmTopic(scope: Construct, id: string, props: AlarmTopicProps): Topic {
  const topic = new Topic(scope, id, {
    displayName: 'Agent database guardrails',
    masterKey: props.encryptionKey,
    enforceSSL: true,
  });
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AlarmsOfThisAccount',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: fromAlarmsOf(scope),
    }),
  );
  for (const email of props.emails) topic.addSubscription(new EmailSubscription(email, { deadLetterQueue: props.undelivered }));
  return topic;
}

/** For the policy of a key: S3 may write the log of access to a bucket that it encrypts. */
export function accessLogsOf(scope: Construct): PolicyStatement {
  return new PolicyStatement({
    sid: 'AccessLogsOfThisAccount',
    principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
    actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    resources: ['*'],
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
  });
}

/** For the policy of a key: alarms of this account may publish to topics that it encrypts. */
export function alarmsOf(scope: Construct): PolicyStatement {
  return new PolicyStatement({
    sid: 'AlarmsOfThisAccount',
    principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
    actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    resources: ['*'],
    conditions: fromAlarmsOf(scope),
  });
}

/** For the policy of a key: CloudWatch Logs may encrypt log groups of this account with it. */
export function logGroupsOf(scope: Construct): PolicyStatement {
  const stack = Stack.of(scope);
  return new PolicyStatement({
    sid: 'LogGroupsOfThisAccount',
    principals: [new ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
    actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
    resources: ['*'],
    conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': stack.formatArn({ service: 'logs', resource: 'log-group:*' }) } },
  });
}

function fromAlarmsOf(scope: Construct): Record<string, Record<string, string>> {
  const stack = Stack.of(scope);
  return {
    StringEquals: { 'aws:SourceAccount': stack.account },
    ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 'cloudwatch', resource: 'alarm:*' }) },
  };
}
