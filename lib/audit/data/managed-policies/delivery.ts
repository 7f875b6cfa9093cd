import type { ManagedPolicies } from './allowed';

/** AWS-managed policies of what builds and deploys. */
export const DELIVERY: ManagedPolicies = {
  'AWSCloudFormationFullAccess': [{ actions: { cloudformation: '*' } }],
  'AWSCloudFormationReadOnlyAccess': [{ actions: { cloudformation: 'BatchDescribe* Describe* Detect* EstimateTemplateCost Get* List* ValidateTemplate' } }],
  'AWSCodeBuildAdminAccess': [
    {
      actions: {
        chatbot: 'DescribeSlackChannelConfigurations ListMicrosoftTeamsChannelConfigurations', cloudwatch: 'GetMetricStatistics', codebuild: '*',
        codecommit: 'GetBranch GetCommit GetRepository ListBranches ListRepositories',
        'codestar-connections': 'CreateConnection DeleteConnection GetConnection GetIndividualAccessToken GetInstallationUrl List* PassConnection StartOAuthHandshake '
          + 'UpdateConnectionInstallation UseConnection',
        'codestar-notifications': 'CreateNotificationRule DeleteNotificationRule DescribeNotificationRule List* Subscribe Unsubscribe UpdateNotificationRule',
        ec2: 'Describe*', ecr: 'DescribeRepositories ListImages', elasticfilesystem: 'DescribeFileSystems',
        events: 'DeleteRule DescribeRule DisableRule EnableRule ListRuleNamesByTarget ListTargetsByRule PutRule PutTargets RemoveTargets',
        logs: 'GetLogEvents', s3: 'GetBucketLocation ListAllMyBuckets', sns: 'GetTopicAttributes ListTopics', ssmmessages: 'OpenDataChannel',
      },
    },
    { actions: { logs: 'DeleteLogGroup' }, resources: ['arn:*:logs:*:*:log-group:/aws/codebuild/*:log-stream:*'] },
    { actions: { ssm: 'PutParameter' }, resources: ['arn:*:ssm:*:*:parameter/CodeBuild/*'] },
    { actions: { ssm: 'StartSession' }, resources: ['arn:*:ecs:*:*:task/*/*'] },
    {
      actions: { 'codestar-connections': 'TagResource UntagResource' },
      resources: ['arn:*:codeconnections:*:*:connection/*', 'arn:*:codestar-connections:*:*:connection/*'],
    },
    { actions: { sns: 'CreateTopic SetTopicAttributes' }, resources: ['arn:*:sns:*:*:codestar-notifications*'] },
  ],
  'AWSCodeBuildDeveloperAccess': [
    {
      actions: {
        chatbot: 'DescribeSlackChannelConfigurations ListMicrosoftTeamsChannelConfigurations', cloudwatch: 'GetMetricStatistics',
        codebuild: 'BatchGet* DescribeCodeCoverages DescribeTestCases GetResourcePolicy List* RetryBuild RetryBuildBatch StartBuild StartBuildBatch StopBuild StopBuildBatch',
        codecommit: 'GetBranch GetCommit GetRepository ListBranches', 'codestar-connections': 'GetConnection ListConnections',
        'codestar-notifications': 'CreateNotificationRule DescribeNotificationRule List* Subscribe Unsubscribe UpdateNotificationRule',
        events: 'DescribeRule ListRuleNamesByTarget ListTargetsByRule', logs: 'GetLogEvents', s3: 'GetBucketLocation ListAllMyBuckets',
        sns: 'GetTopicAttributes ListTopics', ssmmessages: 'OpenDataChannel',
      },
    },
    { actions: { ssm: 'PutParameter' }, resources: ['arn:*:ssm:*:*:parameter/CodeBuild/*'] },
    { actions: { ssm: 'StartSession' }, resources: ['arn:*:ecs:*:*:task/*/*'] },
  ],
  'AWSCodePipeline_FullAccess': [
    {
      actions: {
        chatbot: 'DescribeSlackChannelConfigurations ListMicrosoftTeamsChannelConfigurations', cloudformation: 'DescribeStacks ListChangeSets ListStacks',
        cloudtrail: 'DescribeTrails', codebuild: 'BatchGetProjects CreateProject ListCuratedEnvironmentImages ListProjects',
        codecommit: 'GetReferences ListBranches ListRepositories', codedeploy: 'BatchGetDeploymentGroups ListApplications ListDeploymentGroups',
        codepipeline: '*',
        'codestar-notifications': 'CreateNotificationRule DeleteNotificationRule DescribeNotificationRule List* Subscribe Unsubscribe UpdateNotificationRule',
        ec2: 'Describe*', ecr: 'DescribeRepositories ListImages', ecs: 'ListClusters ListServices',
        elasticbeanstalk: 'DescribeApplications DescribeEnvironments', events: 'DescribeRule ListRules ListTargetsByRule', iam: 'GetRole ListRoles',
        lambda: 'ListFunctions', opsworks: 'Describe*', s3: 'ListAllMyBuckets ListBucket', sns: 'ListTopics', states: 'ListStateMachines',
      },
    },
    {
      actions: { s3: 'CreateBucket GetBucketPolicy GetBucketVersioning GetObject GetObjectVersion PutBucketPolicy' },
      resources: ['arn:*:s3::*:codepipeline-*'],
    },
    {
      actions: { cloudtrail: 'CreateTrail GetEventSelectors PutEventSelectors StartLogging' },
      resources: ['arn:*:cloudtrail:*:*:trail/codepipeline-source-trail'],
    },
    { actions: { events: 'DeleteRule DisableRule PutRule PutTargets RemoveTargets' }, resources: ['arn:*:events:*:*:rule/codepipeline-*'] },
    { actions: { sns: 'CreateTopic SetTopicAttributes' }, resources: ['arn:*:sns:*:*:codestar-notifications*'] },
    { actions: { iam: 'PassRole' }, resources: ['arn:*:iam::*:role/service-role/cwe-role-*'], passedTo: ['events.amazonaws.com'] },
    { actions: { iam: 'PassRole' }, passedTo: ['codepipeline.amazonaws.com'] },
  ],
  'service-role/AWSCodeDeployRole': [
    {
      actions: {
        autoscaling: 'AttachLoadBalancerTargetGroups AttachLoadBalancers CompleteLifecycleAction CreateAutoScalingGroup CreateOrUpdateTags DeleteAutoScalingGroup '
          + 'DeleteLifecycleHook Describe* EnableMetricsCollection PutLifecycleHook PutNotificationConfiguration PutScalingPolicy PutScheduledUpdateGroupAction '
          + 'PutWarmPool RecordLifecycleActionHeartbeat ResumeProcesses SuspendProcesses UpdateAutoScalingGroup',
        cloudwatch: 'DescribeAlarms PutMetricAlarm', ec2: 'DescribeInstanceStatus DescribeInstances TerminateInstances',
        elasticloadbalancing: 'DeregisterInstancesFromLoadBalancer DeregisterTargets Describe* RegisterInstancesWithLoadBalancer RegisterTargets',
        sns: 'Publish', tag: 'GetResources',
      },
    },
  ],
  'service-role/AWSCodeDeployRoleForLambdaLimited': [
    { actions: { cloudwatch: 'DescribeAlarms', lambda: 'GetAlias GetProvisionedConcurrencyConfig UpdateAlias', s3: 'GetObject GetObjectVersion' } },
    { actions: { lambda: 'InvokeFunction' }, resources: ['arn:*:lambda:*:*:function:CodeDeployHook_*'] },
  ],
  'AWSCodeDeployRoleForECS': [
    {
      actions: {
        cloudwatch: 'DescribeAlarms', ecs: 'CreateTaskSet DeleteTaskSet DescribeServices UpdateServicePrimaryTaskSet',
        elasticloadbalancing: 'Describe* ModifyListener ModifyRule', lambda: 'InvokeFunction', s3: 'GetObject GetObjectVersion', sns: 'Publish',
      },
    },
    { actions: { iam: 'PassRole' }, passedTo: ['ecs-tasks.amazonaws.com'] },
  ],
  'AWSServiceCatalogAdminFullAccess': [
    {
      actions: {
        cloudformation: 'CreateUploadBucket Describe* GetTemplateSummary List* ValidateTemplate',
        config: 'DescribeConfigurationRecorderStatus DescribeConfigurationRecorders', iam: 'CreateServiceLinkedRole GetGroup GetRole GetUser List*',
        servicecatalog: 'Accept* Associate* Batch* Copy* Create* Delete* Describe* Disable* Disassociate* Enable* Execute* Get* Import* List* Provision* Put* Reject* Scan* '
          + 'Search* SyncResource TagResource Terminate* UntagResource Update*',
        ssm: 'DescribeDocument GetAutomationExecution ListDocumentVersions ListDocuments',
      },
    },
    {
      actions: {
        cloudformation: 'CreateChangeSet CreateStack CreateStackInstances CreateStackSet DeleteChangeSet DeleteStack DeleteStackInstances DeleteStackSet ExecuteChangeSet '
          + 'SetStackPolicy TagResource UntagResource UpdateStack UpdateStackInstances UpdateStackSet',
      },
      resources: [
        'arn:*:cloudformation:*:*:changeSet/SC-*', 'arn:*:cloudformation:*:*:stack/SC-*', 'arn:*:cloudformation:*:*:stack/StackSet-SC-*',
        'arn:*:cloudformation:*:*:stackset/SC-*',
      ],
    },
    { actions: { iam: 'PassRole' }, passedTo: ['servicecatalog.amazonaws.com'] },
  ],
};
