import type { Demo } from './demo';

/** One protection of the demo, damaged in one way, and what the audit has to say to it. */
export interface Damage {
  readonly what: string;
  /** The rule that claims that this does not happen. */
  readonly rule: string;
  /** What a finding of the rule has to say: it names what was damaged. */
  readonly names: RegExp;
  readonly damage: (demo: Demo) => void;
  readonly verdict: 'fail' | 'unknown';
}

export type WrittenDamage = readonly [what: string, names: RegExp, damage: (demo: Demo) => void, verdict?: 'unknown'];

export const damages = (rule: string, written: readonly WrittenDamage[]): readonly Damage[] =>
  written.map(([what, names, damage, verdict]): Damage => ({ what, rule, names, damage, verdict: verdict ?? 'fail' }));
