import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from '../../lib/cli/command';
import { approve, reject } from '../../lib/cli/approve';
import { freeze } from '../../lib/cli/freeze';
import { main } from '../../lib/cli/main';
import { proposeWith } from '../../lib/cli/propose';
import { requests, show } from '../../lib/cli/requests';
import { SHOP } from '../../lib/sandbox/contents';
import { up, type Sandbox } from '../../lib/sandbox/sandbox';
import { removeFolder, withConnection } from '../sandbox/fixture';
import { classifyStub } from '../sandbox/gate/classify-stub';
import { terminalIn } from './terminal-fixture';

const COMMANDS: Readonly<Record<string, Command>> = { propose: proposeWith(classifyStub), approve, reject, requests, show, freeze };
let folder: string;
let sandbox: Sandbox;
const background: (readonly string[])[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dbguard-'));
  chmodSync(folder, 0o755);
  ({ sandbox } = await up({ folder: join(folder, '.dbguard') }, SHOP));
}, 120_000);
afterAll(() => removeFolder(folder));

/** A command as it is typed, with what is piped in. What is thrown becomes what `main` makes of it. */
async function run(line: readonly string[], input = '') {
  const [name = '', ...args] = line;
  async function* typed() { await Promise.resolve(); if (input !== '') yield input; }
  const terminal = { ...terminalIn(folder), in: typed(), background: (more: readonly string[]) => { background.push(more); } };
  const status = await COMMANDS[name]!.run(args, terminal).catch((error: Error) => {
    terminal.err.write(error.message);
    return 2;
  });
  return { status, out: terminal.out.text, err: terminal.err.text };
}

const json = async (line: readonly string[], input?: string) => {
  const { status, out } = await run([...line, '--sandbox', '--json'], input);
  return { status, ...JSON.parse(out) };
};
const orders = async (where: string) => withConnection(sandbox.primary.superuserUrl('shop'), async (sql) => (await sql.query<{ n: number }>(`SELECT count(*)::int AS n FROM orders WHERE ${where}`)).rows[0]!.n);

test.each(['propose', 'approve', 'reject', 'requests', 'show', 'freeze'])('the help of %s has its options and examples', async (name) => {
  const terminal = terminalIn(folder);
  expect(await main([name, '--help'], terminal)).toBe(0);
  for (const part of [`dbguard ${name}: `, '\nUsage: dbguard ', '\nOptions\n', '  --sandbox ', '  --as NAME ', '  --json ', `\nExamples\n  `, 'dbguard ']) expect(terminal.out.text).toContain(part);
  expect(terminal.out.text.split('\n').filter((line) => line.length > 140)).toEqual([]);
});

describe('what cannot be', () => {
  test.each([
    [['propose', 'x.sql'], 'say which gate: --sandbox'],
    [['propose', 'x.sql', '--env', 'prod'], '--env is not there yet: the gate of an environment comes later; write --sandbox'],
    [['freeze', 'status', '--env', 'prod', '--sandbox'], '--env is not there yet: the gate of an environment comes later; write --sandbox'],
    [['propose', '--sandbox'], 'say which: dbguard propose FILE, or - for what is piped in'],
    [['propose', 'a', 'b', '--sandbox'], "'b' is one too many; write dbguard propose FILE, or - for what is piped in"],
    [['propose', 'none.sql', '--sandbox'], 'none.sql cannot be read (ENOENT); write the name of a file of at most 262144 bytes of SQL, or - for what is piped in'],
    [['propose', '-', '--max-rows', 'few', '--sandbox'], "--max-rows is 'few'; write a whole number from 0"],
    [['propose', '-', '--approvals', '0', '--sandbox'], "--approvals is '0'; write a whole number from 1"],
    [['propose', '-', '--expires', '8d', '--sandbox'], "--expires is '8d'; write a number and s, m, h or d, such as 30m or 4h, at most 7d"],
    [['propose', '-', '--as', 'mallory', '--sandbox'], "there is nobody called 'mallory' in the sandbox; the agents are coding, the approvers alice, bob"],
    [['show', 'cr-00000000', '--sandbox'], "there is no request 'cr-00000000'; there are none yet"],
    [['show', '../../etc', '--sandbox'], "there is no request '../../etc'; there are none yet"],
    [['reject', 'cr-00000000', '--sandbox'], 'say why: --reason TEXT'],
    [['freeze', 'on', '--sandbox'], 'say why: --reason TEXT'],
    [['freeze', 'off', '--until', '1h', '--sandbox'], '--until is for freeze on'],
    [['freeze', 'thaw', '--sandbox'], "there is no 'freeze thaw': dbguard freeze on|off|status"],
    [['freeze', 'on', '--reason', 'r', '--until', '2020-01-01', '--sandbox'], "--until is '2020-01-01', which is over"],
  ])('%j ends with status 2', async (line, message) => {
    const { status, out, err } = await run(line, 'SELECT 1');
    expect([status, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });

  test('nothing is proposed by a version that cannot tell what SQL does', async () => {
    await expect(proposeWith(undefined).run(['-', '--sandbox'], terminalIn(folder))).rejects.toThrow('this version cannot tell what SQL does, and so proposes nothing');
  });
});

test('a change is proposed, shown, approved by somebody else with the start of its digest, and executed', async () => {
  writeFileSync(join(folder, 'fix.sql'), "-- \u202Ehidden\nUPDATE orders SET status = 'paid' WHERE id = 1;\nDELETE FROM order_items WHERE order_id = 2;\n");
  const proposed = await json(['propose', 'fix.sql', '--reason', 'a customer asked', '--expires', '30m']);
  expect(proposed).toMatchObject({
    status: 0, id: expect.stringMatching(/^cr-[a-z0-9]{8}$/), state: 'rehearsed', digest: expect.stringMatching(/^[0-9a-f]{64}$/), requester: 'coding', reason: 'a customer asked',
    rowBound: 3, classification: [{ kind: 'write', destructive: false }, { kind: 'write', destructive: true }], rehearsal: { done: true, rows: 3 }, target: { database: 'shop', port: sandbox.primary.port },
  });
  expect(Date.parse(proposed.expires) - Date.parse(proposed.filed)).toBe(1_800_000);
  const { out } = await run(['show', proposed.id, '--sandbox']);
  for (const part of ["    1  -- <U+202E>hidden\n    2  UPDATE orders SET status = 'paid' WHERE id = 1;\n", 'coding: a customer asked', `  digest      ${proposed.digest}\n`,
    '  at most     3 rows; one more, and everything is rolled back\n', '  2  write, destructive · order_items · 2 rows · it begins with DELETE\n', 'public.orders: RowExclusiveLock, blocks CREATE INDEX, CREATE TRIGGER and ALTER TABLE until it is done']) expect(out).toContain(part);

  const typed = `${proposed.digest.slice(0, 8)}\n`;
  expect(await run(['approve', proposed.id, '--sandbox'], typed)).toMatchObject({ status: 1, err: expect.stringContaining('dbguard approve: coding asked for it and cannot approve it\n') });
  const notLooked = `dbguard approve: what was typed is not how the digest begins; it begins with ${proposed.digest.slice(0, 6)}\n`;
  for (const wrong of ['', 'yes\n', `${proposed.digest.slice(0, 5)}\n`, `x${typed}`]) {
    expect(await run(['approve', proposed.id, '--as', 'alice', '--sandbox'], wrong)).toMatchObject({ status: 1, err: expect.stringContaining(notLooked) });
  }
  const approved = await run(['approve', '--as', 'alice', proposed.id, '--sandbox'], typed);
  expect([approved.status, approved.err]).toEqual([0, 'Type at least the first 6 characters of the digest to approve it as alice: \n']);
  expect(approved.out).toContain("    1  -- <U+202E>hidden\n");
  expect(approved.out).toMatch(new RegExp(`\n${proposed.id} executed: 3 rows; to undo it, restore to just before transaction \\d+ \\(.*\\)\n$`));
  expect(await orders("id = 1 AND status = 'paid'")).toBe(1);
  expect(await json(['show', proposed.id])).toMatchObject({ state: 'executed', approvals: [{ approver: 'alice' }], execution: { rows: 3, restorable: { lsn: expect.any(String) } } });
  expect(await run(['approve', proposed.id, '--as', 'bob', '--sandbox'], typed)).toMatchObject({ status: 1, err: 'dbguard approve: it is executed already, and an approval is used once\n' });
  expect((await run(['requests', '--sandbox'])).out).toMatch(new RegExp(`^${proposed.id}  executed  20.*Z  coding: a customer asked\n$`));
});

test('what fails its rehearsal, or is not taken, ends with status 1', async () => {
  expect(await json(['propose', '-', '--max-rows', '1'], 'UPDATE orders SET total = 0')).toMatchObject({ status: 1, state: 'proposed', because: 'it changed 2500 rows on the staging copy, and at most 1 were asked for' });
  expect(await json(['propose', '-'], 'BEGIN; DELETE FROM orders; COMMIT')).toMatchObject({ status: 1, state: 'refused', because: [expect.stringMatching(/^statement 1 is for the session/), expect.stringMatching(/^statement 3 is/)] });
});

test('of two approvals the first waits for the second, which need not wait for the outcome', async () => {
  const { id, digest } = await json(['propose', '-', '--approvals', '2'], "UPDATE orders SET status = 'shipped' WHERE id = 9");
  expect(await run(['approve', id, '--as', 'alice', '--sandbox'], digest)).toMatchObject({ status: 0, out: expect.stringMatching(new RegExp(`\n${id} rehearsed: 1 of 2 approvals\n$`)) });
  expect(await run(['approve', id, '--as', 'alice', '--sandbox'], digest)).toMatchObject({ status: 1, err: expect.stringContaining('alice approved it already; another approver has to') });
  expect(await json(['approve', id, '--as', 'bob', '--no-wait'], digest)).toMatchObject({ status: 0, state: 'approved' });
  const [rest] = background;
  expect(rest).toEqual(['approve', id, '--carry-out', '--sandbox', '--state', join(folder, '.dbguard')]);
  expect(await run(rest!)).toMatchObject({ status: 0, out: expect.stringContaining(`${id} executed: 1 rows; `) });
});

test('a change is rejected by an approver, for good', async () => {
  const { id, digest } = await json(['propose', '-'], "UPDATE orders SET status = 'open' WHERE id = 9");
  expect(await run(['reject', id, '--reason', 'not now', '--as', 'alice', '--sandbox'])).toEqual({ status: 0, out: `${id} rejected: alice: not now\n`, err: '' });
  expect(await run(['approve', id, '--as', 'bob', '--sandbox'], digest)).toMatchObject({ status: 1, err: 'dbguard approve: it is rejected\n' });
});

test('a freeze is verified before it is reported, and refuses until it is lifted', async () => {
  expect(await json(['freeze', 'status'])).toEqual({ status: 0, frozen: false, roleCanLogIn: true, verified: false });
  const { id, digest } = await json(['propose', '-'], "UPDATE orders SET status = 'open' WHERE id = 9");
  const on = await run(['freeze', 'on', '--reason', 'the sale', '--until', '2d', '--as', 'alice', '--sandbox']);
  expect([on.status, on.err]).toEqual([0, '']);
  expect(on.out).toMatch(/^frozen by alice until 20.*Z: the sale\n {2}20.*Z {2}written down: no change starts\n {2}20.*Z {2}the role.*cannot log in\n {2}20.*Z {2}it has no session left\n {2}20.*Z {2}a write as it was tried, and refused\n$/);
  expect(await json(['freeze', 'status'])).toMatchObject({ status: 0, frozen: true, roleCanLogIn: false, verified: true, by: 'alice', reason: 'the sale' });
  expect(await run(['approve', id, '--as', 'bob', '--sandbox'], digest)).toMatchObject({ status: 1, err: expect.stringContaining('dbguard approve: changes are frozen until 20') });
  expect(await run(['freeze', 'off', '--sandbox'])).toEqual({ status: 1, out: '', err: 'dbguard freeze: coding is no approver; a freeze is lifted by alice or bob\n' });
  // Somebody opens the role by hand.
  await withConnection(sandbox.primary.superuserUrl('shop'), (sql) => sql.query('ALTER ROLE dbguard_gate_writer LOGIN'));
  expect(await run(['freeze', 'status', '--sandbox'])).toMatchObject({ status: 1, err: 'dbguard freeze: what is written down and the role do not agree; freeze it again\n' });
  expect(await run(['freeze', 'off', '--as', 'alice', '--sandbox'])).toEqual({ status: 0, out: 'changes are no longer frozen; lifted by alice\n', err: '' });
  expect(await run(['approve', id, '--as', 'bob', '--sandbox'], digest)).toMatchObject({ status: 0, out: expect.stringContaining(`${id} executed: 1 rows`) });
});
