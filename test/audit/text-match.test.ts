import * as fc from 'fast-check';
import { generated, pseudo, unknown } from '../../lib/audit/text';
import { equalText, matches } from '../../lib/audit/text-match';

const name = generated('Stack.Database', 'DBInstanceIdentifier');
const other = generated('Stack.Other', 'DBInstanceIdentifier');
const [region, account, partition] = [pseudo('AWS::Region'), pseudo('AWS::AccountId'), pseudo('AWS::Partition')];
const parameter = unknown('parameter Name');
const arn = (resource: string) => `arn:${partition}:rds:${region}:${account}:${resource}`;

describe('literal texts', () => {
  /** The obvious matcher, exponential and plainly right. */
  const naive = (pattern: string, text: string): boolean => {
    if (pattern === '') return text === '';
    if (pattern.startsWith('*')) return naive(pattern.slice(1), text) || (text !== '' && naive(pattern, text.slice(1)));
    return text !== '' && (pattern.startsWith('?') || pattern[0] === text[0]) && naive(pattern.slice(1), text.slice(1));
  };
  const texts = (alphabet: string) => fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 9 });

  test('match as in the obvious matcher', () => {
    fc.assert(fc.property(texts('ab:*?'), texts('ab:*'), (pattern, text) => {
      expect(matches(pattern, text)).toBe(naive(pattern, text) ? 'yes' : 'no');
      expect(matches(pattern, text.toUpperCase(), { ignoreCase: true })).toBe(naive(pattern, text) ? 'yes' : 'no');
      expect(equalText(pattern, text)).toBe(pattern === text ? 'yes' : 'no');
    }), { numRuns: 3_000, seed: 7 });
  });

  test.each([['all literal', 'a'.repeat(20_000), '*a'.repeat(200)], ['with a symbol', `${name}${'a'.repeat(1_500)}`, '*a'.repeat(150)]])('need no exponential time, %s', (_, text, start) => {
    const before = performance.now();
    expect(matches(`${start}b`, text)).toBe('no');
    expect(performance.now() - before).toBeLessThan(2_000);
  });

  test('are not waited for when they are absurdly long', () => {
    expect(matches(`*${'ab*'.repeat(5_000)}`, 'a'.repeat(5_000))).toBe('maybe');
  });
});

describe('symbols', () => {
  test.each<[string, string, string, string]>([
    ['the same generated name', arn(`db:${name}`), arn(`db:${name}`), 'yes'],
    ['another generated name', arn(`db:${other}`), arn(`db:${name}`), 'no'],
    ['a literal name', arn('db:orders'), arn(`db:${name}`), 'no'],
    ['a generated name for a literal one', arn(`db:${name}`), arn('db:orders'), 'no'],
    ['a star for all of it', arn('db:*'), arn(`db:${name}`), 'yes'],
    ['the start of a name', arn('db:staging-*'), arn(`db:${name}`), 'maybe'],
    ['the end of a name', arn('db:*-staging'), arn(`db:${name}`), 'maybe'],
    ['another kind of resource', arn('cluster:*'), arn(`db:${name}`), 'no'],
    ['stars for parts before it', `arn:${partition}:rds:*:*:cluster:*`, arn(`db:${name}`), 'no'],
    ['a literal account', 'arn:aws:rds:*:111122223333:db:*', arn(`db:${name}`), 'maybe'],
    ['a Region where the account is', `arn:${partition}:rds:${region}:${region}:db:*`, arn(`db:${name}`), 'no'],
    ['no account at all', account, 'eu-central-1', 'no'],
    ['an account that may be', account, '111122223333', 'maybe'],
    ['the same pseudo parameter elsewhere', pseudo('AWS::Region', 'a'), pseudo('AWS::Region', 'b'), 'maybe'],
    ['the same parameter', parameter, parameter, 'yes'],
    ['a parameter that may be', arn(`db:${parameter}`), arn('db:orders'), 'maybe'],
    ['a parameter between what does not fit', `db:${parameter}-old`, 'db:orders', 'no'],
    ['a parameter in what is asked for', 'db:orders', `db:${parameter}`, 'maybe'],
    ['a parameter in what is asked for that cannot be', 'db:orders', `cluster:${parameter}`, 'no'],
    ['a parameter for something generated', parameter, arn(`db:${name}`), 'maybe'],
    ['a question mark for a name', arn('db:?'), arn(`db:${name}`), 'maybe'],
  ])('%s', (_, pattern, text, match) => {
    expect(matches(pattern, text)).toBe(match);
  });

  test('a wildcard is an ordinary character where texts are compared', () => {
    expect([equalText('db*', 'dbx'), equalText(`a${parameter}`, 'ab'), equalText(name, name), equalText(name, other), equalText(name, 'x')])
      .toEqual(['no', 'maybe', 'yes', 'no', 'no']);
  });
});

describe('policy variables', () => {
  const variables = (key: string) => (key === 'aws:username' ? { is: 'text', text: 'a*n' } as const : key === 'absent' ? { is: 'absent' } as const : { is: 'unknown' } as const);
  test.each<[string, string, 'yes' | 'no' | 'maybe', string]>([
    ['home/${aws:username}/*', 'home/a*n/x', 'maybe', 'yes'],
    ['home/${aws:username}/*', 'home/aan/x', 'maybe', 'no'],
    ['${*}${?}${$}{x}', '*?${x}', 'maybe', 'yes'],
    ['${*}', 'anything', 'maybe', 'no'],
    ["${absent, 'team'}", 'team', 'maybe', 'yes'],
    ['${absent}*', 'team', 'yes', 'no'],
    ['a-${unknown}', 'a-b', 'maybe', 'maybe'],
    ['a-${unknown}', 'a-b', 'yes', 'yes'],
    ['a-${unknown}', 'a-b', 'no', 'no'],
    ['a-${unknown}', 'b-b', 'yes', 'no'],
  ])('%s against %s, counted as %s', (pattern, text, undecided, match) => {
    expect(matches(pattern, text, { variables, undecided })).toBe(match);
  });

  test('are ordinary text where there are none', () => {
    expect([matches('${aws:username}', '${aws:username}'), matches('${aws:username}', 'ann')]).toEqual(['yes', 'no']);
  });
});

test('a star inside a segment of an ARN can be held to it', () => {
  const options = { segments: true };
  expect([
    matches('arn:aws:rds:e*1:1:db:x', 'arn:aws:rds:eu:1:1:db:x', options), matches('arn:aws:rds:e*1:1:db:x', 'arn:aws:rds:eu-1:1:db:x', options),
    matches('arn:aws:rds:*:db:x', 'arn:aws:rds:eu:1:db:x', options), matches('arn:aws:s3:::a*c/x', 'arn:aws:s3:::a:c/x', options),
  ]).toEqual(['no', 'yes', 'yes', 'yes']);
});
