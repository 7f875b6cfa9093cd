/** A routine of the database's own, as far as it decides what a call of it does. */
export interface Routine {
  readonly name: string;
  /** Everything about it, its body included. */
  readonly text: string;
}

/**
 * The routines that some texts may call, directly or through others: those whose name appears as a word in them. Where a text can
 * make up names, by EXECUTE or by escapes, that is all of them. One too many costs a new rehearsal when somebody alters it.
 */
export function mentioned(texts: readonly string[], routines: readonly Routine[]): Routine[] {
  const found = new Set<Routine>();
  const queue = [...texts];
  for (let text = queue.pop(); text !== undefined; text = queue.pop()) {
    const everything = /\bEXECUTE\b|U&"/i.test(text);
    const words = new Set(text.toLowerCase().match(/[\p{L}\p{N}_$]+/gu));
    for (const routine of routines) {
      if (found.has(routine) || !(everything || named(routine.name, words, text))) continue;
      found.add(routine);
      queue.push(routine.text);
    }
  }
  return routines.filter((routine) => found.has(routine));
}

function named(name: string, words: ReadonlySet<string>, text: string): boolean {
  return words.has(name.toLowerCase()) || (/[^\p{L}\p{N}_$]/u.test(name) && text.includes(name));
}
