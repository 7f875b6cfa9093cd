import type { IpPermission } from '@aws-sdk/client-ec2';
import type { Call, World } from '../../lib/live/calls';
import { ACCOUNT, demoTemplate, Deployment, REGION, STACK, STACK_ARN } from './fake-deployment';

/** An error as the SDK throws it. */
export function awsError(name: string, message = ''): Error {
  return Object.assign(new Error(message), { name });
}

/**
 * An account to which the demo was deployed, with answers of AWS's shapes. Tests change what is in it (`roles`, `groups`, …) as a
 * person would at the console. Lists come in pages of two.
 */
export class FakeAccount implements World {
  readonly deployment: Deployment;
  readonly asked: { call: Call; input: any }[] = [];
  readonly waits: number[] = [];
  /** Thrown instead of an answer, while it returns something. */
  trouble: (call: Call, input: any) => Error | undefined = () => undefined;

  /** By resource type and identifier: properties, as the Cloud Control API returns them. */
  readonly resources = new Map<string, Record<string, any>>();
  readonly roles: any[];
  readonly policies: any[];
  readonly groups: any[];
  readonly tables: any[];
  readonly databases: any[];
  readonly parameters = new Map<string, Record<string, string>>();
  readonly peerings: any[] = [];
  readonly users: any[] = [];

  constructor(template = demoTemplate()) {
    const stack = this.deployment = new Deployment(template);
    for (const id of stack.logicalIds) this.#addResource(id);
    this.roles = stack.ofType('AWS::IAM::Role').map((id) => {
      const { AssumeRolePolicyDocument, Policies = [], ManagedPolicyArns = [], PermissionsBoundary } = stack.properties(id);
      return {
        RoleName: stack.name(id), Arn: stack.attribute(id, 'Arn'), Path: '/', RoleId: `AROA${id}`, AssumeRolePolicyDocument: encoded(AssumeRolePolicyDocument),
        RolePolicyList: Policies.map(({ PolicyName, PolicyDocument }: any) => ({ PolicyName, PolicyDocument: encoded(PolicyDocument) })),
        AttachedManagedPolicies: ManagedPolicyArns.map((PolicyArn: string) => ({ PolicyArn, PolicyName: PolicyArn.split('/').at(-1) })),
        ...(PermissionsBoundary && { PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: PermissionsBoundary } }),
        InstanceProfileList: stack.ofType('AWS::IAM::InstanceProfile').filter((profile) => stack.properties(profile).Roles.includes(stack.name(id))).map((profile) => ({
          InstanceProfileName: stack.name(profile), Arn: stack.attribute(profile, 'Arn'), Path: '/', Roles: [{ RoleName: stack.name(id) }],
        })),
      };
    });
    this.policies = stack.ofType('AWS::IAM::ManagedPolicy').map((id) => ({
      PolicyName: stack.name(id), Arn: stack.physical(id), Path: '/', DefaultVersionId: 'v2',
      PolicyVersionList: [
        { VersionId: 'v1', IsDefaultVersion: false, Document: encoded({ Version: '2012-10-17', Statement: [] }) },
        { VersionId: 'v2', IsDefaultVersion: true, Document: encoded(stack.properties(id).PolicyDocument) },
      ],
    }));
    this.groups = [
      ...stack.ofType('AWS::EC2::SecurityGroup').map((id) => this.#group(id)),
      ...stack.ofType('AWS::EC2::VPC').map((id) => ({ GroupId: stack.attribute(id, 'DefaultSecurityGroup'), GroupName: 'default', VpcId: stack.physical(id), IpPermissions: [], IpPermissionsEgress: [] })),
    ];
    this.tables = [
      ...stack.ofType('AWS::EC2::RouteTable').map((id) => ({
        RouteTableId: stack.physical(id), VpcId: stack.properties(id).VpcId, Routes: [{ DestinationCidrBlock: '10.0.0.0/8', GatewayId: 'local', State: 'active', Origin: 'CreateRouteTable' }],
        Associations: stack.ofType('AWS::EC2::SubnetRouteTableAssociation').map((one) => stack.properties(one)).filter(({ RouteTableId }) => RouteTableId === stack.physical(id)).map(({ SubnetId }) => ({ SubnetId, Main: false })),
      })),
      ...stack.ofType('AWS::EC2::VPC').map((id) => ({ RouteTableId: `rtb-main${stack.physical(id).slice(-6)}`, VpcId: stack.physical(id), Routes: [], Associations: [{ Main: true }] })),
    ];
    this.databases = stack.ofType('AWS::RDS::DBInstance').map((id) => this.#database(id));
    for (const id of stack.ofType('AWS::RDS::DBParameterGroup')) this.parameters.set(stack.name(id), { ...stack.properties(id).Parameters });
  }

  wait(time: number): Promise<void> {
    this.waits.push(time);
    return Promise.resolve();
  }

  random(): number {
    return 0.5;
  }

  async ask(call: Call, input: any): Promise<any> {
    this.asked.push({ call, input });
    await new Promise((resolve) => { setImmediate(resolve); });
    const error = this.trouble(call, input);
    if (error) throw error;
    return this.#answer(call, input);
  }

  /** What the Cloud Control API has of a resource of the stack, by a part of its logical id. */
  resource(type: string, logicalId: string): Record<string, any> {
    const id = this.id(type, logicalId);
    return this.resources.get(`${type} ${this.#identifier(id)}`)!;
  }

  id(type: string, part: string): string {
    const found = this.deployment.ofType(type).filter((id) => id.includes(part));
    if (found.length === 0) throw new Error(`no ${type} has ${part} in its id`);
    return found[0]!;
  }

  delete(type: string, part: string): void {
    this.resources.delete(`${type} ${this.#identifier(this.id(type, part))}`);
  }

  role(part: string): any {
    return this.roles.find(({ RoleName }) => RoleName === this.deployment.name(this.id('AWS::IAM::Role', part)));
  }

  group(part: string): any {
    return this.groups.find(({ GroupId }) => GroupId === this.deployment.physical(this.id('AWS::EC2::SecurityGroup', part)));
  }

  #answer(call: Call, input: any): any {
    const stack = this.deployment;
    const inVpc = (list: any[]) => list.filter(({ VpcId }) => input.Filters[0].Values.includes(VpcId));
    switch (call) {
      case 'cloudformation:DescribeStacks':
        if (![STACK, STACK_ARN].includes(input.StackName)) throw awsError('ValidationError', `Stack with id ${input.StackName} does not exist`);
        return {
          Stacks: [{
            StackName: STACK, StackId: STACK_ARN, StackStatus: 'UPDATE_COMPLETE', CreationTime: new Date(0),
            Parameters: Object.keys(stack.template.Parameters).map((ParameterKey) => ({ ParameterKey, ParameterValue: '/some/parameter', ResolvedValue: 'ami-0123456789abcdef0' })),
          }],
        };
      case 'cloudformation:GetTemplate': return { TemplateBody: JSON.stringify(stack.template), StagesAvailable: ['Original', 'Processed'] };
      case 'cloudformation:ListStackResources': return page(stack.logicalIds.map((id) => ({
        LogicalResourceId: id, PhysicalResourceId: stack.physical(id), ResourceType: stack.type(id), ResourceStatus: 'CREATE_COMPLETE',
      })), input.NextToken, 'StackResourceSummaries', 'NextToken', 40);
      case 'cloudformation:GetResource': {
        const found = this.resources.get(`${input.TypeName} ${input.Identifier}`);
        if (!found) throw awsError('ResourceNotFoundException', `${input.TypeName} ${input.Identifier} was not found`);
        return { TypeName: input.TypeName, ResourceDescription: { Identifier: input.Identifier, Properties: JSON.stringify(found) } };
      }
      case 'iam:GetAccountAuthorizationDetails': {
        const at = Number(input.Marker ?? 0);
        const more = at + 5 < Math.max(this.roles.length, this.policies.length);
        return {
          RoleDetailList: this.roles.slice(at, at + 5), Policies: this.policies.slice(at, at + 5), UserDetailList: at === 0 ? this.users : [], GroupDetailList: [],
          IsTruncated: more, ...(more && { Marker: String(at + 5) }),
        };
      }
      case 'rds:DescribeDBInstances': {
        const found = this.databases.filter(({ DBInstanceIdentifier }) => DBInstanceIdentifier === input.DBInstanceIdentifier);
        if (found.length === 0) throw awsError('DBInstanceNotFound', 'DBInstance not found');
        return { DBInstances: found };
      }
      case 'rds:DescribeDBParameters': return page(Object.entries(this.parameters.get(input.DBParameterGroupName) ?? {}).map(([ParameterName, ParameterValue]) =>
        ({ ParameterName, ParameterValue, Source: 'user' })), input.Marker, 'Parameters', 'Marker', 10);
      case 'ec2:DescribeVpcs': return { Vpcs: inVpc(stack.ofType('AWS::EC2::VPC').map((id) => ({ VpcId: stack.physical(id), CidrBlock: stack.properties(id).CidrBlock }))) };
      case 'ec2:DescribeSubnets': return page(inVpc(stack.ofType('AWS::EC2::Subnet').map((id) => ({ SubnetId: stack.physical(id), ...stack.properties(id) }) as any)), input.NextToken, 'Subnets', 'NextToken', 2);
      case 'ec2:DescribeSecurityGroups': return page(inVpc(this.groups), input.NextToken, 'SecurityGroups', 'NextToken', 5);
      case 'ec2:DescribeRouteTables': return page(inVpc(this.tables), input.NextToken, 'RouteTables', 'NextToken', 3);
      case 'ec2:DescribeNetworkAcls': return { NetworkAcls: [] };
      case 'ec2:DescribeVpcEndpoints': return {
        VpcEndpoints: inVpc(stack.ofType('AWS::EC2::VPCEndpoint').map((id) => {
          const { SecurityGroupIds = [], PolicyDocument, ...rest } = stack.properties(id);
          return { VpcEndpointId: stack.physical(id), State: 'available', ...rest, PolicyDocument: JSON.stringify(PolicyDocument), Groups: SecurityGroupIds.map((GroupId: string) => ({ GroupId, GroupName: 'x' })), RouteTableIds: [] } as any;
        })),
      };
      case 'ec2:DescribeVpcPeeringConnections': return {
        VpcPeeringConnections: this.peerings.filter((one) => input.Filters[0].Values.includes((input.Filters[0].Name.startsWith('requester') ? one.RequesterVpcInfo : one.AccepterVpcInfo).VpcId)),
      };
      case 'ec2:DescribeInstances': return {
        Reservations: stack.ofType('AWS::EC2::Instance').map((id) => {
          const { SubnetId, SecurityGroupIds, IamInstanceProfile } = stack.properties(id);
          return { Instances: [{ InstanceId: stack.physical(id), State: { Name: 'running' }, SubnetId, SecurityGroups: SecurityGroupIds.map((GroupId: string) => ({ GroupId })), IamInstanceProfile: { Arn: `arn:aws:iam::${ACCOUNT}:instance-profile/${IamInstanceProfile}` } }] };
        }),
      };
      default: return {};
    }
  }

  /** How the Cloud Control API is asked for a resource. */
  #identifier(id: string): string {
    const stack = this.deployment;
    const properties = stack.properties(id);
    switch (stack.type(id)) {
      case 'AWS::Logs::SubscriptionFilter': return `${stack.name(id)}|${properties.LogGroupName}`;
      case 'AWS::Logs::MetricFilter': return `${properties.LogGroupName}|${stack.name(id)}`;
      case 'AWS::S3::BucketPolicy': return properties.Bucket;
      case 'AWS::SNS::TopicPolicy': return properties.Topics[0];
      case 'AWS::SQS::QueuePolicy': return properties.Queues[0];
      case 'AWS::Events::Rule': return stack.attribute(id, 'Arn');
      default: return stack.physical(id);
    }
  }

  #addResource(id: string): void {
    const type = this.deployment.type(id);
    const as = ({ 'AWS::SNS::TopicPolicy': 'AWS::SNS::TopicInlinePolicy', 'AWS::SQS::QueuePolicy': 'AWS::SQS::QueueInlinePolicy' } as Record<string, string>)[type] ?? type;
    const properties = this.deployment.properties(id);
    // AWS returns lists in its own order.
    const reordered = Array.isArray(properties.Dimensions) ? { ...properties, Dimensions: [...properties.Dimensions].reverse() } : properties;
    this.resources.set(`${as} ${this.#identifier(id)}`, reordered);
    if (as !== type) this.resources.set(`${type} ${this.#identifier(id)}`, reordered);
  }

  #group(id: string): any {
    const stack = this.deployment;
    const GroupId = stack.physical(id);
    const { VpcId, GroupDescription, SecurityGroupIngress = [], SecurityGroupEgress } = stack.properties(id);
    const standalone = (type: string) => stack.ofType(type).map((one) => stack.properties(one)).filter((rule) => rule.GroupId === GroupId);
    return {
      GroupId, GroupName: stack.name(id), VpcId, Description: GroupDescription,
      IpPermissions: [...SecurityGroupIngress, ...standalone('AWS::EC2::SecurityGroupIngress')].map(permission),
      IpPermissionsEgress: [...(SecurityGroupEgress ?? [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }]), ...standalone('AWS::EC2::SecurityGroupEgress')].map(permission),
    };
  }

  #database(id: string): any {
    const stack = this.deployment;
    const own = stack.properties(id);
    const source = own.SourceDBInstanceIdentifier;
    const subnets = stack.ofType('AWS::RDS::DBSubnetGroup').find((group) => stack.name(group) === own.DBSubnetGroupName);
    const subnet = stack.ofType('AWS::EC2::Subnet').find((one) => stack.physical(one) === stack.properties(subnets!).SubnetIds[0]);
    return {
      DBInstanceIdentifier: stack.name(id), DBInstanceArn: stack.attribute(id, 'DBInstanceArn'), DbiResourceId: stack.attribute(id, 'DbiResourceId'), DBInstanceStatus: 'available',
      Endpoint: { Address: stack.attribute(id, 'Endpoint.Address'), Port: Number(own.Port ?? 5432) },
      ...(own.ManageMasterUserPassword && { MasterUserSecret: { SecretArn: stack.attribute(id, 'MasterUserSecret.SecretArn'), SecretStatus: 'active' } }),
      DBInstanceClass: own.DBInstanceClass, Engine: own.Engine ?? 'postgres', EngineVersion: own.EngineVersion ?? '17.9', BackupRetentionPeriod: own.BackupRetentionPeriod ?? 0,
      DeletionProtection: own.DeletionProtection ?? false, PubliclyAccessible: own.PubliclyAccessible ?? false, StorageEncrypted: own.StorageEncrypted ?? true, KmsKeyId: own.KmsKeyId,
      MultiAZ: own.MultiAZ ?? false, CopyTagsToSnapshot: own.CopyTagsToSnapshot ?? false, IAMDatabaseAuthenticationEnabled: own.EnableIAMDatabaseAuthentication ?? false,
      EnabledCloudwatchLogsExports: [...(own.EnableCloudwatchLogsExports ?? [])].reverse(), MonitoringInterval: own.MonitoringInterval, MonitoringRoleArn: own.MonitoringRoleArn,
      VpcSecurityGroups: own.VPCSecurityGroups.map((VpcSecurityGroupId: string) => ({ VpcSecurityGroupId, Status: 'active' })),
      DBParameterGroups: [{ DBParameterGroupName: own.DBParameterGroupName, ParameterApplyStatus: 'in-sync' }],
      DBSubnetGroup: { DBSubnetGroupName: own.DBSubnetGroupName, VpcId: stack.properties(subnet!).VpcId },
      ...(source && { ReadReplicaSourceDBInstanceIdentifier: source }),
    };
  }
}

/** IAM's own encoding of documents. */
export const encoded = (document: unknown): string => encodeURIComponent(JSON.stringify(document));

export function permission({ IpProtocol, FromPort, ToPort, CidrIp, CidrIpv6, SourceSecurityGroupId, DestinationSecurityGroupId, SourcePrefixListId, DestinationPrefixListId, Description }: any): IpPermission {
  const group = SourceSecurityGroupId ?? DestinationSecurityGroupId;
  const list = SourcePrefixListId ?? DestinationPrefixListId;
  return {
    IpProtocol: String(IpProtocol), ...(FromPort !== undefined && { FromPort: Number(FromPort) }), ...(ToPort !== undefined && { ToPort: Number(ToPort) }),
    IpRanges: CidrIp ? [{ CidrIp, Description }] : [], Ipv6Ranges: CidrIpv6 ? [{ CidrIpv6, Description }] : [], PrefixListIds: list ? [{ PrefixListId: list }] : [],
    UserIdGroupPairs: group ? [{ GroupId: group, UserId: ACCOUNT, Description }] : [],
  };
}

function page(list: readonly unknown[], token: string | undefined, name: string, tokenName: string, size: number): object {
  const at = Number(token ?? 0);
  return { [name]: list.slice(at, at + size), ...(at + size < list.length && { [tokenName]: String(at + size) }) };
}

export { REGION, STACK };
