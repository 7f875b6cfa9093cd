import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import cdkJson from '../../cdk.json';
import { readAssembly } from '../../lib/assembly/read-assembly';
import { audit } from '../../lib/audit/audit';
import { addEnvironments } from '../../lib/guardrails-app';

const ROOT = join(__dirname, '../..');
const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function folder(name: string): string {
  const made = mkdtempSync(join(tmpdir(), `own-${name}-`));
  folders.push(made);
  return made;
}

/** The report on a folder that `cdk synth` writes: what is not a finding is an assumption, and both are shown. */
function audited(path: string) {
  const read = readAssembly(path);
  if (read.do === 'refuse') throw new Error(read.problems.join('\n'));
  const outcome = audit(read.worlds, { today: '2026-11-20', deployed: read.worlds[0]!.assembly });
  if (outcome.do === 'refuse') throw new Error(outcome.problems.join('\n'));
  const { verdict, findings, assumptions, rules } = outcome.report;
  return { verdict, findings: findings.map(({ rule, because }) => `${rule}: ${because}`), affecting: assumptions.filter(({ affects }) => affects !== 'note').map(({ what }) => what), assumptions, rules };
}

describe.each(Object.keys(cdkJson.context.environments))('the environment %s', (environment) => {
  const outdir = folder(environment);
  const app = new App({ outdir, context: { ...cdkJson.context, env: environment, 'aws:cdk:enable-path-metadata': true }, analyticsReporting: false });
  addEnvironments(app, { deploymentId: '2026-11-20T00:00:00.000Z' });
  app.synth();
  const seen = audited(outdir);

  test('passes its own audit, with every rule that is about it', () => {
    expect(seen).toMatchObject({ verdict: 'pass', findings: [] });
    expect(seen.rules.length).toBeGreaterThanOrEqual(9);
  });

  test('lists its assumptions, each with what it is about', () => {
    expect(seen.assumptions.length).toBeGreaterThan(0);
    for (const { what, path } of seen.assumptions) expect(`${path}: ${what}`).toMatch(/^\S+: \S.{10,}$/);
  });
});

const APPS = readdirSync(join(ROOT, 'examples'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);

test.each(APPS)('the example %s passes its own audit', (example) => {
  const outdir = folder(example);
  const made = spawnSync(process.execPath, ['--import', 'tsx', join('examples', example, 'app.ts')], {
    cwd: ROOT, encoding: 'utf8', env: { PATH: process.env.PATH, CDK_VALIDATION: 'false', CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(cdkJson.context) },
  });
  expect([made.status, made.stderr]).toEqual([0, '']);
  expect(audited(outdir)).toMatchObject({ verdict: 'pass', findings: [] });
});
