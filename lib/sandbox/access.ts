import { parseEngineVersion } from '../core/engine-version';
import { LOG_LINE_PREFIX, postgresParameters } from '../core/parameters';
import { AGENT_ROLE_PREFIX, GATE_WRITER_ROLE, readRoleName, stagingRoleName } from '../core/policy';
import { LOOPBACK, type Settings } from './server-files';
import type { Place } from './state';

/** The database of the shop. */
export const DATABASE = 'shop';

/** On the staging copy: what every rehearsal starts from. Nobody can connect to it, so no agent can prepare a rehearsal there. */
export const REHEARSAL_BASE = 'dbguard_rehearsal_base';

/** Administers the database as the master user of RDS does: it makes roles and databases and is no superuser. */
export const ADMIN = 'shop_admin';

/** What the application logs in with. */
export const APPLICATION = 'app_user';

/** What the replica reads the changes of the primary with. */
export const REPLICATOR = 'dbguard_replicator';

/**
 * Who may log in where: what security groups and `rds-db:connect` are on AWS. Agents reach the replica and the clone, each with
 * the one role that is theirs there, and never the primary. Lines that match no one refuse.
 */
export function networkOf(place: Place, major: number, agents: readonly string[]): string[] {
  switch (place) {
    case 'primary':
      return [
        ...agents.flatMap((agent) => [readRoleName(agent), stagingRoleName(agent)]).map((role) => line('reject', role)),
        // Also one that somebody makes later. Before 16 names are all there is.
        ...(major >= 16 ? [line('reject', `"/^${AGENT_ROLE_PREFIX}"`)] : []),
        `host replication ${REPLICATOR} ${LOOPBACK}/32 scram-sha-256`,
        line('scram-sha-256', 'all'),
      ];
    case 'replica':
      return agents.map((agent) => line('scram-sha-256', readRoleName(agent)));
    case 'staging':
      // Changes are rehearsed here, by the role that carries them out.
      return [...agents.map(stagingRoleName), GATE_WRITER_ROLE].map((role) => line('scram-sha-256', role));
  }
}

/** The primary with that layer switched off: every role may log in, and still needs its password. */
export const OPEN_NETWORK: readonly string[] = [
  `host replication ${REPLICATOR} ${LOOPBACK}/32 scram-sha-256`,
  line('scram-sha-256', 'all'),
];

function line(method: 'reject' | 'scram-sha-256', role: string): string {
  return `host all ${role} ${LOOPBACK}/32 ${method}`;
}

/** What RDS adds and stock PostgreSQL does not know. */
const ONLY_ON_RDS = /^(rds\.|pgaudit\.|shared_preload_libraries$)/;

/** The same parameters as on AWS: statements and connections are logged, sessions are limited. */
export function settingsOf(place: Place, major: number): Settings {
  const parameters = postgresParameters(place === 'primary' ? 'production' : place, parseEngineVersion(String(major))!);
  return {
    ...Object.fromEntries(Object.entries(parameters).filter(([name]) => !ONLY_ON_RDS.test(name))),
    log_line_prefix: LOG_LINE_PREFIX,
    wal_level: 'replica',
    max_connections: 60,
    max_wal_senders: 10,
    // What a replica that is gone would keep on the primary's disk without end; it goes on from the archive.
    max_slot_wal_keep_size: '256MB',
    min_wal_size: '32MB',
  };
}
