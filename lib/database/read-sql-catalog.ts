import type { SqlCatalog } from '../core/sql';
import {
  SQL_CASTS_QUERY, SQL_OPERATORS_QUERY, SQL_PATH_QUERY, SQL_RELATIONS_QUERY, SQL_ROUTINES_QUERY, SQL_TYPES_QUERY,
} from '../core/sql/catalog-queries';
import type { Sql } from './sql';

/** Reads what the classifier asks of a database, in one transaction that cannot write. */
export async function readSqlCatalog(sql: Sql): Promise<SqlCatalog> {
  const read = async <Rows>(query: string): Promise<Rows> => (await sql.query<{ rows: Rows }>(query)).rows[0]!.rows;
  await sql.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    const path = await read<SqlCatalog['path']>(SQL_PATH_QUERY);
    await sql.query('SET LOCAL search_path = pg_catalog');
    return {
      path,
      relations: await read(SQL_RELATIONS_QUERY),
      routines: await read(SQL_ROUTINES_QUERY),
      operators: await read(SQL_OPERATORS_QUERY),
      types: await read(SQL_TYPES_QUERY),
      casts: await read(SQL_CASTS_QUERY),
    };
  } finally {
    await sql.query('ROLLBACK');
  }
}
