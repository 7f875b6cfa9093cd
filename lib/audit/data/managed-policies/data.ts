import type { ManagedPolicies } from './allowed';

/** AWS-managed policies of what is stored, streamed, queued and analysed outside databases. */
export const DATA: ManagedPolicies = {
  'AmazonS3FullAccess': [{ actions: { 's3-object-lambda': '*', s3: '*' } }],
  'AmazonS3ReadOnlyAccess': [{ actions: { 's3-object-lambda': 'Get* List*', s3: 'Describe* Get* List*' } }],
  'AmazonOpenSearchServiceFullAccess': [{ actions: { es: '*' } }],
  'AmazonKinesisFirehoseFullAccess': [{ actions: { firehose: '*' } }],
  'AmazonSNSFullAccess': [
    {
      actions: {
        'sms-voice': 'CreateVerifiedDestinationNumber DeleteOptedOutNumber DeleteVerifiedDestinationNumber Describe* SendDestinationNumberVerificationCode SendTextMessage '
          + 'SetTextMessageSpendLimitOverride VerifyDestinationNumber',
        sns: '*',
      },
    },
  ],
  'AmazonSQSFullAccess': [{ actions: { sqs: '*' } }],
  'AmazonAthenaFullAccess': [
    {
      actions: {
        athena: '*', cloudwatch: 'DeleteAlarms DescribeAlarms GetMetricData PutMetricAlarm', datazone: 'List*',
        glue: 'BatchCreatePartition BatchDeletePartition BatchDeleteTable BatchGetPartition CreateDatabase CreatePartition CreateTable DeleteDatabase DeletePartition '
          + 'DeleteTable GetCatalog GetCatalogImportStatus GetCatalogs GetColumnStatisticsTaskRun GetColumnStatisticsTaskRuns GetDatabase GetDatabases GetPartition '
          + 'GetPartitions GetTable GetTables StartColumnStatisticsTaskRun UpdateDatabase UpdatePartition UpdateTable',
        lakeformation: 'GetDataAccess', pricing: 'GetProducts', s3: 'GetBucketLocation List*', sns: 'GetTopicAttributes ListTopics',
      },
    },
    {
      actions: { s3: 'AbortMultipartUpload CreateBucket GetObject PutBucketPublicAccessBlock PutObject' },
      resources: ['arn:*:s3:::aws-athena-query-results-*'],
    },
    { actions: { s3: 'GetObject' }, resources: ['arn:*:s3:::athena-examples*'] },
  ],
  'AWSGlueConsoleFullAccess': [
    {
      actions: {
        cloudformation: 'DescribeStacks GetTemplateSummary ListStacks', cloudwatch: 'GetMetricData ListDashboards',
        databrew: 'DescribeRecipe ListRecipeVersions ListRecipes', dynamodb: 'ListTables', ec2: 'Describe* RunInstances TerminateInstances', glue: '*',
        iam: 'GetRole GetRolePolicy List*', kms: 'DescribeKey ListAliases', rds: 'Describe*', redshift: 'DescribeClusterSubnetGroups DescribeClusters',
        s3: 'GetBucketAcl GetBucketLocation ListAllMyBuckets ListBucket', tag: 'GetResources',
      },
    },
    { actions: { s3: 'GetObject PutObject' }, resources: ['arn:*:s3:::*/*aws-glue-*/*', 'arn:*:s3:::aws-glue-*', 'arn:*:s3:::aws-glue-*/*'] },
    { actions: { s3: 'CreateBucket' }, resources: ['arn:*:s3:::aws-glue-*'] },
    { actions: { logs: 'GetLogEvents' }, resources: ['arn:*:logs:*:*:/aws-glue/*'] },
    { actions: { cloudformation: 'CreateStack DeleteStack' }, resources: ['arn:*:cloudformation:*:*:stack/aws-glue*/*'] },
    { actions: { ec2: 'CreateTags DeleteTags' }, resources: ['arn:*:ec2:*:*:instance/*'] },
    { actions: { iam: 'PassRole' }, resources: ['arn:*:iam::*:role/AWSGlueServiceRole*'], passedTo: ['glue.amazonaws.com'] },
    { actions: { iam: 'PassRole' }, resources: ['arn:*:iam::*:role/AWSGlueServiceNotebookRole*'], passedTo: ['ec2.amazonaws.com'] },
    { actions: { iam: 'PassRole' }, resources: ['arn:*:iam::*:role/service-role/AWSGlueServiceRole*'], passedTo: ['glue.amazonaws.com'] },
  ],
  'service-role/AWSGlueServiceRole': [
    {
      actions: {
        cloudwatch: 'PutMetricData', ec2: 'CreateNetworkInterface DeleteNetworkInterface Describe*', glue: '*', iam: 'GetRole GetRolePolicy ListRolePolicies',
        s3: 'GetBucketAcl GetBucketLocation ListAllMyBuckets ListBucket',
      },
    },
    { actions: { s3: 'CreateBucket' }, resources: ['arn:*:s3:::aws-glue-*'] },
    { actions: { s3: 'DeleteObject GetObject PutObject' }, resources: ['arn:*:s3:::*/*aws-glue-*/*', 'arn:*:s3:::aws-glue-*/*'] },
    { actions: { s3: 'GetObject' }, resources: ['arn:*:s3:::aws-glue-*', 'arn:*:s3:::crawler-public*'] },
    { actions: { logs: 'CreateLogGroup CreateLogStream PutLogEvents' }, resources: ['arn:*:logs:*:*:*:/aws-glue/*'] },
    {
      actions: { ec2: 'CreateTags DeleteTags' },
      resources: ['arn:*:ec2:*:*:instance/*', 'arn:*:ec2:*:*:network-interface/*', 'arn:*:ec2:*:*:security-group/*'],
    },
  ],
  'AmazonBedrockFullAccess': [
    {
      actions: {
        'aws-marketplace': 'Subscribe Unsubscribe ViewSubscriptions', 'bedrock-mantle': '*', 'bedrock-websearch': 'InvokeFetch InvokeSearch', bedrock: '*',
        ec2: 'Describe*', iam: 'ListRoles', kms: 'DescribeKey',
        sagemaker: 'CreateEndpoint CreateEndpointConfig CreateModel DeleteEndpoint Describe* InvokeEndpoint InvokeEndpointWithResponseStream List* UpdateEndpoint',
      },
    },
    {
      actions: { sagemaker: 'AddTags DeleteTags' },
      resources: ['arn:*:sagemaker:*:*:endpoint-config/*', 'arn:*:sagemaker:*:*:endpoint/*', 'arn:*:sagemaker:*:*:model/*'],
    },
    { actions: { iam: 'PassRole' }, resources: ['arn:*:iam::*:role/*SageMaker*ForBedrock*'], passedTo: ['sagemaker.amazonaws.com', 'bedrock.amazonaws.com'] },
    { actions: { iam: 'PassRole' }, resources: ['arn:*:iam::*:role/*AmazonBedrock*'], passedTo: ['bedrock.amazonaws.com'] },
  ],
};
