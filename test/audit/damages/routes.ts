import { damages, type WrittenDamage } from './damage';
import type { Demo, Untyped } from './demo';

const AGENTS = 'GuardrailsNetworkVpc';
const AGENT_GROUP = 'GuardrailsNetworkAgentSecurityGroup';
const HOST_GROUP = 'GuardrailsAccessHostSecurityGroup';
const REPLICA_GROUP = 'GuardrailsReplicaSecurityGroup';
const DATABASE = 'ProductionEvaluationInstance';
const PRODUCTION = 'ProductionEvaluationNetworkVpc';
const PRODUCTION_GROUP = 'ProductionEvaluationSecurityGroup';
const AGENT_TABLE = 'GuardrailsNetworkVpcAgentsSubnet1RouteTable';
const DOCUMENT = 'GuardrailsAccessHostReplicaSession';
const PORT = 5433;

const tcp = (port = PORT) => ({ IpProtocol: 'tcp', FromPort: port, ToPort: port });
const tables = (demo: Demo, network: string) => [1, 2].map((index) => demo.ref(`${network}DatabasesSubnet${index}RouteTable`));

function letIn(demo: Demo, peer: Record<string, Untyped>) {
  demo.add('LetIn', 'AWS::EC2::SecurityGroupIngress', { ...tcp(), GroupId: demo.group(PRODUCTION_GROUP), ...peer });
}
function letOut(demo: Demo, peer: Record<string, Untyped>, from = AGENT_GROUP) {
  demo.add('LetOut', 'AWS::EC2::SecurityGroupEgress', { ...tcp(), GroupId: demo.group(from), ...peer });
}

/** Production in the agents' network, where nothing but security groups is in the way. */
function together(demo: Demo) {
  for (const index of [1, 2]) demo.set(`ProductionEvaluationNetworkVpcDatabasesSubnet${index}Subnet`, { VpcId: demo.ref(AGENTS) });
  demo.set(PRODUCTION_GROUP, { VpcId: demo.ref(AGENTS) });
}

/** Both networks joined by a peering, with security groups that let through. */
function peered(demo: Demo) {
  demo.add('Peering', 'AWS::EC2::VPCPeeringConnection', { VpcId: demo.ref(AGENTS), PeerVpcId: demo.ref(PRODUCTION) });
  tables(demo, PRODUCTION).forEach((table, index) => demo.add(`Back${index}`, 'AWS::EC2::Route', { RouteTableId: table, DestinationCidrBlock: '10.213.0.0/20', VpcPeeringConnectionId: { Ref: 'Peering' } }));
  letIn(demo, { CidrIp: '10.213.0.0/20' });
  letOut(demo, { CidrIp: '10.212.0.0/20' });
}

const route = (demo: Demo, target: Record<string, Untyped>, table = AGENT_TABLE) =>
  demo.add('WayOut', 'AWS::EC2::Route', { RouteTableId: demo.ref(table), DestinationCidrBlock: '10.212.0.0/20', ...target });

const endpoint = (demo: Demo, service: Untyped) => demo.add('Door', 'AWS::EC2::VPCEndpoint', {
  VpcEndpointType: 'Interface', VpcId: demo.ref(AGENTS), SubnetIds: [demo.ref('GuardrailsNetworkVpcAgentsSubnet1Subnet')], ServiceName: service,
});

/** Security groups: what lets in and what lets out are damaged one after the other. */
const groups = ([
  ['the group of agents', (demo) => { letIn(demo, { SourceSecurityGroupId: demo.group(AGENT_GROUP) }); letOut(demo, { DestinationSecurityGroupId: demo.group(PRODUCTION_GROUP) }); }],
  ['the addresses of the agents', (demo) => { letIn(demo, { CidrIp: '10.213.0.0/20' }); letOut(demo, { CidrIp: '10.212.0.0/20' }); }],
  ['everybody', (demo) => { letIn(demo, { CidrIp: '0.0.0.0/0' }); letOut(demo, { CidrIp: '0.0.0.0/0' }); }],
  ['one address', (demo) => { letIn(demo, { CidrIp: '10.213.0.7/32' }); letOut(demo, { CidrIp: '10.212.0.0/16' }); }],
  ['a range of ports', (demo) => { letIn(demo, { SourceSecurityGroupId: demo.group(AGENT_GROUP), FromPort: 5000, ToPort: 6000 }); letOut(demo, { DestinationSecurityGroupId: demo.group(PRODUCTION_GROUP) }); }],
  ['every protocol', (demo) => { letIn(demo, { SourceSecurityGroupId: demo.group(AGENT_GROUP), IpProtocol: '-1' }); letOut(demo, { DestinationSecurityGroupId: demo.group(PRODUCTION_GROUP), IpProtocol: -1 }); }],
  ['the group of the access host', (demo) => { letIn(demo, { SourceSecurityGroupId: demo.group(HOST_GROUP) }); letOut(demo, { DestinationSecurityGroupId: demo.group(PRODUCTION_GROUP) }, HOST_GROUP); }],
  ['a prefix list', (demo) => {
    demo.add('List', 'AWS::EC2::PrefixList', { Entries: [{ Cidr: '10.213.0.0/16' }] });
    letIn(demo, { SourcePrefixListId: { Ref: 'List' } });
    letOut(demo, { CidrIp: '10.212.0.0/20' });
  }],
  ['the replica, and so whoever is in it', (demo) => {
    letIn(demo, { SourceSecurityGroupId: demo.group(REPLICA_GROUP) });
    letOut(demo, { DestinationSecurityGroupId: demo.group(PRODUCTION_GROUP) }, REPLICA_GROUP);
  }],
] as const satisfies readonly (readonly [string, (demo: Demo) => void])[]).map(([what, open]): WrittenDamage => [
  `beside the agents, production lets in ${what}`, /way to shop: .*LetIn|way to shop[^]*\.LetIn/, (demo) => { together(demo); open(demo); },
]);

export const ROUTES = damages('agent-has-no-route-to-production', [
  ...groups,
  ['beside the agents, production wears a group that lets in itself', /way to shop[^]*\.Itself/, (demo) => {
    together(demo);
    demo.add('Shared', 'AWS::EC2::SecurityGroup', { VpcId: demo.ref(AGENTS) });
    demo.add('Itself', 'AWS::EC2::SecurityGroupIngress', { GroupId: { 'Fn::GetAtt': ['Shared', 'GroupId'] }, IpProtocol: '-1', SourceSecurityGroupId: { 'Fn::GetAtt': ['Shared', 'GroupId'] } });
    demo.set(DATABASE, { VPCSecurityGroups: [{ 'Fn::GetAtt': ['Shared', 'GroupId'] }] });
  }],
  ['beside the agents, the rule that lets the function in is for everybody', /way to shop[^]*DatabaseRoles\/IntoProduction|way to shop[^]*GuardrailsDatabaseRolesIntoProduction/, (demo) => {
    together(demo);
    demo.unset('GuardrailsDatabaseRolesIntoProduction', 'SourceSecurityGroupId');
    demo.set('GuardrailsDatabaseRolesIntoProduction', { CidrIp: '10.0.0.0/8' });
    letOut(demo, { CidrIp: '10.0.0.0/8' });
  }],
  ['beside the agents, they are let out to everywhere', /way to shop[^]*GuardrailsNetworkAgentSecurityGroup/, (demo) => {
    together(demo);
    letIn(demo, { SourceSecurityGroupId: demo.group(AGENT_GROUP) });
    demo.unset(AGENT_GROUP, 'SecurityGroupEgress');
  }],
  ['a prefix list from elsewhere', /may be a way to shop[^]*pl-0123456789abcdef0/, (demo) => { together(demo); letIn(demo, { SourcePrefixListId: 'pl-0123456789abcdef0' }); letOut(demo, { CidrIp: '10.212.0.0/20' }); }, 'unknown'],
  ['a route across a peering', /way to shop[^]*WayOut/, (demo) => { peered(demo); route(demo, { VpcPeeringConnectionId: { Ref: 'Peering' } }); }],
  ['a default route across a peering', /way to shop[^]*WayOut/, (demo) => { peered(demo); route(demo, { DestinationCidrBlock: '0.0.0.0/0', VpcPeeringConnectionId: { Ref: 'Peering' } }); }],
  ['a network ACL that lets everything through does not help', /way to shop[^]*WayOut/, (demo) => {
    peered(demo);
    route(demo, { VpcPeeringConnectionId: { Ref: 'Peering' } });
    demo.add('Acl', 'AWS::EC2::NetworkAcl', { VpcId: demo.ref(PRODUCTION) });
    for (const index of [1, 2]) demo.add(`AclOf${index}`, 'AWS::EC2::SubnetNetworkAclAssociation', { NetworkAclId: { Ref: 'Acl' }, SubnetId: demo.ref(`ProductionEvaluationNetworkVpcDatabasesSubnet${index}Subnet`) });
    for (const Egress of [true, false]) demo.add(`Entry${String(Egress)}`, 'AWS::EC2::NetworkAclEntry', { NetworkAclId: { Ref: 'Acl' }, RuleNumber: 100, Protocol: -1, RuleAction: 'allow', CidrBlock: '0.0.0.0/0', Egress });
  }],
  ['a transit gateway', /way to shop[^]*Transit/, (demo) => {
    demo.add('Transit', 'AWS::EC2::TransitGateway', {});
    for (const [name, network, subnet] of [['One', AGENTS, 'GuardrailsNetworkVpcAgentsSubnet1Subnet'], ['Other', PRODUCTION, 'ProductionEvaluationNetworkVpcDatabasesSubnet1Subnet']] as const) {
      demo.add(`Attachment${name}`, 'AWS::EC2::TransitGatewayAttachment', { TransitGatewayId: { Ref: 'Transit' }, VpcId: demo.ref(network), SubnetIds: [demo.ref(subnet)] });
    }
    route(demo, { TransitGatewayId: { Ref: 'Transit' } });
    tables(demo, PRODUCTION).forEach((table, index) => demo.add(`Back${index}`, 'AWS::EC2::Route', { RouteTableId: table, DestinationCidrBlock: '10.213.0.0/20', TransitGatewayId: { Ref: 'Transit' } }));
    letIn(demo, { CidrIp: '10.213.0.0/20' });
    letOut(demo, { CidrIp: '10.212.0.0/20' });
  }],
  ['a transit gateway from elsewhere', /may be a way to shop[^]*tgw-1/, (demo) => {
    route(demo, { TransitGatewayId: 'tgw-1' });
    tables(demo, PRODUCTION).forEach((table, index) => demo.add(`Back${index}`, 'AWS::EC2::Route', { RouteTableId: table, DestinationCidrBlock: '10.213.0.0/20', TransitGatewayId: 'tgw-1' }));
    letIn(demo, { CidrIp: '10.213.0.0/20' });
    letOut(demo, { CidrIp: '10.212.0.0/20' });
  }, 'unknown'],
  ['production is public and lets everybody in', /from the internet there is a way to shop|way to shop[^]*publicly/, (demo) => {
    demo.set(DATABASE, { PubliclyAccessible: true });
    demo.add('Gateway', 'AWS::EC2::InternetGateway', {});
    demo.add('Attached', 'AWS::EC2::VPCGatewayAttachment', { VpcId: demo.ref(PRODUCTION), InternetGatewayId: { Ref: 'Gateway' } });
    tables(demo, PRODUCTION).forEach((table, index) => demo.add(`Online${index}`, 'AWS::EC2::Route', { RouteTableId: table, DestinationCidrBlock: '0.0.0.0/0', GatewayId: { Ref: 'Gateway' } }));
    letIn(demo, { CidrIp: '0.0.0.0/0' });
  }],

  // An isolated network has no exit, wherever it leads today.
  ['a peering with another network', /is not isolated: .*Peering/, (demo) => demo.add('Peering', 'AWS::EC2::VPCPeeringConnection', { VpcId: demo.ref(AGENTS), PeerVpcId: 'vpc-0123456789abcdef0' })],
  ['a peering that another network asked for', /is not isolated: .*Peering/, (demo) => demo.add('Peering', 'AWS::EC2::VPCPeeringConnection', { VpcId: demo.ref(PRODUCTION), PeerVpcId: demo.ref(AGENTS) })],
  ['an internet gateway', /is not isolated: .*gateway/, (demo) => {
    demo.add('Gateway', 'AWS::EC2::InternetGateway', {});
    demo.add('Attached', 'AWS::EC2::VPCGatewayAttachment', { VpcId: demo.ref(AGENTS), InternetGatewayId: { Ref: 'Gateway' } });
  }],
  ['an egress-only gateway', /is not isolated: .*Outward/, (demo) => demo.add('Outward', 'AWS::EC2::EgressOnlyInternetGateway', { VpcId: demo.ref(AGENTS) })],
  ['a VPN gateway', /is not isolated: .*Attached/, (demo) => demo.add('Attached', 'AWS::EC2::VPCGatewayAttachment', { VpcId: demo.ref(AGENTS), VpnGatewayId: 'vgw-1' })],
  ['a transit gateway attachment', /is not isolated: .*Attachment/, (demo) => demo.add('Attachment', 'AWS::EC2::TransitGatewayVpcAttachment', { VpcId: demo.ref(AGENTS), TransitGatewayId: 'tgw-1', SubnetIds: [] })],
  ['a core network attachment', /is not isolated: .*Attachment/, (demo) => demo.add('Attachment', 'AWS::NetworkManager::VpcAttachment', { CoreNetworkId: 'core-1', SubnetArns: [], VpcArn: { 'Fn::Sub': `arn:aws:ec2:\${AWS::Region}:\${AWS::AccountId}:vpc/\${${demo.id(AGENTS)}}` } })],
  ['a service network', /is not isolated: .*Mesh/, (demo) => demo.add('Mesh', 'AWS::VpcLattice::ServiceNetworkVpcAssociation', { VpcIdentifier: demo.ref(AGENTS), ServiceNetworkIdentifier: 'sn-1' })],
  ['a route to a NAT gateway', /is not isolated: .*0\.0\.0\.0\/0 through nat-1/, (demo) => route(demo, { DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: 'nat-1' })],
  ['a route to an interface', /is not isolated: .*through eni-1/, (demo) => route(demo, { NetworkInterfaceId: 'eni-1' })],
  ["a route out of the replica's subnets", /is not isolated: .*DatabasesSubnet1.*through pcx-1/, (demo) => route(demo, { VpcPeeringConnectionId: 'pcx-1' }, 'GuardrailsNetworkVpcDatabasesSubnet1RouteTable')],
  ['an IPv6 route', /is not isolated: .*::\/0 through eigw-1/, (demo) => {
    demo.add('WayOut', 'AWS::EC2::Route', { RouteTableId: demo.ref(AGENT_TABLE), DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId: 'eigw-1' });
  }],
  ['a security group that is worn in both networks', /is not isolated: security group .*worn in/, (demo) => demo.add('Bridge', 'AWS::EC2::SecurityGroupVpcAssociation', { GroupId: demo.group(AGENT_GROUP), VpcId: demo.ref(PRODUCTION) })],
  ...['rds', 'rds-data', 'secretsmanager', 'ec2', 'lambda', 'iam'].map((service): WrittenDamage => [`an endpoint of ${service}`, /Door: /, (demo) => endpoint(demo, { 'Fn::Sub': `com.amazonaws.\${AWS::Region}.${service}` })]),
  ['an endpoint of a service of somebody', /Door: it leads to .*vpce-svc-0123456789abcdef0/, (demo) => endpoint(demo, 'com.amazonaws.vpce.eu-central-1.vpce-svc-0123456789abcdef0'), 'unknown'],
  ['an endpoint of a service that a parameter names', /Door: /, (demo) => {
    demo.template.Parameters!.Service = { Type: 'String' };
    endpoint(demo, { Ref: 'Service' });
  }, 'unknown'],
  ['the endpoint of logs becomes one of RDS', /GuardrailsNetworkLogsEndpoint\w+: /, (demo) => demo.set('GuardrailsNetworkLogsEndpoint', { ServiceName: { 'Fn::Sub': 'com.amazonaws.${AWS::Region}.rds' } })],
  ['a resource endpoint to production', /way to shop[^]*Configuration/, (demo) => {
    demo.add('GatewayGroup', 'AWS::EC2::SecurityGroup', { VpcId: demo.ref(PRODUCTION) });
    demo.add('ResourceGateway', 'AWS::VpcLattice::ResourceGateway', { VpcIdentifier: demo.ref(PRODUCTION), SubnetIds: [demo.ref('ProductionEvaluationNetworkVpcDatabasesSubnet1Subnet')], SecurityGroupIds: [{ 'Fn::GetAtt': ['GatewayGroup', 'GroupId'] }] });
    demo.add('Configuration', 'AWS::VpcLattice::ResourceConfiguration', {
      ResourceConfigurationDefinition: { ArnResource: demo.get(DATABASE, 'DBInstanceArn') }, ResourceGatewayId: { Ref: 'ResourceGateway' }, PortRanges: [String(PORT)], ResourceConfigurationType: 'SINGLE',
    });
    demo.add('DoorGroup', 'AWS::EC2::SecurityGroup', { VpcId: demo.ref(AGENTS), SecurityGroupIngress: [{ ...tcp(), SourceSecurityGroupId: demo.group(AGENT_GROUP) }] });
    demo.add('Door', 'AWS::EC2::VPCEndpoint', {
      VpcEndpointType: 'Resource', VpcId: demo.ref(AGENTS), SubnetIds: [demo.ref('GuardrailsNetworkVpcAgentsSubnet1Subnet')], SecurityGroupIds: [{ 'Fn::GetAtt': ['DoorGroup', 'GroupId'] }], ResourceConfigurationArn: { 'Fn::GetAtt': ['Configuration', 'Arn'] },
    });
    letIn(demo, { SourceSecurityGroupId: { 'Fn::GetAtt': ['GatewayGroup', 'GroupId'] } });
    letOut(demo, { DestinationSecurityGroupId: { 'Fn::GetAtt': ['DoorGroup', 'GroupId'] } });
  }],
  ["a function with an agent's role beside production", /way to shop[^]*LetIn/, (demo) => {
    demo.add('FunctionGroup', 'AWS::EC2::SecurityGroup', { VpcId: demo.ref(PRODUCTION) });
    demo.add('Helper', 'AWS::Lambda::Function', { Role: demo.arn('GuardrailsAgentcodingRole'), VpcConfig: { SubnetIds: [demo.ref('ProductionEvaluationNetworkVpcDatabasesSubnet1Subnet')], SecurityGroupIds: [{ 'Fn::GetAtt': ['FunctionGroup', 'GroupId'] }] } });
    letIn(demo, { SourceSecurityGroupId: { 'Fn::GetAtt': ['FunctionGroup', 'GroupId'] } });
  }],
  ['the access host stands beside production', /way to shop[^]*LetIn/, (demo) => {
    demo.add('HostGroup', 'AWS::EC2::SecurityGroup', { VpcId: demo.ref(PRODUCTION) });
    demo.set('GuardrailsAccessHostInstance', { SubnetId: demo.ref('ProductionEvaluationNetworkVpcDatabasesSubnet1Subnet'), SecurityGroupIds: [{ 'Fn::GetAtt': ['HostGroup', 'GroupId'] }] });
    letIn(demo, { SourceSecurityGroupId: { 'Fn::GetAtt': ['HostGroup', 'GroupId'] } });
  }],

  // Sessions on the access host.
  ['the session leads to production', /ReplicaSession\w+, which forwards to .*ProductionEvaluationInstance/, (demo) => { demo.properties(DOCUMENT).Content.properties.host = demo.get(DATABASE, 'Endpoint.Address'); }],
  ['the session leads to the clone', /ReplicaSession\w+, which forwards to .*GuardrailsStagingCopy/, (demo) => { demo.properties(DOCUMENT).Content.properties.host = demo.get('GuardrailsStagingCopy', 'Endpoint.Address'); }],
  ['the session leads to an address', /ReplicaSession\w+, which forwards to 10\.212\.0\.9/, (demo) => { demo.properties(DOCUMENT).Content.properties.host = '10.212.0.9'; }],
  ['the session leads where the agent likes', /ReplicaSession\w+, which lets it choose where the port leads/, (demo) => { demo.properties(DOCUMENT).Content.properties.host = '{{ host }}'; }],
  ['the session leads to any port', /ReplicaSession\w+, which lets it choose the port/, (demo) => { demo.properties(DOCUMENT).Content.properties.portNumber = '{{ port }}'; }],
  ['the session leads to the host itself', /ReplicaSession\w+, which lets it choose where the port leads/, (demo) => { delete demo.properties(DOCUMENT).Content.properties.host; }],
  ['the session is a shell', /ReplicaSession\w+, which is not for forwarding/, (demo) => { demo.properties(DOCUMENT).Content.sessionType = 'Standard_Stream'; }],
  ['the session runs a command', /ReplicaSession\w+, which is not for forwarding/, (demo) => { demo.properties(DOCUMENT).Content.sessionType = 'InteractiveCommands'; }],
  ...([['a shell', 'SSM-SessionManagerRunShell'], ['forwarding anywhere', 'AWS-StartPortForwardingSessionToRemoteHost'], ['ssh', 'AWS-StartSSHSession']] as const).map(([what, document]): WrittenDamage => [`a document of AWS for ${what}`, new RegExp(`${document}, which opens a shell or forwards anywhere`), (demo) => {
    for (const name of ['GuardrailsAgentcodingPermissions', 'GuardrailsAgentcodingBoundary']) demo.statement(name, 'ForwardPort').Resource.push({ 'Fn::Sub': `arn:\${AWS::Partition}:ssm:\${AWS::Region}::document/${document}` });
  }]),
  ['any document', /may start a session/, (demo) => { for (const name of ['GuardrailsAgentcodingPermissions', 'GuardrailsAgentcodingBoundary']) demo.statement(name, 'ForwardPort').Resource = '*'; }],
  ['the session to the clone', /StagingSession\w+, which forwards to/, (demo) => {
    for (const name of ['GuardrailsAgentcodingPermissions', 'GuardrailsAgentcodingBoundary']) demo.statement(name, 'ForwardPort').Resource.push({ 'Fn::Sub': `arn:\${AWS::Partition}:ssm:\${AWS::Region}:\${AWS::AccountId}:document/\${${demo.id('GuardrailsAccessHostStagingSession')}}` });
  }],
  ...([['vpc', AGENTS], ['agentSecurityGroup', AGENT_GROUP], ['accessScope', 'GuardrailsNetworkNoPathToProduction']] as const).map(([name, id]): WrittenDamage => [
    `the ${name} is not in the template any more`, new RegExp(`declares its ${name} ${id}\\w+, and the template has none`), (demo) => demo.remove(id),
  ]),
]);
