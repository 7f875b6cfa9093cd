import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import cdkJson from '../cdk.json';

const ROOT = join(__dirname, '..');
type Template = { Resources: Record<string, any>; Outputs: Record<string, { Value: unknown; Description?: string }>; Metadata: Record<string, any> };

/** Runs the app as the CDK CLI does: a process of its own, the context in a variable, the assembly in a folder. */
function run(context: object, name = 'app') {
  const outdir = mkdtempSync(join(tmpdir(), `${name}-`));
  const result = spawnSync(process.execPath, ['--import', 'tsx', join('bin', 'app.ts')], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, CDK_VALIDATION: 'false', CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify({ ...cdkJson.context, ...context }) },
  });
  const templates = existsSync(outdir) ? readdirSync(outdir).filter((file) => file.endsWith('.template.json')) : [];
  const read = (file: string) => JSON.parse(readFileSync(join(outdir, file), 'utf8')) as Template;
  return { ...result, templates, read, clean: () => rmSync(outdir, { recursive: true, force: true }) };
}

describe('the app', () => {
  test('one environment makes one stack of its own name, and says what it costs', () => {
    const seen = run({ env: 'prod-example' });
    expect(seen.status).toBe(0);
    expect(seen.templates).toEqual(['Guardrails-prod-example.template.json']);
    expect(seen.stderr).toMatch(/prod-example\nFixed cost a month in USD/);
    expect(seen.stdout).toBe('');
    seen.clean();
  });

  test('without a choice every environment is synthesized', () => {
    const seen = run({});
    expect(seen.templates).toEqual(Object.keys(cdkJson.context.environments).map((name) => `Guardrails-${name}.template.json`).sort());
    seen.clean();
  });

  test('an environment that does not exist makes no template, and its name is said beside those that do', () => {
    const seen = run({ env: 'production' });
    expect(seen).toMatchObject({ status: 2, templates: [], stderr: 'env is "production"; write one of: demo, prod-example, lattice-example\n' });
    seen.clean();
  });

  test('a misspelt choice makes no template: it would choose every environment', () => {
    const seen = run({ evn: 'prod-example' });
    expect(seen).toMatchObject({
      status: 2, templates: [], stderr: '"evn" is set in the context, but nothing reads it; write env, such as -c env=prod, or remove it\n',
    });
    seen.clean();
  });

  test('mistakes in any environment make no template at all, and all are told', () => {
    const environments = structuredClone(cdkJson.context.environments) as any;
    environments.demo.network.cidr = '10.212.0.0/20';
    environments['prod-example'].backups.retentionDays = 3;
    const seen = run({ env: 'lattice-example', environments });
    expect(seen).toMatchObject({ status: 2, templates: [] });
    expect(seen.stderr).toContain('environments.demo.network.cidr');
    expect(seen.stderr).toContain('environments.prod-example.backups.retentionDays');
    seen.clean();
  });

  test('the same input gives the same template, but for what makes the check and the roles run again', () => {
    const [one, two] = [run({ env: 'demo' }), run({ env: 'demo' })];
    const [file] = one.templates as [string];
    const [first, second] = [one.read(file), two.read(file)];
    const called = Object.keys(first.Resources).filter((id) => ['Custom::ProductionCheck', 'Custom::DatabaseRoles'].includes(first.Resources[id].Type));
    expect(called).toHaveLength(2);
    for (const id of called) {
      expect(first.Resources[id].Properties.DeploymentId).not.toBe(second.Resources[id].Properties.DeploymentId);
      delete first.Resources[id].Properties.DeploymentId;
      delete second.Resources[id].Properties.DeploymentId;
    }
    expect(first).toEqual(second);
    one.clean();
    two.clean();
  });
});

describe('the template of an environment', () => {
  const seen = run({});
  const templates = Object.fromEntries(seen.templates.map((file) => [file, seen.read(file)]));
  afterAll(seen.clean);

  test.each(Object.keys(templates))('%s: permissions to connect name a resource id, never an ARN', (file) => {
    const statements = Object.values(templates[file]!.Resources)
      .filter(({ Type }) => Type === 'AWS::IAM::ManagedPolicy')
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(({ Effect, Action }) => Effect === 'Allow' && [Action].flat().includes('rds-db:connect'));
    expect(statements.length).toBeGreaterThan(0);
    for (const { Resource } of statements) {
      for (const resource of [Resource].flat()) {
        const parts: unknown[] = resource['Fn::Join'][1];
        const text = parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join('');
        expect(text).toMatch(/:dbuser:\{"Fn::GetAtt":\["[A-Za-z0-9]+","DbiResourceId"\]\}\/agent_[a-z_]+_ro$/);
      }
    }
  });

  test.each(Object.keys(templates))('%s: nothing that holds data, a key or a record is deleted with the stack', (file) => {
    const kept = ['AWS::KMS::Key', 'AWS::S3::Bucket', 'AWS::Backup::BackupVault', 'AWS::Backup::LogicallyAirGappedBackupVault', 'AWS::Logs::LogGroup'];
    const lost = Object.entries(templates[file]!.Resources).filter(
      ([, resource]) => kept.includes(resource.Type) && !(/^Retain/.test(resource.DeletionPolicy) && resource.UpdateReplacePolicy === 'Retain'),
    );
    expect(lost.map(([id]) => id)).toEqual([]);
  });

  test.each(Object.keys(templates))('%s: no password, secret value or dynamic reference to one is in it', (file) => {
    const text = JSON.stringify(templates[file]);
    expect(text).not.toMatch(/"MasterUserPassword"|\{\{resolve:secretsmanager|SecretString|AWS::SecretsManager::Secret"/);
  });

  test.each(Object.keys(templates))('%s: no security group lets everyone in or out', (file) => {
    const rules = Object.values(templates[file]!.Resources).filter(({ Type }) => /^AWS::EC2::SecurityGroup/.test(Type));
    expect(rules.length).toBeGreaterThan(3);
    expect(JSON.stringify(rules)).not.toMatch(/0\.0\.0\.0\/0|::\/0/);
  });

  test.each(Object.keys(templates))('%s: a function of the kit may do nothing to a database but look at it', (file) => {
    const allowed = Object.values(templates[file]!.Resources)
      .filter(({ Type }) => Type === 'AWS::IAM::ManagedPolicy')
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap(({ Action }) => [Action].flat() as string[]);
    const destructive = allowed.filter((action) => /^rds:(Delete(?!DBSnapshot)|Modify(?!DBSnapshotAttribute)|Stop|Reboot|Promote|Restore|Create(?!DBSnapshot))/.test(action) || action === '*' || action.endsWith(':*'));
    expect(destructive).toEqual([]);
  });

  test('what an agent needs to know is in the outputs, and nothing secret is', () => {
    const { Outputs } = templates['Guardrails-demo.template.json']!;
    expect(Object.keys(Outputs)).toEqual(expect.arrayContaining(['ReplicaEndpoint', 'ReplicaPort', 'RoleCoding', 'BoundaryCoding', 'DatabaseUserCoding', 'AgentSecurityGroup', 'AgentSubnets']));
    expect(Outputs.DatabaseUserCoding!.Value).toBe('agent_coding_ro');
    // A name, not an ARN, which `aws ssm start-session` can find too long.
    expect(Outputs.PortForwardingDocument!.Value).toEqual({ Ref: expect.stringMatching(/^GuardrailsAccessHostReplicaSession/) });
    for (const [key, { Description }] of Object.entries(Outputs)) expect(`${key}: ${Description}`).toMatch(/^\w+: \S.{20,}$/);
    expect(JSON.stringify(Outputs)).not.toMatch(/ecret/);
  });
});
