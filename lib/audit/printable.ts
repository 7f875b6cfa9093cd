import { readable } from './text';
import type { Text } from './model';

/**
 * Text of a template as it may be shown: symbols spelled out, and every character that could move the cursor of a terminal,
 * reverse the direction of a line or hide itself written as `\u{202e}`. A report must not be forged by the names in it.
 */
export function printable(text: Text): string {
  return readable(text).replace(DECEPTIVE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** Controls, line breaks included; formatting, which is where the bidirectional controls and zero widths are; lone surrogates. */
const DECEPTIVE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
