/**
 * The floor that the kit's synthesis is measured against: the resources of the demo environment (cdk.json), written by hand
 * in one flat stack with nothing but aws-cdk-lib. It imports nothing of the kit on purpose.
 *
 * It configures what the kit configures, and checks, explains and acknowledges nothing. `npm run bench` fails when the kit
 * makes other resources than this; then they are written here too.
 */
import { join } from 'node:path';
import { Aws, CfnDeletionPolicy, CfnOutput, CustomResource, Duration, Fn, RemovalPolicy, Stack, Tags, type CfnResource } from 'aws-cdk-lib';
import { CfnBackupPlan, CfnBackupSelection, CfnBackupVault, CfnLogicallyAirGappedBackupVault } from 'aws-cdk-lib/aws-backup';
import { Alarm, ComparisonOperator, MathExpression, Metric, TreatMissingData, type AlarmProps } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import {
  AmazonLinuxCpuType, CfnInstance, CfnNetworkInsightsAccessScope, CfnSecurityGroupEgress, CfnSecurityGroupIngress, FlowLogDestination,
  InterfaceVpcEndpoint, InterfaceVpcEndpointAwsService, IpAddresses, MachineImage, SecurityGroup, SubnetType, Vpc,
  VpcEndpointPrivateDnsOnlyForInboundResolverEndpoint,
} from 'aws-cdk-lib/aws-ec2';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import {
  AnyPrincipal, CfnManagedPolicy, Effect, InstanceProfile, ManagedPolicy, PolicyStatement, Role, ServicePrincipal, WebIdentityPrincipal,
  type IPrincipal, type IRole,
} from 'aws-cdk-lib/aws-iam';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Architecture, Code, Function, Runtime, Tracing, type FunctionProps } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup, CfnLogStream, CfnMetricFilter, CfnSubscriptionFilter, LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnDBInstance, CfnDBParameterGroup, CfnDBSubnetGroup, type CfnDBInstanceProps } from 'aws-cdk-lib/aws-rds';
import {
  BlockPublicAccess, Bucket, BucketEncryption, ObjectLockRetention, ObjectOwnership, type BucketProps, type CfnBucket,
} from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption, RedrivePermission } from 'aws-cdk-lib/aws-sqs';
import { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import type { Construct, IConstruct } from 'constructs';

type Conditions = Record<string, Record<string, string | string[]>>;
/** One alarm about the log of a database: lines of one pattern, less those of another where there is one. */
interface Watch {
  readonly name: string;
  readonly metric: string;
  readonly pattern: string;
  readonly expected?: string;
  readonly meaning: string;
}

const KIT = 'cdk-agent-db-guardrails';
const STACK = 'agent-db-guardrails-demo';
const [PRODUCTION_PORT, AGENT_PORT] = [5433, 6432];
const KEPT = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
const OWN_ACCOUNT: Conditions = { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } };

const allow = (actions: string[], resources: string[], conditions?: Conditions) => new PolicyStatement({ actions, resources, conditions });
const allowService = (sid: string, service: string, actions: string[], resources: string[], conditions: Conditions) =>
  new PolicyStatement({ sid, principals: [new ServicePrincipal(service)], actions, resources, conditions });
const denyAll = (sid: string, actions: string[], resources: string[], conditions?: Conditions) =>
  new PolicyStatement({ sid, effect: Effect.DENY, principals: [new AnyPrincipal()], actions, resources, conditions });
const arn = (service: string, resource: string) => `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;

const SETTINGS = {
  'rds.force_ssl': '1', 'shared_preload_libraries': 'pg_stat_statements,pgaudit', 'pgaudit.log_statement_once': '1', 'pgaudit.log_parameter': '0',
  'log_parameter_max_length': '0', 'log_parameter_max_length_on_error': '0', 'log_min_duration_statement': '-1', 'log_connections': '1',
  'log_disconnections': '1', 'log_error_verbosity': 'default', 'log_checkpoints': '1', 'log_lock_waits': '1',
};
const LOG_CHANGES = { ...SETTINGS, 'pgaudit.log': 'ddl,role,write', 'log_statement': 'ddl', 'rds.log_retention_period': '10080' };
const LOG_ALL = { ...SETTINGS, 'pgaudit.log': 'all', 'log_statement': 'all', 'rds.log_retention_period': '1440' };
const PASSWORDS = { 'password_encryption': 'scram-sha-256', 'rds.restrict_password_commands': '1' };
const limits = (statement: string, lock: string, idleInTransaction: string, idle: string) => ({
  statement_timeout: statement, lock_timeout: lock, idle_in_transaction_session_timeout: idleInTransaction, idle_session_timeout: idle,
});

const LINE = String.raw`^[0-9-]+\s[0-9:.]+\s[A-Z]+:[0-9a-z.:]*.[0-9a-z]+.:`;
const AUDIT = String.raw`:\s+AUDIT:\s[A-Z]+,[0-9]+,[0-9]+,`;
const refused = (database: string): Watch => ({
  name: 'RefusedStatements', metric: 'RefusedStatements',
  pattern: String.raw`%:\s+permission\sdenied|:\s+must\sbe\s|:\s+must\shave\s|read-only\stransaction|during\srecovery|recovery\sis\sin\sprogress`
    + String.raw`|:FATAL:\s+.*authentication\sfailed|:FATAL:\s+no\spg_hba\.conf\sentry|:FATAL:\s+pg_hba\.conf\srejects|:FATAL:\s+role\s.*\sdoes\snot\sexist`
    + String.raw`|:FATAL:\s+role\s.*\sis\snot\spermitted\sto\slog\sin%`,
  meaning: `PostgreSQL refused a statement or a login on ${database}: somebody tried to write, to do what their role may not, or to log in and `
    + 'could not. Nothing was changed. Find the lines with ERROR or FATAL in the log group. ERROR: see which agent it was and what it was asked to '
    + 'do, and lock it out if nobody can explain it. FATAL: an agent with an expired token is harmless; a password that failed is a guess at a user '
    + 'of production, since agents have none: find out who has the address in that line, close their way in, and change that user\'s password if a '
    + 'login followed.',
});
const login = (role: string, kind = '') =>
  String.raw`${LINE}${role}@[^:]*:\[[0-9]+\]:LOG:\x20\x20${kind}connection\x20authorized:\x20user=${role}`;
const logins = (database: string, ...roles: string[]): Watch => ({
  name: 'UnexpectedLogins', metric: 'Logins', pattern: '"connection authorized:"',
  expected: `%${[...[...roles, 'rdsadmin', 'rdsrepladmin'].map((role) => `${login(role)}\\x20`), login('rdsrepladmin', 'replication\\x20')].join('|')}%`,
  meaning: `A role that has no business on ${database} logged in, or a statement has the words in it that tell of a login. Look for "connection `
    + 'authorized:" in the log group to see which one and from where; end its sessions and change its password or its membership in rds_iam.',
});
const dropped = (database: string): Watch => ({
  name: 'DestructiveStatements', metric: 'DestructiveStatements',
  pattern: `%${AUDIT}[A-Z]+,DROP\\s|${AUDIT}[A-Z]+,TRUNCATE|${AUDIT}DDL,ALTER\\s.*\\W[Dd][Rr][Oo][Pp]\\W|${AUDIT}DDL,ALTER\\s.*\\W[Dd][Rr][Oo][Pp]$%`,
  meaning: `Something was dropped or truncated on the production database ${database}. If this was not an approved change: stop applications `
    + 'that write, note the time of the line in the log group, and restore to just before it with point-in-time recovery.',
});
const agentLogins = (database: string): Watch => ({
  name: 'AgentLogins', metric: 'AgentLines', pattern: `%${LINE}agent_[a-z0-9_]*@%`,
  meaning: `An agent's database role connected, or tried to, to the production database ${database}, where no agent may log in. Lock the agent `
    + 'out, find out how it reached the database, and read in the log group what it did.',
});
const destructive = (database: string): Watch => ({
  name: 'DestructiveStatements', metric: 'DestructiveStatements',
  pattern: `%${['[Dd][Rr][Oo][Pp]', '[Tt][Rr][Uu][Nn][Cc][Aa][Tt][Ee]', '[Dd][Ee][Ll][Ee][Tt][Ee]', '[Rr][Ee][Vv][Oo][Kk][Ee]']
    .map((word) => `\\W${word}\\W|\\W${word}$`).join('|')}|${AUDIT}DDL,|${AUDIT}ROLE,|${AUDIT}WRITE,%`,
  meaning: `A statement on ${database} contains DROP, TRUNCATE, DELETE or REVOKE, or pgAudit saw a write. A replica cannot be changed, so `
    + 'nothing was. The word may also stand in a comment or a text. Read the statement in the log group; if it was meant, stop the agent '
    + 'before it finds another way.',
});

/** What agents are denied: `service: verbs`, for each statement. */
const NEVER: Record<string, [service: string, verbs: string][]> = {
  DenyDestroyingDatabases: [
    ['rds', 'Add* Apply* Authorize* Backtrack* Cancel* Copy* Create* Cross* Delete* Deregister* Disable* Enable* Failover* Modify* Promote* Purchase*'],
    ['rds', 'Reboot* Register* Remove* Reset* Restore* Revoke* Start* Stop* Switchover*'], ['rds-data', '*'], ['dms', '*'], ['dsql', '*'],
  ],
  DenyBackups: [
    ['backup', 'Associate* Cancel* Copy* Create* Delete* Disassociate* Put* Revoke* Start* Stop* Tag* Untag* Update*'],
    ['backup-storage', '*'], ['backup-gateway', '*'], ['drs', '*'],
  ],
  DenyKeys: [['kms', 'Create* Delete* Disable* Disconnect* Import* Put* Replicate* Retire* Revoke* Schedule* Tag* Untag* Update*']],
  DenyIdentity: [
    ['iam', '*'], ['organizations', '*'], ['account', '*'], ['ram', '*'], ['sso', '*'],
    ['sts', 'Assume* GetDelegated* GetFederation* GetService* GetSession* GetWeb* Set* Tag*'],
  ],
  DenyNetwork: [
    ['ec2', 'Accept* Allocate* Apply* Assign* Associate* Attach* Authorize* Create* Delete* Deregister* Detach* Disable* Disassociate* Enable*'],
    ['ec2', 'Export* Modify* Move* Register* Reject* Release* Replace* Reset* Restore* Revoke* Unassign* Unlock* Update*'],
    ['vpc-lattice', '*'], ['route53resolver', '*'],
  ],
  DenyLogs: [
    ['logs', 'Associate* Delete* Disassociate* PutA* PutB* PutD* PutI* PutLogG* PutM* PutP* PutQ* PutR* PutS* PutT* Untag* Update*'],
    ['cloudtrail', 'Deregister* Delete* Disable* Put* Remove* Stop* Update*'], ['config', 'Delete* Put* Stop*'],
    ['cloudwatch', 'Delete* Disable* Put* Set* Stop*'], ['firehose', '*'], ['sns', '*'],
  ],
  DenySecrets: [['secretsmanager', '*'], ['ssm', 'GetAccessToken GetParameter*']],
  DenyDeployments: [['cloudformation', '*'], ['codebuild', '*'], ['codedeploy', '*'], ['codepipeline', '*'], ['servicecatalog', '*']],
  DenyCompute: [
    ['lambda', 'Add* Create* Delete* Publish* Put* Remove* Update*'], ['ecs', '*'],
    ['ec2', 'Import* Reboot* Request* Run* Send* Start* Stop* Terminate*'], ['ec2-instance-connect', '*'],
    ['ssm', 'Create* Delete* Modify* Put* Register* StartA* StartC* StartE* Update*'],
  ],
  DenyApproving: [['ssm', 'Send*'], ['mpa', '*'], ['states', 'Create* Delete* Redrive* Send* Stop* Update*']],
  DenyStorage: [['s3', 'Bypass* Create* Delete* ObjectOwner* Put* Replicate* Restore* Tag* Untag* Update*']],
};
const DENIALS = Object.entries(NEVER).map(([Sid, calls]) => ({
  Sid, Effect: 'Deny', Action: calls.flatMap(([service, verbs]) => verbs.split(' ').map((verb) => `${service}:${verb}`)), Resource: ['*'],
}));

const WANTED_ROLES = [{ database: 'shop', wanted: { deployment: 'agent-db-guardrails-demo', refuseAgentsOnPrimary: false, agents: [{ name: 'coding', read: { schemas: [{ schema: 'public' }] } }, { name: 'support', read: { schemas: [{ schema: 'public' }] } }, { name: 'analyst', read: { schemas: [{ schema: 'public' }] } }] } }];

export class FloorStack extends Stack {
  private readonly key: Key;
  private readonly alarms: Topic;
  private readonly undelivered: Queue;
  private readonly archive: Bucket;
  private readonly stream: CfnDeliveryStream;
  private readonly sender: IRole;
  private readonly monitoring: IRole;

  constructor(scope: Construct, id: string, handlers: string, deploymentId: string) {
    super(scope, id, {
      stackName: STACK,
      description: 'Guardrails with everything switched on, around a production database made to try them out',
    });
    const alarmsOfAccount: Conditions = { ...OWN_ACCOUNT, ArnLike: { 'aws:SourceArn': arn('cloudwatch', 'alarm:*') } };
    const [encrypt, logsArn] = [['kms:Decrypt', 'kms:GenerateDataKey*'], arn('logs', 'log-group:*')];

    this.key = this.lockedKey('Key', 'Encrypts the statement logs, their archive and the alarms of cdk-agent-db-guardrails');
    for (const statement of [
      allowService('LogGroupsOfThisAccount', `logs.${Aws.REGION}.amazonaws.com`, ['kms:Encrypt', 'kms:ReEncrypt*', 'kms:DescribeKey', ...encrypt], ['*'],
        { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logsArn } }),
      allowService('AlarmsOfThisAccount', 'cloudwatch.amazonaws.com', encrypt, ['*'], alarmsOfAccount),
      allowService('AccessLogsOfThisAccount', 'logging.s3.amazonaws.com', encrypt, ['*'], OWN_ACCOUNT),
    ]) this.key.addToResourcePolicy(statement);
    this.undelivered = new Queue(this, 'Undelivered', {
      encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, retentionPeriod: Duration.days(14),
      redriveAllowPolicy: { redrivePermission: RedrivePermission.DENY_ALL },
    });
    this.alarms = new Topic(this, 'Alarms', { displayName: 'Agent database guardrails', masterKey: this.key, enforceSSL: true });
    this.alarms.addToResourcePolicy(
      allowService('AlarmsOfThisAccount', 'cloudwatch.amazonaws.com', ['sns:Publish'], [this.alarms.topicArn], alarmsOfAccount),
    );

    // The archive of the logs: a locked bucket, the log of access to it, and the stream that writes to it.
    this.archive = this.bucket('ArchiveBucket', { objectLockDefaultRetention: ObjectLockRetention.governance(Duration.days(365)) });
    const accessLog = this.bucket('AccessLogBucket', {
      objectLockEnabled: true,
      lifecycleRules: [{
        expiration: Duration.days(365), noncurrentVersionExpiration: Duration.days(365), abortIncompleteMultipartUploadAfter: Duration.days(7),
      }],
    });
    (this.archive.node.defaultChild as CfnBucket).loggingConfiguration = { destinationBucketName: accessLog.bucketName, logFilePrefix: 'archive/' };
    (accessLog.node.defaultChild as CfnBucket).loggingConfiguration = { logFilePrefix: 'itself/' };
    accessLog.addToResourcePolicy(allowService(
      'AccessLogDelivery', 'logging.s3.amazonaws.com', ['s3:PutObject'], [accessLog.arnForObjects('*')],
      { ArnLike: { 'aws:SourceArn': [this.archive.bucketArn, accessLog.bucketArn] }, ...OWN_ACCOUNT },
    ));
    const failures = new CfnLogGroup(this, 'Failures', { kmsKeyId: this.key.keyArn, retentionInDays: 365 });
    failures.applyRemovalPolicy(KEPT);
    const objects = this.archive.arnForObjects('*');
    const writer = this.serviceRole('Writer', 'firehose', 'Firehose writes statement logs to the archive', [
      allow(['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'], [this.archive.bucketArn]),
      allow(['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'], [objects]),
      allow(['kms:Decrypt', 'kms:GenerateDataKey'], [this.key.keyArn], { StringEquals: { 'kms:ViaService': `s3.${Aws.REGION}.amazonaws.com` } }),
      allow(['logs:PutLogEvents'], [arn('logs', `log-group:${failures.ref}:log-stream:delivery`)]),
    ], { StringEquals: { 'sts:ExternalId': Aws.ACCOUNT_ID } });
    this.archive.addToResourcePolicy(denyAll('NobodyElseWrites', ['s3:PutObject'], [objects], { ArnNotEquals: { 'aws:PrincipalArn': writer.roleArn } }));
    const streamName = `${STACK}-statements`;
    this.sender = this.serviceRole('Sender', 'logs', 'CloudWatch Logs sends statement logs to the archive', [
      allow(['firehose:PutRecord', 'firehose:PutRecordBatch'], [arn('firehose', `deliverystream/${streamName}`)]),
    ], { ArnLike: { 'aws:SourceArn': arn('logs', '*') } });
    this.stream = new CfnDeliveryStream(this, 'Stream', {
      deliveryStreamName: streamName, deliveryStreamType: 'DirectPut',
      deliveryStreamEncryptionConfigurationInput: { keyType: 'CUSTOMER_MANAGED_CMK', keyArn: this.key.keyArn },
      extendedS3DestinationConfiguration: {
        bucketArn: this.archive.bucketArn, roleArn: writer.roleArn, compressionFormat: 'UNCOMPRESSED', fileExtension: '.gz',
        prefix: 'statements/!{timestamp:yyyy/MM/dd/}', errorOutputPrefix: 'failures/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/}',
        bufferingHints: { intervalInSeconds: 60, sizeInMBs: 5 },
        encryptionConfiguration: { kmsEncryptionConfig: { awskmsKeyArn: this.key.keyArn } },
        cloudWatchLoggingOptions: {
          enabled: true, logGroupName: failures.ref,
          logStreamName: new CfnLogStream(this, 'FailureStream', { logGroupName: failures.ref, logStreamName: 'delivery' }).ref,
        },
      },
    });
    this.stream.node.addDependency(this.sender);
    this.alarm('ArchiveDelay', {
      alarmDescription: 'Statement logs have not reached the archive for 15 minutes or more. They are still in CloudWatch Logs, and Firehose tries again for '
        + '24 hours. Read the reason in the log group of failed deliveries, then check the policy and the key of the archive bucket.',
      metric: new Metric({
        namespace: 'AWS/Firehose', metricName: 'DeliveryToS3.DataFreshness', dimensionsMap: { DeliveryStreamName: this.stream.ref },
        statistic: 'Maximum', period: Duration.minutes(5),
      }),
      threshold: 900, comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD, evaluationPeriods: 3, treatMissingData: TreatMissingData.NOT_BREACHING,
    });

    // Production.
    const osMetrics = arn('logs', 'log-group:RDSOSMetrics');
    this.monitoring = this.serviceRole('Monitoring', 'monitoring.rds', 'RDS writes operating-system metrics of the databases made for agents', [
      allow(['logs:CreateLogGroup', 'logs:PutRetentionPolicy'], [osMetrics]),
      allow(['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams', 'logs:GetLogEvents'], [`${osMetrics}:log-stream:*`]),
    ], OWN_ACCOUNT);
    const productionKey = this.lockedKey('ProductionKey', 'Encrypts the production database shop and its backups');
    const productionVpc = this.isolatedVpc('Production', '10.212.0.0/20', ['Databases']);
    const productionGroup = this.closedGroup('ProductionGroup', productionVpc, 'The production database shop; nothing may connect until a rule is added');
    const production = this.database('Production', 'shop', productionVpc, productionGroup, {
      engineVersion: '17.9', allocatedStorage: '20', storageType: 'gp3', storageEncrypted: true, kmsKeyId: productionKey.keyArn, dbName: 'shop',
      masterUsername: 'dbowner', manageMasterUserPassword: true, masterUserSecret: { kmsKeyId: productionKey.keyArn }, port: String(PRODUCTION_PORT),
      backupRetentionPeriod: 7, deleteAutomatedBackups: false,
    }, { ...LOG_CHANGES, ...PASSWORDS }, [refused, dropped, agentLogins], RemovalPolicy.RETAIN);

    // The check, which everything that costs or stays behind waits for.
    const check = this.check(handlers, {
      InstanceIdentifier: 'shop', InstanceArn: production.attrDbInstanceArn, ResourceId: production.attrDbiResourceId,
      Endpoint: production.attrEndpointAddress, Port: String(PRODUCTION_PORT), EngineVersion: '17.9', BackupRetentionDays: '7',
      IamAuthentication: 'not-required', ReplicaPlacement: 'agent-network', OwnReplicas: 'agentread-shop,agentundo-shop', DeploymentId: deploymentId,
    });

    this.databaseRoles(handlers, deploymentId, productionVpc, productionGroup, production, productionKey, check);

    // The agents' network.
    const vpc = this.isolatedVpc('Agents', '10.213.0.0/20', ['Agents', 'Databases']);
    const agents = this.closedGroup('AgentGroup', vpc, 'Agents: out to their databases and endpoints, nothing in');
    const host = this.closedGroup('HostGroup', vpc, 'The access host: out to the replica and Systems Manager, nothing in');
    const hostStatements: Record<string, PolicyStatement> = {
      ssm: allow(['ssm:UpdateInstanceInformation'], [arn('ec2', 'instance/*')], { StringEquals: { 'aws:ResourceAccount': Aws.ACCOUNT_ID } }),
      ssmmessages: allow(['CreateControlChannel', 'CreateDataChannel', 'OpenControlChannel', 'OpenDataChannel'].map((call) => `ssmmessages:${call}`), ['*']),
    };
    const hostRole = this.serviceRole(
      'HostRole', 'ec2', 'Lets the access host talk to Systems Manager and do nothing else', Object.values(hostStatements),
    );
    const own = (actions: string[], resource: string) => this.ownOnly(actions, [resource], { 'aws:ResourceAccount': Aws.ACCOUNT_ID });
    const pull = () => own(['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], arn('ecr', 'repository/*'));
    this.endpoint('ecr.api', vpc, agents, check, [this.ownOnly(['ecr:GetAuthorizationToken'], ['*']), pull()]);
    this.endpoint('ecr.dkr', vpc, agents, check, [pull()]);
    this.endpoint('s3', vpc, agents, check, [new PolicyStatement({
      principals: [new AnyPrincipal()], actions: ['s3:GetObject'], resources: [`arn:${Aws.PARTITION}:s3:::prod-${Aws.REGION}-starport-layer-bucket/*`],
    })]);
    this.endpoint('logs', vpc, agents, check, [own(['logs:CreateLogStream', 'logs:PutLogEvents'], logsArn)]);
    const hostEndpoints = Object.entries(hostStatements).map(([service, statement]) => {
      const forHost = statement.copy({ principals: [new AnyPrincipal()] });
      forHost.addCondition('ArnEquals', { 'aws:PrincipalArn': hostRole.roleArn });
      forHost.addCondition('StringEquals', { 'aws:PrincipalAccount': Aws.ACCOUNT_ID });
      return this.endpoint(service, vpc, host, check, [forHost]);
    });
    new CfnNetworkInsightsAccessScope(this, 'NoPathToProduction', {
      matchPaths: [{
        source: { resourceStatement: { resources: [vpc.vpcId] } },
        destination: { resourceStatement: { resources: [productionGroup.securityGroupId] } },
      }],
    });

    // The databases for agents: a replica, one that lags behind, and a staging clone.
    const replicaGroup = this.closedGroup('ReplicaGroup', vpc, 'The replica that agents read');
    const replicaSource = { sourceDbInstanceIdentifier: production.attrDbInstanceArn, port: String(AGENT_PORT) };
    const standby = { ...LOG_ALL, hot_standby_feedback: '0' };
    const replica = this.database('Replica', 'agentread-shop', vpc, replicaGroup, replicaSource, {
      ...standby, ...limits('300000', '10000', '60000', '900000'), max_standby_streaming_delay: '60000', max_standby_archive_delay: '60000',
      temp_file_limit: '1048576',
    }, [refused, destructive, (name) => logins(name, 'agent_[a-z0-9_]*')], RemovalPolicy.DESTROY, check);
    const delayedGroup = this.closedGroup('DelayedGroup', vpc, 'The delayed replica; nothing may connect until a person adds a rule');
    const delayed = this.database('Delayed', 'agentundo-shop', vpc, delayedGroup, replicaSource, { ...standby, recovery_min_apply_delay: '3600000' },
      [(name) => logins(name)], RemovalPolicy.DESTROY, check);
    const stagingGroup = this.closedGroup('StagingGroup', vpc, 'The staging clone; closed until it is proven clean');
    const staging = this.database('Staging', 'agentstage-shop', vpc, stagingGroup, {
      sourceDbiResourceId: production.attrDbiResourceId, useLatestRestorableTime: true, port: String(AGENT_PORT), backupRetentionPeriod: 7,
      manageMasterUserPassword: true, masterUserSecret: { kmsKeyId: this.key.keyArn },
    }, { ...LOG_ALL, ...limits('3600000', '30000', '300000', '3600000'), ...PASSWORDS }, [refused, (name) => logins(name)], RemovalPolicy.DESTROY, check);
    this.watchReplicas(['agentread-shop', 'agentundo-shop']);
    delayed.addResourceDependency(replica);
    staging.addResourceDependency(replica);
    this.connect('AgentsToReplica', agents, replicaGroup, AGENT_PORT, 'agents to a database made for them');
    this.connect('HostToReplica', host, replicaGroup, AGENT_PORT, 'access host to the replica that agents read');

    this.backups(production, productionKey, check);

    // The access host.
    const instance = new CfnInstance(this, 'Host', {
      imageId: MachineImage.latestAmazonLinux2023({ cpuType: AmazonLinuxCpuType.ARM_64 }).getImage(this).imageId,
      instanceType: 't4g.nano', ebsOptimized: true, monitoring: true,
      iamInstanceProfile: new InstanceProfile(this, 'HostProfile', { role: hostRole }).instanceProfileName,
      subnetId: vpc.selectSubnets({ subnetGroupName: 'Agents' }).subnetIds[0], securityGroupIds: [host.securityGroupId],
      blockDeviceMappings: [{
        deviceName: '/dev/xvda',
        ebs: { volumeType: 'gp3', volumeSize: 8, encrypted: true, kmsKeyId: this.key.keyArn, deleteOnTermination: true },
      }],
      metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1, instanceMetadataTags: 'disabled' },
    });
    instance.node.addDependency(...hostEndpoints);
    const document = this.forwarding('ReplicaSession', 'the replica that agents read', replica);
    this.forwarding('StagingSession', 'the staging clone', staging);

    const sessions = arn('ssm', 'session/*');
    const documentArn = arn('ssm', `document/${document.ref}`);
    const forwarding = [
      { Sid: 'ForwardPort', Effect: 'Allow', Action: ['ssm:StartSession'], Resource: [arn('ec2', `instance/${instance.ref}`), documentArn],
        Condition: { BoolIfExists: { 'ssm:SessionDocumentAccessCheck': 'true' } } },
      { Sid: 'EndOwnForwarding', Effect: 'Allow', Action: ['ssm:ResumeSession', 'ssm:TerminateSession'], Resource: [sessions],
        Condition: { StringLike: { 'ssm:resourceTag/aws:ssmmessages:session-id': '${aws:userid}' } } },
      { Sid: 'CarryForwarding', Effect: 'Allow', Action: ['ssmmessages:OpenDataChannel'], Resource: [sessions] },
    ];
    const elsewhere = [
      { Sid: 'DenyOtherThanForwardPort', Effect: 'Deny', Action: ['ssm:StartSession'], NotResource: forwarding[0]!.Resource },
      { Sid: 'DenyOtherThanEndOwnForwarding', Effect: 'Deny', Action: ['ssm:ResumeSession', 'ssm:TerminateSession', 'ssmmessages:OpenDataChannel'], NotResource: [sessions] },
    ];
    const service = (name: string, prefix: string) => new ServicePrincipal(`${name}.amazonaws.com`, {
      conditions: { ...OWN_ACCOUNT, ArnLike: { 'aws:SourceArn': arn(prefix, '*') } },
    });
    const github = 'token.actions.githubusercontent.com';
    this.agent('coding', replica, new WebIdentityPrincipal(`arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:oidc-provider/${github}`, {
      StringEquals: { [`${github}:aud`]: 'sts.amazonaws.com', [`${github}:sub`]: 'repo:acme/shop:environment:agents' },
    }), forwarding, elsewhere);
    this.agent('support', replica, service('ecs-tasks', 'ecs'));
    this.agent('analyst', replica, service('bedrock-agentcore', 'bedrock-agentcore'));

    this.output({
      ReplicaEndpoint: replica.attrEndpointAddress, ReplicaPort: String(AGENT_PORT), AgentSecurityGroup: agents.securityGroupId,
      AgentSubnets: vpc.selectSubnets({ subnetGroupName: 'Agents' }).subnetIds.join(','), AlarmTopic: this.alarms.topicArn,
      Archive: this.archive.bucketName, AccessHost: instance.ref, PortForwardingDocument: documentArn,
    });
    Tags.of(this).add(KIT, STACK, { excludeResourceTypes: ['AWS::Backup::BackupVault'] });
    Tags.of(this).add('environment', 'demo', { excludeResourceTypes: ['AWS::Backup::BackupVault'] });
  }

  private output(values: Record<string, string>): void {
    for (const [key, value] of Object.entries(values)) new CfnOutput(this, key, { value });
  }

  private lockedKey(id: string, description: string): Key {
    const key = new Key(this, id, { description, enableKeyRotation: true, pendingWindow: Duration.days(30), removalPolicy: RemovalPolicy.RETAIN });
    key.addToResourcePolicy(denyAll(
      'NobodyDestroysTheKey', ['kms:ScheduleKeyDeletion', 'kms:DisableKey', 'kms:DisableKeyRotation', 'kms:DeleteImportedKeyMaterial'], ['*'],
    ));
    key.addToResourcePolicy(denyAll('GrantsForAwsServicesOnly', ['kms:CreateGrant'], ['*'], {
      BoolIfExists: { 'kms:GrantIsForAWSResource': 'false', 'aws:PrincipalIsAWSService': 'false' },
    }));
    return key;
  }

  /** Exactly these statements: what other constructs would grant the role is left out. */
  private serviceRole(id: string, service: string, description: string, statements: PolicyStatement[], conditions?: Conditions): IRole {
    const policy = new ManagedPolicy(this, `${id}Policy`, { description, statements });
    const assumedBy = new ServicePrincipal(`${service}.amazonaws.com`, { conditions });
    return new Role(this, id, { assumedBy, description, managedPolicies: [policy] }).withoutPolicyUpdates();
  }

  private bucket(id: string, props: BucketProps): Bucket {
    const bucket = new Bucket(this, id, {
      versioned: true, encryption: BucketEncryption.KMS, encryptionKey: this.key, bucketKeyEnabled: true, enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL, objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(7) }], removalPolicy: KEPT, ...props,
    });
    bucket.addToResourcePolicy(denyAll(
      'NobodyRemovesEvidence', ['DeleteObject', 'DeleteObjectVersion', 'BypassGovernanceRetention', 'PutObjectRetention', 'PutObjectLegalHold'].map((call) => `s3:${call}`),
      [bucket.arnForObjects('*')],
    ));
    bucket.addToResourcePolicy(denyAll('NobodyLoosensTheArchive', [
      'PutBucketObjectLockConfiguration', 'PutLifecycleConfiguration', 'PutReplicationConfiguration', 'PutEncryptionConfiguration', 'PutBucketLogging',
      'PutBucketNotification',
    ].map((call) => `s3:${call}`), [bucket.bucketArn]));
    bucket.policy!.applyRemovalPolicy(KEPT);
    (bucket.node.defaultChild as CfnBucket).notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
    return bucket;
  }

  private alarm(id: string, props: AlarmProps): void {
    new Alarm(this, `${id}Alarm`, props).addAlarmAction(new SnsAction(this.alarms));
  }

  private isolatedVpc(id: string, cidr: string, groups: string[]): Vpc {
    const vpc = new Vpc(this, `${id}Vpc`, {
      ipAddresses: IpAddresses.cidr(cidr), maxAzs: 2, natGateways: 0, createInternetGateway: false, restrictDefaultSecurityGroup: true,
      subnetConfiguration: groups.map((name) => ({ name, subnetType: SubnetType.PRIVATE_ISOLATED })),
    });
    const log = new LogGroup(this, `${id}FlowLog`, { encryptionKey: this.key, retention: 365, removalPolicy: KEPT });
    const writer = this.serviceRole(`${id}FlowLogWriter`, 'vpc-flow-logs', 'Writes the record of traffic of an isolated network', [
      allow(['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'], [log.logGroupArn]),
    ], OWN_ACCOUNT);
    vpc.addFlowLog('Traffic', { destination: FlowLogDestination.toCloudWatchLogs(log, writer) });
    return vpc;
  }

  private closedGroup(id: string, vpc: Vpc, description: string): SecurityGroup {
    return new SecurityGroup(this, id, { vpc, description, allowAllOutbound: false });
  }

  private connect(id: string, from: SecurityGroup, to: SecurityGroup, port: number, description: string): void {
    const rule = { ipProtocol: 'tcp', fromPort: port, toPort: port, description };
    new CfnSecurityGroupEgress(this, `${id}Out`, { ...rule, groupId: from.securityGroupId, destinationSecurityGroupId: to.securityGroupId });
    new CfnSecurityGroupIngress(this, `${id}In`, { ...rule, groupId: to.securityGroupId, sourceSecurityGroupId: from.securityGroupId });
  }

  private ownOnly(actions: string[], resources: string[], conditions: Record<string, string> = {}): PolicyStatement {
    return new PolicyStatement({
      principals: [new AnyPrincipal()], actions, resources, conditions: { StringEquals: { ...conditions, 'aws:PrincipalAccount': Aws.ACCOUNT_ID } },
    });
  }

  private endpoint(service: string, vpc: Vpc, from: SecurityGroup, after: CfnResource, statements: PolicyStatement[]): InterfaceVpcEndpoint {
    const id = `${service}-endpoint`;
    const group = this.closedGroup(`${id}-group`, vpc, `The endpoint of ${service}: in from those it serves, nothing out`);
    const endpoint = new InterfaceVpcEndpoint(this, id, {
      vpc, service: new InterfaceVpcEndpointAwsService(service), securityGroups: [group], open: false, privateDnsEnabled: true,
      subnets: { subnets: vpc.selectSubnets({ subnetGroupName: 'Agents' }).subnets.slice(0, 1) },
      ...(service === 's3' && { privateDnsOnlyForInboundResolverEndpoint: VpcEndpointPrivateDnsOnlyForInboundResolverEndpoint.ALL_RESOLVERS }),
    });
    for (const statement of statements) endpoint.addToPolicy(statement);
    endpoint.node.addDependency(after);
    this.connect(`To-${id}`, from, group, 443, `callers to the endpoint of ${service}`);
    return endpoint;
  }

  /** An instance with its log groups, what is counted in its log, and an alarm for each count. */
  private database(
    id: string, identifier: string, vpc: Vpc, group: SecurityGroup, props: Partial<CfnDBInstanceProps>, parameters: Record<string, string>,
    watches: ((identifier: string) => Watch)[], removal: RemovalPolicy, after?: CfnResource,
  ): CfnDBInstance {
    const exports = ['postgresql', 'upgrade'];
    const groups = exports.map((log) => {
      const logGroup = new CfnLogGroup(this, `${id}-${log}`, {
        logGroupName: `/aws/rds/instance/${identifier}/${log}`, retentionInDays: 365, kmsKeyId: this.key.keyArn, deletionProtectionEnabled: true,
      });
      logGroup.applyRemovalPolicy(RemovalPolicy.RETAIN);
      if (after) logGroup.addResourceDependency(after);
      return logGroup;
    });
    const statements = groups[0]!.ref;
    const archived = new CfnSubscriptionFilter(this, `${id}ToArchive`, {
      logGroupName: statements, filterPattern: '', destinationArn: this.stream.attrArn, roleArn: this.sender.roleArn,
    });
    const recorded: CfnResource[] = [...groups, archived];
    const count = (name: string, pattern: string) => {
      const namespace = `${KIT}/${identifier}`;
      recorded.push(new CfnMetricFilter(this, `${id}${name}`, {
        logGroupName: statements, filterPattern: pattern,
        metricTransformations: [{ metricNamespace: namespace, metricName: name, metricValue: '1', defaultValue: 0 }],
      }));
      return new Metric({ namespace, metricName: name, statistic: 'Sum', period: Duration.minutes(5) });
    };
    for (const { name, metric, pattern, expected, meaning } of watches.map((watch) => watch(identifier))) {
      const seen = count(metric, pattern);
      this.alarm(`${id}${name}`, {
        alarmName: `${identifier}-${name}`, alarmDescription: meaning, threshold: 0, evaluationPeriods: 1,
        metric: expected === undefined ? seen : new MathExpression({
          label: name, expression: 'seen - expected', usingMetrics: { seen, expected: count(`Expected${metric}`, expected) }, period: seen.period,
        }),
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD, treatMissingData: TreatMissingData.NOT_BREACHING,
      });
    }
    this.alarm(`${id}Silence`, {
      alarmName: `${identifier}-silence`, threshold: 1, evaluationPeriods: 1,
      alarmDescription: `No line of ${identifier} has reached its log group for 30 minutes, although a running database always has something to log. Expected `
        + 'only while the database is being created, stopped or deleted. Otherwise check its log exports and parameter group, and who changed them.',
      metric: new Metric({
        namespace: 'AWS/Logs', metricName: 'IncomingLogEvents', dimensionsMap: { LogGroupName: statements }, statistic: 'Sum', period: Duration.minutes(30),
      }),
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD, treatMissingData: TreatMissingData.BREACHING,
    });
    this.alarm(`${id}NotArchived`, {
      alarmName: `${identifier}-not-archived`, threshold: 1, evaluationPeriods: 1,
      alarmDescription: `No line of ${identifier} was sent to the archive for an hour. If the alarm for silence is on too, see to that one first. Otherwise lines `
        + 'still reach the log group, where they can be deleted, and go no further: check that the subscription filter of the log group is there and leads to the '
        + 'delivery stream of the archive, and find out in CloudTrail who changed it. Deploy again, and export what is missing from the log group before anybody '
        + 'can remove it.',
      metric: new MathExpression({
        expression: `SELECT SUM(ForwardedLogEvents) FROM "AWS/Logs" WHERE LogGroupName = '${statements}' AND FilterName = '${archived.ref}'`,
        label: 'lines sent to the archive', usingMetrics: {}, period: Duration.hours(1),
      }),
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD, treatMissingData: TreatMissingData.BREACHING,
    });
    const instance = new CfnDBInstance(this, `${id}Instance`, {
      dbInstanceIdentifier: identifier, engine: 'postgres', dbInstanceClass: 'db.t4g.micro', ...props,
      dbSubnetGroupName: new CfnDBSubnetGroup(this, `${id}Subnets`, {
        dbSubnetGroupDescription: `Subnets of ${identifier}`, subnetIds: vpc.selectSubnets({ subnetGroupName: 'Databases' }).subnetIds,
      }).ref,
      dbParameterGroupName: new CfnDBParameterGroup(this, `${id}Parameters`, { family: 'postgres17', description: `Settings of ${identifier}`, parameters }).ref,
      vpcSecurityGroups: [group.securityGroupId], enableIamDatabaseAuthentication: true, enableCloudwatchLogsExports: exports,
      copyTagsToSnapshot: true, deletionProtection: true, publiclyAccessible: false, multiAz: false, autoMinorVersionUpgrade: true,
      monitoringInterval: 60, monitoringRoleArn: this.monitoring.roleArn,
    });
    instance.applyRemovalPolicy(removal);
    for (const resource of [...recorded, ...(after ? [after] : [])]) instance.addResourceDependency(resource);
    return instance;
  }

  private watchReplicas(identifiers: string[]): void {
    const metric = (id: string, name: string, instance: string, metricName: string, above: boolean, threshold: number, alarmDescription: string) =>
      this.alarm(id, {
        alarmName: name, alarmDescription, threshold, evaluationPeriods: 1, treatMissingData: TreatMissingData.NOT_BREACHING,
        comparisonOperator: above ? ComparisonOperator.GREATER_THAN_THRESHOLD : ComparisonOperator.LESS_THAN_THRESHOLD,
        metric: new Metric({
          namespace: 'AWS/RDS', metricName, dimensionsMap: { DBInstanceIdentifier: instance }, statistic: above ? 'Maximum' : 'Minimum', period: Duration.minutes(5),
        }),
      });
    for (const name of identifiers) {
      metric(`${name}-storage`, `${name}-low-storage`, name, 'FreeStorageSpace', false, 2 * 1024 ** 3,
        `Less than 2 GiB of storage are left on ${name}. When it is full it stops taking changes, and the production database shop has to keep them on its own `
          + 'disk. See in the log group who sorts or logs that much, and end their sessions; temporary files go with them. If it is the data that grew: aws rds '
          + `modify-db-instance --db-instance-identifier ${name} --apply-immediately --allocated-storage, with a tenth more at least.`);
    }
    const live = identifiers[0]!;
    metric('ReplicaLag', `${live}-behind-production`, live, 'ReplicaLag', true, 900,
      `${live} is more than 15 minutes behind the production database shop: agents read what is no longer true, and production may have to keep changes for it. `
        + 'Look at its storage and CPU, at the state of its replication in the RDS console, and in the log group at what agents run; end what holds it up.');
    metric('ReplicaHold', `${live}-fills-production`, 'shop', 'OldestReplicationSlotLag', true, 5 * 1024 ** 3,
      'More than 5 GiB of changes wait on the disk of the production database shop for a replica that does not take them; when that disk is full, production '
        + `stops. Expected only while a replica is being created. Find the replica that is behind: ${live}, or another of this source. If it does not catch up while `
        + 'production has room to spare, production comes first, and nothing is lost with a replica: aws rds modify-db-instance --db-instance-identifier '
        + `${live} --no-deletion-protection --apply-immediately; aws rds delete-db-instance --db-instance-identifier ${live} --skip-final-snapshot. Make it anew `
        + 'when production is safe.');
  }

  private check(handlers: string, properties: Record<string, string>): CfnResource {
    const { functionArn } = this.function('Check', join(handlers, 'production-check'),
      'Reads the production database on every deployment, which stops unless it can be recovered', 60, [
        allow(['rds:DescribeDBInstances'], [properties.InstanceArn!]),
        allow(['cloudformation:DescribeStacks'], [this.stackId]),
      ]);
    const check = new CustomResource(this, 'Check', {
      resourceType: 'Custom::ProductionCheck', serviceToken: functionArn, serviceTimeout: Duration.seconds(120), properties,
    });
    return check.node.defaultChild as CfnResource;
  }

  /** A function with its role and log, and an alarm for requests that it gave up. */
  private function(
    id: string, handler: string, description: string, seconds: number, statements: PolicyStatement[], network?: Pick<FunctionProps, 'vpc' | 'vpcSubnets' | 'securityGroups'>,
  ): Function {
    const logGroup = new LogGroup(this, `${id}Log`, { encryptionKey: this.key, retention: 365, removalPolicy: KEPT });
    const failed = new Topic(this, `Failed${id}s`, { masterKey: this.key, enforceSSL: true });
    failed.addToResourcePolicy(denyAll('NobodyReadsRequests', ['sns:Subscribe'], [failed.topicArn]));
    this.alarm(`Failed${id}s`, {
      alarmDescription: `${description}: it failed at a request and gave up. Its log says why.`, threshold: 1, evaluationPeriods: 1,
      metric: failed.metricNumberOfMessagesPublished({ period: Duration.minutes(5) }),
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD, treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    const role = this.serviceRole(`${id}Role`, 'lambda', description, [
      allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]),
      allow(['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], ['*']),
      allow(['sns:Publish'], [failed.topicArn]),
      allow(['kms:Decrypt', 'kms:GenerateDataKey'], [this.key.keyArn]),
      ...(network ? this.networkStatements() : []),
      ...statements,
    ]);
    return new Function(this, `${id}Function`, {
      description, runtime: Runtime.NODEJS_24_X, architecture: Architecture.ARM_64, code: Code.fromAsset(handler), handler: 'index.handler',
      memorySize: 256, timeout: Duration.seconds(seconds), role, logGroup, tracing: Tracing.ACTIVE, deadLetterTopic: failed, ...network,
    });
  }

  private networkStatements(): PolicyStatement[] {
    const actions = ['AssignPrivateIpAddresses', 'CreateNetworkInterface', 'DeleteNetworkInterface', 'DescribeNetworkInterfaces', 'DescribeSubnets',
      'UnassignPrivateIpAddresses'].map((call) => `ec2:${call}`);
    return [
      allow(actions, ['*']),
      new PolicyStatement({ effect: Effect.DENY, actions, resources: ['*'], conditions: { Null: { 'lambda:SourceFunctionArn': 'false' } } }),
    ];
  }

  /** The roles of agents in production: one function in its network, with a way to the master secret, and one that calls it. */
  private databaseRoles(
    handlers: string, deploymentId: string, vpc: Vpc, productionGroup: SecurityGroup, production: CfnDBInstance, key: Key, after: CfnResource,
  ): void {
    const group = this.closedGroup('RolesGroup', vpc, 'The function that sets up database roles: out to production and Secrets Manager, nothing in');
    this.connect('RolesToProduction', group, productionGroup, PRODUCTION_PORT, 'to production, to set up database roles');
    const secretArn = production.attrMasterUserSecretSecretArn;
    const door = this.closedGroup('SecretsDoor', vpc, 'The endpoint of secretsmanager: in from those it serves, nothing out');
    const endpoint = new InterfaceVpcEndpoint(this, 'SecretsEndpoint', {
      vpc, service: new InterfaceVpcEndpointAwsService('secretsmanager'), securityGroups: [door], open: false, privateDnsEnabled: false,
      subnets: { subnets: vpc.isolatedSubnets.slice(0, 1) },
    });
    endpoint.addToPolicy(this.ownOnly(['secretsmanager:GetSecretValue'], [secretArn]));
    this.connect('RolesToSecrets', group, door, 443, 'to the endpoint of Secrets Manager');
    const provisioner = this.function('RoleProvisioner', join(handlers, 'role-provisioner'),
      'Sets up the database roles of agents on production, with the master secret', 60, [
        allow(['secretsmanager:GetSecretValue'], [secretArn]),
        allow(['kms:Decrypt'], [key.keyArn], { StringEquals: {
          'kms:ViaService': `secretsmanager.${Aws.REGION}.${Aws.URL_SUFFIX}`, 'kms:EncryptionContext:SecretARN': secretArn,
        } }),
      ], { vpc, vpcSubnets: { subnets: vpc.isolatedSubnets }, securityGroups: [group] });
    const caller = this.function('Roles', join(handlers, 'database-roles'), 'Has the database roles of agents set up on every deployment', 240, [
      allow(['lambda:InvokeFunction'], [provisioner.functionArn]),
      allow(['cloudformation:DescribeStacks'], [this.stackId]),
    ]);
    const roles = new CustomResource(this, 'DatabaseRoles', {
      resourceType: 'Custom::DatabaseRoles', serviceToken: caller.functionArn, serviceTimeout: Duration.seconds(480),
      properties: {
        Provisioner: provisioner.functionArn, Host: production.attrEndpointAddress, Port: String(PRODUCTION_PORT),
        Databases: JSON.stringify(WANTED_ROLES), SecretArn: secretArn,
        SecretsHost: Fn.select(1, Fn.split(':', Fn.select(0, endpoint.vpcEndpointDnsEntries))), DeploymentId: deploymentId,
      },
    });
    for (const one of [endpoint, provisioner, caller]) one.node.addDependency(after);
    roles.node.addDependency(endpoint, provisioner, caller, ...['Out', 'In'].flatMap((end) => [
      this.node.findChild(`RolesToProduction${end}`), this.node.findChild(`RolesToSecrets${end}`),
    ]));
    new CfnOutput(this, 'DatabaseRoleFindings', { value: roles.getAttString('Findings') });
  }

  private backups(production: CfnDBInstance, productionKey: Key, after: CfnResource): void {
    const key = this.lockedKey('BackupKey', 'Encrypts the backup vault of shop');
    const suffix = Fn.select(4, Fn.split('-', Fn.select(2, Fn.split('/', Aws.STACK_ID))));
    const otherLock = (Sid: string, Condition: object) =>
      ({ Sid, Effect: 'Deny', Principal: '*', Action: 'backup:PutBackupVaultLockConfiguration', Resource: '*', Condition });
    const vault = new CfnBackupVault(this, 'Vault', {
      backupVaultName: Fn.join('-', ['backups-35d-governance-v1', suffix]), encryptionKeyArn: key.keyArn,
      lockConfiguration: { minRetentionDays: 35, maxRetentionDays: 35 },
      accessPolicy: {
        Version: '2012-10-17',
        Statement: [
          { Sid: 'NobodyRemovesRecoveryPoints', Effect: 'Deny', Principal: '*', Resource: '*', Action: [
            'DeleteRecoveryPoint', 'UpdateRecoveryPointLifecycle', 'DisassociateRecoveryPoint', 'DisassociateRecoveryPointFromParent',
            'PutBackupVaultAccessPolicy', 'DeleteBackupVaultAccessPolicy', 'DeleteBackupVaultLockConfiguration', 'DeleteBackupVault',
          ].map((call) => `backup:${call}`) },
          otherLock('NoOtherMinimum', { NumericNotEquals: { 'backup:MinRetentionDays': '35' } }),
          otherLock('NoOtherMaximum', { NumericNotEquals: { 'backup:MaxRetentionDays': '35' } }),
          otherLock('NoOtherMode', { Null: { 'backup:ChangeableForDays': 'false' } }),
        ],
      },
    });
    const airGapped = new CfnLogicallyAirGappedBackupVault(this, 'AirGappedVault', {
      backupVaultName: Fn.join('-', ['air-gapped-7d-v1', suffix]), minRetentionDays: 7, maxRetentionDays: 7,
    });
    for (const one of [vault, airGapped]) one.applyRemovalPolicy(RemovalPolicy.RETAIN);
    for (const one of [key, vault, airGapped]) one.node.addDependency(after);
    const [databaseArn, keyArns] = [production.attrDbInstanceArn, [key.keyArn, productionKey.keyArn]];
    const role = this.serviceRole('BackupRole', 'backup', 'AWS Backup makes and expires recovery points of shop', [
      allow(['rds:CreateDBSnapshot', 'rds:DescribeDBInstances', 'rds:ListTagsForResource'], [databaseArn]),
      allow(['AddTagsToResource', 'CopyDBSnapshot', 'CreateDBSnapshot', 'DeleteDBSnapshot', 'DescribeDBSnapshots', 'ListTagsForResource', 'ModifyDBSnapshotAttribute']
        .map((call) => `rds:${call}`), [arn('rds', 'snapshot:awsbackup:*')]),
      allow(['backup:CopyIntoBackupVault', 'backup:DescribeBackupVault'], [vault.attrBackupVaultArn, airGapped.attrBackupVaultArn]),
      allow(['kms:DescribeKey'], keyArns),
      allow(['kms:CreateGrant'], keyArns, { Bool: { 'kms:GrantIsForAWSResource': 'true' } }),
    ], OWN_ACCOUNT);
    const plan = new CfnBackupPlan(this, 'Plan', {
      backupPlan: {
        backupPlanName: 'shop-protected',
        backupPlanRule: [{
          ruleName: 'Daily', targetBackupVault: vault.attrBackupVaultName, scheduleExpression: 'cron(0 5 * * ? *)', scheduleExpressionTimezone: 'Etc/UTC',
          startWindowMinutes: 120, completionWindowMinutes: 720, lifecycle: { deleteAfterDays: 35 },
          copyActions: [{ destinationBackupVaultArn: airGapped.attrBackupVaultArn, lifecycle: { deleteAfterDays: 7 } }],
        }],
      },
    });
    const selection = new CfnBackupSelection(this, 'Selection', {
      backupPlanId: plan.ref, backupSelection: { selectionName: 'production', iamRoleArn: role.roleArn, resources: [databaseArn] },
    });
    const stays = (resource: IConstruct | undefined, updateReplacePolicy: CfnDeletionPolicy) =>
      Object.assign((resource as CfnResource).cfnOptions, { deletionPolicy: CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE, updateReplacePolicy });
    for (const id of ['BackupRole', 'BackupRolePolicy']) stays(this.node.findChild(id).node.defaultChild, CfnDeletionPolicy.RETAIN);
    for (const resource of [plan, selection]) stays(resource, CfnDeletionPolicy.DELETE);
    this.tellOfBackups(vault);
  }

  private tellOfBackups(vault: CfnBackupVault): void {
    const name = vault.attrBackupVaultName;
    this.alarm('BackupOverdue', {
      alarmDescription: 'No backup of shop has been completed for 30 hours; there should be one every day. Expected only on the day of the first deployment. '
        + `Otherwise look at the jobs of vault ${name} in AWS Backup, and whether its plan, selection and role are still there.`,
      metric: new Metric({
        namespace: 'AWS/Backup', metricName: 'NumberOfBackupJobsCompleted', dimensionsMap: { BackupVaultName: name }, statistic: 'Sum', period: Duration.hours(1),
      }),
      threshold: 1, evaluationPeriods: 30, comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD, treatMissingData: TreatMissingData.BREACHING,
    });
    const publisher = this.serviceRole('Publisher', 'events', 'EventBridge tells of failed backups of shop', [
      allow(['sns:Publish'], [this.alarms.topicArn]), allow(['kms:Decrypt', 'kms:GenerateDataKey'], [this.key.keyArn]),
    ], { ...OWN_ACCOUNT, ArnLike: { 'aws:SourceArn': arn('events', 'rule/*') } });
    const rule = new CfnRule(this, 'BackupFailures', {
      description: 'A backup of shop failed, or its vault was changed', state: 'ENABLED',
      eventPattern: {
        'source': ['aws.backup'],
        'detail-type': ['Backup Job State Change', 'Copy Job State Change', 'Backup Vault State Change'],
        'detail': {
          state: ['FAILED', 'ABORTED', 'EXPIRED', 'PARTIAL', 'MODIFIED', 'DELETED'],
          $or: [{ backupVaultName: [name] }, { sourceBackupVaultArn: [vault.attrBackupVaultArn] }],
        },
      },
      targets: [{
        id: 'Alarms', arn: this.alarms.topicArn, roleArn: publisher.roleArn, deadLetterConfig: { arn: this.undelivered.queueArn },
        inputTransformer: {
          inputPathsMap: { type: '$.detail-type', state: '$.detail.state', at: '$.time' },
          inputTemplate: `"Backups of shop: <type> to <state> at <at>, vault ${name}."\n"After a failed job, read the reason in AWS Backup and start a backup on demand. `
            + 'If the vault was changed and nobody meant to, find out in CloudTrail who did."',
        },
      }],
    });
    this.undelivered.addToResourcePolicy(new PolicyStatement({
      principals: [new ServicePrincipal('events.amazonaws.com')], actions: ['sqs:SendMessage'], resources: [this.undelivered.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': rule.attrArn } },
    }));
  }

  private forwarding(id: string, name: string, target: CfnDBInstance): CfnDocument {
    return new CfnDocument(this, id, {
      documentType: 'Session', documentFormat: 'JSON', targetType: '/AWS::EC2::Instance', updateMethod: 'Replace',
      content: {
        schemaVersion: '1.0', description: `Forwards a local port to ${name}`, sessionType: 'Port',
        parameters: {
          localPortNumber: {
            type: 'String', description: 'The local port; 0 takes any free one', default: '0',
            allowedPattern: '^([0-9]|[1-9][0-9]{1,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])$',
          },
        },
        properties: { type: 'LocalPortForwarding', host: target.attrEndpointAddress, portNumber: String(AGENT_PORT), localPortNumber: '{{ localPortNumber }}' },
      },
    });
  }

  private agent(name: string, replica: CfnDBInstance, assumedBy: IPrincipal, more: { Action: string[] }[] = [], elsewhere: object[] = []): void {
    const user = arn('rds-db', `dbuser:${replica.attrDbiResourceId}/agent_${name}_ro`);
    const allowed = [{ Sid: 'ConnectToReplica', Effect: 'Allow', Action: ['rds-db:connect'], Resource: [user] }, ...more];
    const policy = (kind: string, description: string, Statement: object[]) => {
      const { ref } = new CfnManagedPolicy(this, `${kind}-${name}`, { description, policyDocument: { Version: '2012-10-17', Statement } });
      return ManagedPolicy.fromManagedPolicyArn(this, `${kind}-${name}-reference`, ref);
    };
    const permissions = policy('permissions', `Everything that the AI agent ${name} is allowed`, allowed);
    const boundary = policy('boundary', `The most that the AI agent ${name} may ever be allowed`, [
      ...allowed, ...DENIALS,
      { Sid: 'DenyOtherThanConnectToReplica', Effect: 'Deny', Action: ['rds-db:connect'], NotResource: [user] }, ...elsewhere,
      { Sid: 'DenyEverythingElse', Effect: 'Deny', NotAction: allowed.flatMap(({ Action }) => Action), Resource: ['*'] },
    ]);
    const role = new Role(this, `agent-${name}`, {
      description: `The AI agent ${name}: logs in to a read replica, and nothing else`, assumedBy, managedPolicies: [permissions],
      permissionsBoundary: boundary, maxSessionDuration: Duration.hours(1),
    });
    this.output({ [`Role${name}`]: role.roleArn, [`Boundary${name}`]: boundary.managedPolicyArn, [`DatabaseUser${name}`]: `agent_${name}_ro` });
  }
}
