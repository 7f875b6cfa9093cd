import { wrap } from '../core/wrap';
import type { Difference } from './differences';
import type { Finding, Report, Step, Verdict } from './model';
import { printable } from './printable';
import { edge, headline, people, tally, VERDICT } from './wording';

/** How text is shown: where it goes decides whether it has colours, and how wide it is. */
export interface Page {
  /** What was audited, e.g. `cdk.out`. */
  readonly what: string;
  readonly width: number;
  /** Between the account and its template, if the account was audited. */
  readonly differences?: readonly Difference[];
  readonly paint: (style: 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan', text: string) => string;
}

const MARKS: Readonly<Record<Verdict, readonly ['green' | 'red' | 'yellow', string]>> = {
  pass: ['green', '✔'], fail: ['red', '✖'], unknown: ['yellow', '?'],
};
const VERDICT_WIDTH = Math.max(...Object.values(VERDICT).map((word) => word.length));

/** The report for people at a terminal: the verdict first, then what it is made of. */
export function renderText(report: Report, page: Page): string {
  const [colour] = MARKS[report.verdict];
  return [
    '',
    `${mark(report.verdict, page)} ${page.paint('bold', page.paint(colour, headline(report)))}`,
    wrap(`${printable(page.what)}: ${tally(report)}`, page.width, '  '),
    ...people(report).map(([who, names]) => page.paint('dim', wrap(`${who}: ${names.map(printable).join(', ')}`, page.width, '    ', '  '))),
    ...section('Guarantees', guarantees(report, page), page),
    ...section('Findings', report.findings.flatMap((finding, index) => [...(index === 0 ? [] : ['']), ...explain(finding, page)]), page),
    ...section('Different from the deployed template', (page.differences ?? []).flatMap((one) => differing(one, page)), page),
    ...section('Assumed, because the template does not tell', report.assumptions.map(({ what, path, affects }) =>
      wrap(`${printable(what)} (${printable(path)}${affects === 'note' ? '' : `; bears on ${affects}`})`, page.width, '    ', '  · ')), page),
    ...section('Accepted by people', report.accepted.flatMap(({ finding, acknowledgement }) => [
      wrap(`${finding.rule}, until ${printable(acknowledgement.expires)}: ${printable(acknowledgement.reason)}`, page.width, '    ', '  ~ '),
      wrap(printable(finding.because), page.width, '    '),
    ]), page),
    '',
  ].join('\n');
}

function differing({ path, type, what, property, template, account }: Difference, page: Page): string[] {
  const subject = `${printable(path)} (${type})`;
  if (what === 'gone') return [wrap(`${subject} is gone`, page.width, '    ', '  - ')];
  if (what === 'added') return [wrap(`${subject} was added: ${printable(account ?? '')}`, page.width, '    ', '  + ')];
  return [
    wrap(`${subject}: ${property}`, page.width, '    ', '  ≠ '),
    wrap(`template: ${printable(template ?? '')}`, page.width, '        ', '      '),
    wrap(`account:  ${printable(account ?? '')}`, page.width, '        ', '      '),
  ];
}

function section(heading: string, lines: readonly string[], page: Page): string[] {
  return lines.length === 0 ? [] : ['', page.paint('bold', heading), ...lines];
}

function mark(verdict: Verdict, { paint }: Page): string {
  return paint(...MARKS[verdict]);
}

/** A table: verdict, id, claim. The claim is broken into lines within its column. */
function guarantees({ rules, notClaimed }: Report, page: Page): string[] {
  const idWidth = Math.max(0, ...[...rules.map(({ id }) => id), ...notClaimed].map((id) => id.length));
  const column = 4 + VERDICT_WIDTH + 2 + idWidth + 2;
  const row = (first: string, word: string, id: string, claim: string) => {
    // A narrow terminal has no room for a column of claims: they stand below their ids.
    if (page.width - column < 30) return `${first} ${word}  ${id}\n${wrap(claim, page.width, '      ')}`;
    return `${first} ${word}  ${id.padEnd(idWidth)}  ${wrap(claim, page.width, ' '.repeat(column)).trimStart()}`;
  };
  return [
    ...rules.map(({ id, claim, verdict }) => row(`  ${mark(verdict, page)}`, VERDICT[verdict].padEnd(VERDICT_WIDTH), id, claim)),
    ...notClaimed.map((id) => page.paint('dim', row('  –', 'open'.padEnd(VERDICT_WIDTH), id, 'nothing in here claims this'))),
  ];
}

function explain({ rule, verdict, subject, because, fix, steps }: Finding, page: Page): string[] {
  const named = printable(subject.path) === printable(subject.id) ? '' : ` (${printable(subject.id)})`;
  return [
    `  ${mark(verdict, page)} ${page.paint('bold', rule)}`,
    wrap(printable(because), page.width, '    '),
    wrap(`at ${printable(subject.path)}${named}`, page.width, '    '),
    ...steps.map((step, index) => wrap(stated(step), page.width, '         ', `      ${index + 1}. `)),
    page.paint('cyan', wrap(`Fix: ${printable(fix)}`, page.width, '      ', '    ')),
  ];
}

function stated(step: Step): string {
  return `${printable(edge(step))}${step.source === step.from || step.source === '' ? '' : ` [${printable(step.source)}]`}`;
}
