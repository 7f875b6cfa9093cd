/**
 * What the database roles cost on 10,000 tables in 100 schemas, beside what PostgreSQL itself needs for the same: a
 * markdown table. `node --import tsx scripts/bench-roles.ts [--postgres 15,17,18] [--rounds 100]`
 */
import { provisionRoles } from '../lib/database/provision';
import { connect, type Connection } from '../lib/sandbox/connection';
import type { Server } from '../lib/sandbox/postgres';
import type { WantedRoles } from '../lib/core/grants';
import { database, READER, SHOP, urlAs } from '../test/database/fixture';
import { withServer } from '../test/sandbox/fixture';

const SCHEMAS = 100;
const TABLES = 100;
const RUNS_AT_ONCE = 8;

const option = (name: string, otherwise: string) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : process.argv[at + 1] ?? otherwise;
};

const names = Array.from({ length: SCHEMAS }, (_, index) => `s${index}`);
const wide: WantedRoles = {
  agents: [{
    name: 'coding',
    read: { schemas: names.map((schema) => ({ schema })), personalData: names.map((schema) => ({ schema, table: 't0', column: 'email' })) },
  }],
};

/** Milliseconds that something took. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function fill(server: Server): Promise<void> {
  const sql = await connect(server.superuserUrl('wide'));
  for (const schema of names) {
    const tables = Array.from({ length: TABLES }, (_, index) => `CREATE TABLE ${schema}.t${index} (id bigint, email text, note text);`);
    await sql.script(`SET ROLE app_owner; CREATE SCHEMA ${schema}; ${tables.join('\n')}`);
  }
  await sql.script('RESET ROLE');
  await sql.script('VACUUM ANALYZE');
  await sql.end();
}

/** What nobody can do without: reading every access control list there is. */
const readEverything = (sql: Connection) => sql.query(
  `SELECT c.oid, c.relname, c.relacl::text, a.attname, a.attacl::text FROM pg_class c
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 WHERE c.relkind = 'r' AND c.oid >= 16384`,
);

/** The same grants in one block, by who owns the tables, with nothing read before and nothing proven after. */
async function bareGrants(server: Server): Promise<number> {
  const root = await connect(server.superuserUrl('wide'));
  await root.script('CREATE ROLE bare');
  const lists = names.map((schema) => Array.from({ length: TABLES }, (_, index) => `${schema}.t${index}`).slice(1).join(', '));
  const took = await timed(() => root.script(`DO $$ BEGIN ${lists.map((list) => `GRANT SELECT (id, email, note) ON ${list} TO bare;`).join('\n')}
    ${names.map((schema) => `GRANT SELECT (id, note) ON ${schema}.t0 TO bare;`).join('\n')} END $$`));
  await root.script('DROP OWNED BY bare; DROP ROLE bare');
  await root.script('VACUUM ANALYZE');
  await root.end();
  return took;
}

async function nextTransaction(sql: Connection): Promise<bigint> {
  return BigInt((await sql.query<{ next: string }>('SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS next')).rows[0]!.next);
}

async function benchWide(server: Server): Promise<string[]> {
  await database(server, 'wide');
  await fill(server);
  const bare = await bareGrants(server);
  const sql = await connect(urlAs(server, 'master', 'wide'));
  const first = await timed(() => provisionRoles(sql, wide));
  await (async () => { const root = await connect(server.superuserUrl('wide')); await root.script('VACUUM ANALYZE'); await root.end(); })();
  const seconds: number[] = [];
  const floors: number[] = [];
  const before = await nextTransaction(sql);
  let written = 0;
  for (let run = 0; run < 5; run++) {
    floors.push(await timed(() => readEverything(sql)));
    seconds.push(await timed(async () => { written += (await provisionRoles(sql, wide)).statements.length; }));
  }
  const transactions = await nextTransaction(sql) - before;
  await sql.end();
  const ms = (value: number) => `${Math.round(value)} ms`;
  const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
  return [
    `| ${server.major} | first apply, column by column | ${ms(first)} | 1000 ms | ${ms(bare)}: the bare grants |`,
    `| ${server.major} | second run (median of 5), ${written} statements, ${transactions} transactions that wrote | ${ms(median(seconds))} | 250 ms | ${ms(median(floors))}: reading every ACL |`,
  ];
}

/** Runs that want different things, all at once, on a database that serves somebody. */
async function benchConcurrent(server: Server, rounds: number): Promise<string> {
  await database(server, 'shop', SHOP);
  const connections = await Promise.all(Array.from({ length: RUNS_AT_ONCE }, () => connect(urlAs(server, 'master', 'shop'))));
  const wanted = (round: number): WantedRoles => round % 2 === 0 ? READER : { agents: [...READER.agents, { name: 'other', staging: { schemas: [{ schema: 'public' }] } }] };
  let errors = 0;
  const took = await timed(async () => {
    for (let round = 0; round < rounds; round++) {
      const results = await Promise.allSettled(connections.map((sql, index) => provisionRoles(sql, wanted(round + index))));
      for (const result of results) {
        if (result.status === 'fulfilled') continue;
        errors++;
        console.error(result.reason);
      }
    }
  });
  await Promise.all(connections.map((sql) => sql.end()));
  return `| ${server.major} | ${RUNS_AT_ONCE} at once, ${rounds} rounds: errors | ${errors} | 0 | ${Math.round(took / rounds / RUNS_AT_ONCE)} ms a run |`;
}

async function main(): Promise<void> {
  console.log('| PostgreSQL | what | measured | at most | floor, in the same run |\n|---|---|---|---|---|');
  for (const major of option('postgres', '15,17,18').split(',').map(Number)) {
    await withServer(major, async (server) => {
      for (const line of await benchWide(server)) console.log(line);
      console.log(await benchConcurrent(server, Number(option('rounds', '100'))));
    });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
