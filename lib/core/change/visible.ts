/** Characters that show nothing, reorder what is around them, or look like a blank or a line break that PostgreSQL does not take for one. */
const HIDDEN = /(?![\n\t ])[\p{Cc}\p{Cf}\p{Zs}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}\u115F\u1160\u3164\uFFA0\u034F\u17B4\u17B5\u180B-\u180F\uFE00-\uFE0F]|[\u{E0100}-\u{E01EF}]/gu;

/**
 * Text as it can be shown to somebody who has to judge it: whatever is invisible or turns the order around appears as its code
 * point, `<U+202E>`. It cannot move the cursor or colour a terminal either.
 */
export function visible(text: string): string {
  return text.replaceAll(HIDDEN, (character) => `<U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}>`);
}

/** JSON in which nothing hides either: whatever `visible` writes out is an escape there, and means the same. */
export function visibleJson(json: string): string {
  const unit = (code: number) => `\\u${code.toString(16).padStart(4, '0')}`;
  return json.replaceAll(HIDDEN, (character) => Array.from({ length: character.length }, (_, at) => unit(character.charCodeAt(at))).join(''));
}

/** Letters that look like others: words of the text in which ASCII letters are mixed with those of another alphabet. */
export function mixedWords(text: string): string[] {
  const words = text.match(/[\p{L}\p{M}\p{N}_$]+/gu) ?? [];
  return [...new Set(words.filter((word) => /[A-Za-z]/.test(word) && /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]|[\uFF21-\uFF5A]/u.test(word)))];
}
