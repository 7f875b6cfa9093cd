import type { DeclaredProduction } from '../core/guarantees';
import { arnOf, attributeOf, idOf, refOf } from './identities';
import { declarationsOf, property, resourcesOf } from './look';
import type { AgentLogin, Assembly, DescribedProduction, Resource, StackFacts, Subjects, Text } from './model';
import { readable, unknown } from './text';

/** Names given for a template that does not say itself who is who: logical ids, construct paths, names or ARNs. */
export interface NamedSubjects {
  readonly agents?: readonly string[];
  readonly production?: readonly string[];
  readonly approvers?: readonly string[];
  /**
   * What names are given with, for messages about those that are missing.
   * @default - the options of the command, `--agent` and `--production`
   */
  readonly asked?: { readonly agents: string; readonly production: string };
}

export type SubjectsFound =
  | { readonly do: 'found'; readonly subjects: Subjects }
  | { readonly do: 'refuse'; readonly problems: readonly string[] };

/**
 * Who is who: what the kit's constructs declare, and what is named besides. Without an agent and a production database there is nothing
 * to prove, and nothing is assumed: that refuses, with the candidates.
 */
export function subjectsOf(assembly: Assembly, named: NamedSubjects = {}): SubjectsFound {
  const { asked = { agents: '--agent', production: '--production' } } = named;
  const principals = resourcesOf(assembly, ...PRINCIPALS);
  const databases = resourcesOf(assembly, ...DATABASES);
  const agents = (named.agents ?? []).map((name) => ({ name, found: resourceNamed(assembly, principals, name) }));
  const described = [...declaredProduction(assembly), ...(named.production ?? []).map((name) => namedProduction(assembly, databases, name))];
  const approvers = (named.approvers ?? []).map((name) => resourceNamed(assembly, principals, name)?.id ?? name);
  const subjects: Subjects = {
    agents: distinct([...declaredAgents(assembly), ...agents.flatMap(({ found }) => found?.id ?? [])]),
    production: distinct(described.map(({ id }) => id)),
    approvers: distinct([...declaredApprovers(assembly), ...approvers]),
    described: described.filter(({ id }, index) => described.findIndex((other) => other.id === id) === index),
    logins: declaredLogins(assembly),
  };
  const problems = [
    ...agents.filter(({ found }) => found === undefined).map(({ name }) => `${asked.agents} is '${name}', and no role or user of the template has that name; write one of ${listed(principals)}`),
    ...(subjects.agents.length === 0 && agents.length === 0 ? [`nothing in the template says which roles are agents'; name them with ${asked.agents}: ${listed(principals)}`] : []),
    ...(subjects.production.length === 0 ? [`nothing in the template says which database is production; name it with ${asked.production}: ${listed(databases)}, or the ARN of one that is elsewhere`] : []),
  ];
  return problems.length > 0 ? { do: 'refuse', problems } : { do: 'found', subjects };
}

const PRINCIPALS = ['AWS::IAM::Role', 'AWS::IAM::User'];
const DATABASES = ['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster'];
const CONTROL_PLANE = 'agent-cannot-use-the-control-plane';

const declaredAgents = (assembly: Assembly): readonly string[] => declarationsOf(assembly, CONTROL_PLANE)
  .flatMap(({ stack, resources }) => typeof resources.role === 'string' ? [`${stack}.${resources.role}`] : []);

function declaredLogins(assembly: Assembly): readonly AgentLogin[] {
  return declarationsOf(assembly, CONTROL_PLANE).flatMap(({ stack, resources, agent }) => (agent?.logins ?? []).map(({ resourceId, user }) => ({
    agent: `${stack}.${String(resources.role)}`, name: agent!.name, user, resourceId: textOf(assembly, stack, resourceId),
  })));
}

function declaredApprovers(assembly: Assembly): readonly string[] {
  const principals = resourcesOf(assembly, ...PRINCIPALS);
  return assembly.declarations.flatMap(({ stack, approvers = [] }) => approvers.flatMap((approver) => {
    const arn = textOf(assembly, stack, approver)!;
    return principals.find((principal) => arnOf(principal, stackOf(assembly, principal)) === arn)?.id ?? arn;
  }));
}

function declaredProduction(assembly: Assembly): readonly DescribedProduction[] {
  return assembly.declarations.flatMap(({ stack, production }) => production ? [describe(assembly, stack, production)] : []);
}

/** The databases that the constructs of one stack declare to guard: an app may have the guardrails of several. */
export function guardedBy(assembly: Assembly, stackId: string): readonly DescribedProduction[] {
  return declaredProduction({ ...assembly, declarations: assembly.declarations.filter(({ stack }) => stack === stackId) });
}

function describe(assembly: Assembly, stack: string, production: DeclaredProduction): DescribedProduction {
  const { port, ...values } = production;
  const resolved = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, textOf(assembly, stack, value)])) as Omit<DescribedProduction, 'id' | 'name' | 'port'>;
  const own = resourcesOf(assembly, ...DATABASES).find((database) => resolved.arn !== undefined && arnOf(database, stackOf(assembly, database)) === resolved.arn);
  const name = resolved.identifier ?? resolved.resourceId ?? resolved.arn;
  return { ...resolved, port, id: own?.id ?? name ?? `${stack}.production`, name: name === undefined ? 'production' : readable(name) };
}

function namedProduction(assembly: Assembly, databases: readonly Resource[], name: string): DescribedProduction {
  const database = resourceNamed(assembly, databases, name);
  if (!database) return { id: name, name, ...(name.startsWith('arn:') ? { arn: name, identifier: name.split(':').at(-1) } : { identifier: name }) };
  const stack = stackOf(assembly, database);
  const groups = property(database, 'VPCSecurityGroups') ?? property(database, 'VpcSecurityGroupIds');
  const attribute = (key: string) => attributeOf(database, key, stack) as Text;
  const port = Number(property(database, 'Port') ?? 5432);
  return {
    id: database.id, name: database.logicalId, arn: arnOf(database, stack), identifier: idOf(database),
    resourceId: attribute(database.type === DATABASES[0] ? 'DbiResourceId' : 'DBClusterResourceId'),
    endpoint: attribute('Endpoint.Address'),
    ...(Number.isInteger(port) ? { port } : {}),
    ...(Array.isArray(groups) && typeof groups[0] === 'string' ? { securityGroup: groups[0] } : {}),
    masterSecret: attribute('MasterUserSecret.SecretArn'),
  };
}

function resourceNamed(assembly: Assembly, among: readonly Resource[], name: string): Resource | undefined {
  return among.find((resource) => [resource.id, resource.logicalId, resource.path, resource.path.replace(/\/Resource$/, ''), idOf(resource), arnOf(resource, stackOf(assembly, resource))].includes(name));
}

/** A value of a declaration, which may hold `{LogicalId.Attribute}`, with the symbols that the same value has elsewhere. */
function textOf(assembly: Assembly, stackId: string, text: string | undefined): Text | undefined {
  const stack = assembly.stacks.find(({ id }) => id === stackId);
  if (text === undefined || stack === undefined) return undefined;
  return text.replace(/\$?\{([^}]+)\}/g, (_, name: string) => {
    if (name in PSEUDO) return stack[PSEUDO[name as keyof typeof PSEUDO]];
    const [logicalId, ...attribute] = name.split('.');
    const resource = assembly.resources.find(({ id }) => id === `${stackId}.${logicalId}`);
    if (!resource) return unknown(`${stackId}.${name}`);
    if (attribute.length === 0 || attribute[0] === 'Ref') return refOf(resource, stack);
    const value = attributeOf(resource, attribute.join('.'), stack);
    return typeof value === 'string' ? value : unknown(`${stackId}.${name}`);
  });
}

const PSEUDO = { 'AWS::AccountId': 'account', 'AWS::Region': 'region', 'AWS::Partition': 'partition' } as const;

const stackOf = (assembly: Assembly, resource: Resource): StackFacts => assembly.stacks.find(({ id }) => id === resource.stack)!;
const distinct = (ids: readonly string[]): readonly string[] => [...new Set(ids)];

function listed(resources: readonly Resource[]): string {
  const names = resources.map(({ logicalId }) => logicalId);
  return names.length === 0 ? '(the template has none)' : names.length > 12 ? `${names.slice(0, 12).join(', ')} and ${names.length - 12} more` : names.join(', ');
}
