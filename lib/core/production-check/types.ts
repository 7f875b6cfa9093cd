/** The production database as the deployment describes it. */
export interface Expected {
  readonly identifier: string;
  /** The ARN of the instance, which names its Region and account. */
  readonly arn: string;
  readonly resourceId: string;
  readonly endpoint: string;
  readonly port: number;
  readonly engineVersion: string;
  /** Days that automated backups must reach back. */
  readonly backupRetentionDays: number;
  /** Whether something logs in to production itself with an IAM token. The replica has a setting of its own. */
  readonly iamAuthentication: 'required' | 'not-required';
  /** Where this deployment's replicas stand: in the agents' network, or in production's own. */
  readonly replicaPlacement: 'agent-network' | 'production-vpc';
  /** Identifiers of the replicas that this deployment makes. */
  readonly ownReplicas: readonly string[];
}

/**
 * The fields of RDS's `DBInstance` that are looked at. All are optional because RDS says so; what is missing counts as wrong.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html
 */
export interface SeenInstance {
  readonly DBInstanceIdentifier?: string;
  readonly DBInstanceStatus?: string;
  readonly DbiResourceId?: string;
  readonly Endpoint?: { readonly Address?: string; readonly Port?: number };
  readonly Engine?: string;
  readonly EngineVersion?: string;
  readonly DBClusterIdentifier?: string;
  readonly ReadReplicaSourceDBInstanceIdentifier?: string;
  readonly ReadReplicaSourceDBClusterIdentifier?: string;
  readonly ReadReplicaDBInstanceIdentifiers?: readonly string[];
  readonly BackupRetentionPeriod?: number;
  readonly AwsBackupRecoveryPointArn?: string;
  readonly LatestRestorableTime?: Date;
  readonly InstanceCreateTime?: Date;
  readonly DeletionProtection?: boolean;
  readonly StorageEncrypted?: boolean;
  readonly PubliclyAccessible?: boolean;
  readonly IAMDatabaseAuthenticationEnabled?: boolean;
  readonly CopyTagsToSnapshot?: boolean;
  readonly MultiAZ?: boolean;
  readonly AutoMinorVersionUpgrade?: boolean;
  readonly CertificateDetails?: { readonly ValidTill?: Date };
  readonly DBSubnetGroup?: { readonly DBSubnetGroupName?: string };
  readonly VpcSecurityGroups?: readonly { readonly VpcSecurityGroupId?: string }[];
  readonly DBParameterGroups?: readonly { readonly DBParameterGroupName?: string }[];
  /** Only the names of its fields are ever shown, apart from the backup retention. */
  readonly PendingModifiedValues?: { readonly BackupRetentionPeriod?: number };
}

/** One thing that is missing, or that could be better. */
export interface Item {
  /** What must be true. */
  readonly what: string;
  /** What was seen instead. */
  readonly saw: string;
  /** What to do: a command for a shell, or the setting to correct. */
  readonly fix: string;
  /** What to know before doing it: downtime, another database, a lost connection. */
  readonly warning?: string;
}

export interface Report {
  readonly verdict: 'pass' | 'fail';
  readonly missing: readonly Item[];
  /** What does not stop a deployment. */
  readonly warnings: readonly Item[];
}

/** The Region and the account of an instance, from its ARN. */
export function homeOf(expected: Expected): { readonly region: string; readonly account: string } {
  const [, , , region = 'unknown', account = 'unknown'] = expected.arn.split(':');
  return { region, account };
}
