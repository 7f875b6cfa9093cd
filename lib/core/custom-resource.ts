/**
 * What the kit's custom resources may answer CloudFormation, decided without any I/O.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
 */

/** The parts of CloudFormation's request that the kit uses. Properties arrive as strings, whatever the template says. */
export interface CustomResourceRequest {
  /** `Create`, `Update` or `Delete`; anything else is refused. */
  readonly RequestType: string;
  /** Whoever holds this URL can answer in the function's place, so it appears in no log and no error. */
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  /** Missing in a `Create`. */
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties?: Readonly<Record<string, unknown>>;
  /** In an `Update` only. */
  readonly OldResourceProperties?: Readonly<Record<string, unknown>>;
}

/** How a request ends. */
export type Outcome =
  | { readonly do: 'succeed'; readonly data: Readonly<Record<string, string>> }
  | { readonly do: 'fail'; readonly because: string };

/** What to do with a request: have the resource's own code work on it, or answer at once. */
export type FirstStep = { readonly do: 'work' } | { readonly do: 'answer'; readonly outcome: Outcome };

/** The total size of an answer, in bytes. A longer one counts as no answer at all. */
export const ANSWER_LIMIT_BYTES = 4096;

const REQUIRED = ['RequestType', 'ResponseURL', 'StackId', 'RequestId', 'LogicalResourceId'] as const;

/** The request in an event, or the names of the fields without which nobody can be answered. Names only: values may be secret. */
export function readRequest(event: unknown): { readonly request: CustomResourceRequest } | { readonly lacks: readonly string[] } {
  const fields = (typeof event === 'object' && event !== null ? event : {}) as Record<string, unknown>;
  const lacks = REQUIRED.filter((name) => typeof fields[name] !== 'string' || fields[name] === '');
  return lacks.length > 0 ? { lacks } : { request: event as CustomResourceRequest };
}

/**
 * What a deletion does to what the resource made: most of the kit's custom resources made nothing. It succeeds either way: a
 * deletion also follows a failed creation and a rollback, and a stack that cannot be deleted helps nobody.
 */
export type Deletion = 'touches-nothing' | 'undoes-work';

export function firstStep(request: CustomResourceRequest, deletion: Deletion = 'touches-nothing'): FirstStep {
  switch (request.RequestType) {
    case 'Create':
    case 'Update':
      return { do: 'work' };
    case 'Delete':
      return deletion === 'undoes-work' ? { do: 'work' } : { do: 'answer', outcome: DELETED };
    default:
      return {
        do: 'answer',
        outcome: { do: 'fail', because: `request type '${clip(request.RequestType, 40)}' is unknown; Create, Update and Delete are known` },
      };
  }
}

/** How a request ends, given how the work on it did: a deletion is not held up by what could not be undone. */
export function ending(request: CustomResourceRequest, outcome: Outcome): Outcome {
  return request.RequestType === 'Delete' ? DELETED : outcome;
}

const DELETED: Outcome = { do: 'succeed', data: {} };

/**
 * The id that CloudFormation knows the resource by: the same on every path for the life of the resource. A different id in
 * any answer, a failed one included, would make CloudFormation take it for a replacement and delete the resource.
 */
export function physicalId(request: CustomResourceRequest): string {
  return request.PhysicalResourceId ?? `${request.LogicalResourceId}@${request.StackId}`;
}

/** The answer as CloudFormation reads it, shortened where it would be too long to be read at all. */
export function answerBody(request: CustomResourceRequest, outcome: Outcome): string {
  let longest = ANSWER_LIMIT_BYTES;
  let body = answer(request, outcome, longest);
  while (bytes(body) > ANSWER_LIMIT_BYTES && longest > 0) {
    longest = Math.max(0, longest - 64);
    body = answer(request, outcome, longest);
  }
  return body;
}

function answer(request: CustomResourceRequest, outcome: Outcome, longest: number): string {
  const about = {
    PhysicalResourceId: physicalId(request),
    StackId: request.StackId,
    RequestId: request.RequestId,
    LogicalResourceId: request.LogicalResourceId,
  };
  if (outcome.do === 'fail') return JSON.stringify({ Status: 'FAILED', Reason: clip(outcome.because, longest), ...about });
  const data = Object.entries(outcome.data).map(([name, value]) => [name, clip(value, longest)]);
  return JSON.stringify({ Status: 'SUCCESS', ...about, Data: Object.fromEntries(data) as Record<string, string> });
}

/**
 * Whether the stack is going back to an earlier state. Nothing new is deployed then, and a failure would leave the stack in
 * `UPDATE_ROLLBACK_FAILED`. A status that is not known is not a rollback.
 */
export function isRollback(stackStatus: string | undefined): boolean {
  return stackStatus?.endsWith('ROLLBACK_IN_PROGRESS') ?? false;
}

/** The text, cut to a length, with its last characters showing that it was cut. */
export function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  return length > 3 ? `${text.slice(0, length - 3)}...` : text.slice(0, length);
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
