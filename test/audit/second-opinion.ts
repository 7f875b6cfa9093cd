/**
 * A second opinion on IAM's decisions: thousands of generated questions, each also asked of an evaluator that is not ours
 * (@cloud-copilot/iam-simulate, AGPL, for tests only). Where the two differ, one of the explanations below must hold, and
 * prove itself: with what it speaks of taken away, both agree.
 */
import { runSimulation } from '@cloud-copilot/iam-simulate';
import { decide } from '../../lib/audit/decide';
import { statementsOf, type Statement } from '../../lib/audit/policy-document';
import { KEY_NAMES, questions, type GeneratedQuestion, type PolicyJson } from './generated-questions';

const everything: PolicyJson = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
const read = (policies: readonly PolicyJson[]): Statement[] =>
  policies.flatMap((policy) => [...statementsOf(JSON.parse(JSON.stringify(policy)), 'Policy').statements]);

function ours(question: GeneratedQuestion): boolean {
  const { principal, account, action, resource, resourceAccount, context, identity, boundary, serviceControl, resourcePolicy, session } = question;
  const decision = decide(
    { principal: { arn: principal, account }, action, resource, resourceAccount, context, absent: KEY_NAMES.filter((key) => !(key in context)) },
    {
      identity: read(identity), boundary: boundary && read([boundary]), serviceControl: serviceControl.map(read),
      resource: resourcePolicy ? read([resourcePolicy]) : [], ...(session ? { session: read([session]) } : {}),
    },
  );
  if (decision.do === 'allow' && decision.assuming.length > 0) throw new Error(`nothing is unknown here: ${decision.assuming.join()}`);
  return decision.do === 'allow';
}

async function theirs(question: GeneratedQuestion): Promise<boolean> {
  const { principal, action, resource, resourceAccount, context, identity, boundary, serviceControl, resourcePolicy, session } = question;
  const named = (policies: readonly PolicyJson[]) => policies.map((policy, index) => ({ name: `policy${index}`, policy }));
  const result = await runSimulation({
    request: { principal, action, resource: { resource, accountId: resourceAccount }, contextVariables: context },
    identityPolicies: named(identity),
    permissionBoundaryPolicies: boundary && named([boundary]),
    serviceControlPolicies: (serviceControl.length > 0 ? serviceControl : [[everything]])
      .map((policies, index) => ({ orgIdentifier: `level${index}`, policies: named(policies) })),
    resourceControlPolicies: [],
    resourcePolicy,
    sessionPolicy: session,
  }, {});
  if (result.resultType === 'error') throw new Error(JSON.stringify(result.errors));
  return result.overallResult === 'Allowed';
}

/** Why the two may differ, and the question without that. */
interface Explanation {
  readonly because: string;
  readonly without: (question: GeneratedQuestion) => GeneratedQuestion;
}

const inPolicies = (question: GeneratedQuestion, change: (text: string) => string): GeneratedQuestion => {
  const { context, ...rest } = question;
  return { ...JSON.parse(change(JSON.stringify(rest))), context };
};

export const EXPLANATIONS: readonly Explanation[] = [
  {
    // Principal element, "Role session principals". Whoever may take on a role chooses the session's name, so that what a
    // policy grants to one session counts as granted to the role; theirs answers for a request that no session makes.
    because: 'When you assume a role and make a request, the principal making the request is the IAM role session ARN and not the ARN of the role itself',
    without: (question) => (question.principal.includes(':role/')
      ? inPolicies(question, (text) => text.replaceAll(':assumed-role/Agent/', ':assumed-role/Nobody/')) : question),
  },
  {
    // Policy evaluation logic, "IAM role session". Theirs lets a session policy limit it.
    because: 'Permissions granted directly to a session are not limited by an implicit deny in an identity-based policy, a permissions boundary, or session policy',
    without: (question) => ({ ...question, session: undefined }),
  },
  {
    // IAM JSON policy elements: Resource. Theirs keeps every wildcard within its segment.
    because: 'If the * wildcard is the last character of a resource ARN segment, it can expand to match beyond the colon boundaries',
    without: (question) => inPolicies(question, (text) => text.replaceAll('arn:aws:rds:*:db:orders', 'arn:aws:rds:*:*:db:orders')),
  },
  {
    // Condition operators, "IP address condition operators". Theirs does not take an IPv6 address to be outside an IPv4 range.
    because: 'NotIpAddress: All IP addresses except the specified IP addresses or ranges',
    without: (question) => (question.context['aws:SourceIp'] === '2001:db8::1'
      ? { ...inPolicies(question, (text) => text.replaceAll('2001:db8::/32', '203.0.113.9')), context: { ...question.context, 'aws:SourceIp': '203.0.113.9' } }
      : question),
  },
  {
    // IAM JSON policy elements: Variables. It might, so in a NotResource that counts for a Deny and not for an Allow.
    because: 'If AWS cannot resolve a variable, this might cause the entire statement to be invalid',
    without: (question) => ({ ...question, context: { 'aws:PrincipalTag/team': 'elsewhere', ...question.context } }),
  },
];

/** Two of the reasons at once. */
export const SEVERAL = 'several of these together';

/** Why the two differ about a question, or undefined if nothing explains it. */
async function explanationOf(question: GeneratedQuestion): Promise<string | undefined> {
  for (const { because, without } of EXPLANATIONS) {
    const changed = without(question);
    if (ours(changed) === await theirs(changed)) return because;
  }
  const changed = EXPLANATIONS.reduce((sofar, { without }) => without(sofar), question);
  if (ours(changed) === await theirs(changed)) return SEVERAL;
  return undefined;
}

/** Asks so many questions, and says what came of it. */
export async function compare(seed: number, count: number) {
  const [unexplained, explained]: [unknown[], Map<string, number>] = [[], new Map()];
  let allowed = 0;
  for (const question of questions(seed, count)) {
    const answer = ours(question);
    allowed += Number(answer);
    if (answer === await theirs(question)) continue;
    const because = await explanationOf(question);
    if (because === undefined) unexplained.push({ answer, question });
    else explained.set(because, (explained.get(because) ?? 0) + 1);
  }
  return { unexplained, explained, allowed };
}
