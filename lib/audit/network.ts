import type { Assembly, Step, Text } from './model';
import { connectionsOf } from './network/connection';
import { databasesOf, outsideDatabase, type DatabaseEndpoint, type OutsideDatabase } from './network/databases';
import { exitsOf, serviceEndpointsOf, type ServiceEndpoint } from './network/exits';
import { factsOf, type Key } from './network/facts';
import { latticeOf } from './network/lattice';
import { linksOf } from './network/links';
import { loadBalancersOf } from './network/load-balancers';
import { networkAclsOf } from './network/network-acls';
import { INTERNET, PLACED_TYPES, placesOf, type Place } from './network/places';
import { privateEndpointsOf } from './network/private-endpoints';
import { proxiesOf } from './network/proxies';
import { indexOfRelays } from './network/relays';
import { search, type Host, type Reach } from './network/search';
import { groupsOf } from './network/security-groups';
import { subnetsOf } from './network/subnets';
import { transitGatewaysOf } from './network/transit-gateways';
import { generated } from './text';

export { INTERNET };
export type { DatabaseEndpoint, OutsideDatabase, Place, Reach, ServiceEndpoint };

/** Who can open TCP to which database, as an assembly says it. */
export interface Network {
  /** Every database of the assembly, replicas included. */
  readonly databases: readonly DatabaseEndpoint[];
  /** A database by resource id; one outside the assembly by its identifier or ARN, with what the assembly tells of it. */
  database(subject: string, known?: Omit<OutsideDatabase, 'id'>): DatabaseEndpoint;
  /** From where a resource connects: a function, a service, an instance, a security group, or a VPC with everything in it. */
  placesOf(id: string): readonly Place[];
  /** The networks that the kit made for agents, each with everything in it. */
  readonly agentNetworks: readonly Place[];
  /** Whether one of the places can open a TCP connection to the database. */
  reachable(from: readonly Place[], database: DatabaseEndpoint): Reach;
  /** Everything by which a network could exchange packets with another one. Nothing for an isolated network. */
  exits(place: Place): readonly Step[];
  /** The services that have an interface or gateway endpoint in the network of a place. */
  serviceEndpoints(place: Place): readonly ServiceEndpoint[];
}

const READ = new WeakMap<Assembly, Network>();

/** Reads the network of an assembly; the same assembly is read once. */
export function networkOf(assembly: Assembly): Network {
  let network = READ.get(assembly);
  if (!network) READ.set(assembly, (network = read(assembly)));
  return network;
}

/** Every database of the assembly with its network, subnets, security groups and port. */
export const databaseEndpoints = (assembly: Assembly): readonly DatabaseEndpoint[] => networkOf(assembly).databases;

/** Whether one of the places can open a TCP connection to the database. */
export const reachable = (assembly: Assembly, from: readonly Place[], database: DatabaseEndpoint): Reach =>
  networkOf(assembly).reachable(from, database);

function read(assembly: Assembly): Network {
  const facts = factsOf(assembly);
  const groups = groupsOf(facts);
  const subnets = subnetsOf(facts);
  const places = placesOf(facts, groups, subnets);
  const databases = databasesOf(facts, groups, subnets);
  const connections = connectionsOf(facts, groups, networkAclsOf(facts), linksOf(facts, subnets, transitGatewaysOf(facts)));
  const relays = indexOfRelays([proxiesOf, loadBalancersOf, latticeOf, privateEndpointsOf].flatMap((kind) => kind(facts, places)));
  const searched = { connections, relays, hosts: [...computeHosts(), ...databases.map(databaseHost)], subnets };
  const byId = new Map(databases.map((database) => [database.id, database]));
  const agentNetworks = assembly.declarations
    .filter(({ guarantee, resources }) => guarantee === 'agent-has-no-route-to-production' && typeof resources.vpc === 'string')
    .flatMap(({ stack, resources }) => places.of(`${stack}.${resources.vpc as string}`));

  return {
    databases,
    agentNetworks,
    placesOf: (id) => (id === INTERNET.id ? [INTERNET] : places.of(id)),
    database: (subject, known = {}) => byId.get(subject) ?? named(subject) ?? outsideDatabase(subnets, { ...declared(subject), ...known, id: subject }),
    reachable: (from, database) => search(searched, from, database),
    exits: (place) => (place.vpc === undefined ? [] : exitsOf(facts, groups, subnets, place.vpc)),
    serviceEndpoints: (place) => serviceEndpointsOf(facts, place),
  };

  /** What a declaration of the kit says of a database that is not in the assembly. */
  function declared(subject: string): Partial<OutsideDatabase> {
    const said = assembly.declarations.find(({ production }) => production && [production.identifier, production.arn].includes(subject));
    if (!said?.production) return {};
    const { identifier, endpoint, port, vpc, securityGroup } = said.production;
    const key = (text: string): Key => facts.key(inAssembly(text, said.stack));
    return {
      port,
      ...(identifier !== undefined && { name: identifier }),
      ...(endpoint !== undefined && { addresses: [endpoint.toLowerCase()] }),
      ...(vpc !== undefined && { vpc: key(vpc) }),
      ...(securityGroup !== undefined && { securityGroups: [key(securityGroup)] }),
    };
  }

  function named(subject: string): DatabaseEndpoint | undefined {
    const identifier = subject.replace(/^arn:.*:(?:db|cluster):/, '');
    const resource = facts.named('AWS::RDS::DBInstance', 'DBInstanceIdentifier', identifier) ?? facts.named('AWS::RDS::DBCluster', 'DBClusterIdentifier', identifier);
    return resource && byId.get(resource.id);
  }

  function computeHosts(): Host[] {
    return PLACED_TYPES.flatMap((type) => facts.ofType(type))
      .filter(({ type }) => ACCEPTING.includes(type))
      .flatMap(({ id }) => places.of(id))
      .map((place) => ({ place, names: INSTANCE_ADDRESSES.map((attribute) => `${place.id} ${attribute}`), listener: { ...standing(place), ports: [...LOGIN_PORTS, ...POOLER_PORTS], public: 'maybe' as const } }));
  }

  /** A database can be told to connect to another one (`postgres_fdw`, `dblink`). */
  function databaseHost(database: DatabaseEndpoint): Host {
    const { id, name, vpc, subnets: own, groups: worn, addresses } = database;
    return { listener: database, names: addresses, place: { id, name, vpc, subnets: own, wears: [worn] } };
  }

  function standing({ id, name, vpc, subnets: own, wears }: Place): Pick<Host['listener'], 'id' | 'name' | 'groups' | 'subnets' | 'vpc'> {
    return { id, name, vpc: vpc ?? '', subnets: own, groups: wears[0] ?? [] };
  }
}

/** Compute that accepts connections; a function does not. */
const ACCEPTING = ['AWS::EC2::Instance', 'AWS::ECS::Service', 'AWS::ECS::TaskSet', 'AWS::AutoScaling::AutoScalingGroup', 'AWS::Cloud9::EnvironmentEC2'];
const LOGIN_PORTS = [22, 3389];
/** PostgreSQL, and PgBouncer. */
const POOLER_PORTS = [5432, 6432];
const INSTANCE_ADDRESSES = ['PrivateIp', 'PrivateDnsName', 'PublicIp', 'PublicDnsName'];

/** A declared value, with `{LogicalId.Attribute}` for what the same template makes, as text with symbols. */
const inAssembly = (text: string, stack: string): Text =>
  text.replace(/\$?\{([A-Za-z0-9]+)(?:\.([A-Za-z0-9.]+))?\}/g, (_, id: string, attribute = 'Ref') => generated(`${stack}.${id}`, attribute as string));
