import { dirname, join, relative, resolve } from 'node:path';
import { App } from 'aws-cdk-lib';
import { auditAssembly } from '../audit-assembly';
import type { Verdict } from '../audit/model';
import { renderCostTable, type CostTable } from '../core/cost';
import { GUARANTEES, METADATA_KEY, type Declaration, type GuaranteeId } from '../core/guarantees';
import { wrap } from '../core/wrap';
import { addEnvironments } from '../guardrails-app';
import { chooseEnvironment, exampleCdkJson, noOwnCdkJson, ownCdkJson, type CdkJson } from './cdk-json';
import type { Command } from './command';
import { tellStory, whyNoSandbox } from './demo-story';
import { readOptions } from './options';
import { fileFrom, ownFileFrom } from './own-package';
import { MAJORS, SANDBOX_OPTIONS, STATE_FOLDER, sandboxOptions } from './sandbox-options';
import { DEFAULT_POSTGRES } from '../sandbox/sandbox';
import { EXIT, painter, progress, type Paint, type Terminal } from './terminal';

const HELP = `dbguard demo: an agent fails to destroy a database, on this machine, without an AWS account

Usage: dbguard demo [--env NAME] [--output DIR] [--no-sandbox | --keep] [--postgres ${MAJORS}] [--state DIR] [--json]

  Synthesizes the stack; starts real PostgreSQL; replays an incident with three logins; runs every attack of the catalogue.

Options
  --env NAME     another environment of the cdk.json in this folder (default: demo); where the folder has none, of the
                 examples of the kit: it says so
  --output DIR   where the templates go (default: cdk.out/NAME)
  --no-sandbox   the stack only: what it guarantees, and what it costs
  --keep         leave a sandbox up, to try it yourself
  --postgres ${MAJORS}
                 default: ${DEFAULT_POSTGRES}
  --server-bin DIR
                 the folder of the programs initdb and postgres, for platforms without an npm package
  --state DIR    where the sandbox is (default: ${STATE_FOLDER} in this folder)
  --json         one JSON document: { environment, cdkJson, template, resources, seconds, proof, guarantees,
                 planned, cost };
                 with a sandbox also { incident, attacks: { postgres, seconds, problems, columns } }

Examples
  dbguard demo
  dbguard demo --no-sandbox --env prod-example
  dbguard demo --json | jq '.guarantees[] | select(.inForce | not)'
`;

export const demo: Command = {
  summary: 'an agent fails to destroy a database: synthesize, replay an incident, run every attack',
  help: HELP,
  run: async (args, terminal) => {
    const options = readOptions(args, {
      'env': 'NAME', 'output': 'DIR', 'no-sandbox': true, 'keep': true, ...SANDBOX_OPTIONS, 'json': true,
    });
    if (options['no-sandbox'] && options.keep) throw new Error('--keep leaves a sandbox up; leave it out with --no-sandbox');
    const { env = 'demo', output = join('cdk.out', env), json } = options;
    const own = ownCdkJson(terminal.folder);
    const cdkJson = own ?? exampleCdkJson();
    // Chosen before an App is made, which makes its output folder at once.
    const choice = chooseEnvironment(cdkJson, env);
    if ('report' in choice) throw new Error(own ? choice.report : `${noOwnCdkJson(terminal.folder)}, and of the examples: ${choice.report}`);
    const sandbox = { ...sandboxOptions(options, terminal), keep: options.keep };
    const done = progress(terminal, 'synthesizing and validating …');
    let seen: Demonstration;
    try {
      seen = synthesize(env, cdkJson, resolve(terminal.folder, output), terminal.folder);
    } finally {
      done();
    }
    const next: Next = !own ? 'describe' : choice.environment.production.existing ? 'preflight' : 'deploy';
    const stackOnly = () => {
      terminal.out.write(json ? `${JSON.stringify(seen, undefined, 2)}\n` : render(seen, next, terminal));
      return EXIT.done;
    };
    if (options['no-sandbox']) return stackOnly();
    const impossible = await whyNoSandbox(sandbox);
    if (impossible !== undefined) {
      terminal.err.write(`PostgreSQL does not run here, so the demo ends with the stack: ${impossible}\n`);
      return stackOnly();
    }
    if (!json) terminal.out.write(renderShort(seen, next, terminal));
    const story = await tellStory(terminal, sandbox, { silent: json });
    if (json) terminal.out.write(`${JSON.stringify({ ...seen, ...story.document }, undefined, 2)}\n`);
    return story.report.problems.length === 0 ? EXIT.done : EXIT.refused;
  },
};

interface Demonstration {
  readonly environment: string;
  /** Path of the cdk.json that describes it: of this folder, or of the kit where this folder has none. */
  readonly cdkJson: string;
  /** Path of the template. */
  readonly template: string;
  /** Number of resources in it. */
  readonly resources: number;
  /** Time it took to synthesize and validate. */
  readonly seconds: number;
  /** What `dbguard audit` says of it. Synthesis ends with an error unless it passes. */
  readonly proof: { readonly verdict: Verdict; readonly claims: number; readonly assumptions: number; readonly exceptions: number };
  /** What the template declares. */
  readonly guarantees: readonly Declaration[];
  /** Guarantees of the design that no construct provides yet. */
  readonly planned: readonly GuaranteeId[];
  readonly cost: CostTable;
}

function synthesize(environment: string, { file, context }: CdkJson, outdir: string, folder: string): Demonstration {
  const start = performance.now();
  const app = new App({ outdir, context: { ...context, env: environment }, analyticsReporting: false });
  const outcome = addEnvironments(app, { deploymentId: 'demo' });
  const stack = outcome.stacks[0];
  if (!stack) throw new Error(outcome.report);
  const assembly = app.synth();
  const artifact = assembly.getStackArtifact(stack.artifactId);
  const template = artifact.template as { Resources: Record<string, unknown>; Metadata: Record<string, Declaration[]> };
  const guarantees = template.Metadata[METADATA_KEY] ?? [];
  return {
    environment,
    cdkJson: fileFrom(folder, file),
    template: relative(folder, artifact.templateFullPath),
    resources: Object.keys(template.Resources).length,
    seconds: Math.round((performance.now() - start) / 100) / 10,
    proof: prove(assembly.directory),
    guarantees,
    planned: GUARANTEES.filter(({ id }) => !guarantees.some(({ guarantee }) => guarantee === id)).map(({ id }) => id),
    cost: stack.cost,
  };
}

function prove(folder: string): Demonstration['proof'] {
  const outcome = auditAssembly(folder);
  if (outcome.do === 'refuse') throw new Error(outcome.problems.join('\n'));
  const { verdict, rules, assumptions, accepted } = outcome.report;
  return { verdict, claims: rules.filter((rule) => rule.verdict === 'pass').length, assumptions: assumptions.length, exceptions: accepted.length };
}

/** What a person can do with the environment: write one first, look at the account, or deploy. */
type Next = 'describe' | 'preflight' | 'deploy';

function render(seen: Demonstration, next: Next, terminal: Terminal): string {
  const paint = painter(terminal.out, terminal.environment);
  const width = Math.min(terminal.out.columns ?? 100, 110);
  const states = (inForce: boolean) =>
    GUARANTEES.flatMap(({ id, claim }) => {
      const details = seen.guarantees.filter((declaration) => declaration.guarantee === id && declaration.inForce === inForce);
      if (details.length === 0) return [];
      const mark = inForce ? paint('green', '✔') : paint('yellow', '○');
      return [
        `  ${mark} ${paint('bold', id)}`,
        wrap(claim, width, '    '),
        // The template names the command as the package has it.
        ...details.map(({ detail }) => paint('dim', wrap(detail.replaceAll('npx dbguard', terminal.program), width, '      ', '    - '))),
        '',
      ];
    });
  const closed = states(false);
  return [
    '',
    ...exampleSaid(seen, next, terminal, paint),
    `${paint('green', '✔')} environment ${paint('bold', seen.environment)} is valid`,
    `${paint('green', '✔')} ${seen.resources} resources synthesized and validated in ${seen.seconds} s, without an AWS account`,
    proven(seen, terminal, paint),
    '',
    paint('bold', 'What this stack guarantees'),
    ...states(true),
    ...(closed.length > 0 ? [paint('bold', 'Kept closed until it is proven'), ...closed] : []),
    paint('bold', 'Not in this version: do not rely on it'),
    ...seen.planned.map((id) => `  · ${planned(id)}`),
    '',
    paint('bold', 'What it costs'),
    renderCostTable(seen.cost, { colour: paint('bold', '') !== '' }),
    '',
    `${paint('bold', 'Template')}   ${seen.template}`,
    '',
    ...whatNext(seen.environment, next, terminal, paint),
    '',
  ].join('\n');
}

/** One line: what follows from the templates, and how to see why. */
function proven({ proof, resources, template }: Demonstration, { program }: Terminal, paint: Paint): string {
  const besides = [[proof.assumptions, 'assumption'], [proof.exceptions, 'exception']] as const;
  const said = besides.flatMap(([count, what]) => count === 0 ? [] : [`${count} ${what}${count === 1 ? '' : 's'}`]);
  return `${paint('green', '✔')} ${paint('bold', 'Proven')}: ${proof.claims} claims hold over ${resources} resources${said.length === 0 ? '' : `, with ${said.join(' and ')}`} `
    + paint('dim', `(${program} audit ${dirname(template)})`);
}

/** Nobody shall take an example for an environment of theirs. */
function exampleSaid(seen: Demonstration, next: Next, { folder }: Terminal, paint: Paint): string[] {
  return next === 'describe'
    ? [`${paint('yellow', '!')} ${noOwnCdkJson(folder)}: ${paint('bold', seen.environment)} is an example of the kit, from ${seen.cdkJson}`]
    : [];
}

/** The stack in a few lines: the story goes on. */
function renderShort(seen: Demonstration, next: Next, terminal: Terminal): string {
  const paint = painter(terminal.out, terminal.environment);
  const inForce = new Set(seen.guarantees.filter((declaration) => declaration.inForce).map(({ guarantee }) => guarantee));
  return [
    '',
    paint('bold', '1  The stack'),
    ...exampleSaid(seen, next, terminal, paint),
    `${paint('green', '✔')} ${seen.resources} resources synthesized and validated in ${seen.seconds} s, without an AWS account`,
    proven(seen, terminal, paint),
    `${paint('green', '✔')} ${inForce.size} guarantees declared: ${[...inForce].join(', ')}`.replace(/(.{1,105})(?: |$)/g, '$1\n  ').trimEnd(),
    paint('dim', `  all of it, and the cost: ${terminal.program} demo --no-sandbox${seen.environment === 'demo' ? '' : ` --env ${seen.environment}`}`),
    '',
    '',
  ].join('\n');
}

function planned(id: GuaranteeId): string {
  const { construct } = GUARANTEES.find((guarantee) => guarantee.id === id)!;
  return `${id.padEnd(40)} ${construct}`;
}

function whatNext(environment: string, next: Next, { folder, program }: Terminal, paint: Paint): string[] {
  const first = {
    deploy: ['try it in an account of its own', paint('cyan', `npx cdk deploy -c env=${environment}`)],
    preflight: ['see what a deployment would say', paint('cyan', `${program} preflight --env ${environment}`)],
    describe: ['deploy one stack per environment', `write an app.ts and a cdk.json: ${ownFileFrom(folder, 'README.md')}`],
  }[next];
  const lines = [
    first,
    ['guard a database that you have', `describe it in cdk.json, context.environments: ${ownFileFrom(folder, 'ENVIRONMENTS.md')}`],
    ['import the constructs', ownFileFrom(folder, 'examples', 'existing-instance', 'app.ts')],
  ];
  return [paint('bold', 'What to do next'), ...lines.map(([what = '', how]) => `  ${what.padEnd(36)}${how}`)];
}
