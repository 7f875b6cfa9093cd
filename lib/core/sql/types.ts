/**
 * What a statement does: the most serious of all that is in it, in this order. `session` changes nothing that is stored but the
 * session, its locks or its settings; `external` reaches beyond the database, where no rollback reaches; `unknown` may be
 * anything, and is never to be taken for safe.
 */
export const KINDS = ['read', 'session', 'write', 'schema', 'privilege', 'external', 'unknown'] as const;

export type Kind = (typeof KINDS)[number];

export interface Statement {
  /** Bytes of the text, as UTF-8, before the first token. */
  readonly start: number;
  /** Bytes of the text before the semicolon, or before the end of the text. */
  readonly end: number;
  readonly kind: Kind;
  /**
   * Rows, objects or privileges are seen to be lost or overwritten: DELETE, TRUNCATE, DROP, ALTER … DROP, REVOKE, and every UPDATE
   * that is not proven to change the row of one key. Of an `unknown` statement `false` says nothing.
   */
  readonly destructive: boolean;
  /** Names of relations, and of what else is changed, as SQL writes them. */
  readonly objects: readonly string[];
  readonly because: string;
  /** Whether PostgreSQL runs it inside a transaction that something else has begun. */
  readonly transactional: boolean;
  /** What only the catalog of the database could tell, in words. Empty when the catalog was asked, and told. */
  readonly limits: readonly string[];
}

/** A name as it is written; without a schema it is for the search path to find. */
export interface Name {
  readonly schema: string | undefined;
  readonly name: string;
}
