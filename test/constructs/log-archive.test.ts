import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key, type IKey } from 'aws-cdk-lib/aws-kms';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { LogArchive } from '../../lib/constructs/log-archive';

function build(mode: 'governance' | 'compliance' = 'governance') {
  const stack = new Stack(new App(), 'Shop', { env: { account: '111122223333', region: 'eu-central-1' } });
  const encryptionKey: IKey = new Key(stack, 'Key');
  const archive = new LogArchive(stack, 'Archive', { mode, lockDays: 365, retentionDays: 365, encryptionKey });
  const group = new CfnLogGroup(stack, 'Group');
  archive.subscribe(stack, 'Subscription', group);
  const bucketId = stack.getLogicalId(archive.bucket.node.defaultChild as CfnBucket);
  return { stack, archive, encryptionKey, group, bucketId, template: Template.fromStack(stack) };
}

/** Statements of the archive's bucket policy, by their Sid. */
function bucketPolicy({ template, bucketId }: ReturnType<typeof build>) {
  const [policy] = Object.values(template.findResources('AWS::S3::BucketPolicy', { Properties: { Bucket: { Ref: bucketId } } }));
  return {
    policy: policy!,
    statement: (sid: string) => policy!.Properties.PolicyDocument.Statement.find((one: { Sid?: string }) => one.Sid === sid),
  };
}

describe('the bucket', () => {
  test('locks every object in it for the asked time, in the asked mode', () => {
    for (const mode of ['governance', 'compliance'] as const) {
      const { template, bucketId } = build(mode);
      expect(template.findResources('AWS::S3::Bucket')[bucketId]!.Properties).toMatchObject({
        ObjectLockEnabled: true,
        ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: mode.toUpperCase(), Days: 365 } } },
        VersioningConfiguration: { Status: 'Enabled' },
      });
    }
  });

  test('is private, encrypted with the key, logged, and stays with its policy when the stack goes', () => {
    const built = build();
    const { stack, template, bucketId, encryptionKey } = built;

    expect(template.findResources('AWS::S3::Bucket')[bucketId]).toMatchObject({
      Properties: {
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: stack.resolve(encryptionKey.keyArn) } },
          ],
        },
        LoggingConfiguration: { LogFilePrefix: 'archive/' },
      },
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
    expect(bucketPolicy(built).policy).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
  });

  test('nobody can delete an object, lift its retention or put a marker of deletion on it', () => {
    expect(bucketPolicy(build()).statement('NobodyRemovesEvidence')).toMatchObject({
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention', 's3:PutObjectRetention', 's3:PutObjectLegalHold'],
    });
  });

  test('nobody can loosen the lock, let objects expire, send them elsewhere, change their key, or end the log of access and its events', () => {
    expect(bucketPolicy(build()).statement('NobodyLoosensTheArchive')).toMatchObject({
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: [
        's3:PutBucketObjectLockConfiguration', 's3:PutLifecycleConfiguration', 's3:PutReplicationConfiguration', 's3:PutEncryptionConfiguration',
        's3:PutBucketLogging', 's3:PutBucketNotification',
      ],
    });
  });

  test('only Firehose, with the role of this archive, writes into it', () => {
    const built = build();
    const { Properties } = Object.values(built.template.findResources('AWS::KinesisFirehose::DeliveryStream'))[0]!;

    expect(bucketPolicy(built).statement('NobodyElseWrites')).toMatchObject({
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: 's3:PutObject',
      Condition: { ArnNotEquals: { 'aws:PrincipalArn': Properties.ExtendedS3DestinationConfiguration.RoleARN } },
    });
  });

  test('answers over TLS only', () => {
    expect(bucketPolicy(build()).policy.Properties.PolicyDocument.Statement).toContainEqual(
      expect.objectContaining({ Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    );
  });

  test('its lifecycle removes nothing but abandoned uploads', () => {
    const { template, bucketId } = build();

    expect(template.findResources('AWS::S3::Bucket')[bucketId]!.Properties.LifecycleConfiguration.Rules).toEqual([
      { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 }, Status: 'Enabled' },
    ]);
  });
});

describe('the log of access to the archive', () => {
  const accessLog = () => {
    const { template, bucketId } = build();
    const [id, bucket] = Object.entries(template.findResources('AWS::S3::Bucket')).find(([each]) => each !== bucketId)!;
    const [policy] = Object.values(template.findResources('AWS::S3::BucketPolicy', { Properties: { Bucket: { Ref: id } } }));
    return { id, bucket, policy: policy!, statement: (sid: string) => policy!.Properties.PolicyDocument.Statement.find((one: { Sid?: string }) => one.Sid === sid) };
  };

  test('cannot be emptied by anyone, neither by deleting nor by a lifecycle that would', () => {
    const { id, statement } = accessLog();
    expect(statement('NobodyRemovesEvidence')).toMatchObject({
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: expect.arrayContaining(['s3:DeleteObject', 's3:DeleteObjectVersion']),
      Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [id, 'Arn'] }, '/*']] },
    });
    expect(statement('NobodyLoosensTheArchive')).toMatchObject({
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: expect.arrayContaining(['s3:PutLifecycleConfiguration', 's3:PutBucketLogging', 's3:PutBucketNotification']),
      Resource: { 'Fn::GetAtt': [id, 'Arn'] },
    });
  });

  test('expires after a year, whatever the settings: nobody could change that later', () => {
    expect(accessLog().bucket.Properties.LifecycleConfiguration.Rules).toEqual([
      expect.objectContaining({ ExpirationInDays: 365, NoncurrentVersionExpiration: { NoncurrentDays: 365 } }),
    ]);
  });

  test('stays with its policy when the stack goes', () => {
    for (const part of [accessLog().bucket, accessLog().policy]) {
      expect(part).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
    }
  });
});

test('who accesses the archive is logged, by S3 for this bucket only', () => {
  const { stack, archive, template } = build();

  template.hasResourceProperties('AWS::S3::BucketPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Principal: { Service: 'logging.s3.amazonaws.com' },
          Action: 's3:PutObject',
          Condition: {
            ArnLike: { 'aws:SourceArn': [stack.resolve(archive.bucket.bucketArn), { 'Fn::GetAtt': [Match.stringLikeRegexp('AccessLog'), 'Arn'] }] },
            StringEquals: { 'aws:SourceAccount': '111122223333' },
          },
        }),
      ]),
    },
  });
});

describe('the way into the archive', () => {
  test('is encrypted, keeps lines as CloudWatch compressed them, and logs what it could not deliver', () => {
    const { stack, archive, template, encryptionKey } = build();
    const key = stack.resolve(encryptionKey.keyArn);

    template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamType: 'DirectPut',
      DeliveryStreamEncryptionConfigurationInput: { KeyType: 'CUSTOMER_MANAGED_CMK', KeyARN: key },
      ExtendedS3DestinationConfiguration: {
        BucketARN: stack.resolve(archive.bucket.bucketArn),
        CompressionFormat: 'UNCOMPRESSED',
        FileExtension: '.gz',
        ProcessingConfiguration: Match.absent(),
        EncryptionConfiguration: { KMSEncryptionConfig: { AWSKMSKeyARN: key } },
        CloudWatchLoggingOptions: { Enabled: true },
      },
    });
  });

  test('a subscription sends every line', () => {
    const { stack, archive, group, template } = build();

    template.hasResourceProperties('AWS::Logs::SubscriptionFilter', {
      LogGroupName: stack.resolve(group.ref),
      FilterName: 'cdk-agent-db-guardrails-archive',
      FilterPattern: '',
      DestinationArn: stack.resolve(archive.stream.attrArn),
    });
  });

  test('CloudWatch Logs may send to this stream only, and only for log groups of this account', () => {
    const { template } = build();

    template.hasResourceProperties('AWS::IAM::Role', {
      Description: 'CloudWatch Logs sends statement logs to the archive',
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Principal: { Service: 'logs.amazonaws.com' },
            Condition: { ArnLike: { 'aws:SourceArn': { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':logs:eu-central-1:111122223333:*']] } } },
          }),
        ],
      },
    });
    const { DeliveryStreamName } = Object.values(template.findResources('AWS::KinesisFirehose::DeliveryStream'))[0]!.Properties;
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: ['firehose:PutRecord', 'firehose:PutRecordBatch'],
            Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:firehose:eu-central-1:111122223333:deliverystream/${DeliveryStreamName}`]] },
          },
        ],
      },
    });
  });

  test('Firehose may write with its role for this account only, and cannot delete', () => {
    const { template } = build();

    template.hasResourceProperties('AWS::IAM::Role', {
      Description: 'Firehose writes statement logs to the archive',
      AssumeRolePolicyDocument: { Statement: [Match.objectLike({ Condition: { StringEquals: { 'sts:ExternalId': '111122223333' } } })] },
    });
    const policies = JSON.stringify(template.findResources('AWS::IAM::ManagedPolicy'));
    expect(policies).toContain('s3:PutObject');
    expect(policies).not.toMatch(/s3:Delete|s3:Bypass|PutObjectRetention/);
  });

  test('its sender exists a while before the first subscription, which is tried out at once', () => {
    const { template } = build();
    const [stream] = Object.values(template.findResources('AWS::KinesisFirehose::DeliveryStream'));
    const [sender] = Object.keys(template.findResources('AWS::IAM::Role', { Properties: { Description: 'CloudWatch Logs sends statement logs to the archive' } }));

    expect(stream!.DependsOn).toContain(sender);
  });
});
