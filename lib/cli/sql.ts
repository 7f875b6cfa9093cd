import { readFileSync } from 'node:fs';
import { isatty } from 'node:tty';
import { resolve } from 'node:path';
import { classify, loadParser, readyCatalog, type ReadyCatalog } from '../core/sql';
import { visibleJson } from '../core/sql/visible';
import { regionOfAddress } from '../core/role-provisioning';
import { connect as connectOverTls, type Session } from '../database/production-connection';
import { certificateAuthorities } from '../database/rds-certificates';
import { readSqlCatalog } from '../database/read-sql-catalog';
import { connect as connectLocally } from '../sandbox/connection';
import type { Command } from './command';
import { readOptions } from './options';
import { renderStatements } from './sql-report';
import { EXIT, progress, type Terminal } from './terminal';

const HELP = `dbguard sql: what statements do, by PostgreSQL's own parser

Usage: dbguard sql classify [FILE | -] [--catalog URL] [--json]

Says of every statement in FILE, or in what it is sent, what it does: read, session, write, schema, privilege, external or
unknown; the most serious of all that is in it, wherever in it that is. Nothing is run. 'destroys' marks what loses rows, objects
or privileges. What cannot be understood is unknown, never read.

Options
  --catalog URL  asks this database what is behind the names: views, functions, operators, domains, rules, triggers, keys. It is
                 only read. postgresql://USER@HOST:PORT/DATABASE; the password is taken from PGPASSWORD if the URL has none. A
                 server that is not on this machine has to prove by TLS that it is RDS.
  --json         one JSON document: a list with, for each statement, { start, end, kind, destructive, objects, because,
                 transactional, limits }. start and end are bytes of the text; limits is what only the catalog could tell.

Exit status: 0 every statement only reads, 1 some do more or are not known to, 2 could not run.

Examples
  dbguard sql classify migration.sql
  echo 'WITH d AS (DELETE FROM orders RETURNING *) SELECT count(*) FROM d' | dbguard sql classify
  dbguard sql classify migration.sql --json | jq '.[] | select(.kind != "read")'
  dbguard sql classify report.sql --catalog "$(dbguard sandbox url --as reader)"
`;

/** Standard input, or `undefined` where a person sits in front of it. Tests pass their own. */
export type ReadInput = () => Uint8Array | undefined;

export function sqlIn(readInput: ReadInput): Command {
  return {
    summary: "say what the statements in a file do, by PostgreSQL's own parser",
    help: HELP,
    run: async (args, terminal) => {
      const [action, ...rest] = args;
      if (action !== 'classify') throw new Error(`${action === undefined ? 'write' : `there is no '${action}'; write`} dbguard sql classify [FILE | -]; see dbguard sql --help`);
      const { file, others } = fileIn(rest);
      const { json, catalog: url } = readOptions(others, { catalog: 'URL', json: true });
      const bytes = read(file, readInput, terminal);
      const parser = await loadParser();
      const catalog = url === undefined ? undefined : await catalogOf(url, terminal);
      const statements = classify(parser, bytes, catalog);
      if (statements.length === 0) throw new Error('there is no statement in it');
      terminal.out.write(json ? `${visibleJson(JSON.stringify(statements, undefined, 2))}\n` : renderStatements(bytes, statements, catalog !== undefined, terminal));
      return statements.every(({ kind }) => kind === 'read') ? EXIT.done : EXIT.refused;
    },
  };
}

export const sql = sqlIn(() => (isatty(0) ? undefined : readFileSync(0)));

/** The one argument that is neither an option nor the value of one. */
function fileIn(args: readonly string[]): { readonly file: string | undefined; readonly others: readonly string[] } {
  const isFile = (argument: string, at: number) => (argument === '-' || !argument.startsWith('-')) && args[at - 1] !== '--catalog';
  const at = args.findIndex(isFile);
  return at < 0 ? { file: undefined, others: args } : { file: args[at], others: args.toSpliced(at, 1) };
}

function read(file: string | undefined, readInput: ReadInput, terminal: Terminal): Uint8Array {
  if (file !== undefined && file !== '-') {
    try {
      return readFileSync(resolve(terminal.folder, file));
    } catch (error) {
      throw new Error(`cannot read ${file} (${(error as NodeJS.ErrnoException).code ?? 'no reason'})`, { cause: error });
    }
  }
  const bytes = readInput();
  if (bytes === undefined) throw new Error('write a FILE, or send the statements in: dbguard sql classify < FILE');
  return bytes;
}

async function catalogOf(text: string, terminal: Terminal): Promise<ReadyCatalog> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^postgres(ql)?:$/.test(url.protocol) || url.hostname === '' || url.username === '' || url.pathname.length < 2) {
    throw new Error('--catalog is no URL of a database; write postgresql://USER@HOST:PORT/DATABASE');
  }
  if (url.password === '') url.password = encodeURIComponent(terminal.environment.PGPASSWORD ?? '');
  const done = progress(terminal, 'reading the catalog …');
  try {
    const session = await open(url);
    try {
      return readyCatalog(await readSqlCatalog(session));
    } finally {
      await session.end();
    }
  } finally {
    done();
  }
}

function open(url: URL): Promise<Session> {
  if (/^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname)) return connectLocally(url.href);
  const region = regionOfAddress(url.hostname);
  const authorities = region === undefined ? [] : certificateAuthorities(region);
  if (authorities.length === 0) throw new Error(`the package has no certificate authority of RDS for ${url.hostname}, so that it cannot be told from another host`);
  return connectOverTls({
    host: url.hostname, port: Number(url.port || 5432), database: decodeURIComponent(url.pathname.slice(1)), user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password), certificateAuthorities: authorities, timeoutMilliseconds: 10_000,
  }, new AbortController().signal);
}
