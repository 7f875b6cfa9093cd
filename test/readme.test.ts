import { readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import { App } from 'aws-cdk-lib';
import cdkJson from '../cdk.json';
import { VERDICT } from '../lib/audit/wording';
import { FORMATS } from '../lib/cli/audit-options';
import { main } from '../lib/cli/main';
import { GUARANTEES } from '../lib/core/guarantees';
import { RULE_IDS } from '../lib/core/rule-ids';
import { checkProduction } from '../lib/core/production-check/check';
import type { SeenInstance } from '../lib/core/production-check/types';
import { addEnvironments } from '../lib/guardrails-app';
import packageJson from '../package.json';
import { terminalIn } from './cli/terminal-fixture';
import { expected, now, sound } from './core/production-check-fixture';

const ROOT = join(__dirname, '..');
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** Rows of the tables under the heading, as cells. */
function rows(from: string, to: string): string[][] {
  const part = readme.slice(readme.indexOf(from), readme.indexOf(to));
  return part.split('\n').filter((line) => line.startsWith('| `')).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
}

/** Type errors of pieces of TypeScript code that import the package by its name, all compiled at once. */
function typeErrors(...pieces: readonly string[]): string[][] {
  const codes = new Map(pieces.map((code, i) => [join(ROOT, `readme-example-${i}.ts`), code]));
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as { config: object };
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [...codes.keys()] }, ts.sys, ROOT);
  const host = ts.createCompilerHost(options);
  const withExamples: ts.CompilerHost = {
    ...host,
    fileExists: (name) => codes.has(name) || host.fileExists(name),
    readFile: (name) => codes.get(name) ?? host.readFile(name),
    getSourceFile: (name, language, ...rest) =>
      codes.has(name) ? ts.createSourceFile(name, codes.get(name)!, language) : host.getSourceFile(name, language, ...rest),
  };
  const program = ts.createProgram([...codes.keys()], { ...options, noEmit: true, noUnusedLocals: false }, withExamples);
  return [...codes.keys()].map((file) =>
    ts.getPreEmitDiagnostics(program, program.getSourceFile(file)).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')));
}

test('the code in it compiles, and code that is wrong would not', () => {
  const blocks = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1]!);
  expect(blocks.length).toBeGreaterThan(1);
  const wrong = "import { AgentTrust } from 'cdk-agent-db-guardrails';\nAgentTrust.everyone();\n";
  expect(typeErrors(...blocks, wrong)).toEqual([...blocks.map(() => []), ["Property 'everyone' does not exist on type 'typeof AgentTrust'."]]);
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

test('the versions that it installs are those that the package asks for', () => {
  const { version, peerDependencies, engines } = packageJson;
  expect(readme).toContain(
    `npm install ./cdk-agent-db-guardrails-${version}.tgz aws-cdk-lib@${peerDependencies['aws-cdk-lib']} constructs@${peerDependencies.constructs}\n`,
  );
  expect(readme).toContain(`Node ${engines.node.replace('>=', '')} or later`);
});

test('says what a reader needs in the order in which it is needed', () => {
  expect(readme.match(/^## .*/gm)).toEqual([
    '## Try it in two minutes', '## Three ways to use it', '## What you can rely on', '## The proof: `dbguard audit`', '## How it is put together', '## The first deployment', '## Connect an agent',
    '## What it costs', '## Commands', '## When something goes wrong', '## What it does not protect against', '## Not yet confirmed in a live account', '## Working on it',
  ]);
});

/** Everything that the check of a deployment can find missing, by what it says. */
function requirements(): Map<string, string> {
  const wrong: SeenInstance[] = [
    {
      ...sound, DbiResourceId: 'db-OTHER', Endpoint: { Address: 'x', Port: 1 }, EngineVersion: '17.6', BackupRetentionPeriod: 1, LatestRestorableTime: undefined,
      DeletionProtection: false, StorageEncrypted: false, PubliclyAccessible: true, CopyTagsToSnapshot: false, DBInstanceStatus: 'stopped',
      ReadReplicaSourceDBInstanceIdentifier: 'other', DBClusterIdentifier: 'cluster', ReadReplicaDBInstanceIdentifiers: ['other'],
    },
    { ...sound, Engine: 'mysql' },
    { ...sound, EngineVersion: '14.19' },
  ];
  return new Map(wrong.flatMap((seen) => checkProduction(expected, seen, now).missing).map(({ what, fix }) => [what, fix]));
}

describe('what production must satisfy', () => {
  const part = readme.slice(readme.indexOf('### What production must satisfy'), readme.indexOf('## Connect an agent'));
  const table = part.split('\n').filter((line) => /^\| [a-z]/i.test(line)).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim())).slice(1);

  test('is what the check of every deployment asks for, no more and no less', () => {
    expect(table.map(([what]) => what).sort()).toEqual([...requirements().keys()].sort());
  });

  test('has the options that the check prints', () => {
    const fixes = requirements();
    const options = table.flatMap(([what = '', how = '']) => [...how.matchAll(/`((?:--|aws rds )[^`]*)`/g)].map((match) => ({ what, option: match[1]! })));
    expect(options.length).toBeGreaterThan(7);
    expect(options.filter(({ what, option }) => !fixes.get(what)!.includes(option))).toEqual([]);
  });
});

test('the outputs that it names are those of a stack', () => {
  const app = new App({ context: { ...cdkJson.context, env: 'prod-example' }, analyticsReporting: false });
  const [stack] = addEnvironments(app, { deploymentId: 'test' }).stacks;
  const outputs = Object.keys((app.synth().getStackArtifact(stack!.artifactId).template as { Outputs: object }).Outputs);
  const named = rows('## Connect an agent', 'The server has to prove').flatMap(([cell = '']) => [...cell.matchAll(/`(\w+)`/g)].map((match) => match[1]!));
  expect(named.length).toBeGreaterThan(8);
  expect(named.filter((name) => !outputs.includes(name))).toEqual([]);
}, 60_000);

describe('the commands that it names', () => {
  // In a fence or in backticks, after whatever calls dbguard.
  const called = [...readme.matchAll(/(?:npx dbguard|npm run -s dbguard --) ([a-z]+)([^`\n)"]*)/g)].map(([, command = '', rest = '']) => ({ command, rest }));

  test('exist, with every option that is written after them', async () => {
    expect(called.length).toBeGreaterThan(8);
    for (const { command, rest } of called) {
      const terminal = terminalIn('/');
      expect([command, await main([command, '--help'], terminal)]).toEqual([command, 0]);
      for (const [option] of rest.matchAll(/--[a-z-]+/g)) expect(`${command} ${terminal.out.text}`).toContain(option);
      const [, action] = /^ ([a-z]+)/.exec(rest) ?? [];
      if (command === 'sandbox' && action !== undefined) expect(terminal.out.text).toContain(`dbguard sandbox ${action}`);
    }
  });

  test('keep the lines of npm out of what they print', () => {
    expect(readme).not.toMatch(/npm run dbguard/);
  });
});

describe('the proof', () => {
  const part = readme.slice(readme.indexOf('## The proof'), readme.indexOf('## How it is put together'));

  test('shows what the command really says of the template that it names', async () => {
    const terminal = terminalIn(ROOT);
    expect(await main(['audit', 'examples/foreign-template.yaml', '--agent', 'CodingAgentRole', '--production', 'Production'], terminal)).toBe(1);
    const [, sample = ''] = /\n\n```\n([\s\S]*?)```/.exec(part) ?? [];
    expect(sample.split('\n').length).toBeGreaterThan(6);
    expect(terminal.out.text).toContain(sample);
  });

  test('has the exit status and the verdicts of the command', async () => {
    const terminal = terminalIn(ROOT);
    await main(['audit', '--help'], terminal);
    expect(terminal.out.text).toContain('Exit status: 0 every claim holds, 1 a claim is refuted or unknown, 2 it could not run.');
    expect(part).toContain('Exit status: 0 every claim holds, 1 a claim is refuted or unknown, 2 it could not run.');
    for (const word of [...Object.values(VERDICT), 'open']) expect(part).toContain(`**${word}**`);
  });

  test('names a rule, and formats, that there are', () => {
    for (const [, rule] of part.matchAll(/acknowledge\(\w+, '([a-z-]+)'/g)) expect(RULE_IDS).toContain(rule);
    const formats = [...part.matchAll(/--format ([a-z]+)/g)].map((match) => match[1]!);
    expect(formats).toEqual(['html', 'sarif']);
    for (const format of formats) expect(FORMATS).toContain(format);
  });
});
