import { NAMINGS } from './data/identities';
import type { Resource, StackFacts, Text, Value } from './model';
import { generated, isSymbolic, parts } from './text';

/** A resource whose properties may still be worked out one by one, as a reader of templates does. */
export interface Named {
  readonly id: string;
  readonly type: string;
  readonly property: (name: string) => Value | undefined;
}

type Environment = Pick<StackFacts, 'account' | 'region' | 'partition'>;

/** The ARN, with symbols where a part is generated. `undefined` for a type whose ARN is not known: it may be anything. */
export const arnOf = (resource: Resource, stack: Environment): Text | undefined => arnOfNamed(named(resource), stack);

/** What APIs and other resources call it: its name or id, without account and Region. */
export function idOf(resource: Resource): Text {
  const naming = NAMINGS[resource.type];
  const { ref } = naming ?? UNLISTED;
  // A type whose `Ref` is its ARN is called by what stands last in that ARN.
  return filled(ref === '{@arn}' ? naming!.arn!.split(/[:/]/).at(-1)! : ref, named(resource), NOWHERE);
}

/** What `{ Ref: … }` returns. */
export const refOf = (resource: Resource, stack: Environment): Text => refOfNamed(named(resource), stack);

/** What `Fn::GetAtt` returns of a resource. */
export const attributeOf = (resource: Resource, attribute: string, stack: Environment): Value => attributeOfNamed(named(resource), attribute, stack);

export const arnOfNamed = (resource: Named, stack: Environment): Text | undefined => {
  const arn = NAMINGS[resource.type]?.arn;
  return arn === undefined ? undefined : filled(arn, resource, stack);
};

export const refOfNamed = (resource: Named, stack: Environment): Text => filled((NAMINGS[resource.type] ?? UNLISTED).ref, resource, stack);

/** What `Fn::GetAtt` returns: made of its parts where they are known, the property of the same name, or generated. */
export function attributeOfNamed(resource: Named, attribute: string, stack: Environment): Value {
  const attributes = NAMINGS[resource.type]?.attributes;
  const template = attributes && Object.hasOwn(attributes, attribute) ? attributes[attribute] : undefined;
  if (template !== undefined) return filled(template, resource, stack);
  return resource.property(attribute) ?? generated(resource.id, attribute);
}

const UNLISTED = { ref: '<Ref>' };
const NOWHERE: Environment = { account: '', region: '', partition: '' };

const named = ({ id, type, properties }: Resource): Named => ({
  id, type, property: (name) => (Object.hasOwn(properties, name) ? properties[name] : undefined),
});

function filled(template: string, resource: Named, stack: Environment): Text {
  return template.replace(PLACE, (_, always: string | undefined, name: string, fallback: string | undefined, filter: string | undefined) => {
    if (always !== undefined) return generated(resource.id, always);
    switch (name) {
      case '@arn': return arnOfNamed(resource, stack)!;
      case '@partition': return stack.partition;
      case '@region': return stack.region;
      case '@account': return stack.account;
      case '@suffix': return stack.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
      default:
    }
    const value = scalar(resource.property(name));
    if (filter) return FILTERS[filter as keyof typeof FILTERS](value, generated(resource.id, name));
    return value ?? fallback ?? generated(resource.id, name);
  });
}

const PLACE = /<([^>]+)>|\{([^}|~]+)(?:\|([^}]*))?(?:~([^}]*))?\}/g;

const scalar = (value: Value | undefined): Text | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;

const FILTERS = {
  /** RDS keeps identifiers in lower case. */
  lower: (value: Text | undefined, otherwise: Text) => (value === undefined ? otherwise : parts(value).map((part) => (isSymbolic(part) ? part : part.toLowerCase())).join('')),
  /** A URL's host and path. */
  host: (value: Text | undefined, otherwise: Text) => value?.replace(/^https:\/\//, '') ?? otherwise,
  /** A path that may be written without its first slash. */
  slash: (value: Text | undefined, otherwise: Text) => (value === undefined ? `/${otherwise}` : value.startsWith('/') ? value : `/${value}`),
  /** A function by name or ARN. */
  function: (value: Text | undefined, otherwise: Text) => value?.replace(/^.*:function:/, '') ?? otherwise,
  /** The last part of an ARN, or a name. Services without a cluster are in the one called `default`. */
  last: (value: Text | undefined) => value?.replace(/^arn:.*\//s, '') ?? 'default',
  /** Rules of the default event bus do not name it. */
  bus: (value: Text | undefined) => (value === undefined || value === 'default' ? '' : `${value.replace(/^arn:.*\//s, '')}/`),
  balancer: (value: Text | undefined) => (value === 'network' ? 'net' : value === 'gateway' ? 'gwy' : value === undefined || value === 'application' ? 'app' : value),
};
