// Builds what `npm pack` ships: compiled constructs and commands, their type declarations, and the bundled handlers.
import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const node = (...args) => execFileSync(process.execPath, args, { cwd: root, stdio: 'inherit' });

rmSync(join(root, 'dist'), { recursive: true, force: true });
node(join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '--project', 'tsconfig.build.json');
chmodSync(join(root, 'dist', 'bin', 'dbguard.js'), 0o755);
node(join(root, 'scripts', 'bundle-handlers.mjs'));
