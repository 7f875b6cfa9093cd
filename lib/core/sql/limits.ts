import { written } from './names';
import type { Scan } from './scan';
import type { Name } from './types';

/**
 * What no parser sees in a statement, in words: what may be behind its names. Each was made to delete rows on a real server while the
 * statement looked like a read.
 */
export function limitsOf(scan: Scan): string[] {
  const limits: string[] = [];
  if (scan.read.length + scan.written.length > 0) {
    limits.push(`${names(scan.written.length === 0 ? scan.read : [...scan.read, ...scan.written])}: a view, a policy, a rule or a trigger may call functions, and a foreign table reaches another server`);
  }
  if (scan.calls.length > 0) limits.push(`${names(scan.calls)}: the search path may find a function of the same name that is not PostgreSQL's`);
  if (scan.operators.length > 0) limits.push(`${names(scan.operators)}: operators of the same name that are not PostgreSQL's, and casts to their types, call functions`);
  if (scan.types.length > 0) limits.push(`${names(scan.types)}: a domain may check its values with functions`);
  if (scan.attributes.length > 0) limits.push(`${[...new Set(scan.attributes)].join(', ')}: written like a column, it may be a function that takes a row`);
  return limits;
}

function names(list: readonly Name[]): string {
  if (list.length === 1) return shown(list[0]!);
  return [...new Set(list.map(shown))].join(', ');
}

function shown(name: Name): string {
  return /^\w/.test(name.name) ? written(name) : name.name;
}
