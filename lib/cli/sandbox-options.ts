import { relative, resolve } from 'node:path';
import { SUPPORTED_POSTGRES_MAJORS } from '../core/policy';
import type { Terminal } from './terminal';

/** Where sandboxes are, unless somebody says otherwise. */
export const STATE_FOLDER = '.dbguard';

export const MAJORS = SUPPORTED_POSTGRES_MAJORS.join('|');

/** The options of every command that starts PostgreSQL. */
export const SANDBOX_OPTIONS = { 'postgres': MAJORS, 'server-bin': 'DIR', 'state': 'DIR' } as const;

export interface SandboxOptions {
  readonly folder: string;
  readonly postgres?: number;
  readonly serverBin?: string;
}

/** What was written for them. Throws, in words for people, on what cannot be. */
export function sandboxOptions(values: { readonly [Name in keyof typeof SANDBOX_OPTIONS]: string | undefined }, terminal: Terminal): SandboxOptions {
  return {
    folder: stateFolder(values.state, terminal),
    postgres: values.postgres === undefined ? undefined : majorIn(values.postgres),
    serverBin: values['server-bin'] === undefined ? undefined : resolve(terminal.folder, values['server-bin']),
  };
}

export function stateFolder(state: string | undefined, terminal: Terminal): string {
  return resolve(terminal.folder, state ?? STATE_FOLDER);
}

/** What has to be written behind a command so that it finds the same folder. */
export function stateOption(folder: string, terminal: Terminal): string {
  return relative(terminal.folder, folder) === STATE_FOLDER ? '' : ` --state ${folder}`;
}

function majorIn(text: string): number {
  const major = SUPPORTED_POSTGRES_MAJORS.find((known) => String(known) === text);
  if (major === undefined) throw new Error(`--postgres is '${text}'; write ${SUPPORTED_POSTGRES_MAJORS.join(', ')}`);
  return major;
}
