import { covers, overlaps, type Block } from './addresses';
import { at, truth, type Facts, type Key } from './facts';
import { portOf, tcpPorts, type PortRange } from './ports';
import { blockOf } from './security-groups';
import { FREE, step, type Way } from './way';

interface Entry {
  readonly number: number;
  readonly allows: 'yes' | 'no' | 'maybe';
  readonly outward: 'yes' | 'no' | 'maybe';
  readonly ports: PortRange | 'unknown';
  /** Nothing when it is not known. */
  readonly block: Block | undefined;
  readonly source: string;
}

export interface NetworkAcls {
  /**
   * Whether a subnet's list lets packets pass to or from addresses on at least one of the ports. Addresses are where the
   * other side may be: it is enough that some of them pass. A subnet without a list of the assembly passes everything,
   * as the list does that every network has from the start.
   */
  passes(subnet: Key, direction: 'out' | 'in', other: readonly Block[] | undefined, ports: PortRange): Way | undefined;
}

export function networkAclsOf(facts: Facts): NetworkAcls {
  const entries = new Map<Key, Entry[]>();
  for (const { id } of facts.ofType('AWS::EC2::NetworkAcl')) entries.set(id, []);
  for (const { id, properties } of facts.ofType('AWS::EC2::NetworkAclEntry')) {
    const ports = tcpPorts(properties.Protocol, at(properties.PortRange, 'From'), at(properties.PortRange, 'To'));
    const list = entries.get(facts.key(properties.NetworkAclId));
    if (!ports || !list) continue;
    list.push({
      number: portOf(properties.RuleNumber) ?? 0,
      allows: truth(properties.RuleAction === 'allow' ? true : properties.RuleAction === 'deny' ? false : properties.RuleAction, 'no'),
      outward: truth(properties.Egress, 'no'),
      ports,
      block: blockOf(facts, properties.CidrBlock ?? properties.Ipv6CidrBlock),
      source: id,
    });
  }
  for (const list of entries.values()) list.sort((one, other) => one.number - other.number);
  const listOfSubnet = new Map(
    facts.ofType('AWS::EC2::SubnetNetworkAclAssociation').map(({ properties }) => [facts.key(properties.SubnetId), facts.key(properties.NetworkAclId)]),
  );

  return {
    passes: (subnet, direction, other, ports) => {
      const acl = listOfSubnet.get(subnet);
      if (acl === undefined) return FREE;
      const list = entries.get(acl);
      const pass = (entry?: Entry, unknown?: string): Way =>
        step(subnet, acl, `network ACL ${facts.name(acl)} lets ${direction}${entry?.block ? ` ${entry.block.text}` : ''}`, entry?.source ?? acl, unknown);
      if (!list) return pass(undefined, `what network ACL ${facts.name(acl)} lets ${direction}`);
      for (const entry of list) {
        if (entry.outward === (direction === 'out' ? 'no' : 'yes') || !portsMeet(entry.ports, ports) || !meets(entry.block, other)) continue;
        const doubtful = entry.block === undefined || entry.ports === 'unknown' || entry.outward === 'maybe' || entry.allows === 'maybe';
        if (entry.allows === 'no') {
          // A denial of a part leaves the rest; one that is not known is no denial.
          if (!doubtful && whole(entry, other, ports)) return undefined;
          continue;
        }
        return pass(entry, doubtful ? `what entry ${entry.number} of network ACL ${facts.name(acl)} says` : undefined);
      }
      return undefined;
    },
  };
}

const portsMeet = (one: PortRange | 'unknown', other: PortRange): boolean =>
  one === 'unknown' || (one.from <= other.to && other.from <= one.to);

const meets = (block: Block | undefined, others: readonly Block[] | undefined): boolean =>
  block === undefined || others === undefined || others.some((other) => overlaps(block, other));

const whole = ({ block, ports }: Entry, others: readonly Block[] | undefined, wanted: PortRange): boolean =>
  block !== undefined && ports !== 'unknown' && ports.from <= wanted.from && wanted.to <= ports.to
  && (others === undefined ? block.last - block.first >= 2n ** 32n - 1n : others.every((other) => covers(block, other)));
