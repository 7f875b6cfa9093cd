import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from '../../lib/cli/main';
import { renderCostTable } from '../../lib/core/cost';
import { GUARANTEES } from '../../lib/core/guarantees';
import { created, existing } from '../environment/fixture';
import { emptyFolder, folderWith, terminalIn, type RecordedTerminal } from './terminal-fixture';

async function runDemo(folder: string, args: readonly string[] = [], is: Parameters<typeof terminalIn>[1] = {}): Promise<RecordedTerminal & { status: number }> {
  const terminal = terminalIn(folder, is);
  const status = await main(['demo', '--no-sandbox', ...args], terminal);
  return { ...terminal, status };
}

const ROOT = join(__dirname, '..', '..');
const PROVIDED = GUARANTEES.filter(({ state }) => state === 'provided');
const PLANNED = GUARANTEES.filter(({ state }) => state === 'planned');

describe('the demo, in a folder without a cdk.json', () => {
  let folder: string;
  let human: Awaited<ReturnType<typeof runDemo>>;
  let json: Awaited<ReturnType<typeof runDemo>>;
  let seen: Awaited<ReturnType<typeof parsed>>;
  const parsed = () => JSON.parse(json.out.text);

  beforeAll(async () => {
    folder = emptyFolder();
    human = await runDemo(folder);
    json = await runDemo(folder, ['--json']);
    seen = parsed();
  });

  test('succeeds without a word on the error stream and without escape codes', () => {
    expect([human.status, json.status]).toEqual([0, 0]);
    expect(human.err.text + json.err.text).toBe('');
    expect(human.out.text).not.toContain('\u001b');
  });

  test('names every guarantee that is provided, with its claim', () => {
    const words = human.out.text.replace(/\s+/g, ' ');
    expect(PROVIDED.length).toBeGreaterThan(5);
    for (const { id, claim } of PROVIDED) expect(words).toContain(`✔ ${id} ${claim} -`);
    for (const { id } of PROVIDED) expect(seen.guarantees).toContainEqual(expect.objectContaining({ guarantee: id, inForce: true }));
  });

  test('says of no planned guarantee that it is in force', () => {
    for (const { id } of PLANNED) expect(human.out.text).not.toContain(`✔ ${id}`);
    const inForce = seen.guarantees.filter((declaration: { inForce: boolean }) => declaration.inForce).map(({ guarantee }: { guarantee: string }) => guarantee);
    expect(inForce.filter((id: string) => PLANNED.some((planned) => planned.id === id))).toEqual([]);
    for (const id of seen.planned) expect(human.out.text).toContain(`\n  · ${id} `);
    expect([...seen.planned, ...seen.guarantees.map(({ guarantee }: { guarantee: string }) => guarantee)].sort())
      .toEqual(expect.arrayContaining(GUARANTEES.map(({ id }) => id).sort()));
  });

  test('says what it costs in a month', () => {
    expect(human.out.text).toContain(renderCostTable(seen.cost, { colour: false }));
    expect(human.out.text).toMatch(/\n {2}total +\d+\.\d\d\n/);
  });

  test('names a template that exists and has as many resources as it says', () => {
    expect(seen.template).toBe(join('cdk.out', 'demo', 'Guardrails-demo.template.json'));
    expect(human.out.text).toContain(`\nTemplate   ${seen.template}\n`);
    const template = JSON.parse(readFileSync(join(folder, seen.template), 'utf8'));
    expect(Object.keys(template.Resources)).toHaveLength(seen.resources);
    expect(human.out.text).toContain(`✔ ${seen.resources} resources synthesized`);
  });

  test('gives machines one document with these keys', () => {
    expect(Object.keys(seen)).toEqual(['environment', 'cdkJson', 'template', 'resources', 'seconds', 'proof', 'guarantees', 'planned', 'cost']);
    expect(seen.environment).toBe('demo');
  });

  test('says in one line what was proven, and how to see why', async () => {
    const { claims, assumptions } = seen.proof;
    expect(claims).toBeGreaterThan(10);
    expect(seen.proof).toEqual({ verdict: 'pass', claims, assumptions, exceptions: 0 });
    expect(human.out.text).toContain(`\n✔ Proven: ${claims} claims hold over ${seen.resources} resources, with ${assumptions} assumptions (npx dbguard audit ${join('cdk.out', 'demo')})\n`);
    const terminal = terminalIn(folder);
    expect(await main(['audit', join('cdk.out', 'demo'), '--json'], terminal)).toBe(0);
    const audited = JSON.parse(terminal.out.text);
    expect([audited.rules.length, audited.assumptions.length]).toEqual([claims, assumptions]);
  });

  test('ends with what to do next', () => {
    expect(human.out.text).toMatch(new RegExp([
      '\\nWhat to do next\n',
      `  deploy one stack per environment    write an app.ts and a cdk.json: ${join(ROOT, 'README.md')}\n`,
      `  guard a database that you have      describe it in cdk.json, context.environments: ${join(ROOT, 'ENVIRONMENTS.md')}\n`,
      `  import the constructs               ${join(ROOT, 'examples', 'existing-instance', 'app.ts')}\n$`,
    ].join('')));
  });

  test('says that the environment is an example, and where it comes from', () => {
    expect(human.out.text).toContain(`\n! there is no cdk.json with context.environments in ${folder}: demo is an example of the kit, from ${join(ROOT, 'cdk.json')}\n`);
    expect(seen.cdkJson).toBe(join(ROOT, 'cdk.json'));
  });

  test('refuses an environment that the examples do not have, and says that it looked at them', async () => {
    const { status, out, err } = await runDemo(folder, ['--env', 'prod']);
    expect([status, out.text]).toEqual([2, '']);
    expect(err.text).toBe(`dbguard demo: there is no cdk.json with context.environments in ${folder}, and of the examples: there is no environment 'prod'; `
      + `the environments of ${join(ROOT, 'cdk.json')} are demo, prod-example, lattice-example\n`);
  });
});

describe("the demo of a user's own environments", () => {
  const folder = () => folderWith({ environments: { demo: created(), prod: existing() } });

  test('sends those with an existing database to preflight', async () => {
    const { status, out } = await runDemo(folder(), ['--env', 'prod']);
    expect(status).toBe(0);
    expect(out.text).toContain('✔ environment prod is valid\n');
    expect(out.text).toContain('  see what a deployment would say     npx dbguard preflight --env prod\n');
    expect(out.text).not.toContain('example of the kit');
  });

  test('sends those that make their database to the deployment', async () => {
    const { out } = await runDemo(folder());
    expect(out.text).toContain('  try it in an account of its own     npx cdk deploy -c env=demo\n');
    expect(out.text).not.toContain('dbguard preflight');
  });

  test('names the command as it is called here', async () => {
    const { out } = await runDemo(folder(), ['--env', 'prod'], { program: 'npm run -s dbguard --' });
    expect(out.text).toContain('  see what a deployment would say     npm run -s dbguard -- preflight --env prod\n');
    expect(out.text).not.toContain('npx dbguard');
  });

  test('writes where it is told to, in this folder or in another', async () => {
    const [here, elsewhere] = [folder(), emptyFolder()];
    expect((await runDemo(here, ['--output', 'out'])).status).toBe(0);
    expect(existsSync(join(here, 'out', 'Guardrails-demo.template.json'))).toBe(true);
    expect((await runDemo(here, ['--output', join(elsewhere, 'out')])).status).toBe(0);
    expect(existsSync(join(elsewhere, 'out', 'Guardrails-demo.template.json'))).toBe(true);
    expect(readdirSync(here).sort()).toEqual(['cdk.json', 'out']);
  });

  test('on a terminal has colours and leaves no progress behind', async () => {
    const { out, err } = await runDemo(folder(), [], { tty: true });
    expect(out.text).toContain('\u001b[32m✔\u001b[39m environment ');
    expect(err.text).toMatch(/^synthesizing and validating …\r +\r$/);
  });
});

describe('the demo ends with status 2, nothing printed and nothing written', () => {
  test.each([
    ['an unknown environment', { environments: { prod: existing(), test: created() } }, ['--env', 'prdo'], "dbguard demo: there is no environment 'prdo'; the environments of FILE are prod, test\n"],
    ['no environment called demo', { environments: { prod: existing() } }, [], "dbguard demo: there is no environment 'demo'; the environments of FILE are prod\n"],
    ['an environment that leads out of the folder', { environments: { prod: existing() } }, ['--env', '../../x'], "dbguard demo: there is no environment '../../x'; the environments of FILE are prod\n"],
    ['a broken cdk.json', '{ "context": ', [], 'dbguard demo: FILE is not valid JSON: line 1, column 14: the file ends where a value should be\n'],
    ['environments under a misspelt key', { enviroments: { demo: created() } }, [], 'dbguard demo: FILE: context has "enviroments", which nothing reads; write environments\n'],
    ['an unknown option', { environments: { demo: created() } }, ['--dry-run'], 'dbguard demo: there is no option --dry-run; the options are --env NAME, --output DIR, --no-sandbox, --keep, --postgres 15|16|17|18, --server-bin DIR, --state DIR, --json, --help\n'],
    [
      'a mistake in any environment', { environments: { demo: created(), prod: { ...existing(), region: 'Frankfurt' } } }, [],
      'dbguard demo: FILE: 1 mistake in the environments; nothing was synthesized\n\nenvironments.prod.region\n'
        + '  seen:  "Frankfurt"\n  write: an AWS Region such as eu-central-1\n',
    ],
  ])('with %s', async (_, cdkJson, args, message) => {
    const folder = folderWith(cdkJson);
    const { status, out, err } = await runDemo(folder, args);
    expect({ status, out: out.text }).toEqual({ status: 2, out: '' });
    expect(err.text.replaceAll(join(folder, 'cdk.json'), 'FILE')).toBe(message);
    expect(readdirSync(folder)).toEqual(['cdk.json']);
  });

  test('and its progress is taken back before the reason is said', async () => {
    const folder = folderWith({ environments: { demo: created() } });
    const { status, err } = await runDemo(folder, ['--output', 'cdk.json'], { tty: true });
    expect(status).toBe(2);
    expect(err.text).toMatch(/^synthesizing and validating …\r +\rdbguard demo: /);
  });
});
