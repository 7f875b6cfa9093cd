import { damages, type WrittenDamage } from './damage';

const GROUP = 'GuardrailsReplicaLiveLogsPostgresql';
const ARCHIVE = 'StatementLogArchiveLockedBucket';
const POLICY = 'StatementLogArchiveLockedBucketPolicy';
const SUBSCRIPTION = 'GuardrailsReplicaLiveLogsPostgresqlToArchive';
const STREAM = 'StatementLogArchiveStream';
const LIVE = 'GuardrailsReplicaLiveInstance';

const parameters = (name: string, changes: Readonly<Record<string, string>>): WrittenDamage[] => Object.entries(changes).map(([parameter, value]) => [
  `${name} has ${parameter} = ${value}`, new RegExp(`^${parameter.replaceAll('.', '\\.')} of \\w+ is ${value},`), (demo) => { demo.properties(name).Parameters[parameter] = value; },
]);

/** Each alarm of the replica, by the resource that it is. */
const ALARMS = { RefusedStatements: 'GuardrailsReplicaLiveLogsRefusedStatementsAlarm', DestructiveStatements: 'GuardrailsReplicaLiveLogsDestructiveStatementsAlarm', UnexpectedLogins: 'GuardrailsReplicaLiveLogsUnexpectedLoginsAlarm' };
const alarms = Object.entries(ALARMS).flatMap(([id, name]): WrittenDamage[] => [
  [`${id}: no alarm`, new RegExp(`no alarm watches ${id} of agentread-shop`), (demo) => demo.remove(name)],
  [`${id}: it tells nobody`, new RegExp(`${name}\\w+ for ${id} .* tells nobody`), (demo) => demo.unset(name, 'AlarmActions')],
  [`${id}: it is switched off`, new RegExp(`${name}\\w+ for ${id}`), (demo) => demo.set(name, { ActionsEnabled: false })],
  [`${id}: it waits for a hundred`, new RegExp(`${name}\\w+ for ${id}`), (demo) => demo.set(name, { Threshold: 100 })],
  [`${id}: it goes off when nothing happens`, new RegExp(`${name}\\w+ for ${id}`), (demo) => demo.set(name, { ComparisonOperator: 'LessThanThreshold' })],
  [`${id}: it waits for a day`, new RegExp(`${name}\\w+ for ${id}`), (demo) => demo.set(name, { EvaluationPeriods: 288 })],
]);

export const LOG = damages('statements-are-recorded', [
  ['the replica sends no log', /GuardrailsReplicaLiveInstance\w+ does not send its log/, (demo) => demo.unset(LIVE, 'EnableCloudwatchLogsExports')],
  ['the replica sends its upgrade log only', /GuardrailsReplicaLiveInstance\w+ does not send its log/, (demo) => demo.set(LIVE, { EnableCloudwatchLogsExports: ['upgrade'] })],
  ['production sends no log', /ProductionEvaluationInstance\w+ does not send its log/, (demo) => demo.set('ProductionEvaluationInstance', { EnableCloudwatchLogsExports: [] })],
  ['the clone sends no log', /GuardrailsStagingCopy\w+ does not send its log/, (demo) => demo.unset('GuardrailsStagingCopy', 'EnableCloudwatchLogsExports')],
  ...parameters('GuardrailsReplicaLiveParameters', {
    'log_statement': 'ddl', 'pgaudit.log': 'ddl', 'log_connections': '0', 'log_disconnections': '0', 'pgaudit.log_parameter': '1', 'log_parameter_max_length': '-1', 'log_parameter_max_length_on_error': '100',
  }),
  ...parameters('ProductionEvaluationParameters', { 'log_statement': 'none', 'pgaudit.log': 'role' }),
  ['the replica does not load pgaudit', /GuardrailsReplicaLiveInstance\w+ does not load pgaudit/, (demo) => { demo.properties('GuardrailsReplicaLiveParameters').Parameters.shared_preload_libraries = 'pg_stat_statements'; }],
  ['the replica has no parameter group of the template', /whether .*parameter group of GuardrailsReplicaLiveInstance\w+ logs statements/, (demo) => demo.set(LIVE, { DBParameterGroupName: 'default.postgres17' }), 'unknown'],
  ['the log group has another name', /log group is named \/aws\/rds\/instance\/other\/postgresql, .*agentread-shop/, (demo) => demo.set(GROUP, { LogGroupName: '/aws/rds/instance/other/postgresql' })],
  ['the log group has no name', /log group is named nothing, .*agentread-shop/, (demo) => demo.unset(GROUP, 'LogGroupName')],
  ['the log is kept a day', /log of agentread-shop is kept 1 days/, (demo) => demo.set(GROUP, { RetentionInDays: 1 })],
  ['the log can be deleted', /log of agentread-shop can be deleted/, (demo) => demo.set(GROUP, { DeletionProtectionEnabled: false })],
  ['the log says nothing of deletion', /log of agentread-shop can be deleted/, (demo) => demo.unset(GROUP, 'DeletionProtectionEnabled')],
  ['the log has no key', /log of agentread-shop is encrypted with no key/, (demo) => demo.unset(GROUP, 'KmsKeyId')],
  ['the upgrade log can be deleted', /log of agentread-shop can be deleted/, (demo) => demo.set('GuardrailsReplicaLiveLogsUpgrade', { DeletionProtectionEnabled: false })],
  ['the log group is gone', /declares its logGroups .*GuardrailsReplicaLiveLogsPostgresql/, (demo) => demo.remove(GROUP)],
  ['nothing copies the log', /no subscription copies GuardrailsReplicaLiveLogsPostgresql/, (demo) => demo.remove(SUBSCRIPTION)],
  ['a part of the log is copied', /GuardrailsReplicaLiveLogsPostgresqlToArchive\w+ of .* leaves lines out/, (demo) => demo.set(SUBSCRIPTION, { FilterPattern: 'ERROR' })],
  ['the log is copied to elsewhere', /GuardrailsReplicaLiveLogsPostgresqlToArchive\w+ leads to no delivery stream/, (demo) => demo.set(SUBSCRIPTION, { DestinationArn: 'arn:aws:firehose:eu-central-1:111122223333:deliverystream/other' })],
  ['the log of something else is copied', /no subscription copies GuardrailsReplicaLiveLogsPostgresql/, (demo) => demo.set(SUBSCRIPTION, { LogGroupName: demo.ref('GuardrailsCheckFunctionLogs') })],
  ['the stream writes elsewhere', /StatementLogArchiveStream\w+ does not write to the archive StatementLogArchiveLockedBucket/, (demo) => { demo.properties(STREAM).ExtendedS3DestinationConfiguration.BucketARN = 'arn:aws:s3:::elsewhere'; }],
  ['the stream is gone', /leads to no delivery stream/, (demo) => demo.remove(STREAM)],
  ['the archive has no lock', /StatementLogArchiveLockedBucket\w+ has no Object Lock/, (demo) => demo.unset(ARCHIVE, 'ObjectLockEnabled')],
  ['the archive locks nothing by default', /StatementLogArchiveLockedBucket\w+ locks what is put into it for fewer/, (demo) => demo.unset(ARCHIVE, 'ObjectLockConfiguration')],
  ['the archive locks for a day', /StatementLogArchiveLockedBucket\w+ locks what is put into it for fewer/, (demo) => { demo.properties(ARCHIVE).ObjectLockConfiguration.Rule.DefaultRetention.Days = 1; }],
  ['the archive keeps no versions', /StatementLogArchiveLockedBucket\w+ keeps no versions/, (demo) => demo.set(ARCHIVE, { VersioningConfiguration: { Status: 'Suspended' } })],
  ['the archive has no key', /StatementLogArchiveLockedBucket\w+ is encrypted with no key/, (demo) => demo.unset(ARCHIVE, 'BucketEncryption')],
  ['the archive is encrypted with a key of S3', /StatementLogArchiveLockedBucket\w+ is encrypted with no key/, (demo) => demo.set(ARCHIVE, { BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] } })],
  ...['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'].map((block): WrittenDamage => [`the archive is without ${block}`, new RegExp(`StatementLogArchiveLockedBucket\\w+ does not ${block.replace(/([A-Z])/g, ' $1').trim().toLowerCase()}`), (demo) => {
    demo.properties(ARCHIVE).PublicAccessBlockConfiguration[block] = false;
  }]),
  ['the archive is public', /does not block public acls/, (demo) => demo.unset(ARCHIVE, 'PublicAccessBlockConfiguration')],
  ['objects expire after a day', /a lifecycle rule of the archive StatementLogArchiveLockedBucket\w+ removes objects/, (demo) => { demo.properties(ARCHIVE).LifecycleConfiguration.Rules.push({ Status: 'Enabled', ExpirationInDays: 1 }); }],
  ['old versions expire after a day', /a lifecycle rule of the archive StatementLogArchiveLockedBucket\w+ removes objects/, (demo) => {
    demo.properties(ARCHIVE).LifecycleConfiguration.Rules.push({ Status: 'Enabled', NoncurrentVersionExpiration: { NoncurrentDays: 1 } });
  }],
  ['objects expire on a day', /a lifecycle rule of the archive StatementLogArchiveLockedBucket\w+ removes objects/, (demo) => { demo.properties(ARCHIVE).LifecycleConfiguration.Rules.push({ Status: 'Enabled', ExpirationDate: '2027-01-01T00:00:00Z' }); }],
  ['the archive has no policy', /policy of the archive StatementLogArchiveLockedBucket\w+ denies s3:DeleteObject not/, (demo) => demo.remove(POLICY)],
  ...([['NobodyRemovesEvidence', 's3:DeleteObjectVersion'], ['NobodyLoosensTheArchive', 's3:PutLifecycleConfiguration']] as const).map(([sid, action]): WrittenDamage => [
    `the archive has no ${sid}`, new RegExp(`policy of the archive StatementLogArchiveLockedBucket\\w+ denies ${action} not to everybody`), (demo) => demo.drop(POLICY, sid),
  ]),
  ...([
    ['NobodyRemovesEvidence', 's3:DeleteObject'], ['NobodyRemovesEvidence', 's3:BypassGovernanceRetention'], ['NobodyRemovesEvidence', 's3:PutObjectRetention'], ['NobodyRemovesEvidence', 's3:PutObjectLegalHold'],
    ['NobodyLoosensTheArchive', 's3:PutBucketObjectLockConfiguration'], ['NobodyLoosensTheArchive', 's3:PutReplicationConfiguration'], ['NobodyLoosensTheArchive', 's3:PutEncryptionConfiguration'],
    ['NobodyLoosensTheArchive', 's3:PutBucketLogging'], ['NobodyLoosensTheArchive', 's3:PutBucketNotification'],
  ] as const).map(([sid, action]): WrittenDamage => [`the archive does not deny ${action}`, new RegExp(`policy of the archive StatementLogArchiveLockedBucket\\w+ denies ${action} not to everybody`), (demo) => {
    const statement = demo.statement(POLICY, sid);
    statement.Action = (statement.Action as string[]).filter((each) => each !== action);
  }]),
  ['anybody with the permission writes to the archive', /can add objects to the archive StatementLogArchiveLockedBucket/, (demo) => demo.drop(POLICY, 'NobodyElseWrites')],
  ['the archive is read without TLS', /StatementLogArchiveLockedBucket\w+ is read without TLS/, (demo) => { demo.statements(POLICY).shift(); }],
  ['the archive is gone', /declares its archive StatementLogArchiveLockedBucket\w+, and the template has none/, (demo) => demo.remove(ARCHIVE)],
  ['refused statements are not counted', /nothing counts RefusedStatements in the log of agentread-shop/, (demo) => demo.remove('GuardrailsReplicaLiveLogsRefusedStatements')],
  ['refused statements are counted by another pattern', /nothing counts RefusedStatements in the log of agentread-shop/, (demo) => demo.set('GuardrailsReplicaLiveLogsRefusedStatements', { FilterPattern: '"nothing"' })],
  ['expected logins are counted by a wider pattern', /nothing counts ExpectedLogins in the log of agentread-shop/, (demo) => demo.set('GuardrailsReplicaLiveLogsExpectedLogins', { FilterPattern: '"connection authorized:"' })],
  ['refused statements are counted in another group', /nothing counts RefusedStatements in the log of agentread-shop/, (demo) => demo.set('GuardrailsReplicaLiveLogsRefusedStatements', { LogGroupName: demo.ref('GuardrailsCheckFunctionLogs') })],
  ['destructive statements are counted under another name', /nothing counts DestructiveStatements in the log of agentread-shop/, (demo) => { demo.properties('GuardrailsReplicaLiveLogsDestructiveStatements').MetricTransformations[0].MetricName = 'Other'; }],
  ['destructive statements are counted in another namespace', /DestructiveStatements/, (demo) => { demo.properties('GuardrailsReplicaLiveLogsDestructiveStatements').MetricTransformations[0].MetricNamespace = 'other'; }],
  ['destructive statements count nothing', /DestructiveStatements/, (demo) => { demo.properties('GuardrailsReplicaLiveLogsDestructiveStatements').MetricTransformations[0].MetricValue = '0'; }],
  ...alarms,
  ['silence is no alarm', /no alarm watches Silence of agentread-shop/, (demo) => demo.remove('GuardrailsReplicaLiveLogsSilenceAlarm')],
  ['silence is taken for nothing', /GuardrailsReplicaLiveLogsSilenceAlarm\w+ for Silence/, (demo) => demo.set('GuardrailsReplicaLiveLogsSilenceAlarm', { TreatMissingData: 'notBreaching' })],
  ['silence tells nobody', /GuardrailsReplicaLiveLogsSilenceAlarm\w+ for Silence/, (demo) => demo.unset('GuardrailsReplicaLiveLogsSilenceAlarm', 'AlarmActions')],
  ['the key of the record can be destroyed', /StatementLogKey\w+ .*kms:ScheduleKeyDeletion/, (demo) => demo.drop('StatementLogKey', 'NobodyDestroysTheKey')],
]);
