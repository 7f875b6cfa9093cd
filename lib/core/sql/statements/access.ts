import { relationOf, textOf, written } from '../names';
import type { Tree } from '../parser';
import type { Look, Scan } from '../scan';
import { mention, objectOf, thing } from './options';

const says = (because: string, destructive = false): Look => (_, scan) => {
  scan.add('privilege', because, destructive);
  return true;
};

/** Who may do what. */
export const ACCESS: Readonly<Record<string, Look>> = {
  GrantStmt: (fields, scan) => grant(fields, scan),
  GrantRoleStmt: ({ is_grant: given }, scan) => {
    scan.add('privilege', given === true ? 'makes a role a member of another' : 'takes a membership away', given !== true);
    return true;
  },
  AlterDefaultPrivilegesStmt: ({ action }, scan) => {
    const given = (action as Tree).is_grant === true;
    scan.add('privilege', `${given ? 'grants' : 'takes away'} privileges on what will be made`, !given);
    return true;
  },
  AlterOwnerStmt: ({ objectType, object, relation }, scan) => {
    scan.add('privilege', `gives a ${thing(objectType)} to another role`);
    if (relation !== undefined) scan.object(relationOf(relation as Tree));
    else if (object !== undefined) scan.objects.push(objectOf(object));
    return true;
  },
  ReassignOwnedStmt: says('gives all that a role owns to another'),
  DropOwnedStmt: (_, scan) => { scan.add('schema', 'drops all that a role owns, and takes its privileges away', true); return true; },
  CreateRoleStmt: ({ role }, scan) => {
    scan.add('privilege', 'makes a role');
    scan.object({ schema: undefined, name: role as string });
    return true;
  },
  AlterRoleStmt: ({ role }, scan) => {
    scan.add('privilege', 'alters a role');
    named(role, scan);
    return true;
  },
  AlterRoleSetStmt: says('changes settings of later sessions of a role'),
  AlterDatabaseSetStmt: says('changes settings of later sessions in a database'),
  DropRoleStmt: ({ roles }, scan) => {
    scan.add('privilege', 'drops a role', true);
    for (const { RoleSpec } of roles as readonly { readonly RoleSpec: Tree }[]) named(RoleSpec, scan);
    return true;
  },
  CreatePolicyStmt: (fields, scan, walk) => policy(fields, scan) || mention(fields, scan, walk),
  AlterPolicyStmt: (fields, scan, walk) => policy(fields, scan) || mention(fields, scan, walk),
  SecLabelStmt: says('changes a security label'),
  AlterSystemStmt: (_, scan) => {
    scan.add('privilege', 'changes a setting of the server');
    scan.alone();
    return true;
  },
};

/** CURRENT_USER and PUBLIC have no name. */
function named(role: unknown, scan: Scan): void {
  const { rolename } = role as { readonly rolename?: string };
  if (rolename !== undefined) scan.object({ schema: undefined, name: rolename });
}

function grant({ is_grant: given, objects, objtype }: Tree, scan: Scan): true {
  const names = ((objects ?? []) as readonly unknown[]).map((object) => textOf(object) ?? objectOf(object));
  scan.add('privilege', `${given === true ? 'grants' : 'takes away'} privileges on ${names.length === 0 ? `a ${thing(objtype)}` : names.join(', ')}`, given !== true);
  scan.objects.push(...names);
  return true;
}

function policy({ table }: Tree, scan: Scan): false {
  scan.add('privilege', `changes which rows of ${written(relationOf(table as Tree))} others see`);
  return false;
}
