import { RULES } from '../../lib/audit/rules';
import { isDay, isOver, isReason, isTooFar } from '../../lib/core/exception';
import { GUARANTEES } from '../../lib/core/guarantees';
import { RULE_IDS } from '../../lib/core/rule-ids';

test('the ids that can be acknowledged are those of the rules, in their order', () => {
  expect(RULE_IDS).toEqual(RULES.map(({ id }) => id));
  expect(RULE_IDS.filter((id) => GUARANTEES.some((guarantee) => guarantee.id === id)).length).toBeGreaterThan(7);
});

test.each<[string, boolean]>([
  ['a scratch database, made anew every night', true], ['  a scratch database, made anew  ', true], ['', false], ['because', false], ['aaaaaaaaaaaaaaaaaaaaaaaaaaaaa', false],
  ['a b c', false], ['it is right\u202e because I say so', false], ['it is right because\nI say so, and that is that', false],
])('%j is a reason: %s', (text, expected) => expect(isReason(text)).toBe(expected));

test.each<[string, boolean]>([
  ['2027-03-31', true], ['2028-02-29', true], ['2027-02-29', false], ['2027-02-30', false], ['2027-13-01', false], ['31.03.2027', false], ['2027-3-1', false], ['', false],
  ['2027-03-31T00:00', false], ['soon', false],
])('%j is a day: %s', (text, expected) => expect(isDay(text)).toBe(expected));

test('counts on its last day and no longer, and for a year at most', () => {
  expect([isTooFar('2027-11-20', '2026-11-20'), isTooFar('2027-11-21', '2026-11-20'), isTooFar('2029-02-28', '2028-02-29'), isTooFar('2029-03-01', '2028-02-29')]).toEqual([false, true, false, true]);
  expect([isOver('2027-03-31', '2027-03-31'), isOver('2027-03-31', '2027-04-01'), isOver('2027-03-31', '2026-12-31')]).toEqual([false, true, false]);
});
