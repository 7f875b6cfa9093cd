import { CustomResource, Duration, Stack, Token, type CfnElement } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { CUSTOM_RESOURCE_TIMEOUT_SECONDS, MAXIMUM_BACKUP_RETENTION_DAYS, MINIMUM_BACKUP_RETENTION_DAYS } from '../core/policy';
import type { ProductionCheckProperties } from '../core/production-check/properties';
import type { ReplicaPlacement } from './agent-replica';
import { declare } from './declare';
import { declaredProduction } from './declared-production';
import { HandlerFunction } from './handler-function';
import { refuse } from './invalid';
import type { ProductionDatabase } from './production-database';
import type { StatementLog } from './statement-log';

export interface ProductionCheckOptions {
  /**
   * Days that automated backups must reach back, 7-35.
   * @default 7
   */
  readonly minimumBackupRetentionDays?: number;
  /**
   * What makes this deployment differ from the last one. CloudFormation calls the check only when one of its properties
   * changes, and production may have changed while the template did not; so by default every synthesis differs, in this one
   * property, and `cdk diff` always shows it. Give a value (a commit, a build number) for templates that can be reproduced.
   * @default - the moment of synthesis
   */
  readonly deploymentId?: string;
}

export interface ProductionCheckProps extends ProductionCheckOptions {
  /** The database to check. */
  readonly production: ProductionDatabase;
  /** Whose topic hears of a check that could not answer, and whose key encrypts the log of the check. */
  readonly statementLog: Pick<StatementLog, 'encryptionKey' | 'alarmTopic'>;
  /** Identifiers of the replicas that this deployment makes; any other counts as production's own. */
  readonly ownReplicas: readonly string[];
  /**
   * Where those replicas stand.
   * @default ReplicaPlacement.agentNetwork()
   */
  readonly replicaPlacement?: ReplicaPlacement;
  /**
   * Whether IAM authentication must be on at production itself, for functions that log in there with a token. Agents do not:
   * they log in to the replica, which has a setting of its own.
   * @default false
   */
  readonly requireIamAuthentication?: boolean;
}

/**
 * Every deployment reads the real production database and stops unless it can be recovered.
 *
 * It stops with one message that lists everything missing, each with the AWS CLI command that mends it: automated backups,
 * deletion protection, encryption, public access, tags on snapshots, engine and status, and whether the instance is the one
 * that was described. It reads; it changes nothing. A rollback is never stopped, and neither is the deletion of the stack.
 */
export class ProductionCheck extends Construct {
  /** What to wait for before anything is made. */
  readonly resource: CustomResource;
  /** What the last deployment found that did not stop it, as text; `none` when there was nothing. */
  readonly warnings: string;

  constructor(scope: Construct, id: string, props: ProductionCheckProps) {
    super(scope, id);
    const { production, statementLog } = props;
    const retention = props.minimumBackupRetentionDays ?? MINIMUM_BACKUP_RETENTION_DAYS;
    refuse(this, [
      {
        when: !Token.isUnresolved(retention)
          && !(Number.isInteger(retention) && retention >= MINIMUM_BACKUP_RETENTION_DAYS && retention <= MAXIMUM_BACKUP_RETENTION_DAYS),
        say: `minimumBackupRetentionDays is ${retention}; write ${MINIMUM_BACKUP_RETENTION_DAYS} to ${MAXIMUM_BACKUP_RETENTION_DAYS}`,
      },
      { when: props.deploymentId === '', say: 'deploymentId is empty; leave it out, or write what names this deployment' },
    ]);
    const check = new HandlerFunction(this, 'Function', {
      handler: 'production-check',
      description: 'Reads the production database on every deployment, which stops unless it can be recovered',
      statements: [
        new PolicyStatement({ actions: ['rds:DescribeDBInstances'], resources: [production.arn] }),
        new PolicyStatement({ actions: ['cloudformation:DescribeStacks'], resources: [Stack.of(this).stackId] }),
      ],
      timeout: Duration.seconds(CUSTOM_RESOURCE_TIMEOUT_SECONDS / 2),
      encryptionKey: statementLog.encryptionKey,
      alarmTopic: statementLog.alarmTopic,
    });
    const properties: ProductionCheckProperties = {
      InstanceIdentifier: production.identifier,
      InstanceArn: production.arn,
      ResourceId: production.resourceId,
      Endpoint: production.endpoint,
      Port: String(production.port),
      EngineVersion: production.engineVersion.text,
      BackupRetentionDays: String(retention),
      IamAuthentication: props.requireIamAuthentication ? 'required' : 'not-required',
      ReplicaPlacement: props.replicaPlacement?.kind ?? 'agent-network',
      OwnReplicas: props.ownReplicas.join(','),
      DeploymentId: props.deploymentId ?? new Date().toISOString(),
    };
    this.resource = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::ProductionCheck',
      serviceToken: check.function.functionArn,
      serviceTimeout: Duration.seconds(CUSTOM_RESOURCE_TIMEOUT_SECONDS),
      properties,
    });
    this.warnings = this.resource.getAttString('Warnings');
    this.declareGuarantee(production, retention, check);
  }

  private declareGuarantee(production: ProductionDatabase, retention: number, check: HandlerFunction): void {
    const stack = Stack.of(this);
    const named = Token.isUnresolved(production.identifier) ? 'the production database' : `the production database ${production.identifier}`;
    declare(this, {
      guarantee: 'production-is-recoverable',
      inForce: true,
      detail: `every deployment reads ${named} and stops unless it keeps at least ${retention} days of automated backups, is protected from `
        + 'deletion, encrypted, not public, copies its tags to snapshots, runs, and is the instance that was described',
      resources: {
        check: stack.getLogicalId(this.resource.node.defaultChild as CfnElement),
        function: stack.getLogicalId(check.function.node.defaultChild as CfnElement),
      },
      production: declaredProduction(this, production),
    });
  }
}
