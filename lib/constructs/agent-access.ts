import { ArnFormat, Duration, Lazy, Stack, Token, type CfnResource } from 'aws-cdk-lib';
import { CfnManagedPolicy, ManagedPolicy, Role, type IManagedPolicy, type IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { neverAllowed } from '../core/agent-never';
import { portForwarding, type PortForwardingHost } from '../core/agent-permissions';
import { agentBoundary, agentPermissions, type Permission, type PolicyJson } from '../core/agent-policy';
import {
  AGENT_NAME, AGENT_SESSION_HOURS, MAXIMUM_MANAGED_POLICY_CHARACTERS as LIMIT, readRoleName, stagingRoleName,
} from '../core/policy';
import { resolvedCharacters } from '../core/policy-size';
import { acceptWildcards } from './accepted-findings';
import type { AgentTrust } from './agent-trust';
import { declare } from './declare';
import { refuse } from './invalid';

/** A database that logins with IAM tokens can be allowed for. */
export interface ConnectableDatabase {
  /** What IAM knows the database by: `db-…` or `cluster-…`, never an ARN or a name. */
  readonly resourceId: string;
  readonly identifier: string;
}

export interface AgentAccessProps {
  /** The agent's name: lower-case letters, digits and hyphens; 2 to 30 characters, the first a letter. */
  readonly agent: string;
  /** Who may take on the agent's role. */
  readonly trust: AgentTrust;
  /** The database that the agent reads. */
  readonly replica: ConnectableDatabase;
}

/**
 * An agent's identity in AWS: a role that can log in to the replica, as one database user, and do nothing else.
 *
 * Its permissions boundary allows that one call and denies every other in so many words, so neither an administrator
 * policy attached to the role nor a resource that grants it access changes what it can do. Sessions end after an hour.
 * There is no permission for the staging clone yet.
 *
 * What this does not bound: someone who may change IAM can remove the boundary. `agentServiceControlPolicy` can.
 *
 * @example new AgentAccess(this, 'Coding', { agent: 'coding', trust: AgentTrust.githubActions('acme/shop'), replica });
 */
export class AgentAccess extends Construct {
  /** The agent's name. */
  readonly name: string;
  /** The agent's role. Grants that other constructs try to add to it have no effect. */
  readonly role: IRole;
  /**
   * The most that the agent may do. Attach it to a role that you have already to make that role this agent:
   * `new Role(this, 'Existing', { assumedBy, permissionsBoundary: access.boundary })`. The role can then do nothing but what
   * the agent may do, and only if its own policies allow that too.
   */
  readonly boundary: IManagedPolicy;
  /** The database user that the agent reads with. */
  readonly readRole: string;
  /** The database user that the agent will write to the staging clone with. No permission to log in as it exists yet. */
  readonly stagingRole: string;

  private readonly permissions: Permission[] = [];
  private readonly identity: string;
  private readonly database: string;

  constructor(scope: Construct, id: string, props: AgentAccessProps) {
    super(scope, id);
    const { agent, replica } = props;
    refuse(this, [
      {
        when: !AGENT_NAME.test(agent),
        say: `agent is '${agent}'; write 2 to 30 lower-case letters, digits and hyphens, the first a letter`,
      },
      {
        when: !Token.isUnresolved(replica.resourceId) && !/^(db|cluster)-[A-Z0-9]+$/.test(replica.resourceId),
        say: `replica.resourceId is '${replica.resourceId}'; write the resource id (db-…), which is neither the ARN nor the identifier`,
      },
    ]);
    const trust = props.trust.bind(this);
    this.name = agent;
    this.readRole = readRoleName(agent);
    this.stagingRole = stagingRoleName(agent);
    this.identity = trust.identity;
    this.database = replica.identifier;
    const user = Stack.of(this).formatArn({
      service: 'rds-db',
      resource: 'dbuser',
      resourceName: `${replica.resourceId}/${this.readRole}`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.permit({ sid: 'ConnectToReplica', actions: ['rds-db:connect'], resources: [user] });
    for (const permission of trust.permissions) this.permit(permission);

    const permissions = this.managedPolicy('Permissions', `Everything that the AI agent ${agent} is allowed`, agentPermissions);
    this.boundary = this.managedPolicy('Boundary', `The most that the AI agent ${agent} may ever be allowed`, agentBoundary);
    const role = new Role(this, 'Role', {
      description: `The AI agent ${agent}: logs in to a read replica, and nothing else`,
      assumedBy: trust.principal,
      managedPolicies: [permissions],
      permissionsBoundary: this.boundary,
      maxSessionDuration: Duration.hours(AGENT_SESSION_HOURS),
    });
    this.acceptWildcards(...trust.permissions.flatMap(({ resources }) => resources).filter((resource) => resource.endsWith('*')));
    this.role = role.withoutPolicyUpdates();
    const cfnRole = role.node.defaultChild as CfnResource;
    this.node.addValidation({ validate: () => [...this.replacementProblems(cfnRole), ...this.sizeProblems()] });
    this.declare(cfnRole);
  }

  /**
   * Lets the agent, wherever it runs, reach the replica's port through a host: sessions with this one document, which
   * forwards to the replica only, on this one host. No shell, no other document, no other host.
   */
  allowPortForwarding(host: PortForwardingHost): void {
    const sessions = Stack.of(this).formatArn({ service: 'ssm', resource: 'session', resourceName: '*' });
    for (const permission of portForwarding(host, sessions)) this.permit(permission);
    this.acceptWildcards(sessions);
  }

  /**
   * Adds one thing that the agent may do to its permissions and to its boundary. For constructs of the kit that give
   * agents something to call; never for users.
   * @internal
   */
  permit(permission: Permission): void {
    refuse(this, [
      {
        when: this.permissions.some(({ sid }) => sid === permission.sid),
        say: `${permission.sid} is allowed already; allow it once`,
      },
      ...permission.actions.map((action) => ({ when: action.includes('*'), say: `${action} is not one call; name each call` })),
      ...permission.actions.map((action) => ({
        when: neverAllowed(action) !== undefined,
        say: `${action} is denied to every agent (${neverAllowed(action)}); allowing it would have no effect`,
      })),
    ]);
    this.permissions.push(permission);
  }

  /** A managed policy that is written when the template is: `permit` may still be called until then. */
  private managedPolicy(id: string, description: string, write: (permissions: readonly Permission[]) => PolicyJson): IManagedPolicy {
    const { ref } = new CfnManagedPolicy(this, id, {
      description,
      policyDocument: Lazy.any({ produce: () => write(this.permissions) }),
    });
    return ManagedPolicy.fromManagedPolicyArn(this, `${id}Reference`, ref);
  }

  private acceptWildcards(...resources: readonly string[]): void {
    for (const id of ['Permissions', 'Boundary']) acceptWildcards(this.node.findChild(id), ...resources);
  }

  private replacementProblems(role: CfnResource): string[] {
    const [actual, own] = [synthesizedBoundary(role), JSON.stringify(Stack.of(this).resolve(this.boundary.managedPolicyArn))];
    return actual === own ? [] : [
      `the permissions boundary of agent ${this.name} was replaced by ${actual}, so nothing holds the agent any more; ` +
        'take its role out of what PermissionsBoundary.of(…).apply(…) or the context @aws-cdk/core:permissionsBoundary covers',
    ];
  }

  private sizeProblems(): string[] {
    const characters = resolvedCharacters(Stack.of(this).resolve(agentBoundary(this.permissions)));
    return characters <= LIMIT ? [] : [
      `the permissions boundary of agent ${this.name} has about ${characters} characters and IAM allows ${LIMIT}; ` +
        'allow the agent fewer things',
    ];
  }

  private declare(role: CfnResource): void {
    const { sid } = this.permissions[0]!;
    const rest = () => this.permissions.filter((permission) => permission.sid !== sid).flatMap(({ actions }) => actions);
    declare(this, {
      guarantee: 'agent-cannot-use-the-control-plane',
      inForce: true,
      detail: Lazy.string({
        produce: () =>
          `agent ${this.name}, taken on by ${this.identity} for at most ${AGENT_SESSION_HOURS} hour at a time, can log in to ` +
          `${this.database} as ${this.readRole}${rest().length === 0 ? '' : ` and call ${rest().join(', ')}`}; everything else is denied`,
      }),
      resources: {
        role: Stack.of(this).getLogicalId(role),
        boundary: Stack.of(this).getLogicalId(this.node.findChild('Boundary') as CfnResource),
      },
    });
  }
}

/** The boundary that a role will really have: `PermissionsBoundary.of(app).apply(…)` replaces that of every role unseen. */
function synthesizedBoundary(role: CfnResource): string {
  const { Resources } = Stack.of(role).resolve(role._toCloudFormation()) as { Resources: Record<string, SynthesizedRole> };
  return Object.values(Resources).map(({ Properties }) => JSON.stringify(Properties.PermissionsBoundary)).join();
}

interface SynthesizedRole {
  readonly Properties: { readonly PermissionsBoundary?: unknown };
}
