import type { GuaranteeId } from '../core/guarantees';
import { AGENT_ROLE_PREFIX, DATABASE_PREFIX, KIT_TAG } from '../core/policy';
import { everyPrincipal } from './agents';
import { at, listOf, property, resourcesOf, shown, unless } from './look';
import type { AuditModel, Finding, Resource } from './model';
import { readable } from './text';

/**
 * What only a construct of the kit makes, and no declaration names: whoever takes a declaration out of the metadata takes the claim out of
 * the report, and must not take it out silently. A declaration that says of itself that it is not in force is one.
 */
export function undeclared(model: AuditModel): readonly Finding[] {
  const { assembly } = model;
  return SIGNATURES.flatMap(({ guarantee, what, made }) => {
    const named = new Set(assembly.declarations.filter((declaration) => declaration.guarantee === guarantee)
      .flatMap(({ stack, resources }) => Object.values(resources).flat().map((logicalId) => `${stack}.${logicalId}`)));
    return made(model).filter(({ id }) => !named.has(id)).flatMap((resource) => unless(false, {
      rule: guarantee, subject: resource, because: `${resource.logicalId} is ${what(resource)}, and no declaration in the template's metadata names it, so nothing is claimed of it`,
      fix: 'deploy the template as the construct wrote it; do not remove its metadata',
    }));
  });
}

interface Signature {
  readonly guarantee: GuaranteeId;
  readonly what: (resource: Resource) => string;
  readonly made: (model: AuditModel) => readonly Resource[];
}

const ofType = (type: string, fits: (resource: Resource) => boolean = () => true) =>
  ({ assembly }: AuditModel) => resourcesOf(assembly, type).filter(fits);

const tagged = (resource: Resource): boolean => listOf(property(resource, 'Tags')).some((tag) => at(tag, 'Key') === KIT_TAG);
const called = (...prefixes: readonly string[]) => (resource: Resource): boolean => prefixes.some((prefix) => shown(property(resource, 'DBInstanceIdentifier')).startsWith(prefix));

/** Whoever may log in as a user that the kit sets up for an agent is an agent. */
const agents = (model: AuditModel): readonly Resource[] => everyPrincipal(model)
  .filter(({ id, policies }) => !model.subjects.agents.includes(id) && policies.identity.some(({ effect, actions, resources }) =>
    effect === 'Allow' && !actions.except && actions.list.some((action) => action.toLowerCase() === 'rds-db:connect')
    && resources?.list.some((resource) => readable(resource).split('/').at(-1)!.startsWith(AGENT_ROLE_PREFIX))))
  .flatMap(({ id }) => model.assembly.resources.find((resource) => resource.id === id) ?? []);

/** The log groups whose lines a subscription of the kit copies. */
const recorded = ({ assembly }: AuditModel): readonly Resource[] => resourcesOf(assembly, 'AWS::Logs::LogGroup')
  .filter((group) => /^\/aws\/rds\/instance\/.*\/postgresql$/.test(shown(property(group, 'LogGroupName'))))
  .filter((group) => resourcesOf(assembly, 'AWS::Logs::SubscriptionFilter').some((filter) =>
    filter.stack === group.stack && property(filter, 'FilterName') === `${KIT_TAG}-archive` && property(filter, 'LogGroupName') === property(group, 'LogGroupName')));

const SIGNATURES: readonly Signature[] = [
  { guarantee: 'agent-reads-a-replica', what: () => 'a replica for agents', made: ofType('AWS::RDS::DBInstance', called(DATABASE_PREFIX.replica, DATABASE_PREFIX.delayed)) },
  { guarantee: 'agent-role-cannot-write', what: ({ type }) => `a ${type}`, made: ofType('Custom::DatabaseRoles') },
  { guarantee: 'agent-has-no-route-to-production', what: () => 'a network for agents', made: ofType('AWS::EC2::VPC', tagged) },
  { guarantee: 'agent-has-no-route-to-production', what: () => 'a host for agents', made: ofType('AWS::EC2::Instance', tagged) },
  { guarantee: 'agent-cannot-use-the-control-plane', what: () => 'a role that may log in as an agent', made: agents },
  { guarantee: 'staging-is-production-sized-and-masked', what: () => 'a copy of production for agents', made: ofType('AWS::RDS::DBInstance', called(DATABASE_PREFIX.staging)) },
  { guarantee: 'production-is-recoverable', what: ({ type }) => `a ${type}`, made: ofType('Custom::ProductionCheck') },
  { guarantee: 'backups-outlive-the-agent', what: () => 'a backup plan of the kit', made: ofType('AWS::Backup::BackupPlan', (plan) => at(plan.properties, 'BackupPlanTags', KIT_TAG) !== undefined) },
  { guarantee: 'statements-are-recorded', what: () => 'a log of statements that is archived', made: recorded },
];
