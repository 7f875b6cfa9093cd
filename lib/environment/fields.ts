import { z } from 'zod';
import { insteadOfKey } from './mistakes';

/*
 * The few kinds of field that environments are made of. The error text of every check is what to write instead, the
 * same for a missing value, a wrong type and a wrong value; `readEnvironments` adds where it is and what was seen.
 * `kind` is what the reference (ENVIRONMENTS.md) calls the type.
 */

/** An object with exactly these keys. Unknown keys get one line of text each. */
export function fields<Shape extends z.ZodRawShape>(shape: Shape, write?: string) {
  const known = Object.keys(shape);
  const whole =
    write ??
    (known.length === 0 ? 'an empty object, {}' : `an object with the keys ${known.join(', ')}, as far as they are needed`);
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? issue.keys.map((key) => insteadOfKey(key, known)).join('\n') : whole),
  });
}

/** Exactly one of the keys has a value. */
export type OneOf<T> = {
  [Key in keyof T]-?: { [Chosen in Key]-?: NonNullable<T[Key]> } & { [Other in Exclude<keyof T, Key>]?: undefined };
}[keyof T];

/** An object with exactly one of these keys. */
export function oneOf<Shape extends z.ZodRawShape>(shape: Shape) {
  const error = `an object with exactly one of ${Object.keys(shape).join(', ')}`;
  const schema = fields(shape, error).refine(
    (value) => Object.values(value).filter((chosen) => chosen !== undefined).length === 1,
    {
      error,
      // A misspelt key is one mistake, not two.
      when: (payload) =>
        alsoWhenFlawed(payload) && !payload.issues.some((issue) => issue.code === 'unrecognized_keys' && !issue.path?.length),
    },
  );
  return schema as z.ZodType<OneOf<z.output<typeof schema>>, OneOf<z.input<typeof schema>>>;
}

/** For `when` of a check on an object: so that it is made, and all mistakes are reported, when other fields have mistakes too. */
export function alsoWhenFlawed({ value }: { readonly value: unknown }): boolean {
  return typeof value === 'object' && value !== null;
}

/** A string with a grammar. `write` may depend on what was seen. */
export function text(kind: string, write: string | ((seen: string) => string), holds: (value: string) => boolean) {
  const error = (issue: { input?: unknown }) =>
    typeof write === 'string' ? write : write(typeof issue.input === 'string' ? issue.input : '');
  return z.string({ error }).refine(holds, { error }).meta({ kind });
}

/** A whole number. */
export function whole(minimum: number, maximum: number, of = '') {
  const error = `a whole number${of === '' ? '' : ` of ${of}`} from ${minimum} to ${maximum}`;
  return z
    .int({ error })
    .min(minimum, { error })
    .max(maximum, { error })
    .meta({ kind: `${minimum} to ${maximum}` });
}

/** `true` or `false`. */
export function flag() {
  return z.boolean({ error: 'true or false, without quotes' }).meta({ kind: 'true or false' });
}

/** One of a few literals. */
export function choice<const Values extends readonly (string | number)[]>(
  values: Values,
  write = `one of ${values.map((value) => JSON.stringify(value)).join(', ')}`,
) {
  return z.literal(values, { error: write }).meta({ kind: values.map((value) => JSON.stringify(value)).join(', ') });
}

/** A list; `example` is one in JSON. */
export function list<Item extends z.ZodType>(item: Item, example: string, minimum: 0 | 1 = 0) {
  const error = `a list ${minimum === 0 ? '' : 'with at least one item '}such as ${example}`;
  return z.array(item, { error }).min(minimum, { error });
}
