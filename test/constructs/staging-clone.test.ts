import { Template } from 'aws-cdk-lib/assertions';
import { AccessHost } from '../../lib/constructs/access-host';
import { AgentAccess } from '../../lib/constructs/agent-access';
import { AgentReplica } from '../../lib/constructs/agent-replica';
import { AgentTrust } from '../../lib/constructs/agent-trust';
import { StagingClone, type StagingCloneProps } from '../../lib/constructs/staging-clone';
import { METADATA_KEY, type Declaration } from '../../lib/core/guarantees';
import { fixture } from './fixture';

function cloneIn(props: Partial<StagingCloneProps> = {}, given = fixture()) {
  const clone = new StagingClone(given.stack, 'Staging', { ...given, ...props });
  return { ...given, clone, synth: () => Template.fromStack(given.stack) };
}

function copy(template: Template): any {
  return Object.values(template.findResources('AWS::RDS::DBInstance', { Properties: { DBInstanceIdentifier: 'agentstage-orders' } }))[0];
}

describe('the staging clone', () => {
  test('it is a copy of production at its latest restorable second', () => {
    expect(copy(cloneIn().synth()).Properties).toMatchObject({
      SourceDbiResourceId: 'db-ABCDEFGHIJKLMNOPQRSTUVWXY2',
      UseLatestRestorableTime: true,
    });
  });

  test('its master password is a new one that RDS makes and keeps', () => {
    const { Properties } = copy(cloneIn().synth());
    expect(Properties).toMatchObject({ ManageMasterUserPassword: true, MasterUserSecret: { KmsKeyId: expect.anything() } });
    expect(Properties).not.toHaveProperty('MasterUserPassword');
  });

  test.each(['StorageEncrypted', 'KmsKeyId'])('%s is left out: the copy inherits it, and CloudFormation refuses it', (property) => {
    expect(copy(cloneIn().synth()).Properties).not.toHaveProperty(property);
  });

  test('it is private, forces TLS and logs every statement', () => {
    const template = cloneIn().synth();
    expect(copy(template).Properties.PubliclyAccessible).toBe(false);
    template.hasResourceProperties('AWS::RDS::DBParameterGroup', { Parameters: { 'rds.force_ssl': '1', log_statement: 'all' } });
  });

  test('it can be protected from deletion or not, and leaves no unmasked snapshot behind', () => {
    expect(copy(cloneIn().synth())).toMatchObject({ Properties: { DeletionProtection: true }, DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
    expect(copy(cloneIn({ deletionProtection: false }).synth()).Properties.DeletionProtection).toBe(false);
  });

  test('its log groups exist before it does', () => {
    const template = cloneIn().synth();
    const [group] = Object.keys(template.findResources('AWS::Logs::LogGroup', { Properties: { LogGroupName: '/aws/rds/instance/agentstage-orders/postgresql' } }));
    expect(copy(template).DependsOn).toContain(group);
  });

  test('what surrounds the copy is a construct of its own, so that another way of making copies can use it', () => {
    const { clone, stack } = cloneIn();
    expect(stack.resolve(clone.copy.vpcSecurityGroups)).toEqual([stack.resolve(clone.surroundings.securityGroup.securityGroupId)]);
    expect(clone.surroundings.node.findAll()).not.toContain(clone.copy);
  });
});

describe('until the clone is proven clean', () => {
  function withAgent() {
    const given = cloneIn();
    const replica = new AgentReplica(given.stack, 'Replica', given);
    new AgentAccess(given.stack, 'Agent', { agent: 'coding', trust: AgentTrust.ecsTasks(), replica });
    return { ...given, template: given.synth() };
  }

  test('no rule lets anyone connect to it', () => {
    const { template, stack, clone } = withAgent();
    const own = JSON.stringify(stack.resolve(clone.securityGroup.securityGroupId));
    const ingress = (Object.values(template.findResources('AWS::EC2::SecurityGroupIngress')) as any[]).filter(({ Properties }) => JSON.stringify(Properties.GroupId) === own);
    expect(ingress).toEqual([]);
    expect(template.findResources('AWS::EC2::SecurityGroup')[JSON.parse(own)['Fn::GetAtt'][0]]!.Properties.SecurityGroupIngress).toBeUndefined();
  });

  test('fails when somebody would let agents or a host into it', () => {
    const { clone, network, statementLog, stack } = cloneIn();
    const closed = 'the target is the staging clone, which is not proven clean; nothing may connect to it';
    expect(() => network.admitAgents(clone.securityGroup, clone.port)).toThrow(closed);
    expect(() => new AccessHost(stack, 'Host', { network, statementLog, replica: clone })).toThrow(closed);
  });

  test('no policy names it', () => {
    const { template, stack, clone } = withAgent();
    const policies = JSON.stringify([template.findResources('AWS::IAM::ManagedPolicy'), template.findResources('AWS::IAM::Role')]);
    expect(policies).not.toContain(stack.getLogicalId(clone.copy));
  });

  test('the template says so', () => {
    const declared = withAgent().template.toJSON().Metadata[METADATA_KEY] as Declaration[];
    expect(declared).toContainEqual(
      expect.objectContaining({
        guarantee: 'staging-is-production-sized-and-masked',
        inForce: false,
        detail: 'a full-size copy is made and kept closed: it is not masked yet, so no agent may reach it or connect to it',
      }),
    );
  });
});

test('fails when the name of the clone would be too long', () => {
  const instanceIdentifier = 'o'.repeat(60);
  expect(() => cloneIn({}, fixture({ instanceIdentifier }))).toThrow(
    new Error(`Shop/Staging/Surroundings: the clone would be named 'agentstage-${instanceIdentifier}', which is 71 characters long; RDS allows 63`),
  );
});
