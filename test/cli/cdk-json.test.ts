import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chooseEnvironment, exampleCdkJson, ownCdkJson } from '../../lib/cli/cdk-json';
import { another, existing } from '../environment/fixture';
import { emptyFolder, folderWith } from './terminal-fixture';

describe('the cdk.json of a folder', () => {
  test('is read with its whole context', () => {
    const context = { flag: true, environments: { prod: existing() } };
    const folder = folderWith(context);
    expect(ownCdkJson(folder)).toEqual({ file: join(folder, 'cdk.json'), context });
  });

  test('may begin with a byte order mark', () => {
    const folder = folderWith(`\uFEFF${JSON.stringify({ context: { environments: {} } })}`);
    expect(ownCdkJson(folder)?.context).toEqual({ environments: {} });
  });

  test.each([
    ['there is none', undefined],
    ['it is a number', '7'],
    ['it is null', 'null'],
    ['it is a list', '[]'],
    ['it has no context', '{}'],
    ['its context is a list', '{ "context": [] }'],
    ['it describes no environments', '{ "context": { "flag": true } }'],
  ])('counts as none when %s', (_, text) => {
    expect(ownCdkJson(text === undefined ? emptyFolder() : folderWith(text))).toBeUndefined();
  });

  test.each([
    ['is empty', '', 'is not valid JSON: line 1, column 1: the file ends where a value should be'],
    ['has a comma too many', '{\n  "app": 1,\n}', 'is not valid JSON: line 2, column 11: there is a comma too many, before }'],
    ['breaks off', '{ "app":\n', 'is not valid JSON: line 2, column 1: the file ends where a value should be'],
    ['repeats nothing that may be secret', '{ "password": hunter2 }', 'is not valid JSON: line 1, column 15: a value should be here'],
    ['names its environments in another way', '{ "context": { "Environment": {} } }', ': context has "Environment", which nothing reads; write environments'],
  ])('fails with its path and the reason when it %s', (_, text, reason) => {
    const folder = folderWith(text);
    expect(() => ownCdkJson(folder)).toThrow(new Error(`${join(folder, 'cdk.json')}${reason.startsWith(':') ? '' : ' '}${reason}`));
  });

  test('fails with its path and the reason when it is a folder', () => {
    const folder = emptyFolder();
    mkdirSync(join(folder, 'cdk.json'));
    expect(() => ownCdkJson(folder)).toThrow(`${join(folder, 'cdk.json')} cannot be read: EISDIR`);
  });
});

test('the example is the cdk.json of the kit', () => {
  const { file, context } = exampleCdkJson();
  expect(context).toEqual(JSON.parse(readFileSync(join(__dirname, '..', '..', 'cdk.json'), 'utf8')).context);
  expect(file).toBe(join(__dirname, '..', '..', 'cdk.json'));
});

describe('the choice of an environment', () => {
  const cdkJson = (environments: unknown) => ({ file: '/app/cdk.json', context: { environments } });

  test('gives the one that is named, with its defaults', () => {
    const choice = chooseEnvironment(cdkJson({ prod: existing(), test: another() }), 'test');
    expect(choice).toMatchObject({ environment: { network: { reach: 'agent-network' } } });
  });

  test.each([
    ['none is named', undefined, '--env is required; the environments of /app/cdk.json are prod, test'],
    ['it does not exist', 'tset', "there is no environment 'tset'; the environments of /app/cdk.json are prod, test"],
    ['it is named like a method', 'toString', "there is no environment 'toString'; the environments of /app/cdk.json are prod, test"],
  ])('fails with the names that there are when %s', (_, name, report) => {
    expect(chooseEnvironment(cdkJson({ prod: existing(), test: another() }), name)).toEqual({ report });
  });

  test('fails with every mistake when another environment has one', () => {
    const report = [
      '/app/cdk.json: 1 mistake in the environments; nothing was synthesized',
      '',
      'environments.test.acount',
      '  seen:  an unknown key',
      '  write: the key account, if that is meant; otherwise remove it',
    ].join('\n');
    expect(chooseEnvironment(cdkJson({ prod: existing(), test: { ...another(), acount: '1' } }), 'prod')).toEqual({ report });
  });
});
