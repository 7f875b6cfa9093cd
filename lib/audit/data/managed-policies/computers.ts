import type { ManagedPolicies } from './allowed';

/** AWS-managed policies of EC2, its networks, and Systems Manager. */
export const COMPUTERS: ManagedPolicies = {
  'AmazonEC2FullAccess': [{ actions: { autoscaling: '*', cloudwatch: '*', ec2: '*', elasticloadbalancing: '*', iam: 'CreateServiceLinkedRole' } }],
  'AmazonEC2ReadOnlyAccess': [
    {
      actions: {
        autoscaling: 'Describe*', cloudwatch: 'Describe* GetMetricStatistics ListMetrics', ec2: 'Describe* GetSecurityGroupsForVpc',
        elasticloadbalancing: 'Describe*',
      },
    },
  ],
  'AmazonVPCFullAccess': [
    {
      actions: {
        ec2: 'AcceptVpcEndpointConnections AcceptVpcPeeringConnection AllocateAddress AssignIpv6Addresses AssignPrivateIpAddresses AssociateAddress '
          + 'AssociateDhcpOptions AssociateRouteTable AssociateSecurityGroupVpc AssociateSubnetCidrBlock AssociateVpcCidrBlock AttachClassicLinkVpc '
          + 'AttachInternetGateway AttachNetworkInterface AttachVpnGateway AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress CreateCarrierGateway '
          + 'CreateCustomerGateway CreateDefaultSubnet CreateDefaultVpc CreateDhcpOptions CreateEgressOnlyInternetGateway CreateFlowLogs CreateInternetGateway '
          + 'CreateLocalGatewayRouteTableVpcAssociation CreateNatGateway CreateNetworkAcl CreateNetworkAclEntry CreateNetworkInterface '
          + 'CreateNetworkInterfacePermission CreateRoute CreateRouteTable CreateSecurityGroup CreateSubnet CreateTags CreateVpc CreateVpcEndpoint '
          + 'CreateVpcEndpointConnectionNotification CreateVpcEndpointServiceConfiguration CreateVpcPeeringConnection CreateVpnConnection CreateVpnConnectionRoute '
          + 'CreateVpnGateway DeleteCarrierGateway DeleteCustomerGateway DeleteDhcpOptions DeleteEgressOnlyInternetGateway DeleteFlowLogs DeleteInternetGateway '
          + 'DeleteLocalGatewayRouteTableVpcAssociation DeleteNatGateway DeleteNetworkAcl DeleteNetworkAclEntry DeleteNetworkInterface '
          + 'DeleteNetworkInterfacePermission DeleteRoute DeleteRouteTable DeleteSecurityGroup DeleteSubnet DeleteTags DeleteVpc '
          + 'DeleteVpcEndpointConnectionNotifications DeleteVpcEndpointServiceConfigurations DeleteVpcEndpoints DeleteVpcPeeringConnection DeleteVpnConnection '
          + 'DeleteVpnConnectionRoute DeleteVpnGateway Describe* DetachClassicLinkVpc DetachInternetGateway DetachNetworkInterface DetachVpnGateway '
          + 'DisableVgwRoutePropagation DisableVpcClassicLink DisableVpcClassicLinkDnsSupport DisassociateAddress DisassociateRouteTable '
          + 'DisassociateSecurityGroupVpc DisassociateSubnetCidrBlock DisassociateVpcCidrBlock EnableVgwRoutePropagation EnableVpcClassicLink '
          + 'EnableVpcClassicLinkDnsSupport GetSecurityGroupsForVpc ModifyNetworkInterfaceAttribute ModifySecurityGroupRules ModifySubnetAttribute '
          + 'ModifyVpcAttribute ModifyVpcEndpoint ModifyVpcEndpointConnectionNotification ModifyVpcEndpointServiceConfiguration ModifyVpcEndpointServicePermissions '
          + 'ModifyVpcPeeringConnectionOptions ModifyVpcTenancy MoveAddressToVpc RejectVpcEndpointConnections RejectVpcPeeringConnection ReleaseAddress '
          + 'ReplaceNetworkAclAssociation ReplaceNetworkAclEntry ReplaceRoute ReplaceRouteTableAssociation ResetNetworkInterfaceAttribute RestoreAddressToClassic '
          + 'RevokeSecurityGroupEgress RevokeSecurityGroupIngress UnassignIpv6Addresses UnassignPrivateIpAddresses UpdateSecurityGroupRuleDescriptionsEgress '
          + 'UpdateSecurityGroupRuleDescriptionsIngress',
      },
    },
  ],
  'AmazonSSMManagedInstanceCore': [
    {
      actions: {
        ec2messages: 'AcknowledgeMessage DeleteMessage FailMessage GetEndpoint GetMessages SendReply',
        ssm: 'DescribeAssociation DescribeDocument GetDeployablePatchSnapshotForInstance GetDocument GetManifest GetParameter GetParameters ListAssociations '
          + 'ListInstanceAssociations PutComplianceItems PutConfigurePackageResult PutInventory UpdateAssociationStatus UpdateInstanceAssociationStatus '
          + 'UpdateInstanceInformation',
        ssmmessages: 'CreateControlChannel CreateDataChannel OpenControlChannel OpenDataChannel',
      },
    },
  ],
  'AmazonSSMFullAccess': [
    {
      actions: {
        cloudwatch: 'PutMetricData', ds: 'CreateComputer DescribeDirectories', ec2: 'DescribeInstanceStatus', ec2messages: '*',
        iam: 'CreateServiceLinkedRole DeleteServiceLinkedRole GetServiceLinkedRoleDeletionStatus', logs: '*', ssm: '*',
        ssmmessages: 'CreateControlChannel CreateDataChannel OpenControlChannel OpenDataChannel',
      },
    },
  ],
  'AmazonSSMReadOnlyAccess': [{ actions: { ssm: 'Describe* Get* List*' } }],
  'AmazonSSMPatchAssociation': [{ actions: { ssm: 'DescribeEffectivePatchesForPatchBaseline DescribePatchBaselines GetPatchBaseline', tag: 'GetResources' } }],
  'service-role/AmazonSSMAutomationRole': [
    {
      actions: {
        cloudformation: 'CreateStack DeleteStack DescribeStackEvents DescribeStacks TagResource UntagResource UpdateStack',
        ec2: 'CopyImage CreateImage CreateTags DeleteSnapshot DeleteTags DeregisterImage Describe* RunInstances StartInstances StopInstances TerminateInstances',
        ssm: '*', ssmmessages: 'OpenDataChannel',
      },
    },
    { actions: { lambda: 'InvokeFunction' }, resources: ['arn:*:lambda:*:*:function:Automation*'] },
    { actions: { sns: 'Publish' }, resources: ['arn:*:sns:*:*:Automation*'] },
  ],
};
