import { splitArn } from './arn';
import type { PolicySet } from './decide';
import { managedPolicy } from './data/managed-policies';
import { arnOf, idOf } from './identities';
import type { Assembly, Assumption, Resource, StackFacts, Text, Value } from './model';
import { anyAllow, statementsOf, type PolicyStatements, type Statement } from './policy-document';
import { isSymbolic, readable } from './text';
import { equalText } from './text-match';

/** A role or user of the assembly, with everything that applies to whoever acts as it. */
export interface Principal {
  /** Resource id. */
  readonly id: string;
  /** For messages: its name, or its logical id where the name is generated. */
  readonly name: string;
  readonly arn: Text;
  readonly account: Text;
  readonly kind: 'role' | 'user';
  /** Without a resource's policy, which depends on what is asked for. */
  readonly policies: Omit<PolicySet, 'resource'>;
  /** Who may take it on; empty for a user. */
  readonly trust: readonly Statement[];
  /** Policies that are not known: each also stands in `policies` as an Allow of which nothing is certain. */
  readonly unknown: readonly Assumption[];
}

/** All roles and users. A policy that is attached to a principal from elsewhere in the assembly is found there. */
export function principalsOf(assembly: Assembly, serviceControl: PolicySet['serviceControl'] = []): readonly Principal[] {
  const model = new Identities(assembly);
  return assembly.resources.filter(({ type }) => type === ROLE || type === USER).map((resource) => model.principal(resource, serviceControl));
}

/** Which roles the instance profiles hold: resource id of the profile to resource ids of roles. */
export function instanceProfilesOf(assembly: Assembly): ReadonlyMap<string, readonly string[]> {
  const model = new Identities(assembly);
  return new Map(assembly.resources.filter(({ type }) => type === 'AWS::IAM::InstanceProfile').map((profile) =>
    [profile.id, listOf(profile.properties.Roles).flatMap((name) => model.called(ROLE, name, profile)).map(({ id }) => id)]));
}

const [ROLE, USER, GROUP, POLICY] = ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group', 'AWS::IAM::ManagedPolicy'];
const NAMED = [ROLE, USER, GROUP, POLICY];
/** Policies that name whom they are for: under `Roles`, `Users`, `Groups`, or the one under `RoleName` and so on. */
const ATTACHING = ['AWS::IAM::Policy', POLICY, 'AWS::IAM::RolePolicy', 'AWS::IAM::UserPolicy', 'AWS::IAM::GroupPolicy'];

const listOf = (value: Value | undefined): readonly Value[] =>
  (value === undefined || value === null ? [] : Array.isArray(value) ? value as readonly Value[] : [value]);
const textOf = (value: Value | undefined): Text | undefined => (typeof value === 'string' ? value : undefined);
const objectOf = (value: Value): { readonly [key: string]: Value } =>
  (typeof value === 'object' && value !== null && !Array.isArray(value) ? value as { readonly [key: string]: Value } : {});

class Identities {
  readonly #stacks: ReadonlyMap<string, StackFacts>;
  /** By type, account and name; managed policies by ARN. Names with symbols that may be any are in `#vague`. */
  readonly #named = new Map<string, Resource[]>();
  readonly #byType = new Map<string, Resource[]>();
  readonly #attached = new Map<string, PolicyStatements[]>();
  readonly #documents = new Map<string, PolicyStatements>();
  readonly #groupsOf = new Map<string, Resource[]>();

  constructor(assembly: Assembly) {
    this.#stacks = new Map(assembly.stacks.map((stack) => [stack.id, stack]));
    for (const resource of assembly.resources) {
      if (!NAMED.includes(resource.type)) continue;
      append(this.#named, this.#key(resource.type, idOf(resource), resource), resource);
      append(this.#byType, resource.type, resource);
      if (resource.type === POLICY) append(this.#named, this.arn(resource), resource);
    }
    for (const resource of assembly.resources) this.#attach(resource);
  }

  principal(resource: Resource, serviceControl: PolicySet['serviceControl']): Principal {
    const { id, logicalId, path, properties } = resource;
    const role = resource.type === ROLE;
    const own = this.#policiesOf(resource);
    const groups = role ? [] : listOf(properties.Groups).flatMap((name) => this.called(GROUP, name, resource)).concat(this.#groupsOf.get(id) ?? []);
    const found = [...own, ...groups.flatMap((group) => this.#policiesOf(group))];
    const boundary = properties.PermissionsBoundary === undefined ? undefined : this.#managed(properties.PermissionsBoundary, resource);
    const trust = role ? statementsOf(properties.AssumeRolePolicyDocument, id, path) : { statements: [], problems: [] };
    const name = idOf(resource);
    return {
      id, name: isSymbolic(name) ? logicalId : name, arn: this.arn(resource), account: this.#stack(resource).account, kind: role ? 'role' : 'user',
      policies: { identity: found.flatMap(({ statements }) => statements), boundary: boundary?.statements, serviceControl },
      trust: trust.statements,
      unknown: [...found, boundary, trust].flatMap((part) => part?.problems ?? []),
    };
  }

  /** The resources of a type that a name means, from where `from` is. */
  called(type: string, name: Value, from: Resource): readonly Resource[] {
    const text = textOf(name);
    if (text === undefined) return [];
    const exact = this.#named.get(this.#key(type, text, from));
    if (exact) return exact;
    return isSymbolic(text) ? (this.#byType.get(type) ?? []).filter((resource) => equalText(idOf(resource), text) !== 'no') : [];
  }

  arn(resource: Resource): Text {
    return arnOf(resource, this.#stack(resource))!;
  }

  #stack(resource: Resource): StackFacts {
    return this.#stacks.get(resource.stack)!;
  }

  #key(type: string, name: Text, from: Resource): string {
    return `${type} ${this.#stack(from).account} ${name}`;
  }

  /** Policies that say themselves whom they are for, and memberships. */
  #attach(resource: Resource): void {
    const { type, properties } = resource;
    const targets = (kind: 'Role' | 'User' | 'Group') => [...listOf(properties[`${kind}s`]), ...(type === POLICY ? [] : listOf(properties[`${kind}Name`]))]
      .map((name) => ({ name, found: this.called(`AWS::IAM::${kind}`, name, resource) }));
    if (ATTACHING.includes(type)) {
      for (const kind of ['Role', 'User', 'Group'] as const) {
        for (const { name, found } of targets(kind)) {
          for (const target of found) append(this.#attached, target.id, vague(name, target) ? unknownPolicy(resource, `whether ${resource.path} is for it`) : this.#document(resource));
        }
      }
    } else if (type === 'AWS::IAM::UserToGroupAddition') {
      const groups = listOf(properties.GroupName).flatMap((name) => this.called(GROUP, name, resource));
      for (const { found } of targets('User')) for (const user of found) for (const group of groups) append(this.#groupsOf, user.id, group);
    }
  }

  #document(resource: Resource): PolicyStatements {
    let found = this.#documents.get(resource.id);
    if (!found) this.#documents.set(resource.id, found = statementsOf(resource.properties.PolicyDocument, resource.id, resource.path));
    return found;
  }

  #policiesOf(resource: Resource): PolicyStatements[] {
    const inline = listOf(resource.properties.Policies).map((policy) =>
      statementsOf(typeof policy === 'string' ? policy : objectOf(policy).PolicyDocument, resource.id, resource.path));
    const managed = listOf(resource.properties.ManagedPolicyArns).map((arn) => this.#managed(arn, resource));
    return [...inline, ...managed, ...(this.#attached.get(resource.id) ?? [])];
  }

  #managed(value: Value, on: Resource): PolicyStatements {
    const arn = textOf(value);
    const [here] = arn === undefined ? [] : this.#named.get(arn) ?? [];
    if (here) return this.#document(here);
    const [, , , , account, name] = splitArn(arn ?? '') ?? [];
    const known = account === 'aws' && name?.startsWith('policy/') ? managedPolicy(name.slice('policy/'.length)) : undefined;
    if (known) return { statements: known, problems: [] };
    return unknownPolicy(on, `the managed policy ${arn === undefined ? 'that is no ARN' : readable(arn)}`);
  }
}

/** Attached only if a symbol is what it may be. */
const vague = (name: Value, target: Resource): boolean => equalText(idOf(target), textOf(name) ?? '') !== 'yes';

function unknownPolicy(on: Resource, why: string): PolicyStatements {
  return {
    statements: [anyAllow(on.id, why)],
    problems: [{ what: `What ${on.path} may do depends on ${why}, which the template does not tell`, subject: on.id, path: on.path, affects: 'identity' }],
  };
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
