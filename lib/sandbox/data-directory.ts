import { chownSync, closeSync, mkdirSync, openSync, readdirSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Binaries } from './binaries';

/** Kept as empty folders: what is in them belongs to a running server. */
const EMPTIED = ['pg_wal', 'pg_replslot', 'pg_dynshmem', 'pg_notify', 'pg_serial', 'pg_snapshots', 'pg_stat_tmp', 'pg_subtrans'];
const LEFT_OUT = /^(postmaster\.(pid|opts)|pg_internal\.init.*|pgsql_tmp.*|(standby|recovery)\.signal|dbguard\.conf|pg_hba\.conf)$/;

/** Copies a data directory. Files may come and go meanwhile: what that leaves undone is in the log of changes. */
export function copyData(from: string, to: string, binaries: Binaries): void {
  const { identity } = binaries;
  const give = (path: string) => { if (identity.kind === 'other') chownSync(path, identity.uid, identity.gid); };
  const copy = (source: string, target: string, top: boolean): void => {
    give(target);
    for (const entry of readdirSync(source, { withFileTypes: true })) {
      if (LEFT_OUT.test(entry.name)) continue;
      const [here, there] = [join(source, entry.name), join(target, entry.name)];
      if (entry.isDirectory()) {
        mkdirSync(there, { mode: 0o700 });
        if (top && EMPTIED.includes(entry.name)) give(there);
        else unlessGone(() => copy(here, there, false));
      } else if (entry.isFile()) {
        unlessGone(() => { copyFile(here, there); give(there); });
      }
    }
  };
  copy(from, to, true);
  const status = join(to, 'pg_wal', 'archive_status');
  mkdirSync(status, { mode: 0o700 });
  give(status);
  // Named by postgresql.conf; each server writes its own.
  for (const file of ['dbguard.conf', 'pg_hba.conf']) {
    writeFileSync(join(to, file), '', { mode: 0o600 });
    give(join(to, file));
  }
}

const CHUNK = Buffer.alloc(1024 * 1024);

/** Byte by byte: the file system's own way of copying first waits until the source is on the disk, a second for a new server. */
function copyFile(from: string, to: string): void {
  const source = openSync(from, 'r');
  try {
    const target = openSync(to, 'w', 0o600);
    try {
      for (let read = readSync(source, CHUNK); read > 0; read = readSync(source, CHUNK)) writeSync(target, CHUNK, 0, read);
    } finally {
      closeSync(target);
    }
  } finally {
    closeSync(source);
  }
}

function unlessGone(work: () => void): void {
  try {
    work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
