import type { Block } from './addresses';
import type { Listener } from './databases';
import { append, type Key } from './facts';
import type { Place } from './places';
import type { Ports } from './ports';

/** What a relay passes connections on to. */
export type Target =
  | { readonly is: 'resource'; readonly key: Key }
  | { readonly is: 'name'; readonly address: string }
  | { readonly is: 'addresses'; readonly block: Block; readonly ports: Ports }
  /** The Data API of databases that have one. */
  | { readonly is: 'data-api' }
  | { readonly is: 'unknown'; readonly what: string };

/** What accepts connections and passes them on as it was set up to: a proxy, a load balancer, an endpoint. */
export interface Relay {
  readonly id: string;
  readonly name: string;
  readonly entrances: readonly Listener[];
  /** From where it connects on. Nothing when AWS does that where no route or group holds it back. */
  readonly exit: Place | undefined;
  readonly targets: readonly RelayTarget[];
}

export interface RelayTarget {
  readonly target: Target;
  /** E.g. `passes connections on to`. */
  readonly by: string;
  readonly source: string;
  readonly assuming?: string;
}

/** Relays by what they lead to. */
export interface RelayIndex {
  /** Relays that pass connections on to what listens. `names` are host names that lead to it. */
  leadingTo(to: Listener, names: readonly string[]): readonly Leading[];
  /** Those whose target is not known: it may be a database. */
  readonly unknown: readonly Leading[];
  readonly toDataApi: readonly Leading[];
}

export interface Leading {
  readonly relay: Relay;
  readonly by: RelayTarget;
}

export function indexOfRelays(relays: readonly Relay[]): RelayIndex {
  const byResource = new Map<Key, Leading[]>();
  const byName = new Map<string, Leading[]>();
  const byAddress: Leading[] = [];
  const unknown: Leading[] = [];
  const toDataApi: Leading[] = [];
  for (const relay of relays) {
    for (const by of relay.targets) {
      const leading = { relay, by };
      const { target } = by;
      if (target.is === 'resource') append(byResource, target.key, leading);
      else if (target.is === 'name') append(byName, target.address, leading);
      else if (target.is === 'addresses') byAddress.push(leading);
      else if (target.is === 'data-api') toDataApi.push(leading);
      else unknown.push(leading);
    }
  }
  return {
    leadingTo: (to, names) => [
      ...(byResource.get(to.id) ?? []),
      ...names.flatMap((name) => byName.get(name) ?? []),
      ...byAddress,
    ],
    unknown,
    toDataApi,
  };
}
