import type { Rule } from './model';
import { agentCannotUseTheControlPlane } from './rules/agent-cannot-use-the-control-plane';
import { agentHasNoRouteToProduction } from './rules/agent-has-no-route-to-production';
import { agentReadsAReplica } from './rules/agent-reads-a-replica';
import { agentRoleCannotWrite } from './rules/agent-role-cannot-write';
import { agentsCannotAlterTheirLog } from './rules/agents-cannot-alter-their-log';
import { approversAreNotAgents } from './rules/approvers-are-not-agents';
import { backupsHaveTheirOwnDeleters } from './rules/backups-have-their-own-deleters';
import { backupsOutliveTheAgent } from './rules/backups-outlive-the-agent';
import { productionIsRecoverable } from './rules/production-is-recoverable';
import { stagingIsProductionSizedAndMasked } from './rules/staging-is-production-sized-and-masked';
import { statefulResourcesAreRetained } from './rules/stateful-resources-are-retained';
import { statementsAreRecorded } from './rules/statements-are-recorded';
import { updatesKeepStatefulResources } from './rules/updates-keep-stateful-resources';

/** Every rule, in the order of the README's table; what no guarantee names comes after. */
export const RULES: readonly Rule[] = [
  agentReadsAReplica,
  agentRoleCannotWrite,
  agentHasNoRouteToProduction,
  agentCannotUseTheControlPlane,
  stagingIsProductionSizedAndMasked,
  productionIsRecoverable,
  backupsOutliveTheAgent,
  statementsAreRecorded,
  approversAreNotAgents,
  agentsCannotAlterTheirLog,
  backupsHaveTheirOwnDeleters,
  statefulResourcesAreRetained,
  updatesKeepStatefulResources,
];
