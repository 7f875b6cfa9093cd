import { statementsOf, type Statement } from '../policy-document';
import type { Value } from '../model';
import { accessLevel, allActions } from './actions';

/**
 * What AWS-managed policies allow, by name with path, as the AWS Managed Policy Reference has them. Shortened with wildcards,
 * and without conditions that only narrow them: never less than AWS's own, at times more. One that is not here is not known,
 * and may allow anything.
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/about-managed-policy-reference.html
 */
const POLICIES: Readonly<Record<string, () => readonly Allowed[]>> = {
  'AdministratorAccess': () => [{ actions: ['*'] }],
  'PowerUserAccess': () => [
    { except: ['iam:*', 'organizations:*', 'account:*'] },
    { actions: ['iam:CreateServiceLinkedRole', 'iam:DeleteServiceLinkedRole', 'iam:ListRoles', 'organizations:Describe*', 'organizations:List*', 'account:Get*', 'account:List*'] },
  ],
  'ReadOnlyAccess': reading,
  'SecurityAudit': reading,
  'job-function/ViewOnlyAccess': reading,
  'IAMFullAccess': () => [{ actions: ['iam:*', 'organizations:Describe*', 'organizations:List*'] }],
  'IAMReadOnlyAccess': () => [{ actions: ['iam:Generate*', 'iam:Get*', 'iam:List*', 'iam:Simulate*'] }],
  'AmazonRDSFullAccess': () => [{
    actions: [
      'rds:*', 'application-autoscaling:*', 'cloudwatch:*', 'ec2:Describe*', 'ec2:GetCoipPoolUsage', 'sns:*', 'logs:DescribeLogStreams', 'logs:GetLogEvents',
      'outposts:GetOutpostInstanceTypes', 'devops-guru:GetResourceCollection', 'pi:*', 'iam:CreateServiceLinkedRole', 'secretsmanager:ListSecrets',
    ],
  }],
  'AmazonRDSReadOnlyAccess': () => [{ actions: ['rds:Describe*', 'rds:ListTagsForResource', 'ec2:Describe*', 'cloudwatch:Get*', 'cloudwatch:List*', 'logs:Describe*', 'logs:GetLogEvents', 'devops-guru:GetResourceCollection'] }],
  'AmazonRDSDataFullAccess': () => [
    { actions: ['secretsmanager:GetSecretValue', 'secretsmanager:PutResourcePolicy', 'secretsmanager:PutSecretValue', 'secretsmanager:DeleteSecret', 'secretsmanager:DescribeSecret', 'secretsmanager:TagResource'], resources: ['arn:aws:secretsmanager:*:*:secret:rds-db-credentials/*'] },
    { actions: ['dbqms:*', 'rds-data:*', 'secretsmanager:CreateSecret', 'secretsmanager:ListSecrets', 'secretsmanager:GetRandomPassword', 'tag:GetResources'] },
  ],
  'SecretsManagerReadWrite': () => [{
    actions: [
      'secretsmanager:*', 'cloudformation:CreateChangeSet', 'cloudformation:DescribeChangeSet', 'cloudformation:DescribeStackResource', 'cloudformation:DescribeStacks',
      'cloudformation:ExecuteChangeSet', 'docdb-elastic:GetCluster', 'docdb-elastic:ListClusters', 'ec2:Describe*', 'kms:DescribeKey', 'kms:ListAliases', 'kms:ListKeys',
      'lambda:ListFunctions', 'rds:DescribeDBClusters', 'rds:DescribeDBInstances', 'redshift:DescribeClusters', 'redshift-serverless:List*', 'redshift-serverless:Get*', 'tag:GetResources',
    ],
  }, {
    actions: ['lambda:AddPermission', 'lambda:CreateFunction', 'lambda:GetFunction', 'lambda:InvokeFunction', 'lambda:UpdateFunctionConfiguration'],
    resources: ['arn:aws:lambda:*:*:function:SecretsManager*'],
  }, {
    actions: ['serverlessrepo:CreateCloudFormationChangeSet', 'serverlessrepo:GetApplication'], resources: ['arn:aws:serverlessrepo:*:*:applications/SecretsManager*'],
  }, { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::awsserverlessrepo-changesets*', 'arn:aws:s3:::secrets-manager-rotation-apps-*/*'] }],
  'AmazonSSMManagedInstanceCore': () => [{
    actions: [
      'ssm:DescribeAssociation', 'ssm:GetDeployablePatchSnapshotForInstance', 'ssm:GetDocument', 'ssm:DescribeDocument', 'ssm:GetManifest', 'ssm:GetParameter', 'ssm:GetParameters',
      'ssm:ListAssociations', 'ssm:ListInstanceAssociations', 'ssm:PutInventory', 'ssm:PutComplianceItems', 'ssm:PutConfigurePackageResult', 'ssm:UpdateAssociationStatus',
      'ssm:UpdateInstanceAssociationStatus', 'ssm:UpdateInstanceInformation', 'ssmmessages:*', 'ec2messages:*',
    ],
  }],
  'AmazonSSMFullAccess': () => [{
    actions: [
      'ssm:*', 'ssmmessages:*', 'ec2messages:*', 'cloudwatch:PutMetricData', 'ds:CreateComputer', 'ds:DescribeDirectories', 'ec2:DescribeInstanceStatus', 'logs:*',
      'iam:CreateServiceLinkedRole', 'iam:DeleteServiceLinkedRole', 'iam:GetServiceLinkedRoleDeletionStatus',
    ],
  }],
  'AmazonSSMReadOnlyAccess': () => [{ actions: ['ssm:Describe*', 'ssm:Get*', 'ssm:List*'] }],
  'AWSLambda_FullAccess': () => [{
    actions: [
      'lambda:*', 'cloudformation:DescribeStacks', 'cloudformation:ListStackResources', 'cloudwatch:ListMetrics', 'cloudwatch:GetMetricData', 'ec2:Describe*', 'kms:ListAliases',
      'iam:GetPolicy*', 'iam:GetRole*', 'iam:List*', 'iam:PassRole', 'logs:*', 'states:DescribeStateMachine', 'states:ListStateMachines', 'tag:GetResources', 'xray:GetTraceSummaries', 'xray:BatchGetTraces',
    ],
  }],
  'AWSLambda_ReadOnlyAccess': () => [{
    actions: ['lambda:Get*', 'lambda:List*', 'cloudformation:DescribeStacks', 'cloudformation:ListStackResources', 'cloudwatch:*Metric*', 'ec2:Describe*', 'iam:Get*', 'iam:List*', 'kms:ListAliases', 'logs:*Query*', 'logs:Describe*', 'logs:Get*', 'logs:FilterLogEvents', 'states:Describe*', 'states:List*', 'tag:GetResources', 'xray:*Get*'],
  }],
  'service-role/AWSLambdaRole': () => [{ actions: ['lambda:InvokeFunction'] }],
  'service-role/AWSLambdaBasicExecutionRole': () => [{ actions: WRITES_LOGS }],
  'service-role/AWSLambdaVPCAccessExecutionRole': () => [{ actions: [...WRITES_LOGS, ...OWN_INTERFACES] }],
  'service-role/AWSLambdaENIManagementAccess': () => [{ actions: OWN_INTERFACES }],
  'service-role/AWSLambdaSQSQueueExecutionRole': () => [{ actions: [...WRITES_LOGS, 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'] }],
  'service-role/AWSLambdaKinesisExecutionRole': () => [{ actions: [...WRITES_LOGS, 'kinesis:Describe*', 'kinesis:Get*', 'kinesis:List*', 'kinesis:SubscribeToShard'] }],
  'service-role/AWSLambdaDynamoDBExecutionRole': () => [{ actions: [...WRITES_LOGS, 'dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'] }],
  'service-role/AWSLambdaMSKExecutionRole': () => [{ actions: [...WRITES_LOGS, 'kafka:Describe*', 'kafka:Get*', 'ec2:*NetworkInterface*', 'ec2:Describe*'] }],
  'CloudWatchLambdaInsightsExecutionRolePolicy': () => [{ actions: WRITES_LOGS }],
  'AWSXRayDaemonWriteAccess': () => [{ actions: ['xray:Put*', 'xray:Get*'] }],
  'CloudWatchLogsFullAccess': () => [{ actions: ['logs:*', 'cloudwatch:GenerateQuery*', 'opensearch:ApplicationAccessAll', 'iam:CreateServiceLinkedRole', 'iam:PassRole', 'aoss:*', 'es:*'] }],
  'CloudWatchLogsReadOnlyAccess': () => [{ actions: ['logs:Describe*', 'logs:Get*', 'logs:List*', 'logs:*Query*', 'logs:TestMetricFilter', 'logs:FilterLogEvents', 'logs:*LiveTail', 'cloudwatch:GenerateQuery*'] }],
  'CloudWatchAgentServerPolicy': () => [{ actions: [...WRITES_LOGS, 'cloudwatch:PutMetricData', 'ec2:DescribeVolumes', 'ec2:DescribeTags', 'logs:Describe*', 'logs:PutRetentionPolicy', 'xray:Put*', 'xray:Get*', 'ssm:GetParameter'] }],
  'CloudWatchReadOnlyAccess': reading,
  'AmazonS3FullAccess': () => [{ actions: ['s3:*', 's3-object-lambda:*'] }],
  'AmazonS3ReadOnlyAccess': () => [{ actions: ['s3:Get*', 's3:List*', 's3:Describe*', 's3-object-lambda:Get*', 's3-object-lambda:List*'] }],
  'AmazonDynamoDBFullAccess': () => [{ actions: ['dynamodb:*', 'dax:*', 'application-autoscaling:*', 'cloudwatch:*', 'datapipeline:*', 'ec2:Describe*', 'iam:Get*', 'iam:List*', 'iam:PassRole', 'iam:CreateServiceLinkedRole', 'kms:DescribeKey', 'kms:ListAliases', 'sns:*', 'lambda:*', 'resource-groups:*', 'tag:GetResources', 'kinesis:*'] }],
  'AmazonSNSFullAccess': () => [{ actions: ['sns:*', 'sms-voice:*'] }],
  'AmazonSQSFullAccess': () => [{ actions: ['sqs:*'] }],
  'AmazonEC2FullAccess': () => [{ actions: ['ec2:*', 'elasticloadbalancing:*', 'cloudwatch:*', 'autoscaling:*', 'iam:CreateServiceLinkedRole'] }],
  'AmazonEC2ReadOnlyAccess': () => [{ actions: ['ec2:Describe*', 'ec2:Get*', 'ec2:List*', 'ec2:Search*', 'elasticloadbalancing:Describe*', 'cloudwatch:*Get*', 'cloudwatch:List*', 'cloudwatch:Describe*', 'autoscaling:Describe*'] }],
  'AmazonVPCFullAccess': () => [{ actions: ['ec2:*'] }],
  'AmazonEC2ContainerRegistryReadOnly': () => [{ actions: READS_IMAGES }],
  'AmazonEC2ContainerRegistryPullOnly': () => [{ actions: [...READS_IMAGES, 'ecr:BatchImportUpstreamImage'] }],
  'AmazonEC2ContainerRegistryPowerUser': () => [{ actions: [...READS_IMAGES, 'ecr:InitiateLayerUpload', 'ecr:UploadLayerPart', 'ecr:CompleteLayerUpload', 'ecr:PutImage'] }],
  'service-role/AmazonECSTaskExecutionRolePolicy': () => [{ actions: [...READS_IMAGES, 'logs:CreateLogStream', 'logs:PutLogEvents'] }],
  'service-role/AmazonRDSEnhancedMonitoringRole': () => [{
    actions: ['logs:CreateLogGroup', 'logs:PutRetentionPolicy', 'logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams', 'logs:GetLogEvents'],
    resources: ['arn:aws:logs:*:*:log-group:RDS*'],
  }],
  'service-role/AmazonRDSDirectoryServiceAccess': () => [{ actions: ['ds:DescribeDirectories', 'ds:AuthorizeApplication', 'ds:UnauthorizeApplication', 'ds:GetAuthorizedApplicationDetails'] }],
  'service-role/AmazonAPIGatewayPushToCloudWatchLogs': () => [{ actions: ['logs:Create*', 'logs:Describe*', 'logs:PutLogEvents', 'logs:Get*', 'logs:FilterLogEvents'] }],
  'service-role/AWSAppSyncPushToCloudWatchLogs': () => [{ actions: WRITES_LOGS }],
  'AWSCloudFormationFullAccess': () => [{ actions: ['cloudformation:*'] }],
  'AWSCloudFormationReadOnlyAccess': () => [{ actions: ['cloudformation:Describe*', 'cloudformation:Get*', 'cloudformation:List*', 'cloudformation:Estimate*', 'cloudformation:ValidateTemplate', 'cloudformation:Detect*', 'cloudformation:BatchDescribe*'] }],
  'AWSStepFunctionsFullAccess': () => [{ actions: ['states:*'] }],
  'AWSKeyManagementServicePowerUser': () => [{ actions: ['kms:CreateAlias', 'kms:CreateKey', 'kms:DeleteAlias', 'kms:Describe*', 'kms:GenerateRandom', 'kms:Get*', 'kms:List*', 'kms:TagResource', 'kms:UntagResource', 'iam:ListGroups', 'iam:ListRoles', 'iam:ListUsers'] }],
  'AWSDenyAll': () => [{ deny: ['*'] }],
};

interface Allowed {
  readonly actions?: readonly string[];
  readonly except?: readonly string[];
  readonly deny?: readonly string[];
  /** @default - all */
  readonly resources?: readonly string[];
}

const WRITES_LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];
const OWN_INTERFACES = [
  'ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ec2:DeleteNetworkInterface', 'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses',
];
const READS_IMAGES = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:Describe*', 'ecr:Get*', 'ecr:List*'];

/** Reading that gives whoever does it the powers of somebody else: not in the policies for readers. */
const GIVES_CREDENTIALS = /^(secretsmanager:(Batch)?GetSecretValue|sts:(Get(Federation|Delegated|WebIdentity).*|Assume.*)|sso:GetRoleCredentials|.*:Get.*Credentials.*)$/i;

/** What AWS calls reading or listing, on everything: more than the policies for readers allow, and never less. */
function reading(): readonly Allowed[] {
  const actions = allActions().filter((action) => ['Read', 'List'].includes(accessLevel(action) ?? '') && !GIVES_CREDENTIALS.test(action));
  return [{ actions }];
}

const read = new Map<string, readonly Statement[]>();

/** The statements of an AWS-managed policy, or undefined for one that is not listed. */
export function managedPolicy(name: string): readonly Statement[] | undefined {
  if (!Object.hasOwn(POLICIES, name)) return undefined;
  let statements = read.get(name);
  if (statements === undefined) {
    const document: Value = { Version: '2012-10-17', Statement: POLICIES[name]!().map(written) };
    read.set(name, statements = statementsOf(document, `arn:aws:iam::aws:policy/${name}`).statements);
  }
  return statements;
}

function written({ actions, except, deny, resources }: Allowed): Value {
  return {
    Effect: deny ? 'Deny' : 'Allow', Resource: resources ?? ['*'],
    ...(except ? { NotAction: except } : { Action: deny ?? actions ?? [] }),
  };
}
