import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { RESERVED_CHARACTERS } from '../audit/text';
import { Files } from './files';
import { type Given, placeAssembly } from './manifest';
import { placeTemplate } from './place';
import type { Placed } from './placed';
import { Problems, TooMuch } from './problems';
import { type ReadWorld, worldsOf } from './worlds';

export type World = ReadWorld;

export interface ReadOptions {
  /** Values of parameters; one that is not given is unknown, whatever its default: another may be given when it is deployed. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Account and Region of stacks that do not say theirs. Default: unknown. */
  readonly account?: string;
  readonly region?: string;
  /**
   * Of an assembly, only the stacks with these templates, with their nested stacks; a template that the assembly does not name is refused.
   * @default - all
   */
  readonly templates?: readonly string[];
}

export type ReadResult =
  | { readonly do: 'read'; readonly worlds: readonly World[] }
  | { readonly do: 'refuse'; readonly problems: readonly string[] };

/**
 * Reads the folder that `cdk synth` made, or one template in JSON or YAML, and works out everything that can be known. Time and
 * memory are bounded (see `LIMITS`), whatever the input. Nothing outside the folder is read.
 */
export function readAssembly(path: string, options: ReadOptions = {}): ReadResult {
  const problems = new Problems();
  const given: Given = { parameters: new Map(Object.entries(options.parameters ?? {})), account: options.account, region: options.region };
  for (const [name, value] of given.parameters) {
    if (RESERVED_CHARACTERS.test(name + value)) problems.add(`parameter ${name}: a private-use character (U+E000 or U+E001), which the audit keeps for itself; remove it`);
  }
  try {
    const placed = problems.any ? [] : chosen(place(path, given, problems), path, options.templates, problems);
    const worlds = problems.any ? [] : worldsOf(unique(placed), problems);
    return problems.any ? { do: 'refuse', problems: problems.list } : { do: 'read', worlds };
  } catch (error) {
    if (error instanceof RangeError) return { do: 'refuse', problems: [`${path}: values refer to each other too deeply`] };
    if (error instanceof TooMuch) return { do: 'refuse', problems: [`${path}: ${error.message}`] };
    throw error;
  }
}

function place(path: string, given: Given, problems: Problems): readonly Placed[] {
  if (!existsSync(path)) {
    problems.add(`${path}: it does not exist; write the folder that cdk synth made, or a template`);
    return [];
  }
  if (!statSync(path).isDirectory()) {
    const id = basename(path).replace(/(\.template)?\.(json|ya?ml|template)$/i, '');
    const placed = placeTemplate(basename(path), { id, ...given, stackName: undefined }, new Files(dirname(path)), problems);
    return placed ? [placed] : [];
  }
  if (!existsSync(join(path, 'manifest.json'))) {
    problems.add(`${path}: it has no manifest.json; write the folder that cdk synth made, or a template`);
    return [];
  }
  const placed = placeAssembly(new Files(path), given, problems);
  if (placed.length === 0 && !problems.any) problems.add(`${path}: it has no stack; write the folder that cdk synth made, or a template`);
  return placed;
}

function chosen(placed: readonly Placed[], path: string, templates: readonly string[] | undefined, problems: Problems): readonly Placed[] {
  if (templates === undefined || problems.any) return placed;
  const wanted = new Set(templates.map((template) => resolve(template)));
  const found = placed.filter(({ file }) => wanted.has(resolve(file)));
  const named = new Set(found.map(({ file }) => resolve(file)));
  for (const template of wanted) {
    if (!named.has(template)) problems.add(`${path}: its manifest names no stack with the template ${template}; synthesize it again`);
  }
  return found;
}

/** Artifact ids are unique in one stage; the same id in another gets a number. */
function unique(placed: readonly Placed[]): readonly Placed[] {
  const taken = new Map<string, number>();
  return placed.map((one) => {
    const count = (taken.get(one.id) ?? 0) + 1;
    taken.set(one.id, count);
    return count === 1 ? one : renamed(one, `${one.id}#${count}`);
  });
}

const renamed = (placed: Placed, id: string): Placed => ({
  ...placed, id,
  nested: new Map([...placed.nested].map(([logicalId, child]) => [logicalId, 'missing' in child ? child : renamed(child, `${id}/${logicalId}`)])),
});
