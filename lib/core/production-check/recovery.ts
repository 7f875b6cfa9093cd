import type { Expected, Item, SeenInstance } from './types';
import { days, modify, modifyNow, onOff, rds, UNSAID } from './wording';

const DAY = 24 * 60 * 60_000;

/** Whether what happens to production can be undone. */
export function recovery(expected: Expected, seen: SeenInstance, now: Date): readonly Item[] {
  return [
    ...backups(expected, seen),
    ...restorable(expected, seen, now),
    ...(seen.DeletionProtection === true ? [] : [{
      what: 'deletion protection must be on', saw: onOff(seen.DeletionProtection), fix: modify(expected, '--deletion-protection'),
    }]),
    ...(seen.StorageEncrypted === true ? [] : [encryption(expected, seen)]),
    ...(seen.CopyTagsToSnapshot === true ? [] : [{
      what: 'copying of tags to snapshots must be on',
      saw: onOff(seen.CopyTagsToSnapshot),
      fix: modify(expected, '--copy-tags-to-snapshot'),
    }]),
  ];
}

/** Whether only those reach production who should. */
export function exposure(expected: Expected, seen: SeenInstance): readonly Item[] {
  return [
    ...(seen.PubliclyAccessible === false ? [] : [{
      what: 'public access must be off',
      saw: onOff(seen.PubliclyAccessible),
      fix: modify(expected, '--no-publicly-accessible'),
      warning: 'clients outside its network can no longer connect',
    }]),
    ...(expected.iamAuthentication === 'not-required' || seen.IAMDatabaseAuthenticationEnabled === true ? [] : [{
      what: 'IAM database authentication must be on',
      saw: onOff(seen.IAMDatabaseAuthenticationEnabled),
      ...modifyNow(expected, seen, ['--enable-iam-database-authentication']),
    }]),
  ];
}

/** A retention that is set is a promise; a restorable second is its proof. A database of today may not have one yet. */
function restorable(expected: Expected, seen: SeenInstance, now: Date): readonly Item[] {
  const [latest, created] = [seen.LatestRestorableTime, seen.InstanceCreateTime];
  const isNew = created !== undefined && now.getTime() - created.getTime() < DAY;
  if (latest === undefined ? isNew : now.getTime() - latest.getTime() < DAY) return [];
  return [{
    what: 'point-in-time recovery must reach the last day',
    saw: latest === undefined ? 'there is nothing to restore to' : `it ends at ${latest.toISOString()}`,
    fix: `see why in ${rds(expected, 'describe-events', '--source-type', 'db-instance', '--source-identifier', expected.identifier, '--duration', '1440')}`,
  }];
}

function backups(expected: Expected, seen: SeenInstance): readonly Item[] {
  const now = seen.BackupRetentionPeriod;
  const pending = seen.PendingModifiedValues?.BackupRetentionPeriod;
  const enough = (retention: number | undefined): boolean => retention !== undefined && retention >= expected.backupRetentionDays;
  if (enough(now) && (pending === undefined || enough(pending))) return [];
  const saw = now === undefined ? UNSAID
    : now === 0 ? 'they are off'
      : enough(now) ? `a change to ${days(pending!)} waits for the maintenance window`
        : `they reach back ${days(now)}`;
  return [{
    what: `automated backups must reach back at least ${days(expected.backupRetentionDays)}`,
    saw,
    ...modifyNow(expected, seen, ['--backup-retention-period', String(expected.backupRetentionDays)], [
      ...(now === 0 ? ['turning backups on interrupts the database for seconds to minutes'] : []),
      ...(seen.AwsBackupRecoveryPointArn
        ? ['AWS Backup manages these backups, so raise the retention of the continuous rule in its plan instead'] : []),
    ]),
  }];
}

/** The one requirement that neither a command nor a template can meet in place. */
function encryption(expected: Expected, seen: SeenInstance): Item {
  const plain = `${expected.identifier}-plain`;
  const copy = `${expected.identifier.slice(0, 53).replace(/-$/, '')}-encrypted`; // 63 characters at most
  const subnets = seen.DBSubnetGroup?.DBSubnetGroupName;
  const groups = (seen.VpcSecurityGroups ?? []).flatMap((group) => group.VpcSecurityGroupId ?? []);
  const parameters = seen.DBParameterGroups?.[0]?.DBParameterGroupName;
  const commands = [
    rds(expected, 'create-db-snapshot', '--db-instance-identifier', expected.identifier, '--db-snapshot-identifier', plain),
    rds(expected, 'wait', 'db-snapshot-available', '--db-snapshot-identifier', plain),
    rds(expected, 'copy-db-snapshot', '--source-db-snapshot-identifier', plain, '--target-db-snapshot-identifier', copy,
      '--kms-key-id', 'alias/YOUR-KEY'),
    rds(expected, 'wait', 'db-snapshot-available', '--db-snapshot-identifier', copy),
    rds(expected, 'restore-db-instance-from-db-snapshot', '--db-instance-identifier', copy, '--db-snapshot-identifier', copy,
      ...(subnets ? ['--db-subnet-group-name', subnets] : []),
      ...(groups.length > 0 ? ['--vpc-security-group-ids', ...groups] : []),
      ...(parameters ? ['--db-parameter-group-name', parameters] : [])),
  ];
  return {
    what: 'storage encryption must be on',
    saw: onOff(seen.StorageEncrypted),
    fix: commands.join(' && '),
    warning: 'this makes a NEW database, with another endpoint and resource id and without what is written after the snapshot: stop writes '
      + 'first, then describe the new one as production. A database cannot be encrypted in place, and its template must not try: '
      + 'CloudFormation would replace it with an empty one',
  };
}
