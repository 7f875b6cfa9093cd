// Bundles every Lambda handler into dist/handlers/<name>/index.js, so that nobody who synthesizes needs esbuild or docker.
// A handler is a file in lib/handlers that exports `handler`; what the others share is imported by them.
// `--to FOLDER` writes elsewhere, `--from FOLDER` takes the handlers of another folder; `--sizes` prints what each bundle is made of.
import { build } from 'esbuild';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values: options } = parseArgs({ options: { to: { type: 'string' }, from: { type: 'string' }, sizes: { type: 'boolean' } } });
const source = options.from === undefined ? join(root, 'lib', 'handlers') : resolve(options.from);
const target = options.to === undefined ? join(root, 'dist', 'handlers') : resolve(options.to);

const PARSER = 'node_modules/libpg-query/wasm/libpg-query.js';

const handlers = readdirSync(source)
  .filter((file) => file.endsWith('.ts') && /^export const handler\b/m.test(readFileSync(join(source, file), 'utf8')))
  .map((file) => basename(file, '.ts'));

const { outputFiles, metafile } = await build({
  entryPoints: handlers.map((name) => ({ in: join(source, `${name}.ts`), out: join(name, 'index') })),
  outdir: target,
  write: false,
  metafile: true,
  bundle: true,
  minify: true,
  platform: 'node',
  // The oldest Node that runs the tests; Lambda's is newer.
  target: 'node20',
  format: 'cjs',
  mainFields: ['module', 'main'],
  // Stable bytes on every machine: the asset hash, and with it the template, depends on nothing but the sources.
  legalComments: 'none',
  absWorkingDir: root,
  logLevel: 'warning',
  // The client of PostgreSQL looks for it only when it is asked to use it.
  external: ['pg-native'],
  alias: {
    // In Lambda credentials come from the environment; the SDK would bring five clients for getting them elsewhere.
    '@aws-sdk/credential-provider-node': join(root, 'lib', 'handlers', 'lambda-credentials.ts'),
  },
});

// Only what differs is written, and in one step: test runs that overlap never see a half-written or missing bundle.
for (const { path, contents } of outputFiles) writeIfChanged(path, contents);
for (const [file, { inputs }] of Object.entries(metafile.outputs)) {
  // The parser of SQL loads its machine from beside the code.
  if (PARSER in inputs) writeIfChanged(join(root, dirname(file), 'libpg-query.wasm'), readFileSync(join(root, PARSER.replace(/\.js$/, '.wasm'))));
}
for (const stale of existsSync(target) ? readdirSync(target, { withFileTypes: true }) : []) {
  if (stale.isDirectory() && !handlers.includes(stale.name)) rmSync(join(target, stale.name), { recursive: true, force: true });
}
writeIfChanged(join(target, 'THIRD-PARTY.txt'), Buffer.from(thirdParty()));
if (options.sizes) printSizes();

function writeIfChanged(path, contents) {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  mkdirSync(dirname(path), { recursive: true });
  // Beside the handlers' folders, not in them: a folder is deployed with everything that it holds.
  const draft = join(target, `.draft-${process.pid}`);
  writeFileSync(draft, contents);
  renameSync(draft, path);
}

/** The package that a bundled file belongs to: its folder below the repository. */
function packageOf(file) {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];
}

/** What the bundles contain of others, with version and licence: bundling leaves out the licence texts. */
function thirdParty() {
  const used = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([file]) => packageOf(file) ?? []);
  const lines = [...new Set(used)].map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    return `${name} ${version}, ${license}`;
  });
  return ['The handlers in this folder contain code of these packages:', ...[...new Set(lines)].sort(), ''].join('\n');
}

function printSizes() {
  for (const [file, { bytes, inputs }] of Object.entries(metafile.outputs)) {
    console.log(`${basename(dirname(file))}: ${Math.round(bytes / 1024)} KB`);
    const shares = {};
    for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
      const name = packageOf(input)?.replace(/^.*node_modules\//, '') ?? 'this package';
      shares[name] = (shares[name] ?? 0) + bytesInOutput;
    }
    for (const [name, size] of Object.entries(shares).sort((a, b) => b[1] - a[1]).slice(0, 10)) {
      console.log(`  ${String(Math.round(size / 1024)).padStart(4)} KB ${name}`);
    }
  }
}
