import { DAY, isDay, isReason, REASON } from '../core/exception';
import { RULE_IDS } from '../core/rule-ids';
import { choice, fields, list, text } from './fields';

export const exceptions = list(
  fields({
    rule: choice(RULE_IDS, `the id of a rule: one of ${RULE_IDS.join(', ')}`)
      .meta({ kind: 'id of a rule' })
      .describe('What is accepted, by the id that `dbguard audit` shows.'),
    reason: text('sentence', REASON, isReason).describe('Why this is right here. Every report shows it.'),
    expires: text('day', DAY, isDay)
      .describe('The last day on which it counts, at most a year from now. After it nothing is synthesized, and the audit fails, until the exception is removed or renewed.'),
  }),
  '[{ "rule": "stateful-resources-are-retained", "reason": "a database for trials, made anew every week", "expires": "2027-03-31" }]',
)
  .default([])
  .describe('Findings of `dbguard audit` in this environment that people accept. None is ever left out of a report.');
