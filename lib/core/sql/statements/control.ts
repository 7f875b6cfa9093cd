import { textOf } from '../names';
import type { Tree } from '../parser';
import type { Look, Scan } from '../scan';
import { option } from './options';

const says = (because: string): Look => (_, scan) => scan.add('session', because);

/** WITH HOLD in the options of a cursor (CURSOR_OPT_HOLD). */
const HOLD = 0x0020;

/** Sessions, transactions, cursors, and SQL that is kept for later or made at run time. */
export const CONTROL: Readonly<Record<string, Look>> = {
  VariableShowStmt: () => true,
  VariableSetStmt: ({ name }, scan) => {
    const who = name === 'role' || name === 'session_authorization';
    scan.add(who ? 'privilege' : 'session', who ? 'acts as another role' : `changes ${name === undefined ? 'every setting' : name as string} for the session`);
    return true;
  },
  ConstraintsSetStmt: says('changes when constraints are checked'),
  TransactionStmt: ({ kind }, scan) => transaction(String(kind).replace(/^TRANS_STMT_/, ''), scan),
  DeclareCursorStmt: ({ options }, scan) => {
    if ((Number(options) & HOLD) !== 0) scan.add('session', 'keeps a cursor beyond its transaction');
  },
  FetchStmt: () => true,
  ClosePortalStmt: () => true,
  ListenStmt: says('listens to other sessions'),
  UnlistenStmt: says('stops listening to other sessions'),
  NotifyStmt: says('tells other sessions something'),
  LockStmt: says('takes a lock that other sessions wait for'),
  CheckPointStmt: says('makes the server write everything to disk'),
  DiscardStmt: ({ target }, scan) => {
    scan.add('session', 'forgets the state of the session');
    if (target === 'DISCARD_ALL') scan.alone();
  },
  PrepareStmt: ({ query }, scan, walk) => {
    walk(query as Tree, scan);
    if (scan.kind === 'read') scan.add('unknown', 'keeps a statement for later');
    return true;
  },
  ExecuteStmt: (_, scan) => scan.add('unknown', 'runs a statement that was kept before'),
  DeallocateStmt: says('forgets a statement that was kept'),
  DoStmt: ({ args }, scan) => {
    const language = textOf(option(args, 'language')) ?? 'plpgsql';
    const body = textOf(option(args, 'as'));
    if (language === 'plpgsql' && body !== undefined) scan.bodies.push(body);
    else scan.add('unknown', `runs code in ${language}`);
    return true;
  },
  CallStmt: () => {},
};

const TRANSACTION: Readonly<Record<string, string>> = {
  BEGIN: 'begins a transaction', START: 'begins a transaction', COMMIT: 'ends the transaction', ROLLBACK: 'ends the transaction',
  SAVEPOINT: 'sets a savepoint', RELEASE: 'releases a savepoint', ROLLBACK_TO: 'goes back to a savepoint',
};

function transaction(kind: string, scan: Scan): true {
  const because = TRANSACTION[kind];
  if (because !== undefined) {
    scan.add('session', because);
    if (!/^(SAVEPOINT|RELEASE|ROLLBACK_TO)$/.test(kind)) scan.alone();
    return true;
  }
  scan.alone();
  if (kind === 'PREPARE') scan.add('write', 'leaves the transaction behind for somebody to commit');
  else if (kind === 'COMMIT_PREPARED') scan.add('write', 'commits a transaction that was left behind');
  else if (kind === 'ROLLBACK_PREPARED') scan.add('write', 'throws away a transaction that was left behind', true);
  else scan.add('unknown', 'steers a transaction in a way that the kit does not know');
  return true;
}
