import type { Resource } from './model';

/** `Stack/Guardrails/Network/AgentSecurityGroup/Resource` is `Network/AgentSecurityGroup`; without a path, the logical id. */
export function nameOf({ path, logicalId }: Pick<Resource, 'path' | 'logicalId'>): string {
  const steps = path.split('/');
  while (steps.length > 1 && (steps.at(-1) === 'Resource' || steps.at(-1) === 'Default')) steps.pop();
  return steps.length < 2 ? logicalId : steps.slice(1).slice(-2).join('/');
}
