/**
 * What the classifier costs beside the bare parser, on the corpus of its tests, in the same run and in turns. Part of `npm run bench`;
 * fails when a round of either sees other statements than the one before.
 */
import { classify, loadParser } from '../lib/core/sql';
import { EFFECTS, HIDDEN_CALLS, ORDINARY_READS } from '../test/core/sql-corpus/families';
import { TRAPS } from '../test/core/sql-corpus/traps';
import { median, quantile } from './measuring';

const ROUNDS = 25;
const WARM_UP = 5;
const GOALS = { throughput: 0.7, milliseconds: 0.2 };
/** Statements shorter than this have to be answered within the time of the goal. */
const SHORT = 1024;

export const SQL_HEAD = ['| what | kit | floor | ratio | goal | |', '|---|---|---|---|---|---|'];

/** The rows of a table with `SQL_HEAD`. */
export async function benchSql(): Promise<string[]> {
  const parser = await loadParser();
  const corpus = [...TRAPS, ...EFFECTS, ...HIDDEN_CALLS].map(([sql]) => sql).concat(ORDINARY_READS);
  // The parser of PL/pgSQL is another one, and a body is nothing to the first.
  const bare = () => corpus.reduce((count, sql) => {
    const answer = parser.parse(sql);
    if (sql.startsWith('DO')) parser.parseBody(sql);
    return count + ('parsed' in answer ? answer.parsed.length : 1);
  }, 0);
  const kit = () => corpus.reduce((count, sql) => count + classify(parser, sql).length, 0);
  const statements = bare();
  const rounds: { readonly bare: number; readonly kit: number }[] = [];
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    const times = { bare: 0, kit: 0 };
    // Which goes first alternates too.
    for (const side of round % 2 === 0 ? ['bare', 'kit'] as const : ['kit', 'bare'] as const) {
      const start = process.cpuUsage();
      if ((side === 'bare' ? bare : kit)() !== statements) throw new Error('a round saw other statements than the one before');
      const { user, system } = process.cpuUsage(start);
      times[side] = (user + system) / 1000;
    }
    if (round >= 0) rounds.push(times);
  }
  const perSecond = (side: 'bare' | 'kit') => statements / median(rounds.map((round) => round[side])) * 1000;
  const ratio = median(rounds.map((round) => round.bare / round.kit));
  const short = corpus.filter((sql) => Buffer.byteLength(sql) < SHORT);
  const [slow, slowBare] = [eachOf(short, (sql) => classify(parser, sql)), eachOf(short, (sql) => parser.parse(sql))];
  const verdict = (met: boolean) => (met ? 'met' : 'missed');
  return [
    `| ${statements} statements, one text each: statements a second (median of ${ROUNDS}) | ${perSecond('kit').toFixed(0)} | ${perSecond('bare').toFixed(0)}: the bare parsers, of SQL and of the bodies of DO | ${ratio.toFixed(2)} | at least ${GOALS.throughput} | ${verdict(ratio >= GOALS.throughput)} |`,
    `| a statement under ${SHORT} bytes: 99 of 100 within | ${slow.toFixed(3)} ms | ${slowBare.toFixed(3)} ms: the bare parser | ${(slow / slowBare).toFixed(2)} | at most ${GOALS.milliseconds} ms | ${verdict(slow <= GOALS.milliseconds)} |`,
  ];
}

/** Milliseconds within which 99 of 100 texts are answered. */
function eachOf(texts: readonly string[], answer: (text: string) => unknown): number {
  const times: number[] = [];
  for (let round = 0; round < WARM_UP; round += 1) {
    for (const text of texts) {
      const start = performance.now();
      answer(text);
      times.push(performance.now() - start);
    }
  }
  return quantile(times, 0.99);
}
