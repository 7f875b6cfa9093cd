import { INTERNET, networkOf, type Reach } from '../../lib/audit/network';
import { written, type WrittenResource } from './network/written';

const ref = (id: string) => ({ Ref: id });
const group = (id: string) => ({ 'Fn::GetAtt': [id, 'GroupId'] });
const network = (Resources: Record<string, WrittenResource>) => networkOf(written({ Resources }));
const said = ({ do: does, steps, assuming }: Reach) => [does, ...steps.map(({ by }) => by), ...assuming.map((what) => `if known: ${what}`)];

/** Subnets, groups and a database of a network that is not in the template. */
const elsewhere = (rules: readonly Record<string, unknown>[] = []): Record<string, WrittenResource> => ({
  Database: { Type: 'AWS::RDS::DBInstance', Properties: { Engine: 'postgres', DBSubnetGroupName: ref('Placed'), VPCSecurityGroups: [group('DatabaseGroup')] } },
  Placed: { Type: 'AWS::RDS::DBSubnetGroup', Properties: { SubnetIds: ['subnet-db'] } },
  DatabaseGroup: { Type: 'AWS::EC2::SecurityGroup', Properties: { VpcId: 'vpc-1', SecurityGroupIngress: rules } },
  AgentGroup: { Type: 'AWS::EC2::SecurityGroup', Properties: { VpcId: 'vpc-1' } },
  Agent: { Type: 'AWS::Lambda::Function', Properties: { VpcConfig: { SubnetIds: ['subnet-agent'], SecurityGroupIds: [group('AgentGroup')] } } },
});
const fromAgents = { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, SourceSecurityGroupId: group('AgentGroup') };
const ask = (resources: Record<string, WrittenResource>, from = 'Stack.Agent') => {
  const read = network(resources);
  return said(read.reachable(read.placesOf(from), read.database('Stack.Database')));
};

describe('a foreign template', () => {
  test('a function in the network of the database, let in', () => {
    expect(ask(elsewhere([fromAgents]))).toEqual([
      'reaches',
      'security group AgentGroup lets out every tcp port to 0.0.0.0/0',
      'security group DatabaseGroup lets in tcp 5432 from AgentGroup',
    ]);
  });

  test('a function in the network of the database, not let in', () => {
    expect(ask(elsewhere())).toEqual(['cannot']);
  });

  test('a function outside of networks reaches what is public and lets everybody in, and nothing else', () => {
    const open = { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, CidrIp: '0.0.0.0/0' };
    const resources: Record<string, WrittenResource> = { ...elsewhere([open]), Agent: { Type: 'AWS::Lambda::Function', Properties: {} } };
    expect(ask(resources)).toEqual(['cannot']);
    const Database = { ...resources.Database!, Properties: { ...resources.Database!.Properties, PubliclyAccessible: true } };
    expect(ask({ ...resources, Database })).toEqual([
      'unknown', 'Database is publicly accessible', 'security group DatabaseGroup lets in tcp 5432 from 0.0.0.0/0', 'if known: whether subnet-db has an internet gateway',
    ]);
  });

  test('networks that are not in the template may be joined, unless a group lets nobody in', () => {
    const other = { AgentGroup: { Type: 'AWS::EC2::SecurityGroup', Properties: { VpcId: 'vpc-2' } } };
    expect(ask({ ...elsewhere([fromAgents]), ...other })).toEqual([
      'unknown',
      'security group AgentGroup lets out every tcp port to 0.0.0.0/0',
      'security group DatabaseGroup lets in tcp 5432 from AgentGroup',
      'if known: the routes of subnet-agent',
      'if known: whether security groups are referenced across it',
    ]);
    expect(ask({ ...elsewhere(), ...other })).toEqual(['cannot']);
  });

  test('a host that agents can log in to and that may use the database', () => {
    const resources: Record<string, WrittenResource> = {
      ...elsewhere([{ ...fromAgents, SourceSecurityGroupId: group('HostGroup') }]),
      Host: { Type: 'AWS::EC2::Instance', Properties: { SubnetId: 'subnet-host', SecurityGroupIds: [group('HostGroup')] } },
      HostGroup: { Type: 'AWS::EC2::SecurityGroup', Properties: { VpcId: 'vpc-1', SecurityGroupIngress: [{ ...fromAgents, FromPort: 22, ToPort: 22 }] } },
    };
    expect(ask(resources)).toEqual([
      'unknown',
      'security group AgentGroup lets out every tcp port to 0.0.0.0/0',
      'security group HostGroup lets in tcp 22 from AgentGroup',
      'Host connects to',
      'security group HostGroup lets out every tcp port to 0.0.0.0/0',
      'security group DatabaseGroup lets in tcp 5432 from HostGroup',
      'if known: whether Host lets agents through',
    ]);
    // A session on the host, by Systems Manager, needs no port: whoever has one starts from there.
    expect(ask(resources, 'Stack.Host')[0]).toBe('reaches');
    const closed = { ...resources.HostGroup!, Properties: { VpcId: 'vpc-1' } };
    expect(ask({ ...resources, HostGroup: closed })).toEqual(['cannot']);
  });

  test('a database of which nothing is known', () => {
    const read = network(elsewhere());
    expect(said(read.reachable(read.placesOf('Stack.Agent'), read.database('orders')))).toEqual([
      'unknown', 'security group AgentGroup lets out every tcp port to 0.0.0.0/0',
      'if known: whether orders is in vpc-1', 'if known: what the security group of the database lets in',
    ]);
    expect(read.reachable([INTERNET], read.database('orders')).do).toBe('unknown');
  });

  test('a database by its identifier', () => {
    const { Database, ...rest } = elsewhere([fromAgents]);
    const read = network({ ...rest, Database: { ...Database!, Properties: { ...Database!.Properties, DBInstanceIdentifier: 'Orders' } } });
    expect(read.database('arn:aws:rds:eu-central-1:111122223333:db:orders').id).toBe('Stack.Database');
  });
});

/** One more link in a chain of groups, with one function that wears each. */
const chain = (length: number): Record<string, WrittenResource> => {
  const resources: Record<string, WrittenResource> = {
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
    Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: ref('Vpc'), CidrBlock: '10.0.0.0/20' } },
    Placed: { Type: 'AWS::RDS::DBSubnetGroup', Properties: { SubnetIds: [ref('Subnet')] } },
    Database: { Type: 'AWS::RDS::DBInstance', Properties: { Engine: 'postgres', DBSubnetGroupName: ref('Placed'), VPCSecurityGroups: [group('Group0')] } },
  };
  for (let index = 0; index < length; index++) {
    resources[`Group${index}`] = {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: {
        VpcId: ref('Vpc'),
        SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, SourceSecurityGroupId: group(`Group${index + 1}`) }],
        SecurityGroupEgress: [{ IpProtocol: 'tcp', FromPort: 1, ToPort: 2, CidrIp: '10.0.0.0/8' }],
      },
    };
    resources[`Host${index}`] = { Type: 'AWS::EC2::Instance', Properties: { SubnetId: ref('Subnet'), SecurityGroupIds: [group(`Group${index}`)] } };
  }
  return resources;
};

test('ten times as many groups take no more than a good ten times as long', () => {
  const time = (length: number): number => {
    const assembly = written({ Resources: chain(length) });
    const start = performance.now();
    const read = networkOf(assembly);
    expect(read.reachable(read.placesOf('Stack.Vpc'), read.database('Stack.Database')).do).toBe('cannot');
    return performance.now() - start;
  };
  time(500);
  const [few, many] = [time(1000), time(10_000)];
  expect(many / few).toBeLessThan(40);
});
