import { classify, loadParser, readyCatalog, type Parser, type ReadyCatalog } from '../../lib/core/sql';
import { readSqlCatalog } from '../../lib/database/read-sql-catalog';
import { connect } from '../../lib/sandbox/connection';
import { testServer } from '../sandbox/fixture';

/** Everything that deletes rows while the statement looks like a read. */
const DATABASE = `
CREATE TABLE orders (id bigint PRIMARY KEY, n text, total int); CREATE TABLE log (id bigserial, what text);
CREATE TABLE codes (a int, b int, note text, UNIQUE (a, b)); CREATE UNIQUE INDEX partial ON codes (note) WHERE a > 1;
CREATE FUNCTION wipe() RETURNS int LANGUAGE sql AS 'DELETE FROM orders; SELECT 1';
CREATE FUNCTION wipe_o(orders) RETURNS int LANGUAGE sql AS 'DELETE FROM orders; SELECT 1';
CREATE FUNCTION wipes(int, text) RETURNS bool LANGUAGE plpgsql AS 'BEGIN DELETE FROM orders; RETURN true; END';
CREATE FUNCTION wipes_by_text(int) RETURNS bool LANGUAGE plpgsql AS 'BEGIN IF $1 > 0 THEN EXECUTE ''DELETE FROM orders''; END IF; RETURN true; END';
CREATE FUNCTION lower(int) RETURNS text LANGUAGE sql AS 'DELETE FROM orders; SELECT ''x''';
CREATE OPERATOR <=> (LEFTARG = int, RIGHTARG = text, FUNCTION = wipes);
CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq);
CREATE FUNCTION full_name(text, text) RETURNS text LANGUAGE sql AS 'SELECT concat($1, $2)';
CREATE FUNCTION label(o orders) RETURNS text LANGUAGE plpgsql AS 'DECLARE t text := upper(o.n); BEGIN RETURN full_name(t, ''x''); END';
CREATE FUNCTION kept() RETURNS bigint RETURN (SELECT count(*) FROM orders);
CREATE FUNCTION kept_wipe() RETURNS bigint BEGIN ATOMIC DELETE FROM orders; SELECT 1; END;
CREATE FUNCTION even(n int) RETURNS bool LANGUAGE plpgsql AS 'BEGIN RETURN n = 0 OR NOT even(n - 1); END';
CREATE VIEW plain AS SELECT id, full_name(n, 'x') AS label FROM orders;
CREATE VIEW wiping AS SELECT id, wipe() AS wiped FROM orders;
CREATE TABLE tallies (wipe int); CREATE FUNCTION wipe_all(r record, n int DEFAULT 1) RETURNS int LANGUAGE plpgsql AS 'BEGIN DELETE FROM orders; RETURN 1; END';
CREATE VIEW nested AS SELECT * FROM wiping;
CREATE VIEW napping AS SELECT pg_sleep(0)::text AS nap;
CREATE DOMAIN checked AS int CHECK (VALUE > 0);
CREATE DOMAIN wiped AS int CHECK (wipes(VALUE, 'x'));
CREATE TYPE pair AS (a int, b wiped);
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE guarded (id int, n text); ALTER TABLE guarded ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON guarded USING (wipes(id, n));
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO log (what) VALUES (NEW.n); RETURN NEW; END';
CREATE FUNCTION note_by_text() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN EXECUTE ''x''; RETURN NEW; END';
CREATE TABLE noted (id int, n text); CREATE TRIGGER t BEFORE INSERT ON noted FOR EACH ROW EXECUTE FUNCTION note();
CREATE TABLE surprising (id int, n text); CREATE TRIGGER t BEFORE INSERT ON surprising FOR EACH ROW EXECUTE FUNCTION note_by_text();
CREATE TABLE ruled (id int, n text); CREATE RULE r AS ON INSERT TO ruled DO INSTEAD DELETE FROM orders;
CREATE PROCEDURE tidy() LANGUAGE plpgsql AS 'BEGIN DELETE FROM log; COMMIT; END';
CREATE EXTENSION postgres_fdw; CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw; CREATE FOREIGN TABLE far_orders (id int) SERVER far;
CREATE TABLE parts (id int) PARTITION BY RANGE (id); CREATE FOREIGN TABLE far_part PARTITION OF parts FOR VALUES FROM (1) TO (2) SERVER far;
CREATE EXTENSION citext; CREATE TABLE people (name citext);
CREATE SCHEMA hidden; CREATE FUNCTION hidden.upper(text) RETURNS text LANGUAGE sql AS 'DELETE FROM orders; SELECT ''x''';
`;

describe.each([15, 18])('on PostgreSQL %s', (major) => {
  let pg: Awaited<ReturnType<typeof testServer>>;
  let parser: Parser;
  let catalog: ReadyCatalog;
  beforeAll(async () => {
    pg = await testServer(major);
    parser = await loadParser();
    const sql = await connect(pg.superuserUrl('postgres'));
    await sql.script(DATABASE);
    catalog = readyCatalog(await readSqlCatalog(sql));
    await sql.end();
  });
  afterAll(() => pg?.remove());

  const verdict = (sql: string, asked?: ReadyCatalog) => classify(parser, sql, asked).map(({ kind, destructive }) => `${kind}${destructive ? '!' : ''}`).join();

  test.each<[sql: string, alone: string, asked: string]>([
    ['SELECT * FROM orders', 'read', 'read'],
    ['SELECT o.n, upper(n), 1 = 2 FROM orders o', 'read', 'read'],
    ['SELECT * FROM plain', 'read', 'read'],
    ['SELECT * FROM wiping', 'read', 'write!'],
    ['SELECT * FROM nested WHERE id = 1', 'read', 'write!'],
    ['SELECT * FROM napping', 'read', 'session'],
    ['SELECT o.wipe_o FROM orders o', 'read', 'write!'],
    ['SELECT o.wipe_all FROM orders o', 'read', 'write!'],
    ['SELECT t.wipe FROM tallies t', 'read', 'read'],
    ['SELECT (o).wipe_o FROM orders o', 'read', 'write!'],
    ['SELECT wipe_o(o) FROM orders o', 'unknown', 'write!'],
    ["SELECT 1 <=> 'x'", 'unknown', 'write!'],
    ['SELECT 1 === 2', 'unknown', 'read'],
    ['SELECT 1 OPERATOR(public.===) 2', 'unknown', 'read'],
    ['SELECT lower(1)', 'read', 'write!'],
    ['SELECT pg_catalog.lower(n) FROM orders', 'read', 'read'],
    ["SELECT upper('x')", 'read', 'read'],
    ["SELECT hidden.upper('x')", 'unknown', 'write!'],
    ['SELECT 1::checked', 'read', 'read'],
    ['SELECT 1::wiped', 'read', 'write!'],
    ["SELECT '(1,1)'::pair", 'read', 'write!'],
    ["SELECT '{1}'::wiped[]", 'read', 'write!'],
    ["SELECT 'ok'::mood", 'read', 'read'],
    ['SELECT * FROM guarded', 'read', 'write!'],
    ['WITH guarded AS (SELECT 1) SELECT * FROM guarded', 'read', 'read'],
    ['WITH guarded AS (SELECT * FROM guarded) SELECT * FROM guarded', 'read', 'write!'],
    ['SELECT * FROM far_orders', 'read', 'external'],
    ['SELECT * FROM parts', 'read', 'external'],
    ["SELECT name FROM people WHERE name = 'x'", 'read', 'read'],
    ["SELECT full_name('a', 'b')", 'unknown', 'read'],
    ['SELECT label(o) FROM orders o', 'unknown', 'read'],
    ['SELECT kept()', 'unknown', 'read'],
    ['SELECT kept_wipe()', 'unknown', 'write!'],
    ['SELECT even(3)', 'unknown', 'read'],
    ['SELECT wipes_by_text(1)', 'unknown', 'unknown'],
    ['SELECT nowhere(1)', 'unknown', 'unknown'],
    ['SELECT * FROM nowhere', 'read', 'unknown'],
    ['SELECT citext_eq(name, name) FROM people', 'unknown', 'unknown'],
    ["INSERT INTO noted VALUES (1, 'x')", 'write', 'write'],
    ["INSERT INTO surprising VALUES (1, 'x')", 'write', 'unknown'],
    ["INSERT INTO ruled VALUES (1, 'x')", 'write', 'write!'],
    ["UPDATE orders SET n = 'x' WHERE id = 1", 'write!', 'write'],
    ["UPDATE orders SET n = 'x' WHERE $1 = orders.id AND total > 0", 'write!', 'write'],
    ["UPDATE orders SET n = 'x' WHERE id = 1 OR true", 'write!', 'write!'],
    ["UPDATE orders SET n = 'x' WHERE id = id", 'write!', 'write!'],
    ["UPDATE orders SET n = 'x' WHERE id > 1", 'write!', 'write!'],
    ["UPDATE codes SET note = 'x' WHERE a = 1", 'write!', 'write!'],
    ["UPDATE codes SET note = 'x' WHERE a = 1 AND b = 2", 'write!', 'write'],
    ["UPDATE codes SET a = 1 WHERE note = 'x'", 'write!', 'write!'],
    ['CALL tidy()', 'unknown', 'write!'],
    ['DO $$ BEGIN PERFORM full_name(\'a\', \'b\'); END $$', 'unknown', 'unknown'],
    ['DO $$ BEGIN PERFORM wipe(); END $$', 'unknown', 'write!'],
    ['EXPLAIN SELECT wipe()', 'unknown', 'write!'],
  ])('%s is %s, and %s to who asks the catalog', (sql, alone, asked) => {
    expect([verdict(sql), verdict(sql, catalog)]).toEqual([alone, asked]);
  });

  test('what PostgreSQL shows to be deleted through a read is called what it is', async () => {
    const sql = await connect(pg.superuserUrl('postgres'));
    const deletes: string[] = [];
    for (const text of ['SELECT * FROM wiping', 'SELECT o.wipe_o FROM orders o', "SELECT 1 <=> 'x'", 'SELECT lower(1)', 'SELECT 1::wiped', "SELECT '(1,1)'::pair", "SELECT hidden.upper('x')"]) {
      await sql.query('BEGIN');
      await sql.query("INSERT INTO orders VALUES (1, 'x', 1)");
      await sql.query(text);
      const { rows: [left] } = await sql.query<{ left: string }>('SELECT count(*) AS left FROM orders');
      if (left!.left === '0') deletes.push(text);
      await sql.query('ROLLBACK');
    }
    await sql.end();
    expect(deletes).toHaveLength(7);
    for (const text of deletes) expect([text, verdict(text, catalog)]).toEqual([text, 'write!']);
  });

  test('the catalog leaves no limits, and the reason names the way', () => {
    expect(classify(parser, 'SELECT * FROM nested', catalog)).toEqual([{
      start: 0, end: 20, kind: 'write', destructive: true, objects: ['nested'], transactional: true, limits: [],
      because: 'reads public.nested: reads public.wiping: calls public.wipe: deletes all rows of orders',
    }]);
    expect(classify(parser, 'CALL tidy()', catalog)[0]).toMatchObject({ transactional: false, because: 'calls tidy: ends the transaction, deletes all rows of log' });
  });
});
