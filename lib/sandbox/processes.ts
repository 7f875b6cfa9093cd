import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** What of PostgreSQL this kit starts. Nothing else is ever signalled, whatever its working folder is. */
const PROGRAMS = ['postgres', 'initdb'];

/** Whether a process runs. One that ended and was not collected yet does not: an orphan's parent may never do that. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return process.platform !== 'linux' || stat(pid)?.state !== 'Z';
}

/** Something that no other process has that gets the same number later, for example after a restart of the machine. */
export function startOf(pid: number): string | undefined {
  if (process.platform === 'linux') return stat(pid)?.start;
  return ps(['-p', String(pid), '-o', 'lstart=']).trim() || undefined;
}

/**
 * The PostgreSQL processes whose data lies in `folder` or below, whoever started them and whatever pid files say.
 * Without `/proc` only servers are found, not their workers, which end by themselves with their server.
 */
export function serversIn(folder: string): number[] {
  return process.platform === 'linux' ? fromProc(folder) : fromPs(folder);
}

function fromProc(folder: string): number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
    if (!isRunning(pid) || !PROGRAMS.includes(read(`/proc/${pid}/comm`).trim())) return false;
    return within(folder, linkOf(`/proc/${pid}/cwd`)) || argumentsIn(folder, read(`/proc/${pid}/cmdline`).split('\0'));
  });
}

function fromPs(folder: string): number[] {
  return ps(['-axww', '-o', 'pid=,command=']).split('\n').flatMap((line) => {
    const [, pid, command = ''] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
    const ours = PROGRAMS.some((program) => new RegExp(`(^|/)${program} `).test(command));
    const here = command.includes(` ${folder}/`) || `${command} `.includes(` ${folder} `);
    return pid !== undefined && ours && here ? [Number(pid)] : [];
  });
}

export interface Ending {
  /** How long servers have to end of themselves. */
  readonly patienceMs?: number;
  /** Whether the data are to be used again. Writing them to the disk may take seconds. */
  readonly keepsData?: boolean;
}

/** One way to end servers, and to whom it is said: a worker is its server's to end, as long as that is there. */
interface Way {
  readonly signal: NodeJS.Signals;
  readonly to: 'servers' | 'workers' | 'all';
  readonly waitMs: number;
}

/**
 * Ends every PostgreSQL process in `folder`, and returns once none is left: first asking servers to close connections and
 * write everything to the disk, then without that, then by force. Returns how many were found.
 */
export async function endServersIn(folder: string, { patienceMs = 10_000, keepsData = true }: Ending = {}): Promise<number> {
  const ways: Way[] = [
    ...(keepsData ? [{ signal: 'SIGINT', to: 'servers', waitMs: patienceMs } as const] : []),
    { signal: 'SIGQUIT', to: 'servers', waitMs: 500 },
    // A server that loses its workers still gives back its shared memory; one that is killed does not.
    { signal: 'SIGKILL', to: 'workers', waitMs: 2_000 },
    { signal: 'SIGKILL', to: 'all', waitMs: 10_000 },
  ];
  const found = new Set<number>();
  for (const way of ways) {
    if (await ended(folder, way, found)) return found.size;
  }
  throw new Error(`PostgreSQL in ${folder} cannot be ended; processes ${serversIn(folder).join(', ')} are left`);
}

async function ended(folder: string, { signal, to, waitMs }: Way, found: Set<number>): Promise<boolean> {
  const signalled = new Set<number>();
  const deadline = performance.now() + waitMs;
  // Looked at again and again, since a server that was just being started appears late; nobody is told the same twice.
  for (;;) {
    const left = serversIn(folder);
    if (left.length === 0) return true;
    if (performance.now() > deadline) return false;
    for (const pid of left.filter((candidate) => !signalled.has(candidate))) {
      signalled.add(pid);
      found.add(pid);
      const isWorker = left.includes(parentOf(pid));
      if (to === 'all' || isWorker === (to === 'workers')) send(pid, signal);
      // One that was stopped would not hear it.
      send(pid, 'SIGCONT');
    }
    await sleep(15);
  }
}

export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** State, parent and start time; the name before them is in parentheses and may contain any character. */
function stat(pid: number): { state: string; parent: number; start: string } | undefined {
  const text = read(`/proc/${pid}/stat`);
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields[19] === undefined ? undefined : { state: fields[0]!, parent: Number(fields[1]), start: fields[19] };
}

function parentOf(pid: number): number {
  return process.platform === 'linux' ? (stat(pid)?.parent ?? 0) : 0;
}

function within(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function argumentsIn(folder: string, argv: readonly string[]): boolean {
  return argv.some((argument) => within(folder, argument));
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function linkOf(file: string): string {
  try {
    // A folder that was deleted under its server is still that server's.
    return readlinkSync(file).replace(/ \(deleted\)$/, '');
  } catch {
    return '';
  }
}

function ps(args: readonly string[]): string {
  try {
    return execFileSync('ps', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
}
