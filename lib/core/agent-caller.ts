import { samePrincipal } from './principal';

/** Who takes on an agent's role, as far as two of them can be told apart. */
export type AgentCaller =
  | { readonly kind: 'github'; readonly repository: string; readonly branch: string }
  | { readonly kind: 'github'; readonly repository: string; readonly environment: string }
  | { readonly kind: 'principal'; readonly arn: string; readonly sourceIdentities?: readonly string[] }
  /** A service of AWS: whoever may pass a role to it (`iam:PassRole`) decides which. */
  | { readonly kind: 'service' };

/**
 * Whether somebody can be both callers: two agents with such callers are one agent with two names, and what the one is not
 * allowed it does as the other. Equal text counts as the same principal, as for ARNs that are not known before deployment.
 */
export function overlapping(one: AgentCaller, other: AgentCaller): boolean {
  if (one.kind === 'github' && other.kind === 'github') return sameRepository(one.repository, other.repository) && runsOf(one) === runsOf(other);
  if (one.kind === 'principal' && other.kind === 'principal') {
    const samePerson = one.sourceIdentities === undefined || other.sourceIdentities === undefined ||
      one.sourceIdentities.some((name) => other.sourceIdentities!.includes(name));
    return samePerson && (one.arn === other.arn || samePrincipal(one.arn, other.arn));
  }
  return false;
}

/** GitHub's names of repositories and environments ignore case, those of branches do not. */
function runsOf(caller: Extract<AgentCaller, { kind: 'github' }>): string {
  return 'branch' in caller ? `branch ${caller.branch}` : `environment ${caller.environment.toLowerCase()}`;
}

/** With and without GitHub's ids (`owner@1/name@2`) a name means one repository; two ids mean two. */
function sameRepository(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  return a.includes('@') && b.includes('@') ? a === b : a.replace(/@\d+/g, '') === b.replace(/@\d+/g, '');
}
