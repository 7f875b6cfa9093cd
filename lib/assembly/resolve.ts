import type { Value } from '../audit/model';
import { readable, unknown } from '../audit/text';
import { FUNCTIONS } from './functions';
import { seen } from './problems';
import type { Scope } from './scope';
import { isFields, type Raw } from './template';

/** What a value of a template comes to. `undefined` is `AWS::NoValue`: the property or entry is left out. */
export function resolveRaw(raw: Raw, scope: Scope): Value | undefined {
  if (typeof raw === 'string') return raw.includes('{{resolve:') ? withoutDynamic(raw) : raw;
  if (typeof raw !== 'object' || raw === null) return raw;
  if (!isFields(raw)) return raw.map((entry) => scope.resolve(entry)).filter((entry) => entry !== undefined);
  const keys = Object.keys(raw);
  if (keys.length === 1) {
    const name = keys[0]!;
    const argument = raw[name]!;
    if (name === 'Ref' && typeof argument === 'string') return scope.ref(argument);
    if (name.startsWith('Fn::')) return called(name, argument, scope);
  }
  return objectOf(raw, keys, scope);
}

function called(name: string, argument: Raw, scope: Scope): Value | undefined {
  const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (known) {
    const value = known(argument, scope);
    return typeof value === 'string' && value.includes('{{resolve:') ? withoutDynamic(value) : value;
  }
  scope.assume(`${name} is not a function that the audit knows`, 'everything');
  return unknown(name);
}

function objectOf(raw: { readonly [key: string]: Raw }, keys: readonly string[], scope: Scope): Value {
  const entries: [string, Value][] = [];
  for (const key of keys) {
    if (key === 'Fn::Transform' || key.startsWith('Fn::ForEach::')) {
      scope.assume(`${key} adds what only CloudFormation knows`, 'everything');
      continue;
    }
    if (key.startsWith('Fn::')) {
      scope.wrong(`${key} stands beside other keys (${keys.filter((other) => other !== key).slice(0, 3).map(seen).join(', ')}); a function stands alone in its object`);
      continue;
    }
    const value = scope.resolve(raw[key]!);
    if (value !== undefined) entries.push([key, value]);
  }
  return Object.fromEntries(entries);
}

/** CloudFormation puts in what a dynamic reference names when it deploys; it may be anything. */
const withoutDynamic = (text: string): string => text.replace(/\{\{resolve:([^{}]*)\}\}/g, (_, what: string) => unknown(`dynamic reference ${readable(what)}`));
