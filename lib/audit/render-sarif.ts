import { GUARANTEES } from '../core/guarantees';
import type { Acknowledgement, Finding, Report, Resource, RuleVerdict, Source, Step } from './model';
import { spelledOut } from './spelled-out';
import { edge, headline } from './wording';

/**
 * The report as SARIF 2.1.0, which code review tools show beside the lines that it is about.
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function renderSarif(report: Report, about: { readonly resources: readonly Resource[]; readonly version: string }): string {
  const plain = spelledOut(report);
  const places = placesOf(about.resources);
  const rules = rulesOf(plain);
  const result = (finding: Finding, acknowledgement?: Acknowledgement) => resultOf(finding, acknowledgement, rules, places);
  const run = {
    tool: {
      driver: {
        name: 'dbguard audit', semanticVersion: about.version, fullName: 'dbguard audit: guardrails for AI agents near a production database',
        rules: rules.map(describe),
      },
    },
    columnKind: 'utf16CodeUnits',
    invocations: [{ executionSuccessful: true, toolExecutionNotifications: notifications(plain) }],
    results: [
      ...plain.findings.map((finding) => result(finding)),
      ...plain.accepted.map(({ finding, acknowledgement }) => result(finding, acknowledgement)),
    ],
    properties: { verdict: plain.verdict },
  };
  return `${JSON.stringify({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }, undefined, 2)}\n`;
}

/** Findings may be about a rule that has no verdict of its own, such as an acknowledgement that expired. */
function rulesOf({ rules, findings, accepted }: Report): readonly RuleVerdict[] {
  const named = [...findings, ...accepted.map(({ finding }) => finding)].map(({ rule, verdict }) => ({ id: rule, claim: rule, verdict }));
  return [...new Map([...named, ...rules].map((rule) => [rule.id, rule])).values()];
}

function describe({ id, claim }: RuleVerdict) {
  const construct = GUARANTEES.find((guarantee) => guarantee.id === id)?.construct;
  const text = [
    `The claim: ${claim}.`,
    ...(construct === undefined ? [] : [`${construct} is the construct that provides it.`]),
    'An error is a chain of facts in the template that breaks the claim. A warning is a claim that the template does not decide.',
    `What has to stay as it is can be accepted for a time, with a reason: acknowledge('${id}', { reason, expires }).`,
  ].join(' ');
  return {
    id, shortDescription: { text: claim }, fullDescription: { text: claim }, help: { text, markdown: text.replace(/(acknowledge\(.*\))\.$/, '`$1`.') },
    defaultConfiguration: { level: 'error' },
  };
}

type Places = (id: string) => Source | undefined;

/** Where a resource is written, by its id or by its construct path. */
function placesOf(resources: readonly Resource[]): Places {
  const places = new Map(resources.flatMap(({ id, path, source }) => (source ? [[id, source], [path, source]] as const : [])));
  return (id) => places.get(id);
}

function resultOf(finding: Finding, acknowledgement: Acknowledgement | undefined, rules: readonly RuleVerdict[], places: Places) {
  const { rule, verdict, subject, because, fix, steps } = finding;
  return {
    ruleId: rule,
    ruleIndex: rules.findIndex(({ id }) => id === rule),
    level: verdict === 'fail' ? 'error' : 'warning',
    message: { text: `${because}. ${fix}` },
    locations: [location(subject.id, subject.path, places(subject.id) ?? places(subject.path))],
    ...(steps.length === 0 ? {} : {
      codeFlows: [{
        message: { text: because },
        threadFlows: [{ locations: steps.map((step, index) => flow(step, index, places)) }],
      }],
    }),
    // The same finding keeps its identity when lines move, so that a reviewer's decision about it lasts.
    partialFingerprints: { 'finding/v1': [rule, subject.path, ...steps.map(({ from, by, to }) => `${from} ${by} ${to}`)].join(' | ') },
    ...(acknowledgement === undefined ? {} : {
      suppressions: [{ kind: 'inSource', status: 'accepted', justification: `${acknowledgement.reason} (until ${acknowledgement.expires})` }],
    }),
  };
}

function flow(step: Step, index: number, places: Places) {
  const place = location(step.source, step.source, places(step.source) ?? places(step.from));
  return { executionOrder: index + 1, importance: 'essential', location: { ...place, message: { text: edge(step) } } };
}

function location(id: string, path: string, source: Source | undefined) {
  return {
    ...(source ? { physicalLocation: { artifactLocation: { uri: uriOf(source.file) }, region: { startLine: source.line } } } : {}),
    logicalLocations: [{ name: id, fullyQualifiedName: path, kind: 'resource' }],
  };
}

/** A file as a URI: relative as it was named, so that it is found in the checkout, or absolute. */
function uriOf(file: string): string {
  const path = file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
  return path.startsWith('/') ? `file://${path}` : path.replace(/^(\.\/)+/, '');
}

/** What is no result: the verdict, what was assumed and what nobody claims. */
function notifications(report: Report) {
  const { verdict, assumptions, notClaimed } = report;
  const note = (text: string, level = 'note') => ({ level, message: { text } });
  return [
    note(headline(report), verdict === 'pass' ? 'note' : 'warning'),
    ...assumptions.map(({ what, path, affects }) => note(`Assumed: ${what} (${path})`, affects === 'note' ? 'note' : 'warning')),
    ...notClaimed.map((id) => note(`Nothing claims ${id}`)),
  ];
}
