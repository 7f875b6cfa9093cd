import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { AccessHost, type AccessTarget } from '../../lib/constructs/access-host';
import { AgentNetwork } from '../../lib/constructs/agent-network';
import { ProductionDatabase } from '../../lib/constructs/production-database';
import { METADATA_KEY, type Declaration } from '../../lib/core/guarantees';

const REPLICA = 'agentread-orders.abc123.eu-central-1.rds.amazonaws.com';
const STAGING = 'agentstage-orders.abc123.eu-central-1.rds.amazonaws.com';

function given() {
  const stack = new Stack(new App(), 'Test');
  const production = ProductionDatabase.fromInstance(stack, 'Production', {
    instanceIdentifier: 'orders',
    resourceId: 'db-ABCDEFGHIJKLMNOPQRSTUVWXY2',
    endpoint: 'orders.abc123.eu-central-1.rds.amazonaws.com',
    engineVersion: '16.10',
    instanceClass: 'db.m7g.large',
    databases: ['orders'],
  });
  const statementLog = { encryptionKey: new Key(stack, 'Key') };
  const network = new AgentNetwork(stack, 'Network', { production, statementLog });
  const target = (id: string, endpoint: string): AccessTarget => ({
    identifier: id.toLowerCase(),
    endpoint,
    port: 6432,
    securityGroup: network.databaseSecurityGroup(stack, id, id),
  });
  return { stack, production, network, statementLog, replica: target('Replica', REPLICA), staging: target('Staging', STAGING) };
}

function host(withStaging = false) {
  const { stack, network, statementLog, replica, staging } = given();
  const accessHost = new AccessHost(stack, 'Host', { network, statementLog, replica, staging: withStaging ? staging : undefined });
  const template = Template.fromStack(stack);
  const [instance] = Object.values(template.findResources('AWS::EC2::Instance'));
  const [group] = instance!.Properties.SecurityGroupIds;
  return { stack, network, statementLog, replica, staging, accessHost, template, instance: instance!, group };
}

const account = { Ref: 'AWS::AccountId' };
const managed = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ec2:', { Ref: 'AWS::Region' }, ':', account, ':instance/*']] };

describe('the host', () => {
  test('nobody can connect to it', () => {
    const { template, group } = host(true);
    expect(template.findResources('AWS::EC2::SecurityGroupIngress', { Properties: { GroupId: group } })).toEqual({});
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'The access host: out to the replica and Systems Manager, nothing in',
      SecurityGroupIngress: Match.absent(),
    });
  });

  test('it reaches the replica on its port and Systems Manager, and nothing else: not the staging clone', () => {
    const { stack, template, group, replica, staging } = host(true);
    const out = Object.values(template.findResources('AWS::EC2::SecurityGroupEgress', { Properties: { GroupId: group } })).map((rule) => rule.Properties);
    expect(out.map((rule) => rule.FromPort).sort()).toEqual([443, 443, 6432]);
    expect(out.find((rule) => rule.FromPort === 6432)!.DestinationSecurityGroupId).toEqual(stack.resolve(replica.securityGroup.securityGroupId));
    const inward = template.findResources('AWS::EC2::SecurityGroupIngress', {
      Properties: { GroupId: stack.resolve(staging.securityGroup.securityGroupId) },
    });
    expect(inward).toEqual({});
  });

  test('it stands in a subnet for agents, small, encrypted, watched, and gives its credentials to IMDSv2 requests only', () => {
    const { stack, template, network, statementLog } = host();
    template.hasResourceProperties('AWS::EC2::Instance', {
      InstanceType: 't4g.nano',
      SubnetId: stack.resolve(network.vpc.selectSubnets(network.agentSubnets).subnetIds[0]),
      MetadataOptions: { HttpEndpoint: 'enabled', HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true, KmsKeyId: stack.resolve(statementLog.encryptionKey.keyArn) } }],
      Monitoring: true,
      EbsOptimized: true,
      KeyName: Match.absent(),
      UserData: Match.absent(),
    });
  });

  test('its image is the newest Amazon Linux 2023 for arm64 at the time of each deployment', () => {
    const { template, instance } = host();
    const parameter = template.toJSON().Parameters[instance.Properties.ImageId.Ref];
    expect(parameter.Type).toBe('AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>');
    expect(parameter.Default).toMatch(/^\/aws\/service\/ami-amazon-linux-latest\/al2023-ami-kernel-[0-9.]+-arm64$/);
  });

  test('its role can announce the host and carry sessions, and nothing else', () => {
    const { template, stack } = host();
    const own = Object.values(template.findResources('AWS::IAM::ManagedPolicy')).filter((policy) => String(policy.Properties.Description).includes('access host'));
    expect(own.map((policy) => policy.Properties.PolicyDocument.Statement)).toEqual([
      [
        {
          Effect: 'Allow',
          Action: 'ssm:UpdateInstanceInformation',
          Resource: managed,
          Condition: { StringEquals: { 'aws:ResourceAccount': account } },
        },
        {
          Effect: 'Allow',
          Action: [
            'ssmmessages:CreateControlChannel',
            'ssmmessages:CreateDataChannel',
            'ssmmessages:OpenControlChannel',
            'ssmmessages:OpenDataChannel',
          ],
          Resource: '*',
        },
      ],
    ]);
    template.resourceCountIs('AWS::IAM::Policy', 0);
    expect(stack.resolve(Object.values(template.findResources('AWS::IAM::InstanceProfile'))[0]!.Properties.Roles)).toHaveLength(1);
  });

  test('its id and ARN are known to who grants permissions on it', () => {
    const { stack, accessHost, template } = host();
    const [id] = Object.keys(template.findResources('AWS::EC2::Instance'));
    expect(stack.resolve(accessHost.instanceId)).toEqual({ Ref: id });
    expect(stack.resolve(accessHost.instanceArn)).toEqual({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ec2:', { Ref: 'AWS::Region' }, ':', account, ':instance/', { Ref: id }]],
    });
  });
});

describe('the endpoints of Systems Manager', () => {
  test('there are two, and only the host reaches them: agents do not', () => {
    const { template, group } = host();
    template.resourceCountIs('AWS::EC2::VPCEndpoint', 2);
    const rules = Object.values(template.findResources('AWS::EC2::SecurityGroupIngress', { Properties: { FromPort: 443 } }));
    expect(rules.map((rule) => rule.Properties.SourceSecurityGroupId)).toEqual([group, group]);
  });

  test("they pass the calls of the host's role only", () => {
    const { template } = host();
    for (const endpoint of Object.values(template.findResources('AWS::EC2::VPCEndpoint'))) {
      const [statement, ...others] = endpoint.Properties.PolicyDocument.Statement;
      expect(others).toEqual([]);
      expect(statement.Condition.ArnEquals).toEqual({ 'aws:PrincipalArn': { 'Fn::GetAtt': [expect.stringContaining('HostRole'), 'Arn'] } });
      expect(statement.Condition.StringEquals['aws:PrincipalAccount']).toEqual(account);
    }
  });

  test('they are there before the host starts', () => {
    const { template, instance } = host();
    const endpoints = Object.keys(template.findResources('AWS::EC2::VPCEndpoint'));
    expect(instance.DependsOn).toEqual(expect.arrayContaining(endpoints));
  });
});

describe('the session documents', () => {
  test('a session forwards to the replica: host and port are fixed, only the local port is free', () => {
    const { template } = host();
    template.resourceCountIs('AWS::SSM::Document', 1);
    template.hasResourceProperties('AWS::SSM::Document', {
      DocumentType: 'Session',
      UpdateMethod: 'Replace',
      Content: {
        schemaVersion: '1.0',
        sessionType: 'Port',
        properties: { type: 'LocalPortForwarding', host: REPLICA, portNumber: '6432', localPortNumber: '{{ localPortNumber }}' },
      },
    });
    const [document] = Object.values(template.findResources('AWS::SSM::Document'));
    expect(Object.keys(document!.Properties.Content.parameters)).toEqual(['localPortNumber']);
  });

  test('the local port is a number that a port can have', () => {
    const [document] = Object.values(host().template.findResources('AWS::SSM::Document'));
    const pattern = new RegExp(document!.Properties.Content.parameters.localPortNumber.allowedPattern);
    expect(['0', '5432', '65535'].every((port) => pattern.test(port))).toBe(true);
    expect(['65536', '-1', '', '5432;id', ' 5432', '{{ x }}'].some((port) => pattern.test(port))).toBe(false);
  });

  test('the staging clone gets a document of its own when there is a clone', () => {
    const { stack, accessHost, template } = host(true);
    template.resourceCountIs('AWS::SSM::Document', 2);
    template.hasResourceProperties('AWS::SSM::Document', { Content: { properties: { host: STAGING, portNumber: '6432' } } });
    const arnOf = (host: string) => {
      const [id] = Object.keys(template.findResources('AWS::SSM::Document', { Properties: { Content: { properties: { host } } } }));
      return { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ssm:', { Ref: 'AWS::Region' }, ':', account, ':document/', { Ref: id }]] };
    };
    expect(stack.resolve(accessHost.replicaDocumentArn)).toEqual(arnOf(REPLICA));
    expect(stack.resolve(accessHost.stagingDocumentArn)).toEqual(arnOf(STAGING));
  });

  test('without a clone there is no document for one', () => {
    expect(host().accessHost.stagingDocumentArn).toBeUndefined();
  });

  test("fails when a target is production's own host name", () => {
    const { stack, network, statementLog, replica, production } = given();
    expect(() => new AccessHost(stack, 'Host', { network, statementLog, replica: { ...replica, endpoint: production.endpoint } })).toThrow(
      "Test/Host: a target is production's own host name; pass the replica and the staging clone",
    );
  });
});

test('says how narrow the way in is', () => {
  const declarations = (host(true).template.toJSON().Metadata as Record<string, Declaration[]>)[METADATA_KEY]!;
  expect(declarations.find(({ path }) => path === 'Test/Host')!.detail).toBe(
    'agents elsewhere come in by SSM port forwarding to port 6432 of the replica only, through a host without inbound rules; the staging clone stays out of its reach',
  );
});
