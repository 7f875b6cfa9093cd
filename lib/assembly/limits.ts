/**
 * What the reader accepts. CloudFormation itself takes templates of at most 1 MB with 500 resources, so nothing that can be
 * deployed comes near these; they bound the time and memory that a hostile file can take.
 */
export const LIMITS = {
  /** Size of one file of an assembly, in bytes. */
  fileBytes: 50 * 1024 * 1024,
  /** YAML takes a hundred times the time of JSON. */
  yamlBytes: 4 * 1024 * 1024,
  /** Objects and lists inside each other. Far from where the stack ends: V8 cannot even fail there in order. */
  depth: 100,
  /** Values in one file. */
  values: 2_000_000,
  /** Values that YAML aliases may add. */
  aliases: 1_000,
  /** Values and functions inside each other while one value is worked out, references to other resources included. */
  steps: 300,
  /** Length of one string that functions make. */
  text: 1_000_000,
  /** Characters and list entries that functions make in all, in one world. */
  made: 50_000_000,
  /** Copies that `Fn::ForEach` makes in one template. */
  copies: 10_000,
  /** Stacks, nested ones included. */
  stacks: 2_000,
  /** Nested stacks inside each other. */
  nesting: 20,
  /** Ways in which conditions can come out. */
  worlds: 64,
  /** Ways that are tried to find those. */
  tries: 2_000,
  /** Mistakes that are listed. */
  problems: 50,
} as const;
