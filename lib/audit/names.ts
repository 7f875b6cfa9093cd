import type { Resource } from './model';

type Named = Pick<Resource, 'path' | 'logicalId'>;

/** `Stack/Guardrails/Network/AgentSecurityGroup/Resource` is `Network/AgentSecurityGroup`; without a path, the logical id. */
export const nameOf = (resource: Named): string => lastSteps(resource, 2);

/** As `nameOf`, with as much more of the path as tells a resource from the others. Counts them once. */
export function namesOf(resources: readonly Named[]): (resource: Named) => string {
  const counts = new Map<string, number>();
  for (const resource of resources) {
    for (const count of LENGTHS) {
      const name = `${count} ${lastSteps(resource, count)}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return (resource) => {
    const enough = LENGTHS.find((count) => counts.get(`${count} ${lastSteps(resource, count)}`) === 1);
    return lastSteps(resource, enough ?? Infinity);
  };
}

/** How many of the last steps of a path make a name. */
const LENGTHS = [2, 3, 4];

function lastSteps({ path, logicalId }: Named, count: number): string {
  const steps = path.split('/');
  while (steps.length > 1 && (steps.at(-1) === 'Resource' || steps.at(-1) === 'Default')) steps.pop();
  return steps.length < 2 ? logicalId : steps.slice(1).slice(-count).join('/');
}
