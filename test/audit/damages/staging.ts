import { damages } from './damage';
import type { Demo } from './demo';

const COPY = 'GuardrailsStagingCopy';
const GROUP = 'GuardrailsStagingSurroundingsSecurityGroup';

/** Lets a group in on the port of the clone, and out to it. */
function join(demo: Demo, from: string) {
  const rule = { IpProtocol: 'tcp', FromPort: 6432, ToPort: 6432 };
  demo.add('LetIn', 'AWS::EC2::SecurityGroupIngress', { ...rule, GroupId: demo.group(GROUP), SourceSecurityGroupId: demo.group(from) });
  demo.add('LetOut', 'AWS::EC2::SecurityGroupEgress', { ...rule, GroupId: demo.group(from), DestinationSecurityGroupId: demo.group(GROUP) });
}

const login = (demo: Demo) => ({
  Effect: 'Allow', Action: 'rds-db:connect',
  Resource: { 'Fn::Sub': `arn:\${AWS::Partition}:rds-db:\${AWS::Region}:\${AWS::AccountId}:dbuser:\${${demo.id(COPY)}.DbiResourceId}/agent_coding_rw` },
});

export const STAGING = damages('staging-is-production-sized-and-masked', [
  ['it is public', /GuardrailsStagingCopy\w+, a copy of production with its data, is publicly accessible/, (demo) => demo.set(COPY, { PubliclyAccessible: true })],
  ['it does not say whether it is public', /GuardrailsStagingCopy\w+, a copy of production with its data, is publicly accessible, or does not say/, (demo) => demo.unset(COPY, 'PubliclyAccessible')],
  ['it keeps the master password', /GuardrailsStagingCopy\w+ keeps the master password/, (demo) => demo.unset(COPY, 'ManageMasterUserPassword')],
  ['it takes no tokens', /GuardrailsStagingCopy\w+ takes no IAM tokens/, (demo) => demo.set(COPY, { EnableIAMDatabaseAuthentication: false })],
  ['agents are let in', /a way to GuardrailsStagingCopy\w+, which is not proven clean: .*6432/, (demo) => join(demo, 'GuardrailsNetworkAgentSecurityGroup')],
  ['the access host is let in', /a way to GuardrailsStagingCopy\w+, which is not proven clean: .*6432/, (demo) => join(demo, 'GuardrailsAccessHostSecurityGroup')],
  ["the replica's group is worn", /a way to GuardrailsStagingCopy\w+.*FromAgents/s, (demo) => demo.set(COPY, { VPCSecurityGroups: [demo.group('GuardrailsReplicaSecurityGroup')] })],
  ['a second group that lets everybody of the network in', /a way to GuardrailsStagingCopy\w+.*Wide/s, (demo) => {
    demo.add('Wide', 'AWS::EC2::SecurityGroup', { VpcId: demo.ref('GuardrailsNetworkVpc'), SecurityGroupIngress: [{ IpProtocol: '-1', CidrIp: '10.213.0.0/20' }] });
    demo.set(COPY, { VPCSecurityGroups: [demo.group(GROUP), { 'Fn::GetAtt': ['Wide', 'GroupId'] }] });
    demo.add('Out', 'AWS::EC2::SecurityGroupEgress', { GroupId: demo.group('GuardrailsNetworkAgentSecurityGroup'), IpProtocol: '-1', CidrIp: '10.213.0.0/20' });
  }],
  ['a group from elsewhere that may let anybody in', /may be a way to GuardrailsStagingCopy\w+/, (demo) => {
    demo.set(COPY, { VPCSecurityGroups: ['sg-0123456789abcdef0'] });
    demo.add('Out', 'AWS::EC2::SecurityGroupEgress', { GroupId: demo.group('GuardrailsNetworkAgentSecurityGroup'), IpProtocol: '-1', CidrIp: '10.213.0.0/20' });
  }, 'unknown'],
  ['an agent is permitted to log in', /Agent-coding.* may log in to GuardrailsStagingCopy|Agentcoding\w* may log in to GuardrailsStagingCopy/, (demo) => demo.statements('GuardrailsAgentcodingPermissions').push(login(demo))],
  ['an agent and its boundary are permitted to log in', /may log in to GuardrailsStagingCopy/, (demo) => {
    demo.statements('GuardrailsAgentcodingPermissions').push(login(demo));
    for (const statement of demo.statements('GuardrailsAgentcodingBoundary')) {
      if (statement.Sid === 'ConnectToReplica') statement.Resource.push(login(demo).Resource);
      if (statement.Sid === 'DenyOtherThanConnectToReplica') statement.NotResource.push(login(demo).Resource);
    }
  }],
  ['it is not in the template any more', /the copy GuardrailsStagingCopy\w+ that is declared is not in the template/, (demo) => demo.remove(COPY)],
]);
