/** A block of IPv4 addresses. `first` is its network address as a number from 0 to 2^32 - 1. */
export interface Cidr {
  readonly first: number;
  readonly prefix: number;
  readonly text: string;
}

/** Sizes of blocks by prefix. The larger the number, the smaller the block. */
export interface Prefixes {
  readonly largest: number;
  readonly smallest: number;
}

/** The sizes that AWS accepts for a block of a VPC. */
export const VPC_PREFIXES: Prefixes = { largest: 16, smallest: 28 };

/**
 * Reads `10.0.0.0/16`. `undefined` for everything else: octets over 255, leading zeros, spaces, a prefix over 32, and
 * addresses that are not the first of their block (`10.0.0.1/16`; see `enclosingBlock`).
 */
export function parseCidr(text: string): Cidr | undefined {
  const block = enclosingBlock(text);
  return block?.text === text ? block : undefined;
}

/** The block that an address with a prefix lies in: `10.0.0.1/16` lies in `10.0.0.0/16`. `undefined` where there is none. */
export function enclosingBlock(text: string): Cidr | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (!match) return undefined;
  const written = match.slice(1);
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = written.map(Number);
  const canonical = written.every((digits) => String(Number(digits)) === digits);
  if (!canonical || Math.max(a, b, c, d) > 255 || prefix > 32) return undefined;
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  return block(address - (address % blockSize(prefix)), prefix);
}

/** Whether any address lies in both blocks. */
export function overlap(one: Cidr, other: Cidr): boolean {
  return one.first <= last(other) && other.first <= last(one);
}

/** Whether every address of `inner` lies in `outer`. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  return outer.first <= inner.first && last(inner) <= last(outer);
}

/** Whether a block is neither too large nor too small, e.g. for a VPC. */
export function sizedWithin(cidr: Cidr, prefixes: Prefixes): boolean {
  return cidr.prefix >= prefixes.largest && cidr.prefix <= prefixes.smallest;
}

/** A private block of the given size that overlaps none of `taken`; `undefined` when there is none. */
export function freeBlock(prefix: number, taken: readonly Cidr[]): Cidr | undefined {
  const size = blockSize(prefix);
  for (const range of PRIVATE_RANGES) {
    if (range.prefix > prefix) continue;
    let first = range.first;
    while (first <= last(range)) {
      const candidate = block(first, prefix);
      const obstacle = taken.find((other) => overlap(candidate, other));
      if (!obstacle) return candidate;
      // On to the first block of this size behind the obstacle; one that is larger than the block is jumped over at once.
      first = Math.ceil((last(obstacle) + 1) / size) * size;
    }
  }
  return undefined;
}

/** @see https://www.rfc-editor.org/rfc/rfc1918 */
const PRIVATE_RANGES = [block(10 * 2 ** 24, 8), block((172 * 256 + 16) * 2 ** 16, 12), block((192 * 256 + 168) * 2 ** 16, 16)];

function block(first: number, prefix: number): Cidr {
  const octets = [2 ** 24, 2 ** 16, 2 ** 8, 1].map((place) => Math.floor(first / place) % 256);
  return { first, prefix, text: `${octets.join('.')}/${prefix}` };
}

function blockSize(prefix: number): number {
  return 2 ** (32 - prefix);
}

function last(cidr: Cidr): number {
  return cidr.first + blockSize(cidr.prefix) - 1;
}
