import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { endServersIn, isRunning } from './processes';

const PREFIX = 'attack-';

/** Where a run of attacks has its servers: a folder of its own in the state folder, named after this process. */
export function newArenaFolder(state: string): string {
  return join(state, `${PREFIX}${process.pid}-${Date.now()}`);
}

/** Ends every process in an arena and deletes it. Returns how many there were. */
export async function endArena(folder: string): Promise<number> {
  const processes = await endServersIn(folder, { keepsData: false });
  rmSync(folder, { recursive: true, force: true });
  return processes;
}

/** Those of runs that were killed. One that is at work is left alone. */
export async function endAbandonedArenas(state: string): Promise<number> {
  let processes = 0;
  for (const name of existsSync(state) ? readdirSync(state) : []) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    processes += await endArena(join(state, name));
  }
  return processes;
}
