import type { Catalog } from '../catalog';
import { quoteIdentifier } from '../identifier';
import { PUBLIC, PRIVILEGE_WORDS } from './acl';

/** One grant or revocation. Operations that differ in objects or roles only become one statement. */
export interface Operation {
  readonly do: 'GRANT' | 'REVOKE' | 'REVOKE GRANT OPTION FOR';
  /** `SELECT, INSERT`, or `SELECT ("a", "b")`. */
  readonly privileges: string;
  readonly on: 'TABLE' | 'SEQUENCE' | 'LARGE OBJECT' | 'SCHEMA' | 'DATABASE' | 'ROUTINE';
  /** Quoted; of a large object the number. */
  readonly object: string;
  /** `PUBLIC` is the empty name. */
  readonly role: string;
  /** Who has to do it: the owner, or who granted it. */
  readonly by: string;
  /** `by` is not the owner but who granted it: only as that very role can it be taken back. */
  readonly foreign?: boolean;
  /** The role may have given it on; that ends too. */
  readonly cascade?: boolean;
  /** A grant of what PUBLIC has already: left out where nobody can make it. */
  readonly optional?: boolean;
}

/** The most objects in one statement: so that a log line, or an error, can still be read. */
const OBJECTS_IN_A_STATEMENT = 500;

/** `ra` as `SELECT, INSERT`. */
export function privilegeWords(letters: string): string {
  return Object.entries(PRIVILEGE_WORDS).filter(([letter]) => letters.includes(letter)).map(([, word]) => word).join(', ');
}

export function columnList(columns: readonly string[]): string {
  return columns.map(quoteIdentifier).join(', ');
}

export function roleWord(role: string): string {
  return role === PUBLIC ? 'PUBLIC' : quoteIdentifier(role);
}

/** Whether a role is one that the reader of the catalog can act for. */
export function reachable(catalog: Catalog, role: string): boolean {
  return (catalog.roles.get(role)?.reach ?? 'none') !== 'none';
}

/** What lets the reader of the catalog act for a role. */
export function membershipStatement(role: string, { server: { user, version } }: Catalog): string {
  return `GRANT ${quoteIdentifier(role)} TO ${quoteIdentifier(user)}${version >= 160000 ? ' WITH INHERIT FALSE, SET TRUE' : ''}`;
}

/** Revocations first, each as who has to do it, in as few statements as that allows. */
export function statementsFor(operations: readonly Operation[], catalog: Catalog): string[] {
  const revocations = operations.filter((operation) => operation.do !== 'GRANT');
  const grants = operations.filter((operation) => operation.do === 'GRANT');
  return [...inTurns(revocations, catalog), ...inTurns(grants, catalog)];
}

/** Statements of each acting role between one SET ROLE and one RESET ROLE. */
function inTurns(operations: readonly Operation[], catalog: Catalog): string[] {
  const turns = groupBy(operations, (operation) => actingRole(operation, catalog));
  return [...turns].sort(([a], [b]) => a < b ? -1 : 1).flatMap(([role, own]) => actingAs(role, batched(own)));
}

/** Statements as one role; none of its own where the reader can do without. */
export function actingAs(role: string, statements: readonly string[]): string[] {
  return role === '' || statements.length === 0
    ? [...statements]
    : [`SET LOCAL ROLE ${quoteIdentifier(role)}`, ...statements, 'RESET ROLE'];
}

/**
 * Who to become, `''` for nobody. A member that inherits from an owner grants and revokes in the owner's name by itself;
 * what somebody else granted only that role can take back.
 */
function actingRole({ by, foreign = false }: Operation, catalog: Catalog): string {
  const reach = catalog.roles.get(by)?.reach;
  if (by === catalog.server.user || reach === undefined) return '';
  return reach === 'direct' && !foreign ? '' : by;
}

function batched(operations: readonly Operation[]): string[] {
  const byObject = groupBy(operations, (one) => [one.do, one.privileges, one.on, one.cascade ?? false, one.object].join('\n'));
  const byRoles = groupBy([...byObject.values()], (same) => [
    same[0]!.do, same[0]!.privileges, same[0]!.on, String(same[0]!.cascade), ...same.map(({ role }) => role).sort(),
  ].join('\n'));
  return [...byRoles.values()].flatMap((same) => chunks(same, OBJECTS_IN_A_STATEMENT).map((part) => statement(part)));
}

function statement(same: readonly (readonly Operation[])[]): string {
  const [first] = same[0]!;
  const { do: action, privileges, on, cascade } = first!;
  const objects = same.map(([operation]) => operation!.object).join(', ');
  const roles = [...new Set(same[0]!.map(({ role }) => role))].sort().map(roleWord).join(', ');
  switch (action) {
    case 'GRANT': return `GRANT ${privileges} ON ${on} ${objects} TO ${roles}`;
    case 'REVOKE': return `REVOKE ${privileges} ON ${on} ${objects} FROM ${roles}${cascade ? ' CASCADE' : ''}`;
    case 'REVOKE GRANT OPTION FOR': return `REVOKE GRANT OPTION FOR ${privileges} ON ${on} ${objects} FROM ${roles} CASCADE`;
  }
}

export function groupBy<Item>(items: readonly Item[], key: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const name = key(item);
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return groups;
}

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}
