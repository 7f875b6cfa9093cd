import type { Value } from '../model';
import { textOf } from './facts';

/** TCP ports from and to, both included. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** What listens; several where it is one of them, `unknown` where the template does not tell. */
export type Ports = readonly number[] | 'unknown';

export const ALL_PORTS: PortRange = { from: 0, to: 65535 };

/** The ports from which a client's system connects, and to which answers go. */
export const EPHEMERAL_PORTS: PortRange = { from: 1024, to: 65535 };

/** The TCP ports of a rule; nothing when it is about another protocol. */
export function tcpPorts(protocol: Value | undefined, from: Value | undefined, to: Value | undefined): PortRange | 'unknown' | undefined {
  const name = textOf(protocol)?.toLowerCase();
  if (name === '-1' || name === 'all') return ALL_PORTS;
  if (name !== undefined && name !== 'tcp' && name !== '6') return /^[a-z0-9]+$/.test(name) ? undefined : 'unknown';
  if (from === undefined && to === undefined) return ALL_PORTS;
  const [first, last] = [portOf(from), portOf(to ?? from)];
  if (name === undefined || first === undefined || last === undefined) return 'unknown';
  return first === -1 ? ALL_PORTS : { from: first, to: last };
}

export function portOf(value: Value | undefined): number | undefined {
  const text = textOf(value);
  return text !== undefined && /^-?\d{1,5}$/.test(text) ? Number(text) : undefined;
}

/** Whether a range lets through to what listens. */
export function lets(range: PortRange | 'unknown', ports: Ports): 'yes' | 'no' | 'maybe' {
  if (range !== 'unknown' && range.from <= 0 && range.to >= 65535) return 'yes';
  if (range === 'unknown' || ports === 'unknown') return 'maybe';
  return ports.some((port) => range.from <= port && port <= range.to) ? 'yes' : 'no';
}

/** For people: `tcp 5432`, `all traffic`. */
export function inWords(range: PortRange | 'unknown'): string {
  if (range === 'unknown') return 'unknown ports';
  if (range.from <= 0 && range.to >= 65535) return 'every tcp port';
  return range.from === range.to ? `tcp ${range.from}` : `tcp ${range.from}-${range.to}`;
}
