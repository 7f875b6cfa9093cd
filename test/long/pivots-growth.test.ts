import type { Value } from '../../lib/audit/model';
import { pivotModel, shortestPath } from '../../lib/audit/pivots';
import { allow, assemblyOf, at, goalsOf, iam, PRODUCTION, role, TO_GITHUB, trust, user, type Written } from '../audit/pivots/small-template';

/** Chains of roles, roles that may take on whole families, groups: shapes that grow with the number of pairs if done naively. */
const SHAPES: Readonly<Record<string, (size: number) => Record<string, Written>>> = {
  'one chain': (size) => Object.fromEntries(range(size).map((at_) =>
    [`R${at_}`, role(`r${at_}`, at_ === 0 ? TO_GITHUB : trust({ AWS: iam(`role/r${at_ - 1}`) }), [])])),
  'everybody may take on everybody': (size) => Object.fromEntries(range(size).map((at_) =>
    [`R${at_}`, role(`r${at_}`, trust({ AWS: iam('root') }), [allow('sts:AssumeRole', iam('role/*'))])])),
  'everybody may try, nobody is trusted': (size) => Object.fromEntries(range(size).map((at_) =>
    [`R${at_}`, role(`r${at_}`, at_ === 0 ? TO_GITHUB : trust({ AWS: iam(`role/r${at_ - 1}`) }), [allow(['sts:AssumeRole', 'iam:PassRole'], '*')])])),
  'a tree of tens': (size) => Object.fromEntries(range(size).map((at_) =>
    [`R${at_}`, role(`r${at_}`, trust({ AWS: iam('root') }), [allow('sts:AssumeRole', range(10).map((child) => iam(`role/r${at_ * 10 + child + 1}`)))])])),
  'groups and users': (size) => Object.fromEntries(range(size).map((at_): [string, Written] => (at_ % 10 === 1
    ? [`G${at_}`, { Type: 'AWS::IAM::Group', Properties: { GroupName: `g${at_}` } }]
    : [`R${at_}`, at_ === 0 ? role('r0', TO_GITHUB, [allow('iam:CreateAccessKey')]) : user(`u${at_}`, [allow('logs:GetLogEvents')])]))),
  'functions that run as others': (size) => Object.fromEntries(range(size / 2).flatMap((at_): [string, Written][] => [
    [`R${at_}`, role(`r${at_}`, at_ === 0 ? TO_GITHUB : trust({ Service: 'lambda.amazonaws.com' }), [allow('lambda:UpdateFunctionCode', at('lambda', `function:f${at_ + 1}`))])],
    [`F${at_}`, { Type: 'AWS::Lambda::Function', Properties: { FunctionName: `f${at_}`, Role: iam(`role/r${at_}`) } }],
  ])),
};

const range = (size: number): number[] => Array.from({ length: size }, (_, at_) => at_);
const LARGEST = 50_000;

/** Of the processor, which other work on the machine hardly disturbs. */
function seconds(resources: Record<string, Written>, last: string, end: Value): number {
  const goal = resources[last]!;
  const ends = goal.Type === 'AWS::IAM::Group' ? goal : { ...goal, Properties: { ...goal.Properties, Policies: [...(goal.Properties!.Policies as Value[]), end] } };
  const assembly = assemblyOf({ Production: PRODUCTION, ...resources, [last]: ends });
  const start = process.cpuUsage();
  const model = pivotModel(assembly);
  const goals = goalsOf(model).filter(({ action }) => action === 'rds:DeleteDBInstance');
  expect(shortestPath(model, ['Shop.R0'], goals)?.verdict).toBe('fail');
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

const DELETES: Value = { PolicyName: 'end', PolicyDocument: { Version: '2012-10-17', Statement: [allow('rds:DeleteDBInstance')] } };

test.each(Object.entries(SHAPES))(`%s: four times as many take no longer than n log n, up to ${LARGEST}`, (name, shape) => {
  const run = (size: number) => {
    const resources = shape(size);
    return seconds(resources, Object.keys(resources).filter((key) => key.startsWith('R')).at(-1)!, DELETES);
  };
  run(500);
  const [small, large] = [run(LARGEST / 4), run(LARGEST)];
  const growth = large / small;
  console.info(`${name}: ${small.toFixed(2)} s for ${LARGEST / 4}, ${large.toFixed(2)} s for ${LARGEST}: ${growth.toFixed(1)} times`);
  // n log n is 4.6 times, and a larger heap costs its collector more; a quadratic one would be 16.
  expect(growth).toBeLessThan(7);
}, 120_000);
