import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { REPLICATOR, networkOf, settingsOf } from './access';
import { archiving } from './backup';
import type { Binaries } from './binaries';
import type { Server } from './postgres';
import { own, type Settings } from './server-files';
import type { Place, State } from './state';

/** The servers of a sandbox that is up. */
export interface Sandbox extends Readonly<Record<Place, Server>> {
  readonly folder: string;
  readonly state: State;
}

/** How the server of a place is started, each time. */
export function place(folder: string, state: State, name: Place, binaries: Binaries) {
  const settings: Settings = {
    ...settingsOf(name, state.postgres),
    ...(name === 'primary' ? archiving(archiveOf(folder)) : { archive_mode: false }),
  };
  return {
    folder: join(folder, name), binaries, settings, hba: networkOf(name, state.postgres, state.agents), port: state.ports[name] || undefined,
  };
}

/** While a sandbox is made nothing is waited for to reach the disk: what is not finished is made again. */
export function hasty(...which: Parameters<typeof place>) {
  const options = place(...which);
  return { ...options, settings: { ...options.settings, fsync: false } };
}

export function source(primary: Server) {
  return { port: primary.port, user: REPLICATOR, slot: 'replica' };
}

/** From which every moment since can be restored, with what is archived. */
export function lastBackupOf(folder: string): string {
  return join(folder, 'backup');
}

/** Where the primary's log of changes is kept. */
export function archiveOf(folder: string): string {
  return join(folder, 'archive');
}

export function makeArchive(folder: string, binaries: Binaries): void {
  mkdirSync(archiveOf(folder), { recursive: true });
  own(archiveOf(folder), binaries, 0o700);
}
