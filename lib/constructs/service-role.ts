import { ManagedPolicy, Role, type IPrincipal, type IRole, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acceptWildcards } from './accepted-findings';

export interface ServiceRoleProps {
  /** Who takes the role on: a service, with the conditions that keep another account from borrowing it. */
  readonly assumedBy: IPrincipal;
  readonly description: string;
  /** Everything the role may do. */
  readonly statements: readonly PolicyStatement[];
  /**
   * Resources in the statements that are wildcards and cannot be narrower: a finding on any other stays a finding.
   * @default - none
   */
  readonly wildcards?: readonly string[];
}

/**
 * A role for an AWS service or one of the kit's functions: exactly the given statements, in one managed policy.
 * Grants that other constructs try to add have no effect, so what the role may do is read in one place.
 */
export class ServiceRole extends Construct {
  /** The role. Whoever waits for it waits for its permissions too. */
  readonly role: IRole;

  constructor(scope: Construct, id: string, props: ServiceRoleProps) {
    super(scope, id);
    const policy = new ManagedPolicy(this, 'Policy', { description: props.description, statements: [...props.statements] });
    acceptWildcards(policy, ...(props.wildcards ?? []));
    this.role = new Role(this, 'Role', {
      assumedBy: props.assumedBy,
      description: props.description,
      managedPolicies: [policy],
    }).withoutPolicyUpdates();
  }
}
