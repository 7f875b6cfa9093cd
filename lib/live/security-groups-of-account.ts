import type { IpPermission, SecurityGroup } from '@aws-sdk/client-ec2';
import type { Resource, Value } from '../audit/model';
import { isSymbolic } from '../audit/text';
import type { Symbols } from './symbols';

type Rule = { readonly [key: string]: Value };

/** EC2 lets everything out of a group of a template that names no rule; this one lets nothing out that exists. */
export const NOTHING: Rule = { CidrIp: '255.255.255.255/32', IpProtocol: 'icmp', FromPort: 252, ToPort: 86, Description: 'Disallow all traffic' };

export const STANDALONE = { in: 'AWS::EC2::SecurityGroupIngress', out: 'AWS::EC2::SecurityGroupEgress' } as const;

/** The rules of a group, one for each address range, prefix list or group that EC2 keeps together. */
export function rulesOf(permissions: readonly IpPermission[] | undefined, way: 'in' | 'out'): readonly Rule[] {
  const side = way === 'in' ? 'Source' : 'Destination';
  return (permissions ?? []).flatMap(({ IpProtocol = '-1', FromPort, ToPort, IpRanges = [], Ipv6Ranges = [], PrefixListIds = [], UserIdGroupPairs = [] }) => {
    const ports = { IpProtocol, ...(FromPort !== undefined && IpProtocol !== '-1' && { FromPort }), ...(ToPort !== undefined && IpProtocol !== '-1' && { ToPort }) };
    const rule = (peer: Rule, Description: string | undefined): Rule => ({ ...ports, ...peer, ...(Description !== undefined && { Description }) });
    return [
      ...IpRanges.map(({ CidrIp = '', Description }) => rule({ CidrIp }, Description)),
      ...Ipv6Ranges.map(({ CidrIpv6 = '', Description }) => rule({ CidrIpv6 }, Description)),
      ...PrefixListIds.map(({ PrefixListId = '', Description }) => rule({ [`${side}PrefixListId`]: PrefixListId }, Description)),
      ...UserIdGroupPairs.map(({ GroupId = '', Description }) => rule({ [`${side}SecurityGroupId`]: GroupId }, Description)),
    ];
  });
}

/** A rule for comparison: who, by which protocol and ports. */
function keyOf(rule: Rule): string {
  const written = (name: string): string => typeof rule[name] === 'string' || typeof rule[name] === 'number' ? String(rule[name]) : '';
  const all = written('IpProtocol') === '-1';
  const peer = ['CidrIp', 'CidrIpv6', 'SourceSecurityGroupId', 'DestinationSecurityGroupId', 'SourcePrefixListId', 'DestinationPrefixListId'].map(written);
  return [written('IpProtocol'), all ? '' : written('FromPort'), all ? '' : written('ToPort'), ...peer].join(' ');
}

/**
 * A group as it is: rules that the template writes as resources of their own stay such while they exist, all others are the group's.
 * `standalone` are those of the template for this group.
 */
export function groupNow(group: SecurityGroup, standalone: readonly Resource[], symbols: Symbols): { readonly rules: Rule; readonly kept: readonly Resource[] } {
  const kept: Resource[] = [];
  const rest = (way: 'in' | 'out', permissions: readonly IpPermission[] | undefined): readonly Rule[] => {
    const live = new Map(rulesOf(permissions, way).map((rule) => [keyOf(rule), rule]));
    const theirs = standalone.filter(({ type }) => type === STANDALONE[way]);
    for (const resource of theirs) {
      const key = keyOf(symbols.literal(resource.properties) as Rule);
      // What cannot be told apart is taken to be there: as an own rule it is there in any case.
      if (live.has(key) || isSymbolic(key)) kept.push(resource);
    }
    const written = new Set(theirs.map((resource) => keyOf(symbols.literal(resource.properties) as Rule)));
    return [...live].filter(([key]) => !written.has(key)).map(([, rule]) => rule);
  };
  const [incoming, outgoing] = [rest('in', group.IpPermissions), rest('out', group.IpPermissionsEgress)];
  return {
    kept,
    rules: { ...(incoming.length > 0 && { SecurityGroupIngress: incoming }), SecurityGroupEgress: outgoing.length > 0 ? outgoing : [NOTHING] },
  };
}
