import type { Assembly, Finding, Resource, StackDeclaration, Value } from './model';
import { hasUnknown, isSymbolic, readable } from './text';

/** Yes, no, or nobody can tell from the template. */
export type Certainty = boolean | 'unknown';

/** All hold; one that certainly does not decides. */
export function allOf(...parts: readonly Certainty[]): Certainty {
  if (parts.includes(false)) return false;
  return parts.includes('unknown') ? 'unknown' : true;
}

export function anyOf(...parts: readonly Certainty[]): Certainty {
  if (parts.includes(true)) return true;
  return parts.includes('unknown') ? 'unknown' : false;
}

/** The value under some names, or `undefined` where there is none. What is below an unknown value is that unknown value. */
export function at(value: Value | undefined, ...names: readonly (string | number)[]): Value | undefined {
  let found = value;
  for (const name of names) {
    if (typeof found === 'string' && hasUnknown(found)) return found;
    if (found === null || typeof found !== 'object') return undefined;
    found = (found as { readonly [key: string]: Value })[name];
  }
  return found;
}

/** A property of a resource. */
export const property = (resource: Resource, ...names: readonly (string | number)[]): Value | undefined => at(resource.properties, ...names);

/** Whether a value is one text; `unknown` where a part of it is known only in deployment. */
export function is(value: Value | undefined, expected: string | boolean): Certainty {
  if (typeof value === 'string' && isSymbolic(value)) return value === expected ? true : hasUnknown(value) ? 'unknown' : false;
  // CloudFormation takes 'true' for true.
  return (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') && String(value) === String(expected);
}

/** A number, however CloudFormation was given it. */
export function numberOf(value: Value | undefined): number | 'unknown' | undefined {
  if (typeof value === 'string' && hasUnknown(value)) return 'unknown';
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}

/** Whether a number is one at all, and at least so much. */
export function atLeast(value: Value | undefined, least: number): Certainty {
  const number = numberOf(value);
  return number === 'unknown' ? 'unknown' : number !== undefined && number >= least;
}

/** A list, where one is expected: CloudFormation takes a single value for a list of one. */
export function listOf(value: Value | undefined): readonly Value[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as readonly Value[]) : [value];
}

/** A value for a message. */
export function shown(value: Value | undefined): string {
  return value === undefined ? 'nothing' : readable(typeof value === 'string' ? value : JSON.stringify(value));
}

/** Whether a list has a text in it. */
export function includes(value: Value | undefined, expected: string): Certainty {
  return anyOf(...listOf(value).map((entry) => is(entry, expected)));
}

/** The resources of some types, in the order of the template. */
export function resourcesOf(assembly: Assembly, ...types: readonly string[]): readonly Resource[] {
  const { ofType } = indexOf(assembly);
  const [only = [], ...others] = types.flatMap((type) => { const found = ofType.get(type); return found ? [found] : []; });
  return others.length === 0 ? only : assembly.resources.filter(({ type }) => types.includes(type));
}

/** The resource that a declaration names, e.g. `vault`. One that is missing from the template is a defect of its own. */
export function declaredResource(assembly: Assembly, declaration: StackDeclaration, name: string): Resource | undefined {
  const logicalId = declaration.resources[name];
  return typeof logicalId === 'string' ? indexOf(assembly).byId.get(`${declaration.stack}.${logicalId}`) : undefined;
}

interface Index { readonly byId: ReadonlyMap<string, Resource>; readonly ofType: ReadonlyMap<string, readonly Resource[]> }

const INDEXES = new WeakMap<Assembly, Index>();

/** Rules ask often, and for a few resources of many: every assembly is sorted once. */
function indexOf(assembly: Assembly): Index {
  const known = INDEXES.get(assembly);
  if (known) return known;
  const ofType = new Map<string, Resource[]>();
  for (const resource of assembly.resources) {
    const before = ofType.get(resource.type);
    if (before) before.push(resource);
    else ofType.set(resource.type, [resource]);
  }
  const index = { byId: new Map(assembly.resources.map((resource) => [resource.id, resource])), ofType };
  INDEXES.set(assembly, index);
  return index;
}

/** What is promised under a guarantee, and holds with this template. */
export const declarationsOf = (assembly: Assembly, guarantee: string): readonly StackDeclaration[] =>
  assembly.declarations.filter((declaration) => declaration.guarantee === guarantee && declaration.inForce);

/** A finding unless something holds. `because` says what is wrong, given that it is. */
export function unless(
  holds: Certainty,
  finding: { readonly rule: string; readonly subject: Pick<Resource, 'logicalId' | 'path'>; readonly because: string; readonly fix: string; readonly steps?: Finding['steps'] },
): Finding[] {
  if (holds === true) return [];
  const { subject, because, steps = [], ...rest } = finding;
  return [{
    ...rest,
    verdict: holds === false ? 'fail' : 'unknown',
    subject: { id: subject.logicalId, path: subject.path },
    because: holds === false ? because : `the template does not tell whether it is so that ${because}`,
    steps,
  }];
}

/** A declaration whose resource is not in the template promises nothing. */
export function missing(rule: string, declaration: StackDeclaration, name: string): Finding[] {
  const logicalId = String(declaration.resources[name] ?? '');
  return unless(false, {
    rule,
    subject: { logicalId: logicalId || declaration.construct, path: declaration.path },
    because: `${declaration.construct} (${declaration.path}) declares its ${name} ${logicalId || 'without naming it'}, and the template has none of that name`,
    fix: 'deploy the template as the construct wrote it; do not remove its resources or its metadata',
  });
}
