import { wantedDatabases, type WantedDatabase } from '../core/agent-reading';
import { wrap } from '../core/wrap';
import { connect, type Session } from '../database/production-connection';
import { provisionRoles, RolesRefused, type ProvisionReport } from '../database/provision';
import { readPlan } from '../database/read-plan';
import { readingAgents } from '../environment';
import { DATABASE } from '../sandbox/access';
import { connect as connectSandbox } from '../sandbox/connection';
import { rolesFor } from '../sandbox/contents';
import { theSandbox } from '../sandbox/sandbox';
import { connectionUrl } from '../sandbox/urls';
import { chooseEnvironment, noOwnCdkJson, ownCdkJson } from './cdk-json';
import type { Command } from './command';
import { readOptions } from './options';
import { ownFileFrom } from './own-package';
import { loginFrom, wordsFor } from './roles-login';
import { renderScript, type DatabasePlan } from './roles-script';
import { STATE_FOLDER, stateFolder } from './sandbox-options';
import { EXIT, painter, progress, type Terminal } from './terminal';

const HELP = `dbguard roles: set up the database roles of agents, or print the SQL that does

Usage: dbguard roles --env NAME [--print] [--json]
       dbguard roles --sandbox [--state DIR] [--print] [--json]

With --env it logs in to the primary as psql would: PGUSER, PGPASSWORD, and PGHOST and PGPORT where they differ from the endpoint
in cdk.json, such as those of a tunnel to it. Either way the server has to prove by TLS that it is the endpoint. It does for every
database of the environment what a deployment with roles.admission does: it is the same code.

Options
  --env NAME     the environment of the cdk.json in this folder
  --sandbox      the sandbox on this machine instead
  --state DIR    its state folder (default: ${STATE_FOLDER} in this folder)
  --print        change nothing; print a script for psql with what would be done, no statement where nothing is to do
  --json         one JSON document: a list with, for each database, { database, statements, settings, refused, findings }

Exit status: 0 done, 1 refused (it says why, and nothing was changed in that database), 2 could not run.

Examples
  export PGHOST=orders.….eu-central-1.rds.amazonaws.com PGUSER=dbowner PGPASSWORD=… PGDATABASE=postgres
  dbguard roles --print --env prod > roles.sql
  psql -f roles.sql
  dbguard roles --sandbox
`;

/** One database, and the way to it. */
interface Target {
  readonly database: string;
  readonly open: () => Promise<Session>;
  readonly wanted: (sql: Session) => Promise<WantedDatabase['wanted']>;
}

/** How it logs in to production; tests pass their own. */
export type Connect = typeof connect;

export function rolesIn(connectTo: Connect): Command {
  return {
    summary: 'set up the database roles of agents, or print the SQL that does',
    help: HELP,
    run: async (args, terminal) => {
      const options = readOptions(args, { env: 'NAME', sandbox: true, state: 'DIR', print: true, json: true });
      if ((options.env === undefined) !== options.sandbox) throw new Error('write either --env NAME or --sandbox');
      if (options.state !== undefined && !options.sandbox) throw new Error('--state is for --sandbox');
      const targets = options.sandbox ? await sandboxTargets(stateFolder(options.state, terminal)) : environmentTargets(options.env, terminal, connectTo);
      const done = progress(terminal, options.print ? 'reading the catalog …' : 'setting up the roles …');
      try {
        if (options.print) {
          const plans = await inEach(targets, async (sql, wanted, database): Promise<DatabasePlan> => ({ database, ...await readPlan(sql, wanted) }));
          done();
          const heading = `Database roles of agents, ${options.sandbox ? 'for the sandbox' : `for the environment ${options.env}`}. It is for the database as it was read just now.`;
          terminal.out.write(options.json ? document(plans.map(planned)) : renderScript(plans, heading));
          return EXIT.done;
        }
        const reports = await inEach(targets, (sql, wanted) => provisionRoles(sql, wanted));
        done();
        terminal.out.write(options.json ? document(reports) : render(reports, terminal));
        return EXIT.done;
      } catch (error) {
        done();
        if (!(error instanceof Refusal)) throw error;
        for (const problem of error.problems) terminal.err.write(`dbguard roles: in database ${error.database}: ${problem}\n`);
        return EXIT.refused;
      }
    },
  };
}

export const roles = rolesIn(connect);

/** What cannot be done in one database, and why. */
class Refusal extends Error {
  constructor(readonly database: string, readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

async function inEach<Result>(targets: readonly Target[], work: (sql: Session, wanted: WantedDatabase['wanted'], database: string) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (const { database, open, wanted } of targets) {
    const sql = await open();
    try {
      results.push(await work(sql, await wanted(sql), database));
    } catch (error) {
      throw error instanceof RolesRefused ? new Refusal(database, error.problems) : error;
    } finally {
      await sql.end();
    }
  }
  return results;
}

async function sandboxTargets(folder: string): Promise<Target[]> {
  const sandbox = await theSandbox(folder);
  const url = await connectionUrl(sandbox, 'admin');
  const { agents, seed } = sandbox.state;
  return [{ database: DATABASE, open: () => connectSandbox(url), wanted: (sql) => rolesFor(sql, 'primary', agents, seed) }];
}

function environmentTargets(name: string | undefined, terminal: Terminal, connectTo: Connect): Target[] {
  const cdkJson = ownCdkJson(terminal.folder);
  if (!cdkJson) throw new Error(`${noOwnCdkJson(terminal.folder)}; see ${ownFileFrom(terminal.folder, 'ENVIRONMENTS.md')}`);
  const choice = chooseEnvironment(cdkJson, name);
  if ('report' in choice) throw new Error(choice.report);
  const server = loginFrom(choice.environment, terminal.environment);
  return wantedDatabases(readingAgents(choice.name, choice.environment)).map(({ database, wanted }) => ({
    database,
    open: async () => {
      try {
        return await connectTo({ ...server, database, timeoutMilliseconds: 10_000 }, new AbortController().signal);
      } catch (error) {
        const { code = 'no code' } = error as { code?: string };
        throw new Error(wordsFor(code, server, database), { cause: error });
      }
    },
    wanted: () => Promise.resolve(wanted),
  }));
}

function document(content: unknown): string {
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

function planned({ database, statements, bestEffort, findings }: DatabasePlan): Omit<ProvisionReport, 'warnings' | 'roles'> {
  return { database, statements, settings: bestEffort, refused: [], findings };
}

function render(reports: readonly ProvisionReport[], terminal: Terminal): string {
  const paint = painter(terminal.out, terminal.environment);
  const width = Math.min(terminal.out.columns ?? 100, 110);
  return reports.flatMap(({ database, roles, statements, settings, refused, findings }) => [
    `${paint('green', '✔')} ${paint('bold', database)}: ${roles.join(', ') || 'no roles'} ${statements.length + settings.length === 0 ? 'as wanted already' : `as wanted, after ${statements.length + settings.length} changes`}`,
    ...refused.map(({ statement, because }) => wrap(`the server refused ${statement} (${because})`, width, '    ', `  ${paint('yellow', '!')} `)),
    ...findings.flatMap(({ because, sql }) => [
      wrap(because, width, '    ', `  ${paint('yellow', '!')} `),
      // Not broken into lines: to be copied.
      ...sql.map((statement) => `      ${paint('cyan', `${statement};`)}`),
    ]),
  ]).concat('').join('\n');
}
