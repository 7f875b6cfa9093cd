import { Aws, Fn } from 'aws-cdk-lib';
import {
  InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  SecurityGroup,
  VpcEndpointPrivateDnsOnlyForInboundResolverEndpoint,
  type ISecurityGroup,
  type IVpc,
  type SubnetSelection,
} from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { EndpointUse } from '../core/endpoints';
import { refuse } from './invalid';

export interface ControlledEndpointProps {
  readonly vpc: IVpc;
  readonly subnets: SubnetSelection;
  /** The part of the endpoint's name after `com.amazonaws.<region>.`. */
  readonly service: string;
  /**
   * Whether the service's own name leads here for everyone in the network. Without it only who knows the name of the
   * endpoint comes here, and nothing changes for anybody else: the way to do it in a network that is not the kit's.
   * @default true
   */
  readonly privateDns?: boolean;
}

/**
 * A door to one AWS service: only who is admitted reaches it, and only the calls that are named pass, by principals of
 * this account. Internal: made by `AgentNetwork` and `SecretsAccess`.
 */
export class ControlledEndpoint extends Construct {
  /** Nothing may connect until an `AllowedConnection` says so. */
  readonly securityGroup: ISecurityGroup;
  /** The endpoint's own name. */
  readonly hostName: string;
  private readonly endpoint: InterfaceVpcEndpoint;

  constructor(scope: Construct, id: string, props: ControlledEndpointProps) {
    super(scope, id);
    const { vpc, subnets, service } = props;
    this.securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: `The endpoint of ${service}: in from those it serves, nothing out`,
      allowAllOutbound: false,
    });
    this.endpoint = new InterfaceVpcEndpoint(this, 'Resource', {
      vpc,
      subnets,
      service: new InterfaceVpcEndpointAwsService(service),
      securityGroups: [this.securityGroup],
      open: false,
      privateDnsEnabled: props.privateDns ?? true,
      // An interface and no gateway endpoint for S3: a gateway adds a route, and its addresses can be named in a security
      // group only by a prefix list whose id differs by Region. Private DNS without a gateway has to be asked for.
      ...(service === 's3' && {
        privateDnsOnlyForInboundResolverEndpoint: VpcEndpointPrivateDnsOnlyForInboundResolverEndpoint.ALL_RESOLVERS,
      }),
    });
    // Each entry is `hosted zone:name`; the first name stands for the endpoint in all of its zones.
    this.hostName = Fn.select(1, Fn.split(':', Fn.select(0, this.endpoint.vpcEndpointDnsEntries)));
  }

  /**
   * Lets principals of this account make the calls in the statements, and no other call. AWS's own policy for an endpoint
   * without one lets everyone do everything, so a statement must name its actions.
   */
  allow(statements: readonly PolicyStatement[]): void {
    const sweeping = statements.filter(({ actions }) => actions.length === 0 || actions.some((action) => action.includes('*')));
    refuse(this, [
      { when: statements.length === 0, say: 'no policy statement was given; name the calls that may pass' },
      {
        when: sweeping.length > 0,
        say: "a policy statement allows actions by wildcard; name the calls that may pass, such as 'logs:PutLogEvents'",
      },
    ]);
    for (const statement of statements) {
      const own = statement.copy({ principals: [new AnyPrincipal()] });
      own.addCondition('StringEquals', { 'aws:PrincipalAccount': Aws.ACCOUNT_ID });
      this.endpoint.addToPolicy(own);
    }
  }

  /**
   * Lets ECR's download links through. Such a link is signed by AWS and not by a principal of this account: what limits it
   * is the one bucket, in which only ECR writes.
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-minimum-s3-perms
   */
  allowImageLayers(actions: readonly string[]): void {
    this.endpoint.addToPolicy(
      new PolicyStatement({
        principals: [new AnyPrincipal()],
        actions: [...actions],
        resources: [`arn:${Aws.PARTITION}:s3:::prod-${Aws.REGION}-starport-layer-bucket/*`],
      }),
    );
  }
}

/** The policy statement of a use; the endpoint adds that the principal is of this account. */
export function statementOf(use: EndpointUse): PolicyStatement {
  if (typeof use.on === 'string') return new PolicyStatement({ actions: [...use.actions], resources: ['*'] });
  const colon = use.on.own.indexOf(':');
  const [service, resource] = [use.on.own.slice(0, colon), use.on.own.slice(colon + 1)];
  return new PolicyStatement({
    actions: [...use.actions],
    resources: [`arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`],
    conditions: { StringEquals: { 'aws:ResourceAccount': Aws.ACCOUNT_ID } },
  });
}
