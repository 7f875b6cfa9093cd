import { connect, type Connection } from '../../lib/sandbox/connection';
import { provisionRoles, RolesRefused } from '../../lib/database/provision';
import type { WantedRoles } from '../../lib/core/grants';
import { testServer } from '../sandbox/fixture';
import { as, database, outcome, PERSONAL, READER, SHOP, urlAs } from './fixture';

const EVERYWHERE = [{ schema: 'public' }, { schema: 'billing' }];

describe.each([15, 16, 17, 18])('database roles on PostgreSQL %i', (major) => {
  let server: Awaited<ReturnType<typeof testServer>>;
  let master: Connection;
  let count = 0;
  let name: string;

  beforeAll(async () => {
    server = await testServer(major);
  });
  afterAll(() => server.remove());
  beforeEach(async () => {
    name = `shop${++count}`;
    await database(server, name, SHOP);
    master = await connect(urlAs(server, 'master', name));
  });
  afterEach(async () => {
    // Roles are the server's, not the database's: the next test starts without them.
    await provisionRoles(master, { agents: [] }).catch(() => undefined);
    await master.end();
    const root = await connect(server.superuserUrl(name));
    const { rows } = await root.query<{ name: string }>("SELECT rolname AS name FROM pg_roles WHERE rolname ~ '^(agent_|dbguard_)'");
    for (const role of rows) await root.script(`DROP OWNED BY "${role.name}" CASCADE; DROP ROLE "${role.name}"`);
    await root.end();
  });

  const asAgent = (text: string, role = 'agent_coding_ro') => withRole(role, (sql) => outcome(sql, text));
  async function withRole<Result>(role: string, use: (sql: Connection) => Promise<Result>): Promise<Result> {
    const sql = await as(server, role, name);
    try {
      return await use(sql);
    } finally {
      await sql.end();
    }
  }
  const asOwner = async (text: string) => {
    const sql = await connect(urlAs(server, 'app_owner', name));
    await sql.script(text);
    await sql.end();
  };
  const asRoot = async (text: string) => {
    const sql = await connect(server.superuserUrl(name));
    await sql.script(text);
    await sql.end();
  };

  test('the agent reads what was chosen and no personal data, whatever the way', async () => {
    const { warnings } = await provisionRoles(master, READER);

    expect(warnings).toEqual([]);
    expect(await asAgent('SELECT id, name FROM users ORDER BY id LIMIT 1')).toBe('{"id":"1","name":"Ana"}');
    expect(await asAgent('SELECT total FROM totals')).toBe('{"total":"30"}');
    expect(await asAgent('SELECT page FROM visits')).toBe('{"page":"/"}');
    for (const leak of [
      'SELECT email FROM users', 'SELECT * FROM users', 'SELECT to_jsonb(u) FROM users u', 'SELECT u FROM users u', 'SELECT shout FROM users',
      'SELECT email FROM billing.payers', 'SELECT pan FROM billing.payers', 'SELECT ip FROM visits', 'SELECT ip FROM visits_2026',
      'SELECT everything FROM contacts', 'SELECT everything FROM billing.contact_list', 'SELECT email FROM billing.mails', 'SELECT n FROM billing.mail_count',
    ]) expect([leak, await asAgent(leak)]).toEqual([leak, expect.stringMatching(/^permission denied/)]);
    expect(await asAgent("SELECT count(*)::int AS n FROM pg_stats WHERE attname IN ('email', 'ip', 'pan', 'shout')")).toBe('{"n":0}');
  });

  test('the agent cannot change rows, tables or roles, with read-only switched off', async () => {
    await provisionRoles(master, READER);

    await withRole('agent_coding_ro', async (sql) => {
      expect(await outcome(sql, 'DELETE FROM orders')).toBe('cannot execute DELETE in a read-only transaction');
      await sql.query('SET default_transaction_read_only = off');
      for (const attack of [
        'DELETE FROM orders', 'UPDATE orders SET total = 0', 'INSERT INTO orders (total) VALUES (1)', 'TRUNCATE orders', "SELECT nextval('orders_id_seq')",
        'DROP TABLE orders', 'ALTER TABLE orders ADD x int', 'CREATE TABLE public.junk ()', 'CREATE SCHEMA junk', 'SET ROLE app_owner', 'SET ROLE master',
        "ALTER ROLE app_user PASSWORD 'x'", 'ALTER ROLE CURRENT_USER CREATEROLE', 'SELECT * FROM orders FOR UPDATE', "COMMENT ON ROLE agent_coding_ro IS 'x'",
      ]) expect([attack, await outcome(sql, attack)]).toEqual([attack, expect.stringMatching(/permission denied|must be (owner|member)|must have CREATEROLE|only roles with/i)]);
    });
  });

  test('a second run does nothing and writes nothing', async () => {
    await provisionRoles(master, READER);
    const next = async () => (await master.query<{ next: string }>('SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS next')).rows[0]!.next;
    const before = await next();

    const { statements, settings } = await provisionRoles(master, READER);

    expect([statements, settings]).toEqual([[], []]);
    expect(await next()).toBe(before);
  });

  test('what is no longer wanted is revoked, and a role without an agent cannot log in', async () => {
    const staging = { schemas: EVERYWHERE };
    await provisionRoles(master, { agents: [{ name: 'coding', read: { schemas: EVERYWHERE }, staging }, { name: 'other', read: { schemas: EVERYWHERE } }] });
    expect(await asAgent('SELECT email FROM users LIMIT 1')).toContain('@example.test');

    await provisionRoles(master, { agents: [{ name: 'coding', read: { schemas: [{ schema: 'public', tables: ['orders'] }] } }] });

    expect(await asAgent('SELECT count(*)::int AS n FROM orders')).toBe('{"n":2}');
    for (const closed of ['SELECT id FROM users', 'SELECT * FROM totals', 'SELECT * FROM billing.mails']) {
      expect(await asAgent(closed)).toMatch(/^permission denied/);
    }
    for (const gone of ['agent_other_ro', 'agent_coding_rw']) {
      const { rows } = await master.query<{ login: boolean; left: number }>(
        `SELECT rolcanlogin AS login, (SELECT count(*)::int FROM pg_shdepend WHERE refobjid = r.oid) AS left FROM pg_roles r WHERE rolname = $1`, [gone],
      );
      expect(rows).toEqual([{ login: false, left: 0 }]);
    }
    expect((await provisionRoles(master, { agents: [{ name: 'coding', read: { schemas: [{ schema: 'public', tables: ['orders'] }] } }] })).statements).toEqual([]);
  });

  test('a column that becomes personal data is closed by the next run', async () => {
    await provisionRoles(master, { agents: [{ name: 'coding', read: { schemas: EVERYWHERE } }] });
    await provisionRoles(master, READER);
    expect(await asAgent('SELECT email FROM users')).toMatch(/^permission denied/);
    expect(await asAgent('SELECT name FROM users LIMIT 1')).toContain('Ana');
  });

  test('tables that come later are readable at once, or closed where there is personal data', async () => {
    await provisionRoles(master, { agents: [{ name: 'coding', read: { schemas: EVERYWHERE } }, { name: 'careful', read: READER.agents[0]!.read! }] });

    await asOwner('CREATE TABLE billing.later AS SELECT 1 AS a; CREATE VIEW public.leak AS SELECT email FROM users; ALTER TABLE orders ADD note text');

    expect(await asAgent('SELECT a FROM billing.later')).toBe('{"a":1}');
    for (const later of ['SELECT a FROM billing.later', 'SELECT * FROM leak', 'SELECT note FROM orders']) {
      expect(await asAgent(later, 'agent_careful_ro')).toMatch(/^permission denied/);
    }
    await provisionRoles(master, READER);
    expect(await asAgent('SELECT a FROM billing.later')).toBe('{"a":1}');
    expect(await asAgent('SELECT * FROM leak')).toMatch(/^permission denied/);
  });

  test('what somebody gave an agent by hand is taken back, columns and memberships included', async () => {
    await provisionRoles(master, READER);
    await asOwner(`GRANT DELETE ON orders TO agent_coding_ro; GRANT UPDATE (total) ON orders TO agent_coding_ro; GRANT SELECT ON users TO agent_coding_ro WITH GRANT OPTION;
      GRANT USAGE ON SEQUENCE orders_id_seq TO agent_coding_ro; GRANT EXECUTE ON FUNCTION purge() TO agent_coding_ro; GRANT CREATE ON SCHEMA billing TO agent_coding_ro;
      ALTER DEFAULT PRIVILEGES GRANT INSERT ON TABLES TO agent_coding_ro`);
    await master.script(`GRANT TEMPORARY ON DATABASE "${name}" TO agent_coding_ro; ALTER ROLE agent_coding_ro CREATEDB CONNECTION LIMIT 99; ALTER ROLE agent_coding_ro SET statement_timeout = 0`);
    await asRoot('GRANT UPDATE ON orders TO app_user WITH GRANT OPTION; SET ROLE app_user; GRANT UPDATE ON orders TO agent_coding_ro');

    const { statements } = await provisionRoles(master, READER);

    expect(statements.join('\n')).toContain('ALTER ROLE "agent_coding_ro" NOCREATEDB CONNECTION LIMIT 5');
    expect((await provisionRoles(master, READER)).statements).toEqual([]);
    const { rows } = await master.query(`SELECT has_any_column_privilege('agent_coding_ro', 'public.orders', 'UPDATE') AS update,
      has_table_privilege('agent_coding_ro', 'public.orders', 'DELETE') AS delete, has_column_privilege('agent_coding_ro', 'public.users', 'email', 'SELECT') AS mail,
      has_sequence_privilege('agent_coding_ro', 'public.orders_id_seq', 'USAGE') AS draw, has_schema_privilege('agent_coding_ro', 'billing', 'CREATE') AS create`);
    expect(rows).toEqual([{ update: false, delete: false, mail: false, draw: false, create: false }]);
  });

  test('an agent that became a member of another role stops the run, or loses it', async () => {
    await provisionRoles(master, READER);
    await asRoot('GRANT app_owner TO agent_coding_ro');

    const again = provisionRoles(master, READER);

    if (major >= 16) await expect(again).rejects.toThrow(/permission denied to revoke|"app_owner"/);
    else {
      await again;
      expect(await asAgent('SET ROLE app_owner')).toMatch(/permission denied/);
    }
  });

  test('the staging role changes rows and nothing else', async () => {
    await provisionRoles(master, { agents: [{ name: 'coding', staging: { schemas: EVERYWHERE } }] });

    await withRole('agent_coding_rw', async (sql) => {
      expect(await outcome(sql, 'INSERT INTO orders (total) VALUES (5) RETURNING total')).toBe('{"total":"5"}');
      expect(await outcome(sql, 'DELETE FROM orders WHERE total = 5 RETURNING 1 AS one')).toBe('{"one":1}');
      expect(await outcome(sql, 'CREATE TEMP TABLE t AS SELECT 1 AS a')).toBe('null');
      for (const attack of ['TRUNCATE orders', 'DROP TABLE orders', 'ALTER TABLE orders ADD x int', 'CREATE TABLE public.junk ()', 'CREATE INDEX ON orders (total)', 'SET ROLE app_owner']) {
        expect([attack, await outcome(sql, attack)]).toEqual([attack, expect.stringMatching(/permission denied|must be owner/)]);
      }
    });
  });

  test('the writer changes rows, and structure only where it was made a member of the owner', async () => {
    await asRoot(`GRANT app_owner TO master WITH ADMIN OPTION`);
    await provisionRoles(master, { agents: [], writer: { schemas: EVERYWHERE } });
    expect(await asAgent('ALTER TABLE orders ADD note text', 'dbguard_gate_writer')).toMatch(/must be owner/);
    expect(await asAgent('UPDATE orders SET total = total RETURNING 1 AS one', 'dbguard_gate_writer')).toBe('{"one":1}');

    await provisionRoles(master, { agents: [], writer: { schemas: EVERYWHERE, ownersForSchemaChanges: ['app_owner'] } });
    expect(await asAgent('ALTER TABLE orders ADD note text', 'dbguard_gate_writer')).toBe('null');

    await provisionRoles(master, { agents: [], writer: { schemas: EVERYWHERE } });
    expect(await asAgent('ALTER TABLE orders DROP note', 'dbguard_gate_writer')).toMatch(/must be owner/);
  });

  test('what PUBLIC gives away is reported, and nobody else is touched', async () => {
    const { findings } = await provisionRoles(master, READER);

    expect(findings.filter(({ id }) => id !== 'public-connect').map(({ id, subject }) => `${id} ${subject}`).sort()).toEqual(
      ['public-routines public', 'public-tables public', `public-temporary ${name}`],
    );
    expect(findings.find(({ id }) => id === 'public-routines')!.sql).toEqual(['REVOKE EXECUTE ON ROUTINE public.mail_of(bigint), public.purge() FROM PUBLIC']);
    expect(await asAgent('SELECT mail_of(1)')).toBe('{"mail_of":"ana@example.test"}');
  });

  test('where it was asked for, PUBLIC is closed and the application keeps what it had', async () => {
    const closed: WantedRoles = { ...READER, closePublic: { close: ['tables', 'create', 'temporary', 'routines'], keepFor: ['app_user'] } };
    await asRoot('GRANT CREATE ON SCHEMA public TO PUBLIC');

    const { findings } = await provisionRoles(master, closed);

    expect(findings.map(({ id }) => id).filter((id) => id !== 'public-connect')).toEqual([]);
    expect((await provisionRoles(master, closed)).statements).toEqual([]);
    await withRole('agent_coding_ro', async (sql) => {
      await sql.query('SET default_transaction_read_only = off');
      for (const attack of ['SELECT mail_of(1)', 'SELECT purge()', 'DELETE FROM legacy', 'CREATE TEMP TABLE t ()', 'CREATE TABLE public.junk ()']) {
        expect([attack, await outcome(sql, attack)]).toEqual([attack, expect.stringMatching(/permission denied/)]);
      }
    });
    const user = await connect(urlAs(server, 'app_user', name));
    expect(await outcome(user, 'SELECT mail_of(1)')).toContain('ana@example.test');
    expect(await outcome(user, 'DELETE FROM legacy')).toBe('null');
    await user.end();
    await asOwner("CREATE FUNCTION later() RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT email FROM public.users LIMIT 1'");
    expect(await asAgent('SELECT later()')).toMatch(/permission denied/);
  });

  test('personal data that everybody can read is reported by name', async () => {
    await asOwner('GRANT SELECT ON users TO PUBLIC');
    const { findings } = await provisionRoles(master, READER);
    expect(findings.map(({ because }) => because)).toContain('agent_coding_ro can read public.users.email, which was to be left out, because everybody can');
  });

  test('fails when a role of that name is somebody else\'s, and leaves it alone', async () => {
    await master.script('CREATE ROLE agent_coding_ro LOGIN CONNECTION LIMIT 77');
    await expect(provisionRoles(master, READER)).rejects.toThrow(
      "there is a role agent_coding_ro already, and it is not the kit's; rename it, or, if it may be taken over with all that it has, " +
      `run: COMMENT ON ROLE "agent_coding_ro" IS 'cdk-agent-db-guardrails (default):'`,
    );
    expect((await master.query("SELECT rolconnlimit AS n FROM pg_roles WHERE rolname = 'agent_coding_ro'")).rows).toEqual([{ n: 77 }]);
  });

  test('fails when schemas, tables, columns, roles are unknown: all of them at once', async () => {
    const wrong: WantedRoles = {
      agents: [{ name: 'coding', read: {
        schemas: [{ schema: 'shop' }, { schema: 'billing', tables: ['payrs'] }],
        personalData: [...PERSONAL, { schema: 'public', table: 'users', column: 'emial' }, { schema: 'public', table: 'user', column: 'email' }],
        openViews: [{ schema: 'public', view: 'contact' }],
      } }],
      writer: { schemas: [{ schema: 'public' }], ownersForSchemaChanges: ['owner'] },
      closePublic: { close: ['tables'], keepFor: ['app'] },
    };
    const refused = await provisionRoles(master, wrong).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RolesRefused);
    expect((refused as RolesRefused).problems).toEqual([
      'dbguard_gate_writer shall be a member of owner, which does not exist; correct the name or take it out',
      `there is no schema shop in database ${name}; write one of: billing, public`,
      'there is no table or view billing.payrs; correct the name or take it out',
      'personalData names public.users.emial; the table has no such column; correct it or take it out',
      'personalData names public.user, which does not exist; correct it or take it out',
      'openViews names public.contact, which does not exist; correct it or take it out',
      'closePublic.keepFor names role app, which does not exist; correct the name or take it out',
    ]);
    expect((await master.query("SELECT rolname FROM pg_roles WHERE rolname ~ '^agent_'")).rows).toEqual([]);
  });

  test('fails when whoever runs it may not act for an owner, and says what to run', async () => {
    await asRoot("CREATE ROLE stranger; CREATE TABLE public.theirs (); ALTER TABLE public.theirs OWNER TO stranger");
    await expect(provisionRoles(master, READER)).resolves.toBeDefined(); // it has no column to grant
    await asRoot('ALTER TABLE public.theirs ADD a int');
    await expect(provisionRoles(master, READER)).rejects.toThrow(
      'stranger owns "public"."theirs", and master is no member of it; run as a superuser, or as a role with ADMIN on stranger: ' +
      `GRANT "stranger" TO "master"${major >= 16 ? ' WITH INHERIT FALSE, SET TRUE' : ''}`,
    );
    await asRoot(`GRANT stranger TO master${major >= 16 ? ' WITH INHERIT FALSE, SET TRUE' : ''}`);
    await provisionRoles(master, READER);
    await asRoot('DROP TABLE public.theirs; DROP ROLE stranger');
  });

  test('fails when whoever runs it may not create roles', async () => {
    const user = await connect(urlAs(server, 'app_user', name));
    await expect(provisionRoles(user, READER)).rejects.toThrow('app_user may not create roles; connect as the master user, or run as one who may: ALTER ROLE "app_user" CREATEROLE');
    await user.end();
  });

  test('a dry run tells the same statements and changes nothing', async () => {
    const { statements } = await provisionRoles(master, READER, { dryRun: true });
    expect((await master.query("SELECT rolname FROM pg_roles WHERE rolname ~ '^agent_'")).rows).toEqual([]);
    expect((await provisionRoles(master, READER)).statements).toEqual(statements);
  });

  test('settings that the server refuses are reported, those it lets the master user make are made', async () => {
    expect((await provisionRoles(master, READER)).refused).toEqual([
      { statement: `ALTER ROLE "agent_coding_ro" SET log_statement = 'all'`, because: 'permission denied to set parameter "log_statement"' },
      { statement: `ALTER ROLE "agent_coding_ro" SET temp_file_limit = '1024MB'`, because: 'permission denied to set parameter "temp_file_limit"' },
    ]);
    await asRoot('GRANT SET ON PARAMETER log_statement, temp_file_limit TO master');
    const report = await provisionRoles(master, READER);
    await asRoot('REVOKE SET ON PARAMETER log_statement, temp_file_limit FROM master');
    expect([report.refused, report.settings.length]).toEqual([[], 2]);
    expect((await provisionRoles(master, READER)).refused).toEqual([]);
  });

  test('a password or a setting that an agent gave itself on the primary is gone after the next run of a superuser', async () => {
    await provisionRoles(master, READER);
    await withRole('agent_coding_ro', async (sql) => {
      await sql.query('SET default_transaction_read_only = off');
      await sql.query('ALTER ROLE CURRENT_USER SET statement_timeout = 0');
      await sql.query("ALTER ROLE CURRENT_USER SET work_mem = '1GB'");
    });
    const root = await connect(server.superuserUrl(name));
    const { statements, settings } = await provisionRoles(root, READER);
    await root.end();
    expect(statements.join('\n')).toContain('ALTER ROLE "agent_coding_ro" PASSWORD NULL');
    expect(statements.join('\n')).toContain(`ALTER ROLE "agent_coding_ro" SET statement_timeout = '30s'`);
    expect(settings.join('\n')).toContain('ALTER ROLE "agent_coding_ro" RESET "work_mem"');
  });

  test('roles of another deployment are neither changed nor taken', async () => {
    await provisionRoles(master, { ...READER, deployment: 'blue' });
    await provisionRoles(master, { deployment: 'green', agents: [] });
    expect(await asAgent('SELECT id FROM users LIMIT 1')).toBe('{"id":"1"}');
    await expect(provisionRoles(master, { ...READER, deployment: 'green' })).rejects.toThrow(
      "role agent_coding_ro belongs to deployment 'blue' of the kit; name the agent otherwise, or use that deployment",
    );
    await provisionRoles(master, { deployment: 'blue', agents: [] });
  });
});
