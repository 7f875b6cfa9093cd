import { Stack, Token } from 'aws-cdk-lib';
import { WebIdentityPrincipal, type IPrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ownContainer } from '../core/agent-permissions';
import type { Permission } from '../core/agent-policy';
import type { AgentRuntime } from '../core/endpoints';
import { isRoleOrUser } from '../core/principal';
import { selfApprovals } from '../core/self-approval';
import { refuse } from './invalid';
import { AccountedPrincipal, serviceOfThisAccount } from './trust-principals';

/** Which runs of a repository's workflows are the agent: those on one branch, or those in one GitHub environment. */
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
 * @example AgentTrust.githubActions('acme/shop', { environment: 'agents' })
 */
export class AgentTrust {
  /**
   * Runs of one repository's GitHub Actions workflows: on the branch `main`, on another branch, or in a GitHub environment
   * (whose protection rules then decide who starts the agent). Pull requests and tags are not accepted, but runs that
   * `pull_request_target` starts count as runs on their base branch.
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
    });
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
    }, undefined, [arn]);
  }

  /** Tasks of this account's ECS clusters in this Region, as their task role. The task execution role is another one. */
  static ecsTasks(): AgentTrust {
    return new AgentTrust(
      (scope) => ({
        principal: serviceOfThisAccount(scope, 'ecs-tasks', 'ecs'),
        permissions: [],
        identity: 'ECS tasks of this account in this Region',
      }),
      'ecs',
    );
  }

  /** Bedrock AgentCore in this account and Region, as the execution role of a runtime or of a tool. */
  static agentCore(options: AgentCoreOptions = {}): AgentTrust {
    const { imageRepositoryArn: image } = options;
    return new AgentTrust((scope) => {
      refuse(scope, [{
        when: image !== undefined && !Token.isUnresolved(image) && !IMAGE.test(image),
        say: `imageRepositoryArn is '${image}'; write the ARN of one ECR repository, without wildcards`,
      }]);
      const logs = Stack.of(scope).formatArn({ service: 'logs', resource: 'log-group:/aws/bedrock-agentcore/runtimes/*' });
      return {
        principal: serviceOfThisAccount(scope, 'bedrock-agentcore', 'bedrock-agentcore'),
        permissions: image === undefined ? [] : ownContainer(image, logs),
        identity: 'Bedrock AgentCore in this account and Region',
      };
    }, 'agent-core');
  }

  private constructor(
    private readonly make: (scope: Construct) => BoundAgentTrust,
    /** Where in the agents' network the agent runs; `undefined` for agents elsewhere. */
    readonly runtime?: AgentRuntime,
    /** The roles and users that become the agent, where they are known. */
    readonly principals: readonly string[] = [],
  ) {}

  /** Checks the trust and makes it for one role. */
  bind(scope: Construct): BoundAgentTrust {
    return this.make(scope);
  }
}

/** Refuses approvers who could also act as one of the agents, whatever path, case or session their ARN is written with. */
export function refuseSelfApproval(
  scope: Construct,
  agents: readonly { readonly name: string; readonly trust: AgentTrust }[],
  approvers: readonly { bind(scope: Construct): { readonly arn: string } }[],
): void {
  const takenOn = agents.map(({ name, trust }) => ({ name, principals: trust.principals }));
  refuse(scope, selfApprovals(takenOn, approvers.map((approver) => approver.bind(scope).arn)).map((say) => ({ when: true, say })));
}

const GITHUB = 'token.actions.githubusercontent.com';
const REPOSITORY = /^[A-Za-z0-9-]+(?:\/[\w.-]+|@\d+\/[\w.-]+@\d+)$/;
// GitHub and git allow more; these need no escaping in the subject.
const BRANCH = /^(?!refs\/|\/)[\w.#+=,/-]*[\w#+=,-]$/;
const ENVIRONMENT = /^\w[\w. -]{0,254}$/;
const PROVIDER = /^arn:aws[a-z-]*:iam::\d{12}:oidc-provider\/(token\.actions\.githubusercontent\.com(?:\/[\w-]+)?)$/;
const SOURCE_IDENTITY = /^[\w+=,.@-]{2,64}$/;
const IMAGE = /^arn:aws[a-z-]*:ecr:[a-z0-9-]+:\d{12}:repository\/[a-z0-9._/-]+$/;
