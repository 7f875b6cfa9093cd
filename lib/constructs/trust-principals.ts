import { Stack, Token } from 'aws-cdk-lib';
import {
  ArnPrincipal, CfnRole, CfnUser, PolicyStatement, ServicePrincipal, type IPrincipal, type PolicyDocument,
} from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Conditions } from '../core/agent-statement';
import { principalOf, samePrincipal } from '../core/principal';
import { referenceOf, sameValue } from './same-value';

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

/**
 * Whether two ARNs name the same role or user, one or both of this app. Where the account of a stack is not known it could
 * be any, so the same name is the same identity. A name that CloudFormation makes up is known to nobody before deployment.
 */
export function sameIdentity(one: string, other: string): boolean {
  if (sameValue(one, other) || samePrincipal(one, other)) return true;
  const [a, b] = [identityOf(one), identityOf(other)];
  return a !== undefined && b !== undefined && a.kind === b.kind && a.name.toLowerCase() === b.name.toLowerCase() &&
    (a.account === undefined || b.account === undefined || a.account === b.account);
}

/** An ARN for people: of a role or user of this app, its path there. */
export function readable(arn: string): string {
  return referenceOf(arn)?.target.node.path ?? (Token.isUnresolved(arn) ? 'a role of this app' : arn);
}

/** The account is left out where it is not known. */
interface Identity {
  readonly account?: string;
  readonly kind: 'role' | 'user';
  readonly name: string;
}

function identityOf(arn: string): Identity | undefined {
  const reference = referenceOf(arn);
  if (reference) return identityOfResource(reference.target);
  // `Role.fromRoleName` writes an ARN whose partition, and sometimes whose account, are tokens.
  const [, account, kind, name] = /^arn:[^:]+:iam::([^:]+):(role|user)\/(?:[^:]+\/)?([\w+=,.@-]+)$/.exec(arn) ?? [];
  if (name !== undefined && Token.isUnresolved(arn)) return { account: known(account), kind: kind as Identity['kind'], name };
  return principalOf(arn);
}

function identityOfResource(resource: object): Identity | undefined {
  if (resource instanceof CfnRole) return named('role', resource.roleName, resource.stack);
  return resource instanceof CfnUser ? named('user', resource.userName, resource.stack) : undefined;
}

function named(kind: Identity['kind'], name: string | undefined, { account }: Stack): Identity | undefined {
  return known(name) === undefined ? undefined : { account: known(account), kind, name: name! };
}

function known(value: string | undefined): string | undefined {
  return value === undefined || Token.isUnresolved(value) ? undefined : value;
}
