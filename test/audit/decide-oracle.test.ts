import { compare } from './second-opinion';

test('a thousand generated questions get the answer of an independent evaluator, or differ for a documented reason', async () => {
  const { unexplained, explained, allowed } = await compare(20_261_120, 1_000);
  expect(unexplained).toEqual([]);
  expect([...explained.values()].reduce((sum, times) => sum + times, 0)).toBeLessThan(30);
  // Questions that are all denied would prove nothing.
  expect(allowed).toBeGreaterThan(200);
});
