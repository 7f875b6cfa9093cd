import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { connected } from '../../lib/sandbox/connection';
import { serversIn } from '../../lib/sandbox/processes';
import { dbguard } from '../cli/spawned';
import { openFolder, removeFolder } from '../sandbox/fixture';

const home = openFolder();
afterAll(() => removeFolder(home));

/** What nobody would call a folder, and what a user's environment says about other servers and no home. */
const folder = join(home, `it's "the" 100% \\odd place`);
const environment = { PATH: process.env.PATH, PGHOST: 'nowhere.example', PGPORT: '1', PGUSER: 'nobody', PGSERVICE: 'none', PGOPTIONS: '-c x=y', LC_ALL: 'tr_TR.UTF-8' };

async function run(...args: string[]): Promise<{ status: unknown; out: string; err: string }> {
  const spawned = dbguard([...args, '--state', folder], { environment });
  return { status: await spawned.gone, out: spawned.said.out, err: spawned.said.err };
}

test('two up at the same moment make one sandbox, in a folder with an odd name, without a home, whatever PG variables say', async () => {
  mkdirSync(folder);
  const both = await Promise.all([run('sandbox', 'up', '--json'), run('sandbox', 'up', '--json')]);
  expect(both.map(({ status, err }) => [status, err])).toEqual([[0, ''], [0, '']]);
  const [one, other] = both.map(({ out }) => JSON.parse(out) as { how: string; primary: object });
  expect([one!.how, other!.how].sort()).toEqual(['new', 'running']);
  expect(one!.primary).toEqual(other!.primary);

  const reader = await run('sandbox', 'url', '--as', 'reader');
  expect(reader.status).toBe(0);
  const { rows } = await connected(reader.out.trim(), (sql) => sql.query('SELECT count(*)::int AS companies FROM crm.companies'));
  expect(rows).toEqual([{ companies: 1196 }]);
  expect(JSON.parse((await run('sandbox', 'status', '--json')).out)).toMatchObject({ up: true, lag: { streaming: true } });

  // And two down.
  const downs = await Promise.all([run('sandbox', 'down', '--json'), run('sandbox', 'down', '--json')]);
  expect(downs.map(({ status }) => status)).toEqual([0, 0]);
  expect(downs.map(({ out }) => (JSON.parse(out) as { was: string }).was).sort()).toEqual(['nothing', 'up']);
  expect(serversIn(home)).toEqual([]);
}, 180_000);
