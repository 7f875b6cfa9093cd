import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { AllowedConnection } from '../../lib/constructs/allowed-connection';
import { ProductionDatabase } from '../../lib/constructs/production-database';

function groups() {
  const stack = new Stack(new App(), 'Test');
  const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-0123456789abcdef0', availabilityZones: ['a', 'b'] });
  const closed = (id: string) => new SecurityGroup(stack, id, { vpc, description: id, allowAllOutbound: false });
  const productions = SecurityGroup.fromSecurityGroupId(stack, 'ProductionGroup', 'sg-0123456789abcdef0');
  const production = ProductionDatabase.fromInstance(stack, 'Production', {
    instanceIdentifier: 'orders',
    resourceId: 'db-ABCDEFGHIJKLMNOPQRSTUVWXY2',
    endpoint: 'orders.abc123.eu-central-1.rds.amazonaws.com',
    engineVersion: '16.10',
    instanceClass: 'db.m7g.large',
    databases: ['orders'],
    securityGroup: productions,
  });
  return { stack, production, productions, from: closed('From'), to: closed('To') };
}

test('opens exactly one TCP port, in both groups, from one group to the other', () => {
  // GIVEN
  const { stack, production, from, to } = groups();
  // WHEN
  new AllowedConnection(stack, 'Edge', { from, to, port: 6432, production, description: 'agents to the replica' });
  // THEN
  const template = Template.fromStack(stack);
  const rule = { IpProtocol: 'tcp', FromPort: 6432, ToPort: 6432, Description: 'agents to the replica' };
  const [fromId, toId] = [stack.resolve(from.securityGroupId), stack.resolve(to.securityGroupId)];
  template.hasResourceProperties('AWS::EC2::SecurityGroupEgress', { ...rule, GroupId: fromId, DestinationSecurityGroupId: toId });
  template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { ...rule, GroupId: toId, SourceSecurityGroupId: fromId });
  template.resourceCountIs('AWS::EC2::SecurityGroupEgress', 1);
  template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
});

test('a closed group stays closed: the rule that keeps EC2 from opening it is still there', () => {
  const { stack, production, from, to } = groups();
  new AllowedConnection(stack, 'Edge', { from, to, port: 6432, production, description: 'agents to the replica' });
  Template.fromStack(stack).allResourcesProperties('AWS::EC2::SecurityGroup', {
    SecurityGroupEgress: [{ CidrIp: '255.255.255.255/32', Description: 'Disallow all traffic', FromPort: 252, IpProtocol: 'icmp', ToPort: 86 }],
  });
});

test("fails when the target is production's security group", () => {
  const { stack, production, productions, from } = groups();
  expect(() => new AllowedConnection(stack, 'Edge', { from, to: productions, port: 6432, production, description: 'x' })).toThrow(
    "Test/Edge: the target is production's own security group; nothing in the agents' network may connect to it",
  );
});

test("fails when the target is production's security group under another name", () => {
  const { stack, production, from } = groups();
  const alias = SecurityGroup.fromSecurityGroupId(stack, 'Alias', 'sg-0123456789abcdef0');
  expect(() => new AllowedConnection(stack, 'Edge', { from, to: alias, port: 6432, production, description: 'x' })).toThrow(
    "the target is production's own security group",
  );
});

test('fails when the port is the one on which production listens', () => {
  const { stack, production, from, to } = groups();
  expect(() => new AllowedConnection(stack, 'Edge', { from, to, port: 5432, production, description: 'x' })).toThrow(
    "Test/Edge: port is 5432, on which production listens; the agents' databases must listen on another port",
  );
});

test.each([0, -1, 65536, 1.5])('fails when the port is %s', (port) => {
  const { stack, production, from, to } = groups();
  expect(() => new AllowedConnection(stack, 'Edge', { from, to, port, production, description: 'x' })).toThrow(
    `Test/Edge: port is ${port}; write one TCP port, 1 to 65535`,
  );
});
