import { App } from 'aws-cdk-lib';
import cdkJson from '../../../cdk.json';
import { Problems } from '../../../lib/assembly/problems';
import { readTemplate } from '../../../lib/assembly/template';
import { worldsOf } from '../../../lib/assembly/worlds';
import { audit, type AuditOptions } from '../../../lib/audit/audit';
import type { Report } from '../../../lib/audit/model';
import { METADATA_KEY, type Declaration } from '../../../lib/core/guarantees';
import { addEnvironments } from '../../../lib/guardrails-app';

// Templates read back from synth output are untyped.
export type Untyped = any;

interface Written {
  Resources: Record<string, { Type: string; Properties: Record<string, Untyped>; [attribute: string]: Untyped }>;
  Conditions?: Record<string, Untyped>;
  Parameters?: Record<string, Untyped>;
  Outputs?: Record<string, Untyped>;
  Metadata: Record<string, Untyped>;
}

/** The template of an environment, as it is deployed. */
function synthesized(environment: string): Written {
  const app = new App({ context: { ...cdkJson.context, env: environment, 'aws:cdk:enable-path-metadata': true }, analyticsReporting: false });
  addEnvironments(app, { deploymentId: '2026-11-20T00:00:00.000Z' });
  return app.synth().stacks[0]!.template as Written;
}

const DEMO = synthesized('demo');

/** The template of the demo, to be damaged. Resources are named by their logical id without the hash at its end. */
export class Demo {
  readonly template: Written = structuredClone(DEMO);

  id(name: string): string {
    const found = Object.keys(this.template.Resources).filter((id) => id === name || (id.startsWith(name) && /^[0-9A-F]{8}$/.test(id.slice(name.length))));
    if (found.length !== 1) throw new Error(`${found.length} resources are named ${name}`);
    return found[0]!;
  }

  resource(name: string) {
    return this.template.Resources[this.id(name)]!;
  }

  properties(name: string): Record<string, Untyped> {
    return this.resource(name).Properties;
  }

  set(name: string, properties: Record<string, Untyped>): void {
    Object.assign(this.properties(name), properties);
  }

  unset(name: string, ...properties: readonly string[]): void {
    for (const property of properties) {
      if (!(property in this.properties(name))) throw new Error(`${name} has no ${property}`);
      delete this.properties(name)[property];
    }
  }

  /** Takes a resource out. What names it names one that is elsewhere from then on. */
  remove(name: string): void {
    const id = this.id(name);
    delete this.template.Resources[id];
    this.template.Outputs = {};
    this.template.Resources = without(this.template.Resources, id) as Written['Resources'];
  }

  add(id: string, type: string, properties: Record<string, Untyped>): void {
    this.template.Resources[id] = { Type: type, Properties: properties };
  }

  /** The statements of a policy, a key, a bucket policy, a vault or a role's trust. */
  statements(name: string): Untyped[] {
    const { PolicyDocument, KeyPolicy, AccessPolicy, AssumeRolePolicyDocument } = this.properties(name);
    return (PolicyDocument ?? KeyPolicy ?? AccessPolicy ?? AssumeRolePolicyDocument).Statement as Untyped[];
  }

  /** The statement with a Sid, to be changed. */
  statement(name: string, sid: string): Untyped {
    const found: unknown = this.statements(name).find(({ Sid }) => Sid === sid);
    if (found === undefined) throw new Error(`${name} has no statement ${sid}`);
    return found;
  }

  drop(name: string, sid: string): void {
    const statements = this.statements(name);
    statements.splice(statements.indexOf(this.statement(name, sid)), 1);
  }

  get declarations(): Declaration[] {
    return this.template.Metadata[METADATA_KEY] as Declaration[];
  }

  declared(guarantee: string): Untyped {
    return this.declarations.find((declaration) => declaration.guarantee === guarantee);
  }

  ref = (name: string) => ({ Ref: this.id(name) });
  get = (name: string, attribute: string) => ({ 'Fn::GetAtt': [this.id(name), attribute] });
  arn = (name: string) => this.get(name, 'Arn');
  group = (name: string) => this.get(name, 'GroupId');
}

function without(value: Untyped, id: string): Untyped {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.filter((entry) => entry !== id).map((entry) => without(entry, id) as unknown);
  if (value.Ref === id || value['Fn::GetAtt']?.[0] === id) return `elsewhere-${id}`;
  return Object.fromEntries(Object.entries(value as object).map(([key, entry]) => [key, without(entry, id) as unknown]));
}

/** A template as the reader reads it, in every way in which its conditions may turn out. */
export function worlds(template: unknown, id = 'Guardrails-demo') {
  const problems = new Problems();
  const read = worldsOf([{
    id, file: `${id}.template.json`, template: readTemplate(template, `${id}.template.json`, problems), account: undefined, region: undefined, stackName: id,
    parameters: new Map(), nested: new Map(), lineOf: () => undefined, paths: new Map(),
  }], problems);
  if (problems.any) throw new Error(problems.list.join('\n'));
  return read;
}

export const TODAY = '2026-11-20';

/** The report on a template that can be judged. */
export function report(template: unknown, options: Partial<AuditOptions> = {}): Report {
  const outcome = audit(worlds(template), { today: TODAY, ...options });
  if (outcome.do === 'refuse') throw new Error(outcome.problems.join('\n'));
  return outcome.report;
}
