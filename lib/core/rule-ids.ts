/**
 * Ids of the audit's rules, in the order of a report: guarantees first. The rules themselves are in `audit/rules.ts`; a construct or a
 * cdk.json that accepts a finding needs only the names.
 */
export const RULE_IDS = [
  'agent-reads-a-replica',
  'agent-role-cannot-write',
  'agent-has-no-route-to-production',
  'agent-cannot-use-the-control-plane',
  'staging-is-production-sized-and-masked',
  'production-is-recoverable',
  'backups-outlive-the-agent',
  'statements-are-recorded',
  'approvers-are-not-agents',
  'agents-cannot-alter-their-log',
  'backups-have-their-own-deleters',
  'stateful-resources-are-retained',
  'updates-keep-stateful-resources',
] as const;

export type RuleId = (typeof RULE_IDS)[number];
