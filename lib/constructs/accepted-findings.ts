import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** A rule of a public rule set that the kit does not satisfy somewhere, and why that is right. */
export interface AcceptedFinding {
  /** The rule under each name that rule sets give it, as `Validations.acknowledge` wants it: set, then id. */
  readonly rules: readonly string[];
  /** What a security reviewer is told. */
  readonly reason: string;
}

const nag = (rule: string, ...packs: readonly string[]) => packs.map((pack) => `${pack}::${pack}-${rule}`);
const solutions = (id: string) => nag(id, 'AwsSolutions');
const guard = (rule: string) => `cdk-validator-cfnguard::${rule}`;
const [NIST, HIPAA, PCI] = ['NIST.800.53.R5', 'HIPAA.Security', 'PCI.DSS.321'];

export const WILDCARD_RESOURCE: AcceptedFinding = {
  rules: solutions('IAM5'),
  reason:
    'Accepted one resource at a time: either the action names no resource (X-Ray, Systems Manager channels, ECR sign-in), or what it names is ' +
    'made at run time and the prefix is the narrowest there is (objects of one bucket, streams of one log group, snapshots of AWS Backup, sessions).',
};
export const SINGLE_ZONE: AcceptedFinding = {
  rules: [...solutions('RDS3'), ...nag('RDSMultiAZSupport', NIST, HIPAA), guard('rds_instance_multi_az_support_check')],
  reason:
    'A replica, a staging clone and a database for evaluation can be made again from production, so a standby would double their price and ' +
    'protect nothing. Multi-AZ of the real production database is reported by the check of every deployment.',
};
export const INHERITED_ENCRYPTION: AcceptedFinding = {
  rules: [
    ...solutions('RDS2'),
    ...nag('RDSStorageEncrypted', NIST, HIPAA, PCI),
    guard('rds_instance_storage_encrypted_check'),
    guard('rds_storage_encrypted_kms_key_check'),
  ],
  reason:
    'A replica or a restored copy inherits encryption and key from production, and CloudFormation refuses both properties there. The check of ' +
    'every deployment stops unless production is encrypted.',
};
export const NOT_IN_BACKUP_PLAN: AcceptedFinding = {
  rules: nag('RDSInBackupPlan', NIST, HIPAA),
  reason:
    'The recovery points are those of production. A copy of production in the vault under another name would be one more unmasked copy to guard, ' +
    'and nothing could be restored from it that cannot be restored from production.',
};
export const REPLICA_WITHOUT_BACKUPS: AcceptedFinding = {
  rules: [guard('rds_instance_backup_enabled_check')],
  reason: 'A replica is made without a backup retention of its own: its contents are those of production, whose automated backups every deployment checks.',
};
export const END_OF_THE_LINE: AcceptedFinding = {
  rules: [...solutions('SQS3'), ...nag('SQSRedrivePolicy', 'Serverless'), guard('sqs_dlq_check')],
  reason: 'The queue is itself the dead-letter queue of the alarm topic and of the rule that tells of failed backups; a dead-letter queue has none of its own.',
};
export const NO_RESERVED_CONCURRENCY: AcceptedFinding = {
  rules: nag('LambdaConcurrency', NIST, HIPAA),
  reason:
    'Only CloudFormation calls the function, once in a deployment. A new account has a concurrency of 10 in all and cannot reserve any of it, so a ' +
    'reservation would make the deployment fail there.',
};
export const OUTSIDE_VPC: AcceptedFinding = {
  rules: [...nag('LambdaInsideVPC', NIST, HIPAA, PCI), guard('lambda_inside_vpc_check')],
  reason:
    'The function talks to a control plane of AWS only. In a network it would need an endpoint of that control plane beside the databases, and would ' +
    'have a path to databases that it must not have.',
};
export const NOT_REPLICATED: AcceptedFinding = {
  rules: nag('S3BucketReplicationEnabled', NIST, HIPAA, PCI),
  reason:
    'Object Lock keeps every version of the archive from being changed or deleted. A second copy in another Region costs as much again and is a ' +
    "decision of the account's owner, who can add a replication rule to the bucket.",
};
export const HOST_WITHOUT_TERMINATION_PROTECTION: AcceptedFinding = {
  rules: solutions('EC29'),
  reason:
    'CloudFormation cannot terminate a protected instance: after each update of its image an old host, with its way to the replica, would stay ' +
    'running outside the stack. The host holds no data and can be made again at any time.',
};
export const HOST_IN_A_SUBNET: AcceptedFinding = {
  rules: [guard('ec2_instance_no_public_ip_check')],
  reason:
    'The rule forbids SubnetId, which NIST, HIPAA and PCI demand. The subnet gives no public addresses, and its network has no internet gateway.',
};
export const HOST_OF_A_SMALL_TYPE: AcceptedFinding = {
  rules: [guard('ec2_instance_nitro_encryption_in_transit_check')],
  reason:
    'What passes through the host is TLS from client to database, which the database forces, inside the encrypted channel of Session Manager. The ' +
    'cheapest type that encrypts once more costs eight times as much.',
};

/** Every finding that the kit accepts anywhere. A test holds the number down and checks that each is still needed. */
export const ACCEPTED: readonly AcceptedFinding[] = [
  WILDCARD_RESOURCE,
  SINGLE_ZONE,
  INHERITED_ENCRYPTION,
  NOT_IN_BACKUP_PLAN,
  REPLICA_WITHOUT_BACKUPS,
  END_OF_THE_LINE,
  NO_RESERVED_CONCURRENCY,
  OUTSIDE_VPC,
  NOT_REPLICATED,
  HOST_WITHOUT_TERMINATION_PROTECTION,
  HOST_IN_A_SUBNET,
  HOST_OF_A_SMALL_TYPE,
];

/** Records on one resource that findings are accepted there, so that a report shows them with their reason. */
export function accept(resource: IConstruct, ...findings: readonly AcceptedFinding[]): void {
  for (const { rules, reason } of findings) {
    for (const id of rules) Validations.of(resource).acknowledge({ id, reason });
  }
}

/** Accepts wildcards in a policy, each resource by the exact text that a finding names it with. */
export function acceptWildcards(policy: IConstruct, ...resources: readonly string[]): void {
  for (const resource of resources) {
    for (const rule of WILDCARD_RESOURCE.rules) {
      Validations.of(policy).acknowledge({ id: `${rule}[Resource::${asFindingsNameIt(policy, resource)}]`, reason: WILDCARD_RESOURCE.reason });
    }
  }
}

/** `<Id.Attribute>` for a reference, as in the findings of cdk-nag. */
function asFindingsNameIt(scope: IConstruct, resource: string): string {
  const text = (value: unknown): string => {
    if (typeof value === 'string') return value;
    const { Ref, 'Fn::GetAtt': getAtt, 'Fn::Join': join } = value as { Ref?: string; 'Fn::GetAtt'?: string[]; 'Fn::Join'?: [string, unknown[]] };
    if (join) return join[1].map(text).join(join[0]);
    return `<${Ref ?? getAtt?.join('.') ?? ''}>`;
  };
  return text(Stack.of(scope).resolve(resource));
}
