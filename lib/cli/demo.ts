import { join, relative, resolve } from 'node:path';
import { App } from 'aws-cdk-lib';
import { renderCostTable, type CostTable } from '../core/cost';
import { GUARANTEES, METADATA_KEY, type Declaration, type GuaranteeId } from '../core/guarantees';
import { addEnvironments } from '../guardrails-app';
import { chooseEnvironment, exampleCdkJson, ownCdkJson, type CdkJson } from './cdk-json';
import type { Command } from './command';
import { readOptions } from './options';
import { EXIT, painter, progress, wrap, type Paint, type Terminal } from './terminal';

const HELP = `dbguard demo: synthesize the demo environment, without an AWS account, and say what it guarantees

Usage: dbguard demo [--env NAME] [--output DIR] [--json]

Options
  --env NAME     another environment of the cdk.json in this folder (default: demo)
  --output DIR   where the templates go (default: cdk.out/NAME)
  --json         one JSON document: { environment, template, resources, seconds, guarantees, planned, cost }

Examples
  dbguard demo
  dbguard demo --env prod-example
  dbguard demo --json | jq '.guarantees[] | select(.inForce | not)'
`;

export const demo: Command = {
  summary: 'synthesize the demo environment and say what it guarantees and costs',
  help: HELP,
  run: (args, terminal) => {
    const { env = 'demo', output = join('cdk.out', env), json } = readOptions(args, { env: 'NAME', output: 'DIR', json: true });
    const cdkJson = ownCdkJson(terminal.folder) ?? exampleCdkJson();
    // Chosen before an App is made, which makes its output folder at once.
    const choice = chooseEnvironment(cdkJson, env);
    if ('report' in choice) throw new Error(choice.report);
    const done = progress(terminal, 'synthesizing and validating …');
    let seen: Demonstration;
    try {
      seen = synthesize(env, cdkJson.context, resolve(terminal.folder, output), terminal.folder);
    } finally {
      done();
    }
    const exists = choice.environment.production.existing !== undefined;
    terminal.out.write(json ? `${JSON.stringify(seen, undefined, 2)}\n` : render(seen, exists, terminal));
    return Promise.resolve(EXIT.done);
  },
};

interface Demonstration {
  readonly environment: string;
  /** Path of the template. */
  readonly template: string;
  /** Number of resources in it. */
  readonly resources: number;
  /** Time it took to synthesize and validate. */
  readonly seconds: number;
  /** What the template declares. */
  readonly guarantees: readonly Declaration[];
  /** Guarantees of the design that no construct provides yet. */
  readonly planned: readonly GuaranteeId[];
  readonly cost: CostTable;
}

function synthesize(environment: string, context: CdkJson['context'], outdir: string, folder: string): Demonstration {
  const start = performance.now();
  const app = new App({ outdir, context: { ...context, env: environment }, analyticsReporting: false });
  const outcome = addEnvironments(app, { deploymentId: 'demo' });
  const stack = outcome.stacks[0];
  if (!stack) throw new Error(outcome.report);
  const artifact = app.synth().getStackArtifact(stack.artifactId);
  const template = artifact.template as { Resources: Record<string, unknown>; Metadata: Record<string, Declaration[]> };
  const guarantees = template.Metadata[METADATA_KEY] ?? [];
  return {
    environment,
    template: relative(folder, artifact.templateFullPath),
    resources: Object.keys(template.Resources).length,
    seconds: Math.round((performance.now() - start) / 100) / 10,
    guarantees,
    planned: GUARANTEES.filter(({ id }) => !guarantees.some(({ guarantee }) => guarantee === id)).map(({ id }) => id),
    cost: stack.cost,
  };
}

function render(seen: Demonstration, exists: boolean, terminal: Terminal): string {
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
        ...details.map(({ detail }) => paint('dim', wrap(detail, width, '      ', '    - '))),
        '',
      ];
    });
  const closed = states(false);
  return [
    '',
    `${paint('green', '✔')} environment ${paint('bold', seen.environment)} is valid`,
    `${paint('green', '✔')} ${seen.resources} resources synthesized and validated in ${seen.seconds} s, without an AWS account`,
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
    ...next(seen.environment, exists, paint),
    '',
  ].join('\n');
}

function planned(id: GuaranteeId): string {
  const { construct } = GUARANTEES.find((guarantee) => guarantee.id === id)!;
  return `${id.padEnd(40)} ${construct}`;
}

function next(environment: string, exists: boolean, paint: Paint): string[] {
  return [
    paint('bold', 'What to do next'),
    ...(exists
      ? [`  see what a deployment would say     ${paint('cyan', `npx dbguard preflight --env ${environment}`)}`]
      : [`  try it in an account of its own     ${paint('cyan', `npx cdk deploy -c env=${environment}`)}`]),
    `  guard a database that you have      describe it in cdk.json, context.environments (ENVIRONMENTS.md)`,
    `  import the constructs               examples/existing-instance/app.ts`,
  ];
}
