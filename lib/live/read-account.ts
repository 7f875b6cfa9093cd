import { attributeOf, refOf } from '../audit/identities';
import type { Assembly, Assumption, Resource, StackFacts, Value } from '../audit/model';
import { accountDatabases, database, foreignDatabase, type DatabaseSeen } from './account-databases';
import { accountIdentities } from './account-identities';
import { accountNetwork } from './account-network';
import { accountResources, type Seen } from './account-resources';
import type { Asking } from './asking';
import { allResources, deployedStack, type DeployedResource } from './deployed-stack';
import { deployedTemplate } from './deployed-template';
import { identitiesOfAccount } from './identities-of-account';
import { networkOfAccount } from './network-of-account';
import { overlaid, unseen } from './overlay';
import { Symbols } from './symbols';

export type AccountRead =
  | {
    readonly do: 'read';
    /** The stack as it is in the account, and everything else there that its guarantees depend on. */
    readonly account: Assembly;
    /** What the deployed template says. */
    readonly template: Assembly;
    /** A value with the ids that the account gave, where they are known. */
    readonly literal: (value: Value) => Value;
  }
  | { readonly do: 'refuse'; readonly problems: readonly string[] };

/** Reads a deployed stack and the account around it, as an assembly: the same rules judge it as judge a template. */
export async function readAccount(asking: Asking, stackName: string): Promise<AccountRead> {
  const found = await deployedStack(asking, stackName);
  if (found.do === 'refuse') return { do: 'refuse', problems: [found.because] };
  const read = deployedTemplate(found.stack);
  if (read.do === 'refuse') return read;
  const template = read.world.assembly;
  const deployed = new Map(allResources(found.stack).map((resource) => [resource.id, resource]));
  const symbols = new Symbols();
  const { account, region, partition } = found.stack;
  const place: StackFacts = { id: 'account', file: `account ${account}`, account, region, partition };
  const aws: StackFacts = { ...place, id: 'aws', file: 'policies of AWS', account: 'aws' };

  for (const resource of template.resources) {
    const stack = template.stacks.find(({ id }) => id === resource.stack)!;
    symbols.learn(refOf(resource, stack), deployed.get(resource.id)?.physicalId);
  }
  const [databases, identities] = await Promise.all([accountDatabases(asking, template, deployed), accountIdentities(asking)]);
  learnDatabases(template, databases, symbols);
  const elsewhere = await foreignProduction(asking, template, place, symbols);
  const vpcs = networksOf(template, deployed, [...databases.values(), ...elsewhere.map(({ seen }) => seen)]);
  const people = identitiesOfAccount(template, deployed, identities, { account: place, aws }, symbols);
  const [resources, network] = await Promise.all([accountResources(asking, template, deployed, symbols), accountNetwork(asking, vpcs)]);
  const paths = networkOfAccount(template, deployed, network, place, symbols);
  const parts = new Map([...people.own, ...paths.own].map((resource) => [resource.id, resource]));

  const own = template.resources.flatMap((resource): readonly Resource[] => {
    if (!deployed.has(resource.id)) return /^(Custom::|AWS::CDK::)/.test(resource.type) ? [resource] : [];
    const part = parts.get(resource.id);
    if (/^AWS::(IAM|EC2)::/.test(resource.type)) return part ? [part] : [];
    const seen = databases.get(resource.id)?.seen ?? resources.seen.get(resource.id);
    return seen === undefined ? [resource] : now(resource, seen);
  });
  const written = <T>(value: T): T => symbols.symbolic(value as Value) as T;
  const withSymbols = (list: readonly Resource[]) => list.map((resource): Resource => ({ ...resource, properties: written(resource.properties), source: undefined }));
  const foreign = [...elsewhere.flatMap(({ resource }) => resource ?? []), ...people.foreign, ...paths.foreign];
  const declarations = template.declarations.map((declaration) => ({
    ...declaration,
    ...(declaration.production && { production: written(declaration.production) }), ...(declaration.approvers && { approvers: written(declaration.approvers) }),
    ...(declaration.agent && { agent: written(declaration.agent) }),
  }));
  const assumptions: readonly Assumption[] = [
    ...template.assumptions, ...resources.assumptions, ...people.assumptions, ...paths.assumptions, ...elsewhere.flatMap(({ assumption }) => assumption ?? []),
    ...template.resources.flatMap(({ id, path, type }) => {
      const seen = databases.get(id)?.seen;
      return seen?.do === 'unseen' ? [{ what: `what this ${type} is now could not be read: ${seen.why}`, subject: id, path, affects: 'data' as const }] : [];
    }),
  ];
  return {
    do: 'read', literal: (value) => symbols.literal(value),
    template: { ...template, resources: withSymbols(template.resources) },
    account: {
      stacks: [...template.stacks, ...(foreign.length > 0 ? [place, aws] : [])], resources: withSymbols([...own, ...foreign]), declarations, assumptions,
      acknowledgements: template.acknowledgements,
    },
  };
}

function now(resource: Resource, seen: Seen): readonly Resource[] {
  if (seen.do === 'gone') return [];
  return [seen.do === 'unseen' ? unseen(resource, seen.why, seen.judged) : overlaid(resource, seen.properties, seen.judged)];
}

function learnDatabases(template: Assembly, databases: ReadonlyMap<string, DatabaseSeen>, symbols: Symbols): void {
  for (const [id, { attributes }] of databases) {
    const resource = template.resources.find((one) => one.id === id)!;
    learnAttributes(resource, template.stacks.find((stack) => stack.id === resource.stack)!, attributes, symbols);
  }
}

function learnAttributes(resource: Resource, stack: StackFacts, attributes: DatabaseSeen['attributes'], symbols: Symbols): void {
  for (const [name, value] of Object.entries(attributes)) symbols.learn(attributeOf(resource, name, stack), value);
}

interface Elsewhere { readonly seen: DatabaseSeen; readonly resource?: Resource; readonly assumption?: Assumption }

/** Production databases that the stack guards and did not make. */
async function foreignProduction(asking: Asking, template: Assembly, place: StackFacts, symbols: Symbols): Promise<readonly Elsewhere[]> {
  const made = new Set(template.resources.map(({ properties }) => properties.DBInstanceIdentifier));
  const named = template.declarations.flatMap(({ production }) => {
    const identifier = production?.identifier;
    return identifier !== undefined && !identifier.includes('$') && !made.has(identifier) ? [identifier] : [];
  });
  return Promise.all([...new Set(named)].map(async (identifier): Promise<Elsewhere> => {
    const seen = await database(asking, identifier);
    if (!seen.instance) {
      const why = seen.seen.do === 'unseen' ? seen.seen.why : 'RDS does not know it';
      return { seen, assumption: { what: `what the production database ${identifier} is now could not be read: ${why}`, subject: place.id, path: place.file, affects: 'everything' } };
    }
    const resource: Resource = {
      id: `${place.id}.${identifier}`, stack: place.id, logicalId: identifier, path: identifier, deletionPolicy: 'Retain', updateReplacePolicy: 'Retain', source: undefined, ...foreignDatabase(seen.instance),
    };
    learnAttributes(resource, place, seen.attributes, symbols);
    return { seen, resource };
  }));
}

/** The networks that the stack made, and those in which the databases are. */
function networksOf(template: Assembly, deployed: ReadonlyMap<string, DeployedResource>, databases: readonly DatabaseSeen[]): readonly string[] {
  const own = template.resources.filter(({ type }) => type === 'AWS::EC2::VPC').flatMap(({ id }) => deployed.get(id)?.physicalId ?? []);
  const declared = template.declarations.flatMap(({ production }) => production?.vpc?.startsWith('vpc-') ? [production.vpc] : []);
  return [...new Set([...own, ...declared, ...databases.flatMap(({ instance }) => instance?.DBSubnetGroup?.VpcId ?? [])])];
}
