import { join } from 'node:path';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, Effect, PolicyStatement, ServicePrincipal, type IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, Code, Function, Runtime, Tracing, type CfnFunction, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic, type ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { LOG_RETENTION_DAYS } from '../core/policy';
import { accept, NO_RESERVED_CONCURRENCY, OUTSIDE_VPC } from './accepted-findings';
import { ServiceRole } from './service-role';

export interface HandlerFunctionProps {
  /** Which function: the name of its file in lib/handlers, without `.ts`. */
  readonly handler: string;
  readonly description: string;
  /** What the function may do, beyond writing its own log and traces. */
  readonly statements: readonly PolicyStatement[];
  readonly timeout: Duration;
  /**
   * Names and addresses, never a secret: whoever may look at the function sees them.
   * @default - none
   */
  readonly environment?: Readonly<Record<string, string>>;
  /** Encrypts the log. */
  readonly encryptionKey: IKey;
  /** Hears that there are requests which the function failed at repeatedly. */
  readonly alarmTopic: ITopic;
  /**
   * Where the function stands, when it has to reach something in a network.
   * @default - outside of any network
   */
  readonly network?: FunctionNetwork;
}

/** A place in a network. Whether there is a way out of it does not matter: logs and traces take none. */
export interface FunctionNetwork {
  readonly vpc: IVpc;
  readonly subnets: SubnetSelection;
  /** What the function wears; their rules are everything that it can reach. */
  readonly securityGroups: readonly ISecurityGroup[];
}

/**
 * A Lambda function of the kit: code that came with the package, a role that may do what is listed and nothing else, a log
 * that is encrypted and kept.
 *
 * The log stays when the stack is deleted; a stack that fails to be created leaves none behind. Lambda keeps repeating a
 * request that fails, twice within minutes; after that there is an alarm. The request itself is kept nowhere and sent to nobody:
 * a request of CloudFormation contains the URL with which anyone can answer it.
 */
export class HandlerFunction extends Construct {
  readonly function: IFunction;
  readonly role: IRole;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: HandlerFunctionProps) {
    super(scope, id);
    this.logGroup = new LogGroup(this, 'Logs', {
      encryptionKey: props.encryptionKey,
      retention: RETENTION,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const failed = this.failedRequests(props);
    const { role } = new ServiceRole(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: props.description,
      statements: [...this.ownStatements(props, failed), ...(props.network ? networkStatements() : []), ...props.statements],
      wildcards: this.acceptsTracing(props.statements) ? ['*'] : [],
    });
    this.role = role;
    const handler = new Function(this, 'Function', {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(bundleOf(props.handler)),
      handler: 'index.handler',
      memorySize: MEMORY_MIB,
      timeout: props.timeout,
      environment: props.environment && { ...props.environment },
      role,
      logGroup: this.logGroup,
      tracing: Tracing.ACTIVE,
      deadLetterTopic: failed,
      ...(props.network && {
        vpc: props.network.vpc,
        vpcSubnets: props.network.subnets,
        securityGroups: [...props.network.securityGroups],
        // A function in a public subnet has no public address all the same, and needs none.
        allowPublicSubnet: true,
      }),
    });
    accept(handler.node.defaultChild as CfnFunction, NO_RESERVED_CONCURRENCY, ...(props.network ? [] : [OUTSIDE_VPC]));
    this.function = handler;
  }

  /** A topic that nobody can subscribe to: what is published is counted and forgotten. */
  private failedRequests(props: HandlerFunctionProps): Topic {
    const topic = new Topic(this, 'FailedRequests', { masterKey: props.encryptionKey, enforceSSL: true });
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'NobodyReadsRequests',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['sns:Subscribe'],
        resources: [topic.topicArn],
      }),
    );
    const alarm = new Alarm(this, 'FailedRequestsAlarm', {
      alarmDescription: `${props.description}: it failed at a request and gave up. Its log says why.`,
      metric: topic.metricNumberOfMessagesPublished({ period: Duration.minutes(5) }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(props.alarmTopic));
    return topic;
  }

  /** X-Ray knows no resources. Where a caller brings a wildcard of its own, a finding on it must not be hidden with that. */
  private acceptsTracing(statements: readonly PolicyStatement[]): boolean {
    return !statements.some((statement) => statement.resources.includes('*'));
  }

  /** What every function needs to be observed: its log, its traces, and the count of what it failed at. */
  private ownStatements(props: HandlerFunctionProps, failed: Topic): PolicyStatement[] {
    return [
      new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [this.logGroup.logGroupArn] }),
      // X-Ray knows no resources for these.
      new PolicyStatement({ actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], resources: ['*'] }),
      new PolicyStatement({ actions: ['sns:Publish'], resources: [failed.topicArn] }),
      // SNS encrypts a message on behalf of whoever publishes it.
      new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [props.encryptionKey.keyArn] }),
    ];
  }
}

/**
 * What Lambda needs to give a function its network interfaces, and what keeps the function's own code from using it: only
 * calls out of a running function carry the ARN of a function.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
function networkStatements(): PolicyStatement[] {
  const actions = [
    'ec2:AssignPrivateIpAddresses', 'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets', 'ec2:UnassignPrivateIpAddresses',
  ];
  return [
    // The interfaces do not exist yet, and describing knows no resources.
    new PolicyStatement({ actions, resources: ['*'] }),
    new PolicyStatement({
      effect: Effect.DENY, actions, resources: ['*'], conditions: { Null: { 'lambda:SourceFunctionArn': 'false' } },
    }),
  ];
}

/** Twice Lambda's default: the time to load the AWS SDK halves with it, at the same price. */
const MEMORY_MIB = 256;
const RETENTION: RetentionDays = LOG_RETENTION_DAYS;

/**
 * The folder of a bundled handler. The package is found by its own name, so the same line works for the published files in
 * dist/ and for the sources beside it.
 */
function bundleOf(handler: string): string {
  const folder = join(require.resolve('cdk-agent-db-guardrails/package.json'), '..', 'dist', 'handlers', handler);
  try {
    require.resolve(join(folder, 'index.js'));
  } catch {
    throw new Error(`${folder} has no index.js: the handler '${handler}' is not bundled; run: npm run bundle`);
  }
  return folder;
}
