import type { Acting } from './acting';
import type { Goal } from './goals';

/** Goals that nobody has arrived at, by what makes one possible: most principals have to do with a few of hundreds. */
export class OpenGoals {
  readonly #order: ReadonlyMap<Goal, number>;
  readonly #byService = new Map<string, Set<Goal>>();
  readonly #byTarget = new Map<string, Set<Goal>>();

  constructor(goals: readonly Goal[]) {
    this.#order = new Map(goals.map((goal, order) => [goal, order]));
    for (const goal of goals) {
      add(this.#byService, serviceOf(goal), goal);
      add(this.#byTarget, goal.target, goal);
    }
  }

  /** Those that somebody may arrive at with permissions of their own or of the target, in the order in which they were given. */
  about(acting: Acting): readonly Goal[] {
    const found = new Set<Goal>();
    for (const [service, goals] of this.#byService) if (acting.speaksOf(service)) for (const goal of goals) found.add(goal);
    const { granting } = acting;
    if (granting.size < this.#byTarget.size) for (const target of granting) for (const goal of this.#byTarget.get(target) ?? []) found.add(goal);
    else for (const [target, goals] of this.#byTarget) if (granting.has(target)) for (const goal of goals) found.add(goal);
    return [...found].sort((one, other) => this.#order.get(one)! - this.#order.get(other)!);
  }

  delete(goal: Goal): void {
    remove(this.#byService, serviceOf(goal), goal);
    remove(this.#byTarget, goal.target, goal);
  }
}

const serviceOf = ({ action }: Goal): string => action.slice(0, action.indexOf(':'));

function add(groups: Map<string, Set<Goal>>, key: string, goal: Goal): void {
  const group = groups.get(key);
  if (group) group.add(goal);
  else groups.set(key, new Set([goal]));
}

function remove(groups: Map<string, Set<Goal>>, key: string, goal: Goal): void {
  const group = groups.get(key);
  group?.delete(goal);
  if (group?.size === 0) groups.delete(key);
}
