import { Aws, CustomResource, Duration, Stack, Token, type CfnElement } from 'aws-cdk-lib';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { unknownDatabases, wantedDatabases, type DatabaseReading } from '../core/agent-reading';
import type { ClosePublic } from '../core/grants/wanted';
import { readRoleName } from '../core/policy';
import type { DatabaseRolesProperties } from '../core/role-provisioning';
import { declare } from './declare';
import { HandlerFunction } from './handler-function';
import { refuse } from './invalid';
import type { ProductionAdmission } from './production-admission';
import type { ProductionDatabase } from './production-database';
import { SecretsAccess } from './secrets-access';
import type { StatementLog } from './statement-log';

/** An agent that reads. */
export interface ReadingAgent {
  readonly name: string;
  /**
   * What it may read, database by database; nothing in a database that is not named.
   * @default - the tables and views of the schema `public` in each of production's `databases`
   */
  readonly read?: readonly DatabaseReading[];
}

/** What can be decided about database roles beside who has one. */
export interface DatabaseRolesOptions {
  /**
   * What is taken from PUBLIC, which is everyone in the database: the application too, unless it is named in `keepFor`. Without
   * it what PUBLIC gives away is reported in `findings`, each with the SQL that ends it.
   * @default - nothing
   */
  readonly closePublic?: ClosePublic;
  /**
   * Whether the database itself refuses the agents' roles wherever it is a primary: an event trigger on login, PostgreSQL 17
   * and later.
   * @default false
   */
  readonly refuseAgentsOnPrimary?: boolean;
  /**
   * How the function reaches Secrets Manager.
   * @default SecretsAccess.ownEndpoint()
   */
  readonly secretsAccess?: SecretsAccess;
}

export interface DatabaseRolesProps extends DatabaseRolesOptions {
  /** The database on whose primary the roles are made. `vpc`, `subnets`, `securityGroup` and `masterSecret` of it must be known. */
  readonly production: ProductionDatabase;
  /** Whose key encrypts the logs of the functions, and whose topic hears when one gives up. */
  readonly statementLog: Pick<StatementLog, 'encryptionKey' | 'alarmTopic'>;
  /** The agents, and what each may read. */
  readonly agents: readonly ReadingAgent[];
  /** How the function gets in to production. */
  readonly admission: ProductionAdmission;
  /**
   * What makes this deployment differ from the last one: the roles are set up again in each, so that they cover tables that
   * are new. Give a value (a commit, a build number) for templates that can be reproduced.
   * @default - the moment of synthesis
   */
  readonly deploymentId?: string;
}

/**
 * PostgreSQL itself refuses every write of an agent, and the reading of what it may not read.
 *
 * Each deployment makes one database role for each agent on the primary, from where it reaches the replica: it logs in with an
 * IAM token only, selects what is listed, and owns nothing. What the configuration no longer wants is revoked. Deleting this
 * takes login and grants away and drops nothing; where the database cannot be reached then, the log names what is left.
 *
 * Two functions share the work. The one in production's network reads the master secret, at that moment and from nowhere
 * else, and can reach production's port and Secrets Manager only. The one that CloudFormation calls holds no secret. Of
 * production nothing but the roles is changed, and the one rule of `ProductionAdmission.inboundRule()` if that is chosen.
 * A deletion takes up to 40 minutes: Lambda gives back its network interfaces when it likes.
 */
export class DatabaseRoles extends Construct {
  /** What must be known of a production database before its roles can be set up by a deployment, and is not. */
  static missing(production: ProductionDatabase): readonly string[] {
    const { vpc, subnets, securityGroup, masterSecret } = production;
    return Object.entries({ vpc, subnets, securityGroup, masterSecret }).filter(([, value]) => value === undefined).map(([name]) => name);
  }

  /** What to wait for before an agent can log in. */
  readonly resource: CustomResource;
  /** What the last deployment found that only a person can decide, such as rights of PUBLIC, as text; `none` when there was nothing. */
  readonly findings: string;

  constructor(scope: Construct, id: string, props: DatabaseRolesProps) {
    super(scope, id);
    const { production, statementLog, agents } = props;
    const missing = DatabaseRoles.missing(production);
    refuse(this, [
      {
        when: missing.length > 0,
        say: `of the ProductionDatabase ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not known; pass ${missing.length === 1 ? 'it' : 'them'}, `
          + 'or leave this out and run: npx dbguard roles --print',
      },
      { when: agents.length === 0, say: 'agents is empty; name at least one agent' },
      ...unknownDatabases({ databases: production.databases, agents }).map((name) => ({
        when: true,
        say: `agents read the database '${name}', which is not among production's databases ${production.databases.join(', ')}; add it there, or leave it out`,
      })),
      {
        when: props.refuseAgentsOnPrimary === true && production.engineVersion.major < 17,
        say: `refuseAgentsOnPrimary needs PostgreSQL 17 or later, and production runs ${production.engineVersion.text}; leave it out`,
      },
      { when: props.deploymentId === '', say: 'deploymentId is empty; leave it out, or write what names this deployment' },
    ]);
    const secretArn = production.masterSecret!.secretFullArn ?? production.masterSecret!.secretArn;
    const securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc: production.vpc!,
      description: 'The function that sets up database roles: out to production and Secrets Manager, nothing in',
      allowAllOutbound: false,
    });
    const admitted = props.admission.bind(this, production, securityGroup);
    const secretsHost = (props.secretsAccess ?? SecretsAccess.ownEndpoint()).bind(this, { production, securityGroup, secretArn });
    const provisioner = new HandlerFunction(this, 'Provisioner', {
      handler: 'role-provisioner',
      description: 'Sets up the database roles of agents on production, with the master secret',
      statements: secretStatements(production, secretArn),
      timeout: Duration.seconds(PROVISIONING_SECONDS),
      encryptionKey: statementLog.encryptionKey,
      alarmTopic: statementLog.alarmTopic,
      network: { vpc: production.vpc!, subnets: production.subnets!, securityGroups: [securityGroup, ...admitted] },
    });
    const caller = new HandlerFunction(this, 'Function', {
      handler: 'database-roles',
      description: 'Has the database roles of agents set up on every deployment',
      statements: [
        new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [provisioner.function.functionArn] }),
        new PolicyStatement({ actions: ['cloudformation:DescribeStacks'], resources: [Stack.of(this).stackId] }),
      ],
      timeout: Duration.seconds(WAITING_SECONDS),
      encryptionKey: statementLog.encryptionKey,
      alarmTopic: statementLog.alarmTopic,
    });
    const databases = wantedDatabases({
      databases: production.databases,
      agents,
      deployment: Stack.of(this).stackName,
      closePublic: props.closePublic,
      refuseAgentsOnPrimary: props.refuseAgentsOnPrimary,
    });
    const properties: DatabaseRolesProperties = {
      Provisioner: provisioner.function.functionArn,
      Host: production.endpoint,
      Port: String(production.port),
      Databases: JSON.stringify(databases),
      SecretArn: secretArn,
      SecretsHost: secretsHost,
      DeploymentId: props.deploymentId ?? new Date().toISOString(),
    };
    this.resource = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::DatabaseRoles',
      serviceToken: caller.function.functionArn,
      serviceTimeout: Duration.seconds(2 * WAITING_SECONDS),
      properties,
    });
    // Until the roles are retired, the way to the database has to stay.
    this.resource.node.addDependency(...this.node.children.filter((child) => child !== this.resource));
    this.findings = this.resource.getAttString('Findings');
    this.declareGuarantee(props, provisioner);
  }

  private declareGuarantee({ production, agents, admission }: DatabaseRolesProps, provisioner: HandlerFunction): void {
    const stack = Stack.of(this);
    const named = Token.isUnresolved(production.identifier) ? 'the production database' : `the production database ${production.identifier}`;
    declare(this, {
      guarantee: 'agent-role-cannot-write',
      inForce: true,
      detail: `every deployment sets up ${agents.map(({ name }) => readRoleName(name)).join(', ')} on ${named}, in ${production.databases.join(', ')}; `
        + `the function that does it ${admission.inWords}`,
      resources: {
        roles: stack.getLogicalId(this.resource.node.defaultChild as CfnElement),
        function: stack.getLogicalId(provisioner.function.node.defaultChild as CfnElement),
      },
    });
  }
}

/** Seconds for the work in the database. Ten thousand tables need one; the rest is for locks that somebody else holds. */
const PROVISIONING_SECONDS = 60;

/** Seconds for everything: a function in a network that nobody called for weeks needs up to two minutes to wake up. */
const WAITING_SECONDS = 240;

/** Reads one secret, and decrypts that secret only, by way of Secrets Manager only. AWS's own key for secrets needs no permission. */
function secretStatements(production: ProductionDatabase, secretArn: string): PolicyStatement[] {
  const key = production.masterSecret!.encryptionKey;
  return [
    new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secretArn] }),
    ...(key ? [new PolicyStatement({
      actions: ['kms:Decrypt'],
      resources: [key.keyArn],
      conditions: {
        StringEquals: {
          'kms:ViaService': `secretsmanager.${Aws.REGION}.${Aws.URL_SUFFIX}`,
          'kms:EncryptionContext:SecretARN': secretArn,
        },
      },
    })] : []),
  ];
}
