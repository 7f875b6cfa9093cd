import { relationOf, written } from '../names';
import type { Tree } from '../parser';
import type { Look } from '../scan';
import { isOn } from './options';

const says = (because: string, destructive = false): Look => (_, scan) => {
  scan.add('external', because, destructive);
  return true;
};

/** What reaches beyond the database: other servers, and code on this one. */
export const OUTSIDE: Readonly<Record<string, Look>> = {
  LoadStmt: says('loads code into the server'),
  CreateFdwStmt: says('makes a way to other servers'),
  AlterFdwStmt: says('alters a way to other servers'),
  CreateForeignServerStmt: says('makes a way to another server'),
  AlterForeignServerStmt: says('alters a way to another server'),
  CreateUserMappingStmt: says('makes a login to another server'),
  AlterUserMappingStmt: says('alters a login to another server'),
  DropUserMappingStmt: says('drops a login to another server', true),
  CreateForeignTableStmt: ({ base }, scan) => {
    const relation = relationOf((base as Tree).relation as Tree);
    scan.object(relation);
    scan.add('external', `makes the table ${written(relation)} of another server`);
    return true;
  },
  ImportForeignSchemaStmt: says('makes tables of another server'),
  CreateSubscriptionStmt: ({ options }, scan) => {
    scan.add('external', 'lets another server write to this one');
    // It makes a slot there unless it is told not to, and then it may be part of a transaction.
    if (options === undefined || isOn(options, 'create_slot') || !mayWait(options)) scan.alone();
    return true;
  },
  AlterSubscriptionStmt: (_, scan) => {
    scan.add('external', 'changes what another server writes to this one');
    scan.alone();
    return true;
  },
  DropSubscriptionStmt: (_, scan) => {
    scan.add('external', 'ends what another server writes to this one', true);
    scan.alone();
    return true;
  },
};

function mayWait(options: unknown): boolean {
  const names = (options as readonly { readonly DefElem?: Tree }[]).map(({ DefElem }) => DefElem?.defname);
  return names.includes('create_slot') || names.includes('connect');
}
