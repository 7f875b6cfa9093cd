import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPLACEMENT } from '../../../lib/audit/data/stateful';
import { UPDATED_IN_PLACE } from '../../../lib/audit/data/updated-in-place';
import { statefulData } from '../../../scripts/audit-stateful-data';

test('is what the specification says (run `node --import tsx scripts/audit-stateful-data.ts` after updating it)', () => {
  expect(readFileSync(join(__dirname, '..', '..', '..', 'lib', 'audit', 'data', 'stateful.ts'), 'utf8')).toBe(statefulData());
});

test('knows what replaces a database and a vault, and what the specification forgets', () => {
  expect(REPLACEMENT['AWS::RDS::DBInstance']?.always).toEqual(expect.arrayContaining(['StorageEncrypted', 'KmsKeyId', 'Port', 'DBInstanceIdentifier', 'DBSubnetGroupName']));
  expect(REPLACEMENT['AWS::Backup::BackupVault']).toEqual({ stateful: true, always: ['BackupVaultName', 'EncryptionKeyArn'], may: [] });
  expect(REPLACEMENT['AWS::Backup::LogicallyAirGappedBackupVault']?.stateful).toBe(true);
  expect(REPLACEMENT['AWS::RDS::DBSnapshot']?.stateful).toBe(true);
  expect(REPLACEMENT['AWS::RDS::DBSubnetGroup']).toEqual({ stateful: false, always: ['DBSubnetGroupName'], may: [] });
});

test('takes for updated in place only what the specification says may replace', () => {
  for (const [type, properties] of Object.entries(UPDATED_IN_PLACE)) {
    expect(REPLACEMENT[type]?.may).toEqual(expect.arrayContaining([...properties!]));
  }
});
