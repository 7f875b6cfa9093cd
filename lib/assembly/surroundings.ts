import type { Assumption, StackFacts, Text, Value } from '../audit/model';
import type { Decisions } from './decisions';
import type { Placed } from './placed';
import type { Problems } from './problems';

/** What one stack can ask of the other stacks of its world. */
export interface Surroundings {
  readonly decisions: Decisions;
  readonly problems: Problems;
  nested(parent: ParentStack, logicalId: string, placed: Placed): Outputs;
  /** What another stack of the same account and Region exports under a name. */
  exported(environment: StackFacts, name: Text): Value | undefined;
  stackNamed(name: Text, region: Text, account: Text): Outputs | undefined;
  assume(assumption: Assumption): void;
  /** Counts how many values are being worked out inside each other. */
  deeper<T>(work: () => T): T;
  /** Counts what functions make. */
  made(amount: number): void;
}

export interface Outputs {
  outputOf(name: string): Value;
}

/** The stack that a nested stack gets its parameters from. */
export interface ParentStack {
  readonly placed: Placed;
  property(logicalId: string, name: string): Value | undefined;
  ref(name: string): Value | undefined;
}
