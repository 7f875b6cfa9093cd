import { awsCli } from '../aws-cli';
import { homeOf, type Expected, type Item, type SeenInstance } from './types';

/** Said of a field that RDS left out of its answer. */
export const UNSAID = 'RDS does not say';

export function onOff(value: boolean | undefined): string {
  return value === undefined ? UNSAID : `it is ${value ? 'on' : 'off'}`;
}

export function days(count: number): string {
  return count === 1 ? '1 day' : `${count} days`;
}

/** An RDS command in the Region of the instance. */
export function rds(expected: Expected, ...words: readonly string[]): string {
  return awsCli(homeOf(expected).region, 'rds', ...words);
}

/** What happened to the instance in the last day, by RDS's own account. */
export function lastDay(expected: Expected): string {
  const minutes = '1440';
  return rds(expected, 'describe-events', '--source-type', 'db-instance', '--source-identifier', expected.identifier, '--duration', minutes);
}

/** `aws rds modify-db-instance` for the instance, for settings that RDS applies at once anyway. */
export function modify(expected: Expected, ...flags: readonly string[]): string {
  return rds(expected, 'modify-db-instance', '--db-instance-identifier', expected.identifier, ...flags);
}

/** The same with `--apply-immediately`, which takes along every change that waits for the maintenance window: said where one does. */
export function modifyNow(
  expected: Expected, seen: SeenInstance, flags: readonly string[], warnings: readonly string[] = [],
): Pick<Item, 'fix' | 'warning'> {
  const waiting = pendingChanges(seen);
  const all = [...warnings, ...(waiting.length > 0 ? [`it also applies what waits for the maintenance window (${waiting.join(', ')})`] : [])];
  return { fix: modify(expected, ...flags, '--apply-immediately'), ...(all.length > 0 ? { warning: all.join('; ') } : {}) };
}

/** Names of the settings that wait for the maintenance window. No values: one of them is the master password. */
export function pendingChanges(seen: SeenInstance): readonly string[] {
  return Object.entries(seen.PendingModifiedValues ?? {}).filter(([, value]) => value !== undefined).map(([name]) => name);
}
