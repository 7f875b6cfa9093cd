import { connected } from '../../lib/sandbox/connection';
import { PERSONAL_COLUMNS, PERSONAL_DATA, SEED, seedSql } from '../../lib/sandbox/seed';
import { snapshot } from '../../lib/sandbox/snapshot';
import { testServer } from './fixture';

let pg: Awaited<ReturnType<typeof testServer>>;
beforeAll(async () => { pg = await testServer(17); });
afterAll(() => pg.remove());

async function seeded(name: string, options?: Parameters<typeof seedSql>[0]): Promise<string> {
  await connected(pg.superuserUrl('postgres'), (sql) => sql.script(`CREATE DATABASE ${name}`));
  await connected(pg.superuserUrl(name), (sql) => sql.script(seedSql(options)));
  return pg.superuserUrl(name);
}

async function one(url: string, query: string): Promise<unknown> {
  const { rows: [row] } = await connected(url, (sql) => sql.query<Record<string, unknown>>(query));
  return Object.values(row!)[0];
}

describe('the seed', () => {
  let url: string;
  beforeAll(async () => { url = await seeded('shop'); });

  test('has exactly the executives and companies of the incident', async () => {
    expect([SEED.executives, SEED.companies]).toEqual([1206, 1196]);
    expect(await one(url, 'SELECT count(*)::int FROM crm.executives')).toBe(1206);
    expect(await one(url, 'SELECT count(*)::int FROM crm.companies')).toBe(1196);
  });

  test('is the same every time, row for row', async () => {
    const rows = async (from: string) => [...await connected(from, snapshot)].filter(([what]) => /^(table|sequence|large objects)/.test(what));
    const first = await rows(url);
    expect(first.length).toBeGreaterThan(25);
    expect(await rows(await seeded('again'))).toEqual(first);
  });

  test('--scale multiplies orders and events, and nothing of the incident', async () => {
    const big = await seeded('big', { scale: 3 });
    for (const [table, times] of [['orders', 3], ['order_items', 3], ['events', 3], ['customers', 1], ['crm.executives', 1]] as const) {
      expect(await one(big, `SELECT count(*)::int FROM ${table}`)).toBe(times * Number(await one(url, `SELECT count(*)::int FROM ${table}`)));
    }
  });

  test.each(PERSONAL_COLUMNS)('$schema.$table.$column exists and is not empty', async ({ schema, table, column }) => {
    expect(await one(url, `SELECT count(${column}) > 0 FROM ${schema}.${table}`)).toBe(true);
  });

  test('personal data looks like personal data, so that a leak is recognized', async () => {
    for (const [kind, query] of [
      ['an e-mail address', 'SELECT string_agg(email, chr(10)) FROM customers'],
      ['a social security number', 'SELECT string_agg(ssn, chr(10)) FROM customers'],
      ['a telephone number', 'SELECT string_agg(direct_phone, chr(10)) FROM crm.executives'],
      ['a card number', 'SELECT string_agg(pan, chr(10)) FROM crm.payment_cards'],
    ] as const) {
      const values = String(await one(url, query)).split('\n');
      expect(values.filter((value) => !PERSONAL_DATA[kind]!.test(value))).toEqual([]);
    }
    expect(await one(url, "SELECT count(*) > 10 FROM customers WHERE full_name LIKE '%Canarybird'")).toBe(true);
  });

  test('has what usually goes wrong: rights of everybody, SECURITY DEFINER, partitions, children, generated columns, large objects', async () => {
    for (const query of [
      "SELECT has_table_privilege('public', 'legacy_imports', 'DELETE')",
      "SELECT has_schema_privilege('public', 'public', 'CREATE')",
      "SELECT has_function_privilege('public', 'purge_orders(timestamptz)', 'EXECUTE')",
      'SELECT count(*) = 9 FROM pg_proc WHERE prosecdef AND proowner = to_regrole($$app_owner$$)',
      "SELECT count(*) > 2 FROM pg_inherits WHERE inhparent = 'events'::regclass",
      "SELECT count(*) = 1 FROM pg_inherits WHERE inhparent = 'customers'::regclass",
      "SELECT count(*) > 0 FROM pg_attribute WHERE attgenerated = 's'",
      'SELECT count(*) = 4 FROM pg_largeobject_metadata',
      "SELECT count(*) = 1 FROM pg_largeobject_metadata, aclexplode(lomacl) WHERE grantee = 0 AND privilege_type = 'UPDATE'",
      "SELECT relrowsecurity FROM pg_class WHERE oid = 'crm.deals'::regclass",
      "SELECT count(*) = 4 FROM pg_matviews WHERE schemaname = 'public'",
    ]) expect([query, await one(url, query)]).toEqual([query, true]);
  });
});

test('is small, and there at once', async () => {
  const start = performance.now();
  const url = await seeded('quick');
  // A tenth of it on a machine with nothing else to do.
  expect(performance.now() - start).toBeLessThan(4_000);
  expect(Number(await one(url, 'SELECT pg_database_size(current_database())'))).toBeLessThan(20 * 1024 * 1024);
});

test.each([0, -1, 1.5, Number.NaN, 10_001])('a scale of %s is refused', (scale) => {
  expect(() => seedSql({ scale })).toThrow(`the scale of the seed is ${scale}; write a whole number from 1 to 10000`);
});
