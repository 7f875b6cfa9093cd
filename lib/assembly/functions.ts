import type { Text, Value } from '../audit/model';
import { hasUnknown, isSymbolic, parts, pseudo, readable, unknown } from '../audit/text';
import { cidrBlocks } from './cidr-blocks';
import { LIMITS } from './limits';
import { seen, TooMuch } from './problems';
import type { Scope } from './scope';
import { isFields, type Raw } from './template';

type Function = (argument: Raw, scope: Scope) => Value | undefined;

const isList = (value: unknown): value is readonly Value[] => Array.isArray(value);
const listOf = (raw: Raw): readonly Raw[] | undefined => (isList(raw) ? raw : undefined);

/** A scalar as the string that CloudFormation makes of it. */
export function textOf(value: Value | undefined): Text | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** A string that a function made: within bounds. */
export function madeText(text: string, scope: Pick<Scope, 'made'>): Text {
  if (text.length > LIMITS.text) throw new TooMuch(`a function makes a string of more than ${LIMITS.text} characters`);
  scope.made(text.length);
  return text;
}

/** For what comes of something unknown: the same question has the same answer. */
const derived = (how: string, value: Value): Text => unknown(`${how} of ${typeof value === 'string' ? readable(value) : 'a value'}`.slice(0, 500));

/** Says what is wrong and goes on with an unknown value. */
function misuse(name: string, argument: Raw, write: string, scope: Scope): Text {
  scope.wrong(`${name} has ${seen(argument)}; write ${write}`);
  return unknown(name);
}

/** Functions by name. Arguments are as written; each resolves what it needs. */
export const FUNCTIONS: Readonly<Record<string, Function>> = {
  'Fn::GetAtt': (argument, scope) => {
    const [id, ...rest] = typeof argument === 'string' ? [argument.split('.')[0], argument.split('.').slice(1).join('.')] : (listOf(argument) ?? []);
    const attribute = rest.length === 1 ? textOf(scope.resolve(rest[0]!)) : undefined;
    if (typeof id !== 'string' || !attribute) return misuse('Fn::GetAtt', argument, '[logical id, attribute]', scope);
    return scope.attribute(id, attribute);
  },

  'Fn::Sub': (argument, scope) => {
    const [text, given] = typeof argument === 'string' ? [argument, {}] : (listOf(argument) ?? []);
    if (typeof text !== 'string' || (given !== undefined && !isFields(given))) return misuse('Fn::Sub', argument, 'a string, or [string, values]', scope);
    const values = given ?? {};
    let length = text.length;
    const once = new Map<string, Text>();
    return madeText(text.replace(/\$\{(!?)([^}]*)\}/g, (_, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      if (!once.has(name)) once.set(name, subValue(name.trim(), values, scope));
      length += once.get(name)!.length;
      if (length > LIMITS.text) throw new TooMuch(`a function makes a string of more than ${LIMITS.text} characters`);
      return once.get(name)!;
    }), scope);
  },

  'Fn::Join': (argument, scope) => {
    const [delimiter, entries] = listOf(argument) ?? [];
    const list = entries === undefined ? undefined : scope.resolve(entries);
    if (typeof delimiter !== 'string' || list === undefined) return misuse('Fn::Join', argument, '[delimiter, list]', scope);
    if (!isList(list)) return typeof list === 'string' && isSymbolic(list) ? derived(`Fn::Join ${seen(delimiter)}`, list) : misuse('Fn::Join', argument, '[delimiter, list]', scope);
    const texts = list.map(textOf);
    if (texts.some((text) => text === undefined)) return misuse('Fn::Join', argument, 'a list of strings', scope);
    const length = texts.reduce((sum, text) => sum + text!.length + delimiter.length, 0);
    if (length > LIMITS.text + delimiter.length) throw new TooMuch(`a function makes a string of more than ${LIMITS.text} characters`);
    return madeText(texts.join(delimiter), scope);
  },

  'Fn::Split': (argument, scope) => {
    const [delimiter, source] = listOf(argument) ?? [];
    const text = source === undefined ? undefined : scope.resolve(source);
    if (typeof delimiter !== 'string' || delimiter === '' || typeof text !== 'string') return misuse('Fn::Split', argument, '[delimiter, string]', scope);
    // A delimiter could lie inside what is not known, or be all of a generated value: then the parts are not known.
    const entries = splitOutside(text, delimiter);
    if (hasUnknown(text) || (isSymbolic(text) && entries.length === 1)) return derived(`Fn::Split ${seen(delimiter)}`, text);
    scope.made(entries.length + text.length);
    return entries;
  },

  'Fn::Select': (argument, scope) => {
    const [at, source] = listOf(argument) ?? [];
    const index = at === undefined ? undefined : textOf(scope.resolve(at));
    const list = source === undefined ? undefined : scope.resolve(source);
    if (index === undefined || list === undefined || (!isList(list) && typeof list !== 'string')) return misuse('Fn::Select', argument, '[index, list]', scope);
    if (!isList(list) || !/^\d+$/.test(index)) return derived(`Fn::Select ${readable(index)}`, list);
    const value = list[Number(index)];
    return value === undefined ? misuse('Fn::Select', argument, `an index below ${list.length}`, scope) : value;
  },

  'Fn::If': (argument, scope) => {
    const [name, yes, no] = listOf(argument) ?? [];
    if (typeof name !== 'string' || yes === undefined || no === undefined) return misuse('Fn::If', argument, '[condition, value, other value]', scope);
    const holds = scope.condition(name);
    return holds === undefined ? unknown(`Fn::If ${name}`) : scope.resolve(holds ? yes : no);
  },

  'Fn::FindInMap': (argument, scope) => {
    const [map, first, second, options] = (listOf(argument) ?? []).map((part) => scope.resolve(part));
    const keys = [map, first, second].map(textOf);
    const [name, top, inner] = keys;
    if (name === undefined || top === undefined || inner === undefined) return misuse('Fn::FindInMap', argument, '[map, key, key]', scope);
    if (keys.some((key) => isSymbolic(key!))) return unknown(`Fn::FindInMap ${keys.map((key) => readable(key!)).join('.')}`);
    const found = own(own(own(scope.mappings, name), top), inner) ?? own(options, 'DefaultValue');
    return found === undefined ? misuse('Fn::FindInMap', [name, top, inner], 'keys of Mappings', scope) : scope.resolve(found);
  },

  /** Left as the text that is encoded: nothing compares the encoded one, and a reader can use this. */
  'Fn::Base64': (argument, scope) => scope.resolve(argument),

  'Fn::Cidr': (argument, scope) => {
    const [block, count, bits] = (listOf(argument) ?? []).map((part) => textOf(scope.resolve(part)));
    if (block === undefined || count === undefined) return misuse('Fn::Cidr', argument, '[block, count, bits]', scope);
    if ([block, count, bits ?? ''].some(isSymbolic)) return derived('Fn::Cidr', block);
    return cidrBlocks(block, Number(count), bits === undefined ? undefined : Number(bits)) ?? misuse('Fn::Cidr', argument, 'a block, a count from 1 to 256 and bits that fit', scope);
  },

  /** The names are only known in the account; the first is the same wherever it is asked for. */
  'Fn::GetAZs': (argument, scope) => {
    const region = textOf(scope.resolve(argument)) || scope.region;
    return [1, 2, 3, 4, 5, 6].map((number) => pseudo(`AvailabilityZone${number}`, readable(region)));
  },

  'Fn::ImportValue': (argument, scope) => {
    const name = textOf(scope.resolve(argument));
    return name === undefined ? misuse('Fn::ImportValue', argument, 'the name of an export', scope) : scope.imported(name);
  },

  'Fn::GetStackOutput': (argument, scope) => {
    const asked = isFields(argument) ? argument : {};
    const [stack, output, region] = [asked.StackName, asked.OutputName, asked.Region].map((part) => (part === undefined ? undefined : textOf(scope.resolve(part))));
    return stack === undefined || output === undefined ? misuse('Fn::GetStackOutput', argument, '{ StackName, OutputName }', scope) : scope.output(stack, output, region);
  },

  'Fn::Transform': (argument, scope) => {
    const name = isFields(argument) && typeof argument.Name === 'string' ? argument.Name : 'Fn::Transform';
    scope.assume(`what the macro ${name} writes is only known to CloudFormation`, 'everything');
    return unknown(`macro ${name}`);
  },

  'Fn::ToJsonString': (argument, scope) => madeText(JSON.stringify(scope.resolve(argument) ?? null), scope),

  'Fn::Length': (argument, scope) => {
    const list = scope.resolve(argument);
    return isList(list) ? list.length : typeof list === 'string' && isSymbolic(list) ? derived('Fn::Length', list) : misuse('Fn::Length', argument, 'a list', scope);
  },
};

/** One `${…}` of `Fn::Sub`: one of its own values, a reference, or an attribute. */
function subValue(name: string, values: { readonly [key: string]: Raw }, scope: Scope): Text {
  const value = Object.hasOwn(values, name) ? scope.resolve(values[name]!)
    : name.includes('.') ? scope.attribute(name.slice(0, name.indexOf('.')), name.slice(name.indexOf('.') + 1))
    : scope.ref(name);
  const text = textOf(value) ?? (isList(value) && value.every((one) => textOf(one) !== undefined) ? value.map(textOf).join(',') : undefined);
  return text ?? misuse('Fn::Sub', name, 'names of strings', scope);
}

const own = (value: Raw | undefined, key: string): Raw | undefined => (isFields(value) && Object.hasOwn(value, key) ? value[key] : undefined);

/** Splits literal characters only: the name of a symbol is no part of its value. */
function splitOutside(text: Text, delimiter: string): readonly Text[] {
  const entries: Text[] = [''];
  for (const part of parts(text)) {
    const [first = '', ...more] = isSymbolic(part) ? [part] : part.split(delimiter);
    entries[entries.length - 1] += first;
    for (const one of more) entries.push(one);
  }
  return entries;
}
