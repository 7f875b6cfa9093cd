import {
  answerBody, ending, firstStep, readRequest, type CustomResourceRequest, type Deletion, type FirstStep, type Outcome,
} from '../core/custom-resource';

/** The part of Lambda's context that is used. */
export interface LambdaContext {
  readonly functionName: string;
  readonly logGroupName: string;
  getRemainingTimeInMillis(): number;
}

/** Everything that reaches out of the function or differs from one run to the next. */
export interface AnsweringWorld {
  /** Sends an answer to CloudFormation: the HTTP status, or a rejection when there was none. */
  readonly put: (url: string, body: string, signal: AbortSignal) => Promise<number>;
  /** Resolves after the time, or as soon as the signal is aborted. Never rejects. */
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly now: () => Date;
  readonly log: (record: LogRecord) => void;
}

/** One line of the log. Never holds a request's URL or its properties. */
export type LogRecord = { readonly level: 'info' | 'warn' | 'error'; readonly event: string } & Readonly<Record<string, unknown>>;

/** What the work on a request may know of its turn. */
export interface Turn {
  /** Aborted when the answer has gone out: whoever still works then works for nobody. */
  readonly signal: AbortSignal;
  /** Until the answer is due. */
  readonly remainingMilliseconds: () => number;
  readonly context: LambdaContext;
}

export type Work = (request: CustomResourceRequest, turn: Turn) => Promise<Outcome>;

/** Kept back from the function's own time limit for sending the answer. */
const ANSWER_MARGIN_MS = 15_000;
const PUT_ATTEMPTS = 5;
const PUT_TIMEOUT_MS = 2_000;

/** CloudFormation did not take the answer. Lambda then runs the request again and, failing that, hands it to the dead-letter topic. */
export class AnswerNotDelivered extends Error {
  override readonly name = 'AnswerNotDelivered';
}

/** The event is not CloudFormation's, so there is nobody to answer. */
export class NotARequest extends Error {
  override readonly name = 'NotARequest';
}

/**
 * A function for one kind of custom resource. CloudFormation gets exactly one answer on every path: when the work succeeds,
 * fails, throws or takes too long, when nothing is to be done and when the kind of request is unknown.
 */
export function answering(
  world: AnsweringWorld, work: Work, deletion?: Deletion,
): (event: unknown, context: LambdaContext) => Promise<void> {
  return async (event, context) => {
    const read = readRequest(event);
    if ('lacks' in read) throw new NotARequest(`the event is no request of CloudFormation: it lacks ${read.lacks.join(', ')}`);
    const { request } = read;
    const outcome = await outcomeOf(request, firstStep(request, deletion), context, world, work);
    if (outcome.do === 'fail' && ending(request, outcome).do === 'succeed') {
      world.log({ level: 'error', event: 'not undone', because: outcome.because, resource: request.LogicalResourceId, stack: request.StackId });
    }
    await deliver(request, ending(request, outcome), context, world);
  };
}

async function outcomeOf(
  request: CustomResourceRequest, step: FirstStep, context: LambdaContext, world: AnsweringWorld, work: Work,
): Promise<Outcome> {
  if (step.do === 'answer') return step.outcome;
  const over = new AbortController();
  const due = (): number => Math.max(0, context.getRemainingTimeInMillis() - ANSWER_MARGIN_MS);
  const turn: Turn = { signal: over.signal, remainingMilliseconds: due, context };
  const seconds = Math.round(due() / 1000);
  const late = world.pause(due(), over.signal).then((): Outcome => ({
    do: 'fail', because: `no result after ${seconds} seconds; see log group ${context.logGroupName}`,
  }));
  try {
    return await Promise.race([caught(request, turn, world, work), late]);
  } finally {
    over.abort();
  }
}

/**
 * Only what was written to be shown is shown: the message of an unforeseen error may hold anything, such as the URL that it
 * failed to reach.
 */
async function caught(request: CustomResourceRequest, turn: Turn, world: AnsweringWorld, work: Work): Promise<Outcome> {
  try {
    return await work(request, turn);
  } catch (error) {
    if (!turn.signal.aborted) world.log({ level: 'error', event: 'unforeseen', error: nameOf(error), at: framesOf(error) });
    return { do: 'fail', because: `unforeseen error ${nameOf(error)}; see log group ${turn.context.logGroupName}` };
  }
}

async function deliver(request: CustomResourceRequest, outcome: Outcome, context: LambdaContext, world: AnsweringWorld): Promise<void> {
  const body = answerBody(request, outcome);
  const about = { request: request.RequestType, resource: request.LogicalResourceId, stack: request.StackId, requestId: request.RequestId };
  let problem = '';
  for (let attempt = 1; attempt <= PUT_ATTEMPTS && context.getRemainingTimeInMillis() > PUT_TIMEOUT_MS; attempt += 1) {
    if (attempt > 1) await world.pause(125 * 2 ** attempt, new AbortController().signal);
    problem = await put(request.ResponseURL, body, world);
    if (problem === '') {
      world.log({ level: 'info', event: 'answered', answer: outcome.do, attempt, ...about });
      return;
    }
    world.log({ level: 'warn', event: 'answer not taken', problem, attempt, ...about });
  }
  const why = problem || 'no time was left';
  throw new AnswerNotDelivered(`CloudFormation did not take the answer to ${request.RequestType} ${request.LogicalResourceId}: ${why}`);
}

/** What went wrong, or nothing. The message of a failed request names its URL and is left out. */
async function put(url: string, body: string, world: AnsweringWorld): Promise<string> {
  try {
    const status = await world.put(url, body, AbortSignal.timeout(PUT_TIMEOUT_MS));
    return status >= 200 && status < 300 ? '' : `HTTP ${status}`;
  } catch (error) {
    return nameOf(error);
  }
}

/** An error by its kind: the code of the system error underneath, or the name. */
export function nameOf(error: unknown): string {
  const { name, code, cause } = (error ?? {}) as { name?: unknown; code?: unknown; cause?: { code?: unknown } };
  if (typeof name !== 'string') return 'a thrown value';
  return [cause?.code, code].find((each) => typeof each === 'string') ?? name;
}

/** Where an error came from, without its message. */
function framesOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [];
  return (error.stack ?? '').split('\n').map((line) => line.trim()).filter((line) => line.startsWith('at ')).slice(0, 5);
}

/** The world as it is in Lambda. */
export const lambdaWorld: AnsweringWorld = {
  put: async (url, body, signal) => {
    // The URL is signed for an empty content type; any other is refused.
    const response = await fetch(url, { method: 'PUT', body, headers: { 'content-type': '' }, redirect: 'error', signal });
    return response.status;
  },
  pause: (milliseconds, signal) => new Promise((resolve) => {
    if (signal.aborted) return void resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end);
  }),
  now: () => new Date(),
  log: (record) => process.stdout.write(`${JSON.stringify(record)}\n`),
};
