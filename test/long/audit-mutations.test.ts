import { REST } from '../audit/damages/all';
import { uncaught } from '../audit/damages/uncaught';

test.each(REST.map((damage) => [`${damage.rule}: ${damage.what}`, damage] as const))('%s', (_, damage) => {
  expect(uncaught(damage)).toEqual([]);
});
