import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnDeletionPolicy, NestedStack, RemovalPolicy, Stack, Stage, Validations, type CfnResource } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { AccountRootPrincipal, PolicyStatement, Role, type CfnRole } from 'aws-cdk-lib/aws-iam';
import { DatabaseInstance, DatabaseInstanceEngine } from 'aws-cdk-lib/aws-rds';
import cdkJson from '../cdk.json';
import { AgentGuardrailsValidation, type AgentGuardrailsValidationProps } from '../lib/audit-plugin';
import { acknowledge } from '../lib/constructs/acknowledge';
import { addEnvironments } from '../lib/guardrails-app';

/** An exception that counts, whenever the tests run. */
const SOON = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);

const folders: string[] = [];
function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'plugin-'));
  folders.push(folder);
  return folder;
}
afterAll(() => { for (const folder of folders) rmSync(folder, { recursive: true }); });

/** What the synthesis said: nothing, if it went through. */
function synthesized(app: App): string {
  try {
    app.synth();
    return '';
  } catch (error) {
    return (error as Error).message.replaceAll(app.outdir, 'OUT');
  }
}

const reportOf = (app: App) => JSON.parse(readFileSync(join(app.outdir, 'validation-report.json'), 'utf8')).pluginReports;

function environment(env: string | undefined, outdir = emptyFolder()) {
  const app = new App({ outdir, context: { ...cdkJson.context, ...(env === undefined ? {} : { env }) }, analyticsReporting: false });
  const { stacks } = addEnvironments(app, { deploymentId: 'test' });
  return { app, stack: stacks[0]! };
}


/** Lets the key of the recovery points go with the stack. */
function damage(stack: Stack): CfnResource {
  const found = stack.node.findAll().filter((each): each is CfnResource => (each as { cfnResourceType?: string }).cfnResourceType === 'AWS::Backup::BackupVault')[0]!;
  found.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
  return found;
}

describe('an environment of cdk.json', () => {
  test('goes through, and all of them together too', () => {
    expect(synthesized(environment('demo').app)).toBe('');
    const all = environment(undefined);
    expect(all.app.node.children.filter(Stack.isStack)).toHaveLength(3);
    expect(synthesized(all.app)).toBe('');
  });

  test('that is damaged does not, and the report says the rule, the claim, the fix, the construct and the template', () => {
    const { app, stack } = environment('lattice-example');
    const vault = damage(stack);
    const said = synthesized(app);
    expect(said).toContain('stateful-resources-are-retained');
    expect(said).toContain(vault.node.path);
    const [report] = reportOf(app);
    expect(report).toMatchObject({ pluginName: 'agent-db-guardrails', conclusion: 'failure', metadata: { verdict: 'Refuted: a claim does not hold' } });
    const found = report.violations.find(({ ruleName }: { ruleName: string }) => ruleName === 'stateful-resources-are-retained');
    expect(found).toMatchObject({
      severity: 'fatal',
      description: "Refuted: production's databases, the recovery points, the record, and their keys and secrets stay when their stack is changed or deleted\n"
        + 'Because Backups/Vault (AWS::Backup::BackupVault) has DeletionPolicy Delete: removing it from the template or deleting the stack deletes it',
      suggestedFix: expect.stringContaining('Retain'),
      ruleMetadata: { verdict: 'fail' },
      violatingConstructs: [{
        constructPath: vault.node.path, constructFqn: 'aws-cdk-lib.aws_backup.CfnBackupVault',
        cloudFormationResource: { logicalId: stack.resolve(vault.logicalId), templatePath: 'Guardrails-lattice-example.template.json' },
      }],
    });
  });

  test('is judged by what is synthesized, whatever lies in the folder', () => {
    const outdir = emptyFolder();
    mkdirSync(join(outdir, 'assembly-Old'));
    for (const name of ['manifest.json', 'Old.template.json', 'assembly-Old/manifest.json', 'Guardrails-lattice-example.template.json', 'validation-report.json']) {
      writeFileSync(join(outdir, name), '{ "half a file');
    }
    expect(synthesized(environment('lattice-example', outdir).app)).toBe('');
    // The other way round: a template that was sound does not hide the damage.
    const { app, stack } = environment('lattice-example', outdir);
    damage(stack);
    expect(synthesized(app)).toContain('stateful-resources-are-retained');
  });

  test('is not let through by an acknowledgement of CDK, which never ends', () => {
    const { app, stack } = environment('lattice-example');
    damage(stack);
    Validations.of(stack).acknowledge({ id: 'agent-db-guardrails::stateful-resources-are-retained', reason: 'never mind' });
    expect(synthesized(app)).toContain('stateful-resources-are-retained');
  });

  test('goes through when people accept the finding for a time', () => {
    const { app, stack } = environment('lattice-example');
    acknowledge(damage(stack), 'stateful-resources-are-retained', { reason: 'a vault for trials, without anything in it', expires: SOON });
    expect(synthesized(app)).toBe('');
  });

  test('accepts what its exceptions name, and is no stack at all once they are over', () => {
    const withException = (expires: string) => {
      const environments = structuredClone(cdkJson.context.environments) as any;
      environments['lattice-example'].exceptions = [{ rule: 'stateful-resources-are-retained', reason: 'a vault for trials, without anything in it', expires }];
      const app = new App({ outdir: emptyFolder(), context: { ...cdkJson.context, environments, env: 'lattice-example' }, analyticsReporting: false });
      return { app, ...addEnvironments(app, { deploymentId: 'test' }) };
    };
    const { app, stacks } = withException(SOON);
    damage(stacks[0]!);
    expect(synthesized(app)).toBe('');
    const over = withException('2026-01-31');
    expect([over.stacks, over.mistaken, over.report]).toEqual([[], true, [
      '1 mistake in the environments; nothing was synthesized', '',
      'environments.lattice-example.exceptions[0].expires',
      '  seen:  "2026-01-31", which is over',
      '  write: nothing: mend what stateful-resources-are-retained finds and remove the exception, or decide again and write a new day', '',
    ].join('\n')]);
    expect(withException('2099-12-31').report).toContain('  seen:  "2099-12-31", more than a year from now\n  write: a day within a year, on which somebody looks at it again\n');
  });
});

/** An app without anything of the kit: an agent that may delete a database. */
function foreign(make: (parts: { role: Role; orders: DatabaseInstance; stack: Stack }) => AgentGuardrailsValidationProps, wrap: (app: App) => Stack = (app) => new Stack(app, 'Shop')) {
  const app = new App({ outdir: emptyFolder(), analyticsReporting: false });
  const stack = wrap(app);
  const role = new Role(stack, 'Coding', { assumedBy: new AccountRootPrincipal() });
  const orders = new DatabaseInstance(stack, 'Orders', {
    engine: DatabaseInstanceEngine.POSTGRES, vpc: new Vpc(stack, 'Vpc', { maxAzs: 2, restrictDefaultSecurityGroup: false }), removalPolicy: RemovalPolicy.RETAIN,
  });
  Validations.of(app).addPlugins(new AgentGuardrailsValidation(make({ role, orders, stack })));
  return { app, role, orders };
}

describe('a foreign app', () => {
  const deletes = ({ role, orders }: { role: Role; orders: DatabaseInstance }) => role.addToPolicy(new PolicyStatement({ actions: ['rds:DeleteDBInstance'], resources: [orders.instanceArn] }));

  test.each<[string, (app: App) => Stack]>([
    ['a stack', (app) => new Stack(app, 'Shop')],
    ['a stack of a stage', (app) => new Stack(new Stage(app, 'Prod'), 'Shop')],
    ['a nested stack', (app) => new NestedStack(new Stack(app, 'Shop'), 'Inner')],
  ])('names constructs of %s, and gets the path that breaks the claim', (_, wrap) => {
    const { app, role } = foreign((parts) => {
      deletes(parts);
      return { agents: [parts.role], production: [parts.orders] };
    }, wrap);
    expect(synthesized(app)).toContain('may rds:DeleteDBInstance');
    const found = reportOf(app)[0].violations.find(({ ruleMetadata }: any) => ruleMetadata.because.includes('rds:DeleteDBInstance'));
    expect(found.violatingConstructs[0].constructPath).toBe((role.node.defaultChild as CfnRole).node.path);
    expect(found.ruleMetadata.path).toMatch(/^1\. .*rds:DeleteDBInstance/);
    expect(found.description).toContain(found.ruleMetadata.path);
  });

  test('may name them by id too', () => {
    const { app } = foreign((parts) => {
      deletes(parts);
      return { agents: ['Shop/Coding'], production: ['Shop/Orders'] };
    });
    expect(synthesized(app)).toContain('may rds:DeleteDBInstance');
  });

  test('that names nobody is told whom it could name', () => {
    const { app } = foreign(() => ({}));
    const said = synthesized(app);
    expect(said).toContain("nothing in the template says which roles are agents'; name them with agents of AgentGuardrailsValidation: Coding");
    expect(said).toContain('nothing in the template says which database is production; name it with production of AgentGuardrailsValidation: Orders');
  });

  test('that names a role which is not there is told so', () => {
    const { app } = foreign(({ stack, orders }) => ({ agents: [Role.fromRoleArn(stack, 'Elsewhere', 'arn:aws:iam::111122223333:role/Elsewhere')], production: [orders] }));
    expect(synthesized(app)).toContain("agents of AgentGuardrailsValidation is 'arn:aws:iam::111122223333:role/Elsewhere', and no role or user of the template has that name");
  });
});

test('an app with several guardrails has it once', () => {
  const { app } = environment(undefined);
  expect((app as unknown as { _validationPlugins: unknown[] })._validationPlugins.filter((each) => each instanceof AgentGuardrailsValidation)).toHaveLength(1);
});
