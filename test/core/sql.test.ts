import { classify, loadParser, type Parser } from '../../lib/core/sql';
import { EFFECTS, HIDDEN_CALLS, ORDINARY_READS } from './sql-corpus/families';
import { TRAPS, type Case } from './sql-corpus/traps';

let parser: Parser;
beforeAll(async () => { parser = await loadParser(); });

const verdictOf = (sql: string) => classify(parser, sql).map(({ kind, destructive }) => `${kind}${destructive ? '!' : ''}`).join();
const wrong = (cases: readonly Case[]) => cases.filter(([sql, verdict]) => verdictOf(sql) !== verdict).map(([sql, verdict]) => `${verdict} <> ${verdictOf(sql)}: ${sql}`);

describe('what a statement is called', () => {
  test('when its text deceives', () => {
    expect(TRAPS.length).toBeGreaterThan(250);
    expect(wrong(TRAPS)).toEqual([]);
  });

  test('when it does more than read', () => {
    expect(EFFECTS.length + HIDDEN_CALLS.length).toBeGreaterThan(1_600);
    expect(wrong(EFFECTS)).toEqual([]);
    expect(wrong(HIDDEN_CALLS)).toEqual([]);
  });

  test('when it is an ordinary read', () => {
    expect(ORDINARY_READS.length).toBeGreaterThan(850);
    expect(wrong(ORDINARY_READS.map((sql) => [sql, 'read']))).toEqual([]);
  });
});
