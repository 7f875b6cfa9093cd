import { principalsOf, type Principal } from './identity';
import type { AuditModel } from './model';
import { statementsOf, type Statement } from './policy-document';

/** The agents of a model as IAM sees them. */
export function agentsOf(model: AuditModel): readonly Principal[] {
  return everyPrincipal(model).filter(({ id }) => model.subjects.agents.includes(id));
}

const PRINCIPALS = new WeakMap<AuditModel, readonly Principal[]>();

/** All principals; worked out once for a model, since every rule about identities asks. */
export function everyPrincipal(model: AuditModel): readonly Principal[] {
  const known = PRINCIPALS.get(model);
  if (known) return known;
  const serviceControl = model.serviceControl.map((document, index) => statementsOf(document as never, `service control policy ${index + 1}`).statements);
  const principals = principalsOf(model.assembly, serviceControl);
  PRINCIPALS.set(model, principals);
  return principals;
}

/** What an agent's role can use at most: what its boundary allows or, without one, what its policies do. */
export const mostAllowed = ({ policies }: Principal): readonly Statement[] => (policies.boundary ?? policies.identity).filter(({ effect }) => effect === 'Allow');
