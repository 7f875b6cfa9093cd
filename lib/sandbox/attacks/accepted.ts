import type { Attack, Column } from './types';

/** Why attacks succeed and are known to: nothing that a role can be denied closes them. */
export interface Accepted {
  readonly because: string;
  /** What stops it before it comes to that, or why it does not matter. */
  readonly stoppedBefore: string;
}

interface Reason extends Accepted {
  readonly ids: readonly string[];
  /** Only up to this version of PostgreSQL. */
  readonly untilMajor?: number;
}

const KEPT_OFF = 'agents reach the replica only: network and IAM keep their roles off the primary';

const OWN_SESSION: Reason = {
  ids: ['E1', 'E1b', 'E3', 'E13', 'E14'],
  because: 'a session may change its own settings; only those of superusers can be denied',
  stoppedBefore: 'they are limits against accidents; what protects data are the missing rights',
};

const CATALOGUE: Reason = {
  ids: ['P9', 'P9b', 'P10', 'P10b', 'P10c', 'P10d', 'P10e', 'P10f', 'P10g'],
  because: 'the catalogue says to everybody what there is, and what functions and views are made of',
  stoppedBefore: 'no row is in it; keep passwords and keys out of function bodies, comments and role settings',
};

const TRUSTED_SETTING: Reason = {
  ids: ['P25e'],
  because: 'a policy that trusts a setting holds for nobody who can set it; which tables agents read is configured',
  stoppedBefore: 'personal data in those rows is left out; leave the table out too, or write its policies for roles',
};

const LOG_TEXT: Reason = {
  ids: ['E15'],
  because: 'anonymous code may write text into the server log',
  stoppedBefore: 'a forged line has no prefix of its own: who reads the log joins continuation lines first',
};

const SNAPSHOT: Reason = {
  ids: ['D15'],
  because: 'any open transaction may name its snapshot',
  stoppedBefore: 'it ends with the transaction, which a time limit ends',
};

const OWN_SESSIONS: Reason = {
  ids: ['D9'],
  because: 'a role may end its own sessions',
  stoppedBefore: 'every agent has a role of its own',
};

/** Reads that everybody may do, and what an agent may do to itself. None of it writes. */
const ON_EVERY_SERVER = [OWN_SESSION, CATALOGUE, TRUSTED_SETTING, LOG_TEXT, SNAPSHOT, OWN_SESSIONS];

/** What a server that accepts writes allows every login, and only a superuser could take away. */
const ON_A_PRIMARY: readonly Reason[] = [
  { ids: ['W10', 'W10c', 'W10i'], because: 'everybody may store new large objects; existing ones are out of reach', stoppedBefore: KEPT_OFF },
  { ids: ['W10b'], untilMajor: 15, because: 'before PostgreSQL 16 also in a read-only transaction', stoppedBefore: KEPT_OFF },
  { ids: ['W12', 'W13', 'W13b'], because: 'everybody may write messages into the log of changes and use up transaction ids', stoppedBefore: KEPT_OFF },
  { ids: ['W16', 'W16b', 'E6', 'E7'], because: 'a role may change its own defaults, also for later logins', stoppedBefore: KEPT_OFF },
  { ids: ['W16c', 'W16d'], because: 'a role may say who is given what it makes itself; it can make no table and no routine', stoppedBefore: KEPT_OFF },
  { ids: ['E8'], because: 'a role may give itself a password', stoppedBefore: `${KEPT_OFF}; rds.restrict_password_commands closes it` },
  { ids: ['E2'], because: 'a transaction may be begun for writing; the rights to write are still missing', stoppedBefore: KEPT_OFF },
  { ids: ['D1', 'D4', 'D5'], because: 'advisory locks and notifications belong to nobody', stoppedBefore: KEPT_OFF },
  { ids: ['D2'], because: 'reading a table holds up changes to its structure until the transaction ends', stoppedBefore: KEPT_OFF },
  { ids: ['D6'], because: 'only a superuser, or the parameter group, limits temporary files', stoppedBefore: `${KEPT_OFF}, where the parameter group sets it` },
];

const IN_THE_COPY = 'it is a copy: production is elsewhere, and the copy can be made again';

const REASONS: Readonly<Record<Exclude<Column, 'naive'>, readonly Reason[]>> = {
  replica: ON_EVERY_SERVER,
  primary: [...ON_EVERY_SERVER, ...ON_A_PRIMARY],
  staging: [
    ...ON_EVERY_SERVER,
    ...ON_A_PRIMARY.map((reason) => ({ ...reason, stoppedBefore: IN_THE_COPY })),
    { ids: ['W10b'], because: 'it may write, so its transactions are not read-only', stoppedBefore: IN_THE_COPY },
    { ids: ['W2o'], because: 'a role may give back what it is to be given on tables that come later', stoppedBefore: IN_THE_COPY },
    { ids: ['D3'], because: 'who may change the rows of a table may lock it', stoppedBefore: IN_THE_COPY },
  ],
};

const DML: Accepted = { because: 'changing rows is what the staging role is there for', stoppedBefore: IN_THE_COPY };

/** The reason for which a success counts as known; undefined where there is none. */
export function acceptedFor(attack: Pick<Attack, 'id' | 'dml'>, column: Column, major: number): Accepted | undefined {
  if (column === 'naive') return undefined;
  if (column === 'staging' && attack.dml) return DML;
  return REASONS[column].find(({ ids, untilMajor = Infinity }) => ids.includes(attack.id) && major <= untilMajor);
}

/** Every attack that is on the list of a column. */
export function acceptedIds(column: Exclude<Column, 'naive'>, major: number): string[] {
  return REASONS[column].filter(({ untilMajor = Infinity }) => major <= untilMajor).flatMap(({ ids }) => ids).sort();
}
