import { ArnFormat, Duration, Lazy, Stack, Token, type CfnResource } from 'aws-cdk-lib';
import { CfnManagedPolicy, ManagedPolicy, Role, type IManagedPolicy, type IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { neverAllowed } from '../core/agent-never';
import { portForwarding, type PortForwardingHost } from '../core/agent-permissions';
import { agentBoundary, agentPermissions } from '../core/agent-policy';
import type { Permission, PolicyJson } from '../core/agent-statement';
import { AGENT_NAME, AGENT_SESSION_HOURS, readRoleName, stagingRoleName } from '../core/policy';
import { acceptWildcards } from './accepted-findings';
import type { AgentTrust } from './agent-trust';
import { boundaryProblems, databaseProblems, refusedDatabase } from './agent-validation';
import { declare, declaredValue } from './declare';
import { refuse } from './invalid';

/** A database that logins with IAM tokens can be allowed for: an `AgentReplica`, or a read replica of your own. */
export interface ConnectableDatabase {
  /** What IAM knows the database by: `db-…`, never an ARN or a name. */
  readonly resourceId: string;
  readonly identifier: string;
}

export interface AgentAccessProps {
  /** The agent's name: lower-case letters, digits and hyphens; 2 to 30 characters, the first a letter. */
  readonly agent: string;
  /** Who may take on the agent's role. */
  readonly trust: AgentTrust;
  /** The database that the agent reads. Production itself and the staging clone are refused. */
  readonly replica: ConnectableDatabase;
}

/**
 * An agent's identity in AWS: a role that can log in to the replica, as one database user, and do nothing else.
 *
 * Its permissions boundary allows that one call and denies every other in so many words, so neither an administrator
 * policy attached to the role nor a resource that grants it access changes what it can do. Synthesis fails when another
 * part of the app has replaced or rewritten that boundary. There is no permission for the staging clone yet.
 *
 * The role's sessions end after an hour and login tokens after 15 minutes. A connection to the database that is open by then
 * stays open: PostgreSQL checks the token at login only.
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
  private readonly resourceId: string | undefined;

  constructor(scope: Construct, id: string, props: AgentAccessProps) {
    super(scope, id);
    const { agent, replica } = props;
    refuse(this, [
      {
        when: !AGENT_NAME.test(agent),
        say: `agent is '${agent}'; write 2 to 30 lower-case letters, digits and single hyphens, the first a letter, the last not a hyphen`,
      },
      {
        when: !Token.isUnresolved(replica.resourceId) && !/^db-[A-Z0-9]+$/.test(replica.resourceId),
        say: `replica.resourceId is '${replica.resourceId}'; write the resource id (db-…), which is neither the ARN nor the identifier`,
      },
      ...refusedDatabase(replica),
    ]);
    const trust = props.trust.bind(this);
    this.name = agent;
    this.readRole = readRoleName(agent);
    this.stagingRole = stagingRoleName(agent);
    this.identity = trust.identity;
    this.database = replica.identifier;
    this.resourceId = declaredValue(this, replica.resourceId);
    const user = Stack.of(this).formatArn({
      service: 'rds-db',
      resource: 'dbuser',
      resourceName: `${replica.resourceId}/${this.readRole}`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });

    const permissions = this.managedPolicy('Permissions', `Everything that the AI agent ${agent} is allowed`, agentPermissions);
    this.boundary = this.managedPolicy('Boundary', `The most that the AI agent ${agent} may ever be allowed`, agentBoundary);
    this.permit({ sid: 'ConnectToReplica', actions: ['rds-db:connect'], resources: [user] });
    for (const permission of trust.permissions) this.permit(permission);
    const role = new Role(this, 'Role', {
      description: `The AI agent ${agent}: logs in to a read replica, and nothing else`,
      assumedBy: trust.principal,
      managedPolicies: [permissions],
      permissionsBoundary: this.boundary,
      maxSessionDuration: Duration.hours(AGENT_SESSION_HOURS),
    });
    this.role = role.withoutPolicyUpdates();
    const cfnRole = role.node.defaultChild as CfnResource;
    this.node.addValidation({
      validate: () => [
        ...databaseProblems(this, replica),
        ...boundaryProblems(agent, cfnRole, this.node.findChild('Boundary') as CfnManagedPolicy, agentBoundary(this.permissions)),
      ],
    });
    this.declare(cfnRole);
  }

  /**
   * Lets the agent, wherever it runs, reach the replica's port through a host: sessions with this one document, which
   * forwards to the replica only, on this one host. No shell, no other document, no other host. The document decides where
   * the port leads: pass an `AccessHost`, whose document leads to the replica.
   */
  allowPortForwarding(host: PortForwardingHost): void {
    const sessions = Stack.of(this).formatArn({ service: 'ssm', resource: 'session', resourceName: '*' });
    refuse(this, [{
      when: SHELL.test(host.replicaDocumentArn),
      say: `replicaDocumentArn is '${host.replicaDocumentArn}', a document of AWS, which opens a shell or forwards anywhere; pass an AccessHost`,
    }]);
    for (const permission of portForwarding(host, sessions)) this.permit(permission);
  }

  /**
   * Adds one thing that the agent may do to its permissions and to its boundary. For constructs of the kit that give
   * agents something to call; never for users.
   * @internal
   */
  permit(permission: Permission): void {
    const { wildcards = [] } = permission;
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
      ...permission.resources.filter((resource) => !wildcards.includes(resource)).map((resource) => ({
        when: /[*?]/.test(JSON.stringify(Stack.of(this).resolve(resource))),
        say: `${permission.sid} names the resource '${resource}', which is a wildcard; name one resource`,
      })),
    ]);
    this.permissions.push(permission);
    for (const id of ['Permissions', 'Boundary']) acceptWildcards(this.node.findChild(id), ...wildcards);
  }

  /** A managed policy that is written when the template is: `permit` may still be called until then. */
  private managedPolicy(id: string, description: string, write: (permissions: readonly Permission[]) => PolicyJson): IManagedPolicy {
    const { ref } = new CfnManagedPolicy(this, id, {
      description,
      policyDocument: Lazy.any({ produce: () => write(this.permissions) }),
    });
    return ManagedPolicy.fromManagedPolicyArn(this, `${id}Reference`, ref);
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
      agent: { name: this.name, logins: [{ resourceId: this.resourceId, user: this.readRole }] },
    });
  }
}

/** Documents of AWS have no account in their ARN; Session Manager's shell is made in the account, under this name. */
const SHELL = /^arn:[^:]+:ssm:[^:]*::document\/|:document\/SSM-SessionManagerRunShell$/;
