import { Client } from 'pg';
import { sqlOver, type Sql } from './sql';

export interface ConnectOptions {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** PEM of the authorities that the server may prove itself with. No other is believed. */
  readonly certificateAuthorities: readonly string[];
  readonly timeoutMilliseconds: number;
  /**
   * The host that the server has to prove to be, where `host` is the address of a tunnel to it.
   * @default - `host`
   */
  readonly behind?: string;
}

/** A connection that is closed when its user is done, or at once when the signal is aborted. */
export interface Session extends Sql {
  readonly end: () => Promise<void>;
}

const STATEMENT_MS = 50_000;

/**
 * Logs in over TLS, after the server has proven to be the host that was asked for (`verify-full`). Nothing is taken from the
 * environment, from a service file or from a password file.
 */
export async function connect(options: ConnectOptions, signal: AbortSignal): Promise<Session> {
  const client = new Client({
    host: options.host,
    port: options.port,
    database: options.database,
    user: options.user,
    password: options.password,
    ssl: { ca: [...options.certificateAuthorities], rejectUnauthorized: true, minVersion: 'TLSv1.2', ...(options.behind !== undefined && { servername: options.behind }) },
    application_name: 'cdk-agent-db-guardrails',
    connectionTimeoutMillis: options.timeoutMilliseconds,
    // Not empty: otherwise those of the environment are taken.
    options: '-c search_path=pg_catalog',
    // No statement goes on for longer than anyone waits for its result.
    statement_timeout: STATEMENT_MS,
    // A function that is stopped in the middle leaves its lock to nobody for long.
    idle_in_transaction_session_timeout: 10_000,
    client_encoding: 'UTF8',
    keepAlive: true,
  });
  // A server that goes away while nothing is asked is noticed by the next question.
  client.on('error', () => {});
  const end = async (): Promise<void> => {
    signal.removeEventListener('abort', abandon);
    await client.end().catch(() => undefined);
  };
  const abandon = (): void => void end();
  signal.addEventListener('abort', abandon);
  try {
    await client.connect();
  } catch (error) {
    await end();
    throw named(error);
  }
  return { ...sqlOver(client), end };
}

/** Two errors of the client have no code. */
function named(error: unknown): unknown {
  const { message, code } = error as { message?: string; code?: string };
  if (code !== undefined) return error;
  if (/does not support SSL|establishing an SSL/.test(message ?? '')) return Object.assign(new Error('no TLS'), { code: 'NO_TLS' });
  if (/timeout expired|terminated/i.test(message ?? '')) return Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' });
  return error;
}
