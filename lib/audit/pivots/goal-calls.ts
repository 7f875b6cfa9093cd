/**
 * What an agent must never arrive at, by what the call is about. The lists are verbs that AWS has, in its order of writing;
 * `test/audit/pivots/catalogue.test.ts` says that every one exists.
 */
export interface GoalCalls {
  readonly family: GoalFamily;
  readonly actions: readonly string[];
}

export type GoalFamily =
  | 'destroys-data' | 'changes-the-database' | 'copies-data' | 'logs-in' | 'reads-the-password' | 'destroys-backups' | 'destroys-keys'
  | 'alters-the-record' | 'opens-a-way-in';

const calls = (family: GoalFamily, service: string, names: string): GoalCalls =>
  ({ family, actions: names.split(' ').map((name) => `${service}:${name}`) });

/** Asked about a database instance. */
export const INSTANCE_CALLS: readonly GoalCalls[] = [
  calls('destroys-data', 'rds', 'DeleteDBInstance DeleteTenantDatabase'),
  calls(
    'changes-the-database', 'rds',
    'ModifyDBInstance PromoteReadReplica RebootDBInstance StopDBInstance StartDBInstance SwitchoverReadReplica ApplyPendingMaintenanceAction '
    + 'AddRoleToDBInstance RemoveRoleFromDBInstance ModifyTenantDatabase StartActivityStream StopActivityStream CreateBlueGreenDeployment '
    + 'AddTagsToResource RemoveTagsFromResource CreateIntegration CreateTenantDatabase',
  ),
  calls('copies-data', 'rds', 'CreateDBSnapshot CreateDBInstanceReadReplica RestoreDBInstanceToPointInTime'),
  calls('destroys-backups', 'rds', 'StopDBInstanceAutomatedBackupsReplication'),
];

/** Asked about a database cluster. */
export const CLUSTER_CALLS: readonly GoalCalls[] = [
  calls('destroys-data', 'rds', 'DeleteDBCluster BacktrackDBCluster'),
  calls(
    'changes-the-database', 'rds',
    'ModifyDBCluster PromoteReadReplicaDBCluster RebootDBCluster FailoverDBCluster FailoverGlobalCluster SwitchoverGlobalCluster '
    + 'RemoveFromGlobalCluster StopDBCluster StartDBCluster ApplyPendingMaintenanceAction AddRoleToDBCluster RemoveRoleFromDBCluster '
    + 'ModifyCurrentDBClusterCapacity EnableHttpEndpoint StartActivityStream StopActivityStream CreateBlueGreenDeployment AddTagsToResource '
    + 'RemoveTagsFromResource CreateDBInstance CreateIntegration',
  ),
  calls('copies-data', 'rds', 'CreateDBClusterSnapshot RestoreDBClusterToPointInTime StartExportTask'),
  calls('logs-in', 'rds-data', 'ExecuteStatement BatchExecuteStatement ExecuteSql BeginTransaction'),
];

/** Asked about the parameter groups of a database. */
export const PARAMETER_CALLS: readonly GoalCalls[] = [
  calls('changes-the-database', 'rds', 'ModifyDBParameterGroup ResetDBParameterGroup DeleteDBParameterGroup'),
];
export const CLUSTER_PARAMETER_CALLS: readonly GoalCalls[] = [
  calls('changes-the-database', 'rds', 'ModifyDBClusterParameterGroup ResetDBClusterParameterGroup DeleteDBClusterParameterGroup'),
];

/** Asked about resources of the database's service whose names no template tells: the last part of their ARN. */
export const NAMELESS_CALLS: readonly (GoalCalls & { readonly on: string })[] = [
  { ...calls('destroys-backups', 'rds', 'DeleteDBSnapshot'), on: 'snapshot:any' },
  { ...calls('copies-data', 'rds', 'ModifyDBSnapshotAttribute CopyDBSnapshot RestoreDBInstanceFromDBSnapshot StartExportTask'), on: 'snapshot:any' },
  { ...calls('destroys-backups', 'rds', 'DeleteDBInstanceAutomatedBackup'), on: 'auto-backup:any' },
  { ...calls('changes-the-database', 'rds', 'SwitchoverBlueGreenDeployment DeleteBlueGreenDeployment'), on: 'deployment:any' },
];
export const NAMELESS_CLUSTER_CALLS: readonly (GoalCalls & { readonly on: string })[] = [
  { ...calls('destroys-backups', 'rds', 'DeleteDBClusterSnapshot'), on: 'cluster-snapshot:any' },
  { ...calls('copies-data', 'rds', 'ModifyDBClusterSnapshotAttribute CopyDBClusterSnapshot RestoreDBClusterFromSnapshot'), on: 'cluster-snapshot:any' },
  { ...calls('destroys-backups', 'rds', 'DeleteDBClusterAutomatedBackup'), on: 'cluster-auto-backup:any' },
];

/** Asked about a resource of the type; those of the stateful part of the assembly only. */
export const RESOURCE_CALLS: Readonly<Record<string, readonly (GoalCalls & { readonly suffix?: string })[]>> = {
  'AWS::Backup::BackupVault': [
    calls(
      'destroys-backups', 'backup',
      'DeleteBackupVault DeleteBackupVaultLockConfiguration PutBackupVaultLockConfiguration DeleteBackupVaultAccessPolicy PutBackupVaultAccessPolicy '
      + 'DeleteBackupVaultNotifications PutBackupVaultNotifications DisassociateBackupVaultMpaApprovalTeam PutBackupVaultSharingPolicy '
      + 'DeleteBackupVaultSharingPolicy',
    ),
  ],
  'AWS::Backup::LogicallyAirGappedBackupVault': [
    calls(
      'destroys-backups', 'backup',
      'DeleteBackupVault DeleteBackupVaultAccessPolicy PutBackupVaultAccessPolicy DisassociateBackupVaultMpaApprovalTeam PutBackupVaultSharingPolicy',
    ),
  ],
  'AWS::Backup::BackupPlan': [calls('destroys-backups', 'backup', 'DeleteBackupPlan UpdateBackupPlan DeleteBackupSelection')],
  'AWS::KMS::Key': [
    calls('destroys-keys', 'kms', 'ScheduleKeyDeletion DisableKey PutKeyPolicy DeleteImportedKeyMaterial CreateGrant RevokeGrant RetireGrant'),
  ],
  'AWS::Logs::LogGroup': [
    calls(
      'alters-the-record', 'logs',
      'DeleteLogGroup PutRetentionPolicy DeleteSubscriptionFilter PutSubscriptionFilter DeleteMetricFilter PutMetricFilter '
      + 'PutLogGroupDeletionProtection PutDataProtectionPolicy AssociateKmsKey DisassociateKmsKey PutTransformer',
    ),
    { ...calls('alters-the-record', 'logs', 'DeleteLogStream PutLogEvents'), suffix: ':log-stream:any' },
  ],
  'AWS::CloudTrail::Trail': [calls('alters-the-record', 'cloudtrail', 'StopLogging DeleteTrail UpdateTrail PutEventSelectors PutInsightSelectors')],
  'AWS::KinesisFirehose::DeliveryStream': [calls('alters-the-record', 'firehose', 'DeleteDeliveryStream UpdateDestination')],
  'AWS::S3::Bucket': [
    calls(
      'alters-the-record', 's3',
      'DeleteBucket DeleteBucketPolicy PutBucketPolicy PutLifecycleConfiguration PutBucketObjectLockConfiguration PutBucketVersioning '
      + 'PutEncryptionConfiguration PutReplicationConfiguration PutBucketAcl',
    ),
    { ...calls('alters-the-record', 's3', 'DeleteObject DeleteObjectVersion PutObject PutObjectRetention PutObjectLegalHold BypassGovernanceRetention'), suffix: '/any' },
  ],
  'AWS::EC2::SecurityGroup': [
    calls('opens-a-way-in', 'ec2', 'AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress ModifySecurityGroupRules'),
  ],
  'AWS::EC2::RouteTable': [calls('opens-a-way-in', 'ec2', 'CreateRoute ReplaceRoute AssociateRouteTable ReplaceRouteTableAssociation')],
  'AWS::EC2::NetworkAcl': [calls('opens-a-way-in', 'ec2', 'CreateNetworkAclEntry ReplaceNetworkAclEntry')],
  'AWS::EC2::VPC': [
    calls(
      'opens-a-way-in', 'ec2',
      'CreateVpcPeeringConnection AcceptVpcPeeringConnection CreateTransitGatewayVpcAttachment AttachInternetGateway CreateVpcEndpoint '
      + 'AssociateSecurityGroupVpc AttachVpnGateway',
    ),
  ],
};

/** Asked about whatever the caller likes, whenever there is a database to protect. */
export const ANYWHERE_CALLS: readonly (GoalCalls & { readonly on: string })[] = [
  { ...calls('destroys-backups', 'backup', 'DeleteRecoveryPoint DisassociateRecoveryPoint UpdateRecoveryPointLifecycle'), on: 'recovery-point:any' },
  { ...calls('destroys-backups', 'backup', 'CancelLegalHold'), on: 'legal-hold:any' },
  { ...calls('destroys-backups', 'backup', 'UpdateGlobalSettings UpdateRegionSettings StopBackupJob'), on: 'nothing' },
  { ...calls('opens-a-way-in', 'ec2', 'CreateInstanceConnectEndpoint'), on: 'instance-connect-endpoint/any' },
  { ...calls('opens-a-way-in', 'ec2', 'ModifyNetworkInterfaceAttribute CreateNetworkInterface'), on: 'network-interface/any' },
  { ...calls('opens-a-way-in', 'vpc-lattice', 'CreateResourceConfiguration UpdateResourceConfiguration'), on: 'resourceconfiguration/any' },
  { ...calls('opens-a-way-in', 'vpc-lattice', 'CreateResourceGateway UpdateResourceGateway'), on: 'resourcegateway/any' },
  { ...calls('opens-a-way-in', 'rds', 'CreateDBProxy'), on: 'nothing' },
  { ...calls('opens-a-way-in', 'rds', 'RegisterDBProxyTargets'), on: 'target-group:any' },
];

/** Asked about the secret that holds the master user's password. */
export const SECRET_CALLS: readonly GoalCalls[] = [
  calls(
    'reads-the-password', 'secretsmanager',
    'GetSecretValue PutSecretValue UpdateSecret UpdateSecretVersionStage PutResourcePolicy DeleteResourcePolicy RotateSecret '
    + 'ReplicateSecretToRegions DeleteSecret',
  ),
];

/** Asked about the CloudFormation stack in which the database is: who runs these decides what becomes of it. */
export const STACK_CALLS: readonly GoalCalls[] = [
  calls('destroys-data', 'cloudformation', 'DeleteStack UpdateStack ExecuteChangeSet'),
];
