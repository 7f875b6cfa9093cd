import { DAMAGES, QUICK } from './damages/all';
import { Demo, report, worlds } from './damages/demo';
import { uncaught } from './damages/uncaught';

const deployed = worlds(new Demo().template)[0]!.assembly;

test('before it is damaged the demo passes, also over itself, and every rule about it has something to say', () => {
  const { verdict, findings, rules } = report(new Demo().template, { deployed });
  expect([verdict, findings]).toEqual(['pass', []]);
  expect([...new Set(DAMAGES.map(({ rule }) => rule))].sort()).toEqual(rules.map(({ id }) => id).sort());
});

test('no damage is there twice', () => {
  const titles = DAMAGES.map(({ rule, what }) => `${rule}: ${what}`);
  expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
  expect(QUICK.length).toBeGreaterThanOrEqual(160);
});

test.each(QUICK.map((damage) => [`${damage.rule}: ${damage.what}`, damage] as const))('%s', (_, damage) => {
  expect(uncaught(damage)).toEqual([]);
});
