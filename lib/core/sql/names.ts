import { quoteIdentifier } from '../identifier';
import type { Tree } from './parser';
import type { Name } from './types';

/** The text of a String node. */
export function textOf(node: unknown): string | undefined {
  return (node as { readonly String?: { readonly sval?: string } } | undefined)?.String?.sval;
}

/** A name that the parser has as a list of strings: `pg_catalog.lower`. */
export function nameOf(list: unknown): Name {
  if (!Array.isArray(list)) return { schema: undefined, name: textOf(list) ?? '' };
  const last = list.length - 1;
  return { schema: last > 0 ? textOf(list[last - 1]) ?? '' : undefined, name: textOf(list[last]) ?? '' };
}

/** A name that the parser has as the name of a relation. */
export function relationOf({ schemaname, relname }: Tree): Name {
  return { schema: schemaname as string | undefined, name: relname as string };
}

const PLAIN = /^[a-z_][a-z0-9_$]*$/;

/** As SQL writes it: quoted where that matters. */
export function written({ schema, name }: Name): string {
  return schema === undefined ? part(name) : `${part(schema)}.${part(name)}`;
}

function part(name: string): string {
  return PLAIN.test(name) ? name : quoteIdentifier(name);
}
