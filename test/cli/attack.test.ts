import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { renderAttacks, touched } from '../../lib/cli/attack-report';
import { main } from '../../lib/cli/main';
import { ATTACKS, type AttackReport, type ColumnResult, type Outcome } from '../../lib/sandbox/attack';
import { serversIn } from '../../lib/sandbox/processes';
import { openFolder, removeFolder } from '../sandbox/fixture';
import { emptyFolder, terminalIn } from './terminal-fixture';

let folder: string;
beforeAll(() => { folder = openFolder(); });
afterAll(() => removeFolder(folder));

async function run(...args: string[]) {
  const terminal = terminalIn(folder);
  const status = await main(['attack', ...args], terminal);
  return { status, out: terminal.out.text, err: terminal.err.text };
}

test('the help has every option, and examples', async () => {
  const { status, out, err } = await run('--help');
  expect([status, err]).toEqual([0, '']);
  for (const part of ['\nUsage: dbguard attack ', '\nOptions\n', '  --column ', '  --list ', '  --state DIR ', '  --json ', '  --server-bin DIR ', '\nExamples\n  dbguard attack']) expect(out).toContain(part);
  expect(out.split('\n').filter((line) => line.length > 130)).toEqual([]);
});

test.each([
  [['--postgres', '12'], "--postgres is '12'; write 15, 16, 17, 18"],
  [['--column', 'replica,moon'], "--column: there is no column 'moon'; the columns are replica, staging, primary, naive"],
  [['--server-bin', 'nowhere'], 'there is no program initdb in it'],
  [['--fast'], 'there is no option --fast; the options are --postgres 15|16|17|18, --server-bin DIR, --state DIR, --column NAME,NAME, --list, --json, --help'],
])('%j is refused, and nothing runs', async (args, message) => {
  const { status, out, err } = await run(...args);
  expect([status, out]).toEqual([2, '']);
  expect(err).toContain(message);
  expect(serversIn(folder)).toEqual([]);
});

describe('against a real sandbox', () => {
  let json: { status: number; out: string; err: string };
  beforeAll(async () => { json = await run('--column', 'replica', '--json'); }, 120_000);

  test('the document has every attack with its outcome, and exit status 0 says that nothing succeeded but what is explained', () => {
    expect([json.status, json.err]).toEqual([0, '']);
    const document = JSON.parse(json.out);
    expect(Object.keys(document)).toEqual(['postgres', 'seconds', 'problems', 'columns']);
    expect(document.problems).toEqual([]);
    const [replica] = document.columns;
    expect(replica).toMatchObject({ column: 'replica', left: [] });
    expect(replica.attacks).toHaveLength(ATTACKS.length);
    expect(replica.attacks.find(({ id }: { id: string }) => id === 'W1e')).toEqual({
      id: 'W1e', family: 'plain writes', title: expect.any(String), aim: 'write', result: 'refused', by: 'standby', code: '25006', said: expect.stringContaining('DELETE'), changed: [],
    });
    expect(replica.attacks.filter(({ result }: { result: string }) => result === 'succeeded').every(({ accepted }: { accepted?: object }) => accepted)).toBe(true);
  });

  test('no personal data and no password is in it', () => {
    expect(json.out).not.toMatch(/SCRAM-SHA|@mail\.example\b|9\d\d-\d\d-\d{4}/);
  });

  test('nothing is left: no server, no folder', () => {
    expect(serversIn(folder)).toEqual([]);
    const state = join(folder, '.dbguard');
    expect(existsSync(state) ? readdirSync(state).filter((name) => name.startsWith('attack')) : []).toEqual([]);
  });
});

describe('the report', () => {
  const attacks = ATTACKS.filter(({ id }) => ['W1', 'P1', 'E1', 'W5'].includes(id));
  const refused: Outcome = { result: 'refused', by: 'privilege', code: '42501', said: 'permission denied' };
  const known: Outcome = { result: 'succeeded', effects: ['was carried out'], accepted: { because: 'it may', stoppedBefore: 'nothing comes of it' } };
  const column = (name: ColumnResult['column'], outcomes: Record<string, Outcome>, changed: Record<string, string[]> = {}): ColumnResult => ({
    column: name, size: { rows: 17_358, objects: 60_210 }, left: [], seconds: 1, changed: new Map(Object.entries(changed)),
    outcomes: new Map(attacks.map(({ id }) => [id, outcomes[id] ?? refused])),
  });
  const report = (columns: ColumnResult[], problems: string[] = []): AttackReport => ({ postgres: 17, attacks, columns, seconds: 3, problems });
  const render = (of: AttackReport, list = false) => renderAttacks(of, terminalIn(emptyFolder()), { list });

  test('says what was measured, and lists what succeeds with its reason', () => {
    const text = render(report([column('replica', { E1: known })]));
    expect(text).toContain('✔ replica     17,358 rows, 60,210 objects     0 rows, 0 objects changed\n');
    expect(text).toContain('  ○ it may [replica: E1]\n    nothing comes of it\n');
    expect(text).toContain("✔ nothing succeeded in the kit's columns but what is explained above");
    expect(text).not.toContain('\u001b');
  });

  test('says loudly what must not be', () => {
    const leak: Outcome = { result: 'succeeded', effects: ['read a name'] };
    const text = render(report([column('replica', { P1: leak })], ['P1 on the replica, the column: read a name']));
    expect(text).toContain('✖ 1 thing that must not be\n  - P1 on the replica, the column: read a name');
    expect(text).toContain('✖ 0 of 1');
    expect(text).not.toContain('✔ nothing succeeded');
  });

  test('--list says of every attack what became of it', () => {
    const text = render(report([column('replica', { P1: { result: 'not here' } })]), true);
    expect(text).toContain('refused by privilege 42501: permission denied');
  });

  test('rows, objects and what is the role\'s own are told apart', () => {
    const changed = { W1: ['table public.orders: 3 → 2 rows'], W5: ['catalog pg_class: changed'], E1: ['settings of roles: changed'] };
    expect(touched(column('primary', {}, changed))).toEqual({ rows: 1, objects: 1, own: 1 });
    expect(render(report([column('primary', {}, changed)]))).toContain('✖ primary ¹   17,358 rows, 60,210 objects     1 attacks changed rows, 1 changed objects');
  });

  test.each([
    ['a large object that was added', ['large objects: 4 → 5 rows', 'catalog pg_largeobject_metadata: 4 → 5 rows'], { objects: 0, own: 1 }],
    ['a large object that is gone', ['large objects: 4 → 3 rows', 'catalog pg_largeobject_metadata: 4 → 3 rows'], { objects: 1, own: 0 }],
    ['a large object that was overwritten', ['large objects: changed'], { objects: 1, own: 0 }],
    ['default privileges of its own, in a row that it shares', ['catalog pg_default_acl: changed'], { objects: 0, own: 1 }],
    ['default privileges of its own', ['catalog pg_default_acl: 9 → 10 rows', 'catalog pg_depend: 2130 → 2131 rows'], { objects: 0, own: 1 }],
    ['what depends on something else', ['catalog pg_depend: 2130 → 2131 rows'], { objects: 1, own: 0 }],
    ['both', ['settings of roles: changed', 'catalog pg_class: changed'], { objects: 1, own: 0 }],
  ])('%s is counted as what it is', (_, changes, expected) => {
    expect(touched(column('primary', {}, { W: changes }))).toEqual({ rows: 0, ...expected });
  });

  test('the blog post is shown with what it lets through, and never counts as a failure', () => {
    const text = render(report([column('naive', { W5: { result: 'succeeded', effects: ['table crm.executives: 1206 → 0 rows'] } })]));
    expect(text).toContain('W5   call a procedure that empties the CRM: crm.executives: 1206 → 0 rows');
    expect(text).not.toContain('must not be');
  });
});
