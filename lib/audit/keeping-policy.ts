import type { Resource } from './model';
import { hasUnknown } from './text';

/** The two attributes that decide what becomes of a resource: when it is removed or its stack deleted, and when it is replaced. */
export type KeepingAttribute = 'DeletionPolicy' | 'UpdateReplacePolicy';

export const KEEPING_ATTRIBUTES: readonly KeepingAttribute[] = ['DeletionPolicy', 'UpdateReplacePolicy'];

/** `kept`: it stays, or a snapshot of it does. `lost`: it is deleted. `unknown`: the template does not tell. */
export type Keeping = { readonly do: 'kept' } | { readonly do: 'lost'; readonly because: string } | { readonly do: 'unknown'; readonly because: string };

/**
 * Types of which CloudFormation can keep a snapshot. For every other type it does as if `Snapshot` said `Delete`.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 */
const SNAPSHOTS = [
  'AWS::DocDB::DBCluster', 'AWS::EC2::Volume', 'AWS::ElastiCache::CacheCluster', 'AWS::ElastiCache::ReplicationGroup',
  'AWS::Neptune::DBCluster', 'AWS::RDS::DBCluster', 'AWS::RDS::DBInstance', 'AWS::Redshift::Cluster',
];

/**
 * What an attribute does. One that is not written counts as lost, also where CloudFormation would take a snapshot by itself: that
 * it does depends on other properties, and it never does when a database is replaced.
 */
export function keepingOf(resource: Resource, attribute: KeepingAttribute): Keeping {
  const written = attribute === 'DeletionPolicy' ? resource.deletionPolicy : resource.updateReplacePolicy;
  if (written === undefined) return { do: 'lost', because: `has no ${attribute}` };
  if (hasUnknown(written)) return { do: 'unknown', because: `has a ${attribute} that the template does not tell` };
  if (written === 'Retain') return { do: 'kept' };
  // CloudFormation knows this one for deletion only.
  if (written === 'RetainExceptOnCreate' && attribute === 'DeletionPolicy') return { do: 'kept' };
  if (written === 'Snapshot') return snapshot(resource, attribute);
  return { do: 'lost', because: `has ${attribute} ${written}` };
}

function snapshot({ type, properties }: Resource, attribute: KeepingAttribute): Keeping {
  if (!SNAPSHOTS.includes(type)) return { do: 'lost', because: `has ${attribute} Snapshot, and there is no snapshot of ${type}` };
  // A member of a cluster has no data of its own, and RDS takes no snapshot of it.
  if (type === 'AWS::RDS::DBInstance' && properties.DBClusterIdentifier !== undefined) {
    return { do: 'lost', because: `has ${attribute} Snapshot, and there is no snapshot of a member of a cluster` };
  }
  if (type === 'AWS::RDS::DBInstance' && properties.SourceDBInstanceIdentifier !== undefined) {
    return { do: 'lost', because: `has ${attribute} Snapshot, which is ignored for a replica` };
  }
  return { do: 'kept' };
}
