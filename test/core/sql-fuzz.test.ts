import { classify, loadParser } from '../../lib/core/sql';
import { EFFECTS, HIDDEN_CALLS, ORDINARY_READS } from './sql-corpus/families';
import { TRAPS } from './sql-corpus/traps';
import { malformed, mutated, seeded } from './sql-mutations';

const INPUTS = Number(process.env.SQL_FUZZ_INPUTS ?? 50_000);
const encoder = new TextEncoder();

test(`${INPUTS} injured texts are answered, each within bounds, and the parser stays what it is`, async () => {
  const parser = await loadParser();
  const corpus = [...TRAPS, ...EFFECTS, ...HIDDEN_CALLS].map(([sql]) => sql).concat(ORDINARY_READS).map((sql) => encoder.encode(sql));
  const seed = Date.now() % 1_000_000;
  const below = seeded(seed);
  const probe = corpus[0]!;
  const before = JSON.stringify(classify(parser, probe));
  let slowest = 0;
  for (let input = 0; input < INPUTS; input += 1) {
    const bytes = mutated(corpus, below);
    const start = performance.now();
    const problem = malformed(parser, bytes);
    slowest = Math.max(slowest, performance.now() - start);
    if (problem !== undefined) throw new Error(`seed ${seed}, input ${input}: ${problem}: ${JSON.stringify(Buffer.from(bytes).toString())}`);
  }
  expect(JSON.stringify(classify(parser, probe))).toBe(before);
  // Generous, as other tests share the machine: without an end it would be minutes.
  expect(slowest).toBeLessThan(2_000);
});

test('the check of the answers can fail', async () => {
  const parser = await loadParser();
  const broken = { ...parser, parse: () => ({ parsed: [{ stmt: { SelectStmt: {} }, stmt_location: 5, stmt_len: 500 }] }) };
  expect(malformed(broken, encoder.encode('SELECT 1'))).toBe('has a statement from 5 to 505, after one that ends at 0, in 8 bytes');
  expect(malformed({ ...parser, parse: () => { throw new Error('broken'); } }, encoder.encode('SELECT 1'))).toBe('threw Error: broken');
});
