import { existsSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { networkOf } from './access';
import { endAbandonedArenas } from './arenas';
import { findBinaries } from './binaries';
import { following } from './copies';
import { LOCK_PATIENCE_MS, locked } from './lock';
import { create, type Contents, type UpOptions } from './make';
import { archiveOf, place, source, type Sandbox } from './places';
import { runningServer, startServer, type Server } from './postgres';
import { endServersIn } from './processes';
import type { Settings } from './server-files';
import { makeFolder, readSecrets, readState, writeState, PLACES, type Place, type State } from './state';
import { caughtUp } from './tokens';

export { DEFAULT_POSTGRES, type Contents, type UpOptions } from './make';
export type { Sandbox } from './places';
export { connectionUrl, type As } from './urls';

export interface Up {
  readonly sandbox: Sandbox;
  /** Whether it was there already (`running`), was started again with its data (`resumed`), or is new. */
  readonly how: 'new' | 'resumed' | 'running';
}

/** Makes a sandbox, or starts the one that is there. What fails half-way leaves neither a process nor data. */
export async function up(options: UpOptions, contents: Contents): Promise<Up> {
  makeFolder(options.folder);
  const folder = realpathSync(options.folder);
  return locked(folder, LOCK_PATIENCE_MS, async () => {
    const state = readState(folder);
    if (state?.phase === 'up') return resume(folder, agreeing(options, state));
    // A command that was killed got this far.
    await clear(folder);
    const give = () => void endServers(folder).catch(() => {});
    options.signal?.addEventListener('abort', give);
    try {
      return { sandbox: await create(folder, options, contents), how: 'new' };
    } catch (error) {
      const full = isFull(folder);
      await clear(folder);
      if (options.signal?.aborted === true) throw new Error('interrupted; nothing is left of it');
      throw full ? new Error(`the disk of ${folder} is full (No space left on device); nothing is left of it`, { cause: error }) : error;
    } finally {
      options.signal?.removeEventListener('abort', give);
    }
  });
}

/** What a server says of a full disk is in its log; to whoever asks something of it, it only says that it failed. */
function isFull(folder: string): boolean {
  const logs = PLACES.map((name) => join(folder, name, 'log')).filter((log) => existsSync(log));
  return logs.some((log) => readFileSync(log, 'utf8').includes('No space left on device'));
}

function agreeing({ postgres, seedFile, scale }: UpOptions, state: State): State {
  const asked = [
    ...(postgres !== undefined && postgres !== state.postgres ? [`PostgreSQL ${postgres} (it is ${state.postgres})`] : []),
    ...(seedFile !== undefined || scale !== undefined ? ['other data'] : []),
  ];
  if (asked.length > 0) throw new Error(`there is a sandbox already, and ${asked.join(' and ')} was asked for; take it down first: dbguard sandbox down`);
  return state;
}

/** Starts what does not run: after a restart of the machine everything, after an accident one server. */
async function resume(folder: string, state: State): Promise<Up> {
  const binaries = await findBinaries({ major: state.postgres, state: folder, serverBin: state.serverBin });
  const seen = Object.fromEntries(PLACES.map((name) => [name, runningServer(join(folder, name), binaries)])) as Partial<Record<Place, Server>>;
  // Whoever switched the network off, to show something, may have been killed.
  for (const name of PLACES) seen[name]?.admit(networkOf(name, state.postgres, state.agents));
  if (seen.primary && seen.replica && seen.staging) {
    return { sandbox: { folder, state, primary: seen.primary, replica: seen.replica, staging: seen.staging }, how: 'running' };
  }
  const start = async (name: Place, more: Settings = {}) => {
    const options = place(folder, state, name, binaries);
    if (!existsSync(join(options.folder, 'data', 'PG_VERSION'))) throw new Error(`the data of ${name} are gone; take the sandbox down and up again`);
    const settings = { ...options.settings, ...more };
    const server = await startServer({ ...options, major: state.postgres, settings: { ...settings, fsync: false } });
    server.configure(settings);
    return server;
  };
  const primary = seen.primary ?? await start('primary');
  const follow = { ...source(primary), password: readSecrets(folder).replicator };
  // The primary may have had to move to another port.
  const replica = seen.replica && primary.port === state.ports.primary ? seen.replica
    : await start('replica', following({ folder: join(folder, 'replica'), archive: archiveOf(folder), binaries, follow }));
  const staging = seen.staging ?? await start('staging');
  await caughtUp(primary, replica, 60_000);
  const now: State = { ...state, ports: { primary: primary.port, replica: replica.port, staging: staging.port } };
  writeState(folder, now);
  return { sandbox: { folder, state: now, primary, replica, staging }, how: 'resumed' };
}

/** Ends every process of a sandbox and deletes its data. Returns whether there was anything. */
export async function down(folder: string): Promise<{ readonly was: 'up' | 'unfinished' | 'nothing'; readonly processes: number }> {
  if (!existsSync(folder)) return { was: 'nothing', processes: 0 };
  const home = realpathSync(folder);
  return locked(home, LOCK_PATIENCE_MS, async () => {
    const had = existsSync(join(home, 'sandbox.json')) || PLACES.some((name) => existsSync(join(home, name)));
    // A state that cannot be read must not keep processes alive.
    const finished = had && readable(() => readState(home)?.phase === 'up');
    const processes = await clear(home) + await endAbandonedArenas(home);
    return { was: finished ? 'up' : had || processes > 0 ? 'unfinished' : 'nothing', processes };
  });
}

function readable(read: () => boolean): boolean {
  try {
    return read();
  } catch {
    return false;
  }
}

/** Everything but the programs that were copied. The state goes last: what is left without it would never be found. */
async function clear(folder: string): Promise<number> {
  const processes = await endServers(folder);
  for (const name of [...SERVED, 'archive', 'backup', 'backup.draft', 'secrets.json', 'sandbox.json']) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
  return processes;
}

/** Folders with servers in them. Attacks have theirs elsewhere in the state folder, and may be at work. */
const SERVED = [...PLACES, 'copies'];

async function endServers(folder: string): Promise<number> {
  const ended = await Promise.all(SERVED.map((name) => endServersIn(join(folder, name), { keepsData: false })));
  return ended.reduce((sum, processes) => sum + processes, 0);
}

/** The sandbox in a folder; throws, saying what to do, if it does not run. */
export async function theSandbox(folder: string): Promise<Sandbox> {
  const seen = existsSync(folder) ? await look(realpathSync(folder)) : undefined;
  if (!seen) throw new Error(`no sandbox is up in ${folder}; start one: dbguard sandbox up`);
  const missing = PLACES.filter((name) => seen[name] === undefined);
  if (missing.length > 0) throw new Error(`of the sandbox in ${folder}, ${missing.join(' and ')} does not run; start it again: dbguard sandbox up`);
  return seen as Sandbox;
}

export type Seen = Pick<Sandbox, 'folder' | 'state'> & { readonly [Name in Place]?: Server };

/** What there is in a folder; undefined if nothing was finished. */
export async function look(folder: string): Promise<Seen | undefined> {
  const state = readState(folder);
  if (state?.phase !== 'up') return undefined;
  const binaries = await findBinaries({ major: state.postgres, state: folder, serverBin: state.serverBin });
  const servers = Object.fromEntries(PLACES.map((name) => [name, runningServer(join(folder, name), binaries)]));
  return { folder, state, ...servers };
}
