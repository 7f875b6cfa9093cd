import { PASSING } from '../../../lib/audit/pivots/passing';
import { arrivals, shortestPath } from '../../../lib/audit/pivots';
import type { Assembly, Value } from '../../../lib/audit/model';
import { allow, assemblyOf, at, deny, goalsOf, iam, pivotModel, PRODUCTION, role, shop, TO_GITHUB, trust, type Written } from './small-template';

const PROFILE: Readonly<Record<string, Written>> = { Profile: { Type: 'AWS::IAM::InstanceProfile', Properties: { InstanceProfileName: 'Deploy', Roles: ['Deploy'] } } };
const AGENT = ['Shop.Agent'];
const found = (assembly: Assembly) => {
  const model = pivotModel(assembly);
  const arrival = shortestPath(model, AGENT, goalsOf(model).filter(({ action }) => action === 'rds:ModifyDBInstance'));
  return arrival && [arrival.verdict, arrival.because];
};
/** What the template makes certain: calls on `*` are doubts about what is outside of it, too. */
const certain = (assembly: Assembly) => {
  const [verdict, because] = found(assembly) ?? [];
  return verdict === 'fail' ? because : undefined;
};

const PASS = allow('iam:PassRole', iam('role/Deploy'));
const rows = PASSING.map((pivot) => [[pivot.service, ...pivot.calls.map(({ action }) => action)].join(' '), pivot] as const);

describe.each(rows)('a role passed to %s', (_, { service, calls, byProfile }) => {
  const actions = calls.map(({ action }) => action);
  const build = (agent: readonly Value[], trusts: Value = trust({ Service: service })) => shop(agent, byProfile ? PROFILE : {}, trusts);

  test('is a way to what the role may do', () => {
    expect(found(build([PASS, allow(actions)]))).toEqual(['fail', `Agent may pass Deploy to ${actions.join(' and ')}, Deploy may rds:ModifyDBInstance on Production`]);
  });
  test('is none without one of its parts', () => {
    expect(certain(build([allow(actions)]))).toBeUndefined();
    expect(certain(build([PASS]))).toBeUndefined();
    for (const missing of actions) expect(certain(build([PASS, allow(actions), deny(missing)]))).toBeUndefined();
    expect(certain(build([PASS, allow(actions), deny('iam:PassRole')]))).toBeUndefined();
    expect(certain(build([PASS, allow(actions)], TO_GITHUB))).toBeUndefined();
    expect(certain(build([PASS, allow(actions)], trust({ Service: 'polly.amazonaws.com' })))).toBeUndefined();
  });
  test('is none where the role may be passed to another service only', () => {
    const other = { StringEquals: { 'iam:PassedToService': 'polly.amazonaws.com' } };
    expect(certain(build([allow('iam:PassRole', iam('role/Deploy'), other), allow(actions)]))).toBeUndefined();
    const denied = deny('iam:PassRole', '*', { StringNotEquals: { 'iam:PassedToService': 'polly.amazonaws.com' } });
    expect(certain(build([PASS, allow(actions), denied]))).toBeUndefined();
    const same = { StringEquals: { 'iam:PassedToService': service } };
    expect(certain(build([allow('iam:PassRole', iam('role/Deploy'), same), allow(actions)]))).toBeDefined();
  });
  test('is none where the boundary does not allow it', () => {
    const bounded = (...statements: Value[]) => shop([], {
      ...(byProfile ? PROFILE : {}),
      Limit: { Type: 'AWS::IAM::ManagedPolicy', Properties: { ManagedPolicyName: 'Limit', PolicyDocument: { Version: '2012-10-17', Statement: statements } } },
      Agent: role('Agent', TO_GITHUB, [PASS, allow(actions)], { PermissionsBoundary: iam('policy/Limit') }),
    }, trust({ Service: service }));
    expect(certain(bounded(PASS, allow(actions)))).toBeDefined();
    expect(certain(bounded(allow(actions)))).toBeUndefined();
    expect(certain(bounded(PASS))).toBeUndefined();
  });
});

test('an instance profile is needed where a profile is passed', () => {
  expect(found(shop([PASS, allow('ec2:RunInstances')], {}, trust({ Service: 'ec2.amazonaws.com' })))).toBeUndefined();
});

test('a call that is allowed on some resources only is possible on them', () => {
  const functions = allow('lambda:CreateFunction', at('lambda', 'function:agent-*'));
  const model = (agent: readonly Value[]) => found(shop(agent, {}, trust({ Service: 'lambda.amazonaws.com' })));
  expect(model([PASS, functions])?.[1]).toBe('Agent may pass Deploy to lambda:CreateFunction, Deploy may rds:ModifyDBInstance on Production');
  expect(model([PASS, functions, deny('lambda:CreateFunction', at('lambda', 'function:agent-*'))])).toBeUndefined();
});

test('a role that is not in the template may be passed: nobody knows what it may do', () => {
  const service = 'lambda.amazonaws.com';
  const agent = [allow('iam:PassRole', iam('role/Elsewhere')), allow('lambda:CreateFunction')];
  expect(found(shop(agent, {}, trust({ Service: service })))).toEqual(['unknown',
    'Agent may pass arn:aws:iam::111122223333:role/Elsewhere to lambda:CreateFunction, which may rds:ModifyDBInstance on Production; '
    + 'not known: arn:aws:iam::111122223333:role/Elsewhere is not in the template, so what it may do is not known']);
});

test('every goal is reached by its own way, the certain ones first', () => {
  const model = pivotModel(assemblyOf({
    Production: PRODUCTION,
    Deploy: role('Deploy', trust({ AWS: iam('role/Agent') }), [allow('rds:DeleteDBInstance', at('rds', 'db:production'))]),
    Agent: role('Agent', TO_GITHUB, [allow('rds:RebootDBInstance')]),
  }));
  expect(arrivals(model, AGENT, goalsOf(model)).map(({ verdict, because }) => [verdict, because])).toEqual([
    ['fail', 'Agent may rds:RebootDBInstance on Production'],
    ['fail', 'Agent may sts:AssumeRole on Deploy, Deploy may rds:DeleteDBInstance on Production'],
  ]);
});
