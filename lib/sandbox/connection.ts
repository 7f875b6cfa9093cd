import { Client } from 'pg';
import { sqlOver, type Sql } from '../database/sql';

/** A connection that this room opened. */
export interface Connection extends Sql {
  /** Several statements at once, as a file has them. One transaction, unless they say otherwise. */
  script(text: string): Promise<void>;
  end(): Promise<void>;
}

export interface ConnectOptions {
  /** How long to wait for a login, and for each answer. Default: 10 s for a login, any time for an answer. */
  readonly timeoutMs?: number;
}

/** Logs in. What is thrown names the host, the port, the database and the user, and never the password. */
export async function connect(url: string, { timeoutMs }: ConnectOptions = {}): Promise<Connection> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: timeoutMs ?? 10_000,
    query_timeout: timeoutMs,
    application_name: 'dbguard',
    // Without these two PGSSLMODE and PGOPTIONS of the caller's environment would have a say.
    ssl: false,
    options: '-c application_name=dbguard',
  });
  // A server that goes away while nothing is asked is noticed by the next question.
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    const { hostname, port, pathname, username } = new URL(url);
    const { code, message } = error as NodeJS.ErrnoException;
    const where = `${hostname}:${port}${pathname} as ${decodeURIComponent(username)}`;
    throw Object.assign(new Error(`cannot log in to ${where}: ${message || code || 'no answer'}`), { code });
  }
  return {
    ...sqlOver(client),
    script: async (text) => void await client.query(text),
    end: () => client.end(),
  };
}

/** Does something with a connection, and closes it. */
export async function connected<Result>(url: string, use: (sql: Connection) => Promise<Result>, options?: ConnectOptions): Promise<Result> {
  const sql = await connect(url, options);
  try {
    return await use(sql);
  } finally {
    await sql.end();
  }
}
