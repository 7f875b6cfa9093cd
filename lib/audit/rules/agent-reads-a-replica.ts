import { arnOf, attributeOf, refOf } from '../identities';
import { anyOf, at, declarationsOf, declaredResource, is, missing, property, resourcesOf, shown, unless, type Certainty } from '../look';
import type { AuditModel, Finding, Resource, Rule, StackDeclaration } from '../model';
import { readable } from '../text';

const RULE = 'agent-reads-a-replica';

/** What agents read is a physical replica of production: private, TLS only, IAM logins on, and one that stays a replica. */
export const agentReadsAReplica: Rule = {
  id: RULE,
  claim: 'agents read near-live data from a physical replica, over TLS, with 15-minute IAM tokens and no password',
  applies: ({ assembly }) => declarationsOf(assembly, RULE).length > 0,
  check: (model) => declarationsOf(model.assembly, RULE).flatMap((declaration) => [
    ...replica(model, declaration, 'instance'),
    ...(declaration.resources.delayedInstance === undefined ? [] : replica(model, declaration, 'delayedInstance')),
    ...loginProblems(model, declaration),
  ]),
};

function replica(model: AuditModel, declaration: StackDeclaration, name: 'instance' | 'delayedInstance'): Finding[] {
  const database = declaredResource(model.assembly, declaration, name);
  return database ? replicaProblems(model, database, declaration) : missing(RULE, declaration, name);
}

function replicaProblems({ assembly, subjects }: AuditModel, database: Resource, declaration: StackDeclaration): Finding[] {
  const has = (holds: Certainty, because: string, fix: string) => unless(holds, { rule: RULE, subject: database, because, fix });
  const source = property(database, 'SourceDBInstanceIdentifier');
  const names = subjects.described.flatMap(({ arn, identifier }) => [arn, identifier]).filter((name) => name !== undefined);
  const parameters = resourcesOf(assembly, 'AWS::RDS::DBParameterGroup').find((group) => is(property(database, 'DBParameterGroupName'), refOf(group, stackOf(assembly, group))) === true);
  const restored = ['SourceDbiResourceId', 'RestoreTime', 'UseLatestRestorableTime', 'SourceDBInstanceAutomatedBackupsArn', 'DBSnapshotIdentifier']
    .filter((selector) => property(database, selector) !== undefined);
  return [
    ...has(
      source !== undefined && restored.length === 0,
      source === undefined
        ? `${database.logicalId} names no SourceDBInstanceIdentifier: it is no replica, and one that exists is promoted to a database that can be written to`
        : `${database.logicalId} is restored from a backup (${restored.join(', ')}) and is a copy that can be written to, not a replica`,
      'set SourceDBInstanceIdentifier to the ARN of production, and nothing that restores',
    ),
    ...(source === undefined || names.length === 0 ? [] : has(
      anyOf(...names.map((name) => is(source, name))),
      `${database.logicalId} is a replica of ${shown(source)}, which is not production (${declaration.production?.identifier ?? 'as declared'})`,
      'set SourceDBInstanceIdentifier to the ARN of production',
    )),
    ...has(is(property(database, 'EnableIAMDatabaseAuthentication'), true), `${database.logicalId} takes no IAM tokens, so agents would need passwords`, 'set EnableIAMDatabaseAuthentication to true'),
    ...has(is(property(database, 'PubliclyAccessible'), false), `${database.logicalId} is publicly accessible, or does not say that it is not`, 'set PubliclyAccessible to false'),
    ...has(
      parameters === undefined ? 'unknown' : is(at(parameters.properties, 'Parameters', 'rds.force_ssl'), '1'),
      parameters === undefined ? `${database.logicalId} has a parameter group that forces TLS` : `${database.logicalId} lets sessions in without TLS`,
      "set rds.force_ssl to '1' in its parameter group",
    ),
    ...has(
      parameters === undefined || at(parameters.properties, 'Parameters', 'hot_standby_feedback') === undefined
        || is(at(parameters.properties, 'Parameters', 'hot_standby_feedback'), '0'),
      `a query of an agent on ${database.logicalId} holds back the clean-up of production (hot_standby_feedback)`, "set hot_standby_feedback to '0'",
    ),
  ];
}

/**
 * The agent's permission names the replica by its resource id. With the ARN in that place, as some versions of the CDK write it, the policy
 * is valid, matches nothing, and the agent is given a password sooner or later.
 */
function loginProblems({ assembly, subjects }: AuditModel, declaration: StackDeclaration): Finding[] {
  const database = declaredResource(assembly, declaration, 'instance');
  if (!database) return [];
  const stack = stackOf(assembly, database);
  const expected = attributeOf(database, 'DbiResourceId', stack);
  const mistaken = [arnOf(database, stack), refOf(database, stack)];
  return subjects.logins.flatMap(({ agent, name, resourceId, user }) => {
    const role = assembly.resources.find(({ id }) => id === agent);
    return role === undefined || resourceId === undefined || resourceId === expected || !mistaken.includes(resourceId) ? [] : unless(false, {
      rule: RULE, subject: role,
      because: `agent ${name} is allowed to log in as ${user} to ${readable(resourceId)}, which is not the resource id of ${database.logicalId}`,
      fix: 'name the database by its DbiResourceId',
    });
  });
}

const stackOf = (assembly: AuditModel['assembly'], resource: Resource) => assembly.stacks.find(({ id }) => id === resource.stack)!;
