import type { CostDrivers, DatabaseCostDriver } from '../core/cost';
import { endpointServices } from '../core/endpoints';
import { logWatches } from '../core/log-patterns';
import type { DatabasePurpose } from '../core/parameters';
import { setsUpRoles } from './agent-roles';
import type { Environment } from './schema';

/** Resource endpoints stand in every zone of the agents' network. */
const AGENT_NETWORK_ZONES = 2;

/** What decides the fixed part of the monthly bill of an environment. */
export function costDrivers(environment: Environment): CostDrivers {
  const { production, network, replica, staging, agents } = environment;
  const { create } = production;
  // Replicas and clones are given as much storage as production has.
  const storageGiB = (production.existing ?? production.create).allocatedStorageGiB;
  const copy = (instanceClass: string): DatabaseCostDriver => ({ instanceClass, storageGiB });
  const runtimes = agents.flatMap(({ trust }) =>
    trust.ecs ? (['ecs'] as const) : trust.agentCore ? (['agent-core'] as const) : [],
  );
  const roles = setsUpRoles(environment);
  const delayed = replica.delayed !== undefined;
  const recorded: DatabasePurpose[] = [
    'replica',
    ...(delayed ? (['delayed'] as const) : []),
    ...(staging.enabled ? (['staging'] as const) : []),
    ...(create ? (['production'] as const) : []),
  ];
  const metrics = recorded
    .flatMap((purpose) => logWatches(purpose, purpose))
    .reduce((sum, watch) => sum + (watch.expected ? 2 : 1), 0);
  return {
    replica: copy(replica.instanceClass),
    ...(delayed && { delayedReplica: copy(replica.instanceClass) }),
    ...(staging.enabled && { staging: copy(staging.instanceClass) }),
    ...(create && { createdProduction: copy(create.instanceClass) }),
    interfaceEndpointZones:
      endpointServices({ runtimes, accessHost: network.accessHost }).length * network.endpointAvailabilityZones
      // The one to Secrets Manager in production's network, in one zone.
      + Number(roles && environment.roles.secretsEndpointSecurityGroupId === undefined),
    resourceEndpointZones: network.reach === 'lattice' ? AGENT_NETWORK_ZONES : 0,
    accessHosts: Number(network.accessHost),
    // That of the record of statements, that of the vault, and that of a production database which is created.
    keys: 2 + Number(create !== undefined),
    metrics,
    // Besides those of the patterns: a late archive, an overdue backup, a function that gave up; of each database its silence and
    // whether it is archived; storage, lag and hold on production of the live replica, storage of the delayed one.
    alarmMetrics: metrics + 3 + 2 * recorded.length + 3 + Number(delayed) + (roles ? 2 : 0),
    secrets: Number(staging.enabled) + Number(create !== undefined),
  };
}
