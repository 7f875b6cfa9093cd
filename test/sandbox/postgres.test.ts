import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect as dial, createServer, type Server as Listener } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { runningServer, startServer, type Server } from '../../lib/sandbox/postgres';
import { endServersIn, isRunning, serversIn } from '../../lib/sandbox/processes';
import { openFolder, removeFolder, withConnection } from './fixture';

let folder: string;
let server: Server;
const start = (port?: number) => startServer({ major: 17, folder: join(folder, 'server'), port, settings: { fsync: false } });
const pidOf = ({ data }: Server) => Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
const answers = (running: Server) => withConnection(running.superuserUrl('postgres'), async (sql) => (await sql.query<{ n: string }>('SELECT count(*)::text AS n FROM kept')).rows[0]!.n);

beforeAll(async () => {
  folder = openFolder();
  server = await start();
  await withConnection(server.superuserUrl('postgres'), (sql) => sql.query('CREATE TABLE kept AS SELECT 1 AS row'));
});
beforeEach(async () => { server = runningServer(server.folder, server.binaries) ?? await start(); });
afterAll(() => removeFolder(folder));

describe('a server', () => {
  test('listens on the loopback address only', async () => {
    const outside = Object.values(networkInterfaces()).flat().find((address) => address?.family === 'IPv4' && !address.internal)?.address ?? '127.0.0.2';
    const refused = await new Promise<string>((resolve) => {
      dial({ host: outside, port: server.port }).once('connect', () => resolve('accepted')).once('error', (error: NodeJS.ErrnoException) => resolve(error.code!));
    });
    expect(refused).toBe('ECONNREFUSED');
    await withConnection(server.superuserUrl('postgres'), async (sql) => {
      const { rows } = await sql.query(`SELECT name, setting FROM pg_settings WHERE name IN ('listen_addresses', 'unix_socket_directories', 'data_checksums', 'password_encryption') ORDER BY 1`);
      expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual({
        data_checksums: 'on', listen_addresses: '127.0.0.1', password_encryption: 'scram-sha-256', unix_socket_directories: '',
      });
    });
  });

  test('asks everybody for a password, which is not in its error', async () => {
    const url = new URL(server.superuserUrl('postgres'));
    url.password = 'guessed';
    const failure = await withConnection(url.href, () => Promise.resolve()).catch((error: Error) => error.message);
    expect(failure).toBe(`cannot log in to 127.0.0.1:${server.port}/postgres as rdsadmin: password authentication failed for user "rdsadmin"`);
  });

  test('knows upper case beyond ASCII, and orders text the same on every machine', async () => {
    await withConnection(server.superuserUrl('postgres'), async (sql) => {
      const { rows } = await sql.query(`SELECT upper('straßé') AS up, array_agg(t ORDER BY t) AS sorted FROM unnest(ARRAY['b', 'B', 'a', 'é']) t`);
      expect(rows).toEqual([{ up: expect.stringMatching(/É$/), sorted: ['B', 'a', 'b', 'é'] }]);
    });
  });

  test('is found again by another command, and keeps its data', async () => {
    const again = runningServer(server.folder, server.binaries)!;
    expect(again.port).toBe(server.port);
    expect(await answers(again)).toBe('1');
  });

  test('leaves no process when it is stopped, and can be stopped twice', async () => {
    expect(serversIn(folder).length).toBeGreaterThan(3);
    await server.stop();
    await server.stop();
    expect(serversIn(folder)).toEqual([]);
    expect(runningServer(server.folder, server.binaries)).toBeUndefined();
  });
});

describe('a server starts', () => {
  test('although its port is taken: on another one', async () => {
    await server.stop();
    const taken: Listener = createServer();
    const port = await new Promise<number>((resolve) => taken.listen(0, '127.0.0.1', () => resolve((taken.address() as { port: number }).port)));
    try {
      server = await start(port);
      expect(server.port).not.toBe(port);
      expect(await answers(server)).toBe('1');
    } finally {
      taken.close();
    }
  });

  test('although a pid file says that it runs, with the number of a process that is something else', async () => {
    await server.stop();
    writeFileSync(join(server.data, 'postmaster.pid'), `${process.pid}\n${server.data}\n1\n${server.port}\n\n127.0.0.1\n0 0\nready\n`);
    expect(runningServer(server.folder, server.binaries)).toBeUndefined();
    server = await start();
    expect(await answers(server)).toBe('1');
    expect(isRunning(process.pid)).toBe(true);
  });

  test('although it was killed and left its pid file', async () => {
    process.kill(pidOf(server), 'SIGKILL');
    expect(existsSync(join(server.data, 'postmaster.pid'))).toBe(true);
    server = await start();
    expect(await answers(server)).toBe('1');
  });

  test('although one was left behind without a pid file: that one is ended first', async () => {
    const orphan = pidOf(server);
    writeFileSync(join(server.data, 'postmaster.pid'), '');
    server = await start();
    expect(pidOf(server)).not.toBe(orphan);
    expect(isRunning(orphan)).toBe(false);
    expect(await answers(server)).toBe('1');
  });

  test('never with settings that it does not know: it says which', async () => {
    const other = join(folder, 'other');
    const failure = startServer({ major: 17, folder: other, settings: { max_connections: 'many' } });
    await expect(failure).rejects.toThrow(/^PostgreSQL did not start: .*invalid value for parameter "max_connections"/);
    expect(serversIn(other)).toEqual([]);
  });
});

test('servers that were stopped in the middle of everything are ended all the same', async () => {
  const pids = serversIn(folder);
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  expect(await endServersIn(folder, { keepsData: false })).toBeGreaterThanOrEqual(pids.length - 1);
  expect(serversIn(folder)).toEqual([]);
});
