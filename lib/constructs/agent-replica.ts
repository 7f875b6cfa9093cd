import { Stack, Token } from 'aws-cdk-lib';
import { SecurityGroup, type ISecurityGroup, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { CfnDBInstance } from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { undelayable } from '../core/engine-version';
import { lowerOnReplica } from '../core/instance-class';
import { AGENT_DATABASE_PORT, DATABASE_PREFIX, MAXIMUM_IDENTIFIER_LENGTH, MAXIMUM_REPLICA_DELAY_HOURS } from '../core/policy';
import type { AgentNetwork } from './agent-network';
import { keepClosed } from './allowed-connection';
import { declare } from './declare';
import { declaredProduction } from './declared-production';
import { refuse } from './invalid';
import { LatticeEndpoint } from './lattice-endpoint';
import { PhysicalReplica } from './physical-replica';
import type { ProductionDatabase } from './production-database';
import type { StatementLog } from './statement-log';

/** Where the replica that agents read stands. Either way no route leads from an agent to production. */
export class ReplicaPlacement {
  /** In the agents' own network: nothing of production's network is involved at all. */
  static agentNetwork(): ReplicaPlacement {
    return new ReplicaPlacement('agent-network');
  }

  /**
   * In production's network, reached through a VPC Lattice resource endpoint: one TCP target, in one direction.
   * For a production database that already has a replica there, since RDS requires all replicas of one source in a
   * Region to share a VPC. Costs a resource endpoint. Needs `vpc` and `subnets` of the `ProductionDatabase`.
   */
  static productionVpc(): ReplicaPlacement {
    return new ReplicaPlacement('production-vpc');
  }

  private constructor(readonly kind: 'agent-network' | 'production-vpc') {}
}

export interface AgentReplicaOptions {
  /** @default ReplicaPlacement.agentNetwork() */
  readonly placement?: ReplicaPlacement;
  /**
   * A smaller class than production's needs `standbyMinimums` on the `ProductionDatabase`, and is refused without.
   * @default - production's
   */
  readonly instanceClass?: string;
  /**
   * Hours that a second replica lags behind on purpose: an undo window in which a dropped table still exists.
   * No agent can reach it. Costs a second instance. Refused for engine versions without delayed replicas.
   * @default - no second replica
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rpg-delayed-replication.html
   */
  readonly undoWindowHours?: number;
  /**
   * Whether RDS refuses to delete the replica. Switch it off, and deploy, before `cdk destroy`.
   * @default true
   */
  readonly deletionProtection?: boolean;
}

export interface AgentReplicaProps extends AgentReplicaOptions {
  readonly production: ProductionDatabase;
  readonly network: AgentNetwork;
  /** Where the statements of agents are recorded. There is no replica without a record. */
  readonly statementLog: StatementLog;
}

/**
 * Agents read near-live data from a physical replica, over TLS, with 15-minute IAM tokens and no password.
 *
 * Production's own users and their password hashes are on the replica too: whoever holds such a password and stands in the
 * agents' network can log in with it, and that alarms. Never promote this replica: what admits agents would stay, and they
 * would stand on a writable primary. Promote the delayed one, or restore.
 *
 * Nothing in production is replaced or modified; while RDS creates the replica it takes a snapshot of production,
 * which pauses a Single-AZ instance's I/O for a moment. Has a parameter group, security group and log groups of its own.
 */
export class AgentReplica extends Construct {
  /** The instance identifier. */
  readonly identifier: string;
  /** The resource id (`db-…`) that `rds-db:connect` permissions name. It differs from production's. */
  readonly resourceId: string;
  /** The host name. */
  readonly endpoint: string;
  readonly port = AGENT_DATABASE_PORT;
  /** The group in the agents' network that stands before the replica: its own, or that of the endpoint that leads to it. */
  readonly securityGroup: ISecurityGroup;
  /** The instance. */
  readonly live: CfnDBInstance;
  /** Identifiers of all replicas made here, the delayed one included. */
  readonly identifiers: readonly string[];

  constructor(scope: Construct, id: string, props: AgentReplicaProps) {
    super(scope, id);
    const { production, network, statementLog, undoWindowHours } = props;
    const placement = props.placement ?? ReplicaPlacement.agentNetwork();
    this.identifier = `${DATABASE_PREFIX.replica}${production.identifier}`;
    const instanceClass = props.instanceClass ?? production.instanceClass;
    const unstated = lowerOnReplica(instanceClass, production.instanceClass).filter((setting) => production.standbyMinimums?.[setting] === undefined);
    refuse(this, [
      { when: network.production !== production, say: 'the network guards another production database; make a network for this one' },
      {
        when: !Token.isUnresolved(this.identifier) && this.identifier.length > MAXIMUM_IDENTIFIER_LENGTH,
        say: `the replica would be named '${this.identifier}', which is ${this.identifier.length} characters long; RDS allows ${MAXIMUM_IDENTIFIER_LENGTH}`,
      },
      {
        when: undoWindowHours !== undefined && !(undoWindowHours >= 1 && undoWindowHours <= MAXIMUM_REPLICA_DELAY_HOURS),
        say: `undoWindowHours is ${undoWindowHours}; write 1 to ${MAXIMUM_REPLICA_DELAY_HOURS}`,
      },
      {
        when: undoWindowHours !== undefined && undelayable(production.engineVersion) !== undefined,
        say: `undoWindowHours: ${undelayable(production.engineVersion)}`,
      },
      {
        when: unstated.length > 0,
        say: `instanceClass is '${instanceClass}', which may be smaller than production's ${Token.isUnresolved(production.instanceClass) ? 'class, which is only known in deployment' : `'${production.instanceClass}'`}, and a replica with lower settings than production does not start; `
          + `pass ${unstated.map((setting) => `standbyMinimums.${setting}`).join(' and ')} to the ProductionDatabase`,
      },
      {
        when: placement.kind === 'production-vpc' && (!production.vpc || !production.subnets),
        say: "placement is production's VPC, but the ProductionDatabase was given no vpc or no subnets; pass both",
      },
    ]);

    const inAgentNetwork = placement.kind === 'agent-network';
    const where = inAgentNetwork
      ? { vpc: network.vpc, subnets: network.databaseSubnets }
      : { vpc: production.vpc!, subnets: production.subnets as SubnetSelection };
    const common = {
      production,
      statementLog,
      ...where,
      instanceClass,
      deletionProtection: props.deletionProtection ?? true,
    };
    const closed = (name: string, description: string) =>
      inAgentNetwork
        ? network.databaseSecurityGroup(this, name, description)
        : new SecurityGroup(this, name, { vpc: where.vpc, description, allowAllOutbound: false });

    const own = closed('SecurityGroup', 'The replica that agents read');
    const live = new PhysicalReplica(this, 'Live', { ...common, identifier: this.identifier, securityGroup: own });
    this.live = live.instance;
    this.resourceId = live.instance.attrDbiResourceId;
    this.endpoint = live.instance.attrEndpointAddress;
    this.identifiers = [this.identifier];
    if (inAgentNetwork) {
      network.admitAgents(own, this.port);
      this.securityGroup = own;
    } else {
      const { endpoint: replicaAddress, port } = this;
      this.securityGroup = new LatticeEndpoint(this, 'Lattice', { network, production, replicaSecurityGroup: own, replicaAddress, port }).securityGroup;
    }

    const resources: Record<string, string> = { instance: Stack.of(this).getLogicalId(live.instance) };
    if (undoWindowHours !== undefined) {
      const identifier = `${DATABASE_PREFIX.delayed}${production.identifier}`;
      const delayed = new PhysicalReplica(this, 'Delayed', {
        ...common,
        identifier,
        securityGroup: keepClosed(
          closed('DelayedSecurityGroup', 'The delayed replica; nothing may connect until a person adds a rule'),
          'the delayed replica, which is an undo window and no database for agents',
        ),
        delayHours: undoWindowHours,
      });
      // RDS changes one source at a time; two replicas created at once compete for its snapshot.
      delayed.node.addDependency(live);
      resources.delayedInstance = Stack.of(this).getLogicalId(delayed.instance);
      this.identifiers = [this.identifier, identifier];
    }
    declare(this, {
      guarantee: 'agent-reads-a-replica',
      inForce: true,
      detail:
        `physical replica of ${describe(production.identifier)} in ${inAgentNetwork ? "the agents' network" : "production's network, reached through VPC Lattice"}, ` +
        `port ${this.port}, TLS forced, agents by IAM token only` +
        (undoWindowHours === undefined ? '' : `; a second replica, ${undoWindowHours} h behind, that no agent can reach`),
      resources,
      production: declaredProduction(this, production),
    });
  }
}

/** A name for people: tokens are not readable. */
function describe(identifier: string): string {
  return Token.isUnresolved(identifier) ? 'production' : identifier;
}
