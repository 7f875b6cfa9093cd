import type { GuaranteeId } from '../../lib/core/guarantees';
import type { Assembly, Finding, Report, Resource, StackDeclaration } from '../../lib/audit/model';
import type { People } from '../../lib/audit/html/reach';
import { generated, pseudo } from '../../lib/audit/text';

export const resource = (logicalId: string, type: string, more: Partial<Resource> = {}): Resource => ({
  id: `Shop.${logicalId}`, stack: 'Shop', logicalId, type, path: `Shop/${logicalId}/Resource`, properties: {},
  deletionPolicy: undefined, updateReplacePolicy: undefined, source: { file: 'cdk.out/Shop.template.json', line: 1 }, ...more,
});

export const assembly = (resources: readonly Resource[], more: Partial<Assembly> = {}): Assembly => ({
  stacks: [{ id: 'Shop', file: 'cdk.out/Shop.template.json', account: pseudo('AWS::AccountId'), region: pseudo('AWS::Region'), partition: 'aws' }],
  resources, declarations: [], acknowledgements: [], assumptions: [], ...more,
});

export const shop = assembly([
  resource('CodingAgentRole', 'AWS::IAM::Role', { path: 'Shop/Guardrails/Agent-coding/Role/Resource', source: { file: 'cdk.out/Shop.template.json', line: 12 } }),
  resource('DeployRole', 'AWS::IAM::Role', { source: { file: 'cdk.out/Shop.template.json', line: 40 } }),
  resource('AgentPolicy', 'AWS::IAM::Policy', { source: { file: 'cdk.out/Shop.template.json', line: 88 } }),
  resource('Production', 'AWS::RDS::DBInstance', { source: { file: 'cdk.out/Shop.template.json', line: 140 } }),
]);

export const passport: Finding = {
  rule: 'agent-cannot-use-the-control-plane', verdict: 'fail',
  subject: { id: 'Shop.CodingAgentRole', path: 'Shop/Guardrails/Agent-coding/Role/Resource' },
  because: 'CodingAgentRole may pass DeployRole to lambda:CreateFunction, DeployRole may rds:ModifyDBInstance on Production',
  fix: 'take iam:PassRole out of AgentPolicy',
  steps: [
    { from: 'Shop.CodingAgentRole', to: 'Shop.DeployRole', by: 'may iam:PassRole to lambda:CreateFunction', source: 'Shop.AgentPolicy' },
    { from: 'Shop.DeployRole', to: generated('Shop.Production', 'DBInstanceArn'), by: 'may rds:ModifyDBInstance', source: 'Shop.DeployRole', assuming: 'parameter Stage is prod' },
  ],
};

export const imported: Finding = {
  rule: 'agents-cannot-alter-their-log', verdict: 'unknown',
  subject: { id: 'Shop.DeployRole', path: 'Shop/DeployRole/Resource' },
  because: 'DeployRole has a managed policy that is not in the template',
  fix: 'say what it allows, or detach it', steps: [],
};

export const refuted: Report = {
  verdict: 'fail',
  about: { agents: ['Shop/Guardrails/Agent-coding/Role'], production: ['Shop/Production/Instance'], approvers: [] },
  rules: [
    { id: 'agent-reads-a-replica', claim: 'agents read near-live data from a physical replica, over TLS, with 15-minute IAM tokens and no password', verdict: 'pass' },
    { id: 'agent-has-no-route-to-production', claim: "the agents' network has no route, peering, gateway, security-group edge or endpoint that reaches the primary", verdict: 'pass' },
    { id: 'agent-cannot-use-the-control-plane', claim: "the agent's IAM role can connect to the databases made for it and nothing else", verdict: 'fail' },
    { id: 'backups-outlive-the-agent', claim: 'recovery points lie in a locked vault that nobody can delete or shorten', verdict: 'pass' },
    { id: 'agents-cannot-alter-their-log', claim: 'no agent can change or stop the record of its statements', verdict: 'unknown' },
  ],
  findings: [passport, imported],
  assumptions: [
    { what: 'arn:aws:iam::111122223333:policy/Everyone is not in the template and may allow anything', subject: 'Shop.DeployRole', path: 'Shop/DeployRole/Resource', affects: 'identity' },
    { what: 'the custom resource only reads', subject: 'Shop.Check', path: 'Shop/Check', affects: 'note' },
  ],
  accepted: [{
    finding: { ...imported, rule: 'stateful-resources-are-retained', subject: { id: 'Shop.Scratch', path: 'Shop/Scratch/Resource' }, because: 'Scratch may be deleted', fix: 'keep it' },
    acknowledgement: { rule: 'stateful-resources-are-retained', reason: 'a scratch bucket, emptied every night', expires: '2027-03-31', path: 'Shop/Scratch' },
  }],
  notClaimed: ['freeze-is-enforced', 'production-writes-need-a-human'],
};

export const proven: Report = {
  verdict: 'pass', about: refuted.about, rules: refuted.rules.map((rule) => ({ ...rule, verdict: 'pass' })), findings: [], assumptions: [], accepted: [], notClaimed: [],
};

/** Names as somebody could write them into a template who wants the report to say something else. */
export const HOSTILE = {
  script: '<script>alert(1)</script>',
  attribute: '" onload="alert(1)\' autofocus',
  reversed: 'abc\u202edcba',
  escape: '\u001b[2J\u001b[31m\r\nVerdict: pass',
  long: 'Long'.repeat(400),
  markup: '&lt;b&gt; ]]> --> <!-- </title></style></svg>',
} as const;

/** A report in which everything that a template can name is hostile. */
export const hostile: Report = {
  ...refuted,
  about: { agents: Object.values(HOSTILE), production: Object.values(HOSTILE), approvers: Object.values(HOSTILE) },
  findings: Object.values(HOSTILE).map((name, index) => ({
    ...passport, subject: { id: name, path: name }, because: name, fix: name, verdict: index % 2 === 0 ? 'fail' : 'unknown',
    steps: [{ from: name, to: name, by: name, source: name, assuming: name }],
  })),
  assumptions: Object.values(HOSTILE).map((name) => ({ what: name, subject: name, path: name, affects: 'identity' })),
  accepted: Object.values(HOSTILE).map((name) => ({ finding: { ...imported, because: name }, acknowledgement: { rule: imported.rule, reason: name, expires: name, path: name } })),
};

const declared = (guarantee: GuaranteeId, resources: StackDeclaration['resources'], inForce = true): StackDeclaration =>
  ({ stack: 'Shop', guarantee, construct: 'Any', path: 'Shop/Guardrails/Any', inForce, detail: '', resources });

/** What the picture is drawn from: a deployment of the whole kit. */
export const guarded = assembly([
  ...shop.resources,
  resource('SupportAgentRole', 'AWS::IAM::Role', { path: 'Shop/Guardrails/Agent-support/Role/Resource' }),
  resource('Replica', 'AWS::RDS::DBInstance', { path: 'Shop/Guardrails/Replica/Live/Instance' }),
  resource('Delayed', 'AWS::RDS::DBInstance', { path: 'Shop/Guardrails/Replica/Delayed/Instance' }),
  resource('Staging', 'AWS::RDS::DBInstance', { path: 'Shop/Guardrails/Staging/Copy' }),
  resource('Vault', 'AWS::Backup::BackupVault', { path: 'Shop/Guardrails/Backups/Vault/Resource' }),
  resource('Archive', 'AWS::S3::Bucket', { path: 'Shop/StatementLog/Archive/Locked/Bucket' }),
], {
  declarations: [
    declared('agent-has-no-route-to-production', { vpc: 'Vpc' }),
    declared('agent-reads-a-replica', { instance: 'Replica', delayedInstance: 'Delayed' }),
    declared('staging-is-production-sized-and-masked', { instance: 'Staging' }, false),
    declared('backups-outlive-the-agent', { vault: 'Vault' }),
    declared('statements-are-recorded', { archive: 'Archive' }),
  ],
});

export const who: People = {
  agents: ['Shop.CodingAgentRole', 'Shop.SupportAgentRole'], production: ['Shop.Production'], approvers: ['arn:aws:iam::111122223333:role/DatabaseAdministrator'],
};
