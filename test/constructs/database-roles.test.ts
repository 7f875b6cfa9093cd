import { App, Stack, type CfnElement } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { AgentDatabaseGuardrails, type DatabaseRolesChoice } from '../../lib/constructs/agent-database-guardrails';
import { AgentTrust } from '../../lib/constructs/agent-trust';
import { ApproverTrust } from '../../lib/constructs/approver-trust';
import { DatabaseRoles, type DatabaseRolesProps } from '../../lib/constructs/database-roles';
import { ProductionAdmission } from '../../lib/constructs/production-admission';
import { ProductionDatabase, type ProductionInstanceAttributes } from '../../lib/constructs/production-database';
import { SecretsAccess } from '../../lib/constructs/secrets-access';
import { StatementLog } from '../../lib/constructs/statement-log';
import { METADATA_KEY, type Declaration } from '../../lib/core/guarantees';
import { readOrder } from '../../lib/core/role-provisioning';
import { ORDERS } from './fixture';

const SECRET = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!db-5f0c7c3e-AbCdEf';
const SECRET_KEY = 'arn:aws:kms:eu-central-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef';

const SECRETS_MANAGER = { 'Fn::Join': ['', ['secretsmanager.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }]] };

/** Everything that is known of a database which its owner lets a function in to. */
function known(stack: Stack, key?: string): Partial<ProductionInstanceAttributes> {
  return {
    vpc: Vpc.fromVpcAttributes(stack, 'ProductionVpc', { vpcId: 'vpc-1', vpcCidrBlock: '10.0.0.0/16', availabilityZones: ['eu-central-1a', 'eu-central-1b'] }),
    subnets: {
      subnets: ['a', 'b'].map((zone) => Subnet.fromSubnetAttributes(stack, `subnet-${zone}`, { subnetId: `subnet-${zone}`, availabilityZone: `eu-central-1${zone}` })),
    },
    securityGroup: SecurityGroup.fromSecurityGroupId(stack, 'ProductionSecurityGroup', 'sg-production', { mutable: false }),
    masterSecret: Secret.fromSecretAttributes(stack, 'ProductionSecret', { secretCompleteArn: SECRET, encryptionKey: key ? Key.fromKeyArn(stack, 'SecretKey', key) : undefined }),
  };
}

function rolesIn(props: Partial<DatabaseRolesProps> | ((stack: Stack) => Partial<DatabaseRolesProps>) = {}, described: (stack: Stack) => Partial<ProductionInstanceAttributes> = known) {
  const stack = new Stack(new App(), 'Shop', { env: { account: '111122223333', region: 'eu-central-1' } });
  const statementLog = new StatementLog(stack, 'StatementLog');
  const production = ProductionDatabase.fromInstance(stack, 'Production', { ...ORDERS, ...described(stack) });
  const roles = new DatabaseRoles(stack, 'Roles', {
    production, statementLog, agents: [{ name: 'coding' }], admission: ProductionAdmission.inboundRule(), deploymentId: 'commit-1',
    ...(typeof props === 'function' ? props(stack) : props),
  });
  return { stack, roles, template: Template.fromStack(stack) };
}

const only = (template: Template, type: string, props?: object): any => {
  const found = Object.values(template.findResources(type, props && { Properties: props }));
  expect(found).toHaveLength(1);
  return found[0]!.Properties;
};
const provisionerOf = (template: Template): any => only(template, 'AWS::Lambda::Function', { VpcConfig: Match.anyValue() });
const statementsOf = (template: Template, description: string): any[] => only(template, 'AWS::IAM::ManagedPolicy', { Description: description }).PolicyDocument.Statement;
const PROVISIONER = 'Sets up the database roles of agents on production, with the master secret';

describe('every deployment', () => {
  test('has the roles set up, by properties that the function understands', () => {
    const { template } = rolesIn({ agents: [{ name: 'coding' }, { name: 'on-call', read: [{ database: 'orders', schemas: [{ schema: 'sales' }] }] }] });
    const properties = only(template, 'Custom::DatabaseRoles');
    expect(properties).toMatchObject({ Host: ORDERS.endpoint, Port: '5432', SecretArn: SECRET, DeploymentId: 'commit-1', ServiceTimeout: '480' });
    const read = readOrder({ RequestType: 'Create', ResourceProperties: { ...properties, Provisioner: 'arn', SecretsHost: 'host' } });
    expect(read).toEqual({
      provisioner: 'arn',
      order: {
        do: 'apply', host: ORDERS.endpoint, port: 5432, secretArn: SECRET, secretsHost: 'host',
        databases: [{
          database: 'orders',
          wanted: {
            deployment: 'Shop',
            agents: [{ name: 'coding', read: { schemas: [{ schema: 'public' }] } }, { name: 'on-call', read: { schemas: [{ schema: 'sales' }] } }],
          },
        }],
      },
    });
  });

  test('differs from the last one, so that tables that are new are covered', () => {
    jest.useFakeTimers({ now: new Date('2026-11-20T12:00:00Z') });
    try {
      expect(only(rolesIn({ deploymentId: undefined }).template, 'Custom::DatabaseRoles').DeploymentId).toBe('2026-11-20T12:00:00.000Z');
    } finally {
      jest.useRealTimers();
    }
  });

  test('waits for everything that the functions need, and is undone before any of it goes', () => {
    const { stack, roles, template } = rolesIn();
    const resource = template.toJSON().Resources[stack.getLogicalId(roles.resource.node.defaultChild as CfnElement)];
    const needed = ['AWS::EC2::SecurityGroupEgress', 'AWS::EC2::SecurityGroupIngress', 'AWS::EC2::VPCEndpoint', 'AWS::IAM::ManagedPolicy', 'AWS::Lambda::Function']
      .flatMap((type) => Object.keys(template.findResources(type))).filter((id) => id.startsWith('Roles'));
    expect(needed.length).toBeGreaterThanOrEqual(9);
    expect(resource.DependsOn).toEqual(expect.arrayContaining(needed));
  });

  test('has its findings to show', () => {
    const { stack, roles } = rolesIn();
    expect(stack.resolve(roles.findings)).toEqual({ 'Fn::GetAtt': [stack.getLogicalId(roles.resource.node.defaultChild as CfnElement), 'Findings'] });
  });
});

describe('the master secret', () => {
  test('is in no property, environment variable or output: only its ARN is', () => {
    const { template } = rolesIn();
    const text = JSON.stringify(template.toJSON());
    expect(text).not.toMatch(/resolve:secretsmanager|SecretString|MasterUserPassword/);
    for (const { Properties } of Object.values(template.findResources('AWS::Lambda::Function'))) expect(Properties.Environment).toBeUndefined();
  });

  test('may be read by the function in production\'s network, that one secret, and by no other', () => {
    const { template } = rolesIn();
    const readers = Object.values(template.findResources('AWS::IAM::ManagedPolicy')).filter((policy) => JSON.stringify(policy).includes('secretsmanager:'));
    expect(readers.map(({ Properties }) => Properties.Description)).toEqual([PROVISIONER]);
    expect(statementsOf(template, PROVISIONER)).toContainEqual({ Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: SECRET });
  });

  test('is decrypted by way of Secrets Manager only, and no other secret with the same key', () => {
    const { template } = rolesIn({}, (stack) => known(stack, SECRET_KEY));
    expect(statementsOf(template, PROVISIONER)).toContainEqual({
      Effect: 'Allow', Action: 'kms:Decrypt', Resource: SECRET_KEY,
      Condition: {
        StringEquals: {
          'kms:ViaService': SECRETS_MANAGER,
          'kms:EncryptionContext:SecretARN': SECRET,
        },
      },
    });
  });

  test("needs no permission for AWS's own key", () => {
    const { template } = rolesIn();
    expect(statementsOf(template, PROVISIONER).filter(({ Condition }) => JSON.stringify(Condition ?? {}).includes('kms:'))).toEqual([]);
  });
});

describe("the function in production's network", () => {
  test('stands in production\'s subnets and can reach production\'s port and Secrets Manager, nothing else', () => {
    const { stack, template } = rolesIn();
    const own = { 'Fn::GetAtt': [stack.getLogicalId(stack.node.findChild('Roles').node.findChild('SecurityGroup').node.defaultChild as CfnElement), 'GroupId'] };
    expect(provisionerOf(template).VpcConfig).toEqual({ SecurityGroupIds: [own], SubnetIds: ['subnet-a', 'subnet-b'] });
    const out = Object.values(template.findResources('AWS::EC2::SecurityGroupEgress')).map(({ Properties }) => Properties).filter(({ GroupId }) => JSON.stringify(GroupId) === JSON.stringify(own));
    expect(out.map(({ FromPort, ToPort, DestinationSecurityGroupId }) => [FromPort, ToPort, DestinationSecurityGroupId])).toEqual([
      [5432, 5432, 'sg-production'],
      [443, 443, { 'Fn::GetAtt': [expect.stringMatching(/^RolesSecretsEndpointSecurityGroup/), 'GroupId'] }],
    ]);
    const inward = Object.values(template.findResources('AWS::EC2::SecurityGroupIngress')).filter(({ Properties }) => JSON.stringify(Properties.GroupId) === JSON.stringify(own));
    expect(inward).toEqual([]);
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'The function that sets up database roles: out to production and Secrets Manager, nothing in',
      SecurityGroupEgress: [Match.objectLike({ CidrIp: '255.255.255.255/32' })], SecurityGroupIngress: Match.absent(),
    });
  });

  test('gets its network interfaces from Lambda, and its own code may not touch any', () => {
    const { template } = rolesIn();
    const denied = statementsOf(template, PROVISIONER).filter(({ Effect }) => Effect === 'Deny');
    expect(denied).toEqual([{
      Effect: 'Deny', Resource: '*', Condition: { Null: { 'lambda:SourceFunctionArn': 'false' } },
      Action: ['ec2:AssignPrivateIpAddresses', 'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ec2:UnassignPrivateIpAddresses'],
    }]);
    const allowed = statementsOf(template, PROVISIONER).filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action).filter((action: string) => action.startsWith('ec2:'));
    expect(allowed.sort()).toEqual(denied[0].Action);
  });

  test('has the time that its work needs, and the one that CloudFormation calls has time to wake it up', () => {
    const { template } = rolesIn();
    expect(provisionerOf(template).Timeout).toBe(60);
    expect(only(template, 'AWS::Lambda::Function', { VpcConfig: Match.absent(), Description: Match.stringLikeRegexp('^Has the') }).Timeout).toBe(240);
  });
});

describe('the function that CloudFormation calls', () => {
  test('may have the other one run and read the status of its own stack, and holds no secret', () => {
    const { stack, template } = rolesIn();
    const provisioner = Object.keys(template.findResources('AWS::Lambda::Function', { Properties: { VpcConfig: Match.anyValue() } }))[0]!;
    const statements = statementsOf(template, 'Has the database roles of agents set up on every deployment');
    expect(statements.slice(-2)).toEqual([
      { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: { 'Fn::GetAtt': [provisioner, 'Arn'] } },
      { Effect: 'Allow', Action: 'cloudformation:DescribeStacks', Resource: { Ref: 'AWS::StackId' } },
    ]);
    expect(JSON.stringify(statements)).not.toMatch(/secretsmanager|ec2:/);
    expect(stack.stackName).toBe('Shop');
  });
});

describe('the way to Secrets Manager', () => {
  test('is an endpoint that lets the reading of one secret pass, for one function, and that nobody else notices', () => {
    const { template } = rolesIn();
    expect(only(template, 'AWS::EC2::VPCEndpoint')).toMatchObject({
      ServiceName: 'com.amazonaws.eu-central-1.secretsmanager', VpcId: 'vpc-1', SubnetIds: ['subnet-a'], PrivateDnsEnabled: false,
      PolicyDocument: {
        Statement: [{
          Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: SECRET, Principal: { AWS: '*' },
          Condition: { StringEquals: { 'aws:PrincipalAccount': { Ref: 'AWS::AccountId' } } },
        }],
      },
    });
    const [id] = Object.keys(template.findResources('AWS::EC2::VPCEndpoint'));
    expect(only(template, 'Custom::DatabaseRoles').SecretsHost).toEqual(
      { 'Fn::Select': [1, { 'Fn::Split': [':', { 'Fn::Select': [0, { 'Fn::GetAtt': [id, 'DnsEntries'] }] }] }] },
    );
  });

  test("may be an endpoint that is there already, of which nothing is changed", () => {
    const { template } = rolesIn((stack) => ({ secretsAccess: SecretsAccess.endpoint(SecurityGroup.fromSecurityGroupId(stack, 'Existing', 'sg-endpoint')) }));
    template.resourceCountIs('AWS::EC2::VPCEndpoint', 0);
    template.hasResourceProperties('AWS::EC2::SecurityGroupEgress', { DestinationSecurityGroupId: 'sg-endpoint', FromPort: 443, ToPort: 443 });
    expect(Object.values(template.findResources('AWS::EC2::SecurityGroupIngress')).map(({ Properties }) => Properties.GroupId)).toEqual(['sg-production']);
    expect(only(template, 'Custom::DatabaseRoles').SecretsHost).toEqual(SECRETS_MANAGER);
  });
});

describe('the way in to production', () => {
  test('is one rule, from the function alone to one port', () => {
    const { template } = rolesIn();
    const rules = Object.values(template.findResources('AWS::EC2::SecurityGroupIngress')).map(({ Properties }) => Properties).filter(({ GroupId }) => GroupId === 'sg-production');
    expect(rules).toEqual([{
      GroupId: 'sg-production', IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, Description: 'the function that sets up the database roles of agents',
      SourceSecurityGroupId: { 'Fn::GetAtt': [expect.stringMatching(/^RolesSecurityGroup/), 'GroupId'] },
    }]);
  });

  test('may be a security group that production lets in already, and then nothing of production is changed', () => {
    const { template } = rolesIn((stack) => ({ admission: ProductionAdmission.securityGroup(SecurityGroup.fromSecurityGroupId(stack, 'Admitted', 'sg-admitted')) }));
    expect(provisionerOf(template).VpcConfig.SecurityGroupIds).toEqual([expect.anything(), 'sg-admitted']);
    expect(JSON.stringify(Object.values(template.findResources('AWS::EC2::SecurityGroupIngress')))).not.toContain('sg-production');
  });
});

test('the guarantee is stated with its roles and databases', () => {
  const { stack, roles, template } = rolesIn({ agents: [{ name: 'coding' }, { name: 'on-call' }] });
  const declarations = template.toJSON().Metadata[METADATA_KEY] as Declaration[];
  expect(declarations.filter(({ guarantee }) => guarantee === 'agent-role-cannot-write')).toEqual([{
    guarantee: 'agent-role-cannot-write', construct: 'DatabaseRoles', path: 'Shop/Roles', inForce: true,
    detail: 'every deployment sets up agent_coding_ro, agent_on_call_ro on the production database orders, in orders; the function that does it was let in by one rule of '
      + "production's security group",
    resources: {
      roles: stack.getLogicalId(roles.resource.node.defaultChild as CfnElement),
      function: Object.keys(template.findResources('AWS::Lambda::Function', { Properties: { VpcConfig: Match.anyValue() } }))[0],
    },
  }]);
});

describe('what is refused', () => {
  test('fails when too little is known of production, naming all of it', () => {
    expect(() => rolesIn({}, () => ({}))).toThrow(new Error(
      'Shop/Roles: of the ProductionDatabase vpc, subnets, securityGroup, masterSecret are not known; pass them, or leave this out and run: npx dbguard roles --print',
    ));
  });

  test.each<[string, Partial<DatabaseRolesProps>, string]>([
    ['there is no agent', { agents: [] }, 'Shop/Roles: agents is empty; name at least one agent'],
    ['the deployment has no name', { deploymentId: '' }, 'Shop/Roles: deploymentId is empty; leave it out, or write what names this deployment'],
    ['an agent reads another database', { agents: [{ name: 'coding', read: [{ database: 'crm', schemas: [] }] }] },
      "Shop/Roles: agents read the database 'crm', which is not among production's databases orders; add it there, or leave it out"],
    ['PostgreSQL is too old to refuse logins by itself', { refuseAgentsOnPrimary: true },
      'Shop/Roles: refuseAgentsOnPrimary needs PostgreSQL 17 or later, and production runs 16.10; leave it out'],
  ])('fails when %s', (_, props, message) => {
    expect(() => rolesIn(props)).toThrow(new Error(message));
  });

  test('fails when the zone of a subnet is not known, with what to write', () => {
    expect(() => rolesIn({}, (stack) => ({ ...known(stack), subnets: { subnets: [Subnet.fromSubnetId(stack, 'Unknown', 'subnet-x')] } }))).toThrow(new Error(
      "Shop/Roles: the Availability Zone of production's subnet subnet-x is not known; import it with Subnet.fromSubnetAttributes(…, { subnetId, availabilityZone })",
    ));
  });
});

describe('the guardrails', () => {
  function guardrails(databaseRoles: DatabaseRolesChoice | undefined, described: (stack: Stack, log: StatementLog) => ProductionDatabase) {
    const stack = new Stack(new App(), 'Shop', { env: { account: '111122223333', region: 'eu-central-1' } });
    const statementLog = new StatementLog(stack, 'StatementLog');
    const made = new AgentDatabaseGuardrails(stack, 'Guardrails', {
      production: described(stack, statementLog), agents: [{ name: 'coding', trust: AgentTrust.ecsTasks() }], statementLog, databaseRoles,
      approvers: [ApproverTrust.principalArn('arn:aws:iam::111122223333:role/dba')], check: { deploymentId: 'test' },
    });
    return { stack, made, template: Template.fromStack(stack) };
  }

  test('of a database that the kit creates let the function in by themselves, after the check', () => {
    const { stack, made, template } = guardrails(undefined, (scope, statementLog) => ProductionDatabase.create(scope, 'Production', { statementLog }));
    const resource = template.toJSON().Resources[stack.getLogicalId(made.databaseRoles!.resource.node.defaultChild as CfnElement)];
    expect(resource.DependsOn).toContain(stack.getLogicalId(made.check.resource.node.defaultChild as CfnElement));
    expect(only(template, 'AWS::EC2::VPCEndpoint', { PrivateDnsEnabled: false }).ServiceName).toBe('com.amazonaws.eu-central-1.secretsmanager');
    const key = statementsOf(template, PROVISIONER).find(({ Condition }) => Condition?.StringEquals?.['kms:ViaService']);
    expect(key).toMatchObject({ Action: 'kms:Decrypt', Resource: { 'Fn::GetAtt': [expect.stringMatching(/^ProductionEvaluationKey/), 'Arn'] } });
  });

  test('of a database that exists make no function unless it is let in, and say who does the work instead', () => {
    const { made, template } = guardrails(undefined, (scope) => ProductionDatabase.fromInstance(scope, 'Production', { ...ORDERS, ...known(scope) }));
    expect(made.databaseRoles).toBeUndefined();
    template.resourceCountIs('Custom::DatabaseRoles', 0);
    expect(JSON.stringify(template.toJSON().Resources)).not.toContain('secretsmanager:GetSecretValue');
    const declarations = template.toJSON().Metadata[METADATA_KEY] as Declaration[];
    expect(declarations.filter(({ guarantee }) => guarantee === 'agent-role-cannot-write')).toEqual([{
      guarantee: 'agent-role-cannot-write', construct: 'DatabaseRoles', path: 'Shop/Guardrails', inForce: false, resources: {},
      detail: 'no function of this stack is let in to production, so a person sets up the database roles of agents on the primary, once and again when tables are new: '
        + 'npx dbguard roles --print',
    }]);
  });

  test('of a database that exists set up the roles when it lets the function in', () => {
    const { made } = guardrails({ admission: ProductionAdmission.inboundRule() }, (scope) => ProductionDatabase.fromInstance(scope, 'Production', { ...ORDERS, ...known(scope) }));
    expect(made.databaseRoles).toBeDefined();
  });
});
