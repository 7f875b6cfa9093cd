import type { AgentDatabaseGuardrails } from './constructs/agent-database-guardrails';

type Output = readonly [value: string, description: string];

/** The outputs of a stack by name: each its value, and what it is for. The README names them. */
export function outputsOf(guardrails: AgentDatabaseGuardrails): Readonly<Record<string, Output>> {
  const { replica, network, statementLog, accessHost, databaseRoles } = guardrails;
  return {
    ReplicaEndpoint: [replica.endpoint, 'Host name of the replica that agents read: host of a connection, --hostname of aws rds generate-db-auth-token'],
    ReplicaPort: [String(replica.port), 'Port of the replica: port of a connection, --port of aws rds generate-db-auth-token'],
    AgentSecurityGroup: [network.agentSecurityGroup.securityGroupId, "Security group of agents in the agents' network: it opens the port of the replica"],
    AgentSubnets: [network.vpc.selectSubnets(network.agentSubnets).subnetIds.join(','), "Subnets for agents in the agents' network"],
    AlarmTopic: [statementLog.alarmTopic.topicArn, 'SNS topic of all alarms; each e-mail address has to confirm its subscription'],
    Archive: [statementLog.archiveBucket.bucketName, 'Bucket with the copy of the statement log that nobody can change'],
    ...agentOutputs(guardrails),
    ...(databaseRoles && { DatabaseRoleFindings: [databaseRoles.findings, 'What a person has to decide about the database roles of agents'] as const }),
    ...(accessHost && {
      AccessHost: [accessHost.instanceId, 'The access host: --target of aws ssm start-session'] as const,
      PortForwardingDocument: [accessHost.replicaDocumentName, 'Forwards a local port to the replica: --document-name of aws ssm start-session'] as const,
    }),
  };
}

function agentOutputs({ agents }: AgentDatabaseGuardrails): Record<string, Output> {
  return Object.fromEntries<Output>(Object.values(agents).flatMap((access): [string, Output][] => {
    const agent = access.name.replace(/(^|-)([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase());
    return [
      [`Role${agent}`, [access.role.roleArn, `IAM role of the agent ${access.name}, which its runtime takes on`]],
      [`Boundary${agent}`, [access.boundary.managedPolicyArn, `Permissions boundary that turns another role into the agent ${access.name}`]],
      [`DatabaseUser${agent}`, [access.readRole, `Database user of the agent ${access.name}: user of a connection, --username of aws rds generate-db-auth-token`]],
    ];
  }));
}
