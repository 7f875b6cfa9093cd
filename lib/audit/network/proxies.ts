import type { Resource } from '../model';
import type { Listener } from './databases';
import { append, listOf, textOf, type Facts } from './facts';
import type { Places } from './places';
import type { Relay } from './relays';

/** RDS proxies. An endpoint that is read-only leads to readers, never to the instance that takes writes. */
export function proxiesOf(facts: Facts, places: Places): readonly Relay[] {
  const proxies = facts.ofType('AWS::RDS::DBProxy');
  const proxyOf = (resource: Resource): Resource | undefined => facts.named('AWS::RDS::DBProxy', 'DBProxyName', resource.properties.DBProxyName);
  const targets = new Map<string, Resource[]>();
  const doors = new Map<string, Resource[]>();
  for (const [types, map] of [['AWS::RDS::DBProxyTargetGroup', targets], ['AWS::RDS::DBProxyEndpoint', doors]] as const) {
    for (const resource of facts.ofType(types)) {
      const id = proxyOf(resource)?.id ?? '';
      append(map, id, resource);
    }
  }
  return proxies.map((proxy): Relay => {
    const { EngineFamily: family } = proxy.properties;
    const ports = family === 'POSTGRESQL' ? [5432] : family === 'MYSQL' ? [3306] : ('unknown' as const);
    const entrance = ({ id, properties }: Resource): Listener => {
      const place = places.at(id, facts.name(id), properties.VpcSubnetIds, properties.VpcSecurityGroupIds);
      return { ...place, vpc: place.vpc ?? '', ports, groups: place.wears[0]!, public: properties.EndpointNetworkType === 'IPV6' ? 'maybe' : 'no' };
    };
    const own = entrance(proxy);
    const writable = (doors.get(proxy.id) ?? []).filter(({ properties }) => properties.TargetRole !== 'READ_ONLY');
    return {
      id: proxy.id,
      name: own.name,
      entrances: [own, ...writable.map(entrance)],
      exit: { ...own, wears: [own.groups] },
      targets: (targets.get(proxy.id) ?? []).flatMap(({ id, properties }) =>
        [
          ...listOf(properties.DBInstanceIdentifiers).map((value) => ['AWS::RDS::DBInstance', 'DBInstanceIdentifier', value] as const),
          ...listOf(properties.DBClusterIdentifiers).map((value) => ['AWS::RDS::DBCluster', 'DBClusterIdentifier', value] as const),
        ].map(([type, property, value]) => ({
          target: { is: 'resource' as const, key: facts.named(type, property, value)?.id ?? facts.key(value) },
          by: `proxy ${own.name} passes connections on to ${facts.name(facts.named(type, property, value)?.id ?? textOf(value) ?? '')}`,
          source: id,
        })),
      ),
    };
  });
}

