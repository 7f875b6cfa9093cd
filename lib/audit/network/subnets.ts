import type { Resource, Value } from '../model';
import { hasUnknown, readable } from '../text';
import { type Block } from './addresses';
import { append, listOf, same, textOf, type Facts, type Key } from './facts';
import { blockOf, prefixList } from './security-groups';

/** Where a route leads. */
export type Gateway = 'internet' | 'peering' | 'transit' | 'elsewhere' | 'appliance';

export interface Route {
  readonly gateway: Gateway;
  /** The gateway. */
  readonly key: Key;
  /** Where it leads to; nothing when that is not known. */
  readonly block: Block | undefined;
  readonly destination: string;
  readonly source: string;
}

export interface Subnet {
  readonly key: Key;
  readonly vpc: Key;
  /** Nothing when they are not known. */
  readonly blocks: readonly Block[] | undefined;
  /** Those beyond the network itself; nothing when they are not known. */
  readonly routes: readonly Route[] | undefined;
}

export interface Subnets {
  get(key: Key): Subnet;
  /** The subnets of a network; where the assembly has none of it, one that stands for any. */
  ofVpc(vpc: Key): readonly Subnet[];
  routesOf(table: Key): readonly Route[];
}

export function subnetsOf(facts: Facts): Subnets {
  const routes = routesByTable(facts);
  const tableOf = new Map(
    facts.ofType('AWS::EC2::SubnetRouteTableAssociation').map(({ properties }) => [facts.key(properties.SubnetId), facts.key(properties.RouteTableId)]),
  );
  // A table of which the template does not tell whose it is may be that of any subnet without one.
  const looseTables = [...tableOf.keys()].some(hasUnknown);
  const subnets = new Map<Key, Subnet>();
  const byVpc = new Map<Key, Subnet[]>();
  for (const resource of facts.ofType('AWS::EC2::Subnet')) {
    const { id, properties } = resource;
    const vpc = facts.key(properties.VpcId);
    const table = tableOf.get(id);
    // A subnet without a table uses its network's main one, which in a network of the assembly has the local route alone.
    const known = table === undefined ? !looseTables && facts.get(vpc) !== undefined : facts.get(table) !== undefined;
    const subnet = { key: id, vpc, blocks: blocksOf(facts, resource), routes: known ? routes.get(table ?? '') ?? [] : undefined };
    subnets.set(id, subnet);
    append(byVpc, vpc, subnet);
  }
  return {
    get: (key) => subnets.get(key) ?? { key, vpc: '', blocks: undefined, routes: undefined },
    ofVpc: (vpc) => byVpc.get(vpc) ?? [anySubnetOf(facts, vpc)],
    routesOf: (table) => routes.get(table) ?? [],
  };
}

/** Stands for the subnets of a network of which the assembly has none. */
function anySubnetOf(facts: Facts, vpc: Key): Subnet {
  const network = facts.get(vpc);
  const block = network && blockOf(facts, network.properties.CidrBlock);
  return { key: `a subnet of ${facts.name(vpc)}`, vpc, blocks: block && [block], routes: network && [] };
}

function blocksOf(facts: Facts, { properties }: Resource): readonly Block[] | undefined {
  const blocks = [properties.CidrBlock, properties.Ipv6CidrBlock].filter((value) => value !== undefined).map((value) => blockOf(facts, value));
  const found = blocks.filter((block) => block !== undefined);
  return found.length === blocks.length && found.length > 0 ? found : undefined;
}

function routesByTable(facts: Facts): Map<Key, Route[]> {
  const tables = new Map<Key, Route[]>();
  const add = (table: Key, routes: readonly Route[]): void => {
    const there = tables.get(table);
    if (there) there.push(...routes);
    else tables.set(table, [...routes]);
  };
  for (const resource of facts.ofType('AWS::EC2::Route')) add(facts.key(resource.properties.RouteTableId), routeOf(facts, resource));
  for (const { id, properties } of facts.ofType('AWS::EC2::VPNGatewayRoutePropagation')) {
    const learnt: Route = { gateway: 'elsewhere', key: facts.key(properties.VpnGatewayId), block: undefined, destination: 'what the VPN announces', source: id };
    for (const table of listOf(properties.RouteTableIds)) add(facts.key(table), [learnt]);
  }
  return tables;
}

function routeOf(facts: Facts, { id, properties }: Resource): Route[] {
  const { DestinationCidrBlock: v4, DestinationIpv6CidrBlock: v6, DestinationPrefixListId: list } = properties;
  const { gateway, value } = gatewayOf(facts, properties);
  const route = { gateway, key: facts.key(value), source: id };
  if (list !== undefined) {
    return prefixList(facts, list).map((peer) => ({
      ...route,
      block: peer.is === 'block' ? peer.block : undefined,
      destination: peer.is === 'block' ? peer.block.text : peer.is === 'unknown' ? peer.what : '',
    }));
  }
  return [{ ...route, block: blockOf(facts, v4 ?? v6), destination: readable(textOf(v4 ?? v6) ?? 'an unknown destination') }];
}

const GATEWAYS: readonly (readonly [string, Gateway])[] = [
  ['VpcPeeringConnectionId', 'peering'],
  ['TransitGatewayId', 'transit'],
  ['NatGatewayId', 'internet'],
  ['EgressOnlyInternetGatewayId', 'internet'],
  ['CarrierGatewayId', 'internet'],
  ['VpcEndpointId', 'appliance'],
  ['InstanceId', 'appliance'],
  ['NetworkInterfaceId', 'appliance'],
  ['CoreNetworkArn', 'elsewhere'],
  ['LocalGatewayId', 'elsewhere'],
];

function gatewayOf(facts: Facts, properties: Resource['properties']): { gateway: Gateway; value: Value | undefined } {
  const written = GATEWAYS.find(([name]) => properties[name] !== undefined);
  if (written) return { gateway: written[1], value: properties[written[0]] };
  const value = properties.GatewayId;
  const key = facts.key(value);
  const internet = facts.get(key)?.type === 'AWS::EC2::InternetGateway' || key.startsWith('igw-');
  return { gateway: internet ? 'internet' : 'elsewhere', value };
}

/** Whether a route leads to any of the addresses. */
export function leadsTo(route: Route, blocks: readonly Block[] | undefined, overlap: (one: Block, other: Block) => boolean): 'yes' | 'no' | 'maybe' {
  if (!route.block) return 'maybe';
  if (route.block.last - route.block.first >= 2n ** 32n - 1n) return 'yes';
  if (!blocks) return 'maybe';
  return blocks.some((block) => overlap(route.block!, block)) ? 'yes' : 'no';
}

export const sameVpc = (one: Subnet, other: Subnet): 'yes' | 'no' | 'maybe' => same(one.vpc, other.vpc);
