import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { readAssembly, type ReadOptions, type ReadResult } from '../assembly/read-assembly';
import { audit as judge, type AuditOptions, type AuditOutcome, type World } from '../audit/audit';
import type { Assembly, Report, Resource } from '../audit/model';
import { renderHtml } from '../audit/render-html';
import { renderJson } from '../audit/render-json';
import { renderSarif } from '../audit/render-sarif';
import { renderText } from '../audit/render-text';
import { subjectsOf, type NamedSubjects } from '../audit/subjects';
import { headline, tally } from '../audit/wording';
import { mistakeOfPath, readPolicyFile } from './audit-input';
import { readAuditRequest, type AuditRequest, type Format } from './audit-options';
import type { Command } from './command';
import { EXIT, painter, progress, type Terminal } from './terminal';

const HELP = `dbguard audit: prove, from what a deployment would make, that no path leads from an agent to production

Usage: dbguard audit [DIR|TEMPLATE] [OPTIONS]

Reads a cloud assembly (the folder that 'cdk synth' writes; default cdk.out) or one CloudFormation template, JSON or YAML, as
a graph of identities, networks and data, and proves or refutes each guarantee. A refuted one comes with the shortest path that
breaks it. What the template does not tell is listed, and makes a claim that depends on it unknown, never proven. It works on
any template: in a foreign one, say who the agents are and which database is production. It needs no AWS account.

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

Exit status: 0 every claim holds, 1 a claim is refuted or unknown, 2 it could not run.

Examples
  dbguard audit
  dbguard audit cdk.out/prod --format text,sarif,html --output reports
  dbguard audit --json | jq '.findings[] | .because'
  dbguard audit template.yaml --agent CodingAgentRole --production OrdersDatabase
  dbguard audit --against deployed/cdk.out
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

export function auditWith(auditor: Auditor): Command {
  return {
    summary: 'prove from the templates that no path leads from an agent to production',
    help: HELP,
    run: (args, terminal) => Promise.resolve(run(args, terminal, auditor)),
  };
}

export const audit = auditWith({
  read: readAssembly,
  audit: judge,
  today: () => new Date().toISOString().slice(0, 10),
  version: () => (JSON.parse(readFileSync(require.resolve('cdk-agent-db-guardrails/package.json'), 'utf8')) as { version: string }).version,
});

function run(args: readonly string[], terminal: Terminal, auditor: Auditor): number {
  const request = readAuditRequest(args);
  if ('problems' in request) return refuse(request.problems, terminal);
  const policies = request.serviceControl.map((path) => readPolicyFile(path, terminal.folder));
  const problems = [
    ...[request.path, ...(request.against === undefined ? [] : [request.against])].flatMap((path) => mistakeOfPath(path, terminal.folder) ?? []),
    ...policies.flatMap((policy) => ('problem' in policy ? [policy.problem] : [])),
  ];
  if (problems.length > 0) return refuse(problems, terminal);

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
      serviceControl: policies.flatMap((policy) => ('document' in policy ? [policy.document] : [])),
    });
    if (outcome.do === 'refuse') return refuse(outcome.problems, terminal);
    done();
    publish(outcome.report, reading.worlds, subjects, request, terminal, auditor);
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

const NOBODY = { agents: [], production: [], approvers: [] };

const ENDINGS: Readonly<Record<Format, string>> = { text: 'txt', json: 'json', sarif: 'sarif', html: 'html' };

function publish(report: Report, worlds: readonly World[], named: NamedSubjects, request: AuditRequest, terminal: Terminal, auditor: Auditor): void {
  const { formats, output } = request;
  const [first] = worlds;
  const assembly = first?.assembly;
  const found = assembly && subjectsOf(assembly, named);
  const document = (format: Format): string => {
    switch (format) {
      case 'json': return renderJson(report);
      case 'sarif': return renderSarif(report, { resources: worlds.flatMap((world) => located(world.assembly, terminal.folder)), version: auditor.version() });
      case 'html': return renderHtml(report, {
        what: request.path, today: auditor.today(), assembly, subjects: found?.do === 'found' ? found.subjects : NOBODY,
      });
      case 'text': return renderText(report, {
        what: request.path, width: Math.min(terminal.out.columns ?? 100, 120),
        paint: output === undefined ? painter(terminal.out, terminal.environment) : (_, text) => text,
      });
    }
  };
  if (output === undefined) {
    for (const format of formats) terminal.out.write(document(format));
    return;
  }
  const folder = resolve(terminal.folder, output);
  const files = formats.length === 1 ? [[formats[0]!, folder] as const] : formats.map((format) => [format, join(folder, `audit.${ENDINGS[format]}`)] as const);
  if (formats.length > 1) mkdirSync(folder, { recursive: true });
  for (const [format, file] of files) writeFileSync(file, document(format));
  terminal.out.write(`${headline(report)} (${tally(report)}); written to ${files.map(([, file]) => file).join(', ')}\n`);
}

/** Files by the path from the folder of the command, which is how a code review finds them in the checkout. */
function located({ resources }: Assembly, folder: string): readonly Resource[] {
  return resources.map((resource) => {
    const { source } = resource;
    const file = source && isAbsolute(source.file) ? relative(folder, source.file) : undefined;
    return file === undefined || file.startsWith('..') ? resource : { ...resource, source: { ...source!, file } };
  });
}
