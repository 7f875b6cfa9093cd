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
  if (reason.trim().length < SHORTEST_REASON) return defect(`an acknowledgement of ${rule} gives '${reason}' as its reason`, 'write why this is right, in a sentence');
  if (!isDay(expires)) return defect(`an acknowledgement of ${rule} expires '${expires}', which is no day`, 'write a day such as 2027-03-31');
  if (expires > aYearAfter(today)) return defect(`the acknowledgement of ${rule} (${reason}) expires on ${expires}, more than a year from now`, 'write a day within a year, on which somebody looks at it again');
  if (expires < today) return defect(`the acknowledgement of ${rule} (${reason}) expired on ${expires}`, 'mend what it accepted, or acknowledge it again with a new day');
  return undefined;
}

const SHORTEST_REASON = 10;

/** The same day of the next year; its 29th of February is a day after the 28th as text goes. */
const aYearAfter = (today: string): string => `${Number(today.slice(0, 4)) + 1}${today.slice(4)}`;

/** A day that exists: February has no 30th, which `Date` would take for a day in March. */
function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
