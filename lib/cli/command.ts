import type { Terminal } from './terminal';

/** A command of `dbguard`: its own help, and what it does with its arguments. */
export interface Command {
  /** One line, for the list of commands. */
  readonly summary: string;
  /** What `--help` prints. */
  readonly help: string;
  /** Returns the exit status. What it throws is said and ends with status 2. */
  run(args: readonly string[], terminal: Terminal): Promise<number>;
}
