import { next, type ApprovalRules, type ChangeEvent, type ChangeRequest, type Refusal } from '../../core/change';
import { boundRefusal, placeRefusal, type Found } from '../../core/change/execution';
import type { ChangeDocument } from '../../core/change/document';
import type { RestorePoint, Seen, SignatureCheck } from '../../core/change/request';

/** A request as it is stored, and which version of it this is. */
export interface Stored {
  readonly request: ChangeRequest;
  readonly version: number;
}

/** A session of the one role that can change production. */
export interface WriterSession {
  /** Opens the transaction, if the change has one, takes its locks, and looks where it is. */
  begin(document: ChangeDocument): Promise<{ readonly found: Found; readonly restorable: RestorePoint; readonly session: number }>;
  /** Runs the stored bytes; returns the rows that they changed. */
  run(document: ChangeDocument): Promise<number>;
  commit(document: ChangeDocument): Promise<void>;
  /** Ends it; what was not committed is rolled back. */
  end(): Promise<void>;
}

/** Everything that carrying out a change reaches for. */
export interface World {
  /** Throws if there is no such request. */
  load(id: string): Promise<Stored>;
  /** Stores the next version, unless somebody stored one first: then `undefined`. */
  store(stored: Stored, request: ChangeRequest): Promise<Stored | undefined>;
  now(): number;
  seen(request: ChangeRequest): Promise<Seen>;
  /** The signature of each approval, checked anew. */
  checks(request: ChangeRequest): Promise<readonly SignatureCheck[]>;
  readonly rules: ApprovalRules;
  /** A name that no other execution has. */
  newRun(): string;
  /** Who carries it out. */
  readonly by: string;
  open(request: ChangeRequest): Promise<WriterSession>;
  /** What became of an execution that nobody ended. Ends a session that outlived its executor, or that its executor gave up. */
  find(request: ChangeRequest, givenUp: boolean): Promise<(ChangeEvent & { kind: 'resolve' })['found']>;
  /** An error in words that may be repeated. */
  failure(error: unknown): string;
}

export type Outcome = { readonly do: 'done'; readonly request: ChangeRequest } | Refusal;

/**
 * Carries out an approved request, once. Two writes on condition guard it: who starts it, and, just before the commit, who
 * still may. Behind the second one stands the id of the transaction, so that whatever happens from there on, PostgreSQL's
 * commit log knows whether it was done.
 */
export async function carryOut(world: World, id: string): Promise<Outcome> {
  const approved = await world.load(id);
  const started = await apply(world, approved, async ({ request }) => ({
    kind: 'start', run: world.newRun(), by: world.by, checks: await world.checks(request), seen: await world.seen(request), rules: world.rules,
  }));
  if (started.do === 'refuse') return started;
  const { run } = started.stored.request.execution!;
  const ended = await attempt(world, started.stored);
  if (ended.do === 'ask') return settle(world, id, true);
  const last = await apply(world, await world.load(id), () => Promise.resolve(
    ended.do === 'committed' ? { kind: 'executed', run } : { kind: 'failed', run, because: ended.because },
  ));
  if (last.do === 'next') return { do: 'done', request: last.stored.request };
  // Somebody settled it in the meantime.
  const { request } = await world.load(id);
  return request.execution?.run === run && request.state !== 'executing' ? { do: 'done', request } : last;
}

/** How a try ended. `ask`: only the commit log knows. */
type Ended = { readonly do: 'committed' } | { readonly do: 'failed'; readonly because: string } | { readonly do: 'ask' };

async function attempt(world: World, started: Stored): Promise<Ended> {
  const failed = (because: string): Ended => ({ do: 'failed', because });
  const { document } = started.request.signed!;
  const { run } = started.request.execution!;
  let session: WriterSession | undefined;
  let mayBeCommitted = false;
  try {
    session = await world.open(started.request);
    const { found, restorable, session: number } = await session.begin(document);
    const elsewhere = placeRefusal(document, found);
    if (elsewhere !== undefined) return failed(elsewhere);
    const mark = async (rows: number) => apply(world, started, async ({ request }) => ({
      kind: 'mark', run, seen: await world.seen(request), mark: { transaction: restorable.transaction, session: number, rows, restorable },
    }));
    if (!document.transactional) {
      const marked = await mark(0);
      if (marked.do === 'refuse') return failed(marked.because);
      await session.run(document);
      return { do: 'committed' };
    }
    const rows = await session.run(document);
    const over = boundRefusal(rows, document);
    if (over !== undefined) return failed(over);
    const marked = await mark(rows);
    if (marked.do === 'refuse') return failed(marked.because);
    mayBeCommitted = true;
    await session.commit(document);
    return { do: 'committed' };
  } catch (error) {
    // The answer to a COMMIT was lost, or never came.
    return mayBeCommitted ? { do: 'ask' } : failed(world.failure(error));
  } finally {
    await session?.end().catch(() => {});
  }
}

/** Ends what an executor that is gone did not: by the commit log. */
export async function settle(world: World, id: string, givenUp = false): Promise<Outcome> {
  const stored = await world.load(id);
  if (stored.request.state !== 'executing') return { do: 'done', request: stored.request };
  const settled = await apply(world, stored, async ({ request }) => ({ kind: 'resolve', found: await world.find(request, givenUp) }));
  return settled.do === 'refuse' ? settled : { do: 'done', request: settled.stored.request };
}

const ATTEMPTS = 50;

/** Applies an event, and stores what comes of it. If somebody was faster, the event is judged again by what they left. */
export async function apply(
  world: Pick<World, 'load' | 'store' | 'now'>, known: Stored, eventFor: (stored: Stored) => Promise<ChangeEvent>,
): Promise<{ readonly do: 'next'; readonly stored: Stored } | Refusal> {
  let stored = known;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const outcome = next(stored.request, await eventFor(stored), world.now());
    if (outcome.do === 'refuse') return outcome;
    const written = await world.store(stored, outcome.request);
    if (written) return { do: 'next', stored: written };
    stored = await world.load(stored.request.id);
  }
  throw new Error(`request ${known.request.id} is written to by so many at once that nobody gets a turn; try again`);
}
