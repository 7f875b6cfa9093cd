import { MAXIMUM_SQL_BYTES } from './policy';
import { indexOf, type CatalogIndex, type SqlCatalog } from './sql/catalog';
import { limitsOf } from './sql/limits';
import type { ParsedStatement, Parser } from './sql/parser';
import type { Scan } from './sql/scan';
import { scanStatement, TOO_DEEP, unknownBecause, whyRefused } from './sql/scan-text';
import { settle } from './sql/settle';
import type { Statement } from './sql/types';

export type { SqlCatalog } from './sql/catalog';
export { loadParser, type Parser } from './sql/parser';
export { KINDS, type Kind, type Statement } from './sql/types';

/** A catalog that has been made ready for many texts. */
export type ReadyCatalog = CatalogIndex;

export const readyCatalog: (catalog: SqlCatalog) => ReadyCatalog = indexOf;

/**
 * What each statement of a text does, by PostgreSQL's own parser: every node of the tree, not the first keyword. A text that cannot be
 * read as a whole is one statement of which nothing is known. Without a catalog, `limits` says what could not be seen. No text
 * makes it throw, and none takes long: it ends at `MAXIMUM_SQL_BYTES`.
 *
 * The parser is that of PostgreSQL 18 with `standard_conforming_strings` on, so whoever runs the text has to use the extended protocol
 * in a session where that is on: then the server sees the same statements, or refuses.
 */
export function classify(parser: Parser, text: string | Uint8Array, catalog?: ReadyCatalog): Statement[] {
  const read = typeof text === 'string' ? wellFormed(text) : decoded(text);
  if ('because' in read) return [whole(read.bytes, read.because)];
  const answer = parser.parse(read.text);
  if ('refused' in answer) return [whole(read.bytes, whyRefused(answer))];
  const end = trimmedEnd(read.text, read.bytes);
  return answer.parsed.map((statement) => {
    const { scan, limits } = judged(statement, parser, catalog);
    const start = statement.stmt_location ?? 0;
    return statementOf(scan, start, statement.stmt_len === undefined ? end : start + statement.stmt_len, limits);
  });
}

/** What is too much for the machine, in whatever part of the work, is unknown like what nests too deeply. */
function judged(statement: ParsedStatement, parser: Parser, catalog: ReadyCatalog | undefined): { readonly scan: Scan; readonly limits: readonly string[] } {
  try {
    const scan = scanStatement(statement);
    const limits = catalog === undefined ? limitsOf(scan) : [];
    settle(scan, parser, catalog);
    return { scan, limits };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { scan: unknownBecause(TOO_DEEP), limits: [] };
  }
}

type Read = { readonly text: string; readonly bytes: number } | { readonly because: string; readonly bytes: number };

const LONE_SURROGATE = /[\uD800-\uDFFF]/u;

/** Characters that PostgreSQL ends a statement with as little as it begins one with. */
const BLANKS = ' \t\n\r\f\v';

function wellFormed(text: string): Read {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAXIMUM_SQL_BYTES) return { because: `is longer than ${MAXIMUM_SQL_BYTES} bytes`, bytes };
  if (text.includes('\0')) return { because: 'contains a NUL, at which a parser may stop and a server does not', bytes };
  if (LONE_SURROGATE.test(text)) return { because: 'contains half a character (a lone surrogate)', bytes };
  return { text, bytes };
}

function decoded(bytes: Uint8Array): Read {
  if (bytes.length > MAXIMUM_SQL_BYTES) return { because: `is longer than ${MAXIMUM_SQL_BYTES} bytes`, bytes: bytes.length };
  try {
    return wellFormed(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return { because: 'is not UTF-8', bytes: bytes.length };
  }
}

/** Bytes of a text without the blanks at its end. */
function trimmedEnd(text: string, bytes: number): number {
  let end = text.length;
  while (end > 0 && BLANKS.includes(text[end - 1]!)) end -= 1;
  return bytes - (text.length - end);
}

function whole(bytes: number, because: string): Statement {
  return statementOf(unknownBecause(because), 0, bytes, []);
}

function statementOf({ kind, destructive, objects, reasons, transactional }: Scan, start: number, end: number, limits: readonly string[]): Statement {
  return {
    start, end, kind, destructive,
    objects: objects.length > 1 ? [...new Set(objects)] : objects,
    because: reasons.length === 0 ? 'only reads' : reasons.length === 1 ? reasons[0]! : [...new Set(reasons)].join('; '),
    transactional, limits,
  };
}
