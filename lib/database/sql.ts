/** What PostgreSQL says beside an answer: a NOTICE, or a WARNING such as that a REVOKE did nothing. */
export interface Notice {
  readonly severity: string;
  readonly code: string;
  readonly message: string;
}

/**
 * One connection to one database, whoever opened it. Statements travel in the extended protocol, one at a time: the
 * server refuses a second statement hidden in the first, whatever `standard_conforming_strings` says.
 */
export interface Sql {
  query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<{ rows: Row[]; rowCount: number | null }>;
  /** Everything that the server said so far, oldest first; the last thousand. */
  readonly notices: readonly Notice[];
}

/** The part of a client of the npm package `pg` that is used; this room imports no packages. */
export interface PostgresClient {
  query(config: { text: string; values?: unknown[]; queryMode: 'extended' }): Promise<{ rows: unknown[]; rowCount: number | null }>;
  on(event: 'notice', listener: (notice: { severity?: string; code?: string; message?: string }) => void): unknown;
}

const NOTICES_KEPT = 1000;

/** An open client of `pg` as `Sql`. Whoever opened the client closes it. */
export function sqlOver(client: PostgresClient): Sql {
  const notices: Notice[] = [];
  client.on('notice', ({ severity = 'NOTICE', code = '00000', message = '' }) => {
    notices.push({ severity, code, message });
    if (notices.length > NOTICES_KEPT) notices.shift();
  });
  return {
    notices,
    async query<Row>(text: string, values: readonly unknown[] = []) {
      const { rows, rowCount } = await client.query({ text, values: [...values], queryMode: 'extended' });
      return { rows: rows as Row[], rowCount };
    },
  };
}

/** The five characters with which PostgreSQL names an error; `undefined` for any other error. */
export function sqlState(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}
