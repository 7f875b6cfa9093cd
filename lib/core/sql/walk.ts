import { MAXIMUM_SQL_DEPTH } from '../policy';
import { isSystemSchema, OPERATORS, SAMPLING, SECRET_RELATIONS, TYPES } from './built-in';
import { READING } from './functions';
import { nameOf, relationOf, textOf, written } from './names';
import type { Tree } from './parser';
import type { Look, Scan } from './scan';
import { STATEMENTS } from './statements';
import type { Name } from './types';

/** Nodes without an effect of their own. What is not here and has no entry in `LOOKS` makes a statement unknown. */
const HARMLESS: ReadonlySet<string> = new Set(`
  A_ArrayExpr A_Indices A_Star AccessPriv Alias AlterTableCmd BitString BoolExpr Boolean BooleanTest CaseExpr CaseWhen CoalesceExpr CollateClause ColumnDef
  CommonTableExpr Constraint CTECycleClause CTESearchClause DefElem Float FunctionParameter GroupingFunc GroupingSet IndexElem InferClause Integer
  JoinExpr JsonAggConstructor JsonArgument JsonArrayAgg JsonArrayConstructor JsonArrayQueryConstructor JsonBehavior JsonFormat JsonFuncExpr JsonIsPredicate
  JsonKeyValue JsonObjectAgg JsonObjectConstructor JsonOutput JsonParseExpr JsonReturning JsonScalarExpr JsonSerializeExpr JsonTable JsonTableColumn
  JsonTablePath JsonTablePathSpec JsonValueExpr List MergeWhenClause MinMaxExpr MultiAssignRef NamedArgExpr NullTest ObjectWithArgs OnConflictClause
  ParamRef PartitionBoundSpec PartitionCmd PartitionElem PartitionRangeDatum PartitionSpec RangeFunction RangeSubselect RangeTableFunc RangeTableFuncCol
  ReplicaIdentityStmt ResTarget ReturningClause ReturningOption RoleSpec RowExpr SetToDefault SinglePartitionSpec SQLValueFunction StatsElem String
  TableLikeClause TypeCast VacuumRelation WindowDef WithClause XmlExpr XmlSerialize CurrentOfExpr A_Const`.trim().split(/\s+/));

/** What is looked at besides statements. */
const LOOKS: Readonly<Record<string, Look>> = {
  A_Const: () => true,
  String: () => true,
  Integer: () => true,
  ColumnRef: ({ fields }, scan) => {
    const parts = fields as readonly unknown[];
    if (parts.length > 1) attribute(parts.at(-1), scan);
    return true;
  },
  A_Indirection: ({ indirection }, scan) => (indirection as readonly unknown[]).forEach((step) => attribute(step, scan)),
  A_Expr: ({ name }, scan) => operator(name, scan),
  SubLink: ({ operName }, scan) => { if (operName !== undefined) operator(operName, scan); },
  SortBy: ({ useOp }, scan) => { if (useOp !== undefined) operator(useOp, scan); },
  LockingClause: (_, scan) => { scan.add('write', 'locks the rows that it reads'); },
  RangeTableSample: ({ method }, scan) => {
    const { name } = nameOf(method);
    if (!SAMPLING.has(name)) scan.add('unknown', `samples rows by ${name}, which is no method of PostgreSQL`);
  },
};

const nothing: Look = () => {};

/** What is done with each node that the kit knows. One look-up for each node: this is where the time goes. */
const NODES: ReadonlyMap<string, Look> = new Map<string, Look>([
  ...[...HARMLESS, 'FuncCall', 'RangeVar', 'TypeName'].map((name) => [name, nothing] as const), ...Object.entries(STATEMENTS), ...Object.entries(LOOKS),
]);

/**
 * Looks at everything below a node. The names of relations, functions and types are known by their fields, as the parser writes these
 * nodes with and without their type around them.
 */
export function walk(node: Tree, scan: Scan): void {
  if (++scan.depth > MAXIMUM_SQL_DEPTH) throw new RangeError('too deep');
  for (const key in node) {
    const value = node[key];
    if (typeof value !== 'object' || value === null) {
      if (key === 'relname') reading(relationOf(node), scan);
    } else if (Array.isArray(value)) {
      if (key === 'funcname') functionCall(node, scan);
      else if (key === 'names') type(value, scan);
      else for (const item of value as readonly Tree[]) if (typeof item === 'object' && item !== null) walkItem(item, scan);
    } else if (key.charCodeAt(0) < LOWER_CASE) {
      visit(key, value as Tree, scan);
    } else if (key !== 'withClause') {
      if (key === 'intoClause') scan.add('schema', 'makes a table');
      // The sides of a UNION are SELECTs without their type around them; those of a JOIN have theirs.
      if (key === 'larg' || key === 'rarg') visit('SelectStmt', value as Tree, scan);
      else walk(value as Tree, scan);
    }
  }
  scan.depth -= 1;
}

/** Fields begin with a small letter, types of nodes with a capital one. */
const LOWER_CASE = 97;

/** A node with its type around it: `{ ColumnRef: { fields: […] } }`. */
export function walkItem(item: Tree, scan: Scan): void {
  for (const key in item) {
    if (key.charCodeAt(0) < LOWER_CASE) visit(key, item[key] as Tree, scan);
    else throw new TypeError('a node without its type');
  }
}

function visit(type: string, fields: Tree, scan: Scan): void {
  const look = NODES.get(type);
  if (look === nothing) return walk(fields, scan);
  const outer = scan.scope;
  if (fields.withClause !== undefined) commonTables(fields.withClause as Tree, scan);
  if (look === undefined) scan.add('unknown', `contains ${type}, which the kit does not know`);
  if (look?.(fields, scan, walk) !== true) walk(fields, scan);
  scan.scope = outer;
}

/** Common table expressions hide relations from what follows them; RECURSIVE ones from each other too. */
function commonTables({ ctes, recursive }: Tree, scan: Scan): void {
  const expressions = (ctes as readonly { readonly CommonTableExpr: Tree }[]).map(({ CommonTableExpr }) => CommonTableExpr);
  const hide = (names: readonly string[]) => { scan.scope = { names, outer: scan.scope }; };
  if (recursive === true) hide(expressions.map(({ ctename }) => ctename as string));
  for (const expression of expressions) {
    walk(expression, scan);
    hide([expression.ctename as string]);
  }
}

function attribute(step: unknown, scan: Scan): void {
  const name = textOf(step);
  if (name !== undefined) scan.attributes.push(name);
}

function operator(list: unknown, scan: Scan): void {
  const name = nameOf(list);
  if (name.schema === 'pg_catalog') return;
  if (name.schema === undefined && isBuiltIn(name.name)) scan.operators.push(name);
  else scan.foreignOperators.push(name);
}

/** The parser writes BETWEEN, LIKE and their kind as operators of these names. */
function isBuiltIn(name: string): boolean {
  return OPERATORS.has(name) || /^(NOT )?BETWEEN( SYMMETRIC)?$/.test(name);
}

function type(list: unknown, scan: Scan): void {
  const name = nameOf(list);
  if (name.schema === 'pg_catalog' || (name.schema === undefined && TYPES.has(name.name))) return;
  scan.types.push(name);
}

function functionCall({ funcname, args }: Tree, scan: Scan): void {
  const name = nameOf(funcname);
  if (READING.has(name.name) && (name.schema === undefined || name.schema === 'pg_catalog')) {
    if (name.schema === undefined) scan.calls.push(name);
    return;
  }
  scan.deeds.push(name);
  if (name.name === 'set_config') {
    const setting = (args as readonly { readonly A_Const?: { readonly sval?: { readonly sval?: string } } }[] | undefined)?.[0]?.A_Const?.sval?.sval;
    if (setting !== undefined && /^(role|session_authorization)$/i.test(setting)) scan.add('privilege', 'acts as another role');
  }
}

/** A relation that is read, unless a common table expression hides it. */
function reading(name: Name, scan: Scan): void {
  if (name.schema === undefined && scan.hides(name.name)) return;
  scan.object(name);
  const secret = name.schema === undefined || isSystemSchema(name.schema) ? SECRET_RELATIONS.get(name.name) : undefined;
  if (secret !== undefined) scan.add('privilege', `${secret} in ${written(name)}`);
  if (!isSystemSchema(name.schema)) scan.read.push(name);
}
