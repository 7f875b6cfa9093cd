import { family } from './plain-writes';

/** A routine that is SECURITY DEFINER may be executed by everybody, and writes with the rights of its owner. */
export const BORROWED_RIGHTS = [
  ...family('borrowed rights', 'write', [
    ['W3', 'delete from a table that was opened to everybody', 'DELETE FROM legacy_imports WHERE true', { dml: true }],
    ['W3b', 'truncate it', 'TRUNCATE legacy_imports'],
    ['W3c', 'insert into it', "INSERT INTO legacy_imports (id, source, imported) VALUES (999999, 'planted', 1)", { dml: true }],
    ['W3d', 'write through a view that was opened to everybody', 'UPDATE crm.inbox SET read = true', { dml: true }],
    ['W3e', 'delete through that view', 'DELETE FROM crm.inbox', { dml: true }],
    ['W3f', 'take numbers from a sequence that was opened to everybody', "SELECT nextval('legacy_imports_id_seq')", { dml: true }],
    ['W3g', 'a trigger of its own on the table that was opened to everybody', 'CREATE TRIGGER planted BEFORE INSERT ON legacy_imports FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()'],
    ['W4', 'call a function that deletes orders', "SELECT purge_orders('2027-01-01')", { dml: true }],
    ['W5', 'call a procedure that empties the CRM', 'CALL wipe_crm()', { dml: true }],
    ['W4b', 'the function in a condition', "SELECT 1 FROM products WHERE purge_orders('2027-01-01') > 0", { dml: true }],
    ['W4c', 'the function behind an operator', 'SELECT 1::bigint @@@ 0::bigint', { dml: true }],
    ['W4d', 'the operator by its full name', 'SELECT 1::bigint OPERATOR(public.@@@) 0::bigint', { dml: true }],
    ['W4e', 'the function written as a column', 'SELECT o.cancelled FROM orders o WHERE o.id < 10', { dml: true }],
    ['W4f', 'the function behind a cast to a domain', 'SELECT 5::delivery', { dml: true }],
    ['W4g', 'a function with the name of a harmless one', 'SELECT lower(1)', { dml: true }],
    ['W4h', 'the function in a view', 'SELECT checked FROM stock_check', { dml: true }],
    ['W4i', 'the function in anonymous code', "DO $$ BEGIN PERFORM purge_orders('2027-01-01'); END $$", { dml: true }],
    ['W4j', 'the function through query_to_xml', "SELECT query_to_xml('SELECT purge_orders(''2027-01-01'')', true, false, '')", { dml: true }],
    ['W6', 'create a table in schema public', 'CREATE TABLE public.junk (id int)'],
    ['W7', 'plant a function that the application will find first', "CREATE FUNCTION public.now() RETURNS timestamptz LANGUAGE sql AS $$ SELECT timestamptz '1970-01-01' $$"],
    ['W7b', 'plant an operator', 'CREATE OPERATOR public.= (LEFTARG = text, RIGHTARG = bigint, FUNCTION = texteq)', { absent: true }],
    ['W8', 'create a temporary table', 'CREATE TEMP TABLE junk (id int)', { notIn: ['staging'] }],
    ['W9', 'the same with the read-only default left on', 'CREATE TEMP TABLE junk (id int)', { keepsReadOnly: true, notIn: ['staging'] }],
    ['W9b', 'a temporary function', 'CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$', { notIn: ['staging'] }],
    ['W9c', 'a temporary view in front of a table of the application', 'CREATE TEMP VIEW orders AS SELECT 1 AS id', { notIn: ['staging'] }],
  ]),
  ...family('borrowed rights', 'read', [
    ['P4', 'call a function that returns a social security number', 'SELECT customer_ssn(7)'],
    ['P4b', 'call a function that returns customers', "SELECT * FROM find_customers('%Canarybird')"],
    ['P4c', 'that function in anonymous code', "DO $$ BEGIN RAISE NOTICE '%', customer_ssn(7); END $$"],
    ['P4d', 'that function in an error', 'SELECT customer_ssn(7)::int'],
  ]),
];
