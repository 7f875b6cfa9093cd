import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { InstanceType, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { DatabaseInstance, DatabaseInstanceEngine, MysqlEngineVersion, PostgresEngineVersion } from 'aws-cdk-lib/aws-rds';
import { ProductionDatabase, type ProductionInstanceAttributes } from '../../lib/constructs/production-database';
import { StatementLog } from '../../lib/constructs/statement-log';

const attributes: ProductionInstanceAttributes = {
  instanceIdentifier: 'orders',
  resourceId: 'db-ABCDEFGHIJKLMNOPQRSTUVWXY2',
  endpoint: 'orders.abc123.eu-central-1.rds.amazonaws.com',
  engineVersion: '16.10',
  instanceClass: 'db.m7g.large',
  databases: ['orders'],
};

function stackIn(): Stack {
  return new Stack(new App(), 'Shop', { env: { account: '111122223333', region: 'eu-central-1' } });
}

describe('an existing instance by attributes', () => {
  test('describing it creates nothing', () => {
    const stack = stackIn();
    ProductionDatabase.fromInstance(stack, 'Production', attributes);
    expect(Template.fromStack(stack).toJSON().Resources).toBeUndefined();
  });

  test('a replica names it by ARN, a restore by its resource id', () => {
    const stack = stackIn();
    const production = ProductionDatabase.fromInstance(stack, 'Production', attributes);
    expect(stack.resolve(production.replicationSource())).toEqual({
      sourceDbInstanceIdentifier: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':rds:eu-central-1:111122223333:db:orders']] },
    });
    expect(production.restoreSource()).toEqual({ sourceDbiResourceId: attributes.resourceId, useLatestRestorableTime: true });
  });

  test('it listens on 5432 unless told otherwise, and its network is unknown until it is given', () => {
    const production = ProductionDatabase.fromInstance(stackIn(), 'Production', attributes);
    expect(production).toMatchObject({ port: 5432, vpcCidrs: [], origin: 'existing', kind: 'instance' });
  });

  test("the network's CIDR block is taken from an imported VPC that knows it", () => {
    const stack = stackIn();
    const known = { vpcId: 'vpc-1', availabilityZones: ['a', 'b'] };
    const vpc = Vpc.fromVpcAttributes(stack, 'Known', { ...known, vpcCidrBlock: '10.0.0.0/16' });
    expect(ProductionDatabase.fromInstance(stack, 'One', { ...attributes, vpc }).vpcCidrs).toEqual(['10.0.0.0/16']);
    const silent = Vpc.fromVpcAttributes(stack, 'Silent', known);
    expect(ProductionDatabase.fromInstance(stack, 'Two', { ...attributes, vpc: silent }).vpcCidrs).toEqual([]);
  });

  test('later changes to the given list do not reach it', () => {
    const databases = ['orders'];
    const production = ProductionDatabase.fromInstance(stackIn(), 'Production', { ...attributes, databases });
    databases.push('payroll');
    expect(production.databases).toEqual(['orders']);
  });

  test('fails when several things are wrong, naming all of them', () => {
    expect(() =>
      ProductionDatabase.fromInstance(stackIn(), 'Production', {
        ...attributes,
        resourceId: 'arn:aws:rds:eu-central-1:111122223333:db:orders',
        engineVersion: '12.9',
        databases: [],
        port: 6432,
      }),
    ).toThrow(
      new Error(
        [
          "Shop/Production: resourceId is 'arn:aws:rds:eu-central-1:111122223333:db:orders'; write the DbiResourceId, which looks like db-ABCDEFGHIJKLMNOPQRSTUVWXY2 and is neither the ARN nor the identifier",
          'Shop/Production: databases is empty; name at least one database that agents may read',
          "Shop/Production: port is 6432, which is the port of the agents' databases; production must listen on another one, so that no rule for agents can ever open it",
          'Shop/Production: engineVersion: PostgreSQL 12.9 is not supported; supported majors are 15, 16, 17, 18',
        ].join('\n'),
      ),
    );
  });

  test('fails when the identifier is not as RDS keeps it: its log groups and backups would be those of nobody', () => {
    expect(() => ProductionDatabase.fromInstance(stackIn(), 'Production', { ...attributes, instanceIdentifier: 'Orders' })).toThrow(
      new Error("Shop/Production: the instance identifier is 'Orders'; write it as RDS keeps it: at most 63 lower-case letters, digits and single hyphens"),
    );
  });

  test('fails when it is one of the copies', () => {
    expect(() => ProductionDatabase.fromInstance(stackIn(), 'Production', { ...attributes, instanceIdentifier: 'agentstage-orders' })).toThrow(
      new Error("Shop/Production: the instance identifier is 'agentstage-orders', and agentstage- begins the names of the kit's own copies, which it may delete; describe production"),
    );
  });

  test.each([
    ['orders.cluster-abc123.eu-central-1.rds.amazonaws.com', 'the address of an RDS for PostgreSQL instance; this is the one of an Aurora cluster, which is not supported yet, nor are its instances'],
    ['orders.proxy-abc123.eu-central-1.rds.amazonaws.com', 'the address of the instance itself; this is the one of an RDS Proxy in front of it'],
  ])('fails when the endpoint is %s', (endpoint, write) => {
    expect(() => ProductionDatabase.fromInstance(stackIn(), 'Production', { ...attributes, endpoint })).toThrow(new Error(`Shop/Production: endpoint is '${endpoint}'; write ${write}`));
  });

  test('fails when the engine version has no minor: such a one was not copied from a database', () => {
    expect(() => ProductionDatabase.fromInstance(stackIn(), 'Production', { ...attributes, engineVersion: '16' })).toThrow(
      new Error("Shop/Production: engineVersion is '16'; write the version that RDS reports, with its minor, such as '16.10'"),
    );
  });

  test('fails when the engine version is not a version', () => {
    expect(() => ProductionDatabase.fromInstance(stackIn(), 'Production', { ...attributes, engineVersion: 'latest' })).toThrow(
      new Error("Shop/Production: engineVersion is 'latest'; write the version that RDS reports, with its minor, such as '16.10'"),
    );
  });
});

describe('an instance of the same app', () => {
  const vpcOf = (stack: Stack) =>
    new Vpc(stack, 'Vpc', { natGateways: 0, subnetConfiguration: [{ name: 'Db', subnetType: SubnetType.PRIVATE_ISOLATED }] });

  test('version, class, network and security group come from it, and permissions will name its resource id', () => {
    const stack = stackIn();
    const instance = new DatabaseInstance(stack, 'Orders', {
      engine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_17_6 }),
      instanceType: new InstanceType('t4g.micro'),
      vpc: vpcOf(stack),
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
    });
    const production = ProductionDatabase.fromDatabaseInstance(stack, 'Production', { instance, databases: ['orders'] });
    expect(production.engineVersion).toEqual({ major: 17, minor: 6, text: '17.6' });
    expect(production.securityGroup).toBe(instance.connections.securityGroups[0]);
    expect(production.vpcCidrs).toEqual(['10.0.0.0/16']);
    // Not the token that the L2 writes: whether a replica is smaller is compared at synthesis.
    expect(production.instanceClass).toBe('db.t4g.micro');
    expect(stack.resolve(production.resourceId)).toEqual({ 'Fn::GetAtt': [stack.getLogicalId(instance.node.defaultChild as never), 'DbiResourceId'] });
  });

  test('fails when it is not PostgreSQL', () => {
    const stack = stackIn();
    const instance = new DatabaseInstance(stack, 'Orders', {
      engine: DatabaseInstanceEngine.mysql({ version: MysqlEngineVersion.VER_8_0 }),
      vpc: vpcOf(stack),
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
    });
    expect(() => ProductionDatabase.fromDatabaseInstance(stack, 'Production', { instance, databases: ['orders'] })).toThrow(
      new Error("Shop/Production: the engine of the instance is 'mysql'; only RDS for PostgreSQL is supported"),
    );
  });
});

describe('a database created for evaluation', () => {
  function created(props = {}) {
    const stack = stackIn();
    const production = ProductionDatabase.create(stack, 'Production', { statementLog: new StatementLog(stack, 'StatementLog'), ...props });
    return { stack, production, template: Template.fromStack(stack) };
  }

  test('it can be recovered, is encrypted, private and protected from deletion', () => {
    created().template.hasResourceProperties('AWS::RDS::DBInstance', {
      BackupRetentionPeriod: 7,
      DeleteAutomatedBackups: false,
      CopyTagsToSnapshot: true,
      DeletionProtection: true,
      StorageEncrypted: true,
      PubliclyAccessible: false,
      EnableIAMDatabaseAuthentication: true,
    });
  });

  test('it stays when the stack is destroyed, and so does its key', () => {
    const { template } = created();
    template.hasResource('AWS::RDS::DBInstance', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    template.allResources('AWS::KMS::Key', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  test('its password is made and kept by RDS and appears nowhere in the template', () => {
    const { template } = created();
    template.hasResourceProperties('AWS::RDS::DBInstance', { ManageMasterUserPassword: true, MasterUserPassword: Match.absent() });
    template.resourceCountIs('AWS::SecretsManager::Secret', 0);
  });

  test('nothing may connect to it and it may connect to nothing', () => {
    const { template, stack, production } = created();
    const groups = Object.entries(template.findResources('AWS::EC2::SecurityGroup')) as [string, any][];
    const [, own] = groups.find(([id]) => id === stack.resolve(production.securityGroup!.securityGroupId)['Fn::GetAtt'][0])!;
    expect(own.Properties.SecurityGroupIngress).toBeUndefined();
    expect(own.Properties.SecurityGroupEgress).toEqual([expect.objectContaining({ CidrIp: '255.255.255.255/32' })]);
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
  });

  test('its log groups exist before it does', () => {
    const { template } = created();
    const [instance] = Object.values(template.findResources('AWS::RDS::DBInstance')) as any[];
    const [group] = Object.keys(template.findResources('AWS::Logs::LogGroup', { Properties: { LogGroupName: '/aws/rds/instance/evaluation/postgresql' } }));
    expect(instance.DependsOn).toContain(group);
  });

  test('fails when its backups would reach back less than a week', () => {
    expect(() => created({ backupRetentionDays: 3 })).toThrow(new Error('Shop/Production/Evaluation: backupRetentionDays is 3; write 7 to 35'));
  });

  test('fails when the engine version leaves the minor open', () => {
    expect(() => created({ engineVersion: '17' })).toThrow(
      new Error("Shop/Production/Evaluation: engineVersion is '17'; write a full version that RDS offers, such as '17.9'"),
    );
  });
});
