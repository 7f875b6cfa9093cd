import { classify, loadParser } from '../../lib/core/sql';
import { EFFECTS, HIDDEN_CALLS, ORDINARY_READS } from '../core/sql-corpus/families';
import { TRAPS } from '../core/sql-corpus/traps';
import { malformed, mutated, seeded } from '../core/sql-mutations';

const INPUTS = 1_000_000;
const encoder = new TextEncoder();

test(`${INPUTS} injured texts are answered, and memory stays flat`, async () => {
  const parser = await loadParser();
  const corpus = [...TRAPS, ...EFFECTS, ...HIDDEN_CALLS].map(([sql]) => sql).concat(ORDINARY_READS).map((sql) => encoder.encode(sql));
  const before = corpus.map((bytes) => JSON.stringify(classify(parser, bytes)));
  const seed = Date.now() % 1_000_000;
  const below = seeded(seed);
  let early = 0;
  for (let input = 0; input < INPUTS; input += 1) {
    const bytes = mutated(corpus, below);
    const problem = malformed(parser, bytes);
    if (problem !== undefined) throw new Error(`seed ${seed}, input ${input}: ${problem}: ${JSON.stringify(Buffer.from(bytes).toString())}`);
    if (input === INPUTS / 10) early = process.memoryUsage().rss;
  }
  expect(corpus.map((bytes) => JSON.stringify(classify(parser, bytes)))).toEqual(before);
  expect(process.memoryUsage().rss).toBeLessThan(early * 2);
}, 600_000);
