import { Stack } from 'aws-cdk-lib';
import {
  SecurityGroup,
  type CfnSecurityGroup,
  type CfnVPC,
  type ISecurityGroup,
  type IVpc,
  type SubnetSelection,
} from 'aws-cdk-lib/aws-ec2';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct, type IConstruct, type IDependable } from 'constructs';
import { neverAllowed } from '../core/agent-never';
import { ACCESS_HOST_ENDPOINTS, AGENT_RUNTIMES, refusedEndpoint, runtimeEndpoints, type AgentRuntime, type EndpointAudience } from '../core/endpoints';
import { blockProblems, overlapInWords } from '../core/network-block';
import { AGENT_NETWORK_CIDR } from '../core/policy';
import { AllowedConnection, type AllowedConnectionProps } from './allowed-connection';
import { ControlledEndpoint, statementOf } from './controlled-endpoint';
import { declare } from './declare';
import { declaredProduction } from './declared-production';
import { refuse } from './invalid';
import { IsolatedVpc } from './isolated-vpc';
import { NoPathToProduction, pathTarget } from './no-path-to-production';
import type { ProductionDatabase } from './production-database';
import type { StatementLog } from './statement-log';

/** What agents may never call but the access host has to. */
const FOR_THE_HOST = ACCESS_HOST_ENDPOINTS.flatMap(({ actions }) => actions);

export interface AgentNetworkOptions {
  /**
   * IPv4 block of the network, /16 to /24, which must not overlap production's.
   * @default '10.213.0.0/20'
   */
  readonly cidr?: string;
  /**
   * In how many Availability Zones each endpoint stands, 1 or 2. With one, agents in the other zone use it too, until the
   * zone of the endpoint fails.
   * @default 1
   */
  readonly endpointAvailabilityZones?: number;
  /**
   * How long the record of traffic is kept.
   * @default RetentionDays.ONE_YEAR
   */
  readonly flowLogRetention?: RetentionDays;
}

export interface AgentNetworkProps extends AgentNetworkOptions {
  /** The database that must stay out of reach. */
  readonly production: ProductionDatabase;
  /** Gives the key that encrypts the record of traffic. */
  readonly statementLog: Pick<StatementLog, 'encryptionKey'>;
  /**
   * Where agents run inside the network. Each brings the endpoints that it needs, at a price per hour and Availability Zone.
   * @default - none: agents come from elsewhere, and the network has no endpoint for them
   */
  readonly runtimes?: readonly AgentRuntime[];
}

/**
 * The agents' network has no route, peering, gateway, security-group edge or endpoint that reaches production.
 *
 * Two isolated subnets for agents and two for their databases; what may connect to what is written out one TCP port at a
 * time. Container images come from registries of this account only. Not covered: names can still be looked up, since no
 * security group applies to the resolver of a VPC, and someone who may change the VPC can add what is missing here.
 */
export class AgentNetwork extends Construct {
  readonly vpc: IVpc;
  /** What an agent inside the network wears: ECS tasks, AgentCore runtimes. Nothing may connect to it. */
  readonly agentSecurityGroup: ISecurityGroup;
  readonly agentSubnets: SubnetSelection = { subnetGroupName: 'Agents' };
  readonly databaseSubnets: SubnetSelection = { subnetGroupName: 'Databases' };
  /** The database that must stay out of reach. */
  readonly production: ProductionDatabase;

  private readonly endpointSubnets: SubnetSelection;

  constructor(scope: Construct, id: string, props: AgentNetworkProps) {
    super(scope, id);
    const { production } = props;
    const cidr = props.cidr ?? AGENT_NETWORK_CIDR;
    const runtimes = [...(props.runtimes ?? [])];
    const zones = props.endpointAvailabilityZones ?? 1;
    refuse(this, [
      ...blockProblems(cidr, production.vpcCidrs).map((say) => ({ when: true, say })),
      {
        when: runtimes.some((runtime) => !AGENT_RUNTIMES.includes(runtime)),
        say: `runtimes is ${runtimes.join(', ')}; write any of ${AGENT_RUNTIMES.join(', ')}`,
      },
      { when: zones !== 1 && zones !== 2, say: `endpointAvailabilityZones is ${zones}; write 1 or 2` },
    ]);
    this.production = production;

    const network = new IsolatedVpc(this, 'Network', {
      cidr,
      subnetGroups: ['Agents', 'Databases'],
      encryptionKey: props.statementLog.encryptionKey,
      flowLogRetention: props.flowLogRetention,
    });
    this.vpc = network.vpc;
    this.endpointSubnets = { subnets: network.vpc.selectSubnets(this.agentSubnets).subnets.slice(0, zones) };
    const groupDescription = 'Agents: out to their databases and endpoints, nothing in';
    const agents = this.databaseSecurityGroup(this, 'AgentSecurityGroup', groupDescription);
    this.agentSecurityGroup = agents;
    this.addRuntimeEndpoints(runtimes);
    const target = pathTarget(production);
    const noPath = target && new NoPathToProduction(this, 'NoPathToProduction', { from: this.vpc, target });
    declare(this, {
      guarantee: 'agent-has-no-route-to-production',
      inForce: true,
      detail: [
        `isolated subnets in ${cidr}, no gateway, no peering`,
        overlapInWords(production.vpcCidrs),
        target
          ? `every path to ${target.name} is a finding of a Network Access Analyzer scope, whenever that is run`
          : "no Network Access Analyzer scope, since neither production's security group nor its network is known",
      ].join('; '),
      resources: {
        vpc: Stack.of(this).getLogicalId(network.vpc.node.defaultChild as CfnVPC),
        agentSecurityGroup: Stack.of(this).getLogicalId(agents.node.defaultChild as CfnSecurityGroup),
        ...(noPath && { accessScope: Stack.of(this).getLogicalId(noPath.scope) }),
      },
      production: declaredProduction(this, production),
    });
  }

  /** A security group in this network with no way in and no way out, for a database or for a function of the kit. */
  databaseSecurityGroup(scope: Construct, id: string, description: string): SecurityGroup {
    return new SecurityGroup(scope, id, { vpc: this.vpc, description, allowAllOutbound: false });
  }

  /** Lets agents connect to one TCP port of a database. Refused for production. */
  admitAgents(databaseSecurityGroup: ISecurityGroup, port: number): void {
    this.connect(databaseSecurityGroup, 'FromAgents', {
      from: this.agentSecurityGroup,
      to: databaseSecurityGroup,
      port,
      description: 'agents to a database made for them',
    });
  }

  /** Lets one security group connect to one TCP port of another, e.g. a function of the kit to a clone; never to production. */
  connect(scope: IConstruct, id: string, connection: Omit<AllowedConnectionProps, 'production'>): void {
    new AllowedConnection(scope, id, { ...connection, production: this.production });
  }

  /**
   * Opens one AWS service through an endpoint that lets nothing pass but the calls that the statements name, by principals
   * of this account. Asking again for the same service adds to it. Services that could harm production are refused.
   * `service` is the part of the endpoint's name after `com.amazonaws.<region>.`, e.g. `logs`. Depend on what is returned
   * to start after the endpoint is there.
   */
  addInterfaceEndpoint(service: string, statements: readonly PolicyStatement[], audience: Audience = this.agents()): IDependable {
    const endpoint = this.endpoint(service, audience);
    const never = statements.flatMap(({ actions }) => actions).filter((action) => neverAllowed(action) !== undefined && !FOR_THE_HOST.includes(action));
    refuse(endpoint, [{ when: never.length > 0, say: `${never.join(', ')} may pass through no endpoint of the agents' network` }]);
    endpoint.allow(statements);
    return endpoint;
  }

  private agents(): Audience {
    return { kind: 'agents', securityGroup: this.agentSecurityGroup };
  }

  private addRuntimeEndpoints(runtimes: readonly AgentRuntime[]): void {
    for (const use of runtimeEndpoints(runtimes)) {
      const endpoint = this.endpoint(use.service, this.agents());
      if (use.on === 'image-layers') endpoint.allowImageLayers(use.actions);
      else endpoint.allow([statementOf(use)]);
    }
  }

  private endpoint(service: string, audience: Audience): ControlledEndpoint {
    const refusal = refusedEndpoint(service, audience.kind);
    refuse(this, [{ when: refusal !== undefined, say: refusal ?? '' }]);
    const id = `${pascalCase(service)}Endpoint`;
    const endpoint =
      (this.node.tryFindChild(id) as ControlledEndpoint | undefined) ??
      new ControlledEndpoint(this, id, { vpc: this.vpc, subnets: this.endpointSubnets, service });
    const { securityGroup } = audience;
    if (!securityGroup.node.tryFindChild(`To${id}`)) {
      this.connect(securityGroup, `To${id}`, {
        from: securityGroup,
        to: endpoint.securityGroup,
        port: 443,
        description: `${audience.kind} to the endpoint of ${service}`,
      });
    }
    return endpoint;
  }
}

/** Who may use an endpoint: what they are, and the security group that they wear. */
export interface Audience {
  readonly kind: EndpointAudience;
  readonly securityGroup: ISecurityGroup;
}

function pascalCase(service: string): string {
  return service.replace(/(^|[.-])([a-z0-9])/g, (_match, _separator, first: string) => first.toUpperCase());
}
