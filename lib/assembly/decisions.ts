import { isSymbolic } from '../audit/text';

interface Comparison {
  readonly one: string;
  readonly other: string;
  readonly equal: boolean;
}

/**
 * How comparisons of values that a template does not tell come out, in one world. Comparisons that follow from earlier ones
 * are not open: a parameter that equals `prod` does not equal `test`, and one that may only be one of two is the other.
 */
export class Decisions {
  readonly #made: Comparison[] = [];
  readonly #open: boolean[] = [];
  #sealed = false;

  /** @param replay how the open comparisons come out, in order; later ones are taken as equal. */
  constructor(readonly replay: readonly boolean[]) {}

  /** Values that may only be one of a list, by the text that stands for them. */
  readonly allowed = new Map<string, readonly string[]>();

  /** From now on nothing is decided any more: what is still open stays unknown. */
  seal(): this {
    this.#sealed = true;
    return this;
  }

  /** Decides an open comparison; `false` when this is sealed. */
  decide(one: string, other: string): boolean {
    if (this.#sealed) return false;
    const equal = this.replay[this.#open.length] ?? true;
    this.#open.push(equal);
    this.#made.push({ one, other, equal });
    return true;
  }

  /** How many comparisons were open. */
  get count(): number {
    return this.#open.length;
  }

  /** The replay of the next world, or `undefined` after the last. */
  next(): readonly boolean[] | undefined {
    const last = this.#open.lastIndexOf(true);
    return last < 0 ? undefined : [...this.#open.slice(0, last), false];
  }

  get taken(): readonly boolean[] {
    return this.#open;
  }

  /** Whether two texts are equal, `undefined` when that is open. */
  known(one: string, other: string): boolean | undefined {
    if (one === other) return true;
    if (!isSymbolic(one) && !isSymbolic(other)) return false;
    const [left, right] = [this.#equals(one), this.#equals(other)];
    if (left.has(other)) return true;
    const [first, second] = [this.#valueOf(left), this.#valueOf(right)];
    if (first !== undefined && second !== undefined) return first === second;
    if (this.#made.some((made) => !made.equal && ((left.has(made.one) && right.has(made.other)) || (left.has(made.other) && right.has(made.one))))) return false;
    const [value, choices] = first === undefined ? [second, this.#choices(left)] : [first, this.#choices(right)];
    if (value === undefined || choices === undefined) return undefined;
    if (!choices.includes(value)) return false;
    return choices.length === 1 ? true : undefined;
  }

  /** Everything that was decided to be the same. */
  #equals(text: string): Set<string> {
    const same = new Set([text]);
    for (let size = 0; size !== same.size;) {
      size = same.size;
      for (const { one, other, equal } of this.#made) {
        if (equal && (same.has(one) || same.has(other))) same.add(one).add(other);
      }
    }
    return same;
  }

  /** The literal among texts that are the same. */
  #valueOf(same: ReadonlySet<string>): string | undefined {
    return [...same].find((text) => !isSymbolic(text));
  }

  /** The values that are still possible. */
  #choices(same: ReadonlySet<string>): readonly string[] | undefined {
    const lists = [...same].flatMap((text) => { const list = this.allowed.get(text); return list ? [list] : []; });
    if (lists.length === 0) return undefined;
    const excluded = this.#made.flatMap(({ one, other, equal }) => (equal ? [] : same.has(one) ? [other] : same.has(other) ? [one] : []));
    return lists[0]!.filter((value) => !excluded.includes(value) && lists.every((list) => list.includes(value)));
  }
}
