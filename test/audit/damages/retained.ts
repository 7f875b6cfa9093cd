import { damages, type WrittenDamage } from './damage';

const DATA = {
  ProductionEvaluationInstance: 'AWS::RDS::DBInstance', ProductionEvaluationKey: 'AWS::KMS::Key', GuardrailsBackupsVault: 'AWS::Backup::BackupVault', GuardrailsBackupsAirGappedVault: 'AWS::Backup::LogicallyAirGappedBackupVault',
  GuardrailsBackupsKey: 'AWS::KMS::Key', StatementLogKey: 'AWS::KMS::Key', StatementLogArchiveLockedBucket: 'AWS::S3::Bucket', GuardrailsReplicaLiveLogsPostgresql: 'AWS::Logs::LogGroup',
};

/** What keeps data has to stay when its stack changes. */
export const RETAINED = damages('stateful-resources-are-retained', Object.entries(DATA).flatMap(([name, type]): WrittenDamage[] => {
  const says = (what: string) => new RegExp(`\\(${type}\\) has ${what}`);
  return [
    [`${name} is deleted with its stack`, says('DeletionPolicy Delete'), (demo) => { demo.resource(name).DeletionPolicy = 'Delete'; }],
    [`${name} says nothing of its stack`, says('no DeletionPolicy'), (demo) => { delete demo.resource(name).DeletionPolicy; }],
    [`${name} is deleted when it is replaced`, says('UpdateReplacePolicy Delete'), (demo) => { demo.resource(name).UpdateReplacePolicy = 'Delete'; }],
  ];
}));
