import type { Assembly, Value } from '../../../lib/audit/model';
import { shortestPath } from '../../../lib/audit/pivots';
import { allow, at, deny, goalsOf, iam, pivotModel, policy, role, shop, TO_GITHUB, trust, user, type Written } from './small-template';

const found = (assembly: Assembly, from = 'Shop.Agent') => {
  const model = pivotModel(assembly);
  const arrival = shortestPath(model, [from], goalsOf(model).filter(({ action }) => action === 'rds:DeleteDBInstance'));
  return arrival && [arrival.verdict, arrival.because];
};
const certain = (assembly: Assembly, from?: string) => {
  const [verdict, because] = found(assembly, from) ?? [];
  return verdict === 'fail' ? because : undefined;
};
const DELETES = 'may rds:DeleteDBInstance on Production';
const managed = (name: string, ...statements: Value[]): Written => ({ Type: 'AWS::IAM::ManagedPolicy', Properties: { ManagedPolicyName: name, PolicyDocument: policy(...statements) } });

describe.each([
  ['iam:PutRolePolicy'], ['iam:AttachRolePolicy'],
])('%s', (action) => {
  test('on itself is all that a role needs', () => {
    expect(found(shop([allow(action, iam('role/Agent'))]))).toEqual(['fail', `Agent may ${action} on itself, Agent ${DELETES}`]);
  });
  test('on a role that can be taken on', () => {
    const build = (...agent: Value[]) => shop(agent, {}, trust({ AWS: iam('role/Agent') }));
    expect(found(build(allow(action, iam('role/Deploy'))))).toEqual(['fail', `Agent may sts:AssumeRole on Deploy, Agent may ${action} on Deploy, Deploy ${DELETES}`]);
    expect(certain(build(allow(action, iam('role/Deploy')), deny('sts:AssumeRole')))).toBeUndefined();
    expect(certain(build(allow(action, iam('role/Deploy')), deny(action)))).toBeUndefined();
    expect(certain(build())).toBeUndefined();
  });
  test('does not help past a boundary, until that is gone too', () => {
    const build = (boundary: readonly Value[], ...agent: Value[]) =>
      shop([], { Limit: managed('Limit', ...boundary), Agent: role('Agent', TO_GITHUB, agent, { PermissionsBoundary: iam('policy/Limit') }) });
    const unbind = 'iam:DeleteRolePermissionsBoundary';
    const own = iam('role/Agent');
    expect(certain(build([allow(action, own)], allow(action)))).toBeUndefined();
    expect(found(build([allow([action, unbind], own)], allow([action, unbind], own))))
      .toEqual(['fail', `Agent may ${action} on itself, Agent may ${unbind} on itself, Agent ${DELETES}`]);
    expect(certain(build([allow(action, own)], allow([action, unbind], own)))).toBeUndefined();
    const limit = iam('policy/Limit');
    expect(found(build([allow([action, 'iam:CreatePolicyVersion'], [own, limit])], allow([action, 'iam:CreatePolicyVersion'], [own, limit])))?.[1])
      .toBe(`Agent may ${action} on itself, Agent may iam:CreatePolicyVersion on Limit, Agent ${DELETES}`);
  });
});

test('a boundary can be exchanged', () => {
  const build = (condition?: Value) => shop([], {
    Limit: managed('Limit', allow('iam:*')),
    Agent: role('Agent', TO_GITHUB, [allow('rds:*'), allow('iam:PutRolePermissionsBoundary', '*', condition)], { PermissionsBoundary: iam('policy/Limit') }),
  });
  expect(found(build())).toEqual(['fail', `Agent may iam:PutRolePermissionsBoundary on itself, Agent ${DELETES}`]);
  expect(certain(build({ StringEquals: { 'iam:PermissionsBoundary': iam('policy/Limit') } }))).toBeUndefined();
});

test('only a policy that may be attached is a doubt', () => {
  const only = { ArnEquals: { 'iam:PolicyARN': iam('policy/elsewhere') } };
  expect(found(shop([allow('iam:AttachRolePolicy', iam('role/Agent'), only)]))).toEqual(['unknown',
    `Agent may iam:AttachRolePolicy on itself, Agent ${DELETES}; not known: a policy that Agent may choose allows more`]);
});

test('a denial in an inline policy can be overwritten, one in a managed policy taken off', () => {
  const inline = (...agent: Value[]) => shop([allow('rds:*'), deny('rds:DeleteDBInstance'), ...agent]);
  expect(found(inline(allow('iam:DeleteRolePolicy', iam('role/Agent'))))).toEqual(['fail', `Agent may iam:DeleteRolePolicy on itself, Agent ${DELETES}`]);
  expect(certain(inline(allow('iam:DetachRolePolicy', iam('role/Agent'))))).toBeUndefined();
  const attached = (...agent: Value[]) =>
    shop([], { Never: managed('Never', deny('rds:DeleteDBInstance')), Agent: role('Agent', TO_GITHUB, [allow('rds:*'), ...agent], { ManagedPolicyArns: [iam('policy/Never')] }) });
  expect(found(attached(allow('iam:DetachRolePolicy', iam('role/Agent'))))).toEqual(['fail', `Agent may iam:DetachRolePolicy on itself, Agent ${DELETES}`]);
  expect(certain(attached(allow('iam:DeleteRolePolicy', iam('role/Agent'))))).toBeUndefined();
  const never = deny(['iam:UpdateAssumeRolePolicy', 'iam:Detach*', 'iam:Create*', 'iam:SetDefault*', 'sso:*', 'sts:*', 'rds:DeleteDBInstance']);
  const bot = shop([], { Never: managed('Never', never), Agent: role('Agent', TO_GITHUB, [allow('iam:PutRolePolicy', iam('role/Agent'))], { ManagedPolicyArns: [iam('policy/Never')] }) });
  expect(certain(bot)).toBeUndefined();
});

test('a new version of a managed policy is one for all who have it', () => {
  const build = (...agent: Value[]) => shop([], { Own: managed('Own', allow('logs:*')), Agent: role('Agent', TO_GITHUB, agent, { ManagedPolicyArns: [iam('policy/Own')] }) });
  expect(found(build(allow('iam:CreatePolicyVersion', iam('policy/Own'))))).toEqual(['fail', `Agent may iam:CreatePolicyVersion on Own, Agent ${DELETES}`]);
  expect(found(build(allow('iam:SetDefaultPolicyVersion', iam('policy/Own'))))).toEqual(['unknown',
    `Agent may iam:SetDefaultPolicyVersion on Own, Agent ${DELETES}; not known: an older version of the policy allows more`]);
  expect(certain(build(allow('iam:CreatePolicyVersion', iam('policy/Other'))))).toBeUndefined();
});

describe('users', () => {
  const groups: Record<string, Written> = {
    Ops: { Type: 'AWS::IAM::Group', Properties: { GroupName: 'Ops', Policies: [{ PolicyName: 'own', PolicyDocument: policy(allow('rds:*', at('rds', 'db:*'))) }] } },
    Staff: { Type: 'AWS::IAM::Group', Properties: { GroupName: 'Staff' } },
  };
  const build = (statements: readonly Value[], more = {}) => shop([], { ...groups, Bot: user('Bot', statements, more) });
  test.each(['iam:PutUserPolicy', 'iam:AttachUserPolicy'])('%s on itself', (action) => {
    expect(found(build([allow(action, iam('user/Bot'))]), 'Shop.Bot')).toEqual(['fail', `Bot may ${action} on itself, Bot ${DELETES}`]);
    expect(certain(build([allow(action, iam('user/Other'))]), 'Shop.Bot')).toBeUndefined();
  });
  test.each(['iam:PutGroupPolicy', 'iam:AttachGroupPolicy'])('%s on its group', (action) => {
    expect(found(build([allow(action, iam('group/Staff'))], { Groups: ['Staff'] }), 'Shop.Bot')).toEqual(['fail', `Bot may ${action} on Staff, Bot ${DELETES}`]);
    expect(certain(build([allow(action, iam('group/Staff'))]), 'Shop.Bot')).toBeUndefined();
  });
  test('a user that may join a group has what the group has', () => {
    expect(found(build([allow('iam:AddUserToGroup')]), 'Shop.Bot')).toEqual(['fail', `Bot may iam:AddUserToGroup on Ops, Bot ${DELETES}`]);
    expect(certain(build([allow('iam:AddUserToGroup', iam('group/Staff'))]), 'Shop.Bot')).toBeUndefined();
  });
});

describe('new principals', () => {
  test.each([
    [['iam:CreateRole', 'iam:AttachRolePolicy'], 'a new role'], [['iam:CreateRole', 'iam:PutRolePolicy'], 'a new role'],
    [['iam:CreateUser', 'iam:PutUserPolicy', 'iam:CreateAccessKey'], 'a new user'], [['sts:AssumeRoot'], 'the root user'],
    [['sso:PutInlinePolicyToPermissionSet'], 'a permission set'], [['sso:CreateAccountAssignment'], 'a permission set'],
  ])('%s', (actions, what) => {
    const names = actions.map((action) => (action.startsWith('iam:') ? [iam('role/new-*'), iam('user/new-*')] : ['*'])).flat();
    expect(found(shop([allow(actions, names)]))).toEqual(['fail', `Agent may ${actions.join(' and ')} for ${what}, ${what} ${DELETES}`]);
    for (const missing of actions) expect(certain(shop([allow(actions, names), deny(missing)]))).toBeUndefined();
  });
  test('that must have a boundary may do what it allows', () => {
    const bounded = { StringEquals: { 'iam:PermissionsBoundary': iam('policy/Limit') } };
    const build = (...limit: Value[]) => shop([allow(['iam:CreateRole', 'iam:PutRolePolicy'], iam('role/new-*'), bounded)], { Limit: managed('Limit', ...limit) });
    expect(certain(build(allow('rds:*')))).toBe(`Agent may iam:CreateRole and iam:PutRolePolicy for a new role, a new role ${DELETES}`);
    expect(certain(build(allow('s3:*')))).toBeUndefined();
  });
});
