import { differencesOf } from '../../lib/audit/differences';
import type { Value } from '../../lib/audit/model';
import { generated } from '../../lib/audit/text';
import { assembly, resource } from './report-fixture';

const compared = (template: { [key: string]: Value }, account: { [key: string]: Value }, type = 'AWS::IAM::Role', literal: (value: Value) => Value = (value) => value) =>
  differencesOf(assembly([resource('X', type, { properties: template })]), assembly([resource('X', type, { properties: account })]), literal);

test.each<readonly [string, { [key: string]: Value }, { [key: string]: Value }]>([
  ['the order of a list', { Actions: ['a', 'b'] }, { Actions: ['b', 'a'] }],
  ['a list of one', { Action: ['a'] }, { Action: 'a' }],
  ['numbers and booleans as text', { Days: '7', On: 'true' }, { Days: 7, On: true }],
  ['a document as text', { Document: '{"a":1}' }, { Document: { a: '1' } }],
  ['an account and its root', { Principal: { AWS: 'arn:aws:iam::111122223333:root' } }, { Principal: { AWS: '111122223333' } }],
  ['nothing, empty and switched off', { Public: false }, { Groups: [] }],
  ['tags', { Tags: [{ Key: 'a', Value: 'b' }] }, { Tags: [] }],
  ['what only a deployment tells', { Arn: `arn:${generated('Shop.Y', 'Arn')}` }, { Arn: 'arn:anything' }],
])('%s is no difference', (_, template, account) => {
  expect(compared(template, account)).toEqual([]);
});

test('the rule that EC2 writes into a group is no difference, and another is', () => {
  const all = { CidrIp: '0.0.0.0/0', IpProtocol: '-1' };
  expect(compared({}, { SecurityGroupEgress: [all] }, 'AWS::EC2::SecurityGroup')).toEqual([]);
  expect(compared({}, { SecurityGroupEgress: [{ ...all, IpProtocol: 'tcp' }] }, 'AWS::EC2::SecurityGroup')).toHaveLength(1);
});

test.each<[string, { [key: string]: Value }, { [key: string]: Value }, string, string]>([
  ['an entry more', { Actions: ['a'] }, { Actions: ['a', 'b'] }, '["a"]', '["a","b"]'],
  ['the same entry twice for two', { Actions: ['a', 'b'] }, { Actions: ['a', 'a'] }, '["a","b"]', '["a","a"]'],
  ['a value', { Days: 7 }, { Days: 1 }, '7', '1'],
  ['a property that is gone', { Boundary: 'arn' }, {}, 'arn', 'nothing'],
  ['a property that is new', {}, { Policies: [{ PolicyName: 'x' }] }, 'nothing', '[{"PolicyName":"x"}]'],
  ['text around what a deployment tells', { Arn: `arn:a:${generated('Shop.Y', 'Arn')}` }, { Arn: 'arn:b:x' }, 'arn:a:${Shop.Y.Arn}', 'arn:b:x'],
])('%s is one', (_, template, account, was, is) => {
  expect(compared(template, account)).toEqual([expect.objectContaining({ what: 'changed', template: was, account: is })]);
});

test('what may be a secret is not shown', () => {
  expect(JSON.stringify(compared({ Environment: { Variables: { KEY: 'one' } } }, { Environment: { Variables: { KEY: 'two' } } }))).toBe(
    JSON.stringify([{ resource: 'Shop.X', path: 'Shop/X/Resource', type: 'AWS::IAM::Role', what: 'changed', property: 'Environment', template: '(not shown)', account: '(not shown)' }]),
  );
});

test('a resource that is gone is one difference, and so is one that somebody put into a network of the stack', () => {
  const added = resource('pcx-1', 'AWS::EC2::VPCPeeringConnection', { id: 'account.pcx-1', stack: 'account', properties: { VpcId: generated('Shop.Vpc', 'VpcId') } });
  const elsewhere = resource('pcx-2', 'AWS::EC2::VPCPeeringConnection', { id: 'account.pcx-2', stack: 'account', properties: { VpcId: 'vpc-9' } });
  expect(differencesOf(assembly([resource('X', 'AWS::S3::Bucket')]), assembly([added, elsewhere]), (value) => value).map(({ resource: id, what }) => [id, what])).toEqual([['Shop.X', 'gone'], ['account.pcx-1', 'added']]);
});
