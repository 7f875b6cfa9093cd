import type { Rule } from '../model';
import { arrivalsOfAgents } from './arrivals-of-agents';

const RULE = 'agents-cannot-alter-their-log';

/** Whoever may delete or stop the record can do anything unseen. */
export const agentsCannotAlterTheirLog: Rule = {
  id: RULE,
  claim: 'no agent can delete, shorten, stop or forge the record of what it did, by any chain of permissions',
  applies: ({ subjects, assembly }) => subjects.agents.length > 0 && assembly.resources.some(({ type }) => RECORDS.includes(type)),
  check: (model) => arrivalsOfAgents(RULE, model, 'record'),
};

const RECORDS = ['AWS::Logs::LogGroup', 'AWS::CloudTrail::Trail', 'AWS::KinesisFirehose::DeliveryStream', 'AWS::S3::Bucket'];
