import { readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, startOf } from './processes';
import { unusable } from './state';

interface Owner {
  readonly pid: number;
  /** The number of a process is given again after a while; its number and its start are not. */
  readonly start?: string;
}

/** How long a command waits for another one: as long as the slowest may take. */
export const LOCK_PATIENCE_MS = 120_000;

/** Runs something that no two commands may do at once in a folder. The lock of a process that is gone does not count. */
export async function locked<Result>(folder: string, patienceMs: number, work: () => Promise<Result>): Promise<Result> {
  const lock = join(folder, 'lock');
  const own: Owner = { pid: process.pid, start: startOf(process.pid) };
  const deadline = performance.now() + patienceMs;
  while (!taken(lock, own)) {
    const owner = ownerOf(lock);
    if (owner !== undefined && !isHeld(owner)) breakLock(lock, owner);
    else if (performance.now() > deadline) throw new Error(`another command (process ${owner?.pid ?? 'unknown'}) is working on the sandbox; try again when it is done`);
    else await sleep(25);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/**
 * Takes the lock if nobody has it. A link to a name that says who: it appears with its content in one step, and needs no space on
 * a disk that is full.
 */
function taken(lock: string, { pid, start = '' }: Owner): boolean {
  try {
    symlinkSync(`${pid} ${start}`, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw unusable(dirname(lock), error);
  }
}

function ownerOf(lock: string): Owner | undefined {
  try {
    const [, pid, start] = /^(\d+) (.*)$/.exec(readlinkSync(lock)) ?? [];
    return pid === undefined ? undefined : { pid: Number(pid), start: start === '' ? undefined : start };
  } catch {
    return undefined;
  }
}

function isHeld({ pid, start }: Owner): boolean {
  return isRunning(pid) && startOf(pid) === start;
}

/** Takes a stale lock away. Should it have become somebody else's meanwhile, it is put back. */
function breakLock(lock: string, stale: Owner): void {
  const aside = `${lock}.stale.${process.pid}`;
  try {
    renameSync(lock, aside);
  } catch {
    return;
  }
  const seen = ownerOf(aside);
  if (seen !== undefined && (seen.pid !== stale.pid || seen.start !== stale.start)) taken(lock, seen);
  rmSync(aside, { force: true });
}
