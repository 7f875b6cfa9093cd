import { chmodSync, chownSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Binaries } from './binaries';
import { isRunning } from './processes';

/** The only address that a server listens on. */
export const LOOPBACK = '127.0.0.1';

/** The superuser of a server. Nobody gets its password but the kit; RDS has a role like it under the same name. */
export const SUPERUSER = 'rdsadmin';

export type Settings = Readonly<Record<string, string | number | boolean>>;

const EVERYBODY = [`host all all ${LOOPBACK}/32 scram-sha-256`];

export interface Configuration {
  readonly folder: string;
  readonly binaries: Binaries;
  readonly settings?: Settings;
  readonly hba?: readonly string[];
}

/** Makes a file or folder the server's. */
export function own(path: string, { identity }: Binaries, mode: number): void {
  if (identity.kind === 'other') chownSync(path, identity.uid, identity.gid);
  chmodSync(path, mode);
}

/** A file of the server that nobody else reads. */
export function writePrivate(file: string, text: string, binaries: Binaries): void {
  writeFileSync(file, text, { mode: 0o600 });
  own(file, binaries, 0o600);
}

/** A copy of the server has the same. */
export function superuserPassword({ folder }: { readonly folder: string }): string {
  return readFileSync(join(folder, 'superuser'), 'utf8').trim();
}

/** Writes what a server reads when it starts. Without `hba` everybody may log in, with a password. */
export function configure({ folder, binaries, settings, hba }: Configuration, port: number): void {
  const data = join(folder, 'data');
  writeSettings(data, binaries, port, settings);
  const main = join(data, 'postgresql.conf');
  const include = "include = 'dbguard.conf'\n";
  const text = readFileSync(main, 'utf8');
  if (!text.endsWith(include)) writePrivate(main, text + include, binaries);
  writeHba(data, binaries, hba ?? EVERYBODY);
}

export function writeSettings(data: string, binaries: Binaries, port: number, settings: Settings = {}): void {
  const all: Settings = {
    listen_addresses: LOOPBACK,
    port,
    // TCP only: the path of a socket may be no longer than about 100 characters.
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    shared_buffers: '32MB',
    ...settings,
  };
  writePrivate(join(data, 'dbguard.conf'), inFile(all), binaries);
}

/** Settings as PostgreSQL reads them from a file. */
export function inFile(settings: Settings): string {
  const quoted = (value: string | number | boolean) => `'${String(value).replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
  return Object.entries(settings).map(([name, value]) => `${name} = ${quoted(value)}\n`).join('');
}

export function writeHba(data: string, binaries: Binaries, hba: readonly string[]): void {
  const lines = [`host all ${SUPERUSER} ${LOOPBACK}/32 scram-sha-256`, ...hba];
  writePrivate(join(data, 'pg_hba.conf'), lines.map((line) => `${line}\n`).join(''), binaries);
}

/** The lines of the file with which a running server marks its data. */
export function pidFile(data: string): string[] {
  try {
    return readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
}

export function pidOf(data: string): number | undefined {
  const pid = Number(pidFile(data)[0]);
  return pid > 0 && isRunning(pid) ? pid : undefined;
}
