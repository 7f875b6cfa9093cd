import { join } from 'node:path';
import { Client } from 'pg';
import { main } from '../../lib/cli/main';
import { rolesIn, type Connect } from '../../lib/cli/roles';
import { renderScript } from '../../lib/cli/roles-script';
import { sqlOver } from '../../lib/database/sql';
import { up, down } from '../../lib/sandbox/sandbox';
import { SHOP as SANDBOX_SHOP } from '../../lib/sandbox/contents';
import { as, database, PASSWORD, SHOP } from '../database/fixture';
import { openFolder, removeFolder, testServer } from '../sandbox/fixture';
import { existing } from '../environment/fixture';
import { emptyFolder, folderWith, terminalIn, type RecordedTerminal } from './terminal-fixture';

const ENDPOINT = 'orders.abc123.eu-central-1.rds.amazonaws.com';
const MASTER = { PGUSER: 'master', PGPASSWORD: PASSWORD };

const environments = (more: object = {}) => {
  const environment = existing();
  environment.production.existing.databases = ['shop'];
  environment.roles = { read: [{ database: 'shop', schemas: [{ schema: 'public' }], personalData: [{ schema: 'public', table: 'users', column: 'email' }] }] };
  return { environments: { prod: { ...environment, ...more } } };
};

describe('in the database of an environment', () => {
  let server: Awaited<ReturnType<typeof testServer>>;
  const logins: Parameters<Connect>[0][] = [];
  const connect: Connect = async (options) => {
    logins.push(options);
    const client = new Client({ host: '127.0.0.1', port: server.port, user: options.user, password: options.password, database: options.database });
    client.on('error', () => {});
    await client.connect();
    return { ...sqlOver(client), end: () => client.end() };
  };
  const run = async (args: readonly string[], terminal: RecordedTerminal): Promise<number | string> => {
    try {
      return await rolesIn(connect).run(args, terminal);
    } catch (error) {
      return (error as Error).message;
    } finally {
      expect(terminal.out.text + terminal.err.text).not.toContain(`"${PASSWORD}"`);
    }
  };
  const inFolder = (environment: object = MASTER, context = environments()) => terminalIn(folderWith(context), { environment: environment as Record<string, string> });

  beforeAll(async () => {
    server = await testServer(17);
    await database(server, 'shop', SHOP);
    await (await as(server, 'master', 'shop')).end();
  });
  afterAll(() => server.remove());
  beforeEach(() => { logins.length = 0; });

  test('prints what would be done, as a script for psql, and changes nothing', async () => {
    const terminal = inFolder();
    expect(await run(['--print', '--env', 'prod'], terminal)).toBe(0);
    const script = terminal.out.text;
    expect(script).toMatch(/^-- Database roles of agents, for the environment prod\. It is for the database as it was read just now\.\n\\set ON_ERROR_STOP on\n\n\\connect "shop"\nBEGIN;\nSELECT pg_catalog\.pg_advisory_xact_lock/);
    expect(script).toContain('CREATE ROLE "agent_coding_ro"');
    expect(script).toMatch(/-- For a person to decide: .*legacy/);
    const sql = await as(server, 'master', 'shop');
    expect((await sql.query("SELECT 1 FROM pg_catalog.pg_roles WHERE rolname LIKE 'agent%'")).rows).toEqual([]);
    await sql.end();
  });

  test('what was printed, run by a person, is what a deployment would have done: nothing is left to do', async () => {
    const terminal = inFolder();
    await run(['--print', '--env', 'prod'], terminal);
    const sql = new Client({ host: '127.0.0.1', port: server.port, user: 'master', password: PASSWORD, database: 'shop' });
    await sql.connect();
    const [transaction = ''] = /BEGIN;[^]*?COMMIT;/.exec(terminal.out.text) ?? [];
    await sql.query(transaction);
    await sql.end();
    const again = inFolder();
    await run(['--print', '--env', 'prod', '--json'], again);
    expect(JSON.parse(again.out.text)).toMatchObject([{ database: 'shop', statements: [] }]);
    const reader = await as(server, 'agent_coding_ro', 'shop');
    expect((await reader.query('SELECT name FROM public.users')).rowCount).toBe(2);
    await expect(reader.query('SELECT email FROM public.users')).rejects.toThrow('permission denied');
    await reader.end();
  });

  test('sets the roles up, and says so', async () => {
    const terminal = inFolder();
    expect(await run(['--env', 'prod'], terminal)).toBe(0);
    expect(terminal.out.text).toMatch(/^✔ shop: agent_coding_ro as wanted/);
    expect(terminal.out.text).toMatch(/ {6}REVOKE .* FROM PUBLIC;/);
    const json = inFolder();
    expect(await run(['--env', 'prod', '--json'], json)).toBe(0);
    expect(JSON.parse(json.out.text)).toMatchObject([{ database: 'shop', statements: [], roles: ['agent_coding_ro'] }]);
  });

  test('logs in at the endpoint, with the certificates of its Region', async () => {
    await run(['--print', '--env', 'prod'], inFolder());
    expect(logins).toMatchObject([{ host: ENDPOINT, port: 5432, database: 'shop', user: 'master' }]);
    expect(logins[0]!.behind).toBeUndefined();
    expect(logins[0]!.certificateAuthorities).toHaveLength(3);
  });

  test.each(['127.0.0.1', 'localhost'])('through a tunnel at %s the server still has to prove to be the endpoint', async (PGHOST) => {
    await run(['--print', '--env', 'prod'], inFolder({ ...MASTER, PGHOST, PGPORT: '15432' }));
    expect(logins).toMatchObject([{ host: '127.0.0.1', port: 15432, behind: ENDPOINT }]);
  });

  test('fails at a schema that does not exist, with its name, and status 1', async () => {
    const wrong = environments({ roles: { read: [{ database: 'shop', schemas: [{ schema: 'sales' }] }] } });
    for (const args of [['--env', 'prod'], ['--env', 'prod', '--print']]) {
      const terminal = inFolder(MASTER, wrong);
      expect(await run(args, terminal)).toBe(1);
      expect(terminal.err.text).toMatch(/^dbguard roles: in database shop: .*sales/);
      expect(terminal.out.text).toBe('');
    }
  });

  test.each<[string, object, string]>([
    ['PGUSER is not set', { PGPASSWORD: 'x' }, 'PGUSER is not set; write the name of the master user, or of another role that administers the database'],
    ['PGPASSWORD is not set', { PGUSER: 'master' }, 'PGPASSWORD is not set; write the password of that user there, where it is in no list of processes'],
    ['PGHOST is another host', { ...MASTER, PGHOST: 'db.example.com' }, `PGHOST is 'db.example.com'; write ${ENDPOINT}, or the address of a tunnel to it such as 127.0.0.1`],
    ['PGPORT is no port', { ...MASTER, PGPORT: 'x' }, "PGPORT is 'x'; write a port"],
    ['the password is wrong', { ...MASTER, PGPASSWORD: 'hunter2' }, `${ENDPOINT}:5432 refuses PGUSER with PGPASSWORD`],
  ])('fails when %s', async (_, variables, message) => {
    expect(await run(['--env', 'prod'], inFolder(variables))).toBe(message);
  });

  test.each<[string, readonly string[], string]>([
    ['neither an environment nor the sandbox is named', ['--print'], 'write either --env NAME or --sandbox'],
    ['both are', ['--env', 'prod', '--sandbox'], 'write either --env NAME or --sandbox'],
    ['a state folder is named without a sandbox', ['--env', 'prod', '--state', 'x'], '--state is for --sandbox'],
  ])('fails when %s', async (_, args, message) => {
    expect(await run(args, inFolder())).toBe(message);
  });

  test('fails in a folder without environments', async () => {
    const folder = emptyFolder();
    expect(await run(['--env', 'prod'], terminalIn(folder))).toBe(`there is no cdk.json with context.environments in ${folder}; see ${join(__dirname, '..', '..', 'ENVIRONMENTS.md')}`);
  });
});

test('a database made by the deployment has to be named by PGHOST', async () => {
  const created = environments();
  created.environments.prod.production = { create: {} };
  created.environments.prod.roles = undefined;
  const terminal = terminalIn(folderWith(created), { environment: MASTER });
  expect(await main(['roles', '--env', 'prod'], terminal)).toBe(2);
  expect(terminal.err.text).toBe('dbguard roles: PGHOST is not set; write the endpoint of the database that the deployment created, which cdk.json does not know\n');
});

test('nothing in a finding or a name gets out of a comment of the script', () => {
  const script = renderScript([{
    database: 'a"b', statements: [], bestEffort: [],
    findings: [{ id: 'public-tables', subject: 'x', because: 'line\nDROP TABLE x;\u2028DROP', sql: ['REVOKE ALL\r\nON x'] }],
  }], 'two\nlines');
  expect(script.split('\n').filter((line) => line !== '' && !line.startsWith('-- '))).toEqual(['\\set ON_ERROR_STOP on', '\\connect "a""b"']);
});

describe('in the sandbox', () => {
  const folder = openFolder();
  beforeAll(async () => { await up({ folder: `${folder}/.dbguard` }, SANDBOX_SHOP); });
  afterAll(async () => {
    await down(`${folder}/.dbguard`);
    await removeFolder(folder);
  });

  test('the roles are as wanted already, and the script says so', async () => {
    const terminal = terminalIn(folder);
    expect(await main(['roles', '--sandbox', '--json'], terminal)).toBe(0);
    expect(JSON.parse(terminal.out.text)).toMatchObject([{ database: 'shop', statements: [], roles: ['agent_coding_ro', 'dbguard_gate_writer'] }]);
    const script = terminalIn(folder);
    expect(await main(['roles', '--sandbox', '--print'], script)).toBe(0);
    expect(script.out.text).toContain('\\connect "shop"\n-- Everything is as wanted; nothing to do.');
  });
});
