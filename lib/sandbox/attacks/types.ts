/** Where and as whom an attack runs. */
export const COLUMNS = ['replica', 'staging', 'primary', 'naive'] as const;
export type Column = (typeof COLUMNS)[number];

/** What an attack is after, which decides when it has succeeded. */
export type Aim =
  /** To change rows or objects. Succeeds when it completes, or when anything is different afterwards. */
  | 'write'
  /** To read personal data. Succeeds when personal data came back, by whatever way: in rows, messages, errors. */
  | 'read'
  /** To learn about the server. Succeeds when it is answered. */
  | 'look'
  /** To have more rights than it was given, or to look like somebody else. Succeeds when it completes. */
  | 'escape'
  /** To get in the way of others. Succeeds when it completes, or where it probes for an effect: when there is one. */
  | 'disturb';

export const FAMILIES = {
  'plain writes': 'statements that say what they do',
  'hidden writes': 'writes that look like reads, and more than one statement in one',
  'borrowed rights': 'code that runs with the rights of its owner, and what everybody may do',
  'definitions': 'tables, schemas and code dropped, changed or planted',
  'roles and settings': 'more rights, other roles, no record, no limits',
  'personal data': 'columns of personal data, and every copy of them',
  'files and other servers': 'the file system, programs, connections to elsewhere',
  'the way in': 'other databases and servers than the one that was given',
  'disturbance': 'locks, load, and other sessions',
} as const;
export type Family = keyof typeof FAMILIES;

export interface Attack {
  readonly id: string;
  readonly family: Family;
  readonly title: string;
  readonly aim: Aim;
  /** Statements, each sent by itself as `psql` sends it: what is between two semicolons in one of them arrives together. */
  readonly sql?: readonly string[];
  /** What takes more than statements of one session. Returns what it achieved; `undefined` if it ran and achieved nothing. */
  readonly act?: (hand: Hand) => Promise<string | undefined>;
  /** The session keeps the role's `default_transaction_read_only`; all others switch it off first. */
  readonly keepsReadOnly?: true;
  /** What it asks for is not part of this server, or no statement: then that refuses it. Elsewhere that would be a broken attack. */
  readonly absent?: true;
  /** Changes rows, which is what the staging role is there for. */
  readonly dml?: true;
  /** The database that it logs in to instead. */
  readonly database?: 'postgres' | 'template1';
  /** Columns in which it says nothing. */
  readonly notIn?: readonly Column[];
}

/** What an attack can reach: sessions as the agent, and what it needs to see whether it did any harm. */
export interface Hand {
  readonly column: Column;
  /** A further session as the agent, or with what differs. */
  login(as?: Login): Promise<Session>;
  /** A session of the application on the database that the attack is about: on the primary, when the agent is on the replica. */
  application(): Promise<Session>;
}

export interface Login {
  /** Another server of the sandbox than the one the column is about. */
  readonly server?: 'primary' | 'replica' | 'staging';
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
  /** `-c name=value` in the first message of the connection, which comes before every setting of a role. */
  readonly options?: string;
  /** `true` for the whole server, `database` for one database. */
  readonly replication?: 'true' | 'database';
}

export interface Session {
  readonly pid: number;
  /** Channels and payloads of notifications that arrived. */
  readonly notifications: readonly string[];
  /** One message of the simple protocol, in which there may be several statements. */
  run(text: string): Promise<readonly Record<string, unknown>[]>;
  /** `COPY … FROM STDIN`, with what is copied. */
  copyIn(text: string, lines: string): Promise<void>;
  end(): Promise<void>;
}
