import { family } from './plain-writes';
import type { Attack } from './types';

const DELETE = 'DELETE FROM order_items';
const BOTH = { dml: true } as const;

export const HIDDEN_WRITES: readonly Attack[] = [
  ...family('hidden writes', 'write', [
    ['H1', 'delete in a WITH of a SELECT', `WITH gone AS (${DELETE} RETURNING 1) SELECT count(*) FROM gone`, BOTH],
    ['H2', 'insert in a WITH of a SELECT', "WITH new AS (INSERT INTO legacy_imports (source, imported) VALUES ('x', 1) RETURNING *) SELECT * FROM new", BOTH],
    ['H3', 'update in a WITH inside a WITH', 'WITH a AS (WITH b AS (UPDATE products SET stock = 0 RETURNING 1) SELECT * FROM b) SELECT * FROM a', { absent: true }],
    ['H4', 'EXPLAIN ANALYZE runs what it explains', `EXPLAIN ANALYZE ${DELETE}`, BOTH],
    ['H5', 'the same with options', 'EXPLAIN (COSTS OFF, ANALYZE 1) UPDATE products SET stock = 0', BOTH],
    ['H6', 'EXPLAIN ANALYZE of a definition', 'EXPLAIN ANALYZE CREATE TABLE taken AS SELECT 1 AS one'],
    ['H7', 'copy out what a DELETE returns', `COPY (${DELETE} RETURNING *) TO STDOUT`, BOTH],
    ['H8', 'SELECT INTO', 'SELECT id INTO taken FROM orders'],
    ['H9', 'SELECT INTO a temporary table', 'SELECT id INTO TEMP taken FROM orders', { notIn: ['staging'] }],
    ['H10', 'CREATE TABLE AS', 'CREATE TABLE taken AS SELECT id FROM orders'],
    ['H11', 'prepare and execute', [`PREPARE p AS ${DELETE}`, 'EXECUTE p'], BOTH],
    ['H12', 'comments instead of blanks', 'DELETE/**/FROM/**/order_items', BOTH],
    ['H13', 'a WHERE in a comment', 'DELETE FROM order_items /* WHERE order_id = 1 */', BOTH],
    ['H14', 'nested comments', 'SELECT 1 /* outer /* inner */ still comment */; DELETE FROM order_items', BOTH],
    ['H15', 'a leading comment, to look harmless', `/* select */ -- select\n${DELETE}`, BOTH],
    ['H16', 'two statements in one message', `SELECT 1; ${DELETE}`, BOTH],
    ['H17', 'end the read-only transaction, then write', ['BEGIN READ ONLY', `COMMIT; ${DELETE}`], BOTH],
    ['H18', 'end the read-only transaction, then drop a schema', ['BEGIN READ ONLY', 'COMMIT; DROP SCHEMA crm CASCADE']],
    ['H19', 'end and chain', ['BEGIN READ ONLY', `COMMIT AND NO CHAIN; START TRANSACTION READ WRITE; ${DELETE}; COMMIT`], BOTH],
    ['H20', 'a tagged string closed early', `SELECT $a$ harmless $a$; ${DELETE}; --$a$`, BOTH],
    ['H21', 'escapes in names', `SELECT U&"set\\005fconfig"('default_transaction_read_only', 'off', false); DELETE FROM U&"order\\005fitems"`, BOTH],
    ['H22', 'a zero byte before the second statement', `SELECT 1;\u0000${DELETE}`, { absent: true }],
    ['H23', 'anonymous code', `DO $$ BEGIN ${DELETE}; END $$`, BOTH],
    ['H24', 'anonymous code that puts the statement together', "DO LANGUAGE plpgsql 'BEGIN EXECUTE chr(84) || $q$RUNCATE order_items$q$; END'"],
    ['H25', 'anonymous code that swallows the refusal', `DO $$ BEGIN BEGIN ${DELETE}; EXCEPTION WHEN syntax_error THEN NULL; END; END $$`, BOTH],
    ['H26', 'a delete as text for query_to_xml', `SELECT query_to_xml('${DELETE} RETURNING 1', true, false, '')`, BOTH],
    ['H27', 'a cursor over a write', `DECLARE c CURSOR WITH HOLD FOR WITH gone AS (${DELETE} RETURNING 1) SELECT * FROM gone`, { absent: true }],
    ['H28', 'keyword case and blanks', 'dElEtE\t\f\r\nFrOm\norder_items', BOTH],
    ['H29', 'off again inside the statement', `SELECT set_config('transaction_read_only', 'off', false); ${DELETE}`, BOTH],
    ['X3', 'a statement as text for query_to_xml', "SELECT query_to_xml('INSERT INTO legacy_imports (source, imported) VALUES (''x'', 1) RETURNING 1', true, false, '')", BOTH],
    ['X4', 'anonymous code with EXECUTE', "DO $$ BEGIN EXECUTE 'UPDATE products ' || 'SET stock = 0'; END $$", BOTH],
    ['E17', 'change how strings end, then hide a statement in one', ['SET standard_conforming_strings = off', `SELECT '\\' || '; ${DELETE}; --'`], BOTH],
  ]),
  {
    id: 'H30', family: 'hidden writes', title: 'COPY rows in', aim: 'write', dml: true,
    act: async (hand) => {
      const agent = await hand.login();
      await agent.copyIn('COPY legacy_imports (source, imported) FROM STDIN', 'planted\t1\n');
      return 'copied a row in';
    },
  },
];
