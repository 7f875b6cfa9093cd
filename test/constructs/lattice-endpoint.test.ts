import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { AgentNetwork } from '../../lib/constructs/agent-network';
import { LatticeEndpoint } from '../../lib/constructs/lattice-endpoint';
import { ProductionDatabase, type ProductionInstanceAttributes } from '../../lib/constructs/production-database';
import { METADATA_KEY, type Declaration } from '../../lib/core/guarantees';

const ADDRESS = 'agentread-orders.abc123.eu-central-1.rds.amazonaws.com';

function given(override: Partial<ProductionInstanceAttributes> = {}, stackName = 'Test') {
  const stack = new Stack(new App(), stackName);
  const vpc = Vpc.fromVpcAttributes(stack, 'ProductionVpc', {
    vpcId: 'vpc-0fedcba9876543210',
    availabilityZones: ['eu-central-1a', 'eu-central-1b'],
    isolatedSubnetIds: ['subnet-0aaaaaaaaaaaaaaaa', 'subnet-0bbbbbbbbbbbbbbbb'],
    vpcCidrBlock: '10.0.0.0/16',
  });
  const production = ProductionDatabase.fromInstance(stack, 'Production', {
    instanceIdentifier: 'orders',
    resourceId: 'db-ABCDEFGHIJKLMNOPQRSTUVWXY2',
    endpoint: 'orders.abc123.eu-central-1.rds.amazonaws.com',
    engineVersion: '16.10',
    instanceClass: 'db.m7g.large',
    databases: ['orders'],
    vpc,
    subnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
    securityGroup: SecurityGroup.fromSecurityGroupId(stack, 'ProductionGroup', 'sg-0123456789abcdef0'),
    ...override,
  });
  const network = new AgentNetwork(stack, 'Network', { production, statementLog: { encryptionKey: new Key(stack, 'Key') } });
  const replicaSecurityGroup = new SecurityGroup(stack, 'ReplicaGroup', { vpc, description: 'The replica', allowAllOutbound: false });
  return { stack, production, network, replicaSecurityGroup };
}

function lattice(stackName?: string) {
  const { stack, production, network, replicaSecurityGroup } = given({}, stackName);
  const endpoint = new LatticeEndpoint(stack, 'Lattice', { network, production, replicaSecurityGroup, replicaAddress: ADDRESS, port: 6432 });
  return { stack, network, replicaSecurityGroup, endpoint, template: Template.fromStack(stack) };
}

test('one host name and one TCP port of the replica can be reached, and nothing else in the network of production', () => {
  lattice().template.hasResourceProperties('AWS::VpcLattice::ResourceConfiguration', {
    ResourceConfigurationType: 'SINGLE',
    ResourceConfigurationDefinition: { DnsResource: { DomainName: ADDRESS, IpAddressType: 'IPV4' } },
    PortRanges: ['6432'],
    ProtocolType: 'TCP',
    AllowAssociationToSharableServiceNetwork: false,
  });
});

test('agents keep the host name of the replica, so that its certificate can be verified in full', () => {
  const { template } = lattice();
  template.hasResourceProperties('AWS::VpcLattice::ResourceConfiguration', { CustomDomainName: ADDRESS });
  template.hasResourceProperties('AWS::EC2::VPCEndpoint', {
    PrivateDnsEnabled: true,
    DnsOptions: { PrivateDnsPreference: 'SPECIFIED_DOMAINS_ONLY', PrivateDnsSpecifiedDomains: [ADDRESS] },
  });
});

test('nothing creates a route, a peering or a share with another account', () => {
  const { template } = lattice();
  for (const type of [
    'AWS::EC2::Route',
    'AWS::EC2::VPCPeeringConnection',
    'AWS::VpcLattice::ServiceNetworkVpcAssociation',
    'AWS::VpcLattice::ServiceNetworkResourceAssociation',
    'AWS::RAM::ResourceShare',
  ]) {
    template.resourceCountIs(type, 0);
  }
});

test("the resource gateway stands in production's subnets, and its only way out leads to the replica", () => {
  const { stack, template, replicaSecurityGroup } = lattice();
  template.hasResourceProperties('AWS::VpcLattice::ResourceGateway', {
    VpcIdentifier: 'vpc-0fedcba9876543210',
    SubnetIds: ['subnet-0aaaaaaaaaaaaaaaa', 'subnet-0bbbbbbbbbbbbbbbb'],
    SecurityGroupIds: [Match.anyValue()],
  });
  const [gateway] = Object.values(template.findResources('AWS::VpcLattice::ResourceGateway'));
  const [group] = gateway!.Properties.SecurityGroupIds;
  const from = (type: string) => Object.values(template.findResources(type, { Properties: { GroupId: group } }));
  expect(from('AWS::EC2::SecurityGroupEgress').map((rule) => rule.Properties)).toEqual([
    {
      GroupId: group,
      DestinationSecurityGroupId: stack.resolve(replicaSecurityGroup.securityGroupId),
      IpProtocol: 'tcp',
      FromPort: 6432,
      ToPort: 6432,
      Description: 'resource gateway to the replica that agents read',
    },
  ]);
  expect(from('AWS::EC2::SecurityGroupIngress')).toEqual([]);
});

test('the replica lets in the resource gateway only', () => {
  const { stack, template, replicaSecurityGroup } = lattice();
  const [gateway] = Object.values(template.findResources('AWS::VpcLattice::ResourceGateway'));
  const rules = template.findResources('AWS::EC2::SecurityGroupIngress', { Properties: { GroupId: stack.resolve(replicaSecurityGroup.securityGroupId) } });
  expect(Object.values(rules).map((rule) => rule.Properties.SourceSecurityGroupId)).toEqual(gateway!.Properties.SecurityGroupIds);
});

test('the endpoint stands in every zone of the agents, behind a group that lets in agents on the port only', () => {
  const { stack, template, network, endpoint } = lattice();
  const group = stack.resolve(endpoint.securityGroup.securityGroupId);
  template.hasResourceProperties('AWS::EC2::VPCEndpoint', {
    VpcEndpointType: 'Resource',
    VpcId: stack.resolve(network.vpc.vpcId),
    SubnetIds: stack.resolve(network.vpc.selectSubnets(network.agentSubnets).subnetIds),
    SecurityGroupIds: [group],
    ResourceConfigurationArn: Match.anyValue(),
  });
  const rules = Object.values(template.findResources('AWS::EC2::SecurityGroupIngress', { Properties: { GroupId: group } }));
  expect(rules.map((rule) => rule.Properties)).toEqual([
    {
      GroupId: group,
      SourceSecurityGroupId: stack.resolve(network.agentSecurityGroup.securityGroupId),
      IpProtocol: 'tcp',
      FromPort: 6432,
      ToPort: 6432,
      Description: 'agents to a database made for them',
    },
  ]);
});

test('no rule and no resource of production itself is touched', () => {
  const { template } = lattice();
  for (const type of ['AWS::EC2::SecurityGroupIngress', 'AWS::EC2::SecurityGroupEgress']) {
    expect(JSON.stringify(template.findResources(type))).not.toContain('sg-0123456789abcdef0');
  }
});

test.each(['Test', 'A-deployment-with-a-rather-long-name-of-its-own', 'X'])('names are such that VPC Lattice accepts them, in stack %s', (stackName) => {
  const { template } = lattice(stackName);
  for (const type of ['AWS::VpcLattice::ResourceGateway', 'AWS::VpcLattice::ResourceConfiguration']) {
    const [resource] = Object.values(template.findResources(type));
    expect(resource!.Properties.Name).toMatch(/^(?!.*--)[a-z][a-z0-9-]{1,38}[a-z0-9]$/);
  }
});

test('says what it opens', () => {
  const declarations = (lattice().template.toJSON().Metadata as Record<string, Declaration[]>)[METADATA_KEY]!;
  expect(declarations.find(({ path }) => path === 'Test/Lattice')).toMatchObject({
    guarantee: 'agent-has-no-route-to-production',
    detail: "the replica in production's network is reached through one VPC Lattice resource endpoint: its host name, TCP 6432, one direction, no route",
  });
});

test("fails when production's network or subnets are not known", () => {
  const { stack, production, network, replicaSecurityGroup } = given({ vpc: undefined, subnets: undefined });
  expect(() => new LatticeEndpoint(stack, 'Lattice', { network, production, replicaSecurityGroup, replicaAddress: ADDRESS, port: 6432 })).toThrow(
    [
      'Test/Lattice: the ProductionDatabase was given no vpc; pass the network that the replica stands in',
      'Test/Lattice: the ProductionDatabase was given no subnets; pass those that the resource gateway may stand in',
    ].join('\n'),
  );
});

test("fails when the replica wears production's security group", () => {
  const { stack, production, network } = given();
  const props = { network, production, replicaSecurityGroup: production.securityGroup!, replicaAddress: ADDRESS, port: 6432 };
  expect(() => new LatticeEndpoint(stack, 'Lattice', props)).toThrow(
    "Test/Lattice/GatewayToReplica: the target is production's own security group; nothing in the agents' network may connect to it",
  );
});

test('fails when the host name is that of production', () => {
  const { stack, production, network, replicaSecurityGroup } = given();
  const props = { network, production, replicaSecurityGroup, replicaAddress: production.endpoint, port: 6432 };
  expect(() => new LatticeEndpoint(stack, 'Lattice', props)).toThrow(
    "Test/Lattice: replicaAddress is production's own host name; pass that of the replica",
  );
});
