import type { AuditOptions, AuditOutcome, World as Audited } from '../audit/audit';
import { differencesOf } from '../audit/differences';
import { explain, failureOf } from '../core/aws-failure';
import { STACK_PREFIX } from '../core/policy';
import { Asking } from '../live/asking';
import { callerPolicy } from '../live/caller-policy';
import type { World } from '../live/calls';
import { readAccount } from '../live/read-account';
import type { AuditRequest, LiveRequest } from './audit-options';
import { publish } from './audit-output';
import { chooseEnvironment, ownCdkJson } from './cdk-json';
import { EXIT, type Terminal } from './terminal';

interface Surroundings {
  readonly terminal: Terminal;
  readonly auditor: { audit(worlds: readonly Audited[], options: AuditOptions): AuditOutcome; today(): string; version(): string };
  readonly serviceControl: readonly unknown[];
  readonly worldOf: (region: string | undefined) => Promise<World>;
  readonly refuse: (problems: readonly string[]) => number;
}

/** Audits the account: reads the deployed stack and all that its guarantees depend on, and judges it as a template is judged. */
export async function auditLive(request: AuditRequest & { readonly live: LiveRequest }, { terminal, auditor, serviceControl, worldOf, refuse }: Surroundings): Promise<number> {
  const { live, agents, production, approvers } = request;
  if (live.printPolicy) {
    terminal.out.write(`${JSON.stringify(callerPolicy(), undefined, 2)}\n`);
    return EXIT.done;
  }
  const target = targetOf(request, terminal.folder);
  if ('problem' in target) return refuse([target.problem]);
  const { stack, region, account } = target;
  const counting = counter(terminal, `reading ${stack} in the account`);
  try {
    const read = await readAccount(new Asking(await worldOf(region), counting.said), stack);
    counting.done();
    if (read.do === 'refuse') return refuse(read.problems);
    const [place] = read.account.stacks;
    if (place && account !== undefined && place.account !== account) return refuse([`the environment is of account ${account}, and these credentials are of ${place.account}: log in to ${account}`]);
    const worlds = [{ assembly: read.account, when: [] }];
    const subjects = { agents, production, approvers };
    const outcome = auditor.audit(worlds, { subjects, today: auditor.today(), serviceControl });
    if (outcome.do === 'refuse') return refuse(outcome.problems);
    const differences = differencesOf(read.template, read.account, read.literal);
    const what = `${stack} in account ${place?.account ?? ''}, ${place?.region ?? ''}`;
    publish({ report: outcome.report, worlds, subjects, what, differences }, request, terminal, { version: auditor.version(), today: auditor.today() });
    return outcome.report.verdict === 'pass' ? EXIT.done : EXIT.refused;
  } catch (error) {
    const { because, fix } = explain(failureOf(error), { service: 'CloudFormation', action: 'cloudformation:DescribeStacks', on: stack, region: region ?? 'of your AWS settings' });
    return refuse([`${because}; ${fix}`]);
  } finally {
    counting.done();
  }
}

type Target = { readonly stack: string; readonly region: string | undefined; readonly account?: string } | { readonly problem: string };

/** The stack's name, and where it is: as the environment says, where the folder has a cdk.json that has it. */
function targetOf({ live, region }: AuditRequest & { readonly live: LiveRequest }, folder: string): Target {
  if (live.stack !== undefined) return { stack: live.stack, region };
  const stack = `${STACK_PREFIX}${live.environment}`;
  const cdkJson = ownCdkJson(folder);
  if (!cdkJson) return { stack, region };
  const choice = chooseEnvironment(cdkJson, live.environment);
  if ('report' in choice) return { problem: choice.report };
  const { environment } = choice;
  return { stack, region: region ?? environment.region, ...(environment.account !== undefined && { account: environment.account }) };
}

/** Counts answers on a terminal, in place. Says nothing to a file or a pipe. */
function counter({ err }: Terminal, text: string): { readonly said: (answered: number) => void; readonly done: () => void } {
  let shown = '';
  const write = (line: string) => {
    if (err.isTTY !== true || line === shown) return;
    err.write(`\r${line}${' '.repeat(Math.max(0, shown.length - line.length))}${line === '' ? '\r' : ''}`);
    shown = line;
  };
  return { said: (answered) => write(`${text}: ${answered} ${answered === 1 ? 'answer' : 'answers'} …`), done: () => write('') };
}
