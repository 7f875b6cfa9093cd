/** Why an event changes nothing: a name for machines and alarms, a sentence for people. */
export interface Refusal {
  readonly do: 'refuse';
  readonly cause: RefusalCause;
  readonly because: string;
}

export type RefusalCause =
  | 'unchanged' | 'state' | 'expired' | 'frozen' | 'self-approval' | 'deployer' | 'not-an-approver' | 'key-not-listed' | 'signature' | 'digest' | 'twice' | 'replay'
  | 'approvals' | 'not-its-run' | 'running' | 'forgotten';

export function refuse(cause: RefusalCause, because: string): Refusal {
  return { do: 'refuse', cause, because };
}
