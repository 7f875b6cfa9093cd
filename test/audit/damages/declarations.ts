import type { Damage } from './damage';
import type { Demo } from './demo';

/** Takes the declarations out that are of a guarantee and name a resource. What they claimed is not claimed any more, and the resources are still there. */
const without = (guarantee: string, resource: string) => (demo: Demo) => {
  const id = demo.id(resource);
  const found = demo.declarations.findIndex((declaration) => declaration.guarantee === guarantee && Object.values(declaration.resources).flat().includes(id));
  demo.declarations.splice(found, 1);
};

const NAMED = {
  'agent-reads-a-replica': ['GuardrailsReplicaLiveInstance'],
  'agent-role-cannot-write': ['GuardrailsDatabaseRoles'],
  'agent-has-no-route-to-production': ['GuardrailsNetworkVpc', 'GuardrailsAccessHostInstance'],
  'agent-cannot-use-the-control-plane': ['GuardrailsAgentcodingRole', 'GuardrailsAgentsupportRole', 'GuardrailsAgentanalystRole'],
  'staging-is-production-sized-and-masked': ['GuardrailsStagingCopy'],
  'production-is-recoverable': ['GuardrailsCheck'],
  'backups-outlive-the-agent': ['GuardrailsBackupsPlan'],
  'statements-are-recorded': ['ProductionEvaluationLogsPostgresql', 'GuardrailsReplicaLiveLogsPostgresql', 'GuardrailsReplicaDelayedLogsPostgresql', 'GuardrailsStagingSurroundingsLogsPostgresql'],
};

/** A declaration that is gone, and one that names nothing that is there. */
export const DECLARATIONS: readonly Damage[] = [
  ...Object.entries(NAMED).flatMap(([rule, resources]) => resources.map((resource): Damage => ({
    what: `nothing declares ${resource}`, rule, verdict: 'fail', names: new RegExp(`${resource}\\w+ is .*, and no declaration in the template's metadata names it`), damage: without(rule, resource),
  }))),
  ...Object.keys(NAMED).flatMap((rule): Damage[] => {
    const change = (edit: (resources: Record<string, unknown>, name: string) => void) => (demo: Demo) => {
      const { resources } = demo.declared(rule) as { resources: Record<string, unknown> };
      edit(resources, Object.keys(resources).find((name) => name !== 'database')!);
    };
    return [
      { what: 'the declaration names what is not there', rule, verdict: 'fail', names: /Elsewhere/, damage: change((resources, name) => { resources[name] = Array.isArray(resources[name]) ? ['Elsewhere'] : 'Elsewhere'; }) },
    ];
  }),
];
