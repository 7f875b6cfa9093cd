import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readRoleName, stagingRoleName } from '../../lib/core/policy';
import { connect } from '../../lib/sandbox/connection';
import { SHOP } from '../../lib/sandbox/contents';
import { serversIn } from '../../lib/sandbox/processes';
import { connectionUrl, down, up, type As, type Sandbox } from '../../lib/sandbox/sandbox';
import { readSecrets } from '../../lib/sandbox/state';
import { status } from '../../lib/sandbox/status';
import { caughtUp } from '../../lib/sandbox/tokens';
import { primaryAt } from '../../lib/sandbox/what-if';
import { openFolder, removeFolder, withConnection } from './fixture';

const ask = async (url: string, text: string) => withConnection(url, async (sql) => (await sql.query(text)).rows);
const refusal = (url: string, text = 'SELECT 1') => ask(url, text).then(() => 'accepted', (error: Error) => error.message);

/** The same login at another server. */
function at(url: string, port: number): string {
  const moved = new URL(url);
  moved.port = String(port);
  return moved.href;
}

describe.each([15, 17, 18])('a sandbox of PostgreSQL %i', (postgres) => {
  let folder: string;
  let sandbox: Sandbox;
  const url = (as: As) => connectionUrl(sandbox, as, 'coding', SHOP);

  beforeAll(async () => {
    folder = openFolder();
    const start = performance.now();
    ({ sandbox } = await up({ folder: join(folder, 'state'), postgres }, SHOP));
    if (process.env.DBGUARD_TIMES) console.log(`PostgreSQL ${postgres} up in ${Math.round(performance.now() - start)} ms`);
  });
  afterAll(() => removeFolder(folder));

  test('lets the agent read the replica, and nothing of it that is personal', async () => {
    const reader = await url('reader');
    expect(await ask(reader, 'SELECT current_user, pg_is_in_recovery() AS replica, count(*)::int AS companies FROM crm.companies'))
      .toEqual([{ current_user: 'agent_coding_ro', replica: true, companies: 1196 }]);
    expect(await refusal(reader, 'SELECT ssn FROM customers')).toContain('permission denied');
    expect(await refusal(reader, 'SELECT * FROM customer_contacts')).toContain('permission denied');
    expect(await refusal(reader, 'DELETE FROM crm.companies')).toMatch(/read-only transaction|permission denied/);
  });

  test('keeps agents away from the primary, with whatever role', async () => {
    const { port } = sandbox.primary;
    for (const as of ['reader', 'staging'] as const) {
      expect(await refusal(at(await url(as), port))).toMatch(/pg_hba\.conf rejects connection for host "127\.0\.0\.1", user "agent_coding_r[ow]"/);
    }
    expect(await refusal(at(await url('reader'), sandbox.staging.port))).toContain('no pg_hba.conf entry');
    expect(await refusal(at(await url('staging'), sandbox.replica.port))).toContain('no pg_hba.conf entry');
    // The databases for agents are for agents.
    expect(await refusal(at(await url('app'), sandbox.replica.port))).toContain('no pg_hba.conf entry');
    expect(await refusal(at(await url('admin'), sandbox.staging.port))).toContain('no pg_hba.conf entry');
  });

  test('lets the agent change rows of the staging copy, which production does not notice', async () => {
    await ask(await url('staging'), "UPDATE crm.companies SET industry = 'tried' WHERE id = 1");
    expect(await ask(await url('staging'), 'SELECT industry, pg_is_in_recovery() AS replica FROM crm.companies WHERE id = 1')).toEqual([{ industry: 'tried', replica: false }]);
    expect(await ask(await url('app'), 'SELECT industry FROM crm.companies WHERE id = 1')).not.toEqual([{ industry: 'tried' }]);
    expect(await refusal(await url('staging'), 'DROP TABLE crm.companies')).toContain('must be owner');
  });

  test('has no role on production that could write for an agent, and no password of production on staging', async () => {
    const superuser = (server: 'primary' | 'staging', text: string) => ask(sandbox[server].superuserUrl('postgres'), text);
    expect(await superuser('primary', `SELECT rolname FROM pg_roles WHERE rolname = '${stagingRoleName('coding')}'`)).toEqual([]);
    await url('staging');
    expect(await superuser('staging', 'SELECT rolname FROM pg_authid WHERE rolpassword IS NOT NULL ORDER BY 1'))
      .toEqual([{ rolname: stagingRoleName('coding') }, { rolname: 'rdsadmin' }]);
  });

  test('is administered by a role that is no superuser', async () => {
    expect(await ask(await url('admin'), 'SELECT rolname, rolsuper FROM pg_roles WHERE rolname = current_user')).toEqual([{ rolname: 'shop_admin', rolsuper: false }]);
    expect(await refusal(await url('admin'), "COPY (SELECT 1) TO PROGRAM 'true'")).toMatch(/permission denied|must be superuser/);
  });

  test('serves tables that the application and the admin add later, and still nothing personal', async () => {
    await ask(await url('app'), "CREATE TABLE reviews AS SELECT 5 AS stars, 'a@b.example' AS email");
    await ask(await url('admin'), 'CREATE TABLE crm.regions AS SELECT 1 AS id');
    await ask(await url('app'), 'CREATE VIEW address_book AS SELECT email FROM customers');
    const reader = await url('reader');
    expect(await ask(reader, 'SELECT stars, id FROM reviews, crm.regions')).toEqual([{ stars: 5, id: 1 }]);
    expect(await refusal(reader, 'SELECT * FROM address_book')).toContain('permission denied');
    expect(await refusal(reader, 'SELECT email FROM reviews')).toContain('permission denied');
  });

  test('has a replica that follows, and that cannot hold production up', async () => {
    await ask(await url('app'), "UPDATE crm.companies SET stage = 'followed' WHERE id = 7");
    await caughtUp(sandbox.primary, sandbox.replica);
    expect(await ask(await url('reader'), 'SELECT stage FROM crm.companies WHERE id = 7')).toEqual([{ stage: 'followed' }]);
    expect(await ask(sandbox.replica.superuserUrl('postgres'), 'SHOW hot_standby_feedback')).toEqual([{ hot_standby_feedback: 'off' }]);
    expect(await ask(sandbox.primary.superuserUrl('postgres'), 'SELECT slot_name, active FROM pg_replication_slots')).toEqual([{ slot_name: 'replica', active: true }]);
    expect(await ask(sandbox.primary.superuserUrl('postgres'), 'SHOW fsync')).toEqual([{ fsync: 'on' }]);
  });

  test('can be restored to just before an accident', async () => {
    const [mark] = await ask(sandbox.primary.superuserUrl('postgres'), 'SELECT pg_current_wal_insert_lsn()::text AS lsn');
    await ask(await url('admin'), 'DROP TABLE crm.executives CASCADE');
    const before = await primaryAt(sandbox, 'before', { kind: 'lsn', at: mark!.lsn as string });
    try {
      expect(await ask(before.superuserUrl(), 'SELECT count(*)::int AS executives FROM crm.executives')).toEqual([{ executives: 1206 }]);
      expect(await refusal(await url('app'), 'SELECT FROM crm.executives')).toContain('does not exist');
    } finally {
      await before.remove();
    }
    expect(serversIn(join(sandbox.folder, 'copies'))).toEqual([]);
  });

  test('says where everything is, how far the replica is behind, how much there is, and who there is', async () => {
    const seen = (await status(sandbox.folder))!;
    const place = (port: number) => ({ host: '127.0.0.1', port, database: 'shop' });
    expect(seen).toMatchObject({
      postgres, up: true, problems: {}, version: expect.stringMatching(new RegExp(`^${postgres}\\.\\d+$`)), agents: ['coding'], approvers: ['alice', 'bob'],
      primary: place(sandbox.primary.port), replica: place(sandbox.replica.port), staging: place(sandbox.staging.port),
      lag: { streaming: true, bytes: expect.any(Number), seconds: expect.any(Number) },
    });
    for (const name of ['primary', 'replica', 'staging', 'archive'] as const) expect(seen.sizes[name]).toBeGreaterThan(4_000_000);
    expect(seen.roles).toContainEqual({ place: 'primary', name: readRoleName('coding'), canLogIn: true, superuser: false, passwordUntil: expect.any(String), memberOf: [] });
    expect(seen.roles.filter(({ superuser }) => superuser).map(({ name }) => name)).toEqual(['rdsadmin', 'rdsadmin']);
  });

  test('keeps its passwords in files that only their owner reads, and nowhere else', async () => {
    const urls = await Promise.all((['reader', 'staging', 'app', 'admin'] as const).map(url));
    const passwords = [...urls.map((text) => new URL(text).password), readSecrets(sandbox.folder).replicator, new URL(sandbox.primary.superuserUrl('shop')).password];
    expect(passwords.every((password) => password.length >= 32)).toBe(true);
    const said = JSON.stringify(await status(sandbox.folder));
    for (const password of passwords) expect(said).not.toContain(password);
    const holding = readdirSync(sandbox.folder, { recursive: true, encoding: 'utf8' }).map((name) => join(sandbox.folder, name))
      .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true && !/\/(base|global|pg_\w+|archive)\//.test(file))
      .filter((file) => passwords.some((password) => readFileSync(file, 'utf8').includes(password)));
    const names = ['secrets.json', 'primary/superuser', 'replica/superuser', 'staging/superuser', 'replica/pgpass'];
    expect(holding.sort()).toEqual(names.map((name) => join(sandbox.folder, name)).sort());
    for (const file of holding) expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
  });

  test('leaves no process and no data when it is taken down, also the second time', async () => {
    const open = await connect(await url('app'));
    expect(await down(sandbox.folder)).toMatchObject({ was: 'up' });
    expect(serversIn(folder)).toEqual([]);
    expect(readdirSync(sandbox.folder)).toEqual(['.gitignore']);
    expect(await down(sandbox.folder)).toEqual({ was: 'nothing', processes: 0 });
    await open.end();
  });
});
