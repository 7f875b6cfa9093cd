import { z } from 'zod';
import {
  ARCHIVE_LOCK_DAYS,
  LOG_RETENTION_DAYS,
  LOG_SILENCE_MINUTES,
  LOG_SILENCE_RANGE,
  MAXIMUM_LOCK_DAYS,
  MAXIMUM_RECOVERY_POINT_DAYS,
  MINIMUM_BACKUP_RETENTION_DAYS,
  MINIMUM_COMPLIANCE_GRACE_DAYS,
  RECOVERY_POINT_DAYS,
} from '../core/policy';
import { choice, fields, flag, list, text, whole } from './fields';

/* What is kept out of the agents' reach: recovery points and the record of statements. */

/**
 * The only numbers of days that CloudWatch Logs takes.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
const LOG_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

const vaultArn = () =>
  text('vault ARN', 'the ARN of a backup vault, such as arn:aws:backup:eu-west-1:111122223333:backup-vault:name', (value) =>
    VAULT_ARN.test(value),
  );

export const VAULT_ARN = /^arn:aws(?:-[a-z]+)*:backup:([a-z0-9-]+):(\d{12}):backup-vault:[A-Za-z0-9_-]{2,50}$/;

export const backups = fields({
  retentionDays: whole(MINIMUM_BACKUP_RETENTION_DAYS, MAXIMUM_RECOVERY_POINT_DAYS, 'days')
    .default(RECOVERY_POINT_DAYS)
    .describe('How long each daily recovery point is kept.'),
  lock: z
    .union(
      [
        choice(['governance']),
        fields({
          compliance: fields({
            graceDays: whole(MINIMUM_COMPLIANCE_GRACE_DAYS, MAXIMUM_LOCK_DAYS, 'days').describe(
              'Days in which the lock can still be removed. After them it is permanent.',
            ),
          }).describe(
            '**Cannot be undone**: after the grace days nobody, not even AWS, can remove the lock or delete a recovery point ' +
              'before its time.',
          ),
        }),
      ],
      { error: `"governance" or { "compliance": { "graceDays": ${MINIMUM_COMPLIANCE_GRACE_DAYS} or more } }` },
    )
    .meta({ kind: '"governance" or an object' })
    .default('governance')
    .describe('The lock of the vault. `governance`: the policy of the vault lets nobody remove it, only AWS could. `compliance`: not even AWS can.'),
  copyTo: list(vaultArn(), '["arn:aws:backup:eu-west-1:111122223333:backup-vault:name"]')
    .default([])
    .meta({ kind: 'list of vault ARNs' })
    .describe(
      'Vaults in another Region or account that every recovery point is copied to. They must exist and admit the copies.',
    ),
  airGapped: fields({
    retentionDays: whole(MINIMUM_BACKUP_RETENTION_DAYS, MAXIMUM_RECOVERY_POINT_DAYS, 'days')
      .default(RECOVERY_POINT_DAYS)
      .describe('How long the copy is kept. Cannot be changed later: the vault would be replaced.'),
  })
    .optional()
    .describe('A copy of every recovery point in a logically air-gapped vault, whose compliance lock is built in.'),
  continuous: flag()
    .default(false)
    .describe(
      'Continuous backup by AWS Backup. Off, because it hands the automated backups of production over to AWS Backup, and ' +
        'because deleting such a recovery point reboots the database.',
    ),
}).describe('Recovery points outside the reach of the agents.');

export const log = fields({
  retentionDays: choice(LOG_DAYS, `a number of days that CloudWatch Logs accepts: ${LOG_DAYS.join(', ')}`)
    .meta({ kind: 'days that CloudWatch Logs accepts' })
    .default(LOG_RETENTION_DAYS)
    .describe('How long statements can be searched in CloudWatch Logs.'),
  archive: fields({
    mode: choice(['governance', 'compliance'])
      .default('governance')
      .describe(
        'Object Lock of the archive. `compliance` **cannot be undone**: nobody, not even the root user, can delete an object ' +
          'before its time.',
      ),
    lockDays: whole(1, MAXIMUM_LOCK_DAYS, 'days')
      .default(ARCHIVE_LOCK_DAYS)
      .describe('How long no object of the archive can be changed or deleted.'),
  })
    .prefault({})
    .describe('The copy of the log in S3.'),
  alarmEmails: list(
    z.email({ error: 'an e-mail address such as dba@example.com' }).meta({ kind: 'e-mail address' }),
    '["dba@example.com"]',
  )
    .default([])
    .meta({ kind: 'list of e-mail addresses' })
    .describe('Who is told of an alarm. Each address must confirm the subscription.'),
  silenceMinutes: whole(LOG_SILENCE_RANGE.least, LOG_SILENCE_RANGE.most, 'minutes')
    .default(LOG_SILENCE_MINUTES)
    .describe('Minutes without a line from a database after which there is an alarm.'),
}).describe('The record of statements.');
