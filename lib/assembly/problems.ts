import { LIMITS } from './limits';

/** What is wrong with the input, all of it: each says where, what was seen, and what to write. */
export class Problems {
  readonly #found = new Set<string>();

  add(problem: string): void {
    if (this.#found.size <= LIMITS.problems) this.#found.add(problem);
  }

  get any(): boolean {
    return this.#found.size > 0;
  }

  get list(): readonly string[] {
    const found = [...this.#found];
    return found.length > LIMITS.problems ? [...found.slice(0, LIMITS.problems), 'and more: correct these first'] : found;
  }
}

/** Ends the reading of an input that asks for more than `LIMITS` allow, from wherever it is noticed. Caught by `readAssembly`. */
export class TooMuch extends Error {}

/** What was seen, short enough for a message. */
export function seen(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (value === null) return 'null';
  if (value === undefined) return 'nothing';
  if (typeof value === 'object') return 'an object';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…"` : text;
}
