/** What the audit costs, beside parsing, the validation of the CDK and cdk-nag on the same templates in the same run. Part of `npm run bench`. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { buildSync } from 'esbuild';
import type { NamedSubjects } from '../lib/audit/subjects';
import { filledUp, graph, SHAPES, type Template } from '../test/audit/sized-templates';
import { application } from './bench-audit-app';
import { audited, others, walked } from './bench-audit-templates';
import { median } from './measuring';

const ROOT = join(__dirname, '..');
const ROUNDS = 21;
const WARM_UP = 6;
const SIZES = [12_500, 25_000, 50_000];
const STOPS = [1_000, 5_000, 10_000];
/** Milliseconds for each 30 KB, and for a template of 500 resources. */
const [FOR_30_KB, FOR_500_RESOURCES] = [5, 100];

/** The tables. `demo` builds the demo environment into a folder. */
export function benchAudit(demo: (outdir: string) => App): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'bench-audit-'));
  try {
    const small = written(folder, 'small', synthesized(application(join(folder, 'app'))));
    const large = written(folder, 'demo', synthesized(demo(join(folder, 'demo-app'))));
    const filled = written(folder, 'filled', filledUp(large.template, 500));
    const [agent, production] = [idOf(small.template, /^AgentRole/), idOf(small.template, /^Production[0-9A-F]{8}$/)];
    const ofSmall = { agents: [agent], production: [production], approvers: [] };
    return [
      'The audit (scripts/bench-audit.ts): reading a template, all rules, all findings.', '',
      ...templatesTable([
        { what: 'an application with a database, replica, backups and functions', ...small, subjects: ofSmall, goal: Math.max(1, small.bytes / 30_000) * FOR_30_KB },
        { what: 'the demo environment', ...large, subjects: {}, goal: large.bytes / 30_000 * FOR_30_KB },
        { what: 'the demo environment, filled up with functions', ...filled, subjects: {}, goal: FOR_500_RESOURCES },
      ]), '',
      ...processTable(folder, small.file, ofSmall), '',
      ...growthTable(folder),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const synthesized = (app: App): Template => app.synth().stacks[0]!.template as Template;
const idOf = ({ Resources }: Template, name: RegExp): string => Object.keys(Resources).find((id) => name.test(id))!;

interface Written { readonly template: Template; readonly file: string; readonly bytes: number }

/** As `cdk synth` writes it. */
function written(folder: string, name: string, template: Template): Written {
  const file = join(folder, `${name}.template.json`);
  const text = JSON.stringify(template, undefined, 1);
  writeFileSync(file, text);
  return { template, file, bytes: text.length };
}

interface Measured extends Written { readonly what: string; readonly subjects: NamedSubjects; readonly goal: number }

function templatesTable(templates: readonly Measured[]): string[] {
  return [
    `The fastest of ${ROUNDS} rounds, all sides alternating in one process, after ${WARM_UP} rounds that are not counted.`, '',
    '| template | audit | floor: parse and walk | CDK validation | cdk-nag AwsSolutions | goal | |', '|---|---|---|---|---|---|---|',
    ...templates.map(({ what, template, file, bytes, subjects, goal }) => {
      const { validate, nag } = others(file);
      const [own, floor, validated, checked] = alternating([() => audited(file, subjects), () => walked(file), validate, nag]);
      const size = `${Object.keys(template.Resources).length} resources, ${Math.round(bytes / 1000)} KB`;
      return `| ${what} (${size}) | ${ms(own!)} | ${ms(floor!)} | ${ms(validated!)} | ${ms(checked!)} | at most ${ms(goal)} | ${own! <= goal ? 'met' : 'missed'} |`;
    }),
  ];
}

function alternating(sides: readonly (() => unknown)[]): number[] {
  const times = sides.map((): number[] => []);
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    for (const [side, work] of sides.entries()) {
      const start = performance.now();
      work();
      if (round >= 0) times[side]!.push(performance.now() - start);
    }
  }
  return times.map((all) => Math.min(...all));
}

/** Loading, and many templates: each in a process of its own. */
function processTable(folder: string, file: string, subjects: NamedSubjects): string[] {
  const script = join(__dirname, 'bench-audit-many.ts');
  const said = execFileSync(process.execPath, ['--expose-gc', '--import', 'tsx', script, file, join(folder, 'one-of-many.json'), JSON.stringify(subjects), STOPS.join()], { cwd: ROOT, encoding: 'utf8' });
  const { heap, spent } = JSON.parse(said) as { heap: number[]; spent: number };
  const grown = heap.at(-1)! / heap[0]!;
  const [load, empty] = loads(folder);
  return [
    '| one process | measured | floor | goal | |', '|---|---|---|---|---|',
    `| load of the audit with its data | ${ms(load)} | ${ms(empty)}: an empty module | | |`,
    `| ${STOPS.at(-1)!.toLocaleString('en')} templates of the first kind, no two alike | ${(spent / 1000).toFixed(1)} s, ${ms(spent / STOPS.at(-1)!)} each | | at most ${ms(FOR_30_KB)} each | ${spent / STOPS.at(-1)! <= FOR_30_KB ? 'met' : 'missed'} |`,
    `| heap after ${STOPS.map((stop) => stop.toLocaleString('en')).join(', ')} of them | ${heap.map((bytes) => `${(bytes / 1e6).toFixed(1)} MB`).join(', ')} | | no growth (5 %) | ${grown <= 1.05 ? 'met' : 'missed'} |`,
  ];
}

/** Milliseconds until the compiled audit is there, as the package has it: a file for each source. */
function loads(folder: string): readonly [number, number] {
  const outdir = join(folder, 'compiled');
  buildSync({
    entryPoints: ['audit', 'assembly', 'core'].map((room) => `${ROOT}/lib/${room}/**/*.ts`), outbase: join(ROOT, 'lib'), outdir, format: 'cjs', platform: 'node', target: 'node20', logLevel: 'warning',
  });
  const time = (what: string) => median(Array.from({ length: 9 }, () => {
    const code = `const t = performance.now(); ${what}; process.stdout.write(String(performance.now() - t))`;
    return Number(spawnSync(process.execPath, ['-e', code], { encoding: 'utf8', env: { ...process.env, NODE_PATH: join(ROOT, 'node_modules') } }).stdout);
  }));
  return [time(['audit/audit.js', 'assembly/read-assembly.js'].map((path) => `require(${JSON.stringify(join(outdir, path))})`).join()), time('require("node:path")')];
}

function growthTable(folder: string): string[] {
  return [
    `| graph | ${SIZES.map((size) => size.toLocaleString('en')).join(' | ')} | times per doubling | n log n | |`, `|---|${'---|'.repeat(SIZES.length)}---|---|---|`,
    ...Object.keys(SHAPES).map((shape) => {
      growing(folder, shape, SIZES[0]! / 10);
      const times = SIZES.map((size) => Math.min(growing(folder, shape, size), growing(folder, shape, size)));
      const [first, last] = [SIZES[0]!, SIZES.at(-1)!];
      const doublings = Math.log2(last / first);
      const [growth, fair] = [times.at(-1)! / times[0]!, last * Math.log(last) / (first * Math.log(first))].map((one) => one ** (1 / doublings)) as [number, number];
      // A quarter more than n log n is what a busy machine and a larger heap make of it; a quadratic one is 4.
      return `| ${shape} | ${times.map((one) => `${(one / 1000).toFixed(1)} s`).join(' | ')} | ${growth.toFixed(2)} | ${fair.toFixed(2)} | ${growth <= fair * 1.25 ? 'met' : 'missed'} |`;
    }),
  ];
}

/** Milliseconds that the processor works for reading and auditing a graph. */
function growing(folder: string, shape: string, size: number): number {
  const { template, subjects } = graph(shape, size);
  const file = join(folder, 'graph.template.json');
  writeFileSync(file, JSON.stringify(template));
  const before = process.cpuUsage();
  audited(file, subjects);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const ms = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
