import { App, CfnResource } from 'aws-cdk-lib';
import { addEnvironments } from '../lib/guardrails-app';
import cdkJson from '../cdk.json';

/**
 * What a deployed stack holds on to. Another path is another logical id, another name or description is a replacement: a
 * version that changes a line here makes CloudFormation delete, or refuse to replace, what is deployed. That is a breaking change.
 */
const CONTRACT = `
AWS::Backup::BackupVault Guardrails/Backups/Vault
AWS::Backup::LogicallyAirGappedBackupVault Guardrails/Backups/AirGappedVault
AWS::EC2::SecurityGroup Guardrails/AccessHost/SecurityGroup "The access host: out to the replica and Systems Manager, nothing in"
AWS::EC2::SecurityGroup Guardrails/DatabaseRoles/SecretsEndpoint/SecurityGroup "The endpoint of secretsmanager: in from those it serves, nothing out"
AWS::EC2::SecurityGroup Guardrails/DatabaseRoles/SecurityGroup "The function that sets up database roles: out to production and Secrets Manager, nothing in"
AWS::EC2::SecurityGroup Guardrails/Network/AgentSecurityGroup "Agents: out to their databases and endpoints, nothing in"
AWS::EC2::SecurityGroup Guardrails/Network/EcrApiEndpoint/SecurityGroup "The endpoint of ecr.api: in from those it serves, nothing out"
AWS::EC2::SecurityGroup Guardrails/Network/EcrDkrEndpoint/SecurityGroup "The endpoint of ecr.dkr: in from those it serves, nothing out"
AWS::EC2::SecurityGroup Guardrails/Network/LogsEndpoint/SecurityGroup "The endpoint of logs: in from those it serves, nothing out"
AWS::EC2::SecurityGroup Guardrails/Network/S3Endpoint/SecurityGroup "The endpoint of s3: in from those it serves, nothing out"
AWS::EC2::SecurityGroup Guardrails/Network/SsmEndpoint/SecurityGroup "The endpoint of ssm: in from those it serves, nothing out"
AWS::EC2::SecurityGroup Guardrails/Network/SsmmessagesEndpoint/SecurityGroup "The endpoint of ssmmessages: in from those it serves, nothing out"
AWS::EC2::SecurityGroup Guardrails/Replica/DelayedSecurityGroup "The delayed replica; nothing may connect until a person adds a rule"
AWS::EC2::SecurityGroup Guardrails/Replica/SecurityGroup "The replica that agents read"
AWS::EC2::SecurityGroup Guardrails/Staging/Surroundings/SecurityGroup "The staging clone; closed until it is proven clean"
AWS::EC2::SecurityGroup Production/Evaluation/SecurityGroup "The production database shop; nothing may connect until a rule is added"
AWS::KMS::Key Guardrails/Backups/Key/Resource
AWS::KMS::Key Production/Evaluation/Key/Resource
AWS::KMS::Key StatementLog/Key/Resource
AWS::KinesisFirehose::DeliveryStream StatementLog/Archive/Stream "agentdbguardrailsdemo-StatementLog-Archive-7742C8A9"
AWS::Logs::LogGroup Guardrails/Check/Function/Logs
AWS::Logs::LogGroup Guardrails/DatabaseRoles/Function/Logs
AWS::Logs::LogGroup Guardrails/DatabaseRoles/Provisioner/Logs
AWS::Logs::LogGroup Guardrails/Network/Network/FlowLog
AWS::Logs::LogGroup Guardrails/Replica/Delayed/Logs/Postgresql "/aws/rds/instance/agentundo-shop/postgresql"
AWS::Logs::LogGroup Guardrails/Replica/Delayed/Logs/Upgrade "/aws/rds/instance/agentundo-shop/upgrade"
AWS::Logs::LogGroup Guardrails/Replica/Live/Logs/Postgresql "/aws/rds/instance/agentread-shop/postgresql"
AWS::Logs::LogGroup Guardrails/Replica/Live/Logs/Upgrade "/aws/rds/instance/agentread-shop/upgrade"
AWS::Logs::LogGroup Guardrails/Staging/Surroundings/Logs/Postgresql "/aws/rds/instance/agentstage-shop/postgresql"
AWS::Logs::LogGroup Guardrails/Staging/Surroundings/Logs/Upgrade "/aws/rds/instance/agentstage-shop/upgrade"
AWS::Logs::LogGroup Production/Evaluation/Logs/Postgresql "/aws/rds/instance/shop/postgresql"
AWS::Logs::LogGroup Production/Evaluation/Logs/Upgrade "/aws/rds/instance/shop/upgrade"
AWS::Logs::LogGroup Production/Evaluation/Network/FlowLog
AWS::Logs::LogGroup StatementLog/Archive/Failures
AWS::RDS::DBInstance Guardrails/Replica/Delayed/Instance "agentundo-shop" "6432"
AWS::RDS::DBInstance Guardrails/Replica/Live/Instance "agentread-shop" "6432"
AWS::RDS::DBInstance Guardrails/Staging/Copy "agentstage-shop" "6432"
AWS::RDS::DBInstance Production/Evaluation/Instance "shop" "5433"
AWS::RDS::DBParameterGroup Guardrails/Replica/Delayed/Parameters "Settings of agentundo-shop" "postgres17"
AWS::RDS::DBParameterGroup Guardrails/Replica/Live/Parameters "Settings of agentread-shop" "postgres17"
AWS::RDS::DBParameterGroup Guardrails/Staging/Surroundings/Parameters "Settings of agentstage-shop" "postgres17"
AWS::RDS::DBParameterGroup Production/Evaluation/Parameters "Settings of the production database shop" "postgres17"
AWS::RDS::DBSubnetGroup Guardrails/Replica/Delayed/Subnets
AWS::RDS::DBSubnetGroup Guardrails/Replica/Live/Subnets
AWS::RDS::DBSubnetGroup Guardrails/Staging/Surroundings/Subnets
AWS::RDS::DBSubnetGroup Production/Evaluation/Subnets
AWS::S3::Bucket StatementLog/Archive/Locked/AccessLog
AWS::S3::Bucket StatementLog/Archive/Locked/Bucket
`;

const STATEFUL = [
  'AWS::Backup::BackupVault',
  'AWS::Backup::LogicallyAirGappedBackupVault',
  'AWS::KMS::Key',
  'AWS::Logs::LogGroup',
  'AWS::RDS::DBInstance',
  'AWS::RDS::DBParameterGroup',
  'AWS::RDS::DBSubnetGroup',
  'AWS::S3::Bucket',
];

/** Properties that are names or cannot change without a replacement, by type. */
const FIXED: Readonly<Record<string, readonly string[]>> = {
  'AWS::EC2::SecurityGroup': ['GroupDescription'],
  'AWS::KinesisFirehose::DeliveryStream': ['DeliveryStreamName'],
  'AWS::Logs::LogGroup': ['LogGroupName'],
  'AWS::RDS::DBInstance': ['DBInstanceIdentifier', 'Port'],
  'AWS::RDS::DBParameterGroup': ['Description', 'Family'],
};

test('the paths, names and descriptions that deployed stacks depend on are what they were', () => {
  const app = new App({ context: { ...cdkJson.context, env: 'demo' }, analyticsReporting: false });
  const [stack] = addEnvironments(app, { deploymentId: 'test' }).stacks;
  const { Resources } = app.synth().stacks[0]!.template as { Resources: Record<string, any> };
  const lines = stack!.node.findAll().filter((node) => CfnResource.isCfnResource(node)).flatMap((resource) => {
    const { Type, Properties } = Resources[stack!.resolve((resource).logicalId) as string];
    const fixed = (FIXED[Type] ?? []).map((name) => Properties[name]).filter((value) => typeof value === 'string');
    if (!STATEFUL.includes(Type) && fixed.length === 0) return [];
    return [[Type, resource.node.path.replace('Guardrails-demo/', '').replace(/\/Resource$/, ''), ...fixed.map((value) => JSON.stringify(value))].join(' ')];
  });
  expect(lines.sort()).toEqual(CONTRACT.trim().split('\n').sort());
});
