/** How a type of resource is read through the Cloud Control API, and what of it the rules depend on. */
export interface ReadableType {
  /** Under another type, where the template's own cannot be read, with the property that is its identifier. */
  readonly as?: { readonly type: string; readonly identifier: string; readonly properties: Readonly<Record<string, string>> };
  /** Properties that are its identifier, in order. @default - what CloudFormation calls the resource */
  readonly identifier?: readonly string[];
  /** It is known by its ARN, and CloudFormation calls it by its name. */
  readonly byArn?: true;
  /** Properties that are read as they are: one that is not returned is not set any more. Others keep what the template says then. */
  readonly judged: readonly string[];
  /** What the caller must be allowed. */
  readonly actions: readonly string[];
}

/**
 * Types that the kit deploys. The Cloud Control API returns each with the properties that a template has, through one client, where the
 * services themselves would need nine clients and a translation each. Identifiers and actions are those of the types' schemas.
 * @see https://docs.aws.amazon.com/cloudcontrolapi/latest/userguide/supported-resources.html
 */
export const READABLE: Readonly<Record<string, ReadableType>> = {
  'AWS::Backup::BackupVault': {
    judged: ['LockConfiguration', 'AccessPolicy', 'EncryptionKeyArn'], actions: ['backup:DescribeBackupVault', 'backup:GetBackupVaultAccessPolicy', 'backup:GetBackupVaultNotifications', 'backup:ListTags'],
  },
  'AWS::Backup::LogicallyAirGappedBackupVault': {
    judged: ['MinRetentionDays', 'MaxRetentionDays', 'AccessPolicy'], actions: ['backup:DescribeBackupVault', 'backup:GetBackupVaultAccessPolicy', 'backup:GetBackupVaultNotifications', 'backup:ListTags'],
  },
  'AWS::Backup::BackupPlan': { judged: ['BackupPlan'], actions: ['backup:GetBackupPlan', 'backup:ListTags'] },
  'AWS::Backup::BackupSelection': { judged: ['BackupSelection', 'BackupPlanId'], actions: ['backup:GetBackupSelection'] },
  'AWS::KMS::Key': { judged: ['KeyPolicy', 'Enabled', 'EnableKeyRotation'], actions: ['kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:GetKeyRotationStatus', 'kms:ListResourceTags'] },
  'AWS::S3::Bucket': {
    judged: ['ObjectLockEnabled', 'ObjectLockConfiguration', 'VersioningConfiguration', 'BucketEncryption', 'PublicAccessBlockConfiguration', 'LifecycleConfiguration'],
    actions: [
      's3:GetAccelerateConfiguration', 's3:GetAnalyticsConfiguration', 's3:GetBucketCORS', 's3:GetBucketLogging', 's3:GetBucketNotification', 's3:GetBucketObjectLockConfiguration',
      's3:GetBucketOwnershipControls', 's3:GetBucketPublicAccessBlock', 's3:GetBucketTagging', 's3:GetBucketVersioning', 's3:GetBucketWebsite', 's3:GetEncryptionConfiguration',
      's3:GetIntelligentTieringConfiguration', 's3:GetInventoryConfiguration', 's3:GetLifecycleConfiguration', 's3:GetMetricsConfiguration', 's3:GetReplicationConfiguration', 's3:ListBucket',
    ],
  },
  'AWS::S3::BucketPolicy': { judged: ['PolicyDocument', 'Bucket'], identifier: ['Bucket'], actions: ['s3:GetBucketPolicy'] },
  'AWS::SNS::Topic': { judged: ['KmsMasterKeyId'], actions: ['sns:GetTopicAttributes', 'sns:ListSubscriptionsByTopic', 'sns:ListTagsForResource', 'sns:GetDataProtectionPolicy'] },
  'AWS::SNS::TopicPolicy': {
    as: { type: 'AWS::SNS::TopicInlinePolicy', identifier: 'Topics', properties: { PolicyDocument: 'PolicyDocument' } }, judged: ['PolicyDocument'], actions: ['sns:GetTopicAttributes'],
  },
  'AWS::SQS::Queue': { judged: ['KmsMasterKeyId'], actions: ['sqs:GetQueueAttributes', 'sqs:ListQueueTags'] },
  'AWS::SQS::QueuePolicy': {
    as: { type: 'AWS::SQS::QueueInlinePolicy', identifier: 'Queues', properties: { PolicyDocument: 'PolicyDocument' } }, judged: ['PolicyDocument'], actions: ['sqs:GetQueueAttributes'],
  },
  'AWS::Logs::LogGroup': {
    judged: ['RetentionInDays', 'KmsKeyId', 'DeletionProtectionEnabled'],
    actions: ['logs:DescribeLogGroups', 'logs:ListTagsForResource', 'logs:GetDataProtectionPolicy', 'logs:DescribeIndexPolicies', 'logs:DescribeResourcePolicies'],
  },
  'AWS::Logs::SubscriptionFilter': {
    judged: ['DestinationArn', 'FilterPattern', 'LogGroupName', 'RoleArn'], identifier: ['FilterName', 'LogGroupName'], actions: ['logs:DescribeSubscriptionFilters'],
  },
  'AWS::Logs::MetricFilter': { judged: ['FilterPattern', 'LogGroupName', 'MetricTransformations'], identifier: ['LogGroupName', 'FilterName'], actions: ['logs:DescribeMetricFilters'] },
  'AWS::CloudWatch::Alarm': {
    judged: ['ActionsEnabled', 'AlarmActions', 'ComparisonOperator', 'DatapointsToAlarm', 'Dimensions', 'EvaluationPeriods', 'MetricName', 'Namespace', 'Period', 'Statistic', 'Threshold', 'TreatMissingData'],
    actions: ['cloudwatch:DescribeAlarms', 'cloudwatch:ListTagsForResource'],
  },
  'AWS::KinesisFirehose::DeliveryStream': { judged: [], actions: ['firehose:DescribeDeliveryStream', 'firehose:ListTagsForDeliveryStream'] },
  'AWS::Lambda::Function': {
    judged: ['Role', 'Handler', 'Runtime', 'VpcConfig'], actions: ['lambda:GetFunction', 'lambda:GetFunctionCodeSigningConfig', 'lambda:GetFunctionRecursionConfig', 'lambda:GetRuntimeManagementConfig'],
  },
  'AWS::Lambda::Permission': { judged: ['Action', 'Principal', 'SourceArn', 'SourceAccount'], identifier: ['FunctionName', 'Id'], actions: ['lambda:GetPolicy'] },
  'AWS::Events::Rule': { judged: ['EventPattern', 'State', 'Targets', 'ScheduleExpression'], byArn: true, actions: ['events:DescribeRule', 'events:ListTargetsByRule', 'events:ListTagsForResource'] },
  'AWS::SSM::Document': { judged: ['Content', 'DocumentType'], actions: ['ssm:GetDocument', 'ssm:ListTagsForResource'] },
  'AWS::SecretsManager::ResourcePolicy': { judged: ['ResourcePolicy'], actions: ['secretsmanager:GetResourcePolicy'] },
  'AWS::RDS::DBCluster': {
    judged: ['BackupRetentionPeriod', 'DeletionProtection', 'EnableCloudwatchLogsExports', 'EnableIAMDatabaseAuthentication', 'StorageEncrypted', 'VpcSecurityGroupIds'], actions: ['rds:DescribeDBClusters'],
  },
  'AWS::RDS::DBSubnetGroup': { judged: ['SubnetIds'], actions: ['rds:DescribeDBSubnetGroups', 'rds:ListTagsForResource'] },
};

/** Read by other means: `account-identities.ts`, `account-network.ts`, `account-databases.ts`. */
export const READ_ELSEWHERE = /^AWS::(IAM::|RDS::(DBInstance|DBParameterGroup)$|EC2::)/;

/**
 * Never read: what their reading returns may be a secret. The Cloud Control API itself may get a secret's value in order to describe
 * the secret, and a parameter's resource is its value.
 */
export const NEVER_READ: readonly string[] = ['AWS::SecretsManager::Secret', 'AWS::SSM::Parameter', 'AWS::IAM::AccessKey', 'AWS::RDS::DBSnapshot'];

/** Nothing behind these that could have changed, or nothing that a rule looks at. */
export const NOTHING_TO_READ = /^(Custom::|AWS::CDK::|AWS::CloudFormation::|AWS::Logs::LogStream$)/;
