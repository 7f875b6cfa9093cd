import { addressMatches } from './addresses';
import { splitArn } from './arn';
import type { Text } from './model';
import type { Condition } from './policy-document';
import { isSymbolic } from './text';
import { equalText, matches, type Match, type VariableValue } from './text-match';

/** What is known of a condition key: its values, that the request has none, or nothing. */
export type KeyValue =
  | { readonly is: 'known'; readonly values: readonly Text[] }
  | { readonly is: 'absent' }
  | { readonly is: 'unknown' };

/** Finds a condition key; `key` in any letter case. */
export type Lookup = (key: string) => KeyValue;

/**
 * Does a condition hold? `maybe` only where a symbol decides. What nothing in the request can decide counts as `undecided`
 * says: as satisfied for an Allow, as unsatisfied for a Deny.
 */
export function conditionHolds(condition: Condition, lookup: Lookup, undecided: 'yes' | 'no', variables: boolean): Match {
  const operator = operatorOf(condition.operator);
  if (operator === undefined || isSymbolic(condition.key)) return undecided;
  const found = lookup(condition.key);
  if (found.is === 'unknown') return undecided;
  const values = found.is === 'known' ? found.values : [];
  if (operator.name === 'null') return anyOf(condition.values, (value) => comparedAs(value.toLowerCase(), String(values.length === 0)));
  if (values.length === 0) return withoutKey(operator, undecided);
  const leaf = operator.negated ? opposite(undecided) : undecided;
  const resolve = variables && operator.variables ? variableFrom(lookup) : undefined;
  const each = (value: Text): Match => {
    const found = anyOf(condition.values, (wanted) => operator.compare({ value, wanted, resolve, undecided: leaf }));
    return operator.negated ? opposite(found) : found;
  };
  if (operator.set === 'any') return anyOf(values, each);
  if (operator.set === 'all' || values.length === 1) return allOf(values, each);
  // AWS documents set operators for keys with several values, and not what happens without one.
  const verdicts = new Set(values.map(each));
  return verdicts.size === 1 ? [...verdicts][0]! : undecided;
}

/** The value of a policy variable, if the request tells it. A key with several values cannot be a variable. */
export const variableFrom = (lookup: Lookup) => (key: string): VariableValue => {
  const found = lookup(key);
  if (found.is !== 'known') return found;
  return found.values.length === 1 ? { is: 'text', text: found.values[0]! } : { is: 'unknown' };
};

export const opposite = <M extends Match>(match: M): M => ({ yes: 'no', no: 'yes', maybe: 'maybe' })[match] as M;

export function anyOf<T>(list: readonly T[], test: (item: T) => Match): Match {
  let result: Match = 'no';
  for (const item of list) {
    const match = test(item);
    if (match === 'yes') return 'yes';
    if (match === 'maybe') result = 'maybe';
  }
  return result;
}

export const allOf = <T>(list: readonly T[], test: (item: T) => Match): Match => opposite(anyOf(list, (item) => opposite(test(item))));

interface Comparison {
  readonly value: Text;
  readonly wanted: Text;
  readonly resolve: ((key: string) => VariableValue) | undefined;
  readonly undecided: 'yes' | 'no';
}

interface Operator {
  readonly name: string;
  readonly set: 'all' | 'any' | undefined;
  readonly ifExists: boolean;
  readonly negated: boolean;
  /** Policy variables are known to the string and ARN operators only. */
  readonly variables: boolean;
  readonly compare: (comparison: Comparison) => Match;
}

/** "If the key that you specify in a policy condition is not present in the request context, the values do not match", and a negated operator holds. */
function withoutKey(operator: Operator, undecided: 'yes' | 'no'): Match {
  if (operator.set === 'all') return 'yes';
  if (operator.set === 'any') return operator.ifExists ? undecided : 'no';
  return operator.ifExists || operator.negated ? 'yes' : 'no';
}

const read = new Map<string, Operator | undefined>();

/** An operator as written, in any letter case; undefined for one that IAM does not have. */
function operatorOf(written: string): Operator | undefined {
  if (!read.has(written)) {
    // Templates name a few dozen; what else they might write is not kept.
    const operator = parse(written);
    if (operator === undefined) return undefined;
    read.set(written, operator);
  }
  return read.get(written);
}

function parse(written: string): Operator | undefined {
  const [, set, base = '', exists] = /^(?:for(all|any)values?:)?([a-z]+?)(ifexists)?$/.exec(written.toLowerCase()) ?? [];
  const negated = base.includes('not');
  const name = base.replace('not', '');
  const compare = COMPARE.get(name);
  if (compare === undefined || (negated && /than|bool|null|binary/.test(name))) return undefined;
  return {
    name, negated, compare, ifExists: exists !== undefined, set: set as Operator['set'],
    variables: name.startsWith('string') || name.startsWith('arn'),
  };
}

const COMPARE: ReadonlyMap<string, (comparison: Comparison) => Match> = new Map<string, (comparison: Comparison) => Match>([
  ['null', () => 'no'],
  ['stringequals', (comparison) => string(comparison, { literal: true })],
  ['stringequalsignorecase', (comparison) => string(comparison, { literal: true, ignoreCase: true })],
  ['stringlike', (comparison) => string(comparison, {})],
  ['arnequals', arn],
  ['arnlike', arn],
  ['bool', ({ value, wanted }) => comparedAs(wanted.toLowerCase(), value.toLowerCase())],
  ['binaryequals', ({ value, wanted }) => comparedAs(wanted.replace(/=+$/, ''), value.replace(/=+$/, ''))],
  ['ipaddress', ordered((value, wanted) => addressMatches(value, wanted))],
  ...ordering('numeric', (text) => (/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text) ? Number(text) : undefined)),
  ...ordering('date', instant),
]);

function ordering(kind: string, number: (text: string) => number | undefined): [string, (comparison: Comparison) => Match][] {
  const compared = (holds: (value: number, wanted: number) => boolean) => ordered((value, wanted) => {
    const [a, b] = [number(value), number(wanted)];
    return a === undefined || b === undefined ? undefined : holds(a, b);
  });
  return [
    [`${kind}equals`, compared((value, wanted) => value === wanted)],
    [`${kind}lessthan`, compared((value, wanted) => value < wanted)],
    [`${kind}lessthanequals`, compared((value, wanted) => value <= wanted)],
    [`${kind}greaterthan`, compared((value, wanted) => value > wanted)],
    [`${kind}greaterthanequals`, compared((value, wanted) => value >= wanted)],
  ];
}

/** A comparison that symbols leave open, and values of another kind cannot decide. */
function ordered(compare: (value: string, wanted: string) => boolean | undefined) {
  return ({ value, wanted, undecided }: Comparison): Match => {
    if (isSymbolic(value) || isSymbolic(wanted)) return 'maybe';
    const result = compare(value, wanted);
    return result === undefined ? undecided : result ? 'yes' : 'no';
  };
}

/** Milliseconds since 1970 of an ISO 8601 date or of seconds since then. */
function instant(text: string): number | undefined {
  if (/^\d{5,}$/.test(text)) return Number(text) * 1000;
  const time = /^\d{4}(-\d\d(-\d\d(T[\d:.]+(Z|[+-]\d\d:?\d\d)?)?)?)?$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

const comparedAs = (wanted: string, value: string): Match => equalText(wanted, value);

function string({ value, wanted, resolve, undecided }: Comparison, how: { literal?: boolean; ignoreCase?: boolean }): Match {
  const { literal = false, ignoreCase = false } = how;
  if (resolve === undefined || !wanted.includes('${')) return literal ? equalText(wanted, value, { ignoreCase }) : matches(wanted, value, { ignoreCase });
  // In an exact operator a wildcard of the policy is a character like others.
  const pattern = literal ? wanted.replace(/\$\{[^{}]*\}|[*?]/g, (part) => (part.length > 1 ? part : `\${${part}}`)) : wanted;
  return matches(pattern, value, { ignoreCase, variables: resolve, undecided });
}

/** "Each of the six colon-delimited components of the ARN is checked separately and each can include … wildcards." */
function arn({ value, wanted, resolve, undecided }: Comparison): Match {
  const options = { undecided, ...(resolve === undefined ? {} : { variables: resolve }) };
  const [pattern, parts] = [splitArn(wanted), splitArn(value)];
  if (pattern !== undefined && parts !== undefined) return allOf([0, 1, 2, 3, 4, 5] as const, (index) => matches(pattern[index], parts[index], options));
  const whole = matches(wanted, value, options);
  // What is no ARN, or hides one in a symbol, has no components to check; `*` for all six is not documented.
  return whole === 'yes' && wanted !== value ? undecided : whole;
}
