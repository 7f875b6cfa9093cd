import type { PolicySet } from './decide';
import { principalsOf, type Principal } from './identity';
import type { Assembly, Step } from './model';
import type { Goal } from './pivots/goals';
import { Search, type Found } from './pivots/search';
import { terrainOf, type Terrain } from './pivots/terrain';
import { resourcePolicyOf } from './resource-policies';

/**
 * Who can act as whom: roles that are taken on, passed, run code for others; policies, boundaries and keys that are rewritten.
 * Made once for an assembly. `principals` are its own, where they are known already.
 */
export function pivotModel(assembly: Assembly, { serviceControl, principals = principalsOf(assembly, serviceControl) }: PivotOptions = {}): Terrain {
  return terrainOf(assembly, principals, resourcePolicyOf(assembly));
}

export interface PivotOptions {
  readonly serviceControl?: PolicySet['serviceControl'];
  readonly principals?: readonly Principal[];
}

/** A goal that somebody arrives at. */
export interface Arrival {
  readonly goal: Goal;
  /** `fail` if the template makes every step certain, `unknown` if one depends on what it does not tell. */
  readonly verdict: 'fail' | 'unknown';
  readonly steps: readonly Step[];
  /** `CodingAgentRole may pass DeployRole to lambda:CreateFunction, DeployRole may rds:ModifyDBInstance on Production` */
  readonly because: string;
  /** What would have to be so; empty for `fail`. */
  readonly assuming: readonly string[];
}

/** The shortest way from any of the principals (resource ids, or ARNs of ones outside) to any of the goals. A certain one is preferred. */
export function shortestPath(model: Terrain, from: readonly string[], goals: readonly Goal[]): Arrival | undefined {
  const [certain] = new Search(model, goals, false).run(from, true);
  if (certain) return arrival(certain);
  const [doubtful] = new Search(model, goals, true).run(from, true);
  return doubtful && arrival(doubtful);
}

/** The shortest way to each goal that can be arrived at. */
export function arrivals(model: Terrain, from: readonly string[], goals: readonly Goal[]): readonly Arrival[] {
  const certain = new Search(model, goals, false).run(from, false);
  const reached = new Set(certain.map(({ goal }) => goal));
  const others = goals.filter((goal) => !reached.has(goal));
  const doubtful = others.length === 0 ? [] : new Search(model, others, true).run(from, false);
  return [...certain, ...doubtful].map(arrival);
}

function arrival({ goal, steps }: Found): Arrival {
  const assuming = [...new Set(steps.flatMap(({ doubts }) => doubts))];
  const sentence = steps.map((step) => step.sentence).join(', ');
  return {
    goal, assuming, verdict: assuming.length === 0 ? 'fail' : 'unknown',
    because: assuming.length === 0 ? sentence : `${sentence}; not known: ${assuming.join('; ')}`,
    steps: steps.map(({ from, to, by, source, assuming: doubt }) => ({ from, to, by, source, ...(doubt !== undefined && { assuming: doubt }) })),
  };
}

export { chainsFrom, chainTo } from './pivots/chains';
export { anywhereGoals, databaseGoals, describedDatabase, guardedDatabase, protectionGoals, type Goal, type GuardedDatabase } from './pivots/goals';
export { OUTSIDER } from './pivots/outsider';
export type { Terrain } from './pivots/terrain';
