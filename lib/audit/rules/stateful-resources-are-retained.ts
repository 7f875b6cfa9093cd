import { productionDatabases } from '../copies';
import { KEEPING_ATTRIBUTES, keepingOf, type Keeping, type KeepingAttribute } from '../keeping-policy';
import type { AuditModel, Finding, Resource, Rule } from '../model';
import { resourcesNamedIn } from '../named-in';
import { nameOf } from '../names';

const ID = 'stateful-resources-are-retained';

/** What holds recovery points: precious in every stack. */
const RECOVERY = ['AWS::Backup::BackupVault', 'AWS::Backup::LogicallyAirGappedBackupVault', 'AWS::RDS::ClusterSnapshot', 'AWS::RDS::DBSnapshot'];

/** What holds the record, and what opens the rest: precious where the kit, production or the recovery points depend on it. */
const DEPENDED_ON = ['AWS::KMS::Key', 'AWS::Logs::LogGroup', 'AWS::S3::Bucket', 'AWS::SecretsManager::Secret'];

/** Removing a resource from a template, replacing it or deleting its stack must not delete what cannot be made again. */
export const statefulResourcesAreRetained: Rule = {
  id: ID,
  claim: "production's databases, the recovery points, the record, and their keys and secrets stay when their stack is changed or deleted",
  applies: (model) => precious(model).length > 0,
  check: (model) => precious(model).flatMap((resource) => KEEPING_ATTRIBUTES.flatMap((attribute) => {
    const keeping = keepingOf(resource, attribute);
    return keeping.do === 'kept' ? [] : [finding(resource, attribute, keeping)];
  })),
};

function finding(resource: Resource, attribute: KeepingAttribute, keeping: Exclude<Keeping, { do: 'kept' }>): Finding {
  const when = attribute === 'DeletionPolicy' ? 'removing it from the template or deleting the stack' : 'an update that replaces it';
  return {
    rule: ID,
    verdict: keeping.do === 'lost' ? 'fail' : 'unknown',
    subject: { id: resource.id, path: resource.path },
    because: `${nameOf(resource)} (${resource.type}) ${keeping.because}: ${when} ${keeping.do === 'lost' ? 'deletes' : 'may delete'} it`,
    fix: `write ${attribute}: Retain`,
    steps: [],
  };
}

/** The resources that the claim is about: where it starts, and what these depend on. */
function precious(model: AuditModel): readonly Resource[] {
  const known = new Map(model.assembly.resources.map((resource) => [resource.id, resource]));
  const found = new Set(startingPoints(model));
  // A set that grows while it is walked is walked to its end.
  for (const resource of found) {
    for (const named of resourcesNamedIn(resource.properties, known)) if (DEPENDED_ON.includes(named.type)) found.add(named);
  }
  return [...found];
}

function startingPoints(model: AuditModel): readonly Resource[] {
  const { resources } = model.assembly;
  const databases = productionDatabases(model);
  return [
    ...databases,
    ...resources.filter(({ type }) => RECOVERY.includes(type)),
    ...resources.filter((resource) => DEPENDED_ON.includes(resource.type) && (isOfTheKit(resource, model) || isOfOneOf(databases, resource))),
    ...attachedSecrets(model, databases),
  ];
}

/** Made by a construct that declares a guarantee, or declared by one. */
function isOfTheKit({ stack, logicalId, path }: Resource, { assembly }: AuditModel): boolean {
  return assembly.declarations.some((declaration) => path.startsWith(`${declaration.path}/`)
    || (declaration.stack === stack && Object.values(declaration.resources).flat().includes(logicalId)));
}

/** Made by the construct that made a database, as the secret of its master user is: `Stack/Orders/Secret` beside `Stack/Orders/Resource`. */
function isOfOneOf(databases: readonly Resource[], { path }: Resource): boolean {
  return databases.some((database) => database.path.endsWith('/Resource') && path.startsWith(database.path.slice(0, -'Resource'.length)));
}

function attachedSecrets({ assembly }: AuditModel, databases: readonly Resource[]): readonly Resource[] {
  const known = new Map(assembly.resources.map((resource) => [resource.id, resource]));
  return assembly.resources
    .filter(({ type }) => type === 'AWS::SecretsManager::SecretTargetAttachment')
    .filter(({ properties }) => databases.some((database) => resourcesNamedIn(properties.TargetId ?? null, known).has(database)
      || properties.TargetId === database.properties.DBInstanceIdentifier))
    .flatMap(({ properties }) => [...resourcesNamedIn(properties.SecretId ?? null, known)]);
}
