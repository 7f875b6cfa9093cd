import { everyPrincipal } from '../agents';
import type { AuditModel, DescribedProduction, Finding, Resource } from '../model';
import { anywhereGoals, arrivals, databaseGoals, guardedDatabase, pivotModel, protectionGoals, type Arrival, type Goal, type GuardedDatabase, type Terrain } from '../pivots';

/** What an agent must not arrive at, sorted by the rule that claims it. */
export type Harm = 'control-plane' | 'backups' | 'record';

const HARM_OF: Readonly<Record<Goal['family'], Harm>> = {
  'destroys-data': 'control-plane', 'changes-the-database': 'control-plane', 'copies-data': 'control-plane', 'logs-in': 'control-plane',
  'reads-the-password': 'control-plane', 'opens-a-way-in': 'control-plane', 'destroys-backups': 'backups', 'destroys-keys': 'backups', 'alters-the-record': 'record',
};

/** Every goal that one of the agents can arrive at, by whatever chain of permissions: a finding of the rule that claims it cannot. */
export function arrivalsOfAgents(rule: string, model: AuditModel, harm: Harm): Finding[] {
  return arrivalsOf(model).filter(({ arrival }) => HARM_OF[arrival.goal.family] === harm).map(({ agent, arrival }): Finding => ({
    rule, verdict: arrival.verdict,
    subject: { id: agent.logicalId, path: agent.path },
    because: arrival.verdict === 'fail' ? arrival.because : `${arrival.because}, if ${arrival.assuming.join(' and ')}`,
    fix: 'take one of these permissions away, or deny it in a permissions boundary',
    steps: arrival.steps,
  }));
}

interface AgentArrival { readonly agent: Resource; readonly arrival: Arrival }

const ARRIVALS = new WeakMap<AuditModel, readonly AgentArrival[]>();

/** One search for each agent, for all rules. Of many calls of one kind on one target the first speaks for all. */
function arrivalsOf(model: AuditModel): readonly AgentArrival[] {
  const known = ARRIVALS.get(model);
  if (known) return known;
  const terrain = terrainOf(model);
  const goals = goalsOf(model, terrain);
  const found = model.subjects.agents.flatMap((id) => {
    const agent = model.assembly.resources.find((resource) => resource.id === id);
    return agent ? firstOfEachKind(arrivals(terrain, [id], goals)).map((arrival) => ({ agent, arrival })) : [];
  });
  ARRIVALS.set(model, found);
  return found;
}

function firstOfEachKind(all: readonly Arrival[]): readonly Arrival[] {
  const seen = new Set<string>();
  return all.filter(({ goal, verdict }) => {
    const kind = `${verdict} ${goal.family} ${goal.target}`;
    return !seen.has(kind) && seen.add(kind);
  });
}

const TERRAINS = new WeakMap<AuditModel, Terrain>();

/** Who can act as whom in a model; made once. */
export function terrainOf(model: AuditModel): Terrain {
  const known = TERRAINS.get(model);
  if (known) return known;
  const terrain = pivotModel(model.assembly, { principals: everyPrincipal(model) });
  TERRAINS.set(model, terrain);
  return terrain;
}

const DATABASES = ['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster'];

function goalsOf(model: AuditModel, terrain: Terrain): readonly Goal[] {
  const { assembly, subjects } = model;
  const users = (id: string) => subjects.logins.filter(({ resourceId }) => resourceId?.includes(`g:${id}.`)).map(({ user }) => user);
  const inside = assembly.resources.filter(({ type }) => DATABASES.includes(type)).map((resource) => guardedDatabase(resource, terrain, users(resource.id)));
  const outside = subjects.described.filter(({ id }) => !assembly.resources.some((resource) => resource.id === id)).map((production) => elsewhere(model, production));
  return [
    ...[...inside, ...outside].flatMap((database) => databaseGoals(database, terrain)),
    ...protectionGoals(assembly.resources, terrain),
    ...assembly.stacks.slice(0, 1).flatMap((stack) => anywhereGoals(terrain.stack(stack.id))),
  ];
}

/** Production that is not in the assembly: what is not known of it may be anything. */
function elsewhere({ assembly }: AuditModel, { name, id, arn, identifier, resourceId, masterSecret }: DescribedProduction): GuardedDatabase {
  const [stack] = assembly.stacks;
  return {
    name, id: arn ?? id, cluster: false, place: stack!, resourceId, masterSecret, declaredUsers: [],
    arn: arn ?? `arn:${stack!.partition}:rds:${stack!.region}:${stack!.account}:db:${identifier ?? id}`,
  };
}

