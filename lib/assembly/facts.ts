import { arnOf } from '../audit/identities';
import type { Acknowledgement, Assembly, Resource, StackDeclaration, Value } from '../audit/model';
import { isSymbolic } from '../audit/text';
import { ACKNOWLEDGED_KEY, METADATA_KEY } from '../core/guarantees';
import { resourceAssumptions, stackAssumptions } from './assumptions';
import { textOf } from './functions';
import { seen } from './problems';
import type { StackWorld } from './stack-world';
import { WITHOUT_EFFECT } from './used-conditions';
import type { World } from './world';

/** Everything that is deployed in one world, worked out. */
export function factsOf(world: World): Assembly {
  const stacks = [...world.stacks()];
  const resources = stacks.flatMap(resourcesOf);
  const declarations = stacks.flatMap(declarationsOf);
  const acknowledgements = stacks.flatMap(acknowledgementsOf);
  for (const stack of stacks) stackAssumptions(stack).forEach((assumption) => world.assume(assumption));
  const environments = new Map(stacks.map(({ facts }) => [facts.id, facts]));
  const functions = new Set(resources.filter(({ type }) => type === 'AWS::Lambda::Function').map((one) => arnOf(one, environments.get(one.stack)!)!));
  for (const resource of resources) resourceAssumptions(resource, functions).forEach((assumption) => world.assume(assumption));
  return { stacks: stacks.map(({ facts }) => facts), resources, declarations, acknowledgements, assumptions: world.assumptions };
}

function resourcesOf(stack: StackWorld): Resource[] {
  const { id, file, template, paths, lineOf } = stack.placed;
  const found: Resource[] = [];
  for (const [logicalId, raw] of template.resources) {
    if (raw.type === WITHOUT_EFFECT || !stack.present(logicalId)) continue;
    const properties: [string, Value][] = [];
    for (const name of Object.keys(raw.properties)) {
      const value = stack.property(logicalId, name);
      if (value !== undefined) properties.push([name, value]);
    }
    const path = raw.metadata['aws:cdk:path'];
    const line = lineOf(logicalId);
    found.push({
      id: `${id}.${logicalId}`, stack: id, logicalId, type: raw.type,
      path: typeof path === 'string' ? path : paths.get(logicalId) ?? logicalId,
      properties: Object.fromEntries(properties),
      deletionPolicy: raw.deletionPolicy === undefined ? undefined : textOf(stack.resolveAt(`Resources.${logicalId}.DeletionPolicy`, raw.deletionPolicy)),
      updateReplacePolicy: raw.updateReplacePolicy === undefined ? undefined : textOf(stack.resolveAt(`Resources.${logicalId}.UpdateReplacePolicy`, raw.updateReplacePolicy)),
      source: line === undefined ? undefined : { file, line },
    });
  }
  return found;
}

type Entry = { readonly [key: string]: Value };

/** The entries of a list in the template's `Metadata`; what has another shape is a mistake. */
function entriesOf(stack: StackWorld, key: string, fits: (entry: Entry) => boolean, write: string): readonly Entry[] {
  const { template, file } = stack.placed;
  if (!Object.hasOwn(template.metadata, key)) return [];
  const value = stack.resolveAt(`Metadata.${key}`, template.metadata[key]!);
  const entries: readonly unknown[] = Array.isArray(value) ? value : [value];
  return entries.filter((entry): entry is Entry => {
    const good = typeof entry === 'object' && entry !== null && !Array.isArray(entry) && fits(entry as Entry);
    if (!good) stack.world.problems.add(`${file}: Metadata.${key} has ${seen(entry)}; write ${write}`);
    return good;
  });
}

const texts = (entry: Entry, names: readonly string[]): boolean => names.every((name) => typeof entry[name] === 'string');

function declarationsOf(stack: StackWorld): StackDeclaration[] {
  const named = (resources: Value | undefined) => typeof resources === 'object' && resources !== null && !Array.isArray(resources)
    && Object.values(resources).every((value) => typeof value === 'string' || (Array.isArray(value) && value.every((one) => typeof one === 'string')));
  const entries = entriesOf(stack, METADATA_KEY, (entry) => texts(entry, ['guarantee', 'construct', 'path', 'detail']) && typeof entry.inForce === 'boolean' && named(entry.resources),
    'a list of { guarantee, construct, path, inForce, detail, resources }');
  return entries.map((entry) => ({ ...(entry as unknown as StackDeclaration), stack: stack.placed.id }));
}

function acknowledgementsOf(stack: StackWorld): Acknowledgement[] {
  const entries = entriesOf(stack, ACKNOWLEDGED_KEY, (entry) => texts(entry, ['rule', 'reason', 'expires', 'path']) && !Object.values(entry).some((value) => typeof value === 'string' && isSymbolic(value)),
    'a list of { rule, reason, expires, path }, all literal strings');
  return entries as unknown as Acknowledgement[];
}
