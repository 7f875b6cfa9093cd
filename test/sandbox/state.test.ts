import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SHOP } from '../../lib/sandbox/contents';
import { serversIn } from '../../lib/sandbox/processes';
import { down, up } from '../../lib/sandbox/sandbox';
import { openFolder, removeFolder } from './fixture';

const AS_ROOT = process.getuid?.() === 0;

let home: string;
beforeEach(() => { home = openFolder(); });
afterEach(() => removeFolder(home));

/** Runs something as a user who owns nothing here. Root becomes one for as long as it takes. */
async function asSomebody<Result>(work: () => Promise<Result>): Promise<Result> {
  if (!AS_ROOT) return work();
  process.seteuid!(65_534);
  try {
    return await work();
  } finally {
    process.seteuid!(0);
  }
}

const refusal = (work: Promise<unknown>) => work.then(() => 'accepted', (error: Error) => error.message);

test("somebody else's state folder is refused, by up and by down, with what to do instead; nothing in it is touched", async () => {
  const folder = join(home, 'state');
  mkdirSync(folder);
  writeFileSync(join(folder, '.gitignore'), '*\n');
  writeFileSync(join(folder, 'sandbox.json'), '{ "format": 1 }');
  chmodSync(folder, 0o555);
  const said = `the state folder ${folder} cannot be written (EACCES); name another one with --state DIR, or run this as its owner`;
  expect(await asSomebody(() => refusal(up({ folder }, SHOP)))).toBe(said);
  expect(await asSomebody(() => refusal(down(folder)))).toBe(said);
  expect(readdirSync(folder).sort()).toEqual(['.gitignore', 'sandbox.json']);
  chmodSync(folder, 0o755);
});

test('a project folder in which nothing can be made is refused, with what to do instead', async () => {
  chmodSync(home, 0o555);
  const folder = join(home, '.dbguard');
  expect(await asSomebody(() => refusal(up({ folder }, SHOP)))).toBe(
    `the state folder ${folder} cannot be written (EACCES); name another one with --state DIR, or run this as its owner`,
  );
  chmodSync(home, 0o755);
  expect(readdirSync(home)).toEqual([]);
});

describe('on a file system of its own', () => {
  /** Only root can mount, and not in every container. */
  const mounted = async (options: string, use: (folder: string) => Promise<void>) => {
    const folder = join(home, 'mounted');
    mkdirSync(folder);
    if (!AS_ROOT || spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'none', folder]).status !== 0) return;
    try {
      await use(folder);
    } finally {
      execFileSync('umount', ['--lazy', folder]);
    }
  };

  test.each([[5], [60]])('that is full after %i MB, up says so and leaves neither a process nor data', (megabytes) => mounted(`size=${megabytes}m,mode=755`, async (folder) => {
    expect(await refusal(up({ folder }, SHOP))).toMatch(/No space left on device|ENOSPC/i);
    expect(serversIn(folder)).toEqual([]);
    expect(readdirSync(folder)).toEqual(['.gitignore']);
  }));

  test('that is full by now, down ends everything all the same', () => mounted('size=240m,mode=755', async (folder) => {
    await up({ folder }, SHOP);
    expect(() => writeFileSync(join(folder, 'filler'), Buffer.alloc(240 * 1024 * 1024))).toThrow('ENOSPC');
    expect(await down(folder)).toMatchObject({ was: 'up' });
    expect(serversIn(folder)).toEqual([]);
    expect(readdirSync(folder).sort()).toEqual(['.gitignore', 'filler']);
  }));

  test('that is read-only, up says so', () => mounted('ro', async (folder) => {
    expect(await refusal(up({ folder }, SHOP))).toBe(`the state folder ${folder} cannot be written (EROFS); name another one with --state DIR, or run this as its owner`);
  }));
});
