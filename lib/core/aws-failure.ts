import { awsCli } from './aws-cli';
import { clip } from './custom-resource';

/** Why AWS was asked in vain, by what a person can do about it. */
export interface AwsFailure {
  readonly kind: 'absent' | 'denied' | 'no-credentials' | 'expired' | 'rejected' | 'no-region' | 'busy' | 'unreachable' | 'other';
  /** The error's name, or the code of the system error underneath. */
  readonly name: string;
  /** What AWS said, on one line. Empty for everything about credentials: such messages may repeat commands, headers and tokens. */
  readonly message: string;
}

/** What was asked. */
export interface Question {
  readonly service: 'RDS' | 'IAM' | 'CloudFormation';
  readonly action: string;
  /** The resource, in the words of a policy. */
  readonly on: string;
  readonly region: string;
}

const NAMES: Readonly<Record<Exclude<AwsFailure['kind'], 'other'>, readonly string[]>> = {
  absent: ['DBInstanceNotFound', 'DBInstanceNotFoundFault', 'NoSuchEntity', 'NoSuchEntityException'],
  denied: ['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation'],
  'no-credentials': ['CredentialsProviderError', 'TokenProviderError', 'ProviderError'],
  expired: ['ExpiredToken', 'ExpiredTokenException', 'RequestExpired', 'TokenRefreshRequired'],
  rejected: [
    'AuthFailure', 'IncompleteSignature', 'InvalidClientTokenId', 'InvalidSignatureException', 'MissingAuthenticationToken',
    'OptInRequired', 'RequestTimeTooSkewed', 'SignatureDoesNotMatch', 'UnrecognizedClientException',
  ],
  'no-region': [],
  busy: ['RequestLimitExceeded', 'RequestThrottled', 'Throttling', 'ThrottlingException', 'TooManyRequestsException'],
  unreachable: [
    'EAI_AGAIN', 'ECONNABORTED', 'ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EPIPE', 'ETIMEDOUT',
    'TimeoutError',
  ],
};

/** What an error of the AWS SDK means. */
export function failureOf(error: unknown): AwsFailure {
  const { name: thrown, code, message } = (error ?? {}) as { name?: unknown; code?: unknown; message?: unknown };
  const name = typeof code === 'string' ? code : typeof thrown === 'string' ? thrown : 'a thrown value';
  const said = typeof message === 'string' ? message : '';
  const kind = kindOf(name, said);
  const harmless = kind === 'denied' || kind === 'other';
  return { kind, name, message: harmless ? clip(said.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim(), 400) : '' };
}

function kindOf(name: string, message: string): AwsFailure['kind'] {
  // Missing settings have no name of their own, and sessions that ran out share theirs with credentials that never were.
  if (/^Region is missing/.test(message)) return 'no-region';
  const kind = (Object.keys(NAMES) as (keyof typeof NAMES)[]).find((each) => NAMES[each].includes(name)) ?? 'other';
  return kind === 'no-credentials' && /expired|sso login|reauthenticate/i.test(message) ? 'expired' : kind;
}

/** A failure in a sentence, and what to do. */
export function explain(failure: AwsFailure, question: Question): { readonly because: string; readonly fix: string } {
  const whoami = `this shows who is logged in: ${awsCli(question.region, 'sts', 'get-caller-identity')}`;
  const said = failure.message === '' ? failure.name : `${failure.name}: ${failure.message}`;
  switch (failure.kind) {
    case 'absent':
      return { because: `${question.service} does not know ${question.on} (${failure.name})`, fix: 'correct its name' };
    case 'denied':
      return {
        because: `you may not use ${question.action} on ${question.on} (${said})`,
        fix: `have ${question.action} allowed, or log in as someone who may; ${whoami}`,
      };
    case 'no-credentials':
      return {
        because: `no AWS credentials found (${failure.name})`,
        fix: `log in, for example with aws sso login, and name the profile in AWS_PROFILE; ${whoami}`,
      };
    case 'expired':
      return {
        because: `the AWS credentials have expired (${failure.name})`,
        fix: `log in again, for example with aws sso login; ${whoami}`,
      };
    case 'rejected':
      return {
        because: `AWS does not accept the credentials (${failure.name})`,
        fix: `log in again or name another profile in AWS_PROFILE, and see that the Region ${question.region} is switched on `
          + `in the account and that the clock of this machine is right; ${whoami}`,
      };
    case 'no-region':
      return { because: 'no Region is set', fix: 'write "region" in the environment in cdk.json, or set AWS_REGION' };
    case 'busy':
      return {
        because: `${question.service} was still too busy after several attempts (${failure.name})`,
        fix: 'run this again in a minute',
      };
    case 'unreachable':
      return {
        because: `${question.service} could not be reached in Region ${question.region} (${failure.name})`,
        fix: 'check the network of this machine, and how the Region is spelt',
      };
    case 'other':
      return {
        because: `${question.service} failed with ${said}`,
        fix: 'run this again in a minute',
      };
  }
}
