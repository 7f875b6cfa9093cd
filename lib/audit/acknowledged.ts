import { DAY, isDay, isOver, isReason, isTooFar, REASON, SOON } from '../core/exception';
import type { Acknowledgement, Finding, Report } from './model';

/** What is left of the findings once those that people accepted are taken out, and what is wrong with how they accepted them. */
export interface Acknowledged {
  readonly findings: readonly Finding[];
  readonly accepted: Report['accepted'];
  /** An acknowledgement that has expired or that no rule goes by is a finding of its own: it was meant to have an effect. */
  readonly defects: readonly Finding[];
}

/** `today` and `expires` are ISO days, so that they compare as text. */
export function acknowledged(findings: readonly Finding[], acknowledgements: readonly Acknowledgement[], rules: readonly string[], today: string): Acknowledged {
  const valid = acknowledgements.filter((one) => defectOf(one, rules, today) === undefined);
  const covered = findings.map((finding) => ({ finding, acknowledgement: valid.find((one) => covers(one, finding)) }));
  return {
    findings: covered.flatMap(({ finding, acknowledgement }) => acknowledgement ? [] : [finding]),
    accepted: covered.flatMap(({ finding, acknowledgement }) => acknowledgement ? [{ finding, acknowledgement }] : []),
    defects: acknowledgements.flatMap((one) => defectOf(one, rules, today) ?? []),
  };
}

function covers({ rule, path }: Acknowledgement, finding: Finding): boolean {
  return rule === finding.rule && (path === '' || finding.subject.path === path || finding.subject.path.startsWith(`${path}/`));
}

function defectOf({ rule, reason, expires, path }: Acknowledgement, rules: readonly string[], today: string): Finding | undefined {
  const defect = (because: string, fix: string): Finding => ({
    rule, verdict: 'fail', subject: { id: path || 'the assembly', path }, because, fix, steps: [],
  });
  if (!rules.includes(rule)) return defect(`an acknowledgement names the rule '${rule}', which there is not`, `write one of ${rules.join(', ')}`);
  if (!isReason(reason)) return defect(`an acknowledgement of ${rule} gives '${reason}' as its reason`, `write ${REASON}`);
  if (!isDay(expires)) return defect(`an acknowledgement of ${rule} expires '${expires}', which is no day`, `write ${DAY}`);
  if (isTooFar(expires, today)) return defect(`the acknowledgement of ${rule} (${reason}) expires on ${expires}, more than a year from now`, `write ${SOON}`);
  if (isOver(expires, today)) return defect(`the acknowledgement of ${rule} (${reason}) expired on ${expires}`, 'mend what it accepted, or acknowledge it again with a new day');
  return undefined;
}
