import type { Assumption, Text, Value } from '../audit/model';
import type { Fields, Raw } from './template';

/** What the functions of a template can ask of the world around it. */
export interface Scope {
  /** `Ref`: a parameter, pseudo parameter or resource. */
  ref(name: string): Value | undefined;
  attribute(logicalId: string, attribute: string): Value;
  /** Whether a named condition holds; `undefined` when it is open and this world does not decide. */
  condition(name: string): boolean | undefined;
  /** Whether a text equals another; `undefined` when it is open. */
  equal(one: Text, other: Text): boolean | undefined;
  /** Decides an open comparison for this world; `false` when nothing is decided any more. */
  decide(one: Text, other: Text): boolean;
  imported(name: Text): Value;
  output(stackName: Text, outputName: Text, region: Text | undefined): Value;
  readonly mappings: Fields;
  readonly region: Text;
  /** Resolves a value inside; counts how deep it is. */
  resolve(raw: Raw): Value | undefined;
  /** Counts characters and entries that functions make. */
  made(amount: number): void;
  /** What is wrong at the place that is being worked out. */
  wrong(what: string): void;
  assume(what: string, affects: Assumption['affects']): void;
}
