import { MINIMUM_BACKUP_RETENTION_DAYS, MINIMUM_COMPLIANCE_GRACE_DAYS } from '../../core/policy';
import { everyPrincipal } from '../agents';
import { decide } from '../decide';
import { arnOf, idOf, refOf } from '../identities';
import { anyOf, at, atLeast, declarationsOf, declaredResource, is, listOf, missing, numberOf, property, resourcesOf, shown, unless, type Certainty } from '../look';
import type { Assembly, AuditModel, DescribedProduction, Finding, Resource, Rule, StackFacts, Value } from '../model';
import { nobodyMay } from '../nobody-may';
import { resourcePolicyOf } from '../resource-policies';
import { matches } from '../text-match';
import { arrivalsOfAgents } from './arrivals-of-agents';
import { keyNamed, keyProblems } from './key-problems';

const RULE = 'backups-outlive-the-agent';
const VAULTS = ['AWS::Backup::BackupVault', 'AWS::Backup::LogicallyAirGappedBackupVault'];

/** A plan puts production into a vault that is locked, whose policy lets nobody remove a recovery point, with a key that nobody can destroy. */
export const backupsOutliveTheAgent: Rule = {
  id: RULE,
  claim: 'recovery points lie in a locked vault that neither the agent, nor the deployer, nor the gate can delete or shorten',
  applies: ({ assembly }) => declarationsOf(assembly, RULE).length > 0 || resourcesOf(assembly, ...VAULTS).length > 0,
  check: (model) => [...declared(model), ...vaultsIn(model).flatMap((vault) => vaultProblems(model.assembly, vault)), ...model.subjects.described.flatMap((production) => planProblems(model, production)), ...arrivalsOfAgents(RULE, model, 'backups')],
};

const declared = ({ assembly }: AuditModel): Finding[] => declarationsOf(assembly, RULE).flatMap((declaration) =>
  ['vault', 'key', 'plan', ...(declaration.resources.airGappedVault === undefined ? [] : ['airGappedVault'])].flatMap((name) => declaredResource(assembly, declaration, name) ? [] : missing(RULE, declaration, name)));

/** Vaults that production's recovery points go to, or that are declared; in a template without production every vault. */
function vaultsIn({ assembly, subjects }: AuditModel): readonly Resource[] {
  const named = declarationsOf(assembly, RULE).flatMap((declaration) => ['vault', 'airGappedVault'].flatMap((name) => declaredResource(assembly, declaration, name) ?? []));
  const targets = subjects.described.flatMap((production) => rulesFor(assembly, production).flatMap(({ vault }) => vault ?? []));
  return [...new Set([...named, ...targets])];
}

function vaultProblems(assembly: Assembly, vault: Resource): Finding[] {
  const stack = stackOf(assembly, vault);
  const airGapped = vault.type === 'AWS::Backup::LogicallyAirGappedBackupVault';
  const lock = airGapped ? vault.properties : property(vault, 'LockConfiguration');
  const grace = at(lock, 'ChangeableForDays');
  const has = (holds: Certainty, because: string, fix: string) => unless(holds, { rule: RULE, subject: vault, because, fix });
  return [
    ...has(
      atLeast(at(lock, 'MinRetentionDays'), MINIMUM_BACKUP_RETENTION_DAYS),
      lock === undefined ? `the vault ${vault.logicalId} has no lock` : `the lock of ${vault.logicalId} lets recovery points go after ${shown(at(lock, 'MinRetentionDays'))} days, fewer than ${MINIMUM_BACKUP_RETENTION_DAYS}`,
      `lock it with a MinRetentionDays of ${MINIMUM_BACKUP_RETENTION_DAYS} or more`,
    ),
    // An air-gapped vault is in compliance mode from the start, and belongs to AWS Backup.
    ...(airGapped ? [] : [
      ...has(grace === undefined || atLeast(grace, MINIMUM_COMPLIANCE_GRACE_DAYS), `the lock of ${vault.logicalId} has a ChangeableForDays that AWS Backup refuses`, `write ${MINIMUM_COMPLIANCE_GRACE_DAYS} or more, or leave it out`),
      ...policyProblems(assembly, vault, stack),
      ...vaultKeyProblems(assembly, vault),
    ]),
  ];
}

/** What would remove a recovery point, end its protection sooner, or take the protection itself away. */
const NOBODY_MAY = [
  'backup:DeleteRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle', 'backup:DisassociateRecoveryPoint', 'backup:DisassociateRecoveryPointFromParent',
  'backup:PutBackupVaultAccessPolicy', 'backup:DeleteBackupVaultAccessPolicy', 'backup:DeleteBackupVaultLockConfiguration', 'backup:DeleteBackupVault',
] as const;

/** A shorter lock, and one with more time to remove it; whatever else the call sets. */
const OTHER_DAYS = { 'backup:MinRetentionDays': '1', 'backup:MaxRetentionDays': '1', 'backup:ChangeableForDays': '36500' } as const;

function policyProblems(assembly: Assembly, vault: Resource, stack: StackFacts): Finding[] {
  const policy = resourcePolicyOf(assembly).get(vault.id) ?? [];
  const arn = arnOf(vault, stack) ?? '';
  const has = (holds: Certainty, action: string, how = '') => unless(holds, {
    rule: RULE, subject: vault,
    because: `the access policy of ${vault.logicalId} denies ${action} not to everybody${how}`, fix: `deny ${action} to * in its AccessPolicy, without a condition`,
  });
  return [
    ...NOBODY_MAY.flatMap((action) => has(nobodyMay(action, arn, stack, policy), action)),
    ...Object.entries(OTHER_DAYS).flatMap(([key, days]) => has(
      nobodyMay('backup:PutBackupVaultLockConfiguration', arn, stack, policy, { [key]: days }),
      'backup:PutBackupVaultLockConfiguration', ` with another ${key.replace('backup:', '')}, so that another lock can take the place of this one`,
    )),
  ];
}

/** Recovery points without their key are lost. */
function vaultKeyProblems(assembly: Assembly, vault: Resource): Finding[] {
  const named = property(vault, 'EncryptionKeyArn');
  const key = keyNamed(assembly, named);
  if (named === undefined) return unless(false, { rule: RULE, subject: vault, because: `${vault.logicalId} is encrypted with the key that all vaults of the account share`, fix: 'give it a key of its own: EncryptionKeyArn' });
  if (!key) return unless('unknown', { rule: RULE, subject: vault, because: `the key of ${vault.logicalId}, which is not in the template, can be destroyed by nobody`, fix: 'use a key of the template' });
  return keyProblems(RULE, assembly, key, vault.logicalId);
}

interface PlanRule { readonly plan: Resource; readonly selection: Resource; readonly rule: Value; readonly vault: Resource | undefined }

/** The rules of all plans that select a database. */
function rulesFor(assembly: Assembly, production: DescribedProduction): PlanRule[] {
  return resourcesOf(assembly, 'AWS::Backup::BackupSelection').filter((selection) => selects(selection, production) !== false).flatMap((selection) => {
    const plan = resourcesOf(assembly, 'AWS::Backup::BackupPlan').find((one) => is(property(selection, 'BackupPlanId'), refOf(one, stackOf(assembly, one))) === true);
    return plan === undefined ? [] : listOf(at(plan.properties, 'BackupPlan', 'BackupPlanRule')).map((rule) => ({
      plan, selection, rule,
      vault: resourcesOf(assembly, ...VAULTS).find((one) => is(at(rule, 'TargetBackupVault'), idOf(one)) === true || is(at(rule, 'TargetBackupVault'), refOf(one, stackOf(assembly, one))) === true),
    }));
  });
}

function selects(selection: Resource, production: DescribedProduction): Certainty {
  const resources = listOf(at(selection.properties, 'BackupSelection', 'Resources'));
  const { arn } = production;
  if (at(selection.properties, 'BackupSelection', 'Conditions') !== undefined || listOf(at(selection.properties, 'BackupSelection', 'NotResources')).length > 0) return 'unknown';
  if (resources.length === 0) return at(selection.properties, 'BackupSelection', 'ListOfTags') === undefined ? false : 'unknown';
  if (arn === undefined) return 'unknown';
  const found = resources.map((one): Certainty => {
    const match = typeof one === 'string' ? matches(one, arn) : 'no';
    return match === 'maybe' ? 'unknown' : match === 'yes';
  });
  return anyOf(...found);
}

function planProblems(model: AuditModel, production: DescribedProduction): Finding[] {
  const { assembly } = model;
  const rules = rulesFor(assembly, production);
  const plans = resourcesOf(assembly, 'AWS::Backup::BackupPlan');
  const [first] = rules;
  if (!first) {
    const subject = plans[0] ?? { logicalId: production.name, path: production.name };
    return unless(false, { rule: RULE, subject, because: `no backup plan of the template selects ${production.name}`, fix: `add ${production.name} to the Resources of a BackupSelection` });
  }
  const has = (holds: Certainty, subject: Resource, because: string, fix: string) => unless(holds, { rule: RULE, subject, because, fix });
  const locked = rules.filter(({ vault }) => vault !== undefined);
  return [
    ...has(selects(first.selection, production), first.selection, `the selection ${first.selection.logicalId} selects ${production.name}`, 'name its ARN in Resources, without conditions'),
    ...has(locked.length > 0 ? true : 'unknown', first.plan, `the plan ${first.plan.logicalId} puts recovery points into a vault of the template`, 'set TargetBackupVault to the locked vault'),
    ...locked.flatMap(({ plan, rule, vault }) => lifecycleProblems(plan, rule, vault!)),
    ...has(anyOf(...locked.map(({ rule }) => daily(at(rule, 'ScheduleExpression')))), first.plan, `the plan ${first.plan.logicalId} does not back ${production.name} up every day`, "set ScheduleExpression to 'cron(0 5 * * ? *)'"),
    ...roleProblems(model, first.selection, production),
  ];
}

function lifecycleProblems(plan: Resource, rule: Value, vault: Resource): Finding[] {
  const days = at(rule, 'Lifecycle', 'DeleteAfterDays');
  const lock = property(vault, 'LockConfiguration');
  const [least, most] = [numberOf(at(lock, 'MinRetentionDays')), numberOf(at(lock, 'MaxRetentionDays'))];
  const kept = numberOf(days);
  const has = (holds: Certainty, because: string, fix: string) => unless(holds, { rule: RULE, subject: plan, because, fix });
  return [
    ...has(days === undefined || atLeast(days, MINIMUM_BACKUP_RETENTION_DAYS), `the plan ${plan.logicalId} keeps recovery points for ${String(kept)} days, fewer than ${MINIMUM_BACKUP_RETENTION_DAYS}`, `set DeleteAfterDays to ${MINIMUM_BACKUP_RETENTION_DAYS} or more`),
    ...has(
      !(typeof kept === 'number' && ((typeof least === 'number' && kept < least) || (typeof most === 'number' && kept > most))),
      `the plan ${plan.logicalId} keeps recovery points for ${String(kept)} days and the lock of ${vault.logicalId} takes ${String(least)} to ${String(most)}, so every backup fails`,
      'set DeleteAfterDays within the lock',
    ),
  ];
}

/** `cron(minute hour * * ? *)` and rates of a day or less; anything else may leave days out. */
function daily(schedule: Value | undefined): Certainty {
  if (typeof schedule !== 'string') return false;
  if (/^cron\(\S+ \S+ \* \* \? \*\)$/.test(schedule) || /^cron\(\S+ \S+ \? \* \* \*\)$/.test(schedule)) return true;
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule);
  return rate !== null && Number(rate[1]) <= { minute: 1440, hour: 24, day: 1 }[rate[2] as 'minute' | 'hour' | 'day'];
}

/** A role that cannot take a snapshot makes no recovery points. */
function roleProblems(model: AuditModel, selection: Resource, { name, arn }: DescribedProduction): Finding[] {
  const { assembly } = model;
  const named = at(selection.properties, 'BackupSelection', 'IamRoleArn');
  const role = resourcesOf(assembly, 'AWS::IAM::Role').find((one) => is(named, arnOf(one, stackOf(assembly, one)) ?? '') === true);
  const principal = everyPrincipal(model).find(({ id }) => id === role?.id);
  if (!role || !principal) return unless('unknown', { rule: RULE, subject: selection, because: `the role of ${selection.logicalId}, which is not in the template, can make recovery points`, fix: 'use a role of the template' });
  const trusted = principal.trust.some(({ effect, principals }) => effect === 'Allow' && principals?.except === false && principals.list.some(({ value }) => value === 'backup.amazonaws.com'));
  const action = arn?.includes(':cluster:') ? 'rds:CreateDBClusterSnapshot' : 'rds:CreateDBSnapshot';
  const decision = arn === undefined ? undefined
    : decide({ principal: { arn: principal.arn, account: principal.account }, action, resource: arn, resourceAccount: principal.account, context: {} }, { ...principal.policies, resource: [] });
  return [
    ...unless(trusted, { rule: RULE, subject: role, because: `AWS Backup may not take on ${role.logicalId}, so no recovery point is made`, fix: 'let backup.amazonaws.com assume it' }),
    ...unless(decision?.do !== 'deny', { rule: RULE, subject: role, because: `${role.logicalId} may not ${action} on ${name}, so no recovery point is made`, fix: `allow ${action} on the database` }),
  ];
}

const stackOf = (assembly: Assembly, resource: Resource): StackFacts => assembly.stacks.find(({ id }) => id === resource.stack)!;
