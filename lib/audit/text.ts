import type { Text } from './model';

/**
 * Strings of which a part is only known when it is deployed. Such a part is a symbol, written between two characters that no
 * template may contain (the reader refuses one that does), so that nobody can forge it.
 */
const [OPEN, CLOSE] = ['\uE000', '\uE001'];

/** A character of these in a template is refused by whoever reads it. */
export const RESERVED_CHARACTERS = /[\uE000\uE001]/;

/** What one attribute of one resource of the assembly will be: the same wherever it is named, and equal to nothing else. */
export const generated = (resource: string, attribute: string): Text => symbol(`g:${resource}.${attribute}`);

/** A pseudo parameter, e.g. `AWS::AccountId`. `scope` tells stacks of different known environments apart. */
export const pseudo = (name: string, scope = ''): Text => symbol(`p:${name}${scope && `@${scope}`}`);

/** Anything at all. The same `why` is the same value: one parameter, one import. */
export const unknown = (why: string): Text => symbol(`u:${why}`);

export const isSymbolic = (text: Text): boolean => text.includes(OPEN);
export const hasUnknown = (text: Text): boolean => text.includes(`${OPEN}u:`);

/** For people: `${Stack.Production.Arn}`, `${AWS::Region}`, `<parameter Key>`. */
export function readable(text: Text): string {
  return text.replace(SYMBOL, (_, kind: string, name: string) => (kind === 'u' ? `<${name}>` : `\${${name}}`));
}

/** The parts of a text: literal characters and symbols, in order. */
export function parts(text: Text): readonly string[] {
  if (!isSymbolic(text)) return text === '' ? [] : [text];
  return text.split(/(\uE000[^\uE001]*\uE001)/).filter((part) => part !== '');
}

const SYMBOL = /\uE000([gpu]):([^\uE001]*)\uE001/g;
const symbol = (name: string): Text => `${OPEN}${name.replaceAll(OPEN, '').replaceAll(CLOSE, '')}${CLOSE}`;
