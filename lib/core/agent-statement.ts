/** A condition as IAM writes it: operator, key, values. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** One statement of an IAM policy, as plain JSON. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource?: readonly string[];
  readonly NotResource?: readonly string[];
  readonly Condition?: Conditions;
}

/** An IAM policy, as plain JSON. */
export interface PolicyJson {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/** One thing that an agent may do: exactly these calls, on exactly these resources, under these conditions. */
export interface Permission {
  /** What it is for, as an IAM statement id: letters and digits. */
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Conditions;
  /** When the conditions do not hold: their exact opposite, for a policy that can only deny. */
  readonly otherwise?: Conditions;
  /** Which of the resources are wildcards, because AWS knows no narrower one. A wildcard that is not named here is a mistake. */
  readonly wildcards?: readonly string[];
}
