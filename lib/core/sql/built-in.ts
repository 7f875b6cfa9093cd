/** Names of the operators of PostgreSQL 15 to 18. One with another name is somebody else's, and calls a function of theirs. */
export const OPERATORS: ReadonlySet<string> = new Set(`
  !! !~ !~* !~~ !~~* # ## #- #> #>> % & && &< &<| &> * *< *<= *<> *= *> *>= + - -> ->> -|- / < <-> << <<= <<| <= <> <@ <^ = > >= >> >>= >^ ? ?# ?& ?-
  ?-| ?| ?|| @ @-@ @> @? @@ @@@ ^ ^@ | |&> |/ |>> || ||/ ~ ~* ~<=~ ~<~ ~= ~>=~ ~>~ ~~ ~~*`.trim().split(/\s+/));

/** Names of the types of PostgreSQL 15 to 18. One with another name may be a domain, whose checks call functions. */
export const TYPES: ReadonlySet<string> = new Set(`
  aclitem bit bool box bpchar bytea char cid cidr circle cstring date datemultirange daterange float4 float8 gtsvector inet int2 int2vector int4
  int4multirange int4range int8 int8multirange int8range interval json jsonb jsonpath line lseg macaddr macaddr8 money name numeric nummultirange
  numrange oid oidvector path pg_lsn pg_node_tree pg_snapshot point polygon record refcursor regclass regcollation regconfig regdictionary regnamespace
  regoper regoperator regproc regprocedure regrole regtype text tid time timestamp timestamptz timetz tsmultirange tsquery tsrange tstzmultirange
  tstzrange tsvector txid_snapshot unknown uuid varbit varchar void xid xid8 xml`.trim().split(/\s+/));

/** Methods of TABLESAMPLE that come with PostgreSQL. Another one is code of an extension. */
export const SAMPLING: ReadonlySet<string> = new Set(['system', 'bernoulli']);

/**
 * Relations of PostgreSQL that hold passwords, or say how to log in. Reading them is about privileges, not about data.
 * `pg_largeobject` holds the contents of all large objects, whoever may read them.
 */
export const SECRET_RELATIONS: ReadonlyMap<string, string> = new Map([
  ['pg_authid', 'reads the hashes of passwords'],
  ['pg_shadow', 'reads the hashes of passwords'],
  ['pg_user_mapping', 'reads passwords for other servers'],
  ['pg_user_mappings', 'reads passwords for other servers'],
  ['user_mapping_options', 'reads passwords for other servers'],
  ['_pg_user_mappings', 'reads passwords for other servers'],
  ['pg_subscription', 'reads passwords for other servers'],
  ['pg_hba_file_rules', 'reads how the server lets people in'],
  ['pg_ident_file_mappings', 'reads how the server lets people in'],
  ['pg_file_settings', 'reads files of the server'],
  ['pg_largeobject', 'reads the contents of all large objects'],
  ['pg_statistic', 'reads samples of every table'],
  ['pg_statistic_ext_data', 'reads samples of every table'],
]);

/** Schemas whose relations and functions come with PostgreSQL. */
export function isSystemSchema(schema: string | undefined): boolean {
  return schema === 'pg_catalog' || schema === 'information_schema';
}
