/** How a vault holds on to its recovery points. */
export interface VaultLockSettings {
  /** The vault takes only recovery points that are kept exactly this long. */
  readonly retentionDays: number;
  /** Days until a compliance lock is permanent; `undefined` for a governance lock. */
  readonly graceDays: number | undefined;
}

/**
 * Part of the vault's name. A policy that forbids changing the policy can only be replaced together with its vault, so
 * whoever changes `vaultPolicy` counts this up: the next deployment then makes a new vault beside the old one.
 */
export const VAULT_POLICY_VERSION = 1;

/** What would remove a recovery point, end its protection sooner, or take the protection itself away. */
const NOBODY_MAY = [
  'backup:DeleteRecoveryPoint',
  'backup:UpdateRecoveryPointLifecycle',
  'backup:DisassociateRecoveryPoint',
  'backup:DisassociateRecoveryPointFromParent',
  'backup:PutBackupVaultAccessPolicy',
  'backup:DeleteBackupVaultAccessPolicy',
  'backup:DeleteBackupVaultLockConfiguration',
  'backup:DeleteBackupVault',
] as const;

/**
 * The access policy of the vault: it allows nothing and denies, to every principal including the root user, whatever
 * would lose a recovery point. Recovery points still expire: AWS Backup itself is not subject to it.
 *
 * Restoring and copying stay possible for whoever has the permission, since both are what backups are for. AWS Backup
 * copies to vaults of the same organization only.
 *
 * The lock may be put in place again exactly as it is, so that creation succeeds whether CloudFormation sends the lock or
 * the policy first. Anything else is denied, also a stricter lock: with a higher minimum every further backup would fail.
 * AWS Backup does not accept wildcards in the actions of this policy.
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
 */
export function vaultPolicy(lock: VaultLockSettings): { Version: string; Statement: object[] } {
  const denyOtherLock = (sid: string, condition: object) => ({
    Sid: sid,
    Effect: 'Deny',
    Principal: '*',
    Action: 'backup:PutBackupVaultLockConfiguration',
    Resource: '*',
    Condition: condition,
  });
  return {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'NobodyRemovesRecoveryPoints', Effect: 'Deny', Principal: '*', Action: [...NOBODY_MAY], Resource: '*' },
      // A negated condition also holds, and denies, when the request does not carry the value.
      denyOtherLock('NoOtherMinimum', { NumericNotEquals: { 'backup:MinRetentionDays': String(lock.retentionDays) } }),
      denyOtherLock('NoOtherMaximum', { NumericNotEquals: { 'backup:MaxRetentionDays': String(lock.retentionDays) } }),
      denyOtherLock(
        'NoOtherMode',
        lock.graceDays === undefined
          ? { Null: { 'backup:ChangeableForDays': 'false' } }
          : { NumericNotEquals: { 'backup:ChangeableForDays': String(lock.graceDays) } },
      ),
    ],
  };
}
