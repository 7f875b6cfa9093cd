/** What the generated statements are about: names that need quotes and names that do not, in the search path and outside of it. */
export const OBJECTS = ['customers', 'audit', 'sales.orders', '"Weird ""table"', 'sales."select"', 'visits', 'public.plain', '"Кириллица"', 'sales.parts', 'notes'] as const;

/** Every table has the same columns. */
const table = (name: string) => `CREATE TABLE ${name} (id bigserial PRIMARY KEY, n text, email text, balance numeric DEFAULT 0, data jsonb, tags text[], at timestamptz, ref bigint);
INSERT INTO ${name} (n, email, balance, data, tags, at) SELECT 'n' || g, 'e' || g, g, '{"a": 1}', '{x}', now() FROM generate_series(1, 5) g;`;

export const SCHEMA = `CREATE SCHEMA sales; ${OBJECTS.map(table).join('\n')}
CREATE VIEW v AS SELECT * FROM customers; CREATE MATERIALIZED VIEW m AS SELECT * FROM customers; CREATE SEQUENCE s; CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE DOMAIN positive AS int CHECK (VALUE > 0); CREATE ROLE app; CREATE ROLE agent_ro; CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';`;
