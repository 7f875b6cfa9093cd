import { explainLogin, kindOfLoginFailure } from '../core/connection-failure';
import { isOrder, regionOfAddress, type DatabaseAnswer, type ProvisioningAnswer, type ProvisioningOrder } from '../core/role-provisioning';
import { provisionRoles, RolesRefused, type ProvisionReport } from '../database/provision';
import { sqlState } from '../database/sql';
import { lambdaWorld, nameOf, type AnsweringWorld, type LambdaContext } from './custom-resource';
import { masterOf, secretsManager, Stopped, type SecretWorld } from './master-secret';
import { connect, type ConnectOptions, type Session } from '../database/production-connection';
import { certificateAuthorities } from '../database/rds-certificates';

/** What the function does: it reads one secret and logs in to one server. */
export interface World extends Pick<AnsweringWorld, 'log' | 'now' | 'pause'>, SecretWorld {
  readonly connect: (options: ConnectOptions, signal: AbortSignal) => Promise<Session>;
  /** PEM of the authorities that RDS has in a Region. */
  readonly certificateAuthorities: (region: string) => readonly string[];
}

/** Kept back from the function's own time limit, so that there is always a result. */
const MARGIN_MS = 5_000;
const LOGIN_MS = 10_000;

/** For how long another run, or a migration of the application, may keep this one waiting. */
const WAIT_SECONDS = 30;

/** The function in production's network: it sets up the roles in each database. It always returns an answer, with no secret in it. */
export function make(world: World): (event: unknown, context: LambdaContext) => Promise<ProvisioningAnswer> {
  return async (event, context) => {
    if (!isOrder(event)) return { did: 'nothing', because: 'the order is not one that the function understands' };
    const over = new AbortController();
    const done: DatabaseAnswer[] = [];
    const remaining = (): number => Math.max(0, context.getRemainingTimeInMillis() - MARGIN_MS);
    const stopped = (because: string, unfinished: boolean): ProvisioningAnswer => ({ did: unfinished || done.length > 0 ? 'some' : 'nothing', because });
    const work = provisionAll(event, done, world, over.signal).then(
      (): ProvisioningAnswer => ({ did: 'all', databases: done }),
      (error: unknown) => error instanceof Stopped
        ? stopped(error.message, error.unfinished)
        : stopped(`unforeseen error ${nameOf(error)}; see log group ${context.logGroupName}`, true),
    );
    const seconds = Math.round(remaining() / 1000);
    const late = world.pause(remaining(), over.signal).then(() =>
      stopped(`it was not done after ${seconds} seconds; a transaction that holds a lock on what is to be granted may be why`, true));
    const answer = await Promise.race([work, late]);
    over.abort();
    world.log({ level: answer.did === 'all' ? 'info' : 'error', event: 'provisioned', host: event.host, work: event.do, ...answer });
    return answer;
  };
}

async function provisionAll(
  order: ProvisioningOrder, done: DatabaseAnswer[], world: World, signal: AbortSignal,
): Promise<void> {
  const region = regionOfAddress(order.host);
  const authorities = region === undefined ? [] : world.certificateAuthorities(region);
  if (authorities.length === 0) {
    throw new Stopped(`the package has no certificate authority of RDS for ${order.host}, so that it cannot be told from another host; `
      + 'have a person do it: npx dbguard roles --print');
  }
  for (const { database, wanted, mayBeGone } of order.databases) {
    const session = await logIn(order, database, authorities, world, signal);
    if (session === 'no database') {
      if (mayBeGone) continue;
      throw new Stopped(explainLogin('3D000', { host: order.host, port: order.port, database }));
    }
    try {
      done.push(answerOf(database, await provisionRoles(session, wanted, { waitSeconds: WAIT_SECONDS })));
    } catch (error) {
      throw inWords(error, database);
    } finally {
      await session.end();
    }
  }
}

function answerOf(database: string, { statements, settings, refused, findings }: ProvisionReport): DatabaseAnswer {
  return {
    database,
    changes: statements.length + settings.length,
    findings: [
      ...findings.map(({ because, sql }) => sql.length === 0 ? because : `${because}. What ends it: ${sql.join('; ')}`),
      ...refused.map(({ statement, because }) => `the server refused ${statement} (${because})`),
    ],
  };
}

/** The kit's own words, and PostgreSQL's about a statement of the kit's: none of those has a secret in it. What code of the database says may. */
function inWords(error: unknown, database: string): unknown {
  const at = `in database ${database}`;
  if (error instanceof RolesRefused) return new Stopped(`${at}: ${error.problems.join('; ')}`);
  const state = sqlState(error);
  if (state?.startsWith('P0')) return new Stopped(`${at}: code of the database, such as an event trigger, stopped it (${state}); the log of the database says why`);
  if (state !== undefined && !/^(08|57)/.test(state)) return new Stopped(`${at}: ${(error as Error).message} (${state})`);
  return new Stopped(`${at}: the session ended in the middle (${nameOf(error)})`, true);
}

/** Logs in; once more with the secret read anew where the password was refused, since RDS changes it on a schedule of its own. */
async function logIn(
  order: ProvisioningOrder, database: string, certificateAuthorities: readonly string[], world: World, signal: AbortSignal,
): Promise<Session | 'no database'> {
  const { host, port } = order;
  for (let attempt = 1; ; attempt += 1) {
    const master = await masterOf(order, world, signal);
    try {
      return await world.connect({ host, port, database, ...master, certificateAuthorities, timeoutMilliseconds: LOGIN_MS }, signal);
    } catch (error) {
      const code = nameOf(error);
      const kind = kindOfLoginFailure(code);
      if (kind === 'noDatabase') return 'no database';
      if (attempt === ATTEMPTS || (kind !== 'password' && kind !== 'starting')) throw new Stopped(explainLogin(code, { host, port, database }));
      world.log({ level: 'warn', event: 'logging in again', database, error: code });
      await world.pause(PAUSE_MS, signal);
    }
  }
}

const ATTEMPTS = 2;
const PAUSE_MS = 3_000;

export const handler = make({ ...lambdaWorld, secret: secretsManager(lambdaWorld.now), connect, certificateAuthorities });
