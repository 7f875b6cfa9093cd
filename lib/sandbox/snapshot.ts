/** The part of a connection that is needed here. It has to be the superuser's: nobody else sees everything. */
export interface Reader {
  query<Row>(text: string, values?: readonly unknown[]): Promise<{ rows: Row[] }>;
}

/**
 * What a database held at one moment, as digests: the rows of every table, every sequence, large object, role, setting and
 * catalog entry. No row and no password hash is in it. Entries of some catalogs are told by their version, so they can be
 * compared within one database and its copies; rows of tables can be compared between any two databases.
 */
export type Snapshot = ReadonlyMap<string, Digest>;

export interface Digest {
  readonly rows: number;
  /** A sum over hashes of rows: it does not depend on the order of the rows. */
  readonly sum: string;
}

/** Every table and every catalog entry of the database, in the one moment of one transaction. */
export async function snapshot(reader: Reader): Promise<Snapshot> {
  await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    // The text of a value must not depend on who asks for it.
    await reader.query(`SELECT set_config('search_path', '', true), set_config('DateStyle', 'ISO', true), set_config('TimeZone', 'UTC', true),
      set_config('IntervalStyle', 'postgres', true), set_config('extra_float_digits', '1', true), set_config('bytea_output', 'hex', true)`);
    const relations = await relationsOf(reader);
    const parts = [...relations.map(partOf), ...SHARED, ...OBJECTS];
    const { rows } = await reader.query<{ what: string; rows: string; sum: string }>(parts.join('\nUNION ALL '));
    return new Map(rows.map(({ what, rows: count, sum }) => [what, { rows: Number(count), sum }]));
  } finally {
    await reader.query('ROLLBACK');
  }
}

interface Relation {
  readonly name: string;
  /** Quoted, with its schema. */
  readonly quoted: string;
  readonly kind: 'table' | 'sequence' | 'catalog';
  readonly columns: readonly string[];
  /** Whether PostgreSQL has a hash function for the type of every column. */
  readonly hashable: boolean;
}

/** Statistics; and what is read in another way below, without the number of the database, which is new after it was restored. */
const ELSEWHERE = `array['pg_statistic','pg_statistic_ext_data','pg_largeobject','pg_authid','pg_auth_members','pg_database','pg_db_role_setting','pg_shdepend','pg_subscription','pg_shdescription']`;

/**
 * Large, and never written but to add, replace or delete an entry: a new version of an entry is a new entry. Half of the time
 * of a snapshot went into the text of pg_attribute, pg_rewrite and pg_type alone.
 */
const BY_VERSION = [
  'pg_proc', 'pg_operator', 'pg_amop', 'pg_amproc', 'pg_description', 'pg_depend', 'pg_collation', 'pg_aggregate', 'pg_attribute', 'pg_rewrite', 'pg_type',
];

/** Values that the server changes by itself: statistics, the age of the oldest transaction. */
const OWN_ACCORD = `array['pg_class.relpages','pg_class.reltuples','pg_class.relallvisible','pg_class.relallfrozen','pg_class.relfrozenxid','pg_class.relminmxid']`;

async function relationsOf(reader: Reader): Promise<Relation[]> {
  const { rows } = await reader.query<Relation>(`
    SELECT CASE WHEN n.nspname = 'pg_catalog' THEN c.relname ELSE concat_ws('.', n.nspname, c.relname) END AS name,
      format('%I.%I', n.nspname, c.relname) AS quoted,
      CASE WHEN n.nspname = 'pg_catalog' THEN 'catalog' WHEN c.relkind = 'S' THEN 'sequence' ELSE 'table' END AS kind,
      array_agg(quote_ident(a.attname) ORDER BY a.attnum) AS columns,
      bool_and(EXISTS (SELECT FROM pg_opclass o WHERE o.opcmethod = 405 AND o.opcdefault AND o.opcintype = a.atttypid)) AS hashable
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'm', 'S') AND n.nspname NOT IN ('information_schema', 'pg_toast') AND n.nspname !~ '^pg_t(oast_)?(temp|oast)'
      AND a.attnum > 0
      AND NOT (n.nspname = 'pg_catalog' AND (c.relname = ANY (${ELSEWHERE}) OR concat_ws('.', c.relname, a.attname) = ANY (${OWN_ACCORD})))
    GROUP BY n.nspname, c.relname, c.relkind ORDER BY 1`);
  return rows;
}

function partOf({ name, quoted, kind, columns, hashable }: Relation): string {
  const what = `'${kind} ${name.replaceAll("'", "''")}'`;
  if (kind === 'catalog' && BY_VERSION.includes(name)) return summed(what, hashOf('ROW(ctid, xmin)'), quoted);
  // The schema of temporary tables stays when they go, for the next session.
  const own = quoted === 'pg_catalog.pg_namespace' ? ` WHERE nspname !~ '^pg_(toast_)?temp_'` : '';
  if (kind === 'sequence') return select(what, 'ROW(last_value, is_called)::text', quoted);
  if (kind === 'table' && hashable) return summed(what, hashOf('t.*'), `ONLY ${quoted} t`);
  return select(what, `ROW(${columns.map((column) => `t.${column}`).join(', ')})::text`, `ONLY ${quoted} t${own}`);
}

/** Hashed twice: the hash of a row is a sum over its columns, so that rows which exchange a value would add up to the same. */
function hashOf(record: string): string {
  return `hashint8extended(hash_record_extended(${record}, 0), 0)`;
}

function select(what: string, text: string, from: string): string {
  return summed(what, `hashtextextended(${text}, 0)`, from);
}

function summed(what: string, hash: string, from: string): string {
  return `SELECT ${what} AS what, count(*) AS rows, coalesce(sum(${hash}::numeric), 0)::text AS sum FROM ${from}`;
}

/** What belongs to the server as a whole. */
const SHARED = [
  select(`'roles'`, 'a::text', 'pg_authid a'),
  select(`'members of roles'`, `ROW(m.roleid, m.member, m.grantor, to_jsonb(m) - 'oid')::text`, 'pg_auth_members m'),
  select(`'settings of roles'`, 'ROW(d.datname, s.setrole, s.setconfig)::text', 'pg_db_role_setting s LEFT JOIN pg_database d ON d.oid = s.setdatabase'),
  select(`'databases'`, 'ROW(datname, datdba, datacl, datallowconn, datconnlimit)::text', 'pg_database'),
  select(`'settings of the server'`, `line`, `regexp_split_to_table(pg_read_file('postgresql.auto.conf'), '\\n') line`),
  select(`'comments on roles and databases'`, 'ROW(r.rolname, d.datname, c.description)::text',
    `pg_shdescription c LEFT JOIN pg_roles r ON c.classoid = 'pg_authid'::regclass AND r.oid = c.objoid LEFT JOIN pg_database d ON c.classoid = 'pg_database'::regclass AND d.oid = c.objoid`),
  select(`'subscriptions'`, 'ROW(d.datname, s.subname, s.subenabled)::text', 'pg_subscription s LEFT JOIN pg_database d ON d.oid = s.subdbid'),
  select(`'replication slots'`, 'ROW(slot_name, plugin, slot_type)::text', 'pg_replication_slots'),
];

const OBJECTS = [
  select(`'large objects'`, 'o::text', 'pg_largeobject o'),
];

/** What differs, as one sentence each; empty where nothing does. */
export function differences(before: Snapshot, after: Snapshot): string[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((name) => {
    const [then, now] = [before.get(name), after.get(name)];
    if (!then) return [`${name} is new, with ${count(now?.rows ?? 0)}`];
    if (!now) return [`${name} is gone, with ${count(then.rows)}`];
    if (then.rows !== now.rows) return [`${name}: ${then.rows} → ${count(now.rows)}`];
    return then.sum === now.sum ? [] : [`${name}: changed`];
  });
}

/** How much of a snapshot there is to lose. */
export function sizeOf(taken: Snapshot): { readonly rows: number; readonly objects: number } {
  const entries = [...taken];
  const rowsOf = (kind: string) => entries.filter(([name]) => name.startsWith(kind)).reduce((sum, [, { rows }]) => sum + rows, 0);
  return { rows: rowsOf('table '), objects: rowsOf('catalog ') + rowsOf('large objects') + rowsOf('roles') };
}

function count(rows: number): string {
  return rows === 1 ? '1 row' : `${rows} rows`;
}
