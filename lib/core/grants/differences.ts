import type { Catalog, CatalogRelation } from '../catalog';
import { quoteIdentifier, quoteQualified } from '../identifier';
import type { WantedAccess, WantedOnRelation } from './access';
import { PUBLIC, type AclItem } from './acl';
import { columnList, privilegeWords, type Operation } from './operations';

/** A role and what it shall have; nothing, for a role that is no longer wanted. */
export interface RoleAccess {
  readonly role: string;
  readonly access: WantedAccess;
}

/** What has to be granted and revoked on relations, schemas, routines, large objects and this database. */
export function differences(roles: readonly RoleAccess[], catalog: Catalog): Operation[] {
  return [
    ...catalog.relations.flatMap((relation) => roles.flatMap((role) => onRelation(role, relation))),
    ...onSchemas(roles, catalog),
    ...onDatabase(roles, catalog),
    ...onRoutines(roles, catalog),
    ...onLargeObjects(roles, catalog),
  ];
}

const NOTHING: readonly Operation[] = [];

function onRelation({ role, access }: RoleAccess, relation: CatalogRelation): readonly Operation[] {
  const wanted = access.relations.get(relation.oid);
  if (settled(role, relation, wanted)) return NOTHING;
  const held = relation.acl.filter(({ grantee }) => grantee === role);
  const target = { on: relation.kind === 'S' ? 'SEQUENCE' : 'TABLE', object: quoteQualified(relation.schema, relation.name) } as const;
  const columns = heldColumns(role, relation);
  if (!wanted) return everything(role, relation.owner, [...held, ...columns.map(({ item }) => item)], target);
  const whole = letterOperations(role, relation.owner, held, wanted.table, relation.acl, target);
  return [...whole, ...columnOperations(role, relation, held, columns, wanted, target)];
}

/** Whether a role has exactly what it shall have: true for nearly every relation of nearly every run, so it is told fast. */
function settled(role: string, { owner, acl, columnAcl }: CatalogRelation, wanted: WantedOnRelation | undefined): boolean {
  const exactly = (items: readonly AclItem[], letters: string) => {
    let found = letters === '';
    for (const item of items) {
      if (item.grantee !== role) continue;
      if (item.privileges !== letters || item.grantable !== '' || item.grantor !== owner) return false;
      found = true;
    }
    return found;
  };
  if (!exactly(acl, wanted?.table === 'r' ? 'r' : wanted?.table ? NEVER : '')) return false;
  if (columnAcl.size === 0) return (wanted?.columns.length ?? 0) === 0;
  let columns = 0;
  for (const [column, items] of columnAcl) {
    if (!items.some(({ grantee }) => grantee === role)) continue;
    if (!wanted?.columns.includes(column) || !exactly(items, 'r')) return false;
    columns++;
  }
  return columns === (wanted?.columns.length ?? 0);
}

/** More than one letter may come in any order: that is for the exact comparison. */
const NEVER = '?';

type Target = Pick<Operation, 'on' | 'object'>;

interface HeldColumn {
  readonly column: string;
  readonly item: AclItem;
}

function heldColumns(role: string, { columnAcl }: CatalogRelation): HeldColumn[] {
  const held: HeldColumn[] = [];
  for (const [column, items] of columnAcl) for (const item of items) if (item.grantee === role) held.push({ column, item });
  return held;
}

/** Takes back all that a role has on an object, columns included. */
function everything(role: string, owner: string, held: readonly AclItem[], target: Target): Operation[] {
  return [...new Set(held.map(({ grantor }) => grantor))].map((by) => ({
    do: 'REVOKE', privileges: 'ALL PRIVILEGES', role, by, foreign: by !== owner, ...target,
    ...(held.some(({ grantable }) => grantable !== '') ? { cascade: true } : {}),
  }));
}

/** Brings the letters of one role on one object to what is wanted. What PUBLIC has where nobody can grant is enough. */
function letterOperations(
  role: string, owner: string, held: readonly AclItem[], wanted: string, acl: readonly AclItem[], target: Target,
): Operation[] {
  const operations: Operation[] = [];
  const has = new Set<string>();
  for (const { grantor: by, privileges, grantable } of held) {
    const excess = [...privileges].filter((letter) => !wanted.includes(letter)).join('');
    const onward = [...grantable].filter((letter) => wanted.includes(letter)).join('');
    const back = { role, by, foreign: by !== owner, ...target };
    if (excess !== '') operations.push({ do: 'REVOKE', privileges: privilegeWords(excess), ...back, ...(grantable === '' ? {} : { cascade: true }) });
    if (onward !== '') operations.push({ do: 'REVOKE GRANT OPTION FOR', privileges: privilegeWords(onward), ...back });
    for (const letter of privileges) has.add(letter);
  }
  const missing = [...wanted].filter((letter) => !has.has(letter)).join('');
  if (missing === '') return operations;
  const open = acl.find(({ grantee }) => grantee === PUBLIC)?.privileges ?? '';
  return [...operations, {
    do: 'GRANT', privileges: privilegeWords(missing), role, by: owner, ...target,
    ...([...missing].every((letter) => open.includes(letter)) ? { optional: true } : {}),
  }];
}

function columnOperations(
  role: string, relation: CatalogRelation, held: readonly AclItem[], columns: readonly HeldColumn[], wanted: WantedOnRelation, target: Target,
): Operation[] {
  if (wanted.columns.length === 0 && columns.length === 0) return [];
  const operations: Operation[] = [];
  // Taking SELECT from the whole takes it from the columns with it.
  const losing = new Set(held.filter(({ privileges }) => privileges.includes('r') && !wanted.table.includes('r')).map(({ grantor }) => grantor));
  const has = new Set(columns.filter(({ item }) => item.privileges.includes('r') && !losing.has(item.grantor)).map(({ column }) => column));
  for (const { column, item: { privileges, grantor: by, grantable } } of columns) {
    const back = { role, by, foreign: by !== relation.owner, ...target };
    const excess = [...privileges].filter((letter) => letter !== 'r' || !wanted.columns.includes(column)).join('');
    for (const letter of excess) operations.push({ do: 'REVOKE', privileges: `${privilegeWords(letter)} (${columnList([column])})`, ...back, ...(grantable === '' ? {} : { cascade: true }) });
    if (grantable.includes('r') && !excess.includes('r')) {
      operations.push({ do: 'REVOKE GRANT OPTION FOR', privileges: `SELECT (${columnList([column])})`, ...back });
    }
  }
  const missing = wanted.columns.filter((column) => !has.has(column));
  if (missing.length > 0) operations.push({ do: 'GRANT', privileges: `SELECT (${columnList(missing)})`, role, by: relation.owner, ...target });
  return operations;
}

function onSchemas(roles: readonly RoleAccess[], catalog: Catalog): Operation[] {
  return [...catalog.schemas.values()].flatMap(({ name, owner, acl }) => roles.flatMap(({ role, access }) => letterOperations(
    role, owner, acl.filter(({ grantee }) => grantee === role), access.schemas.includes(name) ? 'U' : '', acl,
    { on: 'SCHEMA', object: quoteIdentifier(name) },
  )));
}

function onDatabase(roles: readonly RoleAccess[], catalog: Catalog): Operation[] {
  return catalog.databases.flatMap(({ name, owner, acl }) => roles.flatMap(({ role, access }) => {
    const held = acl.filter(({ grantee }) => grantee === role);
    // What the role was given on other databases is theirs, unless it is no longer wanted at all.
    const wanted = name === catalog.server.database || access.database === '' ? access.database : held.map(({ privileges }) => privileges).join('');
    return letterOperations(role, owner, held, wanted, acl, { on: 'DATABASE', object: quoteIdentifier(name) });
  }));
}

function onRoutines(roles: readonly RoleAccess[], catalog: Catalog): Operation[] {
  return catalog.routines.flatMap(({ signature, owner, acl }) => roles.flatMap(({ role }) => letterOperations(
    role, owner, acl.filter(({ grantee }) => grantee === role), '', acl, { on: 'ROUTINE', object: signature },
  )));
}

/** No role of the kit is given any. */
function onLargeObjects(roles: readonly RoleAccess[], { largeObjects }: Catalog): Operation[] {
  return largeObjects.flatMap(({ number, owner, acl }) => roles.flatMap(({ role }) => everything(
    role, owner, acl.filter(({ grantee }) => grantee === role), { on: 'LARGE OBJECT', object: number },
  )));
}
