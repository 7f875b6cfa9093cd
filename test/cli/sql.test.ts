import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from '../../lib/cli/main';
import { sqlIn } from '../../lib/cli/sql';
import { testServer, withConnection } from '../sandbox/fixture';
import { emptyFolder, terminalIn } from './terminal-fixture';

async function run(args: readonly string[], input?: string | Uint8Array, is: Parameters<typeof terminalIn>[1] = {}, folder = emptyFolder()) {
  const terminal = terminalIn(folder, is);
  const command = sqlIn(() => (typeof input === 'string' ? Buffer.from(input) : input));
  const status = await command.run(args, terminal);
  return { status, out: terminal.out.text, err: terminal.err.text };
}

function fileWith(sql: string): string {
  const folder = emptyFolder();
  writeFileSync(join(folder, 'change.sql'), sql);
  return folder;
}

describe('dbguard sql classify', () => {
  test('shows a table, from a file', async () => {
    const folder = fileWith('-- new column\nALTER TABLE orders ADD COLUMN note text;\n\n  UPDATE orders SET note = \'hunter2\';\nSELECT count(*) FROM orders;\n\nCREATE INDEX CONCURRENTLY ON orders (note);\n');
    expect(await run(['classify', 'change.sql'], undefined, {}, folder)).toEqual({
      status: 1, err: '',
      out: [
        '2:1  schema            orders  alters the table orders',
        '4:3  write   destroys  orders  changes rows of orders; perhaps all of them: only the catalog knows whether a',
        '                               key is named',
        '5:1  read              orders  only reads',
        '7:1  schema            orders  makes an index on orders; cannot run inside a transaction',
        '',
        'No parser sees what is behind these names: views, rules, triggers, operators, domains. --catalog URL asks the database; --json lists each.',
        '',
      ].join('\n'),
    });
  });

  test('says what the README shows', async () => {
    const readme = readFileSync(join(__dirname, '..', '..', 'README.md'), 'utf8');
    const [, statements = '', shown] = /\n### What a statement does\n[^]*?```sql\n([^]*?)```[^]*?```text\n([^]*?)```/.exec(readme) ?? [];
    expect(await run(['classify'], statements)).toEqual({ status: 1, out: shown, err: '' });
  });

  test('reads what it is sent, with or without -', async () => {
    const expected = { status: 0, out: '1:1  read    only reads\n', err: '' };
    expect(await run(['classify'], 'SELECT 1')).toEqual(expected);
    expect(await run(['classify', '-'], 'SELECT 1')).toEqual(expected);
  });

  test('is a list for machines', async () => {
    const { status, out } = await run(['classify', '--json'], 'é; DROP TABLE t');
    expect(status).toBe(1);
    expect(JSON.parse(out)).toEqual([{
      start: 0, end: 16, kind: 'unknown', destructive: false, objects: [], transactional: true, limits: [],
      because: 'PostgreSQL does not accept it: it stops making sense after 0 characters',
    }]);
    const { out: both } = await run(['classify', '--json'], 'SELECT é FROM t; DROP TABLE u');
    expect((JSON.parse(both) as { start: number; end: number; kind: string }[]).map(({ start, end, kind }) => [start, end, kind])).toEqual([[0, 16, 'read'], [18, 30, 'schema']]);
  });

  test('hides nothing, and colours only a terminal', async () => {
    const hidden = 'DROP TABLE "a\u202eb\u200bc\ufe0f\u00a0"';
    const table = await run(['classify'], hidden);
    expect(table.out).toBe(`1:1  schema  destroys  "a<U+202E>b<U+200B>c<U+FE0F><U+00A0>"\n${' '.repeat(55)}drops the table "a<U+202E>b<U+200B>c<U+FE0F><U+00A0>"\n`);
    const json = await run(['classify', '--json'], hidden);
    expect(json.out).toContain('\\u202e');
    expect(json.out).not.toMatch(/[\u202e\u200b\ufe0f\u00a0]/);
    expect((JSON.parse(json.out) as { objects: string[] }[])[0]!.objects).toEqual(['"a\u202eb\u200bc\ufe0f\u00a0"']);
    expect((await run(['classify'], 'SELECT 1', { tty: true })).out).toBe('1:1  \u001b[32mread\u001b[39m    only reads\n');
  });

  test('breaks long reasons under themselves', async () => {
    const { out } = await run(['classify'], 'DROP TABLE alpha, beta, gamma, delta, epsilon, zeta CASCADE', { columns: 80 });
    expect(out.split('\n').every((line) => line.length <= 96)).toBe(true);
    expect(out.split('\n')[1]).toMatch(/^ {50,}drops the table alpha/);
  });

  test.each<[args: string[], input: string | undefined, message: string]>([
    [[], '', 'write dbguard sql classify [FILE | -]; see dbguard sql --help'],
    [['explain'], '', "there is no 'explain'; write dbguard sql classify [FILE | -]; see dbguard sql --help"],
    [['classify'], undefined, 'write a FILE, or send the statements in: dbguard sql classify < FILE'],
    [['classify'], ' -- nothing\n', 'there is no statement in it'],
    [['classify', 'nowhere.sql'], undefined, 'cannot read nowhere.sql (ENOENT)'],
    [['classify', 'a.sql', 'b.sql'], undefined, "'b.sql' is not an option; the options are --catalog URL, --json, --help"],
    [['classify', '--catalog', 'shop'], 'SELECT 1', '--catalog is no URL of a database; write postgresql://USER@HOST:PORT/DATABASE'],
    [['classify', '--catalog', 'postgresql://u:hunter2@example.com/shop'], 'SELECT 1',
      'the package has no certificate authority of RDS for example.com, so that it cannot be told from another host'],
  ])('%j cannot be run: %s', async (args, input, message) => {
    await expect(run(args, input)).rejects.toMatchObject({ message });
  });

  test('has its help', async () => {
    const terminal = terminalIn(emptyFolder());
    expect(await main(['sql', '--help'], terminal)).toBe(0);
    for (const part of ['dbguard sql: ', '\nUsage: dbguard sql classify ', '\nOptions\n', '  --catalog URL ', '  --json ', '\nExamples\n  dbguard sql classify']) expect(terminal.out.text).toContain(part);
    expect(terminal.out.text.split('\n').filter((line) => line.length > 130)).toEqual([]);
  });
});

describe('with --catalog', () => {
  let pg: Awaited<ReturnType<typeof testServer>>;
  beforeAll(async () => {
    pg = await testServer(17);
    await withConnection(pg.superuserUrl('postgres'), (sql) => sql.script(`CREATE TABLE orders (id int PRIMARY KEY, note text);
      CREATE FUNCTION wipe() RETURNS int LANGUAGE sql AS 'DELETE FROM orders; SELECT 1'; CREATE VIEW totals AS SELECT wipe() AS total;`));
  });
  afterAll(() => pg?.remove());

  test('what is behind a name counts', async () => {
    const url = new URL(pg.superuserUrl('postgres'));
    const password = decodeURIComponent(url.password);
    url.password = '';
    const statements = "SELECT * FROM totals; UPDATE orders SET note = 'x' WHERE id = 1; SELECT * FROM orders";
    expect(await run(['classify', '--catalog', url.href], statements, { environment: { PGPASSWORD: password } })).toEqual({
      status: 1, err: '',
      out: [
        '1:1   write  destroys  totals  reads public.totals: calls public.wipe: deletes all rows of orders',
        '1:23  write            orders  changes rows of orders',
        '1:66  read             orders  only reads',
        '',
      ].join('\n'),
    });
  });

  test('a wrong password is no answer, and is not repeated', async () => {
    const url = new URL(pg.superuserUrl('postgres'));
    url.password = 'hunter2';
    await expect(run(['classify', '--catalog', url.href], 'SELECT 1')).rejects.toThrow(/^cannot log in to 127\.0\.0\.1:\d+\/postgres as rdsadmin: password authentication failed/);
  });
});
