import { next, type ChangeEvent, type ChangeRequest } from '../../lib/core/change';
import { canonicalBytes, encode, targetDifferences, type ChangeDocument } from '../../lib/core/change/document';
import { boundRefusal, placeRefusal, startRefusal } from '../../lib/core/change/execution';
import { freezeHolds, frozen, mayLift, strengthened, type Freeze } from '../../lib/core/change/freeze';
import { admission, type ClassifiedStatement } from '../../lib/core/change/classified';
import { parseDuration } from '../../lib/core/change/duration';
import { blockedBy, lockClause, strongest } from '../../lib/core/change/locks';
import { mentioned } from '../../lib/core/change/mentions';
import { readSql } from '../../lib/core/change/sql-bytes';
import { mixedWords, visible, visibleJson } from '../../lib/core/change/visible';
import { sha256 } from '../../lib/database/change/fingerprint';

const document: ChangeDocument = {
  id: 'cr-1', sql: Buffer.from('UPDATE t SET a = 1'), statements: [{ start: 0, end: 18 }], transactional: true,
  target: { resourceId: 'db-A', endpoint: 'a.example', port: 5432, database: 'shop', systemIdentifier: '7', timeline: 1 },
  runAs: 'owner', rowBound: 3, touched: [{ schema: 'public', name: 't', lock: 'RowExclusiveLock' }], fingerprint: 'f0', requester: 'coding', reason: 'why', review: 'r0',
  approvalsNeeded: 1, expires: 1000, nonce: 'n',
};
const digest = sha256(canonicalBytes(document));
const RULES = { approvers: ['alice', 'bob', 'dana'], deployers: ['dana'] };
const SEEN = { digest, frozen: undefined };
const rehearsed: ChangeRequest = {
  id: 'cr-1', state: 'rehearsed', requester: 'coding', reason: 'why', sql: document.sql, filed: 0, expires: 1000, classification: [], approvals: [], signed: { document, digest },
};
const approval = { approver: 'alice', digest, signature: 's', at: 1 };
const approve = (more: object = {}) => ({ kind: 'approve', approval, check: 'valid', seen: SEEN, rules: RULES, ...more }) as ChangeEvent;
const approved: ChangeRequest = { ...rehearsed, state: 'approved', approvals: [approval] };
const executing: ChangeRequest = { ...approved, state: 'executing', execution: { run: 'r', by: 'p', started: 2 } };
const mark = { transaction: '9', session: 1, rows: 3, restorable: { at: '', lsn: '', transaction: '9' } };

const outcome = (request: ChangeRequest, event: ChangeEvent, now = 10) => {
  const after = next(request, event, now);
  return after.do === 'next' ? after.request.state : `${after.cause}: ${after.because}`;
};

test('what is signed has the same bytes on every machine: changing this ends every signature', () => {
  expect(digest).toBe('c9da162d9bf77c19f41038f32cc889d06492f41bda3f9090efa66e1e62585b0b');
});

describe('the digest', () => {
  const others: readonly [string, Partial<ChangeDocument>][] = [
    ['id', { id: 'cr-2' }], ['a byte of the SQL', { sql: Buffer.from('UPDATE t SET a = 2') }], ['where a statement ends', { statements: [{ start: 0, end: 17 }] }],
    ['one statement more', { statements: [{ start: 0, end: 3 }, { start: 3, end: 18 }] }], ['transactional', { transactional: false }],
    ...(['resourceId', 'endpoint', 'database', 'systemIdentifier'] as const).map((key) => [key, { target: { ...document.target, [key]: 'x' } }] as [string, Partial<ChangeDocument>]),
    ['port', { target: { ...document.target, port: 1 } }], ['timeline', { target: { ...document.target, timeline: 2 } }],
    ['run as', { runAs: undefined }], ['row bound', { rowBound: 4 }], ['touched', { touched: [] }], ['fingerprint', { fingerprint: 'f1' }], ['requester', { requester: 'bob' }],
    ['reason', { reason: 'other' }], ['what the approver is shown', { review: 'r1' }], ['approvals', { approvalsNeeded: 2 }], ['expiry', { expires: 1001 }], ['nonce', { nonce: 'm' }],
  ];
  test.each(others)('is another one with another %s', (_, change) => {
    expect(sha256(canonicalBytes({ ...document, ...change }))).not.toBe(digest);
  });

  test('does not take what belongs to one field for another', () => {
    expect(encode('x', [['a', 'b\nc 1\nd'], ['e', '']])).not.toEqual(encode('x', [['a', 'b'], ['c', 'd'], ['e', '']]));
    expect(Buffer.from(encode('rejection', [['id', 'é']])).toString()).toBe('dbguard rejection 1 1\nid 2\né\n');
  });
});

describe('an approval', () => {
  test('of a listed approver is the way to approved; with two needed, the first is not enough', () => {
    expect(outcome(rehearsed, approve())).toBe('approved');
    const two = { ...rehearsed, signed: { document: { ...document, approvalsNeeded: 2 }, digest } };
    expect(outcome(two, approve())).toBe('rehearsed');
  });

  test.each([
    ['of oneself', { approval: { ...approval, approver: 'coding' } }, 'self-approval: coding asked for it and cannot approve it'],
    ['of the deployer', { approval: { ...approval, approver: 'dana' } }, 'deployer: dana deploys the gate and cannot approve what passes through it'],
    ['of anybody', { approval: { ...approval, approver: 'mallory' } }, 'not-an-approver: mallory is no approver; the approvers are alice, bob, dana'],
    ['without a listed key', { check: 'not-listed' }, 'key-not-listed: no key of alice is listed'],
    ['that is forged', { check: 'invalid' }, 'signature: the signature is not one of alice over this document'],
    ['of another document', { approval: { ...approval, digest: 'x' } }, 'digest: what was signed is not what is stored; any edit makes a new request, propose it again'],
    ['of a document that was edited', { seen: { ...SEEN, digest: 'x' } }, 'digest: what was signed is not what is stored; any edit makes a new request, propose it again'],
    ['during a freeze', { seen: { ...SEEN, frozen: 'frozen by bob' } }, 'frozen: frozen by bob'],
  ])('%s is refused', (_, more, refusal) => {
    expect(outcome(rehearsed, approve(more))).toBe(refusal);
  });

  test('is refused without a rehearsal, twice, too late, and when it is used already', () => {
    expect(outcome({ ...rehearsed, state: 'proposed', signed: undefined }, approve())).toBe('state: no rehearsal of it succeeded, so there is nothing to approve');
    expect(outcome({ ...rehearsed, approvals: [approval] }, approve())).toBe('twice: alice approved it already; another approver has to');
    expect(outcome(rehearsed, approve(), 1000)).toBe('expired: it has expired; propose it again');
    expect(outcome({ ...executing, state: 'executed' }, approve())).toBe('replay: it is executed already, and an approval is used once');
    expect(outcome({ ...rehearsed, state: 'rejected' }, approve())).toBe('state: it is rejected');
  });
});

describe('a start', () => {
  const start = (more: object = {}) => ({ kind: 'start', run: 'r', by: 'p', checks: ['valid'], seen: SEEN, rules: RULES, ...more }) as ChangeEvent;
  test('is once', () => {
    expect(outcome(approved, start())).toBe('executing');
    expect(outcome(executing, start())).toBe('replay: it is executing already, and is carried out once');
    expect(outcome({ ...executing, state: 'failed' }, start())).toBe('state: it is failed, not approved');
  });

  test.each([
    [start({ seen: { digest, frozen: 'frozen' } }), 'frozen: frozen'],
    [start({ seen: { digest: 'x', frozen: undefined } }), 'digest: the stored document is not the one that was signed; propose it again'],
    [start({ checks: ['invalid'] }), 'signature: the signature is not one of alice over this document'],
    [start({ checks: [] }), 'signature: the signature is not one of alice over this document'],
    [start({ rules: { ...RULES, approvers: ['bob'] } }), 'not-an-approver: alice is no approver; the approvers are bob'],
  ])('needs again what the approval needed (%#)', (event, refusal) => {
    expect(outcome(approved, event)).toBe(refusal);
  });

  test('needs every approval, of this document', () => {
    expect(startRefusal({ ...approved, approvals: [] }, [], SEEN, RULES)).toMatchObject({ cause: 'approvals', because: '0 of 1 approvers signed it' });
    const twice = { ...approved, signed: { document: { ...document, approvalsNeeded: 2 }, digest }, approvals: [approval, approval] };
    expect(startRefusal(twice, ['valid', 'valid'], SEEN, RULES)).toMatchObject({ because: '1 of 2 approvers signed it' });
    expect(startRefusal({ ...approved, approvals: [{ ...approval, digest: 'x' }] }, ['valid'], SEEN, RULES)).toMatchObject({ cause: 'digest', because: 'alice signed another document' });
  });

  test('is too late once it expired', () => {
    expect(outcome(approved, start(), 1000)).toBe('expired: it has expired; propose it again');
    expect(outcome(approved, { kind: 'tick' }, 1000)).toBe('expired');
    expect(outcome(executing, { kind: 'tick' }, 1000)).toBe('unchanged: there is nothing to change');
  });
});

describe('an execution', () => {
  const marking = (more: object = {}) => ({ kind: 'mark', run: 'r', mark, seen: SEEN, ...more }) as ChangeEvent;
  test.each([
    [executing, marking({ run: 'other' }), 'not-its-run: another execution, or its clean-up, was here first'],
    [{ ...executing, execution: { ...executing.execution!, mark } }, marking(), 'replay: it was about to be committed already'],
    [executing, marking({ seen: { digest, frozen: 'frozen' } }), 'frozen: frozen'],
    [executing, marking({ seen: { digest: 'x', frozen: undefined } }), 'digest: the document is not the one that was signed'],
    [executing, { kind: 'executed', run: 'r' }, 'state: it has no mark, so nothing of it can have been committed'],
    [executing, { kind: 'failed', run: 'other', because: '' }, 'not-its-run: it is not this execution that is under way'],
  ] as [ChangeRequest, ChangeEvent, string][])('is not marked or ended by what has no right to (%#)', (request, event, refusal) => {
    expect(outcome(request, event)).toBe(refusal);
  });

  test('that nobody ended is settled by the commit log, and by nothing else', () => {
    const marked: ChangeRequest = { ...executing, execution: { ...executing.execution!, mark } };
    const found = (request: ChangeRequest, what: string) => outcome(request, { kind: 'resolve', found: what } as ChangeEvent);
    expect(found(marked, 'committed')).toBe('executed');
    expect(found(marked, 'not-committed')).toBe('failed');
    expect(found(marked, 'interrupted-outside')).toBe('failed');
    expect(found(executing, 'not-committed')).toBe('failed');
    expect(found(executing, 'committed')).toBe('failed');
    expect(found(marked, 'running')).toBe('running: it is being carried out');
    expect(found(marked, 'forgotten')).toBe('forgotten: PostgreSQL no longer knows what became of transaction 9; compare the data with the restore point before it');
    expect(found(approved, 'committed')).toBe('state: it is approved; there is nothing to resolve');
  });

  test('runs where it was signed for, on what was rehearsed, within its bound', () => {
    const found = { target: document.target, isReplica: false, fingerprint: 'f0' };
    expect(placeRefusal(document, found)).toBeUndefined();
    expect(placeRefusal(document, { ...found, target: { ...document.target, port: 5433, timeline: 2 } }))
      .toBe('this is not the database that was signed for: its port is 5433, and 5432 was signed; its timeline is 2, and 1 was signed');
    expect(placeRefusal(document, { ...found, isReplica: true })).toBe('this is a replica, which cannot be changed');
    expect(placeRefusal(document, { ...found, fingerprint: 'f1' })).toBe('what the change touches was altered since it was rehearsed; propose it again');
    expect(targetDifferences(document.target, document.target)).toEqual([]);
    expect([boundRefusal(3, document), boundRefusal(4, document)]).toEqual([undefined, 'it changed 4 rows, and 3 were signed for at most; it was rolled back']);
  });
});

test('a rejection and a freeze end what is pending', () => {
  const reject = (by: string, check = 'valid') => ({ kind: 'reject', by, check, reason: 'no', rules: RULES }) as ChangeEvent;
  expect([outcome(approved, reject('bob')), outcome(approved, reject('coding')), outcome(executing, reject('bob'))]).toEqual(
    ['rejected', 'rejected', 'state: it is executing and cannot be rejected any more']);
  expect(outcome(approved, reject('mallory'))).toBe('not-an-approver: mallory neither is an approver nor asked for it');
  expect(outcome(approved, reject('bob', 'invalid'))).toBe('signature: the rejection is not signed with a listed key of bob');
  expect(outcome(approved, { kind: 'freeze', because: 'x' })).toBe('frozen');
  expect(outcome(rehearsed, { kind: 'freeze', because: 'x' })).toBe('unchanged: no approval of it is pending');
});

describe('a freeze', () => {
  const freeze: Freeze = { by: 'alice', reason: 'sale', since: 0, until: 100, liftedByAnother: true, verified: undefined };
  test('is on until its end, verified or not', () => {
    expect([frozen(freeze, 99), frozen(freeze, 100), frozen(undefined, 0)]).toEqual(['changes are frozen until 1970-01-01T00:00:00.100Z, by alice: sale', undefined, undefined]);
  });
  test('is lifted by whoever may', () => {
    const because = (by: string, check: 'valid' | 'invalid' = 'valid', which: Freeze | undefined = freeze) => {
      const lift = mayLift(which, by, ['alice', 'bob'], check);
      return lift.do === 'lift' ? 'lift' : lift.because;
    };
    expect(because('bob')).toBe('lift');
    expect(because('alice')).toBe('alice set it, and somebody else has to lift it');
    expect(because('alice', 'valid', { ...freeze, liftedByAnother: false })).toBe('lift');
    expect(because('coding')).toBe('coding is no approver; a freeze is lifted by alice or bob');
    expect(because('bob', 'invalid')).toBe('it is not signed with a listed key of bob');
  });
  test('that is on is made longer and harder to lift by another, never less', () => {
    const agent: Freeze = { by: 'coding', reason: 'mine', since: 50, until: 60, liftedByAnother: false, verified: undefined };
    expect(strengthened(freeze, agent, 50)).toEqual(freeze);
    expect(strengthened({ ...freeze, until: undefined }, agent, 50)).toEqual({ ...freeze, until: undefined });
    expect(strengthened(freeze, { ...agent, until: 200 }, 50)).toEqual({ ...freeze, until: 200 });
    expect(strengthened(freeze, { ...agent, until: undefined }, 50)).toEqual({ ...freeze, until: undefined });
    expect(strengthened(freeze, agent, 100)).toBe(agent);
  });
  test('holds only if a write was seen to be refused', () => {
    expect(freezeHolds({ found: 'refused' }, 0)).toEqual({ do: 'hold' });
    expect(freezeHolds({ found: 'refused' }, 2)).toEqual({ do: 'fail', because: '2 sessions of the role that carries out changes could not be ended' });
    expect(freezeHolds({ found: 'let-in' }, 0)).toEqual({ do: 'fail', because: 'the role that carries out changes could still log in and write' });
    expect(freezeHolds({ found: 'no-answer', because: 'no route' }, 0)).toEqual({ do: 'fail', because: 'nobody could find out whether a write is refused (no route)' });
  });
});

describe('what the gate takes', () => {
  const statement = (start: number, end: number, more: Partial<ClassifiedStatement> = {}): ClassifiedStatement => ({
    start, end, kind: 'write', destructive: false, objects: [], because: 'it is one', transactional: true, ...more,
  });
  const admitted = (text: string, ...statements: ClassifiedStatement[]) => {
    const answer = admission(Buffer.from(text), statements);
    return answer.do === 'admit' ? answer.transactional : answer.because;
  };
  test('is whole statements, with nothing hidden between them', () => {
    expect(admitted('a; /* b /* c */ */ -- d\n d;', statement(0, 1), statement(25, 26))).toBe(true);
    expect(admitted('a; b; c', statement(0, 1), statement(6, 7))).toEqual(['there is text behind statement 1 that is no statement']);
    expect(admitted('x a', statement(2, 3))).toEqual(['there is text before statement 1 that is no statement']);
    expect(admitted('a /* b */ */', statement(0, 1))).toEqual(['there is text behind statement 1 that is no statement']);
    expect(admitted('ab', statement(0, 9))).toEqual(['statement 1 has no sound place in the text (bytes 0 to 9)']);
    expect(admitted('')).toEqual(['there is no statement in it']);
  });
  test('is nothing for the session, beyond the database or unknown', () => {
    expect(admitted('a;b;c', statement(0, 1, { kind: 'session' }), statement(2, 3, { kind: 'external' }), statement(4, 5, { kind: 'unknown' }))).toEqual([
      'statement 1 is for the session, which is the gate\'s (it is one); take it out: everything runs in one transaction, with settings that the gate chooses',
      'statement 2 reaches out of the database (it is one); no approval makes that safe, take it out',
      'statement 3 cannot be judged (it is one); write out as plain statements what it is to do',
    ]);
  });
  test('is one statement outside a transaction, alone', () => {
    expect(admitted('a', statement(0, 1, { transactional: false }))).toBe(false);
    expect(admitted('a;b', statement(0, 1), statement(2, 3, { kind: 'session', transactional: false }))).toHaveLength(1);
    expect(admitted('a;b', statement(0, 1), statement(2, 3, { transactional: false }))).toEqual([
      'PostgreSQL runs statement 2 outside transactions only; propose it alone, since together they could not be taken back',
    ]);
  });
  test('is UTF-8 without NUL, of a size that is reviewed', () => {
    const because = (bytes: Uint8Array) => {
      const read = readSql(bytes);
      return read.do === 'read' ? read.text : read.because;
    };
    expect(because(Buffer.from('SELECT \'é\''))).toBe('SELECT \'é\'');
    expect(because(Buffer.from('SELECT 1\0; DROP TABLE t'))).toBe('byte 9 is NUL, behind which a parser sees nothing; take it out');
    expect(because(Buffer.from([0x41, 0xc3, 0xa9, 0xff, 0x41]))).toBe('it is not UTF-8 from byte 4 on; save it as UTF-8');
    expect(because(Buffer.from([0x41, 0xc0, 0xaf]))).toBe('it is not UTF-8 from byte 2 on; save it as UTF-8');
    expect(because(Buffer.from('\uFEFFSELECT 1'))).toBe('it begins with a byte order mark, which PostgreSQL does not skip; save it as UTF-8 without one');
    expect(because(Buffer.from(' \n'))).toBe('there is no statement in it');
    expect(because(new Uint8Array(262_145))).toBe('it is 262145 bytes long, and nobody reviews more than 262144; propose it in parts');
  });
});

test('what cannot be seen is written out', () => {
  expect(visible('DELETE\u202E\u200B t\n\twhere\u00A0\u001b[31m a')).toBe('DELETE<U+202E><U+200B> t\n\twhere<U+00A0><U+001B>[31m a');
  expect(visible('\r\u{E0041}\uFEFFé中')).toBe('<U+000D><U+E0041><U+FEFF>é中');
  const hidden = { sql: 'a\u202E\u{E0041}\r b' };
  expect(visibleJson(JSON.stringify(hidden))).toBe('{"sql":"a\\u202e\\udb40\\udc41\\r b"}');
  expect(JSON.parse(visibleJson(JSON.stringify(hidden)))).toEqual(hidden);
  expect(mixedWords('SELECT оrders FROM orders, ordеrs')).toEqual(['оrders', 'ordеrs']);
});

test('routines that may be called are found through others, by dynamic SQL all of them', () => {
  const routines = [{ name: 'purge', text: 'BEGIN PERFORM helper(); END' }, { name: 'helper', text: 'DELETE' }, { name: 'other', text: '' }, { name: 'Odd name', text: '' }];
  const names = (...texts: string[]) => mentioned(texts, routines).map(({ name }) => name);
  expect(names('CALL Purge(1)')).toEqual(['purge', 'helper']);
  expect(names('SELECT "Odd name"()')).toEqual(['Odd name']);
  expect(names("EXECUTE 'x'")).toEqual(['purge', 'helper', 'other', 'Odd name']);
  expect(names('SELECT purge_all()')).toEqual([]);
});

test('locks and durations are read as PostgreSQL and people write them', () => {
  expect(strongest(['RowShareLock', 'AccessExclusiveLock', 'ShareLock'])).toBe('AccessExclusiveLock');
  expect(strongest(['ShareLock', 'NewLock'])).toBe('NewLock');
  expect(['AccessShareLock', 'RowShareLock', 'RowExclusiveLock', 'ShareRowExclusiveLock', 'AccessExclusiveLock'].map(lockClause)).toEqual(
    ['ACCESS SHARE', 'ACCESS SHARE', 'ROW EXCLUSIVE', 'SHARE ROW EXCLUSIVE', 'ACCESS EXCLUSIVE']);
  expect([blockedBy('AccessExclusiveLock'), blockedBy('NewLock')]).toEqual(['every read and every write', 'unknown']);
  expect(['90s', '30m', '4h', '2d', '0h', '4', 'h', '-1h', '1.5h', '1w'].map(parseDuration)).toEqual(
    [90_000, 1_800_000, 14_400_000, 172_800_000, ...Array<undefined>(6).fill(undefined)]);
});
