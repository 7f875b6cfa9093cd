import { posix } from 'node:path';
import { expandForEach } from './for-each';
import type { Files } from './files';
import { LIMITS } from './limits';
import type { Placed } from './placed';
import { type Problems, TooMuch } from './problems';
import { readTemplate, type Raw, type RawResource } from './template';

/** What is known of a template besides its text. */
export type Place = Omit<Placed, 'file' | 'template' | 'nested' | 'lineOf' | 'paths'>;

/** What an assembly says beside its templates, which hold it only when the CDK's command line made them. */
export interface Beside {
  /** Construct paths by logical id: those of nested stacks are among them. */
  readonly paths: ReadonlyMap<string, readonly string[]>;
  /** Files, relative to the folder, by the hash under which templates name them. */
  readonly assets: ReadonlyMap<string, string>;
}

/** Reads a template and the nested stacks inside it. `path` is relative to the folder of `files`. */
export function placeTemplate(path: string, place: Place, files: Files, problems: Problems, beside?: Beside): Placed | undefined {
  let stacks = 0;
  return placed(path, place, [], '');

  function placed(file: string, at: Place, around: readonly string[], scope: string): Placed | undefined {
    if (++stacks > LIMITS.stacks) throw new TooMuch(`${files.named(path)} has more than ${LIMITS.stacks} nested stacks`);
    const parsed = files.parse(file);
    if (parsed.do === 'refuse') {
      parsed.problems.forEach((problem) => problems.add(problem));
      return undefined;
    }
    const name = files.named(file);
    const template = readTemplate(expandForEach(parsed.value, name, problems), name, problems);
    const inside = [...around, file];
    const paths = new Map([...(beside?.paths ?? [])].flatMap(([logicalId, candidates]) => {
      const fitting = candidates.filter((candidate) => candidate.startsWith(scope)).sort((one, other) => one.length - other.length);
      return fitting[0] === undefined ? [] : [[logicalId, fitting[0]] as const];
    }));
    const nested = new Map([...template.resources].flatMap(([logicalId, resource]) => {
      const child = resource.type === 'AWS::CloudFormation::Stack' ? nestedStack(logicalId, resource, at, inside, paths) : undefined;
      return child ? [[logicalId, child] as const] : [];
    }));
    return { ...at, file: name, template, nested, paths, lineOf: parsed.lineOf };
  }

  function nestedStack(logicalId: string, resource: RawResource, parent: Place, around: readonly string[], paths: ReadonlyMap<string, string>): Placed | { readonly missing: string } | undefined {
    const file = around.at(-1)!;
    const asset = resource.metadata['aws:asset:path'];
    const url = resource.properties.TemplateURL;
    const path = typeof asset === 'string' ? asset : typeof url === 'string' && !/^[a-z][a-z0-9+.-]*:/i.test(url) ? url : undefined;
    const child = path === undefined ? assetOf(url) : posix.join(posix.dirname(file), path);
    if (child === undefined) return { missing: 'its template is not in the assembly' };
    if (around.includes(child)) {
      problems.add(`${files.named(file)}: Resources.${logicalId}: nested stacks contain themselves: ${[...around, child].map((one) => files.named(one)).join(' -> ')}`);
      return undefined;
    }
    if (around.length >= LIMITS.nesting) {
      problems.add(`${files.named(file)}: Resources.${logicalId}: nested stacks are more than ${LIMITS.nesting} deep`);
      return undefined;
    }
    return placed(child, { ...parent, id: `${parent.id}/${logicalId}`, stackName: undefined, parameters: new Map() }, around, scopeOf(paths.get(logicalId)));
  }

  /** The file that a URL names by its hash, e.g. `https://s3.${AWS::Region}.…/<hash>.json`. */
  function assetOf(url: Raw | undefined): string | undefined {
    const [, hash] = /\b([0-9a-f]{64})\.json\b/.exec(typeof url === 'string' ? url : JSON.stringify(url ?? '')) ?? [];
    return hash === undefined ? undefined : beside?.assets.get(hash);
  }

  /** CDK puts the resource of the nested stack `Shop/Inner` at `Shop/Inner.NestedStack/Inner.NestedStackResource`. */
  function scopeOf(path: string | undefined): string {
    return path?.includes('.NestedStack/') ? `${path.slice(0, path.lastIndexOf('.NestedStack/'))}/` : '';
  }
}
