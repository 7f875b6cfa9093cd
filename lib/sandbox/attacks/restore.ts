import type { Connection } from '../connection';

/** The way back to what a database held. */
export interface Undo {
  /** Gives up the copy. */
  end(): Promise<void>;
  /** Takes what is different, in the words of `differences`. */
  undo(changes: readonly string[]): Promise<void>;
}

/** A connection of the superuser to the database itself. */
export interface Inside {
  sql(): Promise<Connection>;
  /** Before the database is made again; the agent's own session goes with it. */
  close(): Promise<void>;
}

const PRISTINE = 'dbguard_pristine';

/** File by file: the other way writes every page into the log of changes, from where it is archived and replicated. */
const COPIED = 'STRATEGY FILE_COPY';

const LARGE_OBJECTS = /^(?:large objects|catalog pg_largeobject_metadata): /;
const IN_PLACE = new RegExp(`^(roles|settings of roles): |${LARGE_OBJECTS.source}`);

/**
 * Keeps a copy of the database, its rows, and what the server knows of it and of the agent's role. Rows and sequences are put
 * back in place, new large objects are taken away; after anything else the whole database is made again from the copy.
 */
export async function remember(admin: Connection, inside: Inside, database: string, role: string): Promise<Undo> {
  const tables = await rowsOf(await inside.sql());
  const objects = await largeObjectsOf(await inside.sql());
  await inside.close();
  const { rows: [was] } = await admin.query<Remembered>(`
    SELECT d.datacl::text AS acl, quote_ident(o.rolname) AS owner, a.rolpassword AS password,
      (SELECT coalesce(json_agg(json_build_array(s.setdatabase = d.oid, s.setrole, s.setconfig)), '[]')::text FROM pg_db_role_setting s
       WHERE s.setdatabase = d.oid OR s.setrole = a.oid) AS settings
    FROM pg_database d JOIN pg_roles o ON o.oid = d.datdba, pg_authid a WHERE d.datname = $1 AND a.rolname = $2`, [database, role]);
  await admin.script(`CREATE DATABASE ${PRISTINE} TEMPLATE ${database} ${COPIED}`);
  await admin.script(`ALTER DATABASE ${PRISTINE} ALLOW_CONNECTIONS false`);
  return {
    end: () => admin.script(`DROP DATABASE ${PRISTINE}`),
    undo: async (changes) => {
      const kinds = changes.map((change) => /^(table|sequence) ([^:]+): /.exec(change) ?? IN_PLACE.exec(change));
      const changed = tables.filter(({ name }) => kinds.some((kind) => kind?.[2] === name));
      const inPlace = kinds.every((kind) => kind && (kind[2] === undefined || changed.some(({ name }) => name === kind[2])));
      if (inPlace && changed.length > 0) await putBack(await inside.sql(), changed);
      const stored = changes.some((change) => LARGE_OBJECTS.test(change));
      if (!inPlace || (stored && !await withoutNew(await inside.sql(), objects))) {
        await inside.close();
        await remake(admin, database, was!);
      }
      await putRoleBack(admin, database, role, was!);
    },
  };
}

interface Remembered {
  readonly acl: string | null;
  readonly owner: string;
  readonly password: string | null;
  readonly settings: string;
}

interface Remembrance {
  readonly name: string;
  readonly quoted: string;
  readonly kind: 'table' | 'sequence';
  /** Of a table: those that take values. */
  readonly columns: string;
  content: string;
}

async function rowsOf(sql: Connection): Promise<Remembrance[]> {
  const { rows } = await sql.query<Remembrance>(`
    SELECT concat_ws('.', n.nspname, c.relname) AS name, format('%I.%I', n.nspname, c.relname) AS quoted,
      CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END AS kind,
      string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FILTER (WHERE a.attgenerated = '') AS columns
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'S') AND n.nspname !~ '^(pg_|information_schema$)' GROUP BY 1, 2, 3`);
  for (const each of rows) {
    const what = each.kind === 'table' ? `coalesce(json_agg(t), '[]')::text` : `json_build_array(last_value::text, is_called)::text`;
    const { rows: [row] } = await sql.query<{ content: string }>(`SELECT ${what} AS content FROM ${each.kind === 'table' ? 'ONLY ' : ''}${each.quoted} t`);
    each.content = row!.content;
  }
  return rows;
}

async function putBack(sql: Connection, changed: readonly Remembrance[]): Promise<void> {
  await sql.query('BEGIN');
  // No triggers, and foreign keys hold again once everything is back.
  await sql.query('SET LOCAL session_replication_role = replica');
  for (const { quoted, kind, columns, content } of changed) {
    if (kind === 'sequence') {
      await sql.query(`SELECT setval($1::regclass, ($2::json ->> 0)::bigint, ($2::json ->> 1)::boolean)`, [quoted, content]);
    } else {
      await sql.query(`DELETE FROM ONLY ${quoted}`);
      await sql.query(`INSERT INTO ${quoted} (${columns}) OVERRIDING SYSTEM VALUE SELECT ${columns} FROM json_populate_recordset(NULL::${quoted}, $1::json)`, [content]);
    }
  }
  await sql.query('COMMIT');
}

/** Numbers of the large objects, and a digest of what is in them. */
interface LargeObjects {
  readonly known: readonly string[];
  readonly digest: string;
}

async function largeObjectsOf(sql: Connection): Promise<LargeObjects> {
  const sum = (from: string) => `(SELECT coalesce(sum(hashtextextended(o::text, 0)::numeric), 0)::text FROM ${from} o)`;
  const { rows: [row] } = await sql.query<LargeObjects>(`
    SELECT ARRAY(SELECT oid::text FROM pg_largeobject_metadata) AS known, ${sum('pg_largeobject')} || ' ' || ${sum('pg_largeobject_metadata')} AS digest`);
  return row!;
}

/** Takes new large objects away. Returns whether that was all there was to do. */
async function withoutNew(sql: Connection, { known, digest }: LargeObjects): Promise<boolean> {
  await sql.query('SELECT lo_unlink(oid) FROM pg_largeobject_metadata WHERE oid <> ALL ($1::oid[])', [known]);
  return (await largeObjectsOf(sql)).digest === digest;
}

async function remake(admin: Connection, database: string, { owner, acl }: Remembered): Promise<void> {
  await admin.script(`DROP DATABASE ${database} WITH (FORCE)`);
  await admin.script(`CREATE DATABASE ${database} TEMPLATE ${PRISTINE} OWNER ${owner} ${COPIED}`);
  await admin.query('UPDATE pg_database SET datacl = $2::aclitem[] WHERE datname = $1', [database, acl]);
}

async function putRoleBack(admin: Connection, database: string, role: string, { password, settings }: Remembered): Promise<void> {
  await admin.query('UPDATE pg_authid SET rolpassword = $2 WHERE rolname = $1 AND rolpassword IS DISTINCT FROM $2', [role, password]);
  await admin.query('DELETE FROM pg_db_role_setting WHERE setrole = (SELECT oid FROM pg_authid WHERE rolname = $1)', [role]);
  await admin.query(`
    INSERT INTO pg_db_role_setting SELECT CASE WHEN (s -> 0)::text = 'true' THEN (SELECT oid FROM pg_database WHERE datname = $1) ELSE 0 END,
      (s ->> 1)::oid, ARRAY(SELECT json_array_elements_text(s -> 2)) FROM json_array_elements($2::json) s
    WHERE NOT EXISTS (SELECT FROM pg_db_role_setting d WHERE d.setdatabase = CASE WHEN (s -> 0)::text = 'true' THEN (SELECT oid FROM pg_database WHERE datname = $1) ELSE 0 END AND d.setrole = (s ->> 1)::oid)`, [database, settings]);
}
