import { connected, connect, type Connection } from '../connection';
import type { Server } from '../postgres';
import { remember, type Inside } from './restore';
import type { Keep } from './session';
import { differences, snapshot, type Snapshot } from '../snapshot';
import type { Column } from './types';

/** Where the attacks of one column run, and where what they did is measured. */
export interface Ground {
  readonly column: Column;
  /** The server that the agent logs in to. */
  readonly server: Server;
  /** The server whose contents count: the primary, when the agent is on its replica. */
  readonly measured: Server;
  readonly database: string;
  readonly agent: { readonly user: string; readonly password: string };
  /** The servers of the sandbox, by what they are; none where the column is not about them. */
  readonly others: Readonly<Partial<Record<'primary' | 'replica' | 'staging', Server>>>;
}

/** What a column has before the attacks, what it has now, and the way back. */
export interface Meter {
  /** What is different from before the attacks, if asked for also in the other databases of the server. `logged` is what was written to the log of changes, differences or none. */
  read(options: { readonly beside: boolean }): Promise<{ readonly changes: string[]; readonly logged: number }>;
  /** Undoes everything that the attacks changed. Whether it did is part of the comparison after the last one. */
  restore(changes: readonly string[], options: { readonly beside: boolean }): Promise<void>;
  /** All rows and objects, without a short cut. */
  full(): Promise<Snapshot>;
  readonly before: Snapshot;
  end(): Promise<void>;
}

/** Other databases of a server, in which an agent might leave something. */
const BESIDE = ['postgres', 'template1'];

/**
 * Nothing that a crash should leave intact changes without the log of changes, but for numbers that a sequence has logged ahead:
 * while neither that grows nor a sequence moves, nothing is different. Otherwise everything is compared.
 */
export async function meter({ measured, database, column, agent }: Ground, agents: Pick<Keep, 'drop'>): Promise<Meter> {
  const admin = await connect(measured.superuserUrl('postgres'));
  const inside = insideOf(measured.superuserUrl(database), agents);
  const restorable = column !== 'replica';
  const way = restorable ? await remember(admin, inside, database, agent.user) : undefined;
  const look = (beside: boolean) => everywhere(measured, inside, beside);
  // After the copy was made, which is one database more.
  const before = await look(true);
  const beforeHere = new Map([...before].filter(([what]) => !what.includes(OF_DATABASE)));
  const here = async () => position(await inside.sql());
  let mark = await here();
  return {
    before,
    full: () => look(true),
    read: async ({ beside }) => {
      const now = await here();
      const logged = Number(now.log - mark.log);
      const still = logged === 0 && now.sequences === mark.sequences;
      mark = now;
      if (still) return { changes: [], logged };
      const changes = differences(beside ? before : beforeHere, await look(beside));
      mark = await here();
      return { changes, logged };
    },
    restore: async (changes, { beside }) => {
      if (!way) throw new Error('the replica or its primary was changed; nothing is restored, and no further attack would say anything');
      await way.undo(changes.filter((change) => !change.includes(OF_DATABASE)));
      if (beside) for (const name of BESIDE) await connected(measured.superuserUrl(name), cleared);
      mark = await here();
    },
    end: async () => {
      await inside.close();
      await way?.end();
      await admin.end();
    },
  };
}

function insideOf(url: string, agents: Pick<Keep, 'drop'>): Inside {
  let open: Connection | undefined;
  return {
    sql: async () => (open ??= await connect(url)),
    close: async () => {
      await open?.end();
      open = undefined;
      await agents.drop();
    },
  };
}

const OF_DATABASE = ' of database ';

async function everywhere(server: Server, inside: Inside, others: boolean): Promise<Snapshot> {
  const beside = await Promise.all((others ? BESIDE : []).map(async (name) => {
    const taken = await connected(server.superuserUrl(name), snapshot);
    return [...taken].filter(([what]) => !SHARED.test(what)).map(([what, digest]) => [`${what}${OF_DATABASE}${name}`, digest] as const);
  }));
  return new Map([...await snapshot(await inside.sql()), ...beside.flat()]);
}

const SHARED = /^(roles|members of roles|settings of|comments on|databases|subscriptions|replication slots)/;

interface Position {
  /** Bytes in the log of changes. */
  readonly log: bigint;
  /** Where the sequences are. */
  readonly sequences: string;
}

async function position(sql: Connection): Promise<Position> {
  const { rows: [row] } = await sql.query<{ log: string; sequences: string }>(`
    SELECT (pg_current_wal_insert_lsn() - '0/0')::text AS log,
      (SELECT coalesce(string_agg(seqrelid || ':' || coalesce(pg_sequence_last_value(seqrelid)::text, ''), ' ' ORDER BY seqrelid), '') FROM pg_sequence) AS sequences`);
  return { log: BigInt(row!.log), sequences: row!.sequences };
}

/** No application keeps large objects or tables here. */
async function cleared(sql: Connection): Promise<void> {
  await sql.script('SELECT lo_unlink(oid) FROM pg_largeobject_metadata; DROP TABLE IF EXISTS public.planted');
}
