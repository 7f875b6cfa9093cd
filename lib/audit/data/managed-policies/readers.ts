import type { ManagedPolicies } from './allowed';

/** AWS-managed policies for whoever reads and changes nothing, in all services. */
export const READERS: ManagedPolicies = {
  'ReadOnlyAccess': [
    { reading: true },
    {
      actions: {
        acm: 'GetAcmeExternalAccountBindingCredentials', athena: 'GetSessionEndpoint', backup: 'ListIndexedRecoveryPointsForSearch',
        billing: 'GetResourcePolicy', cloudwatch: 'GetSpaceCredentials GetSpaceCredentialsForOrganization', 'cognito-identity': 'GetCredentialsForIdentity',
        'cognito-idp': 'GetTokensFromRefreshToken',
        deepcomposer: 'GetComposition GetModel GetSampleModel ListCompositions ListModels ListSampleModels ListTrainingTopics',
        iot1click: 'DescribeDevice DescribePlacement DescribeProject GetDeviceMethods GetDevicesInPlacement ListDeviceEvents ListDevices ListPlacements ListProjects '
          + 'ListTagsForResource',
        iot: 'GetConnection ListSubscriptions', managedblockchain: 'GET', s3express: 'CreateSession', 'ssm-sap': 'GetResourcePermission',
      },
    },
  ],
  'job-function/ViewOnlyAccess': [
    {
      actions: {
        acm: 'ListCertificates', aiops: 'GetInvestigation GetInvestigationGroup List*', athena: 'List*', autoscaling: 'Describe*',
        'aws-marketplace': 'ViewSubscriptions',
        backup: 'Describe* GetSupportedResourceTypes ListBackupJobs ListBackupPlanTemplates ListBackupPlanVersions ListBackupPlans ListBackupSelections ListBackupVaults '
          + 'ListCopyJobs ListFrameworks ListLegalHolds ListProtectedResources ListProtectedResourcesByBackupVault ListRecoveryPointsByBackupVault '
          + 'ListRecoveryPointsByLegalHold ListRecoveryPointsByResource ListReportJobs ListReportPlans ListRestoreJobs ListTags',
        batch: 'ListJobs', bedrock: 'ListCustomModels ListTagsForResource', clouddirectory: 'List*', cloudformation: 'DescribeStacks List*',
        cloudfront: 'List*', cloudsearch: 'DescribeDomains List*', cloudtrail: 'DescribeTrails ListTrails LookupEvents', cloudwatch: 'Get* List*',
        codebuild: 'ListBuilds* ListProjects', codecommit: 'List*', codedeploy: 'BatchGet* Get* List*', codepipeline: 'ListPipelines', codestar: 'List*',
        'cognito-identity': 'ListIdentities ListIdentityPools', 'cognito-idp': 'List*', 'cognito-sync': 'ListDatasets', comprehend: 'Describe* List*',
        config: 'Describe* List*', connect: 'List*', 'cost-optimization-hub': 'GetPreferences GetRecommendation List*', databrew: 'ListJobs ListProjects',
        datapipeline: 'DescribePipelines GetAccountLimits ListPipelines', dax: 'Describe* ListTags', devicefarm: 'List*', directconnect: 'Describe*',
        discovery: 'List*', dms: 'List*', ds: 'DescribeDirectories', dynamodb: 'Describe* List*', ec2: 'Describe* SearchLocalGatewayRoutes',
        ecr: 'DescribeRegistry DescribeRepositories ListImages', ecs: 'Describe* List*', eks: 'Describe* List*', elasticache: 'Describe*',
        elasticbeanstalk: 'Describe* ListAvailableSolutionStacks', elasticfilesystem: 'DescribeFileSystems', elasticloadbalancing: 'Describe*',
        elasticmapreduce: 'List*', elastictranscoder: 'List*', 'emr-serverless': 'ListApplications',
        es: 'DescribeElasticsearchDomain DescribeElasticsearchDomains ListDomainNames', events: 'List*', firehose: 'DescribeDeliveryStream List*',
        fsx: 'DescribeFileSystems', gamelift: 'List*', glacier: 'List*', glue: 'GetTags', greengrass: 'List*', iam: 'GetAccountSummary GetLoginProfile List*',
        importexport: 'ListJobs', inspector: 'List*', iot: 'List*', kafka: 'ListClusters', kendra: 'ListDataSources ListTagsForResource',
        kinesis: 'ListStreams', kinesisanalytics: 'ListApplications ListTagsForResource', kms: 'ListKeys ListResourceTags', lambda: 'List*', lex: 'Get*',
        lightsail: 'GetBlueprints GetBundles GetInstanceSnapshots GetInstances GetKeyPair GetRegions GetStaticIps IsVpcPeered',
        logs: 'Describe* GetTransformer List*', lookoutvision: 'List*', m2: 'GetApplication GetEnvironment List*', machinelearning: 'Describe*',
        mediaconnect: 'List*', mobiletargeting: 'Get*', oam: 'List*', 'opsworks-cm': 'Describe*', opsworks: 'Describe*', organizations: 'List*',
        outposts: 'GetOutpost GetOutpostInstanceTypes List*', polly: 'Describe* List*', profile: 'ListDomains ListIntegrations', rds: 'Describe*',
        'redshift-serverless': 'ListTagsForResource ListWorkgroups', redshift: 'DescribeClusters DescribeEvents ViewQueriesInConsole',
        'resource-explorer-2': 'GetDefaultView GetIndex List*', rolesanywhere: 'List*', route53: 'Get* List*', route53domains: 'List*',
        route53profiles: 'Get* List*', route53resolver: 'Get* List*', s3: 'List*', sagemaker: 'Describe* List*', sdb: 'List*', servicecatalog: 'List*',
        ses: 'DescribeActiveReceiptRuleSet List*', shield: 'List*', sns: 'List*', sqs: 'GetQueueAttributes GetQueueUrl List*',
        ssm: 'ListAssociations ListDocuments', states: 'List*', storagegateway: 'List*', swf: 'List*', trustedadvisor: 'Describe*',
        uxc: 'GetAccountCustomizations ListServices', 'waf-regional': 'List*', waf: 'List*', wafv2: 'List*',
        workdocs: 'DescribeAvailableDirectories DescribeInstances', workmail: 'Describe*', workspaces: 'Describe*', xray: 'Get* ListResourcePolicies',
      },
    },
    {
      actions: { apigateway: 'GET' },
      resources: [
        'arn:*:apigateway:*::/apis', 'arn:*:apigateway:*::/apis/*/authorizers', 'arn:*:apigateway:*::/apis/*/authorizers/*',
        'arn:*:apigateway:*::/apis/*/cors', 'arn:*:apigateway:*::/apis/*/deployments', 'arn:*:apigateway:*::/apis/*/deployments/*',
        'arn:*:apigateway:*::/apis/*/exports/*', 'arn:*:apigateway:*::/apis/*/integrations', 'arn:*:apigateway:*::/apis/*/integrations/*',
        'arn:*:apigateway:*::/apis/*/models', 'arn:*:apigateway:*::/apis/*/models/*', 'arn:*:apigateway:*::/apis/*/routes',
        'arn:*:apigateway:*::/apis/*/routes/*', 'arn:*:apigateway:*::/apis/*/stages', 'arn:*:apigateway:*::/apis/*/stages/*',
        'arn:*:apigateway:*::/clientcertificates', 'arn:*:apigateway:*::/clientcertificates/*', 'arn:*:apigateway:*::/domainnames',
        'arn:*:apigateway:*::/domainnames/*/apimappings', 'arn:*:apigateway:*::/restapis', 'arn:*:apigateway:*::/restapis/*/authorizers',
        'arn:*:apigateway:*::/restapis/*/authorizers/*', 'arn:*:apigateway:*::/restapis/*/deployments', 'arn:*:apigateway:*::/restapis/*/deployments/*',
        'arn:*:apigateway:*::/restapis/*/documentation/parts', 'arn:*:apigateway:*::/restapis/*/documentation/parts/*',
        'arn:*:apigateway:*::/restapis/*/documentation/versions', 'arn:*:apigateway:*::/restapis/*/documentation/versions/*',
        'arn:*:apigateway:*::/restapis/*/gatewayresponses', 'arn:*:apigateway:*::/restapis/*/gatewayresponses/*', 'arn:*:apigateway:*::/restapis/*/models',
        'arn:*:apigateway:*::/restapis/*/models/*', 'arn:*:apigateway:*::/restapis/*/requestvalidators',
        'arn:*:apigateway:*::/restapis/*/requestvalidators/*', 'arn:*:apigateway:*::/restapis/*/resources', 'arn:*:apigateway:*::/restapis/*/resources/*',
        'arn:*:apigateway:*::/restapis/*/stages', 'arn:*:apigateway:*::/restapis/*/stages/*', 'arn:*:apigateway:*::/tags/*', 'arn:*:apigateway:*::/vpclinks',
      ],
    },
  ],
  'CloudWatchReadOnlyAccess': [
    {
      actions: {
        'application-autoscaling': 'DescribeScalingPolicies', 'application-signals': 'BatchGet* Get* List*', autoscaling: 'Describe*',
        cloudtrail: 'ListChannels', cloudwatch: 'BatchGet* Describe* GenerateQuery Get* List*',
        logs: 'Describe* FilterLogEvents Get* List* StartLiveTail StartQuery StopLiveTail StopQuery TestMetricFilter', oam: 'ListAttachedLinks ListSinks',
        observabilityadmin: 'Get* List* TestTelemetryPipeline ValidateTelemetryPipelineConfiguration', 'resource-explorer-2': 'ListIndexes',
        rum: 'BatchGet* Get* List*', servicequotas: 'GetServiceQuota', sns: 'Get* List*', synthetics: 'Describe* Get* List*',
        xray: 'BatchGet* CancelTraceRetrieval Get* List* StartTraceRetrieval',
      },
    },
    {
      actions: { iam: 'GetRole' },
      resources: ['arn:*:iam::*:role/aws-service-role/application-signals.cloudwatch.amazonaws.com/AWSServiceRoleForCloudWatchApplicationSignals'],
    },
    { actions: { cloudtrail: 'GetChannel' }, resources: ['arn:*:cloudtrail:*:*:channel/aws-service-channel/application-signals/*'] },
    {
      actions: { 'resource-explorer-2': 'Search' },
      resources: [
        'arn:*:resource-explorer-2:*::view/AWSServiceViewForApplicationSignals/service-view',
        'arn:*:resource-explorer-2:*::view/AWSServiceViewForApplicationSignalsOrgScopeProd/service-view',
      ],
    },
  ],
  'service-role/AWS_ConfigRole': [
    { reading: true },
    {
      actions: {
        config: 'PutAggregationAuthorization PutConfigRule PutConfigurationAggregator PutConfigurationRecorder PutConformancePack PutConnector PutDeliveryChannel '
          + 'PutEvaluations PutExternalEvaluation PutOrganizationConfigRule PutOrganizationConformancePack PutRemediationConfigurations PutRemediationExceptions '
          + 'PutResourceConfig PutRetentionConfiguration PutServiceLinkedConfigurationRecorder PutStoredQuery PutThirdPartyServiceLinkedConfigurationRecorder',
        managedblockchain: 'GET',
      },
    },
    { actions: { logs: 'CreateLogGroup CreateLogStream' }, resources: ['arn:*:logs:*:*:log-group:/aws/config/*'] },
    { actions: { logs: 'PutLogEvents' }, resources: ['arn:*:logs:*:*:log-group:/aws/config/*:log-stream:config-rule-evaluation/*'] },
  ],
};
