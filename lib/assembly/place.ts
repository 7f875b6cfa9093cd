import { posix } from 'node:path';
import { expandForEach } from './for-each';
import type { Files } from './files';
import { LIMITS } from './limits';
import type { Placed } from './placed';
import { type Problems, TooMuch } from './problems';
import { readTemplate, type RawResource } from './template';

/** What is known of a template besides its text. */
export type Place = Omit<Placed, 'file' | 'template' | 'nested' | 'lineOf'>;

/** Reads a template and the nested stacks inside it. `path` is relative to the folder of `files`. */
export function placeTemplate(path: string, place: Place, files: Files, problems: Problems): Placed | undefined {
  let stacks = 0;
  return placed(path, place, []);

  function placed(file: string, at: Place, around: readonly string[]): Placed | undefined {
    if (++stacks > LIMITS.stacks) throw new TooMuch(`${files.named(path)} has more than ${LIMITS.stacks} nested stacks`);
    const parsed = files.parse(file);
    if (parsed.do === 'refuse') {
      parsed.problems.forEach((problem) => problems.add(problem));
      return undefined;
    }
    const name = files.named(file);
    const template = readTemplate(expandForEach(parsed.value, name, problems), name, problems);
    const inside = [...around, file];
    const nested = new Map([...template.resources].flatMap(([logicalId, resource]) => {
      const child = resource.type === 'AWS::CloudFormation::Stack' ? nestedStack(logicalId, resource, at, inside) : undefined;
      return child ? [[logicalId, child] as const] : [];
    }));
    return { ...at, file: name, template, nested, lineOf: parsed.lineOf };
  }

  function nestedStack(logicalId: string, resource: RawResource, parent: Place, around: readonly string[]): Placed | { readonly missing: string } | undefined {
    const file = around.at(-1)!;
    const asset = resource.metadata['aws:asset:path'];
    const url = resource.properties.TemplateURL;
    const path = typeof asset === 'string' ? asset : typeof url === 'string' && !/^[a-z][a-z0-9+.-]*:/i.test(url) ? url : undefined;
    if (path === undefined) return { missing: 'its template is not in the assembly' };
    const child = posix.join(posix.dirname(file), path);
    if (around.includes(child)) {
      problems.add(`${files.named(file)}: Resources.${logicalId}: nested stacks contain themselves: ${[...around, child].map((one) => files.named(one)).join(' -> ')}`);
      return undefined;
    }
    if (around.length >= LIMITS.nesting) {
      problems.add(`${files.named(file)}: Resources.${logicalId}: nested stacks are more than ${LIMITS.nesting} deep`);
      return undefined;
    }
    return placed(child, { ...parent, id: `${parent.id}/${logicalId}`, stackName: undefined, parameters: new Map(), paths: new Map() }, around);
  }
}
