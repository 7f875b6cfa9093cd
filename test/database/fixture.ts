import { connect, type Connection } from '../../lib/sandbox/connection';
import type { Server } from '../../lib/sandbox/postgres';
import type { WantedRoles } from '../../lib/core/grants';

/** Not a secret: the servers of tests listen on this machine, and live for seconds. */
export const PASSWORD = 'test';

export function urlAs(server: Server, user: string, database: string): string {
  return `postgresql://${encodeURIComponent(user)}:${PASSWORD}@127.0.0.1:${server.port}/${encodeURIComponent(database)}`;
}

/**
 * A database as on RDS: `master` is no superuser, may create roles, owns the database and administers the roles that own
 * the tables. `app_owner` owns what is in it, `app_user` uses it, `rds_iam` exists.
 */
export async function database(server: Server, name: string, schema = ''): Promise<void> {
  const root = await connect(server.superuserUrl('postgres'));
  const modern = server.major >= 16;
  await root.script(`DO $$ BEGIN IF to_regrole('master') IS NULL THEN
    CREATE ROLE master LOGIN CREATEROLE CREATEDB PASSWORD '${PASSWORD}';
    CREATE ROLE app_owner LOGIN PASSWORD '${PASSWORD}'; CREATE ROLE app_user LOGIN PASSWORD '${PASSWORD}'; CREATE ROLE rds_iam;
    GRANT app_owner, app_user TO master${modern ? ' WITH INHERIT FALSE, SET TRUE' : ''};
    GRANT rds_iam TO master WITH ADMIN OPTION; END IF; END $$`);
  await root.script(`CREATE DATABASE "${name}" OWNER master`);
  await root.end();
  const fill = await connect(server.superuserUrl(name));
  await fill.script(`GRANT CREATE ON DATABASE "${name}" TO app_owner; GRANT CREATE ON SCHEMA public TO app_owner; SET ROLE app_owner; ${schema}`);
  await fill.end();
}

/** Logs in as somebody, with a password given for the purpose. */
export async function as(server: Server, user: string, database: string): Promise<Connection> {
  const root = await connect(server.superuserUrl('postgres'));
  await root.script(`ALTER ROLE "${user}" PASSWORD '${PASSWORD}'`);
  await root.end();
  return connect(urlAs(server, user, database));
}

/** The text of the refusal, or of the first row. */
export async function outcome(sql: Connection, text: string): Promise<string> {
  try {
    const { rows } = await sql.query(text);
    return JSON.stringify(rows[0] ?? null);
  } catch (error) {
    return (error as Error).message;
  }
}

/** A shop with everything through which personal data leaks. */
export const SHOP = `
CREATE SCHEMA billing;
CREATE TABLE public.users (id bigint PRIMARY KEY, email text, name text, shout text GENERATED ALWAYS AS (upper(email)) STORED);
CREATE TABLE public.orders (id bigserial PRIMARY KEY, user_id bigint, total numeric);
CREATE TABLE public.visits (at date, ip text, page text) PARTITION BY RANGE (at);
CREATE TABLE public.visits_2026 PARTITION OF public.visits FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE billing.payers (pan text) INHERITS (public.users);
CREATE VIEW public.contacts AS SELECT to_jsonb(u) AS everything FROM public.users u;
CREATE VIEW billing.contact_list AS SELECT everything FROM public.contacts;
CREATE MATERIALIZED VIEW billing.mails AS SELECT email FROM public.users;
CREATE MATERIALIZED VIEW billing.mail_count AS SELECT count(*) AS n FROM billing.mails;
CREATE VIEW public.totals AS SELECT sum(total) AS total FROM public.orders;
CREATE FUNCTION public.purge() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'DELETE FROM public.orders';
CREATE FUNCTION public.mail_of(bigint) RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT email FROM public.users WHERE id = $1';
CREATE TABLE public.legacy (id int); GRANT ALL ON public.legacy TO PUBLIC;
INSERT INTO public.users (id, email, name) VALUES (1, 'ana@example.test', 'Ana');
INSERT INTO public.orders (user_id, total) VALUES (1, 10), (1, 20);
INSERT INTO public.visits VALUES ('2026-05-05', '10.1.2.3', '/');
INSERT INTO billing.payers (id, email, name, pan) VALUES (2, 'bo@example.test', 'Bo', '4111');
REFRESH MATERIALIZED VIEW billing.mails; REFRESH MATERIALIZED VIEW billing.mail_count;
`;

export const PERSONAL = [
  { schema: 'public', table: 'users', column: 'email' },
  { schema: 'public', table: 'visits', column: 'ip' },
  { schema: 'billing', table: 'payers', column: 'pan' },
];

/** One agent that reads the shop. */
export const READER: WantedRoles = {
  agents: [{ name: 'coding', read: { schemas: [{ schema: 'public' }, { schema: 'billing' }], personalData: PERSONAL } }],
};

