import { AGENT_NEVER } from './agent-never';
import type { Permission, PolicyJson, Statement } from './agent-statement';

/** The identity policy of an agent's role: the permissions, nothing else. */
export function agentPermissions(permissions: readonly Permission[]): PolicyJson {
  return policy(permissions.map(allow));
}

/**
 * The permissions boundary of an agent's role. What it does not allow no identity policy can give; and because it also
 * denies in so many words, neither can a policy on a resource that names the role or one of its sessions: those are not
 * bound by what a boundary merely leaves out.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export function agentBoundary(permissions: readonly Permission[]): PolicyJson {
  return policy([
    ...permissions.map(allow),
    ...Object.entries(AGENT_NEVER).map(([Sid, Action]) => deny(Sid, { Action, Resource: ['*'] })),
    ...elsewhere(permissions),
    deny('DenyEverythingElse', { NotAction: [...new Set(permissions.flatMap((permission) => permission.actions))], Resource: ['*'] }),
  ]);
}

/** Denies each allowed call on every resource but those it is allowed on. */
function elsewhere(permissions: readonly Permission[]): Statement[] {
  const groups = new Map<string, { sid: string; actions: string[]; resources: readonly string[] }>();
  for (const action of new Set(permissions.flatMap((permission) => permission.actions))) {
    const owners = permissions.filter((permission) => permission.actions.includes(action));
    const resources = [...new Set(owners.flatMap((permission) => permission.resources))];
    const key = JSON.stringify(resources);
    const group = groups.get(key) ?? { sid: owners[0]!.sid, actions: [], resources };
    groups.set(key, { ...group, actions: [...group.actions, action] });
  }
  return [...groups.values()]
    .filter((group) => !group.resources.includes('*'))
    .map((group) => deny(`DenyOtherThan${group.sid}`, { Action: group.actions, NotResource: group.resources }));
}

function policy(statements: readonly Statement[]): PolicyJson {
  return { Version: '2012-10-17', Statement: statements };
}

function allow({ sid, actions, resources, conditions }: Permission): Statement {
  return { Sid: sid, Effect: 'Allow', Action: actions, Resource: resources, ...(conditions && { Condition: conditions }) };
}

function deny(Sid: string, rest: Omit<Statement, 'Sid' | 'Effect'>): Statement {
  return { Sid, Effect: 'Deny', ...rest };
}
