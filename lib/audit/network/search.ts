import type { Step } from '../model';
import { overlaps } from './addresses';
import type { Connections } from './connection';
import type { DatabaseEndpoint, Listener } from './databases';
import type { Place } from './places';
import type { Leading, RelayIndex, Target } from './relays';
import type { Subnets } from './subnets';
import { along, assuming, best, FREE, step, type Way } from './way';

/** Whether a place can open a TCP connection to a database, be it through others. */
export interface Reach {
  readonly do: 'reaches' | 'cannot' | 'unknown';
  /** The way with the fewest hops; for `unknown` the one that assumes least. Empty for `cannot`. */
  readonly steps: readonly Step[];
  /** What would have to be true that the template does not tell; empty unless `unknown`. */
  readonly assuming: readonly string[];
}

/** Something that may run what people start on it, and so pass connections on. */
export interface Host {
  readonly listener: Listener;
  /** Host names and addresses that lead to it, as `addressKey` writes them. */
  readonly names: readonly string[];
  readonly place: Place;
}

export interface Searched {
  readonly connections: Connections;
  readonly relays: RelayIndex;
  readonly hosts: readonly Host[];
  readonly subnets: Subnets;
}

interface Stop {
  readonly listener: Listener;
  readonly names: readonly string[];
  /** From here to the database. */
  readonly rest: Way;
  readonly throughHost: boolean;
}

/**
 * Looks backwards from the database, one hop at a time: what listens and leads to it, from there what leads to that. Each
 * place and each relay is looked at a bounded number of times. A host is passed at most once on a way, and only with the
 * assumption that it lets the agent through.
 */
export function search({ connections, relays, hosts, subnets }: Searched, from: readonly Place[], database: DatabaseEndpoint): Reach {
  const seen = new Map<string, 'certain' | 'doubtful'>();
  let found: Way | undefined;
  let stops: readonly Stop[] = [{ listener: database, names: database.addresses, rest: FREE, throughHost: false }];
  const dataApi = database.dataApi === 'no' ? [] : relays.toDataApi.flatMap((leading) => enter(leading, along(
    step(leading.relay.id, database.id, `${leading.by.by}, which takes SQL for ${database.name}`, leading.by.source),
    database.dataApi === 'maybe' ? assuming(`whether ${database.name} has the Data API`) : FREE,
  ), false));
  const unknownRelays = relays.unknown.flatMap((leading) => enter(leading, passedOn(leading, database, undefined), false));
  let beside: readonly Stop[] = [...dataApi, ...unknownRelays];

  while (stops.length > 0 || beside.length > 0) {
    for (const { listener, rest } of stops) {
      found = best([found, ...from.map((place) => along(connections.open(place, listener), rest))]);
      if (found?.assuming.length === 0) return { do: 'reaches', steps: found.steps, assuming: [] };
    }
    const next = [...stops.flatMap(behind), ...beside];
    beside = [];
    stops = next.filter(isNews);
  }
  return found ? { do: 'unknown', steps: found.steps, assuming: found.assuming } : { do: 'cannot', steps: [], assuming: [] };

  function isNews({ listener, rest, throughHost }: Stop): boolean {
    const key = `${listener.id} ${throughHost}`;
    const certainty = rest.assuming.length === 0 ? 'certain' : 'doubtful';
    if (seen.get(key) === 'certain' || seen.get(key) === certainty) return false;
    seen.set(key, certainty);
    return true;
  }

  function behind(stop: Stop): Stop[] {
    const { listener, names, rest, throughHost } = stop;
    const leading = relays.leadingTo(listener, names).filter((one) => applies(one, listener));
    return [
      ...leading.flatMap((one) => enter(one, passedOn(one, listener, rest), throughHost)),
      ...(throughHost ? [] : hosts.flatMap((host) => onHost(host, stop))),
    ];
  }

  /** A relay that names an address leads to what listens on that port in a subnet that has the address. */
  function applies({ by: { target } }: Leading, to: Listener): boolean {
    if (target.is !== 'addresses') return true;
    const { block, ports } = target;
    const heard = ports === 'unknown' || to.ports === 'unknown' || ports.some((port) => to.ports !== 'unknown' && to.ports.includes(port));
    return heard && to.subnets.some((key) => subnets.get(key).blocks?.some((own) => overlaps(own, block)) ?? true);
  }

  function passedOn({ relay, by }: Leading, to: Listener, rest: Way | undefined): Way | undefined {
    const hop = step(relay.id, to.id, by.by, by.source, by.assuming ?? doubtAbout(by.target, to));
    const onwards = relay.exit ? connections.open(relay.exit, to) : FREE;
    return along(hop, onwards, rest ?? FREE);
  }

  function doubtAbout(target: Target, to: Listener): string | undefined {
    if (target.is === 'addresses') return `whether ${target.block.text} is ${to.name}`;
    return target.is === 'unknown' ? `whether ${target.what} is ${to.name}` : undefined;
  }

  function enter({ relay }: Leading, rest: Way | undefined, throughHost: boolean): Stop[] {
    if (!rest) return [];
    return relay.entrances.map((listener) => {
      const door = listener.id === relay.id ? FREE : step(listener.id, relay.id, `${listener.name} leads to ${relay.name}`, listener.id);
      return { listener, names: [], rest: along(door, rest)!, throughHost };
    });
  }

  function onHost({ listener, names, place }: Host, stop: Stop): Stop[] {
    if (listener.id === stop.listener.id || from.some(({ id }) => id === place.id)) return [];
    const onwards = connections.open(place, stop.listener);
    const passes = step(listener.id, stop.listener.id, `${listener.name} connects to`, listener.id, `whether ${listener.name} lets agents through`);
    const rest = along(passes, onwards, stop.rest);
    return rest ? [{ listener, names, rest, throughHost: true }] : [];
  }
}
