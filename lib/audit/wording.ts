import type { Report, Step, Verdict } from './model';

const HEADLINES: Readonly<Record<Verdict, string>> = {
  pass: 'Proven: every claim holds',
  fail: 'Refuted: a claim does not hold',
  unknown: 'Not proven: a claim could not be decided',
};

/** The verdict in words: the first line of every report. Where nothing is claimed, nothing is proven. */
export function headline({ verdict, rules }: Report): string {
  return verdict === 'pass' && rules.length === 0 ? 'Nothing is claimed here, so nothing was proven' : HEADLINES[verdict];
}

/** What a single verdict is called. */
export const VERDICT: Readonly<Record<Verdict, string>> = { pass: 'holds', fail: 'refuted', unknown: 'unknown' };

/** What was counted, e.g. `9 claims hold, 2 are refuted, 1 is unknown; 3 assumptions, 1 exception`. */
export function tally({ rules, assumptions, accepted }: Report): string {
  const counted = (verdict: Verdict) => rules.filter((rule) => rule.verdict === verdict).length;
  const [pass, fail, unknown] = [counted('pass'), counted('fail'), counted('unknown')];
  const claims = [
    `${pass} ${pass === 1 ? 'claim holds' : 'claims hold'}`,
    ...(fail === 0 ? [] : [`${fail} ${fail === 1 ? 'is' : 'are'} refuted`]),
    ...(unknown === 0 ? [] : [`${unknown} ${unknown === 1 ? 'is' : 'are'} unknown`]),
  ];
  const rest = [...some(assumptions.length, 'assumption'), ...some(accepted.length, 'exception')];
  return [claims.join(', '), ...(rest.length === 0 ? [] : [rest.join(', ')])].join('; ');
}

const some = (count: number, what: string): string[] => (count === 0 ? [] : [`${count} ${what}${count === 1 ? '' : 's'}`]);

/** One edge of a path as a sentence, e.g. `CodingRole → DeployRole: may sts:AssumeRole`. */
export function edge({ from, to, by, assuming }: Step): string {
  return `${from} → ${to}: ${by}${assuming === undefined ? '' : `; assuming ${assuming}`}`;
}

/** Who was taken for whom, in the order of reading; nothing for a kind of which there is nobody. */
export function people({ about }: Report): readonly (readonly [who: string, names: readonly string[]])[] {
  const kinds: readonly (readonly [string, readonly string[]])[] = [['agents', about.agents], ['production', about.production], ['approvers', about.approvers]];
  return kinds.filter(([, names]) => names.length > 0);
}
