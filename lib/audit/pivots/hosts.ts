import type { Principal } from '../identity';
import { arnOf } from '../identities';
import type { Assembly, Resource, Text, Value } from '../model';
import { readable } from '../text';
import { lastPart } from './arn-index';
import { HOST_TYPES, type HostType } from './hosting';

/** Something in the assembly that acts as roles. */
export interface Host {
  readonly resource: Resource;
  readonly type: HostType;
  /** As policies name it. */
  readonly arn: Text;
  readonly roles: readonly Principal[];
  /** Roles that are not in the assembly, as its properties name them. */
  readonly strangers: readonly string[];
}

/** Finds the role that a property names: by ARN, by name, or through an instance profile. */
export class RoleNames {
  readonly #roles = new Map<Text, Principal>();
  readonly #profiles = new Map<Text, readonly Principal[]>();
  readonly #profilesOf = new Map<string, Resource[]>();

  constructor(principals: readonly Principal[], assembly: Assembly, arnOfResource: (resource: Resource) => Text | undefined) {
    for (const principal of principals) {
      if (principal.kind !== 'role') continue;
      const name = lastPart(principal.arn).split('/').at(-1)!;
      this.#roles.set(principal.arn, principal).set(name, principal);
    }
    for (const profile of assembly.resources) {
      if (profile.type !== 'AWS::IAM::InstanceProfile') continue;
      const roles = valuesAt(profile.properties, ['Roles', '*']).flatMap((value) => this.named(value));
      const arn = arnOfResource(profile);
      if (arn !== undefined) this.#profiles.set(arn, roles).set(lastPart(arn).split('/').at(-1)!, roles);
      for (const { id } of roles) this.#profilesOf.set(id, [...(this.#profilesOf.get(id) ?? []), profile]);
    }
  }

  named(value: Value): readonly Principal[] {
    if (typeof value !== 'string') return [];
    const role = this.#roles.get(value) ?? this.#roles.get(lastPart(value).split('/').at(-1)!);
    return role ? [role] : this.#profiles.get(value) ?? this.#profiles.get(lastPart(value).split('/').at(-1)!) ?? [];
  }

  profilesWith = (role: Principal): readonly Resource[] => this.#profilesOf.get(role.id) ?? [];
}

/** Everything in the assembly that acts as a role. */
export function hostsOf(assembly: Assembly, names: RoleNames): Host[] {
  const types = new Map(HOST_TYPES.map((type) => [type.type, type]));
  const stacks = new Map(assembly.stacks.map((stack) => [stack.id, stack]));
  return assembly.resources.flatMap((resource) => {
    const type = types.get(resource.type);
    if (!type) return [];
    const named = type.roles.flatMap((path) => valuesAt(resource.properties, path.split('.')));
    const roles = [...new Set(named.flatMap((value) => names.named(value)))];
    const strangers = named.filter((value): value is string => typeof value === 'string' && names.named(value).length === 0);
    if (roles.length === 0 && strangers.length === 0) return [];
    return [{ resource, type, roles, strangers: strangers.map(readable), arn: arnOf(resource, stacks.get(resource.stack)!) ?? resource.id }];
  });
}

/** The values at a path of properties; `*` is every element. */
export function valuesAt(value: Value | undefined, path: readonly string[]): readonly Value[] {
  if (value === undefined || value === null) return [];
  const [first, ...rest] = path;
  if (first === undefined) return [value];
  if (typeof value !== 'object') return [];
  if (first === '*') return Object.values(value).flatMap((each: Value) => valuesAt(each, rest));
  return Object.hasOwn(value, first) ? valuesAt((value as { readonly [key: string]: Value })[first], rest) : [];
}
