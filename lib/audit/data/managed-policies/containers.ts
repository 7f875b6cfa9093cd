import type { ManagedPolicies } from './allowed';

/** AWS-managed policies of ECS, EKS, Batch and their registries. */
export const CONTAINERS: ManagedPolicies = {
  'AmazonECS_FullAccess': [
    {
      actions: {
        'application-autoscaling': 'DeleteScalingPolicy DeregisterScalableTarget Describe* PutScalingPolicy RegisterScalableTarget',
        appmesh: 'DescribeVirtualGateway DescribeVirtualNode List*',
        autoscaling: 'CreateAutoScalingGroup CreateLaunchConfiguration DeleteAutoScalingGroup DeleteLaunchConfiguration Describe* UpdateAutoScalingGroup',
        cloudformation: 'CreateStack DeleteStack DescribeStack* UpdateStack', cloudwatch: 'DeleteAlarms DescribeAlarms GetMetricStatistics PutMetricAlarm',
        codedeploy: 'BatchGet* ContinueDeployment CreateApplication CreateDeployment CreateDeploymentGroup Get* List* RegisterApplicationRevision StopDeployment',
        ec2: 'AssociateRouteTable AttachInternetGateway AuthorizeSecurityGroupIngress CancelSpotFleetRequests CreateInternetGateway CreateLaunchTemplate CreateRoute '
          + 'CreateRouteTable CreateSecurityGroup CreateSubnet CreateVpc DeleteInternetGateway DeleteLaunchTemplate DeleteRoute DeleteRouteTable DeleteSecurityGroup '
          + 'DeleteSubnet DeleteVpc Describe* DetachInternetGateway DisassociateRouteTable ModifySubnetAttribute ModifyVpcAttribute RequestSpotFleet RunInstances',
        ecs: '*', elasticfilesystem: 'DescribeAccessPoints DescribeFileSystems',
        elasticloadbalancing: 'AddTags CreateListener CreateLoadBalancer CreateRule CreateTargetGroup DeleteListener DeleteLoadBalancer DeleteRule DeleteTargetGroup Describe*',
        events: 'DeleteRule DescribeRule ListRuleNamesByTarget ListTargetsByRule PutRule PutTargets RemoveTargets', fsx: 'DescribeFileSystems',
        iam: 'CreateServiceLinkedRole List*', lambda: 'ListFunctions', logs: 'CreateLogGroup DescribeLogGroups FilterLogEvents',
        route53: 'CreateHostedZone DeleteHostedZone GetHealthCheck GetHostedZone ListHostedZonesByName',
        servicediscovery: 'CreatePrivateDnsNamespace CreateService DeleteService Get* ListNamespaces ListServices UpdateService', sns: 'ListTopics',
      },
    },
    { actions: { ssm: 'GetParameter GetParameters GetParametersByPath' }, resources: ['arn:*:ssm:*:*:parameter/aws/service/ecs*'] },
    { actions: { iam: 'PassRole' }, passedTo: ['ecs-tasks.amazonaws.com'] },
    { actions: { iam: 'PassRole' }, resources: ['arn:*:iam::*:role/ecsInfrastructureRole'], passedTo: ['ecs.amazonaws.com'] },
    { actions: { iam: 'PassRole' }, resources: ['arn:*:iam::*:role/ecsInstanceRole*'], passedTo: ['ec2.amazonaws.com', 'ec2.amazonaws.com.cn'] },
    {
      actions: { iam: 'PassRole' },
      resources: ['arn:*:iam::*:role/ecsAutoscaleRole*'],
      passedTo: ['application-autoscaling.amazonaws.com', 'application-autoscaling.amazonaws.com.cn'],
    },
  ],
  'service-role/AmazonECSTaskExecutionRolePolicy': [
    {
      actions: {
        ecr: 'BatchCheckLayerAvailability BatchGetImage GetAuthorizationToken GetDownloadUrlForLayer', logs: 'CreateLogStream PutLogEvents',
      },
    },
  ],
  'service-role/AmazonEC2ContainerServiceforEC2Role': [
    {
      actions: {
        ec2: 'DescribeTags', ecr: 'BatchCheckLayerAvailability BatchGetImage GetAuthorizationToken GetDownloadUrlForLayer',
        ecs: 'CreateCluster DeregisterContainerInstance DiscoverPollEndpoint ListTagsForResource Poll RegisterContainerInstance StartTelemetrySession Submit* '
          + 'TagResource UpdateContainerInstancesState',
        logs: 'CreateLogStream PutLogEvents',
      },
    },
  ],
  'AmazonECSInfrastructureRolePolicyForLoadBalancers': [
    { actions: { elasticloadbalancing: 'DeregisterTargets Describe* RegisterTargets' } },
    { actions: { elasticloadbalancing: 'ModifyListener' }, resources: ['arn:*:elasticloadbalancing:*:*:listener/app/*/*/*'] },
    { actions: { elasticloadbalancing: 'ModifyListener' }, resources: ['arn:*:elasticloadbalancing:*:*:listener/net/*/*/*'] },
    { actions: { elasticloadbalancing: 'ModifyRule' }, resources: ['arn:*:elasticloadbalancing:*:*:listener-rule/app/*/*/*/*'] },
  ],
  'AmazonECSInfrastructureRolePolicyForManagedInstances': [
    {
      actions: {
        cloudformation: 'DescribeStacks ListStackResources',
        ec2: 'CreateFleet CreateLaunchTemplate CreateLaunchTemplateVersion Describe* ModifyLaunchTemplate RunInstances', iam: 'CreateServiceLinkedRole',
        'resource-groups': 'ListGroupResources', tag: 'GetResources',
      },
    },
    {
      actions: { ec2: 'CreateTags' },
      resources: [
        'arn:*:ec2:*:*:fleet/*', 'arn:*:ec2:*:*:instance/*', 'arn:*:ec2:*:*:launch-template/*', 'arn:*:ec2:*:*:network-interface/*',
        'arn:*:ec2:*:*:volume/*',
      ],
    },
    { actions: { iam: 'PassRole' }, resources: ['arn:*:iam::*:role/ecsInstanceRole*'], passedTo: ['ec2.*'] },
  ],
  'service-role/AmazonECSInfrastructureRolePolicyForVolumes': [
    { actions: { ec2: 'AttachVolume CreateVolume DeleteVolume Describe* DetachVolume' } },
    { actions: { ec2: 'CreateTags' }, resources: ['arn:*:ec2:*:*:volume/*'] },
  ],
  'AmazonEKSClusterPolicy': [
    {
      actions: {
        autoscaling: 'DescribeAutoScalingGroups UpdateAutoScalingGroup',
        ec2: 'AttachVolume AuthorizeSecurityGroupIngress CreateRoute CreateSecurityGroup CreateTags CreateVolume DeleteNetworkInterface DeleteRoute '
          + 'DeleteSecurityGroup DeleteVolume Describe* DetachVolume ModifyInstanceAttribute ModifyVolume RevokeSecurityGroupIngress',
        elasticloadbalancing: 'AddTags ApplySecurityGroupsToLoadBalancer AttachLoadBalancerToSubnets ConfigureHealthCheck CreateListener CreateLoadBalancer '
          + 'CreateLoadBalancerListeners CreateLoadBalancerPolicy CreateTargetGroup DeleteListener DeleteLoadBalancer DeleteLoadBalancerListeners DeleteTargetGroup '
          + 'DeregisterInstancesFromLoadBalancer DeregisterTargets Describe* DetachLoadBalancerFromSubnets ModifyListener ModifyLoadBalancerAttributes '
          + 'ModifyTargetGroup ModifyTargetGroupAttributes RegisterInstancesWithLoadBalancer RegisterTargets SetLoadBalancerPoliciesForBackendServer '
          + 'SetLoadBalancerPoliciesOfListener',
        iam: 'CreateServiceLinkedRole', kms: 'DescribeKey',
      },
    },
  ],
  'AmazonEKSWorkerNodePolicy': [{ actions: { ec2: 'Describe*', 'eks-auth': 'AssumeRoleForPodIdentity', eks: 'DescribeCluster' } }],
  'AmazonEKS_CNI_Policy': [
    {
      actions: {
        ec2: 'AssignPrivateIpAddresses AttachNetworkInterface CreateNetworkInterface DeleteNetworkInterface Describe* DetachNetworkInterface '
          + 'ModifyNetworkInterfaceAttribute UnassignPrivateIpAddresses',
      },
    },
    { actions: { ec2: 'CreateTags' }, resources: ['arn:*:ec2:*:*:network-interface/*'] },
  ],
  'AmazonEKSFargatePodExecutionRolePolicy': [{ actions: { ecr: 'BatchCheckLayerAvailability BatchGetImage GetAuthorizationToken GetDownloadUrlForLayer' } }],
  'service-role/AWSBatchServiceRole': [
    {
      actions: {
        autoscaling: 'CreateAutoScalingGroup CreateLaunchConfiguration CreateOrUpdateTags DeleteAutoScalingGroup DeleteLaunchConfiguration Describe* '
          + 'PutNotificationConfiguration SetDesiredCapacity SuspendProcesses TerminateInstanceInAutoScalingGroup UpdateAutoScalingGroup',
        ec2: 'CancelSpotFleetRequests CreateLaunchTemplate CreateTags DeleteLaunchTemplate Describe* ModifySpotFleetRequest RequestSpotFleet RunInstances TerminateInstances',
        ecs: 'CreateCluster DeleteCluster DeregisterContainerInstance DeregisterTaskDefinition Describe* List* RegisterTaskDefinition RunTask StartTask StopTask '
          + 'UpdateCluster UpdateContainerAgent',
        iam: 'CreateServiceLinkedRole GetInstanceProfile GetRole', logs: 'CreateLogGroup CreateLogStream DescribeLogGroups PutLogEvents',
      },
    },
    { actions: { ecs: 'TagResource' }, resources: ['arn:*:ecs:*:*:task/*_Batch_*'] },
    { actions: { iam: 'PassRole' }, passedTo: ['ec2.amazonaws.com', 'ec2.amazonaws.com.cn', 'ecs-tasks.amazonaws.com'] },
  ],
  'AmazonEC2ContainerRegistryReadOnly': [
    {
      actions: {
        ecr: 'BatchCheckLayerAvailability BatchGetImage Describe* GetAuthorizationToken GetDownloadUrlForLayer GetLifecyclePolicy GetLifecyclePolicyPreview '
          + 'GetRepositoryPolicy ListImages ListTagsForResource',
      },
    },
  ],
  'AmazonEC2ContainerRegistryPullOnly': [{ actions: { ecr: 'BatchGetImage BatchImportUpstreamImage GetAuthorizationToken GetDownloadUrlForLayer' } }],
  'AmazonEC2ContainerRegistryPowerUser': [
    {
      actions: {
        ecr: 'BatchCheckLayerAvailability BatchGetImage CompleteLayerUpload Describe* GetAuthorizationToken GetDownloadUrlForLayer GetLifecyclePolicy '
          + 'GetLifecyclePolicyPreview GetRepositoryPolicy InitiateLayerUpload ListImages ListTagsForResource PutImage UploadLayerPart',
      },
    },
  ],
  'AmazonElasticContainerRegistryPublicReadOnly': [
    {
      actions: {
        'ecr-public': 'BatchCheckLayerAvailability Describe* GetAuthorizationToken GetRegistryCatalogData GetRepositoryCatalogData GetRepositoryPolicy',
        sts: 'GetServiceBearerToken',
      },
    },
  ],
};
