import { changed, foreignTemplate, said, type Template } from './foreign-template';

type Statements = { PolicyDocument: { Statement: Record<string, unknown>[] } };

const denial = (template: Template): Record<string, unknown> => (template.Resources.AgentBoundary!.Properties as unknown as Statements).PolicyDocument.Statement[1]!;
const verdictOf = (change: (template: Template) => void): string => {
  const { verdict, problems } = said(changed(change));
  return problems.length > 0 ? 'refused' : verdict;
};

test('the template that everything here damages passes', () => {
  expect(said(foreignTemplate())).toMatchObject({ verdict: 'pass', texts: [], problems: [] });
});

describe('what a template hides from a reader', () => {
  const include = { Name: 'AWS::Include', Parameters: { Location: 's3://elsewhere/more.yaml' } };

  test.each<[string, (template: Template) => void]>([
    ['beside the sections', (template) => { template['Fn::Transform'] = include; }],
    ['among the resources', (template) => { template.Resources['Fn::Transform'] = include as never; }],
    ['in a resource', (template) => { template.Resources.Agent!['Fn::Transform'] = include; }],
    ['among its properties', (template) => { template.Resources.Agent!.Properties!['Fn::Transform'] = include; }],
    ['as all of its properties', (template) => { template.Resources.Other = { Type: 'AWS::IAM::Role', Properties: { 'Fn::Transform': include } }; }],
  ])('a macro %s may add anything', (_, change) => {
    expect(said(changed(change)).texts).toContainEqual(expect.stringMatching(/^agent-cannot-use-the-control-plane unknown: .*the transform AWS::Include in .* changes the template/));
  });

  test('a function in place of all properties is not read as a property', () => {
    const template = changed(({ Resources }) => { Resources.Other = { Type: 'AWS::IAM::Role', Properties: { 'Fn::If': ['C', {}, {}] } }; });
    expect(said(template).problems).toEqual([expect.stringContaining('Resources.Other.Properties has Fn::If; write its keys, a function can only stand for the value of one')]);
  });

  test.each(['Acme::Database::Wiper', 'AWSUtility::CloudFormation::CommandRunner', 'aws::iam::role', 'AWS::CloudFormation::StackSet', 'AWS::ServiceCatalog::CloudFormationProvisionedProduct'])(
    'nobody knows what %s does', (Type) => {
      expect(verdictOf(({ Resources }) => { Resources.Other = { Type, Properties: {} }; })).toBe('unknown');
    },
  );

  test('of two keys that are the same none is chosen', () => {
    const text = JSON.stringify(foreignTemplate()).replace('"MaxSessionDuration":', '"PermissionsBoundary":"arn:aws:iam::aws:policy/AdministratorAccess","MaxSessionDuration":');
    expect(said(text).problems).toEqual([expect.stringMatching(/: line 1, column \d+: "PermissionsBoundary" is written twice in the same object; keep one$/)]);
  });
});

describe('a denial counts only if nothing about it is in doubt', () => {
  test.each<[string, (template: Template) => void]>([
    ['an element in other letters', (template) => { denial(template).condition = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }; }],
    ['a condition that is null', (template) => { denial(template).Condition = null; }],
    ['a condition that may never hold', (template) => { denial(template).Condition = { 'ForAllValues:StringEquals': { 'aws:TagKeys': 'x' } }; }],
    ['a condition that never holds for the agent', (template) => { denial(template).Condition = { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/agent' } }; }],
    ['a policy without statements', ({ Resources }) => { Resources.AgentBoundary!.Properties!.PolicyDocument = { Version: '2012-10-17', statement: [] }; }],
  ])('%s', (_, change) => {
    expect(verdictOf(change)).toBe('fail');
  });
});
