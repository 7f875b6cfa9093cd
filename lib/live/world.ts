import type { Call, Calls, World } from './calls';

/** Retries are made by `asking.ts`, which waits longer than the SDK would. */
const client = { maxAttempts: 1, requestHandler: { connectionTimeout: 3_000, requestTimeout: 30_000, throwOnRequestTimeout: true } };

/** The real AWS, with the credentials that the AWS CLI would use. The clients are loaded here, since other commands need none. */
export async function awsWorld(region: string | undefined): Promise<World> {
  // The SDK's notice about future versions of Node.js is for those who maintain the kit, not for those who use it.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const [cloudFormation, cloudControl, ec2, iam, rds] = await Promise.all([
    import('@aws-sdk/client-cloudformation'), import('@aws-sdk/client-cloudcontrol'), import('@aws-sdk/client-ec2'), import('@aws-sdk/client-iam'), import('@aws-sdk/client-rds'),
  ]);
  const stacks = new cloudFormation.CloudFormationClient({ ...client, region });
  // One look for credentials, which may take a while where there are none.
  const shared = { ...client, region, credentials: stacks.config.credentials };
  const [resources, network, identities, databases] = [
    new cloudControl.CloudControlClient(shared), new ec2.EC2Client(shared), new iam.IAMClient(shared), new rds.RDSClient(shared),
  ];
  const calls: { readonly [C in Call]: (input: Calls[C][0]) => Promise<Calls[C][1]> } = {
    'cloudformation:DescribeStacks': (input) => stacks.send(new cloudFormation.DescribeStacksCommand(input)),
    'cloudformation:GetTemplate': (input) => stacks.send(new cloudFormation.GetTemplateCommand(input)),
    'cloudformation:ListStackResources': (input) => stacks.send(new cloudFormation.ListStackResourcesCommand(input)),
    'cloudformation:GetResource': (input) => resources.send(new cloudControl.GetResourceCommand(input)),
    'iam:GetAccountAuthorizationDetails': (input) => identities.send(new iam.GetAccountAuthorizationDetailsCommand(input)),
    'rds:DescribeDBInstances': (input) => databases.send(new rds.DescribeDBInstancesCommand(input)),
    'rds:DescribeDBParameters': (input) => databases.send(new rds.DescribeDBParametersCommand(input)),
    'ec2:DescribeVpcs': (input) => network.send(new ec2.DescribeVpcsCommand(input)),
    'ec2:DescribeSubnets': (input) => network.send(new ec2.DescribeSubnetsCommand(input)),
    'ec2:DescribeSecurityGroups': (input) => network.send(new ec2.DescribeSecurityGroupsCommand(input)),
    'ec2:DescribeRouteTables': (input) => network.send(new ec2.DescribeRouteTablesCommand(input)),
    'ec2:DescribeNetworkAcls': (input) => network.send(new ec2.DescribeNetworkAclsCommand(input)),
    'ec2:DescribeVpcEndpoints': (input) => network.send(new ec2.DescribeVpcEndpointsCommand(input)),
    'ec2:DescribeVpcPeeringConnections': (input) => network.send(new ec2.DescribeVpcPeeringConnectionsCommand(input)),
    'ec2:DescribeTransitGatewayVpcAttachments': (input) => network.send(new ec2.DescribeTransitGatewayVpcAttachmentsCommand(input)),
    'ec2:DescribeInternetGateways': (input) => network.send(new ec2.DescribeInternetGatewaysCommand(input)),
    'ec2:DescribeEgressOnlyInternetGateways': (input) => network.send(new ec2.DescribeEgressOnlyInternetGatewaysCommand(input)),
    'ec2:DescribeVpnGateways': (input) => network.send(new ec2.DescribeVpnGatewaysCommand(input)),
    'ec2:DescribeInstanceConnectEndpoints': (input) => network.send(new ec2.DescribeInstanceConnectEndpointsCommand(input)),
    'ec2:DescribeInstances': (input) => network.send(new ec2.DescribeInstancesCommand(input)),
  };
  return {
    ask: (call, input) => calls[call](input),
    wait: (time) => new Promise((resolve) => { setTimeout(resolve, time); }),
    random: Math.random,
  };
}
