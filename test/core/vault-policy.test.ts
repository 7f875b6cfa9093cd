import { runSimulation } from '@cloud-copilot/iam-simulate';
import { VAULT_POLICY_VERSION, vaultPolicy } from '../../lib/core/vault-policy';

const GOVERNANCE = { retentionDays: 35, graceDays: undefined };
const COMPLIANCE = { retentionDays: 35, graceDays: 7 };
const VAULT = 'arn:aws:backup:eu-central-1:111122223333:backup-vault:backups';
const SNAPSHOT = 'arn:aws:rds:eu-central-1:111122223333:snapshot:awsbackup:job-1';

/** What an administrator of the account, who is allowed everything, may do to a vault with this policy. */
async function asAdministrator(policy: object, action: string, contextVariables: Record<string, string> = {}) {
  const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
  const result = await runSimulation(
    {
      request: {
        principal: 'arn:aws:iam::111122223333:role/Administrator',
        action,
        resource: { resource: /RecoveryPoint|CopyJob|RestoreJob/.test(action) ? SNAPSHOT : VAULT, accountId: '111122223333' },
        contextVariables,
      },
      identityPolicies: [{ name: 'everything', policy: everything }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: policy,
    },
    {},
  );
  if (result.resultType === 'error') throw new Error(JSON.stringify(result.errors));
  return result.overallResult;
}

test.each([
  'backup:DeleteRecoveryPoint',
  'backup:UpdateRecoveryPointLifecycle',
  'backup:DisassociateRecoveryPoint',
  'backup:DisassociateRecoveryPointFromParent',
  'backup:PutBackupVaultAccessPolicy',
  'backup:DeleteBackupVaultAccessPolicy',
  'backup:DeleteBackupVaultLockConfiguration',
  'backup:DeleteBackupVault',
])('an administrator of the account cannot %s', async (action) => {
  expect(await asAdministrator(vaultPolicy(GOVERNANCE), action)).toBe('ExplicitlyDenied');
  expect(await asAdministrator(vaultPolicy(COMPLIANCE), action)).toBe('ExplicitlyDenied');
});

test.each(['backup:StartRestoreJob', 'backup:StartCopyJob', 'backup:StartBackupJob', 'backup:DescribeBackupVault'])(
  'the policy does not stand in the way of %s', async (action) => {
    expect(await asAdministrator(vaultPolicy(GOVERNANCE), action)).toBe('Allowed');
  },
);

describe('the lock', () => {
  const put = 'backup:PutBackupVaultLockConfiguration';
  const exact = { 'backup:MinRetentionDays': '35', 'backup:MaxRetentionDays': '35' };

  test('can be put in place as it is, so that creation succeeds in either order', async () => {
    expect(await asAdministrator(vaultPolicy(GOVERNANCE), put, exact)).toBe('Allowed');
    expect(await asAdministrator(vaultPolicy(COMPLIANCE), put, { ...exact, 'backup:ChangeableForDays': '7' })).toBe('Allowed');
  });

  test.each([
    ['a lower minimum', { ...exact, 'backup:MinRetentionDays': '1' }],
    ['a higher minimum, which would stop all backups', { ...exact, 'backup:MinRetentionDays': '36' }],
    ['no minimum', { 'backup:MaxRetentionDays': '35' }],
    ['another maximum', { ...exact, 'backup:MaxRetentionDays': '36500' }],
    ['no maximum', { 'backup:MinRetentionDays': '35' }],
    ['compliance, which cannot be taken back', { ...exact, 'backup:ChangeableForDays': '3' }],
  ])('cannot be replaced by one with %s', async (_, context) => {
    expect(await asAdministrator(vaultPolicy(GOVERNANCE), put, context)).toBe('ExplicitlyDenied');
  });

  test.each([
    ['governance', exact],
    ['a longer grace', { ...exact, 'backup:ChangeableForDays': '36500' }],
  ])('of compliance cannot be replaced by %s', async (_, context) => {
    expect(await asAdministrator(vaultPolicy(COMPLIANCE), put, context)).toBe('ExplicitlyDenied');
  });
});

test('AWS Config finds its rule on manual deletion satisfied: the denial is for everyone and everything', () => {
  expect(vaultPolicy(GOVERNANCE).Statement[0]).toMatchObject({ Effect: 'Deny', Principal: '*', Resource: '*' });
  expect((vaultPolicy(GOVERNANCE).Statement[0] as { Action: string[] }).Action).toEqual(
    expect.arrayContaining(['backup:DeleteRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle', 'backup:PutBackupVaultAccessPolicy']),
  );
});

test('a change of the policy comes with a new version, since an existing vault refuses it', () => {
  expect({ version: VAULT_POLICY_VERSION, policy: vaultPolicy({ retentionDays: 35, graceDays: 7 }) }).toEqual({
    version: 1,
    policy: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'NobodyRemovesRecoveryPoints', Effect: 'Deny', Principal: '*', Resource: '*',
          Action: [
            'backup:DeleteRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle',
            'backup:DisassociateRecoveryPoint', 'backup:DisassociateRecoveryPointFromParent',
            'backup:PutBackupVaultAccessPolicy', 'backup:DeleteBackupVaultAccessPolicy',
            'backup:DeleteBackupVaultLockConfiguration', 'backup:DeleteBackupVault',
          ],
        },
        {
          Sid: 'NoOtherMinimum', Effect: 'Deny', Principal: '*', Action: 'backup:PutBackupVaultLockConfiguration', Resource: '*',
          Condition: { NumericNotEquals: { 'backup:MinRetentionDays': '35' } },
        },
        {
          Sid: 'NoOtherMaximum', Effect: 'Deny', Principal: '*', Action: 'backup:PutBackupVaultLockConfiguration', Resource: '*',
          Condition: { NumericNotEquals: { 'backup:MaxRetentionDays': '35' } },
        },
        {
          Sid: 'NoOtherMode', Effect: 'Deny', Principal: '*', Action: 'backup:PutBackupVaultLockConfiguration', Resource: '*',
          Condition: { NumericNotEquals: { 'backup:ChangeableForDays': '7' } },
        },
      ],
    },
  });
});
