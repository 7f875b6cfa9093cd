import { Aws, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { FlowLogDestination, FlowLogTrafficType, IpAddresses, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { accept, OUTSIDE_VPC } from './accepted-findings';
import { ServiceRole } from './service-role';

export interface IsolatedVpcProps {
  /** An IPv4 CIDR block of /16 to /24. */
  readonly cidr: string;
  /** Names of the subnet groups; each gets a subnet in two Availability Zones, as an RDS subnet group needs. */
  readonly subnetGroups: readonly string[];
  /** Encrypts the flow log. */
  readonly encryptionKey: IKey;
  /** @default one year */
  readonly flowLogRetention?: RetentionDays;
}

/**
 * A network with no way out: isolated subnets only, no internet or NAT gateway, no peering, a default security group
 * without rules, and a record of all traffic.
 */
export class IsolatedVpc extends Construct {
  readonly vpc: Vpc;

  constructor(scope: Construct, id: string, props: IsolatedVpcProps) {
    super(scope, id);
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(props.cidr),
      maxAzs: 2,
      natGateways: 0,
      createInternetGateway: false,
      restrictDefaultSecurityGroup: true,
      subnetConfiguration: props.subnetGroups.map((name) => ({ name, subnetType: SubnetType.PRIVATE_ISOLATED })),
    });
    const closesDefaultGroup = Stack.of(this).node.tryFindChild('Custom::VpcRestrictDefaultSGCustomResourceProvider');
    if (closesDefaultGroup) accept(closesDefaultGroup, OUTSIDE_VPC);
    const logGroup = new LogGroup(this, 'FlowLog', {
      encryptionKey: props.encryptionKey,
      retention: props.flowLogRetention ?? RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const writer = new ServiceRole(this, 'FlowLogWriter', {
      assumedBy: new ServicePrincipal('vpc-flow-logs.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      description: 'Writes the record of traffic of an isolated network',
      statements: [
        new PolicyStatement({
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
          resources: [logGroup.logGroupArn],
        }),
      ],
    });
    this.vpc.addFlowLog('Traffic', {
      destination: FlowLogDestination.toCloudWatchLogs(logGroup, writer.role),
      trafficType: FlowLogTrafficType.ALL,
    });
  }
}
