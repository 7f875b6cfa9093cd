import type { ClosePublic, ReadAccess, WantedRoles } from './grants/wanted';

/** What agents may read in one database of the server. */
export interface DatabaseReading extends ReadAccess {
  readonly database: string;
}

/** The roles that are wanted in one database. */
export interface WantedDatabase {
  readonly database: string;
  readonly wanted: WantedRoles;
}

export interface ReadingAgents {
  /** Every database on the server that agents may read. */
  readonly databases: readonly string[];
  /** Each agent, and what it may read; a database that its list does not name it may not read. */
  readonly agents: readonly { readonly name: string; readonly read?: readonly DatabaseReading[] }[];
  /** Which deployment the roles belong to. */
  readonly deployment: string;
  readonly closePublic?: ClosePublic;
  readonly refuseAgentsOnPrimary?: boolean;
}

/** What an agent may read that nothing is said of: the tables and views of `public`. */
export const DEFAULT_READING: ReadAccess = { schemas: [{ schema: 'public' }] };

/** An agent's role exists in every database, since roles belong to the server; where it may read nothing it is given nothing. */
const NOTHING: ReadAccess = { schemas: [] };

/** The roles in each database of a server. */
export function wantedDatabases({ databases, agents, ...rest }: ReadingAgents): readonly WantedDatabase[] {
  return databases.map((database) => ({
    database,
    wanted: { ...rest, agents: agents.map(({ name, read }) => ({ name, read: readingIn(database, read) })) },
  }));
}

function readingIn(database: string, read: readonly DatabaseReading[] | undefined): ReadAccess {
  if (read === undefined) return DEFAULT_READING;
  const found = read.find((each) => each.database === database);
  if (found === undefined) return NOTHING;
  const { schemas, personalData, openViews, future, limits } = found;
  return { schemas, personalData, openViews, future, limits };
}

/** The same roles wanted no more: whoever applies it takes login and grants away from all of the deployment. */
export function unwanted({ database, wanted }: WantedDatabase): WantedDatabase {
  return { database, wanted: { deployment: wanted.deployment, agents: [] } };
}

/** The same agents in a database where none of them may read any more. */
export function emptied(database: string, { wanted }: WantedDatabase): WantedDatabase {
  const { deployment, agents } = wanted;
  return { database, wanted: { deployment, agents: agents.map(({ name }) => ({ name, read: NOTHING })) } };
}

/** Databases in what agents may read that are not among the server's. */
export function unknownDatabases({ databases, agents }: Pick<ReadingAgents, 'databases' | 'agents'>): readonly string[] {
  return [...new Set(agents.flatMap(({ read = [] }) => read.map(({ database }) => database)).filter((name) => !databases.includes(name)))];
}
