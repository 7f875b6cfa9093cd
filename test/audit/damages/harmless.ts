import type { Demo, Untyped } from './demo';

export type Harmless = readonly [what: string, edit: (demo: Demo) => void];

const LIVE = 'GuardrailsReplicaLiveInstance';
const DATABASE = 'ProductionEvaluationInstance';
const PERMISSIONS = 'GuardrailsAgentcodingPermissions';
const BOUNDARY = 'GuardrailsAgentcodingBoundary';
const ROLE = 'GuardrailsAgentcodingRole';
const VAULT = 'GuardrailsBackupsVault';
const ARCHIVE_POLICY = 'StatementLogArchiveLockedBucketPolicy';

const trust = (service: string) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } }] });
const policy = (action: Untyped, resource: Untyped) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: resource }] });
const inline = (action: Untyped, resource: Untyped) => [{ PolicyName: 'own', PolicyDocument: policy(action, resource) }];

/** As somebody writes what CDK writes as `Fn::Join`. */
function joinedAsSub(value: Untyped): Untyped {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((entry) => joinedAsSub(entry) as unknown);
  const [separator, parts] = (value['Fn::Join'] ?? []) as [string?, Untyped[]?];
  if (separator === '' && Array.isArray(parts) && parts.every((part) => typeof part === 'string' || typeof part.Ref === 'string' || Array.isArray(part['Fn::GetAtt']))) {
    return { 'Fn::Sub': parts.map((part) => (typeof part === 'string' ? part.replaceAll('${', '${!') : `\${${(part.Ref ?? part['Fn::GetAtt'].join('.')) as string}}`)).join('') };
  }
  return Object.fromEntries(Object.entries(value as object).map(([key, entry]) => [key, joinedAsSub(entry) as unknown]));
}

/** Every statement with one action and one resource. */
function split(statements: Untyped[]): Untyped[] {
  return statements.flatMap((statement) => {
    if (statement.NotAction !== undefined || statement.NotResource !== undefined) return [statement as unknown];
    const resources: Untyped[] = statement.Resource === undefined ? [undefined] : [statement.Resource].flat();
    return ([statement.Action].flat() as string[]).flatMap((Action) => resources.map((Resource) => {
      const rest = { ...statement, Sid: undefined };
      return { ...rest, Action, ...(Resource === undefined ? {} : { Resource }) };
    }));
  });
}

const unrelated: readonly Harmless[] = ([
  ['a bucket', 'AWS::S3::Bucket', { BucketName: 'pictures' }],
  ['a queue', 'AWS::SQS::Queue', {}],
  ['a topic', 'AWS::SNS::Topic', {}],
  ['a table', 'AWS::DynamoDB::Table', { TableName: 'sessions', KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] }],
  ['a log group', 'AWS::Logs::LogGroup', { LogGroupName: '/app/web', RetentionInDays: 7 }],
  ['a key', 'AWS::KMS::Key', { KeyPolicy: policy('kms:*', '*') }],
  ['a secret', 'AWS::SecretsManager::Secret', { GenerateSecretString: {} }],
  ['an alarm', 'AWS::CloudWatch::Alarm', { AlarmName: 'web-errors', MetricName: 'Errors', Namespace: 'Web', Threshold: 100, ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 3 }],
  ['a network', 'AWS::EC2::VPC', { CidrBlock: '10.50.0.0/16' }],
  ['an event rule', 'AWS::Events::Rule', { ScheduleExpression: 'rate(1 day)' }],
  ['a document for sessions', 'AWS::SSM::Document', { DocumentType: 'Session', Content: { schemaVersion: '1.0', sessionType: 'Standard_Stream' } }],
  ['a parameter', 'AWS::SSM::Parameter', { Type: 'String', Value: 'on' }],
  ['a repository of images', 'AWS::ECR::Repository', { RepositoryName: 'web' }],
  ['a function', 'AWS::Lambda::Function', { Handler: 'index.handler', Role: 'arn:aws:iam::111122223333:role/web' }],
  ['a role for a function', 'AWS::IAM::Role', { AssumeRolePolicyDocument: trust('lambda.amazonaws.com'), Policies: inline('s3:GetObject', 'arn:aws:s3:::pictures/*') }],
  ['a role that describes databases', 'AWS::IAM::Role', { AssumeRolePolicyDocument: trust('lambda.amazonaws.com'), Policies: inline('rds:Describe*', '*') }],
  ['a role that deletes databases', 'AWS::IAM::Role', { AssumeRolePolicyDocument: trust('lambda.amazonaws.com'), Policies: inline('rds:DeleteDBInstance', '*') }],
  ['a role that deletes recovery points', 'AWS::IAM::Role', { AssumeRolePolicyDocument: trust('lambda.amazonaws.com'), Policies: inline('backup:DeleteRecoveryPoint', '*') }],
  ['an application that logs in to production', 'AWS::IAM::Role', { AssumeRolePolicyDocument: trust('ecs-tasks.amazonaws.com'), Policies: inline('rds-db:connect', 'arn:aws:rds-db:eu-central-1:111122223333:dbuser:db-OTHER/app') }],
  ['a user for a machine elsewhere', 'AWS::IAM::User', { UserName: 'uploader', Policies: inline('s3:PutObject', 'arn:aws:s3:::pictures/*') }],
  ['a database of another system', 'AWS::RDS::DBInstance', { DBInstanceIdentifier: 'wiki', Engine: 'mysql', DeletionProtection: false, DBSubnetGroupName: 'wiki' }],
  ['a cluster of another system', 'AWS::RDS::DBCluster', { DBClusterIdentifier: 'crm', Engine: 'aurora-postgresql', DBSubnetGroupName: 'crm' }],
  ['a parameter group of another system', 'AWS::RDS::DBParameterGroup', { Family: 'mysql8.0', Description: 'wiki' }],
  ['a stream of deliveries', 'AWS::KinesisFirehose::DeliveryStream', { DeliveryStreamName: 'clicks' }],
  ['a state machine', 'AWS::StepFunctions::StateMachine', { RoleArn: 'arn:aws:iam::111122223333:role/flow', DefinitionString: '{}' }],
] as const).map(([what, type, properties]) => [`besides: ${what}`, (demo) => demo.add('Besides', type, structuredClone(properties))]);

const tagged: readonly Harmless[] = [DATABASE, LIVE, VAULT, ROLE, 'GuardrailsNetworkVpc', 'StatementLogArchiveLockedBucket', 'GuardrailsBackupsKey', 'GuardrailsReplicaLiveLogsPostgresql', 'GuardrailsCheckFunction']
  .map((name) => [`a tag on ${name}`, (demo) => {
    if (name === VAULT) demo.set(name, { BackupVaultTags: { team: 'shop' } });
    else demo.set(name, { Tags: [...(demo.properties(name).Tags as unknown[] ?? []), { Key: 'team', Value: 'shop' }] });
  }]);

const described: readonly Harmless[] = ([
  [PERMISSIONS, 'Description'], [ROLE, 'Description'], ['GuardrailsBackupsKey', 'Description'], ['GuardrailsCheckFunction', 'Description'], ['GuardrailsNetworkAgentSecurityGroup', 'GroupDescription'],
  ['GuardrailsReplicaLiveParameters', 'Description'], ['GuardrailsReplicaLiveLogsSilenceAlarm', 'AlarmDescription'], ['GuardrailsReplicaLiveLogsRefusedStatementsAlarm', 'AlarmName'], ['GuardrailsReplicaSecurityGroupFromAgentsIn', 'Description'],
] as const).map(([name, property]) => [`another ${property} of ${name}`, (demo) => demo.set(name, { [property]: 'Written anew' })]);

const sized: readonly Harmless[] = ([
  [DATABASE, { AllocatedStorage: '100' }], [DATABASE, { DBInstanceClass: 'db.r7g.large' }], [DATABASE, { MultiAZ: true }], [DATABASE, { BackupRetentionPeriod: 35 }], [DATABASE, { EngineVersion: '17.10' }],
  [LIVE, { DBInstanceClass: 'db.r7g.large' }], [LIVE, { EnablePerformanceInsights: true }], [LIVE, { BackupRetentionPeriod: 7 }],
  ['GuardrailsAccessHostInstance', { InstanceType: 't4g.small' }], ['GuardrailsCheckFunction', { MemorySize: 512, Timeout: 120 }], ['GuardrailsCheckFunction', { Runtime: 'nodejs26.x' }],
  ['GuardrailsReplicaLiveLogsPostgresql', { RetentionInDays: 3653 }], [ROLE, { MaxSessionDuration: '3600' }], ['GuardrailsCheck', { BackupRetentionDays: '14' }], ['GuardrailsBackupsAirGappedVault', { MinRetentionDays: 30, MaxRetentionDays: 90 }],
] as const).map(([name, properties]) => [`${name} with ${JSON.stringify(properties)}`, (demo) => demo.set(name, structuredClone(properties))]);

const spelt: readonly Harmless[] = [
  ["'true' for true", (demo) => demo.set(DATABASE, { DeletionProtection: 'true', StorageEncrypted: 'true', CopyTagsToSnapshot: 'true', PubliclyAccessible: 'false', DeleteAutomatedBackups: 'false' })],
  ["'true' for true, of the replica", (demo) => demo.set(LIVE, { EnableIAMDatabaseAuthentication: 'true', PubliclyAccessible: 'false' })],
  ["'7' for 7", (demo) => demo.set(DATABASE, { BackupRetentionPeriod: '7' })],
  ['5433 for its text', (demo) => demo.set(DATABASE, { Port: 5433 })],
  ['Fn::Sub for Fn::Join, everywhere', (demo) => { demo.template.Resources = joinedAsSub(demo.template.Resources) as Demo['template']['Resources']; }],
  ['Fn::GetAtt with a point, everywhere', (demo) => {
    const pointed = (value: Untyped): Untyped => {
      if (typeof value !== 'object' || value === null) return value;
      if (Array.isArray(value)) return value.map((entry) => pointed(entry) as unknown);
      return Object.fromEntries(Object.entries(value as object).map(([key, entry]) => [key, key === 'Fn::GetAtt' ? (entry as string[]).join('.') : pointed(entry) as unknown]));
    };
    demo.template.Resources = pointed(demo.template.Resources) as Demo['template']['Resources'];
  }],
  ['one exported log as a text', (demo) => demo.set(LIVE, { EnableCloudwatchLogsExports: ['upgrade', 'postgresql'] })],
  ['one statement instead of a list', (demo) => { demo.properties('GuardrailsAgentsupportPermissions').PolicyDocument.Statement = demo.statements('GuardrailsAgentsupportPermissions')[0]; }],
  ['one action and one resource as text', (demo) => {
    const statement = demo.statement(PERMISSIONS, 'ConnectToReplica');
    [statement.Action, statement.Resource] = [statement.Action[0], statement.Resource[0]];
  }],
  ['actions in capitals', (demo) => { for (const name of [PERMISSIONS, BOUNDARY]) demo.statement(name, 'ConnectToReplica').Action = ['RDS-DB:Connect']; }],
  ['no Sid', (demo) => { for (const name of [PERMISSIONS, BOUNDARY, VAULT, ARCHIVE_POLICY]) for (const statement of demo.statements(name)) delete statement.Sid; }],
  ['statements in another order', (demo) => { for (const name of [PERMISSIONS, BOUNDARY, VAULT, ARCHIVE_POLICY, 'GuardrailsBackupsKey']) demo.statements(name).reverse(); }],
  ['the resources in another order', (demo) => { demo.template.Resources = Object.fromEntries(Object.entries(demo.template.Resources).reverse()); }],
  ['the boundary split into single statements', (demo) => { demo.properties(BOUNDARY).PolicyDocument.Statement = split(demo.statements(BOUNDARY)); }],
  ["the vault's policy split into single statements", (demo) => { demo.properties(VAULT).AccessPolicy.Statement = split(demo.statements(VAULT)); }],
  ["the archive's policy split into single statements", (demo) => { demo.properties(ARCHIVE_POLICY).PolicyDocument.Statement = split(demo.statements(ARCHIVE_POLICY)); }],
  ["{ AWS: '*' } for '*'", (demo) => { for (const statement of demo.statements(VAULT)) statement.Principal = { AWS: '*' }; }],
  ['the permissions as an inline policy', (demo) => {
    demo.set(ROLE, { ManagedPolicyArns: [], Policies: [{ PolicyName: 'own', PolicyDocument: demo.properties(PERMISSIONS).PolicyDocument }] });
  }],
  ['the subject of the run as a list', (demo) => {
    const { StringEquals } = demo.statements(ROLE)[0].Condition;
    StringEquals['token.actions.githubusercontent.com:sub'] = [StringEquals['token.actions.githubusercontent.com:sub']];
  }],
  ['the plan at another hour', (demo) => { demo.properties('GuardrailsBackupsPlan').BackupPlan.BackupPlanRule[0].ScheduleExpression = 'cron(30 3 * * ? *)'; }],
  ['a plan every twelve hours', (demo) => { demo.properties('GuardrailsBackupsPlan').BackupPlan.BackupPlanRule[0].ScheduleExpression = 'rate(12 hours)'; }],
];

const stricter: readonly Harmless[] = [
  ['the boundary denies more', (demo) => demo.statements(BOUNDARY).push({ Effect: 'Deny', Action: 's3:*', Resource: '*' })],
  ['the permissions deny something', (demo) => demo.statements(PERMISSIONS).push({ Effect: 'Deny', Action: 'ec2:*', Resource: '*' })],
  ['an agent is permitted less', (demo) => { demo.statements(PERMISSIONS).pop(); }],
  ['an agent logs in from one address only', (demo) => { for (const name of [PERMISSIONS, BOUNDARY]) demo.statement(name, 'ConnectToReplica').Condition = { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } }; }],
  ['an administrator policy on an agent, which its boundary holds', (demo) => { demo.properties(ROLE).ManagedPolicyArns.push('arn:aws:iam::aws:policy/AdministratorAccess'); }],
  ['an agent takes on a role, which its boundary denies', (demo) => {
    demo.add('Deploy', 'AWS::IAM::Role', { AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: demo.arn(ROLE) } }] }, Policies: inline('rds:DeleteDBInstance', '*') });
  }],
  ['the run needs an actor besides', (demo) => { demo.statements(ROLE)[0].Condition.StringEquals['token.actions.githubusercontent.com:actor'] = 'octocat'; }],
  ['a source ARN besides the account', (demo) => { demo.statements('GuardrailsBackupsRole')[0].Condition.ArnLike = { 'aws:SourceArn': 'arn:aws:backup:*:*:*' }; }],
  ['the vault denies copying out', (demo) => demo.statements(VAULT).push({ Effect: 'Deny', Principal: '*', Action: 'backup:CopyFromBackupVault', Resource: '*' })],
  ['the archive denies everything to another account', (demo) => demo.statements(ARCHIVE_POLICY).push({ Effect: 'Deny', Principal: { AWS: '444455556666' }, Action: 's3:*', Resource: '*' })],
  ['the archive locks longer', (demo) => { demo.properties('StatementLogArchiveLockedBucket').ObjectLockConfiguration.Rule.DefaultRetention = { Mode: 'COMPLIANCE', Years: 2 }; }],
  ['the archive expires after two years', (demo) => { demo.properties('StatementLogArchiveLockedBucket').LifecycleConfiguration.Rules.push({ Status: 'Enabled', ExpirationInDays: 730 }); }],
  ['everything is logged on production', (demo) => Object.assign(demo.properties('ProductionEvaluationParameters').Parameters as object, { 'log_statement': 'all', 'pgaudit.log': 'all' })],
  ['a shorter timeout on the replica', (demo) => { demo.properties('GuardrailsReplicaLiveParameters').Parameters.statement_timeout = '60000'; }],
  ['an alarm tells two', (demo) => { demo.properties('GuardrailsReplicaLiveLogsRefusedStatementsAlarm').AlarmActions.push('arn:aws:sns:eu-central-1:111122223333:pager'); }],
  ['an alarm counts by the minute', (demo) => demo.set('GuardrailsReplicaLiveLogsRefusedStatementsAlarm', { Period: 60 })],
  ['a second alarm on the same metric, which tells nobody', (demo) => demo.add('Second', 'AWS::CloudWatch::Alarm', { ...demo.properties('GuardrailsReplicaLiveLogsRefusedStatementsAlarm'), AlarmName: 'second', AlarmActions: [] })],
  ['a second subscription, of errors', (demo) => demo.add('Errors', 'AWS::Logs::SubscriptionFilter', { LogGroupName: demo.ref('GuardrailsReplicaLiveLogsPostgresql'), FilterPattern: 'ERROR', DestinationArn: 'arn:aws:lambda:eu-central-1:111122223333:function:errors' })],
  ['a second plan, weekly', (demo) => {
    demo.add('Weekly', 'AWS::Backup::BackupPlan', { BackupPlan: { BackupPlanName: 'weekly', BackupPlanRule: [{ RuleName: 'weekly', TargetBackupVault: demo.get(VAULT, 'BackupVaultName'), ScheduleExpression: 'cron(0 5 ? * SUN *)', Lifecycle: { DeleteAfterDays: 35 } }] } });
    demo.add('WeeklySelection', 'AWS::Backup::BackupSelection', { BackupPlanId: { Ref: 'Weekly' }, BackupSelection: { SelectionName: 'weekly', IamRoleArn: demo.arn('GuardrailsBackupsRole'), Resources: [demo.get(DATABASE, 'DBInstanceArn')] } });
  }],
  ['a session that is not an agent\'s leads anywhere', (demo) => demo.add('Shell', 'AWS::SSM::Document', { DocumentType: 'Session', Content: { schemaVersion: '1.0', sessionType: 'Port', properties: { host: '{{ host }}' } } })],
  ['an application is let in to production', (demo) => {
    demo.add('App', 'AWS::EC2::SecurityGroup', { VpcId: demo.ref('ProductionEvaluationNetworkVpc') });
    demo.add('AppIn', 'AWS::EC2::SecurityGroupIngress', { GroupId: demo.group('ProductionEvaluationSecurityGroup'), IpProtocol: 'tcp', FromPort: 5433, ToPort: 5433, SourceSecurityGroupId: { 'Fn::GetAtt': ['App', 'GroupId'] } });
  }],
  ['production is peered with another network', (demo) => demo.add('Peering', 'AWS::EC2::VPCPeeringConnection', { VpcId: demo.ref('ProductionEvaluationNetworkVpc'), PeerVpcId: 'vpc-0123456789abcdef0' })],
  ['an endpoint of STS for agents', (demo) => demo.add('Sts', 'AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Interface', VpcId: demo.ref('GuardrailsNetworkVpc'), ServiceName: { 'Fn::Sub': 'com.amazonaws.${AWS::Region}.sts' } })],
  ['a network ACL that denies something', (demo) => {
    demo.add('Acl', 'AWS::EC2::NetworkAcl', { VpcId: demo.ref('GuardrailsNetworkVpc') });
    demo.add('Entry', 'AWS::EC2::NetworkAclEntry', { NetworkAclId: { Ref: 'Acl' }, RuleNumber: 1, Protocol: -1, RuleAction: 'deny', CidrBlock: '10.0.0.0/8', Egress: true });
  }],
  ['a person approves besides', (demo) => { demo.declared('production-writes-need-a-human').approvers.push('arn:aws:iam::111122223333:role/HeadOfOperations'); }],
  ['an output', (demo) => { demo.template.Outputs!.Besides = { Value: demo.ref(LIVE) }; }],
];

/** A policy on a resource lets an agent in: its boundary denies all the same, so nothing comes of it. */
const invited: readonly Harmless[] = ([
  ['a bucket', (demo, agent) => demo.add('Door', 'AWS::S3::BucketPolicy', { Bucket: demo.ref('StatementLogArchiveLockedAccessLog'), PolicyDocument: { Statement: [{ Effect: 'Allow', Principal: agent, Action: 's3:*', Resource: '*' }] } })],
  ['a key', (demo, agent) => demo.statements('ProductionEvaluationKey').push({ Effect: 'Allow', Principal: agent, Action: 'kms:*', Resource: '*' })],
  ['a queue', (demo, agent) => demo.statements('StatementLogUndeliveredPolicy').push({ Effect: 'Allow', Principal: agent, Action: 'sqs:*', Resource: '*' })],
  ['a topic', (demo, agent) => demo.statements('StatementLogAlarmsPolicy').push({ Effect: 'Allow', Principal: agent, Action: 'sns:*', Resource: '*' })],
  ['a vault', (demo, agent) => demo.statements(VAULT).push({ Effect: 'Allow', Principal: agent, Action: 'backup:*', Resource: '*' })],
  ['a secret', (demo, agent) => demo.add('Door', 'AWS::SecretsManager::ResourcePolicy', { SecretId: demo.get(DATABASE, 'MasterUserSecret.SecretArn'), ResourcePolicy: { Statement: [{ Effect: 'Allow', Principal: agent, Action: 'secretsmanager:*', Resource: '*' }] } })],
  ['a function', (demo) => demo.add('Door', 'AWS::Lambda::Permission', { FunctionName: demo.ref('GuardrailsDatabaseRolesProvisionerFunction'), Action: 'lambda:InvokeFunction', Principal: demo.arn(ROLE) })],
] as const satisfies readonly (readonly [string, (demo: Demo, agent: Untyped) => void])[]).map(([what, invite]) => [`${what} lets an agent in`, (demo) => invite(demo, { AWS: demo.arn(ROLE) })]);

/** Edits of the demo that damage nothing. */
export const HARMLESS: readonly Harmless[] = [...tagged, ...described, ...sized, ...unrelated, ...spelt, ...stricter, ...invited];
