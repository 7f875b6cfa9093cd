/**
 * Guards a database that exists already. What is written here is what `aws rds describe-db-instances` says of it;
 * nothing in it is changed. Run it with:
 *
 *     npx cdk synth --app 'node --import tsx examples/existing-instance/app.ts'
 */
import { App, Stack } from 'aws-cdk-lib';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { AgentDatabaseGuardrails, AgentTrust, ApproverTrust, ProductionDatabase } from 'cdk-agent-db-guardrails';

const app = new App();
const stack = new Stack(app, 'OrdersGuardrails');

const production = ProductionDatabase.fromInstance(stack, 'Production', {
  instanceIdentifier: 'orders',
  resourceId: 'db-ABCDEFGHIJKLMNOPQRSTUVWXY2',
  endpoint: 'orders.c1a2b3c4d5e6.eu-central-1.rds.amazonaws.com',
  engineVersion: '16.10',
  instanceClass: 'db.m7g.large',
  databases: ['orders'],
  vpc: Vpc.fromVpcAttributes(stack, 'ProductionVpc', {
    vpcId: 'vpc-0a1b2c3d4e5f60718',
    vpcCidrBlock: '10.0.0.0/16',
    availabilityZones: ['eu-central-1a', 'eu-central-1b'],
  }),
  securityGroup: SecurityGroup.fromSecurityGroupId(stack, 'ProductionSecurityGroup', 'sg-0a1b2c3d4e5f60718'),
});

new AgentDatabaseGuardrails(stack, 'Guardrails', {
  production,
  agents: [{ name: 'coding', trust: AgentTrust.githubActions('acme/shop', { environment: 'agent' }) }],
  approvers: [ApproverTrust.principalArn('arn:aws:iam::111122223333:role/database-administrator')],
  accessHost: true,
});
