import { damages } from './damage';

const DATABASE = 'ProductionEvaluationInstance';
const CHECK = 'GuardrailsCheck';
const FUNCTION = 'GuardrailsCheckFunction';

export const PRODUCTION = damages('production-is-recoverable', [
  ['backups are kept a day', /shop keeps automated backups for 1 days/, (demo) => demo.set(DATABASE, { BackupRetentionPeriod: 1 })],
  ['backups are kept six days', /shop keeps automated backups for 6 days/, (demo) => demo.set(DATABASE, { BackupRetentionPeriod: '6' })],
  ['backups are turned off', /shop keeps automated backups for 0 days/, (demo) => demo.set(DATABASE, { BackupRetentionPeriod: 0 })],
  ['the default retention', /shop keeps automated backups for the default of 1 days/, (demo) => demo.unset(DATABASE, 'BackupRetentionPeriod')],
  ['the retention is a parameter', /whether it is so that shop keeps automated backups for/, (demo) => {
    demo.template.Parameters!.Days = { Type: 'Number' };
    demo.set(DATABASE, { BackupRetentionPeriod: { Ref: 'Days' } });
  }, 'unknown'],
  ['deletion protection is off', /shop is not protected from deletion/, (demo) => demo.set(DATABASE, { DeletionProtection: false })],
  ['deletion protection is not said', /shop is not protected from deletion/, (demo) => demo.unset(DATABASE, 'DeletionProtection')],
  ['not encrypted', /shop is not encrypted/, (demo) => demo.set(DATABASE, { StorageEncrypted: false })],
  ['encryption is not said', /shop is not encrypted/, (demo) => { demo.unset(DATABASE, 'StorageEncrypted', 'KmsKeyId'); }],
  ['public', /shop is publicly accessible/, (demo) => demo.set(DATABASE, { PubliclyAccessible: 'true' })],
  ['public is not said', /shop is publicly accessible, or does not say/, (demo) => demo.unset(DATABASE, 'PubliclyAccessible')],
  ['snapshots lose their tags', /snapshots of shop lose its tags/, (demo) => demo.set(DATABASE, { CopyTagsToSnapshot: false })],
  ['automated backups go with it', /automated backups of shop go with it/, (demo) => demo.set(DATABASE, { DeleteAutomatedBackups: true })],
  ['whether automated backups go with it is not said', /automated backups of shop go with it/, (demo) => demo.unset(DATABASE, 'DeleteAutomatedBackups')],

  ['the check is content with less', /content with 3 days/, (demo) => demo.set(CHECK, { BackupRetentionDays: '3' })],
  ['the check does not ask for a retention', /content with nothing days/, (demo) => demo.unset(CHECK, 'BackupRetentionDays')],
  ['the check asks about another database', /asks about another database: its InstanceIdentifier is orders/, (demo) => demo.set(CHECK, { InstanceIdentifier: 'orders' })],
  ['the check asks about another resource id', /asks about another database: its ResourceId is .*GuardrailsStagingCopy/, (demo) => demo.set(CHECK, { ResourceId: demo.get('GuardrailsStagingCopy', 'DbiResourceId') })],
  ['the check asks about another ARN', /asks about another database: its InstanceArn is arn:aws:rds:eu-central-1:111122223333:db:orders/, (demo) => demo.set(CHECK, { InstanceArn: 'arn:aws:rds:eu-central-1:111122223333:db:orders' })],
  ['the check asks about another endpoint', /asks about another database: its Endpoint is orders\.example\.com/, (demo) => demo.set(CHECK, { Endpoint: 'orders.example.com' })],
  ['the check asks about another port', /asks about another database: its Port is 5432/, (demo) => demo.set(CHECK, { Port: '5432' })],
  ['the check does not ask for an ARN', /its InstanceArn is nothing/, (demo) => demo.unset(CHECK, 'InstanceArn')],
  ['the check runs once and never again', /no DeploymentId/, (demo) => demo.unset(CHECK, 'DeploymentId')],
  ['the check has an empty DeploymentId', /no DeploymentId/, (demo) => demo.set(CHECK, { DeploymentId: '' })],
  ['another function answers', /answered by .*GuardrailsDatabaseRolesFunction.* and not by/, (demo) => demo.set(CHECK, { ServiceToken: demo.arn('GuardrailsDatabaseRolesFunction') })],
  ['a topic answers', /answered by arn:aws:sns:.*:checks and not by/, (demo) => demo.set(CHECK, { ServiceToken: 'arn:aws:sns:eu-central-1:111122223333:checks' })],
  ['another type of custom resource', /GuardrailsCheck\w+ is a Custom::Nothing and checks nothing/, (demo) => { demo.resource(CHECK).Type = 'Custom::Nothing'; }],
  ['a resource that does nothing', /GuardrailsCheck\w+ is a AWS::CloudFormation::WaitConditionHandle/, (demo) => { demo.resource(CHECK).Type = 'AWS::CloudFormation::WaitConditionHandle'; }],
  ['its function starts something else', /function of the check starts index\.always/, (demo) => demo.set(FUNCTION, { Handler: 'index.always' })],
  ['its function has other code', /of the check runs code that is written in the template \(ZipFile of GuardrailsCheckFunction/, (demo) => demo.set(FUNCTION, { Code: { ZipFile: 'exports.handler = async () => ({})' } })],
  ['the check is not in the template any more', /declares its check GuardrailsCheck\w+, and the template has none/, (demo) => demo.remove(CHECK)],
  ['its function is not in the template any more', /declares its function GuardrailsCheckFunction\w+, and the template has none/, (demo) => demo.remove(FUNCTION)],
]);
