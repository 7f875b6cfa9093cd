import { spawn } from 'node:child_process';
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findBinaries, runProgram, startAs, type Binaries } from './binaries';
import { endServersIn, send, serversIn, type Ending } from './processes';
import { newPassword } from './scram';
import {
  configure, own, pidFile, pidOf, superuserPassword, writeHba, writePrivate, writeSettings, LOOPBACK, SUPERUSER, type Settings,
} from './server-files';

export { LOOPBACK, SUPERUSER, own, type Settings } from './server-files';

export interface ServerOptions {
  /** The major version. */
  readonly major: number;
  /** Where everything of this server is. Made if it is missing; its parent has to exist. */
  readonly folder: string;
  /** The port that it should listen on; another one if that is taken. Default: any that is free. */
  readonly port?: number;
  /** Settings beside the launcher's own. */
  readonly settings?: Settings;
  /** Lines of `pg_hba.conf` after the one for the superuser. Default: everybody may log in, with a password. */
  readonly hba?: readonly string[];
  /** Found already, or to be found in the npm packages. */
  readonly binaries?: Binaries;
}

/** A running server. */
export interface Server {
  readonly major: number;
  readonly port: number;
  readonly folder: string;
  /** The data directory. */
  readonly data: string;
  /** The log of the server. */
  readonly log: string;
  readonly binaries: Binaries;
  /** For the kit itself and its tests. */
  superuserUrl(database: string): string;
  /** Replaces the lines of `pg_hba.conf` after the superuser's. Sessions that are open already stay. */
  admit(hba: readonly string[]): void;
  /** Replaces the settings that can be replaced while a server runs. */
  configure(settings: Settings): void;
  /** Returns once no process of the server is left. */
  stop(ending?: Ending): Promise<void>;
}

/** Starts the server in a folder, with its data if there are any, or else with a new, empty one. */
export async function startServer(options: ServerOptions): Promise<Server> {
  mkdirSync(options.folder, { recursive: true });
  const folder = realpathSync(options.folder);
  const binaries = options.binaries ?? await findBinaries({ major: options.major, state: folder });
  own(folder, binaries, 0o700);
  if (!existsSync(join(folder, 'data', 'PG_VERSION'))) await initialize(folder, binaries);
  return launch({ ...options, folder, binaries });
}

/** Makes an empty database cluster with a superuser whose password is in `<folder>/superuser`. */
async function initialize(folder: string, binaries: Binaries): Promise<void> {
  rmSync(join(folder, 'data'), { recursive: true, force: true });
  const secret = join(folder, 'superuser');
  if (!existsSync(secret)) writePrivate(secret, newPassword(), binaries);
  await runProgram(join(binaries.folder, 'initdb'), [
    '-D', join(folder, 'data'), '-U', SUPERUSER, '-A', 'scram-sha-256', '--pwfile', secret,
    // -k: checksums, the default since 18. -N: the operating system writes to disk when it likes; a new cluster is no loss.
    '-k', '-N', '--wal-segsize=4', '--encoding=UTF8', ...localeOptions(binaries.major),
  ], binaries.identity);
}

/** The same order of characters on every machine, and upper and lower case beyond ASCII. */
function localeOptions(major: number): string[] {
  if (major >= 17) return ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  return process.platform === 'darwin' ? ['--lc-collate=C', '--lc-ctype=en_US.UTF-8'] : ['--locale=C.UTF-8'];
}

type Launch = ServerOptions & { readonly binaries: Binaries };

async function launch(options: Launch): Promise<Server> {
  const { folder, binaries } = options;
  const data = join(folder, 'data');
  // One that was left behind by a command that was killed, with or without a pid file, and its pid file.
  await endServersIn(data);
  rmSync(join(data, 'postmaster.pid'), { force: true });
  let port = options.port ?? await freePort();
  for (let attempt = 1; ; attempt++) {
    configure(options, port);
    const outcome = await start(folder, binaries);
    if (outcome === 'ready') break;
    // Somebody else took the port first.
    if (!/could not create any TCP|Address already in use/.test(outcome) || attempt === 5) throw new Error(`PostgreSQL did not start: ${outcome}`);
    port = await freePort();
  }
  return running(options, port);
}

function running({ folder, binaries }: Launch, port: number): Server {
  const data = join(folder, 'data');
  return {
    major: binaries.major,
    port,
    folder,
    data,
    log: join(folder, 'log'),
    binaries,
    superuserUrl: (database) => `postgresql://${SUPERUSER}:${superuserPassword({ folder })}@${LOOPBACK}:${port}/${database}`,
    admit: (hba) => {
      writeHba(data, binaries, hba);
      reload(data);
    },
    configure: (settings) => {
      writeSettings(data, binaries, port, settings);
      reload(data);
    },
    stop: async (ending) => void await endServersIn(data, ending),
  };
}

/** A server that was started earlier, perhaps by another process; undefined if it does not run. */
export function runningServer(folder: string, binaries: Binaries): Server | undefined {
  if (!existsSync(folder)) return undefined;
  const home = realpathSync(folder);
  const data = join(home, 'data');
  const [pid, , , port] = pidFile(data);
  if (pid === undefined || port === undefined || !serversIn(data).includes(Number(pid))) return undefined;
  return running({ folder: home, binaries, major: binaries.major }, Number(port));
}

function reload(data: string): void {
  const pid = pidOf(data);
  if (pid !== undefined && serversIn(data).includes(pid)) send(pid, 'SIGHUP');
}

/** Longer than a server needs to replay what it missed; a machine that slept does not count the time. */
const START_TIMEOUT_MS = 60_000;

/** Starts a server that outlives this process. Returns why it did not start, in its own words. */
async function start(folder: string, binaries: Binaries): Promise<string> {
  const data = join(folder, 'data');
  const logFile = join(folder, 'log');
  const log = openSync(logFile, 'a', 0o600);
  own(logFile, binaries, 0o600);
  const from = fstatSync(log).size;
  const { file, args, options } = startAs(binaries.identity, join(binaries.folder, 'postgres'), ['-D', data]);
  const child = spawn(file, args, { ...options, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  let failed: (() => string) | undefined;
  child.once('error', (error) => { failed ??= () => error.message; });
  child.once('exit', () => { failed ??= () => lastWords(logFile, from); });
  child.unref();
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (failed === undefined && performance.now() < deadline) {
    const [pid, , , , , , , state = ''] = pidFile(data);
    if (Number(pid) === child.pid && /^(ready|standby)/.test(state)) return 'ready';
    await sleep(5);
  }
  if (failed !== undefined) return failed();
  await endServersIn(data);
  return `it was not ready after ${START_TIMEOUT_MS / 1000} s`;
}

/** What a server says when it ends; statements are on other lines. */
function lastWords(logFile: string, from: number): string {
  const lines = readFileSync(logFile).subarray(from).toString('utf8').split('\n');
  const said = lines.filter((line) => /\b(FATAL|PANIC|WARNING|LOG|HINT):/.test(line)).map((line) => line.replace(/^.*?(?=(FATAL|PANIC|WARNING|LOG|HINT):)/, ''));
  return (said.length > 0 ? said : lines.filter(Boolean)).slice(-4).join('; ') || 'it ended without a word';
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, LOOPBACK, () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
