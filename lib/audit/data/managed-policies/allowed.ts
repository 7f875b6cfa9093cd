/** Names of actions by service, separated by spaces: `{ rds: 'DeleteDBSnapshot Describe*' }`. `{ '*': '*' }` is every action. */
export type Actions = Readonly<Record<string, string>>;

/** One statement of an AWS-managed policy. */
export type Allowed = Which & {
  /** With `*` for the partition. @default - all */
  readonly resources?: readonly string[];
  /** Service principals, with wildcards: to which services roles may be passed. @default - all */
  readonly passedTo?: readonly string[];
};

type Which =
  | { readonly actions: Actions }
  /** Every action but these, among them those that AWS does not have yet. */
  | { readonly except: Actions }
  | { readonly deny: Actions }
  /** What AWS calls reading or listing, other than what gives whoever does it the powers of somebody else. */
  | { readonly reading: true };

/** By name with path, as in `arn:aws:iam::aws:policy/<name>`. */
export type ManagedPolicies = Readonly<Record<string, readonly Allowed[]>>;
