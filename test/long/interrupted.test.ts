import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { main } from '../../lib/cli/main';
import { ROLES_LOCK } from '../../lib/core/policy';
import { connect, connected } from '../../lib/sandbox/connection';
import { SHOP } from '../../lib/sandbox/contents';
import { isRunning, serversIn } from '../../lib/sandbox/processes';
import { down, up } from '../../lib/sandbox/sandbox';
import { dbguard, until, type Spawned } from '../cli/spawned';
import { terminalIn } from '../cli/terminal-fixture';
import { openFolder, removeFolder } from '../sandbox/fixture';

const MINUTES = 60_000;
let folder: string;
beforeEach(() => { folder = openFolder(); });
afterEach(() => removeFolder(folder));

/** Every process that was seen in the folder, by number. */
function watch(): { seen: Set<number>; stop(): void } {
  const seen = new Set<number>();
  const timer = setInterval(() => { for (const pid of serversIn(folder)) seen.add(pid); }, 25);
  return { seen, stop: () => clearInterval(timer) };
}

const arenas = () => (existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith('attack-')) : []);
const state = () => arenas().map((name) => join(folder, name, 'sandbox', 'sandbox.json')).find((file) => existsSync(file));
const phase = () => (state() === undefined ? '' : (JSON.parse(readFileSync(state()!, 'utf8')) as { phase: string }).phase);

const MOMENTS: Readonly<Record<string, (run: Spawned) => Promise<void>>> = {
  'as soon as it has a process': (run) => until(run, () => serversIn(folder).length > 0),
  'while the sandbox is made': async (run) => {
    await until(run, () => phase() === 'starting' && arenas().some((name) => existsSync(join(folder, name, 'sandbox', 'primary', 'data', 'postmaster.pid'))));
    await sleep(200);
  },
  'while it attacks': async (run) => {
    await until(run, () => phase() === 'up');
    await sleep(1_500);
  },
};

describe.each(['attack', 'demo'])('dbguard %s', (command) => {
  test.each([
    ['SIGINT', 'as soon as it has a process'], ['SIGTERM', 'while the sandbox is made'], ['SIGINT', 'while it attacks'], ['SIGHUP', 'while it attacks'],
  ] as const)('on %s %s ends every process and leaves no data', async (signal, moment) => {
    const run = dbguard([command, '--state', folder]);
    const processes = watch();
    await MOMENTS[moment]!(run);
    run.child.kill(signal);
    expect(await run.gone).toBe(2);
    processes.stop();
    expect(run.said.err).toMatch(/^dbguard (attack|demo): interrupted; nothing (is left of it|was left behind)\n$/);
    expect(processes.seen.size).toBeGreaterThan(0);
    expect([...processes.seen].filter(isRunning)).toEqual([]);
    expect(serversIn(folder)).toEqual([]);
    expect(arenas()).toEqual([]);
  }, 2 * MINUTES);
});

test('an attack that is killed leaves servers, which the next one ends', async () => {
  const run = dbguard(['attack', '--state', folder]);
  await MOMENTS['while it attacks']!(run);
  run.child.kill('SIGKILL');
  expect(await run.gone).toBe('SIGKILL');
  expect(serversIn(folder).length).toBeGreaterThan(0);
  const terminal = terminalIn(folder);
  expect(await main(['attack', '--state', folder, '--server-bin', folder], terminal)).toBe(2);
  expect(serversIn(folder)).toEqual([]);
  expect(arenas()).toEqual([]);
}, 2 * MINUTES);

test('a sandbox that is made and taken down beside an attack does not disturb it', async () => {
  const run = dbguard(['attack', '--state', folder, '--column', 'replica', '--json']);
  await until(run, () => phase() === 'starting');
  await up({ folder }, SHOP);
  await down(folder);
  expect(await run.gone).toBe(0);
  expect((JSON.parse(run.said.out) as { problems: string[] }).problems).toEqual([]);
  expect(serversIn(folder)).toEqual([]);
}, 2 * MINUTES);

test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('dbguard roles on %s has changed nothing, and holds no lock', async (signal) => {
  const { sandbox } = await up({ folder }, SHOP);
  const superuser = sandbox.primary.superuserUrl('shop');
  const ask = async (text: string) => connected(superuser, async (sql) => (await sql.query(text)).rows);
  await ask('REVOKE SELECT ON crm.companies FROM agent_coding_ro');
  const grants = () => ask("SELECT attname, attacl::text FROM pg_attribute WHERE attrelid = 'crm.companies'::regclass AND attnum > 0 ORDER BY 1");
  const before = await grants();
  const waiting = "SELECT pid FROM pg_locks WHERE locktype = 'advisory'";
  const holder = await connect(superuser);
  await holder.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [ROLES_LOCK]);
  const run = dbguard(['roles', '--sandbox', '--state', folder]);
  await until(run, async () => (await ask(`${waiting} AND NOT granted`)).length > 0);
  run.child.kill(signal);
  expect(await run.gone).toBe(signal);
  await holder.end();
  while ((await ask(waiting)).length > 0) await sleep(20);
  expect(await grants()).toEqual(before);
  // What was interrupted is done by the next one.
  const terminal = terminalIn(folder);
  expect(await main(['roles', '--sandbox', '--state', folder], terminal)).toBe(0);
  expect(await grants()).not.toEqual(before);
  await down(folder);
}, MINUTES);
