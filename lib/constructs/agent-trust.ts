import { Stack, Token } from 'aws-cdk-lib';
import { WebIdentityPrincipal, type IPrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { overlapping, type AgentCaller } from '../core/agent-caller';
import { ownContainer } from '../core/agent-permissions';
import type { Permission } from '../core/agent-statement';
import type { AgentRuntime } from '../core/endpoints';
import { isRoleOrUser } from '../core/principal';
import { selfApprovals } from '../core/self-approval';
import { refuse } from './invalid';
import { AccountedPrincipal, readable, sameIdentity, serviceOfThisAccount } from './trust-principals';

/**
 * Which runs of a repository's workflows are the agent: those on one branch (recommended), or those in one GitHub
 * environment, which is as narrow as the environment is protected.
 */
export type GithubRuns =
  | { readonly branch?: string; readonly environment?: undefined }
  | { readonly environment: string; readonly branch?: undefined };

export interface SourceIdentityOptions {
  /**
   * The source identities that are accepted, letter by letter.
   * @default - any, but there must be one
   */
  readonly sourceIdentities?: readonly string[];
}

export interface AgentCoreOptions {
  /**
   * The ECR repository of the agent's image. AgentCore Runtime pulls the image and writes the agent's log with the agent's
   * own role; with this, the role may do exactly that. Tools of AgentCore (code interpreter, browser) need nothing.
   * @default - no image: the role can do nothing but connect
   */
  readonly imageRepositoryArn?: string;
  /**
   * The name of the agent's runtime, which narrows the log that it may write to its own. Needs `imageRepositoryArn`.
   * @default - the agent may write into the log of every AgentCore runtime of this account and Region
   */
  readonly runtimeName?: string;
}

/** What an agent's role is made of: who takes it on, and what its runtime needs. */
export interface BoundAgentTrust {
  readonly principal: IPrincipal;
  readonly permissions: readonly Permission[];
  /** Who that is, in words. */
  readonly identity: string;
}

/**
 * Who may take on an agent's role: exactly one kind of caller, pinned by what it cannot choose itself.
 *
 * @example AgentTrust.githubActions('acme/shop', { branch: 'main' })
 */
export class AgentTrust {
  /**
   * Runs of one repository's GitHub Actions workflows: on the branch `main`, on another branch, or in a GitHub environment.
   *
   * Prefer a branch, and protect it: then no job of a pull request, a tag or another branch is the agent. What
   * `pull_request_target` starts counts as a run on its base branch, and what runs in an environment has no branch.
   *
   * With `environment` a job of any branch, tag or pull request that names the environment is the agent, unless the
   * environment's own rules stop it. Create it before, and restrict its deployment branches, or require reviewers: GitHub
   * creates an environment that a workflow names and that does not exist, without any protection.
   * @see https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments
   *
   * Write the repository as `owner/name`. For repositories created, renamed or transferred since 15 July 2026, and those
   * that opted in to immutable subject claims, write it with GitHub's ids, `owner@123456/name@456789`;
   * `gh api repos/owner/name/actions/oidc/customization/sub` shows them.
   *
   * The account must have GitHub's OIDC provider. `providerArn` names one that is not this account's own default.
   * @see https://docs.github.com/en/actions/reference/security/oidc
   */
  static githubActions(repository: string, runs: GithubRuns = {}, providerArn?: string): AgentTrust {
    const { branch = 'main', environment } = runs;
    return new AgentTrust((scope) => {
      refuse(scope, [
        {
          when: !REPOSITORY.test(repository),
          say: `GitHub repository is '${repository}'; write owner/name, or owner@id/name@id, without wildcards`,
        },
        {
          when: runs.branch !== undefined && environment !== undefined,
          say: 'both branch and environment are given; runs in an environment carry no branch, write one',
        },
        {
          when: !BRANCH.test(branch) || branch.includes('..'),
          say: `branch is '${branch}'; write one branch without 'refs/heads/' and wildcards`,
        },
        {
          when: environment !== undefined && !ENVIRONMENT.test(environment),
          say: `GitHub environment is '${environment}'; write one name of letters, digits, spaces, _ . and -`,
        },
        {
          when: providerArn !== undefined && !Token.isUnresolved(providerArn) && !PROVIDER.test(providerArn),
          say:
            `providerArn is '${providerArn}'; write the ARN of GitHub's OIDC provider in this account, ` +
            `arn:aws:iam::ACCOUNT:oidc-provider/${GITHUB}`,
        },
      ]);
      const provider = providerArn ?? Stack.of(scope).formatArn({ service: 'iam', region: '', resource: 'oidc-provider', resourceName: GITHUB });
      const issuer = PROVIDER.exec(provider)?.[1] ?? GITHUB;
      const subject = environment === undefined ? `ref:refs/heads/${branch}` : `environment:${environment}`;
      return {
        principal: new WebIdentityPrincipal(provider, {
          StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com', [`${issuer}:sub`]: `repo:${repository}:${subject}` },
        }),
        permissions: [],
        identity: `GitHub Actions of ${repository} ${environment === undefined ? `on branch ${branch}` : `in environment ${environment}`}`,
      };
    }, { kind: 'github', repository, ...(environment === undefined ? { branch } : { environment }) });
  }

  /**
   * One IAM role or user, which must say on whose behalf it acts: a session without a source identity is refused, and
   * CloudTrail shows it in every event. Who takes on the role from a role passes `--source-identity` each time.
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
   */
  static principal(arn: string, options: SourceIdentityOptions = {}): AgentTrust {
    const accepted = options.sourceIdentities === undefined ? undefined : [...options.sourceIdentities];
    return new AgentTrust((scope) => {
      refuse(scope, [
        {
          when: !Token.isUnresolved(arn) && !isRoleOrUser(arn),
          say: `principal is '${arn}'; write the ARN of one IAM role or user (no account root, no session, no wildcards)`,
        },
        { when: accepted?.length === 0, say: 'sourceIdentities is empty; name at least one, or leave it out to accept any' },
        ...(accepted ?? []).map((name) => ({
          when: !SOURCE_IDENTITY.test(name),
          say: `source identity is '${name}'; write 2 to 64 letters, digits and _ + = , . @ - (no wildcards)`,
        })),
      ]);
      return {
        principal: new AccountedPrincipal(arn, {
          Null: { 'sts:SourceIdentity': 'false' },
          ...(accepted && { StringEquals: { 'sts:SourceIdentity': accepted } }),
        }),
        permissions: [],
        identity:
          `${Token.isUnresolved(arn) ? 'a role of this app' : arn} with ` +
          (accepted ? `source identity ${accepted.join(' or ')}` : 'a source identity'),
      };
    }, { kind: 'principal', arn, sourceIdentities: accepted });
  }

  /** Tasks of this account's ECS clusters in this Region, as their task role. The task execution role is another one. */
  static ecsTasks(): AgentTrust {
    return new AgentTrust(
      (scope) => ({
        principal: serviceOfThisAccount(scope, 'ecs-tasks', 'ecs'),
        permissions: [],
        identity: 'ECS tasks of this account in this Region',
      }),
      { kind: 'service' },
      'ecs',
    );
  }

  /** Bedrock AgentCore in this account and Region, as the execution role of a runtime or of a tool. */
  static agentCore(options: AgentCoreOptions = {}): AgentTrust {
    const { imageRepositoryArn: image, runtimeName } = options;
    return new AgentTrust((scope) => {
      refuse(scope, [
        {
          when: image !== undefined && !Token.isUnresolved(image) && !IMAGE.test(image),
          say: `imageRepositoryArn is '${image}'; write the ARN of one ECR repository, without wildcards`,
        },
        {
          when: runtimeName !== undefined && !RUNTIME.test(runtimeName),
          say: `runtimeName is '${runtimeName}'; write the name of one runtime: 1 to 48 letters, digits and underscores, the first a letter`,
        },
        {
          when: runtimeName !== undefined && image === undefined,
          say: 'runtimeName is given without imageRepositoryArn; without an image the role may write no log, write both or neither',
        },
      ]);
      // The groups of a runtime are called NAME-ID-ENDPOINT, and a name has no hyphen: no other name begins like this one.
      const groups = `log-group:/aws/bedrock-agentcore/runtimes/${runtimeName === undefined ? '' : `${runtimeName}-`}*`;
      const logs = Stack.of(scope).formatArn({ service: 'logs', resource: groups });
      return {
        principal: serviceOfThisAccount(scope, 'bedrock-agentcore', 'bedrock-agentcore'),
        permissions: image === undefined ? [] : ownContainer(image, logs),
        identity: 'Bedrock AgentCore in this account and Region',
      };
    }, { kind: 'service' }, 'agent-core');
  }

  /** The roles and users that become the agent, where they are known. */
  readonly principals: readonly string[];

  private constructor(
    private readonly make: (scope: Construct) => BoundAgentTrust,
    private readonly caller: AgentCaller,
    /** Where in the agents' network the agent runs; `undefined` for agents elsewhere. */
    readonly runtime?: AgentRuntime,
  ) {
    this.principals = caller.kind === 'principal' ? [caller.arn] : [];
  }

  /** Checks the trust and makes it for one role. */
  bind(scope: Construct): BoundAgentTrust {
    return this.make(scope);
  }

  /**
   * Whether somebody can take on both roles, so that two agents would be one with two names. Not known of runtimes inside
   * AWS (ECS, AgentCore): who may pass a role to them (`iam:PassRole`) decides which of the agents runs there.
   */
  overlaps(other: AgentTrust): boolean {
    return overlapping(this.caller, other.caller);
  }
}

/** Refuses two agents that the same caller can be: each could do what only the other is allowed, under its name. */
export function refuseSharedTrust(scope: Construct, agents: readonly { readonly name: string; readonly trust: AgentTrust }[]): void {
  const pairs = agents.flatMap((one, index) => agents.slice(index + 1).map((other) => [one, other] as const));
  refuse(scope, pairs.map(([one, other]) => ({
    when: one.trust.overlaps(other.trust),
    say:
      `agents ${one.name} and ${other.name} are taken on by the same caller, so either can act as the other; ` +
      'give each a branch, an environment, a role or source identities of its own, or make them one agent',
  })));
}

/**
 * Refuses approvers who could also act as one of the agents, whatever path, case or session their ARN is written with.
 * A role of this app is recognized by its ARN as long as it has a name of its own; where the account of its stack is not
 * known, by that name alone.
 */
export function refuseSelfApproval(
  scope: Construct,
  agents: readonly { readonly name: string; readonly trust: AgentTrust }[],
  approvers: readonly { bind(scope: Construct): { readonly arn: string } }[],
): void {
  const takenOn = agents.map(({ name, trust }) => ({ name, principals: trust.principals }));
  const because = selfApprovals(takenOn, approvers.map((approver) => approver.bind(scope).arn), { same: sameIdentity, readable });
  refuse(scope, because.map((say) => ({ when: true, say })));
}

const GITHUB = 'token.actions.githubusercontent.com';
const REPOSITORY = /^[A-Za-z0-9-]+(?:\/[\w.-]+|@\d+\/[\w.-]+@\d+)$/;
// GitHub and git allow more; these need no escaping in the subject.
const BRANCH = /^(?!refs\/|\/)[\w.#+=,/-]*[\w#+=,-]$/;
const ENVIRONMENT = /^\w[\w. -]{0,254}$/;
const PROVIDER = /^arn:aws[a-z-]*:iam::\d{12}:oidc-provider\/(token\.actions\.githubusercontent\.com(?:\/[\w-]+)?)$/;
const SOURCE_IDENTITY = /^[\w+=,.@-]{2,64}$/;
const IMAGE = /^arn:aws[a-z-]*:ecr:[a-z0-9-]+:\d{12}:repository\/[a-z0-9._/-]+$/;
const RUNTIME = /^[a-zA-Z][a-zA-Z0-9_]{0,47}$/;
