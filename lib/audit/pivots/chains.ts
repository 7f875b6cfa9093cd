import type { Principal } from '../identity';
import type { Step } from '../model';
import { Acting } from './acting';
import type { AlteringPivot } from './altering';
import type { Host } from './hosts';
import { indexOf, movesOf, type Move } from './moves';
import type { Shared, Terrain } from './terrain';

/**
 * Every principal that somebody can become or alter, breadth first, each with the step that leads there first. What was arrived at is looked
 * for no more, so the work grows with the number of permissions and not with that of pairs.
 */
export function chainsFrom(terrain: Terrain, from: string): ReadonlyMap<string, Step> {
  const first = new Map<string, Step>();
  const queue = [from];
  const open = openIn(terrain);
  open.arrivedAt(from);
  for (const id of queue) {
    const principal = terrain.principals.get(id);
    if (!principal) continue;
    const acting = new Acting(principal, {}, terrain.stack(terrain.resource(id)!.stack), terrain);
    for (const move of movesOf(acting, terrain, open.wanted)) {
      for (const to of targetsOf(move)) {
        if (to === from || first.has(to)) continue;
        first.set(to, stepOf(id, to, move));
        queue.push(to);
        open.arrivedAt(to);
      }
      open.followed(move);
    }
  }
  return first;
}

/** The steps from where the chains start to somebody; undefined if none leads there. */
export function chainTo(chains: ReadonlyMap<string, Step>, to: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  for (let step = chains.get(to); step; step = chains.get(step.from)) steps.push(step);
  return steps.length === 0 ? undefined : steps.reverse();
}

function stepOf(from: string, to: string, { by, source, assuming }: Move): Step {
  return { from, to, by, source, ...(assuming.length > 0 && { assuming: [...new Set(assuming)].join('; ') }) };
}

function targetsOf(move: Move): readonly string[] {
  switch (move.do) {
    case 'take': return [move.principal.id];
    case 'alter': return move.principals.map(({ id }) => id);
    case 'join': return [move.group.resource.id];
    case 'make': return [move.what];
  }
}

/** What has not been arrived at. */
function openIn(terrain: Terrain) {
  const roles = new Set(terrain.roles.all);
  const users = new Set(terrain.users.all);
  const delegating = new Set(terrain.delegating);
  const groups = new Set(terrain.groups.all);
  const hosts = new Map([...terrain.hosts].map(([type, index]) => [type, new Set(index.all)]));
  const altering = new Map<AlteringPivot, Set<Principal | Shared>>();
  const alteringOf = (pivot: AlteringPivot): Set<Principal | Shared> => {
    let open = altering.get(pivot);
    if (!open) altering.set(pivot, open = new Set([...indexOf(pivot, terrain).all].filter((target) => !('kind' in target) || roles.has(target) || users.has(target))));
    return open;
  };
  return {
    wanted: { roles, users, delegating, groups, hosts: (type: string): ReadonlySet<Host> => hosts.get(type)!, altering: alteringOf },
    arrivedAt: (id: string): void => {
      const principal = terrain.principals.get(id);
      if (!principal) return;
      roles.delete(principal);
      users.delete(principal);
      delegating.delete(principal);
      for (const targets of altering.values()) targets.delete(principal);
      for (const host of terrain.hostsOfRole(principal)) {
        if (!host.roles.some((role) => roles.has(role))) hosts.get(host.resource.type)!.delete(host);
      }
    },
    /** What decides about several principals, all of which were arrived at. */
    followed: (move: Move): void => {
      if (move.do === 'alter') alteringOf(move.pivot).delete(move.target);
      if (move.do === 'join') groups.delete(move.group);
    },
  };
}
