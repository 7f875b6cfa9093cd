import { execFile, spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { SUPPORTED_POSTGRES_MAJORS } from '../core/policy';
import { INSTEAD, copied, packaged, repairLinks } from './native';

/** The programs of PostgreSQL, and as whom they can run here. */
export interface Binaries {
  readonly major: number;
  /** Holds `initdb` and `postgres`. */
  readonly folder: string;
  readonly identity: Identity;
}

/** PostgreSQL refuses to run as root, so root runs it as somebody else. */
export type Identity =
  | { readonly kind: 'self' }
  | { readonly kind: 'other'; readonly uid: number; readonly gid: number }
  /** Root's own files and folders, seen by the program as those of somebody else. */
  | { readonly kind: 'namespace'; readonly command: readonly string[] };

export interface BinariesOptions {
  /** Needed unless `serverBin` says it. */
  readonly major?: number;
  /** An existing folder in which the servers keep their data, and the programs where they have to be copied. */
  readonly state: string;
  /** Programs that are installed already, for platforms without an npm package. */
  readonly serverBin?: string;
  /**
   * The `native` folder of an npm package.
   * @default - of the package for this machine
   */
  readonly native?: string;
}

/** Finds the programs and makes sure that they start; throws, saying what to do, where they cannot. */
export async function findBinaries({ major, state, serverBin, native: given }: BinariesOptions): Promise<Binaries> {
  if (serverBin !== undefined) return installed(serverBin, major, state);
  if (major === undefined || !SUPPORTED_POSTGRES_MAJORS.includes(major as never)) {
    throw new Error(`there is no PostgreSQL ${major} here; choose one of ${SUPPORTED_POSTGRES_MAJORS.join(', ')}`);
  }
  const native = given ?? packaged(major, `${process.platform}-${process.arch}`);
  repairLinks(native, { onlyIfPossible: true });
  const programs = join(native, 'bin');
  const identity = identityFor(state, programs);
  if ((await whyNot(programs, identity)) === undefined) return { major, folder: programs, identity };
  // Under a home that others may not enter, or installed by somebody else without its links: run a copy.
  const copy = copied(native, state);
  const problem = await whyNot(join(copy, 'bin'), identity);
  if (problem) throw new Error(`PostgreSQL ${major} does not start on this machine: ${problem}\n${INSTEAD}`);
  return { major, folder: join(copy, 'bin'), identity };
}

async function installed(folder: string, major: number | undefined, state: string): Promise<Binaries> {
  for (const program of ['initdb', 'postgres']) {
    if (!existsSync(join(folder, program))) throw new Error(`--server-bin ${folder}: there is no program ${program} in it`);
  }
  const identity = identityFor(state, folder);
  const problem = await whyNot(folder, identity);
  if (problem) throw new Error(`--server-bin ${folder}: postgres does not start: ${problem}`);
  const found = await majorOf(folder, identity);
  if (major !== undefined && found !== major) throw new Error(`--server-bin ${folder}: this is PostgreSQL ${found}, asked for was ${major}`);
  if (!SUPPORTED_POSTGRES_MAJORS.includes(found as never)) {
    throw new Error(`--server-bin ${folder}: this is PostgreSQL ${found}; supported are ${SUPPORTED_POSTGRES_MAJORS.join(', ')}`);
  }
  return { major: found, folder, identity };
}

/** The major version of the programs in a folder. */
export async function majorOf(folder: string, identity: Identity = { kind: 'self' }): Promise<number> {
  const { stdout } = await runProgram(join(folder, 'postgres'), ['-V'], identity);
  return Number(/\) (\d+)/.exec(stdout)?.[1]);
}

/** As whom PostgreSQL can run so that it reaches its data in `state`. */
function identityFor(state: string, programs: string): Identity {
  if (process.getuid?.() !== 0) return { kind: 'self' };
  const [uid, gid] = ['-u', '-g'].map((which) => Number(spawnSync('id', [which, 'nobody'], { encoding: 'utf8' }).stdout));
  if (uid !== undefined && gid !== undefined && uid > 0 && reaches(state, uid, gid)) return { kind: 'other', uid, gid };
  const command = ['unshare', '--user', '--map-user=65534', '--map-group=65534'];
  const [unshare, ...options] = command;
  if (spawnSync(unshare!, [...options, join(programs, 'postgres'), '-V']).status === 0) {
    return { kind: 'namespace', command };
  }
  throw new Error(
    `PostgreSQL does not run as root, and other users cannot enter ${realpathSync(state)}; ` +
    'use a folder that they can enter, for example --state /var/tmp/dbguard, or do not run this as root',
  );
}

function reaches(folder: string, uid: number, gid: number): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { uid, gid, cwd: '/' }).status === 0;
}

async function whyNot(folder: string, identity: Identity): Promise<string | undefined> {
  const runs = await Promise.allSettled(['postgres', 'initdb'].map((program) => runProgram(join(folder, program), ['-V'], identity)));
  const failed = runs.find((run) => run.status === 'rejected');
  return failed && (failed.reason as Error).message;
}

/** How a program is started as an identity: what to execute, with which arguments and options. */
export function startAs(identity: Identity, program: string, args: readonly string[]) {
  const [command, ...before] = identity.kind === 'namespace' ? identity.command : [];
  const who = identity.kind === 'other' ? { uid: identity.uid, gid: identity.gid } : {};
  return {
    file: command ?? program,
    args: command === undefined ? [...args] : [...before, program, ...args],
    // Nothing of the caller's: PG* variables and locales would change what the programs do. `/` can always be entered.
    options: { ...who, cwd: '/', env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } },
  };
}

/** Runs a program to its end; throws with what it wrote to its error stream. */
export function runProgram(program: string, args: readonly string[], identity: Identity): Promise<{ stdout: string }> {
  const { file, args: all, options } = startAs(identity, program, args);
  return new Promise((resolve, reject) => {
    try {
      execFile(file, all, { ...options, encoding: 'utf8' }, (error, stdout, stderr) => {
        if (error) reject(new Error((stderr.trim() || error.message).split('\n').slice(0, 5).join('\n')));
        else resolve({ stdout });
      });
    } catch (error) {
      // What the user may not execute at all is thrown, not reported.
      reject(error instanceof Error ? error : new Error(String(error)));
    }
  });
}
