import { spawn } from 'node:child_process';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalBytes } from '../../../lib/core/change/document';
import { GATE_WRITER_ROLE } from '../../../lib/core/policy';
import type { ChangeRequest } from '../../../lib/core/change';
import { SHOP } from '../../../lib/sandbox/contents';
import { openGate, type Gate, type Proposal } from '../../../lib/sandbox/gate/gate';
import { loadRequest, storeRequest } from '../../../lib/sandbox/gate/requests';
import { connectAsWriter } from '../../../lib/sandbox/gate/writer';
import { connectionUrl, up, type Sandbox } from '../../../lib/sandbox/sandbox';
import { caughtUp } from '../../../lib/sandbox/tokens';
import { primaryAt } from '../../../lib/sandbox/what-if';
import { openFolder, removeFolder, withConnection } from '../fixture';
import { classifyStub } from './classify-stub';

let folder: string;
let home: string;
let sandbox: Sandbox;
let gate: Gate;
let ahead = 0;
const now = () => Date.now() + ahead;

beforeAll(async () => {
  folder = openFolder();
  ({ sandbox } = await up({ folder }, SHOP));
  gate = await openGate(sandbox, now);
  home = join(sandbox.folder, 'gate');
}, 120_000);
afterAll(() => removeFolder(folder));

async function propose(sql: string, more: Partial<Proposal> = {}): Promise<ChangeRequest> {
  const outcome = await gate.propose({
    sql: Buffer.from(sql), requester: 'coding', reason: 'because', maxRows: undefined, expiresAfter: 3_600_000, approvalsNeeded: 1, ...more,
  }, classifyStub);
  if (outcome.do === 'refuse') throw new Error(outcome.because.join('; '));
  return outcome.request;
}

async function approved(sql: string, more: Partial<Proposal> = {}): Promise<ChangeRequest> {
  const { id, signed, because } = await propose(sql, more);
  if (!signed) throw new Error(because);
  expect(await gate.approve(id, 'alice', signed.digest)).toMatchObject({ do: 'done', request: { state: 'approved' } });
  return gate.show(id);
}

const carriedOut = async (id: string) => {
  const answer = await gate.carryOut(id);
  return answer.do === 'refuse' ? answer.because : [answer.request.state, answer.request.because].filter((part) => part !== undefined).join(': ');
};

function ask<Row>(place: 'primary' | 'replica' | 'staging', text: string): Promise<Row[]> {
  return withConnection(sandbox[place].superuserUrl('shop'), async (sql) => (await sql.query<Row>(text)).rows);
}

const stateOf = async (id: number) => (await ask<{ status: string }>('primary', `SELECT status FROM orders WHERE id = ${id}`))[0]!.status;

test('a migration and a data fix: rehearsed, approved by somebody else, executed, seen on the replica, undone by the noted moment', async () => {
  const before = await ask('primary', 'SELECT count(*) FROM orders');
  const migration = await approved('ALTER TABLE orders ADD COLUMN note text;\nCREATE TABLE notes (id int PRIMARY KEY, body text);\n');
  expect(migration.rehearsal).toMatchObject({ done: true, rows: 0, locks: [{ relation: 'public.orders', mode: 'AccessExclusiveLock', blocks: 'every read and every write' }] });
  // Nothing of a rehearsal is left, in the clone or in production.
  expect(await ask('staging', "SELECT 1 FROM pg_attribute WHERE attname = 'note' UNION ALL SELECT 1 FROM pg_database WHERE datname ~ '^rehearsal_'")).toEqual([]);
  expect(await carriedOut(migration.id)).toBe('executed');
  // It belongs to whom the rest belongs to, and the data fix is rehearsed on top of it.
  expect(await ask('primary', "SELECT relowner::regrole::text AS owner FROM pg_class WHERE relname = 'notes'")).toEqual([{ owner: 'app_owner' }]);
  const fix = await approved("UPDATE orders SET note = 'é; DROP' WHERE id <= 25; INSERT INTO notes VALUES (1, 'a'), (2, 'b')");
  expect([fix.rehearsal?.rows, fix.rehearsal?.statements.map(({ rows }) => rows), fix.signed?.document.rowBound]).toEqual([27, [25, 2], 27]);
  expect(fix.rehearsal?.statements[0]?.plan?.[0]).toMatch(/^Update on orders/);
  expect(await carriedOut(fix.id)).toBe('executed');
  await caughtUp(sandbox.primary, sandbox.replica);
  expect(await ask('replica', "SELECT count(*)::int AS notes FROM orders WHERE note = 'é; DROP'")).toEqual([{ notes: 25 }]);
  const { mark } = (await gate.show(fix.id)).execution!;
  expect(mark).toEqual({
    transaction: expect.stringMatching(/^\d+$/), session: expect.any(Number), rows: 27, restorable: { at: expect.stringMatching(/^20.*\+00$/), lsn: expect.stringMatching(/^[0-9A-F]+\/[0-9A-F]+$/), transaction: mark!.transaction },
  });
  const undone = await primaryAt(sandbox, 'undo', { kind: 'transaction', before: mark!.transaction! });
  try {
    await withConnection(undone.superuserUrl(), async (sql) => {
      expect((await sql.query("SELECT count(*) FROM orders WHERE note IS NULL")).rows).toEqual(before);
      expect((await sql.query('SELECT count(*)::int AS notes FROM notes')).rows).toEqual([{ notes: 0 }]);
    });
  } finally {
    await undone.remove();
  }
  // The history of a request stays.
  expect([1, 2, 3, 4, 5, 6].map((version) => existsSync(join(home, 'requests', fix.id, `00000${version}.json`)))).toEqual([true, true, true, true, true, true]);
});

describe('an approval is refused', () => {
  let request: ChangeRequest;
  beforeAll(async () => { request = await propose("UPDATE orders SET status = 'paid' WHERE id = 1"); });
  afterEach(async () => { expect((await gate.show(request.id)).approvals).toEqual([]); });

  test.each([
    ['of oneself', 'coding', 'coding asked for it and cannot approve it'],
    ['of somebody who is no approver', 'mallory', 'mallory is no approver; the approvers are alice, bob'],
  ])('%s', async (_, name, because) => {
    expect(await gate.approve(request.id, name, request.signed!.digest)).toMatchObject({ do: 'refuse', because });
  });

  test('of an approver who asked for it', async () => {
    const own = await propose("UPDATE orders SET status = 'paid' WHERE id = 1", { requester: 'alice' });
    expect(await gate.approve(own.id, 'alice', own.signed!.digest)).toMatchObject({ do: 'refuse', cause: 'self-approval', because: 'alice asked for it and cannot approve it' });
  });

  test('with a key that is not listed', async () => {
    const [listed, key] = [readFileSync(join(home, 'keyring.json'), 'utf8'), readFileSync(join(home, 'keys', 'bob.pem'), 'utf8')];
    writeFileSync(join(home, 'keyring.json'), JSON.stringify({ ...JSON.parse(listed), bob: undefined }));
    expect(await gate.approve(request.id, 'bob', request.signed!.digest)).toMatchObject({ do: 'refuse', cause: 'key-not-listed', because: 'no key of bob is listed' });
    writeFileSync(join(home, 'keyring.json'), listed);
    // Of the same kind, and somebody else's.
    writeFileSync(join(home, 'keys', 'bob.pem'), generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }));
    expect(await gate.approve(request.id, 'bob', request.signed!.digest)).toMatchObject({ do: 'refuse', cause: 'signature' });
    writeFileSync(join(home, 'keys', 'bob.pem'), key);
  });

  test('of what was edited in the meantime', async () => {
    const stored = loadRequest(home, request.id);
    storeRequest(home, stored.version, { ...stored.request, sql: Buffer.from("UPDATE orders SET status = 'open' WHERE id = 1") });
    expect(await gate.approve(request.id, 'alice', request.signed!.digest)).toMatchObject({ do: 'refuse', cause: 'digest' });
    storeRequest(home, stored.version + 1, stored.request);
  });
});

describe('an execution is refused', () => {
  const STATEMENT = "UPDATE orders SET status = 'returned' WHERE id = 2";
  afterEach(async () => { expect(await stateOf(2)).not.toBe('returned'); });

  test('of what was edited after its approval: the SQL, the bound, the target, the reason', async () => {
    const { id } = await approved(STATEMENT);
    const { request, version } = loadRequest(home, id);
    const { document, digest } = request.signed!;
    const edits: ChangeRequest[] = [
      { ...request, sql: Buffer.from('DELETE FROM orders') }, { ...request, reason: 'other' }, { ...request, expires: request.expires + 1 }, { ...request, requester: 'bob' },
      { ...request, classification: request.classification.map((statement) => ({ ...statement, kind: 'read' as const })) },
      { ...request, rehearsal: { ...request.rehearsal!, rows: 0 } },
      { ...request, signed: { digest, document: { ...document, rowBound: 1e6 } } },
      { ...request, signed: { digest, document: { ...document, target: { ...document.target, database: 'postgres' } } } },
    ];
    for (const [index, edit] of edits.entries()) {
      storeRequest(home, version + index, edit);
      expect(await carriedOut(id)).toBe('the stored document is not the one that was signed; propose it again');
    }
    // The digest too: then it is the signature that is over another document.
    const sql = Buffer.from('DELETE FROM orders');
    const forged = { ...document, sql };
    const edited = { ...request, sql, signed: { document: forged, digest: createHash('sha256').update(canonicalBytes(forged)).digest('hex') } };
    storeRequest(home, version + edits.length, edited);
    expect(await carriedOut(id)).toBe('alice signed another document');
    storeRequest(home, version + edits.length + 1, { ...edited, approvals: [{ ...request.approvals[0]!, digest: edited.signed.digest }] });
    expect(await carriedOut(id)).toBe('the signature is not one of alice over this document');
    const mallory = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    storeRequest(home, version + edits.length + 2, { ...edited, approvals: [{ approver: 'alice', digest: edited.signed.digest, at: 0, signature: sign('sha256', canonicalBytes(forged), mallory).toString('base64') }] });
    expect(await carriedOut(id)).toBe('the signature is not one of alice over this document');
  });

  test('once it has expired', async () => {
    const { id } = await approved(STATEMENT);
    ahead = 3_600_000;
    try {
      expect(await carriedOut(id)).toBe('it is expired, not approved');
      expect(await gate.show(id)).toMatchObject({ state: 'expired', because: 'nobody carried it out in time' });
    } finally {
      ahead = 0;
    }
  });

  test('by a database that shares the system identifier, and is another one', async () => {
    const { id } = await approved(STATEMENT);
    const elsewhere = await openGate({ ...sandbox, primary: sandbox.staging }, now);
    const answer = await elsewhere.carryOut(id);
    const because = answer.do === 'done' ? answer.request.because : answer.because;
    expect(because).toMatch(/^this is not the database that was signed for: its resource id is sandbox-\w+, and sandbox-\w+ was signed; its port is \d+, and \d+ was signed; its timeline is 2, and 1 was signed$/);
    expect(await ask('staging', "SELECT status FROM orders WHERE id = 2 AND status = 'returned'")).toEqual([]);
  });

  test('when more rows would change than in the rehearsal, by whatever way', async () => {
    const { id } = await approved("UPDATE orders SET status = 'returned' WHERE ship_to LIKE 'Over %'");
    await ask('primary', "UPDATE orders SET ship_to = 'Over there' WHERE id = 2");
    expect(await carriedOut(id)).toBe('failed: it changed 1 rows, and 0 were signed for at most; it was rolled back');
    const cascade = await propose('WITH gone AS (DELETE FROM orders WHERE id = 2 RETURNING id) SELECT count(*) FROM gone', { maxRows: 1 });
    expect(cascade).toMatchObject({ state: 'proposed', because: 'it changed 3 rows on the staging copy, and at most 1 were asked for' });
    const truncate = await propose('TRUNCATE order_items', { maxRows: 100 });
    expect(truncate.because).toMatch(/^it changed 5000 rows on the staging copy/);
    const drop = await propose('DROP TABLE legacy_imports', { maxRows: 39 });
    expect(drop.because).toBe('it changed 40 rows on the staging copy, and at most 39 were asked for');
  });

  test('when what it touches was altered since', async () => {
    const { id } = await approved(STATEMENT);
    await ask('primary', 'ALTER TABLE orders ADD CONSTRAINT total_sane CHECK (total < 1000000)');
    expect(await carriedOut(id)).toBe('failed: what the change touches was altered since it was rehearsed; propose it again');
    expect((await propose(STATEMENT)).because).toBe('production is not as the staging copy is, in "public"."orders"; what was tried there says nothing: make the copy anew');
    await ask('primary', 'ALTER TABLE orders DROP CONSTRAINT total_sane');
  });

  test('a second time', async () => {
    const { id, signed } = await approved("UPDATE orders SET total = total + 1 WHERE id = 3");
    expect(await carriedOut(id)).toBe('executed');
    expect(await carriedOut(id)).toBe('it is executed already, and is carried out once');
    expect(await gate.approve(id, 'bob', signed!.digest)).toMatchObject({ do: 'refuse', cause: 'replay', because: 'it is executed already, and an approval is used once' });
  });
});

test('of two approvals at once both count, and of two executions at once one is carried out', async () => {
  const before = await ask<{ total: string }>('primary', 'SELECT total FROM orders WHERE id = 4');
  const { id, signed } = await propose('UPDATE orders SET total = total + 1 WHERE id = 4', { approvalsNeeded: 2 });
  const answers = await Promise.all(['alice', 'bob'].map((name) => gate.approve(id, name, signed!.digest)));
  expect(answers.map((answer) => answer.do === 'done' && answer.request.state).sort()).toEqual(['approved', 'rehearsed']);
  const other = await openGate(sandbox, now);
  const outcomes = await Promise.all([carriedOut(id), other.carryOut(id), carriedOut(id)]);
  expect(outcomes.filter((outcome) => outcome === 'executed' || (typeof outcome === 'object' && outcome.do === 'done'))).toHaveLength(1);
  expect(await ask('primary', 'SELECT total - 1 AS total FROM orders WHERE id = 4')).toEqual(before);
});

describe('what would mean something else somewhere', () => {
  test.each([
    ['UPDATE orders SET status = \'paid\'\0 WHERE id = 1', 'byte 34 is NUL, behind which a parser sees nothing; take it out'],
    [Buffer.from([0x53, 0xff]), 'it is not UTF-8 from byte 2 on; save it as UTF-8'],
    ['DELETE FROM notes; COMMIT; DELETE FROM orders', 'statement 2 is for the session, which is the gate\'s (it begins with COMMIT); take it out: everything runs in one transaction, with settings that the gate chooses'],
    ["SET standard_conforming_strings = off; SELECT '\\'; DELETE FROM orders; --'", expect.stringMatching(/^statement 1 is for the session/)],
    ["COPY orders TO PROGRAM 'cat'", expect.stringMatching(/^statement 1 reaches out of the database/)],
  ])('is not taken: %j', async (sql, because) => {
    const answer = await gate.propose({ sql: Buffer.from(sql), requester: 'coding', reason: '', maxRows: undefined, expiresAfter: 3_600_000, approvalsNeeded: 1 }, classifyStub);
    expect(answer).toMatchObject({ do: 'refuse', because: expect.arrayContaining([because]) });
  });

  test('is a string with a backslash: the database may say otherwise, the gate means what was reviewed', async () => {
    await ask('primary', 'ALTER DATABASE shop SET standard_conforming_strings = off');
    await ask('primary', `ALTER ROLE ${GATE_WRITER_ROLE} IN DATABASE shop SET search_path = crm`);
    const { id } = await approved("UPDATE orders SET ship_to = 'a\\' WHERE id = 5; UPDATE orders SET ship_to = ship_to || ' --' WHERE id = 5");
    expect(await carriedOut(id)).toBe('executed');
    expect(await ask('primary', 'SELECT ship_to FROM orders WHERE id = 5')).toEqual([{ ship_to: 'a\\ --' }]);
    await ask('primary', 'ALTER DATABASE shop RESET standard_conforming_strings');
    await ask('primary', `ALTER ROLE ${GATE_WRITER_ROLE} IN DATABASE shop RESET search_path`);
  });

  test('is a second statement that the classifier did not see: the server refuses it', async () => {
    const sql = "SELECT 1; DELETE FROM orders";
    const blind = () => [{ start: 0, end: sql.length, kind: 'read' as const, destructive: false, objects: [], because: 'it is blind', transactional: true }];
    const answer = await gate.propose({ sql: Buffer.from(sql), requester: 'coding', reason: '', maxRows: undefined, expiresAfter: 3_600_000, approvalsNeeded: 1 }, blind);
    expect(answer).toMatchObject({ do: 'filed', request: { state: 'proposed', because: 'it fails on the staging copy: cannot insert multiple commands into a prepared statement (42601)' } });
  });

  test('is a commit that the classifier did not see: its rehearsal does not come to an end', async () => {
    const blind = () => [{ start: 0, end: 6, kind: 'read' as const, destructive: false, objects: [], because: 'it is blind', transactional: true }];
    const answer = await gate.propose({ sql: Buffer.from('COMMIT'), requester: 'coding', reason: '', maxRows: undefined, expiresAfter: 3_600_000, approvalsNeeded: 1 }, blind);
    expect(answer).toMatchObject({ do: 'filed', request: { state: 'proposed' } });
  });
});

test('what a rehearsal says of an error repeats no value of a row', async () => {
  const { because } = await propose('SELECT email::int FROM customers');
  expect(because).toBe('it fails on the staging copy: invalid input syntax for type integer (22P02)');
  expect((await propose("SELECT ('9' || id || '00000000000')::int FROM customers")).because).toBe('it fails on the staging copy: value … is out of range for type integer (22003)');
});

test('outside a transaction it is rehearsed, shown as such and carried out', async () => {
  const { id, signed, rehearsal } = await approved('CREATE INDEX CONCURRENTLY orders_status ON orders (status)');
  expect([signed?.document.transactional, rehearsal?.done]).toEqual([false, true]);
  expect(await carriedOut(id)).toBe('executed');
  expect(await ask('primary', "SELECT indisvalid FROM pg_index WHERE indexrelid = 'orders_status'::regclass")).toEqual([{ indisvalid: true }]);
});

describe('an executor that is killed', () => {
  async function killed(id: string, moment: string): Promise<void> {
    const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'killed.ts'), folder, id, moment], { cwd: join(__dirname, '..', '..', '..'), stdio: 'ignore' });
    const signal = await new Promise((resolve) => { child.once('exit', (_, how) => resolve(how)); });
    expect(signal).toBe('SIGKILL');
  }

  test.each([
    ['before the mark', 'failed', 0, 'its execution ended before it was to be committed; nothing was changed'],
    ['after the mark', 'failed', 0, 'its execution ended before it was committed; nothing was changed'],
    ['after the commit', 'executed', 1, undefined],
  ])('%s leaves a request that is settled by the commit log: %s', async (moment, state, by, because) => {
    const total = async () => Number((await ask<{ total: string }>('primary', 'SELECT total FROM orders WHERE id = 6'))[0]!.total);
    const before = await total();
    const { id } = await approved('UPDATE orders SET total = total + 1 WHERE id = 6');
    await killed(id, moment);
    expect(loadRequest(home, id).request.state).toBe('executing');
    expect(await gate.show(id)).toMatchObject(because === undefined ? { state } : { state, because });
    expect(await total()).toBe(before + by);
    expect(await gate.carryOut(id)).toMatchObject({ do: 'refuse' });
    expect(await total()).toBe(before + by);
  });
});

describe('a freeze', () => {
  test('holds for the role, for approvals, for what is approved, and for new roles, until somebody lifts it who may', async () => {
    const pending = await approved("UPDATE orders SET status = 'paid' WHERE id = 7");
    const waiting = await propose("UPDATE orders SET status = 'paid' WHERE id = 7");
    const writer = await connectAsWriter(sandbox.folder, sandbox.primary, 'open');
    const held = await gate.freeze({ by: 'alice', reason: 'the sale', until: undefined, liftedByAnother: true });
    expect(held).toMatchObject({ do: 'hold', freeze: { verified: expect.any(Number) } });
    await expect(writer.query('SELECT 1')).rejects.toThrow();
    await writer.end().catch(() => {});
    await expect(connectAsWriter(sandbox.folder, sandbox.primary, 'late')).rejects.toThrow(`role "${GATE_WRITER_ROLE}" is not permitted to log in`);
    expect(await carriedOut(pending.id)).toBe('it is frozen, not approved');
    expect(await gate.approve(waiting.id, 'bob', waiting.signed!.digest)).toMatchObject({ do: 'refuse', cause: 'frozen', because: 'changes are frozen, by alice: the sale' });
    // Setting up the roles again, as every deployment does, is no way around it.
    await connectionUrl(sandbox, 'reader', undefined, SHOP);
    expect(await ask('primary', `SELECT rolcanlogin AS login FROM pg_roles WHERE rolname = '${GATE_WRITER_ROLE}'`)).toEqual([{ login: false }]);
    expect(await gate.unfreeze('alice')).toEqual({ do: 'refuse', because: 'alice set it, and somebody else has to lift it' });
    expect(await gate.unfreeze('coding')).toEqual({ do: 'refuse', because: 'coding is no approver; a freeze is lifted by alice or bob' });
    expect(await gate.unfreeze('bob')).toEqual({ do: 'lifted' });
    expect(await gate.approve(waiting.id, 'bob', waiting.signed!.digest)).toMatchObject({ do: 'done' });
    expect(await carriedOut(waiting.id)).toBe('executed');
    expect(await carriedOut(pending.id)).toBe('it is frozen, not approved');
  });

  test('that begins while a change is carried out ends it, and nothing of it is left', async () => {
    const { id } = await approved("UPDATE orders SET status = 'returned' WHERE id = 8; SELECT pg_sleep(count(*)) FROM notes WHERE id > 100");
    await ask('primary', 'INSERT INTO notes SELECT i FROM generate_series(101, 130) i');
    const carrying = carriedOut(id);
    while ((await ask('primary', `SELECT 1 FROM pg_stat_activity WHERE application_name = 'dbguard ${id}' AND wait_event = 'PgSleep'`)).length === 0);
    expect(await gate.freeze({ by: 'bob', reason: 'now', until: undefined, liftedByAnother: false })).toMatchObject({ do: 'hold' });
    expect(await carrying).toBe('failed: terminating connection due to administrator command (57P01)');
    expect(await stateOf(8)).not.toBe('returned');
    // Somebody else's shorter one is no way out of it.
    expect(await gate.freeze({ by: 'coding', reason: 'mine', until: now() + 1, liftedByAnother: false })).toMatchObject({ freeze: { by: 'bob', until: undefined } });
    expect(await gate.unfreeze('bob')).toEqual({ do: 'lifted' });
  }, 60_000);

  test('that was not lifted ends at its time', async () => {
    await gate.freeze({ by: 'coding', reason: 'short', until: now() + 60_000, liftedByAnother: false });
    ahead = 60_000;
    gate = await openGate(sandbox, now);
    const { id } = await approved("UPDATE orders SET status = 'paid' WHERE id = 7");
    expect(await carriedOut(id)).toBe('executed');
    ahead = 0;
  });

  test('that cannot be verified says so, and nothing is carried out all the same', async () => {
    const { id } = await approved("UPDATE orders SET status = 'open' WHERE id = 7");
    const unreachable = await openGate({ ...sandbox, primary: { ...sandbox.primary, port: 1 } }, now);
    expect(await unreachable.freeze({ by: 'bob', reason: 'now', until: undefined, liftedByAnother: false })).toMatchObject({ do: 'fail', because: expect.stringContaining('ECONNREFUSED') });
    expect(await carriedOut(id)).toBe('it is frozen, not approved');
    // A freeze that nobody can read is one.
    const last = join(home, 'freeze', '999999.json');
    writeFileSync(last, '{');
    const { request, version } = loadRequest(home, id);
    storeRequest(home, version, { ...request, state: 'approved' });
    expect(await carriedOut(id)).toBe(`nobody can tell whether changes are frozen: ${last} cannot be read, so nothing can be decided by it`);
    rmSync(last);
    expect(await gate.unfreeze('bob')).toEqual({ do: 'lifted' });
  });
});
