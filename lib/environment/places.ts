import { freeBlock, overlap, parseCidr, type Cidr } from '../core/cidr';
import { network } from './agent-databases';
import { kinds, valueAt, type Draft } from './draft';
import { VAULT_ARN } from './keeping';
import { endpointParts } from './kinds';
import type { Mistake } from './mistakes';
import { create, existing } from './production';
import { account, region } from './schema';

const EXISTING = ['production', 'existing'] as const;

export function overlaps(draft: Draft): Mistake[] {
  const at = ['network', 'cidr'];
  const ours = parseCidr(draft.look(network.shape.cidr, ...at) ?? '');
  const created = kinds(draft).includes('create') ? draft.look(create.shape.cidr, 'production', 'create', 'cidr') : undefined;
  const theirs = [...draft.strings(...EXISTING, 'vpcCidrs').map(({ value }) => value), created ?? '']
    .map(parseCidr)
    .filter((cidr): cidr is Cidr => cidr !== undefined);
  if (!ours) return [];
  const hit = theirs.filter((cidr) => overlap(ours, cidr)).map((cidr) => cidr.text);
  const free = freeBlock(ours.prefix, theirs);
  const origin = valueAt(draft.raw, at) === undefined ? ', the default' : '';
  return draft.mistake({
    when: hit.length > 0,
    at,
    seen: `${ours.text}${origin}, which overlaps production's ${hit.join(', ')}`,
    write: `a block outside of production's network${free ? `, such as ${free.text}` : ''}`,
  });
}

/** An address begins with the identifier of its instance. */
export function addresses(draft: Draft): Mistake[] {
  const address = endpointOf(draft);
  if (!address) return [];
  const identifier = draft.look(existing.shape.instanceIdentifier, ...EXISTING, 'instanceIdentifier') ?? address.identifier;
  return draft.mistake({
    when: identifier !== address.identifier,
    at: [...EXISTING, 'endpoint'],
    write: `the address of ${identifier}, which begins with ${identifier}.`,
  });
}

/** Subnets and their zones belong together, one by one. */
export function zones(draft: Draft): Mistake[] {
  const at = [...EXISTING, 'availabilityZones'];
  const found = draft.strings(...at);
  const subnets = draft.strings(...EXISTING, 'subnetIds');
  return draft.mistake({
    when: subnets.length !== found.length,
    at,
    seen: `${found.length} for ${subnets.length} subnets`,
    write: 'the zone of each of subnetIds, in the same order',
  });
}

export function lattice(draft: Draft): Mistake[] {
  if (draft.look(network.shape.reach, 'network', 'reach') !== 'lattice' || !kinds(draft).includes('existing')) return [];
  const needed = {
    vpcId: 'its VPC',
    vpcCidrs: 'the CIDR blocks of its VPC',
    subnetIds: 'its subnets',
    availabilityZones: 'the zones of its subnets',
  };
  const at = [...EXISTING, 'availabilityZones'];
  return [
    ...Object.entries(needed).map(([field, words]) =>
      draft.mistake({
        when: valueAt(draft.raw, [...EXISTING, field]) === undefined,
        at: [...EXISTING, field],
        write: `${words}: with network.reach lattice the replica stands in production's network`,
      }),
    ),
    draft.mistake({
      when: new Set(draft.strings(...at).map(({ value }) => value)).size === 1,
      at,
      seen: 'one Availability Zone',
      write: 'subnets in at least two: RDS makes no subnet group in one',
    }),
  ].flat();
}

export function copies(draft: Draft): Mistake[] {
  const here = draft.look(region, 'region') ?? endpointOf(draft)?.region;
  const ours = draft.look(account, 'account');
  return draft.strings('backups', 'copyTo').flatMap(({ value, at }) => {
    const [, vaultRegion, vaultAccount] = VAULT_ARN.exec(value) ?? [];
    return draft.mistake({
      when: vaultRegion !== undefined && vaultRegion === here && vaultAccount === ours,
      at,
      write: `a vault in another Region or account than ${here}, ${ours}: this copy would be lost with the original`,
    });
  });
}

function endpointOf(draft: Draft): ReturnType<typeof endpointParts> {
  return endpointParts(draft.look(existing.shape.endpoint, ...EXISTING, 'endpoint') ?? '');
}
