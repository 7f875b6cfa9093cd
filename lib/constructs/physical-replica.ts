import { RemovalPolicy } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { CfnDBInstance, CfnDBParameterGroup, CfnDBSubnetGroup } from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { parameterFamily, postgresParameters } from '../core/parameters';
import { AGENT_DATABASE_PORT } from '../core/policy';
import {
  accept,
  INHERITED_ENCRYPTION,
  NOT_IN_BACKUP_PLAN,
  REPLICA_WITHOUT_BACKUPS,
  SINGLE_ZONE,
} from './accepted-findings';
import { monitoringRole } from './monitoring-role';
import type { ProductionDatabase } from './production-database';
import { ReplicaAlarms } from './replica-alarms';
import type { StatementLog } from './statement-log';

export interface PhysicalReplicaProps {
  readonly production: ProductionDatabase;
  readonly statementLog: StatementLog;
  readonly identifier: string;
  readonly vpc: IVpc;
  readonly subnets: SubnetSelection;
  readonly securityGroup: ISecurityGroup;
  readonly instanceClass: string;
  readonly deletionProtection: boolean;
  /** How long it waits before it applies a change; a live replica waits not at all. */
  readonly delayHours?: number;
}

/**
 * A physical replica of production: PostgreSQL cannot be made to write on it, by anyone, at any privilege.
 *
 * It has the users of production with their password hashes. Agents have roles without a password and log in with IAM tokens;
 * production's own users could log in with their passwords from wherever the replica can be reached, which `UnexpectedLogins`
 * tells of. Production keeps what a replica has not received yet, so one that stops fills production's disk: that alarms too.
 *
 * Internal: `AgentReplica` makes the one that agents read, and the delayed one that they cannot reach.
 */
export class PhysicalReplica extends Construct {
  readonly instance: CfnDBInstance;

  constructor(scope: Construct, id: string, props: PhysicalReplicaProps) {
    super(scope, id);
    const { production, identifier, delayHours } = props;
    const logs = props.statementLog.record(this, 'Logs', {
      identifier,
      purpose: delayHours === undefined ? 'replica' : 'delayed',
    });
    // BackupRetentionPeriod, DBName, master user, StorageEncrypted and KmsKeyId must not be set on a replica: it inherits them.
    this.instance = new CfnDBInstance(this, 'Instance', {
      ...production.replicationSource(),
      dbInstanceIdentifier: identifier,
      engine: 'postgres',
      dbInstanceClass: props.instanceClass,
      port: String(AGENT_DATABASE_PORT),
      dbSubnetGroupName: new CfnDBSubnetGroup(this, 'Subnets', {
        dbSubnetGroupDescription: `Subnets of ${identifier}`,
        subnetIds: props.vpc.selectSubnets(props.subnets).subnetIds,
      }).ref,
      vpcSecurityGroups: [props.securityGroup.securityGroupId],
      dbParameterGroupName: new CfnDBParameterGroup(this, 'Parameters', {
        family: parameterFamily(production.engineVersion),
        description: `Settings of ${identifier}`,
        parameters: postgresParameters(delayHours === undefined ? 'replica' : 'delayed', production.engineVersion, {
          standbyMinimums: production.standbyMinimums,
          delayMinutes: delayHours === undefined ? undefined : delayHours * 60,
        }),
      }).ref,
      enableIamDatabaseAuthentication: true,
      enableCloudwatchLogsExports: [...logs.exports],
      copyTagsToSnapshot: true,
      deletionProtection: props.deletionProtection,
      publiclyAccessible: false,
      multiAz: false,
      autoMinorVersionUpgrade: true,
      monitoringInterval: 60,
      monitoringRoleArn: monitoringRole(this).roleArn,
    });
    // Nothing is lost with a replica, and RDS makes no final snapshot of one.
    this.instance.applyRemovalPolicy(RemovalPolicy.DESTROY);
    this.instance.node.addDependency(logs);
    new ReplicaAlarms(this, 'Alarms', {
      alarmTopic: props.statementLog.alarmTopic,
      identifier,
      production: production.identifier,
      live: delayHours === undefined,
    });
    accept(this.instance, SINGLE_ZONE, INHERITED_ENCRYPTION, NOT_IN_BACKUP_PLAN, REPLICA_WITHOUT_BACKUPS);
  }
}
