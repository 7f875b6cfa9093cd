import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, startOf } from './processes';

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

let drafts = 0;

/** Takes the lock if nobody has it. It appears with its content, which a file that is opened and then written does not. */
function taken(lock: string, owner: Owner): boolean {
  const draft = `${lock}.${process.pid}.${drafts++}`;
  writeFileSync(draft, JSON.stringify(owner), { mode: 0o600 });
  try {
    return appears(draft, lock);
  } finally {
    rmSync(draft, { force: true });
  }
}

function appears(draft: string, lock: string): boolean {
  try {
    linkSync(draft, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function ownerOf(lock: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(lock, 'utf8')) as Owner;
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
  if (seen?.pid !== stale.pid || seen.start !== stale.start) appears(aside, lock);
  rmSync(aside, { force: true });
}
