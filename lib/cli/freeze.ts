import { join } from 'node:path';
import { parseDuration } from '../core/change/duration';
import { visible } from '../core/change/visible';
import { frozen } from '../core/change/freeze';
import { canLogIn, readFreeze } from '../sandbox/gate/freeze';
import { theSandbox } from '../sandbox/sandbox';
import type { Command } from './command';
import { GATE_HELP, enter, json, operand, readGateOptions } from './gate-options';
import { EXIT, type Terminal } from './terminal';

const HELP = `dbguard freeze: no change is carried out until it is lifted: enforced, and tried, before it says so

Usage: dbguard freeze on --reason TEXT [--until TIME] [--lifted-by-another] [--as NAME] --sandbox
       dbguard freeze off --as NAME --sandbox
       dbguard freeze status --sandbox
       Each takes --json.

  on       writes the freeze down, closes the login of the role that carries out changes, ends its sessions, and tries to write as
           it. It says "frozen" once that was refused. If it cannot find out, it says so with exit status 1, and no change starts.
           Approvals that were given before are void. Everybody may freeze; one that is on can only become longer by it.
  off      lifts it. Approvers only, and not who set it, if it was set with --lifted-by-another.
  status   whether changes are frozen, and whether the role can log in. Exit status 1 if the two do not agree.

Options
  --reason TEXT    why
  --until TIME     when it ends by itself: 30m, 4h, 2d from now, or a moment such as 2026-12-27T08:00:00Z (default: when it is lifted)
  --lifted-by-another   somebody else than who sets it has to lift it
${GATE_HELP}
  --json           one JSON document: { frozen, by, reason, since, until, verified, … }

Examples
  dbguard freeze on --reason 'the sale is on' --until 2d --as alice --sandbox
  dbguard freeze status --sandbox --json | jq .frozen
  dbguard freeze off --as bob --sandbox
`;

export const freeze: Command = {
  summary: 'no change is carried out until it is lifted',
  help: HELP,
  run: async (args, terminal) => {
    const { options, operands } = readGateOptions(args, { 'reason': 'TEXT', 'until': 'TIME', 'lifted-by-another': true });
    const action = operand(operands, 'dbguard freeze on|off|status');
    const only = (['reason', 'until', 'lifted-by-another'] as const).filter((name) => options[name] !== undefined && options[name] !== false);
    if (action !== 'on' && only.length > 0) throw new Error(`--${only[0]} is for freeze on`);
    switch (action) {
      case 'on': {
        if (options.reason === undefined) throw new Error('say why: --reason TEXT');
        const until = options.until === undefined ? undefined : momentIn(options.until, Date.now());
        return on({ ...options, reason: options.reason, until }, terminal);
      }
      case 'off': {
        const { gate, as } = await enter(options, terminal);
        const outcome = await gate.unfreeze(as);
        if (outcome.do === 'refuse') return refused(outcome.because, options.json, terminal);
        terminal.out.write(options.json ? json({ frozen: false, liftedBy: as }) : `changes are no longer frozen; lifted by ${as}\n`);
        return EXIT.done;
      }
      case 'status':
        return status(options, terminal);
      default:
        throw new Error(`there is no 'freeze ${action}': dbguard freeze on|off|status`);
    }
  },
};

interface On {
  readonly reason: string;
  readonly until: number | undefined;
  readonly 'lifted-by-another': boolean;
  readonly state: string | undefined;
  readonly as: string | undefined;
  readonly json: boolean;
}

async function on(options: On, terminal: Terminal): Promise<number> {
  const { gate, as } = await enter(options, terminal);
  const outcome = await gate.freeze({ by: as, reason: options.reason, until: options.until, liftedByAnother: options['lifted-by-another'] });
  if (outcome.do === 'fail') return refused(`the freeze is written down and no change starts, but it could not be verified: ${outcome.because}`, options.json, terminal);
  const { freeze: { by, reason, since, until }, loginClosed, sessionsEnded, writeRefused } = outcome;
  const times = { since: iso(since), loginClosed: iso(loginClosed), sessionsEnded: iso(sessionsEnded), writeRefused: iso(writeRefused) };
  terminal.out.write(options.json
    ? json({ frozen: true, by, reason, until: until === undefined ? undefined : iso(until), verified: true, ...times })
    : [
      `frozen by ${by}${until === undefined ? '' : ` until ${iso(until)}`}: ${visible(reason)}`,
      `  ${times.since}  written down: no change starts`,
      `  ${times.loginClosed}  the role that carries out changes cannot log in`,
      `  ${times.sessionsEnded}  it has no session left`,
      `  ${times.writeRefused}  a write as it was tried, and refused`,
      '',
    ].join('\n'));
  return EXIT.done;
}

async function status(options: { readonly state: string | undefined; readonly as: string | undefined; readonly json: boolean }, terminal: Terminal): Promise<number> {
  const { folder } = await enter(options, terminal);
  const sandbox = await theSandbox(folder);
  const { freeze: held } = readFreeze(join(sandbox.folder, 'gate'));
  const said = frozen(held, Date.now());
  const login = await canLogIn(sandbox);
  const agree = login === (said === undefined);
  if (options.json) {
    terminal.out.write(json({
      frozen: said !== undefined, roleCanLogIn: login, verified: said !== undefined && held?.verified !== undefined && !login,
      ...said === undefined || !held ? {} : { by: held.by, reason: held.reason, since: iso(held.since), until: held.until === undefined ? undefined : iso(held.until), liftedByAnother: held.liftedByAnother },
    }));
  } else {
    terminal.out.write(`${said === undefined ? 'changes are not frozen' : visible(said)}; the role that carries them out ${login ? 'can' : 'cannot'} log in\n`);
  }
  if (!agree) terminal.err.write(`dbguard freeze: what is written down and the role do not agree; ${said === undefined ? 'freeze and lift it again' : 'freeze it again'}\n`);
  return agree ? EXIT.done : EXIT.refused;
}

function refused(because: string, asJson: boolean, terminal: Terminal): number {
  if (asJson) terminal.out.write(json({ state: 'refused', because }));
  terminal.err.write(`dbguard freeze: ${visible(because)}\n`);
  return EXIT.refused;
}

function momentIn(text: string, now: number): number {
  const duration = parseDuration(text);
  if (duration !== undefined) return now + duration;
  const at = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(at)) throw new Error(`--until is '${text}'; write 30m, 4h, 2d, or a moment such as 2026-12-27T08:00:00Z`);
  if (at <= now) throw new Error(`--until is '${text}', which is over`);
  return at;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
