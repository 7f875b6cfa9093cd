/** What roles a deployment wants in one database. Plain data: it travels as JSON. */
export interface WantedRoles {
  /**
   * Which deployment of the kit the roles belong to. Roles of another one are neither changed nor revoked.
   * @default 'default'
   */
  readonly deployment?: string;
  readonly agents: readonly WantedAgent[];
  /**
   * The role that carries out approved changes.
   * @default - none
   */
  readonly writer?: WriterAccess;
  /**
   * What is taken from PUBLIC, which is everyone. It can touch other users of the database, so nothing is unless it is
   * asked for; what PUBLIC gives away is reported.
   * @default - nothing
   */
  readonly closePublic?: ClosePublic;
  /**
   * Whether the database itself refuses the agents' roles wherever it is a primary (PostgreSQL 17 and later): an event
   * trigger on login. Leave it out for a staging clone, which is a primary of its own.
   * @default false
   */
  readonly refuseAgentsOnPrimary?: boolean;
}

export interface WantedAgent {
  readonly name: string;
  /** @default - no role that reads */
  readonly read?: ReadAccess;
  /** @default - no role for a staging clone */
  readonly staging?: StagingAccess;
}

/** A schema, or some tables and views of it. */
export interface SchemaChoice {
  readonly schema: string;
  /** @default - every table and view, foreign tables and those of extensions aside */
  readonly tables?: readonly string[];
}

export interface ColumnName {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
}

export interface ReadAccess {
  readonly schemas: readonly SchemaChoice[];
  /**
   * Columns that are left out: here, in partitions and inheriting tables, and in every view above such a table.
   * @default - none
   */
  readonly personalData?: readonly ColumnName[];
  /**
   * Views above personal data that are readable all the same, because somebody looked at what they show.
   * @default - none
   */
  readonly openViews?: readonly { readonly schema: string; readonly view: string }[];
  /**
   * Whether tables, views and columns that are added later are readable at once, or from the next run on. Where a schema's
   * tables are listed, only columns that are added to those. `readable`
   * together with personal data also shows, until the next run, what a new partition, view or copy repeats of it.
   * @default - readable, unless there is personal data
   */
  readonly future?: 'readable' | 'closed';
  /** @default - `ROLE_LIMITS.read` */
  readonly limits?: RoleLimits;
}

export interface StagingAccess {
  readonly schemas: readonly SchemaChoice[];
  /** @default - `ROLE_LIMITS.staging` */
  readonly limits?: RoleLimits;
}

export interface WriterAccess {
  readonly schemas: readonly SchemaChoice[];
  /**
   * Roles that own what the writer may change the structure of. It becomes a member of each: it can then do whatever
   * they can, DROP included.
   * @default - none: rows only
   */
  readonly ownersForSchemaChanges?: readonly string[];
  /** @default - `ROLE_LIMITS.writer` */
  readonly limits?: RoleLimits;
}

export interface RoleLimits {
  readonly connections?: number;
  readonly statementSeconds?: number;
  readonly lockSeconds?: number;
  readonly idleInTransactionSeconds?: number;
  readonly idleSessionSeconds?: number;
  /** PostgreSQL 17 and later. */
  readonly transactionSeconds?: number;
  readonly temporaryFileMegabytes?: number;
}

/**
 * `tables`: grants on tables, views, sequences, large objects · `create`: CREATE on schemas · `temporary`: temporary tables
 * in this database · `connect`: CONNECT to other databases · `routines`: EXECUTE on SECURITY DEFINER routines, and on those
 * to come. Default privileges that would give the same on what is added later belong to each.
 */
export type PublicHole = 'tables' | 'create' | 'temporary' | 'connect' | 'routines';

export interface ClosePublic {
  readonly close: readonly PublicHole[];
  /** The application's roles: each is granted what PUBLIC has, before PUBLIC loses it. */
  readonly keepFor: readonly string[];
}

/** Something that anyone may do in this database, that a role of the kit holds beside what it was given, or that may have been overlooked. */
export interface RoleFinding {
  readonly id: `public-${PublicHole}` | 'stray-grant' | 'future-tables' | 'login-trigger' | 'row-security' | 'personal-data-namesake';
  readonly subject: string;
  readonly because: string;
  /** What ends it, to be run by the owner; empty where no statement does. */
  readonly sql: readonly string[];
}
