import type { Assumption, Text, Value } from './model';
import { isSymbolic, readable, unknown } from './text';

/** One statement of a policy, in one shape however it was written. */
export interface Statement {
  /** Resource id (or ARN) of the policy that it is in. */
  readonly source: string;
  readonly sid: Text | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: Listed<Text>;
  /** Undefined in trust policies, which speak of the role that they are on. */
  readonly resources: Listed<Text> | undefined;
  /** Undefined in policies of an identity, which speak of that identity. */
  readonly principals: Listed<NamedPrincipal> | undefined;
  /** All must hold. */
  readonly conditions: readonly Condition[];
  /** Whether `${…}` in it are variables: in version 2012-10-17 only. */
  readonly variables: boolean;
}

/** `Action` or `NotAction` and the like: what is listed, or all but it. */
export interface Listed<T> {
  readonly except: boolean;
  readonly list: readonly T[];
}

export interface NamedPrincipal {
  readonly kind: 'AWS' | 'Service' | 'Federated' | 'CanonicalUser';
  /** `*` is everyone. */
  readonly value: Text;
}

export interface Condition {
  /** As written, e.g. `ForAnyValue:StringLike`. Empty if the template does not tell what the condition is. */
  readonly operator: string;
  readonly key: Text;
  readonly values: readonly Text[];
}

export interface PolicyStatements {
  readonly statements: readonly Statement[];
  /** What could not be read. An Allow may then be anything (a `u:` symbol), a Deny is left out. */
  readonly problems: readonly Assumption[];
}

/** The statements of a policy document: an object, or JSON text of one. `source` and `path` say where it is. */
export function statementsOf(document: Value | undefined, source: string, path: string = source): PolicyStatements {
  const problems: Assumption[] = [];
  const problem = (what: string): void => {
    problems.push({ what, subject: source, path, affects: 'identity' });
  };
  const policy = typeof document === 'string' ? parsed(document) : document;
  if (!isObject(policy)) {
    problem(`The policy of ${path} is not known: ${shown(document)}`);
    return { statements: [anyAllow(source)], problems };
  }
  if (policy.Statement === undefined) {
    problem(`The policy of ${path} has no Statement`);
    return { statements: [anyAllow(source)], problems };
  }
  const variables = policy.Version === '2012-10-17';
  const statements = listOf(policy.Statement).flatMap((value) => {
    if (isObject(value)) return statementOf(value, source, variables, problem) ?? [];
    problem(`A statement of the policy of ${path} is not known: ${shown(value)}`);
    return [anyAllow(source)];
  });
  return { statements, problems };
}

/** A policy that nobody can read: it may allow anything to anyone, of which nothing is certain. */
export const anyAllow = (source: string, why: string = `the policy of ${source}`): Statement => ({
  source, sid: undefined, effect: 'Allow', variables: false, conditions: [],
  actions: anything(why), resources: anything(why), principals: anyone(why),
});

type Fields = { readonly [key: string]: Value };
const isObject = (value: Value | undefined): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: Value | undefined): readonly Value[] => (value === undefined ? [] : Array.isArray(value) ? value as readonly Value[] : [value]);
const shown = (value: Value | undefined): string =>
  typeof value === 'string' && isSymbolic(value) ? readable(value) : `a policy document was expected, got ${Array.isArray(value) ? 'a list' : value === null ? 'null' : typeof value}`;

function parsed(text: string): Value | undefined {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return text;
  }
}

function statementOf(value: Fields, source: string, variables: boolean, problem: (what: string) => void): Statement | undefined {
  const sid = typeof value.Sid === 'string' ? value.Sid : undefined;
  const name = sid === undefined ? `A statement of ${source}` : `Statement ${readable(sid)} of ${source}`;
  const known = value.Effect === 'Allow' || value.Effect === 'Deny';
  if (!known) problem(`${name} has no effect that is known`);
  const effect = value.Effect === 'Deny' ? 'Deny' : 'Allow';
  const actions = listed(value.Action, value.NotAction);
  const resources = listed(value.Resource, value.NotResource);
  const principals = principalsOf(value.Principal, value.NotPrincipal);
  // An element in other letters or of another name: whether AWS reads it, and as what, is not documented.
  const strange = Object.keys(value).filter((name) => !ELEMENTS.has(name));
  const broken = [
    ...(actions === undefined || actions === 'unreadable' ? ['Action or NotAction'] : []),
    ...(resources === 'unreadable' || (resources === undefined && principals === undefined) ? ['Resource or NotResource'] : []),
    ...(principals === 'unreadable' ? ['Principal or NotPrincipal'] : []),
  ];
  if (strange.length > 0) problem(`${name} has ${readable(strange.slice(0, 3).join(', '))}, which is no element of a statement`);
  if (broken.length > 0) problem(`${name} needs ${broken.join(' and ')} that can be read`);
  if (effect === 'Deny' && broken.length + strange.length > 0) return undefined;
  return {
    source, sid, effect, variables,
    actions: actions === undefined || actions === 'unreadable' ? anything(name) : actions,
    resources: resources === 'unreadable' ? anything(name) : resources,
    principals: principals === 'unreadable' ? anyone(name) : principals,
    conditions: conditionsOf(value.Condition),
  };
}

const ELEMENTS: ReadonlySet<string> = new Set(['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition']);

const anything = (why: string): Listed<Text> => ({ except: false, list: [unknown(why)] });
const anyone = (why: string): Listed<NamedPrincipal> => ({ except: false, list: [{ kind: 'AWS', value: unknown(why) }] });

function listed(named: Value | undefined, excepted: Value | undefined): Listed<Text> | 'unreadable' | undefined {
  if (named === undefined && excepted === undefined) return undefined;
  if (named !== undefined && excepted !== undefined) return 'unreadable';
  const list = texts(named ?? excepted);
  return list === undefined || list.length === 0 ? 'unreadable' : { except: named === undefined, list };
}

/** Strings; numbers and booleans as IAM reads them; undefined if there is anything else. */
function texts(value: Value | undefined): readonly Text[] | undefined {
  const list = listOf(value);
  if (list.some((item) => typeof item === 'object')) return undefined;
  return list.map(String);
}

function principalsOf(named: Value | undefined, excepted: Value | undefined): Listed<NamedPrincipal> | 'unreadable' | undefined {
  if (named === undefined && excepted === undefined) return undefined;
  const value = named ?? excepted;
  const except = named === undefined;
  if (typeof value === 'string') return { except, list: [{ kind: 'AWS', value }] };
  if (!isObject(value) || (named !== undefined && excepted !== undefined)) return 'unreadable';
  const list: NamedPrincipal[] = [];
  for (const [kind, values] of Object.entries(value)) {
    const read = texts(values);
    if (!isKind(kind) || read === undefined) return 'unreadable';
    for (const text of read) list.push({ kind, value: text });
  }
  return { except, list };
}

const isKind = (kind: string): kind is NamedPrincipal['kind'] => ['AWS', 'Service', 'Federated', 'CanonicalUser'].includes(kind);

/** A condition that cannot be read stays one that cannot be decided. */
function conditionsOf(value: Value | undefined): readonly Condition[] {
  if (value === undefined) return [];
  if (!isObject(value)) return [UNREADABLE];
  return Object.entries(value).flatMap(([operator, keys]) => (isObject(keys) ? Object.entries(keys) : []).map(([key, values]): Condition => {
    const read = texts(values);
    return read === undefined || isSymbolic(operator) ? UNREADABLE : { operator, key, values: read };
  }).concat(isObject(keys) ? [] : [UNREADABLE]));
}

const UNREADABLE: Condition = { operator: '', key: '', values: [] };
