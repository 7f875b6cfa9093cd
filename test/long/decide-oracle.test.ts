import { compare, EXPLANATIONS, SEVERAL } from '../audit/second-opinion';

test('20,000 generated questions get the answer of an independent evaluator, or differ for a documented reason', async () => {
  const { unexplained, explained, allowed } = await compare(7, 20_000);
  expect(unexplained).toEqual([]);
  // Every explanation is needed, and together they are few.
  expect([...explained.keys()].filter((because) => because !== SEVERAL).sort()).toEqual(EXPLANATIONS.map(({ because }) => because).sort());
  expect([...explained.values()].reduce((sum, times) => sum + times, 0)).toBeLessThan(600);
  expect(allowed).toBeGreaterThan(4_000);
}, 600_000);
