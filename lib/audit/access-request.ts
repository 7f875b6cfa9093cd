import { splitArn } from './arn';
import type { KeyValue, Lookup } from './conditions';
import type { Text } from './model';
import { isSymbolic } from './text';

/** One question to IAM. */
export interface AccessRequest {
  readonly principal: Requester;
  /** E.g. `rds:DeleteDBInstance`, in any letter case. */
  readonly action: string;
  /** An ARN, or `*` for an action that knows no resources. */
  readonly resource: Text;
  /** @default - the account in the resource's ARN; the principal's own if there is none */
  readonly resourceAccount?: Text;
  /** Condition keys whose values are known. A key that is not listed is not known. */
  readonly context: Readonly<Record<string, Text | readonly Text[]>>;
  /** Condition keys that the request is known not to have. */
  readonly absent?: readonly string[];
}

export interface Requester {
  /** Of a role, a user, a role session, a federated provider; the name of an AWS service. */
  readonly arn: Text;
  readonly account: Text;
  /** Whether it is an AWS service that acts for itself. @default false */
  readonly service?: boolean;
}

/** What a principal is, as far as its ARN tells. */
export type RequesterKind = 'role' | 'session' | 'user' | 'service' | 'other';

export function kindOfRequester({ arn, service }: Requester): RequesterKind {
  if (service) return 'service';
  const [, , which, , , resource] = splitArn(arn) ?? [];
  if (resource === undefined) return 'other';
  if (which === 'iam' && resource.startsWith('role/')) return 'role';
  if (which === 'iam' && resource.startsWith('user/')) return 'user';
  return which === 'sts' && /^(assumed-role|federated-user)\//.test(resource) ? 'session' : 'other';
}

/** The account of the resource: as told, as in its ARN, or the requester's own where an ARN has none. */
export function accountOfResource(request: AccessRequest): Text {
  if (request.resourceAccount !== undefined) return request.resourceAccount;
  const account = splitArn(request.resource)?.[4];
  return account === undefined || account === '' ? request.principal.account : account;
}

/** Reads the condition keys of a request: those it states, and those that follow from who asks for what. */
export function lookupIn(request: AccessRequest): Lookup {
  let keys: Map<string, KeyValue> | undefined;
  return (key) => (keys ??= keysOf(request)).get(key.toLowerCase()) ?? { is: 'unknown' };
}

function keysOf(request: AccessRequest): Map<string, KeyValue> {
  const { arn, account } = request.principal;
  const kind = kindOfRequester(request.principal);
  const keys = new Map<string, KeyValue>();
  const known = (key: string, value: Text): unknown => keys.set(key, { is: 'known', values: [value] });
  known('aws:principalisawsservice', String(kind === 'service'));
  if (kind === 'service') {
    known('aws:principalservicename', arn);
  } else {
    keys.set('aws:principalservicename', { is: 'absent' });
    known('aws:principalaccount', account);
  }
  if (kind === 'role' || kind === 'user') known('aws:principalarn', arn);
  if (kind === 'role' || kind === 'session') keys.set('aws:username', { is: 'absent' });
  if (kind === 'role') known('aws:principaltype', 'AssumedRole');
  if (kind === 'user') {
    known('aws:principaltype', 'User');
    known('aws:username', arn.slice(arn.lastIndexOf('/') + 1));
  }
  if (request.resource !== '*' && !isSymbolic(request.resource)) known('aws:resourceaccount', accountOfResource(request));
  for (const key of request.absent ?? []) keys.set(key.toLowerCase(), { is: 'absent' });
  for (const [key, value] of Object.entries(request.context)) {
    keys.set(key.toLowerCase(), { is: 'known', values: typeof value === 'string' ? [value] : value });
  }
  return keys;
}
