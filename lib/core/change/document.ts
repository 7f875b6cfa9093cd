/** The database that a change is for. A clone shares the system identifier; its port and its timeline are others. */
export interface Target {
  /** What the provider calls the database, never given twice: `db-…` of RDS. */
  readonly resourceId: string;
  readonly endpoint: string;
  readonly port: number;
  readonly database: string;
  readonly systemIdentifier: string;
  /** Every copy that was restored or promoted is on a later one than what it was copied from. */
  readonly timeline: number;
}

/** A table, view or sequence that the change reached in its rehearsal, and the strongest lock that it took there. */
export interface Touched {
  readonly schema: string;
  readonly name: string;
  readonly lock: string;
}

/** The bytes of one statement: from `start` up to and without `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What an approver signs: everything that decides what happens to production, and why it is asked for. */
export interface ChangeDocument {
  readonly id: string;
  readonly sql: Uint8Array;
  readonly statements: readonly Span[];
  /** False: PostgreSQL refuses it in a transaction, so it can neither be counted nor taken back. */
  readonly transactional: boolean;
  readonly target: Target;
  /** The role that the statements act as, a role that the gate's own is a member of; undefined: the gate's own. */
  readonly runAs: string | undefined;
  /** Rows that it may change, at most. */
  readonly rowBound: number;
  readonly touched: readonly Touched[];
  /** SHA-256, in hexadecimal digits, over the description of what is touched. */
  readonly fingerprint: string;
  readonly requester: string;
  readonly reason: string;
  /** SHA-256, in hexadecimal digits, over what an approver is shown beside the SQL: what its statements do, and how its rehearsal went. */
  readonly review: string;
  readonly approvalsNeeded: number;
  /** Milliseconds since 1970. From then on it cannot be used. */
  readonly expires: number;
  /** Makes the document unlike every other one, should an id ever be given twice. */
  readonly nonce: string;
}

/** SHA-256 as hexadecimal digits. It comes from the platform: this room imports none, and cryptography is not written twice. */
export type Sha256 = (bytes: Uint8Array) => string;

export type Field = readonly [name: string, value: string | number | Uint8Array];

const UTF8 = new TextEncoder();

/**
 * Fields as bytes. Each has its length before it, so that no value can be taken for two, and what is encoded begins with what
 * it is, so that a signature on one kind of document is none on another.
 */
export function encode(kind: string, fields: readonly Field[]): Uint8Array {
  const parts: Uint8Array[] = [UTF8.encode(`dbguard ${kind} 1 ${fields.length}\n`)];
  for (const [name, value] of fields) {
    const bytes = value instanceof Uint8Array ? value : UTF8.encode(String(value));
    parts.push(UTF8.encode(`${name} ${bytes.length}\n`), bytes, UTF8.encode('\n'));
  }
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The canonical document: the same bytes for the same change on every machine, other bytes for any other. */
export function canonicalBytes(document: ChangeDocument): Uint8Array {
  const { target } = document;
  return encode('change', [
    ['id', document.id],
    ['sql', document.sql],
    ['statements', document.statements.length],
    ...document.statements.flatMap(({ start, end }): Field[] => [['start', start], ['end', end]]),
    ['transactional', String(document.transactional)],
    ['resource-id', target.resourceId],
    ['endpoint', target.endpoint],
    ['port', target.port],
    ['database', target.database],
    ['system-identifier', target.systemIdentifier],
    ['timeline', target.timeline],
    ['run-as', document.runAs ?? ''],
    ['row-bound', document.rowBound],
    ['touched', document.touched.length],
    ...document.touched.flatMap(({ schema, name, lock }): Field[] => [['schema', schema], ['name', name], ['lock', lock]]),
    ['fingerprint', document.fingerprint],
    ['requester', document.requester],
    ['reason', document.reason],
    ['review', document.review],
    ['approvals-needed', document.approvalsNeeded],
    ['expires', document.expires],
    ['nonce', document.nonce],
  ]);
}

/** What an approver is shown beside the SQL, as bytes. */
export function reviewBytes({ classification, rehearsal }: { readonly classification: unknown; readonly rehearsal?: unknown }): Uint8Array {
  return encode('review', [['classification', JSON.stringify(classification)], ['rehearsal', JSON.stringify(rehearsal ?? null)]]);
}

/** What in the target is not as it was signed, as sentences. */
export function targetDifferences(signed: Target, found: Target): string[] {
  const names: Readonly<Record<keyof Target, string>> = {
    resourceId: 'resource id', endpoint: 'endpoint', port: 'port', database: 'database', systemIdentifier: 'system identifier', timeline: 'timeline',
  };
  return (Object.keys(names) as (keyof Target)[])
    .filter((key) => signed[key] !== found[key])
    .map((key) => `its ${names[key]} is ${found[key]}, and ${signed[key]} was signed`);
}
