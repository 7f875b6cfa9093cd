import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, MathExpression, Metric, TreatMissingData, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnLogGroup, CfnMetricFilter, type CfnSubscriptionFilter } from 'aws-cdk-lib/aws-logs';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { logWatches, type LogMetric, type LogWatch } from '../core/log-patterns';
import type { DatabasePurpose } from '../core/parameters';
import { KIT_TAG } from '../core/policy';
import { declare } from './declare';
import type { LogArchive } from './log-archive';

export interface RecordedDatabase {
  /** The DB instance identifier: RDS derives the names of the log groups from it. */
  readonly identifier: string;
  /** What the database is there for; it decides what alarms. */
  readonly purpose: DatabasePurpose;
}

export interface DatabaseLogsProps extends RecordedDatabase {
  readonly retentionDays: number;
  readonly silenceMinutes: number;
  readonly encryptionKey: IKey;
  readonly alarmTopic: ITopic;
  readonly archive: LogArchive;
}

/**
 * What RDS for PostgreSQL exports. A third log, `iam-db-auth-error`, gives the reason for which an IAM login was refused; that
 * it was refused, when and as whom, is in the first one too, and Control Tower's CT.RDS.PR.14 accepts these two only.
 */
const EXPORTS = ['postgresql', 'upgrade'] as const;

/** What is evidence of who did what. Upgrades are not. */
const ARCHIVED: readonly string[] = ['postgresql'];

/**
 * The log groups of one database under the names that RDS uses, encrypted, kept, protected against deletion, copied to the
 * archive and watched. Made by `StatementLog.record`; the database must be created after it:
 * `instance.node.addDependency(logs)`, or RDS makes groups of its own without any of this.
 *
 * The groups outlive the stack, and a first deployment that failed. The next one then finds them in its way:
 * `cdk deploy --import-existing-resources` takes them over.
 */
export class DatabaseLogs extends Construct {
  /** For `EnableCloudwatchLogsExports` of the instance. */
  readonly exports: string[] = [...EXPORTS];
  /** The log group with the statements. */
  readonly statements: CfnLogGroup;
  private readonly identifier: string;
  private readonly alarmTopic: ITopic;

  constructor(scope: Construct, id: string, props: DatabaseLogsProps) {
    super(scope, id);
    const { identifier, purpose, archive, retentionDays } = props;
    this.identifier = identifier;
    this.alarmTopic = props.alarmTopic;

    const groups = EXPORTS.map((log) => {
      const name = log.replace(/(^|-)([a-z])/g, (_match, _dash, letter: string) => letter.toUpperCase());
      const group = new CfnLogGroup(this, name, {
        logGroupName: `/aws/rds/instance/${identifier}/${log}`,
        retentionInDays: retentionDays,
        kmsKeyId: props.encryptionKey.keyArn,
        deletionProtectionEnabled: true,
      });
      // Not "retain except on create": a rollback could not delete what is protected against deletion, and would get stuck.
      group.applyRemovalPolicy(RemovalPolicy.RETAIN);
      if (ARCHIVED.includes(log)) this.watchArchival(archive.subscribe(this, `${name}ToArchive`, group));
      return group;
    });
    this.statements = groups[0]!;

    const watches = logWatches(purpose, identifier);
    for (const watch of watches) this.watch(watch);
    this.watchSilence(props.silenceMinutes);
    declare(this, {
      guarantee: 'statements-are-recorded',
      inForce: true,
      detail:
        `${purpose === 'production' ? 'changes, failed statements and logins' : 'every statement and login'} of ` +
        `${identifier} (${purpose}) can be searched for ${retentionDays} days; ${watches.length + 2} alarms watch its log`,
      resources: {
        database: identifier,
        logGroups: groups.map((group) => Stack.of(this).getLogicalId(group)),
        archive: Stack.of(archive).getLogicalId(archive.bucket.node.defaultChild as CfnBucket),
      },
    });
  }

  private watch(watch: LogWatch): void {
    const seen = this.count(watch.metric);
    this.alarm(watch.id, watch.meaning, {
      metric: watch.expected
        ? new MathExpression({
          label: watch.id,
          // Both filters write a zero whenever lines arrive that they do not match, so that neither is missing alone.
          expression: 'seen - expected',
          usingMetrics: { seen, expected: this.count(watch.expected) },
          period: seen.period,
        })
        : seen,
      threshold: 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }

  private watchSilence(silenceMinutes: number): void {
    const { identifier } = this;
    this.alarm(
      'Silence',
      `No line of ${identifier} has reached its log group for ${silenceMinutes} minutes, although a running database always ` +
        'has something to log. Expected only while the database is being created, stopped or deleted. Otherwise check its log ' +
        'exports and parameter group, and who changed them.',
      {
        metric: new Metric({
          namespace: 'AWS/Logs',
          metricName: 'IncomingLogEvents',
          dimensionsMap: { LogGroupName: this.statements.ref },
          statistic: 'Sum',
          period: Duration.minutes(silenceMinutes),
        }),
        threshold: 1,
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        treatMissingData: TreatMissingData.BREACHING,
      },
    );
  }

  /**
   * The archive's own alarm does not see that nothing is sent to it. A query and not a metric, because it needs no value for
   * the dimension `DestinationType`, which AWS describes in words only.
   */
  private watchArchival(subscription: CfnSubscriptionFilter): void {
    const { identifier } = this;
    const { logGroupName, filterName } = subscription;
    this.alarm(
      'NotArchived',
      `No line of ${identifier} was sent to the archive for an hour. If the alarm for silence is on too, see to that one first. ` +
        'Otherwise lines still reach the log group, where they can be deleted, and go no further: check that the subscription ' +
        'filter of the log group is there and leads to the delivery stream of the archive, put it back by hand (a deployment does ' +
        'not), and find out in CloudTrail who changed it. Export what is missing from the log group before it is removed.',
      {
        metric: new MathExpression({
          label: 'lines sent to the archive',
          expression: `SELECT SUM(ForwardedLogEvents) FROM "AWS/Logs" WHERE LogGroupName = '${logGroupName}' AND FilterName = '${filterName}'`,
          usingMetrics: {},
          period: Duration.hours(1),
        }),
        threshold: 1,
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        treatMissingData: TreatMissingData.BREACHING,
      },
    );
  }

  private count(metric: LogMetric): Metric {
    const namespace = `${KIT_TAG}/${this.identifier}`;
    new CfnMetricFilter(this, metric.name, {
      logGroupName: this.statements.ref,
      filterPattern: metric.pattern,
      metricTransformations: [{ metricNamespace: namespace, metricName: metric.name, metricValue: '1', defaultValue: 0 }],
    });
    return new Metric({ namespace, metricName: metric.name, statistic: 'Sum', period: Duration.minutes(5) });
  }

  private alarm(
    id: string, meaning: string,
    condition: { metric: IMetric; threshold: number; comparisonOperator: ComparisonOperator; treatMissingData: TreatMissingData },
  ): void {
    const name = id.replace(/(?!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
    new Alarm(this, `${id}Alarm`, {
      ...condition,
      evaluationPeriods: 1,
      alarmName: `${this.identifier}-${name}`,
      alarmDescription: meaning,
    }).addAlarmAction(new SnsAction(this.alarmTopic));
  }
}
