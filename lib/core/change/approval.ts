import { refuse, type Refusal } from './refusal';
import type { Approval, ChangeRequest, Seen, SignatureCheck } from './request';

/** Who may approve. Principals as the edge writes them, always the same way. */
export interface ApprovalRules {
  readonly approvers: readonly string[];
  /** Who can change the gate itself; their approval would be one of themselves. */
  readonly deployers: readonly string[];
}

/** Why an approval does not count; `undefined` if it does. */
export function approvalRefusal(request: ChangeRequest, approval: Approval, check: SignatureCheck, seen: Seen, rules: ApprovalRules): Refusal | undefined {
  const { approver } = approval;
  if (request.state === 'executing' || request.state === 'executed') return refuse('replay', `it is ${request.state} already, and an approval is used once`);
  if (request.state === 'proposed') return refuse('state', 'no rehearsal of it succeeded, so there is nothing to approve');
  if (request.state !== 'rehearsed' || !request.signed) return refuse('state', `it is ${request.state}`);
  if (seen.frozen !== undefined) return refuse('frozen', seen.frozen);
  if (approval.digest !== request.signed.digest || seen.digest !== request.signed.digest) {
    return refuse('digest', 'what was signed is not what is stored; any edit makes a new request, propose it again');
  }
  return signerRefusal(request, approver, check, rules)
    ?? (request.approvals.some((other) => other.approver === approver) ? refuse('twice', `${approver} approved it already; another approver has to`) : undefined);
}

/** Why somebody's signature is no approval of this request. */
export function signerRefusal(request: ChangeRequest, approver: string, check: SignatureCheck, { approvers, deployers }: ApprovalRules): Refusal | undefined {
  if (approver === request.requester) return refuse('self-approval', `${approver} asked for it and cannot approve it`);
  if (deployers.includes(approver)) return refuse('deployer', `${approver} deploys the gate and cannot approve what passes through it`);
  if (!approvers.includes(approver)) return refuse('not-an-approver', `${approver} is no approver; the approvers are ${approvers.join(', ')}`);
  if (check === 'not-listed') return refuse('key-not-listed', `no key of ${approver} is listed`);
  if (check === 'invalid') return refuse('signature', `the signature is not one of ${approver} over this document`);
  return undefined;
}
