/**
 * Measures what the kit costs, beside its floor in the same run. At synthesis the floor is the same resources written by hand in
 * one flat stack (bench-floor.ts), with the same feature flags, built-in validation off in both; it fails when the two differ in
 * what they make. Against real PostgreSQL: bench-roles.ts, bench-sandbox.ts; against its parser: bench-sql.ts.
 * Beside other checks of templates: bench-audit.ts.
 * `npm run bench -- --write` puts the tables into BENCHMARKS.md; `--only synthesis,handlers,roles,sandbox,audit,sql` measures parts.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { App } from 'aws-cdk-lib';
import { AgentGuardrailsValidation } from '../lib/audit-plugin';
import { addEnvironments } from '../lib/guardrails-app';
import { FloorStack } from './bench-floor';
import { benchAudit } from './bench-audit';
import { benchRoles } from './bench-roles';
import { benchSandbox } from './bench-sandbox';
import { benchSql, SQL_HEAD } from './bench-sql';
import { COMPARED_HEAD, median, quantile } from './measuring';
import cdkJson from '../cdk.json';

process.env.CDK_VALIDATION = 'false';
setFlagsFromString('--expose-gc');

const ROUNDS = 41;
const WARM_UP = 5;
const GOAL = 1.15;
/** How far the sizes of what the two stacks configure may be apart. */
const SIZE_TOLERANCE = 0.1;
const HANDLERS = join(__dirname, '..', 'dist', 'handlers');
const DEPLOYMENT = 'bench';
const collectGarbage = runInNewContext('gc') as () => void;

interface Template {
  readonly Resources: Record<string, { readonly Type: string; readonly Properties?: unknown }>;
  readonly Outputs: Record<string, unknown>;
}

/** Names of the handlers that are bundled. */
function bundles(): string[] {
  return readdirSync(HANDLERS, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** The demo environment, as `npm run demo` and `cdk synth` build it. */
function kit(outdir: string): App {
  const app = new App({ outdir, context: { ...cdkJson.context, env: 'demo' }, analyticsReporting: false });
  if (addEnvironments(app, { deploymentId: DEPLOYMENT }).mistaken) throw new Error('the environments of cdk.json are mistaken; run: npm run demo');
  return app;
}

/** The same without its proof, as the floor has none: what the proof adds is a row of its own. */
function unproven(outdir: string): App {
  const app = kit(outdir);
  const synth = app.synth.bind(app);
  app.synth = (options) => {
    const { value } = Object.getOwnPropertyDescriptor(AgentGuardrailsValidation.prototype, 'validate')!;
    Object.defineProperty(AgentGuardrailsValidation.prototype, 'validate', { configurable: true, value: () => ({ success: true, violations: [] }) });
    try {
      return synth(options);
    } finally {
      Object.defineProperty(AgentGuardrailsValidation.prototype, 'validate', { configurable: true, value: value as unknown });
    }
  };
  return app;
}

/** The floor, with the feature flags of the kit's cdk.json. */
function floor(outdir: string): App {
  const app = new App({ outdir, context: { ...cdkJson.context, environments: undefined }, analyticsReporting: false });
  new FloorStack(app, 'Floor', HANDLERS, DEPLOYMENT);
  return app;
}

interface Run {
  /** Milliseconds that passed. */
  readonly elapsed: number;
  /** Milliseconds that the processor worked for it, on all threads: what else runs on the machine disturbs it less. */
  readonly worked: number;
  readonly template: Template;
  readonly bytes: number;
}

/** Builds the app and synthesizes it, into a folder of its own. */
function timed(make: (outdir: string) => App): Run {
  const outdir = mkdtempSync(join(tmpdir(), 'bench-'));
  collectGarbage(); // neither side pays for what the other left behind
  const [start, startedWork] = [performance.now(), process.cpuUsage()];
  const assembly = make(outdir).synth();
  const [elapsed, work] = [performance.now() - start, process.cpuUsage(startedWork)];
  const [stack] = assembly.stacks;
  const bytes = statSync(stack!.templateFullPath).size;
  const template = stack!.template as Template;
  rmSync(outdir, { recursive: true });
  return { elapsed, worked: (work.user + work.system) / 1000, template, bytes };
}

/** Throws unless the floor has the resources of the kit, and says about as much in them. */
function refuseAnotherFloor(ofKit: Template, ofFloor: Template): void {
  const [kits, floors] = [countTypes(ofKit), countTypes(ofFloor)];
  const differences = [...new Set([...kits.keys(), ...floors.keys()])]
    .filter((type) => kits.get(type) !== floors.get(type))
    .map((type) => `${type}: the kit makes ${kits.get(type) ?? 0}, the floor ${floors.get(type) ?? 0}`);
  const outputs = [ofKit, ofFloor].map((template) => Object.keys(template.Outputs).length);
  if (outputs[0] !== outputs[1]) differences.push(`outputs: the kit has ${outputs[0]}, the floor ${outputs[1]}`);
  const [kitSize, floorSize] = [configured(ofKit), configured(ofFloor)];
  if (Math.abs(floorSize / kitSize - 1) > SIZE_TOLERANCE) {
    differences.push(`the properties of all resources have ${kitSize} characters in the kit and ${floorSize} in the floor`);
  }
  if (differences.length > 0) throw new Error(`scripts/bench-floor.ts is not the floor of this kit any more; bring it up to date:\n  ${differences.join('\n  ')}`);
}

function countTypes({ Resources }: Template): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { Type } of Object.values(Resources)) counts.set(Type, (counts.get(Type) ?? 0) + 1);
  return counts;
}

/** Characters of the properties of all resources. Logical ids count alike: a flat stack has shorter ones. */
function configured({ Resources }: Template): number {
  const ids = new Set(Object.keys(Resources));
  return JSON.stringify(Object.values(Resources).map(({ Properties }) => Properties), (_key, value: unknown) => (ids.has(value as string) ? 'Id' : value)).length;
}

function synthesis() {
  const sizes = [timed(unproven), timed(floor)] as const;
  refuseAnotherFloor(sizes[0].template, sizes[1].template);
  const pairs: { ofKit: Run; ofFloor: Run; proven: Run }[] = [];
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    // Which side goes first alternates too.
    const first = round % 2 === 0 ? timed(unproven) : undefined;
    const ofFloor = timed(floor);
    const ofKit = first ?? timed(unproven);
    const proven = timed(kit);
    if (round >= 0) pairs.push({ ofKit, ofFloor, proven });
  }
  const compare = (what: 'elapsed' | 'worked') => {
    const ratios = pairs.map(({ ofKit, ofFloor }) => ofKit[what] / ofFloor[what]);
    return {
      kit: median(pairs.map(({ ofKit }) => ofKit[what])),
      floor: median(pairs.map(({ ofFloor }) => ofFloor[what])),
      ratio: median(ratios),
      half: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
      proof: median(pairs.map(({ ofKit, proven }) => proven[what] - ofKit[what])),
    };
  };
  return {
    elapsed: compare('elapsed'), worked: compare('worked'),
    resources: Object.keys(sizes[0].template.Resources).length, bytes: sizes.map(({ bytes }) => bytes),
  };
}

/** Bytes and load time of every handler's bundle, in a fresh process each. */
function handlers() {
  return bundles().map((name) => {
    const file = join(HANDLERS, name, 'index.js');
    const load = (what: string) => {
      const script = `const t = performance.now(); ${what}; process.stdout.write(String(performance.now() - t))`;
      const runs = Array.from({ length: 7 }, () => Number(spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' }).stdout));
      return median(runs);
    };
    return { name, bytes: statSync(file).size, load: load(`require(${JSON.stringify(file)})`), empty: load('require("node:path")') };
  });
}

function synthesisTable(): string[] {
  const synth = synthesis();
  const row = (what: string, { kit: ofKit, floor: ofFloor, ratio, half }: typeof synth.elapsed) =>
    `| ${what} | ${ofKit.toFixed(0)} ms | ${ofFloor.toFixed(0)} ms | ${ratio.toFixed(2)} | ${half.map((one) => one.toFixed(2)).join(' to ')} | at most ${GOAL} |`;
  return [
    `Median of ${ROUNDS} rounds, both sides alternating in one process.`,
    '',
    '| building and synthesizing the demo environment, validation off | kit | floor | ratio | half of the rounds | goal |',
    '|---|---|---|---|---|---|',
    row('time that passes', synth.elapsed),
    row('time that the processor works', synth.worked),
    '',
    `The proof, which every synthesis makes, is left out on both sides. It adds ${synth.elapsed.proof.toFixed(0)} ms, of which the processor works ${synth.worked.proof.toFixed(0)} ms.`,
    '',
    `Both sides make the same ${synth.resources} resources, in templates of ${synth.bytes.map(kib).join(' and ')}. The floor is what a stack of them costs that is `
      + 'written by hand (scripts/bench-floor.ts): one flat stack, which checks, explains and declares nothing.',
  ];
}

function handlersTable(): string[] {
  return [
    '| handler | bundle | load | floor: an empty module |',
    '|---|---|---|---|',
    ...handlers().map(({ name, bytes, load, empty }) => `| ${name} | ${kib(bytes)} | ${load.toFixed(1)} ms | ${empty.toFixed(1)} ms |`),
  ];
}

async function rolesTable(): Promise<string[]> {
  const rows: string[] = [];
  for (const major of [15, 17, 18]) rows.push(...await benchRoles(major));
  return ['The database roles, on 10,000 tables in 100 schemas (scripts/bench-roles.ts).', '', ...COMPARED_HEAD, ...rows];
}

async function sandboxTable(): Promise<string[]> {
  return ['The local sandbox (scripts/bench-sandbox.ts).', '', ...COMPARED_HEAD, ...await benchSandbox(17)];
}

async function sqlTable(): Promise<string[]> {
  return ['The classification of SQL (scripts/bench-sql.ts): processor time, both sides in turns.', '', ...SQL_HEAD, ...await benchSql()];
}

const PARTS: Readonly<Record<string, () => string[] | Promise<string[]>>> = {
  synthesis: synthesisTable, handlers: handlersTable, roles: rolesTable, sandbox: sandboxTable, audit: () => benchAudit(kit), sql: sqlTable,
};

function kib(bytes: number): string {
  return `${(bytes / 1024).toFixed(0)} KiB`;
}

/** The parts that were asked for; all of them, unless somebody says otherwise. */
function chosenParts(): string[] {
  const at = process.argv.indexOf('--only');
  const asked = at < 0 ? Object.keys(PARTS) : (process.argv[at + 1] ?? '').split(',');
  const unknown = asked.filter((name) => !Object.hasOwn(PARTS, name));
  if (unknown.length > 0) throw new Error(`--only: there is no part '${unknown.join(', ')}'; the parts are ${Object.keys(PARTS).join(', ')}`);
  return asked;
}

async function report(parts: readonly string[]): Promise<string> {
  const load = () => loadavg().slice(0, 1).map((one) => one.toFixed(1)).join();
  const before = load();
  const tables: string[][] = [];
  for (const name of parts) tables.push([...await PARTS[name]!(), '']);
  const machine = `Node ${process.versions.node}, ${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), load average ${before} before and ${load()} after.`;
  return [machine, '', ...tables.flat()].join('\n');
}

async function main(): Promise<void> {
  const parts = chosenParts();
  const writes = process.argv.includes('--write');
  if (writes && parts.length < Object.keys(PARTS).length) throw new Error('--write writes all of it; leave out --only');
  const tables = await report(parts);
  process.stdout.write(tables);
  if (!writes) return;
  writeFileSync(join(__dirname, '..', 'BENCHMARKS.md'), `# Benchmarks\n\nMade by \`npm run bench -- --write\`. Machines differ and are noisy: the ratios count.\n\n${tables}`);
}

main().catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
