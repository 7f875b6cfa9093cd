/** Table locks of PostgreSQL, the weakest first, and what others cannot do meanwhile. */
const LOCKS: readonly (readonly [mode: string, blocks: string])[] = [
  ['AccessShareLock', 'DROP, TRUNCATE and most forms of ALTER TABLE'],
  ['RowShareLock', 'DROP, TRUNCATE and most forms of ALTER TABLE'],
  ['RowExclusiveLock', 'CREATE INDEX, CREATE TRIGGER and ALTER TABLE'],
  ['ShareUpdateExclusiveLock', 'VACUUM, CREATE INDEX and ALTER TABLE'],
  ['ShareLock', 'every write'],
  ['ShareRowExclusiveLock', 'every write'],
  ['ExclusiveLock', 'every write, and SELECT FOR UPDATE'],
  ['AccessExclusiveLock', 'every read and every write'],
];

/** What others cannot do on a table while a lock of this mode is held. */
export function blockedBy(mode: string): string {
  return LOCKS.find(([known]) => known === mode)?.[1] ?? 'unknown';
}

/** The strongest of some modes. One that is not known is the strongest. */
export function strongest(modes: readonly string[]): string {
  const rank = (mode: string) => {
    const at = LOCKS.findIndex(([known]) => known === mode);
    return at < 0 ? LOCKS.length : at;
  };
  return modes.reduce((one, other) => (rank(other) > rank(one) ? other : one));
}

/**
 * How LOCK TABLE names a mode that is worth taking before anything runs: then nobody alters a table between its check and its
 * change, and no lock has to grow. Weaker ones are taken as the weakest, since a stronger one may need more privileges.
 */
export function lockClause(mode: string): string {
  const known = LOCKS.findIndex(([name]) => name === mode);
  return known < 2 ? 'ACCESS SHARE' : mode.replace(/Lock$/, '').replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toUpperCase();
}
