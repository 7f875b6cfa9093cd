/** What all benchmarks count with. */

/** The value at a part of the way through the sorted values: 0.5 is the median. */
export function quantile(values: readonly number[], part: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * part)]!;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Milliseconds that something took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** One row of a table: what was measured, beside the least that it can take, in milliseconds of the same run. */
export interface Compared {
  readonly what: string;
  readonly kit: number;
  readonly floor: number;
  readonly floorOf: string;
  readonly goal: number;
}

export function comparedRow({ what, kit, floor, floorOf, goal }: Compared): string {
  const ms = (value: number) => `${Math.round(value)} ms`;
  return `| ${what} | ${ms(kit)} | ${ms(floor)}: ${floorOf} | ${(kit / floor).toFixed(2)} | at most ${ms(goal)} | ${kit <= goal ? 'met' : 'missed'} |`;
}

export const COMPARED_HEAD = ['| what | kit | floor | ratio | goal | |', '|---|---|---|---|---|---|'];
