import { readMasterSecret, type ProvisioningOrder } from '../core/role-provisioning';
import { callAws } from './aws-request';
import { nameOf } from './custom-resource';

export interface SecretWorld {
  /** The master secret: the status, and the answer of Secrets Manager. */
  readonly secret: (arn: string, host: string, signal: AbortSignal) => Promise<{ readonly status: number; readonly body: string }>;
}

/** Why the work ended early, in words that were written to be shown. */
export class Stopped extends Error {
  override readonly name = 'Stopped';

  /** `unfinished`: whether the database in which it ended is as it was is not known. */
  constructor(message: string, readonly unfinished = false) {
    super(message);
  }
}

const ANSWER_MS = 10_000;

/** The user and the password, read at this moment; kept nowhere. */
export async function masterOf({ secretArn, secretsHost }: ProvisioningOrder, world: SecretWorld, signal: AbortSignal): Promise<{ user: string; password: string }> {
  let answer: Awaited<ReturnType<SecretWorld['secret']>>;
  try {
    answer = await world.secret(secretArn, secretsHost, signal);
  } catch (error) {
    throw new Stopped(`nothing answers at ${secretsHost} (${nameOf(error)}), so the master secret cannot be read; its security group has to let the `
      + "function's security group in on TCP 443");
  }
  const content = readAnswer(answer);
  if ('problem' in content) throw new Stopped(`the master secret ${secretArn} cannot be read: ${content.problem}`);
  return content;
}

/** The user and the password in an answer, or the kind of problem. No other word of the answer is repeated. */
function readAnswer({ status, body }: { readonly status: number; readonly body: string }): { user: string; password: string } | { problem: string } {
  let answer: { SecretString?: unknown; __type?: unknown };
  try {
    answer = JSON.parse(body) as typeof answer;
  } catch {
    return { problem: `HTTP ${status}` };
  }
  if (status !== 200) return { problem: /(?:^|#)([A-Za-z]{1,60})$/.exec(String(answer.__type))?.[1] ?? `HTTP ${status}` };
  const master = readMasterSecret(typeof answer.SecretString === 'string' ? answer.SecretString : undefined);
  return master ?? { problem: 'it is not JSON with username and password' };
}

/** The AWS side of the world: the one call to Secrets Manager, by the name of the endpoint that leads there. */
export function secretsManager(now: () => Date): SecretWorld['secret'] {
  return async (arn, host, signal) => callAws({
    service: 'secretsmanager', region: arn.split(':')[3] ?? '', host, path: '/',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'secretsmanager.GetSecretValue' },
    body: JSON.stringify({ SecretId: arn }),
  }, now(), AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]));
}
