import { refusedEndpoint } from '../../core/endpoints';
import { agentsOfNoPlace, placesOfAgents, productionEndpoint, sessionsOf, type Session } from '../agent-places';
import { attributeOf } from '../identities';
import { at, declarationsOf, declaredResource, is, missing, property, unless } from '../look';
import type { AuditModel, DescribedProduction, Finding, Rule } from '../model';
import { INTERNET, networkOf } from '../network';
import { hasUnknown, readable } from '../text';

const RULE = 'agent-has-no-route-to-production';

/** No packet leads from where agents are to production: not directly, not through a host, a proxy, an endpoint or a session. */
export const agentHasNoRouteToProduction: Rule = {
  id: RULE,
  claim: "the agents' network has no route, peering, gateway, security-group edge or endpoint that reaches the primary",
  applies: ({ subjects }) => subjects.agents.length > 0 && subjects.production.length > 0,
  check: (model) => [
    ...declared(model),
    ...model.subjects.described.flatMap((production) => ways(model, production)),
    ...agentsOfNoPlace(model).flatMap((resource) => unless('unknown', {
      rule: RULE, subject: resource, because: `${resource.logicalId} runs as an agent in a network without a way to production`, fix: 'put what starts it into the template',
    })),
    ...networkOf(model.assembly).agentNetworks.flatMap((place) => [...exits(model, place), ...endpoints(model, place)]),
    ...sessionsOf(model).flatMap((session) => sessionProblems(model, session)),
  ],
};

const declared = ({ assembly }: AuditModel): Finding[] => declarationsOf(assembly, RULE).flatMap((declaration) =>
  Object.keys(declaration.resources).flatMap((name) => declaredResource(assembly, declaration, name) ? [] : missing(RULE, declaration, name)));

function ways(model: AuditModel, production: DescribedProduction): Finding[] {
  // The check of every deployment stops at a production database that is public.
  const checked = declarationsOf(model.assembly, 'production-is-recoverable').some(({ production: named }) => named?.identifier !== undefined && named.identifier === production.identifier);
  const database = productionEndpoint(model, production, checked ? { public: 'no' } : {});
  const reach = networkOf(model.assembly).reachable(placesOfAgents(model), database);
  if (reach.do === 'cannot') return [];
  const way = reach.steps.map(({ by }) => by).join(', ');
  return [{
    rule: RULE, verdict: reach.do === 'reaches' ? 'fail' : 'unknown',
    subject: { id: production.name, path: model.assembly.resources.find(({ id }) => id === production.id)?.path ?? production.name },
    because: reach.do === 'reaches'
      ? `from ${reach.steps[0]?.from === INTERNET.id ? 'the internet' : reach.steps[0]?.from ?? 'an agent'} there is a way to ${production.name}: ${way}`
      : `there may be a way to ${production.name}: ${way}; it depends on ${reach.assuming.join(' and ')}`,
    fix: 'remove one of these edges', steps: reach.steps,
  }];
}

/** An isolated network has no exit at all, wherever it leads today. */
function exits({ assembly }: AuditModel, place: ReturnType<typeof networkOf>['agentNetworks'][number]): Finding[] {
  return networkOf(assembly).exits(place).map((exit) => ({
    rule: RULE, verdict: exit.assuming === undefined ? 'fail' : 'unknown', subject: { id: exit.source.split('.').at(-1)!, path: assembly.resources.find(({ id }) => id === exit.source)?.path ?? exit.source },
    because: `${place.name} is not isolated: ${exit.by}`, fix: "remove it; agents need no way out of their network", steps: [exit],
  }));
}

function endpoints({ assembly }: AuditModel, place: ReturnType<typeof networkOf>['agentNetworks'][number]): Finding[] {
  return networkOf(assembly).serviceEndpoints(place).flatMap((endpoint) => {
    const somebodys = /\bvpce-svc-/.test(endpoint.service);
    const because = somebodys ? `it leads to ${readable(endpoint.service)}, and what is behind that is not known` : refusedEndpoint(endpoint.service, 'access-host');
    const resource = assembly.resources.find(({ id }) => id === endpoint.id);
    return because === undefined || resource === undefined ? [] : unless(somebodys || hasUnknown(endpoint.service) ? 'unknown' : false, {
      rule: RULE, subject: resource, because: `${resource.logicalId}: ${because}`, fix: 'remove the endpoint',
    });
  });
}

/** What an agent's session on a host may do: forward one port to one database made for agents. */
function sessionProblems(model: AuditModel, { agent, document, named, host }: Session): Finding[] {
  const subject = document ?? host ?? { logicalId: readable(named), path: readable(named) };
  const has = (because: string, verdict: false | 'unknown' = false) => unless(verdict, {
    rule: RULE, subject, because: `${agent} may start a session ${because}`, fix: 'allow the session document of AccessHost only, which forwards to the replica',
  });
  if (document === undefined) {
    return hasUnknown(named) && !/::document\//.test(named) ? has(`with ${readable(named)}, which is not in the template`, 'unknown') : has(`with ${readable(named)}, which opens a shell or forwards anywhere`);
  }
  const content = property(document, 'Content');
  const target = at(content, 'properties', 'host');
  const own = model.assembly.resources.filter(({ type, properties }) => type === 'AWS::RDS::DBInstance' && properties.SourceDBInstanceIdentifier !== undefined);
  const toReplica = own.some((replica) => is(target, attributeOf(replica, 'Endpoint.Address', model.assembly.stacks.find(({ id }) => id === replica.stack)!) as string) === true);
  if (at(content, 'sessionType') !== 'Port') return has(`with ${document.logicalId}, which is not for forwarding a port`);
  if (typeof target !== 'string' || target.includes('{{')) return has(`with ${document.logicalId}, which lets it choose where the port leads`);
  if (JSON.stringify(at(content, 'properties', 'portNumber') ?? '').includes('{{')) return has(`with ${document.logicalId}, which lets it choose the port of the target`);
  if (!toReplica) return has(`with ${document.logicalId}, which forwards to ${readable(target)} and not to a replica`, hasUnknown(target) ? 'unknown' : false);
  return [];
}
