import type { Resource } from '../model';

/** What messages call a resource: its logical id, without the hash that CDK ends it with. */
export function nameOf({ logicalId, path }: Pick<Resource, 'logicalId' | 'path'>): string {
  return path === logicalId ? logicalId : logicalId.replace(/(?<=.)[0-9A-F]{8}$/, '');
}
