import { CfnDeletionPolicy, CfnResource, Stack, Token } from 'aws-cdk-lib';
import { CfnBackupPlan, CfnBackupSelection } from 'aws-cdk-lib/aws-backup';
import { Construct, type IConstruct } from 'constructs';
import {
  MAXIMUM_BACKUP_RETENTION_DAYS, MAXIMUM_LOCK_DAYS, MAXIMUM_RECOVERY_POINT_DAYS, MINIMUM_BACKUP_RETENTION_DAYS,
  MINIMUM_COMPLIANCE_GRACE_DAYS, RECOVERY_POINT_DAYS,
} from '../core/policy';
import { BackupAlarms } from './backup-alarms';
import { BackupRole } from './backup-role';
import { declare } from './declare';
import { GuardrailsKey } from './guardrails-key';
import { refuse, type Check } from './invalid';
import { airGappedVault, lockedVault } from './locked-vault';
import type { ProductionDatabase } from './production-database';
import type { StatementLog } from './statement-log';
import { VaultLock } from './vault-lock';

export interface ProtectedBackupsOptions {
  /**
   * Days that each recovery point is kept, no fewer and no more; at least 7. Another number later makes a new vault; the
   * old one stays until its recovery points have expired.
   * @default 35
   */
  readonly retentionDays?: number;
  /**
   * When the daily recovery point is made, `HH:MM` in UTC. It should not fall into the hour before or in the backup and
   * maintenance windows of the database: RDS makes no snapshot then.
   * @default '05:00'
   */
  readonly dailyAt?: string;
  /** @default VaultLock.governance() */
  readonly lock?: VaultLock;
  /**
   * Vaults in other Regions or accounts of the organization that every recovery point is copied to. They must exist and
   * admit the copies. A copy to another account needs a database that a customer managed key encrypts.
   * @default - no copies
   */
  readonly copyTo?: readonly string[];
  /**
   * A copy of every recovery point in a logically air-gapped vault of this account: it can be restored from another
   * account when this one is lost. CANNOT BE UNDONE: a compliance lock is part of such a vault from the start.
   * AWS does not state for every Region that such vaults take RDS instances: watch the first copy job.
   * @default - none
   */
  readonly airGapped?: { readonly retentionDays: number };
  /**
   * Continuous backup by AWS Backup, for restores to any second from the vault. It MODIFIES THE PRODUCTION DATABASE: AWS
   * Backup takes over its automated backups (retention and window), and deleting such a recovery point reboots it.
   * Without it, RDS's own automated backups offer the same restores. At most 35 days.
   * @default false
   */
  readonly continuous?: boolean;
}

export interface ProtectedBackupsProps extends ProtectedBackupsOptions {
  /** The database that is backed up. */
  readonly production: ProductionDatabase;
  /** Whose topic gets the alarms. */
  readonly statementLog: Pick<StatementLog, 'alarmTopic' | 'encryptionKey' | 'undelivered'>;
}

const VAULT_ARN = /^arn:[a-z-]+:backup:[a-z0-9-]+:\d{12}:backup-vault:[A-Za-z0-9_-]{2,50}$/;

/**
 * Keeps a daily recovery point of production in a vault from which nobody can delete one before its time: not an agent,
 * not the deployer, not an administrator, not the root user.
 *
 * That includes CloudFormation: the vault's policy, lock and retention are never changed by a later deployment. Other
 * settings make a new vault, under a new name; the old one stays, with what is in it, until its recovery points expire.
 * A vault cannot be deleted at all; an empty one costs nothing.
 *
 * Everything stays when the stack is destroyed, and backups go on. To end them, delete the plan in AWS Backup.
 * RDS offers its own way to delete snapshots; the permissions boundary of agents denies it.
 */
export class ProtectedBackups extends Construct {
  readonly vaultName: string;
  readonly vaultArn: string;
  /** Days that each recovery point is kept. */
  readonly retentionDays: number;

  constructor(scope: Construct, id: string, props: ProtectedBackupsProps) {
    super(scope, id);
    const { production, statementLog, airGapped: airGap, copyTo = [], continuous = false, dailyAt = '05:00' } = props;
    const lock = props.lock ?? VaultLock.governance();
    this.retentionDays = props.retentionDays ?? RECOVERY_POINT_DAYS;
    refuse(this, [...this.checks(lock, dailyAt, { airGapped: airGap, copyTo, continuous })]);

    const key = new GuardrailsKey(this, 'Key', { description: `Encrypts the backup vault of ${production.identifier}` }).key;
    const vault = lockedVault(this, 'Vault', { lock, retentionDays: this.retentionDays, encryptionKey: key });
    this.vaultName = vault.attrBackupVaultName;
    this.vaultArn = vault.attrBackupVaultArn;
    const airGapped = airGap && airGappedVault(this, 'AirGappedVault', airGap.retentionDays);
    const copies = [
      ...copyTo.map((arn) => ({ arn, days: this.retentionDays })),
      ...(airGapped ? [{ arn: airGapped.attrBackupVaultArn, days: airGapped.minRetentionDays }] : []),
    ];

    const role = new BackupRole(this, 'Role', {
      production,
      vaultArns: [this.vaultArn, ...copies.map((copy) => copy.arn)],
      vaultKey: key,
      copies: copies.length > 0,
      continuous,
    });
    const plan = this.plan(`${production.identifier}-protected`, dailyAt, copies, continuous);
    const selection = new CfnBackupSelection(this, 'Selection', {
      backupPlanId: plan.ref,
      backupSelection: { selectionName: 'production', iamRoleArn: role.role.roleArn, resources: [production.arn] },
    });
    // AWS Backup expires a recovery point with the role that made it; an old selection would back production up twice.
    staysWhenTheStackGoes(role, CfnDeletionPolicy.RETAIN);
    for (const construct of [plan, selection]) staysWhenTheStackGoes(construct, CfnDeletionPolicy.DELETE);
    new BackupAlarms(this, 'Alarms', {
      statementLog, identifier: production.identifier, vaultName: this.vaultName, vaultArn: this.vaultArn,
    });
    declare(this, {
      guarantee: 'backups-outlive-the-agent',
      inForce: true,
      detail:
        `a recovery point of ${production.identifier} every day at ${dailyAt} UTC, kept ${this.retentionDays} days under a ` +
        `${lock.mode} lock${lock.graceDays === undefined ? '' : `, permanent after ${lock.graceDays} days`}; ` +
        (copies.length === 0 ? 'no copies elsewhere' : `copied to ${copies.length} other vault${copies.length === 1 ? '' : 's'}`),
      resources: {
        vault: Stack.of(this).getLogicalId(vault),
        key: Stack.of(this).getLogicalId(key.node.defaultChild as CfnResource),
        plan: Stack.of(this).getLogicalId(plan),
        ...(airGapped ? { airGappedVault: Stack.of(this).getLogicalId(airGapped) } : {}),
      },
    });
  }

  private *checks(
    { graceDays }: VaultLock, dailyAt: string,
    { airGapped, copyTo, continuous }: Pick<ProtectedBackupsProps, 'airGapped' | 'continuous'> & { copyTo: readonly string[] },
  ): Iterable<Check> {
    const { retentionDays } = this;
    const days = (name: string, value: number | undefined, least: number, most: number): Check => ({
      when: value !== undefined && (!Number.isInteger(value) || value < least || value > most),
      say: `${name} is ${value}; write a whole number of days from ${least} to ${most}`,
    });
    yield days('retentionDays', retentionDays, MINIMUM_BACKUP_RETENTION_DAYS, MAXIMUM_RECOVERY_POINT_DAYS);
    yield days('airGapped.retentionDays', airGapped?.retentionDays, MINIMUM_BACKUP_RETENTION_DAYS, MAXIMUM_RECOVERY_POINT_DAYS);
    yield days('lock.graceDays', graceDays, MINIMUM_COMPLIANCE_GRACE_DAYS, MAXIMUM_LOCK_DAYS);
    yield {
      when: continuous === true && retentionDays > MAXIMUM_BACKUP_RETENTION_DAYS,
      say:
        `continuous backups reach back ${MAXIMUM_BACKUP_RETENTION_DAYS} days at most, but retentionDays is ${retentionDays}; ` +
        'lower it or leave out continuous',
    };
    yield {
      when: !/^([01]\d|2[0-3]):[0-5]\d$/.test(dailyAt),
      say: `dailyAt is '${dailyAt}'; write a time of day in UTC such as '05:00'`,
    };
    const literal = copyTo.filter((arn) => !Token.isUnresolved(arn));
    for (const arn of literal.filter((one) => !VAULT_ARN.test(one))) {
      yield {
        when: true,
        say: `copyTo contains '${arn}'; write the ARN of a backup vault: arn:aws:backup:<region>:<account>:backup-vault:<name>`,
      };
    }
    for (const arn of new Set(copyTo.filter((one, i) => copyTo.indexOf(one) < i))) {
      yield { when: true, say: `copyTo contains ${Token.isUnresolved(arn) ? 'a vault' : `'${arn}'`} twice; name each vault once` };
    }
  }

  private plan(name: string, dailyAt: string, copies: readonly { arn: string; days: number }[], continuous: boolean): CfnBackupPlan {
    const [hour, minute] = dailyAt.split(':').map(Number);
    const daily = {
      targetBackupVault: this.vaultName,
      scheduleExpression: `cron(${minute} ${hour} * * ? *)`,
      scheduleExpressionTimezone: 'Etc/UTC',
      startWindowMinutes: 120,
      completionWindowMinutes: 720,
      lifecycle: { deleteAfterDays: this.retentionDays },
    };
    return new CfnBackupPlan(this, 'Plan', {
      backupPlan: {
        backupPlanName: name,
        backupPlanRule: [
          {
            ...daily,
            ruleName: 'Daily',
            copyActions: copies.length === 0
              ? undefined
              : copies.map(({ arn, days }) => ({ destinationBackupVaultArn: arn, lifecycle: { deleteAfterDays: days } })),
          },
          ...(continuous ? [{ ...daily, ruleName: 'Continuous', enableContinuousBackup: true }] : []),
        ],
      },
    });
  }
}

/** Backups go on after `cdk destroy`; a first deployment that failed leaves nothing of this behind. */
function staysWhenTheStackGoes(construct: IConstruct, whenReplaced: CfnDeletionPolicy): void {
  for (const child of construct.node.findAll()) {
    if (!CfnResource.isCfnResource(child)) continue;
    child.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE;
    child.cfnOptions.updateReplacePolicy = whenReplaced;
  }
}
