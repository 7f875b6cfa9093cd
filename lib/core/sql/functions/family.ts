import type { Kind } from '../types';

/** Functions of PostgreSQL that were reviewed together, by hand, because one sentence holds for all of them. */
export interface Family {
  readonly because: string;
  /** Names without schema, apart from each other by white space. */
  readonly names: string;
}

/** Functions that do more than read. */
export interface EffectFamily extends Family {
  readonly kind: Exclude<Kind, 'read'>;
  /** What is overwritten or deleted is gone. */
  readonly destructive?: true;
}
