import { Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal, type IRole } from 'aws-cdk-lib/aws-iam';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnLogGroup, CfnLogStream, CfnSubscriptionFilter } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { KIT_TAG } from '../core/policy';
import { ArchiveBucket, type LogArchiveSettings } from './archive-bucket';
import { ServiceRole } from './service-role';

export interface LogArchiveProps extends LogArchiveSettings {
  readonly encryptionKey: IKey;
  /** Days that the log of failed deliveries is kept. */
  readonly retentionDays: number;
}

const FAILURE_STREAM = 'delivery';

/**
 * A copy of log groups in S3 that cannot be changed or deleted before its time, by anyone who may write to the log or
 * deploy the stack. Internal: `StatementLog` makes it.
 *
 * An object is what CloudWatch Logs sent within some minutes: gzip members one after another, each one JSON document with
 * the log group, the stream and the lines, bit for bit. `gunzip` reads it whole.
 */
export class LogArchive extends Construct {
  readonly bucket: Bucket;
  readonly stream: CfnDeliveryStream;
  private readonly failures: CfnLogGroup;
  /** With what CloudWatch Logs sends to the stream. */
  private readonly sender: ServiceRole;

  constructor(scope: Construct, id: string, props: LogArchiveProps) {
    super(scope, id);
    const archive = new ArchiveBucket(this, 'Locked', props);
    this.bucket = archive.bucket;
    this.failures = this.failureLog(props);
    const writer = this.writer(props.encryptionKey);
    archive.onlyWrittenBy(writer.role);
    // A name of its own, so that the sender's role can exist before the stream. CloudFormation creates the stream for a
    // minute or so; by then IAM knows the role, and the test message of the first subscription arrives.
    const name = Names.uniqueResourceName(this, { maxLength: 64, separator: '-' });
    this.sender = this.senderRole(name);
    this.stream = this.deliveryStream(name, writer.role, props.encryptionKey);
    this.stream.node.addDependency(this.sender);
  }

  /** Sends every line of a log group to the archive from now on. A log group can have two such subscriptions at most. */
  subscribe(scope: Construct, id: string, logGroup: CfnLogGroup): CfnSubscriptionFilter {
    return new CfnSubscriptionFilter(scope, id, {
      // A name of its own: an alarm looks for it among metrics, and what a reference gives there is not documented.
      filterName: `${KIT_TAG}-archive`,
      logGroupName: logGroup.ref,
      filterPattern: '',
      destinationArn: this.stream.attrArn,
      roleArn: this.sender.role.roleArn,
    });
  }

  private senderRole(streamName: string): ServiceRole {
    const stack = Stack.of(this);
    return new ServiceRole(this, 'Sender', {
      description: 'CloudWatch Logs sends statement logs to the archive',
      assumedBy: new ServicePrincipal('logs.amazonaws.com', {
        conditions: { ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 'logs', resource: '*' }) } },
      }),
      statements: [
        new PolicyStatement({
          actions: ['firehose:PutRecord', 'firehose:PutRecordBatch'],
          resources: [stack.formatArn({ service: 'firehose', resource: 'deliverystream', resourceName: streamName })],
        }),
      ],
    });
  }

  private writer(encryptionKey: IKey): ServiceRole {
    const stack = Stack.of(this);
    return new ServiceRole(this, 'Writer', {
      description: 'Firehose writes statement logs to the archive',
      assumedBy: new ServicePrincipal('firehose.amazonaws.com', { conditions: { StringEquals: { 'sts:ExternalId': stack.account } } }),
      statements: [
        new PolicyStatement({
          actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
          resources: [this.bucket.bucketArn],
        }),
        new PolicyStatement({
          actions: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
          resources: [this.bucket.arnForObjects('*')],
        }),
        new PolicyStatement({
          actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
          resources: [encryptionKey.keyArn],
          conditions: { StringEquals: { 'kms:ViaService': `s3.${stack.region}.amazonaws.com` } },
        }),
        new PolicyStatement({
          actions: ['logs:PutLogEvents'],
          resources: [stack.formatArn({ service: 'logs', resource: `log-group:${this.failures.ref}:log-stream:${FAILURE_STREAM}` })],
        }),
      ],
      wildcards: [this.bucket.arnForObjects('*')],
    });
  }

  private failureLog({ encryptionKey, retentionDays }: LogArchiveProps): CfnLogGroup {
    const log = new CfnLogGroup(this, 'Failures', { kmsKeyId: encryptionKey.keyArn, retentionInDays: retentionDays });
    log.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    return log;
  }

  private deliveryStream(name: string, writer: IRole, encryptionKey: IKey): CfnDeliveryStream {
    const logStream = new CfnLogStream(this, 'FailureStream', { logGroupName: this.failures.ref, logStreamName: FAILURE_STREAM });
    return new CfnDeliveryStream(this, 'Stream', {
      deliveryStreamName: name,
      deliveryStreamType: 'DirectPut',
      deliveryStreamEncryptionConfigurationInput: { keyType: 'CUSTOMER_MANAGED_CMK', keyArn: encryptionKey.keyArn },
      extendedS3DestinationConfiguration: {
        bucketArn: this.bucket.bucketArn,
        roleArn: writer.roleArn,
        prefix: 'statements/!{timestamp:yyyy/MM/dd/}',
        errorOutputPrefix: 'failures/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/}',
        // What arrives is compressed already.
        compressionFormat: 'UNCOMPRESSED',
        fileExtension: '.gz',
        bufferingHints: { intervalInSeconds: 60, sizeInMBs: 5 },
        encryptionConfiguration: { kmsEncryptionConfig: { awskmsKeyArn: encryptionKey.keyArn } },
        cloudWatchLoggingOptions: { enabled: true, logGroupName: this.failures.ref, logStreamName: logStream.ref },
      },
    });
  }
}
