import { Arn, ArnFormat, Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal, type IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { ProductionDatabase } from './production-database';
import { ServiceRole } from './service-role';

export interface BackupRoleProps {
  readonly production: Pick<ProductionDatabase, 'arn' | 'identifier' | 'encryptionKey'>;
  /** The vaults that recovery points go to, copies included. */
  readonly vaultArns: readonly string[];
  readonly vaultKey: IKey;
  readonly copies: boolean;
  readonly continuous: boolean;
}

/**
 * With what AWS Backup takes and expires the recovery points of one database: the RDS part of the AWS managed policy,
 * for this database and for snapshots that AWS Backup made. Internal.
 *
 * It can delete those snapshots, since AWS Backup expires them with the role that made them; nobody but AWS Backup can
 * take it on.
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForBackup.html
 */
export class BackupRole extends Construct {
  readonly role: IRole;

  constructor(scope: Construct, id: string, props: BackupRoleProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const { production } = props;
    const regions = new Set([stack.region, ...props.vaultArns.flatMap((arn) => regionOf(arn) ?? [])]);
    const snapshots = [...regions].map((region) => stack.formatArn({
      service: 'rds', region, resource: 'snapshot', resourceName: 'awsbackup:*', arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }));
    this.role = new ServiceRole(this, 'Role', {
      description: `AWS Backup makes and expires recovery points of ${production.identifier}`,
      assumedBy: new ServicePrincipal('backup.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
      }),
      statements: [
        new PolicyStatement({
          actions: ['rds:CreateDBSnapshot', 'rds:DescribeDBInstances', 'rds:ListTagsForResource'],
          resources: [production.arn],
        }),
        new PolicyStatement({
          actions: [
            'rds:AddTagsToResource', 'rds:CopyDBSnapshot', 'rds:CreateDBSnapshot', 'rds:DeleteDBSnapshot',
            'rds:DescribeDBSnapshots', 'rds:ListTagsForResource', 'rds:ModifyDBSnapshotAttribute',
          ],
          resources: snapshots,
        }),
        new PolicyStatement({
          actions: ['backup:CopyIntoBackupVault', 'backup:DescribeBackupVault'],
          resources: [...props.vaultArns],
        }),
        ...this.keyStatements(props),
        ...(props.continuous ? this.continuousStatements(production.arn) : []),
      ],
      wildcards: [
        ...snapshots,
        ...(props.copies && !production.encryptionKey ? [this.anyKey()] : []),
        ...(props.continuous ? [this.automatedBackups()] : []),
      ],
    }).role;
  }

  private keyStatements({ production, vaultKey, copies }: BackupRoleProps): PolicyStatement[] {
    const stack = Stack.of(this);
    const known = [vaultKey.keyArn, ...(production.encryptionKey ? [production.encryptionKey.keyArn] : [])];
    const throughRds = { StringEquals: { 'kms:ViaService': `rds.${stack.region}.amazonaws.com` } };
    const use = (resources: string[], conditions: Record<string, Record<string, string>> = {}) => [
      new PolicyStatement({ actions: ['kms:DescribeKey'], resources, conditions }),
      new PolicyStatement({
        actions: ['kms:CreateGrant'],
        resources,
        conditions: { ...conditions, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
      }),
    ];
    // RDS reads a snapshot to copy it; where production's key is not known, any key of this account that RDS itself uses.
    const unknown = copies && !production.encryptionKey ? [this.anyKey()] : [];
    return [...use(known), ...(unknown.length > 0 ? use(unknown, throughRds) : [])];
  }

  private continuousStatements(productionArn: string): PolicyStatement[] {
    return [
      new PolicyStatement({ actions: ['rds:ModifyDBInstance'], resources: [productionArn] }),
      new PolicyStatement({ actions: ['rds:DescribeDBInstanceAutomatedBackups'], resources: [productionArn, this.automatedBackups()] }),
    ];
  }

  private anyKey(): string {
    return Stack.of(this).formatArn({ service: 'kms', resource: 'key', resourceName: '*' });
  }

  private automatedBackups(): string {
    return Stack.of(this).formatArn({ service: 'rds', resource: 'auto-backup', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  }
}

function regionOf(arn: string): string | undefined {
  return Token.isUnresolved(arn) ? undefined : Arn.split(arn, ArnFormat.COLON_RESOURCE_NAME).region;
}
