import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { KEY_DELETION_WINDOW_DAYS } from '../core/policy';

export interface GuardrailsKeyProps {
  readonly description: string;
  /**
   * What services may do with the key, beside what IAM allows principals of the account.
   * @default - nothing
   */
  readonly statements?: readonly PolicyStatement[];
}

/**
 * A key that nobody can delete or disable, so that what it encrypts stays readable: not the agents, not the deployer, not
 * an administrator in one step. Rotated every year. Internal.
 *
 * It stays when the stack goes, also after a first deployment that failed, and costs $1 a month. Whoever really has to
 * delete it edits the key's policy first; CloudTrail shows that as `PutKeyPolicy`.
 */
export class GuardrailsKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string, props: GuardrailsKeyProps) {
    super(scope, id);
    this.key = new Key(this, 'Resource', {
      description: props.description,
      enableKeyRotation: true,
      pendingWindow: Duration.days(KEY_DELETION_WINDOW_DAYS),
      // Not "retain except on create": a rollback would try to schedule the deletion, which the policy denies, and get stuck.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'NobodyDestroysTheKey',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['kms:ScheduleKeyDeletion', 'kms:DisableKey', 'kms:DisableKeyRotation', 'kms:DeleteImportedKeyMaterial'],
        resources: ['*'],
      }),
    );
    this.key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'GrantsForAwsServicesOnly',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['kms:CreateGrant'],
        resources: ['*'],
        // A grant bypasses this policy, so only AWS services get one, on behalf of whoever asked them for something.
        conditions: { BoolIfExists: { 'kms:GrantIsForAWSResource': 'false', 'aws:PrincipalIsAWSService': 'false' } },
      }),
    );
    for (const statement of props.statements ?? []) this.key.addToResourcePolicy(statement);
  }
}
