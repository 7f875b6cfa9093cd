import { Stack, Tags } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { KIT_TAG } from '../core/policy';
import { AccessHost } from './access-host';
import { AgentAccess } from './agent-access';
import { AgentNetwork, type AgentNetworkOptions } from './agent-network';
import { AgentReplica, type AgentReplicaOptions } from './agent-replica';
import { refuseSelfApproval, refuseSharedTrust, type AgentTrust } from './agent-trust';
import { refuseAgentsAsApprovers, type ApproverTrust } from './approver-trust';
import { refuse } from './invalid';
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
  /** @default - checks on every deployment */
  readonly check?: ProductionCheckOptions;
}

/**
 * Guards one production database against AI agents: everything the kit provides, in one construct to import.
 *
 * Agents read a replica from a network without a route to production, with an IAM role that can do nothing else;
 * every statement is recorded; recovery points lie in a locked vault; and no deployment goes through unless the real
 * production database can be recovered. Nothing of production is modified.
 */
export class AgentDatabaseGuardrails extends Construct {
  readonly production: ProductionDatabase;
  readonly statementLog: StatementLog;
  readonly check: ProductionCheck;
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
    Tags.of(this).add(KIT_TAG, Stack.of(this).stackName);
  }

  /**
   * A deployment that production fails stops before a database, a vault, an endpoint, a host or a named log group is made.
   * The check itself needs the key and the topic of the statement log; the key stays behind.
   */
  private orderDeployment(): void {
    for (const construct of [this.network, this.replica, this.staging, this.backups, this.accessHost]) construct?.node.addDependency(this.check.resource);
    // A database that was just created has no restorable second yet; by the time its replica is there, it has.
    if (this.staging) this.staging.copy.node.addDependency(this.replica.live);
  }
}
