/**
 * The questions behind `SqlCatalog`. Each answers with one row, whose `rows` is JSON. With nothing but `pg_catalog` in the search
 * path PostgreSQL writes every other name with its schema. Nothing of the database's own code runs for them.
 */
const rows = (select: string) => `SELECT coalesce(pg_catalog.json_agg(pg_catalog.row_to_json(one)), '[]') AS rows FROM (${select}) AS one`;

/** Numbers of what comes with PostgreSQL are smaller (FirstNormalObjectId). */
const OWN = 16384;

const EXTENSION = (catalog: string, oid: string) => `EXISTS (SELECT 1 FROM pg_catalog.pg_depend e
  WHERE e.classid = 'pg_catalog.${catalog}'::pg_catalog.regclass AND e.objid = ${oid} AND e.deptype = 'e')`;

/** Routines that are not PostgreSQL's, and those of PostgreSQL that operators, casts and triggers of the database lead to. */
export const SQL_ROUTINES_QUERY = rows(`
  SELECT p.oid::pg_catalog.int8 AS oid, n.nspname AS schema, p.proname AS name, l.lanname AS language, ${EXTENSION('pg_proc', 'p.oid')} AS extension,
    p.pronargs >= 1 AND p.pronargs - p.pronargdefaults <= 1 AND (SELECT a.typtype IN ('c', 'd', 'p') FROM pg_catalog.pg_type a WHERE a.oid = p.proargtypes[0]) AS "takesRow",
    coalesce(CASE WHEN p.prokind NOT IN ('f', 'p') THEN NULL WHEN l.lanname = 'sql' THEN coalesce(pg_catalog.pg_get_function_sqlbody(p.oid), p.prosrc)
      WHEN l.lanname = 'plpgsql' THEN pg_catalog.pg_get_functiondef(p.oid) END, '') AS source
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace JOIN pg_catalog.pg_language l ON l.oid = p.prolang
  WHERE p.oid >= ${OWN} OR p.oid IN (SELECT oprcode FROM pg_catalog.pg_operator WHERE oid >= ${OWN} UNION SELECT castfunc FROM pg_catalog.pg_cast WHERE oid >= ${OWN}
    UNION SELECT tgfoid FROM pg_catalog.pg_trigger WHERE NOT tgisinternal)`);

export const SQL_OPERATORS_QUERY = rows(`
  SELECT n.nspname AS schema, o.oprname AS name, o.oprcode::pg_catalog.oid::pg_catalog.int8 AS routine
  FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace WHERE o.oid >= ${OWN} AND o.oprcode <> 0`);

/** Domains, and types that are made of them at any depth: arrays, ranges, rows. */
export const SQL_TYPES_QUERY = rows(`
  WITH RECURSIVE part(top, oid) AS (
    SELECT oid, oid FROM pg_catalog.pg_type WHERE oid >= ${OWN} AND typtype IN ('d', 'c', 'r', 'm')
    UNION SELECT part.top, next.oid FROM part JOIN pg_catalog.pg_type t ON t.oid = part.oid CROSS JOIN LATERAL (
      SELECT t.typbasetype AS oid WHERE t.typtype = 'd' UNION ALL SELECT t.typelem WHERE t.typelem <> 0
      UNION ALL SELECT a.atttypid FROM pg_catalog.pg_attribute a WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
      UNION ALL SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE t.oid IN (r.rngtypid, r.rngmultitypid)) next WHERE next.oid >= ${OWN})
  SELECT n.nspname AS schema, t.typname AS name, pg_catalog.array_agg(DISTINCT pg_catalog.pg_get_expr(c.conbin, 0)) AS checks
  FROM part JOIN pg_catalog.pg_constraint c ON c.contypid = part.oid AND c.contype = 'c'
    JOIN pg_catalog.pg_type t ON t.oid = part.top JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace GROUP BY n.nspname, t.typname`);

/** Casts that call a routine; those for assignments count as implicit: nobody writes them either. */
export const SQL_CASTS_QUERY = rows(`
  SELECT pg_catalog.json_build_object('schema', n.nspname, 'name', t.typname) AS to, c.castfunc::pg_catalog.int8 AS routine, c.castcontext <> 'e' AS implicit
  FROM pg_catalog.pg_cast c JOIN pg_catalog.pg_type t ON t.oid = c.casttarget JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  WHERE c.oid >= ${OWN} AND c.castfunc <> 0`);

const collected = (expression: string, from: string) => `coalesce((SELECT pg_catalog.json_agg(${expression}) FROM ${from}), '[]')`;

export const SQL_RELATIONS_QUERY = rows(`
  WITH RECURSIVE foreign_part(oid) AS (
    SELECT oid FROM pg_catalog.pg_class WHERE relkind = 'f'
    UNION SELECT i.inhparent FROM foreign_part JOIN pg_catalog.pg_inherits i ON i.inhrelid = foreign_part.oid)
  SELECT n.nspname AS schema, c.relname AS name, c.oid IN (SELECT oid FROM foreign_part) AS foreign,
    CASE WHEN c.relkind = 'v' THEN pg_catalog.pg_get_viewdef(c.oid) END AS definition,
    ${collected('expression', `(
      SELECT pg_catalog.pg_get_expr(p.polqual, p.polrelid) FROM pg_catalog.pg_policy p WHERE c.relrowsecurity AND p.polrelid = c.oid AND p.polqual IS NOT NULL
      UNION ALL SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid) FROM pg_catalog.pg_attrdef d JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
        WHERE d.adrelid = c.oid AND a.attgenerated = 'v') AS e(expression)`)} AS reading,
    ${collected('expression', `(
      SELECT pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) FROM pg_catalog.pg_policy p WHERE c.relrowsecurity AND p.polrelid = c.oid AND p.polwithcheck IS NOT NULL
      UNION ALL SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid) FROM pg_catalog.pg_attrdef d WHERE d.adrelid = c.oid
      UNION ALL SELECT pg_catalog.pg_get_expr(k.conbin, k.conrelid) FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c'
      UNION ALL SELECT pg_catalog.pg_get_expr(x.indexprs, x.indrelid) FROM pg_catalog.pg_index x WHERE x.indrelid = c.oid AND x.indexprs IS NOT NULL
      UNION ALL SELECT pg_catalog.pg_get_expr(x.indpred, x.indrelid) FROM pg_catalog.pg_index x WHERE x.indrelid = c.oid AND x.indpred IS NOT NULL) AS e(expression)`)} AS writing,
    ${collected('pg_catalog.pg_get_ruledef(r.oid)', "pg_catalog.pg_rewrite r WHERE r.ev_class = c.oid AND r.ev_type <> '1' AND r.ev_enabled <> 'D'")} AS rules,
    ${collected('t.tgfoid::pg_catalog.int8', "pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgenabled <> 'D'")} AS triggers,
    ${collected('names', `pg_catalog.pg_index x CROSS JOIN LATERAL (SELECT pg_catalog.json_agg(a.attname) AS names FROM pg_catalog.pg_attribute a
      WHERE a.attrelid = c.oid AND a.attnum = ANY ((x.indkey::pg_catalog.int2[])[0:x.indnkeyatts - 1])) k
      WHERE x.indrelid = c.oid AND x.indisunique AND x.indisvalid AND x.indimmediate AND x.indpred IS NULL AND x.indexprs IS NULL`)} AS keys
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.oid >= ${OWN} AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname NOT IN ('pg_toast', 'information_schema')`);

/** The search path of the session, `pg_catalog` included. */
export const SQL_PATH_QUERY = 'SELECT pg_catalog.array_to_json(pg_catalog.current_schemas(true)) AS rows';
