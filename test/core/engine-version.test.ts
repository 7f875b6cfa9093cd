import { parseEngineVersion, undelayable, unsupported } from '../../lib/core/engine-version';

describe('engine versions as RDS writes them', () => {
  test.each([
    ['16.10', { major: 16, minor: 10, text: '16.10' }],
    ['17', { major: 17, minor: undefined, text: '17' }],
    ['16.4-R2', { major: 16, minor: 4, text: '16.4-R2' }],
  ])('%s is read', (text, expected) => {
    expect(parseEngineVersion(text)).toEqual(expected);
  });

  test.each(['', 'latest', '9.6.24', '16.x', '16.', 'v16', '16.10 ', '16.10\n'])('%j is not a version', (text) => {
    expect(parseEngineVersion(text)).toBeUndefined();
  });
});

test.each([
  ['15.2', undefined],
  ['18.0', undefined],
  ['14.19', 'PostgreSQL 14.19 is not supported; supported majors are 15, 16, 17, 18'],
  ['19.0', 'PostgreSQL 19.0 is not supported; supported majors are 15, 16, 17, 18'],
])('whether the kit supports %s', (text, expected) => {
  expect(unsupported(parseEngineVersion(text)!)).toBe(expected);
});

describe('delayed replicas', () => {
  const since = 'RDS supports them from 14.19, 15.14, 16.10, 17.6, 18.0';

  test.each(['15.14', '16.10', '17.6', '17.9', '18.0'])('%s can be delayed', (text) => {
    expect(undelayable(parseEngineVersion(text)!)).toBeUndefined();
  });

  test.each(['15.13', '16.9', '17.5', '17', '13.20'])('%s cannot; a version that leaves the minor open counts as too old', (text) => {
    expect(undelayable(parseEngineVersion(text)!)).toBe(`PostgreSQL ${text} has no delayed replicas; ${since}`);
  });
});
