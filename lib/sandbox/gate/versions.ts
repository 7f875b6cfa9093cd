import { closeSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

export interface Version {
  /** Counts from 1. */
  readonly version: number;
  readonly content: unknown;
}

/** The last version in a folder; `undefined` if there is none. */
export function lastVersion(folder: string): Version | undefined {
  const version = Math.max(0, ...numbers(folder));
  if (version === 0) return undefined;
  const file = fileOf(folder, version);
  try {
    return { version, content: JSON.parse(readFileSync(file, 'utf8')) };
  } catch {
    // The parser's message would quote the file.
    throw new Error(`${file} cannot be read, so nothing can be decided by it`);
  }
}

/**
 * Writes the version after `after`, unless there is one: returns whether it did. Appears whole or not at all, and is on the disk
 * when this returns: a commit may follow. Earlier versions stay, as the history.
 */
export function writeVersion(folder: string, after: number, content: unknown): boolean {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (Math.max(0, ...numbers(folder)) !== after) return false;
  const draft = join(folder, `draft.${process.pid}.${randomBytes(6).toString('hex')}`);
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeSync(file, `${JSON.stringify(content, undefined, 2)}\n`);
    fsyncSync(file);
    // A link, unlike a renaming, fails where there is one: of two that try at once, one succeeds.
    linkSync(draft, fileOf(folder, after + 1));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    closeSync(file);
    rmSync(draft, { force: true });
  }
  const directory = openSync(folder, 'r');
  fsyncSync(directory);
  closeSync(directory);
  return true;
}

function numbers(folder: string): number[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => /^\d{6}\.json$/.test(name)).map((name) => Number(name.slice(0, 6))) : [];
}

function fileOf(folder: string, version: number): string {
  return join(folder, `${String(version).padStart(6, '0')}.json`);
}
