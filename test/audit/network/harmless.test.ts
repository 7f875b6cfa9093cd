import {
  AGENT_GROUP, AGENT_SUBNETS, AGENT_TABLES, AGENTS, asIs, asked, egress, group, ingress, joined, peered, PORT, PRODUCTION, PRODUCTION_GROUP, PRODUCTION_SUBNETS,
  PRODUCTION_VPC, ref, REPLICA_GROUP, routes, synthesized, Template, together,
} from './demo';

const inGroup = { DestinationSecurityGroupId: group(PRODUCTION_GROUP) };
const rule = { IpProtocol: 'tcp', FromPort: PORT, ToPort: PORT };

/** A network of the application in the same template, which may use production. */
const application = (): Template => {
  const template = asIs()
    .add('App', 'AWS::EC2::SecurityGroup', { VpcId: ref(PRODUCTION_VPC), SecurityGroupEgress: [{ ...rule, ...inGroup }] });
  return ingress(template, { SourceSecurityGroupId: group('App') });
};

test.each<[string, Template]>([
  ['the application may use production', application()],
  ['a function of the application, in production\'s network', application().add('Function', 'AWS::Lambda::Function', { VpcConfig: { SubnetIds: PRODUCTION_SUBNETS.map(ref), SecurityGroupIds: [group('App')] } })],
  ['production may connect to the replica', egress(asIs(), { DestinationSecurityGroupId: group(REPLICA_GROUP) }, PRODUCTION_GROUP)],
  ['agents may connect to the replica on another port too', egress(asIs(), { DestinationSecurityGroupId: group(REPLICA_GROUP) })],
  ['a rule for another port of production', egress(ingress(together(), { SourceSecurityGroupId: group(AGENT_GROUP) }, { FromPort: 443, ToPort: 443 }), inGroup)],
  ['a rule for UDP', egress(ingress(together(), { SourceSecurityGroupId: group(AGENT_GROUP) }, { IpProtocol: 'udp' }), inGroup)],
  ['a rule for ping', egress(ingress(together(), { CidrIp: '0.0.0.0/0' }, { IpProtocol: 'icmp', FromPort: -1, ToPort: -1 }), inGroup)],
  ['production lets in addresses that agents do not have', egress(ingress(together(), { CidrIp: '10.99.0.0/16' }), inGroup)],
  ['production lets in a prefix list without agents', egress(ingress(together(), { SourcePrefixListId: ref('List') }).add('List', 'AWS::EC2::PrefixList', { Entries: [{ Cidr: '192.0.2.0/24' }] }), inGroup)],
  ['a prefix list without entries', egress(ingress(together(), { SourcePrefixListId: ref('List') }).add('List', 'AWS::EC2::PrefixList', {}), inGroup)],
  ['production lets in addresses of IPv6, which nobody there has', egress(ingress(together(), { CidrIpv6: 'fd00::/8' }), inGroup)],
  ['a peering of which no route knows', joined(asIs()).add('Peering', 'AWS::EC2::VPCPeeringConnection', { VpcId: ref(AGENTS), PeerVpcId: ref(PRODUCTION_VPC) })],
  ['a peering of the agents with a third network', routes(joined(asIs()).add('Third', 'AWS::EC2::VPC', { CidrBlock: '10.9.0.0/16' })
    .add('Peering', 'AWS::EC2::VPCPeeringConnection', { VpcId: ref(AGENTS), PeerVpcId: ref('Third') }), AGENT_TABLES, 'Out', { DestinationCidrBlock: '10.9.0.0/16', VpcPeeringConnectionId: ref('Peering') })],
  ['a chain of peerings, which is not transitive', routes(routes(joined(asIs()).add('Third', 'AWS::EC2::VPC', { CidrBlock: '10.9.0.0/16' })
    .add('One', 'AWS::EC2::VPCPeeringConnection', { VpcId: ref(AGENTS), PeerVpcId: ref('Third') })
    .add('Two', 'AWS::EC2::VPCPeeringConnection', { VpcId: ref('Third'), PeerVpcId: ref(PRODUCTION_VPC) }), AGENT_TABLES, 'Out', { DestinationCidrBlock: '10.0.0.0/8', VpcPeeringConnectionId: ref('One') }),
    ['ProductionTable'], 'Back', { DestinationCidrBlock: '10.0.0.0/8', VpcPeeringConnectionId: ref('Two') })],
  ['a network ACL of the agents\' subnets, opened', AGENT_SUBNETS.reduce((template, id, index) => template
    .add(`AclOf${index}`, 'AWS::EC2::SubnetNetworkAclAssociation', { SubnetId: ref(id), NetworkAclId: ref('Acl') }), asIs()
    .add('Acl', 'AWS::EC2::NetworkAcl', { VpcId: ref(AGENTS) })
    .add('Entry', 'AWS::EC2::NetworkAclEntry', { NetworkAclId: ref('Acl'), RuleNumber: 1, Protocol: -1, RuleAction: 'allow', CidrBlock: '0.0.0.0/0' }))],
  ['production called public in subnets without an internet gateway', ingress(asIs().set(PRODUCTION, { PubliclyAccessible: true }), { CidrIp: '0.0.0.0/0' })],
  ['a security group that nobody wears', asIs().add('Unused', 'AWS::EC2::SecurityGroup', { VpcId: ref(AGENTS), SecurityGroupIngress: [{ ...rule, CidrIp: '0.0.0.0/0' }] })],
  ['another interface endpoint', asIs().add('Sts', 'AWS::EC2::VPCEndpoint', {
    VpcEndpointType: 'Interface', VpcId: ref(AGENTS), SubnetIds: AGENT_SUBNETS.map(ref), SecurityGroupIds: [group(REPLICA_GROUP)],
    ServiceName: { 'Fn::Join': ['', ['com.amazonaws.', ref('AWS::Region'), '.sts']] },
  })],
  ['an endpoint of the Data API, which an instance does not have', egress(asIs().add('DataApi', 'AWS::EC2::VPCEndpoint', {
    VpcEndpointType: 'Interface', VpcId: ref(AGENTS), SubnetIds: AGENT_SUBNETS.map(ref), SecurityGroupIds: [group('Open')], ServiceName: 'com.amazonaws.eu-central-1.rds-data',
  }).add('Open', 'AWS::EC2::SecurityGroup', { VpcId: ref(AGENTS), SecurityGroupIngress: [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }] }), { CidrIp: '0.0.0.0/0' }, AGENT_GROUP, { FromPort: 443, ToPort: 443 })],
  ['an endpoint for S3 by a route', asIs().add('S3', 'AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway', VpcId: ref(AGENTS), RouteTableIds: AGENT_TABLES.map(ref), ServiceName: 'com.amazonaws.eu-central-1.s3' })],
  ['a way to the internet, production not public', routes(egress(asIs().add('Internet', 'AWS::EC2::InternetGateway', {}), { CidrIp: '0.0.0.0/0' }), AGENT_TABLES, 'Default', { DestinationCidrBlock: '0.0.0.0/0', GatewayId: ref('Internet') })],
  ['a load balancer of the application in front of another address', asIs()
    .add('Balancer', 'AWS::ElasticLoadBalancingV2::LoadBalancer', { Type: 'network', Scheme: 'internal', Subnets: AGENT_SUBNETS.map(ref) })
    .add('Front', 'AWS::ElasticLoadBalancingV2::Listener', { LoadBalancerArn: ref('Balancer'), Port: 80, DefaultActions: [{ Type: 'forward', TargetGroupArn: ref('Targets') }] })
    .add('Targets', 'AWS::ElasticLoadBalancingV2::TargetGroup', { TargetType: 'ip', Port: 80, Targets: [{ Id: '10.213.0.9' }] })],
  ['a read-only endpoint of a proxy', asIs()
    .add('Proxy', 'AWS::RDS::DBProxy', { DBProxyName: 'p', EngineFamily: 'POSTGRESQL', VpcSubnetIds: PRODUCTION_SUBNETS.map(ref), VpcSecurityGroupIds: [group(PRODUCTION_GROUP)] })
    .add('Targets', 'AWS::RDS::DBProxyTargetGroup', { DBProxyName: 'p', DBInstanceIdentifiers: [ref(PRODUCTION)] })
    .add('Reader', 'AWS::RDS::DBProxyEndpoint', { DBProxyName: 'p', TargetRole: 'READ_ONLY', VpcSubnetIds: AGENT_SUBNETS.map(ref), VpcSecurityGroupIds: [group(REPLICA_GROUP)] })],
  ['another size, another name, other tags', asIs().set(PRODUCTION, { DBInstanceClass: 'db.r7g.large', Tags: [{ Key: 'owner', Value: 'orders' }] }).set(AGENTS, { Tags: [] })],
  ['more subnets', asIs().add('More', 'AWS::EC2::Subnet', { VpcId: ref(AGENTS), CidrBlock: '10.213.15.0/24' })],
  ['the networks peered, nothing let through', peered()],
])('%s: production stays out of reach', (_, template) => {
  expect(asked(template)).toEqual({ do: 'cannot', steps: [], assuming: [] });
});

test.each(['prod-example', 'lattice-example', 'demo'])('nothing in the agents\' network of %s reaches production, by any way that is told', (env) => {
  const template = synthesized(env);
  const network = new Template(template).network();
  const subject = { demo: `Stack.${PRODUCTION}`, 'prod-example': 'orders', 'lattice-example': 'billing' }[env]!;
  expect(network.agentNetworks).toHaveLength(1);
  expect(network.reachable(network.agentNetworks, network.database(subject))).toEqual({ do: 'cannot', steps: [], assuming: [] });
  expect(network.agentNetworks.flatMap((place) => network.exits(place))).toEqual([]);
});
