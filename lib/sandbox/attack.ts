import { realpathSync } from 'node:fs';
import { endAbandonedArenas, endArena, newArenaFolder } from './arenas';
import { openArena, type Arena } from './attacks/arena';
import { ATTACKS } from './attacks/catalogue';
import { runColumn, type ColumnResult, type Outcome } from './attacks/column';
import type { Attack, Column } from './attacks/types';
import type { Contents, UpOptions } from './sandbox';
import { makeFolder } from './state';

export type { ColumnResult, Outcome } from './attacks/column';
export { COLUMNS, FAMILIES, type Attack, type Column, type Family } from './attacks/types';
export type { Arena } from './attacks/arena';
export { LAYERS, type Layer } from './attacks/layers';
export { ATTACKS } from './attacks/catalogue';

export interface AttackOptions extends Pick<UpOptions, 'postgres' | 'serverBin' | 'say' | 'signal'> {
  /** The state folder. The attacks get a sandbox of their own in it, which is gone afterwards: one that is up is not touched. */
  readonly folder: string;
  readonly columns: readonly Column[];
  /** Only these. Default: every one. */
  readonly attacks?: readonly Attack[];
  /** What happens in the arena before the attacks. It leaves everything as it found it. */
  readonly before?: (arena: Arena) => Promise<void>;
  /** Told how many attacks are done, of how many. */
  readonly progress?: (done: number, of: number) => void;
}

export interface AttackReport {
  readonly postgres: number;
  readonly attacks: readonly Attack[];
  readonly columns: readonly ColumnResult[];
  readonly seconds: number;
  /** What must not be, one sentence each: a success that is on no list, an outcome that says nothing, a trace that was left. */
  readonly problems: readonly string[];
}

/** Starts a sandbox, runs the attacks, and takes it down again, whatever happens. */
export async function attack(options: AttackOptions, contents: Contents): Promise<AttackReport> {
  makeFolder(options.folder);
  const state = realpathSync(options.folder);
  await endAbandonedArenas(state);
  const folder = newArenaFolder(state);
  const start = performance.now();
  try {
    const arena = await openArena({ ...options, folder, withNaive: options.columns.includes('naive') }, contents);
    const attacks = options.attacks ?? ATTACKS;
    const columns = await prepared(arena, attacks, options).finally(() => arena.end());
    const problems = columns.flatMap((result) => problemsOf(result, attacks));
    return { postgres: arena.postgres, attacks, columns, seconds: (performance.now() - start) / 1000, problems };
  } finally {
    await endArena(folder);
  }
}

async function prepared(arena: Arena, attacks: readonly Attack[], options: AttackOptions): Promise<ColumnResult[]> {
  await options.before?.(arena);
  return runColumns(arena, attacks, options);
}

/** Side by side, but for the primary: its network is opened only after the others have found it closed. */
async function runColumns(arena: Arena, attacks: readonly Attack[], { columns, progress = () => {}, signal }: AttackOptions): Promise<ColumnResult[]> {
  let done = 0;
  const ran = () => progress(++done, attacks.length * columns.length);
  const run = async (column: Column) => [await runColumn(await arena.ground(column), { attacks, ran, signal })];
  const only = (column: Column) => (columns.includes(column) ? run(column) : Promise.resolve([]));
  const [replica, staging] = [only('replica'), only('staging')];
  const primary = Promise.all([replica, staging]).then(() => {
    if (!columns.includes('primary')) return [];
    arena.openPrimary();
    return run('primary');
  });
  const settled = await Promise.allSettled([replica, staging, primary, only('naive')]);
  return settled.flatMap((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

/** The kit promises nothing about the role of a blog post. */
function problemsOf(result: ColumnResult, attacks: readonly Attack[]): string[] {
  const { column, outcomes, left } = result;
  const where = { replica: 'on the replica', staging: 'on staging', primary: 'on the primary', naive: "with a blog post's role" }[column];
  const said = (id: string, outcome: Outcome): string[] => {
    const title = attacks.find((one) => one.id === id)!.title;
    if (outcome.result === 'succeeded' && !outcome.accepted && column !== 'naive') return [`${id} ${where}, ${title}: ${outcome.effects.join('; ')}`];
    if (outcome.result === 'unknown') return [`${id} ${where}, ${title}: it says nothing (${outcome.code ?? 'no code'} ${outcome.said})`];
    return [];
  };
  return [...[...outcomes].flatMap(([id, outcome]) => said(id, outcome)), ...left.map((trace) => `left behind ${where}: ${trace}`)];
}
