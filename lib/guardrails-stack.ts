import { Annotations, CfnOutput, Fn, Stack, Tags } from 'aws-cdk-lib';
import { SecurityGroup, Subnet, Vpc, type ISecurityGroup, type ISubnet } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { AgentGuardrailsValidation } from './audit-plugin';
import { acknowledge } from './constructs/acknowledge';
import { AgentDatabaseGuardrails, type DatabaseRolesChoice } from './constructs/agent-database-guardrails';
import { ReplicaPlacement } from './constructs/agent-replica';
import { AgentTrust } from './constructs/agent-trust';
import { ApproverTrust } from './constructs/approver-trust';
import { ProductionAdmission } from './constructs/production-admission';
import { ProductionDatabase } from './constructs/production-database';
import { SecretsAccess } from './constructs/secrets-access';
import { StatementLog } from './constructs/statement-log';
import { VaultLock } from './constructs/vault-lock';
import { outputsOf } from './guardrails-outputs';
import { monthlyCost, type CostTable } from './core/cost';
import { STACK_PREFIX } from './core/policy';
import { costDrivers, type Environment } from './environment';

export interface GuardrailsStackProps {
  /** Name of the environment; the stack is `agent-db-guardrails-<name>`. */
  readonly name: string;
  /** A validated environment: see `readEnvironments`. */
  readonly environment: Environment;
  /**
   * Changes with every deployment, so that the check of production runs in each.
   * @default - the moment of synthesis
   */
  readonly deploymentId?: string;
}

/** The deployable stack: the guardrails of one environment of cdk.json. An app that has one is audited whenever it is synthesized. */
export class GuardrailsStack extends Stack {
  readonly environmentName: string;
  readonly guardrails: AgentDatabaseGuardrails;
  /** Fixed monthly cost of what the stack makes. */
  readonly cost: CostTable;

  constructor(scope: Construct, id: string, props: GuardrailsStackProps) {
    const { name, environment } = props;
    super(scope, id, {
      stackName: `${STACK_PREFIX}${name}`,
      description: environment.description ?? `Guardrails for AI agents near the production database (${name})`,
      env: { account: environment.account, region: environment.region },
      // An evaluation is taken down again; the guardrails of a real database are not, by one command.
      terminationProtection: environment.production.existing !== undefined,
    });
    this.environmentName = name;
    this.cost = monthlyCost(costDrivers(environment));

    const statementLog = new StatementLog(this, 'StatementLog', {
      retentionDays: environment.log.retentionDays,
      archive: environment.log.archive,
      silenceMinutes: environment.log.silenceMinutes,
      alarmEmails: environment.log.alarmEmails,
    });
    this.guardrails = new AgentDatabaseGuardrails(this, 'Guardrails', {
      statementLog,
      production: productionOf(this, environment, statementLog),
      agents: environment.agents.map((agent) => ({ name: agent.name, trust: trustOf(agent.trust), read: agent.read ?? environment.roles.read })),
      approvers: environment.approvers.map((arn) => ApproverTrust.principalArn(arn)),
      network: {
        cidr: environment.network.cidr,
        endpointAvailabilityZones: environment.network.endpointAvailabilityZones,
      },
      accessHost: environment.network.accessHost,
      replica: {
        placement: environment.network.reach === 'lattice' ? ReplicaPlacement.productionVpc() : ReplicaPlacement.agentNetwork(),
        instanceClass: environment.replica.instanceClass,
        undoWindowHours: environment.replica.delayed?.hours,
        deletionProtection: environment.replica.deletionProtection,
      },
      staging: environment.staging.enabled
        ? { instanceClass: environment.staging.instanceClass, deletionProtection: environment.staging.deletionProtection }
        : 'none',
      backups: {
        retentionDays: environment.backups.retentionDays,
        lock: lockOf(environment.backups.lock),
        copyTo: environment.backups.copyTo,
        airGapped: environment.backups.airGapped,
        continuous: environment.backups.continuous,
      },
      databaseRoles: rolesOf(this, environment),
      check: { deploymentId: props.deploymentId },
    });
    for (const { rule, reason, expires } of environment.exceptions) acknowledge(this, rule, { reason, expires });
    for (const [key, value] of Object.entries(environment.tags)) Tags.of(this).add(key, value);
    this.output();
    AgentGuardrailsValidation.addTo(this);
  }

  /** Left to the deployment: a look-up at synthesis would need credentials. */
  override get availabilityZones(): string[] {
    return [0, 1].map((zone) => Fn.select(zone, Fn.getAzs()));
  }

  /** What an agent's runtime, and whoever operates the stack, needs to know. Nothing in it is secret. */
  private output(): void {
    for (const [key, [value, description]] of Object.entries(outputsOf(this.guardrails))) new CfnOutput(this, key, { value, description });
  }
}

function productionOf(scope: Stack, environment: Environment, statementLog: StatementLog): ProductionDatabase {
  const { create, existing } = environment.production;
  if (create) return ProductionDatabase.create(scope, 'Production', { ...create, statementLog, allocatedStorage: create.allocatedStorageGiB });
  if (!existing) throw new Error('an environment that was validated names a production database');
  const { vpcId, availabilityZones, securityGroupId, masterSecretArn, masterSecretKeyArn, encryptionKeyArn, subnetIds } = existing;
  return ProductionDatabase.fromInstance(scope, 'Production', {
    ...existing,
    vpc: vpcId && availabilityZones ? Vpc.fromVpcAttributes(scope, 'ProductionVpc', { vpcId, availabilityZones }) : undefined,
    subnets: subnetIds && { subnets: subnetIds.map((subnetId, i) => productionSubnet(scope, `ProductionSubnet${i}`, subnetId, availabilityZones?.[i])) },
    securityGroup: securityGroupId ? securityGroupOf(scope, 'ProductionSecurityGroup', securityGroupId) : undefined,
    masterSecret: masterSecretArn
      ? Secret.fromSecretAttributes(scope, 'ProductionSecret', {
        secretCompleteArn: masterSecretArn,
        encryptionKey: masterSecretKeyArn ? Key.fromKeyArn(scope, 'ProductionSecretKey', masterSecretKeyArn) : undefined,
      })
      : undefined,
    encryptionKey: encryptionKeyArn ? Key.fromKeyArn(scope, 'ProductionKey', encryptionKeyArn) : undefined,
  });
}

function securityGroupOf(scope: Stack, id: string, securityGroupId: string): ISecurityGroup {
  return SecurityGroup.fromSecurityGroupId(scope, id, securityGroupId, { mutable: false });
}

function rolesOf(scope: Stack, { roles }: Environment): DatabaseRolesChoice {
  const { admission, secretsEndpointSecurityGroupId: endpoint } = roles;
  return {
    closePublic: roles.closePublic,
    refuseAgentsOnPrimary: roles.refuseOnPrimary,
    secretsAccess: endpoint === undefined ? undefined : SecretsAccess.endpoint(securityGroupOf(scope, 'SecretsEndpointSecurityGroup', endpoint)),
    admission: admission && (admission.securityGroupId === undefined
      ? ProductionAdmission.inboundRule()
      : ProductionAdmission.securityGroup(securityGroupOf(scope, 'AdmittedSecurityGroup', admission.securityGroupId))),
  };
}

function productionSubnet(scope: Stack, id: string, subnetId: string, availabilityZone: string | undefined): ISubnet {
  const subnet = Subnet.fromSubnetAttributes(scope, id, { subnetId, availabilityZone });
  Annotations.of(subnet).acknowledgeWarning('@aws-cdk/aws-ec2:noSubnetRouteTableId', 'No route is ever added there.');
  return subnet;
}

function trustOf({ github, principal, ecs, agentCore }: Environment['agents'][number]['trust']): AgentTrust {
  if (github) return AgentTrust.githubActions(github.repository, github.environment === undefined ? { branch: github.branch } : { environment: github.environment });
  if (principal) return AgentTrust.principal(principal.arn, principal);
  return ecs ? AgentTrust.ecsTasks() : AgentTrust.agentCore(agentCore);
}

function lockOf(lock: Environment['backups']['lock']): VaultLock {
  return lock === 'governance' ? VaultLock.governance() : VaultLock.compliance(lock.compliance);
}
