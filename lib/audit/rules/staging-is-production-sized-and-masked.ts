import { placesOfAgents } from '../agent-places';
import { agentsOf } from '../agents';
import { decide } from '../decide';
import { attributeOf } from '../identities';
import { is, property, unless } from '../look';
import type { AuditModel, Finding, Resource, Rule } from '../model';
import { networkOf } from '../network';
import { resourcePolicyOf } from '../resource-policies';

const RULE = 'staging-is-production-sized-and-masked';

/** A copy that is not proven clean is closed: no agent can open a connection to it, and none may log in. */
export const stagingIsProductionSizedAndMasked: Rule = {
  id: RULE,
  claim: 'agents have no way in to a full-size copy of production before it is proven masked and cleaned',
  applies: ({ assembly }) => assembly.declarations.some(({ guarantee }) => guarantee === RULE),
  check: (model) => model.assembly.declarations.filter(({ guarantee }) => guarantee === RULE).flatMap(({ stack, path, resources }) => {
    const copy = model.assembly.resources.find(({ id }) => id === `${stack}.${String(resources.instance)}`);
    return copy ? [...settings(copy), ...ways(model, copy), ...logins(model, copy)] : unless(false, {
      rule: RULE, subject: { logicalId: String(resources.instance), path }, because: `the copy ${String(resources.instance)} that is declared is not in the template`, fix: 'deploy the template as StagingClone wrote it',
    });
  }),
};

const settings = (copy: Resource): Finding[] => [
  ...unless(is(property(copy, 'PubliclyAccessible'), false), { rule: RULE, subject: copy, because: `${copy.logicalId}, a copy of production with its data, is publicly accessible, or does not say that it is not`, fix: 'set PubliclyAccessible to false' }),
  ...unless(is(property(copy, 'ManageMasterUserPassword'), true), { rule: RULE, subject: copy, because: `${copy.logicalId} keeps the master password of production`, fix: 'set ManageMasterUserPassword to true, which makes a new one' }),
  ...unless(is(property(copy, 'EnableIAMDatabaseAuthentication'), true), { rule: RULE, subject: copy, because: `${copy.logicalId} takes no IAM tokens, so agents would need passwords`, fix: 'set EnableIAMDatabaseAuthentication to true' }),
];

function ways(model: AuditModel, copy: Resource): Finding[] {
  const network = networkOf(model.assembly);
  const reach = network.reachable(placesOfAgents(model), network.database(copy.id));
  return reach.do === 'cannot' ? [] : [{
    rule: RULE, verdict: reach.do === 'reaches' ? 'fail' : 'unknown', subject: { id: copy.logicalId, path: copy.path },
    because: `${reach.do === 'reaches' ? 'there is' : 'there may be'} a way to ${copy.logicalId}, which is not proven clean: ${reach.steps.map(({ by }) => by).join(', ')}`,
    fix: 'remove one of these edges; the clone is opened when it is proven clean', steps: reach.steps,
  }];
}

function logins(model: AuditModel, copy: Resource): Finding[] {
  const { assembly } = model;
  const stack = assembly.stacks.find(({ id }) => id === copy.stack)!;
  const database = attributeOf(copy, 'DbiResourceId', stack) as string;
  return agentsOf(model).flatMap((agent) => {
    const decision = decide(
      { principal: { arn: agent.arn, account: agent.account }, action: 'rds-db:connect', resource: `arn:${stack.partition}:rds-db:${stack.region}:${stack.account}:dbuser:${database}/any`, context: {} },
      { ...agent.policies, resource: resourcePolicyOf(assembly).get(copy.id) ?? [] },
    );
    const named = agent.policies.identity.some(({ effect, resources }) => effect === 'Allow' && resources?.list.some((resource) => resource.includes(database)));
    return unless(decision.do === 'deny' && !named, {
      rule: RULE, subject: assembly.resources.find(({ id }) => id === agent.id)!,
      because: `${agent.name} may log in to ${copy.logicalId}, which is not proven clean`, fix: 'take rds-db:connect on it away; StagingClone gives it when the copy is proven clean',
    });
  });
}
