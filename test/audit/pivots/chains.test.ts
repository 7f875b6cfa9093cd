import type { Value } from '../../../lib/audit/model';
import { chainsFrom, chainTo, pivotModel } from '../../../lib/audit/pivots';
import { allow, assemblyOf, iam, policy, role, TO_GITHUB, trust, user, type Written } from './small-template';

const TO_ACCOUNT = trust({ AWS: iam('root') });

/** Whom the agent can become, each with the chain in words. */
function chains(agent: readonly Value[], others: Readonly<Record<string, Written>>): Record<string, readonly string[]> {
  const found = chainsFrom(pivotModel(assemblyOf({ Agent: role('Agent', TO_GITHUB, agent), ...others })), 'Shop.Agent');
  return Object.fromEntries([...found.keys()].map((to) => [to, chainTo(found, to)!.map(({ from, by, to: end }) => `${from} ${by} -> ${end}`)]));
}

test('a chain of roles has a step for each, and goes no further than it leads', () => {
  expect(chains([allow('sts:AssumeRole', iam('role/Middle'))], {
    Middle: role('Middle', TO_ACCOUNT, [allow('sts:AssumeRole', iam('role/Approver'))]), Approver: role('Approver', TO_ACCOUNT, []), Other: role('Other', TO_ACCOUNT, []),
  })).toEqual({
    'Shop.Middle': ['Shop.Agent may sts:AssumeRole on Middle -> Shop.Middle'],
    'Shop.Approver': ['Shop.Agent may sts:AssumeRole on Middle -> Shop.Middle', 'Shop.Middle may sts:AssumeRole on Approver -> Shop.Approver'],
  });
});

test('of two ways the shorter one', () => {
  const found = chains([allow('sts:AssumeRole', [iam('role/Middle'), iam('role/Approver')])], {
    Middle: role('Middle', TO_ACCOUNT, [allow('sts:AssumeRole', iam('role/Approver'))]), Approver: role('Approver', TO_ACCOUNT, []),
  });
  expect(found['Shop.Approver']).toEqual(['Shop.Agent may sts:AssumeRole on Approver -> Shop.Approver']);
});

test('roles that take on each other end', () => {
  expect(Object.keys(chains([allow('sts:AssumeRole', '*')], {
    One: role('One', TO_ACCOUNT, [allow('sts:AssumeRole', '*')]), Two: role('Two', TO_ACCOUNT, [allow('sts:AssumeRole', '*')]),
  }))).toEqual(['Shop.One', 'Shop.Two']);
});

test('whoever alters the policies of somebody, or a group or managed policy of theirs, can become them', () => {
  const members = { Team: { Type: 'AWS::IAM::Group', Properties: { GroupName: 'team' } }, Person: user('Person', [], { Groups: ['team'] }) };
  expect(chains([allow('iam:PutRolePolicy', iam('role/Approver'))], { Approver: role('Approver', TO_GITHUB, []) }))
    .toEqual({ 'Shop.Approver': ['Shop.Agent may iam:PutRolePolicy on Approver -> Shop.Approver'] });
  expect(chains([allow('iam:PutGroupPolicy', iam('group/team'))], members)).toEqual({ 'Shop.Person': ['Shop.Agent may iam:PutGroupPolicy on Team -> Shop.Person'] });
  expect(chains([allow('iam:CreatePolicyVersion', iam('policy/shared'))], {
    Shared: { Type: 'AWS::IAM::ManagedPolicy', Properties: { ManagedPolicyName: 'shared', PolicyDocument: policy(allow('logs:GetLogEvents')), Roles: ['Approver'] } },
    Approver: role('Approver', TO_GITHUB, []),
  })).toEqual({ 'Shop.Approver': ['Shop.Agent may iam:CreatePolicyVersion on Shared -> Shop.Approver'] });
});

test('a function that runs as two roles leads to the second, also after the first was arrived at', () => {
  const task: Written = { Type: 'AWS::ECS::TaskDefinition', Properties: { Family: 'task', TaskRoleArn: iam('role/One'), ExecutionRoleArn: iam('role/Two') } };
  const all = chains([allow(['sts:AssumeRole', 'iam:PassRole', 'ecs:*'], '*')], { One: role('One', TO_ACCOUNT, []), Two: role('Two', trust({ Service: 'ecs-tasks.amazonaws.com' }), []), Task: task });
  expect(Object.keys(all)).toEqual(['Shop.One', 'Shop.Two']);
});

test('a group whose members may do nothing is not worth joining', () => {
  const group = (...statements: Value[]): Written => ({ Type: 'AWS::IAM::Group', Properties: { GroupName: 'team', Policies: statements.length === 0 ? [] : [{ PolicyName: 'own', PolicyDocument: policy(...statements) }] } });
  expect(chains([allow('iam:AddUserToGroup')], { Team: group() })).toEqual({});
  expect(chains([allow('iam:AddUserToGroup')], { Team: group(allow('rds:DeleteDBInstance')) })).toEqual({ 'Shop.Team': ['Shop.Agent may iam:AddUserToGroup on Team -> Shop.Team'] });
});

test('who can become nobody has no chain', () => {
  expect(chainTo(new Map(), 'Shop.Approver')).toBeUndefined();
});
