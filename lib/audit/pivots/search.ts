import type { Principal } from '../identity';
import type { Step, Text } from '../model';
import { anyAllow } from '../policy-document';
import { Acting, everythingAllowed, type Place } from './acting';
import { keyOf, merged, type AlteringPivot, type Change } from './altering';
import type { Goal } from './goals';
import type { Host } from './hosts';
import { OpenGoals } from './open-goals';
import { indexOf, movesOf, type Move, type Wanted } from './moves';
import { waysOut } from './outside';
import { OUTSIDER } from './outsider';
import type { Shared, Terrain } from './terrain';

/** Somebody that was reached, and how: the step, after what it needed. */
interface Reached {
  readonly acting: Acting;
  readonly name: string;
  /** Of somebody who is not in the assembly, and from whom no way is followed: what is not known about it. */
  readonly stranger?: readonly string[];
  readonly via: Via | undefined;
}

interface Via {
  readonly parents: readonly Reached[];
  readonly steps: readonly Taken[];
}

/** A step with who takes it, as a sentence has it. */
export interface Taken extends Step {
  readonly sentence: string;
  readonly doubts: readonly string[];
}

export interface Found {
  readonly goal: Goal;
  readonly steps: readonly Taken[];
}

/**
 * Breadth-first over who can act as whom, each principal once with each change that was made to it. Nothing is asked twice:
 * what was reached is wanted no more, so the work grows with the number of permissions and not with that of pairs.
 */
export class Search {
  readonly found = new Map<Goal, Found>();
  readonly #reached = new Map<string, Reached>();
  readonly #ofPrincipal = new Map<string, Reached[]>();
  readonly #usersReached: string[] = [];
  readonly #queue: Reached[] = [];
  readonly #alterations = new Map<string, { change: Change; via: Via }[]>();
  readonly #joins: { change: Change; via: Via }[] = [];
  readonly #roles: Set<Principal>;
  readonly #users: Set<Principal>;
  readonly #delegating: Set<Principal>;
  readonly #hosts: ReadonlyMap<string, Set<Host>>;
  readonly #altering = new Map<AlteringPivot, Set<Principal | Shared>>();
  readonly #groups: Set<Shared>;
  readonly #open: OpenGoals;
  readonly #wanted: Wanted;

  /** `doubtful`: whether to follow what the template does not make certain. */
  constructor(private readonly terrain: Terrain, private readonly goals: readonly Goal[], private readonly doubtful: boolean) {
    this.#open = new OpenGoals(goals);
    this.#roles = new Set(terrain.roles.all);
    this.#users = new Set(terrain.users.all);
    this.#delegating = new Set(terrain.delegating);
    this.#hosts = new Map([...terrain.hosts].map(([type, hosts]) => [type, new Set(hosts.all)]));
    this.#groups = new Set(terrain.groups.all);
    this.#wanted = {
      roles: this.#roles, users: this.#users, delegating: this.#delegating, groups: this.#groups,
      hosts: (type) => this.#hosts.get(type) ?? NO_HOSTS,
      altering: (pivot) => this.#alteringOf(pivot),
    };
  }

  /** Goals that somebody arrives at, in order of the length of the way; all of them, or only the first. */
  run(from: readonly string[], onlyFirst: boolean): readonly Found[] {
    for (const id of from) {
      const principal = this.terrain.principals.get(id);
      if (id === OUTSIDER.id) this.#reach(OUTSIDER, {}, undefined, { ...this.terrain.assembly.stacks[0]!, account: OUTSIDER.account });
      else if (principal) this.#reach(principal, {}, undefined);
      else if (this.doubtful) this.#strangerNamed(id);
    }
    for (let at = 0; at < this.#queue.length; at += 1) {
      const reached = this.#queue[at]!;
      this.#arrive(reached, onlyFirst);
      if ((onlyFirst && this.found.size > 0) || this.found.size === this.goals.length) break;
      if (!reached.stranger) this.#moveOn(reached);
    }
    return [...this.found.values()];
  }

  #arrive(reached: Reached, onlyFirst: boolean): void {
    const { acting, name } = reached;
    for (const goal of this.#open.about(acting)) {
      if (acting.possible(goal.action).length === 0 && !acting.granting.has(goal.target)) continue;
      const policy = this.terrain.resourcePolicy(goal.target);
      for (const arn of goal.asks(acting)) {
        const answer = acting.ask(goal.action, arn, { policy });
        if (!answer || (!this.doubtful && answer.assuming.length > 0)) continue;
        const step = taken(acting.principal.id, name, { by: `may ${goal.action} ${goal.on(arn)}`, on: goal.target, source: answer.by.source, assuming: reached.stranger ?? answer.assuming });
        this.found.set(goal, { goal, steps: [...stepsTo(reached), step] });
        this.#open.delete(goal);
        if (onlyFirst) return;
        break;
      }
    }
  }

  #moveOn(reached: Reached): void {
    const { acting, name } = reached;
    for (const move of movesOf(acting, this.terrain, this.#wanted)) {
      if (move.assuming.length > 0 && !this.doubtful) continue;
      const via: Via = { parents: [reached], steps: [taken(acting.principal.id, name, move)] };
      this.#follow(move, via, acting);
    }
    if (!this.doubtful || acting.principal === OUTSIDER || this.#reached.has('stranger')) return;
    for (const way of waysOut(acting, this.terrain)) {
      this.#stranger(way.on, acting.place, { parents: [reached], steps: [taken(acting.principal.id, name, way)] });
      break;
    }
  }

  #follow(move: Move, via: Via, acting: Acting): void {
    switch (move.do) {
      case 'take':
        this.#reach(move.principal, {}, via);
        break;
      case 'alter':
        this.#alteringOf(move.pivot).delete(move.target);
        for (const principal of move.principals) {
          const made = { change: move.change, via };
          this.#alterations.set(principal.id, [...(this.#alterations.get(principal.id) ?? []), made]);
          for (const one of [...(this.#ofPrincipal.get(principal.id) ?? [])].reverse()) this.#change(one, made);
        }
        break;
      case 'join': {
        const made = { change: { joined: [move.group.resource.id] }, via };
        this.#groups.delete(move.group);
        this.#joins.push(made);
        for (const user of this.#usersReached) for (const one of [...this.#ofPrincipal.get(user)!]) this.#change(one, made);
        break;
      }
      case 'make': {
        const { place, principal } = acting;
        const arn = `arn:${place.partition}:iam::${place.account}:role/${move.what}`;
        const policies = { identity: [everythingAllowed(move.what)], boundary: move.boundary, serviceControl: principal.policies.serviceControl };
        this.#reach({ id: `${arn} ${move.boundary ? via.steps[0]!.by : ''}`, name: move.what, arn, account: place.account, kind: 'role', policies, trust: [], unknown: [] }, {}, via, place);
      }
    }
  }

  #reach(principal: Principal, change: Change, via: Via | undefined, place = this.#placeOf(principal)): void {
    const key = `${principal.id} ${keyOf(change)}`;
    if (this.#reached.has(key)) return;
    const reached: Reached = { acting: new Acting(principal, change, place, this.terrain), name: principal.name, via };
    this.#reached.set(key, reached);
    this.#queue.push(reached);
    const before = this.#ofPrincipal.get(principal.id);
    if (before) before.push(reached);
    else {
      this.#ofPrincipal.set(principal.id, [reached]);
      if (principal.kind === 'user') this.#usersReached.push(principal.id);
      this.#forget(principal);
    }
    for (const made of this.#alterations.get(principal.id) ?? []) this.#change(reached, made);
    if (principal.kind === 'user') for (const made of this.#joins) this.#change(reached, made);
  }

  /** Somebody that was reached, with one more change. Of memberships one at a time, or all. */
  #change(reached: Reached, made: { change: Change; via: Via }): void {
    const { principal, change, place } = reached.acting;
    const all = merged(change, made.change);
    const joined = all.joined?.length ?? 0;
    if (joined > 2 && joined < this.#joins.length) return;
    const parents = [reached, ...made.via.parents];
    this.#reach(principal, all, { parents, steps: made.via.steps }, place);
  }

  #forget(principal: Principal): void {
    this.#roles.delete(principal);
    this.#users.delete(principal);
    this.#delegating.delete(principal);
    for (const host of this.terrain.hostsOfRole(principal)) {
      if (host.roles.every((role) => this.#ofPrincipal.has(role.id))) this.#hosts.get(host.resource.type)!.delete(host);
    }
  }

  #alteringOf(pivot: AlteringPivot): Set<Principal | Shared> {
    let open = this.#altering.get(pivot);
    if (!open) this.#altering.set(pivot, open = new Set(indexOf(pivot, this.terrain).all));
    return open;
  }

  #strangerNamed(id: string): void {
    const [stack] = this.terrain.assembly.stacks;
    const doubt = `${id} is not in the template, so what it may do is not known`;
    if (stack) this.#stranger(id, stack, undefined, doubt);
  }

  /** Somebody of whom nothing is known: it may do anything, and nothing that it does is certain. */
  #stranger(arn: Text, place: Place, via: Via | undefined, doubt = 'it is not in the template'): void {
    if (this.#reached.has('stranger')) return;
    const policies = { identity: [anyAllow(arn, doubt)], boundary: undefined, serviceControl: [] };
    const principal: Principal = { id: arn, name: 'it', arn, account: place.account, kind: 'role', policies, trust: [], unknown: [] };
    const reached: Reached = { acting: new Acting(principal, {}, place, this.terrain), name: via ? 'which' : arn, stranger: via ? [] : [doubt], via };
    this.#reached.set('stranger', reached);
    this.#queue.push(reached);
  }

  #placeOf(principal: Principal): Place {
    const resource = this.terrain.resource(principal.id);
    return resource ? this.terrain.stack(resource.stack) : this.terrain.assembly.stacks[0]!;
  }
}

const NO_HOSTS: ReadonlySet<Host> = new Set();

function taken(from: string, name: string, { by, on, source, assuming }: { by: string; on: string; source: string; assuming: readonly string[] }): Taken {
  const doubts = [...new Set(assuming)];
  return { from, to: on, by, source, sentence: `${name} ${by}`, doubts, ...(doubts.length > 0 && { assuming: doubts.join('; ') }) };
}

/** The steps to somebody, each after those that it needs. */
function stepsTo(reached: Reached): Taken[] {
  const steps = new Set<Taken>();
  const visited = new Set<Reached>();
  // A stack of its own: a chain may be longer than JavaScript's.
  const open: { readonly one: Reached; readonly ready: boolean }[] = [{ one: reached, ready: false }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { one, ready } = next;
    if (ready) for (const step of one.via!.steps) steps.add(step);
    if (ready || visited.has(one) || !one.via) continue;
    visited.add(one);
    open.push({ one, ready: true }, ...one.via.parents.map((parent) => ({ one: parent, ready: false })).reverse());
  }
  return [...steps];
}
