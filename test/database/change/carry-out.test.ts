import { next, type ChangeRequest } from '../../../lib/core/change';
import { canonicalBytes, type ChangeDocument } from '../../../lib/core/change/document';
import { apply, carryOut, settle, type Stored, type World } from '../../../lib/database/change/carry-out';
import { sha256 } from '../../../lib/database/change/fingerprint';

/** Numbers that are the same for the same seed. */
function random(seed: number): (below: number) => number {
  let state = seed * 2654435761 >>> 0 || 1;
  return (below) => {
    state ^= state << 13; state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5; state >>>= 0;
    return state % below;
  };
}

const TARGET = { resourceId: 'db-A', endpoint: 'a', port: 5432, database: 'shop', systemIdentifier: '7', timeline: 1 };
const RULES = { approvers: ['alice', 'bob', 'carol'], deployers: ['carol'] };

function documentOf(sql: string, approvalsNeeded: number): ChangeDocument {
  return {
    id: 'cr-1', sql: Buffer.from(sql), statements: [{ start: 0, end: sql.length }], transactional: true, target: TARGET, runAs: 'owner', rowBound: 3,
    touched: [{ schema: 'public', name: 'orders', lock: 'RowExclusiveLock' }], fingerprint: 'f', requester: 'coding', reason: 'why', review: 'r', approvalsNeeded, expires: 1000, nonce: 'n',
  };
}

const digests = new WeakMap<ChangeDocument, string>();

/** Kept by document, since documents are never changed in place here. */
function digestOf(document: ChangeDocument): string {
  const digest = digests.get(document) ?? sha256(canonicalBytes(document));
  digests.set(document, digest);
  return digest;
}

interface Transaction { status: 'running' | 'committed' | 'aborted'; readonly sql: string; readonly owner: number }

/** A database, a store and people, in which every wait is a chance for somebody else to act and for a process to die. */
class Universe {
  stored: Stored[] = [];
  clock = 0;
  freeze = false;
  loginClosed = false;
  /** Set once a freeze was reported to hold. */
  frozenReported = false;
  readonly transactions: Transaction[] = [];
  readonly broken: string[] = [];
  private waiting: { readonly actor: number; readonly go: () => void }[] = [];
  readonly dead = new Set<number>();

  constructor(private readonly pick: (below: number) => number, readonly rehearsedSql: string, readonly approvalsNeeded: number) {
    const document = documentOf(rehearsedSql, approvalsNeeded);
    const request: ChangeRequest = {
      id: 'cr-1', state: 'proposed', requester: 'coding', reason: 'why', sql: document.sql, filed: 0, expires: 1000, classification: [], approvals: [],
    };
    const rehearsal = { done: true, at: 0, rows: 3, milliseconds: 1, statements: [], locks: [] };
    const rehearsed = next(request, { kind: 'rehearse', rehearsal, signed: { document, digest: digestOf(document) } }, 0);
    if (rehearsed.do === 'refuse') throw new Error(rehearsed.because);
    this.stored.push({ request: rehearsed.request, version: 1 });
  }

  /** Waits until the schedule lets this actor go on; for ever if it died. */
  step(actor: number): Promise<void> {
    return new Promise((go) => { this.waiting.push({ actor, go }); });
  }

  approveAll(): void {
    for (const approver of ['alice', 'bob'].slice(0, this.approvalsNeeded)) {
      const { request } = this.last();
      const digest = digestOf(request.signed!.document);
      const seen = { digest, frozen: undefined };
      const approved = next(request, { kind: 'approve', approval: { approver, digest, signature: `${approver} ${digest}`, at: 0 }, check: 'valid', seen, rules: RULES }, 0);
      if (approved.do === 'refuse') throw new Error(approved.because);
      this.store(this.last(), approved.request);
    }
  }

  last(): Stored {
    return this.stored.at(-1)!;
  }

  store({ version }: Stored, request: ChangeRequest): Stored | undefined {
    if (this.last().version !== version) return undefined;
    this.stored.push({ request, version: version + 1 });
    return this.last();
  }

  commit(transaction: Transaction): void {
    if (transaction.status !== 'running') throw new Error('the session was ended');
    transaction.status = 'committed';
    const committed = this.transactions.filter(({ status }) => status === 'committed').length;
    if (committed > 1) this.broken.push('committed twice');
    if (this.frozenReported) this.broken.push('committed while frozen');
    const { request } = this.last();
    const signed = documentOf(transaction.sql, this.approvalsNeeded);
    const approvers = new Set(request.approvals.filter(({ approver, digest, signature }) =>
      ['alice', 'bob'].includes(approver) && digest === sha256(canonicalBytes(signed)) && signature === `${approver} ${digest}`).map(({ approver }) => approver));
    if (approvers.size < this.approvalsNeeded) this.broken.push('committed without the approvals of this digest');
    if (request.state !== 'executing' || !request.execution?.mark) this.broken.push('committed without a mark');
  }

  world(actor: number, rows: number): World {
    const step = () => this.step(actor);
    const check = (request: ChangeRequest) => request.approvals.map(({ approver, signature }) => {
      const digest = digestOf(request.signed!.document);
      return signature === `${approver} ${digest}` ? 'valid' as const : 'invalid' as const;
    });
    return {
      load: async () => { await step(); return this.last(); },
      store: async (stored, request) => { await step(); const done = this.store(stored, request); await step(); return done; },
      now: () => this.clock,
      seen: async ({ signed }) => { await step(); return { digest: digestOf(signed!.document), frozen: this.freeze ? 'frozen' : undefined }; },
      checks: async (request) => { await step(); return check(request); },
      rules: RULES,
      newRun: () => `run ${actor}`,
      by: String(actor),
      open: async () => {
        await step();
        if (this.loginClosed) throw new Error('not permitted to log in');
        let transaction: Transaction | undefined;
        const alive = () => { if (transaction?.status !== 'running') throw new Error('the session was ended'); };
        return {
          begin: async ({ sql }) => {
            await step();
            if (this.loginClosed) throw new Error('the session was ended');
            transaction = { status: 'running', sql: Buffer.from(sql).toString(), owner: actor };
            this.transactions.push(transaction);
            return { found: { target: TARGET, isReplica: false, fingerprint: 'f' }, restorable: { at: '', lsn: '', transaction: String(this.transactions.length - 1) }, session: actor };
          },
          run: async () => { await step(); alive(); return rows; },
          commit: async () => { await step(); alive(); this.commit(transaction!); await step(); },
          end: async () => { if (transaction?.status === 'running') transaction.status = 'aborted'; await step(); },
        };
      },
      find: async ({ execution }, givenUp) => {
        await step();
        const alive = !this.dead.has(Number(execution!.by)) && !givenUp;
        const { mark } = execution!;
        if (!mark) return alive ? 'running' : 'not-committed';
        const transaction = this.transactions[Number(mark.transaction)]!;
        if (transaction.status === 'running' && alive) return 'running';
        if (transaction.status === 'running') transaction.status = 'aborted';
        return transaction.status === 'committed' ? 'committed' : 'not-committed';
      },
      failure: (error) => (error as Error).message,
    };
  }

  /** Lets actors go on in a random order; now and then one dies where it waits. */
  async run(actors: readonly Promise<unknown>[], deaths: number): Promise<void> {
    // Those that fail have failed; those that died wait for ever.
    for (const actor of actors) actor.catch(() => {});
    let deathsLeft = deaths;
    for (let quiet = 0; quiet < 3;) {
      if (this.waiting.length === 0) {
        // What was let go on needs some turns until it waits again.
        for (let turn = 0; turn < 15; turn++) await Promise.resolve();
        quiet++;
        continue;
      }
      quiet = 0;
      const [{ actor, go }] = this.waiting.splice(this.pick(this.waiting.length), 1) as [{ actor: number; go: () => void }];
      if (this.pick(10) === 0) this.clock += this.pick(700);
      if (this.dead.has(actor)) continue;
      if (deathsLeft > 0 && this.pick(25) === 0) {
        deathsLeft--;
        this.dead.add(actor);
        // What a process that died had open, the server ends when it notices; here: at once, or never by itself.
        if (this.pick(2) === 0) this.transactions.filter(({ owner, status }) => owner === actor && status === 'running').forEach((one) => { one.status = 'aborted'; });
        continue;
      }
      go();
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    }
  }
}

type Actor = (universe: Universe, actor: number, pick: (below: number) => number) => Promise<unknown>;

const approving: Actor = async (universe, actor, pick) => {
  const world = universe.world(actor, 3);
  const approver = ['alice', 'bob', 'carol', 'coding', 'mallory'][pick(5)]!;
  const stored = await world.load('cr-1');
  const digest = pick(8) === 0 ? sha256(Buffer.from('another')) : digestOf(stored.request.signed!.document);
  const signature = pick(8) === 0 ? 'forged' : `${approver} ${digest}`;
  return apply(world, stored, async ({ request }) => ({
    kind: 'approve', approval: { approver, digest, signature, at: 0 }, rules: RULES, seen: await world.seen(request),
    check: signature === `${approver} ${digestOf(request.signed!.document)}` ? 'valid' : 'invalid',
  }));
};
const ACTORS: readonly Actor[] = [
  approving, approving, approving,
  (universe, actor, pick) => carryOut(universe.world(actor, pick(6) === 0 ? 4 : 3), 'cr-1'),
  (universe, actor) => carryOut(universe.world(actor, 3), 'cr-1'),
  (universe, actor) => carryOut(universe.world(actor, 3), 'cr-1'),
  (universe, actor) => settle(universe.world(actor, 3), 'cr-1'),
  // Somebody edits what is stored, leaving the digest and the approvals as they are.
  async (universe, actor) => {
    await universe.step(actor);
    const { request, version } = universe.last();
    const sql = Buffer.from('DELETE FROM orders');
    const { document, digest } = request.signed!;
    universe.store({ request, version }, { ...request, sql, signed: { digest, document: { ...document, sql } } });
  },
  async (universe, actor) => {
    const world = universe.world(actor, 3);
    await universe.step(actor);
    universe.freeze = true;
    await apply(world, await world.load('cr-1'), () => Promise.resolve({ kind: 'freeze', because: 'frozen' }));
    universe.loginClosed = true;
    await universe.step(actor);
    universe.transactions.filter(({ status }) => status === 'running').forEach((one) => { one.status = 'aborted'; });
    await universe.step(actor);
    universe.transactions.filter(({ status }) => status === 'running').forEach((one) => { one.status = 'aborted'; });
    universe.frozenReported = true;
  },
  async (universe, actor) => {
    const world = universe.world(actor, 3);
    return apply(world, await world.load('cr-1'), () => Promise.resolve({ kind: 'tick' }));
  },
  async (universe, actor) => {
    const world = universe.world(actor, 3);
    return apply(world, await world.load('cr-1'), () => Promise.resolve({ kind: 'reject', by: 'bob', check: 'valid', reason: 'no', rules: RULES }));
  },
];

async function live(seed: number): Promise<{ broken: string[]; committed: number; state: string; died: number }> {
  const pick = random(seed);
  const universe = new Universe(pick, 'UPDATE orders SET status = 1', 1 + pick(2));
  const count = 4 + pick(8);
  // The first ones are likely to bring it to an end.
  const chosen = Array.from({ length: count }, (_, index) => (index < 3 ? ACTORS[index + pick(2)]! : ACTORS[pick(ACTORS.length)]!));
  // Most worlds begin where it becomes dangerous: with every approval that is needed.
  if (pick(4) > 0) universe.approveAll();
  await universe.run(chosen.map((act, index) => act(universe, index, pick)), pick(3));
  // Whoever looks next settles what was left: everybody else is gone, dead or done.
  for (let index = 0; index < count; index++) universe.dead.add(index);
  await universe.run([settle(universe.world(100, 3), 'cr-1')], 0);
  const ticked = next(universe.last().request, { kind: 'tick' }, universe.clock);
  if (ticked.do === 'next') universe.store(universe.last(), ticked.request);
  const committed = universe.transactions.filter(({ status }) => status === 'committed').length;
  const { state } = universe.last().request;
  if (state === 'executing') universe.broken.push('still executing, and nobody knows');
  if ((committed === 1) !== (state === 'executed')) universe.broken.push(`committed ${committed} times, and said to be ${state}`);
  return { broken: universe.broken, committed, state, died: universe.dead.size };
}

test('in 20,000 random orders of approvals, executions, crashes, edits, freezes: at most once, never without its approvals, never while frozen, never unknown', async () => {
  const states: Record<string, number> = {};
  for (let seed = 1; seed <= 20_000; seed++) {
    const { broken, state } = await live(seed);
    states[state] = (states[state] ?? 0) + 1;
    if (broken.length > 0) expect({ seed, broken }).toEqual({ seed, broken: [] });
  }
  // Every end is reached often enough for the above to mean something.
  for (const state of ['rehearsed', 'approved', 'executed', 'failed', 'rejected', 'expired', 'frozen']) expect([state, (states[state] ?? 0) > 50]).toEqual([state, true]);
});
