import { agentsOf } from './agents';
import { arnOf, idOf, refOf } from './identities';
import { instanceProfilesOf } from './identity';
import type { AuditModel, Resource, Text, Value } from './model';
import { resourcesNamedIn } from './named-in';

/**
 * Everything that runs with an agent's role: what names the role or an instance profile that holds it, what starts that (a
 * service its task definition, an instance its launch template), and what connects it to a network.
 */
export function runningAs(model: AuditModel): readonly Resource[] {
  const { assembly, subjects } = model;
  const stacks = new Map(assembly.stacks.map((stack) => [stack.id, stack]));
  const names = (resource: Resource): Text[] => {
    const stack = stacks.get(resource.stack)!;
    const ref = refOf(resource, stack);
    return [idOf(resource), arnOf(resource, stack), typeof ref === 'string' ? ref : undefined].filter((text) => text !== undefined);
  };
  const byId = new Map(assembly.resources.map((resource) => [resource.id, resource]));
  const profiles = [...instanceProfilesOf(assembly)].filter(([, roles]) => roles.some((role) => subjects.agents.includes(role))).map(([id]) => byId.get(id)!);
  const identities = new Set([...agentsOf(model).map(({ id }) => byId.get(id)!), ...profiles].flatMap(names));
  const carriers = assembly.resources.filter(({ type, properties }) => !type.startsWith('AWS::IAM::') && identityNames(properties).some((text) => identities.has(text)));
  const found = new Set(carriers);
  // A set that grows while it is walked is walked to its end.
  for (const carrier of found) {
    if (!STARTED_BY_OTHERS.has(carrier.type)) continue;
    const called = new Set(names(carrier));
    for (const other of assembly.resources) if (other !== carrier && !other.type.startsWith('AWS::IAM::') && mentions(other, carrier, called)) found.add(other);
  }
  for (const carrier of carriers) for (const named of resourcesNamedIn(carrier.properties, byId)) if (CONNECTORS.has(named.type)) found.add(named);
  return [...found];

  function mentions(other: Resource, carrier: Resource, called: ReadonlySet<Text>): boolean {
    const family = carrier.properties.Family;
    // `family:revision`, or the family alone for its latest.
    return texts(other.properties).some((text) => called.has(text) || (typeof family === 'string' && /[^/]*$/.exec(text)![0].split(':')[0] === family))
      || (resourcesNamedIn(other.properties, byId).has(carrier) && NETWORKED.test(other.type));
  }
}

/** Types that say what runs and leave it to others where. */
export const STARTED_BY_OTHERS: ReadonlySet<string> = new Set([
  'AWS::ECS::TaskDefinition', 'AWS::EC2::LaunchTemplate', 'AWS::AutoScaling::LaunchConfiguration', 'AWS::Batch::JobDefinition', 'AWS::EKS::PodIdentityAssociation',
]);

const CONNECTORS: ReadonlySet<string> = new Set(['AWS::AppRunner::VpcConnector', 'AWS::Glue::Connection']);
const NETWORKED = /^AWS::(ECS|EC2|AutoScaling|Events|Scheduler|Pipes|Batch|EKS)::/;

/** What stands where a role or an instance profile is named. A policy names principals elsewhere. */
function identityNames(properties: Value): Text[] {
  if (typeof properties !== 'object' || properties === null) return [];
  if (Array.isArray(properties)) return (properties as readonly Value[]).flatMap(identityNames);
  return Object.entries(properties).flatMap(([name, value]: [string, Value]) => (/role|profile/i.test(name) ? texts(value) : identityNames(value)));
}

function texts(value: Value): Text[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}
