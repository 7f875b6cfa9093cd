import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inShell } from './backup';
import type { Binaries } from './binaries';
import { connect } from './connection';
import { copyData } from './data-directory';
import { startServer, type Server } from './postgres';
import { inFile, own, writePrivate, LOOPBACK, type Settings } from './server-files';

/** The moment up to which a copy is restored. */
export type Target =
  | { readonly kind: 'consistent' }
  | { readonly kind: 'time'; readonly at: string }
  | { readonly kind: 'lsn'; readonly at: string }
  | { readonly kind: 'transaction'; readonly before: string };

export interface CopyOptions {
  readonly backup: string;
  readonly archive: string;
  /** A folder for the new server. What is in it is replaced. */
  readonly folder: string;
  readonly binaries: Binaries;
  readonly port?: number;
  readonly settings?: Settings;
  readonly hba: readonly string[];
  /** The superuser's password, which is part of what is copied. */
  readonly superuser: string;
}

/** A server of its own, with the data of a moment, that accepts writes. */
export async function restoreCopy(options: CopyOptions & { readonly target: Target }): Promise<Server> {
  placeCopy(options, 'recovery.signal');
  // Beside the settings of the server, which are replaced when it runs. A later start no longer looks at these.
  const recovery: Settings = {
    ...recoveryTarget(options.target),
    restore_command: `cp ${inShell(options.archive)}/%f "%p"`,
    recovery_target_action: 'promote',
    recovery_target_timeline: 'current',
  };
  appendFileSync(join(options.folder, 'data', 'postgresql.auto.conf'), inFile(recovery));
  const server = await startServer({ ...options, major: options.binaries.major, settings: { ...options.settings, archive_mode: false } });
  try {
    await promoted(server);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

function recoveryTarget(target: Target): Settings {
  switch (target.kind) {
    case 'consistent': return { recovery_target: 'immediate' };
    // Just before: what happened at the moment itself is what is to be undone.
    case 'time': return { recovery_target_time: target.at, recovery_target_inclusive: false };
    case 'lsn': return { recovery_target_lsn: target.at, recovery_target_inclusive: false };
    case 'transaction': return { recovery_target_xid: target.before, recovery_target_inclusive: false };
  }
}

async function promoted(server: Server): Promise<void> {
  const deadline = performance.now() + 120_000;
  while (performance.now() < deadline) {
    const sql = await connect(server.superuserUrl('postgres')).catch(() => undefined);
    const recovering = await sql?.query<{ yes: boolean }>('SELECT pg_is_in_recovery() AS yes').then(({ rows }) => rows[0]!.yes, () => true);
    await sql?.end().catch(() => {});
    if (recovering === false) return;
    await sleep(10);
  }
  throw new Error(`the copy in ${server.folder} was not restored within 120 s`);
}

/** A server that follows another one and accepts reads only. */
export async function startReplica(options: CopyOptions & { readonly follow: ReplicationSource }): Promise<Server> {
  placeCopy(options, 'standby.signal');
  return startServer({ ...options, major: options.binaries.major, settings: { ...options.settings, ...following(options) } });
}

export interface ReplicationSource {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly slot: string;
}

/** The settings of a replica. Its password is in a file beside its data, where `SHOW primary_conninfo` does not show it. */
export function following({ folder, archive, binaries, follow }: Pick<CopyOptions, 'folder' | 'archive' | 'binaries'> & { follow: ReplicationSource }): Settings {
  const passfile = join(folder, 'pgpass');
  writePrivate(passfile, `*:*:*:${follow.user}:${follow.password}\n`, binaries);
  const connection = { host: LOOPBACK, port: follow.port, user: follow.user, passfile, application_name: 'replica', sslmode: 'disable', gssencmode: 'disable' };
  return {
    primary_conninfo: Object.entries(connection).map(([key, value]) => `${key}='${String(value).replace(/[\\']/g, '\\$&')}'`).join(' '),
    primary_slot_name: follow.slot,
    // What the primary no longer keeps is read from the archive.
    restore_command: `cp ${inShell(archive)}/%f "%p"`,
    hot_standby_feedback: false,
    archive_mode: false,
    wal_retrieve_retry_interval: '200ms',
    wal_receiver_status_interval: '1s',
  };
}

function placeCopy({ backup, folder, binaries, superuser }: CopyOptions, signal: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  own(folder, binaries, 0o700);
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  copyData(backup, data, binaries);
  writePrivate(join(data, signal), '', binaries);
  writePrivate(join(folder, 'superuser'), superuser, binaries);
}
