import { damages, type WrittenDamage } from './damage';

const LIVE = 'GuardrailsReplicaLiveInstance';
const DELAYED = 'GuardrailsReplicaDelayedInstance';
const LIVE_PARAMETERS = 'GuardrailsReplicaLiveParameters';

/** What holds of both replicas. */
const ofEither = [LIVE, DELAYED].flatMap((name): WrittenDamage[] => [
  [`${name} is no replica any more`, new RegExp(`${name}\\w+ names no SourceDBInstanceIdentifier`), (demo) => demo.unset(name, 'SourceDBInstanceIdentifier')],
  [`${name} takes no tokens`, new RegExp(`${name}\\w+ takes no IAM tokens`), (demo) => demo.set(name, { EnableIAMDatabaseAuthentication: false })],
  [`${name} is public`, new RegExp(`${name}\\w+ is publicly accessible`), (demo) => demo.set(name, { PubliclyAccessible: true })],
]);

export const REPLICA = damages('agent-reads-a-replica', [
  ...ofEither,
  ['it is restored from a snapshot', /LiveInstance\w+ is restored from a backup \(DBSnapshotIdentifier\)/, (demo) => demo.set(LIVE, { DBSnapshotIdentifier: 'shop-before' })],
  ['it is restored to a time', /is restored from a backup \(RestoreTime\)/, (demo) => demo.set(LIVE, { RestoreTime: '2026-11-01T00:00:00Z' })],
  ['it is restored to the latest time', /is restored from a backup \(SourceDbiResourceId, UseLatestRestorableTime\)/, (demo) =>
    demo.set(LIVE, { SourceDbiResourceId: demo.get('ProductionEvaluationInstance', 'DbiResourceId'), UseLatestRestorableTime: true })],
  ['it is restored from automated backups', /is restored from a backup \(SourceDBInstanceAutomatedBackupsArn\)/, (demo) =>
    demo.set(LIVE, { SourceDBInstanceAutomatedBackupsArn: 'arn:aws:rds:eu-central-1:111122223333:auto-backup:ab-1' })],
  ['it is a replica of another database', /is a replica of orders, which is not production \(shop\)/, (demo) => demo.set(LIVE, { SourceDBInstanceIdentifier: 'orders' })],
  ['it is a replica of the staging clone', /LiveInstance\w+ is a replica of .*agentstage-shop/, (demo) => demo.set(LIVE, { SourceDBInstanceIdentifier: demo.get('GuardrailsStagingCopy', 'DBInstanceArn') })],
  ['its source is a parameter', /LiveInstance\w+ is a replica of .*Source/, (demo) => {
    demo.template.Parameters!.Source = { Type: 'String' };
    demo.set(LIVE, { SourceDBInstanceIdentifier: { Ref: 'Source' } });
  }, 'unknown'],
  ['it does not say whether it takes tokens', /LiveInstance\w+ takes no IAM tokens/, (demo) => demo.unset(LIVE, 'EnableIAMDatabaseAuthentication')],
  ['it does not say whether it is public', /LiveInstance\w+ is publicly accessible, or does not say/, (demo) => demo.unset(LIVE, 'PubliclyAccessible')],
  ['sessions need no TLS', /LiveInstance\w+ lets sessions in without TLS/, (demo) => { demo.properties(LIVE_PARAMETERS).Parameters['rds.force_ssl'] = '0'; }],
  ['nothing says that sessions need TLS', /LiveInstance\w+ lets sessions in without TLS/, (demo) => { delete demo.properties(LIVE_PARAMETERS).Parameters['rds.force_ssl']; }],
  ['its queries hold production back', /LiveInstance\w+ holds back the clean-up of production \(hot_standby_feedback\)/, (demo) => {
    demo.properties(LIVE_PARAMETERS).Parameters.hot_standby_feedback = '1';
  }],
  ['it has no parameter group of the template', /whether .*LiveInstance\w+ has a parameter group that forces TLS/, (demo) => demo.set(LIVE, { DBParameterGroupName: 'default.postgres17' }), 'unknown'],
  ['it has no parameter group', /whether .*LiveInstance\w+ has a parameter group that forces TLS/, (demo) => demo.unset(LIVE, 'DBParameterGroupName'), 'unknown'],
  ['it is not in the template any more', /declares its instance GuardrailsReplicaLiveInstance\w+, and the template has none/, (demo) => demo.remove(LIVE)],
  ['the delayed one is not in the template any more', /declares its delayedInstance GuardrailsReplicaDelayedInstance\w+, and the template has none/, (demo) => demo.remove(DELAYED)],
  ['the permission to log in names its ARN', /agent coding is allowed to log in as agent_coding_ro to arn:.*:db:agentread-shop, which is not the resource id of GuardrailsReplicaLiveInstance/, (demo) => {
    const { agent } = demo.declared('agent-cannot-use-the-control-plane');
    agent.logins[0].resourceId = `\${${demo.id(LIVE)}.DBInstanceArn}`;
  }],
]);
