import type * as ec2 from '@aws-sdk/client-ec2';
import type { Call, Calls } from './calls';
import type { Answer, Asking } from './asking';

/** Everything in some networks that decides who can connect to whom, as EC2 returns it. */
export interface AccountNetwork {
  readonly vpcs: readonly ec2.Vpc[];
  readonly subnets: readonly ec2.Subnet[];
  readonly groups: readonly ec2.SecurityGroup[];
  readonly tables: readonly ec2.RouteTable[];
  readonly acls: readonly ec2.NetworkAcl[];
  readonly endpoints: readonly ec2.VpcEndpoint[];
  readonly peerings: readonly ec2.VpcPeeringConnection[];
  readonly transits: readonly ec2.TransitGatewayVpcAttachment[];
  readonly internet: readonly ec2.InternetGateway[];
  readonly egressOnly: readonly ec2.EgressOnlyInternetGateway[];
  readonly vpns: readonly ec2.VpnGateway[];
  readonly connectEndpoints: readonly ec2.Ec2InstanceConnectEndpoint[];
  readonly instances: readonly ec2.Instance[];
  /** Calls that got no answer, with the reason; what they list is empty here. */
  readonly unseen: readonly { readonly list: keyof Omit<AccountNetwork, 'unseen'>; readonly why: string }[];
}

type Listing = Exclude<keyof AccountNetwork, 'unseen'>;

/** Reads the networks whole, so that what was added by hand is there too. */
export async function accountNetwork(asking: Asking, vpcs: readonly string[]): Promise<AccountNetwork> {
  const unseen: { list: Listing; why: string }[] = [];
  const list = async <C extends Call, Item>(name: Listing, call: C, filter: string | undefined, items: (page: Calls[C][1]) => readonly Item[] | undefined): Promise<readonly Item[]> => {
    if (vpcs.length === 0) return [];
    const input = (filter === undefined ? {} : { Filters: [{ Name: filter, Values: [...vpcs] }] }) as Calls[C][0];
    const answer: Answer<readonly Item[]> = await asking.all(call, input, items, (page) => {
      const { NextToken } = page as { NextToken?: string };
      return NextToken ? { NextToken } as Partial<Calls[C][0]> : undefined;
    });
    if (answer.do === 'seen') return answer.output;
    unseen.push({ list: name, why: answer.do === 'unseen' ? answer.why : `${call} found nothing` });
    return [];
  };
  const [networks, subnets, groups, tables, acls, endpoints, requested, accepted, transits, internet, egressOnly, vpns, connectEndpoints, instances] = await Promise.all([
    list('vpcs', 'ec2:DescribeVpcs', 'vpc-id', ({ Vpcs }) => Vpcs),
    list('subnets', 'ec2:DescribeSubnets', 'vpc-id', ({ Subnets }) => Subnets),
    list('groups', 'ec2:DescribeSecurityGroups', 'vpc-id', ({ SecurityGroups }) => SecurityGroups),
    list('tables', 'ec2:DescribeRouteTables', 'vpc-id', ({ RouteTables }) => RouteTables),
    list('acls', 'ec2:DescribeNetworkAcls', 'vpc-id', ({ NetworkAcls }) => NetworkAcls),
    list('endpoints', 'ec2:DescribeVpcEndpoints', 'vpc-id', ({ VpcEndpoints }) => VpcEndpoints),
    list('peerings', 'ec2:DescribeVpcPeeringConnections', 'requester-vpc-info.vpc-id', ({ VpcPeeringConnections }) => VpcPeeringConnections),
    list('peerings', 'ec2:DescribeVpcPeeringConnections', 'accepter-vpc-info.vpc-id', ({ VpcPeeringConnections }) => VpcPeeringConnections),
    list('transits', 'ec2:DescribeTransitGatewayVpcAttachments', 'vpc-id', ({ TransitGatewayVpcAttachments }) => TransitGatewayVpcAttachments),
    list('internet', 'ec2:DescribeInternetGateways', 'attachment.vpc-id', ({ InternetGateways }) => InternetGateways),
    // This one has no filter for networks.
    list('egressOnly', 'ec2:DescribeEgressOnlyInternetGateways', undefined, ({ EgressOnlyInternetGateways }) => EgressOnlyInternetGateways),
    list('vpns', 'ec2:DescribeVpnGateways', 'attachment.vpc-id', ({ VpnGateways }) => VpnGateways),
    list('connectEndpoints', 'ec2:DescribeInstanceConnectEndpoints', 'vpc-id', ({ InstanceConnectEndpoints }) => InstanceConnectEndpoints),
    list('instances', 'ec2:DescribeInstances', 'vpc-id', ({ Reservations }) => Reservations?.flatMap(({ Instances }) => Instances ?? [])),
  ]);
  const peerings = [...new Map([...requested, ...accepted].map((peering) => [peering.VpcPeeringConnectionId, peering])).values()];
  return { vpcs: networks, subnets, groups, tables, acls, endpoints, peerings, transits, internet, egressOnly, vpns, connectEndpoints, instances, unseen };
}
