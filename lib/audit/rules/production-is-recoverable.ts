import { MINIMUM_BACKUP_RETENTION_DAYS } from '../../core/policy';
import { arnOf } from '../identities';
import { anyOf, atLeast, declarationsOf, declaredResource, is, missing, numberOf, property, shown, unless, type Certainty } from '../look';
import type { AuditModel, DescribedProduction, Finding, Resource, Rule, StackDeclaration } from '../model';
import { readable } from '../text';
import { functionProblems } from './kit-function';

const RULE = 'production-is-recoverable';

/**
 * Production keeps enough automated backups, is protected from deletion, encrypted, private and tags its snapshots: read from the template
 * where the database is in it, and otherwise left to the check of every deployment, which then has to be there and whole.
 */
export const productionIsRecoverable: Rule = {
  id: RULE,
  claim: 'every deployment reads the real production database and stops unless it can be recovered',
  applies: ({ subjects, assembly }) => subjects.production.length > 0 || declarationsOf(assembly, RULE).length > 0,
  check: (model) => [...model.subjects.described.flatMap((production) => productionOf(model, production)), ...checks(model)],
};

function productionOf(model: AuditModel, production: DescribedProduction): Finding[] {
  const database = model.assembly.resources.find(({ id }) => id === production.id);
  if (database) return databaseProblems(database, production.name);
  if (declarationsOf(model.assembly, RULE).some(({ production: named }) => named?.identifier === production.identifier)) return [];
  return unless('unknown', {
    rule: RULE,
    subject: { logicalId: production.name, path: production.name },
    because: `${production.name} is recoverable: it is not in the template, and no check of every deployment reads it`,
    fix: 'add a ProductionCheck for it, or audit the account with --live',
  });
}

/** What a database in the template lacks. Replaces nothing: every fix is a property that can be changed in place, but encryption. */
function databaseProblems(database: Resource, name: string): Finding[] {
  const retention = property(database, 'BackupRetentionPeriod');
  const has = (holds: Certainty, because: string, fix: string) => unless(holds, { rule: RULE, subject: database, because, fix });
  return [
    ...has(
      atLeast(retention, MINIMUM_BACKUP_RETENTION_DAYS),
      `${name} keeps automated backups for ${numberOf(retention) ?? 'the default of 1'} days, fewer than ${MINIMUM_BACKUP_RETENTION_DAYS}`,
      `set BackupRetentionPeriod to ${MINIMUM_BACKUP_RETENTION_DAYS} or more`,
    ),
    ...has(is(property(database, 'DeletionProtection'), true), `${name} is not protected from deletion`, 'set DeletionProtection to true'),
    ...has(
      is(property(database, 'StorageEncrypted'), true), `${name} is not encrypted`,
      'restore it into an encrypted database and move to that one; changing StorageEncrypted replaces the database by an empty one',
    ),
    ...has(is(property(database, 'PubliclyAccessible'), false), `${name} is publicly accessible, or does not say that it is not`, 'set PubliclyAccessible to false'),
    ...has(is(property(database, 'CopyTagsToSnapshot'), true), `snapshots of ${name} lose its tags`, 'set CopyTagsToSnapshot to true'),
    ...has(
      database.type === 'AWS::RDS::DBCluster' ? true : is(property(database, 'DeleteAutomatedBackups'), false),
      `the automated backups of ${name} go with it when it is deleted`, 'set DeleteAutomatedBackups to false',
    ),
  ];
}

function checks(model: AuditModel): Finding[] {
  return declarationsOf(model.assembly, RULE).flatMap((declaration) => {
    const check = declaredResource(model.assembly, declaration, 'check');
    const asked = declaredResource(model.assembly, declaration, 'function');
    if (!check) return missing(RULE, declaration, 'check');
    if (!asked) return missing(RULE, declaration, 'function');
    return checkProblems(model, declaration, check, asked);
  });
}

/** The check asks its own function about the database that is declared, and for no less than is promised. */
function checkProblems({ assembly, subjects }: AuditModel, declaration: StackDeclaration, check: Resource, asked: Resource): Finding[] {
  const { identifier } = declaration.production ?? {};
  const production = subjects.described.find((one) => one.identifier === identifier || one.name === identifier);
  const has = (holds: Certainty, because: string, fix: string) => unless(holds, { rule: RULE, subject: check, because, fix });
  const answered = arnOf(asked, assembly.stacks.find(({ id }) => id === asked.stack)!);
  const described = (name: string, value: string | undefined) => has(
    value === undefined ? 'unknown' : is(property(check, name), value),
    `the check asks about another database: its ${name} is ${shown(property(check, name))}, and production's is ${value === undefined ? 'not known' : readable(value)}`,
    'pass the ProductionDatabase that the other constructs guard to ProductionCheck',
  );
  return [
    ...has(check.type === 'Custom::ProductionCheck', `${check.logicalId} is a ${check.type} and checks nothing`, 'leave the custom resource as ProductionCheck makes it'),
    ...has(
      answered === undefined ? 'unknown' : is(property(check, 'ServiceToken'), answered),
      `the check is answered by ${shown(property(check, 'ServiceToken'))} and not by the function that ProductionCheck made`,
      'leave ServiceToken as ProductionCheck sets it',
    ),
    ...has(
      atLeast(property(check, 'BackupRetentionDays'), MINIMUM_BACKUP_RETENTION_DAYS),
      `the check is content with ${shown(property(check, 'BackupRetentionDays'))} days of automated backups, fewer than ${MINIMUM_BACKUP_RETENTION_DAYS}`,
      `set minimumBackupRetentionDays to ${MINIMUM_BACKUP_RETENTION_DAYS} or more`,
    ),
    ...has(
      anyOf(property(check, 'DeploymentId') !== undefined && property(check, 'DeploymentId') !== ''),
      'the check has no DeploymentId, so that CloudFormation asks once and never again', 'leave DeploymentId as ProductionCheck sets it',
    ),
    ...(production ? [
      ...described('InstanceIdentifier', production.identifier), ...described('ResourceId', production.resourceId), ...described('InstanceArn', production.arn),
      ...described('Endpoint', production.endpoint), ...described('Port', String(production.port)),
    ] : []),
    ...functionProblems(RULE, asked, 'of the check'),
  ];
}
