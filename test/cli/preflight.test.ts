import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exampleCdkJson } from '../../lib/cli/cdk-json';
import { preflight, preflightIn } from '../../lib/cli/preflight';
import { awsWorld, type World } from '../../lib/cli/preflight-world';
import { expectedOf } from '../../lib/core/preflight/production';
import { readExpected } from '../../lib/core/production-check/properties';
import { readEnvironments } from '../../lib/environment';
import { addEnvironments } from '../../lib/guardrails-app';
import { another, existing } from '../environment/fixture';
import { instance, now } from '../core/preflight-fixture';
import { emptyFolder, folderWith, terminalIn } from './terminal-fixture';

const ACCOUNT = '123456789012';
const DBA = `arn:aws:iam::${ACCOUNT}:role/Dba`;
const CAROL = `arn:aws:iam::${ACCOUNT}:user/carol`;

const prod = (more: object = {}) => ({
  ...existing(), account: ACCOUNT, region: 'eu-central-1', approvers: [DBA, CAROL],
  network: { accessHost: true }, agents: [{ name: 'coding', trust: { github: { repository: 'acme/shop' } } }], ...more,
});

/** An account in which all is well, with changes: a value is thrown or answered. */
class Account implements World {
  readonly asked: string[] = [];
  constructor(private readonly changes: Partial<Record<'region' | 'instances' | 'role' | 'user' | 'providers', unknown>> = {}) {}
  now = () => now;
  region = () => this.answer('region', 'region', 'eu-central-1');
  describeDBInstances = ({ DBInstanceIdentifier }: { DBInstanceIdentifier: string }) =>
    this.answer(`instance ${DBInstanceIdentifier}`, 'instances', { DBInstances: [instance] });
  getRole = ({ RoleName }: { RoleName: string }) =>
    this.answer(`role ${RoleName}`, 'role', { Role: { Arn: `arn:aws:iam::${ACCOUNT}:role/${RoleName}` } });
  getUser = ({ UserName }: { UserName: string }) =>
    this.answer(`user ${UserName}`, 'user', { User: { Arn: `arn:aws:iam::${ACCOUNT}:user/${UserName}` } });
  listOpenIDConnectProviders = () => this.answer('providers', 'providers', {
    OpenIDConnectProviderList: [{ Arn: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com` }],
  });

  private answer<Answer>(asked: string, what: keyof Account['changes'], answer: Answer): Promise<Answer> {
    this.asked.push(asked);
    const change = this.changes[what];
    return change instanceof Error ? Promise.reject(change) : Promise.resolve((change ?? answer) as Answer);
  }
}

const error = (name: string, message = '') => Object.assign(new Error(message), { name });

async function run(account: Account, args: readonly string[] = ['--env', 'prod'], is: Parameters<typeof terminalIn>[1] & { environment?: object; folder?: string } = {}, environment: object = prod()) {
  const regions: (string | undefined)[] = [];
  const terminal = terminalIn(is.folder ?? folderWith({ environments: { prod: environment, test: another() } }), is);
  const command = preflightIn((region) => {
    regions.push(region);
    return Promise.resolve(account);
  });
  const status = await command.run(args, terminal);
  return { status, out: terminal.out.text, err: terminal.err.text, regions };
}

const ALL_WELL = `
What a deployment of prod would find

✔ production  orders
    it is the database that was described, and it can be recovered

✔ approver    arn:aws:iam::123456789012:role/Dba
    the role exists

✔ approver    arn:aws:iam::123456789012:user/carol
    the user exists

✔ sign-in     token.actions.githubusercontent.com
    the account has it

✔ Next: npx cdk deploy -c env=prod
`;

describe('an account in which all is well', () => {
  test('passes with status 0, and the next step is to deploy', async () => {
    const account = new Account();
    expect(await run(account)).toEqual({ status: 0, out: ALL_WELL, err: '', regions: ['eu-central-1'] });
    expect(account.asked).toEqual(['region', 'instance orders', 'providers', 'role Dba', 'user carol']);
  });

  test('gives machines one document', async () => {
    const { status, out, err } = await run(new Account(), ['--json', '--env', 'prod']);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(JSON.parse(out)).toEqual({
      environment: 'prod',
      verdict: 'pass',
      findings: [
        { check: 'production', subject: 'orders', verdict: 'pass', because: 'it is the database that was described, and it can be recovered' },
        { check: 'approver', subject: DBA, verdict: 'pass', because: 'the role exists' },
        { check: 'approver', subject: CAROL, verdict: 'pass', because: 'the user exists' },
        { check: 'identity-provider', subject: 'token.actions.githubusercontent.com', verdict: 'pass', because: 'the account has it' },
      ],
      warnings: [],
    });
  });

  test("asks the SDK's own Region where the environment names none", async () => {
    const { status, regions } = await run(new Account(), undefined, undefined, prod({ region: undefined }));
    expect({ status, regions }).toEqual({ status: 0, regions: [undefined] });
  });

  test('asks nothing of RDS for a database that the deployment makes, and nobody of another account', async () => {
    const account = new Account();
    const { status, out } = await run(account, undefined, undefined, prod({
      production: { create: { instanceIdentifier: 'shop' } }, approvers: ['arn:aws:iam::999999999999:role/Dba', CAROL], agents: existing().agents,
    }));
    expect(status).toBe(0);
    expect(account.asked).toEqual(['region', 'user carol']);
    expect(out).toContain('✔ production  shop\n    there is nothing to check yet: the deployment makes it\n');
    expect(out).toContain([
      'Worth knowing, but no reason to stop', '',
      '! approver    arn:aws:iam::999999999999:role/Dba',
      '    not checked: it belongs to another account, 999999999999',
      '      log in there and see whether it exists:',
      '      aws iam get-role --role-name Dba --region eu-central-1', '',
    ].join('\n'));
  });
});

describe('findings', () => {
  test('end with status 1; every command stands on a line of its own, however long', async () => {
    const bad = { ...instance, DeletionProtection: false, StorageEncrypted: false, EngineVersion: '13.4' };
    const { status, out, err } = await run(new Account({ instances: { DBInstances: [bad] }, role: error('NoSuchEntityException'), providers: {} }));
    expect({ status, err }).toEqual({ status: 1, err: '' });
    const lines = out.split('\n');
    for (const line of [
      '      aws rds modify-db-instance --db-instance-identifier orders --deletion-protection --region eu-central-1',
      '      aws rds wait db-snapshot-available --db-snapshot-identifier orders-plain --region eu-central-1 &&',
      '      aws iam create-open-id-connect-provider --url https://token.actions.githubusercontent.com --client-id-list sts.amazonaws.com --region eu-central-1',
      "      aws iam list-roles --query 'Roles[].Arn' --output text --region eu-central-1",
    ]) expect(lines).toContain(line);
    expect(out).toContain([
      '      Careful: a major version upgrade interrupts the database and cannot be undone: rehearse it on',
      '      a restored copy.',
      '      choose a target with',
      "      aws rds describe-db-engine-versions --engine postgres --engine-version 13.4 --query 'DBEngineVersions[].ValidUpgradeTarget[].EngineVersion' --region eu-central-1",
      '      and apply it with',
      '      aws rds modify-db-instance --db-instance-identifier orders --engine-version TARGET --allow-major-version-upgrade --apply-immediately --region eu-central-1',
    ].join('\n'));
    expect(out).toContain([
      '✖ approver    arn:aws:iam::123456789012:role/Dba',
      '    there is no role Dba in account 123456789012: whoever creates a role of that name becomes an',
      '    approver',
    ].join('\n'));
    expect(out).toMatch(/\nNext: settle the 5 marked ✖, then run npx dbguard preflight --env prod again\n$/);
  });

  test('that could not be checked end with status 1 as well, and hide nothing', async () => {
    const denied = error('AccessDenied', 'User: arn:aws:sts::123456789012:assumed-role/Dev/jane is not authorized to perform: iam:GetRole on resource: role Dba');
    const { status, out } = await run(new Account({ role: denied }));
    expect(status).toBe(1);
    expect(out).toContain('✔ production  orders\n');
    expect(out).toContain('? approver    arn:aws:iam::123456789012:role/Dba\n    could not be checked: you may not use iam:GetRole on');
    expect(out).toMatch(/\nNext: settle the 1 marked \?, then run npx dbguard preflight --env prod again\n$/);
  });

  test('of both kinds are counted apart', async () => {
    const { status, out } = await run(new Account({ instances: error('DBInstanceNotFoundFault'), user: error('ThrottlingException') }));
    expect(status).toBe(1);
    expect(out).toContain('✖ production  orders\n    RDS knows no instance orders in account 123456789012, Region eu-central-1\n');
    expect(out).toMatch(/\nNext: settle the 1 marked ✖ and the 1 marked \?, then run /);
  });

  test('are the same for machines', async () => {
    const { status, out } = await run(new Account({ instances: error('DBInstanceNotFoundFault'), user: error('ThrottlingException') }), ['--env', 'prod', '--json']);
    expect(status).toBe(1);
    const { verdict, findings } = JSON.parse(out);
    expect(verdict).toBe('fail');
    expect(findings.map((finding: { verdict: string }) => finding.verdict)).toEqual(['fail', 'pass', 'unknown', 'pass']);
  });
});

describe('what is shown', () => {
  test('has colours on a terminal only, and progress goes to its error stream and away again', async () => {
    const tty = await run(new Account(), undefined, { tty: true, columns: 80 });
    expect(tty.out).toContain('\u001b[32m✔\u001b[39m production  \u001b[1morders\u001b[22m\n');
    expect(tty.err).toMatch(/^reading the account …\r +\r$/);
    const noColor = await run(new Account(), undefined, { tty: true, environment: { NO_COLOR: '1' } });
    expect(noColor.out).toBe(ALL_WELL);
  });

  test("holds nothing of production's master secret", async () => {
    const environment = prod();
    environment.production.existing.masterSecretArn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:orders-AbCdEf';
    for (const args of [['--env', 'prod'], ['--env', 'prod', '--json']]) {
      const { out, err } = await run(new Account({ instances: { DBInstances: [{ ...instance, DeletionProtection: false }] } }), args, {}, environment);
      expect(out + err).not.toContain('secret');
    }
  });
});

describe('what cannot be run', () => {
  const WHO = '  aws sts get-caller-identity --region eu-central-1\n';
  test.each([
    ['no credentials', error('CredentialsProviderError', 'Could not load credentials from any providers'), [
      'no AWS credentials found (CredentialsProviderError)',
      '  log in, for example with aws sso login, and name the profile in AWS_PROFILE; this shows who is\n  logged in:',
    ], WHO],
    ['expired credentials', error('ExpiredTokenException', 'The security token included in the request is expired'), [
      'the AWS credentials have expired (ExpiredTokenException)',
      '  log in again, for example with aws sso login; this shows who is logged in:',
    ], WHO],
  ])('with %s: one reason on the error stream, status 2, whatever the format', async (_, thrown, lines, command) => {
    const account = () => new Account({ instances: thrown, role: thrown, user: thrown, providers: thrown });
    const expected = { status: 2, out: '', err: `dbguard preflight: ${lines.join('\n')}\n${command}`, regions: ['eu-central-1'] };
    expect(await run(account())).toEqual(expected);
    expect(await run(account(), ['--env', 'prod', '--json'])).toEqual(expected);
  });

  test('without a Region, nothing is asked', async () => {
    const account = new Account({ region: error('Error', 'Region is missing') });
    const { status, out, err } = await run(account, undefined, undefined, prod({ region: undefined }));
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toBe('dbguard preflight: no Region is set\n  write "region" in the environment in cdk.json, or set AWS_REGION\n');
    expect(account.asked).toEqual(['region']);
  });

  test('without a network, with a reason for each service', async () => {
    const lost = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    const { status, err } = await run(new Account({ instances: lost, role: lost, user: lost, providers: lost }));
    expect(status).toBe(2);
    expect(err).toBe([
      'dbguard preflight: RDS could not be reached in Region eu-central-1 (ENOTFOUND)', '  check the network of this machine, and how the Region is spelt',
      'dbguard preflight: IAM could not be reached in Region eu-central-1 (ENOTFOUND)', '  check the network of this machine, and how the Region is spelt', '',
    ].join('\n'));
  });

  test('in another account, whatever it holds', async () => {
    const theirs = { DBInstances: [{ ...instance, DBInstanceArn: 'arn:aws:rds:eu-central-1:555555555555:db:orders' }] };
    const { status, out, err } = await run(new Account({ instances: theirs }));
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toBe('dbguard preflight: you are logged in to account 555555555555, but the environment is for account 123456789012\n'
      + '  log in to the account of the environment, for example by naming its profile in AWS_PROFILE; this\n  shows who is logged in:\n' + WHO);
  });

  test.each<[string, readonly string[], string]>([
    ['without --env', [], '--env is required; the environments of FILE are prod, test'],
    ['for an unknown environment', ['--env', 'prdo'], "there is no environment 'prdo'; the environments of FILE are prod, test"],
    ['with an unknown option', ['--env', 'prod', '--yes'], 'there is no option --yes; the options are --env NAME, --json, --help'],
  ])('%s, nothing is asked', async (_, args, message) => {
    const account = new Account();
    const folder = folderWith({ environments: { prod: prod(), test: another() } });
    await expect(run(account, args, { folder })).rejects.toThrow(message.replace('FILE', `${folder}/cdk.json`));
    expect(account.asked).toEqual([]);
  });

  test('without a cdk.json: the example that comes with the kit describes nobody\'s account', async () => {
    const folder = emptyFolder();
    await expect(run(new Account(), ['--env', 'prod-example'], { folder }))
      .rejects.toThrow(`there is no cdk.json with context.environments in ${folder}; see ${join(__dirname, '..', '..', 'ENVIRONMENTS.md')}`);
  });

  test('while any environment has a mistake', async () => {
    const folder = folderWith({ environments: { prod: prod(), test: { ...another(), approvers: [] } } });
    await expect(run(new Account(), ['--env', 'prod'], { folder })).rejects.toThrow(/^.*\/cdk\.json: 1 mistake in the environments;[^]*environments\.test\.approvers/);
  });
});

test.each(['prod-example', 'lattice-example'])('%s is compared with exactly what its deployment compares it with', (name) => {
  const { context } = exampleCdkJson();
  const app = new App({ context: { ...context, env: name } });
  const stack = addEnvironments(app, { deploymentId: 'test' }).stacks[0]!;
  const [check] = Object.values(Template.fromStack(stack).findResources('Custom::ProductionCheck'));
  const deployed = readExpected({ ...check!.Properties, InstanceArn: 'arn' });
  const read = readEnvironments(context.environments);
  if ('mistakes' in read || 'wrong' in deployed) throw new Error('the example is right');
  const environment = read.environments[name]!;
  expect(expectedOf(environment.production.existing!, environment, 'arn')).toEqual(deployed.expected);
});

describe('the real world, in front of a server that answers like AWS', () => {
  const saved = { ...process.env };
  let server: Server;
  let answers: Record<string, { status: number; body: string }>;

  beforeEach(async () => {
    server = createServer((request, response) => void respond(request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
    }));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    process.env = {
      ...saved, AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, AWS_EC2_METADATA_DISABLED: 'true',
      AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    };
    const iam = 'xmlns="https://iam.amazonaws.com/doc/2010-05-08/"';
    answers = {
      DescribeDBInstances: ok(`<DescribeDBInstancesResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><DescribeDBInstancesResult><DBInstances>
        <DBInstance><DBInstanceIdentifier>orders</DBInstanceIdentifier><DBInstanceArn>arn:aws:rds:eu-central-1:${ACCOUNT}:db:orders</DBInstanceArn>
        <StorageEncrypted>true</StorageEncrypted><DeletionProtection>false</DeletionProtection></DBInstance>
        </DBInstances></DescribeDBInstancesResult></DescribeDBInstancesResponse>`),
      GetRole: ok(`<GetRoleResponse ${iam}><GetRoleResult><Role><Arn>${DBA}</Arn></Role></GetRoleResult></GetRoleResponse>`),
      GetUser: failing(404, 'NoSuchEntity', 'The user with name carol cannot be found.'),
      ListOpenIDConnectProviders: ok(`<ListOpenIDConnectProvidersResponse ${iam}><ListOpenIDConnectProvidersResult><OpenIDConnectProviderList>
        </OpenIDConnectProviderList></ListOpenIDConnectProvidersResult></ListOpenIDConnectProvidersResponse>`),
    };
  });
  afterEach(() => {
    process.env = saved;
    server.closeAllConnections();
    server.close();
  });

  const ok = (body: string) => ({ status: 200, body });
  const failing = (status: number, code: string, message: string) =>
    ({ status, body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>` });

  async function respond(request: IncomingMessage) {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    return answers[new URLSearchParams(body).get('Action') ?? ''] ?? failing(400, 'InvalidAction', 'unknown');
  }

  async function reportJson() {
    const terminal = terminalIn(folderWith({ environments: { prod: prod() } }));
    const status = await preflight.run(['--env', 'prod', '--json'], terminal);
    return { status, err: terminal.err.text, report: terminal.out.text === '' ? undefined : JSON.parse(terminal.out.text) };
  }

  test('what it answers is understood', async () => {
    const { status, report } = await reportJson();
    expect(status).toBe(1);
    const because = (subject: string) => report.findings.filter((finding: { subject: string }) => finding.subject === subject)
      .map((finding: { because: string }) => finding.because);
    expect(because('orders')).toContain('deletion protection must be on: it is off');
    expect(because('orders').join()).not.toContain('encryption');
    expect(because(DBA)).toEqual(['the role exists']);
    expect(because(CAROL)).toEqual(['there is no user carol in account 123456789012: whoever creates a user of that name becomes an approver']);
    expect(because('token.actions.githubusercontent.com'))
      .toEqual(["the account does not have GitHub's identity provider: agent coding cannot take on its role"]);
  });

  test.each([
    ['an instance that does not exist', 404, 'DBInstanceNotFound', 'RDS knows no instance orders in account 123456789012, Region eu-central-1', 'fail'],
    ['a refusal', 403, 'AccessDenied', 'could not be checked: you may not use rds:DescribeDBInstances on orders (AccessDenied: said)', 'unknown'],
    ['too many requests', 400, 'Throttling', 'could not be checked: RDS was still too busy after several attempts (Throttling)', 'unknown'],
  ])('%s is understood', async (_, status, code, because, verdict) => {
    answers.DescribeDBInstances = failing(status, code, 'said');
    const { report } = await reportJson();
    expect(report.findings[0]).toMatchObject({ check: 'production', verdict, because });
  });

  test.each([
    [403, 'ExpiredToken', 'the AWS credentials have expired (ExpiredToken)'],
    [403, 'InvalidClientTokenId', 'AWS does not accept the credentials (InvalidClientTokenId)'],
    [403, 'SignatureDoesNotMatch', 'AWS does not accept the credentials (SignatureDoesNotMatch)'],
  ])('status %s with %s ends with status 2', async (status, code, because) => {
    answers = Object.fromEntries(Object.keys(answers).map((action) => [action, failing(status, code, 'said')]));
    const outcome = await reportJson();
    expect(outcome.status).toBe(2);
    expect(outcome.err).toMatch(`dbguard preflight: ${because}\n`);
    expect(outcome.err).not.toContain('said');
  });

  test('without credentials it ends with status 2, soon', async () => {
    delete process.env.AWS_ACCESS_KEY_ID;
    const start = performance.now();
    const { status, err } = await reportJson();
    expect(status).toBe(2);
    expect(err).toMatch(/^dbguard preflight: no AWS credentials found \(CredentialsProviderError\)\n/);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  test('without a Region it says so', async () => {
    delete process.env.AWS_REGION;
    delete process.env.AWS_DEFAULT_REGION;
    await expect((await awsWorld(undefined)).region()).rejects.toThrow('Region is missing');
    process.env.AWS_REGION = 'eu-west-1';
    expect(await (await awsWorld(undefined)).region()).toBe('eu-west-1');
    expect(await (await awsWorld('eu-west-3')).region()).toBe('eu-west-3');
  });
});
