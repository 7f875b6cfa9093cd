import type { Principal } from '../identity';
import type { Text } from '../model';
import type { Statement } from '../policy-document';
import { isSymbolic, readable } from '../text';
import type { Acting, Allowed } from './acting';
import { filled } from './acting';
import { ALTERING, MAKING, PROVIDERS, TAKING, type AlteringPivot, type Change } from './altering';
import type { Call } from './calls';
import { HOSTING, type HostingPivot } from './hosting';
import type { Host } from './hosts';
import { nameOf } from './names';
import { PASSING, type PassingPivot } from './passing';
import type { Shared, Terrain } from './terrain';

/** What one step makes possible, and the step. */
export type Move = {
  /** What follows the actor's name in a sentence: `may sts:AssumeRole on DeployRole`. */
  readonly by: string;
  /** Resource id or ARN of what it is done to. */
  readonly on: string;
  readonly source: string;
  readonly assuming: readonly string[];
} & (
  | { readonly do: 'take'; readonly principal: Principal }
  | { readonly do: 'alter'; readonly principals: readonly Principal[]; readonly change: Change; readonly pivot: AlteringPivot; readonly target: Principal | Shared }
  | { readonly do: 'join'; readonly group: Shared }
  | { readonly do: 'make'; readonly what: string; readonly boundary: readonly Statement[] | undefined }
);

/** What has not been reached yet. A search takes out what it has, so that nobody looks at it again. */
export interface Wanted {
  readonly roles: ReadonlySet<Principal>;
  readonly users: ReadonlySet<Principal>;
  readonly delegating: ReadonlySet<Principal>;
  readonly hosts: (type: string) => ReadonlySet<Host>;
  readonly altering: (pivot: AlteringPivot) => ReadonlySet<Principal | Shared>;
  readonly groups: ReadonlySet<Shared>;
}

/** Everything that someone can do to act as someone else or as more than before. */
export function* movesOf(acting: Acting, terrain: Terrain, wanted: Wanted): Iterable<Move> {
  yield* assuming(acting, terrain, wanted);
  yield* passing(acting, terrain, wanted);
  yield* hosting(acting, terrain, wanted);
  yield* taking(acting, terrain, wanted);
  yield* altering(acting, terrain, wanted);
  yield* joining(acting, terrain, wanted);
  yield* making(acting, terrain);
}

/** Role to role: the trust policy and, unless it names the principal, a permission. */
function* assuming(acting: Acting, terrain: Terrain, wanted: Wanted): Iterable<Move> {
  const named = terrain.trusting(acting.principal).filter((role) => wanted.roles.has(role));
  const permitted = acting.patterns('sts:AssumeRole').flatMap((pattern) => [...terrain.roles.candidates(pattern, wanted.delegating)]);
  for (const role of new Set([...named, ...permitted])) {
    if (!wanted.roles.has(role) || role === acting.principal) continue;
    const answer = acting.ask('sts:AssumeRole', role.arn, { policy: role.trust });
    if (answer) yield { do: 'take', principal: role, by: `may sts:AssumeRole on ${role.name}`, on: role.id, source: answer.by.source, assuming: answer.assuming };
  }
}

/** A role passed to a service that takes it on and runs what the caller says. */
function* passing(acting: Acting, terrain: Terrain, wanted: Wanted): Iterable<Move> {
  const patterns = acting.patterns('iam:PassRole');
  const feasible = patterns.length === 0 ? [] : feasiblePassing(acting);
  if (feasible.length === 0) return;
  for (const role of new Set(patterns.flatMap((pattern) => [...terrain.roles.candidates(pattern, wanted.roles)]))) {
    for (const { pivot, answers } of feasible) {
      if (!wanted.roles.has(role)) break;
      if (pivot.byProfile && terrain.profilesWith(role).length === 0) continue;
      const trust = terrain.trusts(role, pivot.service);
      const answer = trust && acting.ask('iam:PassRole', role.arn, { knowing: { 'iam:PassedToService': pivot.service } });
      if (!answer) continue;
      yield {
        do: 'take', principal: role, by: `may pass ${role.name} to ${actionsOf(pivot.calls)}`, on: role.id, source: answer.by.source,
        assuming: [...trust.assuming, ...answer.assuming, ...answers.flatMap((each) => each.assuming)],
      };
    }
  }
}

/** The services to which a role could be passed, with the answers to the calls. Whether one may, is asked per role. */
export function feasiblePassing(acting: Acting): { readonly pivot: PassingPivot; readonly answers: readonly Allowed[] }[] {
  return PASSING.flatMap((pivot) => {
    const answers = everyOf(pivot.calls, (each) => acting.choose(each));
    return answers ? [{ pivot, answers }] : [];
  }).sort((a, b) => Number(a.answers.some(doubtful)) - Number(b.answers.some(doubtful)));
}

/** Something that runs with a role already. */
function* hosting(acting: Acting, terrain: Terrain, wanted: Wanted): Iterable<Move> {
  for (const pivot of HOSTING) {
    const hosts = wanted.hosts(pivot.type);
    if (hosts.size === 0) continue;
    const others = everyOf(pivot.calls.filter(({ on }) => on !== 'target'), (each) => (each.action === SOURCE_MAPPING ? (acting.possible(SOURCE_MAPPING).length > 0 ? YES : undefined) : acting.choose(each, { exists: terrain.onlyForwards })));
    if (!others) continue;
    for (const host of candidateHosts(pivot, hosts, acting, terrain)) {
      const own = everyOf(pivot.calls, (each) => {
        if (each.action === SOURCE_MAPPING) return acting.ask(each.action, '*', { knowing: { 'lambda:FunctionArn': host.arn } });
        return each.on === 'target' ? acting.ask(each.action, host.arn, { knowing: each.knowing, policy: terrain.resourcePolicy(host.resource.id) }) : YES;
      });
      if (!own) continue;
      for (const role of host.roles) {
        if (!wanted.roles.has(role)) continue;
        const pass = pivot.passes === undefined ? YES : acting.ask('iam:PassRole', role.arn, { knowing: { 'iam:PassedToService': pivot.passes } });
        if (!pass) continue;
        const answers = [...own, ...others, pass].filter((each) => each !== YES);
        yield {
          do: 'take', principal: role, by: `may ${actionsOf(pivot.calls)} on ${nameOf(host.resource)}, which acts as ${role.name}`, on: host.resource.id,
          source: answers[0]!.by.source, assuming: [...answers.flatMap((each) => each.assuming), ...(pivot.assuming ? [pivot.assuming] : [])],
        };
      }
    }
  }
}

const SOURCE_MAPPING = 'lambda:CreateEventSourceMapping';

function candidateHosts({ type, calls }: HostingPivot, hosts: ReadonlySet<Host>, acting: Acting, terrain: Terrain): ReadonlySet<Host> {
  const first = calls.find(({ on }) => on === 'target');
  if (!first) return hosts;
  const own = acting.patterns(first.action).flatMap((pattern) => [...terrain.hosts.get(type)!.candidates(pattern, hosts)]);
  const granted = acting.granting.size === 0 ? [] : [...hosts].filter(({ resource }) => acting.granting.has(resource.id));
  return new Set([...own, ...granted]);
}

/** Keys, passwords, trust policies and identity providers of others. */
function* taking(acting: Acting, terrain: Terrain, wanted: Wanted): Iterable<Move> {
  for (const { target, calls } of TAKING) {
    const [index, open] = target === 'role' ? [terrain.roles, wanted.roles] : [terrain.users, wanted.users];
    for (const pattern of acting.patterns(calls[0]!.action)) {
      for (const principal of index.candidates(pattern, open)) {
        const answers = principal === acting.principal ? undefined : everyOf(calls, (each) => acting.ask(each.action, principal.arn, keysAbout(principal, terrain)));
        if (answers) yield { do: 'take', principal, by: `may ${actionsOf(calls)} on ${principal.name}`, on: principal.id, source: answers[0]!.by.source, assuming: answers.flatMap((each) => each.assuming) };
      }
    }
  }
  for (const { resource, arn, roles } of terrain.providers) {
    for (const action of PROVIDERS[resource.type]!) {
      const answer = roles.some((role) => wanted.roles.has(role)) && acting.ask(action, arn);
      if (!answer) continue;
      for (const role of roles) {
        yield { do: 'take', principal: role, by: `may ${action} on ${nameOf(resource)}, which vouches for who takes on ${role.name}`, on: resource.id, source: answer.by.source, assuming: answer.assuming };
      }
    }
  }
}

/** Policies, boundaries and memberships. */
function* altering(acting: Acting, terrain: Terrain, wanted: Wanted): Iterable<Move> {
  for (const pivot of ALTERING) {
    const [{ action, knowing }] = pivot.calls as [Call];
    const open = wanted.altering(pivot);
    for (const pattern of acting.patterns(action)) {
      for (const target of indexOf(pivot, terrain).candidates(pattern, open as ReadonlySet<never>)) {
        const about = 'kind' in target ? keysAbout(target, terrain) : {};
        const certain = acting.ask(action, target.arn, { ...about, knowing: { ...about.knowing, ...filled(knowing, acting.place) } });
        // Another policy than AdministratorAccess may be all that is left to attach, another boundary than that to put.
        const answer = certain ?? (Object.keys(knowing).length > 0 ? acting.ask(action, target.arn, {}) : undefined);
        if (!answer) continue;
        const name = 'kind' in target ? target.name : nameOf(target.resource);
        yield {
          do: 'alter', pivot, target, change: pivot.change, principals: 'kind' in target ? [target] : target.holders,
          by: `may ${action} on ${target === acting.principal ? 'itself' : name}`, on: 'kind' in target ? target.id : target.resource.id, source: answer.by.source,
          assuming: [...answer.assuming, ...(certain ? [] : [`a policy that ${acting.principal.name} may choose allows more`]), ...(pivot.assuming ? [pivot.assuming] : [])],
        };
      }
    }
  }
}

export function indexOf({ target }: AlteringPivot, terrain: Terrain): { all: ReadonlySet<Principal | Shared>; candidates: (pattern: Text, wanted: ReadonlySet<never>) => Iterable<Principal | Shared> } {
  switch (target) {
    case 'role': return terrain.roles;
    case 'user': return terrain.users;
    case 'group': return terrain.groups;
    case 'policy': return terrain.policies;
    case 'boundary': return terrain.boundaries;
  }
}

function* joining(acting: Acting, terrain: Terrain, wanted: Wanted): Iterable<Move> {
  for (const pattern of acting.patterns('iam:AddUserToGroup')) {
    for (const group of terrain.groups.candidates(pattern, wanted.groups)) {
      const { resource, arn } = group;
      // Members of a group that allows nothing may do no more than before.
      const answer = terrain.groupPolicy(resource.id).some(({ effect }) => effect === 'Allow') ? acting.ask('iam:AddUserToGroup', arn) : undefined;
      if (answer) yield { do: 'join', group, by: `may iam:AddUserToGroup on ${nameOf(resource)}`, on: resource.id, source: answer.by.source, assuming: answer.assuming };
    }
  }
}

/** New principals, and what is above all of them. */
function* making(acting: Acting, terrain: Terrain): Iterable<Move> {
  for (const { what, bounded, calls } of MAKING) {
    if (calls.some(({ action }) => acting.possible(action).length === 0)) continue;
    const tries: readonly { boundary?: Shared; options: { absent?: string[]; knowing?: Record<string, Text> } }[] = bounded
      ? [{ options: { absent: ['iam:PermissionsBoundary'] } }, ...[...terrain.boundaryPolicies].map((boundary) => ({ boundary, options: { knowing: { 'iam:PermissionsBoundary': boundary.arn } } })), { options: {} }]
      : [{ options: {} }];
    for (const [at, { boundary, options }] of tries.entries()) {
      const answers = everyOf(calls, (each) => acting.choose(each, options));
      if (!answers) continue;
      const stranger = bounded && at === tries.length - 1 && at > 0;
      yield {
        do: 'make', what, boundary: boundary && terrain.policyStatements(boundary.resource), by: `may ${actionsOf(calls)} for ${what}`, on: what,
        source: answers[0]!.by.source, assuming: [...answers.flatMap((each) => each.assuming), ...(stranger ? ['the boundary that a new principal has to have allows it'] : [])],
      };
      break;
    }
  }
}

/** `iam:PermissionsBoundary` of calls about a principal is the boundary that it has. */
function keysAbout(principal: Principal, terrain: Terrain): { knowing?: Record<string, Text>; absent?: string[] } {
  const boundary = terrain.boundaryOf(principal);
  return boundary === undefined ? { absent: ['iam:PermissionsBoundary'] } : { knowing: { 'iam:PermissionsBoundary': boundary } };
}

const YES: Allowed = { do: 'allow', because: '', assuming: [], by: { source: '', sid: undefined, effect: 'Allow', actions: { except: false, list: [] }, resources: undefined, principals: undefined, conditions: [], variables: false } };

const doubtful = ({ assuming: doubts }: Allowed): boolean => doubts.length > 0;

/** The answers to all calls, or undefined if one is refused. */
export function everyOf<T, A>(items: readonly T[], ask: (item: T) => A | undefined): A[] | undefined {
  const answers: A[] = [];
  for (const item of items) {
    const answer = ask(item);
    if (answer === undefined) return undefined;
    answers.push(answer);
  }
  return answers;
}

/** `lambda:CreateFunction`, `iam:CreateRole and iam:PutRolePolicy`. */
export const actionsOf = (calls: readonly Call[]): string => [...new Set(calls.map(({ action }) => action))].join(' and ');

/** An ARN in a message. */
export const shown = (arn: Text): string => (isSymbolic(arn) ? readable(arn) : arn);
