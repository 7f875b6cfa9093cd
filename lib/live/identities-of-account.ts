import { arnOf } from '../audit/identities';
import type { Assembly, Assumption, Resource, StackFacts, Value } from '../audit/model';
import type { Identity } from './account-identities';
import type { Answer } from './asking';
import type { DeployedResource } from './deployed-stack';
import { overlaid } from './overlay';
import type { Symbols } from './symbols';

export interface Part {
  /** Resources of the stack as they are now; one that is gone is missing. */
  readonly own: readonly Resource[];
  /** Others of the account. */
  readonly foreign: readonly Resource[];
  readonly assumptions: readonly Assumption[];
}

const JUDGED: Readonly<Record<string, readonly string[]>> = {
  'AWS::IAM::Role': ['AssumeRolePolicyDocument', 'PermissionsBoundary', 'Policies', 'ManagedPolicyArns'],
  'AWS::IAM::User': ['PermissionsBoundary', 'Policies', 'ManagedPolicyArns', 'Groups'],
  'AWS::IAM::Group': ['Policies', 'ManagedPolicyArns'],
  'AWS::IAM::ManagedPolicy': ['PolicyDocument', 'Roles', 'Users', 'Groups'],
  'AWS::IAM::InstanceProfile': ['Roles'],
};
/** Inline policies that are resources of their own, and the properties that say whose. */
const INLINE = ['AWS::IAM::Policy', 'AWS::IAM::RolePolicy', 'AWS::IAM::UserPolicy', 'AWS::IAM::GroupPolicy'];
const HOLDERS = { 'AWS::IAM::Role': 'Role', 'AWS::IAM::User': 'User', 'AWS::IAM::Group': 'Group' } as const;

/** The identities of the stack and all others, each with everything that is attached to it now. */
export function identitiesOfAccount(template: Assembly, deployed: ReadonlyMap<string, DeployedResource>, answer: Answer<readonly Identity[]>, places: { readonly account: StackFacts; readonly aws: StackFacts }, symbols: Symbols): Part {
  const mine = template.resources.filter(({ type, id }) => deployed.has(id) && type.startsWith('AWS::IAM::'));
  if (answer.do !== 'seen') {
    const why = answer.do === 'unseen' ? answer.why : 'IAM returned nothing';
    return {
      // Nothing passes then, whoever these are; what can be judged of the rest is judged as the template has them.
      own: mine, foreign: [],
      assumptions: [{ what: `who may do what in the account could not be read: ${why}`, subject: places.account.id, path: places.account.file, affects: 'everything' }],
    };
  }
  const attachments = new Attachments(mine, deployed, symbols);
  const byName = new Map(answer.output.map((identity) => [`${identity.type} ${identity.physicalId}`, identity]));
  const ownNames = new Set(mine.map((resource) => `${resource.type} ${deployed.get(resource.id)!.physicalId}`));
  const own = mine.flatMap((resource): readonly Resource[] => {
    if (INLINE.includes(resource.type)) return attachments.inlineNow(resource, byName);
    const judged = JUDGED[resource.type];
    if (!judged) return [resource];
    const identity = byName.get(`${resource.type} ${deployed.get(resource.id)!.physicalId}`);
    if (!identity) return [];
    if (resource.type === 'AWS::IAM::ManagedPolicy') return [overlaid(resource, { ...identity.properties, ...attachments.holdersNow(resource, identity, byName) }, judged)];
    return [overlaid(resource, withoutEmpty(attachments.rest(identity)), judged)];
  });
  const foreign = answer.output.filter((identity) => !ownNames.has(`${identity.type} ${identity.physicalId}`)).map((identity): Resource => {
    const place = identity.arn.includes('::aws:') ? places.aws : places.account;
    const name = `${identity.type.slice('AWS::IAM::'.length).toLowerCase()}/${identity.physicalId.split('/').at(-1)}`;
    return {
      id: `${place.id}.${name}`, stack: place.id, logicalId: name, path: name, type: identity.type, deletionPolicy: undefined, updateReplacePolicy: undefined, source: undefined,
      properties: withoutEmpty(attachments.rest(identity)),
    };
  });
  for (const resource of mine) {
    const stack = template.stacks.find(({ id }) => id === resource.stack)!;
    const identity = byName.get(`${resource.type} ${deployed.get(resource.id)!.physicalId}`);
    symbols.learn(arnOf(resource, stack), identity?.arn);
  }
  return { own, foreign, assumptions: [] };
}

/** A property that lists nothing is one that a template leaves out. */
const withoutEmpty = (properties: Resource['properties']): Resource['properties'] =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => !(Array.isArray(value) && value.length === 0)));

const listOf = (value: Value | undefined): readonly Value[] => value === undefined || value === null ? [] : Array.isArray(value) ? value as readonly Value[] : [value];

const textOf = (value: Value): string => typeof value === 'string' ? value : '';

/** What the template attaches from the side of the policy stays written there, as long as it is attached. */
class Attachments {
  /** `type name` of a holder to the names and ARNs of policies that say themselves that they are its. */
  readonly #declared = new Map<string, Set<string>>();

  /** ARN of a managed policy of the stack to its resource id. */
  readonly #arns = new Map<string, string>();

  constructor(mine: readonly Resource[], deployed: ReadonlyMap<string, DeployedResource>, readonly symbols: Symbols) {
    for (const resource of mine) {
      const isManaged = resource.type === 'AWS::IAM::ManagedPolicy';
      if (!isManaged && !INLINE.includes(resource.type)) continue;
      for (const holder of this.#holders(resource)) {
        const set = this.#declared.get(holder) ?? new Set();
        set.add(isManaged ? resource.id : this.#nameOf(resource));
        this.#declared.set(holder, set);
      }
      if (isManaged) this.#arns.set(deployed.get(resource.id)!.physicalId, resource.id);
    }
  }

  /** What a role, user or group has beyond what policies say that they give it. */
  rest(identity: Identity): Resource['properties'] {
    const declared = this.#declared.get(`${identity.type} ${identity.physicalId}`);
    if (!declared) return identity.properties;
    return {
      ...identity.properties,
      Policies: listOf(identity.properties.Policies).filter((policy) => !declared.has(textOf((policy as { PolicyName: Value }).PolicyName))),
      ManagedPolicyArns: listOf(identity.properties.ManagedPolicyArns).filter((arn) => !declared.has(this.#arns.get(textOf(arn)) ?? '')),
    };
  }

  /** To whom of those in the template a managed policy is still attached. */
  holdersNow(resource: Resource, { arn }: Identity, byName: ReadonlyMap<string, Identity>): Resource['properties'] {
    return Object.fromEntries(Object.entries(HOLDERS).flatMap(([type, kind]) => {
      const named = listOf(resource.properties[`${kind}s`]);
      const now = named.filter((name) => listOf(byName.get(`${type} ${textOf(this.symbols.literal(name))}`)?.properties.ManagedPolicyArns).includes(arn));
      return now.length === 0 ? [] : [[`${kind}s`, now]];
    }));
  }

  /** An inline policy as the first of its holders has it. */
  inlineNow(resource: Resource, byName: ReadonlyMap<string, Identity>): readonly Resource[] {
    const name = this.#nameOf(resource);
    for (const holder of this.#holders(resource)) {
      const policy = listOf(byName.get(holder)?.properties.Policies).find((each) => (each as { PolicyName: Value }).PolicyName === name);
      if (policy) return [overlaid(resource, { PolicyDocument: (policy as { PolicyDocument: Value }).PolicyDocument }, ['PolicyDocument'])];
    }
    return [];
  }

  #nameOf(resource: Resource): string {
    return textOf(this.symbols.literal(resource.properties.PolicyName ?? ''));
  }

  #holders(resource: Resource): readonly string[] {
    return Object.entries(HOLDERS).flatMap(([type, kind]) =>
      [...listOf(resource.properties[`${kind}s`]), ...(resource.type === 'AWS::IAM::ManagedPolicy' ? [] : listOf(resource.properties[`${kind}Name`]))]
        .map((name) => `${type} ${textOf(this.symbols.literal(name))}`));
  }
}
