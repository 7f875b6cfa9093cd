import { decide } from './decide';
import type { Certainty } from './look';
import type { StackFacts, Text } from './model';
import { statementsOf, type Statement } from './policy-document';
import { generated, unknown } from './text';

/** An administrator of the account, with nothing of their own in the way. */
const ADMINISTRATOR = statementsOf({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }, 'an administrator').statements;

/**
 * Whether the policy of a resource denies a call to everybody, an administrator of its account included. A denial that holds
 * under conditions counts only if `context` meets them.
 */
export function nobodyMay(
  action: string, resource: Text, stack: StackFacts, policy: readonly Statement[], context: Readonly<Record<string, Text>> = {}, absent: readonly string[] = [],
): Certainty {
  const asked = (role: Text) => decide(
    {
      principal: { arn: `arn:${stack.partition}:iam::${stack.account}:role/${role}`, account: stack.account },
      action, resource, resourceAccount: stack.account, context, absent,
    },
    { identity: ADMINISTRATOR, boundary: undefined, serviceControl: [], resource: policy },
  );
  const anybody = asked(unknown('any role'));
  if (anybody.do === 'deny') return true;
  if (anybody.assuming.length === 0) return false;
  // A denial that is for some only leaves out a role that nothing names; one that leaves somebody out, whom it names.
  const unnamed = asked(generated('anybody', 'RoleName'));
  if (unnamed.do === 'allow' && unnamed.assuming.length === 0) return false;
  return policy.some(({ effect, principals }) => effect === 'Deny' && principals?.except === true) ? false : 'unknown';
}
