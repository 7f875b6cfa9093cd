import type { Span } from './document';

/** One statement, and what it does. `start` and `end` are byte offsets. */
export interface ClassifiedStatement extends Span {
  readonly kind: 'read' | 'write' | 'schema' | 'privilege' | 'session' | 'external' | 'unknown';
  readonly destructive: boolean;
  readonly objects: readonly string[];
  readonly because: string;
  /** Whether PostgreSQL runs it inside a transaction. */
  readonly transactional: boolean;
}

/** Says what each statement of some SQL does. */
export type Classify = (sql: Uint8Array) => readonly ClassifiedStatement[] | Promise<readonly ClassifiedStatement[]>;

export type Admission =
  | { readonly do: 'admit'; readonly transactional: boolean }
  | { readonly do: 'refuse'; readonly because: readonly string[] };

/** Whether the gate takes statements of these kinds at all, whoever signs them. All reasons at once. */
export function admission(sql: Uint8Array, statements: readonly ClassifiedStatement[]): Admission {
  const outside = statements.filter(({ kind, transactional }) => !transactional && kind !== 'session');
  const because = [
    ...(statements.length === 0 ? ['there is no statement in it'] : []),
    ...statements.flatMap((statement, index) => notTaken(statement).map((why) => `statement ${index + 1} ${why}`)),
    ...(outside.length > 0 && statements.length > 1
      ? [`PostgreSQL runs statement ${statements.indexOf(outside[0]!) + 1} outside transactions only; propose it alone, since together they could not be taken back`] : []),
    ...gapProblems(sql, statements),
  ];
  return because.length > 0 ? { do: 'refuse', because } : { do: 'admit', transactional: outside.length === 0 };
}

function notTaken({ kind, because }: ClassifiedStatement): string[] {
  switch (kind) {
    case 'read':
    case 'write':
    case 'schema':
    case 'privilege':
      return [];
    case 'session':
      return [`is for the session, which is the gate's (${because}); take it out: everything runs in one transaction, with settings that the gate chooses`];
    case 'external':
      return [`reaches out of the database (${because}); no approval makes that safe, take it out`];
    case 'unknown':
      return [`cannot be judged (${because}); write out as plain statements what it is to do`];
  }
}

/** What lies between statements does not run, so an approver must not read anything into it: blanks, comments and semicolons only. */
function gapProblems(sql: Uint8Array, statements: readonly Span[]): string[] {
  let at = 0;
  for (const [index, { start, end }] of [...statements.entries(), [statements.length, { start: sql.length, end: sql.length }]] as [number, Span][]) {
    if (!Number.isInteger(start) || !Number.isInteger(end) || start < at || end < start || end > sql.length) {
      return [`statement ${index + 1} has no sound place in the text (bytes ${start} to ${end})`];
    }
    if (!isEmpty(new TextDecoder().decode(sql.subarray(at, start)))) return [`there is text ${index === 0 ? 'before statement 1' : `behind statement ${index}`} that is no statement`];
    at = end;
  }
  return [];
}

function isEmpty(text: string): boolean {
  let rest = text;
  for (;;) {
    rest = rest.replace(/^[\s;]+/, '');
    if (rest === '') return true;
    if (rest.startsWith('--')) rest = rest.replace(/^--[^\r\n]*/, '');
    else if (rest.startsWith('/*')) rest = rest.slice(commentLength(rest));
    else return false;
  }
}

/** Comments nest in PostgreSQL. One without an end goes on to the end. */
function commentLength(text: string): number {
  let depth = 0;
  for (const mark of text.matchAll(/\/\*|\*\//g)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return mark.index + 2;
  }
  return text.length;
}
