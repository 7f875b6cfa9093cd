import type { AclItem } from './grants/acl';

/** What a database says about itself, as far as the kit's roles are concerned. Names of roles, not their numbers. */
export interface Catalog {
  readonly server: CatalogServer;
  readonly roles: ReadonlyMap<string, CatalogRole>;
  readonly memberships: readonly CatalogMembership[];
  readonly databases: readonly CatalogDatabase[];
  /** Every schema that is not PostgreSQL's own. */
  readonly schemas: ReadonlyMap<string, CatalogSchema>;
  readonly relations: readonly CatalogRelation[];
  /** Views, and what they are made of: `[view, relation]`, by number. */
  readonly uses: readonly (readonly [view: number, relation: number])[];
  /** Partitions and inheriting tables: `[child, parent]`, by number. */
  readonly inherits: readonly (readonly [child: number, parent: number])[];
  /** Columns that hold whole rows: `[relation, column, relation of the rows]`. */
  readonly rowTypes: readonly (readonly [relation: number, column: string, rowsOf: number])[];
  readonly rowSecurity: CatalogRowSecurity;
  /** Large objects on which PUBLIC or a role of the kit has a grant. */
  readonly largeObjects: readonly CatalogLargeObject[];
  /** SECURITY DEFINER routines, and routines on which a role of the kit has a grant of its own. */
  readonly routines: readonly CatalogRoutine[];
  readonly defaults: readonly CatalogDefault[];
  /** Whatever else roles of the kit were granted, in words. */
  readonly strays: readonly CatalogStray[];
  readonly loginTrigger: CatalogLoginTrigger | undefined;
}

export interface CatalogServer {
  /** `170010` is 17.10. */
  readonly version: number;
  readonly database: string;
  /** Who reads this, and will carry out the statements. */
  readonly user: string;
  readonly inRecovery: boolean;
}

export interface CatalogRole {
  readonly name: string;
  readonly comment: string | null;
  readonly superuser: boolean;
  readonly createRole: boolean;
  readonly createDatabase: boolean;
  readonly login: boolean;
  readonly replication: boolean;
  readonly bypassRowSecurity: boolean;
  readonly connectionLimit: number;
  /** Whether it has a password, where the reader may know: only superusers may. */
  readonly password: 'set' | 'none' | 'unknown';
  /** `name=value` in every database. */
  readonly settings: readonly string[];
  /** Names of databases in which it has settings of its own. */
  readonly settingsIn: readonly string[];
  /** How the reader can act for it: with its privileges at once, after SET ROLE, or not at all. */
  readonly reach: 'direct' | 'set' | 'none';
  /** Whether the reader may grant it to others; from PostgreSQL 16 on also: may alter it. */
  readonly administered: boolean;
}

/** `member` is a role of the kit. */
export interface CatalogMembership {
  readonly member: string;
  readonly role: string;
  readonly grantor: string;
  readonly admin: boolean;
}

export interface CatalogDatabase {
  readonly name: string;
  readonly owner: string;
  readonly acl: readonly AclItem[];
}

export interface CatalogSchema {
  readonly name: string;
  readonly owner: string;
  readonly acl: readonly AclItem[];
}

export interface CatalogRelation {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** `r` table, `p` partitioned table, `v` view, `m` materialized view, `f` foreign table, `S` sequence. */
  readonly kind: 'r' | 'p' | 'v' | 'm' | 'f' | 'S';
  readonly owner: string;
  /** Only entries for PUBLIC and for roles of the kit. */
  readonly acl: readonly AclItem[];
  readonly columns: readonly string[];
  /** Those of the columns that are computed from others. */
  readonly generated: readonly string[];
  /** By column. Only entries for PUBLIC and for roles of the kit. */
  readonly columnAcl: ReadonlyMap<string, readonly AclItem[]>;
  /** It belongs to an extension. */
  readonly extension: boolean;
  /** A view that runs code whose reading nobody can see: a routine of the application, or a text as a query. */
  readonly runsCode: boolean;
  /** A view that shows what such code read with other rights than those of who reads the view. */
  readonly opaque: boolean;
}

/** Tables with row level security, and views, by number. */
export interface CatalogRowSecurity {
  readonly tables: readonly number[];
  /** Those with a policy for everybody that trusts a setting of the session. */
  readonly bySetting: readonly number[];
  /** Views that read with the rights of who asks, and so under the policies for him. */
  readonly invokerViews: readonly number[];
}

export interface CatalogLargeObject {
  /** Its only name. */
  readonly number: string;
  readonly owner: string;
  readonly acl: readonly AclItem[];
}

export interface CatalogRoutine {
  /** As it is written in a GRANT: schema, name, types of arguments. */
  readonly signature: string;
  readonly schema: string;
  readonly owner: string;
  readonly acl: readonly AclItem[];
  readonly securityDefiner: boolean;
  readonly extension: boolean;
}

export interface CatalogDefault {
  readonly owner: string;
  /** `undefined`: in every schema. */
  readonly schema: string | undefined;
  /** `r` tables, `S` sequences, `f` routines, `T` types, `n` schemas, `L` large objects. */
  readonly kind: string;
  readonly acl: readonly AclItem[];
}

export interface CatalogStray {
  readonly role: string;
  readonly object: string;
}

export interface CatalogLoginTrigger {
  readonly enabled: boolean;
  /** It fires at every login, whatever `session_replication_role` is. */
  readonly always: boolean;
  readonly source: string;
}
