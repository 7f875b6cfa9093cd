import type { Assembly, Resource, Value } from '../../../lib/audit/model';
import { databaseGoals, guardedDatabase, pivotModel, type Goal, type Terrain } from '../../../lib/audit/pivots';

export const ACCOUNT = '111122223333';
export const iam = (what: string): string => `arn:aws:iam::${ACCOUNT}:${what}`;
export const at = (service: string, what: string): string => `arn:aws:${service}:eu-west-1:${ACCOUNT}:${what}`;

export interface Written {
  readonly Type: string;
  readonly Properties?: { readonly [key: string]: Value };
}

/** An assembly of one stack whose names are all written out. */
export function assemblyOf(resources: Readonly<Record<string, Written>>): Assembly {
  return {
    stacks: [{ id: 'Shop', file: 'Shop.template.json', account: ACCOUNT, region: 'eu-west-1', partition: 'aws' }],
    resources: Object.entries(resources).map(([logicalId, { Type, Properties = {} }]): Resource => ({
      id: `Shop.${logicalId}`, stack: 'Shop', logicalId, type: Type, path: logicalId, properties: Properties, deletionPolicy: undefined, updateReplacePolicy: undefined, source: undefined,
    })),
    declarations: [], acknowledgements: [], assumptions: [],
  };
}

export const allow = (actions: string | readonly string[], resources: string | readonly string[] = '*', condition?: Value): Value =>
  ({ Effect: 'Allow', Action: actions, Resource: resources, ...(condition !== undefined && { Condition: condition }) });
export const deny = (actions: string | readonly string[], resources: string | readonly string[] = '*', condition?: Value): Value =>
  ({ ...(allow(actions, resources, condition) as object), Effect: 'Deny' });
export const policy = (...statements: readonly Value[]): Value => ({ Version: '2012-10-17', Statement: statements });

export const trust = (principal: Value, condition?: Value): Value =>
  policy({ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole', ...(condition !== undefined && { Condition: condition }) });

export const role = (name: string, trusts: Value, statements: readonly Value[], more: { readonly [key: string]: Value } = {}): Written => ({
  Type: 'AWS::IAM::Role',
  Properties: { RoleName: name, AssumeRolePolicyDocument: trusts, Policies: statements.length === 0 ? [] : [{ PolicyName: 'own', PolicyDocument: policy(...statements) }], ...more },
});

export const user = (name: string, statements: readonly Value[], more: { readonly [key: string]: Value } = {}): Written => ({
  Type: 'AWS::IAM::User',
  Properties: { UserName: name, Policies: statements.length === 0 ? [] : [{ PolicyName: 'own', PolicyDocument: policy(...statements) }], ...more },
});

export const PRODUCTION: Written = { Type: 'AWS::RDS::DBInstance', Properties: { DBInstanceIdentifier: 'production' } };
export const TO_GITHUB = trust({ Federated: iam('oidc-provider/token.actions.githubusercontent.com') });

/** The agent, a role that may change production, and production. */
export function shop(agent: readonly Value[], more: Readonly<Record<string, Written>> = {}, deployTrust: Value = TO_GITHUB): Assembly {
  return assemblyOf({
    Production: PRODUCTION,
    Deploy: role('Deploy', deployTrust, [allow('rds:ModifyDBInstance', at('rds', 'db:production'))]),
    Agent: role('Agent', TO_GITHUB, agent),
    ...more,
  });
}

export function goalsOf(model: Terrain): readonly Goal[] {
  return databaseGoals(guardedDatabase(model.resource('Shop.Production')!, model), model);
}

export { pivotModel };
