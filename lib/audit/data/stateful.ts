// Written by scripts/audit-stateful-data.ts from @aws-cdk/aws-service-spec. Change that, not this.

/** What CloudFormation does to a resource of a type when one of its properties changes. */
export interface Replacement {
  /** Whether it keeps what cannot be made again. Other types are here because their identity stands in a property of one that does. */
  readonly stateful: boolean;
  /** A change of these makes a new resource in place of the old one. */
  readonly always: readonly string[];
  /** A change of these may, depending on values or on what is deployed. */
  readonly may: readonly string[];
}

/** By resource type. */
export const REPLACEMENT: { readonly [type: string]: Replacement | undefined } = {
  'AWS::Backup::BackupVault': {
    stateful: true,
    always: ['BackupVaultName', 'EncryptionKeyArn'],
    may: [],
  },
  'AWS::Backup::LogicallyAirGappedBackupVault': {
    stateful: true,
    always: ['BackupVaultName', 'EncryptionKeyArn', 'MaxRetentionDays', 'MinRetentionDays'],
    may: [],
  },
  'AWS::Cognito::UserPool': {
    stateful: true,
    always: [],
    may: [],
  },
  'AWS::DocDB::DBCluster': {
    stateful: true,
    always: ['AvailabilityZones', 'DBClusterIdentifier', 'DBSubnetGroupName', 'EngineVersion', 'KmsKeyId', 'MasterUsername', 'SnapshotIdentifier', 'SourceDBClusterIdentifier', 'StorageEncrypted'],
    may: [],
  },
  'AWS::DocDB::DBInstance': {
    stateful: true,
    always: ['AvailabilityZone', 'DBClusterIdentifier', 'DBInstanceIdentifier'],
    may: [],
  },
  'AWS::DynamoDB::GlobalTable': {
    stateful: true,
    always: ['KeySchema', 'LocalSecondaryIndexes', 'TableName'],
    may: [],
  },
  'AWS::DynamoDB::Table': {
    stateful: true,
    always: ['ImportSourceSpecification', 'KeySchema', 'TableName'],
    may: [],
  },
  'AWS::EC2::Volume': {
    stateful: true,
    always: [],
    may: [],
  },
  'AWS::EFS::FileSystem': {
    stateful: true,
    always: ['AvailabilityZoneName', 'Encrypted', 'KmsKeyId', 'PerformanceMode'],
    may: [],
  },
  'AWS::EMR::Cluster': {
    stateful: true,
    always: ['AdditionalInfo', 'Applications', 'AutoScalingRole', 'BootstrapActions', 'Configurations', 'CustomAmiId', 'EbsRootVolumeIops', 'EbsRootVolumeSize', 'EbsRootVolumeThroughput', 'JobFlowRole', 'KerberosAttributes', 'LogEncryptionKmsKeyId', 'LogUri', 'Name', 'OSReleaseLabel', 'PlacementGroupConfigs', 'ReleaseLabel', 'ScaleDownBehavior', 'SecurityConfiguration', 'ServiceRole', 'Steps'],
    may: ['Instances'],
  },
  'AWS::ElastiCache::CacheCluster': {
    stateful: true,
    always: ['CacheSubnetGroupName', 'ClusterName', 'Engine', 'NetworkType', 'Port', 'SnapshotArns', 'SnapshotName'],
    may: ['AZMode', 'NumCacheNodes', 'PreferredAvailabilityZone', 'PreferredAvailabilityZones'],
  },
  'AWS::ElastiCache::ReplicationGroup': {
    stateful: true,
    always: ['AtRestEncryptionEnabled', 'CacheSubnetGroupName', 'DataTieringEnabled', 'Engine', 'GlobalReplicationGroupId', 'KmsKeyId', 'NetworkType', 'Port', 'PreferredCacheClusterAZs', 'ReplicasPerNodeGroup', 'ReplicationGroupId', 'SnapshotArns', 'SnapshotName'],
    may: ['AuthToken', 'NodeGroupConfiguration', 'NumNodeGroups'],
  },
  'AWS::Elasticsearch::Domain': {
    stateful: true,
    always: ['DomainName'],
    may: ['AdvancedSecurityOptions', 'ElasticsearchVersion', 'EncryptionAtRestOptions', 'NodeToNodeEncryptionOptions'],
  },
  'AWS::FSx::FileSystem': {
    stateful: true,
    always: ['BackupId', 'FileSystemType', 'FileSystemTypeVersion', 'KmsKeyId', 'SecurityGroupIds', 'SubnetIds'],
    may: [],
  },
  'AWS::KMS::Key': {
    stateful: true,
    always: [],
    may: [],
  },
  'AWS::Kinesis::Stream': {
    stateful: true,
    always: ['Name'],
    may: [],
  },
  'AWS::Lambda::Function': {
    stateful: false,
    always: ['FunctionName', 'PackageType', 'TenancyConfig'],
    may: [],
  },
  'AWS::Logs::LogGroup': {
    stateful: true,
    always: ['LogGroupName'],
    may: [],
  },
  'AWS::Neptune::DBCluster': {
    stateful: true,
    always: ['AvailabilityZones', 'DBClusterIdentifier', 'DBSubnetGroupName', 'GlobalClusterIdentifier', 'KmsKeyId', 'RestoreToTime', 'RestoreType', 'SnapshotIdentifier', 'SourceDBClusterIdentifier', 'StorageEncrypted', 'UseLatestRestorableTime'],
    may: [],
  },
  'AWS::Neptune::DBInstance': {
    stateful: true,
    always: ['AvailabilityZone', 'DBClusterIdentifier', 'DBInstanceIdentifier', 'DBSnapshotIdentifier', 'DBSubnetGroupName'],
    may: [],
  },
  'AWS::OpenSearchService::Domain': {
    stateful: true,
    always: ['DomainName', 'EngineMode'],
    may: [],
  },
  'AWS::Organizations::Account': {
    stateful: true,
    always: [],
    may: [],
  },
  'AWS::QLDB::Ledger': {
    stateful: true,
    always: ['Name'],
    may: [],
  },
  'AWS::RDS::ClusterSnapshot': {
    stateful: true,
    always: ['DBClusterIdentifier', 'DBClusterSnapshotIdentifier'],
    may: [],
  },
  'AWS::RDS::DBCluster': {
    stateful: true,
    always: ['AvailabilityZones', 'ClusterScalabilityType', 'DBClusterIdentifier', 'DBSubnetGroupName', 'DBSystemId', 'DatabaseName', 'EngineMode', 'KmsKeyId', 'PubliclyAccessible', 'RestoreToTime', 'RestoreType', 'SnapshotIdentifier', 'SourceDBClusterIdentifier', 'SourceDbClusterResourceId', 'SourceRegion', 'StorageEncrypted', 'UseLatestRestorableTime'],
    may: ['Engine', 'GlobalClusterIdentifier', 'MasterUsername'],
  },
  'AWS::RDS::DBInstance': {
    stateful: true,
    always: ['BackupTarget', 'CharacterSetName', 'CustomIAMInstanceProfile', 'DBClusterIdentifier', 'DBInstanceIdentifier', 'DBName', 'DBSubnetGroupName', 'DBSystemId', 'KmsKeyId', 'MasterUsername', 'NcharCharacterSetName', 'Port', 'SourceRegion', 'StorageEncrypted', 'Timezone'],
    may: ['AutoMinorVersionUpgrade', 'AvailabilityZone', 'BackupRetentionPeriod', 'DBClusterSnapshotIdentifier', 'DBParameterGroupName', 'DBSnapshotIdentifier', 'Engine', 'MultiAZ', 'PerformanceInsightsKMSKeyId', 'PreferredMaintenanceWindow', 'RestoreTime', 'SourceDBClusterIdentifier', 'SourceDBInstanceAutomatedBackupsArn', 'SourceDBInstanceIdentifier', 'SourceDbiResourceId', 'StorageType', 'UseLatestRestorableTime'],
  },
  'AWS::RDS::DBParameterGroup': {
    stateful: false,
    always: ['DBParameterGroupName', 'Description', 'Family'],
    may: [],
  },
  'AWS::RDS::DBSnapshot': {
    stateful: true,
    always: ['DBInstanceIdentifier', 'DBSnapshotIdentifier'],
    may: [],
  },
  'AWS::RDS::DBSubnetGroup': {
    stateful: false,
    always: ['DBSubnetGroupName'],
    may: [],
  },
  'AWS::RDS::GlobalCluster': {
    stateful: false,
    always: ['Engine', 'GlobalClusterIdentifier', 'SourceDBClusterIdentifier', 'StorageEncrypted'],
    may: [],
  },
  'AWS::Redshift::Cluster': {
    stateful: true,
    always: ['ClusterIdentifier', 'ClusterSubnetGroupName', 'DBName', 'MasterUsername', 'OwnerAccount', 'SnapshotClusterIdentifier', 'SnapshotIdentifier'],
    may: [],
  },
  'AWS::Redshift::ClusterSubnetGroup': {
    stateful: false,
    always: [],
    may: [],
  },
  'AWS::S3::Bucket': {
    stateful: true,
    always: ['BucketName', 'BucketNamePrefix', 'BucketNamespace', 'ObjectLockEnabled'],
    may: [],
  },
  'AWS::SDB::Domain': {
    stateful: true,
    always: [],
    may: [],
  },
  'AWS::SQS::Queue': {
    stateful: true,
    always: ['FifoQueue', 'QueueName'],
    may: [],
  },
  'AWS::SecretsManager::Secret': {
    stateful: true,
    always: ['Name'],
    may: [],
  },
};
