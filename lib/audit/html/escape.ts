import { printable } from '../printable';

/** Text of a template as HTML or as the value of an attribute: nothing in it can be taken for markup. */
export function escaped(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A name of a template in running text: whatever its script, it does not turn the words around it. */
export const named = (text: string): string => `<bdi>${escaped(text)}</bdi>`;
