import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const PLATFORMS = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];

/** What to do where the npm packages are of no use. */
export const INSTEAD = 'Install PostgreSQL 15 to 18 some other way and name the folder of its programs: --server-bin DIR';

/** The `native` folder of the npm package for this machine: an optional dependency, so npm may have left it out. */
export function packaged(major: number, platform: string): string {
  if (!PLATFORMS.includes(platform)) throw new Error(`there are no PostgreSQL programs for ${platform}. ${INSTEAD}`);
  try {
    // The package exports one file only; what is wanted lies beside it.
    return join(dirname(realpathSync(require.resolve(`postgres-${major}-${platform}`))), '..', 'native');
  } catch {
    throw new Error(`the package postgres-${major}-${platform} is not installed: run npm install without --omit=optional. ${INSTEAD}`);
  }
}

/**
 * Makes the links between libraries that npm packages cannot hold. The package's install script would make them, but
 * install scripts are often not allowed to run.
 */
export function repairLinks(native: string, { onlyIfPossible = false } = {}): void {
  for (const { source, target } of linksOf(native)) {
    const from = join(native, '..', source);
    const to = join(native, '..', target);
    if (existsSync(to) || !existsSync(from)) continue;
    try {
      const draft = `${to}.${process.pid}.draft`;
      symlinkSync(relative(dirname(to), from), draft);
      renameSync(draft, to);
    } catch (error) {
      if (!onlyIfPossible) throw error;
      return;
    }
  }
}

function linksOf(native: string): readonly { source: string; target: string }[] {
  const list = join(native, 'pg-symlinks.json');
  return existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) : [];
}

/** A copy that every user of the machine can read. Made once, and in one step: nobody ever sees half of it. */
export function copied(native: string, state: string): string {
  const { version } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as { version: string };
  const copy = join(state, 'cache', `postgres-${version}`, 'native');
  if (existsSync(copy)) {
    repairLinks(copy);
    return copy;
  }
  for (const folder of [join(state, 'cache'), dirname(copy)]) {
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o755);
  }
  const draft = `${copy}.${process.pid}.draft`;
  cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
  spawnSync('chmod', ['-R', 'a+rX', draft]);
  try {
    renameSync(draft, copy);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  }
  repairLinks(copy);
  return copy;
}
