import { COLUMNS, type AttackReport } from '../sandbox/attack';
import { findBinaries } from '../sandbox/binaries';
import { SHOP } from '../sandbox/contents';
import { replayIncident, type Act } from '../sandbox/incident';
import { DEFAULT_POSTGRES, up } from '../sandbox/sandbox';
import { makeFolder } from '../sandbox/state';
import { attacked, documentOf } from './attack';
import { renderScoreboard } from './attack-report';
import { interruptible } from './interruptible';
import { stateOption, type SandboxOptions } from './sandbox-options';
import { painter, progress, type Paint, type Terminal } from './terminal';

export interface StoryOptions extends SandboxOptions {
  readonly keep: boolean;
}

/** Why there can be no sandbox here; undefined if there can. Programs that somebody names and that do not work are an error. */
export async function whyNoSandbox({ folder, postgres, serverBin }: StoryOptions): Promise<string | undefined> {
  if (serverBin !== undefined) return undefined;
  makeFolder(folder);
  try {
    await findBinaries({ major: postgres ?? DEFAULT_POSTGRES, state: folder });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

export interface Story {
  readonly report: AttackReport;
  readonly document: object;
}

/** The incident, the attacks, and what to try next, told as they happen. */
export async function tellStory(terminal: Terminal, options: StoryOptions, { silent }: { readonly silent: boolean }): Promise<Story> {
  const paint = painter(terminal.out, terminal.environment);
  const tell = (lines: readonly string[]) => { if (!silent) terminal.out.write(`${lines.join('\n')}\n`); };
  let acts: readonly Act[] = [];
  const report = await attacked(terminal, {
    ...options,
    columns: COLUMNS,
    before: async (arena) => {
      acts = await replayIncident(arena);
      tell(incident(acts, paint));
    },
  });
  tell([
    paint('bold', `3  ${report.attacks.length} attacks, each for real, on PostgreSQL ${report.postgres}, in ${report.seconds.toFixed(1)} s`),
    ...renderScoreboard(report, terminal),
    ...report.problems.map((problem) => paint('red', `✖ ${problem}`)),
    '',
  ]);
  if (options.keep) await keep(terminal, options);
  tell(next(options, terminal, paint));
  return { report, document: { incident: acts, attacks: documentOf(report) } };
}

async function keep(terminal: Terminal, { folder, postgres, serverBin }: StoryOptions): Promise<void> {
  const done = progress(terminal, 'starting the sandbox that stays …');
  try {
    await interruptible('interrupted', (signal) => up({ folder, postgres, serverBin, signal }, SHOP));
  } finally {
    done();
  }
}

function incident(acts: readonly Act[], paint: Paint): string[] {
  return [
    paint('bold', '2  The incident: an agent is told to clean up, during a freeze that is a sentence in its prompt'),
    ...acts.flatMap(({ title, lines, before, left }) => {
      const safe = left.executives === before.executives && left.companies === before.companies;
      const mark = safe ? paint('green', '✔') : paint('red', '✖');
      return [
        `   ${paint('bold', title)}`,
        ...lines.flatMap(({ sql, worked, answer }) => [`     agent=> ${sql};`, `     ${worked ? paint('red', answer) : paint('dim', answer)}`]),
        `   ${mark} of ${before.executives} executives and ${before.companies} companies there are ${left.executives} and ${left.companies} left`,
        '',
      ];
    }),
  ];
}

function next({ folder, keep: kept }: StoryOptions, terminal: Terminal, paint: Paint): string[] {
  const custom = stateOption(folder, terminal);
  const line = (what: string, command: string) => `  ${what.padEnd(38)}${paint('cyan', command)}`;
  return [
    paint('bold', 'What to try next'),
    ...(kept ? [] : [line('a sandbox that stays', `${terminal.program} sandbox up${custom}`)]),
    line('be the agent, on the replica', `psql "$(${terminal.program} sandbox url --as reader${custom})"`),
    line('every attack, and what became of it', `${terminal.program} attack --list`),
    line('what the stack guarantees and costs', `${terminal.program} demo --no-sandbox`),
    ...(kept ? [line('end the sandbox', `${terminal.program} sandbox down${custom}`)] : []),
    '',
  ];
}
