import { failureOf, type AwsFailure } from '../core/aws-failure';
import type { Call, Calls, World } from './calls';

/** An answer, or why there is none. What nobody can do anything about in the middle of reading is thrown. */
export type Answer<Output> =
  | { readonly do: 'seen'; readonly output: Output }
  | { readonly do: 'absent' }
  | { readonly do: 'unseen'; readonly why: string };

/** Calls under way at once: enough to be quick, few enough that AWS does not refuse most of them. */
const AT_ONCE = 8;
const ATTEMPTS = 9;
const [FIRST_WAIT, LONGEST_WAIT] = [200, 20_000];

/** Names of errors that mean "later", beyond those that every service shares. */
const BUSY = ['SlowDown', 'PriorRequestNotComplete', 'ThrottledException', 'EC2ThrottledException', 'BandwidthLimitExceeded', 'NetworkFailureException', 'ServiceInternalErrorException', 'InternalFailure', 'ServiceUnavailable', 'Unavailable'];
const ABSENT = [/NotFound(Fault|Exception)?$/, /^NoSuch/];

/** Reasons to stop: with these every further call would fail as well. */
const HOPELESS: readonly AwsFailure['kind'][] = ['no-credentials', 'expired', 'rejected', 'no-region', 'unreachable'];

/** Asks AWS, a few questions at a time, and again when it is too busy: each time after a longer wait, of which a part is chance. */
export class Asking {
  #busy = 0;
  readonly #queue: (() => void)[] = [];
  #answered = 0;

  constructor(readonly world: World, readonly progress: (answered: number) => void = () => {}) {}

  async ask<C extends Call>(call: C, input: Calls[C][0]): Promise<Answer<Calls[C][1]>> {
    await this.#turn();
    try {
      return await this.#patiently(call, input);
    } finally {
      this.#busy--;
      this.#queue.shift()?.();
      this.progress(++this.#answered);
    }
  }

  /** All pages of a list. `step` says what to ask next for a page, or nothing. A page that is not seen ends the list, unseen. */
  async all<C extends Call, Item>(call: C, input: Calls[C][0], items: (page: Calls[C][1]) => readonly Item[] | undefined, step: (page: Calls[C][1]) => Partial<Calls[C][0]> | undefined): Promise<Answer<readonly Item[]>> {
    const found: Item[] = [];
    for (let next: Partial<Calls[C][0]> | undefined = {}; next;) {
      const answer: Answer<Calls[C][1]> = await this.ask(call, { ...input, ...next });
      if (answer.do !== 'seen') return answer;
      found.push(...(items(answer.output) ?? []));
      next = step(answer.output);
    }
    return { do: 'seen', output: found };
  }

  async #turn(): Promise<void> {
    if (this.#busy >= AT_ONCE) await new Promise<void>((resolve) => { this.#queue.push(resolve); });
    this.#busy++;
  }

  async #patiently<C extends Call>(call: C, input: Calls[C][0]): Promise<Answer<Calls[C][1]>> {
    for (let attempt = 1; ; attempt++) {
      try {
        return { do: 'seen', output: await this.world.ask(call, input) };
      } catch (error) {
        const failure = failureOf(error);
        const busy = failure.kind === 'busy' || BUSY.includes(failure.name);
        if (busy && attempt < ATTEMPTS) {
          await this.world.wait(this.world.random() * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** attempt));
          continue;
        }
        if (HOPELESS.includes(failure.kind)) throw error;
        if (failure.kind === 'absent' || ABSENT.some((name) => name.test(failure.name))) return { do: 'absent' };
        return { do: 'unseen', why: reason(call, failure) };
      }
    }
  }
}

/** For a denial the permission that is missing; AWS names the one of the service behind a call in what it says. */
function reason(call: Call, { kind, name, message }: AwsFailure): string {
  if (kind !== 'denied') return `${call} failed with ${name}`;
  const missing = /not authorized to perform:? ([a-z0-9-]+:[A-Za-z]+)/.exec(message)?.[1] ?? call;
  return `you lack the permission ${missing}`;
}
