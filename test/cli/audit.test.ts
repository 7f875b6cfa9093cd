import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Assembly, Report } from '../../lib/audit/model';
import type { ReadResult } from '../../lib/assembly/read-assembly';
import type { AuditOptions } from '../../lib/audit/audit';
import { auditWith, type Auditor } from '../../lib/cli/audit';
import { guarded, proven, refuted } from '../audit/report-fixture';
import { emptyFolder, terminalIn } from './terminal-fixture';

/** A folder with a cloud assembly in cdk.out, and two more in cdk.out.many. */
function folder(): string {
  const here = emptyFolder();
  for (const path of ['cdk.out', 'cdk.out.many/demo', 'cdk.out.many/prod', 'deployed']) {
    mkdirSync(join(here, path), { recursive: true });
    writeFileSync(join(here, path, 'manifest.json'), '{}');
  }
  mkdirSync(join(here, 'empty'));
  writeFileSync(join(here, 'template.json'), '{}');
  writeFileSync(join(here, 'scp.json'), '{"Statement":[]}');
  writeFileSync(join(here, 'broken.json'), '{');
  writeFileSync(join(here, 'list.json'), '[]');
  return here;
}

interface Run {
  readonly args?: readonly string[];
  readonly report?: Report;
  readonly reading?: (path: string) => ReadResult;
  readonly tty?: boolean;
  readonly environment?: Record<string, string>;
}

async function run({ args = [], report = refuted, reading, ...is }: Run = {}) {
  const here = folder();
  const terminal = terminalIn(here, is);
  const asked: { read: unknown[]; options?: AuditOptions } = { read: [] };
  const source = { file: join(here, 'cdk.out/Shop.template.json'), line: 7 };
  const assembly: Assembly = { ...guarded, resources: guarded.resources.map((resource) => ({ ...resource, source })) };
  const auditor: Auditor = {
    read: (path, options) => {
      asked.read.push([path.replace(`${here}/`, ''), options]);
      return reading?.(path) ?? { do: 'read', worlds: [{ assembly, when: [] }] };
    },
    audit: (_, options) => {
      asked.options = options;
      return { do: 'report', report };
    },
    today: () => '2026-11-20',
    version: () => '0.1.0',
  };
  const status = await auditWith(auditor).run(args, terminal);
  return { status, out: terminal.out.text.replaceAll(here, '.'), err: terminal.err.text.replaceAll(here, '.'), asked, here };
}

describe('what comes out', () => {
  test.each([['proven', proven, 0], ['refuted', refuted, 1], ['unknown', { ...proven, verdict: 'unknown' as const }, 1]])('a %s report ends with its status', async (_, report, status) => {
    expect((await run({ report })).status).toBe(status);
  });

  test('is text unless something else is wanted, without colours in a pipe', async () => {
    const { out, err } = await run();
    expect(out).toContain('✖ Refuted: a claim does not hold\n  cdk.out: 3 claims hold');
    expect(out).not.toContain('\u001b');
    expect(err).toBe('');
  });

  test('has colours on a terminal, and none where they are not wanted', async () => {
    expect((await run({ tty: true })).out).toContain('\u001b[31m');
    expect((await run({ tty: true, environment: { NO_COLOR: '1' } })).out).not.toContain('\u001b');
  });

  test.each([['--json'], ['--format=json']])('%s is one JSON document', async (...args) => {
    expect(JSON.parse((await run({ args })).out)).toMatchObject({ verdict: 'fail', findings: [{ path: [{}, {}] }, { path: [] }] });
  });

  test('SARIF names files from the folder of the command', async () => {
    const { out } = await run({ args: ['--format', 'sarif'] });
    expect(JSON.parse(out).runs[0].results[0].locations[0].physicalLocation).toEqual({ artifactLocation: { uri: 'cdk.out/Shop.template.json' }, region: { startLine: 7 } });
  });

  test('HTML has the people of the assembly in its picture', async () => {
    const { out } = await run({ args: ['--format', 'html', '--agent', 'CodingAgentRole', '--agent', 'SupportAgentRole', '--production', 'Production'] });
    expect(out).toContain('Agents (Agent-coding/Role, Agent-support/Role)');
  });

  test('a file is written, and the verdict said', async () => {
    const { out, here, status } = await run({ args: ['--format', 'sarif', '--output', 'a.sarif'] });
    expect([status, out]).toEqual([1, 'Refuted: a claim does not hold (3 claims hold, 1 is refuted, 1 is unknown; 2 assumptions, 1 exception); written to ./a.sarif\n']);
    expect(JSON.parse(readFileSync(join(here, 'a.sarif'), 'utf8')).version).toBe('2.1.0');
  });

  test('several formats go into a folder', async () => {
    const { here } = await run({ args: ['--format', 'text,json,sarif,html', '--output', 'reports/today'], tty: true });
    for (const ending of ['txt', 'json', 'sarif', 'html']) expect(existsSync(join(here, 'reports/today', `audit.${ending}`))).toBe(true);
    expect(readFileSync(join(here, 'reports/today/audit.txt'), 'utf8')).not.toContain('\u001b');
  });
});

test('what was asked reaches the reader and the rules', async () => {
  const { asked } = await run({ args: [
    'template.json', '--agent', 'A', '--agent', 'B', '--production', 'Orders', '--approver', 'Dba', '--against', 'deployed', '--parameter', 'Stage=prod=1', '--parameter', 'Empty=',
    '--service-control', 'scp.json', '--account', '111122223333', '--region', 'eu-central-1',
  ] });
  const options = { parameters: { Stage: 'prod=1', Empty: '' }, account: '111122223333', region: 'eu-central-1' };
  expect(asked.read).toEqual([['template.json', options], ['deployed', options]]);
  expect(asked.options).toMatchObject({
    subjects: { agents: ['A', 'B'], production: ['Orders'], approvers: ['Dba'] }, today: '2026-11-20', serviceControl: [{ Statement: [] }], deployed: { stacks: [{ id: 'Shop' }] },
  });
});

describe('what cannot run ends with status 2 and says everything that is wrong', () => {
  const refused = async (...args: string[]) => {
    const { status, out, err, asked } = await run({ args });
    expect([status, out, asked.read]).toEqual([2, '', []]);
    return err.trim().split('\n').map((line) => line.replace('dbguard audit: ', ''));
  };

  test('all mistakes in the arguments', async () => {
    expect(await refused('one', 'two', '--format', 'text,pdf', '--agents', 'x', '--account', '12', '--region', 'Frankfurt', '--parameter', 'secret', '--against')).toEqual([
      'there is no option --agents; the options are --agent X, --production X, --approver X, --parameter K=V, --service-control FILE, --format LIST, --output PATH, --against DIR, --account ID, --region NAME, --env NAME, --stack NAME, --json, --live, --print-policy, --help',
      '--against needs a value: --against DIR',
      'one assembly at a time, and these are 3: one, two, x',
      'there is no format pdf; the formats are text, json, sarif, html',
      '--account 12 is not the 12 digits of an account',
      '--region Frankfurt is not the name of a Region, such as eu-central-1',
      '--parameter needs a name and a value: --parameter Stage=prod',
    ]);
  });

  test('an option without its value, or given twice', async () => {
    expect(await refused('--agent', '--json', '--output', 'a', '--output', 'b', '--json=yes')).toEqual([
      '--agent needs a value: --agent X', '--json takes no value', '--output was given 2 times; give it once',
    ]);
  });

  test('several formats without a folder', async () => {
    expect(await refused('--format', 'text,sarif')).toEqual(['2 formats do not fit in one output: name a folder for them, --output FOLDER']);
  });

  test('paths: nothing there, no assembly, several assemblies; all files at once', async () => {
    expect(await refused('nowhere', '--against', 'empty', '--service-control', 'broken.json', '--service-control', 'list.json', '--service-control', 'no.json')).toEqual([
      'there is no nowhere in .: synthesize first, e.g. npx cdk synth, or name a cloud assembly or a template',
      'empty is not a cloud assembly: it has no manifest.json; synthesize into it, e.g. npx cdk synth --output empty, or name a template',
      'broken.json is not valid JSON; a service control policy is a JSON document with a Statement',
      'list.json is not a policy: it has no Statement',
      'no.json cannot be read: ENOENT',
    ]);
    expect(await refused('cdk.out.many')).toEqual([
      'cdk.out.many holds 2 assemblies, and one is audited at a time: dbguard audit cdk.out.many/demo or dbguard audit cdk.out.many/prod',
    ]);
  });

  test('templates that cannot be read, of both assemblies', async () => {
    const { status, err } = await run({ args: ['--against', 'deployed'], reading: (path) => ({ do: 'refuse', problems: [`${path} is a cycle`] }) });
    expect([status, err]).toEqual([2, 'dbguard audit: ./cdk.out is a cycle\ndbguard audit: ./deployed is a cycle\n']);
  });
});

test('what is deployed has to be one thing', async () => {
  const worlds = [{ assembly: guarded, when: ['IsProd = true'] }, { assembly: guarded, when: ['IsProd = false'] }];
  const { status, err } = await run({ args: ['--against', 'deployed'], reading: () => ({ do: 'read', worlds }) });
  expect([status, err]).toEqual([2, 'dbguard audit: deployed depends on conditions (IsProd = false): say what is deployed, with --parameter, --account and --region\n']);
});

test('the help names every option and format', () => {
  const { help } = auditWith({} as Auditor);
  for (const option of ['--format', '--json', '--output', '--agent', '--production', '--approver', '--against', '--parameter', '--service-control', '--account', '--region']) {
    expect(help).toMatch(new RegExp(`^  ${option}\\b`, 'm'));
  }
});
