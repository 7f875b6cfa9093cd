import type { RolesPlan } from '../core/grants';
import { quoteIdentifier, quoteLiteral } from '../core/identifier';
import { ROLES_LOCK } from '../core/policy';

/** What is to be done in one database. */
export interface DatabasePlan extends Pick<RolesPlan, 'statements' | 'bestEffort' | 'findings'> {
  readonly database: string;
}

/**
 * The plans as a script for psql: each database in one transaction, which waits for any other run of the kit. Settings that
 * the server may refuse come after it, one by one, and what only a person can decide stands beside as a comment.
 */
export function renderScript(plans: readonly DatabasePlan[], heading: string): string {
  return [
    ...comment(heading),
    '\\set ON_ERROR_STOP on',
    ...plans.flatMap(inDatabase),
    '',
  ].join('\n');
}

function inDatabase({ database, statements, bestEffort, findings }: DatabasePlan): string[] {
  return [
    '',
    `\\connect ${quoteIdentifier(database)}`,
    ...(statements.length === 0 ? ['-- Everything is as wanted; nothing to do.'] : [
      'BEGIN;',
      `SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(${quoteLiteral(ROLES_LOCK)}, 0));`,
      ...statements.map((statement) => `${statement};`),
      'COMMIT;',
    ]),
    ...(bestEffort.length === 0 ? [] : [
      '-- Each of these may be refused, by a server whose administrator is no superuser.',
      '\\set ON_ERROR_STOP off',
      ...bestEffort.map((statement) => `${statement};`),
      '\\set ON_ERROR_STOP on',
    ]),
    ...findings.flatMap(({ because, sql }) => comment(
      `For a person to decide: ${because}.${sql.length === 0 ? '' : ` What ends it, for everyone: ${sql.map((statement) => `${statement};`).join(' ')}`}`,
    )),
  ];
}

/** Nothing that comes from a database gets out of a comment. */
function comment(text: string): string[] {
  return text.split(/[\r\n\u2028\u2029]+/).map((line) => `-- ${line}`);
}
