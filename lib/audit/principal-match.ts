import { kindOfRequester, type Requester } from './access-request';
import { splitArn } from './arn';
import { anyOf, opposite } from './conditions';
import type { Text } from './model';
import type { Listed, NamedPrincipal } from './policy-document';
import { equalText, type Match } from './text-match';

/**
 * How a resource's policy names a principal, which decides what else limits the grant:
 * `direct` (the user, the session, everyone, a service), `role` (a boundary and a session policy limit it), or `account`
 * (the account's own policies decide). From the closest to the widest.
 */
export const GRADES = ['direct', 'role', 'account'] as const;
export type Grade = (typeof GRADES)[number];

export interface PrincipalMatch {
  readonly match: Match;
  readonly grade: Grade;
}

/** Is the requester among the principals of a statement? `undecided` as in `conditionHolds`. */
export function principalMatches(
  { except, list }: Listed<NamedPrincipal>, requester: Requester, undecided: 'yes' | 'no', bounded: boolean,
): PrincipalMatch {
  const found = list.map((named) => namedMatches(named, requester, except ? opposite(undecided) : undecided));
  if (except) {
    // "NotPrincipal with a Deny effect will always deny any IAM principal that has a permissions boundary policy attached."
    const always = bounded && undecided === 'no';
    return { match: always ? 'yes' : opposite(anyOf(found, ({ match }) => match)), grade: 'direct' };
  }
  for (const match of ['yes', 'maybe'] as const) {
    for (const grade of GRADES) {
      if (found.some((one) => one.match === match && one.grade === grade)) return { match, grade };
    }
  }
  return { match: 'no', grade: 'direct' };
}

function namedMatches({ kind, value }: NamedPrincipal, requester: Requester, undecided: 'yes' | 'no'): PrincipalMatch {
  const { arn, account, service = false } = requester;
  if (kind === 'Service' || kind === 'Federated') {
    const mine = kind === 'Service' ? service : !service;
    return { match: mine ? (value === '*' ? 'yes' : equalText(value, arn)) : 'no', grade: 'direct' };
  }
  if (kind === 'CanonicalUser') return { match: 'no', grade: 'account' };
  if (value === '*') return { match: 'yes', grade: 'direct' };
  if (service) return { match: 'no', grade: 'direct' };
  const components = splitArn(value);
  if (components === undefined) {
    const asAccount = equalText(value, account);
    // An account's number; or a symbol that may be any ARN.
    return asAccount === 'yes' ? { match: 'yes', grade: 'account' } : { match: equalText(value, arn) === 'no' ? asAccount : 'maybe', grade: 'direct' };
  }
  if (components[2] === 'iam' && components[5] === 'root') return { match: equalText(components[4], account), grade: 'account' };
  const kindOf = kindOfRequester(requester);
  const same = equalText(value, arn);
  if (same !== 'no') return { match: same, grade: kindOf === 'role' ? 'role' : 'direct' };
  if (kindOf === 'session') return { match: isSessionOf(arn, value), grade: 'role' };
  // Which session of a role asks is not known: whoever may take the role on chooses its name.
  if (kindOf === 'role') return { match: isSessionOf(value, arn) === 'no' ? 'no' : undecided, grade: 'direct' };
  return { match: 'no', grade: 'direct' };
}

/** Whether `arn:…:sts::ACCOUNT:assumed-role/NAME/SESSION` is a session of `arn:…:iam::ACCOUNT:role/PATH/NAME`. */
function isSessionOf(session: Text, role: Text): Match {
  const [, , sts, , account, resource] = splitArn(session) ?? [];
  const [, , iam, , owner, named] = splitArn(role) ?? [];
  if (sts !== 'sts' || iam !== 'iam' || !resource?.startsWith('assumed-role/') || !named?.startsWith('role/')) return 'no';
  const name = resource.split('/')[1]!;
  const [names, accounts] = [equalText(named.slice(named.lastIndexOf('/') + 1), name), equalText(account!, owner!)];
  return names === 'no' || accounts === 'no' ? 'no' : names === 'maybe' || accounts === 'maybe' ? 'maybe' : 'yes';
}
