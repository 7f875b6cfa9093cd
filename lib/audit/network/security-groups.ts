import type { Resource, Value } from '../model';
import { hasUnknown, readable } from '../text';
import { parseBlock, type Block } from './addresses';
import { append, at, defaultGroupOf, listOf, textOf, type Facts, type Key } from './facts';
import { ALL_PORTS, tcpPorts, type PortRange } from './ports';

/** Who may be on the other side of a rule. */
export type Peer =
  | { readonly is: 'group'; readonly key: Key }
  | { readonly is: 'block'; readonly block: Block; readonly through?: string }
  | { readonly is: 'unknown'; readonly what: string };

export interface GroupRule {
  readonly peer: Peer;
  readonly ports: PortRange | 'unknown';
  /** Resource id of the rule, or of the group that it is written in. */
  readonly source: string;
}

export interface Group {
  readonly key: Key;
  /** Networks in which it can be worn; empty when that is not known. */
  readonly vpcs: Key[];
  readonly ingress: GroupRule[];
  readonly egress: GroupRule[];
  /** Whether rules may exist that the assembly does not have: the group is from elsewhere. */
  readonly imported: boolean;
}

export interface Groups {
  get(key: Key): Group;
  /** All groups that can be worn in a network, its default group included. */
  inVpc(vpc: Key): readonly Key[];
}

/** All security groups with their rules, from wherever in the assembly these are written. Makes one pass over the resources. */
export function groupsOf(facts: Facts): Groups {
  const groups = new Map<Key, Group>();
  const byVpc = new Map<Key, Key[]>();
  const wearable = (group: Group, vpc: Key): void => {
    group.vpcs.push(vpc);
    append(byVpc, vpc, group.key);
  };
  const get = (key: Key): Group => {
    let group = groups.get(key);
    if (!group) groups.set(key, (group = { key, vpcs: [], ingress: [], egress: [], imported: true }));
    return group;
  };

  for (const resource of facts.ofType('AWS::EC2::SecurityGroup')) {
    const { SecurityGroupIngress: incoming, SecurityGroupEgress: outgoing, VpcId: vpc } = resource.properties;
    const out = listOf(outgoing);
    const group: Group = {
      key: resource.id,
      vpcs: [],
      ingress: listOf(incoming).flatMap((rule) => rulesOf(facts, rule, 'in', resource)),
      // EC2 lets everything out of a group unless at least one rule is written in the group itself.
      egress: out.length === 0 ? everywhere(resource.id) : out.flatMap((rule) => rulesOf(facts, rule, 'out', resource)),
      imported: false,
    };
    groups.set(resource.id, group);
    wearable(group, facts.key(vpc));
  }
  const closed = new Set(facts.ofType('Custom::VpcRestrictDefaultSG').map(({ properties }) => facts.key(properties.DefaultSecurityGroupId)));
  for (const { id } of facts.ofType('AWS::EC2::VPC')) {
    const key = defaultGroupOf(id);
    const self: GroupRule = { peer: { is: 'group', key }, ports: ALL_PORTS, source: id };
    const group: Group = { key, vpcs: [], imported: false, ...(closed.has(key) ? { ingress: [], egress: [] } : { ingress: [self], egress: everywhere(id) }) };
    groups.set(key, group);
    wearable(group, id);
  }
  for (const resource of facts.ofType('AWS::EC2::SecurityGroupVpcAssociation')) {
    wearable(get(facts.key(resource.properties.GroupId)), facts.key(resource.properties.VpcId));
  }
  for (const [type, way] of [['Ingress', 'in'], ['Egress', 'out']] as const) {
    for (const resource of facts.ofType(`AWS::EC2::SecurityGroup${type}`)) {
      const key = groupNamed(facts, resource.properties.GroupId ?? resource.properties.GroupName);
      const rules = rulesOf(facts, resource.properties, way, resource);
      // A rule of a group that is not known may be one of any group.
      const doubt: Peer = { is: 'unknown', what: `what ${readable(key)} is` };
      const [theirs, ours] = hasUnknown(key) ? [[...groups.values()], rules.map((rule) => ({ ...rule, peer: doubt }))] : [[get(key)], rules];
      for (const group of theirs) (way === 'in' ? group.ingress : group.egress).push(...ours);
    }
  }
  return { get, inVpc: (vpc) => byVpc.get(vpc) ?? [] };
}

const everywhere = (source: string): GroupRule[] =>
  ['0.0.0.0/0', '::/0'].map((text) => ({ peer: { is: 'block', block: parseBlock(text)! }, ports: ALL_PORTS, source }));

function rulesOf(facts: Facts, rule: Value, way: 'in' | 'out', { id: source }: Resource): GroupRule[] {
  if (typeof rule === 'string') return [{ peer: { is: 'unknown', what: readable(rule) }, ports: 'unknown', source }];
  const ports = tcpPorts(at(rule, 'IpProtocol'), at(rule, 'FromPort'), at(rule, 'ToPort'));
  return ports ? peersOf(facts, rule, way).map((peer) => ({ peer, ports, source })) : [];
}

function peersOf(facts: Facts, rule: Value, way: 'in' | 'out'): Peer[] {
  const side = way === 'in' ? 'Source' : 'Destination';
  const group = at(rule, `${side}SecurityGroupId`) ?? at(rule, `${side}SecurityGroupName`);
  const blocks = [at(rule, 'CidrIp'), at(rule, 'CidrIpv6')].filter((value) => value !== undefined);
  const list = at(rule, `${side}PrefixListId`);
  return [
    ...(group === undefined ? [] : [groupPeer(groupNamed(facts, group))]),
    ...blocks.map((value): Peer => addressesOf(facts, value)),
    ...(list === undefined ? [] : prefixList(facts, list)),
  ];
}

/** A group by its id or, in the account's default network, by its name. */
const groupNamed = (facts: Facts, value: Value | undefined): Key => facts.named('AWS::EC2::SecurityGroup', 'GroupName', value)?.id ?? facts.key(value);

const groupPeer = (key: Key): Peer => (hasUnknown(key) ? { is: 'unknown', what: readable(key) } : { is: 'group', key });

/** Addresses as they are written, or those of the network or subnet that a text refers to. */
function addressesOf(facts: Facts, value: Value): Peer {
  const block = blockOf(facts, value);
  return block ? { is: 'block', block } : { is: 'unknown', what: readable(textOf(value) ?? 'addresses') };
}

export function blockOf(facts: Facts, value: Value | undefined): Block | undefined {
  const text = textOf(value) ?? '';
  const reference = facts.refer(text);
  return parseBlock(textOf(reference?.attribute.startsWith('CidrBlock') ? reference.resource.properties.CidrBlock : undefined) ?? text);
}

/** The entries of a prefix list of the assembly; one from elsewhere is not known. */
export function prefixList(facts: Facts, value: Value): Peer[] {
  const key = facts.key(value);
  const list = facts.get(key);
  const through = `prefix list ${facts.name(key)}`;
  if (!list) return [{ is: 'unknown', what: through }];
  return listOf(list.properties.Entries).map((entry): Peer => {
    const peer = addressesOf(facts, at(entry, 'Cidr') ?? entry);
    return peer.is === 'block' ? { ...peer, through } : { is: 'unknown', what: through };
  });
}
