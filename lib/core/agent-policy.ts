import { AGENT_ACTIONS, AGENT_NEVER } from './agent-never';
import { MAXIMUM_SERVICE_CONTROL_POLICY_CHARACTERS } from './policy';
import { isRoleOrUser, principalOf, samePrincipal } from './principal';

/** A condition as IAM writes it: operator, key, values. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** One statement of an IAM policy, as plain JSON. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource?: readonly string[];
  readonly NotResource?: readonly string[];
  readonly Condition?: Conditions;
}

/** An IAM policy, as plain JSON. */
export interface PolicyJson {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/** One thing that an agent may do: exactly these calls, on exactly these resources, under these conditions. */
export interface Permission {
  /** What it is for, as an IAM statement id: letters and digits. */
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Conditions;
}

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

export interface AgentServiceControlPolicyOptions {
  /**
   * The only roles and users that may change the agents' roles and `boundaries`. CloudFormation must stay able to:
   * name the role that deploys the stack too (`cdk-…-cfn-exec-role-…`).
   * @default - no statement about who changes them; agents cannot in any case
   */
  readonly administrators?: readonly string[];
  /** ARNs of the agents' permissions boundaries, to protect them like the roles. Needs `administrators`. */
  readonly boundaries?: readonly string[];
}

/** A policy to use, or everything that is wrong with what was asked for. */
export type ServiceControlPolicy =
  | { readonly do: 'use'; readonly document: PolicyJson; readonly characters: number }
  | { readonly do: 'refuse'; readonly because: readonly string[] };

/**
 * A service control policy that holds the given roles to what an agent may do, from outside their account: whoever
 * administers the account cannot lift it. Attach it to the accounts of the roles; all other principals are unaffected.
 *
 * AWS does not apply service control policies in an organization's management account.
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html
 */
export function agentServiceControlPolicy(
  agentRoleArns: readonly string[], options: AgentServiceControlPolicyOptions = {},
): ServiceControlPolicy {
  const { administrators = [], boundaries = [] } = options;
  const isAgent: Conditions = { ArnEquals: { 'aws:PrincipalArn': agentRoleArns } };
  const isNoAdministrator: Conditions = { ArnNotEquals: { 'aws:PrincipalArn': administrators } };
  const changes = { Action: CHANGES, Resource: [...agentRoleArns, ...boundaries], Condition: isNoAdministrator };
  const document = policy([
    deny('AgentsDoNothingElse', { NotAction: AGENT_ACTIONS, Resource: ['*'], Condition: isAgent }),
    deny('AgentsNever', { Action: Object.values(AGENT_NEVER).flat(), Resource: ['*'], Condition: isAgent }),
    ...(administrators.length === 0 ? [] : [deny('OnlyAdministratorsChangeAgents', changes)]),
  ]);
  const characters = JSON.stringify(document).length;
  const isRole = (arn: string) => isRoleOrUser(arn) && principalOf(arn)?.kind === 'role';
  const isAlsoAgent = (arn: string) => agentRoleArns.some((agent) => samePrincipal(agent, arn));
  const because = [
    ...(agentRoleArns.length === 0 ? ['no agent role is given; name at least one'] : []),
    ...agentRoleArns.filter((arn) => !isRole(arn)).map((arn) => `'${arn}' is not the ARN of one IAM role`),
    ...administrators.filter((arn) => !isRoleOrUser(arn)).map((arn) => `administrator '${arn}' is not the ARN of one IAM role or user`),
    ...administrators.filter(isAlsoAgent).map((arn) => `administrator '${arn}' is an agent`),
    ...boundaries.filter((arn) => !POLICY.test(arn)).map((arn) => `boundary '${arn}' is not the ARN of one managed policy of your own`),
    ...(boundaries.length > 0 && administrators.length === 0
      ? ['boundaries are given without administrators; name who may change them'] : []),
    ...(characters > MAXIMUM_SERVICE_CONTROL_POLICY_CHARACTERS
      ? [`the policy has ${characters} characters and AWS allows ${MAXIMUM_SERVICE_CONTROL_POLICY_CHARACTERS}; ` +
          'write one policy for each few roles'] : []),
  ];
  return because.length > 0 ? { do: 'refuse', because } : { do: 'use', document, characters };
}

const POLICY = /^arn:aws(?:-[a-z]+)*:iam::\d{12}:policy\/(?:[\w+=,.@-]+\/)*[\w+=,.@-]{1,128}$/;

/** Everything that changes what a role may do, who takes it on, or what bounds it. */
const CHANGES = [
  'iam:AttachRolePolicy', 'iam:CreatePolicyVersion', 'iam:DeletePolicy*', 'iam:DeleteRole*', 'iam:DetachRolePolicy',
  'iam:PutRole*', 'iam:SetDefaultPolicyVersion', 'iam:TagRole', 'iam:UntagRole', 'iam:UpdateAssumeRolePolicy', 'iam:UpdateRole*',
];

function policy(statements: readonly Statement[]): PolicyJson {
  return { Version: '2012-10-17', Statement: statements };
}

function allow({ sid, actions, resources, conditions }: Permission): Statement {
  return { Sid: sid, Effect: 'Allow', Action: actions, Resource: resources, ...(conditions && { Condition: conditions }) };
}

function deny(Sid: string, rest: Omit<Statement, 'Sid' | 'Effect'>): Statement {
  return { Sid, Effect: 'Deny', ...rest };
}
