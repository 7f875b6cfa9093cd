import type { Text } from './model';
import { isSymbolic, parts } from './text';

/** Whether two texts fit, where `maybe` depends on a symbol and on nothing else. */
export type Match = 'yes' | 'no' | 'maybe';

export interface MatchOptions {
  /** @default false */
  readonly ignoreCase?: boolean;
  /**
   * What `${key}` and `${key, 'default'}` stand for. Without it `$` is an ordinary character, as in policies of a version
   * before 2012-10-17 and in elements that know no variables. `fallback`: whether there is a default to use if it is absent.
   */
  readonly variables?: (key: string, fallback: boolean) => VariableValue;
  /** What a variable that cannot be resolved counts as: whatever fits (`yes`), nothing (`no`), or a doubt. @default 'maybe' */
  readonly undecided?: Match;
  /** Whether a `*` inside one of the first five segments of an ARN stops at a colon. @default false */
  readonly segments?: boolean;
}

/** A policy variable's value: a text, no value at all, or not known. */
export type VariableValue = { readonly is: 'text'; readonly text: Text } | { readonly is: 'absent' } | { readonly is: 'unknown' };

/** A pattern that was read once, to be compared often. */
export interface Pattern {
  readonly tokens: readonly string[];
  readonly ignoreCase: boolean;
  /** No symbols and no segments: comparable by the quick matcher. */
  readonly plain: boolean;
}

// A token is one literal character, a symbol, or one of these. None can be in a template: they start as symbols do.
const [STAR, STAR_IN_SEGMENT, ONE, NEVER, ANYTHING] = ['\uE000*', '\uE000*:', '\uE000?', '\uE000!', '\uE000u:\uE001'];

/** Does an IAM pattern (`*`, `?`) cover the text? In time proportional to the product of their lengths at worst. */
export function matches(pattern: Text, text: Text, options: MatchOptions = {}): Match {
  return covers(patternOf(pattern, options), text);
}

/** Are two texts the same? `*` and `?` are ordinary characters here. */
export function equalText(a: Text, b: Text, options: Pick<MatchOptions, 'ignoreCase'> = {}): Match {
  if (a === b) return 'yes';
  const tokens = tokensOf(a, options.ignoreCase ?? false);
  return covers({ tokens, ignoreCase: options.ignoreCase ?? false, plain: tokens.every(isLiteral) }, b);
}

/** Reads a pattern. One with variables holds only for the values that they have now. */
export function patternOf(pattern: Text, options: MatchOptions = {}): Pattern {
  const { ignoreCase = false, variables, segments = false } = options;
  const tokens = (variables ? pieces(pattern) : [pattern]).flatMap((piece, index) =>
    index % 2 === 0 ? wildcards(tokensOf(piece, ignoreCase)) : variable(piece, ignoreCase, variables!, options.undecided ?? 'maybe'));
  const bounded = segments ? withinSegments(tokens) : tokens;
  return { tokens: bounded, ignoreCase, plain: bounded.every((token) => isLiteral(token) || token === STAR || token === ONE) };
}

/** Whether a pattern that was read covers a text. */
export function covers({ tokens, ignoreCase, plain }: Pattern, text: Text): Match {
  const symbolic = text.includes('\uE000');
  const other = symbolic ? tokensOf(text, ignoreCase) : ignoreCase ? text.toLowerCase() : text;
  const start = commonStart(tokens, other);
  if (start === undefined) return 'no';
  if ((tokens.length - start) * (other.length - start) > LARGEST) return 'maybe';
  if (plain && !symbolic) return glob(tokens, other as string, start) ? 'yes' : 'no';
  const rest = [tokens.slice(start), [...other].slice(start)] as const;
  const atStart = start === 0;
  return reaches(...rest, atStart, true) ? 'yes' : reaches(...rest, atStart, false) ? 'maybe' : 'no';
}

/** Beyond this product of lengths nobody waits for an answer. An ARN has at most 2,048 characters. */
const LARGEST = 10_000_000;

const isLiteral = (token: string): boolean => !token.startsWith('\uE000');
const kindOf = (token: string): string => token[1] ?? '';

function tokensOf(text: Text, ignoreCase: boolean): string[] {
  if (!isSymbolic(text)) return (ignoreCase ? text.toLowerCase() : text).split('');
  return parts(text).flatMap((part) => (isLiteral(part) ? (ignoreCase ? part.toLowerCase() : part).split('') : [part]));
}

const wildcards = (tokens: readonly string[]): string[] =>
  tokens.map((token) => (token === '*' ? STAR : token === '?' ? ONE : token));

/** Literal text and variables by turns: `a${b}c` is `a`, `b`, `c`. */
const pieces = (pattern: Text): string[] => pattern.split(/\$\{([^{}]*)\}/);

function variable(name: string, ignoreCase: boolean, resolve: NonNullable<MatchOptions['variables']>, undecided: Match): string[] {
  if (['*', '?', '$'].includes(name)) return [name];
  const [, key = name, , fallback] = /^\s*([^,]*?)\s*(,\s*'(.*)'\s*)?$/s.exec(name) ?? [];
  const value = resolve(key, fallback !== undefined);
  if (value.is === 'text') return tokensOf(value.text, ignoreCase);
  if (value.is === 'absent') return fallback === undefined ? [NEVER] : tokensOf(fallback, ignoreCase);
  return [{ yes: STAR, no: NEVER, maybe: ANYTHING }[undecided]];
}

/** "If the * wildcard is the last character of a resource ARN segment, it can expand to match beyond the colon boundaries." */
function withinSegments(tokens: readonly string[]): string[] {
  let colons = 0;
  return tokens.map((token, index) => {
    if (token === ':') colons += 1;
    const next = tokens[index + 1];
    return token === STAR && colons < 5 && next !== undefined && next !== ':' ? STAR_IN_SEGMENT : token;
  });
}

/** How many tokens are surely the same, or undefined if the first that differ surely differ. */
function commonStart(tokens: readonly string[], text: string | readonly string[]): number | undefined {
  let index = 0;
  while (index < tokens.length && index < text.length && tokens[index] === text[index] && kindOf(tokens[index]!) !== 'u') index += 1;
  const [token, other] = [tokens[index], text[index]];
  if (token === undefined && other === undefined) return index;
  const differ = token !== undefined && other !== undefined && isLiteral(token) && isLiteral(other);
  return differ ? undefined : index;
}

/** The usual matcher of `*` and `?`: on a mismatch the last star takes one more character. */
function glob(tokens: readonly string[], text: string, start: number): boolean {
  let [at, from, star, mark] = [start, start, -1, start];
  while (from < text.length) {
    const token = tokens[at];
    if (token === STAR) {
      [star, mark] = [at, from];
      at += 1;
    } else if (token !== undefined && (token === ONE || token === text[from])) {
      at += 1;
      from += 1;
    } else if (star >= 0) {
      mark += 1;
      [at, from] = [star + 1, mark];
    } else {
      return false;
    }
  }
  while (tokens[at] === STAR) at += 1;
  return at === tokens.length;
}

/** Where a comparison stands: between tokens, inside a symbol of the text (which may end here or not), inside one of the pattern. */
const [BETWEEN, IN_TEXT, IN_TEXT_CAN_END, IN_PATTERN] = [0, 1, 2, 3];

/**
 * Whether the end can be reached by stepping through both texts at once, each position visited once. `certain` takes only
 * the steps that hold whatever the symbols turn out to be; otherwise also those that some value of them allows.
 */
function reaches(pattern: readonly string[], text: readonly string[], atStart: boolean, certain: boolean): boolean {
  const width = text.length + 1;
  const seen = new Uint8Array((pattern.length + 1) * width * 4);
  const open: number[] = [];
  const go = (at: number, from: number, where: number): void => {
    const state = (at * width + from) * 4 + where;
    if (seen[state]) return;
    seen[state] = 1;
    open.push(state);
  };
  go(0, 0, BETWEEN);
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const where = state % 4;
    const from = ((state - where) / 4) % width;
    const at = ((state - where) / 4 - from) / width;
    if (at === pattern.length && from === text.length && where !== IN_TEXT) return true;
    const [token, other] = [pattern[at], text[from]];
    if (where === BETWEEN) stepBetween(token, other, at, from, certain, go);
    else if (where === IN_PATTERN) stepInPattern(token!, other, at, from, go);
    else if (other !== undefined) stepInText(token, other, at, from, where, atStart && from === 0, go);
  }
  return false;
}

type Go = (at: number, from: number, where: number) => void;

function stepBetween(token: string | undefined, other: string | undefined, at: number, from: number, certain: boolean, go: Go): void {
  if (token === STAR || token === STAR_IN_SEGMENT) {
    go(at + 1, from, BETWEEN);
    const stops = token === STAR_IN_SEGMENT && (other === ':' || (certain && other !== undefined && kindOf(other) === 'u'));
    if (other !== undefined && !stops) go(at, from + 1, BETWEEN);
    if (!certain && other !== undefined && !isLiteral(other)) go(at + 1, from, IN_TEXT_CAN_END);
    return;
  }
  if (token !== undefined && token === other && token !== NEVER) go(at + 1, from + 1, BETWEEN);
  if (token === ONE && other !== undefined && isLiteral(other)) go(at + 1, from + 1, BETWEEN);
  if (certain) return;
  if (other !== undefined && !isLiteral(other)) {
    go(at, from, kindOf(other) === 'u' ? IN_TEXT_CAN_END : IN_TEXT);
    if (token !== undefined && samePseudo(token, other)) go(at + 1, from + 1, BETWEEN);
  }
  if (token === undefined) return;
  if (kindOf(token) === 'u') go(at, from, IN_PATTERN);
  else if (kindOf(token) === 'p' && other !== undefined && isLiteral(other) && couldContain(token, other)) go(at, from + 1, IN_PATTERN);
}

function stepInPattern(token: string, other: string | undefined, at: number, from: number, go: Go): void {
  go(at + 1, from, BETWEEN);
  if (other === undefined) return;
  if (kindOf(token) === 'u') {
    go(at, from + 1, IN_PATTERN);
    if (!isLiteral(other)) go(at + 1, from, IN_TEXT_CAN_END);
  } else if (isLiteral(other) && couldContain(token, other)) {
    go(at, from + 1, IN_PATTERN);
  }
}

/** A generated value equals no literal, so it fits only with the help of a wildcard; a pseudo parameter may equal one. */
function stepInText(token: string | undefined, other: string, at: number, from: number, where: number, first: boolean, go: Go): void {
  if (where === IN_TEXT_CAN_END) go(at, from + 1, BETWEEN);
  if (token === undefined || token === NEVER) return;
  if (token === STAR || token === STAR_IN_SEGMENT) go(at, from + 1, BETWEEN);
  if (token === STAR || token === STAR_IN_SEGMENT || token === ONE) go(at + 1, from, IN_TEXT_CAN_END);
  else if (!isLiteral(token)) {
    if (kindOf(other) === 'u' || kindOf(token) === 'u') go(at + 1, from, IN_TEXT_CAN_END);
  } else if (kindOf(other) === 'g' ? first || token !== ':' : couldContain(other, token)) {
    // A generated name has no colon; a generated ARN is the whole text, which is where `first` comes from.
    go(at + 1, from, kindOf(other) === 'g' ? where : IN_TEXT_CAN_END);
  }
}

const pseudoName = (token: string): string => token.slice(3, -1).split('@', 1)[0]!;
const samePseudo = (a: string, b: string): boolean => kindOf(a) === 'p' && kindOf(b) === 'p' && pseudoName(a) === pseudoName(b);

function couldContain(symbol: string, character: string): boolean {
  if (kindOf(symbol) !== 'p') return true;
  return PSEUDO_CHARACTERS[pseudoName(symbol)]?.test(character) ?? true;
}

const PSEUDO_CHARACTERS: Readonly<Record<string, RegExp>> = {
  'AWS::AccountId': /[0-9]/,
  'AWS::Partition': /[a-z-]/,
  'AWS::Region': /[a-z0-9-]/,
  'AWS::StackName': /[A-Za-z0-9-]/,
  'AWS::URLSuffix': /[a-z.-]/,
};
