import { Token } from 'aws-cdk-lib';
import { CfnSecurityGroupEgress, CfnSecurityGroupIngress, type ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { refuse } from './invalid';
import type { ProductionDatabase } from './production-database';

export interface AllowedConnectionProps {
  readonly from: ISecurityGroup;
  readonly to: ISecurityGroup;
  /** The one TCP port. */
  readonly port: number;
  /** The database that must stay out of reach. */
  readonly production: ProductionDatabase;
  /** Shown at both rules, e.g. `agents to the replica`. */
  readonly description: string;
  /**
   * Whether the rule that lets the connection in is made: not in a group that is not the kit's.
   * @default 'made'
   */
  readonly inbound?: 'made' | 'is-there';
}

const CLOSED = new WeakMap<ISecurityGroup, string>();

/** From now on no connection to this group can be allowed. `what` names what stands behind it, for the message. */
export function keepClosed<Group extends ISecurityGroup>(group: Group, what: string): Group {
  CLOSED.set(group, what);
  return group;
}

/**
 * The only way in which the kit joins two security groups: one TCP port, both directions written out, never production.
 *
 * The rules are resources of their own and not part of the groups. So two groups can name each other, and a group that
 * was made closed keeps the rule that closes it: CDK drops that rule when it adds one, and EC2 opens a group without rules.
 */
export class AllowedConnection extends Construct {
  constructor(scope: Construct, id: string, props: AllowedConnectionProps) {
    super(scope, id);
    const { from, to, port, production, description } = props;
    const closed = CLOSED.get(to);
    refuse(this, [
      { when: closed !== undefined, say: `the target is ${closed}; nothing may connect to it` },
      {
        when: production.securityGroup !== undefined && isSame(to, production.securityGroup),
        say: "the target is production's own security group; nothing in the agents' network may connect to it",
      },
      {
        when: port === production.port,
        say: `port is ${port}, on which production listens; the agents' databases must listen on another port`,
      },
      {
        when: !Token.isUnresolved(port) && !(Number.isInteger(port) && port >= 1 && port <= 65535),
        say: `port is ${port}; write one TCP port, 1 to 65535`,
      },
    ]);
    const rule = { ipProtocol: 'tcp', fromPort: port, toPort: port, description };
    const [source, target] = [from.securityGroupId, to.securityGroupId];
    new CfnSecurityGroupEgress(this, 'Out', { ...rule, groupId: source, destinationSecurityGroupId: target });
    if (props.inbound === 'is-there') return;
    new CfnSecurityGroupIngress(this, 'In', { ...rule, groupId: target, sourceSecurityGroupId: source });
  }
}

function isSame(one: ISecurityGroup, other: ISecurityGroup): boolean {
  return one === other || one.securityGroupId === other.securityGroupId;
}
