import type { ClassifiedStatement } from './classified';
import type { ChangeDocument } from './document';

export type ChangeState = 'proposed' | 'rehearsed' | 'approved' | 'executing' | 'executed' | 'failed' | 'rejected' | 'expired' | 'frozen';

/** One approver's signature over the canonical document. */
export interface Approval {
  readonly approver: string;
  /** Of the document that was signed. */
  readonly digest: string;
  /** Base64. */
  readonly signature: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What became of a signature when it was checked against the keys that are listed. */
export type SignatureCheck = 'valid' | 'not-listed' | 'invalid';

/** What one statement did when it ran. */
export interface StatementRun {
  /** Rows that it changed, those that triggers, cascades and functions changed included, and those in tables that it emptied or dropped. */
  readonly rows: number;
  readonly milliseconds: number;
  /** How PostgreSQL plans it; none for what is not planned. */
  readonly plan?: readonly string[];
}

export interface LockTaken {
  readonly relation: string;
  readonly mode: string;
  /** What others cannot do there until it is done. */
  readonly blocks: string;
}

/** What happened to the exact bytes on a throwaway copy. */
export interface Rehearsal {
  readonly done: boolean;
  /** Why it is no basis for an approval. */
  readonly because?: string;
  readonly at: number;
  readonly rows: number;
  readonly milliseconds: number;
  readonly statements: readonly StatementRun[];
  readonly locks: readonly LockTaken[];
}

/** By what the transaction of an execution is found again: its id is in PostgreSQL's commit log, or it was never committed. */
export interface Mark {
  /** Undefined for statements that PostgreSQL runs outside transactions. */
  readonly transaction: string | undefined;
  /** The session, so that one that outlives its executor can be ended. */
  readonly session: number;
  readonly rows: number;
  readonly restorable: RestorePoint;
}

/** The moment just before. Restoring to it, exclusively, undoes the change. */
export interface RestorePoint {
  /** As PostgreSQL writes it, with its offset. */
  readonly at: string;
  /** Position in the log of changes. */
  readonly lsn: string;
  readonly transaction: string | undefined;
}

/** One try to carry a request out. There is never a second. */
export interface Execution {
  /** Nobody else has it: whoever writes with another one is not this execution. */
  readonly run: string;
  /** Who carries it out, as the edge knows them again. */
  readonly by: string;
  readonly started: number;
  readonly mark?: Mark;
  readonly finished?: number;
}

export interface ChangeRequest {
  readonly id: string;
  readonly state: ChangeState;
  readonly requester: string;
  readonly reason: string;
  readonly sql: Uint8Array;
  readonly filed: number;
  readonly expires: number;
  readonly classification: readonly ClassifiedStatement[];
  /** There is one from a successful rehearsal on. */
  readonly signed?: { readonly document: ChangeDocument; readonly digest: string };
  readonly rehearsal?: Rehearsal;
  readonly approvals: readonly Approval[];
  readonly execution?: Execution;
  /** Why it is in a state that is not the way to `executed`. */
  readonly because?: string;
}

/** What was seen just now, by whoever decides on it. */
export interface Seen {
  /** Of the document as it is stored, made anew from its bytes. */
  readonly digest: string | undefined;
  /** What to say of the freeze that is on; `undefined` if it is known that none is. */
  readonly frozen: string | undefined;
}
