/** The roles were not touched. Every reason at once, each with what to write or run. */
export class RolesRefused extends Error {
  override readonly name = 'RolesRefused';
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}
