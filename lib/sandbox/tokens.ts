import { setTimeout as sleep } from 'node:timers/promises';
import { connected } from './connection';
import type { Server } from './postgres';
import { newPassword, scramVerifier } from './scram';
import { LOOPBACK } from './server-files';
import { readSecrets, writeSecrets } from './state';

/** What a token of IAM lives. */
export const TOKEN_MINUTES = 15;

const TOKEN_MS = TOKEN_MINUTES * 60_000;

/**
 * A short-lived password for a role of an agent, in place of a token of IAM. A role has one password at a time, so for
 * 15 minutes the same one is given to everybody who asks, and each time it holds for 15 minutes more: a URL that was printed
 * works at least that long, and no longer than 30 minutes. Sessions that are open then stay open, as on AWS.
 */
export async function mintToken(folder: string, server: Server, role: string, now: number = Date.now()): Promise<string> {
  const secrets = readSecrets(folder);
  const key = `${role} on ${server.folder}`;
  const isFresh = ({ mintedAt }: { mintedAt: number }) => now >= mintedAt && now < mintedAt + TOKEN_MS;
  const last = secrets.tokens[key];
  const fresh = last !== undefined && isFresh(last);
  const token = fresh ? last : { password: newPassword(), mintedAt: now };
  await connected(server.superuserUrl('postgres'), async (sql) => {
    const { rows: [found] } = await sql.query<{ name: string }>('SELECT quote_ident(rolname) AS name FROM pg_roles WHERE rolname = $1', [role]);
    if (!found) throw new Error(`there is no role ${role} in the sandbox; take the sandbox down and up again`);
    await sql.query('SET log_statement = none');
    await sql.query('SET log_min_duration_statement = -1');
    await sql.query(`ALTER ROLE ${found.name} PASSWORD '${scramVerifier(token.password)}' VALID UNTIL '${new Date(now + TOKEN_MS).toISOString()}'`);
  });
  if (!fresh) {
    const others = Object.entries(secrets.tokens).filter(([, other]) => isFresh(other));
    writeSecrets(folder, { ...secrets, tokens: { ...Object.fromEntries(others), [key]: token } });
  }
  return token.password;
}

/** Roles and their passwords reach a replica like everything else: waits until it has what the primary has now. */
export async function caughtUp(primary: Server, replica: Server, patienceMs = 15_000): Promise<void> {
  const { rows: [mark] } = await connected(primary.superuserUrl('postgres'), async (sql) => {
    await sql.query('SET synchronous_commit = on');
    // A mark of our own: with nothing written since, a replica may stay a few bytes before the position that would be next.
    return sql.query<{ lsn: string }>(`SELECT pg_logical_emit_message(true, 'dbguard', 'caught up')::text AS lsn`);
  });
  await connected(replica.superuserUrl('postgres'), async (sql) => {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const { rows: [seen] } = await sql.query<{ done: boolean }>('SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn AS done', [mark!.lsn]);
      if (seen?.done) return;
      if (performance.now() > deadline) {
        throw new Error(`the replica did not catch up with the primary within ${patienceMs / 1000} s; a long query on it may hold it up (dbguard sandbox status)`);
      }
      await sleep(5);
    }
  });
}

export function urlOf(role: string, password: string, server: Server, database: string): string {
  return `postgresql://${encodeURIComponent(role)}:${password}@${LOOPBACK}:${server.port}/${database}`;
}
