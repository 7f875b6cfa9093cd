import { main } from '../../lib/cli/main';
import { serversIn } from '../../lib/sandbox/processes';
import { openFolder, removeFolder } from '../sandbox/fixture';
import { terminalIn } from './terminal-fixture';

let folder: string;
beforeAll(() => { folder = openFolder(); });
afterAll(() => removeFolder(folder));

async function run(...argv: string[]) {
  const terminal = terminalIn(folder);
  const status = await main(argv, terminal);
  return { status, out: terminal.out.text, err: terminal.err.text };
}

describe('the demo', () => {
  test('replays the incident, shows the scoreboard, and with --keep leaves a sandbox up', async () => {
    const { status, out, err } = await run('demo', '--keep');
    expect([status, err]).toEqual([0, '']);
    expect(out).not.toContain('\u001b');
    expect(out).toMatch(/\n1 {2}The stack\n! there is no cdk.json with context.environments in .+: demo is an example of the kit, from .+\n✔ \d+ resources synthesized and validated in [\d.]+ s, without an AWS account\n/);
    expect(out.match(/of 1206 executives and 1196 companies there are 0 and 0 left/g)).toHaveLength(2);
    expect(out).toContain('✔ of 1206 executives and 1196 companies there are 1206 and 1196 left');
    expect(out).toContain('     agent=> DROP SCHEMA crm CASCADE;\n     ERROR:  25006: cannot execute DROP SCHEMA in a read-only transaction\n');
    expect(out).toMatch(/\n3 {2}\d+ attacks, each for real, on PostgreSQL 17, in [\d.]+ s\n/);
    expect(out).toMatch(/\n✔ replica +[\d,]+ rows, [\d,]+ objects +0 rows, 0 objects changed\n/);
    expect(out.match(/^✖/gm)).toEqual(['✖']);
    expect(out).toContain('npx dbguard sandbox down');
    expect(serversIn(folder).length).toBeGreaterThan(2);
    expect((await run('sandbox', 'status')).status).toBe(0);
    expect((await run('sandbox', 'down')).status).toBe(0);
    expect(serversIn(folder)).toEqual([]);
  }, 300_000);

  test('where there are no programs of PostgreSQL it says so, shows the stack, and that is no failure', async () => {
    const platform = Object.getOwnPropertyDescriptor(process, 'platform')!;
    Object.defineProperty(process, 'platform', { ...platform, value: 'sunos' });
    try {
      const { status, out, err } = await run('demo');
      expect(status).toBe(0);
      expect(err).toMatch(/^PostgreSQL does not run here, so the demo ends with the stack: .*sunos/);
      expect(out).toContain('What this stack guarantees');
      expect(out).not.toContain('The incident');
    } finally {
      Object.defineProperty(process, 'platform', platform);
    }
  });

  test('--keep and --no-sandbox contradict each other', async () => {
    expect(await run('demo', '--keep', '--no-sandbox')).toEqual({
      status: 2, out: '', err: 'dbguard demo: --keep leaves a sandbox up; leave it out with --no-sandbox\n',
    });
  });
});
