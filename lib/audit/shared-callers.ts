import type { Principal } from './identity';
import type { Text } from './model';
import type { Condition, NamedPrincipal, Statement } from './policy-document';
import { matches } from './text-match';

/** Somebody who may take on two roles. */
export interface SharedCaller {
  readonly value: Text;
  /** A token is whoever holds it; a role that takes both on need not let the one have what it has as the other. */
  readonly certain: boolean;
}

/** Who may take both roles on: the same role or user, or those for whom one identity provider vouches in the same words. */
export function sharedCallers(one: Principal, other: Principal): readonly SharedCaller[] {
  return allowed(one).flatMap((mine) => allowed(other).flatMap((theirs) => {
    const both = mine.principal.kind === theirs.principal.kind && !disjoint(mine.statement, theirs.statement) ? common(mine.principal, theirs.principal) : undefined;
    return both ? [both] : [];
  }));
}

interface Caller {
  readonly principal: NamedPrincipal;
  readonly statement: Statement;
}

const allowed = ({ trust }: Principal): readonly Caller[] => trust.filter(({ effect, principals }) => effect === 'Allow' && principals?.except === false)
  .flatMap((statement) => statement.principals!.list.map((principal) => ({ principal, statement })));

function common(mine: NamedPrincipal, theirs: NamedPrincipal): SharedCaller | undefined {
  if (mine.value !== theirs.value) return undefined;
  if (mine.kind === 'Federated') return { value: mine.value, certain: true };
  // An account leaves it to its own policies who takes on which.
  return mine.kind === 'AWS' && /:(role|user|assumed-role)\//.test(mine.value) ? { value: mine.value, certain: false } : undefined;
}

/** Whether no token and no caller can meet the conditions of both. */
function disjoint(one: Statement, other: Statement): boolean {
  return one.conditions.some((mine) => demands(mine) && other.conditions.some((theirs) => demands(theirs) && mine.key.toLowerCase() === theirs.key.toLowerCase()
    && mine.values.every((value) => theirs.values.every((wanted) => matches(wanted, value) === 'no' && matches(value, wanted) === 'no'))));
}

const demands = ({ operator }: Condition): boolean => /^String(Equals|Like)$/.test(operator);
