import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { AgentNetwork, type AgentNetworkProps } from '../../lib/constructs/agent-network';
import { ProductionDatabase, type ProductionInstanceAttributes } from '../../lib/constructs/production-database';
import { METADATA_KEY, type Declaration } from '../../lib/core/guarantees';

interface Given extends Partial<AgentNetworkProps> {
  readonly known?: (stack: Stack) => Partial<ProductionInstanceAttributes>;
}

function network({ known, ...props }: Given = {}) {
  const stack = new Stack(new App(), 'Test');
  const production = ProductionDatabase.fromInstance(stack, 'Production', {
    instanceIdentifier: 'orders',
    resourceId: 'db-ABCDEFGHIJKLMNOPQRSTUVWXY2',
    endpoint: 'orders.abc123.eu-central-1.rds.amazonaws.com',
    engineVersion: '16.10',
    instanceClass: 'db.m7g.large',
    databases: ['orders'],
    ...known?.(stack),
  });
  const key = new Key(stack, 'Key');
  const agents = new AgentNetwork(stack, 'Network', { production, statementLog: { encryptionKey: key }, ...props });
  return { stack, production, key, agents, template: () => Template.fromStack(stack) };
}

/** The one declaration of the stack. */
function declaration(template: Template): Declaration {
  const [first] = (template.toJSON().Metadata as Record<string, Declaration[]>)[METADATA_KEY]!;
  return first!;
}

const account = { Ref: 'AWS::AccountId' };
const vpcGiven = (cidr?: string) => (stack: Stack) => ({
  vpc: Vpc.fromVpcAttributes(stack, 'ProductionVpc', {
    vpcId: 'vpc-0fedcba9876543210',
    availabilityZones: ['eu-central-1a', 'eu-central-1b'],
    vpcCidrBlock: cidr,
  }),
});

describe('isolation', () => {
  test('the network has no gateway, no peering, no VPN and no route of its own, even with every runtime', () => {
    const template = network({ runtimes: ['ecs', 'agent-core'] }).template();
    for (const type of [
      'AWS::EC2::InternetGateway',
      'AWS::EC2::EgressOnlyInternetGateway',
      'AWS::EC2::VPCGatewayAttachment',
      'AWS::EC2::NatGateway',
      'AWS::EC2::VPCPeeringConnection',
      'AWS::EC2::TransitGatewayAttachment',
      'AWS::EC2::VPNConnection',
      'AWS::EC2::Route',
      'AWS::EC2::EIP',
    ]) {
      template.resourceCountIs(type, 0);
    }
  });

  test('it has two subnets for agents and two for databases, in two Availability Zones, none with public addresses', () => {
    const { template, agents } = network();
    const subnets = Object.values(template().findResources('AWS::EC2::Subnet'));
    expect(subnets).toHaveLength(4);
    expect(subnets.every((subnet) => subnet.Properties.MapPublicIpOnLaunch === false)).toBe(true);
    expect(agents.vpc.selectSubnets(agents.agentSubnets).availabilityZones).toHaveLength(2);
    expect(agents.vpc.selectSubnets(agents.databaseSubnets).availabilityZones).toHaveLength(2);
    expect(agents.vpc.selectSubnets(agents.agentSubnets).subnetIds).not.toEqual(agents.vpc.selectSubnets(agents.databaseSubnets).subnetIds);
  });

  test('the default security group of the network is emptied', () => {
    network().template().resourceCountIs('Custom::VpcRestrictDefaultSG', 1);
  });

  test('names resolve, so that TLS can verify the host name of the replica', () => {
    network().template().hasResourceProperties('AWS::EC2::VPC', { EnableDnsHostnames: true, EnableDnsSupport: true });
  });

  test('no rule anywhere names an address range but the one that closes a group', () => {
    const { template, agents, stack } = network({ runtimes: ['ecs'] });
    agents.admitAgents(agents.databaseSecurityGroup(stack, 'Database', 'A database'), 6432);
    expect(JSON.stringify(template().toJSON())).not.toContain('0.0.0.0/0');
    for (const type of ['AWS::EC2::SecurityGroupIngress', 'AWS::EC2::SecurityGroupEgress']) {
      expect(JSON.stringify(template().findResources(type))).not.toMatch(/Cidr|PrefixList/);
    }
  });

  test('all traffic is recorded in an encrypted log that outlives the stack', () => {
    const { template, stack, key } = network({ flowLogRetention: RetentionDays.TWO_YEARS });
    template().hasResourceProperties('AWS::EC2::FlowLog', { ResourceType: 'VPC', TrafficType: 'ALL', LogDestinationType: 'cloud-watch-logs' });
    template().hasResource('AWS::Logs::LogGroup', {
      Properties: { RetentionInDays: 731, KmsKeyId: stack.resolve(key.keyArn) },
      DeletionPolicy: 'RetainExceptOnCreate',
    });
    template().resourceCountIs('AWS::IAM::Policy', 0);
  });
});

describe('security groups', () => {
  test('nothing may connect to an agent', () => {
    const { template, agents, stack } = network({ runtimes: ['ecs'] });
    const rules = Object.values(template().findResources('AWS::EC2::SecurityGroupIngress'));
    const agent = stack.resolve(agents.agentSecurityGroup.securityGroupId);
    expect(rules.filter((rule) => JSON.stringify(rule.Properties.GroupId) === JSON.stringify(agent))).toEqual([]);
  });

  test('a new database group lets nothing in and nothing out', () => {
    const { template, agents, stack } = network();
    agents.databaseSecurityGroup(stack, 'Database', 'The staging clone');
    template().hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'The staging clone',
      SecurityGroupIngress: Match.absent(),
      SecurityGroupEgress: [Match.objectLike({ CidrIp: '255.255.255.255/32' })],
    });
    template().resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
  });

  test('agents reach an admitted database on its port, and no other', () => {
    const { template, agents, stack } = network();
    const database = agents.databaseSecurityGroup(stack, 'Database', 'The replica');
    agents.databaseSecurityGroup(stack, 'Other', 'The staging clone');
    agents.admitAgents(database, 6432);
    const rule = { IpProtocol: 'tcp', FromPort: 6432, ToPort: 6432 };
    const [agent, target] = [stack.resolve(agents.agentSecurityGroup.securityGroupId), stack.resolve(database.securityGroupId)];
    template().hasResourceProperties('AWS::EC2::SecurityGroupEgress', { ...rule, GroupId: agent, DestinationSecurityGroupId: target });
    template().hasResourceProperties('AWS::EC2::SecurityGroupIngress', { ...rule, GroupId: target, SourceSecurityGroupId: agent });
    template().resourceCountIs('AWS::EC2::SecurityGroupEgress', 1);
    template().resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
  });

  test("fails when agents are to be admitted to production's security group", () => {
    const { agents, production } = network({ known: (stack) => ({ securityGroup: SecurityGroup.fromSecurityGroupId(stack, 'Pg', 'sg-0123456789abcdef0') }) });
    expect(() => agents.admitAgents(production.securityGroup!, 6432)).toThrow(
      "Test/Pg/FromAgents: the target is production's own security group; nothing in the agents' network may connect to it",
    );
  });

  test("fails when agents are to be admitted to production's port", () => {
    const { agents, stack } = network();
    expect(() => agents.admitAgents(agents.databaseSecurityGroup(stack, 'Database', 'x'), 5432)).toThrow(
      "Test/Database/FromAgents: port is 5432, on which production listens; the agents' databases must listen on another port",
    );
  });

  test('a function of the kit can be joined to a database without letting agents in', () => {
    const { template, agents, stack } = network();
    const [masking, clone] = [agents.databaseSecurityGroup(stack, 'Masking', 'Masking'), agents.databaseSecurityGroup(stack, 'Clone', 'Clone')];
    agents.connect(stack, 'MaskingToClone', { from: masking, to: clone, port: 6432, description: 'masking to the clone' });
    template().hasResourceProperties('AWS::EC2::SecurityGroupIngress', { SourceSecurityGroupId: stack.resolve(masking.securityGroupId) });
    template().resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
  });
});

describe('endpoints', () => {
  test('a network in which no agent runs has no endpoint', () => {
    network().template().resourceCountIs('AWS::EC2::VPCEndpoint', 0);
  });

  test('runtimes bring four endpoints, in one Availability Zone, with private names', () => {
    const { template, stack, agents } = network({ runtimes: ['ecs', 'agent-core'] });
    const endpoints = Object.values(template().findResources('AWS::EC2::VPCEndpoint'));
    expect(endpoints.map((endpoint) => endpoint.Properties.ServiceName['Fn::Join'][1][2])).toEqual(['.ecr.api', '.ecr.dkr', '.s3', '.logs']);
    const [first] = stack.resolve(agents.vpc.selectSubnets(agents.agentSubnets).subnetIds) as unknown[];
    template().allResourcesProperties('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Interface', PrivateDnsEnabled: true, SubnetIds: [first] });
  });

  test('endpoints stand in two Availability Zones when asked to', () => {
    const { template, stack, agents } = network({ runtimes: ['ecs'], endpointAvailabilityZones: 2 });
    template().allResourcesProperties('AWS::EC2::VPCEndpoint', {
      SubnetIds: stack.resolve(agents.vpc.selectSubnets(agents.agentSubnets).subnetIds),
    });
  });

  test('only agents reach an endpoint, on port 443', () => {
    const { template, stack, agents } = network({ runtimes: ['ecs'] });
    template().allResourcesProperties('AWS::EC2::SecurityGroupIngress', {
      IpProtocol: 'tcp',
      FromPort: 443,
      ToPort: 443,
      SourceSecurityGroupId: stack.resolve(agents.agentSecurityGroup.securityGroupId),
    });
    template().resourceCountIs('AWS::EC2::SecurityGroupIngress', 4);
    template().resourceCountIs('AWS::EC2::SecurityGroupEgress', 4);
    template().allResourcesProperties('AWS::EC2::SecurityGroup', { SecurityGroupIngress: Match.absent() });
  });

  test('images are pulled from registries of this account, by principals of this account', () => {
    network({ runtimes: ['ecs'] }).template().hasResourceProperties('AWS::EC2::VPCEndpoint', {
      ServiceName: { 'Fn::Join': ['', Match.arrayWith(['.ecr.dkr'])] },
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: '*' },
            Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
            Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ecr:', { Ref: 'AWS::Region' }, ':', account, ':repository/*']] },
            Condition: { StringEquals: { 'aws:PrincipalAccount': account, 'aws:ResourceAccount': account } },
          },
        ],
      },
    });
  });

  test("through the endpoint of S3 only the layers in ECR's bucket can be read, and nothing can be written anywhere", () => {
    network({ runtimes: ['ecs'] }).template().hasResourceProperties('AWS::EC2::VPCEndpoint', {
      ServiceName: { 'Fn::Join': ['', Match.arrayWith(['.s3'])] },
      DnsOptions: { PrivateDnsOnlyForInboundResolverEndpoint: 'AllResolvers' },
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: '*' },
            Action: 's3:GetObject',
            Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::prod-', { Ref: 'AWS::Region' }, '-starport-layer-bucket/*']] },
          },
        ],
      },
    });
  });

  test('no endpoint is left with the policy of AWS that allows everything', () => {
    const endpoints = Object.values(network({ runtimes: ['ecs', 'agent-core'] }).template().findResources('AWS::EC2::VPCEndpoint'));
    expect(endpoints.every((endpoint) => endpoint.Properties.PolicyDocument.Statement.length > 0)).toBe(true);
    expect(JSON.stringify(endpoints)).not.toContain('"Action":"*"');
  });

  test('another service can be opened, for calls by principals of this account only', () => {
    const { template, agents } = network();
    agents.addInterfaceEndpoint('bedrock-runtime', [new PolicyStatement({ actions: ['bedrock:InvokeModel'], resources: ['*'] })]);
    template().hasResourceProperties('AWS::EC2::VPCEndpoint', {
      PolicyDocument: {
        Statement: [{ Action: 'bedrock:InvokeModel', Principal: { AWS: '*' }, Condition: { StringEquals: { 'aws:PrincipalAccount': account } } }],
      },
    });
  });

  test('asking twice for a service gives one endpoint with both permissions', () => {
    const { template, agents } = network({ runtimes: ['ecs'] });
    agents.addInterfaceEndpoint('logs', [new PolicyStatement({ actions: ['logs:DescribeLogStreams'], resources: ['*'] })]);
    template().resourceCountIs('AWS::EC2::VPCEndpoint', 4);
    template().resourceCountIs('AWS::EC2::SecurityGroupIngress', 4);
    template().hasResourceProperties('AWS::EC2::VPCEndpoint', {
      PolicyDocument: { Statement: [Match.objectLike({ Action: ['logs:CreateLogStream', 'logs:PutLogEvents'] }), Match.objectLike({ Action: 'logs:DescribeLogStreams' })] },
    });
  });

  test('an endpoint for a function of the kit is out of reach for agents', () => {
    const { template, agents, stack } = network();
    const masking = agents.databaseSecurityGroup(stack, 'Masking', 'Masking');
    agents.addInterfaceEndpoint('events', [new PolicyStatement({ actions: ['events:PutEvents'], resources: ['*'] })], { kind: 'functions', securityGroup: masking });
    template().allResourcesProperties('AWS::EC2::SecurityGroupIngress', { SourceSecurityGroupId: stack.resolve(masking.securityGroupId) });
  });

  test('fails when an endpoint of a control plane is asked for', () => {
    const { agents } = network();
    expect(() => agents.addInterfaceEndpoint('rds', [new PolicyStatement({ actions: ['rds:DescribeDBInstances'], resources: ['*'] })])).toThrow(
      "Test/Network: an endpoint of 'rds' would be a way to delete, restore or promote databases from the agents' network; no such endpoint is allowed there",
    );
  });

  test('fails when agents ask for the endpoint of Systems Manager', () => {
    const { agents } = network();
    expect(() => agents.addInterfaceEndpoint('ssm', [new PolicyStatement({ actions: ['ssm:StartSession'], resources: ['*'] })])).toThrow(
      "Test/Network: an endpoint of 'ssm' would be a way to run commands and start sessions on other hosts from the agents' network; no such endpoint is allowed there",
    );
  });

  test('fails when no statement is given, since an endpoint without a policy allows everything', () => {
    const { agents } = network();
    expect(() => agents.addInterfaceEndpoint('logs', [])).toThrow('Test/Network/LogsEndpoint: no policy statement was given; name the calls that may pass');
  });

  test.each([
    ['names the action *', new PolicyStatement({ actions: ['*'], resources: ['*'] })],
    ['names actions by prefix', new PolicyStatement({ actions: ['logs:Put*'], resources: ['*'] })],
    ['names what is not allowed', new PolicyStatement({ notActions: ['logs:DeleteLogGroup'], resources: ['*'] })],
  ])('fails when a statement %s', (_how, statement) => {
    const { agents } = network();
    expect(() => agents.addInterfaceEndpoint('logs', [statement])).toThrow(
      "Test/Network/LogsEndpoint: a policy statement allows actions by wildcard; name the calls that may pass, such as 'logs:PutLogEvents'",
    );
  });
});

test('fails when a call that no agent may ever make would pass through an endpoint', () => {
  const { agents } = network();
  expect(() => agents.addInterfaceEndpoint('logs', [new PolicyStatement({ actions: ['logs:DeleteLogGroup'], resources: ['*'] })])).toThrow(
    "Test/Network/LogsEndpoint: logs:DeleteLogGroup may pass through no endpoint of the agents' network",
  );
});

describe('what is stated about production', () => {
  test("with production's security group known, any path from the network to it is a finding", () => {
    const { template, stack, agents } = network({
      known: (scope) => ({ ...vpcGiven('10.0.0.0/16')(scope), securityGroup: SecurityGroup.fromSecurityGroupId(scope, 'Pg', 'sg-0123456789abcdef0') }),
    });
    template().hasResourceProperties('AWS::EC2::NetworkInsightsAccessScope', {
      MatchPaths: [
        {
          Source: { ResourceStatement: { Resources: [stack.resolve(agents.vpc.vpcId)] } },
          Destination: { ResourceStatement: { Resources: ['sg-0123456789abcdef0'] } },
        },
      ],
      ExcludePaths: Match.absent(),
    });
    expect(declaration(template())).toMatchObject({
      guarantee: 'agent-has-no-route-to-production',
      construct: 'AgentNetwork',
      path: 'Test/Network',
      inForce: true,
      detail:
        "isolated subnets in 10.213.0.0/20, no gateway, no peering; no overlap with production's 10.0.0.0/16; " +
        "every path to production's security group is a finding of a Network Access Analyzer scope, whenever that is run",
    });
    expect(Object.keys(declaration(template()).resources)).toEqual(['vpc', 'agentSecurityGroup', 'accessScope']);
  });

  test("with only production's network known, any path into that network is a finding", () => {
    const { template } = network({ known: vpcGiven() });
    template().hasResourceProperties('AWS::EC2::NetworkInsightsAccessScope', {
      MatchPaths: [Match.objectLike({ Destination: { ResourceStatement: { Resources: ['vpc-0fedcba9876543210'] } } })],
    });
    expect(declaration(template()).detail).toContain("every path to production's network is a finding");
  });

  test('what could not be checked is said', () => {
    const { template, stack, agents } = network();
    template().resourceCountIs('AWS::EC2::NetworkInsightsAccessScope', 0);
    expect(declaration(template())).toMatchObject({
      detail:
        "isolated subnets in 10.213.0.0/20, no gateway, no peering; production's CIDR blocks are not all known, so an overlap could not be ruled out; " +
        "no Network Access Analyzer scope, since neither production's security group nor its network is known",
      resources: { vpc: stack.resolve(agents.vpc.vpcId).Ref },
    });
  });
});

describe('refusals', () => {
  test.each(['10.213.0.0/33', '10.213.0.1/20', '10.213.0.0', 'fd00::/56', '10.213.0.0/25', '10.0.0.0/15'])('fails when the cidr is %s', (cidr) => {
    expect(() => network({ cidr })).toThrow(`Test/Network: cidr is '${cidr}'; write an IPv4 block of /16 to /24, such as '10.213.0.0/20'`);
  });

  test.each(['10.0.128.0/20', '10.0.0.0/16'])("fails when %s overlaps production's network", (cidr) => {
    expect(() => network({ cidr, known: vpcGiven('10.0.0.0/16') })).toThrow(
      `Test/Network: cidr ${cidr} overlaps production's 10.0.0.0/16, which makes a replica unreliable and routes ambiguous; choose another block`,
    );
  });

  test('fails when the number of Availability Zones is not 1 or 2, and says everything that is wrong at once', () => {
    expect(() => network({ endpointAvailabilityZones: 3, cidr: 'x', runtimes: ['laptop' as 'ecs'] })).toThrow(
      [
        "Test/Network: cidr is 'x'; write an IPv4 block of /16 to /24, such as '10.213.0.0/20'",
        'Test/Network: runtimes is laptop; write any of ecs, agent-core',
        'Test/Network: endpointAvailabilityZones is 3; write 1 or 2',
      ].join('\n'),
    );
  });
});
