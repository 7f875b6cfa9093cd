import { arnOf } from '../identities';
import type { Assembly, Resource, Text, Value } from '../model';
import { namesOf } from '../names';
import { hasUnknown, isSymbolic, parts, readable } from '../text';

/**
 * What a property that names another thing stands for: a resource id of the assembly, the id of something outside it
 * (`vpc-…`, as it is written), or text with a `u:` symbol, which may be any of them.
 */
export type Key = string;

/** The resources of an assembly, found by type and by what refers to them. */
export interface Facts {
  readonly assembly: Assembly;
  get(key: Key): Resource | undefined;
  ofType(type: string): readonly Resource[];
  /** What a text refers to, and by which attribute, if to something in the assembly. */
  refer(text: Text): { readonly resource: Resource; readonly attribute: string } | undefined;
  /** What a property names. Two keys that are the same text are the same thing, unless they are unknown. */
  key(value: Value | undefined): Key;
  /** The resource of a type that a property names, by a symbol or by the name that it was given. */
  named(type: string, property: string, value: Value | undefined): Resource | undefined;
  /** For people. */
  name(key: Key): string;
}

export function factsOf(assembly: Assembly): Facts {
  const byId = new Map(assembly.resources.map((resource) => [resource.id, resource]));
  const byType = new Map<string, Resource[]>();
  for (const resource of assembly.resources) append(byType, resource.type, resource);
  const refer: Facts['refer'] = (text) => {
    for (const part of parts(text)) {
      if (!part.startsWith('\uE000g:')) continue;
      const name = part.slice(3, -1);
      // Both stack ids and attributes may contain dots: the resource is the longest id that there is.
      for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
        const resource = byId.get(name.slice(0, dot));
        if (resource) return { resource, attribute: name.slice(dot + 1) };
      }
    }
    return undefined;
  };
  const key: Facts['key'] = (value) => {
    const text = textOf(value);
    if (text === undefined) return '';
    const reference = refer(text);
    if (!reference) return text.startsWith('arn:') ? byArn().get(text) ?? text : text;
    const { resource, attribute } = reference;
    if (attribute === 'DefaultSecurityGroup') return defaultGroupOf(resource.id);
    if (attribute === 'VpcId' && resource.type !== 'AWS::EC2::VPC') return key(resource.properties.VpcId);
    return resource.id;
  };
  // An ARN made of a name that is written has no symbol in it.
  let arns: Map<string, string> | undefined;
  const byArn = () => (arns ??= new Map(assembly.resources.flatMap((resource) => {
    const stack = assembly.stacks.find(({ id }) => id === resource.stack);
    const arn = stack && arnOf(resource, stack);
    return arn === undefined ? [] : [[arn, resource.id] as const];
  })));
  const names = new Map<string, Resource>();
  const indexed = new Set<string>();
  const named: Facts['named'] = (type, property, value) => {
    const resource = byId.get(key(value));
    if (resource?.type === type) return resource;
    if (!indexed.has(type)) {
      indexed.add(type);
      for (const other of byType.get(type) ?? []) {
        const given = textOf(other.properties[property]);
        if (given !== undefined) names.set(`${type} ${given.toLowerCase()}`, other);
      }
    }
    const text = textOf(value);
    return text === undefined ? undefined : names.get(`${type} ${text.toLowerCase()}`);
  };
  const shortName = namesOf(assembly.resources);
  const name: Facts['name'] = (id) => {
    const resource = byId.get(id);
    if (resource) return shortName(resource);
    if (id.startsWith(DEFAULT_GROUP)) return `the default group of ${name(id.slice(DEFAULT_GROUP.length))}`;
    return isSymbolic(id) ? readable(id) : id;
  };
  return { assembly, get: (id) => byId.get(id), ofType: (type) => byType.get(type) ?? [], refer, key, named, name };
}

const DEFAULT_GROUP = 'default of ';

/** The key of the security group that every network has from the start. */
export const defaultGroupOf = (vpc: Key): Key => `${DEFAULT_GROUP}${vpc}`;

/** Adds to the list that a map has for a key. */
export function append<Item, Id>(lists: Map<Id, Item[]>, key: Id, item: Item): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}

/** Whether two keys name the same thing. */
export function same(one: Key, other: Key): 'yes' | 'no' | 'maybe' {
  if (hasUnknown(one) || hasUnknown(other) || one === '' || other === '') return 'maybe';
  return one === other ? 'yes' : 'no';
}

export const textOf = (value: Value | undefined): Text | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;

/** The entries of a list; a list that is not known as a whole is one entry that is not known. */
export const listOf = (value: Value | undefined): readonly Value[] =>
  value === undefined || value === null ? [] : isList(value) ? value : [value];

/** A property of a property; what is not known stays not known. */
export function at(value: Value | undefined, ...names: readonly string[]): Value | undefined {
  let here = value;
  for (const name of names) {
    if (typeof here === 'string' && hasUnknown(here)) return here;
    here = isRecord(here) ? here[name] : undefined;
  }
  return here;
}

const isList = (value: Value): value is readonly Value[] => Array.isArray(value);
const isRecord = (value: Value | undefined): value is { readonly [key: string]: Value } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a property is switched on. */
export function truth(value: Value | undefined, byDefault: 'yes' | 'no'): 'yes' | 'no' | 'maybe' {
  if (value === undefined || value === null) return byDefault;
  if (value === true || value === 'true') return 'yes';
  if (value === false || value === 'false') return 'no';
  return 'maybe';
}
