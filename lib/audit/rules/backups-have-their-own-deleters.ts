import { everyPrincipal } from '../agents';
import { decide } from '../decide';
import type { Principal } from '../identity';
import { arnOf } from '../identities';
import { resourcesOf } from '../look';
import type { AuditModel, DescribedProduction, Finding, Resource, Rule, Text } from '../model';
import { resourcePolicyOf } from '../resource-policies';

const RULE = 'backups-have-their-own-deleters';
const VAULTS = ['AWS::Backup::BackupVault', 'AWS::Backup::LogicallyAirGappedBackupVault'];

/** One mistake, or one stolen role, does not take the database and its backups: no principal may delete both. */
export const backupsHaveTheirOwnDeleters: Rule = {
  id: RULE,
  claim: 'no single role or user can delete production and its recovery points',
  applies: ({ assembly, subjects }) => subjects.production.length > 0 && resourcesOf(assembly, ...VAULTS).length > 0,
  check: (model) => everyPrincipal(model).flatMap((principal) => model.subjects.described.flatMap((production) => both(model, principal, production))),
};

function both(model: AuditModel, principal: Principal, production: DescribedProduction): Finding[] {
  if (production.arn === undefined) return [];
  const database = may(model, principal, 'rds:DeleteDBInstance', production.arn, undefined);
  if (!database) return [];
  return resourcesOf(model.assembly, ...VAULTS).flatMap((vault): Finding[] => {
    const stack = model.assembly.stacks.find(({ id }) => id === vault.stack)!;
    const points = may(model, principal, 'backup:DeleteRecoveryPoint', arnOf(vault, stack) ?? '', vault);
    if (!points) return [];
    const subject = model.assembly.resources.find(({ id }) => id === principal.id)!;
    const assuming = [...database.assuming, ...points.assuming];
    return [{
      rule: RULE, verdict: assuming.length === 0 ? 'fail' : 'unknown', subject: { id: subject.logicalId, path: subject.path },
      because: `${principal.name} may rds:DeleteDBInstance on ${production.name} and backup:DeleteRecoveryPoint in ${vault.logicalId}${assuming.length === 0 ? '' : `, if ${assuming.join(' and ')}`}`,
      fix: 'deny backup:DeleteRecoveryPoint to everybody in the access policy of the vault',
      steps: [
        { from: principal.id, to: production.id, by: 'may rds:DeleteDBInstance', source: database.source },
        { from: principal.id, to: vault.id, by: 'may backup:DeleteRecoveryPoint', source: points.source },
      ],
    }];
  });
}

function may({ assembly }: AuditModel, principal: Principal, action: string, resource: Text, owner: Resource | undefined) {
  const decision = decide(
    { principal: { arn: principal.arn, account: principal.account }, action, resource, resourceAccount: principal.account, context: {} },
    { ...principal.policies, resource: owner ? resourcePolicyOf(assembly).get(owner.id) ?? [] : [] },
  );
  return decision.do === 'allow' ? { source: decision.by.source, assuming: decision.assuming } : undefined;
}
