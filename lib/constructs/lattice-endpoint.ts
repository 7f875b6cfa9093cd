import { Names, Stack } from 'aws-cdk-lib';
import { CfnVPCEndpoint, SecurityGroup, type ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { CfnResourceConfiguration, CfnResourceGateway } from 'aws-cdk-lib/aws-vpclattice';
import { Construct } from 'constructs';
import type { AgentNetwork } from './agent-network';
import { declare } from './declare';
import { refuse } from './invalid';
import type { ProductionDatabase } from './production-database';

export interface LatticeEndpointProps {
  readonly network: AgentNetwork;
  /** Gives the network and the subnets that the replica stands in; both are needed. */
  readonly production: ProductionDatabase;
  /** The group of the replica, in production's network. It must be a group of its own, never production's. */
  readonly replicaSecurityGroup: ISecurityGroup;
  /** The host name of the replica. Agents keep using it, so that the server's certificate can be verified in full. */
  readonly replicaAddress: string;
  readonly port: number;
}

/**
 * Agents reach a replica that stands in production's network, and nothing else there: one host name, one TCP port, one
 * direction. No route, peering or address of production's network becomes visible to them.
 *
 * In production's network this adds a VPC Lattice resource gateway with a security group of its own, and one rule at the
 * replica's group; nothing that exists there is changed. AWS has no policy for this kind of endpoint: the security groups
 * and the resource configuration are what limits it. Costs a resource endpoint per hour, and traffic.
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/resource-configuration.html
 */
export class LatticeEndpoint extends Construct {
  /** Stands in front of the replica in the agents' network: whoever may connect to this group on the port reaches the replica. */
  readonly securityGroup: ISecurityGroup;

  constructor(scope: Construct, id: string, props: LatticeEndpointProps) {
    super(scope, id);
    const { network, production, replicaSecurityGroup, replicaAddress, port } = props;
    const { vpc, subnets } = production;
    refuse(this, [
      { when: vpc === undefined, say: 'the ProductionDatabase was given no vpc; pass the network that the replica stands in' },
      {
        when: subnets === undefined,
        say: 'the ProductionDatabase was given no subnets; pass those that the resource gateway may stand in',
      },
      {
        when: replicaAddress === production.endpoint,
        say: "replicaAddress is production's own host name; pass that of the replica",
      },
    ]);
    const gatewaySecurityGroup = new SecurityGroup(this, 'GatewaySecurityGroup', {
      vpc: vpc!,
      description: 'The way from agents to their replica: out to the replica, nothing in',
      allowAllOutbound: false,
    });
    network.connect(this, 'GatewayToReplica', {
      from: gatewaySecurityGroup,
      to: replicaSecurityGroup,
      port,
      description: 'resource gateway to the replica that agents read',
    });
    const gateway = new CfnResourceGateway(this, 'Gateway', {
      name: latticeName(this, 'gateway'),
      vpcIdentifier: vpc!.vpcId,
      subnetIds: vpc!.selectSubnets(subnets).subnetIds,
      securityGroupIds: [gatewaySecurityGroup.securityGroupId],
      ipAddressType: 'IPV4',
    });
    const configuration = new CfnResourceConfiguration(this, 'Replica', {
      name: latticeName(this, 'replica'),
      resourceConfigurationType: 'SINGLE',
      resourceGatewayId: gateway.ref,
      resourceConfigurationDefinition: { dnsResource: { domainName: replicaAddress, ipAddressType: 'IPV4' } },
      customDomainName: replicaAddress,
      portRanges: [String(port)],
      protocolType: 'TCP',
      allowAssociationToSharableServiceNetwork: false,
    });
    const frontDescription = 'The endpoint of the replica in the network of production';
    this.securityGroup = network.databaseSecurityGroup(this, 'SecurityGroup', frontDescription);
    network.admitAgents(this.securityGroup, port);
    const endpoint = new CfnVPCEndpoint(this, 'Endpoint', {
      vpcEndpointType: 'Resource',
      vpcId: network.vpc.vpcId,
      // In every zone of the agents: at least one has to be a zone of the gateway, and which zones those are is not known here.
      subnetIds: network.vpc.selectSubnets(network.agentSubnets).subnetIds,
      securityGroupIds: [this.securityGroup.securityGroupId],
      resourceConfigurationArn: configuration.attrArn,
      privateDnsEnabled: true,
      // The default takes over verified domains only, and nobody can verify a name of RDS. This takes over one name and no other.
      dnsOptions: { privateDnsPreference: 'SPECIFIED_DOMAINS_ONLY', privateDnsSpecifiedDomains: [replicaAddress] },
    });
    declare(this, {
      guarantee: 'agent-has-no-route-to-production',
      inForce: true,
      detail:
        "the replica in production's network is reached through one VPC Lattice resource endpoint: " +
        `its host name, TCP ${port}, one direction, no route`,
      resources: { endpoint: Stack.of(this).getLogicalId(endpoint), gateway: Stack.of(this).getLogicalId(gateway) },
    });
  }
}

/** A name that is unique in the account and that VPC Lattice accepts: 3 to 40 lower-case letters, digits and single hyphens. */
function latticeName(scope: Construct, role: string): string {
  return `agentread-${role}-${Names.uniqueResourceName(scope, { maxLength: 40 - `agentread-${role}-`.length })}`.toLowerCase();
}
