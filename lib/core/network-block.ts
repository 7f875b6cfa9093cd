import { enclosingBlock, overlap, parseCidr, type Cidr } from './cidr';
import { AGENT_NETWORK_CIDR, AGENT_NETWORK_PREFIXES } from './policy';

/** What is wrong with a block for the agents' network, next to production's; nothing for a good one. */
export function blockProblems(text: string, productions: readonly string[]): readonly string[] {
  const { largest, smallest } = AGENT_NETWORK_PREFIXES;
  const cidr = parseCidr(text);
  if (!cidr || cidr.prefix < largest || cidr.prefix > smallest) {
    return [`cidr is '${text}'; write an IPv4 block of /${largest} to /${smallest}, such as '${AGENT_NETWORK_CIDR}'`];
  }
  return readable(productions)
    .filter((other) => overlap(cidr, other))
    .map(
      (other) =>
        `cidr ${text} overlaps production's ${other.text}, which makes a replica unreliable and routes ambiguous; choose another block`,
    );
}

/** What is known of an overlap, for people, once `blockProblems` found none. */
export function overlapInWords(productions: readonly string[]): string {
  const known = readable(productions);
  return known.length > 0 && known.length === productions.length
    ? `no overlap with production's ${known.map((block) => block.text).join(', ')}`
    : "production's CIDR blocks are not all known, so an overlap could not be ruled out";
}

/** Blocks that are known only in deployment cannot be read. */
function readable(texts: readonly string[]): Cidr[] {
  return texts.flatMap((text) => enclosingBlock(text) ?? []);
}
