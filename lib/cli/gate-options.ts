import type { ChangeRequest } from '../core/change';
import { visibleJson } from '../core/change/visible';
import { openGate, type Gate } from '../sandbox/gate/gate';
import { theSandbox } from '../sandbox/sandbox';
import { readOptions, type Options, type Values } from './options';
import { STATE_FOLDER, stateFolder } from './sandbox-options';
import type { Terminal } from './terminal';

/** The options of every command of the gate. */
export const GATE_OPTIONS = { sandbox: true, env: 'NAME', state: 'DIR', as: 'NAME', json: true } as const;

export const GATE_HELP = `  --as NAME        who you are: an agent or an approver of the sandbox (default: the first agent)
  --sandbox        the gate of the sandbox on this machine
  --env NAME       the gate of an environment: not there yet
  --state DIR      the state folder of the sandbox (default: ${STATE_FOLDER} in this folder)`;

export interface Called<Of extends Options> {
  readonly options: Values<Of & typeof GATE_OPTIONS>;
  /** What is written before and between the options. */
  readonly operands: readonly string[];
}

/** Reads options and operands of a command of the gate. Throws, in words for people, on what cannot be. */
export function readGateOptions<const Of extends Options>(args: readonly string[], more: Of): Called<Of> {
  const known: Options = { ...GATE_OPTIONS, ...more };
  const [operands, rest]: [string[], string[]] = [[], []];
  for (let at = 0; at < args.length; at++) {
    const argument = args[at]!;
    if (argument === '-' || !argument.startsWith('-')) operands.push(argument);
    else {
      rest.push(argument);
      const value = args[at + 1];
      if (typeof known[argument.slice(2)] === 'string' && value !== undefined) {
        rest.push(value);
        at++;
      }
    }
  }
  const options = readOptions(rest, known) as Values<Of & typeof GATE_OPTIONS>;
  if (options.env !== undefined) throw new Error('--env is not there yet: the gate of an environment comes later; write --sandbox');
  if (!options.sandbox) throw new Error('say which gate: --sandbox');
  return { options, operands };
}

/** The one operand of a command. */
export function operand(operands: readonly string[], what: string): string {
  const [one, another] = operands;
  if (one === undefined) throw new Error(`say which: ${what}`);
  if (another !== undefined) throw new Error(`'${another}' is one too many; write ${what}`);
  return one;
}

export interface Entered {
  readonly gate: Gate;
  readonly folder: string;
  /** Who acts. */
  readonly as: string;
}

export async function enter(options: { readonly state: string | undefined; readonly as: string | undefined }, terminal: Terminal): Promise<Entered> {
  const folder = stateFolder(options.state, terminal);
  const sandbox = await theSandbox(folder);
  return { gate: await openGate(sandbox), folder, as: options.as ?? sandbox.state.agents[0]! };
}

const iso = (at: number) => new Date(at).toISOString();

/** A request for machines. Signatures stay where they are. */
export function requestDocument({ sql, signed, approvals, execution, rehearsal, filed, expires, ...request }: ChangeRequest) {
  const { document, digest } = signed ?? {};
  return {
    ...request,
    digest,
    filed: iso(filed),
    expires: iso(expires),
    sql: Buffer.from(sql).toString('utf8'),
    target: document?.target,
    runAs: document?.runAs,
    rowBound: document?.rowBound,
    transactional: document?.transactional,
    approvalsNeeded: document?.approvalsNeeded,
    rehearsal: rehearsal && { ...rehearsal, at: iso(rehearsal.at) },
    approvals: approvals.map(({ approver, at }) => ({ approver, at: iso(at) })),
    execution: execution && {
      started: iso(execution.started), finished: execution.finished === undefined ? undefined : iso(execution.finished),
      rows: execution.mark?.rows, restorable: execution.mark?.restorable,
    },
  };
}

export function json(content: unknown): string {
  return `${visibleJson(JSON.stringify(content, undefined, 2))}\n`;
}
