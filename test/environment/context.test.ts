import { misspeltChoice, misspeltEnvironments } from '../../lib/environment';

describe('a choice that is misspelt', () => {
  test.each(['evn', 'ENV', 'envs', 'en', 'environment', 'enviroment', 'e-n-v'])('-c %s=prod is told', (key) => {
    expect(misspeltChoice({ '@aws-cdk/core:flag': true, 'environments': {}, [key]: 'prod' }))
      .toBe(`"${key}" is set in the context, but nothing reads it; write env, such as -c env=prod, or remove it`);
  });

  test.each([
    ['the choice is made', { evn: 'prod', env: 'prod' }],
    ['the key is far from it', { 'stage': 'prod', 'region': 'x', 'dev': 'yes', 'cluster': 'a', '@aws-cdk/core:env': 'x' }],
    ['it holds no name', { envs: ['a'], environment: {}, environments: {} }],
    ['there is nothing', {}],
  ])('nothing is said when %s', (_, context) => {
    expect(misspeltChoice(context)).toBeUndefined();
  });
});

describe('environments under a misspelt key', () => {
  test.each(['environment', 'enviroments', 'Environments', 'enviornments'])('%s is told', (key) => {
    expect(misspeltEnvironments({ flag: true, [key]: { prod: {} } })).toBe(`context has "${key}", which nothing reads; write environments`);
  });

  test.each([
    ['there are environments', { environments: {}, environment: {} }],
    ['there is only a word', { environment: 'prod' }],
    ['there is nothing near', { '@aws-cdk/core:target-partitions': ['aws'], 'domains': {} }],
  ])('nothing is said when %s', (_, context) => {
    expect(misspeltEnvironments(context)).toBeUndefined();
  });
});
