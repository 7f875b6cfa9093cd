/**
 * How each type of resource is named: what `Ref` returns, its ARN, and attributes that are made of other parts. From the
 * "Return values" sections of the CloudFormation reference and the resource types of the Service Authorization Reference.
 *
 * `{Name}` is the property, or generated where it is not set; `{Name|/}` has a default; `{Name~lower}` goes through a filter
 * of `identities.ts`; `<Name>` is always generated; `{@arn}` is the ARN. An attribute that is not listed is the property of
 * the same name, or generated.
 */
export interface Naming {
  readonly ref: string;
  readonly arn?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

const regional = (service: string, resource: string) => `arn:{@partition}:${service}:{@region}:{@account}:${resource}`;
const global = (service: string, resource: string) => `arn:{@partition}:${service}::{@account}:${resource}`;

/** `Ref` is a name or an id; the attribute that is the ARN has its own name in many types. */
const named = (ref: string, arn: string, arnAttribute = 'Arn', attributes: Record<string, string> = {}): Naming => ({
  ref, arn, attributes: { [arnAttribute]: '{@arn}', ...attributes },
});
/** `Ref` is the ARN. */
const byArn = (arn: string, arnAttribute = 'Arn', attributes: Record<string, string> = {}): Naming => named('{@arn}', arn, arnAttribute, attributes);
const ec2 = (kind: string, id: string, attributes: Record<string, string> = {}): Naming => ({
  ref: `<${id}>`, arn: regional('ec2', `${kind}/<${id}>`), attributes: { [id]: `<${id}>`, Id: `<${id}>`, ...attributes },
});
const lattice = (kind: string): Naming => byArn(regional('vpc-lattice', `${kind}/<Id>`), 'Arn', { Id: '<Id>' });
const rdsSecret = { 'MasterUserSecret.SecretArn': regional('secretsmanager', 'secret:rds!<MasterUserSecret>') };
const databaseInstance = named('{DBInstanceIdentifier~lower}', regional('rds', 'db:{DBInstanceIdentifier~lower}'), 'DBInstanceArn', {
  DbiResourceId: 'db-<DbiResourceId>', ...rdsSecret,
});
const databaseCluster = named('{DBClusterIdentifier~lower}', regional('rds', 'cluster:{DBClusterIdentifier~lower}'), 'DBClusterArn', {
  DBClusterResourceId: 'cluster-<DBClusterResourceId>', ClusterResourceId: 'cluster-<DBClusterResourceId>', ...rdsSecret,
});
const vault = named('{BackupVaultName}', regional('backup', 'backup-vault:{BackupVaultName}'), 'BackupVaultArn');
const key = named('<KeyId>', regional('kms', 'key/<KeyId>'), 'Arn', { KeyId: '<KeyId>' });
const table = named('{TableName}', regional('dynamodb', 'table/{TableName}'), 'Arn', { StreamArn: regional('dynamodb', 'table/{TableName}/stream/<StreamLabel>') });

export const NAMINGS: Readonly<Record<string, Naming>> = {
  'AWS::IAM::Role': named('{RoleName}', global('iam', 'role{Path|/}{RoleName}')),
  'AWS::IAM::User': named('{UserName}', global('iam', 'user{Path|/}{UserName}')),
  'AWS::IAM::Group': named('{GroupName}', global('iam', 'group{Path|/}{GroupName}')),
  'AWS::IAM::ManagedPolicy': byArn(global('iam', 'policy{Path|/}{ManagedPolicyName}'), 'PolicyArn'),
  'AWS::IAM::InstanceProfile': named('{InstanceProfileName}', global('iam', 'instance-profile{Path|/}{InstanceProfileName}')),
  'AWS::IAM::OIDCProvider': byArn(global('iam', 'oidc-provider/{Url~host}')),
  'AWS::IAM::SAMLProvider': byArn(global('iam', 'saml-provider/{Name}')),

  'AWS::RDS::DBInstance': databaseInstance,
  'AWS::RDS::DBCluster': databaseCluster,
  'AWS::RDS::GlobalCluster': named('{GlobalClusterIdentifier~lower}', global('rds', 'global-cluster:{GlobalClusterIdentifier~lower}')),
  'AWS::RDS::DBSnapshot': named('{DBSnapshotIdentifier~lower}', regional('rds', 'snapshot:{DBSnapshotIdentifier~lower}'), 'DBSnapshotArn'),
  'AWS::RDS::DBParameterGroup': named('{DBParameterGroupName~lower}', regional('rds', 'pg:{DBParameterGroupName~lower}'), 'DBParameterGroupArn'),
  'AWS::RDS::DBClusterParameterGroup': named('{DBClusterParameterGroupName~lower}', regional('rds', 'cluster-pg:{DBClusterParameterGroupName~lower}')),
  'AWS::RDS::DBSubnetGroup': named('{DBSubnetGroupName~lower}', regional('rds', 'subgrp:{DBSubnetGroupName~lower}')),
  'AWS::RDS::OptionGroup': named('{OptionGroupName~lower}', regional('rds', 'og:{OptionGroupName~lower}')),
  'AWS::RDS::EventSubscription': named('{SubscriptionName}', regional('rds', 'es:{SubscriptionName}')),
  'AWS::RDS::DBProxy': named('{DBProxyName}', regional('rds', 'db-proxy:prx-<DBProxyId>'), 'DBProxyArn'),
  'AWS::RDS::DBProxyEndpoint': named('{DBProxyEndpointName}', regional('rds', 'db-proxy-endpoint:prx-endpoint-<DBProxyEndpointId>'), 'DBProxyEndpointArn'),
  'AWS::DocDB::DBInstance': databaseInstance,
  'AWS::DocDB::DBCluster': databaseCluster,
  'AWS::Neptune::DBInstance': databaseInstance,
  'AWS::Neptune::DBCluster': databaseCluster,

  'AWS::KMS::Key': key,
  'AWS::KMS::ReplicaKey': key,
  'AWS::KMS::Alias': named('{AliasName}', regional('kms', '{AliasName}')),
  'AWS::S3::Bucket': named('{BucketName}', 'arn:{@partition}:s3:::{BucketName}', 'Arn', { DomainName: '{BucketName}.s3.amazonaws.com' }),
  // Secrets Manager adds a hyphen and six random characters.
  'AWS::SecretsManager::Secret': byArn(regional('secretsmanager', 'secret:{Name}-<Suffix>'), 'Id'),
  'AWS::SecretsManager::SecretTargetAttachment': { ref: '{SecretId}' },
  'AWS::SecretsManager::RotationSchedule': { ref: '{SecretId}' },
  'AWS::SecretsManager::ResourcePolicy': { ref: '{SecretId}' },
  'AWS::SSM::Document': named('{Name}', regional('ssm', 'document/{Name}')),
  'AWS::SSM::Parameter': named('{Name}', regional('ssm', 'parameter{Name~slash}')),

  'AWS::SNS::Topic': byArn(regional('sns', '{TopicName}'), 'TopicArn'),
  'AWS::SQS::Queue': named('https://sqs.{@region}.{@suffix}/{@account}/{QueueName}', regional('sqs', '{QueueName}'), 'Arn', {
    QueueUrl: 'https://sqs.{@region}.{@suffix}/{@account}/{QueueName}',
  }),
  'AWS::Events::Rule': named('{Name}', regional('events', 'rule/{EventBusName~bus}{Name}')),
  'AWS::Events::EventBus': named('{Name}', regional('events', 'event-bus/{Name}')),
  'AWS::Scheduler::Schedule': named('{Name}', regional('scheduler', 'schedule/{GroupName|default}/{Name}')),
  'AWS::Kinesis::Stream': named('{Name}', regional('kinesis', 'stream/{Name}')),
  'AWS::KinesisFirehose::DeliveryStream': named('{DeliveryStreamName}', regional('firehose', 'deliverystream/{DeliveryStreamName}')),
  'AWS::Logs::LogGroup': named('{LogGroupName}', regional('logs', 'log-group:{LogGroupName}:*')),
  'AWS::Logs::LogStream': { ref: '{LogStreamName}' },
  'AWS::Logs::Destination': named('{DestinationName}', regional('logs', 'destination:{DestinationName}')),
  'AWS::CloudWatch::Alarm': named('{AlarmName}', regional('cloudwatch', 'alarm:{AlarmName}')),
  'AWS::CloudTrail::Trail': named('{TrailName}', regional('cloudtrail', 'trail/{TrailName}')),

  'AWS::Backup::BackupVault': vault,
  'AWS::Backup::LogicallyAirGappedBackupVault': vault,
  'AWS::Backup::BackupPlan': named('<BackupPlanId>', regional('backup', 'backup-plan:<BackupPlanId>'), 'BackupPlanArn', { BackupPlanId: '<BackupPlanId>' }),
  'AWS::Backup::RestoreTestingPlan': named('{RestoreTestingPlanName}', regional('backup', 'restore-testing-plan:{RestoreTestingPlanName}-<Suffix>'), 'RestoreTestingPlanArn'),

  'AWS::Lambda::Function': named('{FunctionName}', regional('lambda', 'function:{FunctionName}')),
  'AWS::Lambda::Version': byArn(regional('lambda', 'function:{FunctionName~function}:<Version>'), 'FunctionArn', { Version: '<Version>' }),
  'AWS::Lambda::Alias': byArn(regional('lambda', 'function:{FunctionName~function}:{Name}'), 'AliasArn'),
  'AWS::Lambda::LayerVersion': byArn(regional('lambda', 'layer:{LayerName}:<Version>'), 'LayerVersionArn'),
  'AWS::Lambda::EventSourceMapping': named('<Id>', regional('lambda', 'event-source-mapping:<Id>'), 'EventSourceMappingArn', { Id: '<Id>' }),
  'AWS::StepFunctions::StateMachine': byArn(regional('states', 'stateMachine:{StateMachineName}'), 'Arn', { Name: '{StateMachineName}' }),
  'AWS::CodeBuild::Project': named('{Name}', regional('codebuild', 'project/{Name}')),
  'AWS::CloudFormation::Stack': byArn(regional('cloudformation', 'stack/<StackName>/<StackId>'), 'StackId'),
  'AWS::ECR::Repository': named('{RepositoryName}', regional('ecr', 'repository/{RepositoryName}')),
  'AWS::ECS::Cluster': named('{ClusterName}', regional('ecs', 'cluster/{ClusterName}')),
  'AWS::ECS::TaskDefinition': byArn(regional('ecs', 'task-definition/{Family}:<Revision>'), 'TaskDefinitionArn'),
  'AWS::ECS::Service': byArn(regional('ecs', 'service/{Cluster~last}/{ServiceName}'), 'ServiceArn', { Name: '{ServiceName}' }),
  'AWS::EKS::Cluster': named('{Name}', regional('eks', 'cluster/{Name}')),
  'AWS::Glue::Job': named('{Name}', regional('glue', 'job/{Name}')),
  'AWS::DynamoDB::Table': table,
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::EFS::FileSystem': named('<FileSystemId>', regional('elasticfilesystem', 'file-system/<FileSystemId>'), 'Arn', { FileSystemId: '<FileSystemId>' }),
  'AWS::OpenSearchService::Domain': named('{DomainName}', regional('es', 'domain/{DomainName}')),
  'AWS::Redshift::Cluster': named('{ClusterIdentifier~lower}', regional('redshift', 'cluster:{ClusterIdentifier~lower}')),

  'AWS::ElasticLoadBalancingV2::LoadBalancer': byArn(regional('elasticloadbalancing', 'loadbalancer/{Type~balancer}/{Name}/<Id>'), 'LoadBalancerArn'),
  'AWS::ElasticLoadBalancingV2::TargetGroup': byArn(regional('elasticloadbalancing', 'targetgroup/{Name}/<Id>'), 'TargetGroupArn'),
  'AWS::ElasticLoadBalancingV2::Listener': byArn(regional('elasticloadbalancing', 'listener/<Id>'), 'ListenerArn'),
  'AWS::VpcLattice::Service': lattice('service'),
  'AWS::VpcLattice::ServiceNetwork': lattice('servicenetwork'),
  'AWS::VpcLattice::TargetGroup': lattice('targetgroup'),
  'AWS::VpcLattice::ResourceConfiguration': lattice('resourceconfiguration'),
  'AWS::VpcLattice::ResourceGateway': lattice('resourcegateway'),

  'AWS::EC2::VPC': ec2('vpc', 'VpcId'),
  'AWS::EC2::Subnet': ec2('subnet', 'SubnetId'),
  'AWS::EC2::SecurityGroup': ec2('security-group', 'GroupId'),
  'AWS::EC2::Instance': ec2('instance', 'InstanceId'),
  'AWS::EC2::VPCEndpoint': ec2('vpc-endpoint', 'VpcEndpointId'),
  'AWS::EC2::VPCEndpointService': ec2('vpc-endpoint-service', 'ServiceId'),
  'AWS::EC2::RouteTable': ec2('route-table', 'RouteTableId'),
  'AWS::EC2::NetworkAcl': ec2('network-acl', 'NetworkAclId'),
  'AWS::EC2::NetworkInterface': ec2('network-interface', 'NetworkInterfaceId'),
  'AWS::EC2::InternetGateway': ec2('internet-gateway', 'InternetGatewayId'),
  'AWS::EC2::EgressOnlyInternetGateway': ec2('egress-only-internet-gateway', 'EgressOnlyInternetGatewayId'),
  'AWS::EC2::NatGateway': ec2('natgateway', 'NatGatewayId'),
  'AWS::EC2::VPCPeeringConnection': ec2('vpc-peering-connection', 'VpcPeeringConnectionId'),
  'AWS::EC2::TransitGateway': ec2('transit-gateway', 'TransitGatewayId'),
  'AWS::EC2::TransitGatewayAttachment': ec2('transit-gateway-attachment', 'TransitGatewayAttachmentId'),
  'AWS::EC2::TransitGatewayVpcAttachment': ec2('transit-gateway-attachment', 'TransitGatewayAttachmentId'),
  'AWS::EC2::VPNGateway': ec2('vpn-gateway', 'VPNGatewayId'),
  'AWS::EC2::VPNConnection': ec2('vpn-connection', 'VpnConnectionId'),
  'AWS::EC2::PrefixList': ec2('prefix-list', 'PrefixListId'),
  'AWS::EC2::LaunchTemplate': ec2('launch-template', 'LaunchTemplateId'),
  'AWS::EC2::Volume': ec2('volume', 'VolumeId'),
  'AWS::EC2::InstanceConnectEndpoint': ec2('instance-connect-endpoint', 'InstanceConnectEndpointId'),
};
