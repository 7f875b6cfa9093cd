import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';

const NAME = 'cdk-agent-db-guardrails';

/** A file of this package, wherever it is installed. */
export function ownFile(...path: readonly string[]): string {
  return join(dirname(require.resolve(`${NAME}/package.json`)), ...path);
}

/** The same as a person in that folder would write it. */
export function ownFileFrom(folder: string, ...path: readonly string[]): string {
  return fileFrom(folder, ownFile(...path));
}

/** A file as a person in that folder would write it: relative where it lies inside. */
export function fileFrom(folder: string, file: string): string {
  const near = relative(folder, file);
  return near.startsWith('..') || isAbsolute(near) ? file : near;
}

/** The version of this package. */
export function ownVersion(): string {
  return (JSON.parse(readFileSync(ownFile('package.json'), 'utf8')) as { version: string }).version;
}

/** How a person calls the command whose file this is: in a clone nothing is compiled, and `-s` keeps npm's own lines out of what it prints. */
export function wayToCall(file: string): string {
  return file.endsWith('.ts') ? 'npm run -s dbguard --' : 'npx dbguard';
}
