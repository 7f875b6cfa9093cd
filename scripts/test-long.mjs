// Runs the tests that take minutes; `npm test` leaves them out.
import { spawnSync } from 'node:child_process';

const jest = ['node_modules/jest/bin/jest.js', '--json', '--outputFile=.jest/long.json', 'test/long/'];
const { status } = spawnSync(process.execPath, jest, { stdio: 'inherit', env: { ...process.env, LONG_TESTS: '1' } });
process.exitCode = status ?? 1;
