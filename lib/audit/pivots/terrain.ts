import { decide } from '../decide';
import { principalsOf, type Principal } from '../identity';
import { arnOf } from '../identities';
import type { Assembly, Resource, StackFacts, Text } from '../model';
import { statementsOf, type Listed, type NamedPrincipal, type Statement } from '../policy-document';
import { isSymbolic } from '../text';
import { PROVIDERS } from './altering';
import { ArnIndex, lastPart } from './arn-index';
import { hostsOf, RoleNames, valuesAt, type Host } from './hosts';
import { HOST_TYPES } from './hosting';

/** What can be named by a policy and be altered: a group or a managed policy, and the principals that it decides about. */
export interface Shared {
  readonly resource: Resource;
  readonly arn: Text;
  readonly holders: readonly Principal[];
}

/** The assembly as it is searched: made once, with what makes each search cheap. */
export interface Terrain {
  readonly assembly: Assembly;
  readonly principals: ReadonlyMap<string, Principal>;
  readonly resource: (id: string) => Resource | undefined;
  readonly stack: (id: string) => StackFacts;
  readonly arn: (resource: Resource) => Text | undefined;
  readonly resourcePolicy: (id: string) => readonly Statement[];
  readonly roles: ArnIndex<Principal>;
  readonly users: ArnIndex<Principal>;
  readonly groups: ArnIndex<Shared>;
  readonly policies: ArnIndex<Shared>;
  readonly boundaries: ArnIndex<Shared>;
  readonly hosts: ReadonlyMap<string, ArnIndex<Host>>;
  readonly hostsOfRole: (role: Principal) => readonly Host[];
  readonly profilesWith: (role: Principal) => readonly Resource[];
  /** Roles whose trust policy names the principal, or may. */
  readonly trusting: (principal: Principal) => readonly Principal[];
  /** Resources whose own policy gives the principal something, or may. */
  readonly granting: (principal: Principal) => ReadonlySet<string>;
  /** Whether a service may take a role on: undefined if not. */
  readonly trusts: (role: Principal, service: string) => { readonly assuming: readonly string[] } | undefined;
  /** Identity providers of the assembly, with the roles that trust them. */
  readonly providers: readonly { readonly resource: Resource; readonly arn: Text; readonly roles: readonly Principal[] }[];
  /** Managed policies that somebody has as a boundary or may get as one. */
  readonly boundaryPolicies: readonly Shared[];
  readonly policyStatements: (policy: Resource) => readonly Statement[];
  /** Whether an ARN is that of a role or user of the assembly, or of something that runs in it. */
  readonly exists: (arn: Text) => boolean;
  /** Whether an ARN is that of a session document of the assembly that forwards a port and does nothing else. */
  readonly onlyForwards: (arn: Text) => boolean;
  /** Roles whose trust policy leaves it to their account. */
  readonly delegating: readonly Principal[];
  /** What a group allows its members. */
  readonly groupPolicy: (group: string) => readonly Statement[];
  /** The boundary of a role or user as its properties name it. */
  readonly boundaryOf: (principal: Principal) => Text | undefined;
  readonly attached: (source: string) => boolean;
}

export function terrainOf(assembly: Assembly, principals: readonly Principal[], policies: ReadonlyMap<string, readonly Statement[]>): Terrain {
  const resources = new Map(assembly.resources.map((resource) => [resource.id, resource]));
  const stacks = new Map(assembly.stacks.map((stack) => [stack.id, stack]));
  const stack = (id: string): StackFacts => stacks.get(id)!;
  const arn = (resource: Resource): Text | undefined => arnOf(resource, stack(resource.stack));
  const ofKind = (kind: Principal['kind']): ArnIndex<Principal> => new ArnIndex(principals.filter((principal) => principal.kind === kind), (each) => each.arn);
  const shared = (type: string, holders: (resource: Resource) => readonly Principal[], evenIfNone = false): ArnIndex<Shared> =>
    new ArnIndex(
      assembly.resources.filter((resource) => resource.type === type)
        .map((resource) => ({ resource, arn: arn(resource) ?? resource.id, holders: holders(resource) })).filter((each) => evenIfNone || each.holders.length > 0),
      (each) => each.arn,
    );

  const names = new RoleNames(principals, assembly, arn);
  const hosts = hostsOf(assembly, names);
  const hostsOfRole = grouped(hosts.flatMap((host) => host.roles.map((role) => [role.id, host] as const)));
  const bySource = grouped(principals.flatMap((principal) => sourcesOf(principal.policies.identity).map((source) => [source, principal] as const)));
  const byBoundary = grouped(principals.flatMap((principal) => sourcesOf(principal.policies.boundary ?? []).map((source) => [source, principal] as const)));
  const trust = namedIn(principals.filter(({ kind }) => kind === 'role').map((role) => ({ item: role, statements: role.trust })));
  const grants = namedIn([...policies].map(([item, statements]) => ({ item, statements })));
  const members = membership(assembly, principals);
  const forwarding = new Set(assembly.resources
    .filter(({ type, properties }) => type === 'AWS::SSM::Document' && valuesAt(properties, ['Content', 'sessionType']).includes('Port'))
    .map((document) => lastPart(arn(document) ?? document.id)));
  const groupPolicies = policiesOfGroups(assembly);
  const arns = new Set([...principals.map((principal) => principal.arn), ...hosts.map((host) => host.arn)].map(lastPart));
  return {
    assembly, stack, arn, hostsOfRole: (role) => hostsOfRole.get(role.id) ?? [],
    principals: new Map(principals.map((principal) => [principal.id, principal])),
    resource: (id) => resources.get(id),
    resourcePolicy: (id) => policies.get(id) ?? NONE,
    roles: ofKind('role'), users: ofKind('user'),
    groups: shared('AWS::IAM::Group', (group) => members.get(group.id) ?? [], true),
    policies: shared('AWS::IAM::ManagedPolicy', (policy) => bySource.get(policy.id) ?? []),
    boundaries: shared('AWS::IAM::ManagedPolicy', (policy) => byBoundary.get(policy.id) ?? []),
    hosts: new Map(HOST_TYPES.map(({ type }) => [type, new ArnIndex(hosts.filter((host) => host.resource.type === type), (host) => host.arn)])),
    profilesWith: names.profilesWith,
    trusting: (principal) => [...(trust.named.get(lastPart(principal.arn)) ?? []), ...trust.open],
    delegating: principals.filter(({ trust: statements }) => statements.some(({ effect, principals: named }) =>
      effect === 'Allow' && named?.list.some(({ kind, value }) => kind === 'AWS' && isAccount(value)))),
    trusts: serviceTrust(),
    providers: assembly.resources.filter(({ type }) => type in PROVIDERS).map((resource) => {
      const own = arn(resource) ?? resource.id;
      return { resource, arn: own, roles: principals.filter((role) => role.trust.some((statement) => vouchesFor(statement, own))) };
    }),
    boundaryPolicies: assembly.resources.filter(({ type }) => type === 'AWS::IAM::ManagedPolicy').map((resource) => ({ resource, arn: arn(resource) ?? resource.id, holders: [] })),
    policyStatements: (policy) => statementsOf(policy.properties.PolicyDocument, policy.id, policy.path).statements,
    onlyForwards: (text) => forwarding.has(lastPart(text)),
    exists: (text) => arns.has(lastPart(text)),
    groupPolicy: (group) => groupPolicies.get(group) ?? NONE,
    granting: (principal) => new Set([...(grants.named.get(lastPart(principal.arn)) ?? []), ...grants.open]),
    boundaryOf: ({ id }) => {
      const boundary = resources.get(id)?.properties.PermissionsBoundary;
      return typeof boundary === 'string' ? boundary : undefined;
    },
    attached: (source) => resources.get(source)?.type === 'AWS::IAM::ManagedPolicy' || source.includes(':policy/'),
  };
}

const NONE: readonly Statement[] = [];

const sourcesOf = (statements: readonly Statement[]): string[] => [...new Set(statements.map(({ source }) => source))];

function grouped<T>(pairs: readonly (readonly [string, T])[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const [key, item] of pairs) {
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** Whose policies name which principals: by the last part of the ARN, and those that may mean anybody. */
function namedIn<T>(policies: readonly { readonly item: T; readonly statements: readonly Statement[] }[]): { named: ReadonlyMap<string, readonly T[]>; open: readonly T[] } {
  const open = new Set<T>();
  const pairs: (readonly [string, T])[] = [];
  for (const { item, statements } of policies) {
    for (const { effect, principals } of statements) {
      if (effect === 'Allow') for (const key of keysOf(principals)) (key === undefined ? open.add(item) : pairs.push([key, item]));
    }
  }
  return { named: grouped(pairs), open: [...open] };
}

/** An account as a policy names it: its number, a symbol for it, or its root. */
const isAccount = (value: Text): boolean => lastPart(value) === 'root' || /^(\d{12}|\uE000p:[^\uE001]*\uE001)$/.test(value);

/** The last parts of the ARNs that are named; undefined for what may be anybody. An account delegates, and names nobody. */
function keysOf(principals: Listed<NamedPrincipal> | undefined): readonly (string | undefined)[] {
  if (principals === undefined || principals.except) return [undefined];
  return principals.list.filter(({ kind }) => kind === 'AWS').flatMap(({ value }) => {
    const key = lastPart(value);
    if (isAccount(value)) return [];
    return /^(role|user)\//.test(key) && !key.includes('\uE000u:') && !key.includes('\uE000p:') ? [key] : [undefined];
  });
}

/** Answers whether a service may take a role on, once for each. */
function serviceTrust(): Terrain['trusts'] {
  const answers = new Map<string, { readonly assuming: readonly string[] } | undefined>();
  return (role, service) => {
    const key = `${service} ${role.id}`;
    if (!answers.has(key)) {
      const named = role.trust.some(({ principals }) => principals === undefined || principals.except || principals.list.some(({ kind, value }) => kind === 'Service' && (value === service || isSymbolic(value) || value === '*')));
      const decision = named ? decide(
        { principal: { arn: service, account: role.account, service: true }, action: 'sts:AssumeRole', resource: role.arn, context: {} },
        { identity: NONE, boundary: undefined, serviceControl: [], resource: role.trust },
      ) : undefined;
      answers.set(key, decision?.do === 'allow' ? decision : undefined);
    }
    return answers.get(key);
  };
}

const vouchesFor = ({ effect, principals }: Statement, provider: Text): boolean =>
  effect === 'Allow' && Boolean(principals?.list.some(({ kind, value }) => kind === 'Federated' && lastPart(value) === lastPart(provider)));

/** What each group gives to somebody who has nothing else. */
function policiesOfGroups(assembly: Assembly): ReadonlyMap<string, readonly Statement[]> {
  const groups = assembly.resources.filter(({ type }) => type === 'AWS::IAM::Group');
  if (groups.length === 0) return new Map();
  const resources = assembly.resources.filter(({ type }) => type.startsWith('AWS::IAM::') && type !== 'AWS::IAM::Role' && type !== 'AWS::IAM::User');
  const members = groups.map((group): Resource => ({ ...group, type: 'AWS::IAM::User', id: `${group.id}#member`, properties: { UserName: `${group.id}#member`, Groups: groupNames(group, assembly) } }));
  const principals = principalsOf({ ...assembly, resources: [...resources, ...members] });
  return new Map(principals.map(({ id, policies }) => [id.slice(0, -'#member'.length), policies.identity]));
}

/** The users of each group, by the group's resource id. */
function membership(assembly: Assembly, principals: readonly Principal[]): ReadonlyMap<string, readonly Principal[]> {
  const groups = new Map(assembly.resources.filter(({ type }) => type === 'AWS::IAM::Group').flatMap((group) => groupNames(group, assembly).map((name) => [name, group.id] as const)));
  const users = new Map(principals.filter(({ kind }) => kind === 'user').map((user) => [user.id, user]));
  const byName = new Map([...users.values()].map((user) => [lastPart(user.arn).split('/').at(-1)!, user]));
  return grouped(assembly.resources.flatMap((resource) => {
    const named = (property: string): readonly string[] => valuesAt(resource.properties, [property, '*']).filter((value) => typeof value === 'string');
    const user = users.get(resource.id);
    if (user) return named('Groups').flatMap((name) => (groups.has(name) ? [[groups.get(name)!, user] as const] : []));
    if (resource.type !== 'AWS::IAM::UserToGroupAddition') return [];
    const group = groups.get(String(resource.properties.GroupName));
    return group === undefined ? [] : named('Users').flatMap((name) => (byName.has(name) ? [[group, byName.get(name)!] as const] : []));
  }));
}

function groupNames(group: Resource, assembly: Assembly): string[] {
  const arn = arnOf(group, assembly.stacks.find(({ id }) => id === group.stack)!);
  return arn === undefined ? [] : [lastPart(arn).split('/').at(-1)!];
}
