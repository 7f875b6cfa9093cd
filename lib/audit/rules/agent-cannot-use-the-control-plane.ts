import { AGENT_NEVER } from '../../core/agent-never';
import { AGENT_SESSION_HOURS } from '../../core/policy';
import { agentsOf, mostAllowed } from '../agents';
import { decide } from '../decide';
import type { Principal } from '../identity';
import { arnOf } from '../identities';
import { atLeast, declarationsOf, declaredResource, is, missing, property, shown, unless, type Certainty } from '../look';
import type { AgentLogin, AuditModel, Finding, Resource, Rule } from '../model';
import { statementsOf, type Statement } from '../policy-document';
import { generated, readable, unknown } from '../text';
import { matches } from '../text-match';
import { trustProblems } from './agent-trust';
import { arrivalsOfAgents } from './arrivals-of-agents';
import { backupsOutliveTheAgent } from './backups-outlive-the-agent';

const RULE = 'agent-cannot-use-the-control-plane';

/**
 * An agent's role has a boundary that allows the few calls of an agent and denies all others in so many words, so that neither an
 * administrator policy on the role nor a policy on a resource helps it; and nothing that it may call leads to somebody else's permissions.
 */
export const agentCannotUseTheControlPlane: Rule = {
  id: RULE,
  claim: "the agent's IAM role can connect to the databases made for it and nothing else, even with an administrator policy attached",
  applies: ({ subjects }) => subjects.agents.length > 0,
  check: (model) => [
    ...declared(model),
    ...agentsOf(model).flatMap((agent) => {
      const role = model.assembly.resources.find(({ id }) => id === agent.id)!;
      return [...boundaryProblems(model, agent, role), ...trustProblems(RULE, agent, role), ...sessionProblems(role)];
    }),
    ...arrivalsOfAgents(RULE, model, 'control-plane'),
    // Without a vault nobody else claims anything about snapshots and keys.
    ...(backupsOutliveTheAgent.applies(model) ? [] : arrivalsOfAgents(RULE, model, 'backups')),
  ],
};

/** The boundary that was declared is the one that the role has. */
function declared({ assembly }: AuditModel): Finding[] {
  return declarationsOf(assembly, RULE).flatMap((declaration) => {
    const [role, boundary] = [declaredResource(assembly, declaration, 'role'), declaredResource(assembly, declaration, 'boundary')];
    if (!role) return missing(RULE, declaration, 'role');
    if (!boundary) return missing(RULE, declaration, 'boundary');
    const arn = arnOf(boundary, assembly.stacks.find(({ id }) => id === boundary.stack)!);
    return unless(arn === undefined ? 'unknown' : is(property(role, 'PermissionsBoundary'), arn), {
      rule: RULE, subject: role,
      because: `the permissions boundary of ${role.logicalId} is ${shown(property(role, 'PermissionsBoundary'))} and not ${boundary.logicalId}, so nothing holds the agent`,
      fix: 'leave the PermissionsBoundary as AgentAccess sets it',
    });
  });
}

function boundaryProblems(model: AuditModel, agent: Principal, role: Resource): Finding[] {
  if (agent.policies.boundary === undefined) {
    return unless(false, {
      rule: RULE, subject: role,
      because: `${agent.name} has no permissions boundary, so that an administrator policy attached to it gives it everything`,
      fix: 'make the role with AgentAccess, or set PermissionsBoundary to the boundary of one',
    });
  }
  const logins = model.subjects.logins.filter((login) => login.agent === agent.id);
  return [
    ...mostAllowed(agent).flatMap((statement) => statement.actions.except ? [excess(role, agent, `all but ${statement.actions.list.join(', ')}`)] : statement.actions.list.flatMap((action) =>
      permitted(action, statement, logins, role, agent))),
    ...unlisted(agent, role),
    ...unsaid(model, agent, role),
  ];
}

/** Calls that agents of the kit are given. What each may be done to is checked; anything else is an excess. */
function permitted(action: string, statement: Statement, logins: readonly AgentLogin[], role: Resource, agent: Principal): readonly Finding[] {
  const call = action.toLowerCase();
  const resources = statement.resources?.list ?? [];
  if (!PERMITTED.has(call)) return [excess(role, agent, readable(action))];
  const wide = resources.filter((resource) => ONE_RESOURCE.has(call) && /^\*$|[:/]\*$/.test(resource));
  if (statement.resources?.except === true || wide.length > 0) return [excess(role, agent, `${action} on ${statement.resources?.except ? 'all but some resources' : readable(wide.join(', '))}`)];
  if (call === 'rds-db:connect') return resources.flatMap((resource) => loginProblems(resource, logins, role, agent));
  if (call.startsWith('logs:')) return resources.filter((resource) => matches(resource, resource.replace(/log-group:.*/, 'log-group:/aws/rds/instance/any/postgresql:*')) !== 'no').map((resource) => excess(role, agent, `${action} on ${readable(resource)}, where databases log`));
  if (call === 'ssm:startsession' && !statement.conditions.some(checksTheDocument)) {
    return [excess(role, agent, `${action} without ssm:SessionDocumentAccessCheck, so that a session that names no document is a shell on the host`)];
  }
  return [];
}

const checksTheDocument = ({ key, operator, values }: Statement['conditions'][number]): boolean =>
  key.toLowerCase() === 'ssm:sessiondocumentaccesscheck' && /^Bool(IfExists)?$/i.test(operator) && values.length === 1 && values[0] === 'true';

const PERMITTED: ReadonlySet<string> = new Set([
  'rds-db:connect', 'ssm:startsession', 'ssm:resumesession', 'ssm:terminatesession', 'ssmmessages:opendatachannel', 'sts:getcalleridentity',
  'ecr:batchgetimage', 'ecr:getdownloadurlforlayer', 'ecr:getauthorizationtoken', 'logs:createloggroup', 'logs:createlogstream', 'logs:putlogevents',
]);
/** Of these the kit names each resource: a wildcard is another database, host or image. */
const ONE_RESOURCE: ReadonlySet<string> = new Set(['rds-db:connect', 'ssm:startsession', 'ecr:batchgetimage', 'ecr:getdownloadurlforlayer']);

/** A login names one database by its resource id and one user, those that were declared. */
function loginProblems(resource: string, logins: readonly AgentLogin[], role: Resource, agent: Principal): readonly Finding[] {
  const [database, user] = resource.slice(resource.indexOf(':dbuser:') + ':dbuser:'.length).split('/');
  const declared = logins.some((login) => login.user === user && (login.resourceId === undefined || login.resourceId === database));
  // Without a declaration any single database and user may be meant; the rule about the network says which database it is.
  if (declared || (logins.length === 0 && user !== undefined && !/[*?]/.test(resource))) return [];
  return [excess(role, agent, `rds-db:connect to ${readable(database ?? resource)} as ${readable(user ?? 'anybody')}`)];
}

const excess = (role: Resource, agent: Principal, what: string): Finding => ({
  rule: RULE, verdict: 'fail', subject: { id: role.logicalId, path: role.path }, because: `${agent.name} may be allowed ${what}`,
  fix: 'take it out of the permissions boundary; an agent connects to its databases and nothing else', steps: [],
});

/**
 * What is left when somebody attaches an administrator policy and a resource lets everybody in: only an explicit denial helps then.
 * The calls asked about are of no service, so that a denial of single services does not do.
 */
function unlisted(agent: Principal, role: Resource): Finding[] {
  // What agents are given is denied elsewhere than on what they are given; all else on anything, so that no one resource is left out.
  const open = PROBES.filter((action) => decide(
    {
      principal: { arn: agent.arn, account: agent.account }, action, resourceAccount: agent.account, context: {},
      resource: PERMITTED.has(action.toLowerCase()) ? generated('elsewhere', 'Arn') : unknown('any resource'),
    },
    { ...agent.policies, identity: [...agent.policies.identity, ...EVERYTHING], resource: EVERYTHING_TO_EVERYONE },
  ).do === 'allow');
  return unless(open.length === 0, {
    rule: RULE, subject: role,
    because: `the boundary of ${agent.name} does not deny ${open.slice(0, 3).join(', ')}${open.length > 3 ? ` and ${open.length - 3} more` : ''} in so many words, so a policy on a resource that names its sessions allows it`,
    fix: 'deny everything else in the boundary: NotAction with what the agent is allowed, Resource *',
  });
}

const EVERYTHING = statementsOf({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }, 'an administrator policy').statements;
const EVERYTHING_TO_EVERYONE = statementsOf({ Version: '2012-10-17', Statement: { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' } }, 'a policy of a resource').statements;
const PROBES = ['any:Call', 'rds:DeleteDBInstance', 'rds-db:connect', 'backup:DeleteRecoveryPoint', 'iam:PassRole', 'sts:AssumeRole', 'kms:Decrypt', 'secretsmanager:GetSecretValue',
  'lambda:InvokeFunction', 's3:GetObject', 'ssm:StartSession', 'ssm:SendCommand', 'logs:DeleteLogGroup', 'states:SendTaskSuccess', 'dynamodb:PutItem'] as const;

/**
 * The kit's own boundary also names what no agent may ever do, in case the last denial is ever narrowed. One that a declaration calls a
 * boundary of the kit has all of them.
 */
function unsaid({ assembly }: AuditModel, agent: Principal, role: Resource): Finding[] {
  if (!declarationsOf(assembly, RULE).some(({ stack, resources }) => `${stack}.${String(resources.role)}` === agent.id)) return [];
  const denials = (agent.policies.boundary ?? []).filter(({ effect, conditions, resources, actions }) =>
    effect === 'Deny' && conditions.length === 0 && !actions.except && resources?.except === false && resources.list.includes('*')).flatMap(({ actions }) => actions.list);
  // Wildcards of the list stand at the end only, so what covers one is the same text or a shorter prefix.
  const exact = new Set(denials.map((denied) => denied.toLowerCase()));
  const prefixes = [...exact].filter((denied) => denied.indexOf('*') === denied.length - 1).map((denied) => denied.slice(0, -1));
  const covered = (action: string) => exact.has(action.toLowerCase()) || prefixes.some((prefix) => action.toLowerCase().startsWith(prefix));
  return Object.entries(AGENT_NEVER).flatMap(([sid, actions]) => {
    const open = actions.filter((action) => !covered(action));
    return unless(open.length === 0, {
      rule: RULE, subject: role, because: `the boundary of ${agent.name} no longer denies ${open.slice(0, 4).join(', ')}${open.length > 4 ? ` and ${open.length - 4} more` : ''} (${sid})`,
      fix: 'leave the boundary as AgentAccess writes it',
    });
  });
}

function sessionProblems(role: Resource): Finding[] {
  const seconds = property(role, 'MaxSessionDuration');
  const longer: Certainty = seconds === undefined ? false : atLeast(seconds, AGENT_SESSION_HOURS * 3600 + 1);
  return role.type === 'AWS::IAM::User'
    ? unless(false, { rule: RULE, subject: role, because: `${role.logicalId} is an IAM user, whose access keys do not expire`, fix: 'give the agent a role' })
    : unless(longer === 'unknown' ? 'unknown' : !longer, {
      rule: RULE, subject: role, because: `sessions of ${role.logicalId} live for ${shown(seconds)} seconds, more than ${AGENT_SESSION_HOURS} hour`, fix: `set MaxSessionDuration to ${AGENT_SESSION_HOURS * 3600}`,
    });
}
