import { renderText, type Page } from '../../lib/audit/render-text';
import { hostile, proven, refuted } from './report-fixture';

const page: Page = { what: 'cdk.out', width: 110, paint: (_, text) => text };

test('a refuted report: the verdict, the guarantees, each finding with its path and fix, what was assumed, what was accepted', () => {
  expect(renderText(refuted, page)).toBe(`
✖ Refuted: a claim does not hold
  cdk.out: 3 claims hold, 1 is refuted, 1 is unknown; 2 assumptions, 1 exception
  agents: Shop/Guardrails/Agent-coding/Role
  production: Shop/Production/Instance

Guarantees
  ✔ holds    agent-reads-a-replica               agents read near-live data from a physical replica, over TLS,
                                                 with 15-minute IAM tokens and no password
  ✔ holds    agent-has-no-route-to-production    the agents' network has no route, peering, gateway,
                                                 security-group edge or endpoint that reaches the primary
  ✖ refuted  agent-cannot-use-the-control-plane  the agent's IAM role can connect to the databases made for it
                                                 and nothing else
  ✔ holds    backups-outlive-the-agent           recovery points lie in a locked vault that nobody can delete
                                                 or shorten
  ? unknown  agents-cannot-alter-their-log       no agent can change or stop the record of its statements
  – open     freeze-is-enforced                  nothing in here claims this
  – open     production-writes-need-a-human      nothing in here claims this

Findings
  ✖ agent-cannot-use-the-control-plane
    CodingAgentRole may pass DeployRole to lambda:CreateFunction, DeployRole may rds:ModifyDBInstance on
    Production
    at Shop/Guardrails/Agent-coding/Role/Resource (Shop.CodingAgentRole)
      1. Shop.CodingAgentRole → Shop.DeployRole: may iam:PassRole to lambda:CreateFunction [Shop.AgentPolicy]
      2. Shop.DeployRole → \${Shop.Production.DBInstanceArn}: may rds:ModifyDBInstance; assuming parameter
         Stage is prod
    Fix: take iam:PassRole out of AgentPolicy

  ? agents-cannot-alter-their-log
    DeployRole has a managed policy that is not in the template
    at Shop/DeployRole/Resource (Shop.DeployRole)
    Fix: say what it allows, or detach it

Assumed, because the template does not tell
  · arn:aws:iam::111122223333:policy/Everyone is not in the template and may allow anything
    (Shop/DeployRole/Resource; bears on identity)
  · the custom resource only reads (Shop/Check)

Accepted by people
  ~ stateful-resources-are-retained, until 2027-03-31: a scratch bucket, emptied every night
    Scratch may be deleted
`);
});

test('a proven report is its verdict and its guarantees', () => {
  expect(renderText(proven, { ...page, width: 60 })).toBe(`
✔ Proven: every claim holds
  cdk.out: 5 claims hold
  agents: Shop/Guardrails/Agent-coding/Role
  production: Shop/Production/Instance

Guarantees
  ✔ holds    agent-reads-a-replica
      agents read near-live data from a physical replica,
      over TLS, with 15-minute IAM tokens and no password
  ✔ holds    agent-has-no-route-to-production
      the agents' network has no route, peering, gateway,
      security-group edge or endpoint that reaches the
      primary
  ✔ holds    agent-cannot-use-the-control-plane
      the agent's IAM role can connect to the databases made
      for it and nothing else
  ✔ holds    backups-outlive-the-agent
      recovery points lie in a locked vault that nobody can
      delete or shorten
  ✔ holds    agents-cannot-alter-their-log
      no agent can change or stop the record of its
      statements
`);
});

test('colours go where they are wanted', () => {
  expect(renderText(refuted, { ...page, paint: (style, text) => `<${style}>${text}</>` })).toContain('<red>✖</> <bold>agent-cannot-use-the-control-plane</>');
});

test('names in a template cannot move the cursor, turn a line around or start one', () => {
  const text = renderText(hostile, page);
  expect(text).not.toMatch(/[\u001b\r\u202e]/);
  expect(text.split('\n').filter((line) => line.startsWith('Verdict'))).toEqual([]);
  expect(text).toContain('\\u{1b}[2J\\u{1b}[31m\\u{d}\\u{a}Verdict: pass');
  expect(text).toContain('abc\\u{202e}dcba');
});
