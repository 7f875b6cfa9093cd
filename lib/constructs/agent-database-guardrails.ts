import { Stack, Tags } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { DatabaseReading } from '../core/agent-reading';
import { KIT_TAG } from '../core/policy';
import { AccessHost } from './access-host';
import { AgentAccess } from './agent-access';
import { AgentNetwork, type AgentNetworkOptions } from './agent-network';
import { AgentReplica, type AgentReplicaOptions } from './agent-replica';
import { refuseSelfApproval, refuseSharedTrust, type AgentTrust } from './agent-trust';
import { refuseAgentsAsApprovers, type ApproverTrust } from './approver-trust';
import { DatabaseRoles, type DatabaseRolesOptions } from './database-roles';
import { declare, declaredValue } from './declare';
import { refuse } from './invalid';
import { ProductionAdmission } from './production-admission';
import { ProductionCheck, type ProductionCheckOptions } from './production-check';
import type { ProductionDatabase } from './production-database';
import { ProtectedBackups, type ProtectedBackupsOptions } from './protected-backups';
import { StagingClone, type StagingCloneOptions } from './staging-clone';
import { StatementLog, type StatementLogProps } from './statement-log';

/** One agent: a name of its own, an IAM role of its own, database roles of its own. */
export interface AgentDefinition {
  /** Lower-case letters, digits and hyphens; 2 to 30 characters, the first a letter. */
  readonly name: string;
  /** Who may take on the agent's role. */
  readonly trust: AgentTrust;
  /**
   * What it may read, database by database; nothing in a database that is not named.
   * @default - the tables and views of the schema `public` in each of production's `databases`
   */
  readonly read?: readonly DatabaseReading[];
}

/** How the database roles of agents come about. */
export interface DatabaseRolesChoice extends DatabaseRolesOptions {
  /**
   * How the function that sets up the roles gets in to production. Without it no function is made for a database that exists,
   * and a person runs the SQL of `npx dbguard roles --print`.
   * @default - none; a database that the kit creates for evaluation lets the function in
   */
  readonly admission?: ProductionAdmission;
}

export interface AgentDatabaseGuardrailsProps {
  /** The database that is guarded. */
  readonly production: ProductionDatabase;
  /** The agents. Each gets a role of its own. */
  readonly agents: readonly AgentDefinition[];
  /** The people who will approve changes to production. This version only checks that none of them is an agent. */
  readonly approvers: readonly ApproverTrust[];
  /** @default - cheapest: endpoints in one Availability Zone, and only those that the agents' runtimes need */
  readonly network?: AgentNetworkOptions;
  /**
   * A host through which agents outside the network (a laptop, CI) reach the replica by SSM port forwarding.
   * @default false
   */
  readonly accessHost?: boolean;
  /** @default - a live replica of production's instance class in the agents' network */
  readonly replica?: AgentReplicaOptions;
  /**
   * The writable copy of production; `'none'` makes none.
   * @default - a copy of production's instance class, closed until it is proven clean
   */
  readonly staging?: StagingCloneOptions | 'none';
  /** @default - a daily recovery point, kept 35 days under a governance lock */
  readonly backups?: ProtectedBackupsOptions;
  /** Where statements are recorded: settings for a log of its own, or one that exists already. @default - one year */
  readonly statementLog?: StatementLog | StatementLogProps;
  /** @default - by a person; for a database that the kit creates for evaluation by every deployment */
  readonly databaseRoles?: DatabaseRolesChoice;
  /** @default - checks on every deployment */
  readonly check?: ProductionCheckOptions;
}

/**
 * Guards one production database against AI agents: everything the kit provides, in one construct to import.
 *
 * Agents read a replica from a network without a route to production, with an IAM role that can do nothing else;
 * every statement is recorded; recovery points lie in a locked vault; and no deployment goes through unless the real
 * production database can be recovered. Nothing of production is modified, but for the database roles of agents where
 * `databaseRoles.admission` lets a deployment set them up.
 */
export class AgentDatabaseGuardrails extends Construct {
  readonly production: ProductionDatabase;
  readonly statementLog: StatementLog;
  readonly check: ProductionCheck;
  /** Nothing where a person sets up the roles. */
  readonly databaseRoles: DatabaseRoles | undefined;
  readonly network: AgentNetwork;
  readonly replica: AgentReplica;
  readonly staging: StagingClone | undefined;
  readonly backups: ProtectedBackups;
  readonly accessHost: AccessHost | undefined;
  /** By agent name. */
  readonly agents: Readonly<Record<string, AgentAccess>>;
  readonly approvers: readonly ApproverTrust[];

  constructor(scope: Construct, id: string, props: AgentDatabaseGuardrailsProps) {
    super(scope, id);
    const { production, agents } = props;
    const names = agents.map((agent) => agent.name.replaceAll('-', ''));
    refuse(this, [
      { when: agents.length === 0, say: 'agents is empty; name at least one agent' },
      { when: props.approvers.length === 0, say: 'approvers is empty; name at least one person who approves changes to production' },
      {
        when: new Set(names).size < names.length,
        say: `agents has names that are the same but for hyphens: ${agents.filter(({ name }) => names.filter((other) => other === name.replaceAll('-', '')).length > 1).map(({ name }) => name).join(', ')}; give each agent a name of its own`,
      },
    ]);
    refuseSelfApproval(this, agents, props.approvers);
    refuseSharedTrust(this, agents);
    refuseAgentsAsApprovers(this, props.approvers);
    this.production = production;
    this.approvers = [...props.approvers];

    this.statementLog =
      props.statementLog instanceof StatementLog ? props.statementLog : new StatementLog(this, 'StatementLog', props.statementLog ?? {});
    const { statementLog } = this;
    this.network = new AgentNetwork(this, 'Network', {
      ...props.network,
      production,
      statementLog,
      runtimes: [...new Set(agents.flatMap(({ trust }) => trust.runtime ?? []))],
    });
    const { network } = this;
    this.replica = new AgentReplica(this, 'Replica', { ...props.replica, production, network, statementLog });
    this.staging = props.staging === 'none' ? undefined : new StagingClone(this, 'Staging', { ...props.staging, production, network, statementLog });
    this.backups = new ProtectedBackups(this, 'Backups', { ...props.backups, production, statementLog });
    this.check = new ProductionCheck(this, 'Check', {
      ...props.check,
      production,
      statementLog,
      ownReplicas: this.replica.identifiers,
      replicaPlacement: props.replica?.placement,
    });
    this.databaseRoles = this.setUpRoles(props);
    this.accessHost = props.accessHost
      ? new AccessHost(this, 'AccessHost', { network, statementLog, replica: this.replica, staging: this.staging })
      : undefined;
    this.orderDeployment();
    this.agents = Object.fromEntries(
      agents.map(({ name, trust }) => {
        const access = new AgentAccess(this, `Agent-${name}`, { agent: name, trust, replica: this.replica });
        if (this.accessHost && trust.runtime === undefined) access.allowPortForwarding(this.accessHost);
        return [name, access];
      }),
    );
    declare(this, {
      guarantee: 'production-writes-need-a-human',
      inForce: false,
      detail: 'those who approve changes are named, and none of them is an agent; this version carries out no changes',
      resources: {},
      approvers: props.approvers.flatMap(({ arn }) => declaredValue(this, arn) ?? []),
    });
    Tags.of(this).add(KIT_TAG, Stack.of(this).stackName);
  }

  /** By a function where it was let in; otherwise what holds is left to a person, and the template says so. */
  private setUpRoles({ production, agents, databaseRoles = {}, check }: AgentDatabaseGuardrailsProps): DatabaseRoles | undefined {
    const { admission = production.origin === 'created' ? ProductionAdmission.inboundRule() : undefined, ...options } = databaseRoles;
    if (admission) {
      const { statementLog } = this;
      return new DatabaseRoles(this, 'DatabaseRoles', { ...options, deploymentId: check?.deploymentId, production, agents, admission, statementLog });
    }
    declare(this, {
      guarantee: 'agent-role-cannot-write',
      inForce: false,
      detail:
        'no function of this stack is let in to production, so a person sets up the database roles of agents on the primary, once and ' +
        'again when tables are new: npx dbguard roles --print',
      resources: {},
    });
    return undefined;
  }

  /**
   * A deployment that production fails stops before a database, a vault, an endpoint, a host or a named log group is made, and
   * before a role is touched. The check itself needs the key and the topic of the statement log; the key stays behind.
   */
  private orderDeployment(): void {
    const after = [this.network, this.replica, this.staging, this.backups, this.databaseRoles, this.accessHost];
    for (const construct of after) construct?.node.addDependency(this.check.resource);
    // A database that was just created has no restorable second yet; by the time its replica is there, it has.
    if (this.staging) this.staging.copy.node.addDependency(this.replica.live);
  }
}
