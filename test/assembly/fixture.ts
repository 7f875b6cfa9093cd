import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readAssembly, type ReadOptions, type World } from '../../lib/assembly/read-assembly';
import type { Resource } from '../../lib/audit/model';
import { readable } from '../../lib/audit/text';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A folder with these files; removed after the tests. */
export function folderOf(files: Readonly<Record<string, unknown>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'assembly-'));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content, undefined, 1));
  }
  return folder;
}

/** Reads a template that is to be accepted. */
export function worldsIn(path: string, options?: ReadOptions): readonly World[] {
  const result = readAssembly(path, options);
  if (result.do === 'refuse') throw new Error(result.problems.join('\n'));
  return result.worlds;
}

export const worlds = (template: unknown, options?: ReadOptions, name = 'Shop.json'): readonly World[] => worldsIn(join(folderOf({ [name]: template }), name), options);

/** What is wrong with a file, without the folder's name, and how long it took in ms. */
export function problemsOf(content: unknown, name = 'Shop.json', options?: ReadOptions): { problems: readonly string[]; ms: number } {
  return problemsIn(folderOf({ [name]: content }), name, options);
}

export function problemsIn(folder: string, name = '', options?: ReadOptions): { problems: readonly string[]; ms: number } {
  const start = performance.now();
  const result = readAssembly(name === '' ? folder : join(folder, name), options);
  const problems = result.do === 'refuse' ? result.problems.map((problem) => problem.replaceAll(`${folder}/`, '').replaceAll(folder, 'FOLDER')) : [];
  return { problems, ms: performance.now() - start };
}

export const resource = (world: World, logicalId: string): Resource => {
  const found = world.assembly.resources.find((one) => one.logicalId === logicalId);
  if (!found) throw new Error(`no ${logicalId}`);
  return found;
};

/** What one value comes to, in words: the whole of a template around it is given by `around`. */
export function comesTo(value: unknown, around: object = {}, options?: ReadOptions): unknown {
  const template = { ...around, Resources: { ...RESOURCES, Probe: { Type: 'AWS::SSM::Document', Properties: { Content: { value } } } } };
  const [world] = worlds(template, options);
  return inWords((resource(world!, 'Probe').properties.Content as { value?: unknown }).value);
}

export const inWords = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value), (_, one: unknown) => (typeof one === 'string' ? readable(one) : one)));

const RESOURCES = {
  Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'deploy', Path: '/ci/' } },
  Writer: { Type: 'AWS::IAM::Role', Properties: {} },
  Database: { Type: 'AWS::RDS::DBInstance', Properties: { DBInstanceIdentifier: 'Orders' } },
  Password: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'orders/master' } },
  Hook: { Type: 'Custom::Hook', Properties: { ServiceToken: 'arn:aws:lambda:eu-central-1:111122223333:function:hook' } },
};
