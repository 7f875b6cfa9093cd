import type { Resource, Value } from '../model';
import { readable } from '../text';
import { parseBlock } from './addresses';
import type { Listener } from './databases';
import { append, at, listOf, textOf, type Facts, type Key } from './facts';
import { INTERNET, type Places } from './places';
import { portOf, type Ports } from './ports';
import type { Relay, RelayTarget } from './relays';

const [BALANCER, LISTENER, TARGETS] = ['LoadBalancer', 'Listener', 'TargetGroup'].map((name) => `AWS::ElasticLoadBalancingV2::${name}`) as [string, string, string];

/**
 * Network load balancers and what they pass TCP on to. Application load balancers speak HTTP to their targets, which no
 * database understands; an instance behind either is reached as an instance.
 */
export function loadBalancersOf(facts: Facts, places: Places): readonly Relay[] {
  const listeners = new Map<Key, Resource[]>();
  for (const listener of facts.ofType(LISTENER)) {
    const balancer = facts.key(listener.properties.LoadBalancerArn);
    append(listeners, balancer, listener);
  }
  return facts.ofType(BALANCER).filter(({ properties }) => textOf(properties.Type) === 'network').map((balancer): Relay => {
    const { id, properties } = balancer;
    const name = facts.name(id);
    const groups = listOf(properties.SecurityGroups);
    const subnets = properties.Subnets ?? listOf(properties.SubnetMappings).flatMap((mapping) => at(mapping, 'SubnetId') ?? []);
    const place = places.at(id, name, subnets, properties.SecurityGroups);
    const worn = groups.length > 0 ? place.wears[0]! : [];
    const own = listeners.get(id) ?? [];
    const scheme = textOf(properties.Scheme);
    const entrance: Listener = {
      id,
      name,
      ports: portsOf(own),
      groups: worn,
      subnets: place.subnets,
      vpc: place.vpc ?? INTERNET.id,
      public: scheme === undefined || scheme === 'internet-facing' ? 'yes' : scheme === 'internal' ? 'no' : 'maybe',
    };
    return { id, name, entrances: own.length > 0 ? [entrance] : [], exit: { ...place, wears: [worn] }, targets: own.flatMap((listener) => targetsOf(listener, name)) };
  });

  function targetsOf(listener: Resource, name: string): RelayTarget[] {
    return listOf(listener.properties.DefaultActions)
      .flatMap((action) => [at(action, 'TargetGroupArn'), ...listOf(at(action, 'ForwardConfig', 'TargetGroups')).map((group) => at(group, 'TargetGroupArn'))])
      .filter((value) => value !== undefined)
      .flatMap((value) => groupTargets(value, name));
  }

  function groupTargets(value: Value, name: string): RelayTarget[] {
    const group = facts.get(facts.key(value));
    const by = `load balancer ${name} passes connections on to`;
    if (group?.type !== TARGETS) return [{ target: { is: 'unknown', what: readable(textOf(value) ?? '') }, by: `${by} an unknown target group`, source: facts.key(value) }];
    const { id, properties } = group;
    return listOf(properties.Targets).map((entry): RelayTarget => {
      const target = at(entry, 'Id') ?? entry;
      const text = textOf(target) ?? '';
      const block = parseBlock(text);
      const port = portOf(at(entry, 'Port') ?? properties.Port);
      if (block) {
        return { target: { is: 'addresses', block, ports: port === undefined ? 'unknown' : [port] }, by: `${by} ${text}`, source: id };
      }
      const resource = facts.get(facts.key(target));
      // Addresses come from lookups (`u:`) or from attributes of custom resources and the like.
      if (!resource || !KNOWN_TARGETS.includes(resource.type)) {
        return { target: { is: 'unknown', what: readable(text) }, by: `${by} ${readable(text)}`, source: id };
      }
      return { target: { is: 'resource', key: resource.id }, by: `${by} ${facts.name(resource.id)}`, source: id };
    });
  }
}

const KNOWN_TARGETS = ['AWS::EC2::Instance', BALANCER, 'AWS::Lambda::Function'];

function portsOf(listeners: readonly Resource[]): Ports {
  const ports = listeners.map(({ properties }) => portOf(properties.Port));
  return ports.every((port) => port !== undefined) ? ports : 'unknown';
}
