import { Token } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { principalOf } from '../core/principal';
import { AgentAccess } from './agent-access';
import { refuse } from './invalid';
import { readable, sameIdentity } from './trust-principals';

/**
 * A person, or a group of people who share a role, who may approve changes to production. Never an agent, as far as an app
 * can tell: `AgentDatabaseGuardrails` refuses an approver that is the role of any agent of the app, or that takes on one of
 * its own agents, by reference or by name.
 *
 * What nobody can tell before deployment: that an ARN written as text is that of a role whose name CloudFormation makes up,
 * and who else may take on the approver's role. Its trust policy must not let an agent's caller in.
 */
export class ApproverTrust {
  /** Everyone who may take on the role. */
  static role(role: IRole): ApproverTrust {
    const agent = role.node.scopes.find((scope) => scope instanceof AgentAccess);
    return new ApproverTrust(role.roleArn, agent?.name);
  }

  /**
   * One IAM role, one IAM user, or one session of a role (`arn:aws:sts::…:assumed-role/ROLE/SESSION`). For a person who
   * signs in with IAM Identity Center the session's name is the user name, so a session ARN names that one person.
   */
  static principalArn(arn: string): ApproverTrust {
    return new ApproverTrust(arn, undefined);
  }

  private constructor(readonly arn: string, private readonly agent: string | undefined) {}

  /** Checks the approver. */
  bind(scope: Construct): { readonly arn: string } {
    refuse(scope, [
      { when: this.agent !== undefined, say: `approver is the role of agent ${this.agent}; name a person` },
      {
        when: !Token.isUnresolved(this.arn) && principalOf(this.arn) === undefined,
        say: `approver is '${this.arn}'; write the ARN of one IAM role, user or role session (no account root, no wildcards)`,
      },
    ]);
    return { arn: this.arn };
  }
}

/** Refuses, when the template is written, approvers that are the role of any agent of the app, of whichever database. */
export function refuseAgentsAsApprovers(scope: Construct, approvers: readonly ApproverTrust[]): void {
  scope.node.addValidation({
    validate: () => {
      const agents = scope.node.root.node.findAll().filter((construct) => construct instanceof AgentAccess);
      return approvers.flatMap(({ arn }) =>
        agents
          .filter((agent) => sameIdentity(arn, agent.role.roleArn))
          .map((agent) => `approver '${readable(arn)}' is the role of agent ${agent.name} (${agent.node.path}); name a person`));
    },
  });
}
