import type { Statement } from '../policy-document';

/** Actions that some AWS-managed policies allow on all resources. */
const ON_ALL_RESOURCES: Readonly<Record<string, readonly string[]>> = {
  AdministratorAccess: ['*'],
  'service-role/AWSLambdaBasicExecutionRole': ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
};

/** The statements of an AWS-managed policy by its name with its path, or undefined for one that is not listed. */
export function managedPolicy(name: string): readonly Statement[] | undefined {
  return Object.hasOwn(ON_ALL_RESOURCES, name) ? read(name) : undefined;
}

const read = (name: string): readonly Statement[] => [{
  source: `arn:aws:iam::aws:policy/${name}`, sid: undefined, effect: 'Allow', variables: true, conditions: [], principals: undefined,
  actions: { except: false, list: ON_ALL_RESOURCES[name]! }, resources: { except: false, list: ['*'] },
}];
