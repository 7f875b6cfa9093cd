import type { Resource } from '../model';
import { hasUnknown, isSymbolic, parts, readable } from '../text';
import type { Listener } from './databases';
import { listOf, textOf, type Facts } from './facts';
import type { Places } from './places';
import type { Relay, RelayTarget } from './relays';

/** Interface endpoints: of the RDS Data API, of endpoint services of the assembly, and of services that are not known. */
export function privateEndpointsOf(facts: Facts, places: Places): readonly Relay[] {
  return facts.ofType('AWS::EC2::VPCEndpoint').flatMap((endpoint): Relay[] => {
    const targets = targetsOf(endpoint);
    return targets.length === 0 ? [] : [{ id: endpoint.id, name: facts.name(endpoint.id), entrances: [entrance(endpoint)], exit: undefined, targets }];
  });

  function entrance({ id, properties }: Resource): Listener {
    const place = places.at(id, facts.name(id), properties.SubnetIds, properties.SecurityGroupIds, properties.VpcId);
    const service = serviceOf(properties);
    return { id, name: place.name, ports: service === 'rds-data' ? [443] : 'unknown', groups: place.wears[0]!, subnets: place.subnets, vpc: place.vpc ?? '', public: 'no' };
  }

  function targetsOf(endpoint: Resource): RelayTarget[] {
    const { id, properties } = endpoint;
    const name = textOf(properties.ServiceName);
    if (name === undefined || textOf(properties.VpcEndpointType) === 'Gateway') return [];
    const by = `endpoint ${facts.name(id)} leads to`;
    const reference = facts.refer(name);
    if (reference?.resource.type === 'AWS::EC2::VPCEndpointService') {
      return listOf(reference.resource.properties.NetworkLoadBalancerArns).map((value) => ({
        target: { is: 'resource', key: facts.key(value) }, by: `${by} ${facts.name(facts.key(value))}`, source: id,
      }));
    }
    if (serviceOf(properties) === 'rds-data') {
      return [{ target: { is: 'data-api' }, by: `${by} the RDS Data API`, source: id }];
    }
    if (/\bvpce-svc-/.test(name) || hasUnknown(serviceOf(properties))) {
      return [{ target: { is: 'unknown', what: readable(name) }, by: `${by} ${readable(name)}`, source: id }];
    }
    return [];
  }
}

/** The part of a service's name after the Region: `rds-data`. */
export function serviceOf(properties: Resource['properties']): string {
  const literal = parts(textOf(properties.ServiceName) ?? '').map((part) => (isSymbolic(part) && !hasUnknown(part) ? 'symbol' : part)).join('');
  return literal.replace(/^(?:com|cn\.com)\.amazonaws\.(?:\uE000[^\uE001]*\uE001|[^.]*)\./, '');
}
