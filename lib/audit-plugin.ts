import { resolve } from 'node:path';
import { CfnResource, Stage, Token, Validations, type IPolicyValidationContext, type IPolicyValidationPlugin, type PolicyValidationPluginReport, type PolicyViolation } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { readAssembly } from './assembly/read-assembly';
import { audit, type World } from './audit/audit';
import type { Finding, Report, Resource } from './audit/model';
import { printable } from './audit/printable';
import { edge, headline, tally } from './audit/wording';
import { RULE_IDS } from './core/rule-ids';

/** Who is who in an app that the kit's constructs do not describe. */
export interface AgentGuardrailsValidationProps {
  /**
   * Roles and users that agents take on: the constructs, or construct paths, logical ids or ARNs.
   * @default - the agents of the kit's constructs
   */
  readonly agents?: readonly (IConstruct | string)[];
  /**
   * Production databases: the constructs, or construct paths, logical ids, ARNs or instance identifiers.
   * @default - the databases that the kit's constructs guard
   */
  readonly production?: readonly (IConstruct | string)[];
  /**
   * Who approves changes to production: the constructs, or construct paths, logical ids or ARNs.
   * @default - the approvers of the kit's constructs
   */
  readonly approvers?: readonly (IConstruct | string)[];
}

/**
 * Stops synthesis unless every guarantee that the app claims is proven: a validation plugin of CDK which audits all stacks of the app,
 * those of its stages and nested stacks included, as one assembly. A claim that is refuted or cannot be decided fails; only
 * `acknowledge()` accepts one, CDK's own acknowledgements do not.
 *
 * `GuardrailsStack` adds it by itself. In any other app:
 *
 *     Validations.of(app).addPlugins(new AgentGuardrailsValidation({ agents: [codingRole], production: [orders] }));
 *
 * It reads what CDK has just written, as the manifest and CDK name it: what else lies in `cdk.out` has no effect.
 */
export class AgentGuardrailsValidation implements IPolicyValidationPlugin {
  /** Adds it to the app of a construct, once, however often it is asked. Does nothing outside of an app. */
  static addTo(scope: IConstruct): void {
    const { root } = scope.node;
    if (!Stage.isStage(root) || GUARDED.has(root)) return;
    GUARDED.add(root);
    Validations.of(root).addPlugins(new AgentGuardrailsValidation());
  }

  readonly name = 'agent-db-guardrails';
  readonly ruleIds = [...RULE_IDS];

  constructor(private readonly props: AgentGuardrailsValidationProps = {}) {}

  validate({ appConstruct, templatePaths }: IPolicyValidationContext): PolicyValidationPluginReport {
    if (!Stage.isStage(appConstruct)) throw new Error('the audit reads a synthesized app, and this is none');
    const { agents = [], production = [], approvers = [] } = this.props;
    const read = readAssembly(resolve(appConstruct.outdir), { templates: templatePaths });
    // CDK shows what a plugin throws as the plugin's failure, which fails the synthesis.
    if (read.do === 'refuse') throw new Error(read.problems.join('\n'));
    const outcome = audit(read.worlds, {
      subjects: {
        agents: agents.map(nameOf), production: production.map(nameOf), approvers: approvers.map(nameOf),
        asked: { agents: 'agents of AgentGuardrailsValidation', production: 'production of AgentGuardrailsValidation' },
      },
      today: new Date().toISOString().slice(0, 10),
    });
    if (outcome.do === 'refuse') throw new Error(outcome.problems.join('\n'));
    const { report } = outcome;
    if (report.verdict !== 'pass' && report.findings.length === 0) throw new Error(`${headline(report)}: the app makes no claim that could be proven`);
    return {
      success: report.verdict === 'pass',
      violations: report.findings.map((finding) => violation(finding, report, read.worlds)),
      metadata: { verdict: headline(report), claims: tally(report) },
    };
  }
}

/** Apps that have it already. */
const GUARDED = new WeakSet<IConstruct>();

/** What the audit finds a construct by: the path of its resource or, for what is only referred to, the name it is known by. */
function nameOf(subject: IConstruct | string): string {
  if (typeof subject === 'string') return subject;
  const resource = CfnResource.isCfnResource(subject) ? subject : subject.node.defaultChild;
  if (resource && CfnResource.isCfnResource(resource)) return resource.node.path;
  const referred = subject as IConstruct & { readonly [Name in (typeof NAMES)[number]]?: unknown };
  const name = NAMES.map((each) => referred[each]).find((each) => typeof each === 'string' && !Token.isUnresolved(each));
  return typeof name === 'string' ? name : subject.node.path;
}

const NAMES = ['roleArn', 'userArn', 'instanceIdentifier', 'clusterIdentifier'] as const;

function violation(finding: Finding, { rules }: Report, worlds: readonly World[]): PolicyViolation {
  const { rule, verdict, because, fix, steps } = finding;
  const claim = rules.find(({ id }) => id === rule)?.claim;
  const path = steps.map((step, index) => `${index + 1}. ${printable(edge(step))}`);
  return {
    ruleName: rule,
    // "fatal", because an acknowledgement of CDK, which never ends, takes any other out of the report.
    severity: 'fatal',
    description: [...(claim === undefined ? [] : [`${verdict === 'fail' ? 'Refuted' : 'Not proven'}: ${claim}`]), `Because ${printable(because)}`, ...path].join('\n'),
    fix: printable(fix),
    ruleMetadata: { verdict, because: printable(because), ...(path.length === 0 ? {} : { path: path.join('; ') }) },
    violatingResources: [violating(finding, worlds)],
  };
}

function violating({ subject }: Finding, worlds: readonly World[]): PolicyViolation['violatingResources'][number] {
  const resource = resourceOf(subject, worlds);
  return resource?.source
    ? { resourceLogicalId: resource.logicalId, constructPath: resource.path, templatePath: resource.source.file, locations: [] }
    : { constructPath: subject.path, locations: [] };
}

function resourceOf({ id, path }: Finding['subject'], worlds: readonly World[]): Resource | undefined {
  for (const { assembly } of worlds) {
    const found = assembly.resources.find((resource) => resource.path === path && (resource.logicalId === id || resource.id === id));
    if (found) return found;
  }
  return undefined;
}
