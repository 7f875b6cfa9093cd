import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = join(__dirname, '..', '..');

export interface Spawned {
  readonly child: ChildProcess;
  /** The exit status, or the signal that ended it. */
  readonly gone: Promise<number | NodeJS.Signals>;
  /** Everything that it has written so far. */
  readonly said: { out: string; err: string };
}

/** `dbguard` as a process of its own, as somebody starts it. */
export function dbguard(args: readonly string[], { environment = process.env, folder = ROOT }: { environment?: NodeJS.ProcessEnv; folder?: string } = {}): Spawned {
  const tsx = require.resolve('tsx');
  const child = spawn(process.execPath, ['--import', tsx, join(ROOT, 'bin', 'dbguard.ts'), ...args], { cwd: folder, env: environment });
  const said = { out: '', err: '' };
  child.stdout.on('data', (data: Buffer) => { said.out += data.toString(); });
  child.stderr.on('data', (data: Buffer) => { said.err += data.toString(); });
  const gone = new Promise<number | NodeJS.Signals>((resolve) => child.once('close', (status, signal) => resolve(status ?? signal!)));
  return { child, gone, said };
}

/** Waits for something that is to happen while the process runs; throws with its words if it ends before. */
export async function until({ child, said }: Spawned, happened: () => boolean | Promise<boolean>): Promise<void> {
  while (!await happened()) {
    if (child.exitCode !== null) throw new Error(`it ended too early: ${said.out}${said.err}`);
    await sleep(10);
  }
}
