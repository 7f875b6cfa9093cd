import { accountOfResource, lookupIn, type AccessRequest } from './access-request';
import type { Statement } from './policy-document';
import type { Grade } from './principal-match';
import { statementMatches, statementsAbout, type Question } from './statement-match';
import { readable } from './text';
import { equalText } from './text-match';

/** All policies that apply to one request. */
export interface PolicySet {
  readonly identity: readonly Statement[];
  /** Undefined is no limit. */
  readonly boundary: readonly Statement[] | undefined;
  /** All statements that are attached at each level, from the root to the account. None is no limit. */
  readonly serviceControl: readonly (readonly Statement[])[];
  /** Of the resource's own policy; for `sts:AssumeRole` the role's trust. */
  readonly resource: readonly Statement[];
  readonly session?: readonly Statement[];
}

export type Decision =
  | {
    readonly do: 'allow';
    readonly by: Statement;
    readonly because: string;
    /** Empty if it is certain; otherwise what would have to be so, of which the template does not tell. */
    readonly assuming: readonly string[];
  }
  | { readonly do: 'deny'; readonly because: string; readonly by?: Statement };

/**
 * What IAM would answer. A condition that nothing in the request decides counts as satisfied for an Allow and as
 * unsatisfied for a Deny; a symbol that decides is named in `assuming`.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function decide(request: AccessRequest, policies: PolicySet): Decision {
  const ask = new Asked({ request, action: request.action.toLowerCase(), lookup: lookupIn(request), bounded: policies.boundary !== undefined });
  const { identity, boundary, session, serviceControl, resource } = policies;
  const everything = [identity, boundary ?? [], session ?? [], ...serviceControl];
  const denials = [...everything.flatMap((statements) => ask.denials(statements, false)), ...ask.denials(resource, true)];
  const certain = denials.find(({ assuming }) => assuming.length === 0);
  if (certain) return { do: 'deny', by: certain.by, because: `${certain.by.source} denies ${ask.what}` };

  const limit = (statements: readonly Statement[] | undefined): Grant | undefined => (statements ? ask.allowed(statements) : NO_LIMIT);
  const ofSession = both(limit(boundary), limit(session));
  const ofIdentity = both(ask.allowed(identity), ofSession);
  const named = (grades: readonly Grade[]): Grant | undefined => ask.allowed(resource, grades);
  const same = (): Grant | undefined => {
    // "Resource-based policies that grant permissions to an IAM role ARN are limited by an implicit deny in a permissions
    // boundary or session policy", those that name the user or the session are not.
    const own = needsResourcePolicy(request) ? both(ofIdentity, named(['account', 'role', 'direct'])) : ofIdentity;
    return either(own, either(named(['direct']), both(named(['role']), ofSession)));
  };
  const across = (): Grant | undefined => both(ofIdentity, named(['direct', 'role', 'account']));
  const granted = request.principal.service ? named(['direct'])
    : inOneAccount(request, same, across);
  const controlled = request.principal.service ? granted : serviceControl.reduce<Grant | undefined>((sofar, level) => both(sofar, limit(level)), granted);
  if (controlled === undefined) return { do: 'deny', because: granted ? `no service control policy allows ${ask.what}` : whyNot(ask, policies, ofIdentity) };
  return {
    do: 'allow', by: controlled.by!, because: `${controlled.by!.source} allows ${ask.what}`,
    assuming: [...new Set([...controlled.assuming, ...denials.flatMap(({ assuming, by }) => assuming.map((doubt) => `the Deny of ${by.source} does not apply, which it does if ${doubt}`))])],
  };
}

/** An Allow that was found (`by` undefined: nothing limits), and what it depends on. */
interface Grant {
  readonly by: Statement | undefined;
  readonly assuming: readonly string[];
}

const NO_LIMIT: Grant = { by: undefined, assuming: [] };

/** Both must allow. The first that names a statement is the reason. */
const both = (a: Grant | undefined, b: Grant | undefined): Grant | undefined =>
  a && b && { by: a.by ?? b.by, assuming: a.assuming.length === 0 ? b.assuming : b.assuming.length === 0 ? a.assuming : [...a.assuming, ...b.assuming] };

/** The one that depends on less. */
const either = (a: Grant | undefined, b: Grant | undefined): Grant | undefined =>
  (a === undefined || (b !== undefined && b.assuming.length < a.assuming.length) ? b : a);

function inOneAccount(request: AccessRequest, same: () => Grant | undefined, across: () => Grant | undefined): Grant | undefined {
  const match = equalText(request.principal.account, accountOfResource(request));
  if (match !== 'maybe') return match === 'yes' ? same() : across();
  const doubt = (yes: string) => ({ by: undefined, assuming: [`${readable(request.resource)} is ${yes} account of ${readable(request.principal.arn)}`] });
  const [inside, outside] = [same(), across()];
  return inside && outside ? either(inside, outside) : either(both(inside, doubt('in the')), both(outside, doubt('outside the')));
}

/** "IAM role trust policies and KMS key policies are exceptions to this logic, because they must explicitly allow access." */
function needsResourcePolicy({ action, resource }: AccessRequest): boolean {
  const name = action.toLowerCase();
  if (name.startsWith('kms:')) return resource !== '*' && !resource.includes(':alias/') && !resource.includes(':custom-key-store/');
  return /^sts:(assumerole|tagsession|setsourceidentity)/.test(name) && name !== 'sts:assumeroot' && resource !== '*';
}

class Asked {
  readonly what: string;
  readonly #service: string;

  constructor(private readonly question: Question) {
    const { action, request: { resource } } = question;
    this.what = `${question.request.action} on ${readable(resource)}`;
    this.#service = action.slice(0, Math.max(action.indexOf(':'), 0));
  }

  /** The Deny statements that speak of the request, surely or perhaps. */
  denials(statements: readonly Statement[], withPrincipal: boolean): { by: Statement; assuming: readonly string[] }[] {
    const found = [];
    for (const by of statementsAbout(this.#service, statements)) {
      if (by.effect !== 'Deny') continue;
      const { match, assuming } = statementMatches(by, this.question, withPrincipal);
      if (match !== 'no') found.push({ by, assuming: assuming === undefined ? [] : [assuming] });
    }
    return found;
  }

  /** The first Allow that is certain, or else the first that is possible. With grades: of the resource's policy, named so. */
  allowed(statements: readonly Statement[], grades?: readonly Grade[]): Grant | undefined {
    let possible: Grant | undefined;
    for (const by of statementsAbout(this.#service, statements)) {
      if (by.effect !== 'Allow') continue;
      const { match, grade, assuming } = statementMatches(by, this.question, grades !== undefined);
      if (match === 'no' || (grades && !grades.includes(grade))) continue;
      if (assuming === undefined) return { by, assuming: [] };
      possible ??= { by, assuming: [`in ${by.source} ${assuming}`] };
    }
    return possible;
  }
}

function whyNot(ask: Asked, { boundary, session, identity, resource }: PolicySet, ofIdentity: Grant | undefined): string {
  if (ofIdentity) return `the resource's own policy does not allow ${ask.what}`;
  if (ask.allowed(identity) === undefined && ask.allowed(resource, ['role']) === undefined) return `no policy allows ${ask.what}`;
  if (boundary && ask.allowed(boundary) === undefined) return `the permissions boundary does not allow ${ask.what}`;
  return session ? `the session policy does not allow ${ask.what}` : `no policy allows ${ask.what}`;
}
