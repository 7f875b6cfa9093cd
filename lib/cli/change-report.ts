import type { ChangeRequest } from '../core/change';
import type { ClassifiedStatement } from '../core/change/classified';
import { mixedWords, visible } from '../core/change/visible';
import { wrap } from '../core/wrap';
import { painter, type Paint, type Terminal } from './terminal';

/** Everything that somebody who judges a request has to know: exactly what will run, where, what it did when it was rehearsed. */
export function renderRequest(request: ChangeRequest, terminal: Terminal): string {
  const paint = painter(terminal.out, terminal.environment);
  const { signed, rehearsal, execution } = request;
  const line = (name: string, value: string) => `  ${name.padEnd(12)}${value}`;
  const document = signed?.document;
  return [
    `${paint('bold', request.id)} ${paint(colourOf(request), request.state)}${request.because === undefined ? '' : `: ${visible(request.because)}`}`,
    '',
    line('asked by', `${request.requester}: ${visible(request.reason)}`),
    line('expires', new Date(request.expires).toISOString()),
    ...document ? [
      line('target', `${document.target.database} at ${document.target.endpoint}:${document.target.port} (${document.target.resourceId}, system ${document.target.systemIdentifier}, timeline ${document.target.timeline})`),
      line('acts as', document.runAs ?? 'the role of the gate'),
      line('at most', document.transactional ? `${document.rowBound} rows; one more, and everything is rolled back`
        : paint('red', 'not counted: PostgreSQL runs it outside transactions, so it cannot be rolled back')),
      line('approvals', `${request.approvals.length} of ${document.approvalsNeeded}${request.approvals.map(({ approver }) => `, ${approver}`).join('')}`),
    ] : [],
    '',
    paint('bold', 'What runs, to the byte'),
    ...renderSql(request, paint),
    '',
    paint('bold', 'What it does'),
    ...request.classification.map((statement, index) => renderStatement(statement, index, request, paint)),
    ...rehearsal?.done ? ['', paint('bold', `Rehearsed on a copy of the staging clone: ${rehearsal.rows} rows in ${rehearsal.milliseconds} ms`), ...renderRehearsal(request)] : [],
    ...execution?.mark ? ['', paint('bold', 'What was done'), ...renderOutcome(request)] : [],
    ...signed ? ['', line('digest', signed.digest)] : [],
    '',
  ].join('\n');
}

function colourOf({ state }: ChangeRequest) {
  return state === 'executed' ? 'green' as const : ['failed', 'rejected', 'expired', 'frozen'].includes(state) ? 'red' as const : 'yellow' as const;
}

/** Numbered lines; what destroys something is red; what hides is written out. */
function renderSql({ sql, classification }: ChangeRequest, paint: Paint): string[] {
  const text = new TextDecoder().decode(sql);
  const lines = text.replace(/\n$/, '').split('\n');
  let at = 0;
  const destructive = classification.filter((statement) => statement.destructive);
  const shown = lines.map((line, index) => {
    const [start, end] = [at, at + Buffer.byteLength(line)];
    at = end + 1;
    const number = String(index + 1).padStart(5);
    const marked = destructive.some((statement) => statement.start < end && statement.end > start);
    return `${paint('dim', number)}  ${marked ? paint('red', visible(line)) : visible(line)}`;
  });
  const mixed = mixedWords(text);
  return mixed.length === 0 ? shown : [...shown, paint('red', `  letters of different alphabets in one word: ${mixed.map(visible).join(', ')}`)];
}

function renderStatement({ kind, destructive, objects, because, transactional }: ClassifiedStatement, index: number, { rehearsal }: ChangeRequest, paint: Paint): string {
  const rows = rehearsal?.statements[index]?.rows;
  const facts = [
    destructive ? paint('red', `${kind}, destructive`) : kind, ...objects.length > 0 ? [visible(objects.join(', '))] : [],
    ...rows === undefined || !transactional ? [] : [`${rows} rows`], visible(because),
  ];
  return wrap(facts.join(' · '), 110, '     ', `  ${index + 1}  `);
}

function renderRehearsal({ rehearsal }: ChangeRequest): string[] {
  return [
    ...rehearsal!.locks.map(({ relation, mode, blocks }) => `  ${visible(relation)}: ${mode}, blocks ${blocks} until it is done`),
    ...rehearsal!.statements.flatMap(({ plan = [] }, index) => plan.map((step, at) => `  ${at === 0 ? `plan of ${index + 1}`.padEnd(10) : ' '.repeat(10)}${visible(step)}`)),
  ];
}

function renderOutcome({ execution }: ChangeRequest): string[] {
  const { rows, restorable: { at, lsn, transaction } } = execution!.mark!;
  return [
    `  ${rows} rows`,
    `  to undo it, restore to just before ${transaction === undefined ? '' : `transaction ${transaction}, `}position ${lsn}, ${at}`,
  ];
}
