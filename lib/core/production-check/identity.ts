import { parseEngineVersion, unsupported } from '../engine-version';
import { SUPPORTED_POSTGRES_MAJORS } from '../policy';
import { homeOf, type Expected, type Item, type SeenInstance } from './types';
import { modify, rds, UNSAID } from './wording';

/** Whether the configuration and the instance are the same database: a wrong id, host or port would aim the kit at another. */
export function identity(expected: Expected, seen: SeenInstance): readonly Item[] {
  const list = rds(expected, 'describe-db-instances', '--output', 'text', '--query',
    'DBInstances[].[DBInstanceIdentifier,DbiResourceId,Endpoint.Address,Endpoint.Port]');
  const same = (setting: string, configured: string, real: string | undefined): Item[] =>
    real?.toLowerCase() === configured.toLowerCase() ? [] : [{
      what: `${setting} must be that of the instance`,
      saw: `it is configured as ${configured}, but ${expected.identifier} has ${real ?? 'none that RDS shows'}`,
      fix: `correct ${setting} or the instance identifier; the instances are: ${list}`,
      warning: 'if the configuration was right until now, the database was recreated or restored under its old name',
    }];
  return [
    ...same('resourceId', expected.resourceId, seen.DbiResourceId),
    ...same('endpoint', expected.endpoint, seen.Endpoint?.Address),
    ...same('port', String(expected.port), seen.Endpoint?.Port?.toString()),
  ];
}

/** Whether it is a primary that stands alone. */
export function standing(expected: Expected, seen: SeenInstance): readonly Item[] {
  const source = seen.ReadReplicaSourceDBInstanceIdentifier ?? seen.ReadReplicaSourceDBClusterIdentifier;
  return [
    ...(source ? [{
      what: 'production must be a primary',
      saw: `it is a read replica of ${source}`,
      fix: `describe the primary as production: ${rds(expected, 'describe-db-instances', '--db-instance-identifier', source)}`,
      warning: 'do not promote the replica instead: promotion cannot be undone',
    }] : []),
    ...(seen.DBClusterIdentifier ? [{
      what: 'production must be an instance of its own',
      saw: `it is a member of the cluster ${seen.DBClusterIdentifier}`,
      fix: 'describe an RDS for PostgreSQL instance as production; clusters are not supported yet',
    }] : []),
  ];
}

export function engine(expected: Expected, seen: SeenInstance): readonly Item[] {
  if (seen.Engine !== 'postgres') {
    return [{
      what: 'the engine must be RDS for PostgreSQL',
      saw: seen.Engine === undefined ? UNSAID : `it is ${seen.Engine}`,
      fix: 'describe an RDS for PostgreSQL instance as production',
    }];
  }
  const runs = seen.EngineVersion === undefined ? undefined : parseEngineVersion(seen.EngineVersion);
  if (!runs || unsupported(runs)) return [outdated(expected, seen.EngineVersion)];
  if (parseEngineVersion(expected.engineVersion)?.major === runs.major) return [];
  return [{
    what: 'engineVersion must be that of the instance',
    saw: `it is configured as ${expected.engineVersion}, but the instance runs ${runs.text}`,
    fix: `set engineVersion to '${runs.text}'`,
    warning: 'replicas and clones with the parameters of another major version do not start',
  }];
}

function outdated(expected: Expected, version: string | undefined): Item {
  const targets = rds(expected, 'describe-db-engine-versions', '--engine', 'postgres', ...(version ? ['--engine-version', version] : []),
    '--query', 'DBEngineVersions[].ValidUpgradeTarget[].EngineVersion');
  const upgrade = modify(expected, '--engine-version', 'TARGET', '--allow-major-version-upgrade', '--apply-immediately');
  return {
    what: `the major version must be one of ${SUPPORTED_POSTGRES_MAJORS.join(', ')}`,
    saw: version === undefined ? UNSAID : `the instance runs ${version}`,
    fix: `choose a target with ${targets} and apply it with ${upgrade}`,
    warning: 'a major version upgrade interrupts the database and cannot be undone: rehearse it on a restored copy',
  };
}

/** RDS would refuse the replica in the agents' network minutes into the deployment, with a message that names no cause. */
export function otherReplicas(expected: Expected, seen: SeenInstance): readonly Item[] {
  if (expected.replicaPlacement === 'production-vpc') return [];
  const { region } = homeOf(expected);
  const others = (seen.ReadReplicaDBInstanceIdentifiers ?? [])
    // Replicas in other Regions are listed by ARN; the rule is about this Region.
    .filter((name) => !name.startsWith('arn:') || name.split(':')[3] === region)
    .map((name) => name.split(':').at(-1)!)
    .filter((name) => !expected.ownReplicas.includes(name));
  return others.length === 0 ? [] : [{
    what: "production must have no replicas outside the agents' network",
    saw: `it has ${others.join(', ')}, and RDS requires all replicas of one source in a Region to share a VPC`,
    fix: "for a first deployment set network.reach to 'lattice' (in code: ReplicaPlacement.productionVpc()): the agents' replica then stands in production's network and is reached without a route",
  }];
}
