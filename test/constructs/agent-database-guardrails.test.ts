import { Template } from 'aws-cdk-lib/assertions';
import { AgentDatabaseGuardrails, type AgentDatabaseGuardrailsProps } from '../../lib/constructs/agent-database-guardrails';
import { AgentTrust } from '../../lib/constructs/agent-trust';
import { ApproverTrust } from '../../lib/constructs/approver-trust';
import { ProductionDatabase } from '../../lib/constructs/production-database';
import { StatementLog } from '../../lib/constructs/statement-log';
import { GUARANTEES, METADATA_KEY, type Declaration } from '../../lib/core/guarantees';
import { App, Stack, type CfnElement } from 'aws-cdk-lib';
import { ORDERS } from './fixture';

function guardrailsIn(props: Partial<AgentDatabaseGuardrailsProps> = {}) {
  const stack = new Stack(new App(), 'Shop', { env: { account: '111122223333', region: 'eu-central-1' } });
  const guardrails = new AgentDatabaseGuardrails(stack, 'Guardrails', {
    production: ProductionDatabase.fromInstance(stack, 'Production', ORDERS),
    agents: [{ name: 'coding', trust: AgentTrust.ecsTasks() }],
    approvers: [ApproverTrust.principalArn('arn:aws:iam::111122223333:role/dba')],
    check: { deploymentId: 'test' },
    ...props,
  });
  return { stack, guardrails, synth: () => Template.fromStack(stack) };
}

/** Logical ids that a resource waits for, directly or through others. */
function waitsFor(template: Template, start: string): Set<string> {
  const resources = template.toJSON().Resources as Record<string, any>;
  const reached = new Set<string>();
  const walk = (id: string) => {
    const resource = resources[id];
    if (!resource) return;
    const named = [...JSON.stringify(resource).matchAll(/"(?:Ref|Fn::GetAtt)":(?:"([^"]+)"|\["([^"]+)")/g)].map((match) => match[1] ?? match[2]!);
    for (const next of [...named, ...[resource.DependsOn ?? []].flat()]) {
      if (resources[next] && !reached.has(next)) {
        reached.add(next);
        walk(next);
      }
    }
  };
  walk(start);
  return reached;
}

describe('the guardrails of an existing database', () => {
  test('every guarantee that this version provides is declared, with the resources that hold it', () => {
    const declared = guardrailsIn().synth().toJSON().Metadata[METADATA_KEY] as Declaration[];
    const provided = GUARANTEES.filter(({ id, state }) => state === 'provided' && id !== 'agent-role-cannot-write').map(({ id }) => id);
    expect(declared.filter(({ inForce }) => inForce).map(({ guarantee }) => guarantee)).toEqual(expect.arrayContaining(provided));
    expect(declared.filter(({ inForce }) => !inForce).map(({ guarantee }) => guarantee)).toEqual([
      'staging-is-production-sized-and-masked', 'agent-role-cannot-write', 'production-writes-need-a-human',
    ]);
  });

  test('production and those who approve changes are named, as far as this template knows them', () => {
    const declared = guardrailsIn().synth().toJSON().Metadata[METADATA_KEY] as Declaration[];
    expect(declared.flatMap(({ production }) => production?.identifier ?? [])).toEqual(['orders', 'orders', 'orders']);
    expect(declared.flatMap(({ approvers }) => approvers ?? [])).toHaveLength(1);
  });

  test('every logical id in a declaration is one of the template', () => {
    const template = guardrailsIn({ accessHost: true }).synth().toJSON();
    for (const { guarantee, resources } of template.Metadata[METADATA_KEY] as Declaration[]) {
      const ids = Object.entries(resources).filter(([name]) => name !== 'database').flatMap(([, id]) => id);
      expect({ guarantee, unknown: ids.filter((id) => !(id in template.Resources)) }).toEqual({ guarantee, unknown: [] });
    }
  });

  test('no inline policy, no gateway, no route and no peering is made', () => {
    const template = guardrailsIn({ accessHost: true, replica: { undoWindowHours: 1 } }).synth();
    for (const type of ['AWS::IAM::Policy', 'AWS::EC2::InternetGateway', 'AWS::EC2::NatGateway', 'AWS::EC2::VPCPeeringConnection', 'AWS::EC2::Route']) {
      template.resourceCountIs(type, 0);
    }
  });

  test('production itself is not among the resources', () => {
    const instances = Object.values(guardrailsIn().synth().findResources('AWS::RDS::DBInstance')) as any[];
    expect(instances.map(({ Properties }) => Properties.DBInstanceIdentifier).sort()).toEqual(['agentread-orders', 'agentstage-orders']);
  });

  test('staging can be left out', () => {
    const { guardrails, synth } = guardrailsIn({ staging: 'none' });
    expect(guardrails.staging).toBeUndefined();
    synth().resourceCountIs('AWS::RDS::DBInstance', 1);
  });

  test('a statement log that exists already is used instead of a second one', () => {
    const stack = new Stack(new App(), 'Shop', { env: { account: '111122223333', region: 'eu-central-1' } });
    const statementLog = new StatementLog(stack, 'StatementLog');
    const guardrails = new AgentDatabaseGuardrails(stack, 'Guardrails', {
      production: ProductionDatabase.fromInstance(stack, 'Production', ORDERS),
      agents: [{ name: 'coding', trust: AgentTrust.ecsTasks() }],
      approvers: [ApproverTrust.principalArn('arn:aws:iam::111122223333:role/dba')],
      statementLog,
    });
    expect(guardrails.statementLog).toBe(statementLog);
    Template.fromStack(stack).resourceCountIs('AWS::KinesisFirehose::DeliveryStream', 1);
  });

  test('every database carries the tag by which clean-up knows it as its own', () => {
    const instances = Object.values(guardrailsIn().synth().findResources('AWS::RDS::DBInstance')) as any[];
    for (const { Properties } of instances) expect(Properties.Tags).toContainEqual({ Key: 'cdk-agent-db-guardrails', Value: 'Shop' });
  });

  test('agents outside the network may forward a port to the replica, agents inside need not and may not', () => {
    const { synth } = guardrailsIn({
      accessHost: true,
      agents: [
        { name: 'inside', trust: AgentTrust.ecsTasks() },
        { name: 'outside', trust: AgentTrust.githubActions('acme/shop') },
      ],
    });
    const policies = synth().findResources('AWS::IAM::ManagedPolicy') as Record<string, any>;
    const ofAgent = (agent: string) =>
      Object.entries(policies).filter(([id]) => id.startsWith(`GuardrailsAgent${agent}`)).map(([, policy]) => policy.Properties.PolicyDocument.Statement).flat();
    const starts = (agent: string) => ofAgent(agent).filter((s: any) => s.Effect === 'Allow' && [s.Action].flat().includes('ssm:StartSession'));
    expect(starts('outside')).not.toEqual([]);
    expect(starts('inside')).toEqual([]);
  });
});

describe('the order of deployment', () => {
  const { guardrails, stack, synth } = guardrailsIn({ replica: { undoWindowHours: 1 }, accessHost: true });
  const template = synth();
  const check = stack.getLogicalId(guardrails.check.resource.node.defaultChild as CfnElement);
  const instances = Object.entries(template.findResources('AWS::RDS::DBInstance')) as [string, any][];

  test('production is checked before a database, a vault, an endpoint, a host or a named log group is made', () => {
    const guarded = [
      ...instances.map(([id]) => id),
      ...['AWS::Backup::BackupVault', 'AWS::EC2::VPC', 'AWS::EC2::VPCEndpoint', 'AWS::EC2::Instance'].flatMap((type) => Object.keys(template.findResources(type))),
      ...Object.entries(template.findResources('AWS::Logs::LogGroup')).filter(([, group]) => group.Properties.LogGroupName !== undefined).map(([id]) => id),
    ];
    expect(guarded.length).toBeGreaterThan(8);
    expect(guarded.filter((id) => !waitsFor(template, id).has(check))).toEqual([]);
  });

  test('every log group exists before its database, under exactly the name that RDS will use', () => {
    for (const [id, { Properties }] of instances) {
      for (const log of Properties.EnableCloudwatchLogsExports) {
        const [group] = Object.keys(template.findResources('AWS::Logs::LogGroup', { Properties: { LogGroupName: `/aws/rds/instance/${Properties.DBInstanceIdentifier}/${log}` } }));
        expect([...waitsFor(template, id)]).toContain(group);
      }
    }
  });

  test('parameter and subnet groups exist before their database', () => {
    for (const [id] of instances) {
      const types = [...waitsFor(template, id)].map((other) => template.toJSON().Resources[other].Type);
      expect(types).toEqual(expect.arrayContaining(['AWS::RDS::DBParameterGroup', 'AWS::RDS::DBSubnetGroup']));
    }
  });

  test('nothing waits for itself', () => {
    const ids = Object.keys(template.toJSON().Resources);
    expect(ids.filter((id) => waitsFor(template, id).has(id))).toEqual([]);
  });

  test('the clone waits for the replica, by when a database that was just created can be restored', () => {
    expect([...waitsFor(template, stack.getLogicalId(guardrails.staging!.copy))]).toContain(stack.getLogicalId(guardrails.replica.live));
  });
});

describe('what is refused', () => {
  test('fails when there is no agent and no approver, naming both', () => {
    expect(() => guardrailsIn({ agents: [], approvers: [] })).toThrow(
      new Error(
        'Shop/Guardrails: agents is empty; name at least one agent\n' +
          'Shop/Guardrails: approvers is empty; name at least one person who approves changes to production',
      ),
    );
  });

  test('fails when two agents have one name', () => {
    const trust = AgentTrust.ecsTasks();
    expect(() => guardrailsIn({ agents: [{ name: 'team-1', trust }, { name: 'team1', trust }] })).toThrow(
      new Error('Shop/Guardrails: agents has names that are the same but for hyphens: team-1, team1; give each agent a name of its own'),
    );
  });

  test('fails when an agent would approve', () => {
    const arn = 'arn:aws:iam::111122223333:role/dba';
    expect(() => guardrailsIn({ agents: [{ name: 'coding', trust: AgentTrust.principal(arn) }] })).toThrow(
      new Error(
        "Shop/Guardrails: approver 'arn:aws:iam::111122223333:role/dba' may take on agent coding; name an approver who cannot propose what they approve",
      ),
    );
  });
});
