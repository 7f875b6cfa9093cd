import type { CustomResourceRequest } from '../../lib/core/custom-resource';
import { lambdaWorld, type AnsweringWorld, type LambdaContext, type LogRecord } from '../../lib/handlers/custom-resource';

/** What nobody may find in a log. */
export const SIGNATURE = 'c2lnbmF0dXJl';

export const STACK = 'arn:aws:cloudformation:eu-central-1:123456789012:stack/guardrails/0a1b2c3d';

export function request(type: string, more: Partial<CustomResourceRequest> = {}): CustomResourceRequest {
  return {
    RequestType: type,
    ResponseURL: `https://cloudformation-custom-resource-response-eucentral1.s3.eu-central-1.amazonaws.com/x?X-Amz-Signature=${SIGNATURE}`,
    StackId: STACK,
    RequestId: 'request-1',
    LogicalResourceId: 'GuardrailsCheckResource0F1E',
    ...(type === 'Create' ? {} : { PhysicalResourceId: `GuardrailsCheckResource0F1E@${STACK}` }),
    ...more,
  };
}

export interface Answer {
  readonly Status: string;
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly Data?: Record<string, string>;
}

/** CloudFormation and Lambda around a handler, with the clock of jest's timers. */
export class Surroundings implements AnsweringWorld {
  readonly answers: Answer[] = [];
  readonly records: LogRecord[] = [];
  readonly urls: string[] = [];
  /** What the next attempts to answer meet: a status, an error, or silence until the attempt is given up. */
  troubles: (number | Error | 'silence')[] = [];
  private readonly ends: number;

  constructor(readonly seconds = 60) {
    this.ends = Date.now() + seconds * 1000;
  }

  readonly context: LambdaContext = {
    functionName: 'guardrails-check', logGroupName: 'guardrails-log', getRemainingTimeInMillis: () => this.ends - Date.now(),
  };

  readonly put = async (url: string, body: string, signal: AbortSignal): Promise<number> => {
    this.urls.push(url);
    await this.pause(20, signal);
    const trouble = this.troubles.shift();
    if (trouble instanceof Error) throw trouble;
    // A fake clock does not move AbortSignal.timeout, so silence ends as it would: with its error.
    if (trouble === 'silence') throw new DOMException(`timeout of ${url}`, 'TimeoutError');
    if (trouble !== undefined) return trouble;
    this.answers.push(JSON.parse(body) as Answer);
    return 200;
  };

  readonly pause = lambdaWorld.pause;

  readonly now = (): Date => new Date();

  readonly log = (record: LogRecord): void => void this.records.push(record);

  get logged(): string {
    return JSON.stringify(this.records);
  }
}

/** Runs a handler to its end, letting the clock run as fast as it can. */
export async function run<T>(running: Promise<T>): Promise<T> {
  let over = false;
  const settled = running.finally(() => { over = true; });
  settled.catch(() => undefined);
  while (!over) await jest.advanceTimersByTimeAsync(10);
  return settled;
}
