import { refOf } from '../audit/identities';
import type { Assembly, Assumption, Resource, StackFacts, Value } from '../audit/model';
import { generated } from '../audit/text';
import type { AccountNetwork } from './account-network';
import type { DeployedResource } from './deployed-stack';
import type { Part } from './identities-of-account';
import { overlaid, unseen } from './overlay';
import { groupNow, rulesOf, STANDALONE } from './security-groups-of-account';
import type { Symbols } from './symbols';

type Properties = { readonly [key: string]: Value };
interface Live { readonly type: string; readonly physicalId: string; readonly properties: Properties; readonly judged: readonly string[] }

/** Which types each list has, with what the rules look at in them. */
const LISTS: Readonly<Record<Exclude<keyof AccountNetwork, 'unseen'>, Readonly<Record<string, readonly string[]>>>> = {
  vpcs: { 'AWS::EC2::VPC': [] },
  subnets: { 'AWS::EC2::Subnet': ['CidrBlock', 'VpcId', 'MapPublicIpOnLaunch'] },
  groups: { 'AWS::EC2::SecurityGroup': ['SecurityGroupIngress', 'SecurityGroupEgress', 'VpcId'], [STANDALONE.in]: [], [STANDALONE.out]: [] },
  tables: { 'AWS::EC2::RouteTable': ['VpcId'], 'AWS::EC2::Route': [], 'AWS::EC2::SubnetRouteTableAssociation': ['RouteTableId'] },
  acls: { 'AWS::EC2::NetworkAcl': ['VpcId'], 'AWS::EC2::NetworkAclEntry': [], 'AWS::EC2::SubnetNetworkAclAssociation': [] },
  endpoints: { 'AWS::EC2::VPCEndpoint': ['PolicyDocument', 'SecurityGroupIds', 'SubnetIds', 'ServiceName', 'VpcId'] },
  peerings: { 'AWS::EC2::VPCPeeringConnection': ['VpcId', 'PeerVpcId'] },
  transits: { 'AWS::EC2::TransitGatewayAttachment': ['VpcId'], 'AWS::EC2::TransitGatewayVpcAttachment': ['VpcId'] },
  internet: {}, egressOnly: { 'AWS::EC2::EgressOnlyInternetGateway': ['VpcId'] }, vpns: {},
  connectEndpoints: { 'AWS::EC2::InstanceConnectEndpoint': ['SubnetId', 'SecurityGroupIds'] },
  instances: { 'AWS::EC2::Instance': ['SubnetId', 'SecurityGroupIds', 'IamInstanceProfile'] },
};
const COVERED = new Set(Object.values(LISTS).flatMap((types) => Object.keys(types)));

/** The networks of the stack and those of its databases, with everything in them. What nobody read of the stack stays as its template says. */
export function networkOfAccount(template: Assembly, deployed: ReadonlyMap<string, DeployedResource>, network: AccountNetwork, place: StackFacts, symbols: Symbols): Part {
  const mine = template.resources.filter(({ type, id }) => deployed.has(id) && type.startsWith('AWS::EC2::'));
  const unread = new Map(network.unseen.flatMap(({ list, why }) => Object.entries(LISTS[list]).map(([type, judged]) => [type, { why, judged }] as const)));
  const names = new Names(mine, deployed, place, symbols);
  learnDefaults(network, names, symbols);
  const listed = [...plain(network), ...attachments(network)];
  // Every thing gets its symbol before anything refers to it.
  const resources = listed.map((live) => names.resource(live));
  const groups = network.groups.filter(({ GroupName }) => GroupName !== 'default').map((group) => names.resource({ type: 'AWS::EC2::SecurityGroup', physicalId: group.GroupId ?? '', properties: { GroupDescription: group.Description ?? '', VpcId: group.VpcId ?? '' }, judged: ['VpcId'] }));
  const standaloneOf = (id: string) => mine.filter(({ type, properties }) => (type === STANDALONE.in || type === STANDALONE.out) && symbols.literal(properties.GroupId ?? '') === id);
  const filled = groups.flatMap((resource) => {
    const group = network.groups.find(({ GroupId }) => GroupId === names.physical(resource))!;
    const { rules, kept } = groupNow(group, standaloneOf(group.GroupId ?? ''), symbols);
    return [overlaid(resource, { ...rules, VpcId: group.VpcId ?? '' }, ['SecurityGroupIngress', 'SecurityGroupEgress']), ...kept];
  });
  const live = [...resources, ...filled, ...defaultGroups(network, names), ...routes(network, names, mine, symbols), ...networkAcls(network, names)];
  const own = new Map(live.filter(({ stack }) => stack !== place.id).map((resource) => [resource.id, resource]));
  return {
    own: mine.flatMap((resource): readonly Resource[] => {
      const why = unread.get(resource.type);
      if (why) return [unseen(resource, why.why, why.judged)];
      if (!COVERED.has(resource.type)) return [resource];
      const seen = own.get(resource.id);
      return seen ? [seen] : [];
    }),
    foreign: live.filter(({ stack }) => stack === place.id),
    assumptions: network.unseen.map(({ list, why }): Assumption => ({ what: `what the networks have (${list}) could not be read: ${why}`, subject: place.id, path: place.file, affects: 'everything' })),
  };
}

/** What things of a network are called: as in the template, or after their id. */
class Names {
  readonly #byPhysical = new Map<string, Resource>();
  readonly #physical = new Map<string, string>();

  constructor(mine: readonly Resource[], deployed: ReadonlyMap<string, DeployedResource>, readonly place: StackFacts, readonly symbols: Symbols) {
    for (const resource of mine) {
      const { physicalId } = deployed.get(resource.id)!;
      this.#byPhysical.set(physicalId, resource);
      this.#physical.set(resource.id, physicalId);
    }
  }

  own = (physicalId: string): Resource | undefined => this.#byPhysical.get(physicalId);
  physical = (resource: Resource): string => this.#physical.get(resource.id)!;

  resource({ type, physicalId, properties, judged }: Live): Resource {
    const known = this.#byPhysical.get(physicalId);
    if (known?.type === type) return overlaid(known, properties, judged);
    const made = this.foreign(type, physicalId, properties);
    this.#physical.set(made.id, physicalId);
    this.symbols.learn(refOf(made, this.place), physicalId);
    return made;
  }

  foreign(type: string, name: string, properties: Properties): Resource {
    return { id: `${this.place.id}.${name}`, stack: this.place.id, logicalId: name, path: name, type, properties, deletionPolicy: undefined, updateReplacePolicy: undefined, source: undefined };
  }
}

/** What is one thing in EC2 and one resource in a template. */
function plain(network: AccountNetwork): readonly Live[] {
  const live = (type: string, physicalId: string | undefined, properties: Readonly<Record<string, Value | undefined>>): Live => ({
    type, physicalId: physicalId ?? '', judged: Object.values(LISTS).flatMap((types) => types[type] ?? []),
    properties: Object.fromEntries(Object.entries(properties).filter((entry): entry is [string, Value] => entry[1] !== undefined)),
  });
  return [
    ...network.vpcs.map((vpc) => live('AWS::EC2::VPC', vpc.VpcId, { CidrBlock: vpc.CidrBlock })),
    ...network.subnets.map((subnet) => live('AWS::EC2::Subnet', subnet.SubnetId, { CidrBlock: subnet.CidrBlock, VpcId: subnet.VpcId, MapPublicIpOnLaunch: subnet.MapPublicIpOnLaunch })),
    ...network.tables.map((table) => live('AWS::EC2::RouteTable', table.RouteTableId, { VpcId: table.VpcId })),
    ...network.acls.filter(({ IsDefault }) => IsDefault !== true).map((acl) => live('AWS::EC2::NetworkAcl', acl.NetworkAclId, { VpcId: acl.VpcId })),
    ...network.endpoints.filter(({ State }) => State?.toLowerCase() !== 'deleted').map((endpoint) => live('AWS::EC2::VPCEndpoint', endpoint.VpcEndpointId, {
      ServiceName: endpoint.ServiceName, VpcId: endpoint.VpcId, VpcEndpointType: endpoint.VpcEndpointType, PrivateDnsEnabled: endpoint.PrivateDnsEnabled,
      PolicyDocument: document(endpoint.PolicyDocument), ...filledList('SubnetIds', endpoint.SubnetIds), ...filledList('RouteTableIds', endpoint.RouteTableIds),
      ...filledList('SecurityGroupIds', endpoint.Groups?.flatMap(({ GroupId }) => GroupId ?? [])),
    })),
    ...network.peerings.filter(({ Status }) => !['deleted', 'rejected', 'expired', 'failed'].includes(Status?.Code ?? '')).map((peering) =>
      live('AWS::EC2::VPCPeeringConnection', peering.VpcPeeringConnectionId, { VpcId: peering.RequesterVpcInfo?.VpcId, PeerVpcId: peering.AccepterVpcInfo?.VpcId })),
    ...network.transits.filter(({ State }) => State !== 'deleted').map((attachment) =>
      live('AWS::EC2::TransitGatewayAttachment', attachment.TransitGatewayAttachmentId, { VpcId: attachment.VpcId, TransitGatewayId: attachment.TransitGatewayId, SubnetIds: attachment.SubnetIds })),
    ...network.connectEndpoints.map((endpoint) => live('AWS::EC2::InstanceConnectEndpoint', endpoint.InstanceConnectEndpointId, { SubnetId: endpoint.SubnetId, SecurityGroupIds: endpoint.SecurityGroupIds })),
    ...network.instances.filter(({ State }) => State?.Name !== 'terminated').map((instance) => live('AWS::EC2::Instance', instance.InstanceId, {
      SubnetId: instance.SubnetId, SecurityGroupIds: instance.SecurityGroups?.flatMap(({ GroupId }) => GroupId ?? []), IamInstanceProfile: instance.IamInstanceProfile?.Arn?.split('/').at(-1),
    })),
  ];
}

const filledList = (name: string, list: readonly string[] | undefined): Properties => list === undefined || list.length === 0 ? {} : { [name]: list };

function document(text: string | undefined): Value | undefined {
  try {
    return text === undefined ? undefined : JSON.parse(text) as Value;
  } catch {
    return text;
  }
}

/** Gateways are attached by a resource of their own, which CloudFormation calls by no id of EC2. */
function attachments({ internet, vpns, egressOnly, vpcs }: AccountNetwork): readonly Live[] {
  const ours = new Set(vpcs.map(({ VpcId }) => VpcId));
  const attached = (gateway: string | undefined, vpc: string | undefined, name: string): readonly Live[] => !ours.has(vpc) ? [] : [{
    type: 'AWS::EC2::VPCGatewayAttachment', physicalId: `${gateway} at ${vpc}`, properties: { VpcId: vpc ?? '', [name]: gateway ?? '' }, judged: [],
  }];
  return [
    ...internet.flatMap(({ InternetGatewayId, Attachments = [] }) => Attachments.flatMap(({ VpcId }) => attached(InternetGatewayId, VpcId, 'InternetGatewayId'))),
    ...vpns.flatMap(({ VpnGatewayId, VpcAttachments = [] }) => VpcAttachments.filter(({ State }) => State !== 'detached').flatMap(({ VpcId }) => attached(VpnGatewayId, VpcId, 'VpnGatewayId'))),
    ...egressOnly.flatMap(({ EgressOnlyInternetGatewayId, Attachments = [] }) => Attachments.filter(({ VpcId }) => ours.has(VpcId)).map(({ VpcId }): Live => ({
      type: 'AWS::EC2::EgressOnlyInternetGateway', physicalId: EgressOnlyInternetGatewayId ?? '', properties: { VpcId: VpcId ?? '' }, judged: ['VpcId'],
    }))),
  ];
}

/** The group and the list that every network has from the start are attributes of the network. */
function learnDefaults({ groups, acls, vpcs }: AccountNetwork, names: Names, symbols: Symbols): void {
  for (const { VpcId = '' } of vpcs) {
    const vpc = names.own(VpcId)?.id ?? `${names.place.id}.${VpcId}`;
    symbols.learn(generated(vpc, 'DefaultSecurityGroup'), groups.find((group) => group.VpcId === VpcId && group.GroupName === 'default')?.GroupId);
    symbols.learn(generated(vpc, 'DefaultNetworkAcl'), acls.find((acl) => acl.VpcId === VpcId && acl.IsDefault === true)?.NetworkAclId);
  }
}

/** A default group lets in its own members and lets everything out, unless it is said to be closed: so it is said, and what it lets through is written out. */
function defaultGroups({ groups }: AccountNetwork, names: Names): readonly Resource[] {
  return groups.filter(({ GroupName }) => GroupName === 'default').flatMap(({ GroupId = '', IpPermissions, IpPermissionsEgress }) => [
    names.foreign('Custom::VpcRestrictDefaultSG', `closed ${GroupId}`, { DefaultSecurityGroupId: GroupId }),
    ...rulesOf(IpPermissions, 'in').map((rule, index) => names.foreign(STANDALONE.in, `${GroupId} in ${index + 1}`, { ...rule, GroupId })),
    ...rulesOf(IpPermissionsEgress, 'out').map((rule, index) => names.foreign(STANDALONE.out, `${GroupId} out ${index + 1}`, { ...rule, GroupId })),
  ]);
}

const TARGETS = ['GatewayId', 'NatGatewayId', 'TransitGatewayId', 'VpcPeeringConnectionId', 'EgressOnlyInternetGatewayId', 'InstanceId', 'NetworkInterfaceId', 'LocalGatewayId', 'CarrierGatewayId', 'CoreNetworkArn'] as const;

/** Routes beyond the local one, and which table each subnet uses: its own, or the network's main one. */
function routes({ tables, subnets }: AccountNetwork, names: Names, mine: readonly Resource[], symbols: Symbols): readonly Resource[] {
  const inTemplate = (type: string, fits: (properties: Properties) => boolean) => mine.find((resource) => resource.type === type && fits(symbols.literal(resource.properties) as Properties));
  const found = tables.flatMap(({ RouteTableId = '', Routes = [] }) => Routes.filter(({ GatewayId }) => GatewayId !== 'local').map((route) => {
    const destination = {
      ...(route.DestinationCidrBlock && { DestinationCidrBlock: route.DestinationCidrBlock }), ...(route.DestinationIpv6CidrBlock && { DestinationIpv6CidrBlock: route.DestinationIpv6CidrBlock }),
      ...(route.DestinationPrefixListId && { DestinationPrefixListId: route.DestinationPrefixListId }),
    };
    const target = Object.fromEntries(TARGETS.flatMap((name) => route[name] ? [[name, route[name]]] : []));
    const live = { RouteTableId, ...destination, ...target };
    const own = inTemplate('AWS::EC2::Route', (properties) => Object.entries({ RouteTableId, ...destination }).every(([name, value]) => properties[name] === value));
    return own ? overlaid(own, live, [...TARGETS]) : names.foreign('AWS::EC2::Route', `${RouteTableId} ${Object.values(destination).join(' ')}`, live);
  }));
  const used = subnets.flatMap(({ SubnetId = '', VpcId }) => {
    const explicit = tables.find(({ Associations = [] }) => Associations.some((association) => association.SubnetId === SubnetId));
    const table = explicit ?? tables.find((one) => one.VpcId === VpcId && (one.Associations ?? []).some(({ Main }) => Main === true));
    if (!table?.RouteTableId) return [];
    const live = { SubnetId, RouteTableId: table.RouteTableId };
    const own = inTemplate('AWS::EC2::SubnetRouteTableAssociation', (properties) => properties.SubnetId === SubnetId);
    return [own ? overlaid(own, live, ['RouteTableId']) : names.foreign('AWS::EC2::SubnetRouteTableAssociation', `table of ${SubnetId}`, live)];
  });
  return [...found, ...used];
}

/** Lists that are not the default one. A default list passes everything from the start, and one that passes less is no danger. */
function networkAcls({ acls }: AccountNetwork, names: Names): readonly Resource[] {
  return acls.filter(({ IsDefault }) => IsDefault !== true).flatMap(({ NetworkAclId = '', Entries = [], Associations = [] }) => [
    ...Entries.map((entry) => names.foreign('AWS::EC2::NetworkAclEntry', `${NetworkAclId} ${entry.Egress ? 'out' : 'in'} ${entry.RuleNumber}`, {
      NetworkAclId, RuleNumber: entry.RuleNumber ?? 0, Protocol: entry.Protocol ?? '-1', RuleAction: entry.RuleAction ?? 'allow', Egress: entry.Egress ?? false,
      ...(entry.CidrBlock && { CidrBlock: entry.CidrBlock }), ...(entry.Ipv6CidrBlock && { Ipv6CidrBlock: entry.Ipv6CidrBlock }),
      ...(entry.PortRange && { PortRange: { From: entry.PortRange.From ?? 0, To: entry.PortRange.To ?? 65535 } }),
    })),
    ...Associations.map(({ SubnetId = '' }) => names.foreign('AWS::EC2::SubnetNetworkAclAssociation', `list of ${SubnetId}`, { SubnetId, NetworkAclId })),
  ]);
}
