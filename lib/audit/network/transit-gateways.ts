import { overlaps, type Block } from './addresses';
import { append, same, truth, type Facts, type Key } from './facts';
import { blockOf } from './security-groups';
import { assuming, best, step, type Way } from './way';

export interface TransitGateways {
  /** Whether a transit gateway carries packets from one network to addresses of another. */
  carries(gateway: Key, from: Key, to: Key, blocks: readonly Block[] | undefined): Way | undefined;
}

interface Attachment {
  readonly key: Key;
  readonly vpc: Key;
}

export function transitGatewaysOf(facts: Facts): TransitGateways {
  const attachments = new Map<Key, Attachment[]>();
  const types = ['AWS::EC2::TransitGatewayAttachment', 'AWS::EC2::TransitGatewayVpcAttachment'];
  for (const { id, properties } of types.flatMap((type) => facts.ofType(type))) {
    const gateway = facts.key(properties.TransitGatewayId);
    append(attachments, gateway, { key: id, vpc: facts.key(properties.VpcId) });
  }
  const [associated, propagated] = ['Association', 'Propagation'].map((kind) =>
    facts.ofType(`AWS::EC2::TransitGatewayRouteTable${kind}`).map(({ id, properties }) => ({
      id, table: facts.key(properties.TransitGatewayRouteTableId), attachment: facts.key(properties.TransitGatewayAttachmentId),
    })),
  ) as [Tie[], Tie[]];
  const statics = facts.ofType('AWS::EC2::TransitGatewayRoute').map(({ id, properties }) => ({
    id,
    table: facts.key(properties.TransitGatewayRouteTableId),
    attachment: facts.key(properties.TransitGatewayAttachmentId),
    block: blockOf(facts, properties.DestinationCidrBlock),
    blackhole: truth(properties.Blackhole, 'no') === 'yes',
  }));

  return {
    carries: (gateway, from, to, blocks) => {
      const resource = facts.get(gateway);
      const name = facts.name(gateway);
      const carrying = (vpc: Key): string => `transit gateway ${name} carries it to ${facts.name(vpc)}`;
      const there = attachments.get(gateway) ?? [];
      const [near, far] = [from, to].map((vpc) => there.filter((attachment) => same(attachment.vpc, vpc) === 'yes')) as [Attachment[], Attachment[]];
      // Attachments of networks from elsewhere, and everything of a gateway from elsewhere, may be made elsewhere.
      if (!resource || near.length === 0 || far.length === 0) {
        const mayBeAttached = !resource || [from, to].some((vpc, index) => [near, far][index]!.length === 0 && !facts.get(vpc));
        return mayBeAttached ? assuming(`what transit gateway ${name} connects`) : undefined;
      }
      const byDefault = [resource.properties.DefaultRouteTableAssociation, resource.properties.DefaultRouteTablePropagation];
      if (!byDefault.includes('disable')) return step(gateway, to, carrying(to), far[0]!.key);
      return best(near.flatMap((source) => associated.filter((tie) => tie.attachment === source.key)).flatMap(({ table }) => [
        ...propagated.filter((tie) => tie.table === table && far.some(({ key }) => key === tie.attachment)),
        ...statics.filter((route) => route.table === table && !route.blackhole && far.some(({ key }) => key === route.attachment)
          && (!route.block || !blocks || blocks.some((block) => overlaps(block, route.block!)))),
      ]).map(({ id }) => step(gateway, to, carrying(to), id)));
    },
  };
}

interface Tie {
  readonly id: string;
  readonly table: Key;
  readonly attachment: Key;
}
