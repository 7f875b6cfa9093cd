import type { Template } from './template';

/** A template in its place in the assembly, before anything in it is worked out. */
export interface Placed {
  /** Of `StackFacts`: the artifact id, followed by the logical ids of nested stacks, joined with `/`. */
  readonly id: string;
  readonly file: string;
  readonly template: Template;
  /** `undefined` where it is only known when it is deployed. */
  readonly account: string | undefined;
  readonly region: string | undefined;
  readonly stackName: string | undefined;
  /** Values that were given for parameters. A nested stack gets its own from its parent. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Nested stacks by logical id: their template, or why it could not be read. */
  readonly nested: ReadonlyMap<string, Placed | { readonly missing: string }>;
  /** Line of a resource in the file. */
  readonly lineOf: (logicalId: string) => number | undefined;
  /** Construct paths by logical id, for templates that do not hold them. */
  readonly paths: ReadonlyMap<string, string>;
}
