import { planRoles, unsupportedServer, type RoleFinding, type RolesPlan, type WantedRoles } from '../core/grants';
import { readCatalog, readServer } from './read-catalog';
import { RolesRefused } from './roles-refused';
import { sqlState, type Sql } from './sql';
import { inBatches } from './statement-batches';
import { takeTurn } from './turn';
import { verifyRoles } from './verify';

export { RolesRefused } from './roles-refused';

export interface ProvisionOptions {
  /** Report what would be done, and do nothing. */
  readonly dryRun?: boolean;
  /** How long to wait for another run, in seconds. @default 120 */
  readonly waitSeconds?: number;
}

export interface ProvisionReport {
  readonly database: string;
  /** What was done, or would be; there is no secret in it. None: everything was as it should be. */
  readonly statements: readonly string[];
  /** Settings, and the login trigger, that were made apart from that. */
  readonly settings: readonly string[];
  /** Those that the server refused, and its words. */
  readonly refused: readonly { readonly statement: string; readonly because: string }[];
  readonly findings: readonly RoleFinding[];
  /** What PostgreSQL warned of on the way. */
  readonly warnings: readonly string[];
  /** The kit's roles, as they are now. */
  readonly roles: readonly string[];
}

/** What happens beside us and is over by the next attempt: the same role or table changed by somebody, or gone. */
const PASSING = new Set(['XX000', '40001', '40P01', '42710', '23505', '42P01', '42883', '42704', '3F000']);
const ATTEMPTS = 5;

/**
 * Makes the kit's roles in one database what is wanted, in one transaction that an advisory lock serializes: it is done
 * and proven, or nothing has changed. Settings that a server may refuse follow, each on its own.
 */
export async function provisionRoles(sql: Sql, wanted: WantedRoles, options: ProvisionOptions = {}): Promise<ProvisionReport> {
  const server = await readServer(sql);
  const old = unsupportedServer(server.version);
  if (old) throw new RolesRefused([old]);
  const heard = sql.notices.length;
  const { plan, findings } = await attempt(sql, ATTEMPTS, () => changeRoles(sql, wanted, options));
  const settings: string[] = [];
  const refused: { statement: string; because: string }[] = [];
  for (const statement of plan.bestEffort) {
    const because = options.dryRun ? undefined : await refusal(sql, statement, options);
    if (because === undefined) settings.push(statement);
    else refused.push({ statement, because });
  }
  return {
    database: server.database, statements: plan.statements, settings, refused, findings,
    warnings: sql.notices.slice(heard).filter(({ severity }) => severity === 'WARNING').map(({ message }) => message),
    roles: plan.roles.map(({ name }) => name),
  };
}

async function changeRoles(sql: Sql, wanted: WantedRoles, { dryRun = false, waitSeconds = 120 }: ProvisionOptions): Promise<{ plan: RolesPlan; findings: RoleFinding[] }> {
  return inTransaction(sql, dryRun ? 'READ ONLY' : 'READ WRITE', async () => {
    const heard = sql.notices.length;
    const server = await readServer(sql);
    if (!dryRun) await takeTurn(sql, waitSeconds);
    const before = await readCatalog(sql, wanted, server);
    const plan = planRoles(wanted, before);
    if (plan.problems.length > 0) throw new RolesRefused(plan.problems);
    if (dryRun) return { plan, findings: [...plan.findings] };
    for (const { text, statementAt } of inBatches(plan.statements, await mayRunBlocks(sql))) {
      await sql.query(text).catch((error: unknown) => {
        throw named(error, statementAt(error));
      });
    }
    const after = mayHaveFailedSilently(plan, sql, heard) ? await readCatalog(sql, wanted, server) : before;
    const rest = after === before ? plan : planRoles(wanted, after);
    if (after !== before && rest.statements.length > 0) throw new RolesRefused([stillToDo(rest, sql)]);
    const { violations, findings } = await verifyRoles(sql, rest.roles, after, plan.statements.length > 0);
    if (violations.length > 0) throw new RolesRefused(violations.map((violation) => `${violation}, which no statement of the kit allows; nothing was changed`));
    return { plan, findings: [...rest.findings, ...findings] };
  });
}

/** A grant that has no effect warns; a revocation need not even do that, so what it left is read again. */
function mayHaveFailedSilently({ statements }: RolesPlan, { notices }: Sql, heard: number): boolean {
  return statements.some((statement) => /^(ALTER DEFAULT PRIVILEGES .* )?REVOKE /.test(statement)) ||
    notices.slice(heard).some(({ severity }) => severity === 'WARNING');
}

/** `privilege_not_revoked`, `privilege_not_granted`. */
const NO_EFFECT = ['01006', '01007'];

/** A statement that did nothing: PostgreSQL only warns when a REVOKE has no effect. */
function stillToDo({ statements }: RolesPlan, sql: Sql): string {
  // PostgreSQL's own words: what code of the database warns of may hold anything.
  const warned = sql.notices.filter(({ code }) => NO_EFFECT.includes(code)).at(-1)?.message;
  return `PostgreSQL accepted ${statements[0]!.startsWith('SET LOCAL ROLE') ? statements[1]! : statements[0]!} without doing it` +
    `${warned === undefined ? '' : ` (${warned})`}; run it as the owner, then again; nothing was changed`;
}

/** Who hardens a server takes the language from everybody. */
async function mayRunBlocks(sql: Sql): Promise<boolean> {
  const { rows } = await sql.query<{ may: boolean }>("SELECT pg_catalog.has_language_privilege('plpgsql', 'USAGE') AS may");
  return rows[0]!.may;
}

async function refusal(sql: Sql, statement: string, { waitSeconds = 120 }: ProvisionOptions): Promise<string | undefined> {
  try {
    await attempt(sql, ATTEMPTS, () => inTransaction(sql, 'READ WRITE', async () => {
      await takeTurn(sql, waitSeconds);
      await sql.query(statement);
    }));
    return undefined;
  } catch (error) {
    if (sqlState(error) === undefined && !(error instanceof RolesRefused)) throw error;
    return (error as Error).message;
  }
}

async function inTransaction<Result>(sql: Sql, mode: 'READ ONLY' | 'READ WRITE', work: () => Promise<Result>): Promise<Result> {
  await sql.query(`BEGIN ISOLATION LEVEL READ COMMITTED ${mode}`);
  try {
    // Signatures of routines are written with their schema when no schema is searched.
    await sql.query("SELECT pg_catalog.set_config('search_path', 'pg_catalog', true), pg_catalog.set_config('check_function_bodies', 'on', true)");
    const result = await work();
    await sql.query('COMMIT');
    return result;
  } catch (error) {
    // Where the connection is gone the transaction is too.
    await sql.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function attempt<Result>(sql: Sql, times: number, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (times <= 1 || !PASSING.has(sqlState(error) ?? '')) throw error;
    await sql.query('SELECT pg_catalog.pg_sleep(0.05)');
    return attempt(sql, times - 1, work);
  }
}

/** The same error, which says what it was about. */
function named(error: unknown, statement: string | undefined): unknown {
  if (!(error instanceof Error) || statement === undefined) return error;
  const short = statement.length > 300 ? `${statement.slice(0, 300)}…` : statement;
  return Object.assign(new Error(`${error.message}; the statement was: ${short}`, { cause: error }), { code: sqlState(error) });
}
