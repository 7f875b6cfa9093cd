import type { Assumption, Finding, Report } from './model';
import { readable } from './text';

/** A report in which nothing is a symbol any more: for machines, which do not know the kit's symbols. */
export function spelledOut(report: Report): Report {
  return {
    ...report,
    findings: report.findings.map(finding),
    assumptions: report.assumptions.map(assumption),
    accepted: report.accepted.map((accepted) => ({ ...accepted, finding: finding(accepted.finding) })),
  };
}

function finding(finding: Finding): Finding {
  const { subject, because, fix, steps } = finding;
  return {
    ...finding,
    subject: { id: readable(subject.id), path: readable(subject.path) },
    because: readable(because),
    fix: readable(fix),
    steps: steps.map(({ from, to, by, source, assuming }) => ({
      from: readable(from), to: readable(to), by: readable(by), source: readable(source),
      ...(assuming === undefined ? {} : { assuming: readable(assuming) }),
    })),
  };
}

function assumption({ what, subject, path, affects }: Assumption): Assumption {
  return { what: readable(what), subject: readable(subject), path: readable(path), affects };
}
