import { splitArn } from '../arn';
import type { Text } from '../model';
import { hasUnknown, isSymbolic } from '../text';

/** What is found by the ARN patterns of policies without looking at all of it. */
export class ArnIndex<T> {
  readonly #exact = new Map<Text, T[]>();
  /** Sorted by the last part of the ARN; those without symbols. */
  readonly #sorted: { readonly key: Text; readonly item: T }[] = [];
  readonly #symbolic: T[] = [];
  /** Their names may be anything. */
  readonly #loose: T[] = [];
  readonly all: ReadonlySet<T>;

  constructor(items: Iterable<T>, arnOf: (item: T) => Text) {
    const all = new Set<T>();
    for (const item of items) {
      all.add(item);
      const key = lastPart(arnOf(item));
      if (hasUnknown(key) || key.includes('\uE000p:')) this.#loose.push(item);
      if (isSymbolic(key)) this.#symbolic.push(item);
      else this.#sorted.push({ key, item });
      const same = this.#exact.get(key);
      if (same) same.push(item);
      else this.#exact.set(key, [item]);
    }
    this.#sorted.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    this.all = all;
  }

  /** Everything that an ARN pattern may cover and that is still wanted; more than that, never less. */
  *candidates(pattern: Text, wanted: ReadonlySet<T>): Iterable<T> {
    const key = lastPart(pattern);
    const literal = /^[^*?$]*/.exec(key)![0];
    const range = literal === '' || hasUnknown(key) ? undefined
      : literal === key ? [...(this.#exact.get(key) ?? []), ...this.#loose]
      : isSymbolic(literal) ? undefined
      : [...this.#starting(literal, wanted.size), ...this.#symbolic];
    const found: Iterable<T> = range && range.length < wanted.size ? range : wanted;
    for (const item of found) if (wanted.has(item)) yield item;
  }

  /** Those whose key starts so; stops early where it is no better than looking at everything. */
  *#starting(prefix: string, enough: number): Iterable<T> {
    let [low, high] = [0, this.#sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sorted[middle]!.key < prefix) low = middle + 1;
      else high = middle;
    }
    for (let at = low, count = 0; count <= enough && this.#sorted[at]?.key.startsWith(prefix); at += 1, count += 1) yield this.#sorted[at]!.item;
  }
}

/** The part of an ARN after the account; the whole text if it is no ARN. */
export function lastPart(arn: Text): Text {
  return splitArn(arn)?.[5] ?? arn;
}
