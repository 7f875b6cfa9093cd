import type { ManagedPolicies } from './allowed';

/** AWS-managed policies of logs, metrics, traces, and records of configuration and calls. */
export const RECORDS: ManagedPolicies = {
  'CloudWatchFullAccess': [
    {
      actions: {
        autoscaling: 'Describe*', cloudwatch: '*', iam: 'CreateServiceLinkedRole GetPolicy GetPolicyVersion GetRole', logs: '*',
        oam: 'ListAttachedLinks ListSinks', sns: '*',
      },
    },
  ],
  'CloudWatchFullAccessV2': [
    {
      actions: {
        'application-autoscaling': 'DescribeScalingPolicies', 'application-signals': '*', autoscaling: 'DescribeAutoScalingGroups DescribePolicies',
        cloudtrail: 'ListChannels', cloudwatch: '*', iam: 'CreateServiceLinkedRole GetPolicy GetPolicyVersion GetRole', logs: '*',
        oam: 'ListAttachedLinks ListSinks',
        observabilityadmin: 'CreateCentralizationRuleForOrganization CreateS3TableIntegration CreateTelemetryPipeline CreateTelemetryRule CreateTelemetryRuleForOrganization '
          + 'DeleteCentralizationRuleForOrganization DeleteS3TableIntegration DeleteTelemetryPipeline DeleteTelemetryRule DeleteTelemetryRuleForOrganization Get* '
          + 'List* StartTelemetryEnrichment StartTelemetryEvaluation StartTelemetryEvaluationForOrganization StopTelemetryEnrichment StopTelemetryEvaluation '
          + 'StopTelemetryEvaluationForOrganization TagResource TestTelemetryPipeline UntagResource UpdateCentralizationRuleForOrganization UpdateTelemetryPipeline '
          + 'UpdateTelemetryRule UpdateTelemetryRuleForOrganization ValidateTelemetryPipelineConfiguration',
        'resource-explorer-2': 'CreateIndex ListIndexes', rum: '*', servicequotas: 'GetServiceQuota', sns: 'CreateTopic List* Subscribe', synthetics: '*',
        xray: '*',
      },
    },
    { actions: { cloudtrail: 'CreateServiceLinkedChannel GetChannel' }, resources: ['arn:*:cloudtrail:*:*:channel/aws-service-channel/application-signals/*'] },
    {
      actions: { 'resource-explorer-2': 'Search' },
      resources: [
        'arn:*:resource-explorer-2:*::view/AWSServiceViewForApplicationSignals/service-view',
        'arn:*:resource-explorer-2:*::view/AWSServiceViewForApplicationSignalsOrgScopeProd/service-view',
      ],
    },
    { actions: { s3tables: 'CreateTableBucket PutTableBucketEncryption PutTableBucketPolicy' }, resources: ['arn:*:s3tables:*:*:bucket/aws-cloudwatch'] },
    { actions: { iam: 'PassRole' }, passedTo: ['cloudwatch.amazonaws.com', 'logs.amazonaws.com', 'telemetry-pipelines.observabilityadmin.amazonaws.com'] },
  ],
  'CloudWatchLogsFullAccess': [
    {
      actions: {
        cloudwatch: 'GenerateQuery GenerateQueryResultsSummary', logs: '*',
        observabilityadmin: 'GetS3TableIntegration ListS3TableIntegrations ListTelemetryPipelines',
      },
    },
  ],
  'CloudWatchLogsReadOnlyAccess': [
    {
      actions: {
        cloudwatch: 'GenerateQuery GenerateQueryResultsSummary',
        logs: 'Describe* FilterLogEvents Get* List* StartLiveTail StartQuery StopLiveTail StopQuery TestMetricFilter',
        observabilityadmin: 'GetS3TableIntegration ListS3TableIntegrations ListTelemetryPipelines',
      },
    },
  ],
  'CloudWatchAgentServerPolicy': [
    {
      actions: {
        cloudwatch: 'PutMetricData', ec2: 'DescribeTags DescribeVolumes',
        logs: 'CreateLogGroup CreateLogStream DescribeLogGroups DescribeLogStreams PutLogEvents PutRetentionPolicy',
        xray: 'Get* PutTelemetryRecords PutTraceSegments',
      },
    },
    { actions: { ssm: 'GetParameter' }, resources: ['arn:*:ssm:*:*:parameter/AmazonCloudWatch-*'] },
  ],
  'CloudWatchLambdaInsightsExecutionRolePolicy': [
    { actions: { logs: 'CreateLogGroup' } },
    { actions: { logs: 'CreateLogStream PutLogEvents' }, resources: ['arn:*:logs:*:*:log-group:/aws/lambda-insights:*'] },
  ],
  'AWSXRayDaemonWriteAccess': [{ actions: { xray: 'Get* PutTelemetryRecords PutTraceSegments' } }],
  'AWSCloudTrail_FullAccess': [
    {
      actions: {
        cloudtrail: '*', dynamodb: 'ListGlobalTables ListTables', iam: 'GetRolePolicy GetUser ListRoles', kms: 'CreateAlias CreateKey ListAliases ListKeys',
        lambda: 'ListFunctions', s3: 'GetBucketLocation GetBucketPolicy ListAllMyBuckets', sns: 'ListTopics',
      },
    },
    { actions: { sns: 'AddPermission CreateTopic GetTopicAttributes SetTopicAttributes' }, resources: ['arn:*:sns:*:*:aws-cloudtrail-logs*'] },
    { actions: { s3: 'CreateBucket PutBucketPolicy PutBucketPublicAccessBlock' }, resources: ['arn:*:s3:::aws-cloudtrail-logs*'] },
    { actions: { logs: 'CreateLogGroup' }, resources: ['arn:*:logs:*:*:log-group:aws-cloudtrail-logs*'] },
    { actions: { iam: 'PassRole' }, passedTo: ['cloudtrail.amazonaws.com'] },
  ],
  'service-role/AWSConfigRulesExecutionRole': [
    { actions: { config: 'BatchGet* Describe* Get* List* Put* Select*' } },
    { actions: { s3: 'GetObject' }, resources: ['arn:*:s3:::*/AWSLogs/*/Config/*'] },
  ],
};
