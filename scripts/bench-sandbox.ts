/** What the local sandbox costs, beside the least that PostgreSQL needs for it, in the same run. Part of `npm run bench`. */
import { join } from 'node:path';
import { attack, ATTACKS, COLUMNS } from '../lib/sandbox/attack';
import { SHOP } from '../lib/sandbox/contents';
import { startServer } from '../lib/sandbox/postgres';
import { serversIn } from '../lib/sandbox/processes';
import { down, up } from '../lib/sandbox/sandbox';
import { openFolder, removeFolder } from '../test/sandbox/fixture';
import { comparedRow, median, timed } from './measuring';

const RUNS = 5;
const PLACES = ['one', 'two', 'three'];

/** The rows of a table with `COMPARED_HEAD`. */
export async function benchSandbox(postgres: number): Promise<string[]> {
  const home = openFolder();
  try {
    const [ups, floors]: [number[], number[]] = [[], []];
    for (let run = 0; run < RUNS; run++) {
      floors.push(await timed(() => Promise.all(PLACES.map((name) => startServer({ major: postgres, folder: join(home, `bare-${name}`), settings: { fsync: false } })))));
      await removeFolder(home);
      const folder = join(home, 'state');
      ups.push(await timed(() => up({ folder, postgres }, SHOP)));
      await down(folder);
      const left = serversIn(home);
      if (left.length > 0) throw new Error(`sandbox down left ${left.length} processes`);
    }
    const report = await attack({ folder: join(home, 'attacks'), postgres, columns: COLUMNS }, SHOP);
    if (report.problems.length > 0) throw new Error(`the attacks found what must not be: ${report.problems[0]}`);
    const floor = 'three empty servers, made and started at once';
    return [
      comparedRow({ what: `PostgreSQL ${postgres}: sandbox up (median of ${RUNS}); down left no process`, kit: median(ups), floor: median(floors), floorOf: floor, goal: 3000 }),
      comparedRow({
        what: `PostgreSQL ${postgres}: ${ATTACKS.length} attacks in ${COLUMNS.length} columns, sandbox included`, kit: report.seconds * 1000, floor: median(ups),
        floorOf: 'the sandbox alone', goal: 12_000,
      }),
    ];
  } finally {
    await removeFolder(home);
  }
}
