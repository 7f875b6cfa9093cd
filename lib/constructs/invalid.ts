import type { IConstruct } from 'constructs';

/** One thing that may be wrong with props: `when` it is true, `say` what is wrong, what was seen and what to write. */
export interface Check {
  readonly when: boolean;
  readonly say: string;
}

/**
 * Throws one error that lists every check that failed, each with the path of the construct it is about.
 * Does nothing when none failed. Checks on unresolved tokens must pass `when: false`: the value is not known yet.
 */
export function refuse(scope: IConstruct, checks: readonly Check[]): void {
  const failed = checks.filter((check) => check.when).map((check) => `${scope.node.path}: ${check.say}`);
  if (failed.length > 0) throw new Error(failed.join('\n'));
}
