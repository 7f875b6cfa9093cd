import { decide, type PolicySet } from '../../lib/audit/decide';
import type { Value } from '../../lib/audit/model';
import { statementsOf } from '../../lib/audit/policy-document';
import { pseudo, unknown } from '../../lib/audit/text';

const ACCOUNT = '111122223333';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/Agent`;
const DATABASE = `arn:aws:rds:eu-central-1:${ACCOUNT}:db:orders`;
const KEY = `arn:aws:kms:eu-central-1:${ACCOUNT}:key/1`;
const parameter = unknown('parameter Name');

const read = (...statements: Value[]) => statementsOf({ Version: '2012-10-17', Statement: statements }, 'Policy').statements;
const allow = (more: Record<string, Value> = {}) => read({ Effect: 'Allow', Action: '*', Resource: '*', ...more });
const deny = (more: Record<string, Value> = {}) => read({ Effect: 'Deny', Action: '*', Resource: '*', ...more });

interface Asked { action?: string; resource?: string; resourceAccount?: string; arn?: string; service?: boolean; context?: Record<string, string | string[]>; absent?: string[] }
function ask(policies: Partial<PolicySet>, { action = 'rds:DeleteDBInstance', resource = DATABASE, arn = ROLE, service, context = {}, absent, ...rest }: Asked = {}): string {
  const decision = decide(
    { principal: { arn, account: ACCOUNT, service }, action, resource, context, absent, ...rest },
    { identity: [], boundary: undefined, serviceControl: [], resource: [], ...policies },
  );
  return decision.do === 'deny' ? `deny: ${decision.because}` : ['allow', ...decision.assuming].join(' if ');
}
const short = (answer: string): string => answer.split(/[: ]/)[0]!;

describe('what cannot be decided', () => {
  const condition = { Condition: { StringEquals: { 'aws:ResourceTag/env': 'prod' } } };
  test('counts as satisfied for an Allow, and as unsatisfied for a Deny', () => {
    expect(ask({ identity: allow(condition) })).toBe('allow');
    expect(ask({ identity: [...allow(), ...deny(condition)] })).toBe('allow');
    expect(short(ask({ identity: [...allow(), ...deny(condition)] }, { context: { 'AWS:resourcetag/ENV': 'prod' } }))).toBe('deny');
    expect(short(ask({ identity: allow(condition) }, { absent: ['aws:ResourceTag/env'] }))).toBe('deny');
  });

  test.each<[string, Record<string, Value>]>([
    ['a negated operator', { StringNotEquals: { 'a:b': 'x' } }],
    ['an operator that IAM does not have', { StringResembles: { 'a:b': 'x' } }],
    ['a set operator', { 'ForAnyValue:StringLike': { 'a:b': '*' } }],
    ['Null', { Null: { 'a:b': 'true' } }],
    ['a condition that is not known', { StringEquals: unknown('parameter Condition') }],
  ])('%s', (_, Condition) => {
    expect([ask({ identity: allow({ Condition }) }), ask({ identity: [...allow(), ...deny({ Condition })] })]).toEqual(['allow', 'allow']);
  });

  test('a policy variable that nobody knows', () => {
    const Resource = 'arn:aws:rds:*:*:db:${aws:PrincipalTag/team}';
    expect([ask({ identity: allow({ Resource }) }), ask({ identity: [...allow(), ...deny({ Resource })] }), ask({ identity: [...allow(), ...read({ Effect: 'Deny', Action: '*', NotResource: Resource })] })])
      .toEqual(['allow', 'allow', 'allow']);
  });
});

describe('a symbol that decides', () => {
  test('is named', () => {
    expect(ask({ identity: allow({ Resource: parameter }) })).toBe(`allow if in Policy its resources (<parameter Name>) cover ${DATABASE}`);
    expect(ask({ identity: [...allow(), ...deny({ Resource: parameter })] }))
      .toBe(`allow if the Deny of Policy does not apply, which it does if its resources (<parameter Name>) cover ${DATABASE}`);
    expect(ask({ identity: allow(), boundary: allow({ Action: parameter }) })).toBe('allow if in Policy its actions cover rds:DeleteDBInstance');
  });

  test('is not named where something certain decides', () => {
    expect(ask({ identity: [...allow({ Resource: parameter }), ...allow()] })).toBe('allow');
    expect(short(ask({ identity: [...allow(), ...deny(), ...deny({ Resource: parameter })] }))).toBe('deny');
    expect(ask({ identity: allow({ Resource: `arn:aws:s3:::${parameter}` }) })).toBe(`deny: no policy allows rds:DeleteDBInstance on ${DATABASE}`);
  });

  test('an account that may be another', () => {
    expect(ask({ identity: allow() }, { resourceAccount: pseudo('AWS::AccountId') })).toBe(`allow if ${DATABASE} is in the account of ${ROLE}`);
  });
});

describe('a resource’s policy', () => {
  const grant = (arn: string) => read({ Effect: 'Allow', Principal: { AWS: arn }, Action: '*', Resource: '*' });
  const boundary = allow({ Action: 's3:*' });
  test.each<[string, string, string, string]>([
    ['the role', ROLE, ROLE, `deny: the permissions boundary does not allow rds:DeleteDBInstance on ${DATABASE}`],
    ['any session of the role', ROLE, `arn:aws:sts::${ACCOUNT}:assumed-role/Agent/any`, 'allow'],
    ['a user', `arn:aws:iam::${ACCOUNT}:user/ann`, `arn:aws:iam::${ACCOUNT}:user/ann`, 'allow'],
    ['everyone', ROLE, '*', 'allow'],
    ['the account', ROLE, ACCOUNT, `deny: no policy allows rds:DeleteDBInstance on ${DATABASE}`],
    ['somebody else', ROLE, `arn:aws:iam::${ACCOUNT}:role/Other`, `deny: no policy allows rds:DeleteDBInstance on ${DATABASE}`],
  ])('that names %s, against a boundary', (_, arn, named, answer) => {
    expect(ask({ resource: grant(named), boundary }, { arn })).toBe(answer);
  });

  test('of a key must name the account for its own policies to count', () => {
    const asked = { action: 'kms:Decrypt', resource: KEY };
    expect(ask({ identity: allow() }, asked)).toBe(`deny: the resource's own policy does not allow kms:Decrypt on ${KEY}`);
    expect(ask({ identity: allow(), resource: grant(`arn:aws:iam::${ACCOUNT}:root`) }, asked)).toBe('allow');
    expect(ask({ resource: grant(ROLE) }, asked)).toBe('allow');
    expect(ask({ identity: allow() }, { action: 'kms:ListKeys', resource: '*' })).toBe('allow');
  });

  test('of another account must allow too', () => {
    const asked = { resource: 'arn:aws:rds:eu-central-1:444455556666:db:orders' };
    expect([{ identity: allow() }, { resource: grant(ROLE) }, { identity: allow(), resource: grant(ROLE) }].map((policies) => short(ask(policies, asked)))).toEqual(['deny', 'deny', 'allow']);
  });

  test('is all that a service needs', () => {
    const resource = read({ Effect: 'Allow', Principal: { Service: 'backup.amazonaws.com' }, Action: '*', Resource: '*' });
    expect([short(ask({ resource }, { arn: 'backup.amazonaws.com', service: true })), short(ask({ resource }, { arn: 'rds.amazonaws.com', service: true })), short(ask({ resource }))])
      .toEqual(['allow', 'deny', 'deny']);
  });

  test('with NotPrincipal denies everyone that has a boundary, and nobody of whom it is not certain', () => {
    const resource = read({ Effect: 'Deny', NotPrincipal: { AWS: ROLE }, Action: '*', Resource: '*' });
    expect([short(ask({ identity: allow(), resource })), short(ask({ identity: allow(), boundary: allow(), resource })), short(ask({ identity: allow(), resource }, { arn: `${ROLE}2` }))])
      .toEqual(['allow', 'deny', 'deny']);
  });
});

test('every level of service control policies must allow', () => {
  expect(ask({ identity: allow(), serviceControl: [allow(), allow({ Action: 's3:*' })] })).toBe(`deny: no service control policy allows rds:DeleteDBInstance on ${DATABASE}`);
  expect(ask({ identity: allow(), serviceControl: [allow(), allow()] })).toBe('allow');
});

test('variables are ordinary text in policies of an older version', () => {
  const { statements } = statementsOf({ Statement: { Effect: 'Allow', Action: '*', Resource: 'arn:aws:rds:*:*:db:${aws:username}' } }, 'Policy');
  expect(short(ask({ identity: statements }))).toBe('deny');
});

test('a policy that cannot be read may allow anything, and denies nothing', () => {
  expect(statementsOf(unknown('parameter Policy'), 'Policy', 'Stack/Policy').problems).toEqual([
    { what: 'The policy of Stack/Policy is not known: <parameter Policy>', subject: 'Policy', path: 'Stack/Policy', affects: 'identity' },
  ]);
  expect(ask({ identity: statementsOf(unknown('parameter Policy'), 'Policy').statements })).toMatch(/^allow if in Policy its actions cover rds:DeleteDBInstance/);
  const broken = statementsOf({ Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: [{}], Resource: '*' }, { Effect: 'Allow', Action: 'rds:*', Resource: 7, NotResource: '*' }] }, 'Policy');
  expect(broken.problems.map(({ what }) => what)).toEqual([
    'A statement of Policy needs Action or NotAction that can be read', 'A statement of Policy needs Resource or NotResource that can be read',
  ]);
  expect(ask({ identity: broken.statements })).toMatch(/^allow if in Policy its resources/);
});

test('50,000 principals are decided upon in time', () => {
  const shared = [...allow({ Action: ['s3:*', 'rds:Describe*'] }), ...deny({ Action: 'rds:Delete*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })];
  const before = performance.now();
  for (let number = 0; number < 50_000; number += 1) ask({ identity: [...shared] }, { arn: `arn:aws:iam::${ACCOUNT}:role/r${number}` });
  expect(performance.now() - before).toBeLessThan(5_000);
});
