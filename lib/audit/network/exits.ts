import type { Step } from '../model';
import { same, type Facts, type Key } from './facts';
import type { Place } from './places';
import type { Groups } from './security-groups';
import type { Subnets } from './subnets';
import { serviceOf } from './private-endpoints';

/**
 * Everything by which a network could exchange packets with another one, whether or not anything listens there: routes
 * beyond the network, peerings, gateways, attachments, and endpoints to what others offer. Empty for an isolated network.
 */
export function exitsOf(facts: Facts, groups: Groups, subnets: Subnets, vpc: Key): readonly Step[] {
  const name = facts.name(vpc);
  const routes = subnets.ofVpc(vpc).flatMap((subnet) =>
    (subnet.routes ?? []).map((route): Step => ({
      from: subnet.key, to: route.key, by: `${facts.name(subnet.key)} has a route ${route.destination} through ${facts.name(route.key)}`, source: route.source,
    })));
  const attached = Object.entries(ATTACHING).flatMap(([type, { properties, what }]) =>
    facts.ofType(type)
      .filter((resource) => properties.some((property) => resource.properties[property] !== undefined && same(facts.key(resource.properties[property]), vpc) === 'yes'))
      .map((resource): Step => ({ from: vpc, to: resource.id, by: `${name} has ${what} ${facts.name(resource.id)}`, source: resource.id })));
  const shared = groups.inVpc(vpc).flatMap((key) => {
    const { vpcs } = groups.get(key);
    return vpcs.filter((other) => other !== vpc).map((other): Step => ({
      from: vpc, to: other, by: `security group ${facts.name(key)} is worn in ${name} and in ${facts.name(other)}`, source: key,
    }));
  });
  return [...routes, ...attached, ...shared];
}

const ATTACHING: Readonly<Record<string, { readonly properties: readonly string[]; readonly what: string }>> = {
  'AWS::EC2::VPCPeeringConnection': { properties: ['VpcId', 'PeerVpcId'], what: 'the peering' },
  'AWS::EC2::TransitGatewayAttachment': { properties: ['VpcId'], what: 'the transit gateway attachment' },
  'AWS::EC2::TransitGatewayVpcAttachment': { properties: ['VpcId'], what: 'the transit gateway attachment' },
  'AWS::EC2::VPCGatewayAttachment': { properties: ['VpcId'], what: 'the gateway' },
  'AWS::EC2::EgressOnlyInternetGateway': { properties: ['VpcId'], what: 'the gateway' },
  'AWS::NetworkManager::VpcAttachment': { properties: ['VpcArn'], what: 'the core network attachment' },
  'AWS::VpcLattice::ServiceNetworkVpcAssociation': { properties: ['VpcIdentifier'], what: 'the service network association' },
};

/** An interface endpoint that a place has in its network, with the service behind it. */
export interface ServiceEndpoint {
  readonly id: string;
  /** E.g. `rds-data`, `secretsmanager`; the whole name where it is not one of AWS. */
  readonly service: string;
}

/** The services that have an endpoint in a network. Whether a place may connect to it is a matter of security groups. */
export function serviceEndpointsOf(facts: Facts, place: Place): readonly ServiceEndpoint[] {
  return facts.ofType('AWS::EC2::VPCEndpoint')
    .filter(({ properties }) => properties.ServiceName !== undefined && place.vpc !== undefined && same(facts.key(properties.VpcId), place.vpc) === 'yes')
    .map(({ id, properties }) => ({ id, service: serviceOf(properties) }));
}
