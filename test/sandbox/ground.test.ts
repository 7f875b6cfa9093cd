import { meter, type Ground, type Meter } from '../../lib/sandbox/attacks/ground';
import { connected } from '../../lib/sandbox/connection';
import { seedSql } from '../../lib/sandbox/seed';
import { differences } from '../../lib/sandbox/snapshot';
import { testServer } from './fixture';

let pg: Awaited<ReturnType<typeof testServer>>;
let measure: Meter;
let ended = 0;
const run = (script: string) => connected(pg.superuserUrl('shop'), (sql) => sql.script(script));

beforeAll(async () => {
  pg = await testServer(17, { settings: { autovacuum: false } });
  await connected(pg.superuserUrl('postgres'), (sql) => sql.script("CREATE ROLE agent LOGIN PASSWORD 'test'; ALTER ROLE agent SET work_mem = '4MB'"));
  await connected(pg.superuserUrl('postgres'), (sql) => sql.script('CREATE DATABASE shop'));
  await run(seedSql());
  const ground: Ground = { column: 'naive', server: pg, measured: pg, database: 'shop', agent: { user: 'agent', password: 'test' }, others: {} };
  measure = await meter(ground, { drop: () => Promise.resolve(void ended++) });
});
afterAll(async () => {
  try {
    await measure.end();
  } finally {
    await pg.remove();
  }
});

test('a number that was taken from a sequence is seen also when the log of changes is ahead of it', async () => {
  let silent = 0;
  for (let attempt = 0; attempt < 8; attempt++) {
    await run("SELECT nextval('crm.invoice_number')");
    const { changes, logged } = await measure.read({ beside: false });
    expect([attempt, changes]).toEqual([attempt, ['sequence crm.invoice_number: changed']]);
    if (logged === 0) silent++;
  }
  expect(silent).toBeGreaterThan(0);
  await measure.restore(['sequence crm.invoice_number: changed'], { beside: false });
});

test('what only reads is seen as nothing, without a look at everything', async () => {
  await run('SELECT count(*) FROM orders');
  await measure.read({ beside: false });
  await run('SELECT count(*) FROM orders');
  expect(await measure.read({ beside: false })).toEqual({ changes: [], logged: 0 });
});

describe('everything is put back after', () => {
  test.each([
    ['rows that are gone', 'DELETE FROM order_items', 0],
    ['rows that are others', "UPDATE crm.executives SET full_name = 'x'", 0],
    ['a sequence that moved', "SELECT setval('crm.invoice_number', 5)", 0],
    ['a new large object', "SELECT lo_from_bytea(0, 'planted')", 0],
    ['a changed large object', "SELECT lo_put(24001, 3, '\\x00')", 1],
    ['a large object that is gone, with a new one in its place', "SELECT lo_unlink(24001); SELECT lo_create(0); SELECT lo_create(0)", 1],
    ['a setting of the role', "ALTER ROLE agent SET work_mem = '1GB'", 0],
    ['a password of the role', "ALTER ROLE agent PASSWORD 'own'", 0],
    ['a table that is gone', 'DROP TABLE crm.executives CASCADE', 1],
    ['a new table', 'CREATE TABLE planted (id int)', 1],
    ['other rights', 'GRANT DELETE ON orders TO PUBLIC', 1],
    ['rows and rights', 'DELETE FROM legacy_imports; REVOKE ALL ON legacy_imports FROM PUBLIC', 1],
  ])('%s', async (_, damage, remade) => {
    ended = 0;
    await run(damage);
    const { changes } = await measure.read({ beside: false });
    expect(changes).not.toEqual([]);
    await measure.restore(changes, { beside: false });
    expect(differences(measure.before, await measure.full())).toEqual([]);
    // Whoever is logged in to a database that is made again has to leave it.
    expect(ended).toBe(remade);
  });
});
