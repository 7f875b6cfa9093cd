import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement, ServicePrincipal, type IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess, Bucket, BucketEncryption, ObjectLockRetention, ObjectOwnership, type CfnBucket,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { LOG_RETENTION_DAYS } from '../core/policy';
import { accept, NOT_REPLICATED } from './accepted-findings';

/** How the copy of the log in S3 is protected. */
export interface LogArchiveSettings {
  /**
   * `governance`: the bucket's policy lets nobody delete or change an object before its time; an administrator could
   * change that policy first. `compliance` CANNOT BE UNDONE: no one, not even the root user or AWS, can delete an object
   * before its time, and you pay for it until then.
   */
  readonly mode: 'governance' | 'compliance';
  /** Days that an object cannot be deleted or changed. It stays after that too, until somebody deletes it. */
  readonly lockDays: number;
}

export interface ArchiveBucketProps extends LogArchiveSettings {
  readonly encryptionKey: IKey;
}

/** A bucket from which nobody removes an object before its time, and a log, kept as safely, of who accesses it. Internal. */
export class ArchiveBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: ArchiveBucketProps) {
    super(scope, id);
    const { mode, lockDays, encryptionKey } = props;
    const retention = Duration.days(lockDays);
    this.bucket = new Bucket(this, 'Bucket', {
      objectLockDefaultRetention:
        mode === 'compliance' ? ObjectLockRetention.compliance(retention) : ObjectLockRetention.governance(retention),
      versioned: true,
      encryption: BucketEncryption.KMS,
      encryptionKey,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(7) }],
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    for (const bucket of [this.bucket, this.logAccess(encryptionKey)]) {
      denyTampering(bucket);
      // Without its policy the bucket that stays behind would be less protected than before.
      bucket.policy!.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    }
  }

  /** Denies everyone else to add to the archive or to put a version on top of another: what is in it came from the log. */
  onlyWrittenBy(role: IRole): void {
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'NobodyElseWrites',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects('*')],
        conditions: { ArnNotEquals: { 'aws:PrincipalArn': role.roleArn } },
      }),
    );
  }

  /** Not by `serverAccessLogsBucket`, which depends on feature flags of the app in whether it uses a policy or an ACL. */
  private logAccess(encryptionKey: IKey): Bucket {
    const { bucket } = this;
    // Not a setting: nobody can change it later, see below.
    const kept = Duration.days(LOG_RETENTION_DAYS);
    const accessLog = new Bucket(this, 'AccessLog', {
      // S3 delivers to a bucket with a customer managed key whose policy lets it (aws/aws-cdk#25350), and to one with Object
      // Lock as long as that has no default retention.
      encryption: BucketEncryption.KMS,
      encryptionKey,
      bucketKeyEnabled: true,
      objectLockEnabled: true,
      versioned: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      lifecycleRules: [{
        expiration: kept,
        noncurrentVersionExpiration: kept,
        abortIncompleteMultipartUploadAfter: Duration.days(7),
      }],
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    accessLog.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AccessLogDelivery',
        principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [accessLog.arnForObjects('*')],
        conditions: { ArnLike: { 'aws:SourceArn': [bucket.bucketArn, accessLog.bucketArn] }, StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    resourceOf(bucket).loggingConfiguration = { destinationBucketName: accessLog.bucketName, logFilePrefix: 'archive/' };
    // Its own accesses go to itself, since whoever tampers with the evidence begins with the log of it. S3 delivers in batches,
    // so that writing about what was written stays a trickle.
    resourceOf(accessLog).loggingConfiguration = { logFilePrefix: 'itself/' };
    accept(bucket.node.defaultChild as CfnBucket, NOT_REPLICATED);
    accept(accessLog.node.defaultChild as CfnBucket, NOT_REPLICATED);
    // Free, and lets others react to what happens to the evidence. `eventBridgeEnabled` would bring a Lambda function.
    for (const one of [bucket, accessLog]) {
      resourceOf(one).notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
    }
    return accessLog;
  }
}

/**
 * CloudFormation sends the policy after it has made the bucket with its lock, lifecycle, log and notifications, so the denials
 * do not stand in its way then. A later change of any of them is denied to it as to everyone: the policy has to be changed
 * first, by hand. What a lifecycle removes is not subject to the policy, so it may not be changed either.
 * S3 itself refuses to suspend versioning, and to delete a bucket that holds objects.
 */
function denyTampering(bucket: Bucket): void {
  const deny = (sid: string, actions: string[], resource: string) =>
    bucket.addToResourcePolicy(
      new PolicyStatement({ sid, effect: Effect.DENY, principals: [new AnyPrincipal()], actions, resources: [resource] }),
    );
  deny(
    'NobodyRemovesEvidence',
    ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention', 's3:PutObjectRetention', 's3:PutObjectLegalHold'],
    bucket.arnForObjects('*'),
  );
  deny(
    'NobodyLoosensTheArchive',
    [
      's3:PutBucketObjectLockConfiguration', 's3:PutLifecycleConfiguration', 's3:PutReplicationConfiguration',
      's3:PutEncryptionConfiguration', 's3:PutBucketLogging', 's3:PutBucketNotification',
    ],
    bucket.bucketArn,
  );
}

function resourceOf(bucket: Bucket): CfnBucket {
  return bucket.node.defaultChild as CfnBucket;
}
