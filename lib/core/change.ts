import { approvalRefusal, type ApprovalRules } from './change/approval';
import type { ChangeDocument } from './change/document';
import { startRefusal } from './change/execution';
import { refuse, type Refusal } from './change/refusal';
import type { Approval, ChangeRequest, ChangeState, Mark, Rehearsal, Seen, SignatureCheck } from './change/request';

export type { ApprovalRules } from './change/approval';
export type { Refusal } from './change/refusal';
export type { ChangeRequest, ChangeState } from './change/request';

/** What happens to a request. Facts about the world travel with the event: nothing is looked up here. */
export type ChangeEvent =
  | { readonly kind: 'rehearse'; readonly rehearsal: Rehearsal; readonly signed: { readonly document: ChangeDocument; readonly digest: string } | undefined }
  | { readonly kind: 'approve'; readonly approval: Approval; readonly check: SignatureCheck; readonly seen: Seen; readonly rules: ApprovalRules }
  | { readonly kind: 'reject'; readonly by: string; readonly check: SignatureCheck; readonly reason: string; readonly rules: ApprovalRules }
  | { readonly kind: 'freeze'; readonly because: string }
  | { readonly kind: 'start'; readonly run: string; readonly by: string; readonly checks: readonly SignatureCheck[]; readonly seen: Seen; readonly rules: ApprovalRules }
  | { readonly kind: 'mark'; readonly run: string; readonly mark: Mark; readonly seen: Seen }
  | { readonly kind: 'executed'; readonly run: string }
  | { readonly kind: 'failed'; readonly run: string; readonly because: string }
  | { readonly kind: 'resolve'; readonly found: Found }
  | { readonly kind: 'tick' };

/** What the commit log says of an execution whose end nobody wrote down. */
export type Found = 'committed' | 'not-committed' | 'running' | 'interrupted-outside' | 'forgotten';

export type Next = { readonly do: 'next'; readonly request: ChangeRequest } | Refusal;

/** States from which a request can still come to be executed, apart from one that is being executed. */
const OPEN: readonly ChangeState[] = ['proposed', 'rehearsed', 'approved'];

/**
 * The request after an event, or why the event changes nothing. What is refused stays as it was; whoever stores the next
 * request does so on condition that nobody stored another one meanwhile.
 */
export function next(request: ChangeRequest, event: ChangeEvent, now: number): Next {
  const open = OPEN.includes(request.state);
  if (open && now >= request.expires) {
    if (event.kind === 'tick') return to({ ...request, state: 'expired', because: 'nobody carried it out in time' });
    return refuse('expired', 'it has expired; propose it again');
  }
  switch (event.kind) {
    case 'tick':
      return refuse('unchanged', 'there is nothing to change');
    case 'rehearse':
      return rehearsed(request, event);
    case 'approve':
      return approved(request, event);
    case 'reject':
      return rejected(request, event);
    case 'freeze': {
      // Approvals that were given before a freeze are not kept for when it is over: what was judged may not hold any more.
      if (!open || request.approvals.length === 0) return refuse('unchanged', 'no approval of it is pending');
      return to({ ...request, state: 'frozen', because: event.because });
    }
    case 'start': {
      const no = startRefusal(request, event.checks, event.seen, event.rules);
      return no ?? to({ ...request, state: 'executing', execution: { run: event.run, by: event.by, started: now } });
    }
    case 'mark': {
      const { execution } = request;
      if (!execution || request.state !== 'executing' || execution.run !== event.run) return refuse('not-its-run', 'another execution, or its clean-up, was here first');
      if (execution.mark) return refuse('replay', 'it was about to be committed already');
      if (event.seen.frozen !== undefined) return refuse('frozen', event.seen.frozen);
      if (event.seen.digest !== request.signed?.digest) return refuse('digest', 'the document is not the one that was signed');
      return to({ ...request, execution: { ...execution, mark: event.mark } });
    }
    case 'executed':
      return finished(request, event.run, now, 'executed');
    case 'failed':
      return finished(request, event.run, now, 'failed', event.because);
    case 'resolve':
      return resolved(request, event.found, now);
  }
}

function rehearsed(request: ChangeRequest, { rehearsal, signed }: ChangeEvent & { kind: 'rehearse' }): Next {
  if (request.state !== 'proposed') return refuse('state', `it is ${request.state}, and is rehearsed once`);
  if (!rehearsal.done || !signed) return to({ ...request, rehearsal, because: rehearsal.because });
  return to({ ...request, state: 'rehearsed', rehearsal, signed });
}

function approved(request: ChangeRequest, { approval, check, seen, rules }: ChangeEvent & { kind: 'approve' }): Next {
  const no = approvalRefusal(request, approval, check, seen, rules);
  if (no) return no;
  const approvals = [...request.approvals, approval];
  return to({ ...request, approvals, state: approvals.length >= request.signed!.document.approvalsNeeded ? 'approved' : 'rehearsed' });
}

function rejected(request: ChangeRequest, { by, check, reason, rules }: ChangeEvent & { kind: 'reject' }): Next {
  if (!OPEN.includes(request.state)) return refuse('state', `it is ${request.state} and cannot be rejected any more`);
  if (check !== 'valid') return refuse('signature', `the rejection is not signed with a listed key of ${by}`);
  if (!rules.approvers.includes(by) && by !== request.requester) return refuse('not-an-approver', `${by} neither is an approver nor asked for it`);
  return to({ ...request, state: 'rejected', because: `${by}: ${reason}` });
}

function finished(request: ChangeRequest, run: string, now: number, state: 'executed' | 'failed', because?: string): Next {
  const { execution } = request;
  if (!execution || request.state !== 'executing' || execution.run !== run) return refuse('not-its-run', 'it is not this execution that is under way');
  if (state === 'executed' && !execution.mark) return refuse('state', 'it has no mark, so nothing of it can have been committed');
  return to({ ...request, state, execution: { ...execution, finished: now }, because });
}

/** Ends what nobody ended: by what PostgreSQL knows of the transaction, never by a guess. */
function resolved(request: ChangeRequest, found: Found, now: number): Next {
  const { execution } = request;
  if (!execution || request.state !== 'executing') return refuse('state', `it is ${request.state}; there is nothing to resolve`);
  if (found === 'running') return refuse('running', 'it is being carried out');
  if (!execution.mark) return finished(request, execution.run, now, 'failed', 'its execution ended before it was to be committed; nothing was changed');
  switch (found) {
    case 'committed':
      return finished(request, execution.run, now, 'executed');
    case 'not-committed':
      return finished(request, execution.run, now, 'failed', 'its execution ended before it was committed; nothing was changed');
    case 'interrupted-outside':
      return finished(request, execution.run, now, 'failed',
        'its execution was interrupted; outside a transaction it may have been done, or half done (an invalid index): look at what it touches before proposing it again');
    case 'forgotten':
      return refuse('forgotten', `PostgreSQL no longer knows what became of transaction ${execution.mark.transaction}; compare the data with the restore point before it`);
  }
}

function to(request: ChangeRequest): Next {
  return { do: 'next', request };
}
