import { samePrincipal } from '../../core/principal';
import { agentsOf, everyPrincipal } from '../agents';
import type { Principal } from '../identity';
import { unless } from '../look';
import type { AuditModel, Finding, Rule, Step } from '../model';
import { chainsFrom, chainTo } from '../pivots';
import type { NamedPrincipal, Statement } from '../policy-document';
import { readable } from '../text';
import { equalText } from '../text-match';
import { terrainOf } from './arrivals-of-agents';

const RULE = 'approvers-are-not-agents';

/** Nobody approves what they asked for: no agent is an approver, becomes one, or shares the caller of one. */
export const approversAreNotAgents: Rule = {
  id: RULE,
  claim: 'no agent is an approver or can become one, and nobody who takes on an agent takes on an approver',
  applies: ({ subjects }) => subjects.approvers.length > 0 && subjects.agents.length > 0,
  check: (model) => agentsOf(model).flatMap((agent) => model.subjects.approvers.flatMap((approver) => [
    ...same(model, agent, approver), ...becomes(model, agent, approver), ...shared(model, agent, approver),
  ])),
};

function same({ assembly }: AuditModel, agent: Principal, approver: string): Finding[] {
  const is = approver === agent.id || approver === agent.arn || samePrincipal(approver, agent.arn) || equalText(approver, agent.arn) === 'yes';
  return unless(!is, {
    rule: RULE, subject: assembly.resources.find(({ id }) => id === agent.id)!, because: `${agent.name} is an agent and an approver`, fix: 'name a person as approver',
  });
}

/** The shortest chain of roles from an agent to the approver. */
function becomes(model: AuditModel, agent: Principal, approver: string): Finding[] {
  const way = chainTo(chainsOf(model, agent), approver);
  if (way === undefined) return [];
  const assuming = way.flatMap((step) => step.assuming ?? []);
  const subject = model.assembly.resources.find(({ id }) => id === agent.id)!;
  return [{
    rule: RULE, verdict: assuming.length === 0 ? 'fail' : 'unknown', subject: { id: subject.logicalId, path: subject.path },
    because: `${agent.name} can become the approver ${approver.split('.').at(-1)}: ${way.map(({ by }) => by).join(', ')}`,
    fix: 'take one of these permissions away', steps: way,
  }];
}

const CHAINS = new WeakMap<Principal, ReadonlyMap<string, Step>>();

/** Whom an agent can become; worked out once, whatever the number of approvers. */
function chainsOf(model: AuditModel, agent: Principal): ReadonlyMap<string, Step> {
  const known = CHAINS.get(agent);
  if (known) return known;
  const chains = chainsFrom(terrainOf(model), agent.id);
  CHAINS.set(agent, chains);
  return chains;
}

/** Somebody whom both roles trust proposes as the one and approves as the other. */
function shared(model: AuditModel, agent: Principal, approver: string): Finding[] {
  const role = everyPrincipal(model).find(({ id }) => id === approver);
  const approverArn = role?.arn ?? approver;
  const callers = agent.trust.filter(({ effect }) => effect === 'Allow').flatMap((statement) => (statement.principals?.list ?? []).map((principal) => ({ principal, statement })));
  const itself = callers.filter(({ principal }) => principal.kind === 'AWS' && (principal.value === approverArn || samePrincipal(principal.value, approverArn)));
  const both = (role?.trust ?? []).filter(({ effect }) => effect === 'Allow').flatMap((statement) => (statement.principals?.list ?? [])
    .filter((principal) => callers.some((caller) => overlap(caller.principal, caller.statement, principal, statement))));
  const subject = model.assembly.resources.find(({ id }) => id === agent.id)!;
  return [
    ...unless(itself.length === 0, { rule: RULE, subject, because: `the approver ${readable(approverArn)} may take on ${agent.name}, and would approve what they asked for`, fix: 'name an approver who cannot take on an agent' }),
    ...unless(both.length === 0, {
      rule: RULE, subject, because: `${both.map(({ value }) => readable(value)).join(', ')} may take on both ${agent.name} and the approver ${role?.name ?? approver}`, fix: 'let only people take on the approver',
    }),
  ];
}

function overlap(one: NamedPrincipal, of: Statement, other: NamedPrincipal, by: Statement): boolean {
  if (one.kind !== other.kind || one.kind === 'Service') return false;
  if (one.value !== other.value && one.value !== '*' && other.value !== '*' && equalText(one.value, other.value) === 'no') return false;
  const [mine, theirs] = [subjectsOf(of), subjectsOf(by)];
  return one.kind !== 'Federated' || mine.length === 0 || theirs.length === 0 || mine.some((subject) => theirs.includes(subject) || theirs.some((their) => /[*?]/.test(their)));
}

const subjectsOf = ({ conditions }: Statement): readonly string[] => conditions.filter(({ key }) => /:sub$/.test(key)).flatMap(({ values }) => values);

