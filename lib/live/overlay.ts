import type { Resource, Value } from '../audit/model';
import { unknown } from '../audit/text';

type Properties = { readonly [key: string]: Value };

/**
 * A resource as it is now. What was read counts; a judged property that was not returned is not set any more. Others that were not
 * returned may be ones that AWS never returns: they stay as the template says.
 */
export function overlaid(resource: Resource, live: Properties, judged: readonly string[]): Resource {
  const kept = Object.entries(resource.properties).filter(([name]) => !judged.includes(name) && live[name] === undefined);
  const read = Object.entries(live).filter(([name, value]) => value !== undefined && value !== null && (judged.includes(name) || Object.hasOwn(resource.properties, name)));
  return { ...resource, properties: Object.fromEntries([...kept, ...read]) };
}

/** A resource that could not be read: every property that a rule looks at may be anything. */
export function unseen(resource: Resource, why: string, judged: readonly string[]): Resource {
  const names = judged.length > 0 ? judged : Object.keys(resource.properties);
  return { ...resource, properties: { ...resource.properties, ...Object.fromEntries(names.map((name) => [name, unknown(`${name} of ${resource.logicalId}: ${why}`)])) } };
}
