import type { Listener } from './databases';
import { covers, EVERYTHING, isPrivate, overlaps, type Block } from './addresses';
import { append, type Facts, type Key } from './facts';
import { EPHEMERAL_PORTS, inWords, lets, type Ports } from './ports';
import type { NetworkAcls } from './network-acls';
import type { Place } from './places';
import type { Link, Links } from './links';
import type { Group, GroupRule, Groups } from './security-groups';
import { along, assuming, best, FREE, step, type Way } from './way';

export interface Connections {
  /** How a place opens a TCP connection to what listens: routes, network ACLs and security groups, each in both directions. */
  open(from: Place, to: Listener): Way | undefined;
}

export function connectionsOf(facts: Facts, groups: Groups, acls: NetworkAcls, links: Links): Connections {
  const wearers = new WeakMap<Place, Map<Key, (readonly Key[])[]>>();
  const outlets = new WeakMap<Place, Outlets>();
  const byPeer = new WeakMap<readonly GroupRule[], { readonly groups: Map<Key, GroupRule[]>; readonly others: GroupRule[] }>();

  return {
    open: (from, to) => best(waysOver(from, to)),
  };

  function* waysOver(from: Place, to: Listener): Iterable<Way | undefined> {
    for (const link of links.between(from, to)) {
      const way = along(link.way, admitted(from, to, link));
      if (way) yield along(way, passing(link, to.ports));
    }
  }

  /** Network ACLs: out and in, and back again to the port from which the connection was opened. */
  function passing({ source, target }: Link, ports: Ports): Way | undefined {
    if (source?.key === target.key) return FREE;
    const wanted = ports === 'unknown' ? [{ from: 1, to: 65535 }] : ports.map((port) => ({ from: port, to: port }));
    const [near, far] = [source?.blocks, target.blocks];
    return best(wanted.map((port) => along(
      source ? acls.passes(source.key, 'out', far, port) : FREE,
      acls.passes(target.key, 'in', near, port),
      acls.passes(target.key, 'out', near, EPHEMERAL_PORTS),
      source ? acls.passes(source.key, 'in', far, EPHEMERAL_PORTS) : FREE,
    )));
  }

  function admitted(from: Place, to: Listener, link: Link): Way | undefined {
    if (to.groups.length === 0) return out(from, to, link);
    return best(admissions(from, to, link));
  }

  function* admissions(from: Place, to: Listener, link: Link): Iterable<Way | undefined> {
    let anyOut: Way | undefined | 'not asked' = 'not asked';
    const outAnywhere = (): Way | undefined => (anyOut === 'not asked' ? (anyOut = out(from, to, link)) : anyOut);
    for (const group of to.groups.map((key) => groups.get(key))) {
      for (const rule of about(group.ingress, wearersOf(from))) {
        const match = lets(rule.ports, to.ports);
        if (match === 'no') continue;
        const unknownPorts = match === 'maybe' ? assuming(`which ports ${facts.name(group.key)} lets in`) : FREE;
        const { peer } = rule;
        if (peer.is === 'group') {
          if (link.references === 'no') continue;
          for (const worn of wearing(from, peer.key)) {
            yield along(outOf(worn, to, link), unknownPorts, letsIn(group, rule, facts.name(peer.key), link.references === 'maybe'
              ? 'whether security groups are referenced across it' : undefined));
          }
          continue;
        }
        const reach = peer.is === 'unknown' ? 'maybe' : meets(peer.block, link.sourceBlocks, link.anybody);
        if (reach === 'no') continue;
        const whom = peer.is === 'unknown' ? peer.what : peer.through ? `${peer.through} (${peer.block.text})` : peer.block.text;
        const doubt = reach === 'yes' ? undefined : link.anybody ? `who connects from ${whom}` : `whether ${from.name} connects from ${whom}`;
        yield along(outAnywhere(), unknownPorts, letsIn(group, rule, whom, doubt));
      }
      if (group.imported) yield along(outAnywhere(), assuming(`what ${describe(group.key)} lets in`));
    }
  }

  function letsIn(group: Group, rule: GroupRule, whom: string, doubt: string | undefined): Way {
    const from = rule.peer.is === 'group' ? rule.peer.key : whom;
    return step(from, group.key, `security group ${facts.name(group.key)} lets in ${inWords(rule.ports)} from ${whom}`, rule.source, doubt);
  }

  function describe(key: Key): string {
    return key === '' ? 'the security group of the database' : `security group ${facts.name(key)}`;
  }

  /** The ways out of one set of groups that is worn. */
  function outOf(worn: readonly Key[], to: Listener, link: Link): Way | undefined {
    if (worn.length === 0) return FREE;
    return best(worn.flatMap((key) => {
      const group = groups.get(key);
      return [
        ...about(group.egress, new Map(to.groups.map((own) => [own, own]))).map((rule) => leaves(group, rule, to, link)),
        group.imported ? assuming(`what ${describe(key)} lets out`) : undefined,
      ];
    }));
  }

  /** The ways out of a place by any of the groups that may be worn there. */
  function out(from: Place, to: Listener, link: Link): Way | undefined {
    if (from.wears.some((worn) => worn.length === 0)) return FREE;
    const all = outletsOf(from);
    return best([
      ...to.groups.flatMap((key) => all.toGroups.get(key) ?? []).map(({ group, rule }) => leaves(group, rule, to, link)),
      ...[...all.elsewhere.values()].map(({ group, rule }) => leaves(group, rule, to, link)),
      all.imported === undefined ? undefined : assuming(`what ${describe(all.imported)} lets out`),
    ]);
  }

  function leaves(group: Group, rule: GroupRule, to: Listener, link: Link): Way | undefined {
    const match = lets(rule.ports, to.ports);
    if (match === 'no') return undefined;
    const { peer } = rule;
    const by = (whom: string, doubt?: string): Way => {
      const unknown = doubt ?? (match === 'maybe' ? `which ports ${facts.name(group.key)} lets out` : undefined);
      return step(group.key, peer.is === 'group' ? peer.key : to.id, `security group ${facts.name(group.key)} lets out ${inWords(rule.ports)} to ${whom}`, rule.source, unknown);
    };
    if (peer.is === 'group') return link.references !== 'no' && to.groups.includes(peer.key) ? by(facts.name(peer.key)) : undefined;
    if (peer.is === 'unknown') return by(peer.what, `what ${peer.what} is`);
    const reach = meets(peer.block, link.targetBlocks, false);
    return reach === 'no' ? undefined : by(peer.through ? `${peer.through} (${peer.block.text})` : peer.block.text, reach === 'yes' ? undefined : `whether ${to.name} is in ${peer.block.text}`);
  }

  function wearersOf(from: Place): ReadonlyMap<Key, (readonly Key[])[]> {
    let index = wearers.get(from);
    if (!index) {
      index = new Map<Key, (readonly Key[])[]>();
      wearers.set(from, index);
      for (const worn of from.wears) for (const group of worn) append(index, group, worn);
    }
    return index;
  }

  function wearing(from: Place, key: Key): readonly (readonly Key[])[] {
    return wearersOf(from).get(key) ?? [];
  }

  /** The rules that may be about a side that wears some of these groups: by address, or by one of the groups. */
  function about(rules: readonly GroupRule[], worn: ReadonlyMap<Key, unknown>): readonly GroupRule[] {
    let index = byPeer.get(rules);
    if (!index) {
      index = { groups: new Map(), others: [] };
      byPeer.set(rules, index);
      for (const rule of rules) {
        if (rule.peer.is === 'group') append(index.groups, rule.peer.key, rule);
        else index.others.push(rule);
      }
    }
    const { groups: named, others } = index;
    const shared = worn.size < named.size ? [...worn.keys()].flatMap((key) => named.get(key) ?? []) : [...named].flatMap(([key, list]) => (worn.has(key) ? list : []));
    return [...shared, ...others];
  }

  function outletsOf(from: Place): Outlets {
    let found = outlets.get(from);
    if (!found) {
      outlets.set(from, (found = { toGroups: new Map(), elsewhere: new Map(), imported: undefined }));
      for (const key of new Set(from.wears.flat())) {
        const group = groups.get(key);
        if (group.imported) found.imported ??= key;
        for (const rule of group.egress) {
          if (rule.peer.is !== 'group') {
            const what = rule.peer.is === 'block' ? rule.peer.block.text : rule.peer.what;
            const name = `${what} ${inWords(rule.ports)}`;
            if (!found.elsewhere.has(name)) found.elsewhere.set(name, { group, rule });
          } else append(found.toGroups, rule.peer.key, { group, rule });
        }
      }
    }
    return found;
  }
}

interface Outlets {
  readonly toGroups: Map<Key, { group: Group; rule: GroupRule }[]>;
  /** One rule for each destination and range of ports. */
  readonly elsewhere: Map<string, { group: Group; rule: GroupRule }>;
  imported: Key | undefined;
}

/** Whether a rule about addresses is about some of those of the other side; about `anybody`, only if about most of the internet. */
function meets(block: Block, others: readonly Block[] | undefined, anybody: boolean): 'yes' | 'no' | 'maybe' {
  if (covers(block, EVERYTHING[block.family])) return others?.some(({ family }) => family === block.family) === false ? 'no' : 'yes';
  if (anybody) {
    if (isPrivate(block)) return 'no';
    const size = block.last - block.first + 1n;
    return size >= (EVERYTHING[block.family].last + 1n) / 256n ? 'yes' : 'maybe';
  }
  if (!others) return 'maybe';
  return others.some((other) => overlaps(block, other)) ? 'yes' : 'no';
}
