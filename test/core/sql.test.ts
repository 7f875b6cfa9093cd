import { classify, loadParser, type Parser } from '../../lib/core/sql';
import { EFFECTS, HIDDEN_CALLS, ORDINARY_READS } from './sql-corpus/families';
import { TRAPS, type Case } from './sql-corpus/traps';

let parser: Parser;
beforeAll(async () => { parser = await loadParser(); });

const verdictOf = (sql: string) => classify(parser, sql).map(({ kind, destructive }) => `${kind}${destructive ? '!' : ''}`).join();
const wrong = (cases: readonly Case[]) => cases.filter(([sql, verdict]) => verdictOf(sql) !== verdict).map(([sql, verdict]) => `${verdict} <> ${verdictOf(sql)}: ${sql}`);

describe('what a statement is called', () => {
  test('when its text deceives', () => {
    expect(TRAPS.length).toBeGreaterThan(250);
    expect(wrong(TRAPS)).toEqual([]);
  });

  test('when it does more than read', () => {
    expect(EFFECTS.length + HIDDEN_CALLS.length).toBeGreaterThan(1_600);
    expect(wrong(EFFECTS)).toEqual([]);
    expect(wrong(HIDDEN_CALLS)).toEqual([]);
  });

  test('when it is an ordinary read', () => {
    expect(ORDINARY_READS.length).toBeGreaterThan(850);
    expect(wrong(ORDINARY_READS.map((sql) => [sql, 'read']))).toEqual([]);
  });
});

describe('a text that cannot be understood is one statement of which nothing is known', () => {
  const whole = (sql: string | Uint8Array) => {
    const [statement, ...others] = classify(parser, sql);
    expect(others).toEqual([]);
    return statement;
  };
  const unknown = (end: number, because: string) => ({ start: 0, end, kind: 'unknown', destructive: false, objects: [], because, transactional: true, limits: [] });

  test.each<[string, string | Uint8Array, number, string]>([
    ['with a NUL', 'SELECT 1;\0DROP TABLE customers', 30, 'contains a NUL, at which a parser may stop and a server does not'],
    ['with half a character', 'SELECT \'\ud800\'', 12, 'contains half a character (a lone surrogate)'],
    ['that is not UTF-8', Uint8Array.of(0x53, 0xc3, 0x28), 3, 'is not UTF-8'],
    ['that is too long', `SELECT '${'x'.repeat(1_048_576)}'`, 1_048_585, 'is longer than 1048576 bytes'],
    ['that is no SQL', "SELECT 'secret' FROM FROM", 25, 'PostgreSQL does not accept it: it stops making sense after 21 characters'],
    ['with one bad statement', 'SELECT 1; SELEC 2', 17, 'PostgreSQL does not accept it: it stops making sense after 10 characters'],
    ['that begins with a byte order mark', '\ufeffSELECT 1', 11, 'PostgreSQL does not accept it: it stops making sense after 0 characters'],
  ])('%s', (_, sql, end, because) => {
    expect(whole(sql)).toEqual(unknown(end, because));
  });

  test('that nests too deeply, again and again, and the next one is understood', () => {
    const deep = ['::int'.repeat(20_000).replace(/^/, 'SELECT 1'), `SELECT ${'1+'.repeat(20_000)}1`, `SELECT ${'(SELECT '.repeat(3_000)}1${')'.repeat(3_000)}`, `SELECT ${'('.repeat(50_000)}`,
      `SELECT ${'- '.repeat(1_500)}a`];
    const before = JSON.stringify(classify(parser, 'SELECT a FROM b'));
    // The parser alone was broken for good by the 44th.
    for (let round = 0; round < 25; round += 1) {
      for (const sql of deep) expect(whole(sql)).toMatchObject({ kind: 'unknown', because: 'nests too deeply to be understood' });
      expect(JSON.stringify(classify(parser, 'SELECT a FROM b'))).toBe(before);
    }
  });

  test('that is too much of one thing, wherever it is', () => {
    for (const sql of [`DO $$ BEGIN PERFORM ${'f(),'.repeat(200_000)}1; END $$`, `EXPLAIN SELECT ${'a.b,'.repeat(200_000)}1`]) {
      expect(whole(sql)).toMatchObject({ kind: 'unknown', start: 0, end: sql.length });
    }
  });

  test('and repeats nothing of what it holds', () => {
    for (const sql of ["SELECT 'hunter2' x y z", "SELECT $$hunter2", "CREATE ROLE r PASSWORD 'hunter2'", "ALTER ROLE r PASSWORD 'hunter2'", "DO $$ BEGIN hunter2 x; END $$", "SET a = 'hunter2'", "COMMENT ON TABLE t IS 'hunter2'",
      "COPY t TO PROGRAM 'hunter2'", "SELECT set_config('a', 'hunter2', false)"]) expect(JSON.stringify(classify(parser, sql))).not.toContain('hunter2');
  });
});

test('statements are found by bytes, and hold no more than themselves', () => {
  const text = "-- é\nSELECT 'ü;' ;; /* ; */ DELETE FROM \"Ünï\" ; \n TABLE x -- end\n";
  const bytes = Buffer.from(text);
  const statements = classify(parser, text);
  expect(statements.map(({ start, end }) => bytes.subarray(start, end).toString())).toEqual(["SELECT 'ü;' ", 'DELETE FROM "Ünï" ', 'TABLE x -- end']);
  expect(statements.map(({ kind }) => kind)).toEqual(['read', 'write', 'read']);
  expect(classify(parser, bytes)).toEqual(statements);
  expect(classify(parser, '  -- nothing\n;; ')).toEqual([]);
});

test.each<[sql: string, objects: string[], because: string]>([
  ['WITH c AS (SELECT * FROM customers) SELECT * FROM c JOIN "Sales".orders USING (id)', ['customers', '"Sales".orders'], 'only reads'],
  ['WITH customers AS (SELECT * FROM customers) SELECT * FROM customers', ['customers'], 'only reads'],
  ['WITH RECURSIVE c AS (SELECT 1 UNION ALL SELECT * FROM c) SELECT * FROM c', [], 'only reads'],
  ['DROP TABLE a, b.c CASCADE', ['a', 'b.c'], 'drops the table a, b.c, and everything that depends on it'],
  ['DROP FUNCTION s.f(int, text)', ['s.f'], 'drops the function s.f'],
  ['TRUNCATE a, b', ['a', 'b'], 'empties a; empties b'],
  ['DELETE FROM a', ['a'], 'deletes all rows of a'],
  ['ALTER TABLE a DROP COLUMN b, OWNER TO c', ['a'], 'alters the table a; drop column b; change owner'],
  ['GRANT SELECT ON a, b TO c', ['a', 'b'], 'grants privileges on a, b'],
  ['UPDATE a SET b = 1', ['a'], 'changes rows of a; perhaps all of them: only the catalog knows whether a key is named'],
  ["SELECT nextval('s'), f(1)", [], 'calls nextval, which moves a sequence, which no rollback undoes; calls f, which is not known to only read'],
  ['GRANT ALL ON LARGE OBJECT 17 TO b', ['17'], 'grants privileges on 17'],
  ['DROP ROLE a, b', ['a', 'b'], 'drops a role'],
  ['ALTER ROLE CURRENT_USER NOLOGIN', [], 'alters a role'],
  ['SELECT * FROM information_schema.user_mapping_options', ['information_schema.user_mapping_options'], 'reads passwords for other servers in information_schema.user_mapping_options'],
  ['CREATE VIEW v AS SELECT * FROM a', ['v', 'a'], 'makes the view v'],
])('%s is about %j: %s', (sql, objects, because) => {
  const [statement] = classify(parser, sql);
  expect({ objects: statement!.objects, because: statement!.because }).toEqual({ objects, because });
});

test.each([
  'CREATE INDEX CONCURRENTLY i ON t (a)', 'DROP INDEX CONCURRENTLY i', 'REINDEX TABLE CONCURRENTLY t', 'REINDEX DATABASE d', 'VACUUM', 'CLUSTER', 'CREATE DATABASE d', 'DROP DATABASE d', 'ALTER SYSTEM SET a = 1',
  'ALTER TABLE t DETACH PARTITION p CONCURRENTLY', "COMMIT PREPARED 'x'", 'COMMIT', 'BEGIN', "CREATE TABLESPACE t LOCATION '/x'", 'DISCARD ALL', 'DO $$ BEGIN COMMIT; END $$',
])('%s is not for a transaction', (sql) => {
  expect(classify(parser, sql)[0]!.transactional).toBe(false);
});

test.each(['CREATE INDEX i ON t (a)', 'DROP INDEX i', 'ANALYZE', "ALTER TYPE t ADD VALUE 'x'", 'TRUNCATE t', 'SAVEPOINT s', 'REINDEX TABLE t'])('%s is', (sql) => {
  expect(classify(parser, sql)[0]!.transactional).toBe(true);
});

test('what no parser sees is listed where no catalog was asked', () => {
  const [statement] = classify(parser, 'SELECT lower(o.x), 1::dom FROM v o WHERE a = 2');
  expect(statement!.limits).toEqual([
    'v: a view, a policy, a rule or a trigger may call functions, and a foreign table reaches another server',
    "lower: the search path may find a function of the same name that is not PostgreSQL's",
    "=: operators of the same name that are not PostgreSQL's, and casts to their types, call functions",
    'dom: a domain may check its values with functions',
    'x: written like a column, it may be a function that takes a row',
  ]);
  expect(classify(parser, 'SELECT pg_catalog.lower(\'A\')')[0]!.limits).toEqual([]);
});
