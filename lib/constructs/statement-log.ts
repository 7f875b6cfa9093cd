import { Duration, Token } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ARCHIVE_LOCK_DAYS, LOG_RETENTION_DAYS, LOG_SILENCE_MINUTES, LOG_SILENCE_RANGE, MAXIMUM_LOCK_DAYS } from '../core/policy';
import { accessLogsOf, alarmTopic, alarmsOf, logGroupsOf, undeliveredQueue } from './alarm-topic';
import type { LogArchiveSettings } from './archive-bucket';
import { DatabaseLogs, type RecordedDatabase } from './database-logs';
import { GuardrailsKey } from './guardrails-key';
import { refuse } from './invalid';
import { LogArchive } from './log-archive';

export interface StatementLogProps {
  /**
   * Days that statements can be searched in CloudWatch Logs: a number that it accepts, such as 365 or 731.
   * @default 365
   */
  readonly retentionDays?: number;
  /**
   * How the copy in S3 is protected.
   * @default - governance mode, 365 days
   */
  readonly archive?: LogArchiveSettings;
  /**
   * Minutes without a line from a database after which there is an alarm: 5 to 1440. RDS has a quiet database write
   * something every few minutes; below 10 expect false alarms.
   * @default 30
   */
  readonly silenceMinutes?: number;
  /**
   * Who is told of an alarm. Each address must confirm the subscription once.
   * @default - nobody; subscribe to `alarmTopic`
   */
  readonly alarmEmails?: readonly string[];
}

/**
 * Records what agents do: every statement of the recorded databases is logged, kept, and copied to an archive that neither
 * an agent nor a deployment can change; refused and destructive attempts, refused and unexpected logins, silence, and
 * lines that do not reach the archive alarm.
 *
 * A login by an agent to production alarms only where the kit records production, that is for a database that it made: the
 * logs of one that exists already stay as they are. On the replica every role whose name begins with `agent_` counts as an
 * agent's, whose login is expected; give no other role such a name.
 *
 * `encryptionKey`, `alarmTopic` and the archive also serve the kit's other constructs. Statements contain what their
 * authors write into them, so whoever may read these logs may read data: the kit logs no values bound to statements, but
 * cannot keep literals out.
 *
 * The key, the archive and the log groups stay when the stack is destroyed.
 */
export class StatementLog extends Construct {
  /** Encrypts logs, alarms and the archive. Nobody can delete or disable it. */
  readonly encryptionKey: IKey;
  /**
   * Where all alarms go. CloudWatch alarms of this account may publish to it. Anything else, EventBridge rules included,
   * needs a role with `sns:Publish` on the topic and `kms:Decrypt`, `kms:GenerateDataKey` on `encryptionKey`.
   */
  readonly alarmTopic: ITopic;
  /** Dead letters: alarms and events that did not reach the topic or its subscribers. */
  readonly undelivered: IQueue;
  /** The copy of the logs that cannot be changed. */
  readonly archiveBucket: IBucket;
  private readonly archive: LogArchive;
  private readonly retentionDays: number;
  private readonly silenceMinutes: number;

  constructor(scope: Construct, id: string, props: StatementLogProps = {}) {
    super(scope, id);
    this.retentionDays = props.retentionDays ?? LOG_RETENTION_DAYS;
    this.silenceMinutes = props.silenceMinutes ?? LOG_SILENCE_MINUTES;
    const { mode, lockDays } = props.archive ?? { mode: 'governance', lockDays: ARCHIVE_LOCK_DAYS };
    const emails = props.alarmEmails ?? [];
    this.check(mode, lockDays, emails);

    this.encryptionKey = new GuardrailsKey(this, 'Key', {
      description: 'Encrypts the statement logs, their archive and the alarms of cdk-agent-db-guardrails',
      statements: [logGroupsOf(this), alarmsOf(this), accessLogsOf(this)],
    }).key;
    this.undelivered = undeliveredQueue(this, 'Undelivered');
    this.alarmTopic = alarmTopic(this, 'Alarms', { encryptionKey: this.encryptionKey, emails, undelivered: this.undelivered });
    this.archive = new LogArchive(this, 'Archive', {
      mode, lockDays, encryptionKey: this.encryptionKey, retentionDays: this.retentionDays,
    });
    this.archiveBucket = this.archive.bucket;
    this.watchArchive();
  }

  /** Makes the log groups and alarms of a database. Create the database after them: `instance.node.addDependency(logs)`. */
  record(scope: Construct, id: string, database: RecordedDatabase): DatabaseLogs {
    const { encryptionKey, alarmTopic, archive, retentionDays, silenceMinutes } = this;
    return new DatabaseLogs(scope, id, { ...database, encryptionKey, alarmTopic, archive, retentionDays, silenceMinutes });
  }

  private check(mode: string, lockDays: number, emails: readonly string[]): void {
    const { retentionDays, silenceMinutes } = this;
    const accepted = Object.values(RetentionDays)
      .filter((days): days is number => typeof days === 'number' && days !== RetentionDays.INFINITE)
      .sort((a, b) => a - b);
    const notAddresses = emails.filter((email) => !Token.isUnresolved(email) && !/^[^\s@]+@[^\s@]+$/.test(email));
    refuse(this, [
      {
        when: !accepted.includes(retentionDays),
        say: `retentionDays is ${retentionDays}; write a number of days that CloudWatch Logs accepts: ${accepted.join(', ')}`,
      },
      {
        when: !Number.isInteger(silenceMinutes) || silenceMinutes < LOG_SILENCE_RANGE.least || silenceMinutes > LOG_SILENCE_RANGE.most,
        say: `silenceMinutes is ${silenceMinutes}; write a whole number of minutes from ${LOG_SILENCE_RANGE.least} to ${LOG_SILENCE_RANGE.most}`,
      },
      { when: mode !== 'governance' && mode !== 'compliance', say: `archive.mode is '${mode}'; write 'governance' or 'compliance'` },
      {
        when: !Number.isInteger(lockDays) || lockDays < 1 || lockDays > MAXIMUM_LOCK_DAYS,
        say: `archive.lockDays is ${lockDays}; write a whole number of days from 1 to ${MAXIMUM_LOCK_DAYS}`,
      },
      {
        when: notAddresses.length > 0,
        say: `alarmEmails contains ${notAddresses.map((email) => `'${email}'`).join(', ')}; write e-mail addresses`,
      },
    ]);
  }

  private watchArchive(): void {
    new Alarm(this, 'ArchiveDelayAlarm', {
      alarmDescription:
        'Statement logs have not reached the archive for 15 minutes or more. They are still in CloudWatch Logs, and Firehose ' +
        'tries again for 24 hours. Read the reason in the log group of failed deliveries, then check the policy and the key ' +
        'of the archive bucket.',
      metric: new Metric({
        namespace: 'AWS/Firehose',
        metricName: 'DeliveryToS3.DataFreshness',
        dimensionsMap: { DeliveryStreamName: this.archive.stream.ref },
        statistic: 'Maximum',
        period: Duration.minutes(5),
      }),
      threshold: 900,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 3,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }).addAlarmAction(new SnsAction(this.alarmTopic));
  }
}
