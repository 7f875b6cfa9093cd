/**
 * Questions about where the rows of one relation are found again in another: through views, inheritance, columns that hold
 * whole rows, and code that a materialized view has run. Every name is qualified, as in `catalog-queries.ts`.
 */

/** What views are made of, and what inherits from what. A view over a routine written in SQL's own body counts what the routine reads. */
export const EDGES_QUERY = `
WITH RECURSIVE edge AS (
  SELECT w.ev_class AS view, d.refclassid, d.refobjid
    FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_rewrite w ON w.oid = d.objid
   WHERE d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.refobjid >= 16384 AND d.refobjid <> w.ev_class
     AND d.refclassid IN ('pg_catalog.pg_class'::pg_catalog.regclass, 'pg_catalog.pg_proc'::pg_catalog.regclass)
  UNION
  SELECT e.view, d.refclassid, d.refobjid FROM edge e
    JOIN pg_catalog.pg_depend d ON d.classid = e.refclassid AND d.objid = e.refobjid
   WHERE e.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.refobjid >= 16384
     AND d.refclassid IN ('pg_catalog.pg_class'::pg_catalog.regclass, 'pg_catalog.pg_proc'::pg_catalog.regclass)
)
SELECT coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_array(e.view::pg_catalog.int8, e.refobjid::pg_catalog.int8))
                   FROM edge e WHERE e.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass), '[]')::text AS uses,
       coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_array(i.inhrelid::pg_catalog.int8, i.inhparent::pg_catalog.int8))
                   FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid AND c.relkind IN ('r', 'p', 'f')), '[]')::text AS inherits`;

/** Extensions with functions that carry out a text as a query; of others, what they run is not the application's. */
const RUNS_TEXT = `('dblink', 'tablefunc', 'xml2')`;

/** Functions of PostgreSQL that do so, or that read what no column grant protects. */
const BUILT_IN = `('query_to_xml', 'query_to_xmlschema', 'query_to_xml_and_xmlschema', 'cursor_to_xml', 'cursor_to_xmlschema', 'table_to_xml',
  'table_to_xml_and_xmlschema', 'schema_to_xml', 'schema_to_xml_and_xmlschema', 'database_to_xml', 'database_to_xml_and_xmlschema', 'ts_stat',
  'ts_rewrite', 'lo_get', 'loread', 'pg_read_file', 'pg_read_binary_file')`;

/** Relations of PostgreSQL that show its owner what they show nobody else. */
const SYSTEM = `('pg_stats', 'pg_statistic', 'pg_stats_ext', 'pg_stats_ext_exprs', 'pg_statistic_ext_data', 'pg_stat_activity', 'pg_largeobject', 'pg_authid', 'pg_shadow')`;

/**
 * `runs`: views that run code whose reading nobody can see: a routine of the application, also behind an operator or in an
 * aggregate, or a text as a query. `opaque`: those of them that do so with other rights than those of who reads the view:
 * the routine has its owner's, or the view is materialized and keeps what its owner has read.
 *
 * PostgreSQL keeps no record of what a view uses of its own, so the views themselves are searched for that; only materialized
 * views, and the views below them, since elsewhere it has the rights of who asks.
 */
export const CODE_QUERY = `
WITH RECURSIVE code AS (
  SELECT p.oid, p.prosecdef OR coalesce(x.extname = 'dblink', false) AS other_rights
    FROM pg_catalog.pg_proc p
    LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype = 'e'
    LEFT JOIN pg_catalog.pg_extension x ON x.oid = d.refobjid
   WHERE p.oid >= 16384 AND (x.oid IS NULL OR x.extname IN ${RUNS_TEXT})
), below AS (
  SELECT m.oid FROM pg_catalog.pg_rewrite w JOIN pg_catalog.pg_class m ON m.oid = w.ev_class AND m.relkind = 'm'
  UNION
  SELECT v.oid FROM below b JOIN pg_catalog.pg_rewrite w ON w.ev_class = b.oid
    JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid = w.oid AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
    JOIN pg_catalog.pg_class v ON v.oid = d.refobjid AND v.relkind = 'v'
), pattern AS (
  SELECT pg_catalog.format('(:funcid (%s)|:relid (%s))[^0-9]',
    (SELECT pg_catalog.string_agg(p.oid::text, '|') FROM pg_catalog.pg_proc p WHERE p.oid < 16384 AND p.proname IN ${BUILT_IN}),
    (SELECT pg_catalog.string_agg(c.oid::text, '|') FROM pg_catalog.pg_class c WHERE c.oid < 16384 AND c.relname IN ${SYSTEM})) AS built_in
), used AS (
  SELECT w.ev_class AS view, c.other_rights
    FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_rewrite w ON w.oid = d.objid
    LEFT JOIN pg_catalog.pg_operator o ON d.refclassid = 'pg_catalog.pg_operator'::pg_catalog.regclass AND o.oid = d.refobjid
    JOIN code c ON c.oid = CASE d.refclassid WHEN 'pg_catalog.pg_proc'::pg_catalog.regclass THEN d.refobjid ELSE o.oprcode END
   WHERE d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.refobjid >= 16384
     AND d.refclassid IN ('pg_catalog.pg_proc'::pg_catalog.regclass, 'pg_catalog.pg_operator'::pg_catalog.regclass)
  UNION ALL
  SELECT b.oid, false FROM below b JOIN pg_catalog.pg_rewrite w ON w.ev_class = b.oid, pattern WHERE w.ev_action::text ~ pattern.built_in
)
SELECT coalesce(pg_catalog.json_agg(u.view::pg_catalog.int8), '[]')::text AS runs,
       coalesce(pg_catalog.json_agg(u.view::pg_catalog.int8) FILTER (WHERE u.other_rights OR v.relkind = 'm'), '[]')::text AS opaque
  FROM used u JOIN pg_catalog.pg_class v ON v.oid = u.view AND v.relkind IN ('v', 'm')`;

/**
 * Columns that hold whole rows of a relation: of its row type, or an array, a domain, a range or another row of it.
 * Types of PostgreSQL's own hold none. Asked of what depends on types, which is far less than all columns.
 */
export const ROW_TYPES_QUERY = `
WITH RECURSIVE held AS (
  SELECT a.attrelid AS holder, a.attname AS name, a.atttypid AS type
    FROM pg_catalog.pg_depend d
    JOIN pg_catalog.pg_attribute a ON a.attrelid = d.objid AND a.attnum = d.objsubid AND a.atttypid = d.refobjid AND NOT a.attisdropped
    JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'm', 'f')
   WHERE d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.refobjid >= 16384 AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objsubid > 0
), reached AS (
  SELECT DISTINCT h.type AS start, h.type, 0::pg_catalog.oid AS rows_of FROM held h
  UNION
  SELECT r.start, n.type, n.rows_of FROM reached r CROSS JOIN LATERAL (
    SELECT t.typelem AS type, 0::pg_catalog.oid AS rows_of FROM pg_catalog.pg_type t WHERE t.oid = r.type AND t.typelem >= 16384
    UNION ALL SELECT t.typbasetype, 0::pg_catalog.oid FROM pg_catalog.pg_type t WHERE t.oid = r.type AND t.typbasetype >= 16384
    UNION ALL SELECT g.rngsubtype, 0::pg_catalog.oid FROM pg_catalog.pg_range g WHERE r.type IN (g.rngtypid, g.rngmultitypid) AND g.rngsubtype >= 16384
    UNION ALL SELECT 0::pg_catalog.oid, t.typrelid FROM pg_catalog.pg_type t WHERE t.oid = r.type AND t.typrelid <> 0
    UNION ALL SELECT a.atttypid, 0::pg_catalog.oid FROM pg_catalog.pg_type t
      JOIN pg_catalog.pg_attribute a ON a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid >= 16384 WHERE t.oid = r.type AND t.typrelid <> 0
  ) n
)
SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(h.holder::pg_catalog.int8, h.name, r.rows_of::pg_catalog.int8)), '[]')::text AS "rowTypes"
  FROM held h JOIN reached r ON r.start = h.type WHERE r.rows_of <> 0`;

/** Tables whose rows are not for everybody who may read the table, and what shows them all the same. */
export const ROW_SECURITY_QUERY = `
SELECT coalesce((SELECT pg_catalog.json_agg(c.oid::pg_catalog.int8) FROM pg_catalog.pg_class c WHERE c.relrowsecurity AND c.oid >= 16384), '[]')::text AS tables,
       coalesce((SELECT pg_catalog.json_agg(DISTINCT p.polrelid::pg_catalog.int8) FROM pg_catalog.pg_policy p
                  WHERE p.polpermissive AND p.polcmd IN ('r', '*') AND 0::pg_catalog.oid = ANY (p.polroles)
                    AND pg_catalog.pg_get_expr(p.polqual, p.polrelid) ~ 'current_setting'), '[]')::text AS "bySetting",
       coalesce((SELECT pg_catalog.json_agg(v.oid::pg_catalog.int8) FROM pg_catalog.pg_rewrite w
                   JOIN pg_catalog.pg_class v ON v.oid = w.ev_class AND v.relkind = 'v', pg_catalog.pg_options_to_table(v.reloptions) o
                  WHERE o.option_name = 'security_invoker' AND o.option_value IN ('true', 'on', '1', 'yes')), '[]')::text AS "invokerViews"`;
