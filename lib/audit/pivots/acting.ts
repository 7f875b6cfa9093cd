import { decide, type Decision, type PolicySet } from '../decide';
import type { Principal } from '../identity';
import type { Text } from '../model';
import type { Statement } from '../policy-document';
import { matches } from '../text-match';
import { keyOf, type Change } from './altering';
import { lastPart } from './arn-index';
import type { Call } from './calls';
import { OUTSIDER, saidToOutsiders } from './outsider';
import type { Terrain } from './terrain';

export type Allowed = Extract<Decision, { do: 'allow' }>;

/** Where something is: what symbols or literals its ARN is made of. */
export interface Place {
  readonly partition: Text;
  readonly region: Text;
  readonly account: Text;
}

export interface AskOptions {
  /** The resource's own policy. */
  readonly policy?: readonly Statement[];
  /** Condition keys whose values are known. */
  readonly knowing?: Readonly<Record<string, Text>>;
  /** Condition keys that the request is known not to have. */
  readonly absent?: readonly string[];
}

export interface ChooseOptions extends AskOptions {
  /** Resources of the assembly, which are asked about one by one elsewhere. */
  readonly exists?: (arn: Text) => boolean;
}

/** An answer about a resource that the caller may choose, and which it chose. */
export type Chosen = Allowed & { readonly arn: Text };

/** Someone at work: a principal, with what was changed about it on the way. Asks IAM, and only what can be answered with yes. */
export class Acting {
  readonly policies: PolicySet;
  readonly #speaksOf: ReadonlySet<string> | 'everything';
  readonly #possible = new Map<string, readonly Statement[]>();
  #granting: ReadonlySet<string> | undefined;

  constructor(readonly principal: Principal, readonly change: Change, readonly place: Place, private readonly terrain: Terrain) {
    this.policies = changed(principal, change, terrain);
    this.#speaksOf = servicesOf(this.policies.identity);
  }

  /** Whether anything of its own speaks of a service: the cheapest question. */
  speaksOf = (service: string): boolean => this.#speaksOf === 'everything' || this.#speaksOf.has(service);

  /** The Allow statements of its own that cover an action, whatever their resources and conditions. */
  possible(action: string): readonly Statement[] {
    if (!this.speaksOf(action.slice(0, action.indexOf(':')))) return NONE;
    let found = this.#possible.get(action);
    if (found === undefined) this.#possible.set(action, found = this.policies.identity.filter((statement) => covers(statement, action)));
    return found;
  }

  /** The resource patterns that it is allowed an action on. */
  patterns(action: string): readonly Text[] {
    return [...new Set(this.possible(action).flatMap(({ resources }) => (resources === undefined || resources.except ? ['*'] : resources.list)))];
  }

  /** Resources whose own policies may give it something that its own policies do not. */
  get granting(): ReadonlySet<string> {
    return this.#granting ??= this.terrain.granting(this.principal);
  }

  ask(action: string, resource: Text, options: AskOptions = {}): Allowed | undefined {
    const { knowing = {}, absent = [] } = options;
    const outside = this.principal === OUTSIDER;
    const policy = outside ? saidToOutsiders(options.policy ?? NONE) : options.policy ?? NONE;
    // To another account a resource is open only by its own policy.
    if (policy.length === 0 && (outside || this.possible(action).length === 0)) return undefined;
    const decision = decide(
      { principal: this.principal, action, resource, context: knowing, absent, ...(outside && { resourceAccount: this.terrain.assembly.stacks[0]!.account }) },
      policy.length === 0 ? this.policies : { ...this.policies, resource: policy },
    );
    return decision.do === 'allow' ? decision : undefined;
  }

  /** The best answer about a resource that the caller may choose: as its own permissions name one. */
  choose(call: Call, options: ChooseOptions = {}): Chosen | undefined {
    if (this.possible(call.action).length === 0) return undefined;
    const { knowing, exists, ...rest } = options;
    let best: Chosen | undefined;
    for (const arn of this.choices(call)) {
      if (exists?.(arn)) continue;
      const answer = this.ask(call.action, arn, { ...rest, knowing: { ...filled(call.knowing, this.place), ...knowing } });
      if (answer && (!best || answer.assuming.length < best.assuming.length)) best = { ...answer, arn };
      if (best?.assuming.length === 0) return best;
    }
    return best;
  }

  /** Resources to ask about: one of the kind, and one for each pattern in its permissions that may name one. */
  choices({ action, on }: Pick<Call, 'action' | 'on'>, place: Place = this.place): ReadonlySet<Text> {
    if (on === 'nothing') return new Set(['*']);
    const usual = arnAt(place, action.slice(0, action.indexOf(':')), on.replace(/^exactly /, ''));
    if (on.startsWith('exactly ')) return new Set([usual]);
    return new Set([usual, ...this.patterns(action).flatMap((pattern) => chosenFrom(pattern, usual) ?? [])]);
  }
}

const NONE: readonly Statement[] = [];

/** The values of condition keys with the partition in their ARNs. */
export const filled = (knowing: Readonly<Record<string, Text>>, { partition }: Place): Readonly<Record<string, Text>> =>
  Object.fromEntries(Object.entries(knowing).map(([key, value]) => [key, value.replace('{partition}', partition)]));

/** The ARN of something of a service; `aws …` is owned by AWS, `iam` and `sts` have no Region. */
export function arnAt({ partition, region, account }: Place, service: string, on: string): Text {
  const [other, path] = on.includes('://') ? on.split('://') as [string, string] : [SERVICE_IN_ARN[service] ?? service, on];
  const [owner, rest] = path.startsWith('aws ') ? ['', path.slice(4)] : [account, path];
  return `arn:${partition}:${other}:${REGIONLESS.has(service) ? '' : region}:${owner}:${rest}`;
}

const REGIONLESS = new Set(['iam', 'sts', 'sso']);
/** Services whose resources' ARNs name another service than their actions do. */
const SERVICE_IN_ARN: Readonly<Record<string, string>> = { sts: 'iam', 'ec2-instance-connect': 'ec2' };

/** A resource that a pattern covers, of the same kind as the usual one; undefined if it is about something else. */
function chosenFrom(pattern: Text, usual: Text): Text | undefined {
  const wild = /[*?]/;
  const last = lastPart(pattern);
  if (last === pattern) return undefined;
  const kind = /^[^:/]*/.exec(lastPart(usual))![0];
  const named = /^[^:/*?]*/.exec(last)![0];
  if (!kind.startsWith(named) || (named !== kind && !wild.test(last.charAt(named.length)))) return undefined;
  const ours = usual.slice(0, -lastPart(usual).length).split(':');
  const theirs = pattern.slice(0, -last.length).split(':');
  const front = theirs.length === ours.length ? theirs.map((part, at) => (wild.test(part) ? ours[at]! : part)) : ours;
  const rest = named === kind ? last.replace(/\$\{[^}]*\}|\*/g, 'any').replaceAll('?', 'a') : lastPart(usual);
  return `${front.join(':')}${rest}`;
}

/** The policies of a principal after a change. The same statements stay the same objects: what was learnt of them is kept. */
function changed(principal: Principal, change: Change, terrain: Terrain): PolicySet {
  const { identity, boundary, serviceControl } = principal.policies;
  const gone = ({ effect, source }: Statement): boolean =>
    effect === 'Deny' && Boolean(terrain.attached(source) ? change.attachedGone : change.inlineGone);
  const kept = change.attachedGone || change.inlineGone ? identity.filter((statement) => !gone(statement)) : identity;
  if (keyOf(change) === '') return { identity, boundary, serviceControl, resource: NONE };
  return {
    identity: [...(change.widened ? [everythingAllowed(principal.id)] : []), ...kept, ...(change.joined ?? []).flatMap(terrain.groupPolicy)],
    boundary: change.unbounded ? undefined : boundary,
    serviceControl, resource: NONE,
  };
}

/** AdministratorAccess, from somewhere. */
export const everythingAllowed = (source: string): Statement => ({
  source, sid: undefined, effect: 'Allow', actions: EVERYTHING, resources: EVERYTHING, principals: undefined, conditions: [], variables: false,
});

const EVERYTHING = { except: false, list: ['*'] };

function servicesOf(statements: readonly Statement[]): ReadonlySet<string> | 'everything' {
  const services = new Set<string>();
  for (const { effect, actions } of statements) {
    if (effect !== 'Allow') continue;
    if (actions.except) return 'everything';
    for (const action of actions.list) {
      const service = /^[a-zA-Z0-9-]+(?=:)/.exec(action)?.[0];
      if (service === undefined) return 'everything';
      services.add(service.toLowerCase());
    }
  }
  return services;
}

function covers(statement: Statement, action: string): boolean {
  if (statement.effect !== 'Allow') return false;
  let known = covered.get(statement);
  if (known === undefined) covered.set(statement, known = new Map<string, boolean>());
  let answer = known.get(action);
  if (answer === undefined) {
    const { except, list } = statement.actions;
    const found = list.map((pattern) => matches(pattern, action, { ignoreCase: true }));
    known.set(action, answer = except ? !found.includes('yes') : found.some((match) => match !== 'no'));
  }
  return answer;
}

const covered = new WeakMap<Statement, Map<string, boolean>>();
