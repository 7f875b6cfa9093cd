import { LIMITS } from './limits';

/** What is known of a JSON text before it is parsed. Lines start at 1. */
export interface JsonShape {
  /** Line of each key directly below the top-level key `Resources`. */
  readonly lines: ReadonlyMap<string, number>;
  /** Keys written twice at the top level or below `Resources`: `JSON.parse` would silently keep the last. */
  readonly twice: readonly string[];
  readonly depth: number;
  readonly values: number;
  /** How many keys are written, at every depth. */
  readonly keys: number;
}

const [QUOTE, COMMA, COLON, NEWLINE] = [0x22, 0x2c, 0x3a, 0x0a];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];

/** One pass over the text, that stops where a limit is exceeded. It takes invalid JSON without complaint. */
export function shapeOf(text: string): JsonShape {
  const lines = new Map<string, number>();
  const twice: string[] = [];
  const top = new Set<string>();
  let [depth, deepest, values, keys, line, section, key] = [0, 0, 0, 0, 1, '', ''];
  for (let at = 0; at < text.length && deepest <= LIMITS.depth && values <= LIMITS.values; at++) {
    switch (text.charCodeAt(at)) {
      case NEWLINE: line++; break;
      case COMMA: values++; break;
      case OPEN_OBJECT: case OPEN_LIST: deepest = Math.max(deepest, ++depth); values++; break;
      case CLOSE_OBJECT: case CLOSE_LIST: depth--; break;
      case QUOTE: {
        const end = endOfString(text, at);
        if (depth <= 2) key = text.slice(at, end + 1);
        at = end;
        break;
      }
      case COLON:
        keys++;
        if (depth === 1) {
          section = unquoted(key);
          if (top.has(section)) twice.push(section);
          top.add(section);
        } else if (depth === 2 && section === 'Resources') {
          const id = unquoted(key);
          if (lines.has(id)) twice.push(`Resources.${id}`);
          lines.set(id, line);
        }
        break;
      default:
    }
  }
  return { lines, twice, depth: deepest, values, keys };
}

function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === 0x5c) escapes++;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
}

const unquoted = (key: string): string => {
  if (!key.includes('\\')) return key.slice(1, -1);
  try {
    return JSON.parse(key) as string;
  } catch {
    return key;
  }
};

/** The first key of valid JSON that stands twice in the same object: where, and what it is. */
export function keyTwice(text: string): { readonly offset: number; readonly key: string } | undefined {
  const open: (Set<string> | undefined)[] = [];
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]]/g)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (/^\s*:/.test(text.slice(index + token.length, index + token.length + 100))) {
      const [key, keys] = [unquoted(token), open.at(-1)];
      if (keys?.has(key)) return { offset: index, key };
      keys?.add(key);
    }
  }
  return undefined;
}

/** Where a text that `JSON.parse` refuses stops being JSON: the offset of the first token that cannot stand there. */
export function firstError(text: string): number {
  const token = /[\s]*(?:("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)|([{}[\],:]))/y;
  // What is open, and what may come next: value, first key or end, key, colon, comma or end.
  const open: string[] = [];
  let next: 'value' | 'first' | 'key' | 'colon' | 'end' | 'done' = 'value';
  for (let at = 0; ; at = token.lastIndex) {
    token.lastIndex = at;
    const match = token.exec(text);
    const start = at + (/^\s*/.exec(text.slice(at, at + 4096))?.[0].length ?? 0);
    if (!match) return start;
    const [, string, scalar, mark] = match;
    const inObject = open.at(-1) === '{';
    if (next === 'done') return start;
    if ((next === 'first' || next === 'key') && inObject) {
      if (string !== undefined) { next = 'colon'; continue; }
      if (mark !== '}' || next === 'key') return start;
    } else if (next === 'colon') {
      if (mark !== ':') return start;
      next = 'value';
      continue;
    } else if (next === 'end') {
      if (mark === ',') { next = inObject ? 'key' : 'value'; continue; }
      if (mark !== (inObject ? '}' : ']')) return start;
    } else if (mark === '{' || mark === '[') {
      open.push(mark);
      next = 'first';
      continue;
    } else if (string === undefined && scalar === undefined && !(mark === ']' && next === 'first')) {
      return start;
    } else if (mark === undefined) {
      next = open.length > 0 ? 'end' : 'done';
      continue;
    }
    open.pop();
    next = open.length > 0 ? 'end' : 'done';
  }
}

/** `line 3, column 7`, both starting at 1. */
export function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset);
  return `line ${before.split('\n').length}, column ${offset - before.lastIndexOf('\n')}`;
}
