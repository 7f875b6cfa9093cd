/** One call that a pivot or a goal needs, and the resource that it is asked about. */
export interface Call {
  readonly action: string;
  /**
   * `target`: the host, the principal or the policy that the technique is about. `nothing`: IAM asks about `*`. Anything else
   * is the last part of the ARN of a resource that the caller may choose, such as `function:any`, in the caller's account and
   * Region; `aws document/…` is one of AWS's own, `ec2://instance/any` one of another service than the action's,
   * and `exactly …` only that very one.
   */
  readonly on: string;
  /** Condition keys that the technique itself sets. */
  readonly knowing: Readonly<Record<string, string>>;
}

export const call = (action: string, on: string, knowing: Readonly<Record<string, string>> = {}): Call => ({ action, on, knowing });

/** The resource that the technique is about. */
export const onTarget = (action: string, knowing: Readonly<Record<string, string>> = {}): Call => call(action, 'target', knowing);
