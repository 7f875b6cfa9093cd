import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freezeHolds, frozen, type Canary, type Freeze } from '../../core/change/freeze';
import { GATE_WRITER_ROLE } from '../../core/policy';
import { ADMIN, DATABASE } from '../access';
import { connected } from '../connection';
import type { Sandbox } from '../places';
import { readSecrets } from '../state';
import { urlOf } from '../tokens';
import { lastVersion, writeVersion } from './versions';
import { connectAsWriter } from './writer';

/** What is written down of freezes: the one that is on, or who ended the last. */
interface Written {
  readonly freeze?: Freeze;
  readonly liftedBy?: string;
  readonly at: number;
}

interface Held {
  readonly freeze: Freeze | undefined;
  readonly version: number;
}

export function readFreeze(gate: string): Held {
  const last = lastVersion(join(gate, 'freeze'));
  return { freeze: (last?.content as Written | undefined)?.freeze, version: last?.version ?? 0 };
}

/** What to say of a freeze, if one is on or nobody can tell. */
export function frozenNow(gate: string, now: number): string | undefined {
  try {
    return frozen(readFreeze(gate).freeze, now);
  } catch (error) {
    return `nobody can tell whether changes are frozen: ${(error as Error).message}`;
  }
}

export function writeFreeze(gate: string, after: number, freeze: Freeze): boolean {
  return writeVersion(join(gate, 'freeze'), after, { freeze, at: freeze.since } satisfies Written);
}

export function writeLift(gate: string, after: number, liftedBy: string, at: number): boolean {
  return writeVersion(join(gate, 'freeze'), after, { liftedBy, at } satisfies Written);
}

/** When each part of a freeze was seen to hold, in milliseconds since 1970. */
export interface Frozen {
  readonly loginClosed: number;
  readonly sessionsEnded: number;
  readonly writeRefused: number;
}

/** Closes the login of the role that carries out changes, ends its sessions, and tries to write as it. */
export async function enforce(sandbox: Sandbox, now: () => number): Promise<({ readonly do: 'hold' } & Frozen) | { readonly do: 'fail'; readonly because: string }> {
  try {
    await asAdmin(sandbox, `ALTER ROLE ${GATE_WRITER_ROLE} NOLOGIN`);
    const loginClosed = now();
    const left = await endSessions(sandbox);
    const sessionsEnded = now();
    const holds = freezeHolds(await canary(sandbox), left);
    return holds.do === 'hold' ? { do: 'hold', loginClosed, sessionsEnded, writeRefused: now() } : holds;
  } catch (error) {
    return { do: 'fail', because: (error as Error).message };
  }
}

/** Lets the role log in again. */
export async function release(sandbox: Sandbox): Promise<void> {
  await asAdmin(sandbox, `ALTER ROLE ${GATE_WRITER_ROLE} LOGIN`);
}

/** Whether the role can log in, by the catalog. */
export async function canLogIn({ primary }: Sandbox): Promise<boolean> {
  const { rows: [row] } = await connected(primary.superuserUrl('postgres'), (sql) => sql.query<{ login: boolean }>('SELECT rolcanlogin AS login FROM pg_roles WHERE rolname = $1', [GATE_WRITER_ROLE]));
  return row?.login === true;
}

function asAdmin({ folder, primary }: Sandbox, statement: string): Promise<void> {
  return connected(urlOf(ADMIN, readSecrets(folder).admin, primary, DATABASE), async (sql) => void await sql.query(statement));
}

/** Logins that were under way are let in after the role was closed, so it takes two looks in a row that find nobody. */
async function endSessions({ primary }: Sandbox): Promise<number> {
  return connected(primary.superuserUrl('postgres'), async (sql) => {
    let left = 0;
    for (let [looks, empty] = [0, 0]; looks < 100 && empty < 2; looks++) {
      const { rows: [row] } = await sql.query<{ sessions: number }>(
        'SELECT count(*)::int AS sessions, count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = $1', [GATE_WRITER_ROLE]);
      left = row!.sessions;
      empty = left === 0 ? empty + 1 : 0;
      await sleep(50);
    }
    return left;
  });
}

/** `invalid_authorization_specification`: what a role that may not log in is told. */
const NOT_PERMITTED = '28000';

/** Logs in as a change would, with a password that is good, and tries to write. */
async function canary({ folder, primary }: Sandbox): Promise<Canary> {
  try {
    const sql = await connectAsWriter(folder, primary, 'canary');
    await sql.query('SELECT pg_current_xact_id()').finally(() => sql.end());
    return { found: 'let-in' };
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return code === NOT_PERMITTED && message.includes('is not permitted to log in') ? { found: 'refused' } : { found: 'no-answer', because: message };
  }
}
