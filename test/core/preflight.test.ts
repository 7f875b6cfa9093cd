import { judge } from '../../lib/core/preflight/judge';
import { peopleOf } from '../../lib/core/preflight/people';
import { expectedOf } from '../../lib/core/preflight/production';
import type { Finding, PreflightEnvironment, PreflightReport, Sights } from '../../lib/core/preflight/types';
import { ACCOUNT, CAROL, DBA, environment, failed, GITHUB, instance, JANE, now, ON_CALL, seen, sights } from './preflight-fixture';
import { expected, sound } from './production-check-fixture';

function reportOf(of: PreflightEnvironment, looks: Sights): PreflightReport {
  const outcome = judge(of, looks, now);
  if (outcome.do === 'stop') throw new Error(JSON.stringify(outcome.reasons));
  return outcome.report;
}
const report = (changes: Partial<Sights> = {}, people: Parameters<typeof sights>[2] = {}) => reportOf(environment, sights(environment, changes, people));
const notPassing = ({ findings }: PreflightReport): Finding[] => findings.filter(({ verdict }) => verdict !== 'pass');

describe('when all is well', () => {
  test('everything that was compared passes, and says so', () => {
    expect(report()).toEqual({
      verdict: 'pass',
      findings: [
        { check: 'production', subject: 'orders', verdict: 'pass', because: 'it is the database that was described, and it can be recovered' },
        { check: 'approver', subject: DBA, verdict: 'pass', because: 'the role exists' },
        { check: 'approver', subject: JANE, verdict: 'pass', because: 'the role exists' },
        { check: 'approver', subject: CAROL, verdict: 'pass', because: 'the user exists' },
        { check: 'agent', subject: ON_CALL, verdict: 'pass', because: 'the role exists' },
        { check: 'identity-provider', subject: 'token.actions.githubusercontent.com', verdict: 'pass', because: 'the account has it' },
      ],
      warnings: [],
    });
  });

  test('services of AWS are nobody to look for, and without GitHub no identity provider is needed', () => {
    const quiet = { ...environment, agents: [{ name: 'support', trust: {} }], approvers: [DBA] };
    expect(peopleOf(quiet)).toEqual([{ check: 'approver', arn: DBA, account: ACCOUNT, kind: 'role', name: 'Dba', action: 'iam:GetRole' }]);
    const { findings } = reportOf(quiet, sights(quiet, { providers: undefined }));
    expect(findings.map(({ check }) => check)).toEqual(['production', 'approver']);
  });
});

describe('the production database', () => {
  test('is compared with what the deployment compares it with', () => {
    expect(expectedOf(environment.production.existing!, environment, expected.arn)).toEqual(expected);
    expect(expectedOf(environment.production.existing!, { network: { reach: 'lattice' }, replica: { delayed: { hours: 1 } } }, expected.arn))
      .toEqual({ ...expected, replicaPlacement: 'production-vpc', ownReplicas: ['agentread-orders', 'agentundo-orders'] });
  });

  test('fails for everything that is missing, with the command that mends it and what to be careful about', () => {
    const bad = { ...instance, DeletionProtection: false, BackupRetentionPeriod: 0, MultiAZ: false };
    const found = report({ production: seen([bad]) });
    expect(found.verdict).toBe('fail');
    expect(notPassing(found)).toEqual([
      {
        check: 'production', subject: 'orders', verdict: 'fail', because: 'automated backups must reach back at least 7 days: they are off',
        fix: 'aws rds modify-db-instance --db-instance-identifier orders --backup-retention-period 7 --apply-immediately --region eu-central-1',
        warning: 'turning backups on interrupts the database for seconds to minutes',
      },
      {
        check: 'production', subject: 'orders', verdict: 'fail', because: 'deletion protection must be on: it is off',
        fix: 'aws rds modify-db-instance --db-instance-identifier orders --deletion-protection --region eu-central-1',
      },
    ]);
    expect(found.warnings).toEqual([{
      check: 'production', subject: 'orders', because: 'a standby in another Availability Zone should be on: it is off',
      fix: 'aws rds modify-db-instance --db-instance-identifier orders --multi-az --apply-immediately --region eu-central-1',
      warning: 'it doubles the price of the instance',
    }]);
  });

  test('passes with warnings that stop nothing', () => {
    const found = report({ production: seen([{ ...instance, AutoMinorVersionUpgrade: false }]) });
    expect(found.verdict).toBe('pass');
    expect(found.warnings.map(({ because }) => because)).toEqual(['automatic minor version upgrades should be on: it is off']);
  });

  test("commands name the Region of the database's own ARN", () => {
    const arn = 'arn:aws-cn:rds:cn-north-1:123456789012:db:orders';
    const [finding] = notPassing(report({ production: seen([{ ...instance, DBInstanceArn: arn, DeletionProtection: false }]) }));
    expect(finding!.fix).toBe('aws rds modify-db-instance --db-instance-identifier orders --deletion-protection --region cn-north-1');
  });

  test('and the Region that was asked, where RDS leaves the ARN out', () => {
    const [finding] = notPassing(report({ production: seen([{ ...sound, DeletionProtection: false }]) }));
    expect(finding!.fix).toBe('aws rds modify-db-instance --db-instance-identifier orders --deletion-protection --region eu-central-1');
  });

  test('fails when RDS says nothing of it', () => {
    expect(notPassing(report({ production: seen([{ DBInstanceIdentifier: 'orders' }]) })).length).toBeGreaterThan(8);
  });

  const list = "aws rds describe-db-instances --query 'DBInstances[].DBInstanceIdentifier' --output text --region";
  test.each<[string, Partial<PreflightEnvironment>, Partial<Sights>, Pick<Finding, 'because' | 'fix'>]>([
    ['RDS knows no such instance', {}, { production: failed('absent', 'DBInstanceNotFoundFault') }, {
      because: 'RDS knows no instance orders in account 123456789012, Region eu-central-1',
      fix: `correct instanceIdentifier, or log in to the account of the database; the instances here are: ${list} eu-central-1`,
    }],
    ['RDS answers with another instance', {}, { production: seen([{ ...instance, DBInstanceIdentifier: 'orders-2' }]) }, {
      because: 'RDS knows no instance orders in account 123456789012, Region eu-central-1',
      fix: `correct instanceIdentifier, or log in to the account of the database; the instances here are: ${list} eu-central-1`,
    }],
    ['its endpoint is in another Region', {}, { region: 'us-east-1', production: seen([]) }, {
      because: 'RDS knows no instance orders in account 123456789012, Region us-east-1, and its endpoint is in eu-central-1',
      fix: 'write "region": "eu-central-1" in the environment in cdk.json',
    }],
    ['nothing shows the account', { account: undefined }, { production: failed('absent', 'DBInstanceNotFound'), people: [], providers: undefined }, {
      because: 'RDS knows no instance orders in the account that you are logged in to, Region eu-central-1',
      fix: `correct instanceIdentifier, or log in to the account of the database; the instances here are: ${list} eu-central-1`,
    }],
  ])('fails when %s', (_, of, changes, wanted) => {
    const found = reportOf({ ...environment, ...of }, sights(environment, changes));
    expect(found.findings[0]).toEqual({ check: 'production', subject: 'orders', verdict: 'fail', ...wanted });
  });

  test('is unknown, and the rest is checked, when RDS cannot be read', () => {
    const found = report({ production: failed('denied', 'AccessDenied', 'User: arn:aws:sts::123456789012:assumed-role/Dev/jane is not authorized') });
    expect(found.verdict).toBe('unknown');
    expect(notPassing(found)).toEqual([{
      check: 'production', subject: 'orders', verdict: 'unknown',
      because: 'could not be checked: you may not use rds:DescribeDBInstances on orders '
        + '(AccessDenied: User: arn:aws:sts::123456789012:assumed-role/Dev/jane is not authorized)',
      fix: 'have rds:DescribeDBInstances allowed, or log in as someone who may; this shows who is logged in: '
        + 'aws sts get-caller-identity --region eu-central-1',
    }]);
    expect(found.findings).toHaveLength(6);
  });

  test('is unknown when it was not looked at', () => {
    expect(notPassing(report({ production: undefined }))).toEqual([
      { check: 'production', subject: 'orders', verdict: 'unknown', because: 'could not be checked: it was not looked at' },
    ]);
  });

  test('that the deployment makes cannot be checked yet, and the people still are', () => {
    const made = { ...environment, production: { create: { instanceIdentifier: 'shop' } } };
    const found = reportOf(made, sights(made, { production: undefined }, { [CAROL]: failed('absent', 'NoSuchEntityException') }));
    expect(found.findings[0]).toEqual(
      { check: 'production', subject: 'shop', verdict: 'pass', because: 'there is nothing to check yet: the deployment makes it' },
    );
    expect(notPassing(found).map(({ subject }) => subject)).toEqual([CAROL]);
  });
});

describe('people', () => {
  const roles = "aws iam list-roles --query 'Roles[].Arn' --output text --region eu-central-1";
  const users = "aws iam list-users --query 'Users[].Arn' --output text --region eu-central-1";
  test.each<[string, string, Parameters<typeof failed> | string | undefined, Omit<Finding, 'subject'>]>([
    ['an approver whose role does not exist', DBA, ['absent', 'NoSuchEntityException'], {
      check: 'approver', verdict: 'fail', because: 'there is no role Dba in account 123456789012: whoever creates a role of that name becomes an approver',
      fix: `correct the ARN, or create the role before you deploy; the roles here are: ${roles}`,
    }],
    ['an approver whose user does not exist', CAROL, ['absent', 'NoSuchEntity'], {
      check: 'approver', verdict: 'fail', because: 'there is no user carol in account 123456789012: whoever creates a user of that name becomes an approver',
      fix: `correct the ARN, or create the user before you deploy; the users here are: ${users}`,
    }],
    ['a session of a role that does not exist', JANE, ['absent', 'NoSuchEntityException'], {
      check: 'approver', verdict: 'fail',
      because: 'there is no role AWSReservedSSO_Dba_0123456789abcdef in account 123456789012: whoever creates a role of that name becomes an approver',
      fix: `correct the ARN, or create the role before you deploy; the roles here are: ${roles}`,
    }],
    ['an agent whose role does not exist', ON_CALL, ['absent', 'NoSuchEntityException'], {
      check: 'agent', verdict: 'fail', because: 'there is no role OnCall in account 123456789012: IAM refuses a trust in it, and the deployment fails',
      fix: `correct the ARN, or create the role before you deploy; the roles here are: ${roles}`,
    }],
    ['an agent whose role has another path', ON_CALL, 'arn:aws:iam::123456789012:role/OnCall', {
      check: 'agent', verdict: 'fail',
      because: 'IAM knows this role as arn:aws:iam::123456789012:role/OnCall: it refuses a trust in any other spelling, and the deployment fails',
      fix: 'write arn:aws:iam::123456789012:role/OnCall',
    }],
    ['an approver whose role is spelt otherwise', DBA, 'arn:aws:iam::123456789012:role/DBA', {
      check: 'approver', verdict: 'fail', because: 'IAM knows this role as arn:aws:iam::123456789012:role/DBA: any other spelling names nobody',
      fix: 'write arn:aws:iam::123456789012:role/DBA',
    }],
    ['a session whose role is spelt otherwise', JANE, 'arn:aws:iam::123456789012:role/awsreservedsso_dba_0123456789abcdef', {
      check: 'approver', verdict: 'fail',
      because: 'IAM knows this role as arn:aws:iam::123456789012:role/awsreservedsso_dba_0123456789abcdef: any other spelling names nobody',
      fix: 'write the name of the role as in arn:aws:iam::123456789012:role/awsreservedsso_dba_0123456789abcdef',
    }],
    ['an approver of whom IAM gives no ARN', DBA, '', {
      check: 'approver', verdict: 'unknown', because: 'could not be checked: IAM answered without its ARN', fix: 'run this again in a minute',
    }],
    ['an approver nobody looked for', DBA, undefined, {
      check: 'approver', verdict: 'unknown', because: 'could not be checked: it was not looked at',
    }],
    ['an approver who may not be looked for', DBA, ['denied', 'AccessDenied', 'not authorized'], {
      check: 'approver', verdict: 'unknown',
      because: `could not be checked: you may not use iam:GetRole on ${DBA} (AccessDenied: not authorized)`,
      fix: 'have iam:GetRole allowed, or log in as someone who may; this shows who is logged in: aws sts get-caller-identity --region eu-central-1',
    }],
    ['a user whom IAM is too busy to look for', CAROL, ['busy', 'ThrottlingException'], {
      check: 'approver', verdict: 'unknown',
      because: 'could not be checked: IAM was still too busy after several attempts (ThrottlingException)', fix: 'run this again in a minute',
    }],
  ])('%s: does not pass, and hides nobody else', (_, arn, answer, wanted) => {
    const sight = answer === undefined ? undefined : typeof answer === 'string' ? seen(answer === '' ? undefined : answer) : failed(...answer);
    const found = report({}, { [arn]: sight });
    expect(notPassing(found)).toEqual([{ subject: arn, ...wanted }]);
    expect(found.verdict).toBe(wanted.verdict);
    expect(found.findings).toHaveLength(6);
  });

  test('of another account are not checked, which is said with the command to use there, and stops nothing', () => {
    const theirs = 'arn:aws:iam::999999999999:user/erin';
    const of = { ...environment, approvers: [DBA, theirs] };
    const found = reportOf(of, sights(of, {}, { [theirs]: undefined }));
    expect(found.verdict).toBe('pass');
    expect(found.findings.map(({ subject }) => subject)).not.toContain(theirs);
    expect(found.warnings).toEqual([{
      check: 'approver', subject: theirs, because: 'not checked: it belongs to another account, 999999999999',
      fix: 'log in there and see whether it exists: aws iam get-user --user-name erin --region eu-central-1',
    }]);
  });

  test('of another account are told apart by the account of the database, where the environment names none', () => {
    const theirs = 'arn:aws:iam::999999999999:role/Dba';
    const of = { ...environment, account: undefined, approvers: [theirs] };
    // A role of the same name exists here: it is another one.
    const found = reportOf(of, sights(of, {}, { [theirs]: seen(DBA) }));
    expect(found.verdict).toBe('pass');
    expect(found.warnings.map(({ subject }) => subject)).toEqual([theirs]);
  });

  test('who are not found are unknown while nothing shows which account was asked', () => {
    const of: PreflightEnvironment = { ...environment, account: undefined, production: { create: { instanceIdentifier: 'shop' } }, agents: [], approvers: [DBA] };
    const found = reportOf(of, sights(of, { production: undefined, providers: undefined }, { [DBA]: failed('absent', 'NoSuchEntityException') }));
    expect(notPassing(found)).toEqual([{
      check: 'approver', subject: DBA, verdict: 'unknown',
      because: 'could not be checked: IAM knows no role Dba in the account that you are logged in to, and nothing shows whether that is account 123456789012',
      fix: 'write the account to deploy to as "account" in the environment in cdk.json; you are logged in to: '
        + 'aws sts get-caller-identity --query Account --output text --region eu-central-1',
    }]);
  });

  test.each([
    ["the account's identity providers", { providers: seen([GITHUB]) }],
    ['a refusal, which names the caller', { providers: failed('denied', 'AccessDenied', `User: arn:aws:iam::${ACCOUNT}:user/jane is not authorized`) }],
  ])('who are not found fail when %s show which account was asked', (_, changes) => {
    const of: PreflightEnvironment = { ...environment, account: undefined, production: { create: { instanceIdentifier: 'shop' } }, approvers: [DBA] };
    const found = reportOf(of, sights(of, { production: undefined, ...changes }, { [DBA]: failed('absent', 'NoSuchEntityException'), [ON_CALL]: undefined }));
    expect(found.findings.find(({ subject }) => subject === DBA)?.verdict).toBe('fail');
  });
});

describe("GitHub's identity provider", () => {
  const create = 'aws iam create-open-id-connect-provider --url https://token.actions.githubusercontent.com --client-id-list sts.amazonaws.com '
    + '--region eu-central-1';
  test.each([
    ['there is none', []],
    ['there are only others', [`arn:aws:iam::${ACCOUNT}:oidc-provider/accounts.google.com`]],
    ["there is one for an enterprise's own issuer", [`${GITHUB}/octo`]],
  ])('fails, with the command that creates it, when %s', (_, providers) => {
    expect(notPassing(report({ providers: seen(providers) }))).toEqual([{
      check: 'identity-provider', subject: 'token.actions.githubusercontent.com', verdict: 'fail',
      because: "the account does not have GitHub's identity provider: agent coding cannot take on its role", fix: create,
    }]);
  });

  test('names all agents that need it', () => {
    const of = { ...environment, agents: ['coding', 'testing'].map((name) => ({ name, trust: { github: {} } })) };
    expect(notPassing(reportOf(of, sights(of, { providers: seen([]) })))[0]!.because)
      .toBe("the account does not have GitHub's identity provider: agents coding, testing cannot take on their roles");
  });

  test('is unknown when the providers cannot be listed or were not', () => {
    expect(notPassing(report({ providers: failed('denied', 'AccessDenied') }))).toEqual([{
      check: 'identity-provider', subject: 'token.actions.githubusercontent.com', verdict: 'unknown',
      because: 'could not be checked: you may not use iam:ListOpenIDConnectProviders on the account (AccessDenied)',
      fix: 'have iam:ListOpenIDConnectProviders allowed, or log in as someone who may; this shows who is logged in: '
        + 'aws sts get-caller-identity --region eu-central-1',
    }]);
    expect(notPassing(report({ providers: undefined })).map(({ because }) => because)).toEqual(['could not be checked: it was not looked at']);
  });
});

describe('nothing can be said', () => {
  const nothing = (sight: ReturnType<typeof failed>) => ({
    ...sights(environment, { production: sight, providers: sight }, Object.fromEntries([DBA, JANE, CAROL, ON_CALL].map((arn) => [arn, sight]))),
  });

  test('when nothing could be read: each reason is given once', () => {
    expect(judge(environment, nothing(failed('no-credentials', 'CredentialsProviderError')), now)).toEqual({
      do: 'stop',
      reasons: [{
        because: 'no AWS credentials found (CredentialsProviderError)',
        fix: 'log in, for example with aws sso login, and name the profile in AWS_PROFILE; this shows who is logged in: '
          + 'aws sts get-caller-identity --region eu-central-1',
      }],
    });
    const outcome = judge(environment, nothing(failed('unreachable', 'ENOTFOUND')), now);
    expect(outcome).toMatchObject({
      do: 'stop',
      reasons: [
        { because: 'RDS could not be reached in Region eu-central-1 (ENOTFOUND)' },
        { because: 'IAM could not be reached in Region eu-central-1 (ENOTFOUND)' },
      ],
    });
  });

  test('but what does not exist was read', () => {
    const looks = { ...nothing(failed('denied', 'AccessDenied')), production: failed('absent', 'DBInstanceNotFoundFault') };
    expect(reportOf(environment, looks).verdict).toBe('fail');
  });

  test('where there was nothing to read, there is a report', () => {
    const of: PreflightEnvironment = {
      ...environment, production: { create: { instanceIdentifier: 'shop' } }, agents: [], approvers: ['arn:aws:iam::999999999999:role/Dba'],
    };
    const found = reportOf(of, sights(of, { production: undefined, providers: undefined }, { 'arn:aws:iam::999999999999:role/Dba': undefined }));
    expect(found.verdict).toBe('pass');
    expect(found.warnings).toHaveLength(1);
  });

  const elsewhere = {
    do: 'stop',
    reasons: [{
      because: 'you are logged in to account 555555555555, but the environment is for account 123456789012',
      fix: 'log in to the account of the environment, for example by naming its profile in AWS_PROFILE; this shows who is logged in: '
        + 'aws sts get-caller-identity --region eu-central-1',
    }],
  };
  const absent = failed('absent', 'NoSuchEntityException');
  test.each<[string, Sights]>([
    ['a database of the same name', sights(environment, { production: seen([{ ...instance, DBInstanceArn: 'arn:aws:rds:eu-central-1:555555555555:db:orders' }]) })],
    ['a role of the same name', sights(environment, { production: absent, providers: absent }, { [DBA]: seen('arn:aws:iam::555555555555:role/Dba'), [JANE]: absent })],
    ['the identity providers', sights(environment, {
      production: absent, providers: seen(['arn:aws:iam::555555555555:oidc-provider/accounts.google.com']),
    }, { [DBA]: absent, [JANE]: absent, [CAROL]: absent, [ON_CALL]: absent })],
    ['a refusal', nothing(failed('denied', 'AccessDenied', 'User: arn:aws:sts::555555555555:assumed-role/Dev/jane is not authorized to perform: x'))],
  ])('when the login is for another account, by the ARN of %s', (_, looks) => {
    expect(judge(environment, looks, now)).toEqual(elsewhere);
  });
});
