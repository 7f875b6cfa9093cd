import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import cdkJson from '../../../cdk.json';
import { auditAssembly } from '../../../lib/audit-assembly';
import { addEnvironments } from '../../../lib/guardrails-app';

/** All environments in one assembly: two with roles that a deployment sets up, one whose roles a person sets up. */
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'roles-'));
  const app = new App({ outdir: folder, context: cdkJson.context, analyticsReporting: false });
  addEnvironments(app, { deploymentId: 'test' });
  app.synth();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What the rule says once the properties of the roles of an environment were changed. */
function found(environment: string, change: (properties: Record<string, any>) => void): string[] {
  const file = join(folder, `Guardrails-${environment}.template.json`);
  const text = readFileSync(file, 'utf8');
  const template = JSON.parse(text);
  change(Object.values<any>(template.Resources).find(({ Type }) => Type === 'Custom::DatabaseRoles').Properties);
  writeFileSync(file, JSON.stringify(template));
  try {
    const outcome = auditAssembly(folder);
    if (outcome.do === 'refuse') throw new Error(outcome.problems.join('\n'));
    return outcome.report.findings.filter(({ rule }) => rule === 'agent-role-cannot-write').map(({ subject, because }) => `${subject.path.split('/')[0]}: ${because}`);
  } finally {
    writeFileSync(file, text);
  }
}

test('agents of several databases each need their roles on their own', () => {
  expect(found('demo', () => undefined)).toEqual([]);
});

test('roles of an agent that are missing on its own database are found, though another has some of that name', () => {
  const said = found('prod-example', (properties) => { properties.Databases = properties.Databases.replaceAll('"coding"', '"somebody"'); });
  expect(said).toEqual([expect.stringMatching(/^Guardrails-prod-example: agent coding logs in as agent_coding_ro, a role that \w+ does not set up$/)]);
});

test('roles that are set up on the database of another environment are found', () => {
  const said = found('prod-example', (properties) => { properties.Host = 'billing.c9akciq32exa.eu-central-1.rds.amazonaws.com'; });
  expect(said).toContain('Guardrails-prod-example: the roles are set up on billing.c9akciq32exa.eu-central-1.rds.amazonaws.com, which is not production');
});
