import type { ManagedPolicies } from './allowed';

/** AWS-managed policies of databases, and of the secrets and keys that open them. */
export const DATABASES: ManagedPolicies = {
  'AmazonRDSFullAccess': [
    {
      actions: {
        'application-autoscaling': 'DeleteScalingPolicy DeregisterScalableTarget Describe* PutScalingPolicy RegisterScalableTarget',
        cloudwatch: 'DeleteAlarms DescribeAlarms GetMetricData GetMetricStatistics ListMetrics PutMetricAlarm',
        'devops-guru': 'GetResourceCollection ListAnomaliesForInsight SearchInsights', ec2: 'Describe* GetCoipPoolUsage', iam: 'CreateServiceLinkedRole',
        logs: 'DescribeLogStreams GetLogEvents', outposts: 'GetOutpostInstanceTypes', rds: '*', sns: 'ListSubscriptions ListTopics Publish',
      },
    },
    { actions: { pi: '*' }, resources: ['arn:*:pi:*:*:metrics/rds/*', 'arn:*:pi:*:*:perf-reports/rds/*'] },
  ],
  'AmazonRDSReadOnlyAccess': [
    {
      actions: {
        cloudwatch: 'GetMetricData GetMetricStatistics ListMetrics', 'devops-guru': 'GetResourceCollection ListAnomaliesForInsight SearchInsights',
        ec2: 'Describe*', logs: 'DescribeLogStreams GetLogEvents', rds: 'Describe* ListTagsForResource',
      },
    },
  ],
  'AmazonRDSDataFullAccess': [
    {
      actions: {
        dbqms: 'CreateFavoriteQuery CreateQueryHistory DeleteFavoriteQueries DeleteQueryHistory DescribeFavoriteQueries DescribeQueryHistory GetQueryString '
          + 'UpdateFavoriteQuery UpdateQueryHistory',
        'rds-data': 'BatchExecuteStatement BeginTransaction CommitTransaction ExecuteSql ExecuteStatement RollbackTransaction',
        secretsmanager: 'CreateSecret DescribeSecret GetRandomPassword ListSecrets', tag: 'GetResources',
      },
    },
    {
      actions: { secretsmanager: 'DeleteSecret GetSecretValue PutResourcePolicy PutSecretValue TagResource' },
      resources: ['arn:*:secretsmanager:*:*:secret:rds-db-credentials/*'],
    },
  ],
  'AmazonRDSPerformanceInsightsFullAccess': [
    {
      actions: {
        cloudwatch: 'GetMetricData GetMetricStatistics ListMetrics', pi: 'DescribeDimensionKeys List*', rds: 'Describe* ListTagsForResource',
      },
    },
    { actions: { pi: 'GetDimensionKeyDetails GetResourceMetadata GetResourceMetrics' }, resources: ['arn:*:pi:*:*:metrics/rds/*'] },
    {
      actions: { pi: 'CreatePerformanceAnalysisReport DeletePerformanceAnalysisReport GetPerformanceAnalysisReport' },
      resources: ['arn:*:pi:*:*:perf-reports/rds/*/*'],
    },
    { actions: { pi: 'TagResource UntagResource' }, resources: ['arn:*:pi:*:*:*/rds/*'] },
  ],
  'AmazonRDSPerformanceInsightsReadOnly': [
    { actions: { pi: 'DescribeDimensionKeys List*', rds: 'Describe* ListTagsForResource' } },
    { actions: { pi: 'GetDimensionKeyDetails GetResourceMetadata GetResourceMetrics' }, resources: ['arn:*:pi:*:*:metrics/rds/*'] },
    { actions: { pi: 'GetPerformanceAnalysisReport' }, resources: ['arn:*:pi:*:*:perf-reports/rds/*/*'] },
  ],
  'service-role/AmazonRDSEnhancedMonitoringRole': [
    { actions: { logs: 'DescribeLogStreams' } },
    { actions: { logs: 'CreateLogGroup PutRetentionPolicy' }, resources: ['arn:*:logs:*:*:log-group:RDS*'] },
    { actions: { logs: 'CreateLogStream GetLogEvents PutLogEvents' }, resources: ['arn:*:logs:*:*:log-group:RDS*:log-stream:*'] },
  ],
  'service-role/AmazonRDSDirectoryServiceAccess': [{ actions: { ds: 'AuthorizeApplication DescribeDirectories GetAuthorizedApplicationDetails UnauthorizeApplication' } }],
  'service-role/AmazonDMSCloudWatchLogsRole': [
    { actions: { logs: 'DescribeLogGroups DescribeLogStreams' } },
    {
      actions: { logs: 'CreateLogGroup' },
      resources: ['arn:*:logs:*:*:log-group:dms-serverless-replication-*:log-stream:', 'arn:*:logs:*:*:log-group:dms-tasks-*'],
    },
    {
      actions: { logs: 'CreateLogStream PutLogEvents' },
      resources: [
        'arn:*:logs:*:*:log-group:dms-serverless-replication-*:log-stream:dms-serverless-*', 'arn:*:logs:*:*:log-group:dms-tasks-*:log-stream:dms-task-*',
      ],
    },
  ],
  'SecretsManagerReadWrite': [
    {
      actions: {
        cloudformation: 'CreateChangeSet Describe* ExecuteChangeSet TagResource UntagResource', 'docdb-elastic': 'GetCluster ListClusters', ec2: 'Describe*',
        kms: 'DescribeKey ListAliases ListKeys', lambda: 'ListFunctions', rds: 'DescribeDBClusters DescribeDBInstances',
        'redshift-serverless': 'GetNamespace ListWorkgroups', redshift: 'DescribeClusters', secretsmanager: '*', tag: 'GetResources',
      },
    },
    {
      actions: { lambda: 'AddPermission CreateFunction GetFunction InvokeFunction UpdateFunctionConfiguration' },
      resources: ['arn:*:lambda:*:*:function:SecretsManager*'],
    },
    { actions: { serverlessrepo: 'CreateCloudFormationChangeSet GetApplication' }, resources: ['arn:*:serverlessrepo:*:*:applications/SecretsManager*'] },
    { actions: { s3: 'GetObject' }, resources: ['arn:*:s3:::awsserverlessrepo-changesets*', 'arn:*:s3:::secrets-manager-rotation-apps-*/*'] },
  ],
  'AWSSecretsManagerClientReadOnlyAccess': [{ actions: { kms: 'Decrypt', secretsmanager: 'BatchGetSecretValue DescribeSecret GetSecretValue ListSecrets' } }],
  'AWSKeyManagementServicePowerUser': [{ actions: { iam: 'List*', kms: 'CreateAlias CreateKey DeleteAlias Describe* GenerateRandom Get* List* TagResource UntagResource' } }],
  'AmazonDynamoDBFullAccess': [
    {
      actions: {
        'application-autoscaling': 'DeleteScalingPolicy DeregisterScalableTarget Describe* PutScalingPolicy RegisterScalableTarget',
        cloudwatch: 'DeleteAlarms Describe* GetMetricData GetMetricStatistics ListMetrics PutMetricAlarm',
        datapipeline: 'ActivatePipeline CreatePipeline DeletePipeline DescribeObjects DescribePipelines GetPipelineDefinition ListPipelines PutPipelineDefinition QueryObjects',
        dax: '*', dynamodb: '*', ec2: 'Describe*', iam: 'CreateServiceLinkedRole GetRole ListRoles',
        kinesis: 'DescribeStream DescribeStreamSummary ListStreams', kms: 'DescribeKey ListAliases',
        lambda: 'CreateEventSourceMapping CreateFunction DeleteEventSourceMapping DeleteFunction GetFunctionConfiguration ListEventSourceMappings ListFunctions',
        'resource-groups': 'CreateGroup DeleteGroup GetGroup GetGroupQuery ListGroupResources ListGroups',
        sns: 'CreateTopic DeleteTopic List* SetTopicAttributes Subscribe Unsubscribe', tag: 'GetResources',
      },
    },
    { actions: { cloudwatch: 'GetInsightRuleReport' }, resources: ['arn:*:cloudwatch:*:*:insight-rule/DynamoDBContributorInsights*'] },
    { actions: { iam: 'PassRole' }, passedTo: ['application-autoscaling.amazonaws.com', 'application-autoscaling.amazonaws.com.cn', 'dax.amazonaws.com'] },
  ],
  'AmazonElastiCacheFullAccess': [
    {
      actions: {
        'application-autoscaling': 'Describe*', cloudwatch: 'GetMetricData GetMetricStatistics', ec2: 'CreateVpcEndpoint Describe*', elasticache: '*',
        firehose: 'ListDeliveryStreams', iam: 'CreateServiceLinkedRole', kms: 'DescribeKey ListAliases ListKeys', logs: 'DescribeLogGroups',
        outposts: 'ListOutposts', s3: 'ListAllMyBuckets', sns: 'ListTopics',
      },
    },
    { actions: { ec2: 'CreateTags' }, resources: ['arn:*:ec2:*:*:vpc-endpoint/*'] },
  ],
  'AmazonRedshiftFullAccess': [
    {
      actions: {
        cloudwatch: 'Describe* DisableAlarmActions EnableAlarmActions Get* List* PutMetricAlarm', ec2: 'Describe*', iam: 'CreateServiceLinkedRole',
        'redshift-data': 'CancelStatement DescribeStatement DescribeTable ExecuteStatement GetStatementResult List*', 'redshift-serverless': '*',
        redshift: '*', secretsmanager: 'CreateSecret GetSecretValue ListSecrets TagResource', sns: 'CreateTopic Get* List*',
        tag: 'Get* TagResources UntagResources',
      },
    },
  ],
};
