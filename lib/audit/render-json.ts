import type { Difference } from './differences';
import type { Finding, Report } from './model';
import { spelledOut } from './spelled-out';

/**
 * The report for machines: `{ verdict, about, rules, findings, assumptions, accepted, notClaimed }`. `path` of a finding is its chain of
 * steps, empty where one fact alone breaks the claim. Of an account there are also `differences` from its template.
 */
export function renderJson(report: Report, differences?: readonly Difference[]): string {
  const { verdict, about, rules, findings, assumptions, accepted, notClaimed } = spelledOut(report);
  const document = {
    verdict,
    about,
    rules: rules.map(({ id, claim, verdict }) => ({ id, claim, verdict })),
    findings: findings.map(findingOf),
    assumptions,
    accepted: accepted.map(({ finding, acknowledgement }) => ({ finding: findingOf(finding), acknowledgement })),
    notClaimed,
    ...(differences && { differences }),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function findingOf({ rule, verdict, subject, because, fix, steps }: Finding) {
  return { rule, verdict, subject, because, fix, path: steps };
}
