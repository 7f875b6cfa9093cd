import { ACTING } from './functions/acting';
import { COMPUTING } from './functions/computing';
import type { EffectFamily } from './functions/family';
import { LOOKING } from './functions/looking';

const split = (names: string) => names.trim().split(/\s+/);

/** Functions of PostgreSQL that only read, by name. */
export const READING: ReadonlySet<string> = new Set([...COMPUTING, ...LOOKING].flatMap(({ names }) => split(names)));

/** Functions that do more, by name. */
const EFFECTS: ReadonlyMap<string, EffectFamily> = new Map(ACTING.flatMap((family) => split(family.names).map((name) => [name, family] as const)));

/** Schemas of extensions whose functions all reach beyond the database. */
const OUTSIDE: ReadonlyMap<string, EffectFamily> = new Map(['aws_lambda', 'aws_s3', 'aws_ml', 'dblink'].map((schema) => [
  schema, { kind: 'external', because: 'reaches another service', names: '' },
]));

/** What is known to be more than reading about the functions of a name. */
export function effectOf(schema: string | undefined, name: string): EffectFamily | undefined {
  return EFFECTS.get(name) ?? (schema === undefined ? undefined : OUTSIDE.get(schema));
}
