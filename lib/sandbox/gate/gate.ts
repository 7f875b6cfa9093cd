import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { next, type ApprovalRules, type ChangeRequest, type ChangeState } from '../../core/change';
import { admission, type Classify } from '../../core/change/classified';
import { canonicalBytes, encode, reviewBytes } from '../../core/change/document';
import { mayLift, strengthened, type Freeze } from '../../core/change/freeze';
import type { Approval, Rehearsal, SignatureCheck } from '../../core/change/request';
import { readSql } from '../../core/change/sql-bytes';
import { apply, carryOut, settle, type Outcome } from '../../database/change/carry-out';
import { fingerprintOf, sha256 } from '../../database/change/fingerprint';
import { ownerOf } from '../contents';
import { LOCK_PATIENCE_MS, locked } from '../lock';
import type { Sandbox } from '../places';
import { enforce, readFreeze, release, writeFreeze, writeLift, type Frozen } from './freeze';
import { check, keyring, listKeys, signAs } from './keys';
import { rehearse } from './rehearsal';
import { loadRequest, newId, requestIds, storeRequest } from './requests';
import { worldOf } from './world';

/** What somebody asks for. */
export interface Proposal {
  readonly sql: Uint8Array;
  readonly requester: string;
  readonly reason: string;
  /** Rows that it may change at most; undefined: as many as in its rehearsal. */
  readonly maxRows: number | undefined;
  readonly expiresAfter: number;
  readonly approvalsNeeded: number;
}

export type Proposed = { readonly do: 'filed'; readonly request: ChangeRequest } | { readonly do: 'refuse'; readonly because: readonly string[] };
export type Answer = { readonly do: 'done'; readonly request: ChangeRequest } | { readonly do: 'refuse'; readonly because: string };

/** The gate of a sandbox. Everything that it knows is in the state folder, version by version. */
export interface Gate {
  readonly names: readonly string[];
  propose(proposal: Proposal, classify: Classify): Promise<Proposed>;
  list(): Promise<ChangeRequest[]>;
  /** As it is now: what is out of time has expired, and what an executor left behind is settled. */
  show(id: string): Promise<ChangeRequest>;
  approve(id: string, approver: string, digest: string): Promise<Answer>;
  carryOut(id: string): Promise<Answer>;
  reject(id: string, by: string, reason: string): Promise<Answer>;
  freeze(freeze: Pick<Freeze, 'by' | 'reason' | 'until' | 'liftedByAnother'>): Promise<({ readonly do: 'hold'; readonly freeze: Freeze } & Frozen) | { readonly do: 'fail'; readonly because: string }>;
  unfreeze(by: string): Promise<{ readonly do: 'lifted' } | { readonly do: 'refuse'; readonly because: string }>;
}

const OPEN: readonly ChangeState[] = ['proposed', 'rehearsed', 'approved'];

/** Opens the gate, with keys for everybody in the sandbox, and ends a freeze whose time is over. */
export async function openGate(sandbox: Sandbox, now: () => number = Date.now): Promise<Gate> {
  const gate = join(sandbox.folder, 'gate');
  mkdirSync(gate, { recursive: true, mode: 0o700 });
  const { agents, approvers } = sandbox.state;
  const names = [...agents, ...approvers];
  await locked(sandbox.folder, LOCK_PATIENCE_MS, () => Promise.resolve(listKeys(gate, names)));
  await endLapsed(sandbox, gate, now());
  const rules: ApprovalRules = { approvers, deployers: [] };
  const world = worldOf(sandbox, gate, rules, now);
  const known = (name: string) => {
    if (!names.includes(name)) throw new Error(`there is nobody called '${name}' in the sandbox; the agents are ${agents.join(', ')}, the approvers ${approvers.join(', ')}`);
  };
  /** A signature over something that is no change: a rejection, the end of a freeze. */
  const signed = (name: string, bytes: Uint8Array): SignatureCheck => check(keyring(gate), name, bytes, signAs(gate, name, bytes) ?? '');

  const show = async (id: string) => {
    const stored = loadRequest(gate, id);
    const ticked = next(stored.request, { kind: 'tick' }, now());
    if (ticked.do === 'next') storeRequest(gate, stored.version, ticked.request);
    if (stored.request.state === 'executing') await settle(world, id);
    return loadRequest(gate, id).request;
  };
  return {
    names,
    show,
    list: async () => {
      const requests: ChangeRequest[] = [];
      for (const id of requestIds(gate)) requests.push(await show(id));
      return requests.sort((one, other) => one.filed - other.filed);
    },
    propose: async (proposal, classify) => {
      known(proposal.requester);
      const read = readSql(proposal.sql);
      if (read.do === 'refuse') return { do: 'refuse', because: [read.because] };
      const classification = await classify(proposal.sql);
      const admitted = admission(proposal.sql, classification);
      if (admitted.do === 'refuse') return admitted;
      if (!admitted.transactional && proposal.maxRows !== undefined) return { do: 'refuse', because: ['rows are not counted outside a transaction; leave out the bound'] };
      const filed = now();
      const { requester, reason, sql, approvalsNeeded } = proposal;
      const request: ChangeRequest = {
        id: newId(), state: 'proposed', requester, reason, sql, filed, expires: filed + proposal.expiresAfter, classification, approvals: [],
      };
      const stored = storeRequest(gate, 0, request)!;
      const event = await rehearsed(sandbox, gate, request, { transactional: admitted.transactional, maxRows: proposal.maxRows, approvalsNeeded }, now);
      const outcome = await apply(world, stored, () => Promise.resolve(event));
      if (outcome.do === 'refuse') return { do: 'refuse', because: [outcome.because] };
      return { do: 'filed', request: outcome.stored.request };
    },
    approve: async (id, approver, digest) => {
      const request = await show(id);
      // The digest that was typed, or read: what is signed is the document as it is stored, and must be that one.
      const bytes = request.signed ? canonicalBytes(request.signed.document) : new Uint8Array();
      const approval: Approval = { approver, digest, signature: sha256(bytes) === digest ? signAs(gate, approver, bytes) ?? '' : '', at: now() };
      const outcome = await apply(world, loadRequest(gate, id), async ({ request: stored }) => ({
        kind: 'approve', approval, rules, seen: await world.seen(stored),
        check: stored.signed ? check(keyring(gate), approver, canonicalBytes(stored.signed.document), approval.signature) : 'invalid',
      }));
      return outcome.do === 'refuse' ? outcome : { do: 'done', request: outcome.stored.request };
    },
    carryOut: async (id) => answer(await carryOut(world, (await show(id)).id)),
    reject: async (id, by, reason) => {
      const request = await show(id);
      const verdict = signed(by, encode('rejection', [['id', id], ['digest', request.signed?.digest ?? ''], ['reason', reason]]));
      const outcome = await apply(world, loadRequest(gate, id), () => Promise.resolve({ kind: 'reject', by, reason, check: verdict, rules }));
      return outcome.do === 'refuse' ? outcome : { do: 'done', request: outcome.stored.request };
    },
    freeze: async ({ by, ...wanted }) => {
      known(by);
      const current = readFreeze(gate);
      const freeze = strengthened(current.freeze, { by, ...wanted, since: now(), verified: undefined }, now());
      // Written before anything is done: from here on no change starts, whatever becomes of the rest.
      if (!writeFreeze(gate, current.version, freeze)) return { do: 'fail', because: 'somebody changed the freeze at the same moment; look at it, and try again' };
      for (const id of requestIds(gate)) {
        const stored = loadRequest(gate, id);
        if (OPEN.includes(stored.request.state)) await apply(world, stored, () => Promise.resolve({ kind: 'freeze', because: `frozen by ${by}: ${freeze.reason}` }));
      }
      const held = await enforce(sandbox, now);
      if (held.do === 'fail') return held;
      const verified: Freeze = { ...freeze, verified: held.writeRefused };
      const { version } = readFreeze(gate);
      if (!writeFreeze(gate, version, verified)) return { do: 'fail', because: 'somebody changed the freeze at the same moment; look at it, and try again' };
      return { ...held, freeze: verified };
    },
    unfreeze: async (by) => {
      const { freeze, version } = readFreeze(gate);
      const lift = mayLift(freeze, by, approvers, signed(by, encode('lift', [['since', freeze?.since ?? 0], ['version', version]])));
      if (lift.do === 'refuse') return lift;
      // The record goes last: what is half done is still frozen.
      await release(sandbox);
      return writeLift(gate, version, by, now()) ? { do: 'lifted' } : { do: 'refuse', because: 'somebody changed the freeze at the same moment; look at it, and try again' };
    },
  };
}

function answer(outcome: Outcome): Answer {
  return outcome.do === 'refuse' ? { do: 'refuse', because: outcome.because } : outcome;
}

async function endLapsed(sandbox: Sandbox, gate: string, now: number): Promise<void> {
  const { freeze, version } = readFreeze(gate);
  if (freeze?.until === undefined || now < freeze.until) return;
  await release(sandbox);
  writeLift(gate, version, 'its end', now);
}

interface Wanted {
  readonly transactional: boolean;
  readonly maxRows: number | undefined;
  readonly approvalsNeeded: number;
}

/** The rehearsal as an event: with it the document is complete, and has its digest. */
async function rehearsed(sandbox: Sandbox, gate: string, request: ChangeRequest, { transactional, maxRows, approvalsNeeded }: Wanted, now: () => number) {
  const runAs = ownerOf(sandbox.state.seed);
  const executed = requestIds(gate).map((id) => loadRequest(gate, id).request).filter(({ state }) => state === 'executed')
    .sort((one, other) => one.execution!.started - other.execution!.started);
  const at = now();
  const outcome = await rehearse(sandbox, { id: request.id, sql: request.sql, classification: request.classification, transactional, runAs }, executed)
    .catch((error: Error) => ({ do: 'fail' as const, because: `it could not be rehearsed: ${error.message}` }));
  if (outcome.do === 'fail') {
    const rehearsal: Rehearsal = { done: false, because: outcome.because, at, rows: 0, milliseconds: 0, statements: [], locks: [] };
    return { kind: 'rehearse', rehearsal, signed: undefined } as const;
  }
  const { statements, locks, touched, target, lines } = outcome;
  const sum = (of: 'rows' | 'milliseconds') => statements.reduce((total, statement) => total + statement[of], 0);
  const rows = sum('rows');
  const rehearsal: Rehearsal = { done: true, at, rows, milliseconds: sum('milliseconds'), statements, locks };
  if (maxRows !== undefined && rows > maxRows) {
    return { kind: 'rehearse', rehearsal: { ...rehearsal, done: false, because: `it changed ${rows} rows on the staging copy, and at most ${maxRows} were asked for` }, signed: undefined } as const;
  }
  const { id, sql, requester, reason, expires } = request;
  const document = {
    id, sql, statements: request.classification.map(({ start, end }) => ({ start, end })), transactional, target, runAs, rowBound: maxRows ?? rows, touched,
    fingerprint: fingerprintOf(lines), requester, reason, approvalsNeeded, review: sha256(reviewBytes({ classification: request.classification, rehearsal })), expires, nonce: `${randomUUID()}-${randomBytes(8).toString('hex')}`,
  };
  return { kind: 'rehearse', rehearsal, signed: { document, digest: sha256(canonicalBytes(document)) } } as const;
}
