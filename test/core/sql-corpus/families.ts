import { OBJECTS } from './schema';
import type { Case } from './traps';

/** Statements with `T` in the place of a table, by what they must be called. */
const READS = `
SELECT * FROM T
SELECT id, n FROM T WHERE id = 1
SELECT count(*), sum(balance), avg(balance), min(at), max(at) FROM T
SELECT n, count(*) FROM T GROUP BY n HAVING count(*) > 1 ORDER BY 2 DESC LIMIT 5 OFFSET 1
SELECT DISTINCT n FROM T
SELECT DISTINCT ON (n) n, id FROM T ORDER BY n, id
SELECT a.id, b.n FROM T a JOIN T b ON a.id = b.ref LEFT JOIN T c ON c.id = b.id WHERE a.balance > 10
SELECT a.id FROM T a NATURAL JOIN T b
SELECT a.id FROM T a CROSS JOIN T b WHERE a.id <> b.id
SELECT a.id FROM T a FULL OUTER JOIN T b ON a.id = b.id
SELECT * FROM T WHERE id IN (SELECT ref FROM T)
SELECT * FROM T WHERE id NOT IN (1, 2, 3)
SELECT * FROM T a WHERE EXISTS (SELECT 1 FROM T b WHERE b.ref = a.id)
SELECT * FROM T WHERE balance > ALL (SELECT balance FROM T WHERE id = 1)
SELECT * FROM T WHERE balance = ANY (ARRAY[1, 2])
SELECT (SELECT max(id) FROM T), id FROM T
SELECT * FROM T WHERE n LIKE 'a%' OR n ILIKE '%b' OR n SIMILAR TO 'c+' OR n ~ '^d' OR n ~* 'e' OR n !~ 'f'
SELECT * FROM T WHERE n IS NULL OR email IS NOT NULL AND NOT balance BETWEEN 1 AND 2
SELECT * FROM T WHERE n IS DISTINCT FROM email
SELECT * FROM T WHERE (id, n) = (1, 'a')
SELECT * FROM T WHERE (id, n) IN ((1, 'a'), (2, 'b'))
SELECT CASE WHEN balance > 10 THEN 'big' WHEN balance IS NULL THEN 'none' ELSE 'small' END FROM T
SELECT coalesce(n, 'x'), nullif(n, ''), greatest(id, ref), least(id, ref) FROM T
SELECT n::varchar(10), CAST(balance AS int), id::text, '2026-01-01'::date, interval '1 day' FROM T
SELECT upper(n), lower(n), length(n), trim(n), substring(n FROM 1 FOR 2), position('a' IN n), n || 'x', concat(n, email), replace(n, 'a', 'b') FROM T
SELECT regexp_replace(n, 'a', 'b'), split_part(n, ',', 1), string_to_array(n, ','), md5(n), left(n, 1), right(n, 1), repeat(n, 2), format('%s', n) FROM T
SELECT date_trunc('day', at), extract(epoch FROM at), at + interval '1 day', now() - at, age(at), to_char(at, 'YYYY'), at AT TIME ZONE 'UTC' FROM T
SELECT round(balance, 2), ceil(balance), floor(balance), abs(balance), mod(id, 2), power(2, 3), sqrt(2), random(), trunc(balance) FROM T
SELECT data->'a', data->>'a', data#>'{a}', data @> '{"a": 1}', data ? 'a', jsonb_array_length('[]'), jsonb_typeof(data), to_jsonb(n) FROM T
SELECT jsonb_build_object('a', id), jsonb_agg(n), json_agg(n), jsonb_object_agg(id, n) FROM T GROUP BY id
SELECT * FROM T, jsonb_each(data) AS e(key, value)
SELECT * FROM T, LATERAL jsonb_to_record(data) AS r(a int)
SELECT tags[1], tags[1:2], array_length(tags, 1), tags || 'y'::text, tags @> '{x}', unnest(tags), array_agg(id) FROM T GROUP BY tags
SELECT array_to_string(tags, ','), cardinality(tags), 'x' = ANY (tags), array_position(tags, 'x') FROM T
SELECT row_number() OVER (PARTITION BY n ORDER BY id), rank() OVER w, lag(balance) OVER w, sum(balance) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM T WINDOW w AS (ORDER BY at)
SELECT ntile(4) OVER (ORDER BY id), first_value(id) OVER (ORDER BY id), percent_rank() OVER (ORDER BY id) FROM T
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY balance), mode() WITHIN GROUP (ORDER BY n), count(*) FILTER (WHERE balance > 1) FROM T
SELECT string_agg(n, ',' ORDER BY id), bool_and(balance > 0), bool_or(true), every(true), stddev(balance), variance(balance), corr(id, ref) FROM T
WITH x AS (SELECT * FROM T) SELECT * FROM x WHERE id > 1
WITH x AS MATERIALIZED (SELECT * FROM T), y AS (SELECT * FROM x) SELECT * FROM x JOIN y USING (id)
WITH RECURSIVE r AS (SELECT id, ref FROM T WHERE ref IS NULL UNION ALL SELECT t.id, t.ref FROM T t JOIN r ON t.ref = r.id) SELECT * FROM r
WITH RECURSIVE r(n) AS (SELECT 1 UNION SELECT n + 1 FROM r WHERE n < 5) SELECT r.n, t.id FROM r JOIN T t ON t.id = r.n
SELECT id FROM T UNION SELECT ref FROM T
SELECT id FROM T UNION ALL SELECT ref FROM T ORDER BY 1
SELECT id FROM T EXCEPT SELECT ref FROM T
(SELECT id FROM T ORDER BY 1 LIMIT 1) INTERSECT SELECT ref FROM T
SELECT * FROM (SELECT id, n FROM T) AS s(a, b) WHERE a > 1
SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS v(id, n) JOIN T USING (id)
SELECT n, balance, count(*) FROM T GROUP BY GROUPING SETS ((n), (balance), ())
SELECT n, balance, grouping(n) FROM T GROUP BY ROLLUP (n, balance)
SELECT n, balance, count(*) FROM T GROUP BY CUBE (n, balance)
SELECT * FROM T TABLESAMPLE BERNOULLI (50) REPEATABLE (1)
SELECT * FROM T ORDER BY n COLLATE "C" ASC NULLS FIRST, id DESC FETCH FIRST 3 ROWS ONLY
SELECT * FROM ONLY T
SELECT t.* FROM T t
SELECT t FROM T t
SELECT to_jsonb(t) FROM T t
SELECT row_to_json(t) FROM T t
TABLE T
SELECT ctid, xmin, tableoid::regclass FROM T
SELECT 'T'::text, $$ DELETE FROM T $$, E'\\n', U&'\\0061' FROM T
SELECT id FROM T -- DELETE FROM T
SELECT /* DROP TABLE T */ id FROM T
SELECT id AS "delete", n AS "drop" FROM T
EXPLAIN SELECT * FROM T
EXPLAIN (ANALYZE, BUFFERS, VERBOSE) SELECT * FROM T WHERE id = 1
EXPLAIN ANALYZE SELECT count(*) FROM T
EXPLAIN (FORMAT JSON) UPDATE T SET n = 'x'
EXPLAIN DELETE FROM T
EXPLAIN INSERT INTO T (n) VALUES ('x')
EXPLAIN (VERBOSE, COSTS off, ANALYZE false) DELETE FROM T
COPY (SELECT * FROM T) TO STDOUT WITH (FORMAT csv)
COPY T TO STDOUT
DECLARE c CURSOR FOR SELECT * FROM T
DECLARE c SCROLL CURSOR FOR SELECT id FROM T ORDER BY id
SELECT pg_size_pretty(pg_total_relation_size(c.oid)), c.relname FROM pg_class c WHERE c.oid = (SELECT tableoid FROM T LIMIT 1)
SELECT a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a WHERE a.attrelid = (SELECT max(tableoid) FROM T)
SELECT pg_get_indexdef(i.indexrelid), pg_get_constraintdef(c.oid) FROM pg_index i JOIN pg_constraint c ON c.conrelid = i.indrelid JOIN T t ON t.tableoid = i.indrelid
SELECT width_bucket(balance, 0, 10, 5), generate_series(1, 2) FROM T
SELECT ts_rank(to_tsvector('english', n), plainto_tsquery('english', 'a')), to_tsvector(n) @@ to_tsquery('a') FROM T
SELECT int4range(1, 5) && int4range(2, 3), lower(int4range(1, 5)), tstzrange(at, NULL) @> now() FROM T
SELECT '10.0.0.1'::inet << '10.0.0.0/8'::inet, host('10.0.0.1'::inet), point(1, 2) <-> point(3, 4) FROM T
SELECT xmlelement(name a, n), xmlforest(n, email), xmlagg(xmlelement(name b, id)) FROM T GROUP BY n, email
SELECT has_table_privilege(current_user, t.tableoid, 'DELETE'), current_setting('work_mem'), version() FROM T t
SELECT encode(sha256(n::bytea), 'hex'), gen_random_uuid(), hashtext(n) FROM T
SELECT sum(hash_record_extended(t.*, 0)) FROM T t
SELECT * FROM T WHERE at > now() - interval '7 days' AND at < CURRENT_TIMESTAMP AND at::date = CURRENT_DATE
SELECT * FROM T WHERE balance::int % 2 = 0 AND -balance < 0 AND +balance > 0 AND @ balance > 0 AND |/ 4 = 2
SELECT pg_relation_size(tableoid), obj_description(tableoid), pg_column_size(n) FROM T`;

const WRITES = `
write|INSERT INTO T (n) VALUES ('x')
write|INSERT INTO T (n, email) SELECT n, email FROM T
write|INSERT INTO T DEFAULT VALUES
write|INSERT INTO T (id, n) VALUES (1, 'x') ON CONFLICT (id) DO NOTHING
write|INSERT INTO T (id, n) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET n = excluded.n
write|WITH x AS (INSERT INTO T (n) VALUES ('x') RETURNING *) SELECT * FROM x
write|SELECT * FROM T FOR UPDATE
write|SELECT * FROM T FOR NO KEY UPDATE SKIP LOCKED
write|SELECT * FROM T FOR SHARE NOWAIT
write|SELECT * FROM T FOR KEY SHARE
write|SELECT * FROM (SELECT * FROM T FOR UPDATE) s
write|WITH x AS (SELECT * FROM T FOR SHARE) SELECT * FROM x
write|SELECT nextval('s'), id FROM T
write|SELECT setval('s', 10) FROM T
write|SELECT id FROM T WHERE nextval('s') > 0
write|SELECT id FROM T GROUP BY id HAVING nextval('s') > 0
write|SELECT id FROM T ORDER BY nextval('s')
write|SELECT id, (SELECT nextval('s')) FROM T
write|SELECT id, CASE WHEN true THEN nextval('s') END FROM T
write|SELECT lo_from_bytea(0, n::bytea) FROM T
write|COPY T FROM STDIN
write|COPY T (n) FROM STDIN WITH (FORMAT csv)
write|MERGE INTO T a USING T b ON a.id = b.ref WHEN NOT MATCHED THEN INSERT (n) VALUES ('x')
write|EXPLAIN ANALYZE INSERT INTO T (n) VALUES ('x')
write!|UPDATE T SET n = 'x'
write!|UPDATE T SET n = 'x' WHERE id = 1
write!|UPDATE T a SET n = b.n FROM T b WHERE a.id = b.ref
write!|UPDATE ONLY T SET (n, email) = (SELECT 'a', 'b') WHERE id < 3 RETURNING *
write!|DELETE FROM T
write!|DELETE FROM T WHERE id = 1
write!|DELETE FROM T USING T b WHERE b.id = 1
write!|DELETE/**/FROM T RETURNING *
write!|WITH d AS (DELETE FROM T RETURNING id) SELECT count(*) FROM d
write!|WITH d AS (UPDATE T SET n = 'x' RETURNING id), e AS (SELECT 1) SELECT * FROM d, e
write!|TRUNCATE T
write!|TRUNCATE TABLE ONLY T RESTART IDENTITY CASCADE
write!|MERGE INTO T a USING T b ON a.id = b.ref WHEN MATCHED THEN DELETE
write!|MERGE INTO T a USING T b ON a.id = b.ref WHEN MATCHED AND a.n = 'x' THEN UPDATE SET n = 'y' WHEN NOT MATCHED THEN DO NOTHING
write!|EXPLAIN ANALYZE DELETE FROM T
write!|EXPLAIN (ANALYZE true, TIMING off) UPDATE T SET n = 'x'
write!|COPY (DELETE FROM T RETURNING *) TO STDOUT
write!|COPY (UPDATE T SET n = 'x' RETURNING id) TO STDOUT
schema|SELECT * INTO stolen FROM T
schema|SELECT id INTO TEMP stolen FROM T
schema|CREATE TABLE copy AS SELECT * FROM T
schema|CREATE TEMP TABLE copy AS TABLE T
schema|CREATE UNLOGGED TABLE copy (LIKE T INCLUDING ALL)
schema|CREATE MATERIALIZED VIEW mv AS SELECT * FROM T
schema|CREATE OR REPLACE VIEW w AS SELECT * FROM T
schema|CREATE INDEX ON T (n)
schema|CREATE UNIQUE INDEX CONCURRENTLY i ON T (lower(email))
schema|ALTER TABLE T ADD COLUMN extra text
schema|ALTER TABLE T ADD CONSTRAINT positive CHECK (balance > -1)
schema|ALTER TABLE T RENAME COLUMN n TO o
schema|ALTER TABLE T RENAME TO renamed
schema|ALTER TABLE T SET SCHEMA sales
schema|ALTER TABLE T ALTER COLUMN n SET DEFAULT 'x'
schema|ALTER TABLE T ALTER COLUMN n SET NOT NULL
schema|ALTER TABLE T SET (fillfactor = 70)
schema|ALTER TABLE T DISABLE TRIGGER ALL
schema|COMMENT ON TABLE T IS 'x'
schema|COMMENT ON COLUMN T.n IS 'x'
schema|CREATE RULE r AS ON INSERT TO T DO INSTEAD NOTHING
schema|CREATE RULE r AS ON DELETE TO T DO ALSO DELETE FROM audit
schema|CREATE TRIGGER t BEFORE INSERT ON T FOR EACH ROW EXECUTE FUNCTION f()
schema|CREATE STATISTICS st ON id, n FROM T
schema|VACUUM T
schema|VACUUM (FULL, ANALYZE) T
schema|ANALYZE T
schema|REINDEX TABLE T
schema|REINDEX TABLE CONCURRENTLY T
schema|CREATE PUBLICATION p FOR TABLE T
schema|EXPLAIN ANALYZE CREATE TABLE c2 AS SELECT * FROM T
schema|EXPLAIN ANALYZE SELECT * INTO c3 FROM T
schema!|DROP TABLE T
schema!|DROP TABLE IF EXISTS T, notes CASCADE
schema!|ALTER TABLE T DROP COLUMN n
schema!|ALTER TABLE T DROP COLUMN IF EXISTS n CASCADE, ADD COLUMN m int
schema!|ALTER TABLE T ALTER COLUMN n TYPE varchar(1) USING left(n, 1)
schema!|ALTER TABLE T ALTER COLUMN id DROP DEFAULT
privilege|GRANT SELECT ON T TO app
privilege|GRANT UPDATE (n) ON TABLE T TO PUBLIC
privilege|ALTER TABLE T OWNER TO app
privilege|ALTER TABLE T ENABLE ROW LEVEL SECURITY
privilege|ALTER TABLE T NO FORCE ROW LEVEL SECURITY
privilege|CREATE POLICY p ON T FOR SELECT USING (true)
privilege!|REVOKE ALL ON T FROM app
privilege!|REVOKE SELECT (n) ON T FROM app CASCADE
session|LOCK TABLE T
session|LOCK T IN SHARE MODE NOWAIT
session|DECLARE c CURSOR WITH HOLD FOR SELECT * FROM T
session|SELECT pg_advisory_lock(id) FROM T
session|SELECT pg_notify('c', n) FROM T
session|SELECT set_config('a.b', n, false) FROM T
session|SELECT id FROM T WHERE pg_sleep(0) IS NULL
external|COPY T TO '/tmp/dbguard-oracle'
external|COPY T FROM '/nonexistent'
external|COPY (SELECT * FROM T) TO PROGRAM 'true'
external|SELECT pg_read_file('PG_VERSION') FROM T
external|SELECT * FROM T, pg_ls_dir('.') AS f
external|SELECT lo_import('/nonexistent') FROM T
unknown|SELECT purge(id) FROM T
unknown|SELECT * FROM T WHERE purge(n)
unknown|SELECT * FROM T a JOIN T b ON a.id OPERATOR(public.===) b.id
unknown|SELECT query_to_xml('DELETE FROM T', true, false, '') FROM T
unknown|DO $$ BEGIN EXECUTE 'DELETE FROM T'; END $$
unknown|PREPARE p AS SELECT * FROM T
unknown|CALL purge((SELECT max(id) FROM T))
write!|PREPARE p AS DELETE FROM T
write!|DO $$ BEGIN DELETE FROM T; END $$
write!|DO $$ DECLARE r record; BEGIN FOR r IN SELECT * FROM T LOOP UPDATE T SET n = 'x' WHERE id = r.id; END LOOP; END $$
schema!|DO $$ BEGIN IF true THEN DROP TABLE T; END IF; END $$`;

/** Statements about no table, which every client of a database sends. */
const ALONE = `
SELECT 1
SELECT version()
SELECT current_database(), current_user, current_schema(), inet_server_addr(), pg_backend_pid(), pg_is_in_recovery()
SHOW work_mem
SHOW ALL
SHOW TRANSACTION ISOLATION LEVEL
VALUES (1, 2), (3, 4)
SELECT * FROM pg_stat_activity
SELECT * FROM pg_stat_user_tables
SELECT * FROM pg_locks
SELECT * FROM pg_settings WHERE name LIKE 'log%'
SELECT * FROM information_schema.tables
SELECT * FROM information_schema.columns WHERE table_name = 'customers'
SELECT nspname FROM pg_namespace
SELECT relname, reltuples FROM pg_class WHERE relkind = 'r'
SELECT n.nspname, p.proname, pg_get_function_arguments(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
SELECT pg_database_size(current_database())
SELECT * FROM pg_stats WHERE tablename = 'customers'
SELECT * FROM pg_indexes
SELECT rolname FROM pg_roles
SELECT pg_current_wal_lsn(), pg_last_wal_replay_lsn()
SELECT generate_series(1, 10)
SELECT now(), clock_timestamp(), CURRENT_DATE, LOCALTIME
SELECT to_regclass('customers'), 'customers'::regclass, 'f'::regproc
SELECT 'ok'::mood, 5::positive, enum_range(NULL::mood)`;

const lines = (text: string) => text.trim().split('\n');
const about = (statement: string, table: string) => statement.replace(/\bT\b(?!')/g, () => table);

/** Reads that PostgreSQL carries out in a read-only transaction. */
export const ORDINARY_READS: readonly string[] = [...lines(READS).flatMap((read) => OBJECTS.map((table) => about(read, table))), ...lines(ALONE)];

/** Everything else. */
export const EFFECTS: readonly Case[] = lines(WRITES).flatMap((line) => {
  const at = line.indexOf('|');
  return OBJECTS.map((table): Case => [about(line.slice(at + 1), table), line.slice(0, at)]);
});

/** Places in a statement where an expression may hide, around `F`. */
const PLACES = `
SELECT F
SELECT 1 FROM customers WHERE F IS NOT NULL
SELECT 1 FROM customers GROUP BY id HAVING F IS NOT NULL
SELECT 1 FROM customers ORDER BY F
SELECT 1 FROM customers a JOIN audit b ON F IS NOT NULL
SELECT count(*) FILTER (WHERE F IS NOT NULL) FROM customers
SELECT sum(id) OVER (PARTITION BY F) FROM customers
SELECT sum(id) OVER w FROM customers WINDOW w AS (ORDER BY F)
SELECT CASE WHEN F IS NULL THEN 1 ELSE 2 END
SELECT coalesce(NULL, F)
SELECT ARRAY[F]
SELECT ROW(F)
SELECT (ARRAY[1,2])[length(F::text)]
SELECT concat(variadic ARRAY[F::text])
SELECT (F)::text COLLATE "C"
SELECT 1 WHERE F IN (F)
SELECT 1 WHERE F::text LIKE 'a%'
SELECT 1 WHERE EXISTS (SELECT F)
SELECT (SELECT F)
SELECT * FROM (SELECT F AS x) s
SELECT * FROM customers, LATERAL (SELECT F AS x) s
WITH x AS (SELECT F AS y) SELECT * FROM x
WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE F IS NOT NULL AND n < 2) SELECT * FROM r
SELECT 1 UNION SELECT length(F::text)
VALUES (F)
SELECT DISTINCT ON (F) 1 FROM customers
SELECT 1 GROUP BY GROUPING SETS ((F))
SELECT string_agg(n, ',' ORDER BY F) FROM customers
SELECT 1 LIMIT length(F::text)
SELECT * FROM customers TABLESAMPLE SYSTEM (length(F::text))
SELECT * FROM ROWS FROM (generate_series(1, length(F::text))) AS g
SELECT xmlelement(name a, F)
SELECT xmlforest(F AS a)
SELECT jsonb_build_object('a', F)
EXPLAIN ANALYZE SELECT F
COPY (SELECT F) TO STDOUT
DECLARE c CURSOR FOR SELECT F
SELECT F IS NULL, F IS DISTINCT FROM NULL
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY length(F::text)) FROM customers
SELECT nullif(F::text, 'x'), greatest(F::text, 'y')`;

const HIDDEN: readonly (readonly [call: string, verdict: string])[] = [
  ["nextval('s')", 'write'], ["setval('s', 5)", 'write'], ['lo_creat(-1)', 'write'], ["pg_notify('c', 'x')", 'session'], ["set_config('a.b', 'c', true)", 'session'],
  ["pg_catalog.nextval('s')", 'write'], ['lo_unlink(1)', 'write!'], ["pg_read_file('PG_VERSION')", 'external'], ['somebody.elses(1)', 'unknown'], ["query_to_xml('SELECT 1', true, false, '')", 'unknown'],
  ["lo_put(1, 0, 'x')", 'write!'], ['pg_current_xact_id()', 'write'], ['pg_try_advisory_lock(1)', 'session'],
];

/** Calls that do more than read, in every place. */
export const HIDDEN_CALLS: readonly Case[] = lines(PLACES).flatMap((place) => HIDDEN.map(([call, verdict]): Case => [place.replace(/\bF\b/g, () => call), verdict]));
