import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a sandbox consists of, in the order in which it starts. */
export const PLACES = ['primary', 'replica', 'staging'] as const;
export type Place = (typeof PLACES)[number];

/** What is known of a sandbox between commands. No secrets. */
export interface State {
  readonly format: 1;
  /** A sandbox that was not finished is made again from nothing. */
  readonly phase: 'starting' | 'up';
  readonly postgres: number;
  readonly serverBin?: string;
  readonly ports: Readonly<Record<Place, number>>;
  readonly agents: readonly string[];
  readonly approvers: readonly string[];
  /** The seed's own data, or those of a file. */
  readonly seed: 'built-in' | 'file';
}

/** Passwords. In a file that only its owner reads. */
export interface Secrets {
  readonly admin: string;
  readonly app: string;
  readonly replicator: string;
  /** By role. */
  readonly tokens: Readonly<Record<string, { readonly password: string; readonly mintedAt: number }>>;
}

/** Makes the folder of a sandbox, which git ignores without being told. Servers that run as somebody else must pass through. */
export function makeFolder(folder: string): void {
  try {
    if (!existsSync(folder)) mkdirSync(folder, { recursive: true, mode: process.getuid?.() === 0 ? 0o755 : 0o700 });
    const ignore = join(folder, '.gitignore');
    if (!existsSync(ignore)) writeFileSync(ignore, '*\n');
  } catch (error) {
    throw unusable(folder, error);
  }
}

/** What to say where nothing can be written: in a project that is mounted read-only, in a folder of somebody else. */
export function unusable(folder: string, error: unknown): Error {
  const { code } = error as NodeJS.ErrnoException;
  return new Error(`the state folder ${folder} cannot be written (${code}); name another one with --state DIR, or run this as its owner`, { cause: error });
}

export function readState(folder: string): State | undefined {
  const state = readJson(join(folder, 'sandbox.json')) as State | undefined;
  if (state !== undefined && state.format !== 1) {
    throw new Error(`${folder} holds a sandbox of another version of dbguard; use that version to take it down, or delete the folder`);
  }
  return state;
}

export function writeState(folder: string, state: State): void {
  writeJson(join(folder, 'sandbox.json'), state);
}

export function readSecrets(folder: string): Secrets {
  const secrets = readJson(join(folder, 'secrets.json')) as Secrets | undefined;
  if (!secrets) throw new Error(`${join(folder, 'secrets.json')} is missing; take the sandbox down and up again`);
  return secrets;
}

export function writeSecrets(folder: string, secrets: Secrets): void {
  writeJson(join(folder, 'secrets.json'), secrets);
}

function readJson(file: string): unknown {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // The parser's message would quote the file.
    throw new Error(`${file} cannot be read; take the sandbox down and up again`);
  }
}

/** The old content or the new, whenever this process ends. The disk is not waited for: it may be busy for seconds. */
function writeJson(file: string, value: unknown): void {
  const draft = `${file}.${process.pid}.draft`;
  writeFileSync(draft, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
}
