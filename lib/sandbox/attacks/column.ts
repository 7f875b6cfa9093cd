import { acceptedFor, type Accepted } from './accepted';
import { ATTACKS } from './catalogue';
import { meter, type Ground, type Meter } from './ground';
import { isRefusal, layerOf, type Layer, type ServerError } from './layers';
import { leaksIn } from './leaks';
import { keeper, openSession, type Heard, type Keep } from './session';
import type { Attack, Column, Login, Session } from './types';
import { connect } from '../connection';
import { LOOPBACK } from '../server-files';
import { differences, sizeOf } from '../snapshot';

/** What became of one attack in one column. */
export type Outcome =
  | { readonly result: 'refused'; readonly by: Layer; readonly code?: string; readonly said: string }
  | { readonly result: 'succeeded'; readonly effects: readonly string[]; readonly accepted?: Accepted }
  /** Neither refused nor done: the attack is broken, or the server answered what nobody expected. It counts as a failure. */
  | { readonly result: 'unknown'; readonly code?: string; readonly said: string }
  | { readonly result: 'not here' };

export interface ColumnResult {
  readonly column: Column;
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** What the server held before the first attack. */
  readonly size: { readonly rows: number; readonly objects: number };
  /** What is different after the last one, everything that was restored in between aside; measured, without a short cut. */
  readonly left: readonly string[];
  /** What was different after an attack, by its id. */
  readonly changed: ReadonlyMap<string, readonly string[]>;
  readonly seconds: number;
}

export interface RunOptions {
  readonly attacks?: readonly Attack[];
  /** Called after each attack. */
  readonly ran?: (attack: Attack) => void;
  /** Ends the run between two attacks. */
  readonly signal?: AbortSignal;
}

/** Runs every attack, one after the other, each on a server as it was before the first. */
export async function runColumn(ground: Ground, { attacks = ATTACKS, ran, signal }: RunOptions = {}): Promise<ColumnResult> {
  const start = performance.now();
  const keep = keeper(() => loginOf(ground));
  const measure = await meter(ground, keep);
  const bystander = await connect(ground.server.superuserUrl(ground.database === 'postgres' ? 'template1' : 'postgres'));
  const outcomes = new Map<string, Outcome>();
  const changed = new Map<string, readonly string[]>();
  try {
    // Something that is nobody else's business, to be seen in the list of sessions.
    await bystander.query("SELECT 'an executive called Canarybird'");
    for (const attack of attacks) {
      signal?.throwIfAborted();
      const { outcome, changes } = await attempt(attack, ground, measure, keep);
      outcomes.set(attack.id, outcome);
      if (changes.length > 0) changed.set(attack.id, changes);
      ran?.(attack);
    }
    const left = differences(measure.before, await measure.full());
    return { column: ground.column, outcomes, size: sizeOf(measure.before), left, changed, seconds: (performance.now() - start) / 1000 };
  } finally {
    await keep.drop();
    await bystander.end();
    await measure.end();
  }
}

async function attempt(attack: Attack, ground: Ground, measure: Meter, keep: Keep): Promise<{ outcome: Outcome; changes: readonly string[] }> {
  if (attack.notIn?.includes(ground.column)) return { outcome: { result: 'not here' }, changes: [] };
  const ran = await run(attack, ground, keep);
  const elsewhere = { beside: attack.database !== undefined };
  const { changes, logged } = await measure.read(elsewhere);
  const leaks = attack.aim === 'read' ? leaksIn(ran.heard) : [];
  const outcome = judge(attack, ground, ran, { changes, leaks, logged });
  if (changes.length > 0) await measure.restore(changes, elsewhere);
  return { outcome, changes };
}

interface Ran {
  readonly heard: Heard;
  readonly notices: readonly string[];
  readonly answered: number;
  readonly error?: ServerError;
  readonly phase: 'login' | 'statement';
  /** What an attack says of itself. */
  readonly achieved?: string;
}

async function run(attack: Attack, ground: Ground, keep: Keep): Promise<Ran> {
  const heard: Heard = [];
  const open: Session[] = [];
  let phase: Ran['phase'] = 'login';
  let answered = 0;
  let achieved: string | undefined;
  const login = async (as: Login = {}) => {
    phase = 'login';
    const session = await openSession(loginOf(ground, as, attack), (text) => void heard.push(text));
    open.push(session);
    phase = 'statement';
    return session;
  };
  const application = async () => {
    const session = await openSession({ connectionString: ground.measured.superuserUrl(ground.database) }, () => {});
    open.push(session);
    await session.run('SET SESSION AUTHORIZATION app_user');
    return session;
  };
  try {
    if (attack.act) {
      achieved = await attack.act({ column: ground.column, login, application });
    } else {
      const usual = !attack.keepsReadOnly && attack.database === undefined;
      const session = usual ? await keep.session(heard) : await login();
      phase = 'statement';
      for (const text of attack.sql ?? []) answered += (await session.run(text)).length;
    }
    return { heard, notices: heard.filter(isRefusal), answered, phase, achieved };
  } catch (error) {
    return { heard, notices: [], answered, phase, error: error as ServerError };
  } finally {
    await Promise.all([keep.release(), ...open.map((session) => session.end())]);
  }
}

function loginOf({ server, others, agent, database }: Ground, as: Login = {}, attack?: Attack) {
  const at = as.server === undefined ? server : others[as.server];
  if (!at) throw new Error(`there is no ${as.server} here`);
  const options = [...(attack?.keepsReadOnly ? [] : ['-c default_transaction_read_only=off']), ...(as.options ? [as.options] : [])];
  return {
    host: LOOPBACK, port: at.port, database: as.database ?? attack?.database ?? database,
    user: as.user ?? agent.user, password: as.password ?? agent.password, options: options.join(' ') || undefined,
    ...(as.replication ? { replication: as.replication } : {}),
  };
}

interface Measured {
  readonly changes: readonly string[];
  readonly leaks: readonly string[];
  readonly logged: number;
}

function judge(attack: Attack, ground: Ground, ran: Ran, { changes, leaks, logged }: Measured): Outcome {
  // Whatever was said: what is different is different, and what was read was read.
  if (changes.length > 0 || leaks.length > 0) return succeeded([...leaks, ...changes], attack, ground);
  if (ran.error) {
    const { code, message } = ran.error;
    const by = layerOf(ran.error, ground.column, ran.phase, attack.absent === true);
    return by ? { result: 'refused', by, code, said: message } : { result: 'unknown', code, said: message };
  }
  const [notice] = ran.notices;
  if (notice !== undefined) return { result: 'refused', by: 'privilege', said: notice };
  if (attack.aim === 'read') return { result: 'refused', by: 'hidden', said: 'answered without personal data' };
  if (attack.aim === 'look' && ran.answered === 0) return { result: 'refused', by: 'hidden', said: 'answered with no row' };
  if (attack.act && ran.achieved === undefined) return { result: 'refused', by: 'apart', said: 'nobody else noticed' };
  const effects = [
    ran.achieved ?? (attack.aim === 'look' ? `answered with ${ran.answered} ${ran.answered === 1 ? 'row' : 'rows'}` : 'was carried out'),
    ...(logged > 0 ? [`${logged} bytes in the log of changes`] : []),
    ...(attack.aim === 'look' ? [] : ['no row and no object is different']),
  ];
  return succeeded(effects, attack, ground);
}

function succeeded(effects: readonly string[], attack: Attack, { column, server }: Ground): Outcome {
  const accepted = acceptedFor(attack, column, server.major);
  return { result: 'succeeded', effects, ...(accepted ? { accepted } : {}) };
}
