import { sqlState } from '../sql';

/**
 * Why something failed, without the values that PostgreSQL quotes and without the words that code of the database chose:
 * whoever asked for a change may not be allowed to see either.
 */
export function failureIn(error: unknown): string {
  const code = sqlState(error);
  if (code === undefined) return error instanceof Error ? error.message : 'it failed';
  const own = code === 'P0001' || code === 'P0004' || (error as { where?: string }).where?.startsWith('PL/') === true;
  if (own) return `code of the database refused it (${code})`;
  const message = (error as Error).message.replace(/: ["'].*$/s, '');
  // Errors about data quote data; others quote names.
  return `${code.startsWith('22') ? message.replaceAll(/(["']).*\1/gs, '…') : message} (${code})`;
}
