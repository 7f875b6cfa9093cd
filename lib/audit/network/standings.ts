import type { Value } from '../model';
import { listOf } from './facts';

/** Subnets, and the security groups worn there. */
export interface FoundStanding {
  readonly subnets: Value;
  readonly groups: Value | undefined;
}

const SUBNETS = /^((Vpc|VPC|Ec2|Requested\w*)?Subnets?(Ids?)?|VPCZoneIdentifier|VpcSubnetIds)$/;
const GROUPS = /^(\w*SecurityGroups?(Ids?|IdList)?|GroupSet)$/;

/**
 * Where something of a type that is not known stands, found by what such properties are called everywhere: subnets, and beside
 * them security groups or, if there are none, those named anywhere else in it.
 */
export function standingsIn(properties: Value): readonly FoundStanding[] {
  const found: { subnets: Value; groups: Value | undefined }[] = [];
  const everyGroup: Value[] = [];
  const open: Value[] = [properties];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    if (!Array.isArray(next)) {
      const entries = Object.entries(next);
      const groups = entries.filter(([name]) => GROUPS.test(name)).flatMap(([, value]) => listOf(value));
      everyGroup.push(...groups);
      for (const [, subnets] of entries.filter(([name]) => SUBNETS.test(name))) found.push({ subnets, groups: groups.length > 0 ? groups : undefined });
    }
    open.push(...(Object.values(next) as Value[]));
  }
  return found.map(({ subnets, groups }) => ({ subnets, groups: groups ?? (everyGroup.length > 0 ? everyGroup : undefined) }));
}

/** What stands under properties of some names, wherever they are. */
export function valuesUnder(value: Value, names: RegExp): readonly Value[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return (value as readonly Value[]).flatMap((each) => valuesUnder(each, names));
  return Object.entries(value).flatMap(([name, each]: [string, Value]) => (names.test(name) ? [each] : valuesUnder(each, names)));
}
