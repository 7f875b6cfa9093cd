/**
 * What is asked of a database before its roles are planned: a handful of questions about whole sets, whatever the number
 * of tables. Every name is qualified, so no search path matters. Lists that may be long come back as one JSON text.
 */

/** The first question; PostgreSQL 12 answers it too, so that its version can be refused. */
export const SERVER_QUERY = `
SELECT pg_catalog.current_setting('server_version_num')::int AS version, pg_catalog.current_database()::text AS database,
       current_user::text AS "user", pg_catalog.pg_is_in_recovery() AS "inRecovery"`;

/** Only a superuser may see whether a role has a password; which one, nobody looks at. */
export function rolesQuery(version: number, superuser: boolean): string {
  const set = version >= 160000 ? 'SET' : 'MEMBER';
  const password = superuser
    ? `CASE WHEN (SELECT a.rolpassword IS NULL FROM pg_catalog.pg_authid a WHERE a.oid = r.oid) THEN 'none' ELSE 'set' END`
    : `'unknown'`;
  return `
SELECT r.oid::pg_catalog.int8::text AS oid, r.rolname::text AS name, pg_catalog.shobj_description(r.oid, 'pg_authid') AS comment,
       r.rolsuper AS superuser, r.rolcreaterole AS "createRole", r.rolcreatedb AS "createDatabase", r.rolcanlogin AS login,
       r.rolreplication AS replication, r.rolbypassrls AS "bypassRowSecurity", r.rolconnlimit AS "connectionLimit",
       ${password} AS password,
       coalesce((SELECT s.setconfig FROM pg_catalog.pg_db_role_setting s WHERE s.setrole = r.oid AND s.setdatabase = 0), '{}') AS settings,
       ARRAY(SELECT d.datname::text FROM pg_catalog.pg_db_role_setting s JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase
              WHERE s.setrole = r.oid ORDER BY 1) AS "settingsIn",
       CASE WHEN pg_catalog.pg_has_role(current_user, r.oid, 'USAGE') THEN 'direct'
            WHEN pg_catalog.pg_has_role(current_user, r.oid, '${set}') THEN 'set' ELSE 'none' END AS reach,
       pg_catalog.pg_has_role(current_user, r.oid, 'MEMBER WITH ADMIN OPTION') AS administered
  FROM pg_catalog.pg_roles r ORDER BY r.rolname`;
}

/** `$1` the numbers of the kit's roles. */
export const MEMBERSHIPS_QUERY = `
SELECT u.rolname::text AS member, r.rolname::text AS role, g.rolname::text AS grantor, m.admin_option AS admin
  FROM pg_catalog.pg_auth_members m
  JOIN pg_catalog.pg_roles u ON u.oid = m.member JOIN pg_catalog.pg_roles r ON r.oid = m.roleid JOIN pg_catalog.pg_roles g ON g.oid = m.grantor
 WHERE m.member = ANY ($1::pg_catalog.oid[]) ORDER BY 1, 2, 3`;

/** Default privileges that are not written down are those of `acldefault`. */
export const DATABASES_QUERY = `
SELECT d.datname::text AS name, pg_catalog.pg_get_userbyid(d.datdba)::text AS owner,
       coalesce(d.datacl, pg_catalog.acldefault('d', d.datdba))::text AS acl
  FROM pg_catalog.pg_database d WHERE d.datallowconn ORDER BY 1`;

export const SCHEMAS_QUERY = `
SELECT n.oid::pg_catalog.int8::text AS oid, n.nspname::text AS name, pg_catalog.pg_get_userbyid(n.nspowner)::text AS owner,
       coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))::text AS acl
  FROM pg_catalog.pg_namespace n WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 2`;

export const DEFAULTS_QUERY = `
SELECT pg_catalog.pg_get_userbyid(d.defaclrole)::text AS owner, n.nspname::text AS schema, d.defaclobjtype::text AS kind, d.defaclacl::text AS acl
  FROM pg_catalog.pg_default_acl d LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace ORDER BY 1, 2, 3`;

const USER_SCHEMA = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;

/** Every table, view and sequence of the application: lists side by side, half the time of one list of lists. */
export const RELATIONS_QUERY = `
SELECT coalesce(pg_catalog.json_agg(c.oid::pg_catalog.int8), '[]')::text AS relations,
       coalesce(pg_catalog.json_agg(c.relnamespace::pg_catalog.int8), '[]')::text AS schemas,
       coalesce(pg_catalog.json_agg(c.relname), '[]')::text AS names,
       coalesce(pg_catalog.string_agg(c.relkind::text, ''), '') AS kinds,
       coalesce(pg_catalog.json_agg(c.relowner::pg_catalog.int8), '[]')::text AS owners,
       coalesce(pg_catalog.json_agg(c.relacl::text), '[]')::text AS acls,
       coalesce((SELECT pg_catalog.json_agg(d.objid::pg_catalog.int8) FROM pg_catalog.pg_depend d
                  WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype = 'e'), '[]')::text AS extension
  FROM pg_catalog.pg_class c
 WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
   AND c.relnamespace = ANY (ARRAY(SELECT n.oid FROM pg_catalog.pg_namespace n WHERE ${USER_SCHEMA}))`;

/**
 * Columns of the relations in the schemas `$1`, and wherever a column has grants of its own: lists side by side, in no
 * order. Half the time of one list in order, and this is most of the time of a run that has nothing to do.
 */
export const COLUMNS_QUERY = `
SELECT coalesce(pg_catalog.json_agg(a.attrelid::pg_catalog.int8), '[]')::text AS relations,
       coalesce(pg_catalog.json_agg(a.attnum), '[]')::text AS numbers,
       coalesce(pg_catalog.json_agg(a.attname), '[]')::text AS names,
       coalesce(pg_catalog.json_agg(a.attacl::text), '[]')::text AS acls,
       coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(a.attrelid::pg_catalog.int8, a.attname)) FILTER (WHERE a.attgenerated <> ''), '[]')::text AS generated
  FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
 WHERE a.attrelid >= 16384 AND a.attnum > 0 AND NOT a.attisdropped
   AND c.relnamespace = ANY (ARRAY(SELECT n.oid FROM pg_catalog.pg_namespace n WHERE ${USER_SCHEMA}))
   AND (a.attacl IS NOT NULL OR c.relnamespace = ANY (ARRAY(SELECT n.oid FROM pg_catalog.pg_namespace n WHERE n.nspname = ANY ($1::text[]))))`;

/** `$1` the numbers of the kit's roles. Arguments of procedures have their mode: without it, \`p(integer)\` may be two procedures. */
export const ROUTINES_QUERY = `
SELECT CASE WHEN p.prokind <> 'p' THEN p.oid::pg_catalog.regprocedure::text ELSE pg_catalog.format('%I.%I(%s)', n.nspname, p.proname,
         (SELECT pg_catalog.string_agg('IN ' || pg_catalog.format_type(a.type, NULL), ', ' ORDER BY a.at)
            FROM pg_catalog.unnest(p.proargtypes::pg_catalog.oid[]) WITH ORDINALITY a(type, at))) END AS signature, n.nspname::text AS schema, pg_catalog.pg_get_userbyid(p.proowner)::text AS owner,
       coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))::text AS acl, p.prosecdef AS "securityDefiner",
       EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype = 'e') AS extension
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
 WHERE (p.prosecdef AND ${USER_SCHEMA})
    OR p.oid IN (SELECT s.objid FROM pg_catalog.pg_shdepend s
                  WHERE s.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass AND s.refobjid = ANY ($1::pg_catalog.oid[])
                    AND s.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND s.deptype = 'a'
                    AND s.dbid = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()))
 ORDER BY 1`;

/** Large objects on which everybody, or a role of the kit (`$1`), has a grant; not those that such a role made for itself. */
export const LARGE_OBJECTS_QUERY = `
SELECT l.oid::text AS number, pg_catalog.pg_get_userbyid(l.lomowner)::text AS owner, l.lomacl::text AS acl
  FROM pg_catalog.pg_largeobject_metadata l
 WHERE l.lomacl IS NOT NULL AND l.lomowner <> ALL ($1::pg_catalog.oid[])
   AND EXISTS (SELECT FROM pg_catalog.aclexplode(l.lomacl) e WHERE e.grantee = 0 OR e.grantee = ANY ($1::pg_catalog.oid[]))
 ORDER BY l.oid`;

/** What roles of the kit (`$1`) were granted on, or own, that is neither a table, a schema, a routine, a large object, a default nor this database. */
export const STRAYS_QUERY = `
SELECT r.rolname::text AS role, pg_catalog.pg_describe_object(s.classid, s.objid, s.objsubid) || CASE s.deptype WHEN 'o' THEN ' (owner)' ELSE '' END AS object
  FROM pg_catalog.pg_shdepend s JOIN pg_catalog.pg_roles r ON r.oid = s.refobjid
 WHERE s.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass AND s.refobjid = ANY ($1::pg_catalog.oid[])
   AND s.dbid IN (0, (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()))
   AND (s.deptype = 'o' OR s.deptype = 'a' AND NOT (
         s.classid IN ('pg_catalog.pg_namespace'::pg_catalog.regclass, 'pg_catalog.pg_proc'::pg_catalog.regclass,
                       'pg_catalog.pg_default_acl'::pg_catalog.regclass, 'pg_catalog.pg_database'::pg_catalog.regclass,
                       'pg_catalog.pg_auth_members'::pg_catalog.regclass, 'pg_catalog.pg_largeobject'::pg_catalog.regclass)
         OR s.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND s.objid >= 16384))
 ORDER BY 1, 2 LIMIT 100`;

/** `$1` the trigger's name. */
export const LOGIN_TRIGGER_QUERY = `
SELECT e.evtenabled <> 'D' AS enabled, e.evtenabled = 'A' AND e.evtevent = 'login' AS always, p.prosrc AS source
  FROM pg_catalog.pg_event_trigger e JOIN pg_catalog.pg_proc p ON p.oid = e.evtfoid WHERE e.evtname = $1`;
