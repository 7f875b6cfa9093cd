import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApprovalRules, ChangeRequest } from '../../core/change';
import { canonicalBytes } from '../../core/change/document';
import type { World } from '../../database/change/carry-out';
import { failureIn } from '../../database/change/failure';
import { sha256 } from '../../database/change/fingerprint';
import { transactionStatus } from '../../database/change/session';
import { GATE_WRITER_ROLE } from '../../core/policy';
import { DATABASE } from '../access';
import { connected } from '../connection';
import type { Sandbox } from '../places';
import { isRunning, startOf } from '../processes';
import { frozenNow } from './freeze';
import { check, keyring } from './keys';
import { loadRequest, storeRequest } from './requests';
import { openWriter } from './writer';

/** What carrying out a change reaches for, in a sandbox. */
export function worldOf(sandbox: Sandbox, gate: string, rules: ApprovalRules, now: () => number): World {
  return {
    load: (id) => Promise.resolve(loadRequest(gate, id)),
    store: ({ version }, request) => Promise.resolve(storeRequest(gate, version, request)),
    now,
    seen: ({ signed }) => Promise.resolve({ digest: signed && sha256(canonicalBytes(signed.document)), frozen: frozenNow(gate, now()) }),
    checks: ({ signed, approvals }) => {
      const keys = keyring(gate);
      return Promise.resolve(approvals.map(({ approver, signature }) => (signed ? check(keys, approver, canonicalBytes(signed.document), signature) : 'invalid')));
    },
    rules,
    newRun: randomUUID,
    by: `${process.pid} ${startOf(process.pid) ?? ''}`,
    open: ({ id }) => openWriter(sandbox.folder, sandbox.primary, id),
    find: (request, givenUp) => found(sandbox, request, givenUp),
    failure: failureIn,
  };
}

async function found(sandbox: Sandbox, { execution }: ChangeRequest, givenUp: boolean) {
  if (!execution) return 'running';
  const { mark, by } = execution;
  if (!mark) return isAlive(by) ? 'running' : 'not-committed';
  if (mark.transaction === undefined) return isAlive(by) ? 'running' : 'interrupted-outside';
  const { transaction, session } = mark;
  return connected(sandbox.primary.superuserUrl(DATABASE), async (sql) => {
    const status = await transactionStatus(sql, transaction);
    if (status !== 'running' || (isAlive(by) && !givenUp)) return status;
    // Nobody is left who could commit it; what it holds is in the way of others.
    for (let look = 0; look < 100; look++) {
      const { rows } = await sql.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND usename = $2', [session, GATE_WRITER_ROLE]);
      const now = await transactionStatus(sql, transaction);
      if (rows.length === 0 && now !== 'running') return now;
      await sleep(20);
    }
    return 'running';
  });
}

/** The process that carries it out, and not another one that has its number now. */
function isAlive(by: string): boolean {
  const [pid = '', start = ''] = [by.slice(0, by.indexOf(' ')), by.slice(by.indexOf(' ') + 1)];
  return isRunning(Number(pid)) && (startOf(Number(pid)) ?? '') === start;
}
