import { DELAYED_REPLICA_SINCE, SUPPORTED_POSTGRES_MAJORS } from './policy';

/** A PostgreSQL version as RDS names it: `16.10` is major 16, minor 10; `16` leaves the minor open. */
export interface EngineVersion {
  readonly major: number;
  readonly minor: number | undefined;
  readonly text: string;
}

/** Reads `16.10`, `16` or `16.10-R2`; `undefined` for anything else, such as `9.6.24` or `16.x`. */
export function parseEngineVersion(text: string): EngineVersion | undefined {
  const match = /^(\d{2})(?:\.(\d{1,3})(?:-R\d+)?)?$/.exec(text);
  if (!match) return undefined;
  return { major: Number(match[1]), minor: match[2] === undefined ? undefined : Number(match[2]), text };
}

/** Why the kit does not support this version; `undefined` when it does. */
export function unsupported(version: EngineVersion): string | undefined {
  const majors: readonly number[] = SUPPORTED_POSTGRES_MAJORS;
  return majors.includes(version.major)
    ? undefined
    : `PostgreSQL ${version.text} is not supported; supported majors are ${majors.join(', ')}`;
}

/** Why RDS cannot delay a replica of this version; `undefined` when it can. An open minor counts as too old. */
export function undelayable(version: EngineVersion): string | undefined {
  const since = DELAYED_REPLICA_SINCE[version.major];
  if (since !== undefined && (version.minor ?? -1) >= since) return undefined;
  const known = Object.entries(DELAYED_REPLICA_SINCE).map(([major, minor]) => `${major}.${minor}`).join(', ');
  return `PostgreSQL ${version.text} has no delayed replicas; RDS supports them from ${known}`;
}
