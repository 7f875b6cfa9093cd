import { isOver, isTooFar, SOON } from '../core/exception';
import { pathText, show, type Mistake } from './mistakes';
import type { Environment } from './schema';

/** Exceptions that do not count on a day: over since they were written, or with more than a year to go. `today` is an ISO day. */
export function expiredExceptions(environments: Readonly<Record<string, Environment>>, today: string): Mistake[] {
  return Object.entries(environments).flatMap(([name, environment]) => environment.exceptions.flatMap(({ rule, expires }, i): Mistake[] => {
    const path = ['environments', name, 'exceptions', i, 'expires'];
    const seen = show(expires, path);
    if (isTooFar(expires, today)) return [{ path: pathText(path), seen: `${seen}, more than a year from now`, write: SOON }];
    return isOver(expires, today)
      ? [{ path: pathText(path), seen: `${seen}, which is over`, write: `nothing: mend what ${rule} finds and remove the exception, or decide again and write a new day` }]
      : [];
  }));
}
