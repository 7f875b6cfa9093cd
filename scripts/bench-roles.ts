/**
 * What the database roles cost on 10,000 tables in 100 schemas, beside the least that PostgreSQL needs for the same, in the same
 * run. Part of `npm run bench`; fails when something is written where nothing is to do, or when a run at the same time fails.
 */
import { provisionRoles } from '../lib/database/provision';
import { connect, connected, type Connection } from '../lib/sandbox/connection';
import type { Server } from '../lib/sandbox/postgres';
import type { WantedRoles } from '../lib/core/grants';
import { database, READER, SHOP, urlAs } from '../test/database/fixture';
import { withServer } from '../test/sandbox/fixture';
import { comparedRow, median, timed } from './measuring';

const SCHEMAS = 100;
const TABLES = 100;
const FIRST_RUNS = 3;
const SECOND_RUNS = 15;
const RUNS_AT_ONCE = 8;
const ROUNDS = 100;

const names = Array.from({ length: SCHEMAS }, (_, index) => `s${index}`);
const wide: WantedRoles = {
  agents: [{
    name: 'coding',
    read: { schemas: names.map((schema) => ({ schema })), personalData: names.map((schema) => ({ schema, table: 't0', column: 'email' })) },
  }],
};

/** The rows of a table with `COMPARED_HEAD`. */
export async function benchRoles(major: number): Promise<string[]> {
  return withServer(major, async (server) => [...await benchWide(server), await benchConcurrent(server)]);
}

const asSuperuser = (server: Server, script: string) => connected(server.superuserUrl('wide'), async (sql) => {
  for (const statement of script.split('\n')) await sql.script(statement);
});

async function fill(server: Server): Promise<void> {
  const tables = (schema: string) => Array.from({ length: TABLES }, (_, index) => `CREATE TABLE ${schema}.t${index} (id bigint, email text, note text);`);
  await asSuperuser(server, names.map((schema) => `SET ROLE app_owner; CREATE SCHEMA ${schema}; ${tables(schema).join(' ')}`).join('\n'));
}

/** As if nobody had been given anything: what was left of it would be slower to read. */
const forget = (server: Server, role: string) => asSuperuser(server, `DROP OWNED BY ${role}; DROP ROLE ${role}\nVACUUM ANALYZE`);

/** The same grants in one transaction, with nothing read before and nothing proven after. */
async function bareGrants(server: Server): Promise<number> {
  const lists = names.map((schema) => Array.from({ length: TABLES - 1 }, (_, index) => `${schema}.t${index + 1}`).join(', '));
  const took = await timed(() => asSuperuser(server, `CREATE ROLE bare; DO $$ BEGIN ${[
    ...lists.map((list) => `GRANT SELECT (id, email, note) ON ${list} TO bare;`),
    ...names.map((schema) => `GRANT SELECT (id, note) ON ${schema}.t0 TO bare;`),
  ].join(' ')} END $$`));
  await forget(server, 'bare');
  return took;
}

/** What nobody can do without who wants to know: every grant there is. */
const readEverything = (sql: Connection) => sql.query(`
  SELECT c.oid, 0 AS number, x.grantee, x.privilege_type FROM pg_class c, aclexplode(c.relacl) x WHERE c.oid >= 16384
  UNION ALL SELECT a.attrelid, a.attnum, x.grantee, x.privilege_type FROM pg_attribute a, aclexplode(a.attacl) x WHERE a.attrelid >= 16384`);

async function nextTransaction(sql: Connection): Promise<bigint> {
  return BigInt((await sql.query<{ next: string }>('SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS next')).rows[0]!.next);
}

async function benchWide(server: Server): Promise<string[]> {
  await database(server, 'wide');
  await fill(server);
  const sql = await connect(urlAs(server, 'master', 'wide'));
  const [firsts, grants]: [number[], number[]] = [[], []];
  for (let run = 0; run < FIRST_RUNS; run++) {
    if (run > 0) await forget(server, 'agent_coding_ro');
    grants.push(await bareGrants(server));
    firsts.push(await timed(() => provisionRoles(sql, wide)));
  }
  await asSuperuser(server, 'VACUUM ANALYZE');
  const [seconds, readings]: [number[], number[]] = [[], []];
  const before = await nextTransaction(sql);
  let statements = 0;
  for (let run = 0; run < SECOND_RUNS; run++) {
    readings.push(await timed(() => readEverything(sql)));
    seconds.push(await timed(async () => { statements += (await provisionRoles(sql, wide)).statements.length; }));
  }
  const written = await nextTransaction(sql) - before;
  await sql.end();
  if (statements > 0 || written > 0n) throw new Error(`a run with nothing to do had ${statements} statements, and ${written} transactions wrote`);
  return [
    comparedRow({
      what: `PostgreSQL ${server.major}: first apply, column by column (median of ${FIRST_RUNS})`, kit: median(firsts),
      floor: median(grants), floorOf: 'the same GRANTs, bare, in one transaction', goal: 1000,
    }),
    comparedRow({
      what: `PostgreSQL ${server.major}: second run, with nothing to do and nothing written (median of ${SECOND_RUNS})`, kit: median(seconds),
      floor: median(readings), floorOf: 'reading every grant with aclexplode', goal: 250,
    }),
  ];
}

/** Runs that want different things, all at once, on a database that serves somebody. */
async function benchConcurrent(server: Server): Promise<string> {
  await database(server, 'shop', SHOP);
  const connections = await Promise.all(Array.from({ length: RUNS_AT_ONCE }, () => connect(urlAs(server, 'master', 'shop'))));
  const wanted = (round: number): WantedRoles => round % 2 === 0 ? READER : { agents: [...READER.agents, { name: 'other', staging: { schemas: [{ schema: 'public' }] } }] };
  const failures: string[] = [];
  const took = await timed(async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const results = await Promise.allSettled(connections.map((sql, index) => provisionRoles(sql, wanted(round + index))));
      for (const result of results) if (result.status === 'rejected') failures.push(String(result.reason));
    }
  });
  // One alone, turn by turn: what they cannot do faster together, since a lock serializes them.
  const alone = await timed(async () => {
    for (let round = 0; round < ROUNDS; round++) await provisionRoles(connections[0]!, wanted(round));
  });
  await Promise.all(connections.map((sql) => sql.end()));
  if (failures.length > 0) throw new Error(`${failures.length} of ${ROUNDS * RUNS_AT_ONCE} runs at the same time failed: ${failures[0]}`);
  const each = (milliseconds: number) => `${milliseconds.toFixed(1)} ms a run`;
  const [together, turns] = [took / ROUNDS / RUNS_AT_ONCE, alone / ROUNDS];
  return `| PostgreSQL ${server.major}: ${RUNS_AT_ONCE} at once that want different things, ${ROUNDS} rounds: 0 errors | ${each(together)} | ${each(turns)}: one alone `
    + `| ${(together / turns).toFixed(2)} | 0 errors | met |`;
}
