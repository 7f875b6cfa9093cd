import { RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { CfnDBInstance, CfnDBParameterGroup, CfnDBSubnetGroup } from 'aws-cdk-lib/aws-rds';
import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { parameterFamily, postgresParameters } from '../core/parameters';
import { AGENT_DATABASE_PORT, DATABASE_PREFIX, MAXIMUM_IDENTIFIER_LENGTH, MINIMUM_BACKUP_RETENTION_DAYS } from '../core/policy';
import { accept, INHERITED_ENCRYPTION, NOT_IN_BACKUP_PLAN, SINGLE_ZONE } from './accepted-findings';
import type { AgentNetwork } from './agent-network';
import { keepClosed } from './allowed-connection';
import type { DatabaseLogs } from './database-logs';
import { declare } from './declare';
import { refuse } from './invalid';
import { monitoringRole } from './monitoring-role';
import type { ProductionDatabase } from './production-database';
import type { StatementLog } from './statement-log';

export interface StagingCloneOptions {
  /** @default - production's */
  readonly instanceClass?: string;
  /**
   * Whether RDS refuses to delete the clone. Switch it off, and deploy, before `cdk destroy`.
   * @default true
   */
  readonly deletionProtection?: boolean;
}

export interface StagingCloneProps extends StagingCloneOptions {
  readonly production: ProductionDatabase;
  readonly network: AgentNetwork;
  /** Where its statements are recorded. */
  readonly statementLog: StatementLog;
}

/**
 * What surrounds a copy of production, and outlives it: every copy, however it is made, starts behind this security
 * group, with these settings, in these subnets, and is recorded here.
 */
export class StagingSurroundings extends Construct {
  readonly identifier: string;
  readonly port = AGENT_DATABASE_PORT;
  /** Closed: no rule lets anyone in. */
  readonly securityGroup: ISecurityGroup;
  readonly subnetGroup: CfnDBSubnetGroup;
  readonly parameterGroup: CfnDBParameterGroup;
  readonly logs: DatabaseLogs;

  constructor(scope: Construct, id: string, props: StagingCloneProps) {
    super(scope, id);
    const { production, network, statementLog } = props;
    this.identifier = `${DATABASE_PREFIX.staging}${production.identifier}`;
    refuse(this, [
      { when: network.production !== production, say: 'the network guards another production database; make a network for this one' },
      {
        when: !Token.isUnresolved(this.identifier) && this.identifier.length > MAXIMUM_IDENTIFIER_LENGTH,
        say: `the clone would be named '${this.identifier}', which is ${this.identifier.length} characters long; RDS allows ${MAXIMUM_IDENTIFIER_LENGTH}`,
      },
    ]);
    this.securityGroup = keepClosed(
      network.databaseSecurityGroup(this, 'SecurityGroup', 'The staging clone; closed until it is proven clean'),
      'the staging clone, which is not proven clean',
    );
    this.subnetGroup = new CfnDBSubnetGroup(this, 'Subnets', {
      dbSubnetGroupDescription: `Subnets of ${this.identifier}`,
      subnetIds: network.vpc.selectSubnets(network.databaseSubnets).subnetIds,
    });
    this.parameterGroup = new CfnDBParameterGroup(this, 'Parameters', {
      family: parameterFamily(production.engineVersion),
      description: `Settings of ${this.identifier}`,
      parameters: postgresParameters('staging', production.engineVersion),
    });
    this.logs = statementLog.record(this, 'Logs', { identifier: this.identifier, purpose: 'staging' });
  }
}

/**
 * A writable full-size copy of production with a master secret of its own, and no way in.
 *
 * The copy holds production's data unmasked and production's password hashes. Until it is masked and cleaned, and that
 * is proven, no rule of its security group and no permission of an agent leads to it. CloudFormation makes the copy once, at the
 * latest restorable second of the first deployment, and cannot refresh it: it replaces no instance that has a name of its own.
 */
export class StagingClone extends Construct {
  readonly surroundings: StagingSurroundings;
  /** The copy itself. */
  readonly copy: CfnDBInstance;
  readonly identifier: string;
  /** The resource id (`db-…`). Every new copy has a new one. */
  readonly resourceId: string;
  readonly endpoint: string;
  readonly port = AGENT_DATABASE_PORT;
  readonly securityGroup: ISecurityGroup;
  /** ARN of the secret of the master user, which RDS made for this copy alone. */
  readonly masterSecretArn: string;

  constructor(scope: Construct, id: string, props: StagingCloneProps) {
    super(scope, id);
    const { production, statementLog } = props;
    this.surroundings = new StagingSurroundings(this, 'Surroundings', props);
    const { identifier, securityGroup, subnetGroup, parameterGroup, logs } = this.surroundings;
    this.identifier = identifier;
    this.securityGroup = securityGroup;
    // StorageEncrypted and KmsKeyId must not be set: the copy inherits both from production.
    this.copy = new CfnDBInstance(this, 'Copy', {
      ...production.restoreSource(),
      dbInstanceIdentifier: identifier,
      engine: 'postgres',
      dbInstanceClass: props.instanceClass ?? production.instanceClass,
      port: String(this.port),
      dbSubnetGroupName: subnetGroup.ref,
      vpcSecurityGroups: [securityGroup.securityGroupId],
      dbParameterGroupName: parameterGroup.ref,
      manageMasterUserPassword: true,
      masterUserSecret: { kmsKeyId: statementLog.encryptionKey.keyArn },
      enableIamDatabaseAuthentication: true,
      enableCloudwatchLogsExports: [...logs.exports],
      backupRetentionPeriod: MINIMUM_BACKUP_RETENTION_DAYS,
      copyTagsToSnapshot: true,
      deletionProtection: props.deletionProtection ?? true,
      publiclyAccessible: false,
      multiAz: false,
      autoMinorVersionUpgrade: true,
      monitoringInterval: 60,
      monitoringRoleArn: monitoringRole(this).roleArn,
    });
    // A final snapshot would be one more unmasked copy of production, kept by nobody.
    this.copy.applyRemovalPolicy(RemovalPolicy.DESTROY);
    this.copy.node.addDependency(logs);
    accept(this.copy, SINGLE_ZONE, INHERITED_ENCRYPTION, NOT_IN_BACKUP_PLAN);
    this.resourceId = this.copy.attrDbiResourceId;
    this.endpoint = this.copy.attrEndpointAddress;
    this.masterSecretArn = this.copy.attrMasterUserSecretSecretArn;
    declare(this, {
      guarantee: 'staging-is-production-sized-and-masked',
      inForce: false,
      detail: 'a full-size copy is made and kept closed: it is not masked yet, so no agent may reach it or connect to it',
      resources: { instance: Stack.of(this).getLogicalId(this.copy) },
    });
  }
}
