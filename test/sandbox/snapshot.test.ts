import { connect, connected, type Connection } from '../../lib/sandbox/connection';
import { seedSql } from '../../lib/sandbox/seed';
import { differences, sizeOf, snapshot } from '../../lib/sandbox/snapshot';
import { testServer } from './fixture';

let pg: Awaited<ReturnType<typeof testServer>>;
let sql: Connection;
beforeAll(async () => {
  pg = await testServer(17, { settings: { autovacuum: false } });
  await connected(pg.superuserUrl('postgres'), (admin) => admin.script('CREATE DATABASE shop'));
  sql = await connect(pg.superuserUrl('shop'));
  await sql.script(seedSql());
});
afterAll(async () => {
  await sql.end();
  await pg.remove();
});

/** What is different after a script; the script is undone by the second one. */
async function seen(script: string): Promise<string[]> {
  const before = await snapshot(sql);
  await sql.script(script);
  return differences(before, await snapshot(sql));
}

test('nothing is different when nothing was done, or was rolled back', async () => {
  expect(await seen('SELECT count(*) FROM customers')).toEqual([]);
  expect(await seen('BEGIN; DELETE FROM order_items; DROP TABLE legacy_imports; ROLLBACK')).toEqual([]);
  expect(await seen('CREATE TEMP TABLE t (id int); DROP TABLE t')).toEqual([]);
});

test.each([
  ['one character of one row', "UPDATE products SET name = name || '.' WHERE id = 1", ['table public.products: changed']],
  ['values that two rows exchanged', 'UPDATE products SET stock = CASE id WHEN 1 THEN 102 ELSE 101 END WHERE id IN (1, 2)', ['table public.products: changed']],
  ['a null in place of an empty text', "UPDATE customers SET phone = NULL WHERE id = 1", [expect.stringMatching(/^sequence public\.audit_log_id_seq: changed$/), expect.stringMatching(/^table public\.audit_log: 200 → 201 rows$/), 'table public.customers: changed']],
  ['a row that is gone', 'DELETE FROM legacy_imports WHERE id = 1', ['table public.legacy_imports: 40 → 39 rows']],
  ['a number that was taken from a sequence', "SELECT nextval('crm.invoice_number')", ['sequence crm.invoice_number: changed']],
  ['one byte of a large object', "SELECT lo_put(24001, 3, '\\x00')", ['large objects: changed']],
  ['a grant', 'GRANT SELECT ON products TO PUBLIC', ['catalog pg_class: changed']],
  ['a default of a column', 'ALTER TABLE products ALTER stock SET DEFAULT 7', expect.arrayContaining(['catalog pg_attribute: changed'])],
  ['a grant on a column', 'GRANT SELECT (name) ON products TO PUBLIC', ['catalog pg_attribute: changed']],
  ['what a view shows', 'CREATE OR REPLACE VIEW planted_view AS SELECT 1 AS a; CREATE OR REPLACE VIEW planted_view AS SELECT 2 AS a', expect.arrayContaining([expect.stringMatching(/^catalog pg_rewrite: /)])],
  ['what a view shows now', 'CREATE OR REPLACE VIEW planted_view AS SELECT 3 AS a', expect.arrayContaining(['catalog pg_rewrite: changed'])],
  ['the owner of a type', 'ALTER VIEW planted_view OWNER TO app_owner', expect.arrayContaining(['catalog pg_type: changed'])],
  ['a new role', 'CREATE ROLE planted', [expect.stringMatching(/^roles: \d+ → \d+ rows$/)]],
  ['a password', "ALTER ROLE app_user PASSWORD 'x'", ['roles: changed']],
  ['a comment on a role', "COMMENT ON ROLE app_user IS 'planted'", [expect.stringMatching(/^comments on roles and databases: \d+ → \d+ rows$/)]],
  ['a member of a role', 'GRANT pg_monitor TO planted', [expect.stringMatching(/^members of roles: /)]],
  ['a setting of a role', 'ALTER ROLE planted SET work_mem = 1024', ['settings of roles: 0 → 1 row']],
  ['a setting of the server', 'ALTER SYSTEM SET work_mem = 1024', ['settings of the server: 3 → 4 rows']],
  ['a setting of a database', 'ALTER DATABASE shop CONNECTION LIMIT 7', ['databases: changed']],
  ['the body of a function', 'CREATE OR REPLACE FUNCTION restocked(pieces integer) RETURNS boolean LANGUAGE sql AS $$ SELECT true $$', expect.arrayContaining(['catalog pg_proc: changed'])],
  ['a new table', 'CREATE TABLE planted (id int)', expect.arrayContaining(['table public.planted is new, with 0 rows'])],
  ['a table that is gone', 'DROP TABLE planted', expect.arrayContaining(['table public.planted is gone, with 0 rows'])],
])('it sees %s', async (_, script, expected) => {
  const found = await seen(script);
  expect(found).toEqual(expected);
});

test('it says how much there is to lose', async () => {
  const size = sizeOf(await snapshot(sql));
  expect(size.rows).toBeGreaterThan(15_000);
  expect(size.objects).toBeGreaterThan(10_000);
});

test('no row and no password is in it', async () => {
  const text = JSON.stringify([...await snapshot(sql)]);
  expect(text).not.toMatch(/SCRAM|Canarybird|@mail/);
});
