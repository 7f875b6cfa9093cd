import { aboutQuotes, insteadOfKey, pathText, renderMistakes, show, showKey, showMisplaced } from '../../lib/environment/mistakes';

const ROTATE = 'if it is, rotate it: whoever has this file, or a copy of it, has the credential';

describe('what was seen', () => {
  test.each<[unknown, string]>([
    [undefined, 'nothing'],
    [null, 'null; to leave a field out, remove its key'],
    ['', 'an empty string'],
    ['orders', '"orders"'],
    ['say "hi"', String.raw`"say \"hi\""`],
    ['a\nb\u0000', String.raw`"a\nb\u0000"`],
    ['\u007f\u0085\u202e\u2028\ufeff', String.raw`"\u{7f}\u{85}\u{202e}\u{2028}\u{feff}"`],
    ['\ud800', String.raw`"\ud800"`],
    ['x'.repeat(60), `"${'x'.repeat(60)}"`],
    ['x'.repeat(61), `"${'x'.repeat(60)}…" (61 characters)`],
    ['😀'.repeat(61), `"${'😀'.repeat(60)}…" (61 characters)`],
    ['postgres://app:hunter2@db.example.com/app', `a string that seems to be, or to hold, a credential; ${ROTATE}`],
    ['host=db password=hunter2', `a string that seems to be, or to hold, a credential; ${ROTATE}`],
    ['AKIAIOSFODNN7EXAMPLE', `a string that seems to be, or to hold, a credential; ${ROTATE}`],
    ['ghp_0123456789abcdefghij0123456789abcdef', `a string that seems to be, or to hold, a credential; ${ROTATE}`],
    [5, '5'],
    [1.5e300, '1.5e+300'],
    [true, 'true'],
    [[], 'an empty list'],
    [[1, 2], 'a list of 2'],
    [{}, 'an empty object'],
    [{ a: 1, 'b c': 2 }, 'an object with a, "b c"'],
    [{ a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1 }, 'an object with a, b, c, d, e and 2 more'],
  ])('%j is shown as %s', (value, expected) => {
    expect(show(value, ['environments', 'prod', 'region'])).toBe(expected);
  });

  test('in place of the secret ARN only the type is shown', () => {
    const path = ['environments', 'prod', 'production', 'existing', 'masterSecretArn'];
    expect(['hunter2', '', 4711, true].map((value) => show(value, path))).toEqual([
      `a string that is not a Secrets Manager ARN, and may be the secret itself; ${ROTATE}`,
      'a string that is not a Secrets Manager ARN',
      `a number that is not a Secrets Manager ARN, and may be the secret itself; ${ROTATE}`,
      `a boolean that is not a Secrets Manager ARN, and may be the secret itself; ${ROTATE}`,
    ]);
  });

  test('a string where something else belongs is not shown, unless it is a number or a switch in quotes', () => {
    const path = ['environments', 'prod', 'replica'];
    expect(['hunter2', '12', 'false', ''].map((value) => showMisplaced(value, path))).toEqual(['a string', '"12"', '"false"', 'an empty string']);
  });
});

test.each(['password', 'masterPassword', 'MASTER_PASSWORD', 'passwd', 'secret', 'apiToken', 'credentials', 'passphrase'])('a key called %s is taken for a credential', (key) => {
  expect(showKey(key)).toBe(`an unknown key, whose value may be a credential; ${ROTATE}`);
});

test.each(['pasword_policy', 'secretsEndpoint', 'tokenMinutes', 'netwrok'])('a key called %s is not', (key) => {
  expect(showKey(key)).toBe('an unknown key');
});

test.each<[unknown, string, string]>([
  [16.1, 'string', 'in quotes, '],
  [true, 'string', 'in quotes, '],
  ['12', 'int', 'without quotes, '],
  ['-1.5', 'number', 'without quotes, '],
  ['a dozen', 'int', ''],
  ['x', 'string', ''],
  [12, 'int', ''],
  [['x'], 'string', ''],
  [undefined, 'string', ''],
  [16, '', ''],
])('of %j where there should be %s, about quotes is said %j', (value, expected, words) => {
  expect(aboutQuotes(value, expected)).toBe(words);
});

describe('where it is', () => {
  test.each([
    [['environments', 'prod-1', 'agents', 0, 'name'], 'environments.prod-1.agents[0].name'],
    [['environments', 'my env', 'x'], 'environments["my env"].x'],
    [['environments', ''], 'environments[""]'],
    [['environments', 'a\u001b[31m'], String.raw`environments["a\u001b[31m"]`],
    [['environments', 'k'.repeat(300)], `environments["${'k'.repeat(60)}…" (300 characters)]`],
  ])('%j', (path, expected) => {
    expect(pathText(path)).toBe(expected);
  });
});

describe('what to write instead of an unknown key', () => {
  const known = ['cidr', 'reach', 'retentionDays', 'accessHost'];
  const all = 'one of the known keys (cidr, reach, retentionDays, accessHost), or remove it';
  test.each([
    ['retentiondays', 'the key retentionDays, if that is meant; otherwise remove it'],
    ['retention_days', 'the key retentionDays, if that is meant; otherwise remove it'],
    ['retentionDay', 'the key retentionDays, if that is meant; otherwise remove it'],
    ['acessHots', all],
    ['accesHost', 'the key accessHost, if that is meant; otherwise remove it'],
    ['cdir', 'the key cidr, if that is meant; otherwise remove it'],
    ['cidrs', 'the key cidr, if that is meant; otherwise remove it'],
    ['password', all],
    ['r'.repeat(10_000), all],
  ])('%s', (key, expected) => {
    expect(insteadOfKey(key, known)).toBe(expected);
  });
});

describe('the report', () => {
  const mistake = { path: 'environments.prod.region', seen: '"Frankfurt"', write: 'an AWS Region such as eu-central-1' };

  test('has one paragraph per mistake', () => {
    expect(renderMistakes([mistake, mistake])).toBe(`2 mistakes in the environments; nothing was synthesized

environments.prod.region
  seen:  "Frankfurt"
  write: an AWS Region such as eu-central-1

environments.prod.region
  seen:  "Frankfurt"
  write: an AWS Region such as eu-central-1`);
  });

  test('of one mistake says so, and of none is empty', () => {
    expect(renderMistakes([mistake])).toMatch(/^1 mistake in the environments; nothing was synthesized\n/);
    expect(renderMistakes([])).toBe('');
  });
});
