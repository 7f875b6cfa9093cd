import type { Parser, Statement } from '../../lib/core/sql';
import { classify, KINDS } from '../../lib/core/sql';

/** A small generator of numbers that are the same for the same seed (mulberry32). */
export function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const encoder = new TextEncoder();
/** Pieces at which lexers and parsers go wrong. */
const PIECES = [
  '\0', "'", '"', '$$', '$a$', '/*', '*/', '--', '\n', '\r', ';', '(', ')', '[', ']', '::', 'E\'\\', "U&'", ' UESCAPE ', '\u202e', '\ufeff', '\u00a0', 'é', '𝒳', ' DELETE FROM customers ', ' nextval(\'s\') ',
  ' FOR UPDATE ', ' INTO x ', ' UNION ALL ', ' SELECT ', ' WITH x AS (', ' EXPLAIN ANALYZE ', '((((((((((((((((', 'NOT NOT NOT NOT ', '-- ', '.', ',', '$1', 'DO $x$ BEGIN ', 'BEGIN ATOMIC ',
].map((piece) => encoder.encode(piece));

/** Some text of the corpus with one to four injuries; what comes out need be no SQL, and no UTF-8. */
export function mutated(corpus: readonly Uint8Array[], below: (limit: number) => number): Uint8Array {
  let bytes = corpus[below(corpus.length)]!;
  for (let injuries = 1 + below(4); injuries > 0; injuries -= 1) bytes = injured(bytes, corpus, below);
  return bytes;
}

function injured(bytes: Uint8Array, corpus: readonly Uint8Array[], below: (limit: number) => number): Uint8Array {
  const at = below(bytes.length + 1);
  const join = (...parts: readonly Uint8Array[]) => Buffer.concat(parts);
  switch (below(7)) {
    case 0: return join(bytes.subarray(0, at), PIECES[below(PIECES.length)]!, bytes.subarray(at));
    case 1: return join(bytes.subarray(0, at), bytes.subarray(at + 1 + below(8)));
    case 2: return join(bytes.subarray(0, at), Uint8Array.of(below(256)), bytes.subarray(at + 1));
    case 3: return join(bytes.subarray(0, at), bytes.subarray(below(bytes.length + 1)));
    case 4: { const other = corpus[below(corpus.length)]!; return join(bytes.subarray(0, at), other.subarray(below(other.length + 1))); }
    case 5: return bytes.subarray(0, at);
    default: return join(bytes, Uint8Array.of(0x3b), corpus[below(corpus.length)]!);
  }
}

/** What is wrong with an answer, whatever was asked; `undefined` when nothing is. */
export function malformed(parser: Parser, bytes: Uint8Array): string | undefined {
  let statements: Statement[];
  try {
    statements = classify(parser, bytes);
  } catch (error) {
    return `threw ${String(error)}`;
  }
  let end = 0;
  for (const { start, end: next, kind, because } of statements) {
    if (start < end || next < start || next > bytes.length) return `has a statement from ${start} to ${next}, after one that ends at ${end}, in ${bytes.length} bytes`;
    if (!KINDS.includes(kind) || because === '') return 'has a statement without a verdict';
    if (kind === 'read' && bytes.includes(0)) return 'reads a text with NUL';
    end = next;
  }
  return undefined;
}
