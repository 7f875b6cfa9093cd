import type { ManagedPolicies } from './allowed';

/** AWS-managed policies for the kinds of work that people do. */
export const JOB_FUNCTIONS: ManagedPolicies = {
  'job-function/DatabaseAdministrator': [
    {
      actions: {
        cloudwatch: 'DeleteAlarms Describe* DisableAlarmActions EnableAlarmActions Get* List* PutMetricAlarm',
        datapipeline: 'ActivatePipeline CreatePipeline DeletePipeline DescribeObjects DescribePipelines GetPipelineDefinition ListPipelines PutPipelineDefinition QueryObjects',
        dynamodb: '*', ec2: 'Describe*', elasticache: '*', iam: 'GetRole ListRoles', kms: 'ListKeys',
        lambda: 'CreateEventSourceMapping CreateFunction DeleteEventSourceMapping DeleteFunction GetFunctionConfiguration ListEventSourceMappings ListFunctions',
        logs: 'Create* DescribeLogGroups DescribeLogStreams FilterLogEvents GetLogEvents PutLogEvents PutMetricFilter',
        pi: 'CreatePerformanceAnalysisReport DeletePerformanceAnalysisReport DescribeDimensionKeys Get* List* TagResource UntagResource', rds: '*',
        redshift: '*',
        s3: 'AbortMultipartUpload CreateBucket DeleteObject* Get* List* PutAccelerateConfiguration PutBucketTagging PutBucketVersioning PutBucketWebsite '
          + 'PutLifecycleConfiguration PutObject* PutReplicationConfiguration Replicate* RestoreObject',
        sns: 'CreateTopic DeleteTopic Get* List* SetTopicAttributes Subscribe Unsubscribe',
      },
    },
    {
      actions: { iam: 'PassRole' },
      resources: [
        'arn:*:iam::*:role/DataPipelineDefaultResourceRole', 'arn:*:iam::*:role/DataPipelineDefaultRole', 'arn:*:iam::*:role/lambda-dynamodb-*',
        'arn:*:iam::*:role/lambda-vpc-execution-role', 'arn:*:iam::*:role/lambda_exec_role', 'arn:*:iam::*:role/rdbms-lambda-access',
        'arn:*:iam::*:role/rds-monitoring-role',
      ],
    },
  ],
  'job-function/DataScientist': [
    {
      actions: {
        autoscaling: '*', cloudformation: 'CreateStack DescribeStackEvents', cloudwatch: '*',
        datapipeline: 'Describe* GetPipelineDefinition ListPipelines QueryObjects', dynamodb: '*',
        ec2: 'CancelSpotFleetRequests CancelSpotInstanceRequests CreateTags DeleteTags Describe* ModifyImageAttribute ModifyInstanceAttribute ModifySpotFleetRequest '
          + 'RequestSpotFleet RequestSpotInstances RunInstances TerminateInstances',
        elasticfilesystem: '*', elasticmapreduce: '*', es: '*', firehose: '*', fsx: 'DescribeFileSystems',
        iam: 'GetInstanceProfile GetPolicy GetPolicyVersion GetRole ListRoles', kinesis: '*', kms: 'List*',
        lambda: 'Create* Delete* Get* InvokeFunction List* PublishVersion Update*', logs: 'DescribeLogStreams GetLogEvents', machinelearning: '*', rds: '*',
        redshift: '*',
        s3: 'Abort* CreateBucket DeleteObject Get* List* PutAccelerateConfiguration PutBucketCORS PutBucketLogging PutBucketNotification PutBucketTagging PutObject '
          + 'Replicate* RestoreObject',
        sagemaker: '*', sdb: '*', sns: 'CreateTopic Get* List*',
      },
    },
    {
      actions: { iam: 'PassRole' },
      resources: [
        'arn:*:iam::*:role/DataPipelineDefaultResourceRole', 'arn:*:iam::*:role/DataPipelineDefaultRole', 'arn:*:iam::*:role/EMR_DefaultRole',
        'arn:*:iam::*:role/EMR_EC2_DefaultRole', 'arn:*:iam::*:role/kinesis-*',
      ],
    },
    { actions: { iam: 'PassRole' }, passedTo: ['sagemaker.amazonaws.com'] },
  ],
  'job-function/NetworkAdministrator': [
    {
      actions: {
        autoscaling: 'Describe*', cloudfront: 'ListDistributions', cloudwatch: 'DeleteAlarms DescribeAlarms GetMetricStatistics PutMetricAlarm',
        directconnect: '*',
        ec2: 'AcceptTransitGatewayVpcAttachment AcceptVpcEndpointConnections AcceptVpcPeeringConnection AllocateAddress AssignIpv6Addresses AssignPrivateIpAddresses '
          + 'AssociateAddress AssociateDhcpOptions AssociateRouteTable AssociateSecurityGroupVpc AssociateSubnetCidrBlock AssociateTransitGatewayRouteTable '
          + 'AssociateVpcCidrBlock AttachClassicLinkVpc AttachInternetGateway AttachNetworkInterface AttachVpnGateway AuthorizeSecurityGroupEgress '
          + 'AuthorizeSecurityGroupIngress CreateCarrierGateway CreateCustomerGateway CreateDefaultSubnet CreateDefaultVpc CreateDhcpOptions '
          + 'CreateEgressOnlyInternetGateway CreateFlowLogs CreateInternetGateway CreateLocalGatewayRoute CreateLocalGatewayRouteTableVpcAssociation '
          + 'CreateNatGateway CreateNetworkAcl CreateNetworkAclEntry CreateNetworkInterface CreateNetworkInterfacePermission CreatePlacementGroup CreateRoute '
          + 'CreateRouteTable CreateSecurityGroup CreateSubnet CreateTags CreateTransitGateway CreateTransitGatewayRoute CreateTransitGatewayRouteTable '
          + 'CreateTransitGatewayVpcAttachment CreateVpc CreateVpcEndpoint CreateVpcEndpointConnectionNotification CreateVpcEndpointServiceConfiguration '
          + 'CreateVpcPeeringConnection CreateVpnConnection CreateVpnConnectionRoute CreateVpnGateway DeleteCarrierGateway DeleteCustomerGateway DeleteDhcpOptions '
          + 'DeleteEgressOnlyInternetGateway DeleteFlowLogs DeleteInternetGateway DeleteLocalGatewayRoute DeleteLocalGatewayRouteTableVpcAssociation '
          + 'DeleteNatGateway DeleteNetworkAcl DeleteNetworkAclEntry DeleteNetworkInterface DeleteNetworkInterfacePermission DeletePlacementGroup DeleteRoute '
          + 'DeleteRouteTable DeleteSecurityGroup DeleteSubnet DeleteTags DeleteTransitGateway DeleteTransitGatewayRoute DeleteTransitGatewayRouteTable '
          + 'DeleteTransitGatewayVpcAttachment DeleteVolume DeleteVpc DeleteVpcEndpointConnectionNotifications DeleteVpcEndpointServiceConfigurations '
          + 'DeleteVpcEndpoints DeleteVpcPeeringConnection DeleteVpnConnection DeleteVpnConnectionRoute DeleteVpnGateway Describe* DetachClassicLinkVpc '
          + 'DetachInternetGateway DetachNetworkInterface DetachVpnGateway DisableTransitGatewayRouteTablePropagation DisableVgwRoutePropagation '
          + 'DisableVpcClassicLink DisableVpcClassicLinkDnsSupport DisassociateAddress DisassociateRouteTable DisassociateSecurityGroupVpc '
          + 'DisassociateSubnetCidrBlock DisassociateTransitGatewayRouteTable DisassociateVpcCidrBlock EnableTransitGatewayRouteTablePropagation '
          + 'EnableVgwRoutePropagation EnableVpcClassicLink EnableVpcClassicLinkDnsSupport ExportTransitGatewayRoutes GetConsoleScreenshot GetSecurityGroupsForVpc '
          + 'GetTransitGatewayAttachmentPropagations GetTransitGatewayRouteTableAssociations GetTransitGatewayRouteTablePropagations '
          + 'GetVpnConnectionDeviceSampleConfiguration GetVpnConnectionDeviceTypes GetVpnTunnelReplacementStatus ModifyNetworkInterfaceAttribute '
          + 'ModifySecurityGroupRules ModifySubnetAttribute ModifyTransitGateway ModifyTransitGatewayVpcAttachment ModifyVpcAttribute ModifyVpcEndpoint '
          + 'ModifyVpcEndpointConnectionNotification ModifyVpcEndpointServiceConfiguration ModifyVpcEndpointServicePermissions ModifyVpcPeeringConnectionOptions '
          + 'ModifyVpcTenancy ModifyVpnConnection ModifyVpnConnectionOptions ModifyVpnTunnelCertificate ModifyVpnTunnelOptions MoveAddressToVpc '
          + 'RejectTransitGatewayVpcAttachment RejectVpcEndpointConnections RejectVpcPeeringConnection ReleaseAddress ReplaceNetworkAclAssociation '
          + 'ReplaceNetworkAclEntry ReplaceRoute ReplaceRouteTableAssociation ReplaceTransitGatewayRoute ReplaceVpnTunnel ResetNetworkInterfaceAttribute '
          + 'RestoreAddressToClassic RevokeSecurityGroupEgress RevokeSecurityGroupIngress SearchLocalGatewayRoutes SearchTransitGatewayRoutes UnassignIpv6Addresses '
          + 'UnassignPrivateIpAddresses UpdateSecurityGroupRuleDescriptionsEgress UpdateSecurityGroupRuleDescriptionsIngress',
        elasticbeanstalk: 'Describe* List* RequestEnvironmentInfo RetrieveEnvironmentInfo', elasticloadbalancing: '*',
        iam: 'CreateServiceLinkedRole ListRoles',
        interconnect: 'AcceptConnectionProposal CreateConnection DeleteConnection DescribeConnectionProposal GetConnection GetEnvironment List* TagResource UntagResource '
          + 'UpdateConnection',
        logs: 'DescribeLogGroups DescribeLogStreams GetLogEvents', networkmanager: '*', route53: '*', route53domains: '*',
        s3: 'GetBucketLocation GetBucketWebsite ListBucket', sns: 'CreateTopic ListSubscriptionsByTopic ListTopics',
      },
    },
    { actions: { iam: 'GetRole PassRole' }, resources: ['arn:*:iam::*:role/flow-logs-*'] },
  ],
  'job-function/SystemAdministrator': [
    {
      actions: {
        acm: 'Describe* Get* List* Request* Resend*', autoscaling: '*',
        cloudtrail: 'DescribeTrails GetTrailStatus ListPublicKeys ListTags LookupEvents StartLogging StopLogging', cloudwatch: '*',
        codecommit: 'BatchGetRepositories CreateBranch CreateRepository Get* GitPull GitPush List* Put* Test* Update*', codedeploy: '*', codepipeline: '*',
        config: '*', ds: '*',
        ec2: 'AcceptVpcPeeringConnection Allocate* AssignPrivateIpAddresses* Associate* AttachClassicLinkVpc AttachInternetGateway AttachNetworkInterface '
          + 'AttachVolume AttachVpnGateway AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress Bundle* Cancel* Copy* CreateCustomerGateway CreateDhcpOptions '
          + 'CreateFlowLogs CreateImage CreateInstanceExportTask CreateInternetGateway CreateKeyPair CreateLaunchTemplate CreateLaunchTemplateVersion '
          + 'CreateNatGateway CreateNetworkInterface CreatePlacementGroup CreateReservedInstancesListing CreateRoute CreateRouteTable CreateSecurityGroup '
          + 'CreateSnapshot CreateSpotDatafeedSubscription CreateSubnet CreateTags CreateVolume CreateVpc CreateVpcEndpoint CreateVpcPeeringConnection '
          + 'CreateVpnConnection CreateVpnConnectionRoute CreateVpnGateway DeleteCustomerGateway DeleteDhcpOptions DeleteFlowLogs DeleteInternetGateway '
          + 'DeleteKeyPair DeleteLaunchTemplate DeleteLaunchTemplateVersions DeleteNatGateway DeleteNetworkAcl* DeleteNetworkInterface DeletePlacementGroup '
          + 'DeleteRoute DeleteRouteTable DeleteSecurityGroup DeleteSnapshot DeleteSpotDatafeedSubscription DeleteSubnet DeleteTags DeleteVolume DeleteVpc '
          + 'DeleteVpcEndpoints DeleteVpcPeeringConnection DeleteVpnConnection DeleteVpnConnectionRoute DeleteVpnGateway DeregisterImage Describe* '
          + 'DetachClassicLinkVpc DetachInternetGateway DetachNetworkInterface DetachVolume DetachVpnGateway DisableVgwRoutePropagation DisableVpcClassicLink '
          + 'DisableVpcClassicLinkDnsSupport DisassociateAddress DisassociateRouteTable EnableVgwRoutePropagation EnableVolumeIO EnableVpcClassicLink '
          + 'EnableVpcClassicLinkDnsSupport GetConsoleOutput GetConsoleScreenshot GetHostReservationPurchasePreview GetLaunchTemplateData GetPasswordData '
          + 'GetSecurityGroupsForVpc Import* Modify* MonitorInstances MoveAddressToVpc Purchase* RebootInstances RegisterImage RejectVpcPeeringConnection Release* '
          + 'Replace* ReportInstanceStatus Request* Reset* RestoreAddressToClassic RevokeSecurityGroupEgress RevokeSecurityGroupIngress RunInstances '
          + 'RunScheduledInstances StartInstances StopInstances TerminateInstances UnassignPrivateIpAddresses UnmonitorInstances '
          + 'UpdateSecurityGroupRuleDescriptionsEgress UpdateSecurityGroupRuleDescriptionsIngress',
        elasticloadbalancing: '*', events: '*',
        iam: 'GetAccessKeyLastUsed GetAccount* GetContextKeys* GetCredentialReport GetGroup* GetInstanceProfile GetLoginProfile GetOpenIDConnectProvider GetPolicy* '
          + 'GetRole* GetSAMLProvider GetSSHPublicKey GetServerCertificate GetServiceLastAccessed* GetUser* List* Simulate* UpdateServerCertificate '
          + 'UpdateSigningCertificate Upload*',
        kinesis: 'ListStreams PutRecord', kms: 'CreateAlias CreateKey DeleteAlias Describe* Encrypt GenerateRandom Get* List* ReEncrypt*',
        lambda: 'Create* Delete* Get* InvokeFunction List* PublishVersion Update*', logs: '*', rds: 'Describe* ListTagsForResource',
        rolesanywhere: 'Get* List* PutNotificationSettings ResetNotificationSettings', route53: '*', route53domains: '*', s3: '*', ses: '*', sns: '*',
        sqs: '*', trustedadvisor: '*',
      },
    },
    {
      actions: { iam: 'PassRole' },
      resources: [
        'arn:*:iam::*:role/ec2-sysadmin-*', 'arn:*:iam::*:role/ecr-sysadmin-*', 'arn:*:iam::*:role/lambda-sysadmin-*',
        'arn:*:iam::*:role/rds-monitoring-role',
      ],
    },
  ],
};
