import { GUARANTEES } from '../core/guarantees';
import { acknowledged } from './acknowledged';
import type { Assembly, Assumption, AuditModel, Finding, Report, Rule, RuleVerdict, Verdict } from './model';
import { RULES } from './rules';
import { subjectsOf, type NamedSubjects } from './subjects';
import { undeclared } from './undeclared';

/** One way in which the conditions of the templates may turn out. */
export interface World {
  readonly assembly: Assembly;
  /** What was decided, e.g. `IsProd = true`; empty where nothing had to be. */
  readonly when: readonly string[];
}

export interface AuditOptions {
  /** For templates that do not say themselves who is who. */
  readonly subjects?: NamedSubjects;
  /** What is deployed already: the same templates as they were. */
  readonly deployed?: Assembly;
  /** Service control policies that apply to the accounts, as documents. */
  readonly serviceControl?: readonly unknown[];
  /** The day on which exceptions are judged, `2026-11-20`. */
  readonly today: string;
  /** @default - the rules of the kit */
  readonly rules?: readonly Rule[];
}

export type AuditOutcome =
  | { readonly do: 'report'; readonly report: Report }
  /** It could not be judged: what to write. */
  | { readonly do: 'refuse'; readonly problems: readonly string[] };

/**
 * Whether the guarantees hold in every world. A rule that nothing in the assembly makes claim to is listed as not claimed. What the template
 * does not tell is an assumption, and makes a rule that depends on it `unknown`.
 */
export function audit(worlds: readonly World[], options: AuditOptions): AuditOutcome {
  const found = worlds.map(({ assembly }) => subjectsOf(assembly, options.subjects));
  const problems = [...new Set(found.flatMap((each) => each.do === 'refuse' ? each.problems : []))];
  if (problems.length > 0) return { do: 'refuse', problems };
  const models = worlds.map(({ assembly, when }, index): AuditModel & { readonly when: readonly string[] } => {
    const each = found[index]!;
    return { assembly, when, subjects: each.do === 'found' ? each.subjects : NOBODY, deployed: options.deployed, serviceControl: options.serviceControl ?? [], today: options.today };
  });
  const rules = options.rules ?? RULES;
  const silent = new Map<AuditModel, readonly Finding[]>(models.map((model) => [model, undeclared(model)]));
  const concerns = (rule: Rule, model: AuditModel) => rule.applies(model) || silent.get(model)!.some((finding) => finding.rule === rule.id);
  const applying = rules.filter((rule) => models.some((model) => concerns(rule, model)));
  const all = distinct(models.flatMap((model) => applying.filter((rule) => concerns(rule, model)).flatMap((rule) => judged(rule, model, silent.get(model)!).map((finding) => said(finding, model.when)))));
  const { findings, accepted, defects } = acknowledged(all, distinct(worlds.flatMap(({ assembly }) => assembly.acknowledgements)), rules.map(({ id }) => id), options.today);
  const open = [...findings, ...defects];
  const verdicts = applying.map(({ id, claim }): RuleVerdict => ({ id, claim, verdict: worst(open.filter(({ rule }) => rule === id)) }));
  return {
    do: 'report',
    report: {
      // Where nothing is claimed nothing was proven.
      verdict: verdicts.length === 0 ? 'unknown' : worst(open),
      rules: verdicts,
      findings: [...open].sort((one, other) => Number(one.verdict === 'unknown') - Number(other.verdict === 'unknown')),
      assumptions: distinct(worlds.flatMap(({ assembly }) => assembly.assumptions)),
      accepted,
      notClaimed: [...new Set([...GUARANTEES.map(({ id }) => id), ...rules.map(({ id }) => id)])].filter((id) => !verdicts.some((verdict) => verdict.id === id)),
    },
  };
}

const NOBODY = { agents: [], production: [], approvers: [], described: [], logins: [] };

/** What could not be read at all may hide anything, so no rule passes then. */
function judged(rule: Rule, model: AuditModel, silent: readonly Finding[]): readonly Finding[] {
  const findings = [...(rule.applies(model) ? rule.check(model) : []), ...silent.filter((finding) => finding.rule === rule.id)];
  const blind = model.assembly.assumptions.find(({ affects }) => affects === 'everything');
  return blind === undefined || findings.length > 0 ? findings : [unread(rule, blind)];
}

const unread = (rule: Rule, { what, subject, path }: Assumption): Finding => ({
  rule: rule.id, verdict: 'unknown', subject: { id: subject, path }, because: `a part of the template could not be read: ${what}`, fix: 'write it so that it can be resolved before deployment', steps: [],
});

const said = (finding: Finding, when: readonly string[]): Finding => when.length === 0 ? finding : { ...finding, because: `${finding.because} (when ${when.join(', ')})` };

function worst(findings: readonly Finding[]): Verdict {
  return findings.some(({ verdict }) => verdict === 'fail') ? 'fail' : findings.length > 0 ? 'unknown' : 'pass';
}

function distinct<T>(values: readonly T[]): readonly T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
