import { readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import { GUARANTEES } from '../lib/core/guarantees';
import packageJson from '../package.json';

const ROOT = join(__dirname, '..');
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** Rows of the tables under the heading, as cells. */
function rows(from: string, to: string): string[][] {
  const part = readme.slice(readme.indexOf(from), readme.indexOf(to));
  return part.split('\n').filter((line) => line.startsWith('| `')).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
}

/** Type errors of TypeScript code that imports the package by its name. */
function typeErrors(code: string): string[] {
  const file = join(ROOT, 'readme-example.ts');
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as { config: object };
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [file] }, ts.sys, ROOT);
  const host = ts.createCompilerHost(options);
  const withExample: ts.CompilerHost = {
    ...host,
    fileExists: (name) => name === file || host.fileExists(name),
    readFile: (name) => (name === file ? code : host.readFile(name)),
    getSourceFile: (name, language, ...rest) =>
      name === file ? ts.createSourceFile(name, code, language) : host.getSourceFile(name, language, ...rest),
  };
  const program = ts.createProgram([file], { ...options, noEmit: true, noUnusedLocals: false }, withExample);
  return ts.getPreEmitDiagnostics(program, program.getSourceFile(file)).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

test('the code in it compiles', () => {
  const blocks = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1]!);
  expect(blocks.length).toBeGreaterThan(0);
  for (const block of blocks) expect(typeErrors(block)).toEqual([]);
}, 60_000);

test('the check of the code can fail', () => {
  expect(typeErrors("import { AgentTrust } from 'cdk-agent-db-guardrails';\nAgentTrust.everyone();\n")).toEqual([
    "Property 'everyone' does not exist on type 'typeof AgentTrust'.",
  ]);
}, 60_000);

describe('its guarantees', () => {
  test('are those that are provided, in the same words, each with a test that exists', () => {
    const provided = rows('## What you can rely on', '**Not in this version');
    expect(provided.map(([id, claim, construct]) => [id, claim, construct])).toEqual(
      GUARANTEES.filter(({ state }) => state === 'provided').map(({ id, claim, construct }) => [`\`${id}\``, claim, `\`${construct}\``]),
    );
    for (const [, , , proof] of provided) expect(existsSync(join(ROOT, proof!.replaceAll('`', '')))).toBe(true);
  });

  test('name those that are missing as missing', () => {
    const missing = rows('**Not in this version', 'The database user that an agent logs in as');
    expect(missing.map(([id, construct]) => [/`([^`]+)`/.exec(id!)?.[1], construct])).toEqual(
      GUARANTEES.filter(({ state }) => state === 'planned').map(({ id, construct }) => [id, `\`${construct}\``]),
    );
  });
});

test('every script and file that it names exists', () => {
  const scripts = [...readme.matchAll(/npm run ([a-z:]+)/g)].map((match) => match[1]!);
  expect(scripts.filter((script) => !(script in packageJson.scripts))).toEqual([]);
  const files = [...readme.matchAll(/\]\(([^)#]+)\)|`((?:lib|test|examples|scripts)\/[\w./-]+|[A-Z]+\.md|\.ci\/run)`/g)].map((match) => match[1] ?? match[2]!);
  expect(files.length).toBeGreaterThan(8);
  expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
});

test('the CLI that it names is the one that is pinned', () => {
  expect(readme).toContain(`aws-cdk@${packageJson.devDependencies['aws-cdk']}`);
});
