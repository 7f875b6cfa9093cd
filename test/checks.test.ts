import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CfnGuardValidator } from '@cdklabs/cdk-validator-cfnguard';
import { App, Validations } from 'aws-cdk-lib';
import { CfnKey } from 'aws-cdk-lib/aws-kms';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnDBInstance } from 'aws-cdk-lib/aws-rds';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks, ServerlessChecks } from 'cdk-nag';
import { ACCEPTED } from '../lib/constructs/accepted-findings';
import { addEnvironments } from '../lib/guardrails-app';
import cdkJson from '../cdk.json';

interface Finding {
  readonly ruleName: string;
  readonly acknowledgedId?: string;
  readonly reason?: string;
  readonly violatingConstructs: readonly { constructPath: string }[];
}

interface Report {
  readonly pluginReports: readonly { pluginName: string; violations?: readonly Finding[]; suppressedViolations?: readonly Finding[] }[];
}

const environments = Object.keys(cdkJson.context.environments);
// cfn-guard is a program for Linux and macOS that comes inside its npm package.
const guardRuns = process.platform === 'linux' || process.platform === 'darwin';

/** Synthesizes an environment under every check there is, and returns their common report. */
function check(env: string, mutate: (app: App) => void = () => undefined): Report {
  const outdir = mkdtempSync(join(tmpdir(), 'checks-'));
  try {
    const app = new App({ outdir, context: { ...cdkJson.context, env }, analyticsReporting: false });
    addEnvironments(app, { deploymentId: 'test' });
    mutate(app);
    Validations.of(app).addPlugins(
      new AwsSolutionsChecks(app),
      new NIST80053R5Checks(app),
      new HIPAASecurityChecks(app),
      new PCIDSS321Checks(app),
      new ServerlessChecks(app),
      ...(guardRuns ? [new CfnGuardValidator({ controlTowerRulesEnabled: true })] : []),
    );
    try {
      app.synth();
    } catch (error) {
      if (!String(error).includes('ValidationFailed')) throw error;
    }
    return JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')) as Report;
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

const violations = (report: Report) =>
  report.pluginReports.flatMap(({ pluginName, violations = [] }) =>
    violations.flatMap((finding) => finding.violatingConstructs.map(({ constructPath }) => `${pluginName} ${finding.ruleName} at ${constructPath}`)),
  );

describe('every environment passes the checks that reviewers run', () => {
  const reports = new Map<string, Report>();

  beforeAll(() => {
    process.env.CDK_VALIDATION = 'true';
    jest.spyOn(console, 'error').mockImplementation();
    for (const environment of environments) reports.set(environment, check(environment));
  }, 240_000);

  afterAll(() => {
    process.env.CDK_VALIDATION = 'false';
  });

  test.each(environments)('%s has no finding that is not accepted with a reason', (environment) => {
    expect(violations(reports.get(environment)!)).toEqual([]);
  });

  test.each(environments)('%s was really looked at by all of them', (environment) => {
    const names = reports.get(environment)!.pluginReports.map(({ pluginName }) => pluginName);
    expect(names).toEqual(
      expect.arrayContaining(['AwsSolutions', 'NIST.800.53.R5', 'HIPAA.Security', 'PCI.DSS.321', 'Serverless', ...(guardRuns ? ['cdk-validator-cfnguard'] : [])]),
    );
  });

  test('a damaged template is found out by each of them', () => {
    const found = violations(
      check('lattice-example', (app) => {
        for (const node of app.node.findAll()) {
          if (node instanceof CfnDBInstance) {
            node.publiclyAccessible = true;
            node.addPropertyOverride('StorageEncrypted', true);
          }
          if (node instanceof CfnKey) node.enableKeyRotation = false;
          if (node instanceof CfnFunction) node.tracingConfig = undefined;
        }
      }),
    );
    const by = (set: string) => found.filter((finding) => finding.startsWith(set));
    expect(by('AwsSolutions AwsSolutions-KMS5')).not.toEqual([]);
    for (const pack of ['NIST.800.53.R5', 'HIPAA.Security', 'PCI.DSS.321']) {
      expect(by(`${pack} ${pack}-RDSInstancePublicAccess`)).not.toEqual([]);
    }
    expect(by('Serverless Serverless-LambdaTracing')).not.toEqual([]);
    if (guardRuns) expect(by('cdk-validator-cfnguard rds_instance_public_access_check')).not.toEqual([]);
    // CloudFormation's own rules: a replica inherits its encryption and refuses the property.
    expect(found.filter((finding) => /F3020/.test(finding))).not.toEqual([]);
  }, 120_000);

  test('at most 12 different rules are accepted, each with a reason, and none that is not needed', () => {
    expect(ACCEPTED.length).toBeLessThanOrEqual(12);
    const used = new Set([...reports.values()].flatMap(({ pluginReports }) => pluginReports.flatMap(({ suppressedViolations = [] }) => suppressedViolations.map(({ acknowledgedId }) => acknowledgedId))));
    for (const { rules, reason } of ACCEPTED) {
      expect(reason.length).toBeGreaterThan(60);
      for (const rule of rules) expect([...used].filter((id) => id === rule || id?.startsWith(`${rule}[`))).not.toEqual([]);
    }
  });
});
