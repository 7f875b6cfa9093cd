import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readsSettings } from './read-only';
import { neededActions } from '../../lib/live/caller-policy';
import { READABLE } from '../../lib/live/readable-types';
import { FakeAccount } from './fake-account';

/** Commands of the SDK in the source of the real world. */
const commands = [...readFileSync(join(__dirname, '../../lib/live/world.ts'), 'utf8').matchAll(/'([a-z0-9]+):(\w+)': .*new \w+\.(\w+)Command\(/g)];

test('every call of the real world is the command of that name', () => {
  expect(commands.length).toBe(20);
  expect(commands.filter(([, , call, command]) => call !== command)).toEqual([]);
  expect(neededActions()).toEqual(expect.arrayContaining(commands.map(([, service, call]) => `${service}:${call}`)));
});

test('only reading is asked for, and nothing that returns the value of a secret', () => {
  expect(neededActions().filter((action) => !readsSettings(action))).toEqual([]);
});

test.each(['secretsmanager:GetSecretValue', 'ssm:GetParameter', 'ssm:GetParameters', 'kms:Decrypt', 's3:GetObject', 'logs:GetLogEvents', 'rds:ModifyDBInstance', 'iam:PutRolePolicy', 'dynamodb:GetItem'])('%s would be noticed', (action) => {
  expect(readsSettings(action)).toBe(false);
});

test('every type that the demo deploys is read, or there is nothing to read of it', () => {
  const { deployment } = new FakeAccount();
  const unlisted = [...new Set(deployment.logicalIds.map((id) => deployment.type(id)))].filter((type) => !READABLE[type] && !/^(Custom::|AWS::(IAM|EC2)::|AWS::RDS::DB(Instance|ParameterGroup)$|AWS::Logs::LogStream$)/.test(type));
  expect(unlisted).toEqual([]);
});
