import type { GetResourceInput, GetResourceOutput } from '@aws-sdk/client-cloudcontrol';
import type {
  DescribeStacksInput, DescribeStacksOutput, GetTemplateInput, GetTemplateOutput, ListStackResourcesInput, ListStackResourcesOutput,
} from '@aws-sdk/client-cloudformation';
import type * as ec2 from '@aws-sdk/client-ec2';
import type { GetAccountAuthorizationDetailsRequest, GetAccountAuthorizationDetailsResponse } from '@aws-sdk/client-iam';
import type { DBInstanceMessage, DBParameterGroupDetails, DescribeDBInstancesMessage, DescribeDBParametersMessage } from '@aws-sdk/client-rds';

/**
 * Everything that is asked of AWS, by the name of the permission that it needs: what goes in, what comes out. All of it reads;
 * none of it returns the value of a secret.
 */
export interface Calls {
  'cloudformation:DescribeStacks': [DescribeStacksInput, DescribeStacksOutput];
  'cloudformation:GetTemplate': [GetTemplateInput, GetTemplateOutput];
  'cloudformation:ListStackResources': [ListStackResourcesInput, ListStackResourcesOutput];
  /** Of the Cloud Control API, which asks the service of the type with the permissions of the caller. */
  'cloudformation:GetResource': [GetResourceInput, GetResourceOutput];
  'iam:GetAccountAuthorizationDetails': [GetAccountAuthorizationDetailsRequest, GetAccountAuthorizationDetailsResponse];
  'rds:DescribeDBInstances': [DescribeDBInstancesMessage, DBInstanceMessage];
  'rds:DescribeDBParameters': [DescribeDBParametersMessage, DBParameterGroupDetails];
  'ec2:DescribeVpcs': [ec2.DescribeVpcsRequest, ec2.DescribeVpcsResult];
  'ec2:DescribeSubnets': [ec2.DescribeSubnetsRequest, ec2.DescribeSubnetsResult];
  'ec2:DescribeSecurityGroups': [ec2.DescribeSecurityGroupsRequest, ec2.DescribeSecurityGroupsResult];
  'ec2:DescribeRouteTables': [ec2.DescribeRouteTablesRequest, ec2.DescribeRouteTablesResult];
  'ec2:DescribeNetworkAcls': [ec2.DescribeNetworkAclsRequest, ec2.DescribeNetworkAclsResult];
  'ec2:DescribeVpcEndpoints': [ec2.DescribeVpcEndpointsRequest, ec2.DescribeVpcEndpointsResult];
  'ec2:DescribeVpcPeeringConnections': [ec2.DescribeVpcPeeringConnectionsRequest, ec2.DescribeVpcPeeringConnectionsResult];
  'ec2:DescribeTransitGatewayVpcAttachments': [ec2.DescribeTransitGatewayVpcAttachmentsRequest, ec2.DescribeTransitGatewayVpcAttachmentsResult];
  'ec2:DescribeInternetGateways': [ec2.DescribeInternetGatewaysRequest, ec2.DescribeInternetGatewaysResult];
  'ec2:DescribeEgressOnlyInternetGateways': [ec2.DescribeEgressOnlyInternetGatewaysRequest, ec2.DescribeEgressOnlyInternetGatewaysResult];
  'ec2:DescribeVpnGateways': [ec2.DescribeVpnGatewaysRequest, ec2.DescribeVpnGatewaysResult];
  'ec2:DescribeInstanceConnectEndpoints': [ec2.DescribeInstanceConnectEndpointsRequest, ec2.DescribeInstanceConnectEndpointsResult];
  'ec2:DescribeInstances': [ec2.DescribeInstancesRequest, ec2.DescribeInstancesResult];
}

export type Call = keyof Calls;

/** What live reading needs of the world around it; tests bring their own. */
export interface World {
  ask<C extends Call>(call: C, input: Calls[C][0]): Promise<Calls[C][1]>;
  /** Milliseconds. */
  wait(time: number): Promise<void>;
  /** From 0 to 1. */
  random(): number;
}
