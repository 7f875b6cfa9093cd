import type { ManagedPolicies } from './allowed';

/** AWS-managed policies of Lambda, of what calls it, and of what it calls. */
export const FUNCTIONS: ManagedPolicies = {
  'AWSLambda_FullAccess': [
    {
      actions: {
        cloudformation: 'DescribeStacks ListStackResources', cloudwatch: 'GetMetricData ListMetrics', ec2: 'Describe*',
        iam: 'CreateServiceLinkedRole GetPolicy GetPolicyVersion GetRole GetRolePolicy List*', kms: 'DescribeKey ListAliases', lambda: '*',
        logs: 'DescribeLogGroups DescribeLogStreams', states: 'DescribeStateMachine ListStateMachines', tag: 'GetResources',
        xray: 'BatchGetTraces GetTraceSummaries',
      },
    },
    { actions: { logs: 'FilterLogEvents GetLogEvents StartLiveTail StopLiveTail' }, resources: ['arn:*:logs:*:*:log-group:/aws/lambda/*'] },
    { actions: { iam: 'PassRole' }, passedTo: ['lambda.amazonaws.com'] },
  ],
  'AWSLambda_ReadOnlyAccess': [
    {
      actions: {
        cloudformation: 'DescribeStacks ListStackResources ListStacks', cloudwatch: 'GetMetricData ListMetrics', ec2: 'Describe*',
        iam: 'GetPolicy GetPolicyVersion GetRole GetRolePolicy List*', kms: 'ListAliases', lambda: 'Get* List*', logs: 'Describe*',
        states: 'DescribeStateMachine ListStateMachines', tag: 'GetResources', xray: 'BatchGetTraces GetTraceSummaries',
      },
    },
    {
      actions: {
        logs: 'FilterLogEvents GetLogEvents GetLogGroupFields GetLogRecord GetQueryResults StartLiveTail StartQuery StopLiveTail StopQuery',
      },
      resources: ['arn:*:logs:*:*:log-group:/aws/lambda/*'],
    },
  ],
  'service-role/AWSLambdaRole': [{ actions: { lambda: 'InvokeFunction' } }],
  'service-role/AWSLambdaBasicExecutionRole': [{ actions: { logs: 'CreateLogGroup CreateLogStream PutLogEvents' } }],
  'service-role/AWSLambdaBasicDurableExecutionRolePolicy': [{ actions: { lambda: 'CheckpointDurableExecution GetDurableExecutionState', logs: 'CreateLogGroup CreateLogStream PutLogEvents' } }],
  'service-role/AWSLambdaVPCAccessExecutionRole': [
    {
      actions: {
        ec2: 'AssignPrivateIpAddresses CreateNetworkInterface DeleteNetworkInterface DescribeNetworkInterfaces DescribeSubnets UnassignPrivateIpAddresses',
        logs: 'CreateLogGroup CreateLogStream PutLogEvents',
      },
    },
  ],
  'service-role/AWSLambdaENIManagementAccess': [{ actions: { ec2: 'AssignPrivateIpAddresses CreateNetworkInterface DeleteNetworkInterface DescribeNetworkInterfaces UnassignPrivateIpAddresses' } }],
  'service-role/AWSLambdaSQSQueueExecutionRole': [{ actions: { logs: 'CreateLogGroup CreateLogStream PutLogEvents', sqs: 'DeleteMessage GetQueueAttributes ReceiveMessage' } }],
  'service-role/AWSLambdaKinesisExecutionRole': [
    {
      actions: {
        kinesis: 'DescribeStream DescribeStreamSummary GetRecords GetShardIterator ListShards ListStreams SubscribeToShard',
        logs: 'CreateLogGroup CreateLogStream PutLogEvents',
      },
    },
  ],
  'service-role/AWSLambdaDynamoDBExecutionRole': [{ actions: { dynamodb: 'DescribeStream GetRecords GetShardIterator ListStreams', logs: 'CreateLogGroup CreateLogStream PutLogEvents' } }],
  'service-role/AWSLambdaMSKExecutionRole': [
    {
      actions: {
        ec2: 'CreateNetworkInterface DeleteNetworkInterface Describe*', kafka: 'DescribeCluster DescribeClusterV2 GetBootstrapBrokers',
        logs: 'CreateLogGroup CreateLogStream PutLogEvents',
      },
    },
  ],
  'AWSStepFunctionsFullAccess': [{ actions: { states: '*' } }],
  'AmazonEventBridgeFullAccess': [
    { actions: { events: '*', iam: 'CreateServiceLinkedRole', pipes: '*', scheduler: '*', schemas: '*' } },
    {
      actions: { secretsmanager: 'CreateSecret DeleteSecret GetSecretValue PutSecretValue UpdateSecret' },
      resources: ['arn:*:secretsmanager:*:*:secret:events!*'],
    },
    { actions: { iam: 'PassRole' }, passedTo: ['events.amazonaws.com'] },
    { actions: { iam: 'PassRole' }, passedTo: ['scheduler.amazonaws.com'] },
    { actions: { iam: 'PassRole' }, passedTo: ['pipes.amazonaws.com'] },
  ],
  'service-role/AWSAppSyncPushToCloudWatchLogs': [{ actions: { logs: 'CreateLogGroup CreateLogStream PutLogEvents' } }],
  'service-role/AmazonAPIGatewayPushToCloudWatchLogs': [{ actions: { logs: 'CreateLogGroup CreateLogStream DescribeLogGroups DescribeLogStreams FilterLogEvents GetLogEvents PutLogEvents' } }],
  'AmazonAPIGatewayAdministrator': [{ actions: { apigateway: '*' } }],
  'AmazonAPIGatewayInvokeFullAccess': [{ actions: { 'execute-api': 'Invoke ManageConnections' } }],
};
