import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { main } from '../../lib/cli/main';
import { connected } from '../../lib/sandbox/connection';
import { isRunning, serversIn } from '../../lib/sandbox/processes';
import { removeFolder } from '../sandbox/fixture';
import { terminalIn } from './terminal-fixture';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dbguard-'));
  chmodSync(folder, 0o755);
});
afterAll(() => removeFolder(folder));

async function run(...args: string[]) {
  const terminal = terminalIn(folder);
  const status = await main(['sandbox', ...args], terminal);
  return { status, out: terminal.out.text, err: terminal.err.text };
}

test('the help has every option, and examples', async () => {
  const { status, out, err } = await run('--help');
  expect([status, err]).toEqual([0, '']);
  for (const part of ['\nUsage: dbguard sandbox up ', '\nOptions\n', '  --state DIR ', '  --json ', '  --server-bin DIR ', '\nExamples\n  dbguard sandbox']) expect(out).toContain(part);
  expect(out.split('\n').filter((line) => line.length > 130)).toEqual([]);
});

describe('before there is a sandbox', () => {
  test('status says how to start one, with exit status 1', async () => {
    const said = `no sandbox is up in ${join(folder, '.dbguard')}; start one: dbguard sandbox up`;
    expect(await run('status')).toEqual({ status: 1, out: `${said}\n`, err: '' });
    expect(await run('status', '--json')).toEqual({ status: 1, out: '{\n  "up": false\n}\n', err: '' });
    expect(await run('url', '--as', 'app')).toEqual({ status: 2, out: '', err: `dbguard sandbox: ${said}\n` });
  });

  test('down has nothing to do, and makes nothing', async () => {
    expect(await run('down')).toEqual({ status: 0, out: `there is no sandbox in ${join(folder, '.dbguard')}; nothing to do\n`, err: '' });
    expect(existsSync(join(folder, '.dbguard'))).toBe(false);
  });

  test.each([
    [[], "say what to do: dbguard sandbox up|status|url|down"],
    [['restart'], "there is no 'sandbox restart': dbguard sandbox up|status|url|down"],
    [['up', '--postgres', '14'], "--postgres is '14'; write 15, 16, 17, 18"],
    [['up', '--scale', '0'], "--scale is '0'; write a whole number from 1 to 10000"],
    [['up', '--scale', '2', '--seed', 'x.sql'], '--scale is for the built-in shop; leave it out with --seed'],
    [['up', '--agents', 'coding,Robert'], "--agents: 'Robert' cannot be the name of an agent; write 2 to 30 of a-z, 0-9 and -, a letter first"],
    [['up', '--agents', 'coding,coding'], "--agents: 'coding' is there twice"],
    [['up', '--server-bin', 'nowhere'], 'nowhere: there is no program initdb in it'],
    [['url'], 'say whose URL: --as reader|staging|app|admin'],
    [['url', '--as', 'root'], "--as is 'root'; write reader, staging, app or admin"],
    [['url', '--as', 'app', '--agent', 'coding'], '--agent is for --as reader and --as staging; app is no agent'],
  ])('%j is refused: %s', async (args, message) => {
    const { status, out, err } = await run(...args);
    expect([status, out]).toEqual([2, '']);
    expect(err).toContain(message);
    expect(serversIn(folder)).toEqual([]);
  });
});

describe('a sandbox of PostgreSQL 16', () => {
  let up: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => { up = await run('up', '--postgres', '16', '--json'); });

  test('says where everything is, as JSON', () => {
    expect([up.status, up.err]).toEqual([0, '']);
    const place = { host: '127.0.0.1', port: expect.any(Number), database: 'shop' };
    expect(JSON.parse(up.out)).toEqual({
      postgres: 16, primary: place, replica: place, staging: place, agents: ['coding'], approvers: ['alice', 'bob'], how: 'new', seconds: expect.any(Number),
    });
  });

  test('is ignored by git, without a change to the files of the project', () => {
    execFileSync('git', ['init', '--quiet'], { cwd: folder });
    expect(execFileSync('git', ['status', '--porcelain'], { cwd: folder, encoding: 'utf8' })).toBe('');
  });

  test.each([
    ['reader', 'agent_coding_ro', 'replica'], ['staging', 'agent_coding_rw', 'staging'], ['app', 'app_user', 'primary'], ['admin', 'shop_admin', 'primary'],
  ])('prints one URL that works and nothing else: %s', async (as, role, place) => {
    const { status, out, err } = await run('url', '--as', as);
    expect([status, err]).toEqual([0, '']);
    expect(out).toMatch(new RegExp(`^postgresql://${role}:[0-9a-f]{48}@127\\.0\\.0\\.1:${JSON.parse(up.out)[place].port}/shop\\n$`));
    expect(await connected(out.trim(), async (sql) => (await sql.query('SELECT current_user AS role')).rows)).toEqual([{ role }]);
  });

  test('is described for people, and for machines, without a password', async () => {
    const { status, out, err } = await run('status');
    expect([status, err]).toEqual([0, '']);
    expect(out).toMatch(/^PostgreSQL 16\.\d+ is up\n/);
    expect(out).toMatch(/\n {2}✔ replica {2}127\.0\.0\.1:\d+\/shop +\d+\.\d MB, streaming, \d+ bytes.* behind\n/);
    expect(out).toMatch(/\n {2}primary {2}agent_coding_ro +logs in, password until 20/);
    expect(out).toMatch(/\nagents coding · approvers alice, bob\n$/);
    const json = await run('status', '--json');
    expect(JSON.parse(json.out)).toMatchObject({ up: true, postgres: 16, primary: { host: '127.0.0.1' }, lag: { streaming: true }, agents: ['coding'] });
    const password = new URL((await run('url', '--as', 'reader')).out).password;
    for (const text of [out, json.out, (await run('up')).out]) expect(text).not.toContain(password);
  });

  test('is not made twice', async () => {
    const { status, out } = await run('up');
    expect(status).toBe(0);
    expect(out).toMatch(/^✔ PostgreSQL 16 was up already; nothing was changed\n/);
    expect(await run('up', '--postgres', '18')).toMatchObject({ status: 2, err: expect.stringContaining('take it down first: dbguard sandbox down') });
  });

  test('goes down, and leaves no process', async () => {
    expect(await run('down')).toEqual({ status: 0, out: expect.stringMatching(/^the sandbox is down; \d+ processes ended\n$/), err: '' });
    expect(serversIn(folder)).toEqual([]);
    expect((await run('down')).status).toBe(0);
  });
});

describe('an up that ends half-way', () => {
  const start = async (...args: string[]) => {
    const root = join(__dirname, '..', '..');
    const child = spawn(process.execPath, ['--import', 'tsx', join(root, 'bin', 'dbguard.ts'), 'sandbox', 'up', '--state', join(folder, 'killed'), ...args], { cwd: root });
    const said = { text: '' };
    child.stderr.on('data', (data: Buffer) => { said.text += data.toString(); });
    const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
    while (serversIn(join(folder, 'killed')).length === 0 && child.exitCode === null) await sleep(5);
    return { child, gone, said };
  };

  test('because it was killed leaves servers, which down ends', async () => {
    const { child, gone } = await start();
    await sleep(300);
    child.kill('SIGKILL');
    await gone;
    expect(isRunning(child.pid!)).toBe(false);
    expect(serversIn(folder).length).toBeGreaterThan(0);
    expect(await run('down', '--state', 'killed')).toEqual({ status: 0, out: expect.stringMatching(/^what was left of a sandbox is gone; \d+ processes ended\n$/), err: '' });
    expect(serversIn(folder)).toEqual([]);
  });

  test('because somebody pressed Ctrl-C leaves nothing', async () => {
    const { child, gone, said } = await start();
    child.kill('SIGINT');
    expect(await gone).toBe(2);
    expect(said.text).toContain('dbguard sandbox: interrupted; nothing is left of it\n');
    expect(serversIn(folder)).toEqual([]);
    expect(existsSync(join(folder, 'killed', 'sandbox.json'))).toBe(false);
  });

  test('because the folder cannot be made says so', async () => {
    writeFileSync(join(folder, 'file'), '');
    expect((await run('up', '--state', 'file/state')).status).toBe(2);
  });
});
