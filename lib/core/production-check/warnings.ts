import { CERTIFICATE_WARNING_DAYS, RESTORABLE_LAG_WARNING_MINUTES } from '../policy';
import type { Expected, Item, SeenInstance } from './types';
import { days, lastDay, modify, modifyNow, onOff, pendingChanges, rds } from './wording';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** What is worth knowing but stops no deployment. */
export function improvements(expected: Expected, seen: SeenInstance, now: Date): readonly Item[] {
  return [
    ...(seen.MultiAZ === true ? [] : [{
      what: 'a standby in another Availability Zone should be on', saw: onOff(seen.MultiAZ),
      ...modifyNow(expected, seen, ['--multi-az'], ['it doubles the price of the instance']),
    }]),
    ...(seen.AutoMinorVersionUpgrade === true ? [] : [{
      what: 'automatic minor version upgrades should be on', saw: onOff(seen.AutoMinorVersionUpgrade),
      fix: modify(expected, '--auto-minor-version-upgrade'),
    }]),
    ...waiting(expected, seen),
    ...certificate(expected, seen, now),
    ...restorable(expected, seen, now),
    ...minorVersion(expected, seen),
  ];
}

function waiting(expected: Expected, seen: SeenInstance): readonly Item[] {
  const names = pendingChanges(seen);
  return names.length === 0 ? [] : [{
    what: 'no change should wait for the maintenance window', saw: `these do: ${names.join(', ')}`,
    fix: `see ${rds(expected, 'describe-db-instances', '--db-instance-identifier', expected.identifier,
      '--query', 'DBInstances[0].PendingModifiedValues')}`,
  }];
}

function certificate(expected: Expected, seen: SeenInstance, now: Date): readonly Item[] {
  const end = seen.CertificateDetails?.ValidTill;
  if (end === undefined || end.getTime() - now.getTime() >= CERTIFICATE_WARNING_DAYS * DAY) return [];
  return [{
    what: `the server certificate should be valid for ${days(CERTIFICATE_WARNING_DAYS)} more`,
    saw: `it ends on ${end.toISOString().slice(0, 10)}`,
    ...modifyNow(expected, seen, ['--ca-certificate-identifier', 'rds-ca-rsa2048-g1'], [
      'clients must trust the new authority first, and the database may restart',
    ]),
  }];
}

function restorable(expected: Expected, seen: SeenInstance, now: Date): readonly Item[] {
  const latest = seen.LatestRestorableTime;
  if (latest !== undefined && now.getTime() - latest.getTime() <= RESTORABLE_LAG_WARNING_MINUTES * MINUTE) return [];
  return [{
    what: `point-in-time recovery should reach the last ${RESTORABLE_LAG_WARNING_MINUTES} minutes`,
    saw: latest === undefined ? 'there is nothing to restore to yet' : `it ends at ${latest.toISOString()}`,
    fix: `see ${lastDay(expected)}`,
  }];
}

/** RDS upgrades minor versions by itself, so a stale one in the configuration is no reason to stop. */
function minorVersion(expected: Expected, seen: SeenInstance): readonly Item[] {
  if (seen.EngineVersion === undefined || seen.EngineVersion === expected.engineVersion) return [];
  return [{
    what: 'engineVersion should be that of the instance',
    saw: `it is configured as ${expected.engineVersion}, but the instance runs ${seen.EngineVersion}`,
    fix: `set engineVersion to '${seen.EngineVersion}'`,
  }];
}
