import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { BackupPlan, BackupPlanRule, BackupResource, BackupVault } from 'aws-cdk-lib/aws-backup';
import { InstanceClass, InstanceSize, InstanceType, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement, Role, ServicePrincipal, WebIdentityPrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Credentials, DatabaseInstance, DatabaseInstanceEngine, DatabaseInstanceReadReplica, PostgresEngineVersion } from 'aws-cdk-lib/aws-rds';
import { Pass, StateMachine, DefinitionBody } from 'aws-cdk-lib/aws-stepfunctions';

/** An application of about 30 KB that knows nothing of this kit: a database with replica and backups, functions, and an agent's role. */
export function application(outdir: string): App {
  const app = new App({ outdir, analyticsReporting: false });
  const stack = new Stack(app, 'Shop', { env: { account: '111122223333', region: 'eu-west-1' } });
  const vpc = new Vpc(stack, 'Vpc', {
    availabilityZones: ['eu-west-1a', 'eu-west-1b'], natGateways: 0, subnetConfiguration: [{ name: 'Data', subnetType: SubnetType.PRIVATE_ISOLATED }],
  });
  const vpcSubnets = { subnetType: SubnetType.PRIVATE_ISOLATED };
  const key = new Key(stack, 'Key', { enableKeyRotation: true, removalPolicy: RemovalPolicy.RETAIN });
  const engine = DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_16 });
  const instanceType = InstanceType.of(InstanceClass.T4G, InstanceSize.MEDIUM);
  const production = new DatabaseInstance(stack, 'Production', {
    engine, vpc, vpcSubnets, instanceType, storageEncryptionKey: key, deletionProtection: true, multiAz: true, backupRetention: Duration.days(14),
    credentials: Credentials.fromGeneratedSecret('postgres'), iamAuthentication: true, removalPolicy: RemovalPolicy.RETAIN,
  });
  const replica = new DatabaseInstanceReadReplica(stack, 'Replica', { sourceDatabaseInstance: production, vpc, vpcSubnets, instanceType, iamAuthentication: true });
  const vault = new BackupVault(stack, 'Vault', { encryptionKey: key, lockConfiguration: { minRetention: Duration.days(30) } });
  const plan = new BackupPlan(stack, 'Plan', { backupVault: vault, backupPlanRules: [BackupPlanRule.daily()] });
  plan.addSelection('Selection', { resources: [BackupResource.fromRdsDatabaseInstance(production)] });
  for (const name of ['Orders', 'Invoices', 'Stock', 'Mail', 'Reports', 'Search']) {
    const logGroup = new LogGroup(stack, `${name}Log`, { retention: 90 });
    const worker = new Function(stack, name, {
      runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('exports.handler = async () => 1;'), vpc, vpcSubnets, logGroup,
      environment: { DATABASE: production.instanceEndpoint.hostname },
    });
    production.connections.allowDefaultPortFrom(worker);
    production.secret!.grantRead(worker);
  }
  const agent = new Role(stack, 'AgentRole', { assumedBy: new WebIdentityPrincipal('arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com') });
  agent.addToPolicy(new PolicyStatement({ actions: ['rds-db:connect'], resources: [`arn:aws:rds-db:eu-west-1:111122223333:dbuser:${replica.instanceResourceId ?? '*'}/agent`] }));
  new Role(stack, 'DeployRole', { assumedBy: new ServicePrincipal('codebuild.amazonaws.com') })
    .addToPolicy(new PolicyStatement({ actions: ['rds:ModifyDBInstance', 'lambda:UpdateFunctionCode'], resources: ['*'] }));
  new StateMachine(stack, 'Machine', { definitionBody: DefinitionBody.fromChainable(new Pass(stack, 'Nothing')) });
  return app;
}
