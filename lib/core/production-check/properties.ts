import { AGENT_DATABASE_PORT, MAXIMUM_BACKUP_RETENTION_DAYS, MINIMUM_BACKUP_RETENTION_DAYS } from '../policy';
import type { Expected } from './types';

/** The properties of the custom resource: what the construct writes and the function reads. CloudFormation makes all values strings. */
export interface ProductionCheckProperties {
  readonly InstanceIdentifier: string;
  readonly InstanceArn: string;
  readonly ResourceId: string;
  readonly Endpoint: string;
  readonly Port: string;
  readonly EngineVersion: string;
  readonly BackupRetentionDays: string;
  readonly IamAuthentication: Expected['iamAuthentication'];
  readonly ReplicaPlacement: Expected['replicaPlacement'];
  /** Identifiers, separated by commas; empty for none. A list would vanish when it is empty. */
  readonly OwnReplicas: string;
  /** Differs in every deployment, so that CloudFormation asks again. The function does not read it. */
  readonly DeploymentId: string;
}

/** What to check, or what is wrong with the request. A property that is missing or odd is never taken as harmless. */
export function readExpected(
  properties: Readonly<Record<string, unknown>> = {},
): { readonly expected: Expected } | { readonly wrong: readonly string[] } {
  const given: Readonly<Partial<Record<keyof ProductionCheckProperties, unknown>>> = properties;
  const wrong: string[] = [];
  const text = (name: keyof ProductionCheckProperties): string => {
    const value = given[name];
    if (typeof value === 'string' && value !== '') return value;
    wrong.push(`${name} must be a text`);
    return '';
  };
  const count = (name: keyof ProductionCheckProperties, most: number): number => {
    const value = /^\d{1,5}$/.test(String(given[name])) ? Number(given[name]) : 0;
    if (value < 1 || value > most) wrong.push(`${name} must be a number from 1 to ${most}`);
    return value;
  };
  const oneOf = <T extends string>(name: keyof ProductionCheckProperties, choices: readonly T[]): T => {
    const choice = choices.find((each) => each === given[name]);
    if (choice === undefined) wrong.push(`${name} must be one of ${choices.join(', ')}`);
    return choice ?? choices[0]!;
  };
  const expected: Expected = {
    identifier: text('InstanceIdentifier'),
    arn: text('InstanceArn'),
    resourceId: text('ResourceId'),
    endpoint: text('Endpoint'),
    port: count('Port', 65_535),
    engineVersion: text('EngineVersion'),
    backupRetentionDays: count('BackupRetentionDays', MAXIMUM_BACKUP_RETENTION_DAYS),
    iamAuthentication: oneOf('IamAuthentication', ['required', 'not-required']),
    replicaPlacement: oneOf('ReplicaPlacement', ['agent-network', 'production-vpc']),
    ownReplicas: String(given.OwnReplicas).split(',').filter((identifier) => identifier !== ''),
  };
  if (expected.port === AGENT_DATABASE_PORT) wrong.push(`Port must not be ${AGENT_DATABASE_PORT}, which is the port of the agents' databases`);
  if (expected.backupRetentionDays < MINIMUM_BACKUP_RETENTION_DAYS) {
    wrong.push(`BackupRetentionDays must be at least ${MINIMUM_BACKUP_RETENTION_DAYS}`);
  }
  if (typeof given.OwnReplicas !== 'string') wrong.push('OwnReplicas must be a text');
  return wrong.length > 0 ? { wrong } : { expected };
}
