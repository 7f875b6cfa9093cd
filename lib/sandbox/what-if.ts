import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readRoleName } from '../core/policy';
import { ADMIN, DATABASE, OPEN_NETWORK, networkOf, settingsOf } from './access';
import { archiveNow, takeBackup } from './backup';
import { connect } from './connection';
import { restoreCopy, type Target } from './copies';
import { archiveOf, lastBackupOf, type Sandbox } from './places';
import type { Server } from './postgres';
import { superuserPassword } from './server-files';
import { readSecrets } from './state';
import { mintToken, urlOf } from './tokens';

/** The primary, with the layers that keep agents away from it switched off. */
export interface OpenPrimary {
  /** Of an agent's read role, on the primary. */
  url(agent: string): Promise<string>;
  /** Switches the layers on again, and returns once they hold. Sessions of agents are ended. */
  close(): Promise<void>;
}

/**
 * Switches off what plays network and IAM: the agents' roles may log in to the primary, to show what PostgreSQL itself still
 * refuses them. Where more is to be tried than that, `copyOfPrimary` leaves the primary alone.
 */
export async function openPrimary({ folder, state, primary }: Sandbox): Promise<OpenPrimary> {
  const url = async (agent: string) => {
    const role = readRoleName(agent);
    return urlOf(role, await mintToken(folder, primary, role), primary, DATABASE);
  };
  const probe = await url(state.agents[0]!);
  primary.admit(OPEN_NETWORK);
  await until('the primary to let agents in', async () => (await refusal(probe)) === undefined);
  return {
    url,
    close: async () => {
      primary.admit(networkOf('primary', state.postgres, state.agents));
      const sql = await connect(primary.superuserUrl('postgres'));
      try {
        await until('the primary to refuse agents again', async () => (await refusal(probe))?.includes('pg_hba.conf') === true);
        await sql.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = ANY ($1)', [state.agents.map(readRoleName)]);
      } finally {
        await sql.end();
      }
    },
  };
}

async function refusal(url: string): Promise<string | undefined> {
  try {
    await (await connect(url)).end();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited 10 s for ${what}`);
    await sleep(10);
  }
}

/** A server of its own with everything that the primary has, which nothing follows and nobody needs. */
export interface PrimaryCopy {
  readonly server: Server;
  superuserUrl(database?: string): string;
  adminUrl(): string;
  /** Of any role; gives it a password of its own here. */
  url(role: string, database?: string): Promise<string>;
  /** Ends the server and deletes its data. */
  remove(): Promise<void>;
}

/** Makes a copy of the primary as it is now, with network and IAM switched off: for attacks, and for other ways to set up roles. */
export async function copyOfPrimary(sandbox: Sandbox, name: string): Promise<PrimaryCopy> {
  const backup = join(sandbox.folder, 'copies', `${name}.backup`);
  mkdirSync(dirname(backup), { recursive: true });
  await takeBackup(sandbox.primary, archiveOf(sandbox.folder), backup);
  try {
    return await copyFrom(sandbox, name, backup, { kind: 'consistent' });
  } finally {
    rmSync(backup, { recursive: true, force: true });
  }
}

/** The primary as it was at a moment since the sandbox was made, as a server of its own. */
export async function primaryAt(sandbox: Sandbox, name: string, target: Target): Promise<PrimaryCopy> {
  await archiveNow(sandbox.primary, archiveOf(sandbox.folder));
  return copyFrom(sandbox, name, lastBackupOf(sandbox.folder), target);
}

async function copyFrom({ folder, state, primary }: Sandbox, name: string, backup: string, target: Target): Promise<PrimaryCopy> {
  const home = join(folder, 'copies', name);
  mkdirSync(dirname(home), { recursive: true });
  const server = await restoreCopy({
    backup,
    archive: archiveOf(folder),
    folder: home,
    binaries: primary.binaries,
    hba: OPEN_NETWORK,
    superuser: superuserPassword(primary),
    settings: { ...settingsOf('primary', state.postgres), fsync: false },
    target,
  });
  return {
    server,
    superuserUrl: (database = DATABASE) => server.superuserUrl(database),
    adminUrl: () => urlOf(ADMIN, readSecrets(folder).admin, server, DATABASE),
    url: async (role, database = DATABASE) => urlOf(role, await mintToken(folder, server, role), server, database),
    remove: async () => {
      await server.stop({ keepsData: false });
      rmSync(home, { recursive: true, force: true });
    },
  };
}
