import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import cdkJson from '../cdk.json';
import { auditAssembly, type AuditAssemblyOptions } from '../lib/audit-assembly';
import { main } from '../lib/cli/main';
import { addEnvironments } from '../lib/guardrails-app';
import { terminalIn } from './cli/terminal-fixture';

let folder: string;
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'audit-')); });
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, template: object): string => {
  writeFileSync(join(folder, name), JSON.stringify(template));
  return join(folder, name);
};

const orders = (more: object = {}) => ({ Type: 'AWS::RDS::DBInstance', DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain', Properties: { Engine: 'postgres', ...more } });
const coding = (...actions: string[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ecs-tasks.amazonaws.com' } }] },
    Policies: actions.length === 0 ? [] : [{ PolicyName: 'P', PolicyDocument: { Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] } }],
  },
});
const NAMED = { agents: ['Coding'], production: ['Orders'] };

/** The same through the command. */
async function commanded(path: string, ...args: string[]) {
  const terminal = terminalIn(folder);
  const status = await main(['audit', path, '--json', ...args], terminal);
  return { status, report: terminal.out.text === '' ? undefined : JSON.parse(terminal.out.text), err: terminal.err.text };
}

test('the kit needs no names: what it made is proven, and the command says the same', async () => {
  const app = new App({ outdir: join(folder, 'kit'), context: { ...cdkJson.context, env: 'lattice-example' }, analyticsReporting: false });
  addEnvironments(app, { deploymentId: 'test' });
  const outcome = auditAssembly(app.synth().directory);
  expect(outcome).toMatchObject({ do: 'report', report: { verdict: 'pass', findings: [] } });
  const { status, report } = await commanded(join(folder, 'kit'));
  expect([status, report.verdict, report.rules.length]).toEqual([0, 'pass', outcome.do === 'report' ? outcome.report.rules.length : -1]);
});

test.each<[string, object, object | undefined]>([
  ['an agent that may delete production', { Coding: coding('rds:DeleteDBInstance'), Orders: orders() }, undefined],
  ['a database that goes with its stack', { Coding: coding(), Orders: { ...orders(), DeletionPolicy: 'Delete' } }, undefined],
  ['an update that replaces it', { Coding: coding(), Orders: orders({ StorageEncrypted: true }) }, { Coding: coding(), Orders: orders({ StorageEncrypted: false }) }],
])('says of %s what the command says', async (_, resources, before) => {
  const path = write('now.json', { Resources: resources });
  const against = before && write('before.json', { Resources: before });
  const outcome = auditAssembly(path, { ...NAMED, ...(against === undefined ? {} : { against }) });
  const { status, report } = await commanded(path, '--agent', 'Coding', '--production', 'Orders', ...(against === undefined ? [] : ['--against', against]));
  expect(status).toBe(1);
  expect(outcome).toMatchObject({ do: 'report', report: { verdict: 'fail' } });
  const said = outcome.do === 'report' ? outcome.report.findings.map(({ rule, because }) => `${rule}: ${because}`) : [];
  expect(said.length).toBeGreaterThan(0);
  expect(report.findings.map(({ rule, because }: any) => `${rule}: ${because}`)).toEqual(said);
});

test('exceptions are judged by the day that is given', () => {
  const accepted = { rule: 'stateful-resources-are-retained', reason: 'a scratch database, made anew every night', expires: '2027-03-31', path: '' };
  const path = write('accepted.json', {
    Resources: { Coding: coding(), Orders: { ...orders(), DeletionPolicy: 'Delete' } }, Metadata: { 'cdk-agent-db-guardrails-acknowledged': [accepted] },
  });
  const on = (today: string) => {
    const outcome = auditAssembly(path, { ...NAMED, today });
    return outcome.do === 'report' ? [outcome.report.accepted.length, ...outcome.report.findings.filter(({ rule }) => rule === accepted.rule).map(({ because }) => because)] : [];
  };
  expect(on('2027-03-31')).toEqual([1]);
  expect(on('2027-04-01')).toEqual([0, expect.stringContaining('has DeletionPolicy Delete'), `the acknowledgement of ${accepted.rule} (${accepted.reason}) expired on 2027-03-31`]);
});

test.each<[string, string, AuditAssemblyOptions, readonly string[]]>([
  ['nobody named', 'plain.json', {}, [
    "nothing in the template says which roles are agents'; name them with agents: Coding",
    'nothing in the template says which database is production; name it with production: Orders, or the ARN of one that is elsewhere',
  ]],
  ['nothing there', 'missing.json', NAMED, ['FOLDER/missing.json: it does not exist; write the folder that cdk synth made, or a template']],
  ['nothing deployed there', 'plain.json', { ...NAMED, against: 'nowhere' }, ['nowhere: it does not exist; write the folder that cdk synth made, or a template']],
  ['a template that the assembly does not have', 'kit', { templates: ['/elsewhere/Old.template.json'] }, ['FOLDER/kit: its manifest names no stack with the template /elsewhere/Old.template.json; synthesize it again']],
])('with %s it refuses, and says what to write', (_, name, options, problems) => {
  write('plain.json', { Resources: { Coding: coding(), Orders: orders() } });
  const outcome = auditAssembly(join(folder, name), options);
  expect(outcome).toEqual({ do: 'refuse', problems: expect.any(Array) });
  expect((outcome as { readonly problems: readonly string[] }).problems.map((problem) => problem.replaceAll(folder, 'FOLDER'))).toEqual(problems);
});
