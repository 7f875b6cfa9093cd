import type { Catalog } from './catalog';
import { quoteIdentifier } from './identifier';
import { NO_ACCESS } from './grants/access';
import { differences, type RoleAccess } from './grants/differences';
import { futureStatements } from './grants/default-privileges';
import { kitRoles, marker, roleProblems, wantedNames, type KitRole } from './grants/kit-role';
import { loginTriggerStatements } from './grants/login-trigger';
import { groupBy, membershipStatement, reachable, statementsFor, type Operation } from './grants/operations';
import { overlooked } from './grants/overlooked';
import { keepForProblems, publicGifts } from './grants/public';
import { publicDefaults } from './grants/public-defaults';
import { bestEffortStatements, retirement, roleStatements } from './grants/role-statements';
import type { RoleFinding, WantedRoles } from './grants/wanted';
import { SUPPORTED_POSTGRES_MAJORS } from './policy';

export type {
  ClosePublic, ColumnName, PublicHole, ReadAccess, RoleFinding, RoleLimits, SchemaChoice, StagingAccess, WantedAgent, WantedRoles, WriterAccess,
} from './grants/wanted';

/** What is to be done so that the roles of the kit are what is wanted. */
export interface RolesPlan {
  /** In this order, in one transaction; none when nothing is to do. */
  readonly statements: readonly string[];
  /** Each on its own, afterwards; the server may refuse them. */
  readonly bestEffort: readonly string[];
  readonly findings: readonly RoleFinding[];
  /** Why the statements would fail, or are not what was meant, and what to write or run instead. Nothing is done if there are any. */
  readonly problems: readonly string[];
  /** What each wanted role shall be able to do, to compare with what it really can. */
  readonly roles: readonly KitRole[];
}

/** Names of the roles that are the kit's in a database: those of this deployment, by their comment, and those that are wanted. */
export function kitRoleNames(wanted: WantedRoles, roles: Iterable<{ readonly name: string; readonly comment: string | null }>): Set<string> {
  const own = [...roles].filter(({ comment }) => comment?.startsWith(marker(wanted))).map(({ name }) => name);
  return new Set([...own, ...wantedNames(wanted)]);
}

/** The schemas whose columns have to be known. */
export function schemasConcerned({ agents, writer }: WantedRoles): string[] {
  const accesses = [...agents.flatMap(({ read, staging }) => [read, staging]), writer];
  return [...new Set([
    ...accesses.flatMap((access) => access?.schemas.map(({ schema }) => schema) ?? []),
    ...agents.flatMap(({ read }) => read?.personalData?.map(({ schema }) => schema) ?? []),
  ])];
}

/** Why no role can be planned on a server of this version; `undefined` when they can. */
export function unsupportedServer(version: number): string | undefined {
  const [oldest, newest] = [Math.min(...SUPPORTED_POSTGRES_MAJORS), Math.max(...SUPPORTED_POSTGRES_MAJORS)];
  const major = Math.floor(version / 10000);
  return major >= oldest && major <= newest ? undefined
    : `the server is PostgreSQL ${major}; the kit's roles are for ${oldest} to ${newest}: upgrade the database, or the kit`;
}

/**
 * The smallest list of statements that makes the roles of the kit what is wanted: it grants what is missing and revokes
 * from the kit's own roles whatever is not wanted any more. Nothing is dropped; no other role is changed, unless PUBLIC is
 * to be closed.
 *
 * Each agent's role is granted everything itself. A shared role that holds the privileges would be one more role that
 * agents could become on PostgreSQL 15, which has no SET FALSE; one statement can name many roles instead.
 */
export function planRoles(wanted: WantedRoles, catalog: Catalog): RolesPlan {
  const roles = kitRoles(wanted, catalog);
  const retired = [...catalog.roles.values()].filter(({ name, comment }) => comment?.startsWith(marker(wanted)) && !wantedNames(wanted).includes(name));
  const accesses: RoleAccess[] = [
    ...roles.map(({ name, access }) => ({ role: name, access })),
    ...retired.map(({ name }) => ({ role: name, access: NO_ACCESS })),
  ];
  const gifts = publicGifts(wanted, catalog);
  const operations = differences(accesses, catalog).filter(({ optional, by }) => !optional || reachable(catalog, by));
  const future = futureStatements(accesses, wanted, catalog);
  const defaults = publicDefaults(wanted, new Set(accesses.map(({ role }) => role)), catalog);
  const trigger = loginTriggerStatements(wanted, catalog);
  const reading = wanted.agents.flatMap(({ read }) => (read ? [read] : []));
  const readers = overlooked(roles.filter(({ readOnly }) => readOnly).map(({ name, access }) => ({ role: name, access })), reading, catalog);
  return {
    statements: [
      ...roles.flatMap((role) => roleStatements(role, catalog)),
      ...retired.flatMap((role) => retirement(role, catalog)),
      ...statementsFor(gifts.keep, catalog),
      ...statementsFor([...gifts.close, ...operations], catalog),
      ...future.statements,
      ...defaults.statements,
    ],
    bestEffort: [...roles.flatMap((role) => bestEffortStatements(role, catalog)), ...trigger.statements],
    findings: [...gifts.findings, ...defaults.findings, ...future.findings, ...trigger.findings, ...strays(catalog), ...readers],
    problems: [...roleProblems(wanted, roles, catalog), ...keepForProblems(wanted, catalog), ...ownerProblems(operations, catalog), ...future.problems],
    roles,
  };
}

/** Objects that have to be granted or revoked by a role that the reader is no member of: one sentence a role. */
function ownerProblems(operations: readonly Operation[], catalog: Catalog): string[] {
  const beyond = operations.filter(({ by }) => !reachable(catalog, by));
  return [...groupBy(beyond, ({ by }) => by)].map(([by, theirs]) => {
    const objects = [...new Set(theirs.map(({ object }) => object))];
    const { user } = catalog.server;
    const what = theirs.some(({ foreign }) => foreign) ? 'owns or granted' : 'owns';
    return `${by} ${what} ${objects.length === 1 ? objects[0] : `${objects[0]} and ${objects.length - 1} more`}, and ${user} is no member of it; ` +
      `run as a superuser, or as a role with ADMIN on ${by}: ${membershipStatement(by, catalog)}`;
  });
}

function strays({ strays: held }: Catalog): RoleFinding[] {
  return held.map(({ role, object }) => ({
    id: 'stray-grant', subject: role, because: `${role} holds ${object}, which the kit did not give it and does not take away`,
    sql: object.endsWith('(owner)') && !object.startsWith('default privileges') ? [`REASSIGN OWNED BY ${quoteIdentifier(role)} TO CURRENT_USER`] : [],
  }));
}
