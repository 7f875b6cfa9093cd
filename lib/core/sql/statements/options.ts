import { nameOf, relationOf, textOf, written } from '../names';
import type { Tree } from '../parser';
import type { Scan, Walk } from '../scan';

/** The value of an option in a list of DefElem: `true` for one without a value, `undefined` for one that is not there. */
export function option(list: unknown, name: string): unknown {
  const found = ((list ?? []) as readonly { readonly DefElem?: Tree }[]).filter(({ DefElem }) => DefElem?.defname === name);
  if (found.length === 0) return undefined;
  return found.at(-1)!.DefElem!.arg ?? true;
}

/** Whether an option may be on, in any of its occurrences: only what PostgreSQL takes for false is off. */
export function isOn(list: unknown, name: string): boolean {
  return ((list ?? []) as readonly { readonly DefElem?: Tree }[])
    .some(({ DefElem }) => DefElem?.defname === name && !isFalse(DefElem.arg as Tree | undefined));
}

function isFalse(value: Tree | undefined): boolean {
  if (value === undefined) return false;
  const text = textOf(value);
  if (text !== undefined) return /^(off|false|no|0)$/i.test(text);
  const { Integer, Boolean: bool } = value as { readonly Integer?: { readonly ival?: number }; readonly Boolean?: { readonly boolval?: boolean } };
  if (Integer !== undefined) return (Integer.ival ?? 0) === 0;
  return bool !== undefined && bool.boolval !== true;
}

/** The name of what a DROP, COMMENT or ALTER is about, whatever node holds it. */
export function objectOf(node: unknown): string {
  const { List, ObjectWithArgs, TypeName, RangeVar } = node as Readonly<Record<'List' | 'ObjectWithArgs' | 'TypeName' | 'RangeVar', Tree | undefined>>;
  if (RangeVar !== undefined) return written(relationOf(RangeVar));
  const { Integer, Float } = node as { readonly Integer?: { readonly ival?: number }; readonly Float?: { readonly fval?: string } };
  // The number of a large object.
  if (Integer !== undefined || Float !== undefined) return Float?.fval ?? String(Integer?.ival ?? 0);
  const list = List?.items ?? ObjectWithArgs?.objname ?? TypeName?.names ?? node;
  const parts = (Array.isArray(list) ? list as readonly unknown[] : [list]).map((part) => textOf(part) ?? objectOfPart(part));
  return parts.map((name) => written({ schema: undefined, name })).join('.');
}

function objectOfPart(part: unknown): string {
  const { TypeName } = (part ?? {}) as { readonly TypeName?: Tree };
  return TypeName === undefined ? '' : nameOf(TypeName.names).name;
}

/** Names what a definition is made of, and does nothing of it: it runs later, or for somebody else. */
export function mention(node: Tree, scan: Scan, walk: Walk): true {
  const branch = scan.branch();
  walk(node, branch);
  scan.objects.push(...branch.objects);
  return true;
}

/** `OBJECT_MATERIALIZED_VIEW` as people say it. */
export function thing(objectType: unknown): string {
  return String(objectType).replace(/^OBJECT_/, '').toLowerCase().replace('matview', 'materialized view').replaceAll('_', ' ');
}
