import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
let out: string;
beforeEach(() => { out = mkdtempSync(join(tmpdir(), 'cdk-synth-')); });
afterEach(() => rmSync(out, { recursive: true }));

/** `cdk synth` of audited-app.ts, by the real command. */
function synth(environment: Record<string, string> = {}) {
  const cdk = join(ROOT, 'node_modules', 'aws-cdk', 'bin', 'cdk');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [cdk, 'synth', '--quiet', '--no-notices', '--build', 'true', '--app', `${process.execPath} --import tsx test/long/audited-app.ts`, '--output', out],
    { cwd: ROOT, encoding: 'utf8', env: { PATH: process.env.PATH, HOME: out, CI: 'true', NO_COLOR: '1', CDK_VALIDATION: 'false', CDK_DISABLE_CLI_TELEMETRY: 'true', ...environment } },
  );
  return { status, said: stdout + stderr };
}

test('cdk synth of a sound environment succeeds', () => {
  expect(synth()).toMatchObject({ status: 0, said: expect.not.stringContaining('agent-db-guardrails::') });
}, 120_000);

test('cdk synth of a damaged one fails, and says what is wrong, where, and what to write', () => {
  const { status, said } = synth({ DAMAGED: 'yes' });
  expect(status).toBe(1);
  const words = said.replace(/\s+/g, ' ');
  for (const part of [
    'stateful-resources-are-retained', 'has DeletionPolicy Delete', 'Guardrails-lattice-example/Guardrails/Backups/Vault (', 'lib/constructs/locked-vault.ts', 'write DeletionPolicy: Retain',
  ]) expect(words).toContain(part);
  expect(JSON.parse(readFileSync(join(out, 'validation-report.json'), 'utf8')).pluginReports).toMatchObject([{ pluginName: 'agent-db-guardrails', conclusion: 'failure' }]);
}, 120_000);

test('cdk synth of a damaged one that people accept succeeds', () => {
  expect(synth({ DAMAGED: 'yes', ACCEPTED: 'yes' }).status).toBe(0);
}, 120_000);
