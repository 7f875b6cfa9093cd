import { changed, foreignTemplate, said, type Template } from './foreign-template';

type Statements = { PolicyDocument: { Statement: Record<string, unknown>[] } };

const denial = (template: Template): Record<string, unknown> => (template.Resources.AgentBoundary!.Properties as unknown as Statements).PolicyDocument.Statement[1]!;
const verdictOf = (change: (template: Template) => void): string => {
  const { verdict, problems } = said(changed(change));
  return problems.length > 0 ? 'refused' : verdict;
};

test('the template that everything here damages passes', () => {
  expect(said(foreignTemplate())).toMatchObject({ verdict: 'pass', texts: [], problems: [] });
});

describe('what a template hides from a reader', () => {
  const include = { Name: 'AWS::Include', Parameters: { Location: 's3://elsewhere/more.yaml' } };

  test.each<[string, (template: Template) => void]>([
    ['beside the sections', (template) => { template['Fn::Transform'] = include; }],
    ['among the resources', (template) => { template.Resources['Fn::Transform'] = include as never; }],
    ['in a resource', (template) => { template.Resources.Agent!['Fn::Transform'] = include; }],
    ['among its properties', (template) => { template.Resources.Agent!.Properties!['Fn::Transform'] = include; }],
    ['as all of its properties', (template) => { template.Resources.Other = { Type: 'AWS::IAM::Role', Properties: { 'Fn::Transform': include } }; }],
  ])('a macro %s may add anything', (_, change) => {
    expect(said(changed(change)).texts).toContainEqual(expect.stringMatching(/^agent-cannot-use-the-control-plane unknown: .*the transform AWS::Include in .* changes the template/));
  });

  test('a function in place of all properties is not read as a property', () => {
    const template = changed(({ Resources }) => { Resources.Other = { Type: 'AWS::IAM::Role', Properties: { 'Fn::If': ['C', {}, {}] } }; });
    expect(said(template).problems).toEqual([expect.stringContaining('Resources.Other.Properties has Fn::If; write its keys, a function can only stand for the value of one')]);
  });

  test.each(['Acme::Database::Wiper', 'AWSUtility::CloudFormation::CommandRunner', 'aws::iam::role', 'AWS::CloudFormation::StackSet', 'AWS::ServiceCatalog::CloudFormationProvisionedProduct'])(
    'nobody knows what %s does', (Type) => {
      expect(verdictOf(({ Resources }) => { Resources.Other = { Type, Properties: {} }; })).toBe('unknown');
    },
  );

  test('of two keys that are the same none is chosen', () => {
    const text = JSON.stringify(foreignTemplate()).replace('"MaxSessionDuration":', '"PermissionsBoundary":"arn:aws:iam::aws:policy/AdministratorAccess","MaxSessionDuration":');
    expect(said(text).problems).toEqual([expect.stringMatching(/: line 1, column \d+: "PermissionsBoundary" is written twice in the same object; keep one$/)]);
  });
});

describe('YAML that is read in two ways', () => {
  const yaml = (from: string, to: string) => said(JSON.stringify(foreignTemplate(), undefined, 1).replace(from, to), 'Shop.yaml');

  test('the same template in YAML passes', () => {
    expect(yaml('', '')).toMatchObject({ verdict: 'pass', problems: [] });
  });

  test('a merge key', () => {
    expect(yaml('"MaxSessionDuration": 3600', '"MaxSessionDuration": 3600, "<<": { "ManagedPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"] }').problems)
      .toEqual([expect.stringMatching(/: line \d+, column \d+: a merge key \(<<\), which CloudFormation does not know and tools before it may put in; write the keys out$/)]);
  });

  test('an account that starts with a zero', () => {
    expect(yaml('"arn:aws:iam::111122223333:role/launcher"', '001122223333').problems)
      .toEqual([expect.stringMatching(/: 001122223333 is an octal number to some and a decimal one to others; write it in quotes$/)]);
  });
});

describe('what a template does not tell about a network', () => {
  const open = (change: (template: Template) => void) => said(changed((template) => {
    Object.assign(template.Resources, {
      Out: { Type: 'AWS::EC2::SecurityGroupEgress', Properties: { GroupId: { Ref: 'Apps' }, IpProtocol: '-1', CidrIp: '10.0.0.0/16' } },
      Runner: { Type: 'AWS::Lambda::Function', Properties: { Role: { 'Fn::GetAtt': ['Agent', 'Arn'] }, VpcConfig: { SubnetIds: [{ Ref: 'DataSubnet' }], SecurityGroupIds: [{ Ref: 'Apps' }] } } },
    });
    template.Parameters = { Given: { Type: 'String' } };
    change(template);
  }));
  const edge = (Properties: object) => ({ Type: 'AWS::EC2::SecurityGroupIngress', Properties: { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, ...Properties } });

  test.each<[string, string, (template: Template) => void]>([
    ['nothing lets it in', 'pass', () => undefined],
    ['a rule of a group that is given later', 'unknown', ({ Resources }) => { Resources.Edge = edge({ GroupId: { Ref: 'Given' }, CidrIp: '0.0.0.0/0' }); }],
    ['a rule about a group that is given later', 'unknown', ({ Resources }) => { Resources.Edge = edge({ GroupId: { Ref: 'ProductionGroup' }, SourceSecurityGroupId: { Ref: 'Given' } }); }],
    ['a rule of a group by its name', 'fail', ({ Resources }) => {
      Resources.ProductionGroup!.Properties!.GroupName = 'production';
      Resources.Edge = edge({ GroupName: 'production', CidrIp: '10.0.0.0/8' });
    }],
    ['a rule about a group by its name', 'fail', ({ Resources }) => {
      Resources.Apps!.Properties!.GroupName = 'apps';
      Resources.Edge = edge({ GroupId: { Ref: 'ProductionGroup' }, SourceSecurityGroupName: 'apps' });
    }],
  ])('%s: %s', (_, verdict, change) => {
    expect(open(change).rules['agent-has-no-route-to-production']).toBe(verdict);
  });
});

describe('a denial counts only if nothing about it is in doubt', () => {
  test.each<[string, (template: Template) => void]>([
    ['an element in other letters', (template) => { denial(template).condition = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }; }],
    ['a condition that is null', (template) => { denial(template).Condition = null; }],
    ['a condition that may never hold', (template) => { denial(template).Condition = { 'ForAllValues:StringEquals': { 'aws:TagKeys': 'x' } }; }],
    ['a condition that never holds for the agent', (template) => { denial(template).Condition = { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/agent' } }; }],
    ['one resource left out', (template) => {
      delete denial(template).Resource;
      denial(template).NotResource = 'arn:aws:rds:eu-west-1:111122223333:db:orders';
    }],
    ['a policy without statements', ({ Resources }) => { Resources.AgentBoundary!.Properties!.PolicyDocument = { Version: '2012-10-17', statement: [] }; }],
  ])('%s', (_, change) => {
    expect(verdictOf(change)).toBe('fail');
  });
});

describe('wherever something runs as an agent, its network counts', () => {
  const agent = { 'Fn::GetAtt': ['Agent', 'Arn'] };
  const [subnets, groups] = [[{ Ref: 'DataSubnet' }], [{ Ref: 'Apps' }]];
  const inNetwork = { AwsvpcConfiguration: { Subnets: subnets, SecurityGroups: groups } };
  const task = { Type: 'AWS::ECS::TaskDefinition', Properties: { TaskRoleArn: agent, NetworkMode: 'awsvpc' } };
  const profile = { Type: 'AWS::IAM::InstanceProfile', Properties: { InstanceProfileName: 'agents', Roles: ['agent'] } };
  const launch = { Type: 'AWS::EC2::LaunchTemplate', Properties: { LaunchTemplateData: { IamInstanceProfile: { Name: 'agents' }, NetworkInterfaces: [{ Groups: groups }] } } };
  const starting = (cluster: object) => ({ Arn: 'arn:aws:ecs:eu-west-1:111122223333:cluster/main', RoleArn: 'arn:aws:iam::111122223333:role/starter', EcsParameters: { TaskDefinitionArn: { Ref: 'Task' }, NetworkConfiguration: cluster } });
  const secretly = (resources: Template['Resources']) => changed(({ Resources }) => Object.assign(Resources, {
    Edge: { Type: 'AWS::EC2::SecurityGroupIngress', Properties: { GroupId: { 'Fn::GetAtt': ['ProductionGroup', 'GroupId'] }, IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, SourceSecurityGroupId: { 'Fn::GetAtt': ['Apps', 'GroupId'] } } },
    Out: { Type: 'AWS::EC2::SecurityGroupEgress', Properties: { GroupId: { 'Fn::GetAtt': ['Apps', 'GroupId'] }, IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, CidrIp: '10.0.0.0/16' } },
  }, resources));

  test('an edge that no agent is at is no finding', () => {
    expect(said(secretly({}))).toMatchObject({ verdict: 'pass', texts: [] });
  });

  test.each<[string, Template['Resources']]>([
    ['a service of a task definition', { Task: task, Service: { Type: 'AWS::ECS::Service', Properties: { TaskDefinition: { Ref: 'Task' }, NetworkConfiguration: inNetwork } } }],
    ['a service that names it by its family', {
      Task: { ...task, Properties: { ...task.Properties, Family: 'agents' } }, Service: { Type: 'AWS::ECS::Service', Properties: { TaskDefinition: 'agents:7', NetworkConfiguration: inNetwork } },
    }],
    ['a rule that starts a task', { Task: task, Rule: { Type: 'AWS::Events::Rule', Properties: { Targets: [{ Id: 'a', ...starting({ AwsVpcConfiguration: inNetwork.AwsvpcConfiguration }) }] } } }],
    ['a schedule that starts a task', { Task: task, Schedule: { Type: 'AWS::Scheduler::Schedule', Properties: { Target: starting(inNetwork) } } }],
    ['a build', { Build: { Type: 'AWS::CodeBuild::Project', Properties: { ServiceRole: agent, VpcConfig: { VpcId: { Ref: 'Network' }, Subnets: subnets, SecurityGroupIds: groups } } } }],
    ['a web service with a connector', {
      Connector: { Type: 'AWS::AppRunner::VpcConnector', Properties: { Subnets: subnets, SecurityGroups: groups } },
      Web: { Type: 'AWS::AppRunner::Service', Properties: { InstanceConfiguration: { InstanceRoleArn: agent }, NetworkConfiguration: { EgressConfiguration: { EgressType: 'VPC', VpcConnectorArn: { 'Fn::GetAtt': ['Connector', 'VpcConnectorArn'] } } } } },
    }],
    ['a studio', { Studio: { Type: 'AWS::SageMaker::Domain', Properties: { VpcId: { Ref: 'Network' }, SubnetIds: subnets, DefaultUserSettings: { ExecutionRole: agent, SecurityGroups: groups } } } }],
    ['a job with a connection', {
      Connection: { Type: 'AWS::Glue::Connection', Properties: { ConnectionInput: { PhysicalConnectionRequirements: { SubnetId: { Ref: 'DataSubnet' }, SecurityGroupIdList: groups } } } },
      Job: { Type: 'AWS::Glue::Job', Properties: { Role: agent, Connections: { Connections: [{ Ref: 'Connection' }] } } },
    }],
    ['an instance by the name of its profile', { Profile: profile, Host: { Type: 'AWS::EC2::Instance', Properties: { IamInstanceProfile: 'agents', SubnetId: { Ref: 'DataSubnet' }, SecurityGroupIds: groups } } }],
    ['an instance by its launch template', { Profile: profile, Launch: launch, Host: { Type: 'AWS::EC2::Instance', Properties: { LaunchTemplate: { LaunchTemplateId: { Ref: 'Launch' }, Version: '1' }, SubnetId: { Ref: 'DataSubnet' } } } }],
    ['a group of instances', { Profile: profile, Launch: launch, Hosts: { Type: 'AWS::AutoScaling::AutoScalingGroup', Properties: { LaunchTemplate: { LaunchTemplateId: { Ref: 'Launch' }, Version: '1' }, VPCZoneIdentifier: subnets } } }],
  ])('%s', (_, resources) => {
    expect(said(secretly(resources)).texts).toEqual([
      'agent-has-no-route-to-production fail: from Apps there is a way to Production: security group Apps lets out tcp 5432 to 10.0.0.0/16, security group ProductionGroup lets in tcp 5432 from Apps',
    ]);
  });

  test.each<[string, Template['Resources']]>([
    ['a task definition that nothing starts', { Task: task }],
    ['a job definition', { Job: { Type: 'AWS::Batch::JobDefinition', Properties: { ContainerProperties: { JobRoleArn: agent } } } }],
    ['a service account', { Pods: { Type: 'AWS::EKS::PodIdentityAssociation', Properties: { ClusterName: 'main', RoleArn: agent } } }],
  ])('%s may be started anywhere', (_, resources) => {
    expect(said(secretly(resources)).texts).toEqual([expect.stringMatching(/^agent-has-no-route-to-production unknown: the template does not tell whether it is so that \w+ runs as an agent in a network without a way to production$/)]);
  });
});

describe('an agent is more than its role', () => {
  const github = 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com';
  const role = (Statement: object) => ({ AssumeRolePolicyDocument: { Version: '2012-10-17', Statement } });
  const run = (Condition: object) => role({ Effect: 'Allow', Action: 'sts:AssumeRoleWithWebIdentity', Principal: { Federated: github }, Condition });
  const subject = (operator: string, value: string) => ({ [operator]: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com', 'token.actions.githubusercontent.com:sub': value } });
  const both = (agent: object, deploy: object) => said(changed(({ Resources }) => {
    Object.assign(Resources.Agent!.Properties!, agent);
    Resources.Deploy = { Type: 'AWS::IAM::Role', Properties: { RoleName: 'deploy', ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonRDSFullAccess'], ...deploy } };
  }));
  const own = run(subject('StringEquals', 'repo:acme/shop:environment:agent'));

  test('a workflow that may take on its role may take on another', () => {
    expect(both(own, run(subject('StringLike', 'repo:acme/shop:*'))).texts).toContain(
      `agent-cannot-use-the-control-plane fail: agent is taken on by ${github}, who may take on deploy, too, deploy may rds:DeleteDBInstance on Production`,
    );
  });

  test('a workflow of another repository is another caller', () => {
    expect(both(own, run(subject('StringLike', 'repo:acme/infrastructure:*')))).toMatchObject({ verdict: 'pass', texts: [] });
  });

  test('who starts it may have more than it', () => {
    const launched = (name: string) => role({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: `arn:aws:iam::111122223333:role/${name}` } });
    expect(both({}, launched('launcher')).texts).toContain('agent-cannot-use-the-control-plane unknown: agent is taken on by arn:aws:iam::111122223333:role/launcher, who may take on deploy, too, '
      + 'deploy may rds:DeleteDBInstance on Production; not known: agent gets at what arn:aws:iam::111122223333:role/launcher may do itself');
    expect(both({}, launched('operator'))).toMatchObject({ verdict: 'pass', texts: [] });
  });

  test('without its role it is anybody', () => {
    const open = (Condition?: object) => role({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '*' }, ...(Condition && { Condition }) });
    expect(both({}, open()).texts).toContain('agent-cannot-use-the-control-plane fail: anybody may sts:AssumeRole on deploy, deploy may rds:DeleteDBInstance on Production');
    expect(both({}, open({ StringNotEquals: { 'aws:PrincipalAccount': '444455556666' } })).verdict).toBe('fail');
    expect(both({}, open({ StringEquals: { 'aws:PrincipalOrgID': 'o-abcdef1234' } }))).toMatchObject({ verdict: 'pass', texts: [] });
  });

  test.each<[string, Template['Resources'], string]>([
    ['a bucket', {
      Archive: { Type: 'AWS::S3::Bucket', Properties: {} },
      ArchivePolicy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Archive' }, PolicyDocument: { Statement: { Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: '*' } } } },
    }, 'agents-cannot-alter-their-log fail: anybody may s3:DeleteBucket on Archive'],
    ['a key', {
      Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:*', Resource: '*' }] } } },
    }, 'agent-cannot-use-the-control-plane fail: anybody may kms:ScheduleKeyDeletion on Key'],
  ])('%s that is open to the world is open to it', (_, resources, text) => {
    expect(said(changed(({ Resources }) => { Object.assign(Resources, resources); })).texts).toContain(text);
  });
});

describe('what people accept', () => {
  const accepting = (expires: string) => said(changed((template) => {
    delete template.Resources.Agent!.Properties!.PermissionsBoundary;
    template.Metadata = { 'cdk-agent-db-guardrails-acknowledged': [{ rule: 'agent-cannot-use-the-control-plane', reason: 'because we say so', expires, path: '' }] };
  }), 'Shop.json', undefined, '2026-06-01');

  test('is accepted for a year at most', () => {
    expect(accepting('2027-06-01').verdict).toBe('pass');
    expect(accepting('2027-06-02').texts).toContain(
      'agent-cannot-use-the-control-plane fail: the acknowledgement of agent-cannot-use-the-control-plane (because we say so) expires on 2027-06-02, more than a year from now',
    );
  });
});
