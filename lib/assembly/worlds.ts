import type { Assembly, Assumption } from '../audit/model';
import { Decisions } from './decisions';
import { factsOf } from './facts';
import { LIMITS } from './limits';
import type { Placed } from './placed';
import type { Problems } from './problems';
import { usedConditions } from './used-conditions';
import { World } from './world';

/** What is deployed when the conditions that nobody knows come out in one way. */
export interface ReadWorld {
  readonly assembly: Assembly;
  /** How, e.g. `IsProd = true`; empty when the template leaves nothing open. */
  readonly when: readonly string[];
}

type Truths = ReadonlyMap<string, boolean | undefined>;

/** One world for each consistent way in which open conditions can come out; see `LIMITS.worlds`. */
export function worldsOf(placed: readonly Placed[], problems: Problems): readonly ReadWorld[] {
  const found = new Map<string, { truths: Truths; replay: readonly boolean[] }>();
  let replay: readonly boolean[] | undefined = [];
  for (let tries = 0; replay && !problems.any; tries++) {
    const decisions: Decisions = new Decisions(replay);
    const truths = truthsOf(new World(placed, decisions, problems));
    const key = JSON.stringify([...truths]);
    if (!found.has(key)) found.set(key, { truths, replay: decisions.taken });
    replay = decisions.next();
    if (found.size > LIMITS.worlds || tries > LIMITS.tries || decisions.count > LIMITS.worlds * 4) return [undecided(placed, problems)];
  }
  if (problems.any) return [];
  const all = [...found.values()];
  return all.map(({ truths, replay: taken }) => {
    const decisions = new Decisions(taken);
    const world = new World(placed, decisions, problems);
    truthsOf(world);
    decisions.seal();
    // A condition that comes out the same in every world needs no mention.
    const when = [...truths].filter(([name, truth]) => all.some((other) => other.truths.get(name) !== truth));
    return { assembly: factsOf(world), when: when.map(([name, truth]) => `${placed.length === 1 ? name.slice(name.indexOf('.') + 1) : name} = ${truth}`) };
  });
}

/** Every condition that anything depends on, in every stack that exists. */
function truthsOf(world: World): Truths {
  const truths = new Map<string, boolean | undefined>();
  for (const stack of world.stacks()) {
    const { template, id } = stack.placed;
    if (template.conditions.size === 0) continue;
    for (const name of usedConditions(template)) truths.set(`${id}.${name}`, stack.condition(name));
  }
  return truths;
}

/** All resources at once, for a template whose conditions can come out in too many ways. */
function undecided(placed: readonly Placed[], problems: Problems): ReadWorld {
  const world = new World(placed, new Decisions([]).seal(), problems);
  for (const { id, file } of placed) world.assume(tooMany(id, file));
  return { assembly: factsOf(world), when: [] };
}

const tooMany = (subject: string, path: string): Assumption => ({
  what: `its conditions can come out in more than ${LIMITS.worlds} ways; give values with --parameter`, subject, path, affects: 'everything',
});
