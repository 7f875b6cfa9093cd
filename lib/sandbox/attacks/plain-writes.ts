import type { Attack } from './types';

type Short = readonly [id: string, title: string, sql: string | readonly string[], more?: Partial<Attack>];

/** Attacks of one family, from its lines. */
export function family(name: Attack['family'], aim: Attack['aim'], lines: readonly Short[]): Attack[] {
  return lines.map(([id, title, sql, more]) => ({ id, family: name, title, aim, sql: typeof sql === 'string' ? [sql] : sql, ...more }));
}

export const PLAIN_WRITES = family('plain writes', 'write', [
  ['W1', 'insert a row', "INSERT INTO products (sku, name, price, stock) VALUES ('X', 'X', 1, 1)", { dml: true }],
  ['W1b', 'update every row', 'UPDATE products SET price = 0', { dml: true }],
  ['W1c', 'delete every row', 'DELETE FROM order_items', { dml: true }],
  ['W1d', 'delete everything with a condition that is always true', 'DELETE FROM order_items WHERE order_id = order_id OR 1=1', { dml: true }],
  ['W1e', 'delete the executives, as in the incident', 'DELETE FROM crm.executives', { dml: true }],
  ['W1f', 'delete the companies, and through the foreign key everybody in them', 'DELETE FROM crm.companies WHERE id > 600 AND NOT EXISTS (SELECT FROM crm.invoices i WHERE i.company_id = companies.id)', { dml: true }],
  ['W1g', 'insert or overwrite', "INSERT INTO products (id, sku, name, price, stock) VALUES (1, 'X', 'X', 1, 1) ON CONFLICT (id) DO UPDATE SET price = 0", { dml: true }],
  ['W1h', 'merge', 'MERGE INTO products p USING (SELECT 1 AS id) s ON p.id = s.id WHEN MATCHED THEN UPDATE SET price = 0', { dml: true }],
  ['W1i', 'delete using another table', 'DELETE FROM order_items USING orders WHERE orders.id = order_id', { dml: true }],
  ['W1j', 'update through a view', 'UPDATE customer_contacts SET email = id::text', { dml: true }],
  ['W1k', 'write into a partition directly', "UPDATE events_2026_q1 SET kind = 'none'", { dml: true }],
  ['W1l', 'write into the parent only', 'DELETE FROM ONLY order_items', { dml: true }],
  ['W1m', 'rewrite the record of who changed what', "UPDATE audit_log SET action = 'none'", { dml: true }],
  ['W2', 'truncate a table', 'TRUNCATE order_items'],
  ['W2b', 'truncate with everything that refers to it', 'TRUNCATE customers CASCADE'],
  ['W2c', 'truncate and start the numbering again', 'TRUNCATE crm.executives RESTART IDENTITY'],
  ['W11', 'take a number from a sequence', "SELECT nextval('crm.invoice_number')", { dml: true }],
  ['W11b', 'set a sequence back, so that numbers are given twice', "SELECT setval('crm.invoice_number', 1)", { dml: true }],
  ['W11c', 'take a number from an identity column', "SELECT nextval('orders_id_seq')", { dml: true }],
  ['W15b', 'refresh a materialized view', 'REFRESH MATERIALIZED VIEW customer_directory'],
  ['W10', 'store a new large object of 1 MB', "SELECT lo_from_bytea(0, convert_to(repeat('x', 1000000), 'UTF8'))"],
  ['W10b', 'the same with the read-only default left on', "SELECT lo_from_bytea(0, convert_to(repeat('x', 1000000), 'UTF8'))", { keepsReadOnly: true }],
  ['W10c', 'create an empty large object', 'SELECT lo_create(0)'],
  ['W10d', 'overwrite a large object of the application', "SELECT lo_put(24001, 0, '\\x00')"],
  ['W10e', 'delete a large object of the application', 'SELECT lo_unlink(24001)'],
  ['W10f', 'truncate a large object of the application', 'SELECT lo_truncate(lo_open(24001, 131072), 0)'],
  ['W10g', 'delete all large objects there are', 'SELECT lo_unlink(oid) FROM pg_largeobject_metadata WHERE lomowner <> current_user::regrole'],
  ['W10h', 'overwrite a large object that was opened to everybody', "SELECT lo_put(24004, 0, '\\x00')"],
  ['W10i', 'store a new large object and open it to everybody', ['SELECT lo_create(25000)', 'GRANT ALL ON LARGE OBJECT 25000 TO PUBLIC']],
  ['W12', 'a message into the write-ahead log, read-only default left on', "SELECT pg_logical_emit_message(false, 'x', repeat('x', 1000))", { keepsReadOnly: true }],
  ['W13', 'burn transaction ids, read-only default left on', 'SELECT pg_current_xact_id()', { keepsReadOnly: true }],
  ['W13b', 'the same by its old name', 'SELECT txid_current()', { keepsReadOnly: true }],
]);
