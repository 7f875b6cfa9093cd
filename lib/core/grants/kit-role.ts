import type { Catalog } from '../catalog';
import { quoteIdentifier } from '../identifier';
import { AGENT_NAME, GATE_WRITER_ROLE, KIT_TAG, readRoleName, ROLE_LIMITS, stagingRoleName } from '../policy';
import { changeAccess, readAccess, relationsByName, type WantedAccess } from './access';
import type { RoleLimits, WantedRoles } from './wanted';

/** One role of the kit, as it shall be. */
export interface KitRole {
  readonly name: string;
  readonly comment: string;
  readonly limits: Required<RoleLimits>;
  readonly readOnly: boolean;
  /** Whether it is left as it is where it cannot log in: a freeze is ended by whoever may, not by the next run of this. */
  readonly staysShut: boolean;
  /** Schemas that names without a schema are looked for in. */
  readonly searchPath: readonly string[];
  /** Roles that it is a member of. */
  readonly memberOf: readonly string[];
  readonly access: WantedAccess;
}

/** On RDS: whoever is a member logs in with a token of IAM, and with no password. */
export const TOKEN_ROLE = 'rds_iam';

/** Start of the comment by which a deployment of the kit knows its roles. */
export function marker({ deployment = 'default' }: WantedRoles): string {
  return `${KIT_TAG} (${deployment}):`;
}

/** Every role that is wanted. Agents with equal access share the work. */
export function kitRoles(wanted: WantedRoles, catalog: Catalog): KitRole[] {
  const byName = relationsByName(catalog);
  const token = catalog.roles.has(TOKEN_ROLE) ? [TOKEN_ROLE] : [];
  const known = new Map<string, WantedAccess>();
  const once = (kind: string, described: object, make: () => WantedAccess) => {
    const key = kind + JSON.stringify({ ...described, limits: undefined });
    const access = known.get(key) ?? make();
    known.set(key, access);
    return access;
  };
  const role = (name: string, purpose: string, readOnly: boolean, limits: Required<RoleLimits>, memberOf: readonly string[], access: WantedAccess): KitRole => ({
    name, comment: `${marker(wanted)} ${purpose}`, readOnly, staysShut: name === GATE_WRITER_ROLE, limits, memberOf, access, searchPath: ['pg_catalog', ...access.schemas],
  });
  const roles = wanted.agents.flatMap(({ name, read, staging }) => [
    ...(read ? [role(readRoleName(name), `agent ${name} reads`, true, { ...ROLE_LIMITS.read, ...read.limits }, token,
      once('read', read, () => readAccess(read, catalog, byName)))] : []),
    ...(staging ? [role(stagingRoleName(name), `agent ${name} tries changes on a staging clone`, false, { ...ROLE_LIMITS.staging, ...staging.limits }, token,
      once('change', staging, () => changeAccess(staging, catalog, byName, 'cT')))] : []),
  ]);
  const { writer } = wanted;
  return !writer ? roles : [...roles, role(
    GATE_WRITER_ROLE, 'carries out approved changes', false, { ...ROLE_LIMITS.writer, ...writer.limits },
    [...token, ...(writer.ownersForSchemaChanges ?? [])], changeAccess(writer, catalog, byName, 'c'),
  )];
}

/** Names of the roles that are wanted, whatever the database. */
export function wantedNames({ agents, writer }: WantedRoles): string[] {
  return [
    ...agents.flatMap(({ name, read, staging }) => [...(read ? [readRoleName(name)] : []), ...(staging ? [stagingRoleName(name)] : [])]),
    ...(writer ? [GATE_WRITER_ROLE] : []),
  ];
}

/** What is wrong with the roles that are wanted, before any statement. */
export function roleProblems(wanted: WantedRoles, roles: readonly KitRole[], catalog: Catalog): string[] {
  const names = wanted.agents.map(({ name }) => name);
  const { user } = catalog.server;
  const { deployment = 'default' } = wanted;
  return [
    ...(/^[A-Za-z0-9_.-]{1,63}$/.test(deployment) ? [] : [`deployment is '${deployment}'; write 1 to 63 letters, digits, '.', '_' or '-'`]),
    ...names.filter((name) => !AGENT_NAME.test(name))
      .map((name) => `agent is '${name}'; write 2 to 30 lower-case letters, digits and hyphens, the first a letter`),
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `agent ${name} is there twice; name each agent once`),
    ...catalog.server.inRecovery ? [`${catalog.server.database} is on a replica, where no role can be changed; connect to the primary`] : [],
    ...catalog.roles.get(user)?.createRole || catalog.roles.get(user)?.superuser ? []
      : [`${user} may not create roles; connect as the master user, or run as one who may: ALTER ROLE ${quoteIdentifier(user)} CREATEROLE`],
    ...roles.flatMap((role) => existingProblems(role, wanted, catalog)),
    ...roles.flatMap(({ memberOf, name }) => memberOf.filter((other) => !catalog.roles.has(other))
      .map((other) => `${name} shall be a member of ${other}, which does not exist; correct the name or take it out`)),
    ...[...new Set(roles.flatMap(({ access }) => access.problems))],
  ];
}

function existingProblems({ name }: KitRole, wanted: WantedRoles, catalog: Catalog): string[] {
  const existing = catalog.roles.get(name);
  if (!existing) return [];
  const comment = existing.comment ?? '';
  if (!comment.startsWith(marker(wanted))) {
    const whose = new RegExp(`^${KIT_TAG} \\((.*?)\\):`).exec(comment)?.[1];
    return [whose === undefined
      ? `there is a role ${name} already, and it is not the kit's; rename it, or, if it may be taken over with all that it has, ` +
        `run: COMMENT ON ROLE ${quoteIdentifier(name)} IS '${marker(wanted)}'`
      : `role ${name} belongs to deployment '${whose}' of the kit; name the agent otherwise, or use that deployment`];
  }
  const strong = existing.superuser ? 'SUPERUSER' : existing.replication ? 'REPLICATION' : existing.bypassRowSecurity ? 'BYPASSRLS' : undefined;
  const { user, version } = catalog.server;
  return [
    ...(strong ? [`role ${name} was made ${strong}; run as a superuser: ALTER ROLE ${quoteIdentifier(name)} NO${strong}`] : []),
    ...(version < 160000 || existing.administered ? []
      : [`${user} may not alter role ${name}; run as a superuser: GRANT ${quoteIdentifier(name)} TO ${quoteIdentifier(user)} WITH ADMIN OPTION`]),
  ];
}
