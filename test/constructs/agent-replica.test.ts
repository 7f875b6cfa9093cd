import { Lazy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { AgentNetwork } from '../../lib/constructs/agent-network';
import { AgentReplica, ReplicaPlacement, type AgentReplicaProps } from '../../lib/constructs/agent-replica';
import { ProductionDatabase } from '../../lib/constructs/production-database';
import { METADATA_KEY, type Declaration } from '../../lib/core/guarantees';
import { fixture, inItsVpc, ORDERS } from './fixture';

function replicaIn(props: Partial<AgentReplicaProps> = {}, given = fixture()) {
  const replica = new AgentReplica(given.stack, 'Replica', { ...given, ...props });
  return { ...given, replica, synth: () => Template.fromStack(given.stack) };
}

/** The replica that agents read, as the template has it. */
function live(template: Template): any {
  return Object.values(template.findResources('AWS::RDS::DBInstance', { Properties: { DBInstanceIdentifier: 'agentread-orders' } }))[0];
}

describe('the replica that agents read', () => {
  test('it is a replica of production, named by ARN so that it may stand in another subnet group', () => {
    const { synth } = replicaIn();
    expect(live(synth()).Properties.SourceDBInstanceIdentifier).toEqual({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':rds:eu-central-1:111122223333:db:orders']],
    });
  });

  test('it accepts IAM tokens, is private, and is not deleted by accident', () => {
    expect(live(replicaIn().synth()).Properties).toMatchObject({
      EnableIAMDatabaseAuthentication: true,
      PubliclyAccessible: false,
      DeletionProtection: true,
      Port: '6432',
      DBInstanceClass: 'db.m7g.large',
    });
  });

  test('it forces TLS, logs every statement, and never holds back the clean-up of production', () => {
    replicaIn().synth().hasResourceProperties('AWS::RDS::DBParameterGroup', {
      Family: 'postgres16',
      Parameters: {
        'rds.force_ssl': '1',
        log_statement: 'all',
        shared_preload_libraries: 'pg_stat_statements,pgaudit',
        hot_standby_feedback: '0',
      },
    });
  });

  test.each(['BackupRetentionPeriod', 'DBName', 'MasterUsername', 'MasterUserPassword', 'StorageEncrypted', 'KmsKeyId', 'PreferredBackupWindow'])(
    '%s is left out: a replica inherits it, and RDS refuses it',
    (property) => {
      expect(live(replicaIn().synth()).Properties).not.toHaveProperty(property);
    },
  );

  test('a deleted replica leaves no snapshot behind', () => {
    expect(live(replicaIn().synth())).toMatchObject({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  });

  test('its log groups exist before it does', () => {
    const template = replicaIn().synth();
    for (const log of ['postgresql', 'upgrade']) {
      const [group] = Object.keys(template.findResources('AWS::Logs::LogGroup', { Properties: { LogGroupName: `/aws/rds/instance/agentread-orders/${log}` } }));
      expect(live(template).DependsOn).toContain(group);
      expect(live(template).Properties.EnableCloudwatchLogsExports).toContain(log);
    }
  });

  test('permissions will name its resource id, which is not an ARN', () => {
    const { replica, stack } = replicaIn();
    expect(stack.resolve(replica.resourceId)).toEqual({ 'Fn::GetAtt': [stack.getLogicalId(replica.live), 'DbiResourceId'] });
  });

  test('a smaller replica is given the settings in which it may not be lower than production', () => {
    const given = fixture({ standbyMinimums: { maxConnections: 2000 } });
    replicaIn({ instanceClass: 'db.t4g.medium' }, given)
      .synth()
      .hasResourceProperties('AWS::RDS::DBParameterGroup', { Parameters: { max_connections: '2000' } });
  });

  test('a smaller replica without them is refused: it would not start', () => {
    expect(() => replicaIn({ instanceClass: 'db.t4g.medium' }, fixture({ standbyMinimums: { maxWalSenders: 20 } }))).toThrow(
      new Error("Shop/Replica: instanceClass is 'db.t4g.medium', which may be smaller than production's 'db.m7g.large', and a replica with lower settings than production "
        + 'does not start; pass standbyMinimums.maxConnections to the ProductionDatabase'),
    );
    expect(() => replicaIn({ instanceClass: 'db.m7g.large' }, fixture({ instanceClass: 'db.m7g.4xlarge' }))).toThrow(
      /; pass standbyMinimums\.maxConnections and standbyMinimums\.maxWorkerProcesses to the ProductionDatabase$/,
    );
    expect(() => replicaIn({ instanceClass: 'db.r7g.large' })).not.toThrow();
    expect(() => replicaIn({ instanceClass: 'db.m7g.large' }, fixture({ instanceClass: Lazy.string({ produce: () => 'db.m7g.large' }) }))).toThrow(
      /may be smaller than production's class, which is only known in deployment, and a replica/,
    );
  });

  test('agents may open its port, and it may open nothing', () => {
    const { replica, network, stack, synth } = replicaIn();
    const id = (group: { securityGroupId: string }) => stack.resolve(group.securityGroupId);
    const ingress = Object.values(synth().findResources('AWS::EC2::SecurityGroupIngress')) as any[];
    const toReplica = ingress.filter(({ Properties }) => JSON.stringify(Properties.GroupId) === JSON.stringify(id(replica.securityGroup)));
    expect(toReplica.map(({ Properties }) => Properties)).toEqual([
      expect.objectContaining({ SourceSecurityGroupId: id(network.agentSecurityGroup), FromPort: 6432, ToPort: 6432, IpProtocol: 'tcp' }),
    ]);
  });

  test('it declares what it guarantees', () => {
    const { synth } = replicaIn();
    const declared = synth().toJSON().Metadata[METADATA_KEY] as Declaration[];
    expect(declared).toContainEqual(
      expect.objectContaining({
        guarantee: 'agent-reads-a-replica',
        construct: 'AgentReplica',
        inForce: true,
        detail: "physical replica of orders in the agents' network, port 6432, TLS forced, agents by IAM token only",
      }),
    );
  });
});

describe('the undo window', () => {
  test('a second replica lags behind, and no rule lets anyone in', () => {
    const { synth, stack, replica } = replicaIn({ undoWindowHours: 4 });
    const template = synth();
    template.hasResourceProperties('AWS::RDS::DBParameterGroup', { Parameters: { recovery_min_apply_delay: String(4 * 3600 * 1000) } });
    const [delayed] = Object.values(template.findResources('AWS::RDS::DBInstance', { Properties: { DBInstanceIdentifier: 'agentundo-orders' } })) as any[];
    const [group] = delayed.Properties.VPCSecurityGroups;
    const admitted = (Object.values(template.findResources('AWS::EC2::SecurityGroupIngress')) as any[]).map(({ Properties }) => JSON.stringify(Properties.GroupId));
    expect(admitted).not.toContain(JSON.stringify(group));
    expect(template.findResources('AWS::EC2::SecurityGroup')[group['Fn::GetAtt'][0]]!.Properties.SecurityGroupIngress).toBeUndefined();
    expect(delayed.DependsOn).toContain(stack.getLogicalId(replica.live));
  });

  test('fails when the engine version has no delayed replicas', () => {
    expect(() => replicaIn({ undoWindowHours: 4 }, fixture({ engineVersion: '16.9' }))).toThrow(
      new Error('Shop/Replica: undoWindowHours: PostgreSQL 16.9 has no delayed replicas; RDS supports them from 14.19, 15.14, 16.10, 17.6, 18.0'),
    );
  });

  test.each([0, 25, Number.NaN])('fails when the window is %s hours', (undoWindowHours) => {
    expect(() => replicaIn({ undoWindowHours })).toThrow(new Error(`Shop/Replica: undoWindowHours is ${undoWindowHours}; write 1 to 24`));
  });
});

describe("a replica in production's network", () => {
  function lattice() {
    const given = fixture();
    const { stack } = given;
    const production = ProductionDatabase.fromInstance(stack, 'Reachable', { ...ORDERS, ...inItsVpc(stack) });
    const network = new AgentNetwork(stack, 'NetworkOfReachable', { ...given, production });
    return replicaIn({ placement: ReplicaPlacement.productionVpc() }, { ...given, production, network });
  }

  test('agents reach it through a resource endpoint, and only the gateway of that endpoint may connect to it', () => {
    const { synth, stack, replica, network } = lattice();
    const template = synth();
    template.hasResourceProperties('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Resource' });
    const own = stack.resolve(replica.live.vpcSecurityGroups)[0];
    const rules = (Object.values(template.findResources('AWS::EC2::SecurityGroupIngress')) as any[]).map(({ Properties }) => Properties);
    const into = (group: unknown) => rules.filter((rule) => JSON.stringify(rule.GroupId) === JSON.stringify(group)).map((rule) => rule.SourceSecurityGroupId);
    const agents = stack.resolve(network.agentSecurityGroup.securityGroupId);
    expect(into(stack.resolve(replica.securityGroup.securityGroupId))).toEqual([agents]);
    expect(into(own)).toHaveLength(1);
    expect(into(own)).not.toContainEqual(agents);
  });

  test('it stands in subnets of production', () => {
    lattice().synth().hasResourceProperties('AWS::RDS::DBSubnetGroup', { SubnetIds: ['subnet-1', 'subnet-2'] });
  });

  test('no route and no peering is made', () => {
    const template = lattice().synth();
    for (const type of ['AWS::EC2::Route', 'AWS::EC2::VPCPeeringConnection', 'AWS::EC2::TransitGatewayAttachment']) template.resourceCountIs(type, 0);
  });

  test('fails when the network of production is not known', () => {
    expect(() => replicaIn({ placement: ReplicaPlacement.productionVpc() })).toThrow(
      new Error("Shop/Replica: placement is production's VPC, but the ProductionDatabase was given no vpc or no subnets; pass both"),
    );
  });
});

test('fails when the network guards another database', () => {
  const given = fixture();
  const production = ProductionDatabase.fromInstance(given.stack, 'Billing', { ...ORDERS, instanceIdentifier: 'billing' });
  expect(() => replicaIn({ production }, given)).toThrow(
    new Error('Shop/Replica: the network guards another production database; make a network for this one'),
  );
});

test('fails when somebody would let agents into the delayed replica', () => {
  const { stack, network } = replicaIn({ undoWindowHours: 1 });
  const group = stack.node.findChild('Replica').node.findChild('DelayedSecurityGroup') as SecurityGroup;
  expect(() => network.admitAgents(group, 6432)).toThrow(
    /the target is the delayed replica, which is an undo window and no database for agents; nothing may connect to it$/,
  );
});

test('fails when the name of the replica would be too long', () => {
  const instanceIdentifier = 'o'.repeat(60);
  expect(() => replicaIn({}, fixture({ instanceIdentifier }))).toThrow(
    new Error(`Shop/Replica: the replica would be named 'agentread-${instanceIdentifier}', which is 70 characters long; RDS allows 63`),
  );
});
