import { join } from 'node:path';
import { existsSync, readdirSync } from 'node:fs';
import { attack, type AttackReport, type Column } from '../../lib/sandbox/attack';
import { acceptedIds } from '../../lib/sandbox/attacks/accepted';
import { openArena, type Arena } from '../../lib/sandbox/attacks/arena';
import { ATTACKS } from '../../lib/sandbox/attacks/catalogue';
import { runColumn } from '../../lib/sandbox/attacks/column';
import { connected } from '../../lib/sandbox/connection';
import { SHOP, rolesFor } from '../../lib/sandbox/contents';
import { provisionRoles } from '../../lib/database/provision';
import { replayIncident } from '../../lib/sandbox/incident';
import { openFolder, removeFolder } from '../sandbox/fixture';

const MINUTES = 60_000;

function succeeded(report: AttackReport, column: Column): string[] {
  const { outcomes } = report.columns.find((result) => result.column === column)!;
  return [...outcomes].filter(([, { result }]) => result === 'succeeded').map(([id]) => id).sort();
}

describe.each([15, 16, 17, 18])('on PostgreSQL %i', (postgres) => {
  const folder = openFolder();
  let report: AttackReport;
  beforeAll(async () => { report = await attack({ folder, postgres, columns: ['replica', 'staging', 'primary'] }, SHOP); }, 4 * MINUTES);
  afterAll(() => removeFolder(folder));

  test('nothing succeeds that is not explained, every outcome says something, and nothing is left behind', () => {
    expect(report.problems).toEqual([]);
    expect(report.columns.map(({ left }) => left)).toEqual([[], [], []]);
  });

  test('on the replica exactly what is explained succeeds, and no row and no object was ever different', () => {
    const replica = report.columns.find(({ column }) => column === 'replica')!;
    expect(succeeded(report, 'replica')).toEqual(acceptedIds('replica', postgres));
    expect([...replica.changed]).toEqual([]);
    expect(replica.size.rows).toBeGreaterThan(15_000);
  });

  test('on the primary, without network and IAM, exactly what is explained succeeds', () => {
    expect(succeeded(report, 'primary')).toEqual(acceptedIds('primary', postgres));
  });

  test('there no existing row and no existing object was different after any attack', () => {
    const { changed } = report.columns.find(({ column }) => column === 'primary')!;
    const added = /^(large objects: 4 → |catalog pg_largeobject_metadata: 4 → 5|settings of roles: |roles: changed)/;
    // One entry more, about the role itself: none of the others is different.
    const ownDefaults = (id: string, change: string) => {
      const [, from, to] = /^catalog (?:pg_default_acl|pg_depend): (\d+) → (\d+) rows$/.exec(change) ?? [];
      return id.startsWith('W16') && from !== undefined && Number(to) === Number(from) + 1;
    };
    expect([...changed].filter(([id, changes]) => changes.some((change) => !added.test(change) && !ownDefaults(id, change)))).toEqual([]);
  });

  test('on staging only rows change: nothing is dropped, truncated, altered or planted', () => {
    const { changed, outcomes } = report.columns.find(({ column }) => column === 'staging')!;
    const allowed = /^(table|sequence|large objects|catalog pg_largeobject_metadata|settings of roles|roles)\b/;
    const ownDefaults = (id: string, change: string) => /^W(16|2o)/.test(id) && /^catalog (pg_default_acl|pg_depend): /.test(change);
    expect([...changed].filter(([id, changes]) => changes.some((change) => !allowed.test(change) && !ownDefaults(id, change)))).toEqual([]);
    for (const { id, family } of ATTACKS) if (family === 'definitions' && id !== 'W2o') expect([id, outcomes.get(id)!.result]).toEqual([id, 'refused']);
  });

  test('the sandbox of the attacks is gone', () => {
    expect(existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith('attack-')) : []).toEqual([]);
  });
});

describe('the blog post', () => {
  const folder = openFolder();
  afterAll(() => removeFolder(folder));

  test("its role lets through what the kit's refuses: writes, personal data, planted code; and none of it counts as a problem", async () => {
    const report = await attack({ folder, postgres: 17, columns: ['naive'] }, SHOP);
    expect(report.problems).toEqual([]);
    expect(succeeded(report, 'naive')).toEqual(expect.arrayContaining([
      'W3', 'W3d', 'W4', 'W4c', 'W4e', 'W4f', 'W4g', 'W4h', 'W5', 'W6', 'W7', 'W8', 'H2', 'P1', 'P2', 'P3', 'P3b', 'P4', 'P5', 'P16', 'P18', 'P18d', 'P18e', 'P19', 'P20', 'P24d', 'P25', 'P25b', 'W10h', 'E6', 'E8', 'P15',
    ]));
    expect(report.columns[0]!.left).toEqual([]);
  }, 4 * MINUTES);
});

describe('when one protection is gone, its attack succeeds', () => {
  const folder = openFolder();
  let arena: Arena;
  beforeAll(async () => {
    arena = await openArena({ folder: join(folder, 'arena'), postgres: 17 }, SHOP);
    arena.openPrimary();
  }, MINUTES);
  afterAll(async () => {
    await arena.end();
    await removeFolder(folder);
  });

  test.each([
    ['EXECUTE for everybody on a SECURITY DEFINER writer', 'GRANT EXECUTE ON FUNCTION purge_orders(timestamptz) TO PUBLIC', 'W4'],
    ['EXECUTE for everybody on a SECURITY DEFINER reader', 'GRANT EXECUTE ON FUNCTION customer_ssn(bigint) TO PUBLIC', 'P4'],
    ['EXECUTE for everybody on what an operator calls', 'GRANT EXECUTE ON FUNCTION set_stock(bigint, bigint) TO PUBLIC', 'W4c'],
    ['a table that is open to everybody', 'GRANT DELETE ON legacy_imports TO PUBLIC', 'W3'],
    ['a view that is open to everybody', 'GRANT UPDATE ON crm.inbox TO PUBLIC', 'W3d'],
    ['CREATE on schema public for everybody', 'GRANT CREATE ON SCHEMA public TO PUBLIC', 'W7'],
    ['temporary tables for everybody', 'GRANT TEMPORARY ON DATABASE shop TO PUBLIC', 'W8'],
    ['other databases for everybody', 'GRANT CONNECT ON DATABASE postgres TO PUBLIC', 'P15'],
    ['the columns of the read role', 'GRANT SELECT ON customers TO agent_coding_ro', 'P1'],
    ['one column', 'GRANT SELECT (ssn) ON customers TO agent_coding_ro', 'P1'],
    ['a view above personal data', 'GRANT SELECT ON customer_documents TO agent_coding_ro', 'P3b'],
    ['a large object that is open to everybody', 'GRANT SELECT, UPDATE ON LARGE OBJECT 24004 TO PUBLIC', 'P24d'],
    ['writing a large object that is open to everybody', 'GRANT SELECT, UPDATE ON LARGE OBJECT 24004 TO PUBLIC', 'W10h'],
    ['a view past row level security', 'GRANT SELECT ON crm.deal_contacts TO agent_coding_ro', 'P25b'],
    ['a materialized view over code', 'GRANT SELECT ON mailing_kept TO agent_coding_ro', 'P18d'],
    ['a partition', 'GRANT SELECT ON events_2026_q1 TO agent_coding_ro', 'P19'],
    ['a generated column', 'GRANT SELECT (search_key) ON customers TO agent_coding_ro', 'P20'],
    ['membership in the owner', 'GRANT app_owner TO agent_coding_ro', 'E9'],
    ['superuser', 'ALTER ROLE agent_coding_ro SUPERUSER', 'P12'],
    ['the time limit', 'ALTER ROLE agent_coding_ro RESET statement_timeout', 'E3b'],
    ['the connection limit', 'ALTER ROLE agent_coding_ro CONNECTION LIMIT 50', 'D7'],
  ])('%s', async (_, mutation, id) => {
    const attacks = ATTACKS.filter((one) => one.id === id);
    const ground = await arena.ground('primary');
    const outcome = async () => (await runColumn(ground, { attacks })).outcomes.get(id)!;
    const run = (sql: string) => connected(ground.server.superuserUrl('shop'), (admin) => admin.script(sql));
    expect((await outcome()).result).toBe('refused');
    await run(mutation);
    try {
      expect(await outcome()).toMatchObject({ result: 'succeeded' });
      expect((await outcome() as { accepted?: object }).accepted).toBeUndefined();
    } finally {
      await run(undo(mutation));
    }
  }, MINUTES);
});

function undo(mutation: string): string {
  if (/SUPERUSER/.test(mutation)) return 'ALTER ROLE agent_coding_ro NOSUPERUSER';
  if (/RESET statement_timeout/.test(mutation)) return "ALTER ROLE agent_coding_ro SET statement_timeout = '60s'";
  if (/CONNECTION LIMIT/.test(mutation)) return 'ALTER ROLE agent_coding_ro CONNECTION LIMIT 5';
  return mutation.replace(/^GRANT/, 'REVOKE').replace(/ TO (\S+)$/, ' FROM $1');
}

describe('a network that lets agents in', () => {
  const folder = openFolder();
  afterAll(() => removeFolder(folder));

  test('is found by the attacks on the replica', async () => {
    const arena = await openArena({ folder: join(folder, 'arena'), postgres: 17 }, SHOP);
    try {
      const attacks = ATTACKS.filter(({ id }) => id === 'N7');
      const ground = await arena.ground('replica');
      expect((await runColumn(ground, { attacks })).outcomes.get('N7')).toMatchObject({ result: 'refused', by: 'network' });
      arena.openPrimary();
      expect((await runColumn(ground, { attacks })).outcomes.get('N7')).toMatchObject({ result: 'succeeded', effects: ['logged in', expect.any(String)] });
    } finally {
      await arena.end();
    }
  }, MINUTES);
});

describe.each([17, 18])('with the login trigger, on PostgreSQL %i', (postgres) => {
  const folder = openFolder();
  afterAll(() => removeFolder(folder));

  test('nothing at all succeeds on the primary, and the replica still answers', async () => {
    const arena = await openArena({ folder: join(folder, 'arena'), postgres }, SHOP);
    try {
      // As the superuser: stock PostgreSQL lets no one else make an event trigger. It takes passwords away, so tokens come later.
      await connected(arena.primary.superuserUrl('shop'), async (sql) => {
        const wanted = await rolesFor(sql, 'primary', ['coding'], 'built-in');
        await provisionRoles(sql, { ...wanted, refuseAgentsOnPrimary: true });
      });
      const replica = await arena.ground('replica');
      const ground = await arena.ground('primary');
      arena.openPrimary();
      // Enough of every family; the rest ends at the same login.
      const attacks = ATTACKS.filter(({ id, family }, index) => family !== 'the way in' && (index % 4 === 0 || acceptedIds('primary', postgres).includes(id)));
      const outcomes = [...(await runColumn(ground, { attacks })).outcomes];
      expect(outcomes.length).toBeGreaterThan(80);
      expect(outcomes.filter(([, outcome]) => outcome.result !== 'not here' && !(outcome.result === 'refused' && outcome.by === 'login'))).toEqual([]);
      const said = outcomes.flatMap(([, outcome]) => (outcome.result === 'refused' ? [outcome.said] : []));
      // One is refused even earlier, for what it asks in the first message of its connection.
      expect(new Set(said.filter((text) => !text.startsWith('permission denied to set parameter')))).toEqual(new Set(['agents may not log in to a primary']));
      const reads = await runColumn(replica, { attacks: ATTACKS.filter(({ id }) => id === 'P10d') });
      expect(reads.outcomes.get('P10d')).toMatchObject({ result: 'succeeded' });
    } finally {
      await arena.end();
    }
  }, 2 * MINUTES);
});

test('the incident: production is gone with the first two logins, and untouched with the third', async () => {
  const folder = openFolder();
  const arena = await openArena({ folder: join(folder, 'arena'), postgres: 17 }, SHOP);
  try {
    const [application, blog, kit] = await replayIncident(arena);
    const whole = { executives: 1206, companies: 1196 };
    expect([application!.before, application!.left]).toEqual([whole, { executives: 0, companies: 0 }]);
    expect([blog!.before, blog!.left]).toEqual([whole, { executives: 0, companies: 0 }]);
    expect([kit!.before, kit!.left]).toEqual([whole, whole]);
    expect(kit!.lines.filter(({ worked }) => worked)).toEqual([]);
    expect(kit!.lines.map(({ answer }) => answer)).toEqual(expect.arrayContaining([
      'ERROR:  25006: cannot execute DELETE in a read-only transaction', 'ERROR:  42501: permission denied for procedure wipe_crm',
    ]));
    // Played in copies: the server of the blog post is whole again.
    const naive = await arena.ground('naive');
    const { rows: [left] } = await connected(naive.server.superuserUrl('shop'), (sql) => sql.query('SELECT count(*)::int AS executives FROM crm.executives'));
    expect(left).toEqual({ executives: 1206 });
  } finally {
    await arena.end();
    await removeFolder(folder);
  }
}, 2 * MINUTES);
