import { AGENT_NETWORK_CIDR, MAXIMUM_REPLICA_DELAY_HOURS } from '../core/policy';
import { choice, fields, flag, whole } from './fields';
import { instanceClass, networkCidr } from './kinds';

/* What agents work with: their network, the replica, the copy. */

export const network = fields({
  cidr: networkCidr()
    .default(AGENT_NETWORK_CIDR)
    .describe("The network made for the agents. It may not overlap production's network."),
  reach: choice(['agent-network', 'lattice'])
    .default('agent-network')
    .describe(
      "Where the replica stands. `agent-network`: in the agents' own network. `lattice`: in production's network, behind a VPC " +
        'Lattice resource endpoint, for a production database that already has a replica there (RDS requires all replicas of ' +
        'one source in a Region to share a VPC). No route leads to production either way.',
    ),
  endpointAvailabilityZones: whole(1, 2)
    .default(1)
    .describe('Availability Zones that each interface endpoint stands in. Each costs.'),
  accessHost: flag()
    .default(false)
    .describe(
      'A host without an inbound rule, through which agents outside the network (a laptop, CI) reach the replica by SSM port ' +
        'forwarding. Needed as soon as an agent runs at GitHub.',
    ),
}).describe("The agents' network.");

export const replica = fields({
  instanceClass: instanceClass()
    .optional()
    .describe("Class of the replica. Left out: production's. A smaller one needs `maxConnections`, and from 8 vCPUs on `maxWorkerProcesses`, of `production.existing.standbyMinimums`."),
  deletionProtection: flag()
    .default(true)
    .describe('Whether RDS refuses to delete it. Switch it off, and deploy, before `cdk destroy`.'),
  delayed: fields({
    hours: whole(1, MAXIMUM_REPLICA_DELAY_HOURS, 'hours').describe('How far it lags behind.'),
  })
    .optional()
    .describe(
      'A second replica that lags behind on purpose: an undo window in which a dropped table still exists. No agent reaches ' +
        'it. Costs a second instance.',
    ),
}).describe('What agents read.');

export const staging = fields({
  enabled: flag()
    .default(true)
    .describe(
      'Whether the copy is made. In this version it stays closed to agents, since it is not masked: `false` saves its cost.',
    ),
  instanceClass: instanceClass().optional().describe("Class of the copy. Left out: production's."),
  deletionProtection: flag()
    .default(true)
    .describe('Whether RDS refuses to delete it. Switch it off, and deploy, before `cdk destroy`.'),
}).describe('The writable full-size copy of production.');
