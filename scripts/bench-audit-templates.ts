/** The templates that the audit is measured on, and what is done to each. */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CloudFormationValidatePlugin, App, Stack } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readAssembly } from '../lib/assembly/read-assembly';
import { audit } from '../lib/audit/audit';
import type { NamedSubjects } from '../lib/audit/subjects';

const PLACE = { account: '111122223333', region: 'eu-west-1' };

/** Reads and audits one template. */
export function audited(file: string, subjects: NamedSubjects): void {
  const read = readAssembly(file, PLACE);
  if (read.do === 'refuse') throw new Error(read.problems.join('\n'));
  const outcome = audit(read.worlds, { subjects, today: '2026-11-20' });
  if (outcome.do === 'refuse') throw new Error(outcome.problems.join('\n'));
}

/** The least: parsing, and looking at every value. */
export function walked(file: string): number {
  const walk = (value: unknown): number => (typeof value === 'object' && value !== null ? Object.values(value).reduce<number>((count, inside) => count + walk(inside), 1) : 1);
  return walk(JSON.parse(readFileSync(file, 'utf8')));
}

/** What others do with the same template: the validation that is built into the CDK, and the rules of cdk-nag. Each loads when it is first used. */
export function others(file: string): { readonly validate: () => unknown; readonly nag: () => unknown } {
  const app = new App({ outdir: join(dirname(file), `included-${basename(file)}`), analyticsReporting: false });
  const stack = new Stack(app, 'Included', { env: PLACE });
  new CfnInclude(stack, 'Template', { templateFile: withoutRules(file) });
  const context = {
    templatePaths: [file], appConstruct: app, ...PLACE, accountId: PLACE.account,
    stackTemplates: [{ stackConstructPath: stack.node.path, templatePath: file, accountId: PLACE.account, region: PLACE.region }],
  };
  const [validator, pack] = [new CloudFormationValidatePlugin(), new AwsSolutionsChecks(app)];
  return { validate: () => validator.validate(context), nag: () => pack.validate(context) };
}

/** The bootstrap check that every synthesized template has cannot be included into a stack which adds its own. */
function withoutRules(file: string): string {
  const { Parameters = {}, ...template } = JSON.parse(readFileSync(file, 'utf8')) as { Rules?: unknown; Parameters?: Record<string, unknown> };
  delete template.Rules;
  const parameters = Object.fromEntries(Object.entries(Parameters).filter(([name]) => name !== 'BootstrapVersion'));
  const own = file.replace(/\.json$/, '.included.json');
  writeFileSync(own, JSON.stringify({ ...template, Parameters: parameters }));
  return own;
}
