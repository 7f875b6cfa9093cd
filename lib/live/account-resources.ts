import { arnOf } from '../audit/identities';
import type { Assembly, Assumption, Resource, StackFacts, Value } from '../audit/model';
import { isSymbolic } from '../audit/text';
import type { Answer, Asking } from './asking';
import type { DeployedResource } from './deployed-stack';
import { NEVER_READ, NOTHING_TO_READ, READ_ELSEWHERE, READABLE, type ReadableType } from './readable-types';
import type { Symbols } from './symbols';

/** What was seen of a resource: its properties now, that it is gone, or why it could not be seen. */
export type Seen =
  | { readonly do: 'seen'; readonly properties: { readonly [key: string]: Value }; readonly judged: readonly string[] }
  | { readonly do: 'gone' }
  | { readonly do: 'unseen'; readonly why: string; readonly judged: readonly string[] };

export interface ResourcesRead {
  readonly seen: ReadonlyMap<string, Seen>;
  readonly assumptions: readonly Assumption[];
}

/** Reads resources of the stack through the Cloud Control API, and learns the names that it gave them. */
export async function accountResources(asking: Asking, template: Assembly, deployed: ReadonlyMap<string, DeployedResource>, symbols: Symbols): Promise<ResourcesRead> {
  const mine = template.resources.filter(({ type, id }) => deployed.has(id) && !READ_ELSEWHERE.test(type) && !NOTHING_TO_READ.test(type));
  const [never, read] = [mine.filter(({ type }) => NEVER_READ.includes(type)), mine.filter(({ type }) => !NEVER_READ.includes(type))];
  const raw = new Map(await Promise.all(read.map(async (resource) => {
    const type = READABLE[resource.type] ?? UNLISTED;
    const stack = template.stacks.find(({ id }) => id === resource.stack)!;
    return [resource.id, await one(asking, resource, type, stack, deployed.get(resource.id)!.physicalId, symbols)] as const;
  })));
  const seen = new Map([...raw].map(([id, answer]) => [id, seenOf(answer, template.resources.find((resource) => resource.id === id)!)] as const));
  return { seen, assumptions: [...never.map(notRead), ...read.flatMap((resource) => unseenAssumption(resource, seen.get(resource.id)!))] };
}

/** A type that the kit does not deploy: whatever the Cloud Control API returns of it. */
const UNLISTED: ReadableType = { judged: [], actions: [] };

async function one(asking: Asking, resource: Resource, type: ReadableType, stack: StackFacts, physicalId: string, symbols: Symbols): Promise<Answer<{ readonly [key: string]: Value }>> {
  const identifier = identifierOf(resource, type, stack, physicalId, symbols);
  if (identifier === undefined) return { do: 'unseen', why: 'what it is called in the account cannot be told' };
  const answer = await asking.ask('cloudformation:GetResource', { TypeName: type.as?.type ?? resource.type, Identifier: identifier });
  if (answer.do !== 'seen') return answer;
  const text = answer.output.ResourceDescription?.Properties;
  return text === undefined ? { do: 'unseen', why: 'Cloud Control returned nothing of it' } : parsed(text);
}

function parsed(text: string): Answer<{ readonly [key: string]: Value }> {
  try {
    return { do: 'seen', output: JSON.parse(text) as { readonly [key: string]: Value } };
  } catch {
    return { do: 'unseen', why: 'Cloud Control returned no JSON' };
  }
}

function identifierOf(resource: Resource, type: ReadableType, stack: StackFacts, physicalId: string, symbols: Symbols): string | undefined {
  const known = (value: Value | undefined): string | undefined => {
    const text = value === undefined ? undefined : symbols.literal(Array.isArray(value) ? (value as readonly Value[])[0] ?? '' : value);
    return typeof text === 'string' && !isSymbolic(text) ? text : undefined;
  };
  if (type.as) return known(resource.properties[type.as.identifier]);
  if (type.byArn) return known(arnOf(resource, stack));
  if (!type.identifier || physicalId.includes('|')) return physicalId;
  const parts = type.identifier.map((name) => known(resource.properties[name]) ?? physicalId);
  return parts.join('|');
}

function seenOf(answer: Answer<{ readonly [key: string]: Value }>, resource: Resource): Seen {
  const { judged, as } = READABLE[resource.type] ?? UNLISTED;
  if (answer.do === 'absent') return { do: 'gone' };
  if (answer.do === 'unseen') return { ...answer, judged };
  const properties = as ? Object.fromEntries(Object.entries(as.properties).map(([theirs, ours]) => [ours, answer.output[theirs]!])) : answer.output;
  return { do: 'seen', properties, judged };
}

const notRead = ({ id, path, type }: Resource): Assumption => ({
  what: `a ${type} is as its template says: it is not read, since reading it may return a secret`, subject: id, path, affects: 'note',
});

const unseenAssumption = ({ id, path, type }: Resource, seen: Seen): readonly Assumption[] => seen.do !== 'unseen' ? [] : [{
  what: `what this ${type} is now could not be read: ${seen.why}`, subject: id, path, affects: 'data',
}];
