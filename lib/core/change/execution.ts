import { signerRefusal, type ApprovalRules } from './approval';
import { targetDifferences, type ChangeDocument, type Target } from './document';
import { refuse, type Refusal } from './refusal';
import type { ChangeRequest, Seen, SignatureCheck } from './request';

/** Why a request must not be carried out; `undefined` if it may be. Everything that was true when it was approved has to be true again. */
export function startRefusal(request: ChangeRequest, checks: readonly SignatureCheck[], seen: Seen, rules: ApprovalRules): Refusal | undefined {
  if (request.state === 'executing' || request.state === 'executed') return refuse('replay', `it is ${request.state} already, and is carried out once`);
  if (request.state !== 'approved' || !request.signed) return refuse('state', `it is ${request.state}, not approved`);
  if (seen.frozen !== undefined) return refuse('frozen', seen.frozen);
  const { digest, document } = request.signed;
  if (seen.digest !== digest) return refuse('digest', 'the stored document is not the one that was signed; propose it again');
  for (const [index, { approver, digest: approvedDigest }] of request.approvals.entries()) {
    if (approvedDigest !== digest) return refuse('digest', `${approver} signed another document`);
    const no = signerRefusal(request, approver, checks[index] ?? 'invalid', rules);
    if (no) return no;
  }
  const approvers = new Set(request.approvals.map(({ approver }) => approver)).size;
  return approvers >= document.approvalsNeeded && approvers > 0 ? undefined
    : refuse('approvals', `${approvers} of ${document.approvalsNeeded} approvers signed it`);
}

/** What is found in the database at the beginning of the transaction. */
export interface Found {
  readonly target: Target;
  readonly isReplica: boolean;
  readonly fingerprint: string;
}

/** Why the statements must not run where the session is; `undefined` if they may. */
export function placeRefusal({ target, fingerprint }: Pick<ChangeDocument, 'target' | 'fingerprint'>, found: Found): string | undefined {
  const differences = targetDifferences(target, found.target);
  if (differences.length > 0) return `this is not the database that was signed for: ${differences.join('; ')}`;
  if (found.isReplica) return 'this is a replica, which cannot be changed';
  if (found.fingerprint !== fingerprint) return 'what the change touches was altered since it was rehearsed; propose it again';
  return undefined;
}

/** Why what ran must be rolled back; `undefined` if it may be committed. */
export function boundRefusal(rows: number, { rowBound }: Pick<ChangeDocument, 'rowBound'>): string | undefined {
  return rows <= rowBound ? undefined : `it changed ${rows} rows, and ${rowBound} were signed for at most; it was rolled back`;
}
