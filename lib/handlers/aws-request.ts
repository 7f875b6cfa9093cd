import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentialIdentity } from '@smithy/types';
import { defaultProvider } from './lambda-credentials';

/** One call to an AWS service. Two calls do not need two clients of the SDK, which weigh ten times as much. */
export interface AwsRequest {
  /** As signatures spell it, e.g. `secretsmanager`. */
  readonly service: string;
  readonly region: string;
  readonly host: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface AwsAnswer {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  readonly body: string;
}

/** The headers of a request, its signature among them. */
export async function signedHeaders(
  request: AwsRequest, credentials: AwsCredentialIdentity, now: Date,
): Promise<Readonly<Record<string, string>>> {
  const { service, region, host, path, body } = request;
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256, applyChecksum: false });
  const { headers } = await signer.sign(
    { method: 'POST', protocol: 'https:', hostname: host, path, headers: { ...request.headers, host }, body },
    { signingDate: now },
  );
  return headers;
}

/** Makes the call, with the credentials of the function's role. Rejects only when there was no answer. */
export async function callAws(request: AwsRequest, now: Date, signal: AbortSignal): Promise<AwsAnswer> {
  const { host, ...headers } = await signedHeaders(request, await defaultProvider()(), now);
  const answer = await fetch(`https://${host}${request.path}`, { method: 'POST', headers, body: request.body, signal });
  return { status: answer.status, header: (name) => answer.headers.get(name) ?? undefined, body: await answer.text() };
}

/** What the signer asks for: a hash, or with a secret a keyed one. */
class Sha256 {
  private hash: ReturnType<typeof createHash | typeof createHmac>;

  constructor(private readonly secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = this.fresh();
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.hash.update(bytes(data));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(this.hash.digest()));
  }

  reset(): void {
    this.hash = this.fresh();
  }

  private fresh(): ReturnType<typeof createHash | typeof createHmac> {
    return this.secret === undefined ? createHash('sha256') : createHmac('sha256', bytes(this.secret));
  }
}

function bytes(data: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof data === 'string') return Buffer.from(data, 'utf8');
  return ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data);
}
