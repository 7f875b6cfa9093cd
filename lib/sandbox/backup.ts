import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from './connection';
import { copyData } from './data-directory';
import type { Server } from './postgres';
import { writePrivate, type Settings } from './server-files';

/** The settings of a server whose log of changes is archived, so that every moment since a backup can be restored. */
export function archiving(archive: string): Settings {
  const file = `${inShell(archive)}/%f`;
  // A file gets its name once it is whole. One that is there was archived before its server stopped, and is not an error.
  return { archive_mode: true, archive_command: `test -f ${file} || { cp "%p" ${file}.part && mv ${file}.part ${file}; }` };
}

/** A path as a shell reads it in a setting of PostgreSQL. */
export function inShell(path: string): string {
  return `'${path.replaceAll("'", `'\\''`).replaceAll('%', '%%')}'`;
}

/** Copies a server while it works. The copy can be restored to every moment from then on. */
export async function takeBackup(server: Server, archive: string, to: string): Promise<void> {
  const draft = `${to}.draft`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  // The backup lasts as long as the connection that began it.
  const sql = await connect(server.superuserUrl('postgres'));
  try {
    await sql.query(`SELECT pg_backup_start('dbguard', fast => true)`);
    copyData(server.data, draft, server.binaries);
    // Not waited for by the server, which looks once a second only.
    const { rows: [stopped] } = await sql.query<{ labelfile: string; spcmapfile: string; last: string }>(
      `SELECT labelfile, spcmapfile, pg_walfile_name(lsn) AS last FROM pg_backup_stop(wait_for_archive => false)`,
    );
    writePrivate(join(draft, 'backup_label'), stopped!.labelfile, server.binaries);
    if (stopped!.spcmapfile.trim() !== '') throw new Error('tablespaces cannot be copied: their folders belong to the server that has them');
    await archived(archive, stopped!.last);
  } finally {
    await sql.end();
  }
  rmSync(to, { recursive: true, force: true });
  renameSync(draft, to);
}

/** Waits until a part of the log of changes can be restored. */
async function archived(archive: string, file: string): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!existsSync(join(archive, file))) {
    if (performance.now() > deadline) throw new Error(`the log of changes was not archived: ${file} did not reach ${archive} within 60 s`);
    await sleep(5);
  }
}

/** Archives everything up to now, and returns where that is. */
export async function archiveNow(server: Server, archive: string): Promise<{ lsn: string }> {
  const sql = await connect(server.superuserUrl('postgres'));
  try {
    const { rows: [mark] } = await sql.query<{ lsn: string; file: string }>(
      `SELECT lsn::text, pg_walfile_name(lsn) AS file FROM (SELECT pg_current_wal_insert_lsn() AS lsn) here`,
    );
    await sql.query(`SELECT pg_logical_emit_message(false, 'dbguard', 'archive')`);
    await sql.query('SELECT pg_switch_wal()');
    await archived(archive, mark!.file);
    return { lsn: mark!.lsn };
  } finally {
    await sql.end();
  }
}
