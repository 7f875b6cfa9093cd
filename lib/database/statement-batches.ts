import { quoteDollar } from '../core/identifier';

/** Statements that travel together, and which of them an error is about. */
export interface StatementBatch {
  readonly text: string;
  readonly statementAt: (error: unknown) => string | undefined;
}

/** From here on statements travel together: each round trip costs as much as several statements. */
const WORTH_BATCHING = 4;
const STATEMENTS_IN_A_BATCH = 250;

/**
 * Many statements as a few DO blocks. Privileges are what they would be one by one, warnings reach the client, and an
 * error names its line. `blocks` is whether they may be run.
 */
export function inBatches(statements: readonly string[], blocks: boolean): StatementBatch[] {
  if (!blocks || statements.length < WORTH_BATCHING) return statements.map((text) => ({ text, statementAt: () => text }));
  return Array.from({ length: Math.ceil(statements.length / STATEMENTS_IN_A_BATCH) }, (_, index) =>
    block(statements.slice(index * STATEMENTS_IN_A_BATCH, (index + 1) * STATEMENTS_IN_A_BATCH)));
}

function block(statements: readonly string[]): StatementBatch {
  let line = 2;
  const starts = statements.map((statement) => {
    const start = line;
    line += statement.split('\n').length;
    return start;
  });
  return {
    text: `DO ${quoteDollar(`BEGIN\n${statements.map((statement) => `${statement};\n`).join('')}END`)}`,
    statementAt: (error) => {
      const at = Number(/inline_code_block line (\d+)/.exec(String((error as { where?: string }).where ?? ''))?.[1]);
      const index = starts.findLastIndex((start) => start <= at);
      return statements[index];
    },
  };
}
