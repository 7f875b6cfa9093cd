import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Why a path cannot be audited, in words for people; `undefined` if it can be tried. */
export function mistakeOfPath(path: string, folder: string): string | undefined {
  const whole = resolve(folder, path);
  const seen = statSync(whole, { throwIfNoEntry: false });
  if (!seen) return `there is no ${path} in ${folder}: synthesize first, e.g. npx cdk synth, or name a cloud assembly or a template`;
  if (!seen.isDirectory() || existsSync(join(whole, 'manifest.json'))) return undefined;
  const inside = readdirSync(whole).filter((name) => existsSync(join(whole, name, 'manifest.json'))).sort();
  return inside.length === 0
    ? `${path} is not a cloud assembly: it has no manifest.json; synthesize into it, e.g. npx cdk synth --output ${path}, or name a template`
    : `${path} holds ${inside.length} ${inside.length === 1 ? 'assembly' : 'assemblies'}, and one is audited at a time: ${inside.map((name) => `dbguard audit ${join(path, name)}`).join(' or ')}`;
}

/** A document of `--service-control`, or why it is none. */
export function readPolicyFile(path: string, folder: string): { readonly document: unknown } | { readonly problem: string } {
  let text: string;
  try {
    text = readFileSync(resolve(folder, path), 'utf8');
  } catch (error) {
    return { problem: `${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}` };
  }
  try {
    const document: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    const hasStatements = typeof document === 'object' && document !== null && 'Statement' in document;
    return hasStatements ? { document } : { problem: `${path} is not a policy: it has no Statement` };
  } catch {
    return { problem: `${path} is not valid JSON; a service control policy is a JSON document with a Statement` };
  }
}
