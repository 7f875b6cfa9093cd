import { Demo, report } from './damages/demo';
import { HARMLESS } from './damages/harmless';

test('no edit is there twice', () => {
  const titles = HARMLESS.map(([what]) => what);
  expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
  expect(HARMLESS.length).toBeGreaterThanOrEqual(70);
});

test.each(HARMLESS)('raises nothing: %s', (_, edit) => {
  const demo = new Demo();
  edit(demo);
  expect(JSON.stringify(demo.template)).not.toBe(JSON.stringify(new Demo().template));
  const { verdict, findings } = report(demo.template);
  expect([verdict, findings.map(({ rule, verdict: each, because }) => `${rule}: ${each}: ${because}`)]).toEqual(['pass', []]);
});
