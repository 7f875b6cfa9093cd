/**
 * `Fn::Cidr`: the first `count` blocks inside `block`, each with `bits` bits for its hosts (default: what remains of the address
 * in IPv4, 64 in IPv6). `undefined` for what CloudFormation refuses.
 */
export function cidrBlocks(block: string, count: number, bits?: number): readonly string[] | undefined {
  const slash = block.indexOf('/');
  const size = block.includes(':') ? 128 : 32;
  const address = size === 128 ? ipv6(block.slice(0, slash)) : ipv4(block.slice(0, slash));
  const prefix = Number(block.slice(slash + 1));
  const hosts = bits ?? (size === 128 ? 64 : Math.floor((size - prefix) / 2));
  const whole = [count, hosts, prefix].every((number) => Number.isInteger(number));
  if (address === undefined || slash < 0 || !whole || count < 1 || count > 256 || hosts < 0 || prefix < 0 || prefix + hosts > size) return undefined;
  if (BigInt(count) << BigInt(hosts) > 1n << BigInt(size - prefix)) return undefined;
  const first = (address >> BigInt(size - prefix)) << BigInt(size - prefix);
  return Array.from({ length: count }, (_, index) => `${written(first + (BigInt(index) << BigInt(hosts)), size)}/${size - hosts}`);
}

function ipv4(text: string): bigint | undefined {
  const octets = text.split('.').map((octet) => (/^\d{1,3}$/.test(octet) && Number(octet) < 256 ? BigInt(octet) : undefined));
  return octets.length === 4 && !octets.includes(undefined) ? octets.reduce<bigint>((sum, octet) => sum * 256n + octet!, 0n) : undefined;
}

function ipv6(text: string): bigint | undefined {
  const [head = '', tail, more] = text.split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const missing = 8 - before.length - after.length;
  if (more !== undefined || (tail === undefined ? missing !== 0 : missing < 1)) return undefined;
  const all = [...before, ...Array<string>(missing).fill('0'), ...after];
  return all.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) ? BigInt(`0x${all.map((group) => group.padStart(4, '0')).join('')}`) : undefined;
}

function written(address: bigint, size: number): string {
  const step = size === 128 ? 16n : 8n;
  const groups = Array.from({ length: size === 128 ? 8 : 4 }, (_, index) => (address >> (BigInt(size) - step * BigInt(index + 1))) & ((1n << step) - 1n));
  if (size === 32) return groups.join('.');
  // The first longest run of zeros is written as `::`.
  return groups.map((group) => group.toString(16)).join(':').replace(/(?:^|:)0(?::0)+(?=:|$)/, longestRun);
}

/** Subnets of a block end in zeros, so the run that matters is the last; shorter ones before it stay as they are. */
const longestRun = (run: string, at: number, text: string): string => (at + run.length === text.length ? '::' : run);
