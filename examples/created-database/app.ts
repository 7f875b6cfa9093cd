/**
 * A stack that creates its production database and imports the constructs it wants, one by one.
 *
 *     npx cdk synth --app 'node --import tsx examples/created-database/app.ts'
 */
import { App, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { InstanceType, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Credentials, DatabaseInstance, DatabaseInstanceEngine, DatabaseSecret, PostgresEngineVersion } from 'aws-cdk-lib/aws-rds';
import {
  AgentAccess,
  AgentNetwork,
  AgentReplica,
  AgentTrust,
  ProductionCheck,
  ProductionDatabase,
  ProtectedBackups,
  StatementLog,
} from 'cdk-agent-db-guardrails';
import type { Construct } from 'constructs';

class ShopStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const vpc = new Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'Databases', subnetType: SubnetType.PRIVATE_ISOLATED }],
      createInternetGateway: false,
    });
    // The password of a database that stays has to stay too.
    const secret = new DatabaseSecret(this, 'OrdersSecret', { username: 'shop' });
    secret.applyRemovalPolicy(RemovalPolicy.RETAIN);
    const orders = new DatabaseInstance(this, 'Orders', {
      engine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_17_6 }),
      instanceType: new InstanceType('t4g.medium'),
      vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      credentials: Credentials.fromSecret(secret),
      databaseName: 'orders',
      backupRetention: Duration.days(14),
      deleteAutomatedBackups: false,
      deletionProtection: true,
      storageEncrypted: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });

    const production = ProductionDatabase.fromDatabaseInstance(this, 'Production', { instance: orders, databases: ['orders'] });
    const statementLog = new StatementLog(this, 'StatementLog');
    const network = new AgentNetwork(this, 'AgentNetwork', { production, statementLog, cidr: '10.213.0.0/20', runtimes: ['ecs'] });
    const replica = new AgentReplica(this, 'AgentReplica', { production, network, statementLog, instanceClass: 'db.t4g.medium' });
    new AgentAccess(this, 'CodingAgent', { agent: 'coding', trust: AgentTrust.ecsTasks(), replica });
    const backups = new ProtectedBackups(this, 'Backups', { production, statementLog, retentionDays: 90 });

    // Checked first: a deployment that production fails stops before anything is made that costs or stays.
    const check = new ProductionCheck(this, 'Check', { production, statementLog, ownReplicas: replica.identifiers });
    for (const made of [network, replica, backups]) made.node.addDependency(check.resource);
  }
}

new ShopStack(new App(), 'Shop');
