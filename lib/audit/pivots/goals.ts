import { attributeOf } from '../identities';
import type { DescribedProduction, Resource, Text } from '../model';
import { isSymbolic, readable, unknown } from '../text';
import { equalText, matches } from '../text-match';
import { arnAt, type Acting, type Place } from './acting';
import { lastPart } from './arn-index';
import {
  ANYWHERE_CALLS, CLUSTER_CALLS, CLUSTER_PARAMETER_CALLS, INSTANCE_CALLS, NAMELESS_CALLS, NAMELESS_CLUSTER_CALLS, PARAMETER_CALLS, RESOURCE_CALLS,
  SECRET_CALLS, STACK_CALLS, type GoalCalls, type GoalFamily,
} from './goal-calls';
import { nameOf } from './names';
import type { Terrain } from './terrain';

/** A call that an agent must never arrive at. */
export interface Goal {
  readonly family: GoalFamily;
  readonly action: string;
  /** Resource id, or ARN of something outside of the assembly, whose own policy counts. */
  readonly target: string;
  /** The resources that IAM is asked about, depending on what the caller's permissions name. */
  readonly asks: (acting: Acting) => Iterable<Text>;
  /** What follows the action in a sentence. */
  readonly on: (arn: Text) => string;
}

/** A database that agents must not touch beyond what is declared, in the assembly or not. */
export interface GuardedDatabase {
  /** For messages. */
  readonly name: string;
  /** Resource id, or the ARN if it is not in the assembly. */
  readonly id: string;
  readonly arn: Text;
  readonly place: Place;
  readonly cluster: boolean;
  /** In ARNs of logins; undefined if it is not known, so that it may be any. */
  readonly resourceId: Text | undefined;
  /** ARN of the secret with the master user's password. */
  readonly masterSecret: Text | undefined;
  /** Users that agents are declared to log in as: patterns of user names. */
  readonly declaredUsers: readonly Text[];
}

/** A database of the assembly. */
export function guardedDatabase(resource: Resource, terrain: Terrain, declaredUsers: readonly Text[] = []): GuardedDatabase {
  const cluster = resource.type === 'AWS::RDS::DBCluster';
  const secret = resource.properties.MasterUserSecret;
  const arn = typeof secret === 'object' && secret !== null && 'SecretArn' in secret ? secret.SecretArn : undefined;
  const managed = resource.properties.ManageMasterUserPassword === true ? attributeOf(resource, 'MasterUserSecret.SecretArn', terrain.stack(resource.stack)) as Text : undefined;
  return {
    name: nameOf(resource), id: resource.id, arn: terrain.arn(resource)!, place: terrain.stack(resource.stack), cluster, declaredUsers,
    resourceId: attributeOf(resource, cluster ? 'DBClusterResourceId' : 'DbiResourceId', terrain.stack(resource.stack)) as Text,
    masterSecret: typeof arn === 'string' ? arn : managed,
  };
}

/** Production as it was declared or named, in the assembly or not. */
export function describedDatabase(described: DescribedProduction, terrain: Terrain): GuardedDatabase {
  const resource = terrain.resource(described.id);
  if (resource) {
    const own = guardedDatabase(resource, terrain);
    return { ...own, masterSecret: described.masterSecret ?? own.masterSecret };
  }
  const [place] = terrain.assembly.stacks;
  const identifier = described.identifier ?? unknown(`identifier of ${described.name}`);
  const arn = described.arn ?? arnAt(place!, 'rds', `db:${identifier}`);
  const cluster = lastPart(arn).startsWith('cluster:');
  return { name: described.name, id: described.id, arn, place: place!, cluster, resourceId: described.resourceId, masterSecret: described.masterSecret, declaredUsers: [] };
}

/** Everything that destroys, changes, copies or opens a database. */
export function databaseGoals(database: GuardedDatabase, terrain: Terrain): readonly Goal[] {
  const { name, id, arn, cluster, place } = database;
  const resource = terrain.resource(id);
  const about = (calls: readonly GoalCalls[], target: string, arns: Text, called: string): Goal[] => fixed(calls, target, arns, called);
  const parameters = resource && parameterGroupOf(resource, terrain);
  const secret = database.masterSecret;
  return [
    ...about(cluster ? CLUSTER_CALLS : INSTANCE_CALLS, id, arn, name),
    ...logins(database),
    ...(secret === undefined ? [] : about(SECRET_CALLS, secretId(secret, terrain), secret, `the master secret of ${name}`)),
    ...(parameters ? about(cluster ? CLUSTER_PARAMETER_CALLS : PARAMETER_CALLS, parameters.id, terrain.arn(parameters)!, nameOf(parameters)) : []),
    ...(cluster ? NAMELESS_CLUSTER_CALLS : NAMELESS_CALLS).flatMap((calls) => chosen(calls, calls.on, place, `of ${name}`)),
    ...(resource ? STACK_CALLS.flatMap((calls) => chosen(calls, 'stack/any/any', place, `with ${name} in it`, stackNamed(resource))) : []),
  ];
}

/** Everything that destroys, shortens or opens what protects data: vaults, keys, logs, archives, networks. */
export function protectionGoals(resources: readonly Resource[], terrain: Terrain): readonly Goal[] {
  return resources.flatMap((resource) => {
    const arn = terrain.arn(resource);
    return (RESOURCE_CALLS[resource.type] ?? []).flatMap((calls) => fixed([calls], resource.id, `${arn ?? resource.id}${calls.suffix ?? ''}`, nameOf(resource)));
  });
}

/** What no resource of the template stands for: recovery points, interfaces, new endpoints. */
export const anywhereGoals = (place: Place): readonly Goal[] => ANYWHERE_CALLS.flatMap((calls) => chosen(calls, calls.on, place, ''));

function fixed(calls: readonly GoalCalls[], target: string, arn: Text, name: string): Goal[] {
  return calls.flatMap(({ family, actions }) => actions.map((action): Goal => ({ family, action, target, asks: () => [arn], on: () => `on ${name}` })));
}

/** Resources that the caller names; `accept` leaves out those that are something else for sure. */
function chosen({ family, actions }: GoalCalls, on: string, place: Place, whose: string, accept: (arn: Text) => boolean = () => true): Goal[] {
  return actions.map((action): Goal => ({
    family, action, target: '',
    asks: (acting) => [...acting.choices({ action, on }, place)].filter(accept),
    on: (arn) => `on ${arn === '*' || /[:/]any$/.test(arn) ? KINDS[on.split(/[:/]/)[0]!] ?? 'anything' : readable(lastPart(arn))}${whose && ` ${whose}`}`,
  }));
}

const KINDS: Readonly<Record<string, string>> = {
  snapshot: 'snapshots', 'cluster-snapshot': 'snapshots', 'auto-backup': 'automated backups', 'cluster-auto-backup': 'automated backups', deployment: 'deployments',
  stack: 'the stack', 'recovery-point': 'recovery points', 'legal-hold': 'legal holds', 'instance-connect-endpoint': 'a new endpoint',
  'network-interface': 'network interfaces', resourceconfiguration: 'a resource configuration', resourcegateway: 'a resource gateway', 'target-group': 'a proxy',
};

/** Logging in with an IAM token as a user that is not declared. */
function logins({ name, id, place, resourceId, declaredUsers }: GuardedDatabase): Goal[] {
  const action = 'rds-db:connect';
  const database = resourceId ?? unknown(`resource id of ${name}`);
  return [{
    family: 'logs-in', action, target: id,
    asks: (acting) => [...new Set(['any', ...acting.patterns(action).map((pattern) => pattern.slice(pattern.lastIndexOf('/') + 1).replace(/\$\{[^}]*\}|\*/g, 'any').replaceAll('?', 'a'))])]
      .filter((user) => !declaredUsers.some((declared) => equalText(declared, user) === 'yes'))
      .map((user) => arnAt(place, 'rds-db', `dbuser:${database}/${user}`)),
    on: (arn) => `on ${name} as ${arn.endsWith('/any') ? 'any user' : readable(arn.slice(arn.lastIndexOf('/') + 1))}`,
  }];
}

function parameterGroupOf({ type, properties }: Resource, { assembly, arn }: Terrain): Resource | undefined {
  const [property, kind] = type === 'AWS::RDS::DBCluster' ? ['DBClusterParameterGroupName', 'AWS::RDS::DBClusterParameterGroup'] : ['DBParameterGroupName', 'AWS::RDS::DBParameterGroup'];
  const name = properties[property];
  if (typeof name !== 'string') return undefined;
  return assembly.resources.find((group) => group.type === kind && lastPart(arn(group) ?? '').endsWith(`:${name}`));
}

/** The secret in the assembly that an ARN names, so that its own policy counts. */
function secretId(arn: Text, terrain: Terrain): string {
  return terrain.assembly.resources.find((resource) => resource.type === 'AWS::SecretsManager::Secret' && terrain.arn(resource) === arn)?.id ?? arn;
}

/** Whether an ARN may be that of the stack that a resource is in: its name is known to whoever deploys it, and is often its id. */
function stackNamed({ stack }: Resource): (arn: Text) => boolean {
  const name = stack.split('/')[0]!;
  return (arn) => {
    const [, named = 'any'] = lastPart(arn).split('/');
    return isSymbolic(named) || named.startsWith('any') || named.endsWith('any') || matches(named, name) !== 'no' || name.startsWith(named);
  };
}
