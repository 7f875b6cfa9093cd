import {
  AGENT_GROUP, AGENT_SUBNETS, AGENT_TABLES, AGENTS, asIs, asked, egress, group, HOST_GROUP, ingress, joined, named, peered, PORT, PRODUCTION, PRODUCTION_GROUP,
  PRODUCTION_SUBNETS, PRODUCTION_TABLES, PRODUCTION_VPC, ref, REPLICA_GROUP, routes, together, type Template,
} from './demo';

const inGroup = { DestinationSecurityGroupId: group(PRODUCTION_GROUP) };
const outOf = (id: string) => ({ SourceSecurityGroupId: group(id) });
const cidr = (text: string) => ({ CidrIp: text });
const letOut = (template: Template): Template => egress(template, inGroup);
const letIn = (template: Template): Template => ingress(template, outOf(AGENT_GROUP));

/** Peered, and joined, but for the routes of the agents' side. */
const withoutRouteOut = (): Template => {
  const template = joined(peered());
  for (const id of template.ids(/^Out\d/, 'AWS::EC2::Route')) template.drop(id);
  return template;
};
const withoutRouteBack = (): Template => {
  const template = joined(peered());
  for (const id of template.ids(/^Back\d/, 'AWS::EC2::Route')) template.drop(id);
  return template;
};

/** Peered and joined, and production's subnets behind a network ACL with these entries. */
const behindAcl = (...entries: readonly Record<string, unknown>[]): Template => {
  const template = joined(peered()).add('Acl', 'AWS::EC2::NetworkAcl', { VpcId: ref(PRODUCTION_VPC) });
  PRODUCTION_SUBNETS.forEach((id, index) =>
    template.add(`AclOf${index}`, 'AWS::EC2::SubnetNetworkAclAssociation', { SubnetId: ref(id), NetworkAclId: ref('Acl') }));
  entries.forEach((entry, index) => template.add(`Entry${index}`, 'AWS::EC2::NetworkAclEntry', {
    NetworkAclId: ref('Acl'), RuleNumber: 100 + index, Protocol: 6, RuleAction: 'allow', CidrBlock: '10.213.0.0/16', ...entry,
  }));
  return template;
};
const aclIn = { Egress: false, PortRange: { From: PORT, To: PORT } };
const aclOut = { Egress: true, PortRange: { From: 1024, To: 65535 } };

/** Joined, and both networks attached to a transit gateway, but for routes. */
const attached = (gateway: Record<string, unknown> = {}): Template => {
  const template = ingress(asIs(), cidr('10.213.0.0/20'));
  egress(template, cidr('10.212.0.0/20')).add('Transit', 'AWS::EC2::TransitGateway', gateway);
  for (const [name, vpc, subnets] of [['Agents', AGENTS, AGENT_SUBNETS], ['Production', PRODUCTION_VPC, PRODUCTION_SUBNETS]] as const) {
    template.add(`${name}Attachment`, 'AWS::EC2::TransitGatewayAttachment', { TransitGatewayId: ref('Transit'), VpcId: ref(vpc), SubnetIds: subnets.map(ref) });
  }
  return template;
};
const transitRoutes = (template: Template): Template => routes(
  routes(template, AGENT_TABLES, 'Out', { DestinationCidrBlock: '10.0.0.0/8', TransitGatewayId: ref('Transit') }),
  PRODUCTION_TABLES, 'Back', { DestinationCidrBlock: '10.0.0.0/8', TransitGatewayId: ref('Transit') });

/** A network with a gateway to the internet and routes to it. */
const online = (template: Template, vpc: string, tables: readonly string[], name: string, gateway = 'GatewayId'): Template => {
  template.add(`${name}Gateway`, 'AWS::EC2::InternetGateway', {}).add(`${name}Attached`, 'AWS::EC2::VPCGatewayAttachment', { VpcId: ref(vpc), InternetGatewayId: ref(`${name}Gateway`) });
  return routes(template, tables, `${name}Default`, { DestinationCidrBlock: '0.0.0.0/0', [gateway]: ref(`${name}Gateway`) });
};
const publicProduction = (): Template => online(asIs(), PRODUCTION_VPC, PRODUCTION_TABLES, 'Production').set(PRODUCTION, { PubliclyAccessible: true });

/** An endpoint of a resource configuration in the agents' network, which agents may connect to. */
const lattice = (definition: Record<string, unknown>, configuration: Record<string, unknown> = {}): Template => {
  const template = asIs()
    .add('GatewayGroup', 'AWS::EC2::SecurityGroup', { VpcId: ref(PRODUCTION_VPC) })
    .add('ResourceGateway', 'AWS::VpcLattice::ResourceGateway', { VpcIdentifier: ref(PRODUCTION_VPC), SubnetIds: PRODUCTION_SUBNETS.map(ref), SecurityGroupIds: [group('GatewayGroup')] })
    .add('Configuration', 'AWS::VpcLattice::ResourceConfiguration', {
      ResourceConfigurationDefinition: definition, ResourceGatewayId: ref('ResourceGateway'), PortRanges: [String(PORT)], ResourceConfigurationType: 'SINGLE', ...configuration,
    })
    .add('Door', 'AWS::EC2::VPCEndpoint', {
      VpcEndpointType: 'Resource', VpcId: ref(AGENTS), SubnetIds: AGENT_SUBNETS.map(ref), SecurityGroupIds: [group('DoorGroup')],
      ResourceConfigurationArn: { 'Fn::GetAtt': ['Configuration', 'Arn'] },
    })
    .add('DoorGroup', 'AWS::EC2::SecurityGroup', { VpcId: ref(AGENTS), SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: PORT, ToPort: PORT, ...outOf(AGENT_GROUP) }] });
  ingress(template, outOf('GatewayGroup'));
  return egress(template, { DestinationSecurityGroupId: group('DoorGroup') });
};
const address = { 'Fn::GetAtt': [PRODUCTION, 'Endpoint.Address'] };
const dns = { DnsResource: { DomainName: address, IpAddressType: 'IPV4' } };

/** A load balancer in production's network, behind an endpoint service that the agents' network has an endpoint of. */
const privateLink = (target: unknown, port: number = PORT): Template => {
  const template = asIs()
    .add('Balancer', 'AWS::ElasticLoadBalancingV2::LoadBalancer', { Type: 'network', Scheme: 'internal', Subnets: PRODUCTION_SUBNETS.map(ref) })
    .add('Targets', 'AWS::ElasticLoadBalancingV2::TargetGroup', { TargetType: 'ip', Port: port, Protocol: 'TCP', VpcId: ref(PRODUCTION_VPC), Targets: [{ Id: target, Port: port }] })
    .add('Front', 'AWS::ElasticLoadBalancingV2::Listener', { LoadBalancerArn: ref('Balancer'), Port: 7000, Protocol: 'TCP', DefaultActions: [{ Type: 'forward', TargetGroupArn: ref('Targets') }] })
    .add('Service', 'AWS::EC2::VPCEndpointService', { NetworkLoadBalancerArns: [ref('Balancer')] })
    .add('Door', 'AWS::EC2::VPCEndpoint', {
      VpcEndpointType: 'Interface', VpcId: ref(AGENTS), SubnetIds: AGENT_SUBNETS.map(ref), SecurityGroupIds: [group('DoorGroup')],
      ServiceName: { 'Fn::Join': ['', ['com.amazonaws.vpce.', ref('AWS::Region'), '.', ref('Service')]] },
    })
    .add('DoorGroup', 'AWS::EC2::SecurityGroup', { VpcId: ref(AGENTS), SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 7000, ToPort: 7000, ...outOf(AGENT_GROUP) }] });
  ingress(template, cidr('10.212.0.0/20'));
  return egress(template, { DestinationSecurityGroupId: group('DoorGroup') }, AGENT_GROUP, { FromPort: 7000, ToPort: 7000 });
};

/** An RDS proxy in the agents' network, which a proxy of production's network may have an endpoint in. */
const proxy = (endpoint: Record<string, unknown> = {}): Template => {
  const template = asIs()
    .add('Proxy', 'AWS::RDS::DBProxy', { DBProxyName: 'shop-proxy', EngineFamily: 'POSTGRESQL', VpcSubnetIds: PRODUCTION_SUBNETS.map(ref), VpcSecurityGroupIds: [group('ProxyGroup')] })
    .add('ProxyGroup', 'AWS::EC2::SecurityGroup', { VpcId: ref(PRODUCTION_VPC) })
    .add('ProxyTargets', 'AWS::RDS::DBProxyTargetGroup', { DBProxyName: ref('Proxy'), DBInstanceIdentifiers: [ref(PRODUCTION)] })
    .add('ProxyDoor', 'AWS::RDS::DBProxyEndpoint', { DBProxyName: 'shop-proxy', VpcSubnetIds: AGENT_SUBNETS.map(ref), VpcSecurityGroupIds: [group('DoorGroup')], ...endpoint })
    .add('DoorGroup', 'AWS::EC2::SecurityGroup', { VpcId: ref(AGENTS), SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, ...outOf(AGENT_GROUP) }] });
  ingress(template, outOf('ProxyGroup'));
  return egress(template, { DestinationSecurityGroupId: group('DoorGroup') }, AGENT_GROUP, { FromPort: 5432, ToPort: 5432 });
};

test.each<[string, Template]>([
  ['the demo as it is', asIs()],
  ['the two networks peered and routed, and nothing let through', peered()],
  ['production in the agents\' network, and nothing let through', together()],
  ['only the rule into production', letIn(together())],
  ['only the rule out of the agents', letOut(together())],
  ['peered and joined, no route out', withoutRouteOut()],
  ['peered and joined, no route back', withoutRouteBack()],
  ['a network ACL that lets nothing in', behindAcl(aclOut)],
  ['a network ACL that lets no answer out', behindAcl(aclIn)],
  ['attached to one transit gateway, no routes', attached()],
  ['public, and nobody let in', publicProduction()],
])('before it is damaged: %s', (_, template) => {
  expect(asked(template)).toEqual({ do: 'cannot', steps: [], assuming: [] });
});

const DAMAGES: readonly (readonly [name: string, template: Template, does: 'reaches' | 'unknown', names: readonly string[]])[] = [
  // Security groups, in one network.
  ['the rule into production, where the rule out is', letIn(letOut(together())), 'reaches', ['Stack.LetIn', `lets in tcp ${PORT} from`]],
  ['the rule out of the agents, where the rule in is', letOut(letIn(together())), 'reaches', ['Stack.LetOut', `lets out tcp ${PORT} to`]],
  ['production lets in the agents\' addresses', ingress(letOut(together()), cidr('10.213.0.0/20')), 'reaches', ['Stack.LetIn', 'from 10.213.0.0/20']],
  ['production lets in everybody', ingress(letOut(together()), cidr('0.0.0.0/0')), 'reaches', ['Stack.LetIn', 'from 0.0.0.0/0']],
  ['production lets in the network by reference', ingress(letOut(together()), { CidrIp: { 'Fn::GetAtt': [AGENTS, 'CidrBlock'] } }), 'reaches', ['Stack.LetIn', 'from 10.213.0.0/20']],
  ['production lets in one address of the agents', ingress(letOut(together()), cidr('10.213.0.7/32')), 'reaches', ['Stack.LetIn', 'from 10.213.0.7/32']],
  ['production lets in a range of ports', ingress(letOut(together()), outOf(AGENT_GROUP), { FromPort: 5000, ToPort: 6000 }), 'reaches', ['tcp 5000-6000']],
  ['production lets in all protocols', ingress(letOut(together()), outOf(AGENT_GROUP), { IpProtocol: '-1', FromPort: undefined, ToPort: undefined }), 'reaches', ['every tcp port']],
  ['a rule written in production\'s group', letOut(together()).set(PRODUCTION_GROUP, { SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: PORT, ToPort: PORT, ...outOf(AGENT_GROUP) }] }), 'reaches', [`Stack.${PRODUCTION_GROUP}`]],
  ['the agents let out to everywhere', egress(letIn(together()), cidr('0.0.0.0/0')), 'reaches', ['Stack.LetOut', 'to 0.0.0.0/0']],
  ['the agents let out to production\'s addresses', egress(letIn(together()), cidr('10.212.0.0/20')), 'reaches', ['Stack.LetOut', 'to 10.212.0.0/20']],
  ['the agents\' group without the rule that closes it', letIn(together()).set(AGENT_GROUP, { SecurityGroupEgress: undefined }), 'reaches', [`Stack.${AGENT_GROUP}`, 'lets out every tcp port to 0.0.0.0/0']],
  ['an empty list of outbound rules, which EC2 opens', letIn(together()).set(AGENT_GROUP, { SecurityGroupEgress: [] }), 'reaches', [`Stack.${AGENT_GROUP}`]],
  ['the replica may connect to production', egress(ingress(together(), outOf(REPLICA_GROUP)), inGroup, REPLICA_GROUP), 'reaches', ['Stack.LetIn', 'Replica/SecurityGroup']],
  ['the access host may connect to production', egress(ingress(together(), outOf(HOST_GROUP)), inGroup, HOST_GROUP), 'reaches', ['Stack.LetIn', 'AccessHost/SecurityGroup']],
  ['production wears the agents\' replica group', letOut(together()).set(PRODUCTION, { VPCSecurityGroups: [group(REPLICA_GROUP)], Port: '6432' }), 'reaches', ['FromAgentsIn']],
  ['production wears a second group that lets agents in', letOut(together()).add('Second', 'AWS::EC2::SecurityGroup', {
    VpcId: ref(AGENTS), SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: PORT, ToPort: PORT, ...outOf(AGENT_GROUP) }],
  }).set(PRODUCTION, { VPCSecurityGroups: [group(PRODUCTION_GROUP), group('Second')] }), 'reaches', ['Stack.Second']],
  ['a shared group that lets in itself', together().add('Shared', 'AWS::EC2::SecurityGroup', { VpcId: ref(AGENTS) })
    .add('Itself', 'AWS::EC2::SecurityGroupIngress', { GroupId: group('Shared'), IpProtocol: '-1', ...outOf('Shared') })
    .set(PRODUCTION, { VPCSecurityGroups: [group('Shared')] }), 'reaches', ['Stack.Itself']],
  ['production without a group of its own, the default one open', (() => {
    const template = together().set(PRODUCTION, { VPCSecurityGroups: undefined });
    for (const id of template.ids(/^GuardrailsNetworkVpcRestrict/, 'Custom::VpcRestrictDefaultSG')) template.drop(id);
    return template;
  })(), 'reaches', ['the default group of']],
  ['a prefix list with the agents\' addresses', ingress(letOut(together()), { SourcePrefixListId: ref('List') })
    .add('List', 'AWS::EC2::PrefixList', { Entries: [{ Cidr: '192.0.2.0/24' }, { Cidr: '10.213.0.0/16' }] }), 'reaches', ['prefix list List (10.213.0.0/16)']],
  ['a prefix list from elsewhere', ingress(letOut(together()), { SourcePrefixListId: 'pl-0123456789abcdef0' }), 'unknown', ['prefix list pl-0123456789abcdef0']],
  ['addresses that a parameter gives', ingress(letOut(together()), { CidrIp: ref('Addresses') }), 'unknown', ['parameter Addresses']],
  ['a port that a parameter gives', ingress(letOut(together()), outOf(AGENT_GROUP), { FromPort: ref('First'), ToPort: ref('Last') }), 'unknown', ['which ports Evaluation/SecurityGroup lets in']],
  ['a group from elsewhere in front of production', letOut(together()).set(PRODUCTION, { VPCSecurityGroups: ['sg-0123456789abcdef0'] }).set('LetOut', { CidrIp: '10.212.0.0/20', DestinationSecurityGroupId: undefined }), 'unknown', ['what security group sg-0123456789abcdef0 lets in']],
  // Places.
  ['production\'s subnets moved to the agents\' network', joined(asIs()).set(PRODUCTION_SUBNETS[0]!, { VpcId: ref(AGENTS) }), 'reaches', ['Stack.LetIn']],
  // Peering and routes.
  ['agents joined with production across a peering', joined(peered()), 'reaches', ['Stack.Peering', 'Stack.Out', 'Stack.Back', 'Stack.LetIn', 'Stack.LetOut']],
  ['production lets in the agents\' addresses across a peering', egress(ingress(peered(), cidr('10.0.0.0/8')), cidr('10.0.0.0/8')), 'reaches', ['Stack.Peering', 'from 10.0.0.0/8']],
  ['the route out', withoutRouteOut().add('OneRoute', 'AWS::EC2::Route', { RouteTableId: ref(AGENT_TABLES[0]!), DestinationCidrBlock: '10.212.0.0/16', VpcPeeringConnectionId: ref('Peering') }), 'reaches', ['Stack.OneRoute', 'route 10.212.0.0/16 through Peering']],
  ['a default route out', withoutRouteOut().add('OneRoute', 'AWS::EC2::Route', { RouteTableId: ref(AGENT_TABLES[0]!), DestinationCidrBlock: '0.0.0.0/0', VpcPeeringConnectionId: ref('Peering') }), 'reaches', ['Stack.OneRoute']],
  ['the route back', withoutRouteBack().add('OneRoute', 'AWS::EC2::Route', { RouteTableId: ref(PRODUCTION_TABLES[0]!), DestinationCidrBlock: '10.213.0.0/20', VpcPeeringConnectionId: ref('Peering') }), 'reaches', ['Stack.OneRoute', 'route back 10.213.0.0/20 through Peering']],
  ['a route by a prefix list', withoutRouteOut().add('OneRoute', 'AWS::EC2::Route', { RouteTableId: ref(AGENT_TABLES[0]!), DestinationPrefixListId: ref('List'), VpcPeeringConnectionId: ref('Peering') })
    .add('List', 'AWS::EC2::PrefixList', { Entries: [{ Cidr: '10.212.0.0/20' }] }), 'reaches', ['Stack.OneRoute']],
  ['a peering from elsewhere', routes(routes(joined(asIs()), AGENT_TABLES, 'Out', { DestinationCidrBlock: '10.212.0.0/20', VpcPeeringConnectionId: 'pcx-1' }),
    PRODUCTION_TABLES, 'Back', { DestinationCidrBlock: '10.213.0.0/20', VpcPeeringConnectionId: 'pcx-1' }), 'unknown', ['which networks pcx-1 connects']],
  ['a subnet that uses another table, with a route', withoutRouteOut().add('Table', 'AWS::EC2::RouteTable', { VpcId: ref(AGENTS) })
    .add('Extra', 'AWS::EC2::Subnet', { VpcId: ref(AGENTS), CidrBlock: '10.213.15.0/24' })
    .add('ExtraTable', 'AWS::EC2::SubnetRouteTableAssociation', { SubnetId: ref('Extra'), RouteTableId: ref('Table') })
    .add('OneRoute', 'AWS::EC2::Route', { RouteTableId: ref('Table'), DestinationCidrBlock: '10.212.0.0/20', VpcPeeringConnectionId: ref('Peering') }), 'reaches', ['Stack.OneRoute', 'Stack.Extra']],
  // Other gateways.
  ['a transit gateway with routes', transitRoutes(attached()), 'reaches', ['Stack.Transit', 'Stack.ProductionAttachment', 'Stack.Out']],
  ['a transit gateway whose own table has a route', transitRoutes(attached({ DefaultRouteTableAssociation: 'disable', DefaultRouteTablePropagation: 'disable' }))
    .add('TransitTable', 'AWS::EC2::TransitGatewayRouteTable', { TransitGatewayId: ref('Transit') })
    .add('Tied', 'AWS::EC2::TransitGatewayRouteTableAssociation', { TransitGatewayRouteTableId: ref('TransitTable'), TransitGatewayAttachmentId: ref('AgentsAttachment') })
    .add('TransitRoute', 'AWS::EC2::TransitGatewayRoute', { TransitGatewayRouteTableId: ref('TransitTable'), TransitGatewayAttachmentId: ref('ProductionAttachment'), DestinationCidrBlock: '10.212.0.0/20' }), 'reaches', ['Stack.TransitRoute']],
  ['a transit gateway from elsewhere', routes(routes(egress(ingress(asIs(), cidr('10.213.0.0/20')), cidr('10.212.0.0/20')), AGENT_TABLES, 'Out', { DestinationCidrBlock: '10.0.0.0/8', TransitGatewayId: 'tgw-1' }),
    PRODUCTION_TABLES, 'Back', { DestinationCidrBlock: '10.0.0.0/8', TransitGatewayId: 'tgw-1' }), 'unknown', ['what transit gateway tgw-1 connects']],
  ['a VPN on both sides', routes(routes(egress(ingress(asIs(), cidr('10.213.0.0/20')), cidr('10.212.0.0/20')), AGENT_TABLES, 'Out', { DestinationCidrBlock: '10.0.0.0/8', GatewayId: 'vgw-1' }),
    PRODUCTION_TABLES, 'Back', { DestinationCidrBlock: '10.0.0.0/8', GatewayId: 'vgw-2' }), 'unknown', ['where vgw-1 leads']],
  ['a core network on both sides', routes(routes(egress(ingress(asIs(), cidr('10.213.0.0/20')), cidr('10.212.0.0/20')), AGENT_TABLES, 'Out', { DestinationCidrBlock: '10.0.0.0/8', CoreNetworkArn: 'arn:aws:networkmanager::111122223333:core-network/core' }),
    PRODUCTION_TABLES, 'Back', { DestinationCidrBlock: '10.0.0.0/8', CoreNetworkArn: 'arn:aws:networkmanager::111122223333:core-network/core' }), 'unknown', ['core-network/core leads']],
  // Network ACLs.
  ['a network ACL opened in both directions', behindAcl(aclIn, aclOut), 'reaches', ['Stack.Entry0', 'Stack.Entry1', 'network ACL Acl lets in 10.213.0.0/16']],
  ['a network ACL that lets everything through', behindAcl({ Egress: false, Protocol: -1, CidrBlock: '0.0.0.0/0' }, { Egress: true, Protocol: -1, CidrBlock: '0.0.0.0/0' }), 'reaches', ['Stack.Entry0']],
  ['an allow before the deny', behindAcl(aclIn, aclOut, { ...aclIn, RuleAction: 'deny', RuleNumber: 200 }), 'reaches', ['Stack.Entry0']],
  ['a deny of a part only', behindAcl(aclOut, { ...aclIn, RuleAction: 'deny', CidrBlock: '10.213.0.0/24' }, aclIn), 'reaches', ['Stack.Entry2']],
  ['a network ACL from elsewhere', behindAcl().set('AclOf0', { NetworkAclId: 'acl-1' }).set('AclOf1', { NetworkAclId: 'acl-1' }), 'unknown', ['network ACL acl-1']],
  // The internet.
  ['a public database that lets everybody in', online(ingress(egress(publicProduction(), cidr('0.0.0.0/0')), cidr('0.0.0.0/0')), AGENTS, AGENT_TABLES, 'Agents'), 'reaches', ['is publicly accessible', 'Stack.AgentsDefault', 'Stack.ProductionDefault']],
  ['a public database that lets in some addresses', online(ingress(egress(publicProduction(), cidr('0.0.0.0/0')), cidr('198.51.100.0/24')), AGENTS, AGENT_TABLES, 'Agents'), 'unknown', ['who connects from 198.51.100.0/24']],
  ['a NAT gateway, and a public database', online(ingress(egress(publicProduction(), cidr('0.0.0.0/0')), cidr('0.0.0.0/0')), AGENTS, AGENT_TABLES, 'Agents', 'NatGatewayId'), 'reaches', ['Stack.AgentsDefault']],
  // What passes connections on.
  ['a resource endpoint to production', lattice(dns), 'reaches', ['Stack.Configuration', 'through ResourceGateway', 'Stack.Door', 'DoorGroup']],
  ['a resource endpoint to production by ARN', lattice({ ArnResource: { 'Fn::GetAtt': [PRODUCTION, 'DBInstanceArn'] } }), 'reaches', ['Stack.Configuration']],
  ['a resource endpoint to an address in production\'s subnets', lattice({ IpResource: '10.212.0.9' }), 'unknown', ['Stack.Configuration', 'whether 10.212.0.9 is Evaluation/Instance']],
  ['a resource endpoint to a name that a parameter gives', lattice({ DnsResource: { DomainName: ref('Name'), IpAddressType: 'IPV4' } }), 'unknown', ['Stack.Configuration']],
  ['an endpoint of a configuration from elsewhere', lattice(dns).set('Door', { ResourceConfigurationArn: 'arn:aws:vpc-lattice:eu-central-1:111122223333:resourceconfiguration/rcfg-1' }), 'unknown', ['rcfg-1']],
  ['a service network that has production', lattice(dns).set('Door', { VpcEndpointType: 'ServiceNetwork', ResourceConfigurationArn: undefined, ServiceNetworkArn: { 'Fn::GetAtt': ['Mesh', 'Arn'] } })
    .add('Mesh', 'AWS::VpcLattice::ServiceNetwork', {})
    .add('Member', 'AWS::VpcLattice::ServiceNetworkResourceAssociation', { ServiceNetworkId: ref('Mesh'), ResourceConfigurationId: ref('Configuration') }), 'reaches', ['Stack.Configuration']],
  ['a service network that the agents\' network is associated with', lattice(dns).drop('Door')
    .add('Mesh', 'AWS::VpcLattice::ServiceNetwork', {})
    .add('Member', 'AWS::VpcLattice::ServiceNetworkResourceAssociation', { ServiceNetworkId: ref('Mesh'), ResourceConfigurationId: ref('Configuration') })
    .add('Door', 'AWS::VpcLattice::ServiceNetworkVpcAssociation', { ServiceNetworkIdentifier: ref('Mesh'), VpcIdentifier: ref(AGENTS), SecurityGroupIds: [group('DoorGroup')] }), 'reaches', ['Stack.Configuration', 'DoorGroup']],
  ['an endpoint service with production behind its load balancer', privateLink('10.212.0.9'), 'unknown', ['Stack.Balancer', 'load balancer Balancer passes connections on to 10.212.0.9', 'Stack.Door']],
  ['a load balancer whose target is looked up', privateLink(ref('LookedUp')), 'unknown', ['Stack.Balancer', 'parameter LookedUp']],
  ['an endpoint of a service from elsewhere', privateLink('10.9.9.9').set('Door', { ServiceName: 'com.amazonaws.vpce.eu-central-1.vpce-svc-0123456789abcdef0' }), 'unknown', ['vpce-svc-0123456789abcdef0']],
  ['an endpoint of a proxy of production', proxy(), 'reaches', ['proxy Proxy passes connections on to Evaluation/Instance', 'Stack.ProxyDoor', 'Stack.ProxyTargets']],
  ['an endpoint of the Data API, production a cluster that has it', asIs()
    .add('Cluster', 'AWS::RDS::DBCluster', { Engine: 'aurora-postgresql', EnableHttpEndpoint: true, DBSubnetGroupName: 'x', VpcSecurityGroupIds: [group(PRODUCTION_GROUP)] })
    .set(PRODUCTION, { DBClusterIdentifier: ref('Cluster') })
    .add('DataApi', 'AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Interface', VpcId: ref(AGENTS), SubnetIds: AGENT_SUBNETS.map(ref), SecurityGroupIds: [group(REPLICA_GROUP)], ServiceName: { 'Fn::Join': ['', ['com.amazonaws.', ref('AWS::Region'), '.rds-data']] } })
    .add('ToDataApi', 'AWS::EC2::SecurityGroupIngress', { GroupId: group(REPLICA_GROUP), IpProtocol: 'tcp', FromPort: 443, ToPort: 443, ...outOf(AGENT_GROUP) })
    .add('OutToDataApi', 'AWS::EC2::SecurityGroupEgress', { GroupId: group(AGENT_GROUP), IpProtocol: 'tcp', FromPort: 443, ToPort: 443, DestinationSecurityGroupId: group(REPLICA_GROUP) }), 'reaches', ['Stack.DataApi', 'the RDS Data API']],
];

test.each(DAMAGES)('%s', (_, template, does, names) => {
  const answer = asked(template);
  expect([answer.do, ...names.filter((name) => !named(answer).includes(name))]).toEqual([does]);
});

test('the whole path is told, one hop after the other', () => {
  expect(asked(joined(peered())).steps.map(({ by }) => by)).toEqual([
    'route 10.212.0.0/20 through Peering',
    'peering Peering joins Network/Network/Vpc and Evaluation/Network/Vpc',
    'route back 10.213.0.0/20 through Peering',
    `security group Network/AgentSecurityGroup lets out tcp ${PORT} to Evaluation/SecurityGroup`,
    `security group Evaluation/SecurityGroup lets in tcp ${PORT} from Network/AgentSecurityGroup`,
  ]);
});

test('production in the subnets of the agents', () => {
  const template = joined(asIs());
  const [subnets] = template.ids(/^ProductionEvaluationSubnets/, 'AWS::RDS::DBSubnetGroup');
  template.set(subnets!, { SubnetIds: AGENT_SUBNETS.map(ref) });
  expect(asked(template).do).toBe('reaches');
});
