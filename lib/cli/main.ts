import { classify, loadParser } from '../core/sql';
import { approve, reject } from './approve';
import { attack } from './attack';
import { audit } from './audit';
import type { Command } from './command';
import { demo } from './demo';
import { freeze } from './freeze';
import { ownVersion } from './own-package';
import { preflight } from './preflight';
import { proposeWith } from './propose';
import { requests, show } from './requests';
import { roles } from './roles';
import { sandbox } from './sandbox';
import { sql } from './sql';
import { EXIT, type Terminal } from './terminal';

/** Statements are judged by PostgreSQL's own parser. */
const propose = proposeWith(async (text) => classify(await loadParser(), text));

const COMMANDS: Readonly<Record<string, Command>> = {
  demo, preflight, audit, sandbox, roles, attack, sql, propose, requests, show, approve, reject, freeze,
};

const HELP = `dbguard: guardrails for AI agents near a production PostgreSQL database

Usage: dbguard COMMAND [OPTIONS]

Commands
${Object.entries(COMMANDS).map(([name, command]) => `  ${name.padEnd(12)}${command.summary}`).join('\n')}

Every command takes --help, and --json for machines. dbguard --version prints the version.
Exit status: 0 done, 1 refused or findings, 2 could not run.

Examples
  dbguard demo
  dbguard demo --json
  dbguard preflight --env prod
  dbguard audit cdk.out
  dbguard roles --print --env prod
  dbguard sandbox up
  dbguard attack
  dbguard sql classify migration.sql
  dbguard preflight --help
`;

/** Finds the command and runs it. Whatever goes wrong is said; the exit status is 2. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  // `dbguard help demo` is `dbguard demo --help`.
  const [name, ...args] = argv[0] === 'help' && commandOf(argv[1]) ? [...argv.slice(1), '--help'] : argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    (name === undefined ? terminal.err : terminal.out).write(HELP);
    return name === undefined ? EXIT.couldNotRun : EXIT.done;
  }
  if (name === '--version' || name === '-v' || name === '-V' || name === 'version') {
    terminal.out.write(`${ownVersion()}\n`);
    return EXIT.done;
  }
  const command = commandOf(name);
  if (!command) {
    terminal.err.write(`dbguard: there is no command '${name}'; the commands are ${Object.keys(COMMANDS).join(', ')}\n`);
    return EXIT.couldNotRun;
  }
  if (args.includes('--help') || args.includes('-h')) {
    terminal.out.write(command.help);
    return EXIT.done;
  }
  try {
    return await command.run(args, terminal);
  } catch (error) {
    terminal.err.write(`dbguard ${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT.couldNotRun;
  }
}

function commandOf(name: string | undefined): Command | undefined {
  return name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
}
