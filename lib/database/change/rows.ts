import { quoteQualified } from '../../core/identifier';
import type { Sql } from '../sql';

/** What a table looked like at a moment of the transaction. */
interface Table {
  readonly schema: string;
  readonly name: string;
  /** Another one: the table was emptied or written anew. */
  readonly file: number;
  /** Rows that the transaction inserted, updated or deleted there so far, by whatever way. */
  readonly changed: number;
}

export type Tables = ReadonlyMap<number, Table>;

/**
 * PostgreSQL's own counters: they see what triggers, cascades, functions and writing CTEs do, where the tag of a statement
 * counts its own rows only. Of the system's tables the one that holds large objects.
 */
export async function tables(sql: Sql): Promise<Tables> {
  const { rows } = await sql.query<Table & { oid: number }>(`
    SELECT c.oid::int8::float8 AS oid, n.nspname::text AS schema, c.relname::text AS name, c.relfilenode::int8::float8 AS file,
      (pg_stat_get_xact_tuples_inserted(c.oid) + pg_stat_get_xact_tuples_updated(c.oid) + pg_stat_get_xact_tuples_deleted(c.oid))::float8 AS changed
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'm') AND (n.nspname !~ '^pg_|^information_schema$' OR c.relname = 'pg_largeobject')`);
  return new Map(rows.map(({ oid, ...table }) => [oid, table]));
}

/** The tables that are gone, or whose rows are in another file: what was in them no counter says. */
export function replaced(before: Tables, after: Tables): number[] {
  return [...before].filter(([oid, { file }]) => after.get(oid)?.file !== file).map(([oid]) => oid);
}

/** Rows that were changed between two moments. */
export function changedRows(before: Tables, after: Tables): number {
  return [...after].reduce((sum, [oid, { changed, file }]) => {
    const known = before.get(oid);
    // Emptying a table starts its counter anew.
    return sum + Math.max(0, changed - (known?.file === file ? known.changed : 0));
  }, 0);
}

/** How many rows there are in each of some tables. */
export async function countRows(sql: Sql, seen: Tables, oids: readonly number[]): Promise<ReadonlyMap<number, number>> {
  const counts = new Map<number, number>();
  for (const oid of oids) {
    const table = seen.get(oid);
    if (!table) continue;
    const { rows: [row] } = await sql.query<{ rows: number }>(`SELECT pg_catalog.count(*)::float8 AS rows FROM ONLY ${quoteQualified(table.schema, table.name)}`);
    counts.set(oid, row!.rows);
  }
  return counts;
}
