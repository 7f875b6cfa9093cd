import type { Parser } from './parser';
import { Scan } from './scan';

/** What a body in PL/pgSQL is made of, as far as that can be seen before it runs. */
export interface Body {
  /** The SQL in it, expressions written as SELECT. */
  readonly texts: readonly string[];
  /** What is in it besides: SQL that is put together at run time, ends of transactions, what nobody understands. */
  readonly besides: Scan;
}

/** Statements of PL/pgSQL that do nothing but what the SQL in them does. */
const HARMLESS = new Set(`assert assign block call case close execsql exit fetch forc foreach_a fori fors getdiag if loop open perform raise return return_next
  return_query while`.trim().split(/\s+/));

/** How PL/pgSQL reads an expression (RawParseMode): a statement, a type, an expression, and assignments to one, two or three names. */
const MODE = { statement: 0, type: 1, expression: 2 } as const;

const NAME = String.raw`(?:"(?:[^"]|"")*"|[\w$\u0080-\uffff]+)`;
const ASSIGNMENT = new RegExp(String.raw`^\s*${NAME}(?:\s*\.\s*${NAME})*\s*:?=(?![<>~!@#%^&|?*/+-])`);

/** Takes apart the body of a DO or of a function. `statement` is all of it: `DO $$ … $$`. */
export function bodyOf(parser: Parser, statement: string): Body {
  const [texts, besides] = [[] as string[], new Scan()];
  const answer = parser.parseBody(statement);
  if ('refused' in answer) {
    besides.add('unknown', 'has a body that PostgreSQL does not accept');
    return { texts, besides };
  }
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit);
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
    for (const [key, value] of Object.entries(node)) {
      if (key === 'PLpgSQL_expr') expression(value as { readonly query: string; readonly parseMode?: number }, texts, besides);
      else if (key === 'PLpgSQL_type') datatype(value as { readonly typname: string }, texts);
      else if (key === 'dynquery') besides.add('unknown', 'runs SQL that is put together at run time');
      else if (key.startsWith('PLpgSQL_stmt_')) stepOf(key.slice('PLpgSQL_stmt_'.length), besides);
      if (key !== 'PLpgSQL_expr') visit(value);
    }
  };
  visit(answer.parsed);
  return { texts, besides };
}

/** A variable of a domain has its values checked. `t.c%TYPE` says no name of a type. */
function datatype({ typname }: { readonly typname: string }, texts: string[]): void {
  if (!typname.includes('%')) texts.push(`SELECT NULL::${typname}`);
}

function stepOf(step: string, besides: Scan): void {
  if (step === 'dynexecute' || step === 'dynfors') besides.add('unknown', 'runs SQL that is put together at run time');
  else if (step === 'commit' || step === 'rollback') {
    besides.add('session', 'ends the transaction');
    besides.alone();
  } else if (!HARMLESS.has(step)) besides.add('unknown', `has a step (${step}) that the kit does not know`);
}

function expression({ query, parseMode = MODE.statement }: { readonly query: string; readonly parseMode?: number }, texts: string[], besides: Scan): void {
  if (parseMode === MODE.statement) texts.push(query);
  else if (parseMode === MODE.expression) texts.push(`SELECT ${query}`);
  else if (parseMode !== MODE.type) {
    if (ASSIGNMENT.test(query)) texts.push(query.replace(ASSIGNMENT, 'SELECT '));
    else besides.add('unknown', 'assigns to what the kit cannot read');
  }
}
