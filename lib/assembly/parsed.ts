/** A file's content, and where each resource is written. */
export type Parsed =
  | { readonly do: 'parsed'; readonly value: unknown; readonly lineOf: (logicalId: string) => number | undefined }
  | { readonly do: 'refuse'; readonly problems: readonly string[] };
