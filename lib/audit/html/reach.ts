import type { GuaranteeId } from '../../core/guarantees';
import { copiesIn } from '../copies';
import type { Assembly, Finding, Report, Resource, Subjects, Verdict } from '../model';
import { nameOf } from '../names';
import { readable } from '../text';

/** What agents might reach: one row of the picture. */
export interface Reach {
  readonly target: string;
  /** What it is called in the template; empty where the template does not have it. */
  readonly names: readonly string[];
  /**
   * `allowed`: as intended. `blocked`: proven to be out of reach. `reached`: by the chains, or as the findings say. `unknown`: not
   * decided. `unclaimed`: nothing says anything about it.
   */
  readonly state: 'allowed' | 'blocked' | 'reached' | 'unknown' | 'unclaimed';
  /** Up to two lines beside the edge. */
  readonly says: readonly string[];
  readonly chains: readonly Chain[];
  /** Whether it lies on the agents' side of the wall. */
  readonly beside: boolean;
}

/** A counter-example: where it starts, and each edge with where it leads. */
export interface Chain {
  readonly verdict: Finding['verdict'];
  readonly from: string;
  readonly hops: readonly { readonly by: string; readonly to: string; readonly assuming: string | undefined }[];
}

/** Who is who, as far as the picture shows it. */
export type People = Pick<Subjects, 'agents' | 'production' | 'approvers'>;

export interface Scene {
  readonly agents: readonly string[];
  readonly hasNetwork: boolean;
  readonly reaches: readonly Reach[];
}

/** Rules whose findings are paths to a target, and what their pass means, in two words. */
type RuleWords = Readonly<Record<string, string>>;
const TARGETS: readonly { readonly target: string; readonly rules: RuleWords; readonly allowed?: string; readonly beside?: true }[] = [
  { target: 'Replica', rules: { 'agent-reads-a-replica': '', 'agent-role-cannot-write': 'no writes' }, allowed: 'reads', beside: true },
  { target: 'Staging copy', rules: { 'staging-is-production-sized-and-masked': '' }, allowed: 'tries changes', beside: true },
  {
    target: 'Production',
    rules: { 'agent-has-no-route-to-production': 'no route', 'agent-cannot-use-the-control-plane': 'no permission', 'production-writes-need-a-human': 'no writes' },
  },
  { target: 'Backups', rules: { 'backups-outlive-the-agent': 'locked', 'backups-have-their-own-deleters': 'own deleters' } },
  { target: 'Log', rules: { 'statements-are-recorded': 'recorded', 'agents-cannot-alter-their-log': 'cannot alter' } },
  { target: 'Approvers', rules: { 'approvers-are-not-agents': 'not agents' } },
];

/** Who can reach what, as the report says and in the names of the template. */
export function sceneOf(report: Report, assembly: Assembly | undefined, subjects: People): Scene {
  const byId = new Map((assembly?.resources ?? []).map((resource) => [resource.id, resource]));
  const name = (id: string) => nameOfId(id, byId);
  const names = namesByTarget(assembly, subjects, name);
  const reaches = TARGETS.flatMap(({ target, rules, allowed, beside }) => {
    const found = names[target] ?? [];
    const claimed = report.rules.filter(({ id }) => Object.hasOwn(rules, id));
    const findings = report.findings.filter(({ rule }) => Object.hasOwn(rules, rule));
    if (found.length === 0 && claimed.length === 0 && findings.length === 0) return [];
    const closed = target === 'Staging copy' && isClosed(assembly);
    const verdict = closed ? verdictOnClosed(report) : worst([...claimed, ...findings].map((each) => each.verdict));
    const words = claimed.filter((rule) => rule.verdict === 'pass').map(({ id }) => rules[id] ?? '').filter((word) => word !== '');
    return [{
      target, names: found, beside: beside === true,
      ...edgeOf(verdict, { allowed, closed, words }),
      chains: findings.filter(({ steps }) => steps.length > 0).map((finding) => chainOf(finding, name)),
    }];
  });
  return {
    agents: subjects.agents.map(name), reaches,
    hasNetwork: assembly?.declarations.some(({ guarantee }) => guarantee === 'agent-has-no-route-to-production') === true,
  };
}

function edgeOf(verdict: Verdict | undefined, { allowed, closed, words }: { allowed: string | undefined; closed: boolean; words: readonly string[] }): Pick<Reach, 'state' | 'says'> {
  if (verdict === 'fail') return { state: 'reached', says: ['refuted'] };
  if (verdict === 'unknown') return { state: 'unknown', says: ['not known'] };
  if (verdict === undefined) return { state: 'unclaimed', says: ['nothing', 'claims this'] };
  if (closed) return { state: 'blocked', says: ['closed', 'until masked'] };
  return allowed === undefined ? { state: 'blocked', says: words } : { state: 'allowed', says: [allowed, ...words] };
}

/** A copy that is not masked yet is declared to be closed to agents. */
function isClosed(assembly: Assembly | undefined): boolean {
  return assembly?.declarations.some(({ guarantee, inForce }) => guarantee === 'staging-is-production-sized-and-masked' && !inForce) === true;
}

/** That agents connect to nothing but what was made for them is what keeps them from it; a path to something else tells nothing of it. */
function verdictOnClosed({ rules }: Report): Verdict | undefined {
  const verdict = rules.find(({ id }) => id === 'agent-cannot-use-the-control-plane')?.verdict;
  return verdict === 'fail' ? 'unknown' : verdict;
}

function worst(verdicts: readonly Verdict[]): Verdict | undefined {
  return (['fail', 'unknown', 'pass'] as const).find((verdict) => verdicts.includes(verdict));
}

function chainOf({ verdict, steps }: Finding, name: (id: string) => string): Chain {
  return { verdict, from: name(steps[0]?.from ?? ''), hops: steps.map(({ by, to, assuming }) => ({ by, to: name(to), assuming })) };
}

/** A resource by what it is called, an ARN by its last part, which is what tells it from others. */
function nameOfId(id: string, byId: ReadonlyMap<string, Resource>): string {
  const resource = byId.get(id);
  return resource ? nameOf(resource) : readable(id).replace(/^arn:([^:]*:){4}(?=.)/, '');
}

function namesByTarget(assembly: Assembly | undefined, subjects: People, name: (id: string) => string): Readonly<Record<string, readonly string[]>> {
  const declared = (guarantee: GuaranteeId, ...keys: readonly string[]) => [...new Set((assembly?.declarations ?? [])
    .filter((declaration) => declaration.guarantee === guarantee)
    .flatMap(({ stack, resources }) => keys.flatMap((key) => resources[key] ?? []).map((logicalId) => name(`${stack}.${logicalId}`))))];
  // The delayed replica is not for agents, and where the kit says which one is, no other copy is shown as theirs.
  const replicas = declared('agent-reads-a-replica', 'instance');
  const staging = declared('staging-is-production-sized-and-masked', 'instance');
  const copies = assembly && replicas.length === 0 ? [...copiesIn(assembly, subjects)].map(({ id }) => name(id)).filter((copy) => !staging.includes(copy)) : [];
  return {
    'Replica': [...replicas, ...copies],
    'Staging copy': staging,
    'Production': subjects.production.map(name),
    'Backups': declared('backups-outlive-the-agent', 'vault', 'airGappedVault'),
    'Log': declared('statements-are-recorded', 'archive'),
    'Approvers': subjects.approvers.map(name),
  };
}
