/** One thing that is wrong with an environment. */
export interface Mistake {
  /** Where, e.g. `environments.prod.backups.retentionDays`. */
  readonly path: string;
  /** What is there now, shortened, without control characters, and never a value that may be a secret. */
  readonly seen: string;
  /** What to write instead. */
  readonly write: string;
}

export type Path = readonly (string | number)[];

/** All mistakes for people, each with its path, what was seen and what to write. Empty when there are none. */
export function renderMistakes(mistakes: readonly Mistake[]): string {
  if (mistakes.length === 0) return '';
  const count = mistakes.length === 1 ? '1 mistake' : `${mistakes.length} mistakes`;
  const head = `${count} in the environments; nothing was synthesized`;
  return [head, ...mistakes.map(({ path, seen, write }) => `\n${path}\n  seen:  ${seen}\n  write: ${write}`)].join('\n');
}

/** `environments.prod.agents[0].name`; keys that are not plain words are quoted. */
export function pathText(path: Path): string {
  return path
    .map((step, i) => {
      if (typeof step === 'number') return `[${step}]`;
      if (/^[A-Za-z_][\w-]{0,59}$/.test(step)) return i === 0 ? step : `.${step}`;
      return `[${quote(step)}]`;
    })
    .join('');
}

/** What stands at a path, for people to recognise it by. */
export function show(value: unknown, path: Path): string {
  if (value === undefined) return 'nothing';
  if (path.at(-1) === 'masterSecretArn' && typeof value !== 'object') {
    return `a ${typeof value} that is not a Secrets Manager ARN${value === '' ? '' : `, and may be the secret itself; ${ROTATE}`}`;
  }
  if (value === null) return 'null; to leave a field out, remove its key';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object') return showKeys(Object.keys(value));
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return `a ${typeof value}`;
  if (value === '') return 'an empty string';
  // Free text that is only ever too long: its value says nothing about what is wrong with it.
  if (path[2] === 'tags' || path[2] === 'description') return `a string of ${[...value].length} characters`;
  return CREDENTIAL.test(value) ? `a string that seems to be, or to hold, a credential; ${ROTATE}` : quote(value);
}

/** A string where something else belongs may be anything, so only its type is shown; a number in quotes is worth seeing. */
export function showMisplaced(value: unknown, path: Path): string {
  return typeof value === 'string' && value !== '' && !/^(-?\d{1,20}(\.\d{1,20})?|true|false)$/.test(value)
    ? 'a string'
    : show(value, path);
}

/** What to do about a credential in a file that others read: taking it out is not enough. */
const ROTATE = 'if it is, rotate it: whoever has this file, or a copy of it, has the credential';

/** What stands at a key that does not exist, of which only the name is looked at. */
export function showKey(key: string): string {
  return /pass(word|wd|phrase)?$|secret$|token$|credential/i.test(key) ? `an unknown key, whose value may be a credential; ${ROTATE}` : 'an unknown key';
}

/** What JSON makes of a value in quotes or without is what most mistakes of type are about; empty where it is not. */
export function aboutQuotes(value: unknown, expected: string): string {
  if (expected === 'string' && (typeof value === 'number' || typeof value === 'boolean')) return 'in quotes, ';
  const isNumber = typeof value === 'string' && /^-?\d{1,20}(\.\d{1,20})?$/.test(value);
  return isNumber && (expected === 'number' || expected === 'int') ? 'without quotes, ' : '';
}

/** What to write instead of a key that does not exist. The value behind it is never looked at. */
export function insteadOfKey(key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  if (near !== undefined) return `the key ${near}, if that is meant; otherwise remove it`;
  return known.length === 0
    ? 'nothing: no keys belong here; remove it'
    : `one of the known keys (${known.join(', ')}), or remove it`;
}

/** Connection strings with a user in them, passwords in key=value form, and the prefixes of well-known access keys and tokens. */
const CREDENTIAL = /:\/\/[^/]*@|passw(or)?d\s*=|\b(AKIA|ASIA)[A-Z0-9]{16}|\b(gh[pousr]_|github_pat_|xox[a-z]-|sk-)\w{16}/i;

const MOST_SHOWN = 60;

/** In quotes, cut short, every character visible: control, formatting (such as bidirectional) and unpaired ones are escaped. */
function quote(text: string): string {
  const characters = [...text];
  const shown = JSON.stringify(characters.slice(0, MOST_SHOWN).join('')).replace(
    /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
  return characters.length > MOST_SHOWN ? `${shown.slice(0, -1)}…" (${characters.length} characters)` : shown;
}

function showKeys(keys: readonly string[]): string {
  if (keys.length === 0) return 'an empty object';
  const more = keys.length > 5 ? ` and ${keys.length - 5} more` : '';
  return `an object with ${keys
    .slice(0, 5)
    .map((key) => (/^\w{1,30}$/.test(key) ? key : quote(key)))
    .join(', ')}${more}`;
}

/** The known key that a person most likely meant; `undefined` when none is close. */
export function nearest(key: string, known: readonly string[]): string | undefined {
  if (key.length > MOST_SHOWN) return undefined;
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const letters = (text: string) => [...plain(text)].sort().join('');
  const distance = (candidate: string) => (letters(key) === letters(candidate) ? 1 : editDistance(plain(key), plain(candidate)));
  const [closest] = known
    .map((candidate) => ({ candidate, distance: distance(candidate) }))
    .sort((one, other) => one.distance - other.distance);
  return closest && closest.distance <= Math.min(2, Math.floor(closest.candidate.length / 3)) ? closest.candidate : undefined;
}

/** How many characters must be inserted, removed or replaced to make one word of the other. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (const [i, character] of [...one].entries()) {
    const next = [i + 1];
    for (let j = 0; j < other.length; j++) {
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (character === other[j] ? 0 : 1)));
    }
    row = next;
  }
  return row[other.length]!;
}
