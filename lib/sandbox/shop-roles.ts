import { ADMIN, APPLICATION, DATABASE, REPLICATOR } from './access';
import { connected } from './connection';
import type { Server } from './postgres';
import { scramVerifier } from './scram';
import type { Secrets } from './state';

/** Makes the database and the people of a shop: who administers it, what the application is, what replication logs in with. */
export async function foundShop(primary: Server, secrets: Secrets): Promise<void> {
  const password = (secret: string) => `PASSWORD '${scramVerifier(secret)}'`;
  await connected(primary.superuserUrl('postgres'), async (sql) => {
    await sql.query('SET log_statement = none');
    await sql.script(`
      CREATE ROLE ${ADMIN} LOGIN CREATEROLE CREATEDB ${password(secrets.admin)};
      GRANT pg_monitor, pg_signal_backend TO ${ADMIN} WITH ADMIN OPTION;
      CREATE ROLE ${REPLICATOR} LOGIN REPLICATION ${password(secrets.replicator)};
      SELECT pg_create_physical_replication_slot('replica', true);`);
    await sql.query(`CREATE DATABASE ${DATABASE} OWNER ${ADMIN}`);
    // The master user of RDS owns these two as well, and can close them to everybody else.
    await sql.script(`ALTER DATABASE postgres OWNER TO ${ADMIN}; ALTER DATABASE template1 OWNER TO ${ADMIN};`);
    // Made by the admin, who is then in charge of it, as on RDS.
    await sql.query(`SET SESSION AUTHORIZATION ${ADMIN}`);
    await sql.query(`CREATE ROLE ${APPLICATION} LOGIN ${password(secrets.app)}`);
    await sql.query(`GRANT ${APPLICATION} TO ${ADMIN}`);
  });
  await connected(primary.superuserUrl(DATABASE), (sql) => sql.script(`
    SET SESSION AUTHORIZATION ${ADMIN};
    GRANT CONNECT, TEMPORARY, CREATE ON DATABASE ${DATABASE} TO ${APPLICATION};
    GRANT CREATE, USAGE ON SCHEMA public TO ${APPLICATION};`));
}

/** A copy has the passwords of production. No role but the superuser keeps its own. */
export async function forgetPasswords(copy: Server): Promise<void> {
  await connected(copy.superuserUrl('postgres'), async (sql) => {
    const { rows } = await sql.query<{ statement: string }>(
      `SELECT format('ALTER ROLE %I PASSWORD NULL', rolname) AS statement FROM pg_authid WHERE rolpassword IS NOT NULL AND NOT rolsuper`,
    );
    await sql.script(rows.map(({ statement }) => statement).join(';'));
  });
}
