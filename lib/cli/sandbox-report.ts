import { relative } from 'node:path';
import type { As, Up } from '../sandbox/sandbox';
import { addresses, type Status } from '../sandbox/status';
import { PLACES } from '../sandbox/state';
import { stateOption } from './sandbox-options';
import { painter, type Terminal } from './terminal';

/** What `sandbox up` says. */
export function renderUp({ sandbox: { state, ...servers }, how }: Up, seconds: number, folder: string, terminal: Terminal): string {
  const paint = painter(terminal.out, terminal.environment);
  const what = { new: `is up in ${seconds} s`, resumed: `is up again in ${seconds} s, with its data`, running: 'was up already; nothing was changed' }[how];
  const seen = addresses({ state, ...servers });
  const custom = stateOption(folder, terminal);
  const url = (as: As) => `psql "$(${terminal.program} sandbox url --as ${as}${custom})"`;
  return [
    `${paint('green', '✔')} PostgreSQL ${state.postgres} ${what}`,
    '',
    ...PLACES.map((name) => `  ${name.padEnd(9)} ${seen[name].host}:${seen[name].port}/${seen[name].database}`),
    `  ${'agents'.padEnd(9)} ${state.agents.join(', ')}`,
    `  ${'state'.padEnd(9)} ${relative(terminal.folder, folder) || folder}`,
    '',
    paint('bold', 'What to do next'),
    `  look as the agent, at the replica   ${paint('cyan', url('reader'))}`,
    `  try a change, on the staging copy   ${paint('cyan', url('staging'))}`,
    `  end it all                          ${paint('cyan', `${terminal.program} sandbox down${custom}`)}`,
    '',
  ].join('\n');
}

/** What `sandbox status` says. */
export function renderStatus(seen: Status, terminal: Terminal): string {
  const paint = painter(terminal.out, terminal.environment);
  const place = (name: (typeof PLACES)[number]) => {
    const { host, port, database } = seen[name];
    const problem = seen.problems[name];
    const size = seen.sizes[name];
    const state = problem !== undefined ? paint('red', problem) : [size === undefined ? '' : megabytes(size), name === 'replica' ? lagOf(seen) : ''].filter(Boolean).join(', ');
    return `  ${problem === undefined ? paint('green', '✔') : paint('red', '✖')} ${name.padEnd(9)}${`${host}:${port}/${database}`.padEnd(24)}${state}`;
  };
  const role = ({ place: where, name, canLogIn, superuser, passwordUntil, memberOf }: Status['roles'][number]) => [
    `  ${where.padEnd(9)}${name.padEnd(24)}`, superuser ? 'superuser' : canLogIn ? 'logs in' : 'cannot log in',
    passwordUntil === undefined ? '' : `, password until ${passwordUntil}`, memberOf.length > 0 ? `, member of ${memberOf.join(', ')}` : '',
  ].join('');
  return [
    `PostgreSQL ${seen.version ?? seen.postgres} ${seen.up ? paint('green', 'is up') : paint('red', 'is not complete; start it again: dbguard sandbox up')}`,
    '',
    ...PLACES.map(place),
    `    ${'archive'.padEnd(33)}${megabytes(seen.sizes.archive)}`,
    '',
    paint('bold', 'Roles'),
    ...seen.roles.map(role),
    '',
    `agents ${seen.agents.join(', ')} · approvers ${seen.approvers.join(', ')}`,
    '',
  ].join('\n');
}

function lagOf({ lag }: Status): string {
  if (!lag) return '';
  return `${lag.streaming ? 'streaming' : 'not streaming'}, ${lag.bytes} bytes${lag.seconds > 0 ? ` and ${lag.seconds} s` : ''} behind`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
