import { relationOf, textOf, written } from '../names';
import type { Tree } from '../parser';
import type { Look, Scan } from '../scan';
import { isOn } from './options';

/** Statements about rows. */
export const DATA: Readonly<Record<string, Look>> = {
  SelectStmt: () => {},
  InsertStmt: (insert, scan) => {
    const conflict = insert.onConflictClause as Tree | undefined;
    const values = (insert.selectStmt as { readonly SelectStmt?: Tree } | undefined)?.SelectStmt?.valuesLists !== undefined;
    changes(insert, scan, 'adds rows to');
    if (conflict?.action === 'ONCONFLICT_UPDATE') scan.add('write', `overwrites rows of ${target(insert)} that are there already`, !values);
  },
  UpdateStmt: (update, scan) => {
    changes(update, scan, 'changes rows of');
    const columns = update.fromClause === undefined ? equalColumns(update.whereClause as Tree | undefined) : new Set<string>();
    scan.updates.push({ relation: relationOf(update.relation as Tree), columns });
  },
  DeleteStmt: (statement, scan) => changes(statement, scan, statement.whereClause === undefined ? 'deletes all rows of' : 'deletes rows of', true),
  MergeStmt: (merge, scan) => {
    changes(merge, scan, 'merges rows into');
    const branches = (merge.mergeWhenClauses ?? []) as readonly { readonly MergeWhenClause: Tree }[];
    const commands = branches.map(({ MergeWhenClause }) => MergeWhenClause.commandType);
    if (commands.includes('CMD_DELETE')) scan.add('write', `deletes rows of ${target(merge)}`, true);
    if (commands.includes('CMD_UPDATE')) scan.add('write', `changes rows of ${target(merge)}`, true);
  },
  TruncateStmt: ({ relations, behavior }, scan) => {
    for (const { RangeVar } of relations as readonly { readonly RangeVar: Tree }[]) {
      scan.written.push(relationOf(RangeVar));
      scan.add('write', `empties ${written(relationOf(RangeVar))}${behavior === 'DROP_CASCADE' ? ', and every table that refers to it' : ''}`, true);
    }
  },
  CopyStmt: (copy, scan) => {
    if (copy.is_program === true) scan.add('external', 'runs a program on the server');
    else if (copy.filename !== undefined) scan.add('external', `${copy.is_from === true ? 'reads' : 'writes'} a file of the server`);
    if (copy.is_from === true) changes(copy, scan, 'adds rows to');
  },
  /** Without ANALYZE nothing runs but what planning runs: functions with constant arguments. */
  ExplainStmt: ({ query, options }, scan, walk) => {
    if (isOn(options, 'analyze')) return false;
    const branch = scan.branch();
    walk(query as Tree, branch);
    if (branch.kind === 'unknown') scan.take(branch);
    else scan.takeNames(branch);
    return true;
  },
};

function target({ relation }: Tree): string {
  return written(relationOf(relation as Tree));
}

function changes(statement: Tree, scan: Scan, what: string, destructive = false): void {
  const relation = relationOf(statement.relation as Tree);
  scan.object(relation);
  scan.written.push(relation);
  scan.add('write', `${what} ${written(relation)}`, destructive);
}

/** Columns that must equal a constant or a parameter for a row to be met: `id = 1 AND …`. */
function equalColumns(where: Tree | undefined): Set<string> {
  const { BoolExpr, A_Expr } = (where ?? {}) as { readonly BoolExpr?: Tree; readonly A_Expr?: Tree };
  if (BoolExpr?.boolop === 'AND_EXPR') return new Set((BoolExpr.args as readonly Tree[]).flatMap((part) => [...equalColumns(part)]));
  if (A_Expr?.kind !== 'AEXPR_OP') return new Set();
  const names = A_Expr.name as readonly unknown[];
  if (names.length !== 1 || textOf(names[0]) !== '=') return new Set();
  const sides = [A_Expr.lexpr, A_Expr.rexpr] as readonly Readonly<Record<'ColumnRef' | 'A_Const' | 'ParamRef', Tree | undefined>>[];
  const column = sides.find((side) => side.ColumnRef !== undefined)?.ColumnRef;
  const value = sides.find((side) => side.A_Const !== undefined || side.ParamRef !== undefined);
  const name = textOf((column?.fields as readonly unknown[] | undefined)?.at(-1));
  return new Set(name !== undefined && value !== undefined ? [name] : []);
}
