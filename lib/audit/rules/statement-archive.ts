import { arnOf } from '../identities';
import { at, atLeast, is, listOf, property, unless, type Certainty } from '../look';
import type { Assembly, Finding, Resource } from '../model';
import { nobodyMay } from '../nobody-may';
import { resourcePolicyOf } from '../resource-policies';
import { keyNamed, keyProblems } from './key-problems';

/** Calls on objects that would lose or forge evidence, and calls on the bucket that would loosen it. */
const ON_OBJECTS = ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention', 's3:PutObjectRetention', 's3:PutObjectLegalHold'] as const;
const ON_BUCKET = ['s3:PutBucketObjectLockConfiguration', 's3:PutLifecycleConfiguration', 's3:PutReplicationConfiguration', 's3:PutEncryptionConfiguration', 's3:PutBucketLogging', 's3:PutBucketNotification'] as const;

/** Below this a lock ends before most incidents are found. */
const MINIMUM_LOCK_DAYS = 30;

/** What the bucket lacks that holds the record: nobody may remove, change or add to what is in it. */
export function archiveProblems(rule: string, assembly: Assembly, bucket: Resource): Finding[] {
  const stack = assembly.stacks.find(({ id }) => id === bucket.stack)!;
  const name = `the archive ${bucket.logicalId}`;
  const policy = resourcePolicyOf(assembly).get(bucket.id) ?? [];
  const arn = arnOf(bucket, stack) ?? '';
  const has = (holds: Certainty, because: string, fix: string) => unless(holds, { rule, subject: bucket, because, fix });
  const named = at(bucket.properties, 'BucketEncryption', 'ServerSideEncryptionConfiguration', 0, 'ServerSideEncryptionByDefault', 'KMSMasterKeyID');
  const key = keyNamed(assembly, named);
  const retention = at(bucket.properties, 'ObjectLockConfiguration', 'Rule', 'DefaultRetention');
  const days = at(retention, 'Days') === undefined ? atLeast(at(retention, 'Years'), 1) : atLeast(at(retention, 'Days'), MINIMUM_LOCK_DAYS);
  return [
    ...has(is(property(bucket, 'ObjectLockEnabled'), true), `${name} has no Object Lock`, 'set ObjectLockEnabled to true; that makes a new bucket, so keep the old one'),
    ...has(days, `${name} locks what is put into it for fewer than ${MINIMUM_LOCK_DAYS} days, or not at all`, `set a DefaultRetention of ${MINIMUM_LOCK_DAYS} days or more`),
    ...has(is(at(bucket.properties, 'VersioningConfiguration', 'Status'), 'Enabled'), `${name} keeps no versions`, 'set VersioningConfiguration.Status to Enabled'),
    ...has(named !== undefined, `${name} is encrypted with no key of yours`, 'set BucketEncryption with a KMSMasterKeyID'),
    ...(key ? keyProblems(rule, assembly, key, name) : []),
    ...['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'].flatMap((block) =>
      has(is(at(bucket.properties, 'PublicAccessBlockConfiguration', block), true), `${name} does not ${wording(block)}`, `set ${block} to true`)),
    ...ON_OBJECTS.flatMap((action) =>
      has(nobodyMay(action, `${arn}/any`, stack, policy), `the policy of ${name} denies ${action} not to everybody`, `deny ${action} to * in its bucket policy`)),
    ...ON_BUCKET.flatMap((action) =>
      has(nobodyMay(action, arn, stack, policy), `the policy of ${name} denies ${action} not to everybody`, `deny ${action} to * in its bucket policy`)),
    ...has(
      nobodyMay('s3:PutObject', `${arn}/any`, stack, policy, {
        'aws:PrincipalArn': `arn:${stack.partition}:iam::${stack.account}:role/anybody`,
      }),
      `anybody with the permission can add objects to ${name}, so that the record can be forged`, 'deny s3:PutObject to all but the role of its delivery stream',
    ),
    ...has(
      nobodyMay('s3:GetObject', `${arn}/any`, stack, policy, { 'aws:SecureTransport': 'false' }),
      `${name} is read without TLS`, 'deny s3:* where aws:SecureTransport is false',
    ),
    ...expiry(rule, bucket, name),
  ];
}

/** A lifecycle rule is not subject to the bucket's policy: what it removes too soon is gone. */
function expiry(rule: string, bucket: Resource, name: string): Finding[] {
  const rules = listOf(at(bucket.properties, 'LifecycleConfiguration', 'Rules')).filter((one) => at(one, 'Status') !== 'Disabled');
  const soon = rules.filter((one) => {
    const days = [at(one, 'ExpirationInDays'), at(one, 'NoncurrentVersionExpiration', 'NoncurrentDays'), at(one, 'NoncurrentVersionExpirationInDays')];
    return days.some((value) => value !== undefined && atLeast(value, MINIMUM_LOCK_DAYS) !== true) || at(one, 'ExpirationDate') !== undefined;
  });
  return unless(soon.length === 0, { rule, subject: bucket, because: `a lifecycle rule of ${name} removes objects within ${MINIMUM_LOCK_DAYS} days`, fix: 'remove the expiry from its lifecycle rules' });
}

function wording(block: string): string {
  return block.replace(/([A-Z])/g, ' $1').trim().toLowerCase();
}
