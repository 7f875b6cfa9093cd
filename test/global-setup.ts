import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** The constructs package the bundled handlers, so the bundles must be those of the sources under test. */
export default function bundleHandlers(): void {
  execFileSync(process.execPath, [join(__dirname, '..', 'scripts', 'bundle-handlers.mjs')], { stdio: 'inherit' });
}
