import { EVERYTHING, overlaps, type Block } from './addresses';
import type { Listener } from './databases';
import { same, type Facts } from './facts';
import type { Place } from './places';
import { leadsTo, type Route, type Subnet, type Subnets } from './subnets';
import type { TransitGateways } from './transit-gateways';
import { along, assuming, best, FREE, step, type Way } from './way';

/** How packets get from one subnet to another and back. */
export interface Link {
  readonly way: Way;
  /** Nothing for the internet. */
  readonly source: Subnet | undefined;
  readonly target: Subnet;
  /** Addresses from which connections come; nothing when they are not known. */
  readonly sourceBlocks: readonly Block[] | undefined;
  readonly targetBlocks: readonly Block[] | undefined;
  /** Whether rules that name a security group of the other side count. */
  readonly references: 'yes' | 'no' | 'maybe';
  /** Whether connections come from public addresses that nobody knows beforehand. */
  readonly anybody: boolean;
}

export interface Links {
  between(from: Place, to: Listener): Iterable<Link>;
}

export function linksOf(facts: Facts, subnets: Subnets, transits: TransitGateways): Links {
  return {
    *between(from, to) {
      const targets = to.subnets.map((key) => placedIn(to.vpc, subnets.get(key)));
      if (from.vpc === undefined) {
        for (const target of targets) yield* overTheInternet(FREE, undefined, target, to);
        return;
      }
      for (const key of from.subnets) {
        const source = placedIn(from.vpc, subnets.get(key));
        for (const target of targets) yield* fromSubnet(source, target, to);
      }
    },
  };

  /** A subnet from elsewhere is in the network in which its place is said to be. */
  function placedIn(vpc: string, subnet: Subnet): Subnet {
    return subnet.vpc === '' ? { ...subnet, vpc } : subnet;
  }

  function* fromSubnet(source: Subnet, target: Subnet, to: Listener): Iterable<Link> {
    const inside = { source, target, sourceBlocks: source.blocks, targetBlocks: target.blocks, anybody: false };
    const together = whetherTogether(source, target, to);
    if (together !== 'no') {
      const way = together === 'yes' ? FREE : assuming(`whether ${to.name} is in ${facts.name(source.vpc) || 'the same network'}`);
      yield { ...inside, way, references: 'yes' };
      if (together === 'yes') return;
    }
    for (const route of source.routes ?? []) {
      if (route.gateway === 'internet') {
        const leaves = step(source.key, route.key, `route ${route.destination} through ${facts.name(route.key)}`, route.source);
        yield* overTheInternet(leaves, source, target, to);
        continue;
      }
      const way = over(route, source, target);
      if (way) yield { ...inside, way, references: route.gateway === 'peering' ? 'yes' : route.gateway === 'transit' ? 'maybe' : 'no' };
    }
    if (!source.routes) {
      const doubt = `the routes of ${facts.name(source.key)}`;
      if (goesBack(target)) yield { ...inside, way: assuming(doubt), references: 'maybe' };
      yield* overTheInternet(assuming(doubt), source, target, to);
    }
  }

  /** What is not in the assembly is in no network that the assembly makes. */
  function whetherTogether(source: Subnet, target: Subnet, to: Listener): 'yes' | 'no' | 'maybe' {
    if (target.vpc === '' && facts.get(source.vpc) && !facts.get(to.id)) return 'no';
    return same(source.vpc, target.vpc);
  }

  /** A connection needs a way back: something beyond the local route, or routes that are not known. */
  function goesBack(target: Subnet): boolean {
    return target.routes === undefined || target.routes.some(({ gateway }) => gateway !== 'internet');
  }

  function over(route: Route, source: Subnet, target: Subnet): Way | undefined {
    const there = leadsTo(route, target.blocks, overlaps);
    if (there === 'no' || route.gateway === 'internet') return undefined;
    const gateway = facts.name(route.key);
    const doubt = there === 'maybe' ? `whether ${route.destination} leads to ${facts.name(target.key)}` : undefined;
    const out = step(source.key, route.key, `route ${route.destination} through ${gateway}`, route.source, doubt);
    const back = wayBack(route, source, target);
    if (!back) return undefined;
    if (route.gateway === 'peering') return along(out, peered(route, source, target), back);
    if (route.gateway === 'transit') {
      return along(out, transits.carries(route.key, source.vpc, target.vpc, target.blocks), back);
    }
    return along(out, assuming(`where ${gateway} leads`), back);
  }

  function peered(route: Route, source: Subnet, target: Subnet): Way | undefined {
    const connection = facts.get(route.key);
    const doubt = (): Way => assuming(`which networks ${facts.name(route.key)} connects`);
    if (!connection) return doubt();
    const ends = [facts.key(connection.properties.VpcId), facts.key(connection.properties.PeerVpcId)];
    const matches = ends.map((end, index) => [same(end, source.vpc), same(ends[1 - index]!, target.vpc)]);
    const by = `peering ${facts.name(route.key)} joins ${facts.name(source.vpc)} and ${facts.name(target.vpc)}`;
    if (matches.some((both) => both.every((match) => match === 'yes'))) return step(route.key, target.vpc, by, route.key);
    return matches.some((both) => !both.includes('no')) ? doubt() : undefined;
  }

  function wayBack(route: Route, source: Subnet, target: Subnet): Way | undefined {
    if (!target.routes) return assuming(`the routes back from ${facts.name(target.key)}`);
    return best(target.routes.map((back) => {
      if (back.gateway === 'internet' || leadsTo(back, source.blocks, overlaps) === 'no') return undefined;
      if (route.gateway === 'peering' && back.gateway === 'peering' && same(route.key, back.key) === 'no') return undefined;
      if (route.gateway === 'peering' && back.gateway !== 'peering') return undefined;
      return step(target.vpc, source.key, `route back ${back.destination} through ${facts.name(back.key)}`, back.source,
        leadsTo(back, source.blocks, overlaps) === 'maybe' ? `whether ${back.destination} leads back to ${facts.name(source.key)}` : undefined);
    }));
  }

  function* overTheInternet(way: Way, source: Subnet | undefined, target: Subnet, to: Listener): Iterable<Link> {
    if (to.public === 'no') return;
    const door = target.routes ? target.routes.find(({ gateway }) => gateway === 'internet') : 'unknown';
    if (door === undefined) return;
    const public_ = to.public === 'maybe' ? assuming(`whether ${to.name} has a public address`) : step('internet', to.id, `${to.name} is publicly accessible`, to.id);
    const inward = door === 'unknown'
      ? assuming(`whether ${facts.name(target.key)} has an internet gateway`)
      : step('internet', target.key, `route ${door.destination} through ${facts.name(door.key)}`, door.source);
    const everyone = [EVERYTHING.IPv4, EVERYTHING.IPv6];
    yield {
      way: along(way, public_, inward)!, source, target: { ...target, blocks: everyone }, sourceBlocks: everyone, targetBlocks: everyone,
      references: 'no', anybody: true,
    };
  }
}
