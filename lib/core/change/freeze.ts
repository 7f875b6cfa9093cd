/** A freeze: while it is on, no change is carried out. */
export interface Freeze {
  readonly by: string;
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** When it ends by itself; undefined: when somebody lifts it. */
  readonly until: number | undefined;
  /** Whether it takes somebody else than who set it to lift it. */
  readonly liftedByAnother: boolean;
  /** When a canary's write was refused; undefined: nobody knows yet that it holds, which does not make it less of a freeze. */
  readonly verified: number | undefined;
}

/** What to say of the freeze that is on; `undefined` if none is. */
export function frozen(freeze: Freeze | undefined, now: number): string | undefined {
  if (!freeze || (freeze.until !== undefined && now >= freeze.until)) return undefined;
  const until = freeze.until === undefined ? '' : ` until ${new Date(freeze.until).toISOString()}`;
  return `changes are frozen${until}, by ${freeze.by}: ${freeze.reason}`;
}

/** The freeze that there is once another one is asked for. One that is on becomes longer and harder to lift by that, never less. */
export function strengthened(current: Freeze | undefined, wanted: Freeze, now: number): Freeze {
  if (!current || frozen(current, now) === undefined) return wanted;
  const until = current.until === undefined || wanted.until === undefined ? undefined : Math.max(current.until, wanted.until);
  return { ...current, until, liftedByAnother: current.liftedByAnother || wanted.liftedByAnother, verified: undefined };
}

export type Lift = { readonly do: 'lift' } | { readonly do: 'refuse'; readonly because: string };

/** Whether somebody may end a freeze. */
export function mayLift(freeze: Freeze | undefined, by: string, approvers: readonly string[], signature: 'valid' | 'not-listed' | 'invalid'): Lift {
  if (!freeze) return { do: 'refuse', because: 'there is no freeze to lift' };
  if (signature !== 'valid') return { do: 'refuse', because: `it is not signed with a listed key of ${by}` };
  if (!approvers.includes(by)) return { do: 'refuse', because: `${by} is no approver; a freeze is lifted by ${approvers.join(' or ')}` };
  if (freeze.liftedByAnother && freeze.by === by) return { do: 'refuse', because: `${by} set it, and somebody else has to lift it` };
  return { do: 'lift' };
}

/** What came of an attempt to write while frozen, in the place of the gate. */
export type Canary =
  | { readonly found: 'refused' }
  | { readonly found: 'let-in' }
  | { readonly found: 'no-answer'; readonly because: string };

/** Whether a freeze holds. What is not known for certain is said not to. */
export function freezeHolds(canary: Canary, sessionsLeft: number): { readonly do: 'hold' } | { readonly do: 'fail'; readonly because: string } {
  if (canary.found === 'let-in') return { do: 'fail', because: 'the role that carries out changes could still log in and write' };
  if (canary.found === 'no-answer') return { do: 'fail', because: `nobody could find out whether a write is refused (${canary.because})` };
  if (sessionsLeft > 0) return { do: 'fail', because: `${sessionsLeft} sessions of the role that carries out changes could not be ended` };
  return { do: 'hold' };
}
