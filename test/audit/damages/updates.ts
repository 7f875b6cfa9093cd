import { damages, type WrittenDamage } from './damage';

const DATABASE = 'ProductionEvaluationInstance';
const replaced = (name: string, property: string, value: unknown): WrittenDamage =>
  [`${name} has another ${property}`, new RegExp(`: ${property} changes`), (demo) => demo.set(name, { [property]: value })];

/** What the audit has to say when the damaged demo is deployed over the demo as it was. */
export const UPDATES = damages('updates-keep-stateful-resources', [
  replaced(DATABASE, 'DBInstanceIdentifier', 'shop2'), replaced(DATABASE, 'StorageEncrypted', false), replaced(DATABASE, 'DBName', 'store'), replaced(DATABASE, 'MasterUsername', 'root'),
  replaced(DATABASE, 'DBSubnetGroupName', 'other'), replaced(DATABASE, 'KmsKeyId', 'alias/other'), replaced(DATABASE, 'Port', '5432'),
  replaced('GuardrailsBackupsVault', 'BackupVaultName', 'other'), replaced('GuardrailsBackupsVault', 'EncryptionKeyArn', 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'),
  replaced('GuardrailsBackupsAirGappedVault', 'MinRetentionDays', 14), replaced('StatementLogArchiveLockedBucket', 'BucketName', 'other'), replaced('GuardrailsReplicaLiveLogsPostgresql', 'LogGroupName', 'other'),
  ['production leaves the template', /Evaluation\/Instance \(AWS::RDS::DBInstance, ProductionEvaluationInstance\w+\) is deployed and not in the template any more/, (demo) => demo.remove(DATABASE)],
  ['production gets another logical id', /has the logical id Renamed now instead of ProductionEvaluationInstance/, (demo) => {
    const resource = demo.resource(DATABASE);
    demo.remove(DATABASE);
    demo.template.Resources.Renamed = resource;
  }],
  ['the vault leaves the template', /AWS::Backup::BackupVault, GuardrailsBackupsVault\w+\) is deployed and not in the template any more/, (demo) => demo.remove('GuardrailsBackupsVault')],
  ['production is not retained any more', /has DeletionPolicy Delete; deployed is DeletionPolicy Retain/, (demo) => { demo.resource(DATABASE).DeletionPolicy = 'Delete'; }],
]);
