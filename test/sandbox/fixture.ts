import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer, type Server, type ServerOptions } from '../../lib/sandbox/postgres';
import { endServersIn } from '../../lib/sandbox/processes';

/** A folder that every user can enter, so that a server that is not root's can have its data there. */
export function openFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dbguard-'));
  chmodSync(folder, 0o755);
  return folder;
}

/** Ends what runs in a folder, whatever a test did, and deletes it. */
export async function removeFolder(folder: string): Promise<void> {
  await endServersIn(folder, { keepsData: false });
  rmSync(folder, { recursive: true, force: true });
}

/** A server for a whole file of tests: `const pg = await testServer(17); … await pg.remove()`. */
export async function testServer(
  major: number, options: Partial<Omit<ServerOptions, 'major' | 'folder'>> = {},
): Promise<Server & { remove(): Promise<void> }> {
  const folder = openFolder();
  try {
    const server = await startServer({
      major,
      folder: join(folder, 'server'),
      ...options,
      settings: { fsync: false, synchronous_commit: false, full_page_writes: false, ...options.settings },
    });
    return { ...server, remove: () => removeFolder(folder) };
  } catch (error) {
    await removeFolder(folder);
    throw error;
  }
}

/** Runs a function with a new, empty server, which is gone afterwards. */
export async function withServer<Result>(
  major: number, use: (server: Server) => Promise<Result>, options?: Parameters<typeof testServer>[1],
): Promise<Result> {
  const server = await testServer(major, options);
  try {
    return await use(server);
  } finally {
    await server.remove();
  }
}

export { connected as withConnection } from '../../lib/sandbox/connection';
