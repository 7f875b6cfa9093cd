import type { Note, PreflightReport, Reason } from '../core/preflight/types';
import { wrap } from '../core/wrap';
import { painter, type Paint, type Terminal } from './terminal';

const LABELS: Readonly<Record<Note['check'], string>> = {
  production: 'production', approver: 'approver', agent: 'agent', 'identity-provider': 'sign-in',
};
const LABEL_WIDTH = Math.max(...Object.values(LABELS).map((label) => label.length));

/** The report for people: commands stand on lines of their own, to be copied. */
export function renderReport(environment: string, report: PreflightReport, terminal: Terminal): string {
  const paint = painter(terminal.out, terminal.environment);
  const width = widthOf(terminal.out.columns);
  const marks = { pass: paint('green', '✔'), fail: paint('red', '✖'), unknown: paint('yellow', '?') };
  return [
    '',
    paint('bold', `What a deployment of ${environment} would find`),
    '',
    ...report.findings.flatMap((finding) => render(finding, marks[finding.verdict], width, paint)),
    ...(report.warnings.length === 0 ? [] : [
      paint('bold', 'Worth knowing, but no reason to stop'),
      '',
      ...report.warnings.flatMap((note) => render(note, paint('yellow', '!'), width, paint)),
    ]),
    next(environment, report, terminal.program, paint),
    '',
  ].join('\n');
}

/** Why nothing could be read, without colours: it goes to the error stream. */
export function renderReason({ because, fix }: Reason, terminal: Terminal): string {
  return `${[because, ...instructions(fix, widthOf(terminal.err.columns), '  ')].join('\n')}\n`;
}

function widthOf(columns: number | undefined): number {
  return Math.min(columns ?? 100, 110);
}

function render(note: Note, mark: string, width: number, paint: Paint): string[] {
  return [
    `${mark} ${LABELS[note.check].padEnd(LABEL_WIDTH)}  ${paint('bold', note.subject)}`,
    wrap(note.because, width, '    '),
    // Before the command, so that it is read before the command is run.
    ...(note.warning === undefined ? [] : [wrap(`Careful: ${note.warning}.`, width, '      ')]),
    ...(note.fix === undefined ? [] : instructions(note.fix, width, '      ').map((line) => paint('cyan', line))),
    '',
  ];
}

/** The kit's own commands all end in the Region; several that belong together are joined by `&&`. */
const COMMANDS = /((?:aws [a-z]+ [a-z-]+ .*?--region \S+)(?: && (?=aws ))?)/;

/** Sentences are broken into lines; a command stays on one line of its own, however long. */
function instructions(fix: string, width: number, indent: string): string[] {
  return fix.split(COMMANDS).map((part) => part.trim()).filter((part) => part !== '')
    .map((part) => (COMMANDS.test(part) ? `${indent}${part}` : wrap(part, width, indent)));
}

function next(environment: string, { verdict, findings }: PreflightReport, program: string, paint: Paint): string {
  const again = `${program} preflight --env ${environment}`;
  const failing = findings.filter((finding) => finding.verdict === 'fail').length;
  const unknown = findings.filter((finding) => finding.verdict === 'unknown').length;
  const say = (mark: string, count: number) => (count === 0 ? [] : [`${count} marked ${mark}`]);
  return verdict === 'pass'
    ? `${paint('green', '✔')} Next: ${paint('bold', `npx cdk deploy -c env=${environment}`)}`
    : `Next: settle the ${[...say('✖', failing), ...say('?', unknown)].join(' and the ')}, then run ${paint('bold', again)} again`;
}
