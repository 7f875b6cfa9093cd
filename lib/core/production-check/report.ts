import { clip, type Outcome } from '../custom-resource';
import { homeOf, type Expected, type Item, type Report } from './types';

/** Characters of a failure message, so that it fits into an answer to CloudFormation with everything else in it. */
export const FAILURE_LIMIT = 3000;

/** Characters in which what is missing can still be told. */
const SHORTEST = 50;

export interface ReportPlace {
  /** The log group that holds the whole report. */
  readonly logGroup: string;
  /** Whether CloudFormation removes that log group again because the stack is new and its creation failed. */
  readonly isNewStack: boolean;
}

/**
 * What CloudFormation is answered. A failed check stops a deployment, but not a rollback: nothing new is deployed then, and the
 * stack would be stuck. What is missing is in the answer either way.
 */
export function answerTo(
  expected: Expected,
  report: Report,
  { isRollingBack, place, checkedAt }: { readonly isRollingBack: boolean; readonly place: ReportPlace; readonly checkedAt: Date },
): Outcome {
  if (report.verdict === 'fail' && !isRollingBack) return { do: 'fail', because: renderFailure(expected, report, place) };
  const warnings = renderItems([...report.missing, ...report.warnings]);
  return { do: 'succeed', data: { Verdict: report.verdict, Warnings: warnings, CheckedAt: checkedAt.toISOString() } };
}

/** The one message with which a deployment stops: everything that is missing, each with the command that mends it. */
export function renderFailure(expected: Expected, report: Report, place: ReportPlace): string {
  const { region, account } = homeOf(expected);
  const count = report.missing.length === 1 ? '1 requirement' : `${report.missing.length} requirements`;
  const head = `Production database ${expected.identifier} (account ${account}, ${region}) does not meet ${count}. Nothing in it was changed.`;
  const whole = [head, ...numbered(report.missing, renderItem), 'Then deploy again.'].join('\n');
  if (whole.length <= FAILURE_LIMIT) return whole;
  const pointer = `The commands that mend this are in log group ${place.logGroup}.`
    + (place.isNewStack ? ' It goes away with the failed stack: cdk deploy --no-rollback keeps it.' : '');
  return `${shortened(head, report.missing, FAILURE_LIMIT - pointer.length - 1)}\n${pointer}`;
}

/** Every item's first sentence. What was seen may be long, such as a list of names: the longest give way first. */
function shortened(head: string, items: readonly Item[], limit: number): string {
  let longest = limit;
  const text = (): string => [head, ...numbered(items, (item) => clip(firstSentence(item), longest))].join('\n');
  while (text().length > limit && longest > SHORTEST) longest -= SHORTEST;
  return clip(text(), limit);
}

/** Items as lines of text: for the log, for the output of a stack. */
export function renderItems(items: readonly Item[]): string {
  return items.length === 0 ? 'none' : numbered(items, renderItem).join('\n');
}

function numbered(items: readonly Item[], render: (item: Item) => string): string[] {
  return items.map((item, index) => `(${index + 1}) ${render(item)}`);
}

function firstSentence(item: Item): string {
  return `${capital(item.what)}: ${item.saw}.`;
}

function renderItem(item: Item): string {
  return `${firstSentence(item)} Fix: ${item.fix}${item.warning === undefined ? '' : ` | Careful: ${item.warning}.`}`;
}

/** Settings keep their spelling: `resourceId`. */
function capital(text: string): string {
  return /^[a-z]+[A-Z]/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
}
