import { App, Stack } from 'aws-cdk-lib';
import { Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import { AgentNetwork } from '../../lib/constructs/agent-network';
import { ProductionDatabase, type ProductionInstanceAttributes } from '../../lib/constructs/production-database';
import { StatementLog } from '../../lib/constructs/statement-log';

export const ORDERS: ProductionInstanceAttributes = {
  instanceIdentifier: 'orders',
  resourceId: 'db-ABCDEFGHIJKLMNOPQRSTUVWXY2',
  endpoint: 'orders.abc123.eu-central-1.rds.amazonaws.com',
  engineVersion: '16.10',
  instanceClass: 'db.m7g.large',
  databases: ['orders'],
};

/** A stack with the constructs that most others need. */
export function fixture(attributes: Partial<ProductionInstanceAttributes> = {}) {
  const stack = new Stack(new App(), 'Shop', { env: { account: '111122223333', region: 'eu-central-1' } });
  const statementLog = new StatementLog(stack, 'StatementLog');
  const production = ProductionDatabase.fromInstance(stack, 'Production', { ...ORDERS, ...attributes });
  const network = new AgentNetwork(stack, 'Network', { production, statementLog });
  return { stack, statementLog, production, network };
}

/** What is known of production's network when the replica is to stand in it. */
export function inItsVpc(stack: Stack) {
  return {
    vpc: Vpc.fromVpcAttributes(stack, 'ProductionVpc', { vpcId: 'vpc-1', vpcCidrBlock: '10.0.0.0/16', availabilityZones: ['eu-central-1a', 'eu-central-1b'] }),
    subnets: { subnets: ['subnet-1', 'subnet-2'].map((id) => Subnet.fromSubnetId(stack, id, id)) },
  };
}
