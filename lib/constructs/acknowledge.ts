import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { DAY, isDay, isOver, isReason, isTooFar, REASON, SOON, type RuleException } from '../core/exception';
import { ACKNOWLEDGED_KEY } from '../core/guarantees';
import { RULE_IDS, type RuleId } from '../core/rule-ids';
import { refuse } from './invalid';

/**
 * Accepts what a rule of the audit finds at a construct and everything inside it, for a reason and until a day. The finding is shown in
 * every report, with the reason, and does not count. It stands in the template, so whoever audits the template sees it too.
 *
 *     acknowledge(legacy, 'stateful-resources-are-retained', {
 *       reason: 'a scratch database that is made anew every night',
 *       expires: '2027-03-31',
 *     });
 *
 * An exception that is over, or has more than a year to go, stops synthesis, and fails an audit of a template that was synthesized before.
 *
 * @param scope a stack, or a construct in one
 */
export function acknowledge(scope: IConstruct, rule: RuleId, exception: RuleException): void {
  const { reason, expires } = exception;
  const today = new Date().toISOString().slice(0, 10);
  const inStack = scope.node.scopes.some((each) => Stack.isStack(each));
  refuse(scope, [
    { when: !inStack, say: 'the exception has no template to stand in; acknowledge at a stack, or at a construct in one' },
    { when: !(RULE_IDS as readonly string[]).includes(rule), say: `there is no rule '${rule}' to acknowledge; write one of ${RULE_IDS.join(', ')}` },
    { when: Token.isUnresolved(reason) || !isReason(reason), say: `the reason for acknowledging ${rule} is ${seen(reason)}; write ${REASON}` },
    { when: Token.isUnresolved(expires) || !isDay(expires), say: `the acknowledgement of ${rule} expires ${seen(expires)}; write ${DAY}` },
    {
      when: isDay(expires) && isOver(expires, today),
      say: `the acknowledgement of ${rule} expired on ${expires}; mend what it accepted, or decide again and write a new day`,
    },
    { when: isDay(expires) && isTooFar(expires, today), say: `the acknowledgement of ${rule} expires on ${expires}, more than a year from now; write ${SOON}` },
  ]);
  const options = Stack.of(scope).templateOptions;
  options.metadata ??= {};
  const acknowledged = (options.metadata[ACKNOWLEDGED_KEY] ??= []) as object[];
  acknowledged.push({ rule, reason: reason.trim(), expires, path: scope.node.path });
}

const seen = (text: string) => Token.isUnresolved(text) ? 'only known in deployment' : `'${text}'`;
