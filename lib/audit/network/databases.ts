import type { Resource, Value } from '../model';
import { append, defaultGroupOf, listOf, textOf, truth, type Facts, type Key } from './facts';
import { portOf, type Ports } from './ports';
import type { Groups } from './security-groups';
import type { Subnets } from './subnets';

/** Something that accepts TCP connections in a network. */
export interface Listener {
  readonly id: string;
  readonly name: string;
  readonly ports: Ports;
  /** Any of their rules lets in. Without a group nothing holds anything back. */
  readonly groups: readonly Key[];
  readonly subnets: readonly Key[];
  readonly vpc: Key;
  /** Whether it has a public address. */
  readonly public: 'yes' | 'no' | 'maybe';
}

/** A database in the assembly, or what is known of one outside it. */
export interface DatabaseEndpoint extends Listener {
  /** Host names that lead to it, as text. */
  readonly addresses: readonly string[];
  /** Whether it accepts SQL over HTTPS (the RDS Data API). */
  readonly dataApi: 'yes' | 'no' | 'maybe';
  readonly inAssembly: boolean;
}

/** What a caller knows of a database that is not in the assembly; what is left out is not known. */
export interface OutsideDatabase {
  /** Its identifier or ARN. */
  readonly id: string;
  readonly name?: string;
  readonly vpc?: string;
  readonly securityGroups?: readonly string[];
  readonly subnets?: readonly string[];
  readonly addresses?: readonly string[];
  readonly port?: number;
  readonly public?: 'yes' | 'no' | 'maybe';
}

export function outsideDatabase(subnets: Subnets, known: OutsideDatabase): DatabaseEndpoint {
  const vpc = known.vpc ?? '';
  return {
    id: known.id,
    name: known.name ?? known.id,
    ports: known.port === undefined ? 'unknown' : [known.port],
    // Whatever is not told is not known, and neither are the rules of a group without a name.
    groups: known.securityGroups?.length ? known.securityGroups : [''],
    subnets: known.subnets?.length ? known.subnets : subnets.ofVpc(vpc).map(({ key }) => key),
    vpc,
    public: known.public ?? 'maybe',
    addresses: known.addresses ?? [],
    dataApi: 'maybe',
    inAssembly: false,
  };
}

/** Every database of the assembly: instances and clusters, replicas included. */
export function databasesOf(facts: Facts, groups: Groups, subnets: Subnets): readonly DatabaseEndpoint[] {
  const members = new Map<string, Resource[]>();
  const instances = facts.ofType('AWS::RDS::DBInstance');
  const clusterOf = (instance: Resource): Resource | undefined =>
    instance.properties.DBClusterIdentifier === undefined
      ? undefined
      : facts.named('AWS::RDS::DBCluster', 'DBClusterIdentifier', instance.properties.DBClusterIdentifier);
  for (const instance of instances) {
    const cluster = clusterOf(instance);
    if (cluster) append(members, cluster.id, instance);
  }
  return [
    ...instances.map((instance) => endpoint(instance, clusterOf(instance))),
    ...facts.ofType('AWS::RDS::DBCluster').map((cluster) => endpoint(cluster, cluster)),
  ];

  function endpoint(resource: Resource, cluster: Resource | undefined): DatabaseEndpoint {
    const own = resource.properties;
    const shared = cluster?.properties ?? own;
    // What a member of a cluster from elsewhere has in common with that cluster is not known.
    const stranger = own.DBClusterIdentifier !== undefined && !cluster;
    const subnetGroup = facts.named('AWS::RDS::DBSubnetGroup', 'DBSubnetGroupName', own.DBSubnetGroupName ?? shared.DBSubnetGroupName);
    const named = listOf(subnetGroup?.properties.SubnetIds).map((value) => facts.key(value));
    const worn = listOf(shared.VpcSecurityGroupIds ?? own.VPCSecurityGroups).map((value) => facts.key(value));
    const vpc = named.map((key) => subnets.get(key).vpc).find((key) => key !== '') ?? worn.flatMap((key) => groups.get(key).vpcs)[0] ?? '';
    return {
      id: resource.id,
      name: facts.name(resource.id),
      ports: stranger ? 'unknown' : portsOf(own.Port ?? shared.Port, own.Engine ?? shared.Engine),
      groups: worn.length > 0 ? worn : [stranger ? '' : defaultGroupOf(vpc)],
      subnets: named.length > 0 ? named : subnets.ofVpc(vpc).map(({ key }) => key),
      vpc,
      public: publicity([resource, ...(resource === cluster ? members.get(cluster.id) ?? [] : [])], subnetGroup !== undefined),
      addresses: addressesOf(resource, cluster),
      dataApi: stranger ? 'maybe' : cluster ? truth(shared.EnableHttpEndpoint, 'no') : 'no',
      inAssembly: true,
    };
  }
}

/** A database without a subnet group is in the account's default network, which may make it public. */
function publicity(resources: readonly Resource[], placed: boolean): 'yes' | 'no' | 'maybe' {
  const answers = resources.map(({ properties }) =>
    properties.PubliclyAccessible === undefined && !placed ? 'maybe' : truth(properties.PubliclyAccessible, 'no'));
  return answers.includes('yes') ? 'yes' : answers.includes('maybe') ? 'maybe' : 'no';
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbcluster.html#cfn-rds-dbcluster-port */
function portsOf(port: Value | undefined, engine: Value | undefined): Ports {
  if (port !== undefined) return portOf(port) === undefined ? 'unknown' : [portOf(port)!];
  const name = textOf(engine) ?? '';
  if (/^(postgres|aurora-postgresql)$/.test(name)) return name === 'postgres' ? [5432] : [3306, 5432];
  return /^(mysql|mariadb|aurora|aurora-mysql)$/.test(name) ? [3306] : 'unknown';
}

const ATTRIBUTES = ['Endpoint.Address', 'ReadEndpoint.Address'];

function addressesOf(resource: Resource, cluster: Resource | undefined): string[] {
  const ids = [resource.id, ...(cluster ? [cluster.id] : [])];
  return ids.flatMap((id) => ATTRIBUTES.map((attribute) => `${id} ${attribute}`));
}

/** A host name as `addresses` of an endpoint has it. */
export function addressKey(facts: Facts, value: Value | undefined): string {
  const text = textOf(value) ?? '';
  const reference = facts.refer(text);
  return reference ? `${reference.resource.id} ${reference.attribute}` : text.toLowerCase();
}

