import type { ChangeRequest } from '../core/change';
import { visible } from '../core/change/visible';
import { DIGEST_CHARACTERS } from '../core/policy';
import type { Answer } from '../sandbox/gate/gate';
import { renderRequest } from './change-report';
import type { Command } from './command';
import { GATE_HELP, enter, json, operand, readGateOptions, requestDocument } from './gate-options';
import { EXIT, ask, progress, type Terminal } from './terminal';

export const approve: Command = {
  summary: 'sign a change that somebody else asked for; the last signature carries it out',
  help: `dbguard approve: sign a change that somebody else asked for; the last signature that is needed carries it out

Usage: dbguard approve ID --as NAME [--no-wait] --sandbox [--json]

It shows exactly what will run and asks for the first characters of the digest, at least ${DIGEST_CHARACTERS}. Without a terminal it reads them from
standard input. Whoever asked for a change cannot approve it.

Options
  --no-wait        do not wait for the outcome; dbguard show tells it
  --carry-out      carry out what is approved already and was not begun
${GATE_HELP}
  --json           one JSON document, as show prints it

Exit status: 0 signed, and executed if that was the last signature; 1 refused or failed (it says why); 2 could not run.

Examples
  dbguard approve cr-7k3m9q2a --as alice --sandbox
  dbguard show cr-7k3m9q2a --sandbox --json | jq -r .digest | dbguard approve cr-7k3m9q2a --as bob --sandbox
`,
  run: async (args, terminal) => {
    const { options, operands } = readGateOptions(args, { 'no-wait': true, 'carry-out': true });
    const id = operand(operands, 'dbguard approve ID');
    const { gate, folder, as } = await enter(options, terminal);
    const say = (answer: Answer) => report('approve', answer, options.json, terminal);
    const carryOut = async () => {
      const done = progress(terminal, 'carrying it out …');
      return say(await gate.carryOut(id).finally(done));
    };
    if (options['carry-out']) return carryOut();
    const before = await gate.show(id);
    if (!options.json) terminal.out.write(renderRequest(before, terminal));
    const digest = before.signed?.digest;
    if (digest !== undefined && before.state === 'rehearsed') {
      const typed = await ask(terminal, `Type at least the first ${DIGEST_CHARACTERS} characters of the digest to approve it as ${as}: `);
      terminal.err.write('\n');
      if (typed.length < DIGEST_CHARACTERS || !digest.startsWith(typed.toLowerCase())) {
        return say({ do: 'refuse', because: `what was typed is not how the digest begins; it begins with ${digest.slice(0, DIGEST_CHARACTERS)}` });
      }
    }
    const answer = await gate.approve(id, as, digest ?? '');
    if (answer.do === 'refuse' || answer.request.state !== 'approved') return say(answer);
    if (!options['no-wait']) return carryOut();
    terminal.background?.(['approve', id, '--carry-out', '--sandbox', '--state', folder]);
    return say(answer);
  },
};

export const reject: Command = {
  summary: 'turn down a change, for good',
  help: `dbguard reject: turn down a change, for good

Usage: dbguard reject ID --reason TEXT --as NAME --sandbox [--json]

Approvers can reject every change, and whoever asked for one can take it back.

Options
  --reason TEXT    why
${GATE_HELP}
  --json           one JSON document, as show prints it

Examples
  dbguard reject cr-7k3m9q2a --reason 'not before the sale is over' --as alice --sandbox
`,
  run: async (args, terminal) => {
    const { options, operands } = readGateOptions(args, { reason: 'TEXT' });
    const id = operand(operands, 'dbguard reject ID');
    if (options.reason === undefined) throw new Error('say why: --reason TEXT');
    const { gate, as } = await enter(options, terminal);
    return report('reject', await gate.reject(id, as, options.reason), options.json, terminal, 'rejected');
  },
};

/** Says what came of it. What ended otherwise than it was meant is refused. */
function report(command: string, answer: Answer, asJson: boolean, terminal: Terminal, meant?: ChangeRequest['state']): number {
  if (answer.do === 'refuse') {
    if (asJson) terminal.out.write(json({ state: 'refused', because: answer.because }));
    terminal.err.write(`dbguard ${command}: ${visible(answer.because)}\n`);
    return EXIT.refused;
  }
  const { request } = answer;
  const { id, state, because, approvals, signed, execution } = request;
  if (asJson) terminal.out.write(json(requestDocument(request)));
  const point = execution?.mark?.restorable;
  const more = [
    ...state === 'rehearsed' ? [`${approvals.length} of ${signed!.document.approvalsNeeded} approvals`] : [],
    ...state === 'executed' && execution?.mark ? [`${execution.mark.rows} rows`, `to undo it, restore to just before ${point!.transaction === undefined ? point!.lsn : `transaction ${point!.transaction}`} (${point!.at})`] : [],
    ...because === undefined ? [] : [visible(because)],
  ];
  const failed = state !== meant && !['rehearsed', 'approved', 'executing', 'executed'].includes(state);
  if (failed) terminal.err.write(`dbguard ${command}: ${id} ${state}: ${more.join('; ')}\n`);
  else if (!asJson) terminal.out.write(`${id} ${state}${more.length > 0 ? `: ${more.join('; ')}` : ''}\n`);
  return failed ? EXIT.refused : EXIT.done;
}
