import { visible } from '../core/change/visible';
import { renderRequest } from './change-report';
import type { Command } from './command';
import { GATE_HELP, enter, json, operand, readGateOptions, requestDocument } from './gate-options';
import { EXIT } from './terminal';

export const requests: Command = {
  summary: 'the changes that were asked for, and what became of them',
  help: `dbguard requests: the changes that were asked for, and what became of them

Usage: dbguard requests --sandbox [--json]

Options
${GATE_HELP}
  --json           one JSON document: a list of what show prints

Examples
  dbguard requests --sandbox
  dbguard requests --sandbox --json | jq '.[] | select(.state == "rehearsed") | .id'
`,
  run: async (args, terminal) => {
    const { options, operands } = readGateOptions(args, {});
    if (operands.length > 0) throw new Error(`'${operands[0]}' is one too many; for one request write dbguard show ${operands[0]}`);
    const { gate } = await enter(options, terminal);
    const all = await gate.list();
    if (options.json) terminal.out.write(json(all.map(requestDocument)));
    else {
      for (const { id, state, requester, filed, reason } of all) {
        terminal.out.write(`${id}  ${state.padEnd(10)}${new Date(filed).toISOString()}  ${requester}${reason === '' ? '' : `: ${visible(reason)}`}\n`);
      }
      if (all.length === 0) terminal.out.write('no change was asked for yet\n');
    }
    return EXIT.done;
  },
};

export const show: Command = {
  summary: 'one of them: exactly what it runs, where, what its rehearsal did, and its state now',
  help: `dbguard show: one change that was asked for: exactly what it runs, where, what its rehearsal did, and its state now

Usage: dbguard show ID --sandbox [--json]

What cannot be seen in the SQL is written out, such as <U+202E>. A request whose executor is gone is settled by PostgreSQL's commit
log before it is shown: it was executed, or it was not.

Options
${GATE_HELP}
  --json           one JSON document: { id, state, digest, requester, expires, sql, classification, rehearsal, approvals, execution, … }

Examples
  dbguard show cr-7k3m9q2a --sandbox
  dbguard show cr-7k3m9q2a --sandbox --json | jq .execution.restorable
`,
  run: async (args, terminal) => {
    const { options, operands } = readGateOptions(args, {});
    const id = operand(operands, 'dbguard show ID');
    const { gate } = await enter(options, terminal);
    const request = await gate.show(id);
    terminal.out.write(options.json ? json(requestDocument(request)) : renderRequest(request, terminal));
    return EXIT.done;
  },
};
