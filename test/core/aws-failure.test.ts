import { explain, failureOf, type AwsFailure } from '../../lib/core/aws-failure';

const thrown = (name: string, message = 'it happened', more: object = {}) => Object.assign(new Error(message), { name, ...more });
const question = { service: 'RDS', action: 'rds:DescribeDBInstances', on: 'orders', region: 'eu-central-1' } as const;
const WHO = 'this shows who is logged in: aws sts get-caller-identity --region eu-central-1';

describe('errors of AWS and of its SDK, in words and with what to do', () => {
  test.each<[unknown, AwsFailure['kind'], string, string]>([
    [thrown('DBInstanceNotFoundFault'), 'absent', 'RDS does not know orders (DBInstanceNotFoundFault)', 'correct its name'],
    [thrown('NoSuchEntityException'), 'absent', 'RDS does not know orders (NoSuchEntityException)', 'correct its name'],
    [
      thrown('AccessDenied', 'User: arn:aws:iam::1:user/x is not\n authorized'), 'denied',
      'you may not use rds:DescribeDBInstances on orders (AccessDenied: User: arn:aws:iam::1:user/x is not authorized)',
      `have rds:DescribeDBInstances allowed, or log in as someone who may; ${WHO}`,
    ],
    [
      thrown('AccessDeniedException', ''), 'denied', 'you may not use rds:DescribeDBInstances on orders (AccessDeniedException)',
      `have rds:DescribeDBInstances allowed, or log in as someone who may; ${WHO}`,
    ],
    [
      thrown('CredentialsProviderError', 'Could not load credentials from any providers'), 'no-credentials',
      'no AWS credentials found (CredentialsProviderError)', `log in, for example with aws sso login, and name the profile in AWS_PROFILE; ${WHO}`,
    ],
    [
      thrown('CredentialsProviderError', 'The SSO session associated with this profile has expired.'), 'expired',
      'the AWS credentials have expired (CredentialsProviderError)', `log in again, for example with aws sso login; ${WHO}`,
    ],
    [
      thrown('TokenProviderError', "Token is expired. To refresh this SSO session run 'aws sso login'"), 'expired',
      'the AWS credentials have expired (TokenProviderError)', `log in again, for example with aws sso login; ${WHO}`,
    ],
    [
      thrown('ExpiredTokenException'), 'expired', 'the AWS credentials have expired (ExpiredTokenException)',
      `log in again, for example with aws sso login; ${WHO}`,
    ],
    [thrown('ExpiredToken'), 'expired', 'the AWS credentials have expired (ExpiredToken)', `log in again, for example with aws sso login; ${WHO}`],
    [
      thrown('InvalidClientTokenId'), 'rejected', 'AWS does not accept the credentials (InvalidClientTokenId)',
      'log in again or name another profile in AWS_PROFILE, and see that the Region eu-central-1 is switched on in the account '
        + `and that the clock of this machine is right; ${WHO}`,
    ],
    [thrown('Error', 'Region is missing'), 'no-region', 'no Region is set', 'write "region" in the environment in cdk.json, or set AWS_REGION'],
    [thrown('ThrottlingException'), 'busy', 'RDS was still too busy after several attempts (ThrottlingException)', 'run this again in a minute'],
    [thrown('Throttling'), 'busy', 'RDS was still too busy after several attempts (Throttling)', 'run this again in a minute'],
    [
      thrown('Error', 'getaddrinfo ENOTFOUND rds.eu-cental-1.amazonaws.com', { code: 'ENOTFOUND' }), 'unreachable',
      'RDS could not be reached in Region eu-central-1 (ENOTFOUND)', 'check the network of this machine, and how the Region is spelt',
    ],
    [
      thrown('TimeoutError'), 'unreachable', 'RDS could not be reached in Region eu-central-1 (TimeoutError)',
      'check the network of this machine, and how the Region is spelt',
    ],
    [thrown('InternalFailure', 'try later'), 'other', 'RDS failed with InternalFailure: try later', 'run this again in a minute'],
    [thrown('InternalFailure', ''), 'other', 'RDS failed with InternalFailure', 'run this again in a minute'],
    ['a text', 'other', 'RDS failed with a thrown value', 'run this again in a minute'],
    [undefined, 'other', 'RDS failed with a thrown value', 'run this again in a minute'],
  ])('%s', (error, kind, because, fix) => {
    const failure = failureOf(error);
    expect(failure.kind).toBe(kind);
    expect(explain(failure, question)).toEqual({ because, fix });
  });
});

test.each([
  ['CredentialsProviderError', 'Command failed: get-secret --password hunter2'],
  ['SignatureDoesNotMatch', 'The Canonical String for this request should have been x-amz-security-token:hunter2'],
  ['ExpiredTokenException', 'The token hunter2 has expired'],
  ['InvalidClientTokenId', 'hunter2'],
])('what %s says is never repeated, since it may hold a secret', (name, message) => {
  const failure = failureOf(thrown(name, message));
  expect(JSON.stringify([failure, explain(failure, question)])).not.toContain('hunter2');
});

test('what AWS says is one line without control characters, and is cut short', () => {
  expect(failureOf(thrown('AccessDenied', 'one\r\n\u001b[31mtwo')).message).toBe('one [31mtwo');
  expect(failureOf(thrown('AccessDenied', 'x'.repeat(1000))).message).toBe(`${'x'.repeat(397)}...`);
});
