import { Stack } from 'aws-cdk-lib';
import { AmazonLinuxCpuType, CfnInstance, MachineImage, type ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { InstanceProfile, ServicePrincipal, type IRole } from 'aws-cdk-lib/aws-iam';
import { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { ACCESS_HOST_ENDPOINTS } from '../core/endpoints';
import { ACCESS_HOST_INSTANCE_TYPE } from '../core/policy';
import { accept, HOST_IN_A_SUBNET, HOST_OF_A_SMALL_TYPE, HOST_WITHOUT_TERMINATION_PROTECTION } from './accepted-findings';
import type { AgentNetwork } from './agent-network';
import { statementOf } from './controlled-endpoint';
import { declare } from './declare';
import { refuse } from './invalid';
import { ServiceRole } from './service-role';
import type { StatementLog } from './statement-log';

/** A database that a port can be forwarded to. `AgentReplica` and `StagingClone` are such. */
export interface AccessTarget {
  readonly identifier: string;
  /** The host name. */
  readonly endpoint: string;
  readonly port: number;
  /** What stands in front of it in the agents' network: its own group, or that of the `LatticeEndpoint` that leads to it. */
  readonly securityGroup: ISecurityGroup;
}

export interface AccessHostProps {
  readonly network: AgentNetwork;
  /** Gives the key that encrypts the disk. Whoever deploys needs to be allowed to use it through EC2. */
  readonly statementLog: Pick<StatementLog, 'encryptionKey'>;
  /** The replica that agents read. */
  readonly replica: AccessTarget;
  /**
   * The staging clone. Gets a document, and no way in: the host cannot reach it until the clone is proven clean.
   * @default - no document for a clone
   */
  readonly staging?: AccessTarget;
}

/**
 * Agents that run elsewhere (a laptop, CI) reach the replica, on one port, through a host that nobody can connect to.
 *
 * The host calls Systems Manager; a session document forwards a local port to the replica and takes no other target. The
 * agent's role decides who may start such a session (`AgentAccess.allowPortForwarding`); connecting to the database still
 * takes its own token. To verify the server's certificate in full, keep its host name: `host=<endpoint> hostaddr=127.0.0.1`.
 *
 * Systems Manager cannot record what passes through a forwarded port; the database records the statements. The host holds
 * no data. A newer Amazon Linux image replaces it at the next deployment, which ends the sessions through it; so it has no
 * termination protection, which would keep the replaced host, and its way to the replica, alive.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-sessions-start.html
 */
export class AccessHost extends Construct {
  readonly instanceId: string;
  readonly instanceArn: string;
  /** The session document that forwards a port to the replica, as permissions name it. */
  readonly replicaDocumentArn: string;
  /** The same as `aws ssm start-session --document-name` names it: the ARN can be longer than it takes. */
  readonly replicaDocumentName: string;
  /** The session document for the staging clone, when there is one. */
  readonly stagingDocumentArn?: string;

  constructor(scope: Construct, id: string, props: AccessHostProps) {
    super(scope, id);
    const { network, replica, staging } = props;
    const targets = [replica, ...(staging ? [staging] : [])];
    refuse(this, [
      {
        when: targets.some((target) => target.endpoint === network.production.endpoint),
        say: "a target is production's own host name; pass the replica and the staging clone",
      },
    ]);
    const groupDescription = 'The access host: out to the replica and Systems Manager, nothing in';
    const securityGroup = network.databaseSecurityGroup(this, 'SecurityGroup', groupDescription);
    network.connect(this, 'ToReplica', {
      from: securityGroup,
      to: replica.securityGroup,
      port: replica.port,
      description: 'access host to the replica that agents read',
    });
    const { role } = new ServiceRole(this, 'HostRole', {
      assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
      description: 'Lets the access host talk to Systems Manager and do nothing else',
      statements: ACCESS_HOST_ENDPOINTS.map(statementOf),
      wildcards: ACCESS_HOST_ENDPOINTS.flatMap((use) => statementOf(use).resources),
    });
    const endpoints = ACCESS_HOST_ENDPOINTS.map((use) => {
      const statement = statementOf(use);
      statement.addCondition('ArnEquals', { 'aws:PrincipalArn': role.roleArn });
      return network.addInterfaceEndpoint(use.service, [statement], { kind: 'access-host', securityGroup });
    });

    const instance = this.createInstance(props, securityGroup, role);
    // The Systems Manager agent that finds no service when it starts tries again only after minutes.
    instance.node.addDependency(...endpoints);
    accept(instance, HOST_WITHOUT_TERMINATION_PROTECTION, HOST_IN_A_SUBNET, HOST_OF_A_SMALL_TYPE);
    this.instanceId = instance.ref;
    this.instanceArn = Stack.of(this).formatArn({ service: 'ec2', resource: 'instance', resourceName: this.instanceId });
    const arnOf = (resourceName: string) => Stack.of(this).formatArn({ service: 'ssm', resource: 'document', resourceName });
    this.replicaDocumentName = this.createDocument('ReplicaSession', replica, 'the replica that agents read');
    this.replicaDocumentArn = arnOf(this.replicaDocumentName);
    this.stagingDocumentArn = staging && arnOf(this.createDocument('StagingSession', staging, 'the staging clone'));
    declare(this, {
      guarantee: 'agent-has-no-route-to-production',
      inForce: true,
      detail:
        `agents elsewhere come in by SSM port forwarding to port ${replica.port} of the replica only, ` +
        `through a host without inbound rules${staging ? '; the staging clone stays out of its reach' : ''}`,
      resources: { instance: Stack.of(this).getLogicalId(instance) },
    });
  }

  private createInstance(props: AccessHostProps, securityGroup: ISecurityGroup, role: IRole): CfnInstance {
    const { network, statementLog } = props;
    return new CfnInstance(this, 'Instance', {
      imageId: MachineImage.latestAmazonLinux2023({ cpuType: AmazonLinuxCpuType.ARM_64 }).getImage(this).imageId,
      instanceType: ACCESS_HOST_INSTANCE_TYPE,
      iamInstanceProfile: new InstanceProfile(this, 'Profile', { role }).instanceProfileName,
      subnetId: network.vpc.selectSubnets(network.agentSubnets).subnetIds[0],
      securityGroupIds: [securityGroup.securityGroupId],
      blockDeviceMappings: [
        {
          deviceName: '/dev/xvda',
          ebs: {
            volumeType: 'gp3',
            volumeSize: 8,
            encrypted: true,
            kmsKeyId: statementLog.encryptionKey.keyArn,
            deleteOnTermination: true,
          },
        },
      ],
      // One hop: a container on the host, were there one, could not ask for the host's credentials.
      metadataOptions: {
        httpEndpoint: 'enabled',
        httpTokens: 'required',
        httpPutResponseHopLimit: 1,
        instanceMetadataTags: 'disabled',
      },
      ebsOptimized: true,
      monitoring: true,
    });
  }

  /** A session document whose only choice is the local port. Replaced, not versioned: no older target stays usable. */
  private createDocument(id: string, target: AccessTarget, name: string): string {
    const document = new CfnDocument(this, id, {
      documentType: 'Session',
      documentFormat: 'JSON',
      targetType: '/AWS::EC2::Instance',
      updateMethod: 'Replace',
      content: {
        schemaVersion: '1.0',
        description: `Forwards a local port to ${name}`,
        sessionType: 'Port',
        parameters: {
          localPortNumber: {
            type: 'String',
            description: 'The local port; 0 takes any free one',
            default: '0',
            allowedPattern: '^([0-9]|[1-9][0-9]{1,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])$',
          },
        },
        properties: {
          type: 'LocalPortForwarding',
          host: target.endpoint,
          portNumber: String(target.port),
          localPortNumber: '{{ localPortNumber }}',
        },
      },
    });
    return document.ref;
  }
}
