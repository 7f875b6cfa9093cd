import type { Text, Value } from '../audit/model';
import { isSymbolic, parts } from '../audit/text';

/**
 * Which literal id, name or address stands for which symbol of the template. What is read from the account is written with the
 * symbols, so that the rules see what refers to what as they do in a template, and messages keep the names that people gave.
 */
export class Symbols {
  readonly #symbols = new Map<string, Text>();
  readonly #literals = new Map<Text, string>();

  /** What a text of the template became when it was deployed. A text that could be anything else is not learnt from. */
  learn(text: unknown, literal: unknown): void {
    if (typeof text !== 'string' || typeof literal !== 'string' || !isSymbolic(text)) return;
    if (parts(text).length === 1) this.#literals.set(text, literal);
    const [wanted, seen] = [segments(text), literal.split(/[:/]/)];
    if (wanted.length !== seen.length) return;
    wanted.forEach((segment, index) => this.#segment(segment, seen[index]!));
  }

  #segment(segment: Text, literal: string): void {
    const pieces = parts(segment);
    const symbols = pieces.filter(isSymbolic);
    if (symbols.length !== 1 || !TOKEN.test(literal)) return;
    const [symbol = ''] = symbols;
    const at = pieces.indexOf(symbol);
    const [before, after] = [pieces.slice(0, at).join(''), pieces.slice(at + 1).join('')];
    if (!literal.startsWith(before) || !literal.endsWith(after) || literal.length <= before.length + after.length) return;
    this.#literals.set(symbol, literal.slice(before.length, literal.length - after.length));
    // Short words may stand for themselves elsewhere.
    if (literal.length >= 6) this.#symbols.set(literal, segment);
  }

  symbolic(value: Value): Value {
    return mapped(value, (text) => text.replace(TOKENS, (token) => this.#symbols.get(token) ?? token));
  }

  literal(value: Value): Value {
    return mapped(value, (text) => parts(text).map((part) => this.#literals.get(part) ?? part).join(''));
  }
}

/** An id, name or address, without what separates them in an ARN. */
const TOKENS = /[A-Za-z0-9_+=,.@!-]+/g;
const TOKEN = /^[A-Za-z0-9_+=,.@!-]+$/;

/** Split at colons and slashes, but for those in the names of symbols. */
function segments(text: Text): readonly Text[] {
  const found: Text[] = [''];
  for (const part of parts(text)) {
    const [first = '', ...more] = isSymbolic(part) ? [part] : part.split(/[:/]/);
    found[found.length - 1] += first;
    found.push(...more);
  }
  return found;
}

function mapped(value: Value, change: (text: Text) => Text): Value {
  if (typeof value === 'string') return change(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as readonly Value[]).map((entry) => mapped(entry, change));
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [change(key), mapped(entry, change)]));
}
