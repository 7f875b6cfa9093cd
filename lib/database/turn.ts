import { quoteLiteral } from '../core/identifier';
import { ROLES_LOCK } from '../core/policy';
import { RolesRefused } from './roles-refused';
import { sqlState, type Sql } from './sql';

/** Waits for other runs of the kit in this database, until the end of the transaction. Where one lasts too long it says which. */
export async function takeTurn(sql: Sql, waitSeconds: number): Promise<void> {
  await sql.query(`SET LOCAL lock_timeout = ${quoteLiteral(`${waitSeconds}s`)}`);
  await sql.query('SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended($1, 0))', [ROLES_LOCK]).catch(async (error: unknown) => {
    if (sqlState(error) !== LOCK_NOT_AVAILABLE) throw error;
    await sql.query('ROLLBACK');
    throw new RolesRefused([notOurTurn(await holders(sql), waitSeconds)]);
  });
}

const LOCK_NOT_AVAILABLE = '55P03';

interface Holder {
  readonly pid: number;
  readonly role: string | null;
}

/** Anybody who may log in can take an advisory lock, and keep it. */
async function holders(sql: Sql): Promise<Holder[]> {
  const { rows } = await sql.query<Holder>(`
    SELECT l.pid, a.usename::text AS role FROM pg_catalog.pg_locks l
      JOIN pg_catalog.pg_database d ON d.oid = l.database AND d.datname = pg_catalog.current_database()
      LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
     WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
       AND (l.classid::pg_catalog.int8 << 32) | l.objid::pg_catalog.int8 = pg_catalog.hashtextextended($1, 0) ORDER BY 1`, [ROLES_LOCK]);
  return rows;
}

function notOurTurn(held: readonly Holder[], waitSeconds: number): string {
  const by = held.map(({ pid, role }) => `session ${pid} of ${role ?? 'an unknown role'}`).join(', ');
  const end = held.map(({ pid }) => `SELECT pg_terminate_backend(${pid})`).join('; ');
  return `another run of the kit, or somebody in its place, kept the lock for ${waitSeconds} seconds` +
    (held.length === 0 ? ', and has let go of it since; run it again' : `: ${by}; if that is no run of the kit, end it: ${end}`);
}
