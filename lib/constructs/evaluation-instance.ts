import { RemovalPolicy, Token } from 'aws-cdk-lib';
import { SecurityGroup, type SubnetSelection, type Vpc } from 'aws-cdk-lib/aws-ec2';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { CfnDBInstance, CfnDBParameterGroup, CfnDBSubnetGroup } from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { parseEngineVersion, type EngineVersion } from '../core/engine-version';
import { parameterFamily, postgresParameters } from '../core/parameters';
import { EVALUATION_NETWORK_CIDR, MAXIMUM_BACKUP_RETENTION_DAYS, MINIMUM_BACKUP_RETENTION_DAYS } from '../core/policy';
import { accept, SINGLE_ZONE } from './accepted-findings';
import { GuardrailsKey } from './guardrails-key';
import { refuse } from './invalid';
import { IsolatedVpc } from './isolated-vpc';
import { monitoringRole } from './monitoring-role';
import type { StatementLog } from './statement-log';

export interface EvaluationInstanceProps {
  /** Where its statements are recorded. */
  readonly statementLog: StatementLog;
  /** @default 'evaluation' */
  readonly instanceIdentifier?: string;
  /**
   * The one database created on it.
   * @default 'app'
   */
  readonly database?: string;
  /** @default '17.9' */
  readonly engineVersion?: string;
  /** @default 'db.t4g.micro' */
  readonly instanceClass?: string;
  /**
   * GiB of gp3 storage.
   * @default 20
   */
  readonly allocatedStorage?: number;
  /**
   * Not PostgreSQL's default, which every scanner tries first.
   * @default 5433
   */
  readonly port?: number;
  /**
   * Days of point-in-time recovery, 7-35.
   * @default 7
   */
  readonly backupRetentionDays?: number;
  /**
   * CIDR block of the network made for it.
   * @default '10.212.0.0/20'
   */
  readonly cidr?: string;
}

/** A production database to try the kit out with. Made by `ProductionDatabase.create`. */
export class EvaluationInstance extends Construct {
  readonly identifier: string;
  readonly database: string;
  readonly engineVersion: EngineVersion;
  readonly instanceClass: string;
  readonly port: number;
  readonly cidr: string;
  readonly vpc: Vpc;
  readonly subnets: SubnetSelection;
  readonly securityGroup: SecurityGroup;
  readonly encryptionKey: Key;
  readonly instance: CfnDBInstance;

  constructor(scope: Construct, id: string, props: EvaluationInstanceProps) {
    super(scope, id);
    this.identifier = props.instanceIdentifier ?? 'evaluation';
    this.database = props.database ?? 'app';
    this.instanceClass = props.instanceClass ?? 'db.t4g.micro';
    this.port = props.port ?? 5433;
    this.cidr = props.cidr ?? EVALUATION_NETWORK_CIDR;
    const retention = props.backupRetentionDays ?? MINIMUM_BACKUP_RETENTION_DAYS;
    const version = parseEngineVersion(props.engineVersion ?? '17.9');
    refuse(this, [
      {
        when: version?.minor === undefined,
        say: `engineVersion is '${props.engineVersion}'; write a full version that RDS offers, such as '17.9'`,
      },
      {
        when: !Token.isUnresolved(retention) && (retention < MINIMUM_BACKUP_RETENTION_DAYS || retention > MAXIMUM_BACKUP_RETENTION_DAYS),
        say: `backupRetentionDays is ${retention}; write ${MINIMUM_BACKUP_RETENTION_DAYS} to ${MAXIMUM_BACKUP_RETENTION_DAYS}`,
      },
    ]);
    this.engineVersion = version!;

    this.encryptionKey = new GuardrailsKey(this, 'Key', {
      description: `Encrypts the production database ${this.identifier} and its backups`,
    }).key;
    const network = new IsolatedVpc(this, 'Network', {
      cidr: this.cidr,
      subnetGroups: ['Databases'],
      encryptionKey: props.statementLog.encryptionKey,
    });
    this.vpc = network.vpc;
    this.subnets = { subnetGroupName: 'Databases' };
    this.securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc: this.vpc,
      description: `The production database ${this.identifier}; nothing may connect until a rule is added`,
      allowAllOutbound: false,
    });
    const logs = props.statementLog.record(this, 'Logs', { identifier: this.identifier, purpose: 'production' });
    this.instance = new CfnDBInstance(this, 'Instance', {
      dbInstanceIdentifier: this.identifier,
      engine: 'postgres',
      engineVersion: this.engineVersion.text,
      dbInstanceClass: this.instanceClass,
      allocatedStorage: String(props.allocatedStorage ?? 20),
      storageType: 'gp3',
      storageEncrypted: true,
      kmsKeyId: this.encryptionKey.keyArn,
      dbName: this.database,
      masterUsername: 'dbowner',
      manageMasterUserPassword: true,
      masterUserSecret: { kmsKeyId: this.encryptionKey.keyArn },
      port: String(this.port),
      dbSubnetGroupName: new CfnDBSubnetGroup(this, 'Subnets', {
        dbSubnetGroupDescription: `Subnets of the production database ${this.identifier}`,
        subnetIds: this.vpc.selectSubnets(this.subnets).subnetIds,
      }).ref,
      vpcSecurityGroups: [this.securityGroup.securityGroupId],
      dbParameterGroupName: new CfnDBParameterGroup(this, 'Parameters', {
        family: parameterFamily(this.engineVersion),
        description: `Settings of the production database ${this.identifier}`,
        parameters: postgresParameters('production', this.engineVersion),
      }).ref,
      enableIamDatabaseAuthentication: true,
      enableCloudwatchLogsExports: logs.exports,
      backupRetentionPeriod: retention,
      deleteAutomatedBackups: false,
      copyTagsToSnapshot: true,
      deletionProtection: true,
      publiclyAccessible: false,
      multiAz: false,
      autoMinorVersionUpgrade: true,
      monitoringInterval: 60,
      monitoringRoleArn: monitoringRole(this).roleArn,
    });
    this.instance.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.instance.node.addDependency(logs);
    accept(this.instance, SINGLE_ZONE);
  }
}
