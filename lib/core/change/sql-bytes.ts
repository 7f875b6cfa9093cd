import { MAXIMUM_CHANGE_BYTES } from '../policy';

export type SqlText = { readonly do: 'read'; readonly text: string } | { readonly do: 'refuse'; readonly because: string };

/** The text of SQL that came as bytes, if every reader of it, people, parser and server, is sure to see the same. */
export function readSql(bytes: Uint8Array): SqlText {
  if (bytes.length > MAXIMUM_CHANGE_BYTES) {
    return refuse(`it is ${bytes.length} bytes long, and nobody reviews more than ${MAXIMUM_CHANGE_BYTES}; propose it in parts`);
  }
  const nul = bytes.indexOf(0);
  if (nul >= 0) return refuse(`byte ${nul + 1} is NUL, behind which a parser sees nothing; take it out`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return refuse(`it is not UTF-8 from byte ${firstInvalid(bytes) + 1} on; save it as UTF-8`);
  }
  if (text.startsWith('\uFEFF')) return refuse('it begins with a byte order mark, which PostgreSQL does not skip; save it as UTF-8 without one');
  if (text.trim() === '') return refuse('there is no statement in it');
  return { do: 'read', text };
}

function refuse(because: string): SqlText {
  return { do: 'refuse', because };
}

/** Where the longest part that is UTF-8 ends. */
function firstInvalid(bytes: Uint8Array): number {
  let [valid, invalid] = [0, bytes.length];
  const holds = (length: number) => {
    try {
      // Streaming: a character that is cut off at the end is not held against what is before it.
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length), { stream: true });
      return true;
    } catch {
      return false;
    }
  };
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    if (holds(middle)) valid = middle;
    else invalid = middle;
  }
  return valid;
}
