import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

export interface ReplicaAlarmsProps {
  readonly alarmTopic: ITopic;
  /** The instance identifier of the replica. */
  readonly identifier: string;
  /** The instance identifier of production. */
  readonly production: string;
  /** Whether it follows production as closely as it can, and not on purpose some hours behind. */
  readonly live: boolean;
}

const GIB = 1024 ** 3;

/** Not a share of the storage: a replica inherits its size, so it is not known here, and CloudWatch has no metric of it. */
const LEAST_FREE_STORAGE_GIB = 2;

/** RDS has a quiet production write something every five minutes, and queries may delay the replica by one. */
const MOST_LAG_MINUTES = 15;

const MOST_KEPT_BY_PRODUCTION_GIB = 5;

interface Condition {
  readonly metricName: string;
  /** Whose metric it is. */
  readonly instance: string;
  /** The worst value of a period. */
  readonly statistic: 'Minimum' | 'Maximum';
  readonly comparisonOperator: ComparisonOperator;
  readonly threshold: number;
}

/**
 * Tells when a replica runs full or falls behind, and when that begins to fill the disk of production: production keeps what a
 * replica has not received, without a limit, until RDS gives that replica up after weeks. Internal.
 *
 * An instance that sends no metrics does not alarm here: one that is gone is silent in its log too, and that alarms.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html
 */
export class ReplicaAlarms extends Construct {
  private readonly identifier: string;
  private readonly alarmTopic: ITopic;

  constructor(scope: Construct, id: string, props: ReplicaAlarmsProps) {
    super(scope, id);
    this.identifier = props.identifier;
    this.alarmTopic = props.alarmTopic;
    this.watchStorage(props);
    if (!props.live) return;
    this.watchLag(props);
    this.watchProduction(props);
  }

  private watchStorage({ identifier, production }: ReplicaAlarmsProps): void {
    this.alarm(
      'StorageAlarm',
      'low-storage',
      `Less than ${LEAST_FREE_STORAGE_GIB} GiB of storage are left on ${identifier}. When it is full it stops taking changes, and the ` +
        `production database ${production} has to keep them on its own disk. See in the log group who sorts or logs that much, and end ` +
        `their sessions; temporary files go with them. If it is the data that grew: aws rds modify-db-instance ` +
        `--db-instance-identifier ${identifier} --apply-immediately --allocated-storage, with a tenth more at least.`,
      {
        metricName: 'FreeStorageSpace',
        instance: identifier,
        statistic: 'Minimum',
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        threshold: LEAST_FREE_STORAGE_GIB * GIB,
      },
    );
  }

  private watchLag({ identifier, production }: ReplicaAlarmsProps): void {
    this.alarm(
      'LagAlarm',
      'behind-production',
      `${identifier} is more than ${MOST_LAG_MINUTES} minutes behind the production database ${production}: agents read what is no longer ` +
        'true, and production may have to keep changes for it. Look at its storage and CPU, at the state of its replication in the ' +
        'RDS console, and in the log group at what agents run; end what holds it up.',
      {
        metricName: 'ReplicaLag',
        instance: identifier,
        statistic: 'Maximum',
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        threshold: MOST_LAG_MINUTES * 60, // seconds
      },
    );
  }

  /** Of the replica that is furthest behind, whichever it is; a delayed one receives at once what it applies later. */
  private watchProduction({ identifier, production }: ReplicaAlarmsProps): void {
    this.alarm(
      'HoldAlarm',
      'fills-production',
      `More than ${MOST_KEPT_BY_PRODUCTION_GIB} GiB of changes wait on the disk of the production database ${production} for a replica that does not take ` +
        `them; when that disk is full, production stops. Expected only while a replica is being created. Find the replica that is behind: ` +
        `${identifier}, or another of this source. If it does not catch up while production has room to spare, production comes first, and nothing is lost ` +
        `with a replica: aws rds modify-db-instance --db-instance-identifier ${identifier} --no-deletion-protection --apply-immediately; ` +
        `aws rds delete-db-instance --db-instance-identifier ${identifier} --skip-final-snapshot. Make it anew when production is safe.`,
      {
        metricName: 'OldestReplicationSlotLag',
        instance: production,
        statistic: 'Maximum',
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        threshold: MOST_KEPT_BY_PRODUCTION_GIB * GIB,
      },
    );
  }

  private alarm(id: string, name: string, meaning: string, condition: Condition): void {
    const { metricName, instance, statistic, comparisonOperator, threshold } = condition;
    new Alarm(this, id, {
      metric: new Metric({
        namespace: 'AWS/RDS',
        metricName,
        dimensionsMap: { DBInstanceIdentifier: instance },
        statistic,
        period: Duration.minutes(5),
      }),
      threshold,
      comparisonOperator,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmName: `${this.identifier}-${name}`,
      alarmDescription: meaning,
    }).addAlarmAction(new SnsAction(this.alarmTopic));
  }
}
