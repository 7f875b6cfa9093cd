import { ArnFormat, Aws, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal, type IRole } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ServiceRole } from './service-role';

const ID = 'AgentDatabaseMonitoring';
const GROUP = 'RDSOSMetrics';

/**
 * The role with which RDS writes operating-system metrics of an instance ("enhanced monitoring"), one per stack.
 * It can write to the one log group that RDS uses for that and do nothing else.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html
 */
export function monitoringRole(scope: Construct): IRole {
  const stack = Stack.of(scope);
  const existing = stack.node.tryFindChild(ID) as ServiceRole | undefined;
  if (existing) return existing.role;
  const group = (rest: string) =>
    stack.formatArn({ service: 'logs', resource: 'log-group', resourceName: `${GROUP}${rest}`, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  return new ServiceRole(stack, ID, {
    assumedBy: new ServicePrincipal('monitoring.rds.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
    description: 'RDS writes operating-system metrics of the databases made for agents',
    statements: [
      new PolicyStatement({ actions: ['logs:CreateLogGroup', 'logs:PutRetentionPolicy'], resources: [group('')] }),
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams', 'logs:GetLogEvents'],
        resources: [group(':log-stream:*')],
      }),
    ],
    wildcards: [group(':log-stream:*')],
  }).role;
}
