import type { Call } from './calls';
import { READABLE } from './readable-types';

/** Whatever `Calls` names; the compiler sees that none is missing. */
const CALLS: { readonly [C in Call]: true } = {
  'cloudformation:DescribeStacks': true, 'cloudformation:GetTemplate': true, 'cloudformation:ListStackResources': true, 'cloudformation:GetResource': true,
  'iam:GetAccountAuthorizationDetails': true, 'rds:DescribeDBInstances': true, 'rds:DescribeDBParameters': true,
  'ec2:DescribeVpcs': true, 'ec2:DescribeSubnets': true, 'ec2:DescribeSecurityGroups': true, 'ec2:DescribeRouteTables': true, 'ec2:DescribeNetworkAcls': true,
  'ec2:DescribeVpcEndpoints': true, 'ec2:DescribeVpcPeeringConnections': true, 'ec2:DescribeTransitGatewayVpcAttachments': true, 'ec2:DescribeInternetGateways': true,
  'ec2:DescribeEgressOnlyInternetGateways': true, 'ec2:DescribeVpnGateways': true, 'ec2:DescribeInstanceConnectEndpoints': true, 'ec2:DescribeInstances': true,
};

/** Every permission that a live audit uses: its own calls, and those that the Cloud Control API makes for it. */
export function neededActions(): readonly string[] {
  return [...new Set([...Object.keys(CALLS), ...Object.values(READABLE).flatMap(({ actions }) => actions)])].sort();
}

/** Writes an IAM policy for whoever runs a live audit. It reads settings, and the value of no secret. */
export function callerPolicy(): object {
  return {
    Version: '2012-10-17',
    Statement: [
      // Lists of an account or a Region take no narrower resource.
      { Sid: 'AuditReadsSettings', Effect: 'Allow', Action: neededActions(), Resource: '*' },
      { Sid: 'AuditReadsNoSecrets', Effect: 'Deny', Action: ['secretsmanager:GetSecretValue', 'secretsmanager:BatchGetSecretValue', 'ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParametersByPath'], Resource: '*' },
    ],
  };
}
