import type { Expected, Item, SeenInstance } from './types';
import { lastDay, modifyNow, rds, UNSAID } from './wording';

/**
 * In these the database answers and RDS keeps its backups. An unknown status is not among them.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html#Overview.DBInstance.Status
 */
const RUNNING: readonly string[] = [
  'available', 'backing-up', 'configuring-enhanced-monitoring', 'configuring-iam-database-auth', 'configuring-log-exports', 'maintenance',
  'modifying', 'resetting-master-credentials', 'storage-config-upgrade', 'storage-initialization', 'storage-optimization',
];

/** These pass without anybody's doing, and what RDS says of the settings may change with them. */
const PASSING: readonly string[] = [
  'configuring-enhanced-monitoring', 'configuring-iam-database-auth', 'configuring-log-exports', 'creating', 'maintenance', 'modifying',
  'rebooting', 'renaming', 'resetting-master-credentials', 'starting', 'upgrading',
];

/** Whether another look in a moment may show something else. */
export function isPassing(seen: SeenInstance): boolean {
  return PASSING.includes(seen.DBInstanceStatus ?? '');
}

export function running(expected: Expected, seen: SeenInstance): readonly Item[] {
  const status = seen.DBInstanceStatus;
  if (status !== undefined && RUNNING.includes(status)) return [];
  return [{
    what: 'the database must be running',
    saw: status === undefined ? UNSAID : `its status is ${status}`,
    ...remedy(expected, seen, status ?? ''),
  }];
}

function remedy(expected: Expected, seen: SeenInstance, status: string): Pick<Item, 'fix' | 'warning'> {
  const instance = ['--db-instance-identifier', expected.identifier];
  if (isPassing(seen)) return { fix: `wait and deploy again: ${rds(expected, 'wait', 'db-instance-available', ...instance)}` };
  if (status === 'stopped' || status === 'stopping') {
    return { fix: rds(expected, 'start-db-instance', ...instance), warning: 'no backups are made while it is stopped' };
  }
  if (status === 'storage-full') {
    return modifyNow(expected, seen, ['--allocated-storage', 'GIB'], ['storage cannot be made smaller again']);
  }
  const events = lastDay(expected);
  if (status.startsWith('delet')) {
    return { fix: `find out who deletes it: ${events}`, warning: 'it will be gone; restore it under another name if this was not meant' };
  }
  return { fix: `see why: ${events}` };
}
