import { samePrincipal } from './principal';

/** An agent, and the roles and users that may take it on. */
export interface TakenOnBy {
  readonly name: string;
  readonly principals: readonly string[];
}

/**
 * Each approver who could also act as an agent, as a sentence. Equal text counts as the same identity too, so that ARNs
 * which are not known before deployment can be compared with themselves.
 */
export function selfApprovals(agents: readonly TakenOnBy[], approvers: readonly string[]): string[] {
  return approvers.flatMap((approver) =>
    agents
      .filter((agent) => agent.principals.some((arn) => arn === approver || samePrincipal(arn, approver)))
      .map((agent) => `approver '${approver}' may take on agent ${agent.name}; name an approver who cannot propose what they approve`),
  );
}
