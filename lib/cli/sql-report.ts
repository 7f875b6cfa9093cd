import type { Statement } from '../core/sql';
import { visible } from '../core/sql/visible';
import { wrap } from '../core/wrap';
import { painter, type Terminal } from './terminal';

/** Where a statement begins, as editors count: lines from 1, characters from 1. */
interface Placed extends Statement {
  readonly place: string;
}

const COLOUR = { read: 'green', session: 'yellow', write: 'yellow', schema: 'yellow', privilege: 'red', external: 'red', unknown: 'red' } as const;

/** The verdicts as a table for people. */
export function renderStatements(bytes: Uint8Array, statements: readonly Statement[], asked: boolean, terminal: Terminal): string {
  const paint = painter(terminal.out, terminal.environment);
  const placed = places(bytes, statements);
  const column = (texts: readonly string[]) => Math.max(...texts.map((text) => text.length));
  const width = {
    place: column(placed.map(({ place }) => place)), kind: column(placed.map(({ kind }) => kind)),
    objects: Math.min(column(placed.map(objectsOf)), 30),
  };
  const destroys = placed.some(({ destructive }) => destructive) ? 'destroys'.length + 2 : 0;
  const indent = ' '.repeat(width.place + width.kind + width.objects + destroys + 6);
  const total = Math.max(Math.min(terminal.out.columns ?? 110, 130), indent.length + 40);
  const lines = placed.map((statement) => {
    const objects = objectsOf(statement);
    const start = [
      statement.place.padEnd(width.place), paint(COLOUR[statement.kind], statement.kind.padEnd(width.kind)),
      ...(destroys === 0 ? [] : [statement.destructive ? paint('red', 'destroys') : '        ']), objects.padEnd(width.objects),
    ].join('  ');
    const because = `${visible(statement.because)}${statement.transactional ? '' : '; cannot run inside a transaction'}`;
    // A long list of objects has a line of its own.
    return wrap(because, total, indent, objects.length > width.objects ? `${start}\n${indent}` : `${start}  `);
  });
  return [...lines, ...footer(placed, asked).map((line) => paint('dim', line)), ''].join('\n');
}

function objectsOf({ objects }: Statement): string {
  return objects.map(visible).join(', ');
}

function footer(statements: readonly Statement[], asked: boolean): string[] {
  if (asked || statements.every(({ limits }) => limits.length === 0)) return [];
  return ['', 'No parser sees what is behind these names: views, rules, triggers, operators, domains. --catalog URL asks the database; --json lists each.'];
}

function places(bytes: Uint8Array, statements: readonly Statement[]): Placed[] {
  let [line, start, at] = [1, 0, 0];
  return statements.map((statement) => {
    for (; at < statement.start; at++) {
      if (bytes[at] === 0x0a) [line, start] = [line + 1, at + 1];
    }
    const column = [...new TextDecoder().decode(bytes.subarray(start, statement.start))].length + 1;
    return { ...statement, place: `${line}:${column}` };
  });
}
