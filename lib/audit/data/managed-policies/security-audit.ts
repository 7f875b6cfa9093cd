import type { ManagedPolicies } from './allowed';

/** The AWS-managed policy for whoever reads how everything is set up, and no data. */
export const SECURITY_AUDIT: ManagedPolicies = {
  'SecurityAudit': [
    {
      actions: {
        a4b: 'ListSkills', 'access-analyzer': 'Get* List*', account: 'Get*',
        'acm-pca': 'DescribeCertificateAuthority DescribeCertificateAuthorityAuditReport GetPolicy List*', acm: 'Describe* List*',
        airflow: 'GetEnvironment ListEnvironments', appflow: 'ListFlows ListTagsForResource', 'application-autoscaling': 'Describe*',
        appmesh: 'Describe* List*', apprunner: 'Describe* List*', appsync: 'GetApiCache List*', athena: 'GetWorkGroup List*',
        auditmanager: 'GetAccountStatus List*', 'autoscaling-plans': 'DescribeScalingPlans', autoscaling: 'Describe*',
        backup: 'DescribeGlobalSettings DescribeRegionSettings GetBackupVaultAccessPolicy GetBackupVaultNotifications ListBackupVaults ListTags',
        batch: 'DescribeComputeEnvironments DescribeJobDefinitions',
        'bedrock-agentcore': 'GetABTest GetAgentRuntime GetAgentRuntimeEndpoint GetBatchEvaluation GetBrowser GetBrowserProfile GetCodeInterpreter GetConfigurationBundle '
          + 'GetConfigurationBundleVersion GetEvaluator GetGateway GetGatewayTarget GetHarness GetMemory GetOnlineEvaluationConfig GetPaymentConnector '
          + 'GetPaymentCredentialProvider GetPaymentInstrument GetPaymentManager GetPaymentSession GetPolicy GetPolicyEngine GetPolicyGeneration GetRecommendation '
          + 'GetRegistry GetRegistryRecord List*',
        bedrock: 'Get* List*', braket: 'SearchJobs SearchQuantumTasks', chime: 'List*', cleanrooms: 'BatchGet* Get* List* PreviewPrivacyImpact',
        cloud9: 'Describe* ListEnvironments', clouddirectory: 'ListDirectories', cloudformation: 'DescribeStack* GetStackPolicy GetTemplate ListStack*',
        cloudfront: 'Get* List*', cloudsearch: 'Describe*', cloudtrail: 'DescribeTrails Get* ListTags ListTrails LookupEvents',
        cloudwatch: 'Describe* GetDashboard ListDashboards ListTagsForResource',
        codeartifact: 'GetDomainPermissionsPolicy GetRepositoryPermissionsPolicy ListRepositories',
        codebuild: 'BatchGetProjects GetResourcePolicy ListProjects ListSourceCredentials',
        codecommit: 'BatchGetRepositories GetBranch GetObjectIdentifier GetRepository GetRepositoryTriggers List*', codedeploy: 'Batch* Get* List*',
        codepipeline: 'Get* ListPipelines', codestar: 'Describe* List*',
        'cognito-identity': 'Describe* GetIdentityPoolRoles ListIdentityPools ListTagsForResource', 'cognito-idp': 'Describe* List*',
        'cognito-sync': 'Describe* List*', comprehend: 'Describe* List*', comprehendmedical: 'List*',
        config: 'BatchGetAggregateResourceConfig BatchGetResourceConfig Deliver* Describe* Get* List* SelectAggregateResourceConfig SelectResourceConfig',
        connect: 'List*', databrew: 'DescribeDataset DescribeProject ListJobs ListProjects', dataexchange: 'ListDataSets',
        datapipeline: 'DescribeObjects DescribePipelines EvaluateExpression GetPipelineDefinition ListPipelines QueryObjects ValidatePipelineDefinition',
        datasync: 'Describe* List*', dax: 'Describe* ListTags', deepracer: 'ListModels', detective: 'GetGraphIngestState ListGraphs ListMembers',
        devicefarm: 'ListProjects', directconnect: 'Describe*', discovery: 'Describe*', dms: 'Describe* ListTagsForResource', 'docdb-elastic': 'ListClusters',
        ds: 'DescribeDirectories', dynamodb: 'Describe* GetResourcePolicy List*',
        ec2: 'Describe* GetAllowedImagesSettings GetEbsDefaultKmsKeyId GetEbsEncryptionByDefault GetImageBlockPublicAccessState GetInstanceMetadataDefaults '
          + 'GetManagedPrefixListAssociations GetManagedPrefixListEntries GetNetworkInsightsAccessScopeAnalysisFindings GetNetworkInsightsAccessScopeContent '
          + 'GetSerialConsoleAccessStatus GetSnapshotBlockPublicAccessState GetTransitGatewayAttachmentPropagations GetTransitGatewayMulticastDomainAssociations '
          + 'GetTransitGatewayPrefixListReferences GetTransitGatewayRouteTableAssociations GetTransitGatewayRouteTablePropagations SearchTransitGatewayRoutes',
        'ecr-public': 'Describe* GetRegistryCatalogData GetRepositoryCatalogData GetRepositoryPolicy ListTagsForResource',
        ecr: 'BatchGetRepositoryScanningConfiguration Describe* GetLifecyclePolicy GetRegistryPolicy GetRegistryScanningConfiguration GetRepositoryPolicy ListImages '
          + 'ListTagsForResource',
        ecs: 'Describe* List*', eks: 'Describe* List*', elasticache: 'Describe* ListTagsForResource', elasticbeanstalk: 'Describe* ListTagsForResource',
        elasticfilesystem: 'Describe*', elasticloadbalancing: 'Describe*',
        elasticmapreduce: 'Describe* GetAutoTerminationPolicy GetBlockPublicAccessConfiguration GetManagedScalingPolicy List*',
        elastictranscoder: 'ListPipelines', 'emr-serverless': 'GetApplication ListApplications ListJobRuns', entityresolution: 'GetIdNamespace',
        es: 'Describe* GetCompatibleVersions List*', events: 'Describe* List* TestEventPattern', finspace: 'ListEnvironments ListKxEnvironments',
        firehose: 'Describe* List*', fms: 'ListComplianceStatus ListPolicies', forecast: 'ListDatasets', frauddetector: 'GetDetectors', fsx: 'Describe* List*',
        gamelift: 'ListBuilds ListFleets', geo: 'ListMaps', glacier: 'DescribeVault Get* ListVaults', globalaccelerator: 'Describe* List*',
        glue: 'GetCrawlers GetDataCatalogEncryptionSettings GetDatabases GetDevEndpoints GetJobBookmark GetJobs GetResourcePolicy GetSecurityConfiguration '
          + 'GetSecurityConfigurations GetTags',
        grafana: 'ListWorkspaces', greengrass: 'List*', guardduty: 'Describe* Get* List*', health: 'Describe*', healthlake: 'ListFHIRDatastores',
        honeycode: 'ListTables', iam: 'GenerateCredentialReport GenerateServiceLastAccessedDetails Get* List* SimulateCustomPolicy SimulatePrincipalPolicy',
        identitystore: 'DescribeGroupMembership Get* IsMemberInGroups List*',
        inspector2: 'BatchGetAccountStatus BatchGetFreeTrialInfo DescribeOrganizationConfiguration Get* List*', inspector: 'Describe* Get* List* Preview*',
        iot: 'Describe* GetPolicy GetPolicyVersion List*', iotanalytics: 'ListChannels', iotevents: 'ListInputs', iotfleetwise: 'ListModelManifests',
        iotsitewise: 'DescribeGatewayCapabilityConfiguration ListAssetModels ListGateways', iottwinmaker: 'ListWorkspaces', 'kafka-cluster': 'Describe*',
        kafka: 'Describe* GetBootstrapBrokers GetCompatibleKafkaVersions List*', kafkaconnect: 'Describe* List*', kendra: 'DescribeIndex List*',
        kinesis: 'Describe* List*', kinesisanalytics: 'ListApplications ListTagsForResource', kinesisvideo: 'Describe* List*', kms: 'Describe* Get* List*',
        lambda: 'GetAccountSettings GetFunctionCodeSigningConfig GetFunctionConcurrency GetFunctionConfiguration GetFunctionEventInvokeConfig GetFunctionUrlConfig '
          + 'GetLayerVersionPolicy GetPolicy GetRuntimeManagementConfig List*',
        lex: 'DescribeBot DescribeResourcePolicy ListBots', 'license-manager': 'List*',
        lightsail: 'GetBuckets GetContainerServices GetDiskSnapshots GetDisks GetInstances GetLoadBalancers', logs: 'Describe* GetLogDelivery List*',
        lookoutequipment: 'ListDatasets', lookoutmetrics: 'ListAnomalyDetectors', lookoutvision: 'ListProjects', m2: 'GetApplication GetEnvironment List*',
        machinelearning: 'DescribeMLModels', macie2: 'ListFindings', managedblockchain: 'ListNetworks', mechanicalturk: 'ListHITs',
        mediaconnect: 'Describe* List*', medialive: 'ListChannels', 'mediapackage-vod': 'DescribePackagingGroup ListPackagingGroups',
        mediapackage: 'DescribeOriginEndpoint ListOriginEndpoints', mediastore: 'GetContainerPolicy GetCorsPolicy ListContainers',
        memorydb: 'DescribeClusters', mq: 'Describe* List*', 'network-firewall': 'Describe* List*', networkmanager: 'DescribeGlobalNetworks',
        nimble: 'ListStudios', 'opsworks-cm': 'DescribeServers', opsworks: 'DescribeStacks', organizations: 'Describe* List*', pcs: 'Get* List*',
        personalize: 'DescribeDatasetGroup ListDatasetGroups', 'private-networks': 'ListNetworks', profile: 'GetDomain ListDomains ListIntegrations',
        qbusiness: 'List*', qldb: 'DescribeJournalS3Export DescribeLedger List*', quicksight: 'Describe* List*', ram: 'GetResourceShares List*',
        rds: 'Describe* DownloadDBLogFilePortion ListTagsForResource', 'redshift-serverless': 'GetNamespace ListTagsForResource ListWorkgroups',
        redshift: 'Describe*', rekognition: 'Describe* List*', 'resource-groups': 'ListGroupResources', robomaker: 'Describe* List*',
        rolesanywhere: 'Get* List*', route53: 'Get* List*', route53domains: 'GetDomainDetail GetOperationDetail List*', route53resolver: 'Get* List*',
        's3-object-lambda': 'GetObjectAcl GetObjectVersionAcl', 's3-outposts': 'List*',
        s3: 'DescribeJob GetAccelerateConfiguration GetAccessGrantsInstanceResourcePolicy GetAccessPoint GetAccessPointConfigurationForObjectLambda '
          + 'GetAccessPointForObjectLambda GetAccessPointPolicy GetAccessPointPolicyForObjectLambda GetAccessPointPolicyStatus '
          + 'GetAccessPointPolicyStatusForObjectLambda GetAccountPublicAccessBlock GetAnalyticsConfiguration GetBucket* GetEncryptionConfiguration '
          + 'GetInventoryConfiguration GetLifecycleConfiguration GetMetricsConfiguration GetMultiRegionAccessPoint GetMultiRegionAccessPointPolicy '
          + 'GetMultiRegionAccessPointPolicyStatus GetObjectAcl GetObjectTagging GetObjectVersionAcl GetReplicationConfiguration GetStorageLensConfiguration '
          + 'GetStorageLensGroup List*',
        s3express: 'GetBucketPolicy GetEncryptionConfiguration ListAllMyDirectoryBuckets', s3files: 'Get* List*',
        s3tables: 'GetNamespace GetTableBucketMaintenanceConfiguration GetTableBucketPolicy GetTableMaintenanceConfiguration GetTablePolicy List*',
        s3vectors: 'Get* List*', sagemaker: 'Describe* List*', schemas: 'Describe* GetResourcePolicy List*', sdb: 'DomainMetadata ListDomains',
        secretsmanager: 'DescribeSecret GetResourcePolicy ListSecretVersionIds ListSecrets',
        'security-ir': 'BatchGetMemberAccountDetails GetCase GetCaseAttachmentDownloadUrl GetMembership List*', securityhub: 'BatchGet* Describe* Get* List*',
        serverlessrepo: 'GetApplicationPolicy List*', servicequotas: 'Get* List*', ses: 'Describe* Get* List*', shield: 'Describe* GetSubscriptionState List*',
        snowball: 'ListClusters ListJobs', sns: 'GetPlatformApplicationAttributes GetTopicAttributes List*', sqs: 'GetQueueAttributes List*',
        ssm: 'Describe* GetAutomationExecution GetServiceSetting List*', 'sso-directory': 'ListExternalIdPConfigurationsForDirectory',
        sso: 'Describe* GetApplicationAccessScope GetApplicationAssignmentConfiguration GetApplicationAuthenticationMethod GetApplicationGrant '
          + 'GetApplicationSessionConfiguration GetInlinePolicyForPermissionSet GetPermissionsBoundaryForPermissionSet List*',
        states: 'DescribeStateMachine ListStateMachines ListTagsForResource', storagegateway: 'Describe* List*', sts: 'GetAccessKeyInfo', support: 'Describe*',
        synthetics: 'Describe* Get* List*', tag: 'GetResources GetTagKeys', transcribe: 'Get* List*', transfer: 'Describe* List*', translate: 'List*',
        trustedadvisor: 'Describe*', voiceid: 'DescribeDomain', 'waf-regional': 'GetWebACL List*', waf: 'GetWebACL ListTagsForResource ListWebACLs',
        wafv2: 'Get* List*', wisdom: 'GetAssistant', workdocs: 'DescribeResourcePermissions', workspaces: 'Describe*', xray: 'Get* ListTagsForResource',
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
};
