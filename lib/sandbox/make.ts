import type { Sql } from '../database/sql';
import { ADMIN, APPLICATION, DATABASE, REHEARSAL_BASE } from './access';
import { takeBackup } from './backup';
import { findBinaries, type Binaries } from './binaries';
import { connected } from './connection';
import { following, restoreCopy, startReplica, type CopyOptions } from './copies';
import { archiveOf, hasty, lastBackupOf, makeArchive, place, source, type Sandbox } from './places';
import { startServer, type Server } from './postgres';
import { newPassword } from './scram';
import { readSeedFile, runSeedFile, type SeedFile } from './seed-file';
import { superuserPassword } from './server-files';
import { forgetPasswords, foundShop } from './shop-roles';
import { writeSecrets, writeState, type Place, type Secrets, type State } from './state';
import { caughtUp, urlOf } from './tokens';

/** Used where nobody asks for another. */
export const DEFAULT_POSTGRES = 17;

/** What a sandbox is made of beside servers; tests bring their own. */
export interface Contents {
  /** The SQL of the shop; the admin runs it. */
  seed(scale: number): string;
  /** Makes the agents' roles, connected as the admin. */
  provision(sql: Sql, place: 'primary' | 'staging', agents: readonly string[], seed: State['seed']): Promise<void>;
}

export interface UpOptions {
  /** The state folder. */
  readonly folder: string;
  readonly postgres?: number;
  /** A file of SQL instead of the built-in shop; the application's role runs it. */
  readonly seedFile?: string;
  /** How many times the data of the built-in shop. */
  readonly scale?: number;
  readonly agents?: readonly string[];
  readonly approvers?: readonly string[];
  /** Programs of PostgreSQL that are installed already. */
  readonly serverBin?: string;
  /** Told what is being done. */
  readonly say?: (what: string) => void;
  /** Gives up the making of a new sandbox, and leaves nothing of it. */
  readonly signal?: AbortSignal;
}

/** Makes every part of a new sandbox. Whoever calls it cleans up should it fail. */
export async function create(folder: string, options: UpOptions, contents: Contents): Promise<Sandbox> {
  const say = (what: string) => {
    options.signal?.throwIfAborted();
    options.say?.(what);
  };
  const seedFile = options.seedFile === undefined ? undefined : readSeedFile(options.seedFile);
  const major = options.postgres ?? (options.serverBin === undefined ? DEFAULT_POSTGRES : undefined);
  const binaries = await findBinaries({ major, state: folder, serverBin: options.serverBin });
  const making: Making = { folder, binaries, contents, state: newState(options, binaries.major), secrets: newSecrets() };
  writeState(folder, making.state);
  writeSecrets(folder, making.secrets);

  say(`starting PostgreSQL ${binaries.major}`);
  makeArchive(folder, binaries);
  const primary = await startServer({ ...hasty(folder, making.state, 'primary', binaries), major: binaries.major });
  await foundShop(primary, making.secrets);
  say('filling the shop');
  await fill(making, primary, seedFile, options.scale ?? 1);
  say('copying it for the replica and for staging');
  const servers = { primary, ...await startCopies(making, primary) };

  options.signal?.throwIfAborted();
  const ports = { primary: primary.port, replica: servers.replica.port, staging: servers.staging.port };
  const state: State = { ...making.state, phase: 'up', ports };
  writeState(folder, state);
  return { folder, state, ...servers };
}

interface Making {
  readonly folder: string;
  readonly binaries: Binaries;
  readonly contents: Contents;
  readonly state: State;
  readonly secrets: Secrets;
}

function newState(options: UpOptions, postgres: number): State {
  return {
    format: 1,
    phase: 'starting',
    postgres,
    serverBin: options.serverBin,
    ports: { primary: 0, replica: 0, staging: 0 },
    agents: options.agents ?? ['coding'],
    approvers: options.approvers ?? ['alice', 'bob'],
    seed: options.seedFile === undefined ? 'built-in' : 'file',
  };
}

function newSecrets(): Secrets {
  return { admin: newPassword(), app: newPassword(), replicator: newPassword(), tokens: {} };
}

async function fill({ contents, state, secrets }: Making, primary: Server, seedFile: SeedFile | undefined, scale: number): Promise<void> {
  const admin = urlOf(ADMIN, secrets.admin, primary, DATABASE);
  if (seedFile) await runSeedFile(urlOf(APPLICATION, secrets.app, primary, DATABASE), seedFile);
  else await connected(admin, (sql) => sql.script(contents.seed(scale)));
  await connected(admin, (sql) => contents.provision(sql, 'primary', state.agents, state.seed));
}

async function startCopies(making: Making, primary: Server): Promise<{ replica: Server; staging: Server }> {
  const { folder, state, binaries, secrets } = making;
  const [backup, archive] = [lastBackupOf(folder), archiveOf(folder)];
  await takeBackup(primary, archive, backup);
  const copy = (name: Place): CopyOptions => ({ ...hasty(folder, state, name, binaries), backup, archive, superuser: superuserPassword(primary) });
  const follow = { ...source(primary), password: secrets.replicator };
  const starting = [startReplica({ ...copy('replica'), follow }), startStaging(copy('staging'), making)] as const;
  // Both are waited for even if one fails: nothing may start after the clean-up.
  await Promise.allSettled(starting);
  const [replica, staging] = await Promise.all(starting);
  await caughtUp(primary, replica, 60_000);
  const settings = (name: Place) => place(folder, state, name, binaries).settings;
  primary.configure(settings('primary'));
  replica.configure({ ...settings('replica'), ...following({ ...copy('replica'), follow }) });
  staging.configure(settings('staging'));
  return { replica, staging };
}

async function startStaging(copy: CopyOptions, { state, contents }: Making): Promise<Server> {
  // Nobody is let in before the clone has passwords and roles of its own.
  const staging = await restoreCopy({ ...copy, hba: [], target: { kind: 'consistent' } });
  await connected(staging.superuserUrl(DATABASE), async (sql) => {
    await sql.query(`SET SESSION AUTHORIZATION ${ADMIN}`);
    await contents.provision(sql, 'staging', state.agents, state.seed);
  });
  await forgetPasswords(staging);
  await connected(staging.superuserUrl('postgres'), (sql) => sql.query(`CREATE DATABASE ${REHEARSAL_BASE} TEMPLATE ${DATABASE} ALLOW_CONNECTIONS false`));
  staging.admit(copy.hba);
  return staging;
}
