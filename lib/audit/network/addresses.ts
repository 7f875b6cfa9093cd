import { enclosingBlock } from '../../core/cidr';

export type Family = 'IPv4' | 'IPv6';

/** A range of addresses, both ends included. */
export interface Block {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
  readonly text: string;
}

const BITS = { IPv4: 32, IPv6: 128 } as const;

/** All addresses of a family. */
export const EVERYTHING: Readonly<Record<Family, Block>> = {
  IPv4: { family: 'IPv4', first: 0n, last: 2n ** 32n - 1n, text: '0.0.0.0/0' },
  IPv6: { family: 'IPv6', first: 0n, last: 2n ** 128n - 1n, text: '::/0' },
};

/** Reads `10.0.0.0/16`, `10.0.0.7`, `fd00::/8`. Nothing for anything else: what cannot be read is not known. */
export function parseBlock(text: string): Block | undefined {
  const [address = '', prefix, ...rest] = text.trim().split('/');
  if (rest.length > 0) return undefined;
  if (!address.includes(':')) {
    const block = enclosingBlock(`${address}/${prefix ?? 32}`);
    return block && range('IPv4', BigInt(block.first), block.prefix, text);
  }
  const value = parseIPv6(address);
  const length = Number(prefix ?? 128);
  if (value === undefined || !Number.isInteger(length) || length < 0 || length > 128 || prefix === '') return undefined;
  return range('IPv6', value, length, text);
}

export const overlaps = (one: Block, other: Block): boolean =>
  one.family === other.family && one.first <= other.last && other.first <= one.last;

export const covers = (outer: Block, inner: Block): boolean =>
  outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last;

/** Whether nothing of the block can be met on the internet: private, shared, link-local, loopback, multicast, reserved. */
export const isPrivate = (block: Block): boolean => NOT_PUBLIC.some((range) => covers(range, block));

function range(family: Family, address: bigint, prefix: number, text: string): Block {
  const size = 2n ** BigInt(BITS[family] - prefix);
  const first = address - (address % size);
  return { family, first, last: first + size - 1n, text };
}

function parseIPv6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head = [], tail] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array<string>(tail ? missing : 0).fill('0'), ...(tail ?? [])];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((value, group) => value * 65536n + BigInt(`0x${group}`), 0n);
}

/** @see https://www.iana.org/assignments/iana-ipv4-special-registry */
const NOT_PUBLIC = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16', '198.18.0.0/15',
  '224.0.0.0/3', '::/127', 'fc00::/7', 'fe80::/10', 'ff00::/8',
].map((text) => parseBlock(text)!);
