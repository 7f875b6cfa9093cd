import { App, Aws, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { acknowledge } from '../../lib/constructs/acknowledge';
import { RULE_IDS, type RuleId } from '../../lib/core/rule-ids';

const KEY = 'cdk-agent-db-guardrails-acknowledged';
const RULE = 'stateful-resources-are-retained';
const good = { reason: 'a scratch database, made anew every night', expires: '2027-03-31' };

beforeAll(() => { jest.useFakeTimers({ now: new Date('2026-11-20T23:59:00Z') }); });
afterAll(() => { jest.useRealTimers(); });

const metadataOf = (stack: Stack) => stack.templateOptions.metadata;

test('writes into the template where it counts, beside what is there', () => {
  const stack = new Stack(new App(), 'Shop');
  stack.templateOptions.metadata = { other: 1 };
  acknowledge(stack, RULE, good);
  acknowledge(new Construct(stack, 'Scratch'), 'backups-outlive-the-agent', { reason: '  nothing in there is of any value  ', expires: '2026-11-20' });
  expect(metadataOf(stack)).toEqual({
    other: 1,
    [KEY]: [
      { rule: RULE, ...good, path: 'Shop' },
      { rule: 'backups-outlive-the-agent', reason: 'nothing in there is of any value', expires: '2026-11-20', path: 'Shop/Scratch' },
    ],
  });
});

test('stands in the template of the nested stack, and has the path in a stage', () => {
  const stack = new Stack(new Stage(new App(), 'Prod'), 'Shop');
  const nested = new NestedStack(stack, 'Inner');
  acknowledge(nested, RULE, good);
  expect(metadataOf(stack)).toBeUndefined();
  expect(metadataOf(nested)![KEY]).toEqual([{ rule: RULE, ...good, path: 'Prod/Shop/Inner' }]);
});

function refused(act: (stack: Stack) => void): string[] {
  const stack = new Stack(new App(), 'Shop');
  let message = '';
  try {
    act(stack);
  } catch (error) {
    message = (error as Error).message;
  }
  expect(metadataOf(stack)).toBeUndefined();
  return message.split('\n');
}

test('tells all mistakes at once', () => {
  expect(refused((stack) => acknowledge(stack, 'no-such-rule' as RuleId, { reason: 'because', expires: '2027-02-30' }))).toEqual([
    `Shop: there is no rule 'no-such-rule' to acknowledge; write one of ${RULE_IDS.join(', ')}`,
    "Shop: the reason for acknowledging no-such-rule is 'because'; write a sentence that says why this is right here, without control characters",
    "Shop: the acknowledgement of no-such-rule expires '2027-02-30'; write a day that exists, such as 2027-03-31",
  ]);
});

test.each([
  ['a day that is over', { ...good, expires: '2026-11-19' }, `Shop: the acknowledgement of ${RULE} expired on 2026-11-19; mend what it accepted, or decide again and write a new day`],
  ['a day in more than a year', { ...good, expires: '2027-11-21' }, `Shop: the acknowledgement of ${RULE} expires on 2027-11-21, more than a year from now; write a day within a year, on which somebody looks at it again`],
  ['a reason that only AWS knows', { ...good, reason: `right in the account ${Aws.ACCOUNT_ID} for all of us` }, `Shop: the reason for acknowledging ${RULE} is only known in deployment; write a sentence that says why this is right here, without control characters`],
  ['a day that only AWS knows', { ...good, expires: Aws.STACK_NAME }, `Shop: the acknowledgement of ${RULE} expires only known in deployment; write a day that exists, such as 2027-03-31`],
])('refuses %s', (_, exception, message) => {
  expect(refused((stack) => acknowledge(stack, RULE, exception))).toEqual([message]);
});

test('refuses what is in no stack, since it has no template', () => {
  const app = new App();
  expect(() => acknowledge(new Construct(app, 'Loose'), RULE, good)).toThrow('Loose: the exception has no template to stand in; acknowledge at a stack, or at a construct in one');
});
