import { everyPrincipal } from '../agents';
import type { AuditModel, DescribedProduction, Finding, Resource } from '../model';
import { anywhereGoals, arrivals, databaseGoals, guardedDatabase, OUTSIDER, pivotModel, protectionGoals, type Arrival, type Goal, type GuardedDatabase, type Terrain } from '../pivots';
import { sharedCallers } from '../shared-callers';
import { readable } from '../text';

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
    because: arrival.because,
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
    return agent ? firstOfEachKind([...arrivals(terrain, [id], goals), ...asItsCaller(model, id, terrain, goals)]).map((arrival) => ({ agent, arrival })) : [];
  });
  const first = model.assembly.resources.find(({ id }) => model.subjects.agents.includes(id));
  const open = first ? firstOfEachKind(arrivals(terrain, [OUTSIDER.id], goals)) : [];
  // An agent is anybody, too, once it lets go of its role.
  const all = [...found, ...open.map((arrival) => ({ agent: model.assembly.resources.find(({ id }) => id === arrival.goal.target || id === arrival.steps[0]?.to) ?? first!, arrival }))];
  ARRIVALS.set(model, all);
  return all;
}

/** What whoever takes the agent on arrives at by another role that trusts the same caller. */
function asItsCaller(model: AuditModel, id: string, terrain: Terrain, goals: readonly Goal[]): readonly Arrival[] {
  const principals = everyPrincipal(model);
  const agent = principals.find((principal) => principal.id === id)!;
  return principals.filter((other) => other.kind === 'role' && !model.subjects.agents.includes(other.id)).flatMap((other) => {
    const shared = sharedCallers(agent, other);
    const caller = shared.find(({ certain }) => certain) ?? shared[0];
    if (!caller) return [];
    const by = `is taken on by ${readable(caller.value)}, who may take on ${other.name}, too`;
    const doubts = caller.certain ? [] : [`${agent.name} gets at what ${readable(caller.value)} may do itself`];
    return arrivals(terrain, [other.id], goals).map((arrival): Arrival => {
      const assuming = [...doubts, ...arrival.assuming];
      return {
        ...arrival, assuming, verdict: assuming.length === 0 ? 'fail' : 'unknown', because: [`${agent.name} ${by}, ${arrival.because}`, ...doubts.map((doubt) => (arrival.assuming.length > 0 ? doubt : `not known: ${doubt}`))].join('; '),
        steps: [{ from: id, to: other.id, by, source: other.id, ...(doubts.length > 0 && { assuming: doubts[0]! }) }, ...arrival.steps],
      };
    });
  });
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
  // Where no login is declared, that to a replica may be what it is for; how wide it is the rule about the control plane says.
  const forReading = new Set(subjects.logins.length > 0 ? [] : assembly.resources
    .filter(({ id, properties }) => properties.SourceDBInstanceIdentifier !== undefined && !subjects.production.includes(id)).map(({ id }) => id));
  return [
    ...[...inside, ...outside].flatMap((database) => databaseGoals(database, terrain).filter(({ family }) => family !== 'logs-in' || !forReading.has(database.id))),
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

