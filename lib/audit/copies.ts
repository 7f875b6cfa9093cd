import type { Assembly, AuditModel, Resource, Subjects } from './model';

const DATABASES = ['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster'];

/** What makes a database a copy of another one from the moment it exists. */
const SOURCES = ['SourceDBInstanceIdentifier', 'SourceDBClusterIdentifier', 'SourceDbiResourceId', 'SourceDBInstanceAutomatedBackupsArn'];

/** Constructs whose databases are copies, whatever their properties say. */
const COPYING = ['agent-reads-a-replica', 'staging-is-production-sized-and-masked'];

export const isDatabase = (resource: Resource): boolean => DATABASES.includes(resource.type);

/**
 * Databases that may go, because what they hold is elsewhere: replicas, and copies that a construct of the kit declares to be
 * one. A production database is never a copy, even if it was once made from another database.
 */
export function copiesIn(assembly: Assembly, subjects: Pick<Subjects, 'production'>): ReadonlySet<Resource> {
  const declared = new Set(assembly.declarations
    .filter(({ guarantee }) => COPYING.includes(guarantee))
    .flatMap(({ stack, resources }) => Object.values(resources).flat().map((logicalId) => `${stack}.${logicalId}`)));
  return new Set(assembly.resources
    .filter(isDatabase)
    .filter(({ id }) => !subjects.production.includes(id))
    .filter(({ id, properties }) => declared.has(id) || SOURCES.some((source) => properties[source] !== undefined)));
}

/** The databases that hold production's data. Where nobody said which one it is, every database that is no copy may be it. */
export function productionDatabases({ assembly, subjects }: Pick<AuditModel, 'assembly' | 'subjects'>): readonly Resource[] {
  const copies = copiesIn(assembly, subjects);
  const databases = assembly.resources.filter((resource) => isDatabase(resource) && !copies.has(resource));
  if (subjects.production.length === 0) return databases;
  return databases.filter(({ id, properties }) => [id, properties.DBInstanceIdentifier, properties.DBClusterIdentifier]
    .some((name) => typeof name === 'string' && subjects.production.includes(name)));
}
