import type { ReadingAgents } from '../core/agent-reading';
import { STACK_PREFIX } from '../core/policy';
import type { Environment } from './schema';

/** The database roles that an environment wants. `name` is that of the environment. */
export function readingAgents(name: string, environment: Environment): ReadingAgents {
  const { production, agents, roles } = environment;
  return {
    databases: production.existing?.databases ?? [production.create?.database ?? ''],
    agents: agents.map((agent) => ({ name: agent.name, read: agent.read ?? roles.read })),
    deployment: `${STACK_PREFIX}${name}`,
    closePublic: roles.closePublic,
    refuseAgentsOnPrimary: roles.refuseOnPrimary,
  };
}

/** Whether a deployment of the environment sets up the roles itself. */
export function setsUpRoles({ production, roles }: Environment): boolean {
  return production.create !== undefined || roles.admission !== undefined;
}
