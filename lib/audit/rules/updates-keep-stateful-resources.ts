import { copiesIn } from '../copies';
import { REPLACEMENT } from '../data/stateful';
import { KEEPING_ATTRIBUTES, keepingOf } from '../keeping-policy';
import type { Assembly, AuditModel, Finding, Resource, Rule } from '../model';
import { nameOf } from '../names';
import { replacementsIn, type Replaced } from '../replaced';

const ID = 'updates-keep-stateful-resources';

/** Types that hold the data itself or its backups: without them the rest is worth nothing, so they may not even leave the stack. */
const DATA = /^AWS::(RDS::(DBInstance|DBCluster|DBSnapshot|ClusterSnapshot)|Backup::\w*Vault)$/;

/** Deploying these templates over those of another assembly must not delete or replace what keeps data. */
export const updatesKeepStatefulResources: Rule = {
  id: ID,
  claim: 'deploying this over what is deployed deletes and replaces nothing that keeps data',
  applies: ({ deployed }) => deployed !== undefined,
  check: (model) => (model.deployed ? findings(model, model.deployed) : []),
};

function findings(model: AuditModel, deployed: Assembly): Finding[] {
  const pairs = pairedStacks(deployed, model.assembly);
  if (pairs.size === 0) return [incomparable(deployed, model.assembly)];
  const copies = copiesIn(deployed, model.subjects);
  const now = new Map(model.assembly.resources.map((resource) => [`${resource.stack}.${resource.logicalId}`, resource]));
  const before = deployed.resources.filter(({ stack }) => pairs.has(stack));
  const successorOf = (resource: Resource) => {
    const successor = now.get(`${pairs.get(resource.stack)}.${resource.logicalId}`);
    return successor?.type === resource.type ? successor : undefined;
  };
  const replaced = replacementsIn(before, successorOf);
  return before
    .filter((resource) => REPLACEMENT[resource.type]?.stateful === true && !copies.has(resource))
    .flatMap((resource) => {
      const successor = successorOf(resource);
      if (!successor) return removed(resource, model.assembly, deployed, pairs);
      return [...(replaced.get(resource) ?? []).map((change) => replacement(successor, change)), ...weakened(resource, successor)];
    });
}

/** Which stack of the new assembly updates which deployed one. A template on its own updates the other whatever their files are called. */
function pairedStacks(deployed: Assembly, assembly: Assembly): ReadonlyMap<string, string> {
  const ids = new Set(assembly.stacks.map(({ id }) => id));
  const same = deployed.stacks.filter(({ id }) => ids.has(id)).map(({ id }) => [id, id] as const);
  const [one, other] = [deployed.stacks[0], assembly.stacks[0]];
  return new Map(same.length === 0 && one && other && deployed.stacks.length === 1 && ids.size === 1 ? [[one.id, other.id]] : same);
}

function incomparable(deployed: Assembly, assembly: Assembly): Finding {
  const named = ({ stacks }: Assembly) => stacks.map(({ id }) => id).join(', ') || 'no stack';
  return {
    rule: ID, verdict: 'unknown', subject: { id: assembly.stacks[0]?.id ?? '', path: assembly.stacks[0]?.file ?? '' },
    because: `no stack is in both assemblies: deployed is ${named(deployed)}, new is ${named(assembly)}`,
    fix: 'compare with the assembly that was deployed from the same app', steps: [],
  };
}

/** What is no longer in the template. A renamed construct looks like this too: the old resource goes, a new and empty one comes. */
function removed(resource: Resource, assembly: Assembly, deployed: Assembly, pairs: ReadonlyMap<string, string>): Finding[] {
  const keeping = keepingOf(resource, 'DeletionPolicy');
  if (keeping.do === 'kept' && !DATA.test(resource.type)) return [];
  const fate = keeping.do === 'lost' ? `it ${keeping.because}, so it is deleted`
    : keeping.do === 'unknown' ? `it ${keeping.because}, so it may be deleted`
    : 'its data stays, and nothing in the template guards it any more';
  const old = new Set(deployed.resources.map(({ stack, logicalId }) => `${pairs.get(stack)}.${logicalId}`));
  const renamed = assembly.resources.find(({ type, stack, logicalId }) =>
    type === resource.type && stack === pairs.get(resource.stack) && !old.has(`${stack}.${logicalId}`));
  return [{
    rule: ID, verdict: 'fail', subject: { id: resource.id, path: resource.path },
    because: renamed
      ? `${nameOf(resource)} (${resource.type}) has the logical id ${renamed.logicalId} now instead of ${resource.logicalId}: a new one, without its data, takes its place; ${fate}`
      : `${nameOf(resource)} (${resource.type}, ${resource.logicalId}) is deployed and not in the template any more: ${fate}`,
    fix: renamed ? `give it its old logical id: overrideLogicalId('${resource.logicalId}')` : 'put it back, or acknowledge that it goes',
    steps: [],
  }];
}

function replacement({ id, path, type, ...named }: Resource, { verdict, property, change, through }: Replaced): Finding {
  const does = verdict === 'fail' ? 'replaces it by a new one without its data' : 'may replace it by a new one without its data';
  return {
    rule: ID, verdict, subject: { id, path },
    because: `${nameOf({ path, ...named })} (${type}): ${property} ${change}; that ${does}`,
    fix: through === undefined
      ? `leave ${property} as it is deployed; to change it, make a second resource and move the data`
      : `leave ${through} as it is deployed`,
    steps: [],
  };
}

/** Protection that was there and is not any more. That it never was is the subject of another rule. */
function weakened(before: Resource, after: Resource): Finding[] {
  return KEEPING_ATTRIBUTES.flatMap((attribute) => {
    const keeping = keepingOf(after, attribute);
    if (keepingOf(before, attribute).do !== 'kept' || keeping.do === 'kept') return [];
    return [{
      rule: ID, verdict: keeping.do === 'lost' ? 'fail' as const : 'unknown' as const, subject: { id: after.id, path: after.path },
      because: `${nameOf(after)} (${after.type}) ${keeping.because}; deployed is ${attribute} ${attribute === 'DeletionPolicy' ? before.deletionPolicy : before.updateReplacePolicy}`,
      fix: `write ${attribute}: ${attribute === 'DeletionPolicy' ? before.deletionPolicy : before.updateReplacePolicy} again`,
      steps: [],
    }];
  });
}
