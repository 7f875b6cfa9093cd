import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonMistake } from '../core/json-mistake';
import { misspeltEnvironments, readEnvironments, renderMistakes, type Environment } from '../environment';
import { ownFile } from './own-package';

/** A cdk.json that describes environments. */
export interface CdkJson {
  readonly file: string;
  /** Its whole context: the environments, and CDK's feature flags. */
  readonly context: Readonly<Record<string, unknown>>;
}

/** The cdk.json of a folder; `undefined` where there is none, or one without environments. Throws on one that cannot be read. */
export function ownCdkJson(folder: string): CdkJson | undefined {
  const file = join(folder, 'cdk.json');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new Error(`${file} cannot be read: ${code ?? (error as Error).message}`, { cause: error });
  }
  const context = contextIn(text, file);
  if (context?.environments !== undefined) return { file, context };
  const misspelt = misspeltEnvironments(context ?? {});
  if (misspelt !== undefined) throw new Error(`${file}: ${misspelt}`);
  return undefined;
}

/** The cdk.json that comes with the kit, whose environments are there to try and to copy from. */
export function exampleCdkJson(): CdkJson {
  const file = ownFile('cdk.json');
  return { file, context: contextIn(readFileSync(file, 'utf8'), file) ?? {} };
}

function contextIn(text: string, file: string): CdkJson['context'] | undefined {
  // Editors on Windows write a byte order mark, which CDK's own reader takes too.
  const json = text.replace(/^\uFEFF/, '');
  // Found here and not by JSON.parse, whose message has no line and may repeat what stands in the file.
  const mistake = jsonMistake(json);
  if (mistake) throw new Error(`${file} is not valid JSON: line ${mistake.line}, column ${mistake.column}: ${mistake.because}`);
  const content: unknown = JSON.parse(json);
  const { context } = (isObject(content) ? content : {}) as { context?: unknown };
  return isObject(context) ? context : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export interface Choice {
  readonly name: string;
  readonly environment: Environment;
}

/** Why the environments are not those of the folder. */
export function noOwnCdkJson(folder: string): string {
  return `there is no cdk.json with context.environments in ${folder}`;
}

/** The environment of that name. Otherwise what to write instead: every mistake in any environment, or the names that there are. */
export function chooseEnvironment(cdkJson: CdkJson, name: string | undefined): Choice | { readonly report: string } {
  const read = readEnvironments(cdkJson.context.environments);
  if ('mistakes' in read) return { report: `${cdkJson.file}: ${renderMistakes(read.mistakes)}` };
  const names = Object.keys(read.environments).join(', ');
  if (name === undefined) return { report: `--env is required; the environments of ${cdkJson.file} are ${names}` };
  const environment = Object.hasOwn(read.environments, name) ? read.environments[name] : undefined;
  if (environment) return { name, environment };
  return { report: `there is no environment '${name}'; the environments of ${cdkJson.file} are ${names}` };
}
