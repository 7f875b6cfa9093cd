import { Aws } from 'aws-cdk-lib';
import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { AllowedConnection } from './allowed-connection';
import { ControlledEndpoint } from './controlled-endpoint';
import { refuse } from './invalid';
import type { ProductionDatabase } from './production-database';

/** What wants to read the master secret, and where it stands. */
export interface SecretReader {
  readonly production: ProductionDatabase;
  readonly securityGroup: ISecurityGroup;
  readonly secretArn: string;
}

/**
 * The way from production's network to Secrets Manager. Through a NAT gateway is not among them: the function that knows the
 * master password would need a rule that lets it talk to every address on the Internet.
 */
export class SecretsAccess {
  /**
   * An interface endpoint of its own, in one subnet of production's: it lets the reading of this one secret pass and is
   * reached by the function only. Names in production's network resolve as before, since the endpoint is called by its own
   * name. Costs an interface endpoint.
   */
  static ownEndpoint(): SecretsAccess {
    return new SecretsAccess(undefined);
  }

  /**
   * An interface endpoint of Secrets Manager that production's network has already, with private DNS. Its security group has
   * to let the function in on TCP 443, as most let in their whole network; nothing of it is changed.
   */
  static endpoint(securityGroup: ISecurityGroup): SecretsAccess {
    return new SecretsAccess(securityGroup);
  }

  private constructor(private readonly existing: ISecurityGroup | undefined) {}

  /** Makes the way. What is returned is the name to call, in a token. @internal */
  bind(scope: Construct, reader: SecretReader): string {
    const { production, securityGroup } = reader;
    if (this.existing) {
      new AllowedConnection(scope, 'ToSecrets', {
        from: securityGroup, to: this.existing, port: 443, production, inbound: 'is-there', description: 'to the endpoint of Secrets Manager',
      });
      return `secretsmanager.${Aws.REGION}.${Aws.URL_SUFFIX}`;
    }
    const subnets = production.vpc!.selectSubnets(production.subnets).subnets.slice(0, 1);
    refuse(scope, subnets.filter((subnet) => !zoneIsKnown(subnet)).map((subnet) => ({
      when: true,
      say: `the Availability Zone of production's subnet ${subnet.subnetId} is not known; import it with Subnet.fromSubnetAttributes(…, { subnetId, availabilityZone })`,
    })));
    const endpoint = new ControlledEndpoint(scope, 'SecretsEndpoint', {
      vpc: production.vpc!, subnets: { subnets }, service: 'secretsmanager', privateDns: false,
    });
    endpoint.allow([new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [reader.secretArn] })]);
    new AllowedConnection(scope, 'ToSecrets', {
      from: securityGroup, to: endpoint.securityGroup, port: 443, production, description: 'to the endpoint of Secrets Manager',
    });
    return endpoint.hostName;
  }
}

function zoneIsKnown(subnet: { readonly availabilityZone: string }): boolean {
  try {
    return subnet.availabilityZone !== '';
  } catch {
    return false; // Subnet.fromSubnetId throws when it is asked
  }
}
