import type { Column } from './types';

/** What refused an attack, from the outside in. */
export const LAYERS = {
  'network': 'the connection was refused: on AWS by a security group without a route to production',
  'login': 'the login was refused: no token, no password, no right to connect to that database',
  'limit': 'a limit of the role: connections, time, temporary files',
  'standby': 'a replica accepts no writes, whoever asks',
  'privilege': 'the role has no right to do it',
  'read-only session': 'the read-only default of the role, which an agent can switch off',
  'hidden': 'answered, and what was looked for was left out',
  'apart': 'it was done, where it reaches nobody but the agent itself',
  'server': 'PostgreSQL refuses it from everyone, or does not know it',
} as const;
export type Layer = keyof typeof LAYERS;

export interface ServerError {
  readonly code?: string;
  readonly message: string;
}

/** Not there, or no statement: an attack that meets these elsewhere than intended is broken, and says nothing. */
const ABSENT = ['42601', '42P01', '42883', '42704', '42703', '3F000', '58P01', '26000', '34000', '3D000', '42P13'];
const REFUSED_FROM_EVERYONE = ['0A000', '22021', '08P01', '22023', '55P02', '25001', '42602', '55000', '42809', '42939', '42P17'];
const LIMITS = ['53300', '53400', '57014', '55P03', '25P03', '25P04', '57P05'];

/** Which layer an error of the server comes from; undefined if it says nothing about the attack. */
export function layerOf({ code = '', message }: ServerError, column: Column, phase: 'login' | 'statement', absent: boolean): Layer | undefined {
  if (phase === 'login') {
    if (code === '28000' && /pg_hba\.conf/.test(message)) return 'network';
    if (['28000', '28P01', '42501', '3D000', '22023'].includes(code) || /password/i.test(message)) return 'login';
  }
  if (LIMITS.includes(code)) return 'limit';
  if (code === '25006') return column === 'replica' ? 'standby' : 'read-only session';
  if (column === 'replica' && /recovery|standby/i.test(message)) return 'standby';
  if (code === '42501') return 'privilege';
  if (ABSENT.includes(code)) return absent ? 'server' : undefined;
  return REFUSED_FROM_EVERYONE.includes(code) ? 'server' : undefined;
}

/** A statement that a server carries out for nobody may end in a warning instead of an error. */
export function isRefusal(notice: string): boolean {
  return /^no privileges (were granted|could be revoked)|^not all privileges|permission denied|skipping it$|only .* can (vacuum|analyze)/.test(notice);
}
