import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** What every run needs before its first test. */
export default function setUp(): void {
  // `npm test` writes its result here, and jest does not make the folder.
  mkdirSync(join(__dirname, '..', '.jest'), { recursive: true });
  // The constructs package the bundled handlers, so the bundles must be those of the sources under test.
  execFileSync(process.execPath, [join(__dirname, '..', 'scripts', 'bundle-handlers.mjs')], { stdio: 'inherit' });
}
