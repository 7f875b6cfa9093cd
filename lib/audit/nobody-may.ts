import { decide } from './decide';
import type { Certainty } from './look';
import type { StackFacts, Text } from './model';
import { statementsOf, type Statement } from './policy-document';
import { unknown } from './text';

/** An administrator of the account, with nothing of their own in the way. */
const ADMINISTRATOR = statementsOf({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }, 'an administrator').statements;

/**
 * Whether the policy of a resource denies a call to everybody, an administrator of its account included. A denial that holds
 * under conditions counts only if `context` meets them.
 */
export function nobodyMay(
  action: string, resource: Text, stack: StackFacts, policy: readonly Statement[], context: Readonly<Record<string, Text>> = {}, absent: readonly string[] = [],
): Certainty {
  const decision = decide(
    {
      principal: { arn: `arn:${stack.partition}:iam::${stack.account}:role/${unknown('any role')}`, account: stack.account },
      action, resource, resourceAccount: stack.account, context, absent,
    },
    { identity: ADMINISTRATOR, boundary: undefined, serviceControl: [], resource: policy },
  );
  if (decision.do === 'deny') return true;
  return decision.assuming.length > 0 ? 'unknown' : false;
}
