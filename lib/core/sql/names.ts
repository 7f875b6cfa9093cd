import { quoteIdentifier } from '../identifier';
import type { Tree } from './parser';
import type { Name } from './types';

/** The text of a String node. */
export function textOf(node: unknown): string | undefined {
  return (node as { readonly String?: { readonly sval?: string } } | undefined)?.String?.sval;
}

/** A name that the parser has as a list of strings: `pg_catalog.lower`. */
export function nameOf(list: unknown): Name {
  const parts = (Array.isArray(list) ? list : [list]).map((node) => textOf(node) ?? '');
  return { schema: parts.length > 1 ? parts.at(-2) : undefined, name: parts.at(-1) ?? '' };
}

/** A name that the parser has as the name of a relation. */
export function relationOf({ schemaname, relname }: Tree): Name {
  return { schema: schemaname as string | undefined, name: relname as string };
}

const PLAIN = /^[a-z_][a-z0-9_$]*$/;

/** As SQL writes it: quoted where that matters. */
export function written({ schema, name }: Name): string {
  const one = (part: string) => (PLAIN.test(part) ? part : quoteIdentifier(part));
  return schema === undefined ? one(name) : `${one(schema)}.${one(name)}`;
}

/** The same name, the same text. */
export function keyOf({ schema, name }: Name): string {
  return `${schema ?? ''}\0${name}`;
}
