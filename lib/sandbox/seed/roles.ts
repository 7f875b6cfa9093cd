/** The roles of the application, made where they are missing: roles belong to the server, so another database may have made them. */
export const ROLES = `
DO $$ BEGIN
  IF to_regrole('app_owner') IS NULL THEN CREATE ROLE app_owner NOLOGIN; END IF;
  IF to_regrole('app_user') IS NULL THEN CREATE ROLE app_user LOGIN; END IF;
  -- Who makes a role may not act for it by that alone, since PostgreSQL 16.
  EXECUTE format('GRANT app_owner TO %I', current_user);
  GRANT app_owner TO app_user;
  EXECUTE format('GRANT CONNECT, TEMPORARY, CREATE ON DATABASE %I TO app_owner, app_user', current_database());
END $$;
-- As in every database that was upgraded from PostgreSQL 14 or earlier.
GRANT CREATE, USAGE ON SCHEMA public TO PUBLIC;
GRANT CREATE, USAGE ON SCHEMA public TO app_owner, app_user;
`;

/** What the application may do, and what was given to everybody years ago and forgotten. */
export const GRANTS = `
GRANT USAGE, CREATE ON SCHEMA crm TO app_user;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public, crm TO app_user;
GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public, crm TO app_user;
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA public, crm TO app_user;
ALTER DEFAULT PRIVILEGES IN SCHEMA public, crm GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO app_user;
ALTER DEFAULT PRIVILEGES IN SCHEMA public, crm GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO app_user;
ALTER DEFAULT PRIVILEGES IN SCHEMA public, crm GRANT EXECUTE ON ROUTINES TO app_user;

GRANT USAGE ON SCHEMA crm TO PUBLIC;
GRANT ALL ON public.legacy_imports TO PUBLIC;
GRANT ALL ON SEQUENCE public.legacy_imports_id_seq TO PUBLIC;
GRANT ALL ON crm.inbox TO PUBLIC;
GRANT SELECT, UPDATE ON LARGE OBJECT 24004 TO PUBLIC;
`;
