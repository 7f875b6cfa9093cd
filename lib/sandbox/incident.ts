import type { Arena } from './attacks/arena';
import type { Ground } from './attacks/ground';
import { openSession } from './attacks/session';
import { connected } from './connection';
import { LOOPBACK } from './server-files';

/** One login, what was tried with it, and what was left of the data. */
export interface Act {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly before: Left;
  readonly left: Left;
}

export interface Line {
  readonly sql: string;
  readonly worked: boolean;
  /** PostgreSQL's own words: the tag of what was done, or the error. */
  readonly answer: string;
}

export interface Left {
  readonly executives: number;
  readonly companies: number;
}

/** What an agent tries that was told to clean up, during a freeze: one thing after the other, until something works. */
const CLEAN_UP = ['DELETE FROM crm.executives', 'TRUNCATE crm.companies CASCADE', 'DROP TABLE crm.executives, crm.companies CASCADE'];
const LAST_RESORT = ['DROP SCHEMA crm CASCADE', 'CALL wipe_crm()'];

/**
 * The incident of July 2025 again: an agent with a login to production, told in words to change nothing. The first two acts play
 * in copies that are gone afterwards.
 */
export async function replayIncident(arena: Arena): Promise<readonly Act[]> {
  const naive = await arena.ground('naive');
  const replica = await arena.ground('replica');
  return [
    await inCopy(naive, async (database) => act({ ...naive, database }, "with the application's own login, as in the incident", await arena.applicationLogin(), CLEAN_UP)),
    await inCopy(naive, (database) => act({ ...naive, database }, "with the read-only role of a blog post", naive.agent, [...CLEAN_UP, ...LAST_RESORT])),
    await act(replica, "with the kit's role", replica.agent, [...CLEAN_UP, ...LAST_RESORT]),
  ];
}

const COPY = 'shop_of_the_incident';

async function inCopy<Result>({ server, database }: Ground, use: (database: string) => Promise<Result>): Promise<Result> {
  const admin = server.superuserUrl('postgres');
  await connected(admin, (sql) => sql.script(`CREATE DATABASE ${COPY} TEMPLATE ${database}`));
  try {
    return await use(COPY);
  } finally {
    await connected(admin, (sql) => sql.script(`DROP DATABASE ${COPY} WITH (FORCE)`));
  }
}

async function act(ground: Ground, title: string, login: { user: string; password: string }, statements: readonly string[]): Promise<Act> {
  const before = await leftIn(ground);
  const session = await openSession({
    host: LOOPBACK, port: ground.server.port, database: ground.database, ...login, options: '-c default_transaction_read_only=off',
  }, () => {});
  const lines: Line[] = [];
  try {
    for (const sql of statements) {
      try {
        await session.run(sql);
        lines.push({ sql, worked: true, answer: 'done' });
      } catch (error) {
        const { message, code } = error as { message: string; code?: string };
        lines.push({ sql, worked: false, answer: `ERROR:  ${code ?? ''}: ${message}` });
      }
    }
  } finally {
    await session.end();
  }
  return { title, lines, before, left: await leftIn(ground) };
}

/** Counted where it counts: on the primary, by the superuser. A table that is gone has no rows. */
function leftIn({ measured, database }: Ground): Promise<Left> {
  const count = (table: string) => `CASE WHEN to_regclass('${table}') IS NULL THEN 0
    ELSE (xpath('//count/text()', query_to_xml('SELECT count(*) FROM ${table}', true, false, '')))[1]::text::int END`;
  return connected(measured.superuserUrl(database), async (sql) => {
    const { rows: [row] } = await sql.query<Left>(`SELECT ${count('crm.executives')} AS executives, ${count('crm.companies')} AS companies`);
    return row!;
  });
}
