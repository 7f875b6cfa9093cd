import { ownContainer, portForwarding, type PortForwardingHost } from './agent-permissions';
import type { Conditions, Permission, PolicyJson, Statement } from './agent-statement';
import { AGENT_ROLE_PREFIX, MAXIMUM_SERVICE_CONTROL_POLICY_CHARACTERS } from './policy';
import { isRoleOrUser, principalOf, samePrincipal } from './principal';

/** What an agent that runs as a container in AgentCore Runtime needs. */
export interface AgentContainer {
  /** The ECR repository of its image. */
  readonly imageRepositoryArn: string;
  /** Its log groups, `arn:aws:logs:REGION:ACCOUNT:log-group:/aws/bedrock-agentcore/runtimes/NAME-*`. */
  readonly logGroupsArn: string;
}

/** What the agents may do: what is not named here is denied to them. */
export interface AgentServiceControlPolicyOptions {
  /**
   * The database users that the agents log in as, `arn:aws:rds-db:REGION:ACCOUNT:dbuser:db-…/agent_…_ro`. Each agent of
   * the policy may log in as each of them as far as this policy goes: write one policy for each agent to keep them apart.
   * @default - the agents can log in to no database
   */
  readonly databaseUsers?: readonly string[];
  /** @default - the agents can start no session on any host */
  readonly portForwarding?: readonly PortForwardingHost[];
  /** @default - the agents can pull no image and write no log */
  readonly containers?: readonly AgentContainer[];
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
 * A service control policy that holds the given roles to what an agent may do, and where, from outside their account:
 * whoever administers the account cannot lift it. Attach it to the accounts of the roles; all other principals are
 * unaffected. An agent can use the resources that the options name, and nothing else.
 *
 * AWS does not apply service control policies in an organization's management account. `NotResource`, which this needs, is
 * part of their language since September 2025.
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html
 */
export function agentServiceControlPolicy(
  agentRoleArns: readonly string[], options: AgentServiceControlPolicyOptions = {},
): ServiceControlPolicy {
  const { administrators = [], boundaries = [] } = options;
  const isNoAdministrator: Conditions = { ArnNotEquals: { 'aws:PrincipalArn': administrators } };
  const document: PolicyJson = {
    Version: '2012-10-17',
    Statement: [
      ...agentStatements({ ArnEquals: { 'aws:PrincipalArn': agentRoleArns } }, permitted(options)),
      ...(administrators.length === 0 ? [] : [deny('OnlyAdministratorsChangeAgents', {
        Action: CHANGES, Resource: [...agentRoleArns, ...boundaries], Condition: isNoAdministrator,
      })]),
    ],
  };
  const characters = JSON.stringify(document).length;
  const because = [
    ...principalProblems(agentRoleArns, administrators),
    ...resourceProblems(options),
    ...boundaries.filter((arn) => !POLICY.test(arn)).map((arn) => `boundary '${arn}' is not the ARN of one managed policy of your own`),
    ...(boundaries.length > 0 && administrators.length === 0
      ? ['boundaries are given without administrators; name who may change them'] : []),
    ...(characters > MAXIMUM_SERVICE_CONTROL_POLICY_CHARACTERS
      ? [`the policy has ${characters} characters and AWS allows ${MAXIMUM_SERVICE_CONTROL_POLICY_CHARACTERS}; ` +
          'write one policy for each few roles'] : []),
  ];
  return because.length > 0 ? { do: 'refuse', because } : { do: 'use', document, characters };
}

/** What agents may do, by the same functions as their roles get it from. */
function permitted({ databaseUsers = [], portForwarding: hosts = [], containers = [] }: AgentServiceControlPolicyOptions): Permission[] {
  return [
    ...(databaseUsers.length === 0 ? [] : [{ sid: 'Connect', actions: ['rds-db:connect'], resources: databaseUsers }]),
    ...hosts.flatMap((host) => portForwarding(host, host.replicaDocumentArn.replace(/:document\/.*/, ':session/*'))),
    ...containers.flatMap(({ imageRepositoryArn, logGroupsArn }) => ownContainer(imageRepositoryArn, logGroupsArn)),
  ];
}

/**
 * One list of resources for all calls: a call is only ever made on its own kind of resource, so no other kind in the list
 * opens anything to it, and the few characters there are suffice for more agents.
 */
function agentStatements(isAgent: Conditions, permissions: readonly Permission[]): Statement[] {
  const calls = unique(permissions.flatMap(({ actions }) => actions));
  const located = permissions.filter(({ resources }) => !resources.includes('*'));
  const conditional = new Map(permissions.flatMap(({ sid, actions, otherwise }) => (otherwise ? [[sid, { actions, otherwise }]] : [])));
  return [
    // Denies what `AGENT_NEVER` names too: to name it again would change nothing and take three fifths of the characters.
    // IAM takes no empty list.
    deny('AgentsDoNothingElse', { ...(calls.length === 0 ? { Action: ['*'] } : { NotAction: calls }), Resource: ['*'], Condition: isAgent }),
    ...(located.length === 0 ? [] : [deny('AgentsNowhereElse', {
      Action: unique(located.flatMap(({ actions }) => actions)),
      NotResource: unique(located.flatMap(({ resources }) => resources)),
      Condition: isAgent,
    })]),
    ...[...conditional].map(([sid, { actions, otherwise }]) =>
      deny(`Agents${sid}Only`, { Action: actions, Resource: ['*'], Condition: { ...isAgent, ...otherwise } })),
  ];
}

function principalProblems(agents: readonly string[], administrators: readonly string[]): string[] {
  const isRole = (arn: string) => isRoleOrUser(arn) && principalOf(arn)?.kind === 'role';
  const isAlsoAgent = (arn: string) => agents.some((agent) => samePrincipal(agent, arn));
  return [
    ...(agents.length === 0 ? ['no agent role is given; name at least one'] : []),
    ...agents.filter((arn) => !isRole(arn)).map((arn) => `'${arn}' is not the ARN of one IAM role`),
    ...administrators.filter((arn) => !isRoleOrUser(arn)).map((arn) => `administrator '${arn}' is not the ARN of one IAM role or user`),
    ...administrators.filter(isAlsoAgent).map((arn) => `administrator '${arn}' is an agent`),
  ];
}

function resourceProblems({ databaseUsers = [], portForwarding: hosts = [], containers = [] }: AgentServiceControlPolicyOptions): string[] {
  const check = (kind: string, arns: readonly string[], pattern: RegExp, what: string) =>
    arns.filter((arn) => !pattern.test(arn)).map((arn) => `${kind} '${arn}' is not ${what}`);
  return [
    ...check('database user', databaseUsers, DATABASE_USER, `the ARN of one database user of an agent, …:dbuser:db-…/${AGENT_ROLE_PREFIX}…`),
    ...check('host', hosts.map(({ instanceArn }) => instanceArn), INSTANCE, 'the ARN of one EC2 instance'),
    ...check('session document', hosts.map(({ replicaDocumentArn }) => replicaDocumentArn), DOCUMENT,
      "the ARN of one document of your own that is not Session Manager's shell"),
    ...check('image repository', containers.map(({ imageRepositoryArn }) => imageRepositoryArn), IMAGE, 'the ARN of one ECR repository'),
    ...check('log groups', containers.map(({ logGroupsArn }) => logGroupsArn), RUNTIME_LOGS,
      'the ARN of the log groups of AgentCore runtimes, …:log-group:/aws/bedrock-agentcore/runtimes/NAME-*'),
  ];
}

const POLICY = /^arn:aws(?:-[a-z]+)*:iam::\d{12}:policy\/(?:[\w+=,.@-]+\/)*[\w+=,.@-]{1,128}$/;
const DATABASE_USER = new RegExp(`^arn:aws(?:-[a-z]+)*:rds-db:[a-z0-9-]+:\\d{12}:dbuser:db-[A-Z0-9]+/${AGENT_ROLE_PREFIX}[a-z0-9_]+$`);
const INSTANCE = /^arn:aws(?:-[a-z]+)*:ec2:[a-z0-9-]+:\d{12}:instance\/i-[0-9a-f]+$/;
const DOCUMENT = /^arn:aws(?:-[a-z]+)*:ssm:[a-z0-9-]+:\d{12}:document\/(?!SSM-SessionManagerRunShell$)[\w.-]+$/;
const IMAGE = /^arn:aws(?:-[a-z]+)*:ecr:[a-z0-9-]+:\d{12}:repository\/[a-z0-9._/-]+$/;
const RUNTIME_LOGS = /^arn:aws(?:-[a-z]+)*:logs:[a-z0-9-]+:\d{12}:log-group:\/aws\/bedrock-agentcore\/runtimes\/(?:[a-zA-Z]\w*-)?\*$/;

/** Everything that changes what a role may do, who takes it on, or what bounds it. */
const CHANGES = [
  'iam:AttachRolePolicy', 'iam:CreatePolicyVersion', 'iam:DeletePolicy*', 'iam:DeleteRole*', 'iam:DetachRolePolicy',
  'iam:PutRole*', 'iam:SetDefaultPolicyVersion', 'iam:TagRole', 'iam:UntagRole', 'iam:UpdateAssumeRolePolicy', 'iam:UpdateRole*',
];

function deny(Sid: string, rest: Omit<Statement, 'Sid' | 'Effect'>): Statement {
  return { Sid, Effect: 'Deny', ...rest };
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
