import type { z } from 'zod';
import { pathText, show, type Mistake, type Path } from './mistakes';

/**
 * An environment as it was written, of which some fields may be wrong. What depends on several fields is checked
 * wherever those are right, so that a person sees all mistakes at once.
 */
export interface Draft {
  readonly raw: unknown;
  /** The value of one field, or its default; `undefined` when it is wrong or left out. */
  look<Value>(schema: z.ZodType<Value>, ...path: Path): Value | undefined;
  /** The strings in a list, with their places. */
  strings(...path: Path): readonly { readonly value: string; readonly at: Path }[];
  /** One mistake if `when` is true, none otherwise. `seen` is what stands at `at`, unless it is told. */
  mistake(check: { readonly when: boolean; readonly at: Path; readonly seen?: string; readonly write: string }): Mistake[];
}

/** `root` is the path of the environment. */
export function draftOf(raw: unknown, root: Path): Draft {
  return {
    raw,
    look: (schema, ...path) => schema.safeParse(valueAt(raw, path)).data,
    strings: (...path) => {
      const values: unknown = valueAt(raw, path);
      if (!Array.isArray(values)) return [];
      return values.flatMap((value: unknown, i) => (typeof value === 'string' ? [{ value, at: [...path, i] }] : []));
    },
    mistake: ({ when, at, seen, write }) => {
      const path = [...root, ...at];
      return when ? [{ path: pathText(path), seen: seen ?? show(valueAt(raw, at), path), write }] : [];
    },
  };
}

/** What stands at a path of an unknown value; `undefined` where the path leads nowhere. Inherited properties are nothing. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (found, step) => (isObject(found) && Object.hasOwn(found, step) ? found[step] : undefined),
    value,
  );
}

/** Which databases the draft speaks of; both when it speaks, wrongly, of both. */
export function kinds(draft: Draft): ('existing' | 'create')[] {
  return (['existing', 'create'] as const).filter((kind) => isObject(valueAt(draft.raw, ['production', kind])));
}

function isObject(value: unknown): value is Record<string | number, unknown> {
  return typeof value === 'object' && value !== null;
}
