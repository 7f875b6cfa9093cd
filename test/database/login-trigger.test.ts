import { connect, type Connection } from '../../lib/sandbox/connection';
import { provisionRoles } from '../../lib/database/provision';
import type { WantedRoles } from '../../lib/core/grants';
import { testServer } from '../sandbox/fixture';
import { as, database, READER, SHOP, urlAs } from './fixture';

const GUARDED: WantedRoles = { ...READER, writer: { schemas: [{ schema: 'public' }] }, refuseAgentsOnPrimary: true };

describe.each([17, 18])('the login trigger on PostgreSQL %i', (major) => {
  let server: Awaited<ReturnType<typeof testServer>>;
  let root: Connection;

  beforeAll(async () => {
    server = await testServer(major);
    await database(server, 'shop', SHOP);
    const master = await connect(urlAs(server, 'master', 'shop'));
    const { refused } = await provisionRoles(master, GUARDED);
    await master.end();
    // Stock PostgreSQL: only a superuser makes event triggers.
    expect(refused.at(-1)!.because).toMatch(/permission denied to create event trigger/);
    root = await connect(server.superuserUrl('shop'));
  });
  afterAll(async () => {
    await root.end();
    await server.remove();
  });

  const login = async (user: string, database = 'shop', options = '') => {
    const sql = await as(server, user, 'postgres').catch(() => undefined);
    await sql?.end();
    const own = await connect(urlAs(server, user, database) + options);
    await own.query('SELECT 1');
    await own.end();
  };

  test('agents can log in before it is there', async () => {
    await expect(login('agent_coding_ro')).resolves.toBeUndefined();
  });

  test('a superuser, or the master user of RDS, makes it; a second run does nothing', async () => {
    const { settings } = await provisionRoles(root, GUARDED);
    expect(settings.filter((statement) => statement.includes('EVENT TRIGGER'))).toHaveLength(1);
    expect((await provisionRoles(root, GUARDED)).settings).toEqual([]);
    const { rows } = await root.query("SELECT evtevent AS event, evtenabled AS enabled FROM pg_event_trigger");
    expect(rows).toEqual([{ event: 'login', enabled: 'A' }]);
  });

  test('agents cannot log in to a primary, whatever they set', async () => {
    for (const options of ['', '?options=-c%20search_path%3Dpublic', '?options=-c%20role%3Dagent_coding_ro', '?options=-c%20statement_timeout%3D1']) {
      await expect(login('agent_coding_ro', 'shop', options)).rejects.toThrow('agents may not log in to a primary');
    }
    for (const options of ['?options=-c%20event_triggers%3Doff', '?options=-c%20session_replication_role%3Dreplica']) {
      await expect(login('agent_coding_ro', 'shop', options)).rejects.toThrow(/permission denied to set parameter/);
    }
  });

  test('nobody else is locked out, even where everything that it could lean on is taken away or replaced', async () => {
    await root.script(`CREATE FUNCTION public.pg_is_in_recovery() RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''hijacked''; END';
      CREATE FUNCTION public.yes(name, name) RETURNS boolean LANGUAGE sql AS 'SELECT true';
      CREATE OPERATOR public.= (LEFTARG = name, RIGHTARG = name, FUNCTION = public.yes);
      REVOKE EXECUTE ON FUNCTION pg_catalog.pg_is_in_recovery() FROM PUBLIC; REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC; REVOKE ALL ON SCHEMA agent_guardrails FROM PUBLIC`);
    for (const user of ['app_user', 'app_owner', 'master', 'dbguard_gate_writer']) {
      await expect(login(user, 'shop', '?options=-c%20search_path%3Dpublic%2Cpg_catalog')).resolves.toBeUndefined();
    }
    await expect(login('agent_coding_ro', 'shop', '?options=-c%20search_path%3Dpublic%2Cpg_catalog')).rejects.toThrow();
    await root.script('GRANT EXECUTE ON FUNCTION pg_catalog.pg_is_in_recovery() TO PUBLIC; GRANT USAGE ON LANGUAGE plpgsql TO PUBLIC; DROP OPERATOR public.= (name, name)');
  });

  test('an agent that is not wanted any more, or a new one, changes whom it refuses', async () => {
    const renamed: WantedRoles = { ...GUARDED, agents: [{ ...GUARDED.agents[0]!, name: 'review' }] };
    await provisionRoles(root, renamed);
    await expect(login('agent_review_ro')).rejects.toThrow('agents may not log in to a primary');
    await expect(login('agent_coding_ro')).rejects.toThrow(/not permitted to log in/);
  });

  test('without it in the configuration it is switched off, and stays', async () => {
    await provisionRoles(root, { ...GUARDED, refuseAgentsOnPrimary: false });
    await expect(login('agent_coding_ro')).resolves.toBeUndefined();
    expect((await root.query('SELECT evtenabled AS enabled FROM pg_event_trigger')).rows).toEqual([{ enabled: 'D' }]);
    await provisionRoles(root, GUARDED);
    await expect(login('agent_coding_ro')).rejects.toThrow('agents may not log in to a primary');
  });

  test('where somebody made it fire at other times only, the next run mends it', async () => {
    await root.script('ALTER EVENT TRIGGER agent_guardrails_login ENABLE REPLICA');
    await expect(login('agent_coding_ro')).resolves.toBeUndefined();
    await provisionRoles(root, GUARDED);
    await expect(login('agent_coding_ro')).rejects.toThrow('agents may not log in to a primary');
    await root.script('ALTER EVENT TRIGGER agent_guardrails_login ENABLE');
    await provisionRoles(root, { ...GUARDED, refuseAgentsOnPrimary: false });
    await expect(login('agent_coding_ro')).resolves.toBeUndefined();
  });
});
