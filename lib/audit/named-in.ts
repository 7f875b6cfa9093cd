import type { Resource, Value } from './model';
import { parts } from './text';

/**
 * The resources of which an attribute stands somewhere in a value: `KmsKeyId: {"Ref": "Key"}` names the key. `known` are the
 * resources of the assembly by id.
 */
export function resourcesNamedIn(value: Value, known: ReadonlyMap<string, Resource>): ReadonlySet<Resource> {
  const named = new Set<Resource>();
  const waiting: Value[] = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next === 'string') {
      for (const part of parts(next)) {
        const resource = resourceOf(part, known);
        if (resource) named.add(resource);
      }
    } else if (typeof next === 'object' && next !== null) {
      for (const inside of Object.values(next)) waiting.push(inside);
    }
  }
  return named;
}

/** A symbol is `g:<stack>.<logical id>.<attribute>`, and an attribute may have dots of its own. */
function resourceOf(part: string, known: ReadonlyMap<string, Resource>): Resource | undefined {
  const name = /^\uE000g:([^\uE001]*)\uE001$/.exec(part)?.[1];
  if (name === undefined) return undefined;
  for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
    const resource = known.get(name.slice(0, dot));
    if (resource) return resource;
  }
  return undefined;
}
