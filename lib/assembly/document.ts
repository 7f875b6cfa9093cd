import { RESERVED_CHARACTERS } from '../audit/text';
import { firstError, keyTwice, placeOf, shapeOf } from './json-text';
import { LIMITS } from './limits';
import type { Parsed } from './parsed';
import { parseYaml } from './yaml-text';

/** Reads JSON, or YAML where the text does not start with a brace or the file's name says so. `file` is for messages. */
export function parseText(file: string, text: string): Parsed {
  const reserved = RESERVED_CHARACTERS.exec(text) ?? ESCAPED.exec(text);
  if (reserved) return refuse(`${file}: ${placeOf(text, reserved.index)}: a private-use character (U+E000 or U+E001), which the audit keeps for itself; remove it`);
  if (/\.ya?ml$/i.test(file) || !/^\s*[{[]/.test(text)) return yaml(file, text);
  return json(file, text);
}

/** The same characters as escape sequences of JSON and YAML. */
const ESCAPED = /\\(?:u|U0000)[eE]00[01]/;

function json(file: string, text: string): Parsed {
  const { lines, twice, depth, values, keys } = shapeOf(text);
  if (depth > LIMITS.depth) return refuse(`${file}: its values are nested too deeply; write at most ${LIMITS.depth} levels`);
  if (values > LIMITS.values) return refuse(`${file}: it has more than ${LIMITS.values} values`);
  try {
    const value: unknown = JSON.parse(text);
    if (twice.length > 0) return { do: 'refuse', problems: twice.slice(0, LIMITS.problems).map((key) => `${file}: ${key} is written twice; keep one`) };
    // A parser keeps one of two keys that are the same, and AWS may keep the other.
    const same = keys > keysIn(value) ? keyTwice(text) : undefined;
    if (same) return refuse(`${file}: ${placeOf(text, same.offset)}: ${JSON.stringify(same.key)} is written twice in the same object; keep one`);
    return { do: 'parsed', value, lineOf: (id) => lines.get(id) };
  } catch {
    return refuse(`${file}: ${placeOf(text, firstError(text))}: this is not valid JSON`);
  }
}

function yaml(file: string, text: string): Parsed {
  if (text.length > LIMITS.yamlBytes) return refuse(`${file}: it has ${text.length} characters; YAML is read up to ${LIMITS.yamlBytes}, write JSON`);
  const parsed = parseYaml(file, text);
  if (parsed.do === 'refuse') return parsed;
  return tooLarge(parsed.value) ?? parsed;

  /** Aliases repeat values without writing them. */
  function tooLarge(value: unknown): Parsed | undefined {
    let values = 0;
    const open: { value: unknown; depth: number }[] = [{ value, depth: 0 }];
    for (let next = open.pop(); next; next = open.pop()) {
      if (++values > LIMITS.values) return refuse(`${file}: it has more than ${LIMITS.values} values`);
      if (next.depth > LIMITS.depth) return refuse(`${file}: its values are nested too deeply; write at most ${LIMITS.depth} levels`);
      if (typeof next.value === 'object' && next.value !== null) {
        for (const inner of Object.values(next.value)) open.push({ value: inner, depth: next.depth + 1 });
      }
    }
    return undefined;
  }
}

/** How many keys a value has, at every depth. */
function keysIn(value: unknown): number {
  let count = 0;
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null) continue;
    const entries: readonly unknown[] = Array.isArray(next) ? next : Object.values(next);
    if (!Array.isArray(next)) count += entries.length;
    for (const entry of entries) if (typeof entry === 'object') open.push(entry);
  }
  return count;
}

const refuse = (problem: string): Parsed => ({ do: 'refuse', problems: [problem] });
