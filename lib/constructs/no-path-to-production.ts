import { CfnNetworkInsightsAccessScope, type IVpc } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { ProductionDatabase } from './production-database';

/** What stands for production in a statement about paths. */
export interface PathTarget {
  readonly id: string;
  readonly name: string;
}

export interface NoPathToProductionProps {
  /** The network from which no path may lead. */
  readonly from: IVpc;
  readonly target: PathTarget;
}

/**
 * States to Network Access Analyzer what must not exist: any path from the agents' network to production. Costs nothing
 * until an analysis is started (`aws ec2 start-network-insights-access-scope-analysis`); every finding of it is a path.
 * Internal: made by `AgentNetwork`.
 * @see https://docs.aws.amazon.com/vpc/latest/network-access-analyzer/resource-statement.html
 */
export class NoPathToProduction extends Construct {
  readonly scope: CfnNetworkInsightsAccessScope;

  constructor(scope: Construct, id: string, props: NoPathToProductionProps) {
    super(scope, id);
    this.scope = new CfnNetworkInsightsAccessScope(this, 'Resource', {
      matchPaths: [
        {
          source: { resourceStatement: { resources: [props.from.vpcId] } },
          destination: { resourceStatement: { resources: [props.target.id] } },
        },
      ],
    });
  }
}

/** Production's security group, which is exact, or else its network; nothing when neither is known. */
export function pathTarget(production: ProductionDatabase): PathTarget | undefined {
  if (production.securityGroup) return { id: production.securityGroup.securityGroupId, name: "production's security group" };
  if (production.vpc) return { id: production.vpc.vpcId, name: "production's network" };
  return undefined;
}
