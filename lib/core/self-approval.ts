import { samePrincipal } from './principal';

/** An agent, and the roles and users that may take it on. */
export interface TakenOnBy {
  readonly name: string;
  readonly principals: readonly string[];
}

/** How ARNs that are not known before deployment are compared, and shown. */
export interface Identities {
  readonly same: (one: string, other: string) => boolean;
  readonly readable: (arn: string) => string;
}

const AS_WRITTEN: Identities = { same: (one, other) => one === other || samePrincipal(one, other), readable: (arn) => arn };

/** Each approver who could also act as an agent, as a sentence. Equal text counts as the same identity too. */
export function selfApprovals(agents: readonly TakenOnBy[], approvers: readonly string[], { same, readable } = AS_WRITTEN): string[] {
  return approvers.flatMap((approver) =>
    agents
      .filter((agent) => agent.principals.some((arn) => same(arn, approver)))
      .map((agent) => `approver '${readable(approver)}' may take on agent ${agent.name}; name an approver who cannot propose what they approve`),
  );
}
