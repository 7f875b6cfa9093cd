import { REPLACEMENT } from './data/stateful';
import { UPDATED_IN_PLACE } from './data/updated-in-place';
import type { Resource, Value } from './model';
import { resourcesNamedIn } from './named-in';
import { nameOf } from './names';
import { hasUnknown, readable } from './text';

/** A change of one property that replaces a resource, or may. */
export interface Replaced {
  readonly verdict: 'fail' | 'unknown';
  readonly property: string;
  /** E.g. `changes from false to true`. */
  readonly change: string;
  /** The resource whose own replacement is the cause. */
  readonly through?: string;
}

/**
 * Which of the deployed resources an update replaces: because a property of theirs changes, or because one names a resource
 * that is replaced itself and gets another identity.
 */
export function replacementsIn(everything: readonly Resource[], successorOf: (resource: Resource) => Resource | undefined): ReadonlyMap<Resource, readonly Replaced[]> {
  const before = everything.filter(({ type }) => REPLACEMENT[type] !== undefined);
  const known = new Map(before.map((resource) => [resource.id, resource]));
  const replaced = new Map<Resource, readonly Replaced[]>();
  for (const resource of before) {
    const successor = successorOf(resource);
    const changes = successor ? changesOf(resource, successor) : [];
    if (changes.length > 0) replaced.set(resource, changes);
  }
  // Each round finds those that depend on the last round's; one that is found is not looked at again, so there is an end.
  for (let found = -1; found !== replaced.size;) {
    found = replaced.size;
    for (const resource of before) {
      const changes = replaced.has(resource) || !successorOf(resource) ? [] : inherited(resource, known, replaced);
      if (changes.length > 0) replaced.set(resource, changes);
    }
  }
  return replaced;
}

function changesOf(before: Resource, after: Resource): Replaced[] {
  return replacingProperties(before.type).flatMap(({ property, verdict }) => {
    const [old, young] = [before.properties[property], after.properties[property]];
    // A template on its own may have another file name, and so another stack id, than what it updates.
    const difference = compare(canonical(old).replaceAll(`\uE000g:${before.stack}.`, `\uE000g:${after.stack}.`), canonical(young));
    if (difference === 'same') return [];
    return [{
      verdict: difference === 'unknown' ? 'unknown' as const : verdict, property,
      change: `${difference === 'unknown' ? 'may change' : 'changes'} from ${shown(property, old)} to ${shown(property, young)}`,
    }];
  });
}

function inherited(resource: Resource, known: ReadonlyMap<string, Resource>, replaced: ReadonlyMap<Resource, readonly Replaced[]>): Replaced[] {
  return replacingProperties(resource.type).flatMap(({ property, verdict }) => {
    const named = [...resourcesNamedIn(resource.properties[property] ?? null, known)].find((candidate) => candidate !== resource && replaced.has(candidate));
    if (!named) return [];
    const certain = verdict === 'fail' && replaced.get(named)?.some((change) => change.verdict === 'fail') === true;
    return [{ verdict: certain ? 'fail' as const : 'unknown' as const, property, change: `names ${nameOf(named)}, which is replaced`, through: nameOf(named) }];
  });
}

function replacingProperties(type: string): { readonly property: string; readonly verdict: 'fail' | 'unknown' }[] {
  const { always = [], may = [] } = REPLACEMENT[type] ?? {};
  const inPlace = UPDATED_IN_PLACE[type] ?? [];
  return [
    ...always.map((property) => ({ property, verdict: 'fail' as const })),
    ...may.filter((property) => !inPlace.includes(property)).map((property) => ({ property, verdict: 'unknown' as const })),
  ];
}

/** The same symbol is the same value. Different values of which one is not known may turn out to be the same. */
function compare(before: string, after: string): 'same' | 'different' | 'unknown' {
  if (before === after) return 'same';
  return hasUnknown(before) || hasUnknown(after) ? 'unknown' : 'different';
}

/** CloudFormation takes `5432` and `"5432"` for the same, and the order of keys means nothing. */
function canonical(value: Value | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'object') return JSON.stringify(String(value));
  if (Array.isArray(value)) return `[${value.map((entry: Value) => canonical(entry)).join()}]`;
  return `{${Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, entry]) => `${key}:${canonical(entry)}`).join()}}`;
}

/** Who logs in, and with what, is not for reports. */
const SECRET = /user|password|secret|token/i;

function shown(property: string, value: Value | undefined): string {
  if (value === undefined || value === null) return 'nothing';
  if (SECRET.test(property)) return 'a value that is not shown';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return `{ ${Object.keys(value).join(', ')} }`;
  const text = readable(String(value));
  return text.length > 80 ? `${text.slice(0, 40)} … ${text.slice(-30)}` : text;
}
