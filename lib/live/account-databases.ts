import type { DBInstance } from '@aws-sdk/client-rds';
import type { Assembly, Resource, Value } from '../audit/model';
import type { Answer, Asking } from './asking';
import type { DeployedResource } from './deployed-stack';
import type { Seen } from './account-resources';

const JUDGED = [
  'BackupRetentionPeriod', 'DeletionProtection', 'PubliclyAccessible', 'EnableIAMDatabaseAuthentication', 'EnableCloudwatchLogsExports', 'VPCSecurityGroups', 'DBParameterGroupName',
  'SourceDBInstanceIdentifier',
];

export interface DatabaseSeen {
  readonly seen: Seen;
  /** What `Fn::GetAtt` returns. */
  readonly attributes: Readonly<Record<string, string | undefined>>;
  readonly instance?: DBInstance;
}

/** Instances and parameter groups of the stack. */
export async function accountDatabases(asking: Asking, template: Assembly, deployed: ReadonlyMap<string, DeployedResource>): Promise<ReadonlyMap<string, DatabaseSeen>> {
  const mine = template.resources.filter(({ id, type }) => deployed.has(id) && ['AWS::RDS::DBInstance', 'AWS::RDS::DBParameterGroup'].includes(type));
  return new Map(await Promise.all(mine.map(async ({ id, type }) => {
    const { physicalId } = deployed.get(id)!;
    return [id, type === 'AWS::RDS::DBInstance' ? await database(asking, physicalId) : await parameters(asking, physicalId)] as const;
  })));
}

/** One instance, by its identifier. */
export async function database(asking: Asking, identifier: string): Promise<DatabaseSeen> {
  const answer = await asking.ask('rds:DescribeDBInstances', { DBInstanceIdentifier: identifier });
  const instance = answer.do === 'seen' ? answer.output.DBInstances?.[0] : undefined;
  if (!instance) return { seen: unread(answer, JUDGED), attributes: {} };
  return {
    instance, seen: { do: 'seen', properties: propertiesOf(instance), judged: JUDGED },
    attributes: {
      DBInstanceArn: instance.DBInstanceArn, DbiResourceId: instance.DbiResourceId, 'Endpoint.Address': instance.Endpoint?.Address,
      'Endpoint.Port': instance.Endpoint?.Port === undefined ? undefined : String(instance.Endpoint.Port), 'MasterUserSecret.SecretArn': instance.MasterUserSecret?.SecretArn,
    },
  };
}

/** As a template would have it. Whether automated backups outlive it is said to nobody. */
function propertiesOf(instance: DBInstance): { readonly [key: string]: Value } {
  const source = instance.ReadReplicaSourceDBInstanceIdentifier;
  return {
    ...given({
      DBInstanceIdentifier: instance.DBInstanceIdentifier, DBInstanceClass: instance.DBInstanceClass, Engine: instance.Engine, EngineVersion: instance.EngineVersion,
      StorageEncrypted: instance.StorageEncrypted, KmsKeyId: instance.KmsKeyId, MultiAZ: instance.MultiAZ,
      CopyTagsToSnapshot: instance.CopyTagsToSnapshot, Port: instance.Endpoint?.Port, DBSubnetGroupName: instance.DBSubnetGroup?.DBSubnetGroupName,
      DBParameterGroupName: instance.DBParameterGroups?.[0]?.DBParameterGroupName, SourceDBInstanceIdentifier: source,
      MonitoringInterval: instance.MonitoringInterval, MonitoringRoleArn: instance.MonitoringRoleArn,
    }),
    DeletionProtection: instance.DeletionProtection ?? false, PubliclyAccessible: instance.PubliclyAccessible ?? false,
    EnableIAMDatabaseAuthentication: instance.IAMDatabaseAuthenticationEnabled ?? false,
    EnableCloudwatchLogsExports: instance.EnabledCloudwatchLogsExports ?? [],
    VPCSecurityGroups: (instance.VpcSecurityGroups ?? []).flatMap(({ VpcSecurityGroupId: group }) => group ?? []),
    // A replica has the password of its source, and no backups unless somebody wants them.
    ...((source === undefined || instance.BackupRetentionPeriod) && { BackupRetentionPeriod: instance.BackupRetentionPeriod ?? 0 }),
    ...(source === undefined && { ManageMasterUserPassword: instance.MasterUserSecret !== undefined }),
  };
}

async function parameters(asking: Asking, name: string): Promise<DatabaseSeen> {
  const answer = await asking.all('rds:DescribeDBParameters', { DBParameterGroupName: name, Source: 'user' }, (page) => page.Parameters, ({ Marker }) => Marker ? { Marker } : undefined);
  if (answer.do !== 'seen') return { seen: unread(answer, ['Parameters']), attributes: {} };
  const values = answer.output.flatMap(({ ParameterName, ParameterValue }) => ParameterName && ParameterValue !== undefined ? [[ParameterName, ParameterValue] as const] : []);
  return { seen: { do: 'seen', properties: { Parameters: Object.fromEntries(values) }, judged: ['Parameters'] }, attributes: {} };
}

const unread = (answer: Answer<unknown>, judged: readonly string[]): Seen => answer.do === 'unseen' ? { ...answer, judged } : { do: 'gone' };

const given = (properties: Readonly<Record<string, Value | undefined>>): { readonly [key: string]: Value } =>
  Object.fromEntries(Object.entries(properties).filter((entry): entry is [string, Value] => entry[1] !== undefined));

/** A database of the account that is no resource of the stack, such as production that was there before. */
export function foreignDatabase(instance: DBInstance): Pick<Resource, 'type' | 'properties'> {
  return { type: 'AWS::RDS::DBInstance', properties: propertiesOf(instance) };
}
