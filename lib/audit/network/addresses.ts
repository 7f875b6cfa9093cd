import { rangeOf } from '../addresses';

export type Family = 'IPv4' | 'IPv6';

/** A range of addresses, both ends included. */
export interface Block {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
  readonly text: string;
}

/** All addresses of a family. */
export const EVERYTHING: Readonly<Record<Family, Block>> = {
  IPv4: { family: 'IPv4', first: 0n, last: 2n ** 32n - 1n, text: '0.0.0.0/0' },
  IPv6: { family: 'IPv6', first: 0n, last: 2n ** 128n - 1n, text: '::/0' },
};

/** Reads `10.0.0.0/16`, `10.0.0.7`, `fd00::/8`. Nothing for anything else: what cannot be read is not known. */
export function parseBlock(text: string): Block | undefined {
  const range = rangeOf(text.trim());
  if (!range) return undefined;
  const size = 2n ** BigInt(range.bits - range.prefix);
  const first = range.first - (range.first % size);
  return { family: range.bits === 32 ? 'IPv4' : 'IPv6', first, last: first + size - 1n, text };
}

export const overlaps = (one: Block, other: Block): boolean =>
  one.family === other.family && one.first <= other.last && other.first <= one.last;

export const covers = (outer: Block, inner: Block): boolean =>
  outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last;

/** Whether nothing of the block can be met on the internet: private, shared, link-local, loopback, multicast, reserved. */
export const isPrivate = (block: Block): boolean => NOT_PUBLIC.some((range) => covers(range, block));

/** @see https://www.iana.org/assignments/iana-ipv4-special-registry */
const NOT_PUBLIC = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16', '198.18.0.0/15',
  '224.0.0.0/3', '::/127', 'fc00::/7', 'fe80::/10', 'ff00::/8',
].map((text) => parseBlock(text)!);
