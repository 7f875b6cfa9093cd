import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from '../../core/change/document';
import { GATE_WRITER_ROLE } from '../../core/policy';
import type { WriterSession } from '../../database/change/carry-out';
import { runStatements } from '../../database/change/run';
import { actAs, begin, fingerprint, lockTouched, pin, restorePoint, transactionStatus, whereAmI } from '../../database/change/session';
import type { Sql } from '../../database/sql';
import { DATABASE } from '../access';
import { connect, type Connection } from '../connection';
import { LOCK_PATIENCE_MS, locked } from '../lock';
import type { Server } from '../postgres';
import { LOOPBACK } from '../server-files';
import { mintToken, urlOf } from '../tokens';

/** Logs in as the role that carries out changes, with everything about the session as the gate wants it. */
export async function connectAsWriter(folder: string, server: Server, id: string, database: string = DATABASE): Promise<Connection> {
  const password = await locked(folder, LOCK_PATIENCE_MS, () => mintToken(folder, server, GATE_WRITER_ROLE));
  const sql = await connect(urlOf(GATE_WRITER_ROLE, password, server, database));
  try {
    await pin(sql, id);
    return sql;
  } catch (error) {
    await sql.end();
    throw error;
  }
}

/** What a database of this machine is: where it is, by its own account, and a name that no copy of its data has. */
export async function targetOf(sql: Sql, server: Server): Promise<{ readonly target: Target; readonly isReplica: boolean }> {
  const { isReplica, ...seen } = await whereAmI(sql);
  return { target: { resourceId: resourceId(server), endpoint: LOOPBACK, ...seen }, isReplica };
}

/** Beside the data, which are what is copied, and not among them. */
function resourceId({ folder }: Server): string {
  const file = join(folder, 'resource-id');
  if (!existsSync(file)) writeFileSync(file, `sandbox-${randomBytes(8).toString('hex')}\n`, { flag: 'wx', mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

/** A session that carries out one change. */
export async function openWriter(folder: string, server: Server, id: string): Promise<WriterSession> {
  const sql = await connectAsWriter(folder, server, id);
  let transaction: string | undefined;
  return {
    begin: async (document) => {
      if (document.transactional) await begin(sql);
      const { target, isReplica } = await targetOf(sql, server);
      // In another database nothing is locked, and no transaction is given an id; the difference is what is reported.
      const point = isReplica ? { restorable: { at: '', lsn: '', transaction: undefined }, session: 0 } : await restorePoint(sql, document.transactional);
      transaction = point.restorable.transaction;
      await actAs(sql, document.runAs);
      if (document.transactional && !isReplica) await lockTouched(sql, document.touched);
      return { found: { target, isReplica, fingerprint: await fingerprint(sql, document) }, ...point };
    },
    run: async (document) => {
      if (!document.transactional) {
        await runAlone(sql, document.sql);
        return 0;
      }
      const runs = await runStatements(sql, document, { plans: false, now: () => performance.now() });
      return runs.reduce((sum, { rows }) => sum + rows, 0);
    },
    commit: async () => {
      await sql.query('COMMIT');
      // A transaction that failed answers COMMIT too, by rolling back.
      if (transaction !== undefined && await transactionStatus(sql, transaction) !== 'committed') throw new Error('the transaction was rolled back');
    },
    end: () => sql.end(),
  };
}

/** The one statement of a change that PostgreSQL runs outside transactions. */
export async function runAlone(sql: Sql, bytes: Uint8Array): Promise<void> {
  await sql.query(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
}
