import { planRoles, unsupportedServer, type RolesPlan, type WantedRoles } from '../core/grants';
import { RolesRefused } from './provision';
import { readCatalog, readServer } from './read-catalog';
import type { Sql } from './sql';

/** What would be done to make the roles what is wanted. Reads only; throws `RolesRefused` where it could not be done. */
export async function readPlan(sql: Sql, wanted: WantedRoles): Promise<RolesPlan> {
  await sql.query('BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY');
  try {
    await sql.query("SELECT pg_catalog.set_config('search_path', 'pg_catalog', true)");
    const server = await readServer(sql);
    const old = unsupportedServer(server.version);
    if (old) throw new RolesRefused([old]);
    const plan = planRoles(wanted, await readCatalog(sql, wanted, server));
    if (plan.problems.length > 0) throw new RolesRefused(plan.problems);
    return plan;
  } finally {
    await sql.query('ROLLBACK').catch(() => undefined);
  }
}
