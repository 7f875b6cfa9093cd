import { classify, loadParser } from '../../lib/core/sql';
import { sqlState } from '../../lib/database/sql';
import { connect } from '../../lib/sandbox/connection';
import { EFFECTS, HIDDEN_CALLS, ORDINARY_READS } from '../core/sql-corpus/families';
import { SCHEMA } from '../core/sql-corpus/schema';
import { TRAPS } from '../core/sql-corpus/traps';
import { mutated, seeded } from '../core/sql-mutations';
import { testServer } from '../sandbox/fixture';

const READS = 20_000;
const encoder = new TextEncoder();

/** These wait or hold what the next one needs, and change nothing. */
const NOT_RUN = /generate_series|RECURSIVE|pg_terminate_backend/i;

test(`of ${READS} injured texts that are called reads, PostgreSQL lets each run without writing`, async () => {
  const pg = await testServer(17);
  try {
    const parser = await loadParser();
    const sql = await connect(pg.superuserUrl('postgres'));
    await sql.script(SCHEMA);
    const corpus = [...TRAPS, ...EFFECTS, ...HIDDEN_CALLS].map(([text]) => text).concat(ORDINARY_READS).map((text) => encoder.encode(text));
    const seed = Date.now() % 1_000_000;
    const below = seeded(seed);
    const wrote: string[] = [];
    let [ran, refused] = [0, 0];
    while (ran < READS) {
      const bytes = mutated(corpus, below);
      const statements = classify(parser, bytes);
      const text = Buffer.from(bytes).toString();
      if (statements.length !== 1 || statements[0]!.kind !== 'read' || NOT_RUN.test(text)) continue;
      ran += 1;
      await sql.query('BEGIN');
      try {
        await sql.query("SET LOCAL statement_timeout = '300ms'");
        await sql.query('SET TRANSACTION READ ONLY');
        await sql.query(text);
        await sql.query('ROLLBACK');
        await sql.query('BEGIN');
        await sql.query(text);
        const { rows: [answer] } = await sql.query<{ wrote: boolean }>('SELECT pg_current_xact_id_if_assigned() IS NOT NULL AS wrote');
        if (answer!.wrote) wrote.push(text);
      } catch (error) {
        refused += 1;
        if (sqlState(error) === '25006') wrote.push(text);
      }
      await sql.query('ROLLBACK');
    }
    await sql.end();
    process.stdout.write(`oracle: seed ${seed}, ${ran} injured reads, of which PostgreSQL refused ${refused} for other reasons\n`);
    expect(wrote).toEqual([]);
    expect(refused).toBeLessThan(ran);
  } finally {
    await pg.remove();
  }
}, 600_000);
