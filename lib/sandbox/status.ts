import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { connected } from './connection';
import { DATABASE } from './access';
import { archiveOf, type Sandbox } from './places';
import type { Server } from './postgres';
import { look, type Seen } from './sandbox';
import { LOOPBACK } from './server-files';
import { PLACES, type Place } from './state';

export interface Address {
  readonly host: string;
  readonly port: number;
  readonly database: string;
}

/** Where everything is. */
export interface Addresses extends Readonly<Record<Place, Address>> {
  readonly postgres: number;
  readonly agents: readonly string[];
  readonly approvers: readonly string[];
}

export interface Status extends Addresses {
  /** Whether every server runs and answers. */
  readonly up: boolean;
  /** What is wrong, by server. */
  readonly problems: Readonly<Partial<Record<Place, string>>>;
  readonly version?: string;
  /** How far the replica is behind: bytes of the log of changes that it did not replay yet, and seconds while there are any. */
  readonly lag?: { readonly streaming: boolean; readonly bytes: number; readonly seconds: number };
  /** Bytes: of the database in each place, and of what is archived. */
  readonly sizes: Readonly<Partial<Record<Place, number>>> & { readonly archive: number };
  /** The roles of the servers; those of the replica are the primary's. */
  readonly roles: readonly RoleSeen[];
}

export interface RoleSeen {
  readonly place: 'primary' | 'staging';
  readonly name: string;
  readonly canLogIn: boolean;
  readonly superuser: boolean;
  /** Until when its password holds; undefined for those without an end, and for those without a password. */
  readonly passwordUntil?: string;
  readonly memberOf: readonly string[];
}

export function addresses({ state, ...sandbox }: Sandbox | Seen): Addresses {
  const address = (name: Place): Address => ({ host: LOOPBACK, port: sandbox[name]?.port ?? state.ports[name], database: DATABASE });
  return {
    postgres: state.postgres,
    primary: address('primary'),
    replica: address('replica'),
    staging: address('staging'),
    agents: state.agents,
    approvers: state.approvers,
  };
}

/** What there is in a state folder; undefined if there is no sandbox. */
export async function status(folder: string): Promise<Status | undefined> {
  const seen = existsSync(folder) ? await look(realpathSync(folder)) : undefined;
  if (!seen) return undefined;
  const problems: Partial<Record<Place, string>> = {};
  const ask = async <Answer>(name: Place, question: (server: Server) => Promise<Answer>): Promise<Answer | undefined> => {
    const server = seen[name];
    if (!server) problems[name] = 'it does not run';
    if (!server || problems[name]) return undefined;
    // A server that hangs must not make this hang.
    return question(server).catch((error: Error) => {
      problems[name] = error.message;
      return undefined;
    });
  };
  const answers = await Promise.all(PLACES.map((name) => ask(name, sizeAndVersion)));
  const [sent, roles, stagingRoles] = await Promise.all([ask('primary', sentTo), ask('primary', rolesOf('primary')), ask('staging', rolesOf('staging'))]);
  const lag = sent && await ask('replica', lagBehind(sent));
  return {
    ...addresses(seen),
    up: Object.keys(problems).length === 0,
    problems,
    version: answers.find((answer) => answer)?.version,
    lag,
    sizes: { ...Object.fromEntries(PLACES.flatMap((name, at) => (answers[at] ? [[name, answers[at].size]] : []))), archive: bytesIn(archiveOf(seen.folder)) },
    roles: [...(roles ?? []), ...(stagingRoles ?? [])],
  };
}

const PATIENCE = { timeoutMs: 3_000 };

async function sizeAndVersion(server: Server) {
  return connected(server.superuserUrl(DATABASE), async (sql) => {
    const { rows: [row] } = await sql.query<{ size: string; version: string }>(
      `SELECT pg_database_size(current_database())::text AS size, split_part(current_setting('server_version'), ' ', 1) AS version`,
    );
    return { size: Number(row!.size), version: row!.version };
  }, PATIENCE);
}

interface Sent {
  readonly lsn: string;
  readonly streaming: boolean;
}

async function sentTo(primary: Server): Promise<Sent> {
  return connected(primary.superuserUrl('postgres'), async (sql) => (await sql.query<Sent>(
    `SELECT pg_current_wal_lsn()::text AS lsn, EXISTS (SELECT FROM pg_stat_replication WHERE application_name = 'replica' AND state = 'streaming') AS streaming`,
  )).rows[0]!, PATIENCE);
}

function lagBehind({ lsn, streaming }: Sent) {
  return (replica: Server) => connected(replica.superuserUrl('postgres'), async (sql) => {
    const { rows: [row] } = await sql.query<{ bytes: string; seconds: number | null }>(`
      SELECT greatest(0, pg_wal_lsn_diff($1::pg_lsn, pg_last_wal_replay_lsn()))::text AS bytes,
        extract(epoch FROM now() - pg_last_xact_replay_timestamp())::float8 AS seconds`, [lsn]);
    const bytes = Number(row!.bytes);
    // With nothing to replay the last replayed change is old, and the replica is not behind.
    return { streaming, bytes, seconds: bytes === 0 ? 0 : Math.max(0, Math.round((row!.seconds ?? 0) * 10) / 10) };
  }, PATIENCE);
}

function rolesOf(place: 'primary' | 'staging') {
  return (server: Server) => connected(server.superuserUrl('postgres'), async (sql) => {
    const { rows } = await sql.query<{ name: string; login: boolean; super: boolean; until: Date | null; groups: string[] }>(`
      SELECT rolname::text AS name, rolcanlogin AS login, rolsuper AS super, nullif(rolvaliduntil, 'infinity') AS until,
        ARRAY(SELECT DISTINCT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid ORDER BY 1) AS groups
      FROM pg_roles r WHERE oid >= 16384 OR rolsuper ORDER BY 1`);
    return rows.map((row): RoleSeen => ({
      place, name: row.name, canLogIn: row.login, superuser: row.super, passwordUntil: row.until?.toISOString(), memberOf: row.groups,
    }));
  }, PATIENCE);
}

function bytesIn(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0), 0);
}
