import { logWatches } from '../../core/log-patterns';
import type { DatabasePurpose } from '../../core/parameters';
import { DATABASE_PREFIX, KIT_TAG } from '../../core/policy';
import { arnOf, refOf } from '../identities';
import {
  allOf, anyOf, at, atLeast, declarationsOf, declaredResource, includes, is, listOf, missing, property, resourcesOf, shown, unless, type Certainty,
} from '../look';
import type { Assembly, AuditModel, Finding, Resource, Rule, StackDeclaration, Text, Value } from '../model';
import { archiveProblems } from './statement-archive';

const RULE = 'statements-are-recorded';

/** Every database that the kit records: it logs, its log group is kept and copied to an archive that is locked, and what matters alarms. */
export const statementsAreRecorded: Rule = {
  id: RULE,
  claim: 'every statement of agents is logged and kept where they cannot change it; refused and destructive attempts alarm',
  applies: ({ assembly }) => declarationsOf(assembly, RULE).length > 0,
  check: (model) => [
    ...declarationsOf(model.assembly, RULE).flatMap((declaration) => recorded(model, declaration)),
    ...unrecorded(model),
  ],
};

function recorded({ assembly }: AuditModel, declaration: StackDeclaration): Finding[] {
  const identifier = String(declaration.resources.database);
  const groups = listOf(declaration.resources.logGroups).map((logicalId) => assembly.resources.find(({ id }) => id === `${declaration.stack}.${shown(logicalId)}`));
  const statements = groups[0];
  const archive = declaredResource(assembly, declaration, 'archive');
  const database = databaseOf(assembly, identifier);
  return [
    ...(groups.length === 0 || groups.includes(undefined) ? missing(RULE, declaration, 'logGroups') : []),
    ...groups.flatMap((group) => group ? groupProblems(group, identifier) : []),
    ...(archive ? archiveProblems(RULE, assembly, archive) : missing(RULE, declaration, 'archive')),
    ...(statements && archive ? copyProblems(assembly, statements, archive) : []),
    ...(database ? loggingProblems(assembly, database, purposeOf(identifier)) : []),
    ...(statements ? alarmProblems(assembly, statements, purposeOf(identifier), identifier) : []),
  ];
}

/** A replica or a copy that agents are given and that nobody records. */
function unrecorded({ assembly, subjects }: AuditModel): Finding[] {
  const named = declarationsOf(assembly, RULE).map(({ resources }) => resources.database);
  return subjects.logins.flatMap(({ resourceId }) => assembly.resources.filter((resource) =>
    DATABASES.includes(resource.type) && resourceId?.includes(`g:${resource.id}.`) && !named.some((one) => one === property(resource, 'DBInstanceIdentifier'))))
    .flatMap((database) => unless(false, {
      rule: RULE, subject: database,
      because: `agents log in to ${database.logicalId}, and nothing records what they do there`, fix: 'record it: statementLog.record(…)',
    }));
}

const DATABASES = ['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster'];

const databaseOf = (assembly: Assembly, identifier: string): Resource | undefined =>
  resourcesOf(assembly, ...DATABASES).find((database) => property(database, 'DBInstanceIdentifier') === identifier);

function purposeOf(identifier: string): DatabasePurpose {
  const kinds: readonly DatabasePurpose[] = ['replica', 'staging', 'delayed'];
  return kinds.find((kind) => kind !== 'production' && identifier.startsWith(DATABASE_PREFIX[kind])) ?? 'production';
}

function groupProblems(group: Resource, identifier: string): Finding[] {
  const name = property(group, 'LogGroupName');
  const has = (holds: Certainty, because: string, fix: string) => unless(holds, { rule: RULE, subject: group, because, fix });
  return [
    ...has(
      anyOf(...['postgresql', 'upgrade'].map((log) => is(name, `/aws/rds/instance/${identifier}/${log}`))),
      `the log group is named ${shown(name)}, which is not where RDS writes the log of ${identifier}`,
      `name it /aws/rds/instance/${identifier}/postgresql, or let StatementLog.record do it`,
    ),
    ...has(is(property(group, 'DeletionProtectionEnabled'), true), `the log of ${identifier} can be deleted`, 'set DeletionProtectionEnabled to true'),
    ...has(property(group, 'KmsKeyId') !== undefined, `the log of ${identifier} is encrypted with no key of yours`, 'set KmsKeyId'),
    ...has(
      property(group, 'RetentionInDays') === undefined || atLeast(property(group, 'RetentionInDays'), MINIMUM_LOG_DAYS),
      `the log of ${identifier} is kept ${shown(property(group, 'RetentionInDays'))} days, fewer than ${MINIMUM_LOG_DAYS}`,
      `keep it ${MINIMUM_LOG_DAYS} days or more`,
    ),
  ];
}

/** An incident is often found weeks later: below this the claim that statements are kept means nothing. */
const MINIMUM_LOG_DAYS = 30;

/** Group -> subscription -> delivery stream -> archive, every link of it. */
function copyProblems(assembly: Assembly, group: Resource, archive: Resource): Finding[] {
  const subscriptions = resourcesOf(assembly, 'AWS::Logs::SubscriptionFilter').filter((filter) => is(property(filter, 'LogGroupName'), ref(assembly, group)) !== false);
  const whole = subscriptions.filter((filter) => is(property(filter, 'FilterPattern'), '') === true);
  const streams = resourcesOf(assembly, 'AWS::KinesisFirehose::DeliveryStream')
    .filter((stream) => whole.some((filter) => is(property(filter, 'DestinationArn'), arn(assembly, stream)) === true));
  const archived = streams.filter((stream) => is(at(stream.properties, 'ExtendedS3DestinationConfiguration', 'BucketARN'), arn(assembly, archive)) === true
    || is(at(stream.properties, 'S3DestinationConfiguration', 'BucketARN'), arn(assembly, archive)) === true);
  const has = (holds: Certainty, because: string, fix: string) => unless(holds, { rule: RULE, subject: group, because, fix });
  if (subscriptions.length === 0) return has(false, `no subscription copies ${group.logicalId} to the archive`, 'let StatementLog.record make the subscription');
  if (whole.length === 0) {
    return has(false, `the subscription ${subscriptions[0]!.logicalId} of ${group.logicalId} leaves lines out with its FilterPattern`, "set FilterPattern to ''");
  }
  if (streams.length === 0) return has(false, `the subscription ${whole[0]!.logicalId} leads to no delivery stream of the template`, 'set DestinationArn to the delivery stream of the archive');
  return has(archived.length > 0, `the delivery stream ${streams[0]!.logicalId} does not write to the archive ${archive.logicalId}`, 'set BucketARN to the archive');
}

/** What the database itself has to do, so that there is something to record. */
function loggingProblems(assembly: Assembly, database: Resource, purpose: DatabasePurpose): Finding[] {
  const has = (holds: Certainty, because: string, fix: string) => unless(holds, { rule: RULE, subject: database, because, fix });
  const group = resourcesOf(assembly, 'AWS::RDS::DBParameterGroup').find((one) => is(property(database, 'DBParameterGroupName'), ref(assembly, one)) === true);
  const parameters = group && property(group, 'Parameters');
  return [
    ...has(
      includes(property(database, 'EnableCloudwatchLogsExports'), 'postgresql'),
      `${database.logicalId} does not send its log to CloudWatch`, "put 'postgresql' into EnableCloudwatchLogsExports",
    ),
    ...has(
      group === undefined ? (purpose === 'production' ? true : 'unknown') : true,
      `the parameter group of ${database.logicalId} logs statements`, 'give it a parameter group of the template',
    ),
    ...(group === undefined ? [] : Object.entries(loggingParameters(purpose)).flatMap(([name, allowed]) => unless(
      anyOf(...allowed.map((value) => is(at(parameters, name), value))),
      {
        rule: RULE, subject: group,
        because: `${name} of ${database.logicalId} is ${shown(at(parameters, name))}, so that its log is not complete or holds values`,
        fix: `set ${name} to ${allowed[0]}`,
      },
    ))),
    ...(group === undefined ? [] : unless(
      shown(at(parameters, 'shared_preload_libraries')).split(',').includes('pgaudit'),
      { rule: RULE, subject: group, because: `${database.logicalId} does not load pgaudit, which alone sees statements inside functions`, fix: 'add pgaudit to shared_preload_libraries' },
    )),
  ];
}

/** Values that keep the promise, the kit's own first. */
function loggingParameters(purpose: DatabasePurpose): Record<string, readonly string[]> {
  const everything = purpose !== 'production';
  return {
    'log_statement': everything ? ['all'] : ['ddl', 'mod', 'all'],
    'pgaudit.log': everything ? ['all'] : ['ddl,role,write', 'all'],
    'log_connections': ['1', 'on', 'true', 'all', 'receipt,authentication,authorization'],
    'log_disconnections': ['1', 'on', 'true'],
    // The values bound to statements are the customers' data.
    'pgaudit.log_parameter': ['0', 'off', 'false'],
    'log_parameter_max_length': ['0'],
    'log_parameter_max_length_on_error': ['0'],
  };
}

/** Each thing that must alarm: a filter with the kit's own pattern, and an alarm on what it counts that tells somebody. */
function alarmProblems(assembly: Assembly, group: Resource, purpose: DatabasePurpose, identifier: string): Finding[] {
  const filters = resourcesOf(assembly, 'AWS::Logs::MetricFilter').filter((filter) => is(property(filter, 'LogGroupName'), ref(assembly, group)) === true);
  const alarms = resourcesOf(assembly, 'AWS::CloudWatch::Alarm');
  const watched = logWatches(purpose, identifier).flatMap(({ id, metric, expected }) => {
    const counted = [metric, ...(expected ? [expected] : [])].map((one) => ({
      name: one.name, filter: filters.find((filter) => is(property(filter, 'FilterPattern'), one.pattern) === true && counts(at(filter.properties, 'MetricTransformations', 0), one.name, identifier)),
    }));
    const lost = counted.find(({ filter }) => filter === undefined);
    if (lost) {
      return unless(false, {
        rule: RULE, subject: group, because: `nothing counts ${lost.name} in the log of ${identifier} as the kit does, so ${id} cannot alarm`,
        fix: 'leave the metric filters as StatementLog.record makes them',
      });
    }
    return alarmOn(alarms, group, id, identifier, counted.map(({ name }) => name));
  });
  const silence = alarms.filter((alarm) => property(alarm, 'MetricName') === 'IncomingLogEvents' && dimension(alarm, 'LogGroupName', ref(assembly, group)));
  return [...watched, ...effective(silence, group, 'Silence', identifier, 'breaching')];
}

/** Whether each line that matches counts, under the name and in the namespace that the alarm watches. */
const counts = (transformation: Value | undefined, name: string, identifier: string): boolean => is(at(transformation, 'MetricName'), name) === true
  && is(at(transformation, 'MetricNamespace'), `${KIT_TAG}/${identifier}`) === true && is(at(transformation, 'MetricValue'), '1') === true;

function alarmOn(alarms: readonly Resource[], group: Resource, id: string, identifier: string, names: readonly string[]): Finding[] {
  const uses = (alarm: Resource) => {
    const text = JSON.stringify(alarm.properties);
    return names.every((name) => text.includes(`"MetricName":"${name}"`)) && text.includes(`"${KIT_TAG}/${identifier}"`);
  };
  return effective(alarms.filter(uses), group, id, identifier);
}

/** At least one of the alarms goes off at the first line, and tells somebody. */
function effective(alarms: readonly Resource[], group: Resource, id: string, identifier: string, missingData?: string): Finding[] {
  const working = alarms.map((alarm) => allOf(
    listOf(property(alarm, 'AlarmActions')).length > 0,
    property(alarm, 'ActionsEnabled') === undefined || is(property(alarm, 'ActionsEnabled'), true),
    missingData === undefined ? atMost(property(alarm, 'Threshold'), 0) : is(property(alarm, 'TreatMissingData'), missingData),
    missingData === undefined ? is(property(alarm, 'ComparisonOperator'), 'GreaterThanThreshold') : is(property(alarm, 'ComparisonOperator'), 'LessThanThreshold'),
    property(alarm, 'DatapointsToAlarm') === undefined || is(property(alarm, 'DatapointsToAlarm'), '1'),
    is(property(alarm, 'EvaluationPeriods'), '1'),
  ));
  return unless(anyOf(...working), {
    rule: RULE, subject: alarms[0] ?? group,
    because: alarms.length === 0 ? `no alarm watches ${id} of ${identifier}` : `the alarm ${alarms[0]!.logicalId} for ${id} of ${identifier} does not go off at once, or tells nobody`,
    fix: 'leave the alarms as StatementLog.record makes them, with an action',
  });
}

const atMost = (value: Value | undefined, most: number): Certainty => {
  const above = atLeast(value, most + 1e-9);
  return value === undefined ? false : above === 'unknown' ? 'unknown' : !above;
};

const dimension = (alarm: Resource, name: string, value: Text): boolean =>
  listOf(property(alarm, 'Dimensions')).some((entry) => at(entry, 'Name') === name && is(at(entry, 'Value'), value) === true);

const stackOf = (assembly: Assembly, resource: Resource) => assembly.stacks.find(({ id }) => id === resource.stack)!;
const ref = (assembly: Assembly, resource: Resource): Text => refOf(resource, stackOf(assembly, resource));
const arn = (assembly: Assembly, resource: Resource): Text => arnOf(resource, stackOf(assembly, resource)) ?? '';
