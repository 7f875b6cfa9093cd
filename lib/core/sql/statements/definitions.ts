import { nameOf, relationOf, textOf, written } from '../names';
import type { Tree } from '../parser';
import type { Look, Scan, Walk } from '../scan';
import { isOn, mention, objectOf, option, thing } from './options';

type Because = string | ((fields: Tree) => string);

/** A definition: what is in it is only named. */
const defines = (because: Because): Look => (fields, scan, walk) => {
  scan.add('schema', typeof because === 'string' ? because : because(fields));
  return mention(fields, scan, walk);
};

/** Something that runs what is in it, while it changes the schema. */
const runs = (because: Because): Look => (fields, scan) => scan.add('schema', typeof because === 'string' ? because : because(fields));

const relation = (fields: Tree, key = 'relation') => written(relationOf(fields[key] as Tree));

/** Languages whose functions are no more than the SQL in them. */
const TRUSTED = new Set(['sql', 'plpgsql']);

export const DEFINITIONS: Readonly<Record<string, Look>> = {
  CreateStmt: (create, scan, walk) => {
    scan.add('schema', `makes the table ${relation(create)}`);
    return mention(create, scan, walk);
  },
  CreateTableAsStmt: runs((fields) => `makes the ${thing(fields.objtype)} ${written(relationOf((fields.into as Tree).rel as Tree))}`),
  ViewStmt: defines((fields) => `makes the view ${relation(fields, 'view')}`),
  IndexStmt: (index, scan) => {
    scan.add('schema', `makes an index on ${relation(index)}`);
    if (index.concurrent === true) scan.alone();
  },
  ReindexStmt: (reindex, scan) => {
    scan.add('schema', 'rebuilds indexes');
    if (!['REINDEX_OBJECT_TABLE', 'REINDEX_OBJECT_INDEX'].includes(String(reindex.kind)) || isOn(reindex.params, 'concurrently')) scan.alone();
  },
  RefreshMatViewStmt: runs((fields) => `fills the materialized view ${relation(fields)} again`),
  CreateSeqStmt: defines((fields) => `makes the sequence ${relation(fields, 'sequence')}`),
  AlterSeqStmt: defines((fields) => `alters the sequence ${relation(fields, 'sequence')}`),
  CreateSchemaStmt: (fields, scan) => {
    scan.add('schema', 'makes a schema');
    if (fields.schemaname !== undefined) scan.object({ schema: undefined, name: fields.schemaname as string });
    if (fields.authrole !== undefined) scan.add('privilege', 'gives it to another role');
  },
  CreateFunctionStmt: (fields, scan) => createsFunction(fields, scan),
  AlterFunctionStmt: ({ func, actions }, scan) => {
    scan.add('schema', 'alters a function');
    scan.object(nameOf((func as Tree).objname));
    if (isOn(actions, 'security')) scan.add('privilege', 'lets a function act with the rights of its owner');
    return true;
  },
  RuleStmt: defines((fields) => `makes a rule on ${relation(fields)}`),
  CreateTrigStmt: defines((fields) => `makes a trigger on ${relation(fields)}`),
  CreateEventTrigStmt: (_, scan) => { scan.add('privilege', 'makes a trigger that sees the statements of everybody'); return true; },
  AlterEventTrigStmt: (_, scan) => { scan.add('privilege', 'alters a trigger that sees the statements of everybody'); return true; },
  CreateDomainStmt: defines('makes a domain'),
  AlterDomainStmt: ({ subtype, typeName }, scan) => {
    scan.add('schema', 'alters a domain', subtype === 'X');
    scan.object(nameOf(typeName));
    return true;
  },
  CompositeTypeStmt: defines('makes a type'),
  CreateEnumStmt: ({ typeName }, scan) => { scan.add('schema', 'makes a type'); scan.object(nameOf(typeName)); return true; },
  CreateRangeStmt: ({ typeName }, scan) => { scan.add('schema', 'makes a type'); scan.object(nameOf(typeName)); return true; },
  AlterEnumStmt: ({ typeName, oldVal }, scan) => {
    scan.add('schema', oldVal === undefined ? 'adds a value to a type' : 'renames a value of a type');
    scan.object(nameOf(typeName));
    return true;
  },
  AlterTypeStmt: defines('alters a type'),
  DefineStmt: defines((fields) => `makes the ${thing(fields.kind)} ${objectOf(fields.defnames)}`),
  CreateCastStmt: defines('makes a cast'),
  CreateConversionStmt: defines('makes a conversion'),
  CreateTransformStmt: defines('makes a transform'),
  CreateOpClassStmt: defines('makes an operator class'),
  CreateOpFamilyStmt: defines('makes an operator family'),
  AlterOpFamilyStmt: ({ isDrop }, scan) => { scan.add('schema', 'alters an operator family', isDrop === true); return true; },
  AlterOperatorStmt: defines('alters an operator'),
  CreateStatsStmt: defines('makes statistics'),
  AlterStatsStmt: defines('alters statistics'),
  AlterCollationStmt: defines('alters a collation'),
  AlterTSDictionaryStmt: defines('alters a dictionary'),
  AlterTSConfigurationStmt: ({ kind }, scan) => { scan.add('schema', 'alters a text search configuration', kind === 'ALTER_TSCONFIG_DROP_MAPPING'); return true; },
  CreateExtensionStmt: ({ extname }, scan) => { scan.add('schema', `installs the extension ${written({ schema: undefined, name: extname as string })}`); return true; },
  AlterExtensionStmt: (_, scan) => { scan.add('schema', 'updates an extension'); return true; },
  AlterExtensionContentsStmt: ({ action }, scan) => { scan.add('schema', 'alters an extension', action === -1); return true; },
  CreateAmStmt: (_, scan) => { scan.add('external', 'makes an access method of code on the server'); return true; },
  CreatePLangStmt: (_, scan) => { scan.add('external', 'makes a language of code on the server'); return true; },
  CreatedbStmt: (fields, scan) => { database(fields, scan, 'makes'); },
  DropdbStmt: (fields, scan) => { database(fields, scan, 'drops', true); },
  AlterDatabaseStmt: (fields, scan) => {
    scan.add('schema', 'alters a database');
    if (option(fields.options, 'tablespace') !== undefined) scan.alone();
  },
  AlterDatabaseRefreshCollStmt: (_, scan) => scan.add('schema', 'alters a database'),
  CreateTableSpaceStmt: (_, scan) => { scan.add('schema', 'makes a tablespace'); scan.alone(); },
  DropTableSpaceStmt: (_, scan) => { scan.add('schema', 'drops a tablespace', true); scan.alone(); },
  AlterTableSpaceOptionsStmt: (_, scan) => scan.add('schema', 'alters a tablespace'),
  AlterTableMoveAllStmt: (_, scan) => scan.add('schema', 'moves tables to another tablespace'),
  CommentStmt: ({ objtype, object }, scan) => {
    scan.add('schema', `replaces the comment on the ${thing(objtype)} ${objectOf(object)}`);
    scan.objects.push(objectOf(object));
    return true;
  },
  RenameStmt: ({ relation: renamed, object, renameType }, scan) => {
    scan.add(renameType === 'OBJECT_ROLE' ? 'privilege' : 'schema', `renames a ${thing(renameType)}`);
    if (renamed !== undefined) scan.object(relationOf(renamed as Tree));
    else if (object !== undefined) scan.objects.push(objectOf(object));
    return true;
  },
  AlterObjectSchemaStmt: ({ relation: moved, object }, scan) => {
    scan.add('schema', 'moves something to another schema');
    if (moved !== undefined) scan.object(relationOf(moved as Tree));
    else if (object !== undefined) scan.objects.push(objectOf(object));
    return true;
  },
  AlterObjectDependsStmt: (_, scan) => { scan.add('schema', 'makes something depend on an extension'); return true; },
  AlterTableStmt: (fields, scan, walk) => alterTable(fields, scan, walk),
  DropStmt: ({ objects, removeType, behavior, concurrent }, scan) => {
    const names = (objects as readonly unknown[]).map(objectOf);
    const cascade = behavior === 'DROP_CASCADE' ? ', and everything that depends on it' : '';
    scan.add(removeType === 'OBJECT_POLICY' ? 'privilege' : 'schema', `drops the ${thing(removeType)} ${names.join(', ')}${cascade}`, true);
    scan.objects.push(...names);
    if (concurrent === true) scan.alone();
    return true;
  },
  VacuumStmt: ({ is_vacuumcmd: vacuum }, scan) => {
    scan.add('schema', vacuum === true ? 'rewrites what tables keep of deleted rows' : 'renews the statistics of tables');
    if (vacuum === true) scan.alone();
  },
  ClusterStmt: ({ relation: one }, scan) => {
    scan.add('schema', 'rewrites tables in the order of an index');
    if (one === undefined) scan.alone();
  },
  CreatePublicationStmt: (_, scan) => scan.add('schema', 'publishes tables to other servers'),
  AlterPublicationStmt: ({ action }, scan) => scan.add('schema', 'alters what is published to other servers', action === 'AP_DropObjects'),
  PublicationObjSpec: () => {},
};

function database({ dbname }: Tree, scan: Scan, what: string, destructive = false): void {
  const name = { schema: undefined, name: dbname as string };
  scan.add('schema', `${what} the database ${written(name)}`, destructive);
  scan.object(name);
  scan.alone();
}

function createsFunction({ funcname, options, is_procedure: procedure }: Tree, scan: Scan): true {
  const name = nameOf(funcname);
  scan.object(name);
  scan.add('schema', `makes the ${procedure === true ? 'procedure' : 'function'} ${written(name)}`);
  if (isOn(options, 'security')) scan.add('privilege', 'which acts with the rights of its owner');
  const language = textOf(option(options, 'language')) ?? 'sql';
  if (!TRUSTED.has(language)) scan.add('external', `of code in ${language}`);
  return true;
}

const PRIVILEGE_COMMANDS = /^AT_(ChangeOwner|(Enable|Disable|Force|NoForce)RowSecurity)$/;

function alterTable({ relation: altered, cmds, objtype }: Tree, scan: Scan, walk: Walk): true {
  const name = relationOf(altered as Tree);
  scan.object(name);
  scan.written.push(name);
  scan.add('schema', `alters the ${thing(objtype)} ${written(name)}`);
  for (const { AlterTableCmd: command } of cmds as readonly { readonly AlterTableCmd: Tree }[]) {
    const subtype = String(command.subtype);
    const what = `${subtype.replace(/^AT_/, '').replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase()}${command.name === undefined ? '' : ` ${written({ schema: undefined, name: command.name as string })}`}`;
    const drops = subtype.startsWith('AT_Drop') || subtype.startsWith('AT_DetachPartition') || (subtype === 'AT_ColumnDefault' && command.def === undefined);
    if (drops) scan.add('schema', what, true);
    // Every value is computed anew, and what a USING or a shorter type leaves out is gone.
    if (subtype === 'AT_AlterColumnType') scan.add('schema', what, true);
    if (PRIVILEGE_COMMANDS.test(subtype)) scan.add('privilege', what);
    const { PartitionCmd: partition } = (command.def ?? {}) as { readonly PartitionCmd?: Tree };
    if (partition?.concurrent === true) scan.alone();
  }
  walk({ cmds }, scan);
  return true;
}
