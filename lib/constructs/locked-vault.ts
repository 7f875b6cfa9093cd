import { Aws, Fn, RemovalPolicy } from 'aws-cdk-lib';
import { CfnBackupVault, CfnLogicallyAirGappedBackupVault } from 'aws-cdk-lib/aws-backup';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { VAULT_POLICY_VERSION, vaultPolicy } from '../core/vault-policy';
import type { VaultLock } from './vault-lock';

export interface LockedVaultProps {
  readonly lock: VaultLock;
  /** Days that each recovery point is kept, no fewer and no more. */
  readonly retentionDays: number;
  readonly encryptionKey: IKey;
}

/**
 * A vault whose policy denies everyone to delete from it, to change its lock, or to change the policy. Other settings are
 * another vault.
 */
export function lockedVault(scope: Construct, id: string, props: LockedVaultProps): CfnBackupVault {
  const { retentionDays, lock: { graceDays } } = props;
  const vault = new CfnBackupVault(scope, id, {
    backupVaultName: uniqueName(scope, `backups-${retentionDays}d-${graceDays === undefined ? 'governance' : `grace${graceDays}`}`),
    encryptionKeyArn: props.encryptionKey.keyArn,
    lockConfiguration: { minRetentionDays: retentionDays, maxRetentionDays: retentionDays, changeableForDays: graceDays },
    accessPolicy: vaultPolicy({ retentionDays, graceDays }),
  });
  // A changed tag would be an update of the vault, and CloudFormation may send the policy along, which the policy denies.
  vault.addPropertyDeletionOverride('BackupVaultTags');
  vault.applyRemovalPolicy(RemovalPolicy.RETAIN);
  return vault;
}

/** A vault that AWS keeps apart from the account; a compliance lock is part of it. */
export function airGappedVault(scope: Construct, id: string, retentionDays: number): CfnLogicallyAirGappedBackupVault {
  const vault = new CfnLogicallyAirGappedBackupVault(scope, id, {
    backupVaultName: uniqueName(scope, `air-gapped-${retentionDays}d`),
    minRetentionDays: retentionDays,
    maxRetentionDays: retentionDays,
  });
  vault.applyRemovalPolicy(RemovalPolicy.RETAIN);
  return vault;
}

/**
 * A name that no vault has yet, of at most 50 characters: it begins with what cannot be changed in place and ends in the
 * last part of the stack's id, which is new for every stack. Neither a retained vault of an earlier stack nor one of a
 * first deployment that failed is ever in the way.
 */
function uniqueName(scope: Construct, start: string): string {
  const stackUuid = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  return Fn.join('-', [start, `v${VAULT_POLICY_VERSION}`, scope.node.addr.slice(-6), Fn.select(4, Fn.split('-', stackUuid))]);
}
