import type { Statement } from '../policy-document';
import type { Acting } from './acting';
import { TAKING } from './altering';
import type { Call } from './calls';
import { HOSTING, HOST_TYPES } from './hosting';
import type { Host } from './hosts';
import { actionsOf, everyOf, feasiblePassing, shown } from './moves';
import type { Terrain } from './terrain';

/** A way to act as somebody of whom the template tells nothing. */
export interface WayOut {
  readonly by: string;
  readonly on: string;
  readonly source: string;
  readonly assuming: readonly string[];
}

/**
 * Ways to somebody that is not in the assembly. What such a principal may do is not known, so each is a doubt and none is a
 * certainty.
 */
export function* waysOut(acting: Acting, terrain: Terrain): Iterable<WayOut> {
  const exists = (arn: string): boolean => terrain.exists(arn) || terrain.onlyForwards(arn);
  const assume = acting.choose(ASSUME, { exists, policy: trustOf(acting) });
  if (assume) yield { by: `may sts:AssumeRole on ${shown(assume.arn)}`, on: assume.arn, source: assume.by.source, assuming: [notInTemplate(assume.arn)] };

  const feasible = acting.possible('iam:PassRole').length === 0 ? [] : feasiblePassing(acting);
  for (const { pivot } of feasible) {
    const pass = acting.choose(PASS, { exists, knowing: { 'iam:PassedToService': pivot.service } });
    if (!pass) continue;
    yield { by: `may pass ${shown(pass.arn)} to ${actionsOf(pivot.calls)}`, on: pass.arn, source: pass.by.source, assuming: [notInTemplate(pass.arn)] };
    break;
  }
  for (const { type, strangers, arn, resource } of actingAsStrangers(terrain)) {
    for (const { calls } of HOSTING.filter((pivot) => pivot.type === type.type)) {
      const answers = everyOf(calls, (each) => (each.on === 'target' ? acting.ask(each.action, arn, { knowing: each.knowing, policy: terrain.resourcePolicy(resource.id) }) : acting.choose(each)));
      if (answers) yield { by: `may ${actionsOf(calls)} on ${resource.logicalId}, which acts as ${strangers[0]!}`, on: resource.id, source: answers[0]!.by.source, assuming: [notInTemplate(strangers[0]!)] };
    }
  }
  for (const { type, calls } of HOSTING) {
    const chosen = everyOf(calls, (each) => acting.choose(targeted(each, SHAPES.get(type)!), { exists }));
    const at = calls.findIndex(({ on }) => on === 'target');
    if (!chosen || at < 0) continue;
    const { arn, by } = chosen[at]!;
    yield { by: `may ${actionsOf(calls)} on ${shown(arn)}`, on: arn, source: by.source, assuming: [notInTemplate(arn)] };
  }
  for (const { target, calls } of TAKING) {
    const chosen = everyOf(calls, (each) => acting.choose(targeted(each, `iam ${target}/any`), { exists }));
    if (chosen) yield { by: `may ${actionsOf(calls)} on ${shown(chosen[0]!.arn)}`, on: chosen[0]!.arn, source: chosen[0]!.by.source, assuming: [notInTemplate(chosen[0]!.arn)] };
  }
}

const STRANGE = new WeakMap<Terrain, readonly Host[]>();

/** What acts as roles that are not in the assembly, and as no other. */
function actingAsStrangers(terrain: Terrain): readonly Host[] {
  let found = STRANGE.get(terrain);
  if (!found) STRANGE.set(terrain, (found = [...terrain.hosts.values()].flatMap(({ all }) => [...all]).filter(({ strangers, roles }) => strangers.length > 0 && roles.length === 0)));
  return found;
}

const ASSUME: Call = { action: 'sts:AssumeRole', on: 'role/any', knowing: {} };
const PASS: Call = { action: 'iam:PassRole', on: 'role/any', knowing: {} };
/** The trust policy of a role that is not in the template: at least what its permissions name is open to the caller's account. */
const trustOf = ({ principal, place }: Acting): readonly Statement[] => [{
  source: principal.id, sid: undefined, effect: 'Allow', actions: { except: false, list: ['sts:AssumeRole'] }, resources: undefined, conditions: [], variables: false,
  principals: { except: false, list: [{ kind: 'AWS', value: `arn:${place.partition}:iam::${principal.account}:root` }] },
}];
const SHAPES = new Map(HOST_TYPES.map(({ type, shape }) => [type, shape]));

const targeted = (call: Call, shape: string): Call => (call.on === 'target' ? { ...call, on: shape.replace(' ', '://') } : call);

/** `any` is a name that stands for all. */
function notInTemplate(arn: string): string {
  const name = shown(arn);
  return /[:/]any$/.test(name) ? 'what can be reached outside of the template is not known' : `${name} is not in the template, so what it may do is not known`;
}
