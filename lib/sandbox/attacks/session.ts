import { Client, Query, type ClientConfig, type Connection } from 'pg';
import type { Session } from './types';

/** Everything that came back from the server, by whatever way: rows, copies, notices, notifications, errors. */
export type Heard = string[];
type Hear = (text: string) => void;

/** The parts of the driver that its types leave out. */
type Wire = Connection & {
  on(event: 'copyData', listener: (message: { chunk: Buffer }) => void): unknown;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
};
type Answer = { readonly rows?: readonly Record<string, unknown>[] };

/** Logs in, and keeps everything that is heard. What is thrown is the driver's error: its code decides which layer refused. */
export async function openSession(config: ClientConfig & { replication?: string }, hear: Hear): Promise<Session> {
  const client = new Client({ connectionTimeoutMillis: 10_000, ...config });
  const notifications: string[] = [];
  client.on('error', (error) => hearError(error, hear));
  client.on('notice', (notice) => hearError(notice, hear));
  client.on('notification', ({ channel, payload }) => notifications.push(`${channel}: ${payload ?? ''}`));
  const { connection } = client as unknown as { connection: Wire };
  connection.on('copyData', ({ chunk }) => hear(chunk.toString('utf8')));
  await listening(hear, () => client.connect());
  return {
    pid: (client as unknown as { processID: number }).processID,
    notifications,
    run: (text) => listening(hear, async () => {
      const answer = await client.query(text) as Answer | readonly Answer[];
      const rows = [answer].flat().flatMap((one) => (one).rows ?? []);
      for (const row of rows) Object.values(row).map(asText).forEach((text) => hear(text));
      return rows;
    }),
    copyIn: (text, lines) => listening(hear, () => copyIn(client, text, lines)),
    end: () => client.end().catch(() => {}),
  };
}

function copyIn(client: Client, text: string, lines: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const query = new (Query as unknown as new (text: string, done: (error: Error | undefined) => void) => object)(
      text, (error) => { if (error) reject(error); else resolve(); },
    );
    Object.assign(query, {
      handleCopyInResponse: (wire: Wire) => {
        wire.sendCopyFromChunk(Buffer.from(lines));
        wire.endCopyFrom();
      },
    });
    client.query(query as never);
  });
}

/** A session of the agent that is used again, attack after attack: logging in takes longer than most of them. */
export interface Keep {
  /** As new: no transaction, no setting, nothing prepared, no lock. What it hears from now on goes to `heard`. */
  session(heard: Heard): Promise<Session>;
  /** Makes it as new at once: what it holds would be in the way of others. */
  release(): Promise<void>;
  drop(): Promise<void>;
}

export function keeper(config: () => ClientConfig): Keep {
  let kept: Session | undefined;
  let hear: Hear = () => {};
  const drop = async () => {
    await kept?.end();
    kept = undefined;
  };
  const release = async () => {
    hear = () => {};
    try {
      await kept?.run('ROLLBACK');
      await kept?.run('DISCARD ALL');
    } catch {
      await drop();
    }
  };
  return {
    drop,
    release,
    session: async (heard) => {
      // One that somebody ended is noticed here.
      await kept?.run('ROLLBACK').catch(drop);
      hear = (text) => void heard.push(text);
      kept ??= await openSession(config(), (text) => hear(text));
      return kept;
    },
  };
}

async function listening<Result>(hear: Hear, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    hearError(error as Error, hear);
    throw error;
  }
}

function hearError(error: object, hear: Hear): void {
  const { message, detail, hint, where } = error as Record<string, string | undefined>;
  [message, detail, hint, where].filter((part) => part !== undefined).forEach((part) => hear(part));
}

function asText(value: unknown): string {
  if (Buffer.isBuffer(value)) return value.toString('latin1');
  return typeof value === 'string' ? value : JSON.stringify(value) ?? '';
}
