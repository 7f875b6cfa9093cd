/**
 * Characters that are not seen, or that change the order in which others are: controls, formats (bidirectional ones, zero-width
 * ones), separators and blanks that are no plain space, fillers, variation selectors, and halves of characters.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\u{e0100}-\u{e01ef}]/gu;

/** A text of one line in which nothing is hidden: `<U+202E>` for what would not be seen. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (character) => `<U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}>`);
}

/** The same in a JSON document, which stays the same document: its own escapes. */
export function visibleJson(document: string): string {
  return document.replace(UNSEEN, (character) => (character === '\n' ? character
    : [...Array(character.length).keys()].map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')));
}
