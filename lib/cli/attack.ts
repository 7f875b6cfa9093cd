import { attack as runAttacks, COLUMNS, type Arena, type AttackReport, type Column } from '../sandbox/attack';
import { SHOP } from '../sandbox/contents';
import { DEFAULT_POSTGRES } from '../sandbox/sandbox';
import { renderAttacks } from './attack-report';
import type { Command } from './command';
import { interruptible } from './interruptible';
import { readOptions } from './options';
import { MAJORS, SANDBOX_OPTIONS, STATE_FOLDER, sandboxOptions, type SandboxOptions } from './sandbox-options';
import { EXIT, progress, type Terminal } from './terminal';

const HELP = `dbguard attack: everything an agent might try against a database, for real, and which layer stops it

Usage: dbguard attack [--postgres ${MAJORS}] [--column NAME,NAME] [--list] [--server-bin DIR] [--state DIR] [--json]

  Starts a sandbox of its own, with real PostgreSQL, and takes it down again: one that is up is not touched. Before and after
  each attack everything is measured: rows, sequences, large objects, roles, settings, catalogue.

  Columns
    replica   the agent's read role, where it belongs
    staging   the agent's role on the staging copy, which may change rows and nothing else
    primary   the read role on the primary, with network and IAM switched off: what PostgreSQL itself still refuses
    naive     for comparison: the role of a typical blog post (GRANT SELECT, REVOKE DELETE, log_statement) on a primary

Options
  --postgres ${MAJORS}   default: ${DEFAULT_POSTGRES}
  --column NAMES   only these, with commas between them
  --list           every attack, and what became of it in each column
  --server-bin DIR the folder of the programs initdb and postgres, for platforms without an npm package
  --state DIR      where the sandbox is made meanwhile (default: ${STATE_FOLDER} in this folder)
  --json           one JSON document: { postgres, seconds, problems,
                   columns: [{ column, rows, objects, left, seconds, attacks }] }

Exit status: 1 if an attack succeeded in one of the kit's columns that is not on the explained list, or left anything behind.

Examples
  dbguard attack
  dbguard attack --column replica --list
  dbguard attack --json | jq '.columns[].attacks[] | select(.result == "succeeded") | .title'
`;

export const attack: Command = {
  summary: 'run every attack of the catalogue against a sandbox, and say which layer stopped it',
  help: HELP,
  run: async (args, terminal) => {
    const options = readOptions(args, { ...SANDBOX_OPTIONS, column: 'NAME,NAME', list: true, json: true });
    const report = await attacked(terminal, { ...sandboxOptions(options, terminal), columns: columnsIn(options.column) });
    terminal.out.write(options.json ? `${JSON.stringify(documentOf(report), undefined, 2)}\n` : renderAttacks(report, terminal, { list: options.list }));
    return report.problems.length === 0 ? EXIT.done : EXIT.refused;
  },
};

export interface AttackedOptions extends SandboxOptions {
  readonly columns: readonly Column[];
  readonly before?: (arena: Arena) => Promise<void>;
}

/** Runs the attacks, says how far it is, and leaves nothing behind when it is interrupted. */
export async function attacked(terminal: Terminal, options: AttackedOptions): Promise<AttackReport> {
  let done = () => {};
  const say = (what: string) => {
    done();
    done = progress(terminal, what);
  };
  try {
    return await interruptible('interrupted; nothing was left behind', (signal) => runAttacks({
      ...options,
      before: async (arena) => {
        // What is told now must not stand behind what was said on the way.
        done();
        await options.before?.(arena);
      },
      signal,
      say: (what) => say(`${what} …`),
      progress: (count, of) => { if (count % 25 === 0) say(`attacking … ${count} of ${of}`); },
    }, SHOP));
  } finally {
    done();
  }
}

function columnsIn(text: string | undefined): Column[] {
  if (text === undefined) return [...COLUMNS];
  const names = text.split(',').map((name) => name.trim());
  for (const name of names) {
    if (!(COLUMNS as readonly string[]).includes(name)) throw new Error(`--column: there is no column '${name}'; the columns are ${COLUMNS.join(', ')}`);
  }
  return COLUMNS.filter((column) => names.includes(column));
}

export function documentOf({ postgres, seconds, problems, attacks, columns }: AttackReport): object {
  return {
    postgres,
    seconds: Math.round(seconds * 10) / 10,
    problems,
    columns: columns.map(({ column, size, left, seconds: took, outcomes, changed }) => ({
      column,
      ...size,
      left,
      seconds: Math.round(took * 10) / 10,
      attacks: attacks.map(({ id, family, title, aim }) => ({ id, family, title, aim, ...outcomes.get(id), changed: changed.get(id) ?? [] })),
    })),
  };
}
