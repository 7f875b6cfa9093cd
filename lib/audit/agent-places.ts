import { agentsOf } from './agents';
import { arnOf } from './identities';
import type { AuditModel, DescribedProduction, Resource, Text } from './model';
import { INTERNET, networkOf, type DatabaseEndpoint, type Place } from './network';
import { runningAs, STARTED_BY_OTHERS } from './running-as';
import { matches } from './text-match';

/** A way of an agent into a network: a session on a host, and the document that says what the session may do. */
export interface Session {
  readonly agent: string;
  readonly host: Resource | undefined;
  /** As the permission names it: a document of the template, or the ARN of another one. */
  readonly document: Resource | undefined;
  readonly named: Text;
}

/**
 * From where an agent can connect: the networks made for agents with everything in them, whatever runs with an agent's role, the hosts on
 * which it may start sessions and, since it may run on a laptop, anywhere else.
 */
export function placesOfAgents(model: AuditModel): readonly Place[] {
  const network = networkOf(model.assembly);
  const hosts = sessionsOf(model).flatMap(({ host }) => host ? network.placesOf(host.id) : []);
  const compute = runningAs(model).flatMap(({ id }) => network.placesOf(id));
  const places = [INTERNET, ...network.agentNetworks, ...compute, ...hosts];
  return places.filter(({ id }, index) => places.findIndex((place) => place.id === id) === index);
}

/** What runs with an agent's role in a network of which the template tells nothing. */
export function agentsOfNoPlace(model: AuditModel): readonly Resource[] {
  const running = runningAs(model);
  const placed = running.some((resource) => !STARTED_BY_OTHERS.has(resource.type) && networkOf(model.assembly).placesOf(resource.id).length > 0);
  return placed ? [] : running.filter(({ type }) => STARTED_BY_OTHERS.has(type));
}

/** Every pair of host and document that an agent's permissions let it start a session with. */
export function sessionsOf(model: AuditModel): readonly Session[] {
  const { assembly } = model;
  const named = (type: string, pattern: Text) => assembly.resources.filter((resource) => resource.type === type
    && matches(pattern, arnOf(resource, assembly.stacks.find(({ id }) => id === resource.stack)!) ?? '') !== 'no');
  return agentsOf(model).flatMap((agent) => (agent.policies.boundary ?? agent.policies.identity)
    .filter(({ effect, actions }) => effect === 'Allow' && actions.list.some((action) => matches(action, 'ssm:StartSession', { ignoreCase: true }) !== 'no'))
    .flatMap(({ resources }) => {
      const patterns = resources?.list ?? ['*'];
      const hosts = patterns.flatMap((pattern) => named('AWS::EC2::Instance', pattern));
      const documents = patterns.filter((pattern) => /:document\/|^\*$/.test(pattern));
      return documents.flatMap((pattern): Session[] => {
        const found = named('AWS::SSM::Document', pattern);
        const each = found.length === 0 ? [undefined] : found;
        return each.flatMap((document) => (hosts.length === 0 ? [undefined] : hosts).map((host) => ({ agent: agent.name, host, document, named: pattern })));
      });
    }));
}

/** Production as the network knows it: in the assembly, or what is told of one elsewhere. */
export function productionEndpoint(model: AuditModel, production: DescribedProduction, known: { readonly public?: 'no' }): DatabaseEndpoint {
  const { vpc, securityGroup, endpoint, port, name } = production;
  return networkOf(model.assembly).database(production.id, {
    name, ...known,
    ...(vpc !== undefined && { vpc }), ...(port !== undefined && { port }),
    ...(securityGroup !== undefined && { securityGroups: [securityGroup] }), ...(endpoint !== undefined && { addresses: [endpoint] }),
  });
}
