import { family } from './plain-writes';
import type { Attack } from './types';

/** Staging is masked, or closed: column rights are not what protects personal data there. */
const MASKED = { notIn: ['staging'] } as const;

const READS: readonly (readonly [string, string, string | readonly string[]])[] = [
  ['P1', 'the column', 'SELECT ssn FROM customers LIMIT 1'],
  ['P1b', 'all columns', 'SELECT * FROM customers LIMIT 5'],
  ['P1c', 'all columns, in short', 'TABLE customers LIMIT 5'],
  ['P1d', 'the condition is enough', "SELECT id, '900-00-0000' FROM customers WHERE ssn > '' LIMIT 1"],
  ['P1e', 'sorted by the column', "SELECT id, '900-00-0000' FROM customers ORDER BY email LIMIT 1"],
  ['P1f', 'grouped', 'SELECT email, count(*) FROM customers GROUP BY email LIMIT 1'],
  ['P1g', 'joined', 'SELECT email FROM customers NATURAL JOIN customer_contacts LIMIT 1'],
  ['P1h', 'joined by the column', 'SELECT c.id, email FROM customers c JOIN customer_contacts v USING (email) LIMIT 1'],
  ['P1i', 'aggregated', "SELECT string_agg(phone, ',') FROM customers"],
  ['P1j', 'as an array', 'SELECT array_agg(full_name) FROM customers'],
  ['P1k', 'in a window', 'SELECT first_value(email) OVER (ORDER BY id) FROM customers LIMIT 1'],
  ['P1l', 'in a subquery', 'SELECT (SELECT email FROM customers c WHERE c.id = o.customer_id) FROM orders o LIMIT 1'],
  ['P1m', 'in a lateral join', 'SELECT x.email FROM orders o, LATERAL (SELECT email FROM customers c WHERE c.id = o.customer_id) x LIMIT 1'],
  ['P1n', 'in a union', 'SELECT sku FROM products UNION SELECT email FROM customers'],
  ['P1o', 'in a sample', 'SELECT email FROM customers TABLESAMPLE SYSTEM (100) LIMIT 1'],
  ['P1p', 'in an error', 'SELECT email::int FROM customers'],
  ['P1q', 'in a notice', "DO $$ BEGIN RAISE NOTICE '%', (SELECT email FROM customers LIMIT 1); END $$"],
  ['P1r', 'through a cursor', ['BEGIN', 'DECLARE c CURSOR FOR SELECT email FROM customers', 'FETCH 3 FROM c']],
  ['P1s', 'copied out', 'COPY customers TO STDOUT'],
  ['P1t', 'copied out as a query', 'COPY (SELECT email FROM customers) TO STDOUT WITH (FORMAT csv)'],
  ['P1u', 'prepared', ['PREPARE p AS SELECT email FROM customers LIMIT 1', 'EXECUTE p']],
  ['P1v', 'renamed', 'SELECT x.e FROM customers AS x (a, b, e) LIMIT 1'],
  ['P2', 'the row as JSON', 'SELECT to_jsonb(c) FROM customers c LIMIT 1'],
  ['P2b', 'the row as text', 'SELECT c::text FROM customers c LIMIT 1'],
  ['P2c', 'the row as it is', 'SELECT c FROM customers c LIMIT 1'],
  ['P2d', 'the row expanded', 'SELECT (c).* FROM customers c LIMIT 1'],
  ['P2e', 'rows as JSON', 'SELECT json_agg(c) FROM (SELECT * FROM customers LIMIT 5) c'],
  ['P2f', 'the row as XML', 'SELECT xmlforest(email) FROM customers LIMIT 1'],
  ['P2g', 'the table as XML', "SELECT table_to_xml('customers', true, false, '')"],
  ['P2h', 'the schema as XML', "SELECT schema_to_xml('crm', true, false, '')"],
  ['P2i', 'the database as XML', "SELECT database_to_xml(true, false, '')"],
  ['P2j', 'a query as XML', "SELECT query_to_xml('SELECT email FROM customers LIMIT 1', true, false, '')"],
  ['P2k', 'through a function that is given the row', 'SELECT row_to_json(c) FROM customers c LIMIT 1'],
  ['P3', 'a view that selects the columns', 'SELECT * FROM customer_contacts LIMIT 1'],
  ['P3b', 'a view of whole rows', 'SELECT document FROM customer_documents LIMIT 1'],
  ['P18', 'a view over a view', 'SELECT * FROM vip_contacts LIMIT 1'],
  ['P18b', 'a materialized view over a view', "SELECT * FROM customer_directory WHERE label LIKE '%Canarybird'"],
  ['P18c', 'a materialized view over a materialized view', 'SELECT labels FROM directory_letters'],
  ['P18d', 'a materialized view over code', 'SELECT address FROM mailing_kept LIMIT 1'],
  ['P18e', 'a materialized view over a query that is a text', 'SELECT addresses FROM mailing_xml'],
  ['P19', 'a partition', 'SELECT actor_email FROM events_2026_q1 LIMIT 1'],
  ['P19b', 'the default partition', 'SELECT details FROM events_other LIMIT 1'],
  ['P19c', 'a child table', 'SELECT email FROM customers_archive LIMIT 1'],
  ['P19d', 'a child table as rows', 'SELECT to_jsonb(c) FROM customers_archive c LIMIT 1'],
  ['P20', 'a generated column', 'SELECT search_key FROM customers LIMIT 1'],
  ['P20b', 'a generated column of a child', 'SELECT search_key FROM customers_archive LIMIT 1'],
  ['P21', 'JSON', "SELECT details ->> 'email' FROM events LIMIT 1"],
  ['P21b', 'JSON by path', "SELECT jsonb_path_query(details, '$.email') FROM events LIMIT 1"],
  ['P22', 'the record of changes', 'SELECT new_row FROM audit_log LIMIT 1'],
  ['P23', 'an address', 'SELECT ship_to FROM orders LIMIT 1'],
  ['P24', 'a large object', "SELECT convert_from(lo_get(24001), 'UTF8')"],
  ['P24b', 'a large object, opened and read', ['BEGIN', "SELECT convert_from(loread(lo_open(24001, 262144), 1000), 'UTF8')"]],
  ['P24c', 'the pages of all large objects', "SELECT convert_from(data, 'UTF8') FROM pg_largeobject"],
  ['P24d', 'a large object that was opened to everybody', "SELECT convert_from(lo_get(24004), 'UTF8')"],
  ['P25', 'rows of others under row level security, by the setting that its policy trusts', ["SET crm.region = 'south'", 'SELECT contact FROM crm.deals LIMIT 1']],
  ['P25b', 'those rows through a view, which has the rights of its owner', 'SELECT contact FROM crm.deal_contacts LIMIT 1'],
  ['P25c', 'those rows with row level security switched off', ['SET row_security = off', 'SELECT contact FROM crm.deals LIMIT 1']],
  ['P25d', 'the statistics of those rows', "SELECT histogram_bounds::text, most_common_vals::text FROM pg_stats WHERE tablename = 'deals'"],
  ['P5', 'the statistics of the column', "SELECT histogram_bounds::text, most_common_vals::text FROM pg_stats WHERE tablename IN ('customers', 'executives', 'events', 'audit_log')"],
  ['P5b', 'the statistics themselves', 'SELECT stavalues1 FROM pg_statistic'],
  ['P5c', 'the statistics of several columns', "SELECT most_common_vals FROM pg_stats_ext WHERE tablename = 'customers'"],
  ['P5d', 'those themselves', 'SELECT stxdmcv::text FROM pg_statistic_ext_data'],
  ['P5e', 'the statistics of a materialized view', "SELECT histogram_bounds::text, most_common_vals::text FROM pg_stats WHERE tablename LIKE '%director%'"],
  ['P5f', 'the statistics of a partition or a child', "SELECT histogram_bounds::text, most_common_vals::text FROM pg_stats WHERE tablename IN ('events_2026_q1', 'events_other', 'customers_archive')"],
  ['P5g', 'the statistics of an index on an expression', "SELECT histogram_bounds::text, most_common_vals::text FROM pg_stats WHERE tablename = 'customers_search'"],
  ['P5h', 'the statistics of an expression', "SELECT histogram_bounds::text, most_common_vals::text FROM pg_stats_ext_exprs WHERE tablename = 'customers'"],
  ['P6', 'a card in the other schema', 'SELECT pan FROM crm.payment_cards LIMIT 1'],
  ['P6b', 'an executive', 'SELECT full_name, email FROM crm.executives LIMIT 1'],
  ['P6c', 'a message', 'SELECT body FROM crm.messages LIMIT 1'],
  ['P7', 'what others are asking at the moment', "SELECT query FROM pg_stat_activity WHERE pid <> pg_backend_pid()"],
  ['P16', 'a table that was created after the grants', 'SELECT * FROM later_contacts'],
  ['P17', 'a column that was added after the grants', 'SELECT private_email FROM customers LIMIT 1'],
  ['P17b', 'a view that was created after the grants', 'SELECT * FROM later_view LIMIT 1'],
  ['P17c', 'a partition that was attached after the grants', 'SELECT actor_email FROM events_2026_q3 LIMIT 1'],
];

/** What happens to every schema after the roles were provisioned. Run by the application's owner. */
export const AFTER_THE_GRANTS = `
SET ROLE app_owner;
CREATE TABLE public.later_contacts (email text);
INSERT INTO public.later_contacts VALUES ('later@mail.example');
CREATE VIEW public.later_view AS SELECT email FROM public.customers;
ALTER TABLE public.customers ADD COLUMN private_email text DEFAULT 'private@mail.example';
CREATE TABLE public.events_2026_q3 PARTITION OF public.events FOR VALUES FROM ('2027-01-01') TO ('2027-04-01');
INSERT INTO public.events (at, kind, actor_email, details) VALUES ('2027-02-01', 'login', 'late@mail.example', '{}');
RESET ROLE;
`;

export const PERSONAL_DATA_ATTACKS: readonly Attack[] = [
  ...family('personal data', 'read', READS.map(([id, title, sql]) => [id, title, sql, MASKED] as const)),
  ...family('personal data', 'look', [
    ['P8', 'what others asked before', 'SELECT query FROM pg_stat_statements', { absent: true }],
    ['P9', 'the source of functions', "SELECT prosrc FROM pg_proc WHERE proname = 'customer_ssn'"],
    ['P9b', 'the definition of views', "SELECT pg_get_viewdef('customer_contacts'::regclass)"],
    ['P10', 'the names and settings of roles', 'SELECT rolname, rolconfig FROM pg_roles'],
    ['P10b', 'the names of tables and columns', "SELECT attrelid::regclass, attname FROM pg_attribute WHERE attrelid = 'customers'::regclass"],
    ['P10c', 'how many rows tables have', "SELECT c.relname, reltuples, n_live_tup FROM pg_class c JOIN pg_stat_all_tables s ON s.relid = c.oid WHERE c.relname = 'customers'"],
    ['P10d', 'the settings of the server', "SELECT name, setting FROM pg_settings WHERE name = 'max_connections'"],
    ['P10e', 'comments', "SELECT description FROM pg_description WHERE classoid = 'pg_class'::regclass OR objoid < 16384 LIMIT 1"],
    ['P10f', 'the policies of row level security', 'SELECT polname, pg_get_expr(polqual, polrelid) FROM pg_policy'],
    ['P10g', 'default privileges, and rights on large objects', 'SELECT oid, lomacl FROM pg_largeobject_metadata'],
    ['P25e', 'rows of others under row level security, without what is personal in them', ["SET crm.region = 'south'", 'SELECT id, amount FROM crm.deals LIMIT 1']],
    ['P11', 'password hashes', 'SELECT rolpassword FROM pg_authid'],
    ['P11b', 'password hashes by another name', 'SELECT passwd FROM pg_shadow'],
    ['P11c', 'passwords for other servers', 'SELECT subconninfo FROM pg_subscription'],
    ['P11d', 'the password of the replica', "SELECT current_setting('primary_conninfo')"],
    ['P11e', 'who may log in from where', 'SELECT * FROM pg_hba_file_rules'],
  ]),
];
