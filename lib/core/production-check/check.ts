import { engine, identity, otherReplicas, standing } from './identity';
import { exposure, recovery } from './recovery';
import { isPassing, running } from './status';
import type { Expected, Report, SeenInstance } from './types';
import { isDenied, unreadable, type ReadFailure } from './unreadable';
import { improvements } from './warnings';

/** Whether production is the database that was described, and can be recovered. A field that RDS leaves out counts as wrong. */
export function checkProduction(expected: Expected, seen: SeenInstance, now: Date): Report {
  const missing = [
    ...identity(expected, seen),
    ...standing(expected, seen),
    ...engine(expected, seen),
    ...running(expected, seen),
    ...recovery(expected, seen, now),
    ...exposure(expected, seen),
    ...otherReplicas(expected, seen),
  ];
  return { verdict: missing.length === 0 ? 'pass' : 'fail', missing, warnings: improvements(expected, seen, now) };
}

/** What a look at RDS showed. */
export type Sight =
  | { readonly kind: 'instances'; readonly instances: readonly SeenInstance[] }
  | { readonly kind: 'failure'; readonly failure: ReadFailure };

export interface LookTime {
  readonly now: Date;
  /** Since the first look. */
  readonly waitedSeconds: number;
  /** Until an answer is due. */
  readonly remainingSeconds: number;
}

export type NextLook =
  | { readonly do: 'look-again'; readonly afterSeconds: number }
  | { readonly do: 'report'; readonly report: Report };

const PAUSE_SECONDS = 5;
/** How long a new permission may take to be known to all of IAM. */
const PROPAGATION_SECONDS = 20;

/**
 * Whether what was seen is the answer. A failing instance that is just being changed is looked at again while there is time,
 * so that a deployment straight after the command that mends it does not fail on what was true a moment before.
 */
export function nextLook(expected: Expected, sight: Sight, time: LookTime): NextLook {
  const report = reportOn(expected, sight, time.now);
  const mayChange = sight.kind === 'failure'
    ? isDenied(sight.failure) && time.waitedSeconds < PROPAGATION_SECONDS
    : report.verdict === 'fail' && sight.instances.some(isPassing);
  return mayChange && time.remainingSeconds > 2 * PAUSE_SECONDS
    ? { do: 'look-again', afterSeconds: PAUSE_SECONDS }
    : { do: 'report', report };
}

function reportOn(expected: Expected, sight: Sight, now: Date): Report {
  const failed = (failure: ReadFailure): Report => ({ verdict: 'fail', missing: [unreadable(expected, failure)], warnings: [] });
  if (sight.kind === 'failure') return failed(sight.failure);
  const seen = sight.instances.find((instance) => instance.DBInstanceIdentifier?.toLowerCase() === expected.identifier.toLowerCase());
  return seen ? checkProduction(expected, seen, now) : failed({ name: 'DBInstanceNotFound', message: '' });
}
