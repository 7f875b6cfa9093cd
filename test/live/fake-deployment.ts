import { createHash } from 'node:crypto';
import { App } from 'aws-cdk-lib';
import cdkJson from '../../cdk.json';
import { addEnvironments } from '../../lib/guardrails-app';

export interface Template {
  Resources: Record<string, { Type: string; Properties: Record<string, any> }>;
  [section: string]: any;
}

export const [ACCOUNT, REGION, STACK] = ['111122223333', 'eu-central-1', 'agent-db-guardrails-demo'];
export const STACK_ARN = `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/${STACK}/5f0c1d2e-1111-2222-3333-444455556666`;

/** The template of the demo, as CloudFormation would be given it. */
export function demoTemplate(): Template {
  const app = new App({ context: { ...cdkJson.context, env: 'demo' } });
  addEnvironments(app, { deploymentId: 'test' });
  const [stack] = app.synth().stacks;
  return stack!.template as Template;
}

const hex = (text: string, length = 17) => createHash('sha256').update(text).digest('hex').slice(0, length);
const uuid = (text: string) => hex(text, 32).replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');

/** What CloudFormation calls a resource: a number of EC2, a name made of the stack's, or the name that the template gives. */
const PREFIXES: Record<string, string> = {
  'AWS::EC2::VPC': 'vpc', 'AWS::EC2::Subnet': 'subnet', 'AWS::EC2::RouteTable': 'rtb', 'AWS::EC2::SecurityGroup': 'sg', 'AWS::EC2::VPCEndpoint': 'vpce', 'AWS::EC2::Instance': 'i',
  'AWS::EC2::SubnetRouteTableAssociation': 'rtbassoc', 'AWS::EC2::SecurityGroupIngress': 'sgr', 'AWS::EC2::SecurityGroupEgress': 'sgr', 'AWS::EC2::FlowLog': 'fl', 'AWS::EC2::NetworkInsightsAccessScope': 'nis',
};
const NAMES: Record<string, string> = {
  'AWS::RDS::DBInstance': 'DBInstanceIdentifier', 'AWS::Logs::LogGroup': 'LogGroupName', 'AWS::KinesisFirehose::DeliveryStream': 'DeliveryStreamName', 'AWS::Backup::BackupVault': 'BackupVaultName',
  'AWS::Backup::LogicallyAirGappedBackupVault': 'BackupVaultName', 'AWS::IAM::Role': 'RoleName', 'AWS::Logs::SubscriptionFilter': 'FilterName', 'AWS::Logs::MetricFilter': 'FilterName',
  'AWS::CloudWatch::Alarm': 'AlarmName', 'AWS::S3::Bucket': 'BucketName', 'AWS::SNS::Topic': 'TopicName', 'AWS::SQS::Queue': 'QueueName', 'AWS::Lambda::Function': 'FunctionName', 'AWS::Logs::LogStream': 'LogStreamName',
};

/** A stack as CloudFormation made it: an independent, small resolver of what the demo's template uses. */
export class Deployment {
  constructor(readonly template: Template) {}

  /** The resources that exist: the condition of the metadata is met in this Region, and it is nothing that anybody reads. */
  get logicalIds(): string[] {
    return Object.keys(this.template.Resources).filter((id) => this.template.Resources[id]!.Type !== 'AWS::CDK::Metadata');
  }

  ofType(type: string): string[] {
    return this.logicalIds.filter((id) => this.type(id) === type);
  }

  type(id: string): string {
    return this.template.Resources[id]!.Type;
  }

  /** Properties with every function worked out. */
  properties(id: string): Record<string, any> {
    return this.resolve(this.template.Resources[id]!.Properties ?? {});
  }

  name(id: string): string {
    const type = this.type(id);
    const given = NAMES[type] && this.template.Resources[id]!.Properties?.[NAMES[type]];
    const made = `${STACK}-${id}`.slice(0, 50) + `-${hex(id, 12)}`;
    return given === undefined ? (/^AWS::(S3|RDS)::/.test(type) ? made.toLowerCase() : made) : this.resolve(given);
  }

  physical(id: string): string {
    const type = this.type(id);
    if (PREFIXES[type]) return `${PREFIXES[type]}-0${hex(id, 16)}`;
    switch (type) {
      case 'AWS::KMS::Key': return uuid(id);
      case 'AWS::Backup::BackupPlan': return uuid(id);
      case 'AWS::Backup::BackupSelection': return `${uuid(id)}_${this.properties(id).BackupPlanId}`;
      case 'AWS::SNS::Topic': return this.attribute(id, 'Arn');
      case 'AWS::SQS::Queue': return `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${this.name(id)}`;
      case 'AWS::IAM::ManagedPolicy': return this.attribute(id, 'Arn');
      default: return this.name(id);
    }
  }

  attribute(id: string, attribute: string): any {
    const arn = (service: string, rest: string, region = REGION) => `arn:aws:${service}:${region}:${ACCOUNT}:${rest}`;
    const name = () => this.name(id);
    switch (`${this.type(id)} ${attribute}`) {
      case 'AWS::KMS::Key Arn': return arn('kms', `key/${this.physical(id)}`);
      case 'AWS::S3::Bucket Arn': return `arn:aws:s3:::${name()}`;
      case 'AWS::SNS::Topic Arn': case 'AWS::SNS::Topic TopicArn': return arn('sns', name());
      case 'AWS::SQS::Queue Arn': return arn('sqs', name());
      case 'AWS::IAM::Role Arn': return arn('iam', `role/${name()}`, '');
      case 'AWS::IAM::ManagedPolicy Arn': return arn('iam', `policy/${name()}`, '');
      case 'AWS::IAM::InstanceProfile Arn': return arn('iam', `instance-profile/${name()}`, '');
      case 'AWS::Lambda::Function Arn': return arn('lambda', `function:${name()}`);
      case 'AWS::Logs::LogGroup Arn': return arn('logs', `log-group:${name()}:*`);
      case 'AWS::KinesisFirehose::DeliveryStream Arn': return arn('firehose', `deliverystream/${name()}`);
      case 'AWS::CloudWatch::Alarm Arn': return arn('cloudwatch', `alarm:${name()}`);
      case 'AWS::Events::Rule Arn': return arn('events', `rule/${name()}`);
      case 'AWS::Backup::BackupVault BackupVaultArn': case 'AWS::Backup::LogicallyAirGappedBackupVault BackupVaultArn': return arn('backup', `backup-vault:${name()}`);
      case 'AWS::RDS::DBInstance DBInstanceArn': return arn('rds', `db:${name()}`);
      case 'AWS::RDS::DBInstance DbiResourceId': return `db-${hex(id, 26).toUpperCase()}`;
      case 'AWS::RDS::DBInstance Endpoint.Address': return `${name()}.c${hex('account', 11)}.${REGION}.rds.amazonaws.com`;
      case 'AWS::RDS::DBInstance MasterUserSecret.SecretArn': return arn('secretsmanager', `secret:rds!db-${uuid(`${id} secret`)}-AbCdEf`);
      case 'AWS::EC2::VPC DefaultSecurityGroup': return `sg-0${hex(`${id} default`, 16)}`;
      case 'AWS::EC2::VPCEndpoint DnsEntries': return [`Z1:${this.physical(id)}.vpce.amazonaws.com`];
      case 'AWS::SNS::Topic TopicName': case 'AWS::Backup::BackupVault BackupVaultName': case 'AWS::Backup::LogicallyAirGappedBackupVault BackupVaultName': return name();
      default:
        if (attribute === 'GroupId') return this.physical(id);
        if (this.type(id).startsWith('Custom::')) return `${attribute} of ${id}`;
        throw new Error(`the fake does not know ${this.type(id)} ${attribute}`);
    }
  }

  resolve(value: any): any {
    if (Array.isArray(value)) return value.map((entry) => this.resolve(entry));
    if (typeof value !== 'object' || value === null) return value;
    const [key = '', argument] = Object.entries(value)[0] ?? [];
    if (Object.keys(value).length === 1) {
      switch (key) {
        case 'Ref': return this.ref(argument as string);
        case 'Fn::GetAtt': return Array.isArray(argument) ? this.attribute(argument[0], argument[1]) : undefined;
        case 'Fn::Join': return this.resolve((argument as any)[1]).join((argument as any)[0]);
        case 'Fn::Split': return this.resolve((argument as any)[1]).split((argument as any)[0]);
        case 'Fn::Select': return this.resolve((argument as any)[1])[Number((argument as any)[0])];
        case 'Fn::GetAZs': return ['a', 'b', 'c'].map((zone) => `${REGION}${zone}`);
        case 'Fn::Sub': return (argument as string).replace(/\$\{([^}.]+)(?:\.([^}]+))?\}/g, (_, name: string, attribute?: string) => attribute ? this.attribute(name, attribute) : this.ref(name));
        default:
      }
    }
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, this.resolve(entry)]));
  }

  private ref(name: string): string {
    const pseudo: Record<string, string> = { 'AWS::AccountId': ACCOUNT, 'AWS::Region': REGION, 'AWS::Partition': 'aws', 'AWS::URLSuffix': 'amazonaws.com', 'AWS::StackId': STACK_ARN, 'AWS::StackName': STACK };
    if (pseudo[name]) return pseudo[name];
    if (this.template.Parameters?.[name]) return 'ami-0123456789abcdef0';
    return this.physical(name);
  }
}
