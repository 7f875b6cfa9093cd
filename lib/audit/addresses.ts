/** IP addresses and CIDR ranges of both families, as numbers. */
export interface Range {
  readonly bits: 32 | 128;
  readonly first: bigint;
  readonly prefix: number;
}

/** Whether an address (or a whole range) lies in a range; undefined if either cannot be read. */
export function addressMatches(address: string, range: string): boolean | undefined {
  const [inner, outer] = [rangeOf(address), rangeOf(range)];
  if (inner === undefined || outer === undefined) return undefined;
  if (inner.bits !== outer.bits || inner.prefix < outer.prefix) return false;
  const shift = BigInt(outer.bits - outer.prefix);
  return inner.first >> shift === outer.first >> shift;
}

/** Reads `10.0.0.0/8`, `10.1.2.3`, `2001:db8::/32`. Without a length it is one address. */
export function rangeOf(text: string): Range | undefined {
  const [address = '', length, more] = text.split('/');
  const first = address.includes(':') ? six(address) : four(address);
  const bits = address.includes(':') ? 128 : 32;
  const prefix = length === undefined ? bits : /^\d{1,3}$/.test(length) ? Number(length) : -1;
  return first === undefined || more !== undefined || prefix < 0 || prefix > bits ? undefined : { bits, first, prefix };
}

function four(text: string): bigint | undefined {
  const bytes = text.split('.');
  if (bytes.length !== 4 || bytes.some((byte) => !/^\d{1,3}$/.test(byte) || Number(byte) > 255)) return undefined;
  return bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

function six(text: string): bigint | undefined {
  const last = text.slice(text.lastIndexOf(':') + 1);
  const embedded = last.includes('.') ? four(last) : undefined;
  if (last.includes('.') && embedded === undefined) return undefined;
  const written = embedded === undefined ? text
    : `${text.slice(0, text.lastIndexOf(':') + 1)}${(embedded >> 16n).toString(16)}:${(embedded & 0xffffn).toString(16)}`;
  const halves = written.split('::');
  const [left, right] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - left!.length - (right?.length ?? 0);
  if (halves.length > 2 || (right === undefined ? missing !== 0 : missing < 1)) return undefined;
  const groups = [...left!, ...Array<string>(right === undefined ? 0 : missing).fill('0'), ...(right ?? [])];
  if (groups.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
}
