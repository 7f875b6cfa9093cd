import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderSarif } from '../../lib/audit/render-sarif';
import { hostile, proven, refuted, shop } from './report-fixture';

/** The official schema, which is written in draft 4; nothing in it but these two keywords differs from draft 7. */
function validator() {
  const file = join(__dirname, '..', '..', 'node_modules', '@microsoft', 'jest-sarif', 'lib', 'schemas', 'sarif-2.1.0-rtm.5.json');
  const { $schema, id, ...schema } = JSON.parse(readFileSync(file, 'utf8'));
  expect([$schema, id]).toEqual(['http://json-schema.org/draft-04/schema#', expect.stringContaining('sarif-2.1.0')]);
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats(ajv);
  return ajv.compile(schema);
}

const validate = validator();
const problems = (document: unknown) => (validate(document) ? [] : validate.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`));
const about = { resources: shop.resources, version: '0.1.0' };
const sarif = (report = refuted) => JSON.parse(renderSarif(report, about));

describe('SARIF', () => {
  test.each([['refuted', refuted], ['proven', proven], ['hostile', hostile]])('of a %s report is valid against the schema of 2.1.0', (_, report) => {
    expect(problems(sarif(report))).toEqual([]);
  });

  test('of another shape is refused by the schema, so the test above can fail', () => {
    const broken = sarif();
    broken.runs[0].results[0].level = 'fatal';
    broken.runs[0].results[0].locations[0].physicalLocation.region.startLine = 0;
    delete broken.runs[0].tool.driver.name;
    expect(problems(broken)).toEqual([
      "/runs/0/tool/driver must have required property 'name'",
      '/runs/0/results/0/level must be equal to one of the allowed values',
      '/runs/0/results/0/locations/0/physicalLocation/region/startLine must be >= 1',
    ]);
  });

  test('points at the line of the template where the subject is written', () => {
    const [failed] = sarif().runs[0].results;
    expect(failed).toMatchObject({
      ruleId: 'agent-cannot-use-the-control-plane', level: 'error',
      message: { text: 'CodingAgentRole may pass DeployRole to lambda:CreateFunction, DeployRole may rds:ModifyDBInstance on Production. take iam:PassRole out of AgentPolicy' },
      locations: [{
        physicalLocation: { artifactLocation: { uri: 'cdk.out/Shop.template.json' }, region: { startLine: 12 } },
        logicalLocations: [{ name: 'Shop.CodingAgentRole', fullyQualifiedName: 'Shop/Guardrails/Agent-coding/Role/Resource', kind: 'resource' }],
      }],
    });
  });

  test('has the steps as a code flow, each at the policy it comes from', () => {
    const [{ codeFlows: [{ threadFlows: [{ locations }] }] }] = sarif().runs[0].results;
    expect(locations.map(({ location: { message, physicalLocation } }: any) => [message.text, physicalLocation.region.startLine])).toEqual([
      ['Shop.CodingAgentRole → Shop.DeployRole: may iam:PassRole to lambda:CreateFunction', 88],
      ['Shop.DeployRole → ${Shop.Production.DBInstanceArn}: may rds:ModifyDBInstance; assuming parameter Stage is prod', 40],
    ]);
  });

  test('makes what is unknown a warning, and what was accepted a suppressed result with its reason', () => {
    const [, unknown, accepted] = sarif().runs[0].results;
    expect([unknown.level, unknown.suppressions, unknown.codeFlows]).toEqual(['warning', undefined, undefined]);
    expect(accepted.suppressions).toEqual([{ kind: 'inSource', status: 'accepted', justification: 'a scratch bucket, emptied every night (until 2027-03-31)' }]);
  });

  test('has a rule with help for every result, also for one without a verdict', () => {
    const { tool: { driver: { rules } }, results } = sarif().runs[0];
    for (const { ruleId, ruleIndex } of results) expect(rules[ruleIndex].id).toBe(ruleId);
    expect(rules.map(({ id }: any) => id)).toContain('stateful-resources-are-retained');
    expect(rules.find(({ id }: any) => id === 'agent-reads-a-replica').help.text).toBe(
      'The claim: agents read near-live data from a physical replica, over TLS, with 15-minute IAM tokens and no password. '
      + 'AgentReplica is the construct that provides it. '
      + 'An error is a chain of facts in the template that breaks the claim. A warning is a claim that the template does not decide. '
      + "What has to stay as it is can be accepted for a time, with a reason: acknowledge('agent-reads-a-replica', { reason, expires }).");
  });

  test('lists what was assumed and what nobody claims', () => {
    expect(sarif().runs[0].invocations[0].toolExecutionNotifications.map(({ level, message }: any) => `${level}: ${message.text}`)).toEqual([
      'warning: Refuted: a claim does not hold',
      'warning: Assumed: arn:aws:iam::111122223333:policy/Everyone is not in the template and may allow anything (Shop/DeployRole/Resource)',
      'note: Assumed: the custom resource only reads (Shop/Check)',
      'note: Nothing claims freeze-is-enforced',
      'note: Nothing claims production-writes-need-a-human',
    ]);
  });

  test('names files as URIs', () => {
    const at = (file: string) => {
      const resources = shop.resources.map((resource) => ({ ...resource, source: { file, line: 1 } }));
      return JSON.parse(renderSarif(refuted, { ...about, resources })).runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri;
    };
    expect([at('/tmp/a b/#1.json'), at('./cdk.out/ü.json')]).toEqual(['file:///tmp/a%20b/%231.json', 'cdk.out/%C3%BC.json']);
  });
});
