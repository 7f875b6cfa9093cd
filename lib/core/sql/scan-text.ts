import type { Parsed, ParsedStatement, Parser } from './parser';
import { Scan } from './scan';
import { walkItem } from './walk';

/** Walks through one statement. Throws a RangeError at what nests too deeply. */
export function scanStatement({ stmt }: ParsedStatement): Scan {
  const scan = new Scan();
  walkItem(stmt, scan);
  return scan;
}

/** Walks through SQL that is inside of something else: of a body, of a view. */
export function scanText(parser: Parser, text: string): Scan[] {
  const answer = text.includes('\0') ? { refused: 'depth' as const } : parser.parse(text);
  return 'parsed' in answer ? answer.parsed.map(scanStatement) : [unknownBecause(whyRefused(answer))];
}

export function unknownBecause(because: string): Scan {
  const scan = new Scan();
  scan.add('unknown', because);
  return scan;
}

export const TOO_DEEP = 'nests too deeply to be understood';

export function whyRefused(answer: Exclude<Parsed<unknown>, { readonly parsed: unknown }>): string {
  return answer.refused === 'depth' ? TOO_DEEP : `PostgreSQL does not accept it: it stops making sense after ${answer.position} characters`;
}
