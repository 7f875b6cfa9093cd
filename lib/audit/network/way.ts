import type { Step } from '../model';

/** A piece of a path, and what has to be true for it that the template does not tell. Without assumptions it is certain. */
export interface Way {
  readonly steps: readonly Step[];
  readonly assuming: readonly string[];
}

/** Nothing stands in the way, and nothing needs to be said about it. */
export const FREE: Way = { steps: [], assuming: [] };

/** A way that exists only if `what` is true. */
export const assuming = (what: string): Way => ({ steps: [], assuming: [what] });

export const step = (from: string, to: string, by: string, source: string, unknown?: string): Way => ({
  steps: [{ from, to, by, source, ...(unknown !== undefined && { assuming: unknown }) }],
  assuming: unknown === undefined ? [] : [unknown],
});

/** All pieces one after the other; nothing when one of them is missing. */
export function along(...ways: readonly (Way | undefined)[]): Way | undefined {
  const there = ways.filter((way) => way !== undefined);
  if (there.length < ways.length) return undefined;
  return { steps: there.flatMap(({ steps }) => steps), assuming: [...new Set(there.flatMap((way) => way.assuming))] };
}

/** The first certain way; without one, that which assumes least. Looks no further than a certain one. */
export function best(ways: Iterable<Way | undefined>): Way | undefined {
  let found: Way | undefined;
  for (const way of ways) {
    if (way?.assuming.length === 0) return way;
    if (way && (!found || way.assuming.length < found.assuming.length)) found = way;
  }
  return found;
}
