import { CfnSecurityGroupEgress, CfnSecurityGroupIngress, type ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { ProductionDatabase } from './production-database';

/**
 * How the function that sets up the database roles gets in to production. Deciding it is deciding for the function: without an
 * admission there is none.
 */
export class ProductionAdmission {
  /**
   * One rule is added to production's security group: TCP, production's port, from the security group of the function, which
   * nothing else wears. It is the only thing that the deployment adds to what belongs to production, and goes with the stack.
   */
  static inboundRule(): ProductionAdmission {
    return new ProductionAdmission(undefined);
  }

  /**
   * The function wears a security group that production lets in already. Nothing of production is changed. Make one for it,
   * whose only outbound rule is the one to production: whatever else that group lets out, the function can reach too.
   */
  static securityGroup(admitted: ISecurityGroup): ProductionAdmission {
    return new ProductionAdmission(admitted);
  }

  private constructor(private readonly admitted: ISecurityGroup | undefined) {}

  /** In words, for a declaration. */
  get inWords(): string {
    return this.admitted ? 'wears a security group that production lets in already' : "was let in by one rule of production's security group";
  }

  /** Lets the function in; what is returned it wears beside its own group. @internal */
  bind(scope: Construct, production: ProductionDatabase, own: ISecurityGroup): ISecurityGroup[] {
    const [target, source] = [production.securityGroup!.securityGroupId, own.securityGroupId];
    const rule = { ipProtocol: 'tcp', fromPort: production.port, toPort: production.port };
    // Not an AllowedConnection: that is for the agents' network, and refuses production.
    new CfnSecurityGroupEgress(scope, 'ToProduction', {
      ...rule, groupId: source, destinationSecurityGroupId: target, description: 'to production, to set up database roles',
    });
    if (this.admitted) return [this.admitted];
    new CfnSecurityGroupIngress(scope, 'IntoProduction', {
      ...rule, groupId: target, sourceSecurityGroupId: source, description: 'the function that sets up the database roles of agents',
    });
    return [];
  }
}
