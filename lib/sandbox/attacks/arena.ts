import { join } from 'node:path';
import { readRoleName, stagingRoleName } from '../../core/policy';
import { ADMIN, DATABASE, OPEN_NETWORK } from '../access';
import { connected } from '../connection';
import { findBinaries } from '../binaries';
import { startServer, type Server } from '../postgres';
import { down, up, DEFAULT_POSTGRES, type Contents, type Sandbox, type UpOptions } from '../sandbox';
import { scramVerifier, newPassword } from '../scram';
import { seedSql } from '../seed';
import { makeFolder } from '../state';
import { caughtUp, mintToken } from '../tokens';
import type { Ground } from './ground';
import { AFTER_THE_GRANTS } from './personal-data';
import type { Column } from './types';

/** A sandbox that is there to be attacked, and a server beside it with the roles of a blog post. */
export interface Arena {
  readonly primary: Server;
  readonly postgres: number;
  ground(column: Column): Promise<Ground>;
  /** The login of the application on the server of the blog post, as it stands in every `DATABASE_URL`. */
  applicationLogin(): Promise<{ readonly user: string; readonly password: string }>;
  /** Lets the agent's roles log in to the primary, as if network and IAM were not there. */
  openPrimary(): void;
  end(): Promise<void>;
}

const AGENT = 'coding';

/** Nothing here outlives the attacks, and nothing but the attacks shall write. */
const QUICK = { fsync: false, synchronous_commit: false, full_page_writes: false, autovacuum: false };

/**
 * The role of a typical blog post: what is granted and revoked reads well, and leaves what everybody may do, what runs with the
 * rights of its owner, and what the role may change about itself.
 */
export const NAIVE_ROLE = (database: string, verifier: string): string => `
  CREATE ROLE ai_agent LOGIN PASSWORD '${verifier}';
  GRANT CONNECT ON DATABASE ${database} TO ai_agent;
  GRANT USAGE ON SCHEMA public, crm TO ai_agent;
  GRANT SELECT ON ALL TABLES IN SCHEMA public, crm TO ai_agent;
  REVOKE INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public, crm FROM ai_agent;
  REVOKE CREATE ON SCHEMA public FROM ai_agent;
  ALTER DEFAULT PRIVILEGES FOR ROLE app_owner IN SCHEMA public, crm GRANT SELECT ON TABLES TO ai_agent;
  ALTER ROLE ai_agent SET default_transaction_read_only = on;
  ALTER ROLE ai_agent SET log_statement = 'all';
  ALTER ROLE ai_agent SET log_min_duration_statement = 0;`;

export interface ArenaOptions extends Pick<UpOptions, 'folder' | 'postgres' | 'serverBin' | 'say' | 'signal'> {
  /** Whether the server of the blog post is started beside the others. Default: when it is first asked for. */
  readonly withNaive?: boolean;
}

/** Always one of its own: the attacks open the primary's network, and a role that can destroy its data is given a server. */
export async function openArena({ folder: home, withNaive = false, ...options }: ArenaOptions, contents: Contents): Promise<Arena> {
  makeFolder(home);
  const folder = join(home, 'sandbox');
  const naive = startedOnce(() => startNaive(home, options));
  const [made] = await Promise.allSettled([up({ ...options, folder, agents: [AGENT] }, contents), ...(withNaive ? [naive.server()] : [])]);
  if (made.status === 'rejected') {
    // Waited for, so that nothing starts after the clean-up.
    await naive.stop();
    throw made.reason;
  }
  const { sandbox } = made.value;
  const grounds = new Map<Column, Promise<Ground>>();
  const ground = (column: Column) => {
    const made = grounds.get(column) ?? groundOf(column, sandbox, naive);
    grounds.set(column, made);
    return made;
  };
  await quicken(sandbox.primary);
  await quicken(sandbox.staging);
  for (const server of [sandbox.primary, sandbox.staging]) await connected(server.superuserUrl(DATABASE), (sql) => sql.script(AFTER_THE_GRANTS));
  return {
    primary: sandbox.primary,
    postgres: sandbox.state.postgres,
    ground,
    applicationLogin: async () => {
      const { server } = await ground('naive');
      const password = newPassword();
      await connected(server.superuserUrl('postgres'), (sql) => sql.script(`ALTER ROLE app_user PASSWORD '${scramVerifier(password)}'`));
      return { user: 'app_user', password };
    },
    openPrimary: () => sandbox.primary.admit(OPEN_NETWORK),
    end: async () => {
      await naive.stop();
      await down(folder);
    },
  };
}

interface StartedOnce {
  server(): Promise<Server>;
  /** Also one that is just being started. */
  stop(): Promise<void>;
}

function startedOnce(start: () => Promise<Server>): StartedOnce {
  let started: Promise<Server> | undefined;
  return {
    server: () => (started ??= start()),
    stop: async () => {
      const server = await started?.catch(() => undefined);
      await server?.stop({ keepsData: false });
    },
  };
}

async function quicken(server: Server): Promise<void> {
  await connected(server.superuserUrl('postgres'), async (sql) => {
    for (const [name, value] of Object.entries(QUICK)) await sql.query(`ALTER SYSTEM SET ${name} = ${value}`);
    await sql.query('SELECT pg_reload_conf()');
  });
}

async function groundOf(column: Column, sandbox: Sandbox, naive: StartedOnce): Promise<Ground> {
  const { folder, primary, replica, staging } = sandbox;
  const others = { primary, replica, staging };
  switch (column) {
    case 'replica': {
      const user = readRoleName(AGENT);
      const password = await mintToken(folder, primary, user);
      await caughtUp(primary, replica);
      return { column, server: replica, measured: primary, database: DATABASE, agent: { user, password }, others };
    }
    case 'primary': {
      const user = readRoleName(AGENT);
      return { column, server: primary, measured: primary, database: DATABASE, agent: { user, password: await mintToken(folder, primary, user) }, others: {} };
    }
    case 'staging': {
      const user = stagingRoleName(AGENT);
      return { column, server: staging, measured: staging, database: DATABASE, agent: { user, password: await mintToken(folder, staging, user) }, others };
    }
    case 'naive': {
      const server = await naive.server();
      const password = newPassword();
      await connected(server.superuserUrl(DATABASE), (sql) => sql.script(NAIVE_ROLE(DATABASE, scramVerifier(password)) + AFTER_THE_GRANTS));
      return { column, server, measured: server, database: DATABASE, agent: { user: 'ai_agent', password }, others: {} };
    }
  }
}

/** The same shop on a server that has never met the kit. */
async function startNaive(home: string, { postgres, serverBin }: Pick<ArenaOptions, 'postgres' | 'serverBin'>): Promise<Server> {
  const major = postgres ?? (serverBin === undefined ? DEFAULT_POSTGRES : undefined);
  const binaries = await findBinaries({ major, state: home, serverBin });
  const server = await startServer({ major: binaries.major, folder: join(home, 'naive'), binaries, settings: QUICK });
  await connected(server.superuserUrl('postgres'), async (sql) => {
    await sql.script(`CREATE ROLE ${ADMIN} CREATEROLE`);
    await sql.script(`CREATE DATABASE ${DATABASE} OWNER ${ADMIN}`);
  });
  await connected(server.superuserUrl(DATABASE), (sql) => sql.script(`SET SESSION AUTHORIZATION ${ADMIN}; ${seedSql()}`));
  return server;
}
