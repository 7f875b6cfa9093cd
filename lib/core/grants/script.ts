import type { RolesPlan } from '../grants';
import { quoteLiteral } from '../identifier';
import { ROLES_LOCK } from '../policy';

/** The plan as a script for somebody who runs it himself, in psql or any other client: all or nothing, then the rest. */
export function rolesScript({ statements, bestEffort }: RolesPlan): string {
  const section = (title: string, lines: readonly string[]) => lines.length === 0 ? [] : [`-- ${title}`, ...lines.map((line) => `${line};`), ''];
  return [
    ...section('All or nothing', statements.length === 0 ? [] : [
      'BEGIN',
      `SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(${quoteLiteral(ROLES_LOCK)}, 0))`,
      ...statements,
      'COMMIT',
    ]),
    ...section('Each on its own; the server may refuse them', bestEffort),
  ].join('\n');
}
