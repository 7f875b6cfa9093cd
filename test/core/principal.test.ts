import { isRoleOrUser, principalOf, samePrincipal } from '../../lib/core/principal';

describe('who an ARN names', () => {
  test.each([
    ['arn:aws:iam::111122223333:role/Dba', { account: '111122223333', kind: 'role', name: 'Dba' }, true],
    ['arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_Dba_01', { account: '111122223333', kind: 'role', name: 'AWSReservedSSO_Dba_01' }, true],
    ['arn:aws-us-gov:iam::111122223333:user/team/jane@example.com', { account: '111122223333', kind: 'user', name: 'jane@example.com' }, true],
    ['arn:aws:sts::111122223333:assumed-role/Dba/jane@example.com', { account: '111122223333', kind: 'role', name: 'Dba' }, false],
  ])('%s', (arn, principal, itself) => {
    expect(principalOf(arn)).toEqual(principal);
    expect(isRoleOrUser(arn)).toBe(itself);
  });

  test.each([
    '', '*', 'arn:aws:iam::111122223333:root', 'arn:aws:iam::111122223333:role/*', 'arn:aws:iam::111122223333:role/Db?', 'arn:aws:iam::*:role/Dba',
    'arn:aws:iam::111122223333:group/Dba', 'arn:aws:iam::111122223333:role/', 'arn:aws:iam::1111:role/Dba', 'arn:aws:iam:us-east-1:111122223333:role/Dba',
    'arn:aws:sts::111122223333:assumed-role/Dba', 'arn:aws:sts::111122223333:assumed-role/Dba/*', 'arn:aws:sts::111122223333:federated-user/jane',
    'arn:aws:iam::111122223333:role/Dba\n', ' arn:aws:iam::111122223333:role/Dba', `arn:aws:iam::111122223333:role/${'a'.repeat(65)}`, 'ec2.amazonaws.com',
  ])('%j names nobody in particular', (arn) => {
    expect(principalOf(arn)).toBeUndefined();
    expect(isRoleOrUser(arn)).toBe(false);
  });
});

describe('whether two ARNs name the same', () => {
  test.each([
    ['arn:aws:iam::111122223333:role/Dba', 'arn:aws:iam::111122223333:role/people/dba', true],
    ['arn:aws:iam::111122223333:role/people/Dba', 'arn:aws:sts::111122223333:assumed-role/Dba/jane', true],
    ['arn:aws:sts::111122223333:assumed-role/Dba/joe', 'arn:aws:sts::111122223333:assumed-role/Dba/jane', true],
    ['arn:aws:iam::111122223333:role/Dba', 'arn:aws:iam::111122223333:user/Dba', false],
    ['arn:aws:iam::111122223333:role/Dba', 'arn:aws:iam::444455556666:role/Dba', false],
    ['arn:aws:iam::111122223333:role/Dba', 'arn:aws:iam::111122223333:role/Dba2', false],
    ['*', '*', false],
    ['arn:aws:iam::111122223333:root', 'arn:aws:iam::111122223333:root', false],
  ])('%s and %s: %s', (one, other, expected) => {
    expect(samePrincipal(one, other)).toBe(expected);
    expect(samePrincipal(other, one)).toBe(expected);
  });
});
