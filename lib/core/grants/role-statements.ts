import type { Catalog, CatalogRole } from '../catalog';
import { parseIdentifierList, quoteIdentifier, quoteLiteral } from '../identifier';
import type { KitRole } from './kit-role';

/** Makes a role, or brings its attributes, settings and memberships to what is wanted. */
export function roleStatements(role: KitRole, catalog: Catalog): string[] {
  const existing = catalog.roles.get(role.name);
  const name = quoteIdentifier(role.name);
  return [
    ...attributes(role, existing),
    ...(existing?.comment === role.comment ? [] : [`COMMENT ON ROLE ${name} IS ${quoteLiteral(role.comment)}`]),
    ...settings(role, catalog.server.version)
      .filter((setting) => !holds(setting, existing))
      .map(({ setting, to }) => `ALTER ROLE ${name} SET ${setting} = ${to}`),
    ...memberships(role.name, role.memberOf, catalog),
  ];
}

/** No clause on SUPERUSER, REPLICATION or BYPASSRLS: who is no superuser fails with it, even where it changes nothing. */
function attributes({ name, staysShut, limits: { connections } }: KitRole, existing: CatalogRole | undefined): string[] {
  const role = quoteIdentifier(name);
  if (!existing) return [`CREATE ROLE ${role} LOGIN NOCREATEDB NOCREATEROLE CONNECTION LIMIT ${connections} PASSWORD NULL`];
  // One that is no longer wanted has no connections either; see `retirement`.
  const shut = staysShut && !existing.login && existing.connectionLimit !== 0;
  const changes = [
    ...(existing.login || shut ? [] : ['LOGIN']),
    ...(existing.createDatabase ? ['NOCREATEDB'] : []),
    ...(existing.createRole ? ['NOCREATEROLE'] : []),
    ...(existing.connectionLimit === connections ? [] : [`CONNECTION LIMIT ${connections}`]),
    ...(existing.password === 'set' || (!existing.login && !shut) ? ['PASSWORD NULL'] : []),
  ];
  return changes.length === 0 ? [] : [`ALTER ROLE ${role} ${changes.join(' ')}`];
}

interface Setting {
  readonly setting: string;
  /** As SQL. */
  readonly to: string;
  /** As the catalog keeps it. */
  readonly kept: string;
}

function settings({ readOnly, limits, searchPath }: KitRole, version: number): Setting[] {
  const text = (setting: string, value: string): Setting => ({ setting, to: quoteLiteral(value), kept: value });
  return [
    text('default_transaction_read_only', readOnly ? 'on' : 'off'),
    text('statement_timeout', `${limits.statementSeconds}s`),
    text('lock_timeout', `${limits.lockSeconds}s`),
    text('idle_in_transaction_session_timeout', `${limits.idleInTransactionSeconds}s`),
    text('idle_session_timeout', `${limits.idleSessionSeconds}s`),
    ...(version >= 170000 ? [text('transaction_timeout', `${limits.transactionSeconds}s`)] : []),
    { setting: 'search_path', to: searchPath.map(quoteIdentifier).join(', '), kept: JSON.stringify(searchPath) },
  ];
}

/** Settings that only superusers may change, unless the server lets the master user too. */
function privilegedSettings({ limits }: KitRole): Setting[] {
  return [
    { setting: 'log_statement', to: "'all'", kept: 'all' },
    { setting: 'temp_file_limit', to: `'${limits.temporaryFileMegabytes}MB'`, kept: `${limits.temporaryFileMegabytes}MB` },
  ];
}

function holds({ setting, kept }: Setting, existing: CatalogRole | undefined): boolean {
  const entry = existing?.settings.find((one) => one.startsWith(`${setting}=`));
  if (entry === undefined) return false;
  const value = entry.slice(setting.length + 1);
  return setting === 'search_path' ? JSON.stringify(parseIdentifierList(value)) === kept : value === kept;
}

/** Settings that the server may refuse; nothing else depends on them. */
export function bestEffortStatements(role: KitRole, catalog: Catalog): string[] {
  const existing = catalog.roles.get(role.name);
  const name = quoteIdentifier(role.name);
  const logging = privilegedSettings(role);
  const wanted = [...settings(role, catalog.server.version), ...logging].map(({ setting }) => setting);
  const foreign = (existing?.settings ?? []).map((entry) => entry.slice(0, entry.indexOf('='))).filter((setting) => !wanted.includes(setting));
  return [
    ...logging.filter((setting) => !holds(setting, existing)).map(({ setting, to }) => `ALTER ROLE ${name} SET ${setting} = ${to}`),
    ...foreign.map((setting) => `ALTER ROLE ${name} RESET ${setting.split('.').map(quoteIdentifier).join('.')}`),
    ...(existing?.settingsIn ?? []).map((database) => `ALTER ROLE ${name} IN DATABASE ${quoteIdentifier(database)} RESET ALL`),
  ];
}

/** A role that is no longer wanted stays, since it may own something; it can no longer log in and is no member of anything. */
export function retirement({ name, login, connectionLimit, password }: CatalogRole, catalog: Catalog): string[] {
  return [
    ...(login || connectionLimit !== 0 || password === 'set' ? [`ALTER ROLE ${quoteIdentifier(name)} NOLOGIN CONNECTION LIMIT 0 PASSWORD NULL`] : []),
    ...memberships(name, [], catalog),
  ];
}

function memberships(member: string, wanted: readonly string[], catalog: Catalog): string[] {
  const to = quoteIdentifier(member);
  const held = catalog.memberships.filter((membership) => membership.member === member);
  const by = (grantor: string) => catalog.server.version >= 160000 ? ` GRANTED BY ${quoteIdentifier(grantor)}` : '';
  return [
    ...held.filter(({ role }) => !wanted.includes(role)).map(({ role, grantor }) => `REVOKE ${quoteIdentifier(role)} FROM ${to}${by(grantor)} CASCADE`),
    ...held.filter(({ role, admin }) => wanted.includes(role) && admin)
      .map(({ role, grantor }) => `REVOKE ADMIN OPTION FOR ${quoteIdentifier(role)} FROM ${to}${by(grantor)} CASCADE`),
    ...wanted.filter((role) => !held.some((membership) => membership.role === role)).map((role) => `GRANT ${quoteIdentifier(role)} TO ${to}`),
  ];
}
