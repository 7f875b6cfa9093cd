import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readAssembly, type ReadOptions, type ReadResult } from '../assembly/read-assembly';
import { audit as judge, type AuditOptions, type AuditOutcome, type World } from '../audit/audit';
import type { World as LiveWorld } from '../live/calls';
import { awsWorld } from '../live/world';
import { mistakeOfPath, readPolicyFile } from './audit-input';
import { auditLive } from './audit-live';
import { readAuditRequest, type AuditRequest } from './audit-options';
import { publish } from './audit-output';
import type { Command } from './command';
import { EXIT, progress, type Terminal } from './terminal';

const HELP = `dbguard audit: prove, from what a deployment would make, that no path leads from an agent to production

Usage: dbguard audit [DIR|TEMPLATE] [OPTIONS]
       dbguard audit --live --env NAME [OPTIONS]

Reads a cloud assembly (the folder that 'cdk synth' writes; default cdk.out) or one CloudFormation template, JSON or YAML, as
a graph of identities, networks and data, and proves or refutes each guarantee. A refuted one comes with the shortest path that
breaks it. What the template does not tell is listed, and makes a claim that depends on it unknown, never proven. It works on
any template: in a foreign one, say who the agents are and which database is production. It needs no AWS account.

With --live it reads the real account instead: the deployed stack as it is now, every identity of the account, and the networks of
the databases with whatever was added to them by hand. The same rules judge that, and what differs from the deployed template is
listed. It only reads, and no secret. A difference that no rule objects to is shown and changes no exit status.

Options
  --format LIST           text (default), json, sarif or html; several, separated by commas, need --output FOLDER
  --json                  the same as --format json: { verdict, about, rules, findings, assumptions, accepted, notClaimed }
  --output PATH           the file to write; with several formats the folder, for audit.txt, audit.json, audit.sarif, audit.html
  --agent X               a role or user that agents take on: construct path, logical id or ARN; several times
  --production X          a production database: construct path, logical id, ARN or instance identifier; several times
  --approver X            who approves changes to production: construct path, logical id or ARN; several times
  --against DIR           what is deployed now, as an assembly or template: updates must not replace or delete what keeps data
  --parameter K=V         the value of a template parameter; several times. Others may be anything
  --service-control FILE  a service control policy that applies to the account, as JSON; several times
  --account ID            the account and the Region of stacks that name none
  --region NAME
  --live                  read the real account, with the credentials that the AWS CLI would use
  --env NAME              with --live: the environment whose stack is read, of the cdk.json in this folder if there is one
  --stack NAME            with --live: the stack itself
  --print-policy          with --live: print the IAM policy that the caller needs, and do nothing else

Exit status: 0 every claim holds, 1 a claim is refuted or unknown, 2 it could not run.

Examples
  dbguard audit
  dbguard audit cdk.out/prod --format text,sarif,html --output reports
  dbguard audit --json | jq '.findings[] | .because'
  dbguard audit template.yaml --agent CodingAgentRole --production OrdersDatabase
  dbguard audit --against deployed/cdk.out
  dbguard audit --live --env prod --json | jq '.differences'
  dbguard audit --live --print-policy > audit-policy.json
`;

/** What the command is made of; tests bring their own. */
export interface Auditor {
  read(path: string, options: ReadOptions): ReadResult;
  audit(worlds: readonly World[], options: AuditOptions): AuditOutcome;
  /** ISO day. */
  today(): string;
  /** Of the kit. */
  version(): string;
}

export function auditWith(auditor: Auditor, liveWorld: (region: string | undefined) => Promise<LiveWorld> = awsWorld): Command {
  return {
    summary: 'prove from the templates that no path leads from an agent to production',
    help: HELP,
    run: (args, terminal) => run(args, terminal, auditor, liveWorld),
  };
}

export const audit = auditWith({
  read: readAssembly,
  audit: judge,
  today: () => new Date().toISOString().slice(0, 10),
  version: () => (JSON.parse(readFileSync(require.resolve('cdk-agent-db-guardrails/package.json'), 'utf8')) as { version: string }).version,
});

async function run(args: readonly string[], terminal: Terminal, auditor: Auditor, liveWorld: (region: string | undefined) => Promise<LiveWorld>): Promise<number> {
  const request = readAuditRequest(args);
  if ('problems' in request) return refuse(request.problems, terminal);
  const policies = request.serviceControl.map((path) => readPolicyFile(path, terminal.folder));
  const problems = [
    ...(request.live ? [] : [request.path, ...(request.against === undefined ? [] : [request.against])]).flatMap((path) => mistakeOfPath(path, terminal.folder) ?? []),
    ...policies.flatMap((policy) => ('problem' in policy ? [policy.problem] : [])),
  ];
  if (problems.length > 0) return refuse(problems, terminal);

  const serviceControl = policies.flatMap((policy) => ('document' in policy ? [policy.document] : []));
  if (request.live) return auditLive({ ...request, live: request.live }, { terminal, auditor, serviceControl, worldOf: liveWorld, refuse: (reasons) => refuse(reasons, terminal) });

  const done = progress(terminal, `reading ${request.path} …`);
  try {
    const reading = read(request.path, request, terminal, auditor);
    const deployed = request.against === undefined ? undefined : read(request.against, request, terminal, auditor);
    const refused = [reading, deployed].flatMap((each) => (each?.do === 'refuse' ? each.problems : []));
    if (reading.do === 'refuse' || deployed?.do === 'refuse') return refuse(refused, terminal);
    const [before, another] = deployed?.worlds ?? [];
    if (another) {
      // Only one of them is deployed, and which one decides what an update does.
      return refuse([`${request.against} depends on conditions (${another.when.join(', ')}): say what is deployed, with --parameter, --account and --region`], terminal);
    }
    const subjects = { agents: request.agents, production: request.production, approvers: request.approvers };
    const outcome = auditor.audit(reading.worlds, {
      subjects, today: auditor.today(), ...(before ? { deployed: before.assembly } : {}),
      serviceControl,
    });
    if (outcome.do === 'refuse') return refuse(outcome.problems, terminal);
    done();
    publish({ report: outcome.report, worlds: reading.worlds, subjects, what: request.path }, request, terminal, { version: auditor.version(), today: auditor.today() });
    return outcome.report.verdict === 'pass' ? EXIT.done : EXIT.refused;
  } finally {
    done();
  }
}

function refuse(problems: readonly string[], terminal: Terminal): number {
  for (const problem of problems) terminal.err.write(`dbguard audit: ${problem}\n`);
  return EXIT.couldNotRun;
}

function read(path: string, { parameters, account, region }: AuditRequest, { folder }: Terminal, auditor: Auditor): ReadResult {
  return auditor.read(resolve(folder, path), { parameters, ...(account === undefined ? {} : { account }), ...(region === undefined ? {} : { region }) });
}
