import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '../../lib/sandbox/connection';
import { SHOP } from '../../lib/sandbox/contents';
import { locked } from '../../lib/sandbox/lock';
import { serversIn } from '../../lib/sandbox/processes';
import { connectionUrl, down, theSandbox, up, type Sandbox } from '../../lib/sandbox/sandbox';
import { runSeedFile } from '../../lib/sandbox/seed-file';
import { readSecrets, writeState } from '../../lib/sandbox/state';
import { status } from '../../lib/sandbox/status';
import { caughtUp, mintToken } from '../../lib/sandbox/tokens';
import { copyOfPrimary, openPrimary } from '../../lib/sandbox/what-if';
import { openFolder, removeFolder, withConnection } from './fixture';

const ask = async (url: string, text: string) => withConnection(url, async (sql) => (await sql.query(text)).rows);
const refusal = (url: string, text = 'SELECT 1') => ask(url, text).then(() => 'accepted', (error: Error) => error.message);
const postmaster = ({ data }: { data: string }) => Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);

let home: string;
let folder: string;
let sandbox: Sandbox;
const companies = (as: 'app' | 'reader' | 'staging') => connectionUrl(sandbox, as, 'coding', SHOP).then((url) => ask(url, 'SELECT count(*)::int AS n FROM crm.companies'));

beforeAll(async () => {
  home = openFolder();
  folder = join(home, 'state');
  ({ sandbox } = await up({ folder, postgres: 17, agents: ['coding', 'ops'] }, SHOP));
});
afterAll(() => removeFolder(home));

describe('a second up', () => {
  test('changes nothing', async () => {
    const again = await up({ folder }, SHOP);
    expect(again.how).toBe('running');
    expect(again.sandbox.state).toEqual(sandbox.state);
    expect(postmaster(again.sandbox.primary)).toBe(postmaster(sandbox.primary));
  });

  test('that asks for something else is refused', async () => {
    await expect(up({ folder, postgres: 16, scale: 2 }, SHOP)).rejects.toThrow(
      'there is a sandbox already, and PostgreSQL 16 (it is 17) and other data was asked for; take it down first: dbguard sandbox down',
    );
  });

  test('waits for another command that is at work, and not for one that was killed', async () => {
    const order: string[] = [];
    await Promise.all([
      locked(folder, 5_000, async () => { await sleep(100); order.push('first'); }),
      sleep(20).then(() => locked(folder, 5_000, () => Promise.resolve(order.push('second')))),
    ]);
    expect(order).toEqual(['first', 'second']);
    // The number of this process, but not its start: a process that was killed and whose number was given again.
    symlinkSync(`${process.pid} 1`, join(folder, 'lock'));
    expect(await locked(folder, 5_000, () => Promise.resolve('done'))).toBe('done');
    await locked(folder, 0, () => expect(locked(folder, 50, () => Promise.resolve())).rejects.toThrow(
      `another command (process ${process.pid}) is working on the sandbox; try again when it is done`,
    ));
  });
});

describe('an agent has a password', () => {
  test('for 15 minutes, the same for everybody who asks meanwhile, and then another one', async () => {
    const role = 'agent_coding_ro';
    const now = Date.now();
    const mint = (minutes: number) => mintToken(folder, sandbox.primary, role, now + minutes * 60_000);
    const until = async () => (await ask(sandbox.primary.superuserUrl('shop'), `SELECT rolvaliduntil AS until FROM pg_roles WHERE rolname = '${role}'`))[0]!.until as Date;
    const first = await mint(20);
    expect((await until()).getTime()).toBe(now + 35 * 60_000);
    expect(await mint(30)).toBe(first);
    expect((await until()).getTime()).toBe(now + 45 * 60_000);
    const second = await mint(36);
    expect(second).not.toBe(first);
    expect(second).toMatch(/^[0-9a-f]{48}$/);
  });

  test('that is of no use when its time is over', async () => {
    const url = new URL(await connectionUrl(sandbox, 'staging', 'ops'));
    url.password = await mintToken(folder, sandbox.staging, 'agent_ops_rw', Date.now() - 16 * 60_000);
    expect(await refusal(url.href)).toContain('password authentication failed');
  });

  test('that no log has, as it is sent in the form that PostgreSQL stores', async () => {
    const url = new URL(await connectionUrl(sandbox, 'reader', 'ops'));
    for (const server of [sandbox.primary, sandbox.replica, sandbox.staging]) {
      const log = readFileSync(server.log, 'utf8');
      expect(log).not.toContain(url.password);
      expect(log).not.toContain('SCRAM-SHA-256$');
    }
  });

  test('of its own', async () => {
    const [coding, ops] = await Promise.all(['coding', 'ops'].map((agent) => connectionUrl(sandbox, 'reader', agent)));
    expect(new URL(coding!).username).toBe('agent_coding_ro');
    expect(new URL(ops!).username).toBe('agent_ops_ro');
    expect(new URL(coding!).password).not.toBe(new URL(ops!).password);
    await expect(connectionUrl(sandbox, 'reader', 'nobody')).rejects.toThrow("there is no agent 'nobody' in the sandbox; the agents are coding, ops");
  });
});

test('a wrong value in a file of SQL is not repeated in what is said about it', async () => {
  const text = "CREATE TABLE a (b int);\nINSERT INTO a VALUES ('hunter2');";
  await expect(runSeedFile(await connectionUrl(sandbox, 'app'), { name: 'seed.sql', text })).rejects.toThrow(/^seed\.sql:2: invalid input syntax for type integer \(22P02\)$/);
});

test('personal data under a new name is not served, and it is said why', async () => {
  const admin = await connectionUrl(sandbox, 'admin');
  const reader = await connectionUrl(sandbox, 'reader', 'coding', SHOP);
  await ask(admin, 'ALTER TABLE customers RENAME COLUMN email TO mail');
  await expect(connectionUrl(sandbox, 'reader', 'coding', SHOP)).rejects.toThrow(
    'personal data was in public.customers.email, and no column was dropped there, so it has a name now that nobody told; name it as before',
  );
  await caughtUp(sandbox.primary, sandbox.replica);
  expect(await refusal(reader, 'SELECT mail FROM customers')).toContain('permission denied');
  await ask(admin, 'ALTER TABLE customers RENAME COLUMN mail TO email');
  await ask(admin, 'ALTER TABLE customers RENAME TO clients');
  expect(await refusal(await connectionUrl(sandbox, 'reader', 'coding', SHOP), 'SELECT email FROM clients')).toContain('permission denied');
  await ask(admin, 'ALTER TABLE clients RENAME TO customers');
});

describe('to show what PostgreSQL itself still refuses', () => {
  test('the primary can be opened to agents, and closed again', async () => {
    const open = await openPrimary(sandbox);
    const url = await open.url('coding');
    const session = await connect(url);
    expect(await ask(url, 'SELECT pg_is_in_recovery() AS replica, count(*)::int AS n FROM crm.companies')).toEqual([{ replica: false, n: 1196 }]);
    expect(await refusal(url, 'DELETE FROM crm.companies')).toMatch(/permission denied|read-only/);
    await open.close();
    expect(await refusal(url)).toContain('pg_hba.conf rejects connection');
    await expect(session.query('SELECT 1')).rejects.toThrow();
    await session.end().catch(() => {});
  });

  test('it is closed to agents again by the next up, if nobody closed it', async () => {
    const open = await openPrimary(sandbox);
    await up({ folder }, SHOP);
    const url = await open.url('coding');
    for (let attempt = 0; attempt < 100 && await refusal(url) === 'accepted'; attempt++) await sleep(20);
    expect(await refusal(url)).toContain('pg_hba.conf rejects connection');
  });

  test('a copy of the primary can be destroyed', async () => {
    const copy = await copyOfPrimary(sandbox, 'naive');
    await ask(copy.superuserUrl(), 'CREATE ROLE ai_agent LOGIN IN ROLE app_owner');
    await ask(await copy.url('ai_agent'), 'DROP SCHEMA crm CASCADE');
    expect(await refusal(copy.adminUrl(), 'SELECT FROM crm.companies')).toContain('does not exist');
    await copy.remove();
    expect(existsSync(copy.server.folder)).toBe(false);
    expect(await companies('app')).toEqual([{ n: 1196 }]);
  });
});

describe('after an accident', () => {
  test('of one server: status says which, up starts it again', async () => {
    process.kill(postmaster(sandbox.replica), 'SIGKILL');
    while (serversIn(sandbox.replica.folder).length > 0) await sleep(10);
    expect(await status(folder)).toMatchObject({ up: false, problems: { replica: 'it does not run' }, agents: ['coding', 'ops'] });
    await expect(theSandbox(folder)).rejects.toThrow(`of the sandbox in ${folder}, replica does not run; start it again: dbguard sandbox up`);
    const again = await up({ folder }, SHOP);
    expect(again.how).toBe('resumed');
    sandbox = again.sandbox;
    expect(await companies('reader')).toEqual([{ n: 1196 }]);
  });

  test('of the machine, with a port taken by somebody else: up starts everything again, with its data', async () => {
    await ask(await connectionUrl(sandbox, 'app'), "UPDATE crm.companies SET stage = 'kept' WHERE id = 1");
    await ask(await connectionUrl(sandbox, 'staging'), "UPDATE crm.companies SET stage = 'tried' WHERE id = 1");
    for (const server of [sandbox.replica, sandbox.staging, sandbox.primary]) process.kill(postmaster(server), 'SIGKILL');
    while (serversIn(folder).length > 0) await sleep(10);
    const { port } = sandbox.primary;
    const somebody = createServer();
    await new Promise<void>((resolve) => somebody.listen(port, '127.0.0.1', resolve));
    try {
      ({ sandbox } = await up({ folder }, SHOP));
    } finally {
      somebody.close();
    }
    expect(sandbox.primary.port).not.toBe(port);
    expect(await ask(await connectionUrl(sandbox, 'reader'), 'SELECT stage FROM crm.companies WHERE id = 1')).toEqual([{ stage: 'kept' }]);
    expect(await ask(await connectionUrl(sandbox, 'staging'), 'SELECT stage FROM crm.companies WHERE id = 1')).toEqual([{ stage: 'tried' }]);
    expect((await status(folder))!).toMatchObject({ up: true, lag: { streaming: true } });
  });

  test('of a machine that slept: what stood still goes on, and what does not answer is said within seconds', async () => {
    const asleep = serversIn(sandbox.replica.folder);
    for (const pid of asleep) process.kill(pid, 'SIGSTOP');
    const seen = await status(folder);
    for (const pid of asleep) process.kill(pid, 'SIGCONT');
    expect(seen).toMatchObject({ up: false, problems: { replica: expect.stringContaining('cannot log in to 127.0.0.1') } });
    expect(await companies('reader')).toEqual([{ n: 1196 }]);
    expect(await status(folder)).toMatchObject({ up: true });
  });

  test('of an up that was killed half-way: the next one begins again, and ends what was left', async () => {
    const left = serversIn(folder);
    writeState(folder, { ...sandbox.state, phase: 'starting' });
    // Two at once: one makes it, the other one waits and finds it.
    const both = await Promise.all([up({ folder, postgres: 17 }, SHOP), up({ folder, postgres: 17 }, SHOP)]);
    expect(both.map(({ how }) => how).sort()).toEqual(['new', 'running']);
    expect(both[0].sandbox.state).toEqual(both[1].sandbox.state);
    sandbox = both[0].sandbox;
    expect(serversIn(folder).filter((pid) => left.includes(pid))).toEqual([]);
  });

  test('with a state that cannot be read: up says so without quoting it, down ends everything all the same', async () => {
    writeFileSync(join(folder, 'sandbox.json'), '{ "format": 1, "secret');
    await expect(up({ folder }, SHOP)).rejects.toThrow(`${join(folder, 'sandbox.json')} cannot be read; take the sandbox down and up again`);
    expect(await down(folder)).toMatchObject({ was: 'unfinished' });
    expect(serversIn(home)).toEqual([]);
    expect(existsSync(join(folder, 'secrets.json'))).toBe(false);
  });
});

describe('a file of one\'s own', () => {
  const seed = (text: string) => {
    writeFileSync(join(home, 'seed.sql'), text);
    return up({ folder: join(home, 'own'), seedFile: join(home, 'seed.sql') }, SHOP);
  };

  test.each([
    ['has a mistake', 'CREATE TABLE a (b int);\n\nINSERT INTO a VALUES (x);', /seed\.sql:3: column "x" does not exist \(42703\)$/],
    ['is for psql', 'CREATE TABLE a (b int);\nCOPY public.a (b) FROM stdin;\n1\n\\.\n', /seed\.sql:2: 'COPY' is for psql, not SQL; export with pg_dump --inserts/],
  ])('that %s leaves nothing, and says where', async (_, text, message) => {
    await expect(seed(text)).rejects.toThrow(message);
    expect(serversIn(home)).toEqual([]);
    expect(existsSync(join(home, 'own', 'sandbox.json'))).toBe(false);
  });

  test('that cannot be read is named', async () => {
    await expect(up({ folder: join(home, 'own'), seedFile: '/nowhere.sql' }, SHOP)).rejects.toThrow('--seed /nowhere.sql: it cannot be read (ENOENT)');
  });

  test('takes the place of the shop, personal data aside', async () => {
    const own = await seed(`CREATE SCHEMA lab; CREATE TABLE lab.runs AS SELECT 7 AS "Result", 'a@b.example' AS email; CREATE TABLE notes AS SELECT 'ok' AS text;`);
    const reader = await connectionUrl(own.sandbox, 'reader', 'coding', SHOP);
    expect(await ask(reader, 'SELECT "Result", text FROM lab.runs, notes')).toEqual([{ Result: 7, text: 'ok' }]);
    expect(await refusal(reader, 'SELECT email FROM lab.runs')).toContain('permission denied');
    await ask(await connectionUrl(own.sandbox, 'staging'), 'UPDATE lab.runs SET "Result" = 8');
    expect(readSecrets(own.sandbox.folder).tokens).not.toEqual({});
    await down(own.sandbox.folder);
  });
});
