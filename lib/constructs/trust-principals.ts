import { Stack } from 'aws-cdk-lib';
import { ArnPrincipal, PolicyStatement, ServicePrincipal, type IPrincipal, type PolicyDocument } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Conditions } from '../core/agent-policy';

/** A role or user that has to set a source identity when it takes on the role. */
export class AccountedPrincipal extends ArnPrincipal {
  constructor(arn: string, private readonly required: Conditions) {
    super(arn);
  }

  override addToAssumeRolePolicy(document: PolicyDocument): void {
    const actions = ['sts:AssumeRole', 'sts:SetSourceIdentity'];
    document.addStatements(new PolicyStatement({ principals: [new ArnPrincipal(this.arn)], actions, conditions: this.required }));
  }
}

/** A service of AWS, on behalf of this account and Region only: otherwise another account could have it act for them. */
export function serviceOfThisAccount(scope: Construct, name: string, arnService: string): IPrincipal {
  const stack = Stack.of(scope);
  return new ServicePrincipal(`${name}.amazonaws.com`).withConditions({
    StringEquals: { 'aws:SourceAccount': stack.account },
    ArnLike: { 'aws:SourceArn': stack.formatArn({ service: arnService, resource: '*' }) },
  });
}
