import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { BACKUP_OVERDUE_HOURS } from '../core/policy';
import { ServiceRole } from './service-role';
import type { StatementLog } from './statement-log';

export interface BackupAlarmsProps {
  readonly statementLog: Pick<StatementLog, 'alarmTopic' | 'encryptionKey' | 'undelivered'>;
  readonly identifier: string;
  readonly vaultName: string;
  readonly vaultArn: string;
}

/** Tells when a backup or a copy of it failed, when a day passes without one, and when somebody changes the vault. Internal. */
export class BackupAlarms extends Construct {
  constructor(scope: Construct, id: string, props: BackupAlarmsProps) {
    super(scope, id);
    this.alarmWhenOverdue(props);
    this.tellOfFailures(props);
  }

  /** Catches what sends no event: a plan, a selection or a permission that is gone. */
  private alarmWhenOverdue({ identifier, vaultName, statementLog }: BackupAlarmsProps): void {
    new Alarm(this, 'OverdueAlarm', {
      alarmDescription:
        `No backup of ${identifier} has been completed for ${BACKUP_OVERDUE_HOURS} hours; there should be one every day. ` +
        `Expected only on the day of the first deployment. Otherwise look at the jobs of vault ${vaultName} in AWS Backup, ` +
        'and whether its plan, selection and role are still there.',
      metric: new Metric({
        namespace: 'AWS/Backup',
        metricName: 'NumberOfBackupJobsCompleted',
        dimensionsMap: { BackupVaultName: vaultName },
        statistic: 'Sum',
        period: Duration.hours(1),
      }),
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: BACKUP_OVERDUE_HOURS,
      treatMissingData: TreatMissingData.BREACHING,
    }).addAlarmAction(new SnsAction(statementLog.alarmTopic));
  }

  private tellOfFailures({ identifier, vaultName, vaultArn, statementLog }: BackupAlarmsProps): void {
    const stack = Stack.of(this);
    // By role, not by the policies of topic and key: EventBridge's use of a key cannot be tied to an account there.
    const publisher = new ServiceRole(this, 'Publisher', {
      description: `EventBridge tells of failed backups of ${identifier}`,
      assumedBy: new ServicePrincipal('events.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': stack.account },
          ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 'events', resource: 'rule', resourceName: '*' }) },
        },
      }),
      statements: [
        new PolicyStatement({ actions: ['sns:Publish'], resources: [statementLog.alarmTopic.topicArn] }),
        new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [statementLog.encryptionKey.keyArn] }),
      ],
    });
    const rule = new CfnRule(this, 'Failures', {
      description: `A backup of ${identifier} failed, or its vault was changed`,
      state: 'ENABLED',
      eventPattern: {
        'source': ['aws.backup'],
        'detail-type': ['Backup Job State Change', 'Copy Job State Change', 'Backup Vault State Change'],
        'detail': {
          state: ['FAILED', 'ABORTED', 'EXPIRED', 'PARTIAL', 'MODIFIED', 'DELETED'],
          $or: [{ backupVaultName: [vaultName] }, { sourceBackupVaultArn: [vaultArn] }],
        },
      },
      targets: [{
        id: 'Alarms',
        arn: statementLog.alarmTopic.topicArn,
        roleArn: publisher.role.roleArn,
        deadLetterConfig: { arn: statementLog.undelivered.queueArn },
        inputTransformer: {
          // Only what every such event has: a variable without a value can make EventBridge drop the message.
          inputPathsMap: { type: '$.detail-type', state: '$.detail.state', at: '$.time' },
          inputTemplate:
            `"Backups of ${identifier}: <type> to <state> at <at>, vault ${vaultName}."\n` +
            '"After a failed job, read the reason in AWS Backup and start a backup on demand. ' +
            'If the vault was changed and nobody meant to, find out in CloudTrail who did."',
        },
      }],
    });
    statementLog.undelivered.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [statementLog.undelivered.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': rule.attrArn } },
      }),
    );
  }
}
