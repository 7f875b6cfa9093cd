import type { Resource } from '../model';
import { hasUnknown, readable } from '../text';
import { parseBlock } from './addresses';
import { addressKey, type Listener } from './databases';
import { append, at, listOf, textOf, type Facts, type Key } from './facts';
import type { Places } from './places';
import { portOf, type Ports } from './ports';
import type { Relay, RelayTarget } from './relays';

const resourceType = (name: string): string => `AWS::VpcLattice::${name}`;

/**
 * VPC Lattice resource configurations: what is behind a resource gateway, reached through an endpoint of the configuration
 * or of a service network that has it, or from a network that is associated with such a service network.
 */
export function latticeOf(facts: Facts, places: Places): readonly Relay[] {
  const configurations = facts.ofType(resourceType('ResourceConfiguration'));
  const doors = new Map<Key, Resource[]>();
  const addDoor = (configuration: Key, door: Resource): void => {
    append(doors, configuration, door);
  };
  const networks = new Map<Key, Key[]>();
  for (const { properties } of facts.ofType(resourceType('ServiceNetworkResourceAssociation'))) {
    const network = facts.key(properties.ServiceNetworkId);
    append(networks, network, facts.key(properties.ResourceConfigurationId));
  }
  for (const endpoint of facts.ofType('AWS::EC2::VPCEndpoint')) {
    const { ResourceConfigurationArn: one, ServiceNetworkArn: many } = endpoint.properties;
    if (one !== undefined) addDoor(facts.key(one), endpoint);
    for (const configuration of many === undefined ? [] : networks.get(facts.key(many)) ?? []) addDoor(configuration, endpoint);
  }
  for (const association of facts.ofType(resourceType('ServiceNetworkVpcAssociation'))) {
    for (const configuration of networks.get(facts.key(association.properties.ServiceNetworkIdentifier)) ?? []) addDoor(configuration, association);
  }
  return [...configurations.map(relay), ...elsewhere()];

  function relay(configuration: Resource): Relay {
    const { id, properties } = configuration;
    const gatewayKey = facts.key(properties.ResourceGatewayId ?? groupOf(configuration)?.properties.ResourceGatewayId);
    const gateway = facts.get(gatewayKey);
    const own = gateway && places.at(gateway.id, facts.name(gateway.id), gateway.properties.SubnetIds, gateway.properties.SecurityGroupIds, gateway.properties.VpcIdentifier);
    const ports = portsOf(configuration);
    const group = groupOf(configuration);
    const entrances = [...(doors.get(id) ?? []), ...(group ? doors.get(group.id) ?? [] : [])].map((door) => entrance(door, ports));
    return {
      id,
      name: facts.name(id),
      entrances,
      exit: own,
      targets: [{
        ...targetOf(properties, ports),
        by: `resource configuration ${facts.name(id)} leads${gateway ? ` through ${facts.name(gatewayKey)}` : ''} to ${whereTo(properties)}`,
        source: id,
        ...(gateway || at(properties.ResourceConfigurationDefinition, 'ArnResource') !== undefined || properties.ResourceConfigurationType === 'ARN' ? {} : { assuming: `where ${facts.name(gatewayKey) || 'its resource gateway'} stands` }),
      }],
    };
  }

  function entrance(door: Resource, ports: Ports): Listener {
    const { id, properties } = door;
    const place = places.at(id, facts.name(id), properties.SubnetIds, properties.SecurityGroupIds, properties.VpcId ?? properties.VpcIdentifier);
    const groups = properties.SecurityGroupIds === undefined && door.type !== 'AWS::EC2::VPCEndpoint' ? [] : place.wears[0]!;
    return { id, name: place.name, ports, groups, subnets: place.subnets, vpc: place.vpc ?? '', public: 'no' };
  }

  function groupOf({ properties }: Resource): Resource | undefined {
    return facts.get(facts.key(properties.ResourceConfigurationGroupId));
  }

  /** Endpoints of configurations and service networks that are not in the assembly. */
  function elsewhere(): Relay[] {
    return facts.ofType('AWS::EC2::VPCEndpoint').flatMap((endpoint) => {
      const value = endpoint.properties.ResourceConfigurationArn ?? endpoint.properties.ServiceNetworkArn;
      if (value === undefined || facts.get(facts.key(value))) return [];
      const what = readable(textOf(value) ?? '');
      return [{
        id: endpoint.id, name: facts.name(endpoint.id), entrances: [entrance(endpoint, 'unknown')], exit: undefined,
        targets: [{ target: { is: 'unknown' as const, what }, by: `endpoint ${facts.name(endpoint.id)} leads to ${what}`, source: endpoint.id }],
      }];
    });
  }

  function targetOf(properties: Resource['properties'], ports: Ports): Pick<RelayTarget, 'target'> {
    const definition = properties.ResourceConfigurationDefinition;
    const [name, address, arn] = [at(definition, 'DnsResource', 'DomainName'), at(definition, 'IpResource'), at(definition, 'ArnResource')];
    if (typeof definition === 'string') return { target: { is: 'unknown', what: readable(definition) } };
    if (arn !== undefined) return { target: facts.get(facts.key(arn)) || !hasUnknown(textOf(arn) ?? '') ? { is: 'resource', key: facts.key(arn) } : { is: 'unknown', what: readable(textOf(arn) ?? '') } };
    const block = parseBlock(textOf(address) ?? '');
    if (block) return { target: { is: 'addresses', block, ports } };
    // A group leads nowhere itself; its members say where.
    if (name === undefined && address === undefined) return { target: { is: 'name', address: '' } };
    if (name === undefined || hasUnknown(textOf(name) ?? '')) return { target: { is: 'unknown', what: readable(textOf(name ?? address) ?? '') } };
    return { target: { is: 'name', address: addressKey(facts, name) } };
  }

  function whereTo(properties: Resource['properties']): string {
    const definition = properties.ResourceConfigurationDefinition;
    const value = at(definition, 'DnsResource', 'DomainName') ?? at(definition, 'IpResource') ?? at(definition, 'ArnResource');
    const reference = facts.refer(textOf(value) ?? '');
    return reference ? facts.name(reference.resource.id) : readable(textOf(value) ?? 'its members');
  }
}

function portsOf({ properties }: Resource): Ports {
  const ranges = listOf(properties.PortRanges).map((range) => portOf(range));
  return ranges.length > 0 && ranges.every((port) => port !== undefined) ? ranges : 'unknown';
}
