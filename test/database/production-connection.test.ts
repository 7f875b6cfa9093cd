import { writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connect, type ConnectOptions } from '../../lib/database/production-connection';
import { nameOf } from '../../lib/handlers/custom-resource';
import { own } from '../../lib/sandbox/server-files';
import { as, database, PASSWORD } from './fixture';
import { testServer, withConnection } from '../sandbox/fixture';
import { identityOf } from './certificates';

const authority = { identity: identityOf('authority.test'), name: 'authority.test' };
const signal = new AbortController().signal;

/** The code with which logging in fails; `none` when it does not. */
async function failure(options: Partial<ConnectOptions>): Promise<string> {
  try {
    const session = await connect({
      host: 'localhost', port: 1, database: 'shop', user: 'master', password: 'hunter2', certificateAuthorities: [authority.identity.certificate],
      timeoutMilliseconds: 2_000, ...options,
    }, signal);
    await session.end();
    return 'none';
  } catch (error) {
    expect(String(error)).not.toContain('hunter2');
    return nameOf(error);
  }
}

describe('logging in to a real server over TLS', () => {
  let server: Awaited<ReturnType<typeof testServer>>;
  const presents = async (certificate: string, key: string): Promise<void> => {
    for (const [file, text] of Object.entries({ 'server.crt': certificate, 'server.key': key })) {
      writeFileSync(join(server.data, file), text);
      own(join(server.data, file), server.binaries, 0o600);
    }
    await withConnection(server.superuserUrl('postgres'), async (sql) => {
      await sql.query('ALTER SYSTEM SET ssl = on');
      await sql.query('SELECT pg_reload_conf()');
      for (let i = 0; i < 100 && (await sql.query<{ ssl: string }>('SHOW ssl')).rows[0]!.ssl !== 'on'; i += 1) await new Promise((resolve) => setTimeout(resolve, 20));
      await new Promise((resolve) => setTimeout(resolve, 200));
    });
  };

  beforeAll(async () => {
    server = await testServer(17);
    await database(server, 'shop');
    await (await as(server, 'master', 'shop')).end();
  });
  afterAll(() => server.remove());

  test('fails while the server speaks no TLS, and the password stays here', async () => {
    expect(await failure({ port: server.port, password: PASSWORD })).toBe('NO_TLS');
  });

  test('works when the server proves to be the host that was asked for', async () => {
    const { certificate, key } = identityOf('localhost', authority);
    await presents(certificate, key);
    expect(await failure({ port: server.port, password: PASSWORD })).toBe('none');
    expect(await failure({ port: server.port })).toBe('28P01');
    expect(await failure({ port: server.port, password: PASSWORD, database: 'nowhere' })).toBe('3D000');
  });

  test('takes nothing from the environment', async () => {
    const environment = { PGSSLMODE: 'disable', PGHOST: 'elsewhere', PGPASSWORD: 'other', PGOPTIONS: '-c work_mem=77MB', NODE_TLS_REJECT_UNAUTHORIZED: undefined };
    Object.assign(process.env, environment);
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    try {
      const session = await connect({
        host: 'localhost', port: server.port, database: 'shop', user: 'master', password: PASSWORD, certificateAuthorities: [authority.identity.certificate], timeoutMilliseconds: 2_000,
      }, signal);
      const { rows } = await session.query(
        `SELECT s.ssl, current_setting('work_mem') AS memory, current_setting('application_name') AS name, current_setting('statement_timeout') AS timeout
           FROM pg_stat_ssl s WHERE s.pid = pg_backend_pid()`,
      );
      expect(rows).toEqual([{ ssl: true, memory: '4MB', name: 'cdk-agent-db-guardrails', timeout: '50s' }]);
      await session.end();
    } finally {
      for (const name of Object.keys(environment)) delete process.env[name];
    }
  });

  test('ends at once when nobody waits for it any more, and leaves no lock behind', async () => {
    const over = new AbortController();
    const session = await connect({
      host: 'localhost', port: server.port, database: 'shop', user: 'master', password: PASSWORD, certificateAuthorities: [authority.identity.certificate], timeoutMilliseconds: 2_000,
    }, over.signal);
    await session.query('BEGIN');
    await session.query('SELECT pg_advisory_xact_lock(7)');
    const sleeping = session.query('SELECT pg_sleep(30)').then(() => 'slept', () => 'ended');
    over.abort();
    expect(await sleeping).toBe('ended');
    await withConnection(server.superuserUrl('shop'), async (sql) => {
      await sql.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' AND pid <> pg_backend_pid()");
    });
  });

  test('fails when the certificate is of another host', async () => {
    const { certificate, key } = identityOf('elsewhere.test', authority);
    await presents(certificate, key);
    expect(await failure({ port: server.port, password: PASSWORD })).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  });

  test('fails when the certificate is signed by itself, or by an authority that nobody named', async () => {
    const self = identityOf('localhost');
    await presents(self.certificate, self.key);
    expect(await failure({ port: server.port, password: PASSWORD })).toMatch(/^(DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE)$/);
    const other = identityOf('localhost', { identity: identityOf('impostor.test'), name: 'impostor.test' });
    await presents(other.certificate, other.key);
    expect(await failure({ port: server.port, password: PASSWORD })).toMatch(/^UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT_LOCALLY)$/);
  });
});

describe('logging in to something else', () => {
  const servers: Server[] = [];
  const sockets: Socket[] = [];
  const listening = async (answer: (socket: Socket) => void): Promise<number> => {
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => {});
      answer(socket);
    });
    servers.push(server);
    await new Promise<void>((resolve) => { server.listen(0, 'localhost', resolve); });
    return (server.address() as AddressInfo).port;
  };
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    for (const server of servers) server.close();
  });

  test('fails when nothing listens there', async () => {
    const port = await listening(() => {});
    servers.pop()!.close();
    expect(await failure({ port })).toBe('ECONNREFUSED');
  });

  test('fails when the name is nobody\'s', async () => {
    expect(await failure({ host: 'nowhere.invalid' })).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
  });

  test('fails after the time when there is no answer', async () => {
    expect(await failure({ port: await listening(() => {}), timeoutMilliseconds: 200 })).toBe('ETIMEDOUT');
  });

  test('fails when what answers is no database, and no password is sent', async () => {
    const heard: Buffer[] = [];
    const port = await listening((socket) => {
      socket.on('data', (part) => heard.push(part));
      socket.once('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n'));
    });
    expect(await failure({ port })).toBe('NO_TLS');
    expect(Buffer.concat(heard).toString()).not.toMatch(/hunter2|master/);
  });
});
