import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Classify } from '../core/change/classified';
import { parseDuration } from '../core/change/duration';
import { CHANGE_EXPIRY_HOURS, MAXIMUM_CHANGE_BYTES } from '../core/policy';
import { visible } from '../core/change/visible';
import { renderRequest } from './change-report';
import type { Command } from './command';
import { GATE_HELP, enter, json, operand, readGateOptions, requestDocument } from './gate-options';
import { stateOption } from './sandbox-options';
import { EXIT, progress, readInput, type Terminal } from './terminal';

const HELP = `dbguard propose: ask for a change to production: the exact SQL, rehearsed at once, for a person to approve

Usage: dbguard propose FILE|- [--reason TEXT] [--max-rows N] [--expires DURATION] [--approvals N] [--as NAME] --sandbox [--json]

The bytes of the file are what will run, in one transaction, so BEGIN, COMMIT and SET are refused, and so is whatever reaches out
of the database or cannot be judged. They are run at once on a throwaway copy of the staging clone. Without a successful rehearsal
nobody can approve them. Any edit is a new request.

Options
  --reason TEXT    why, for whoever has to judge it
  --max-rows N     rows that it may change; one more, and it is rolled back (default: as many as in the rehearsal)
  --expires TIME   how long it can be approved and carried out: 90s, 30m, 4h, 2d, at most ${CHANGE_EXPIRY_HOURS.most / 24}d (default: ${CHANGE_EXPIRY_HOURS.usual}h)
  --approvals N    approvers that have to agree (default: 1)
${GATE_HELP}
  --json           one JSON document: { id, state, digest, requester, expires, classification, rehearsal, … }

Exit status: 0 rehearsed and ready for approval, 1 refused (it says why), 2 could not run.

Examples
  dbguard propose migration.sql --reason 'orders need a note' --sandbox
  echo "UPDATE orders SET status = 'open' WHERE id = 7" | dbguard propose - --max-rows 1 --sandbox --json
`;

/** The command, with what says what statements do; without that it proposes nothing. */
export function proposeWith(classify: Classify | undefined): Command {
  return {
    summary: 'ask for a change to production: exact SQL, rehearsed, for a person to approve',
    help: HELP,
    run: async (args, terminal) => {
      const { options, operands } = readGateOptions(args, { 'reason': 'TEXT', 'max-rows': 'N', 'expires': 'TIME', 'approvals': 'N' });
      const file = operand(operands, 'dbguard propose FILE, or - for what is piped in');
      const wanted = {
        maxRows: options['max-rows'] === undefined ? undefined : wholeNumber('--max-rows', options['max-rows'], 0),
        expiresAfter: expiryIn(options.expires),
        approvalsNeeded: options.approvals === undefined ? 1 : wholeNumber('--approvals', options.approvals, 1),
        reason: options.reason ?? '',
      };
      if (!classify) throw new Error('this version cannot tell what SQL does, and so proposes nothing');
      const sql = file === '-' ? await readInput(terminal) : readFile(file, terminal);
      const { gate, folder, as } = await enter(options, terminal);
      const done = progress(terminal, 'rehearsing on a copy of the staging clone …');
      const outcome = await gate.propose({ sql, requester: as, ...wanted }, classify).finally(done);
      if (outcome.do === 'refuse') {
        if (options.json) terminal.out.write(json({ state: 'refused', because: outcome.because }));
        for (const because of outcome.because) terminal.err.write(`dbguard propose: ${visible(because)}\n`);
        return EXIT.refused;
      }
      const { request } = outcome;
      if (options.json) terminal.out.write(json(requestDocument(request)));
      else terminal.out.write(renderRequest(request, terminal));
      if (request.state !== 'rehearsed') {
        terminal.err.write(`dbguard propose: ${visible(request.because ?? '')}\n`);
        return EXIT.refused;
      }
      if (!options.json) terminal.out.write(`to approve it, as somebody else: ${terminal.program} approve ${request.id} --as NAME --sandbox${stateOption(folder, terminal)}\n`);
      return EXIT.done;
    },
  };
}

function readFile(file: string, terminal: Terminal): Uint8Array {
  try {
    return new Uint8Array(readFileSync(resolve(terminal.folder, file)));
  } catch (error) {
    throw new Error(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}); write the name of a file of at most ${MAXIMUM_CHANGE_BYTES} bytes of SQL, or - for what is piped in`, { cause: error });
  }
}

function wholeNumber(option: string, text: string, least: number): number {
  if (!/^\d{1,12}$/.test(text) || Number(text) < least) throw new Error(`${option} is '${text}'; write a whole number from ${least}`);
  return Number(text);
}

function expiryIn(text: string | undefined): number {
  const hour = 3_600_000;
  if (text === undefined) return CHANGE_EXPIRY_HOURS.usual * hour;
  const duration = parseDuration(text);
  if (duration === undefined || duration > CHANGE_EXPIRY_HOURS.most * hour) {
    throw new Error(`--expires is '${text}'; write a number and s, m, h or d, such as 30m or 4h, at most ${CHANGE_EXPIRY_HOURS.most / 24}d`);
  }
  return duration;
}
