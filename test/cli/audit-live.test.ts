import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { audit as judge } from '../../lib/audit/audit';
import { readAssembly } from '../../lib/assembly/read-assembly';
import { auditWith } from '../../lib/cli/audit';
import type { World } from '../../lib/live/calls';
import { awsError, FakeAccount } from '../live/fake-account';
import { demoTemplate } from '../live/fake-deployment';
import { emptyFolder, terminalIn } from './terminal-fixture';

const TEMPLATE = demoTemplate();

async function run(args: readonly string[], { change = () => {}, cdkJson, tty }: { change?: (account: FakeAccount) => void; cdkJson?: object; tty?: boolean } = {}) {
  const account = new FakeAccount(structuredClone(TEMPLATE));
  change(account);
  const folder = emptyFolder();
  if (cdkJson) writeFileSync(join(folder, 'cdk.json'), JSON.stringify(cdkJson));
  const terminal = terminalIn(folder, { tty });
  const regions: (string | undefined)[] = [];
  const worldOf = (region: string | undefined): Promise<World> => {
    regions.push(region);
    return Promise.resolve(account);
  };
  const status = await auditWith({ read: readAssembly, audit: judge, today: () => '2026-11-20', version: () => '0.1.0' }, worldOf).run(['--live', ...args], terminal);
  return { status, out: terminal.out.text, err: terminal.err.text, account, regions };
}

test('an account that is as its template says passes, and JSON says that nothing differs', async () => {
  const { status, out, err } = await run(['--env', 'demo', '--json']);
  expect(err).toBe('');
  expect(JSON.parse(out)).toMatchObject({ verdict: 'pass', findings: [], differences: [] });
  expect(status).toBe(0);
});

test('a difference that no rule objects to is shown, and changes no exit status', async () => {
  const change = (account: FakeAccount) => { account.databases.find(({ DBInstanceIdentifier }) => DBInstanceIdentifier === 'shop').DBInstanceClass = 'db.t4g.large'; };
  const { status, out } = await run(['--stack', 'agent-db-guardrails-demo'], { change });
  expect(out).toContain('Different from the deployed template');
  expect(out).toMatch(/≠ ProductionEvaluationInstance\w+ \(AWS::RDS::DBInstance\): DBInstanceClass\n {6}template: db\.t4g\.micro\n {6}account: {2}db\.t4g\.large/);
  expect(status).toBe(0);
});

test('a broken claim ends with 1, in words about the account', async () => {
  const { status, out } = await run(['--env', 'demo'], { change: (account) => { delete account.resource('AWS::Backup::BackupVault', 'Vault').LockConfiguration; } });
  expect(status).toBe(1);
  expect(out).toContain('agent-db-guardrails-demo in account 111122223333, eu-central-1');
  expect(out).toMatch(/the vault GuardrailsBackupsVault\w+ has no lock/);
});

test('the page has the differences, and says what it is about', async () => {
  const { out } = await run(['--env', 'demo', '--format', 'html'], { change: (account) => account.delete('AWS::Logs::MetricFilter', 'ReplicaLive') });
  expect(out).toContain('<h2 id="differences">Different from the deployed template</h2>');
  expect(out).toContain('Proven means: shown from the account as it was read');
});

test('progress is counted on a terminal and nowhere else', async () => {
  expect((await run(['--env', 'demo'], { tty: true })).err).toMatch(/^\rreading agent-db-guardrails-demo in the account: 1 answer …\rreading agent-db-guardrails-demo in the account: 2 answers …/);
  expect((await run(['--env', 'demo'])).err).toBe('');
});

test.each<[string, readonly string[], Parameters<typeof run>[1], string]>([
  ['no name of a stack', [], {}, 'dbguard audit: --live needs to know what is deployed: --env NAME, an environment of cdk.json, or --stack NAME\n'],
  ['two names', ['--env', 'demo', '--stack', 'x'], {}, 'dbguard audit: --env and --stack both name a stack: write one of them\n'],
  ['a template besides', ['--env', 'demo', 'cdk.out', '--account', '111122223333'], {}, 'dbguard audit: cdk.out, --account is for templates, and --live reads the account: leave one of them out\n'],
  ['a stack that is not there', ['--env', 'prod'], {}, 'dbguard audit: there is no stack agent-db-guardrails-prod in this account and Region: deploy it, name another with --stack, or log in to its account and set AWS_REGION\n'],
  ['no permission', ['--env', 'demo'], { change: (account: FakeAccount) => { account.trouble = (call) => call.startsWith('cloudformation') ? awsError('AccessDenied', 'is not authorized to perform: cloudformation:DescribeStacks') : undefined; } },
    'dbguard audit: the stack agent-db-guardrails-demo cannot be read: you lack the permission cloudformation:DescribeStacks\n'],
  ['no credentials', ['--env', 'demo'], { change: (account: FakeAccount) => { account.trouble = () => awsError('CredentialsProviderError', 'Could not load credentials from any providers'); } },
    'dbguard audit: no AWS credentials found (CredentialsProviderError); log in, for example with aws sso login, and name the profile in AWS_PROFILE; this shows who is logged in: aws sts get-caller-identity --region <region>\n'],
])('%s: 2, with what to do', async (_, args, world, err) => {
  const seen = await run(args, world);
  expect(seen.err.replace(/--region '?[^\n]*/, '--region <region>')).toBe(err);
  expect(seen).toMatchObject({ status: 2, out: '' });
});

test('the environment of cdk.json says where, and one that it does not have is refused', async () => {
  const cdkJson = { context: { environments: { demo: {} } } };
  expect((await run(['--env', 'demmo'], { cdkJson })).status).toBe(2);
});

test('what only goes with an account is refused without --live', async () => {
  const terminal = terminalIn(emptyFolder());
  const command = auditWith({ read: readAssembly, audit: judge, today: () => '2026-11-20', version: () => '0.1.0' });
  writeFileSync(join(terminal.folder, 't.json'), '{"Resources":{"A":{"Type":"AWS::SNS::Topic"}}}');
  expect(await command.run(['t.json', '--env', 'demo', '--print-policy'], terminal)).toBe(2);
  expect(terminal.err.text).toBe('dbguard audit: --env, --print-policy goes with --live\n');
});

test('the policy that is printed allows what is asked, and nothing is asked to print it', async () => {
  const { status, out, account } = await run(['--print-policy']);
  expect({ status, asked: account.asked }).toEqual({ status: 0, asked: [] });
  const [allowed] = (JSON.parse(out) as { Statement: [{ Action: string[] }] }).Statement;
  const used = (await run(['--env', 'demo'])).account.asked.map(({ call }) => call);
  expect([...new Set(used)].filter((call) => !allowed.Action.includes(call))).toEqual([]);
});
